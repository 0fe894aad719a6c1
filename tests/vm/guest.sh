#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# PID 1 of the guest: finish the mounts, lay the modules under test over the kernel's own, run the command with its
# output on the second serial port, report its status there as the very last step, power off.
set -u
export PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin HOME=/root TERM=dumb LC_ALL=C
export OUT=/out TREE=/run/tree

mkdir -p /dev/pts /dev/shm
mount -t devpts devpts /dev/pts
for d in /dev/shm /run /tmp; do mount -t tmpfs tmpfs $d; done
chmod 1777 /tmp /dev/shm
mount -t tracefs tracefs /sys/kernel/tracing 2>/dev/null
mount -t debugfs debugfs /sys/kernel/debug 2>/dev/null
[ -e /dev/fd ] || ln -s /proc/self/fd /dev/fd
mkdir -p /run/lock /run/netns /var/lib/nginx /var/log/nginx
ip link set lo up
# shellcheck source=/dev/null
. $OUT/.command

# What tests use of the tree, in memory: each file opened on a share costs several exchanges with the host. And so the
# tree may change while they run.
mkdir -p $TREE/build/tests
cp -r /tree/tests $TREE/
for d in bin lib; do [ ! -d /tree/build/$d ] || cp -r /tree/build/$d $TREE/build/; done
find /tree/build/tests -maxdepth 1 -type f -perm -1 -exec cp -t $TREE/build/tests {} + 2>/dev/null
ln -s /tree/build/vm $TREE/build/

# The kernel's own modules, writable, so that updates/ and depmod have a place.
mkdir -p "/run/modules/upper" /run/modules/work "/lib/modules/$RELEASE"
mount -t overlay -o "lowerdir=$TREE/build/vm/$RELEASE/lib/modules/$RELEASE,upperdir=/run/modules/upper,workdir=/run/modules/work" \
	modules "/lib/modules/$RELEASE"
. $TREE/tests/lib/modules.bash
modules_use "$MODULES"
cd /root || exit

if [ -z "${command+set}" ]; then
	echo
	echo "Linux $(uname -r) with $MODULES IPVS modules; tree at $TREE; 'exit' throws this machine away."
	setsid -c bash --rcfile "$TREE/tests/vm/shell.bashrc" -i </dev/ttyS0 >/dev/ttyS0 2>&1
else
	stty -F /dev/ttyS1 raw -echo
	"${command[@]}" >/dev/ttyS1 2>&1 </dev/null
	status=$?
	dmesg > $OUT/dmesg
	sync
	echo "guest: status $status" > /dev/ttyS1
	stty -F /dev/ttyS1 sane	# waits until the port has sent everything
fi
echo o > /proc/sysrq-trigger
sleep 60
