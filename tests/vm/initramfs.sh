#!/bin/busybox sh
# SPDX-License-Identifier: GPL-2.0-only
# First program of the guest: mount the root share under an overlay and hand over to guest.sh.
B=/bin/busybox
$B mkdir -p /proc /sys /dev /ro /rw /new
$B mount -t proc proc /proc
$B mount -t sysfs sys /sys
$B mount -t devtmpfs dev /dev
for m in /modules/*.ko; do $B insmod "$m" 2>/dev/null; done
opts=trans=virtio,version=9p2000.L,msize=262144
fail() { echo "initramfs: $1"; $B poweroff -f; }
$B mount -t 9p -o ro,cache=loose,$opts root /ro || fail 'no root share'
$B mount -t tmpfs -o size=80% tmpfs /rw
$B mkdir /rw/upper /rw/work
$B mount -t overlay -o lowerdir=/ro,upperdir=/rw/upper,workdir=/rw/work overlay /new || fail 'no overlay'
for d in proc sys dev; do $B mount -o move /$d /new/$d; done
$B mkdir -p /new/tree /new/out
$B mount -t 9p -o ro,cache=loose,$opts tree /new/tree || fail 'no tree share'
$B mount -t 9p -o $opts out /new/out || fail 'no out share'
exec $B switch_root /new /bin/bash /tree/tests/vm/guest.sh
