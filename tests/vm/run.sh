#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# Boot a kernel in qemu and run a command in it as root. The guest has this machine's root file system, read-only
# under a tmpfs overlay, so all programs are there and nothing in it can be harmed; no network; the project's tree at
# /tree; and $OUT, a directory that outlives it.
#
#   run.sh [-k RELEASE] [-M ours|stock] [-c CPUS] [-m MEMORY] [-t SECONDS] [-o OUTDIR] [-i] COMMAND [ARG...]
#   run.sh [-k RELEASE] [-M ours|stock] -s                  a shell on this terminal instead of a command
#
#   -k   kernel release, prepared by kernel.sh
#   -M   which IPVS modules: those in build/RELEASE laid over the kernel's own (default), or the kernel's own
#   -i   count instructions: one CPU, one nanosecond of guest time is one instruction
#
# The command's output comes out on a second serial port; the first one is the kernel's and goes to OUTDIR/console.
# The guest is emulated, which works everywhere, its CPUs by turns in one thread: with a thread for each, a CPU can
# still run code that another has just patched (a trap of a static key that nobody claims any more, so a panic), and
# two guests on two host CPUs took three times as long. ACCEL=threads does it nevertheless, for races that only show
# then; ACCEL=kvm uses the machine's virtualisation.
# The status is the command's, and only if the guest's last step reported it: a hang or a panic is status 124 or 125.
set -euo pipefail
here=$(dirname "$(readlink -f "$0")")
tree=$(readlink -f "$here/../..")

release='' modules=ours cpus=2 memory='' limit='' out='' icount='' shell=''
while getopts k:M:c:m:t:o:is o; do
	case $o in
	k) release=$OPTARG ;; M) modules=$OPTARG ;; c) cpus=$OPTARG ;; m) memory=$OPTARG ;; t) limit=$OPTARG ;;
	o) out=$OPTARG ;; i) icount=1 cpus=1 ;; s) shell=1 ;; *) exit 2 ;;
	esac
done
shift $((OPTIND - 1))
[ -n "$release" ] || release=$("$here/kernel.sh" 6.1)
kernel=$tree/build/vm/$release
case $release in
*-debug) : "${memory:=4G}" "${limit:=21600}" ;;	# its checks take room, and several times as long
*) : "${memory:=2G}" "${limit:=4500}" ;;
esac
if [ "$modules" = ours ] && [ ! -e "$tree/build/$release/ip_vs.ko" ]; then
	echo "run.sh: no modules in build/$release; first: make modules KVER=$release" >&2
	exit 2
fi

# The initramfs only finds the root share; everything else is guest.sh's.
initrd=$kernel/initrd.gz
if [ ! "$initrd" -nt "$here/initramfs.sh" ]; then
	dir=$(mktemp -d)
	mkdir -p "$dir"/{bin,modules}
	cp "$(command -v busybox)" "$dir/bin/busybox"
	install -m 755 "$here/initramfs.sh" "$dir/init"
	n=10
	for m in virtio_pci 9pnet_virtio 9p overlay; do
		modprobe -d "$kernel" -S "$release" --show-depends "$m" 2>/dev/null || true
	done | awk '$1 == "insmod" && !seen[$2]++ { print $2 }' | while read -r ko; do
		n=$((n + 1))
		name=$(basename "$ko")
		case $ko in
		*.xz) xz -dc "$ko" > "$dir/modules/$n-${name%.xz}" ;;
		*) cp "$ko" "$dir/modules/$n-$name" ;;
		esac
	done
	(cd "$dir" && find . | cpio --quiet -o -H newc | gzip -1) > "$initrd.$$"
	mv "$initrd.$$" "$initrd"
	rm -rf "$dir"
fi

keep=$out
if [ -z "$out" ]; then out=$(mktemp -d "${TMPDIR:-/tmp}/vm.XXXXXX"); fi
out=$(readlink -m "$out")
mkdir -p "$out"
finish() { [ -n "$keep" ] || rm -rf "$out"; }
trap finish EXIT

# Our modules and the indexes that make modprobe find them; depmod is slow in an emulated machine.
if [ -e "$tree/build/$release/ip_vs.ko" ]; then
	stage=$out/.modules/lib/modules/$release
	rm -rf "$out/.modules"
	mkdir -p "$stage/updates"
	cp "$tree/build/$release"/*.ko "$stage/updates/"
	ln -s "$kernel/lib/modules/$release/kernel" "$stage/kernel"
	cp "$kernel/lib/modules/$release"/modules.{order,builtin,builtin.modinfo} "$stage/"
	depmod -b "$out/.modules" "$release"
	rm "$stage/kernel"
fi

# What the guest is to do. Variables that choose what is tested travel with the command.
{
	for v in IPVSADM EXPECT_ALL VERBOSE STORM_SEED STORM_SECONDS NOISE_SEED NOISE_PACKETS; do [ -z "${!v:-}" ] || printf 'export %s=%q\n' "$v" "${!v}"; done
	printf 'export RELEASE=%q MODULES=%q\n' "$release" "$modules"
	[ -n "$shell" ] || printf 'command=('
	[ -n "$shell" ] || printf '%q ' "$@"
	[ -n "$shell" ] || printf ')\n'
} > "$out/.command"

if [ -n "$icount" ]; then
	accel=(-accel 'tcg' -icount 'shift=0,sleep=off')
else
	case ${ACCEL:-} in
	kvm) accel=(-accel kvm) ;;
	threads) accel=(-accel 'tcg,thread=multi') ;;
	*) accel=(-accel 'tcg,thread=single') ;;
	esac
fi
share() { echo "local,path=$1,mount_tag=$2,security_model=none,multidevs=remap$3"; }
qemu=(qemu-system-x86_64 -machine q35 "${accel[@]}" -cpu Nehalem -smp "$cpus" -m "$memory"
	-kernel "$kernel/boot/vmlinuz-$release" -initrd "$initrd"
	-display none -monitor none -no-reboot -nic none
	-virtfs "$(share / root ,readonly=on)" -virtfs "$(share "$tree" tree ,readonly=on)"
	-virtfs "$(share "$out" out '')")
# norandmaps: at addresses that never change, the emulator need not translate a program anew each time it starts.
append="console=ttyS0 quiet oops=panic panic=-1 panic_on_warn=0 mitigations=off no_timer_check norandmaps"

if [ -n "$shell" ]; then
	"${qemu[@]}" -append "$append" -serial mon:stdio -serial null
	exit
fi

rc=0
rm -f "$out/verdict"
timeout --foreground "$limit" "${qemu[@]}" -append "$append" \
	-serial "file:$out/console" -serial stdio </dev/null 2>"$out/qemu" |
	sed -u -e 's/\r$//' -e "/^guest: status /{w $out/verdict
		d}" || rc=$?
if grep -qx 'guest: status [0-9]*' "$out/verdict" 2>/dev/null; then
	exit "$(sed -n 's/^guest: status //p' "$out/verdict" | tail -n 1)"
fi
{
	if [ "$rc" = 124 ]; then echo "run.sh: the guest did not finish within $limit s"
	else echo "run.sh: the guest died before its last step"; fi
	cat "$out/qemu"
	echo "--- last lines of its console:"
	tail -n 60 "$out/console" | sed 's/\x1b\[[0-9;?]*[a-zA-Z]//g; s/\r//g'
} >&2
if [ "$rc" = 124 ]; then exit 124; fi
exit 125
