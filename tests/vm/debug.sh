#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# Build the debug kernel from the distribution's kernel source, once, and print its release. Everything is under
# build/vm: the source, what was built of it (modules are built against it), and the image like those of other kernels.
# Takes half an hour of two processors and 3 GB.
#   debug.sh PACKAGE CONFIG      as linux-source-6.12 and debug.config
set -euo pipefail
here=$(dirname "$(readlink -f "$0")")
cache=$(readlink -m "$here/../../build/vm")
package=$1 config=$here/$2
source=$cache/$package obj=$cache/$package-debug

die() { printf '%s\n' "$@" >&2; exit 1; }

# IPVS itself is left out: only its options are needed, for what they change in structures of others.
unpack() {
	local work=$cache/$package.new apt=(apt-get -q -o APT::Sandbox::User=root)
	rm -rf "$work" && mkdir -p "$work"
	(cd "$work" && "${apt[@]}" download "$package" > log 2>&1) || die "Cannot download $package:" "$(cat "$work/log")"
	dpkg-deb --fsys-tarfile "$work"/*.deb | tar -x -C "$work" --wildcards --strip-components 3 './usr/src/*.tar.xz'
	tar -xf "$work/$package.tar.xz" -C "$work" --exclude '*/net/netfilter/ipvs/*.[ch]' --exclude '*/include/net/ip_vs.h' \
		--exclude '*/Documentation/[!K]*' --exclude '*/tools/testing'
	rm -f "$work"/*.deb "$work"/*.tar.xz "$work/log"
	mv "$work/$package" "$source"
	rmdir "$work"
}

# Only what debug.config names is on. A line of it that the source does not honour is an error.
configure() {
	local missing
	mkdir -p "$obj"
	make -s -C "$source" O="$obj" KCONFIG_ALLCONFIG="$config" allnoconfig > "$obj/log" 2>&1 || die "$(tail -n 20 "$obj/log")"
	missing=$(grep '^CONFIG' "$config" | grep -vxFf "$obj/.config") || true
	[ -z "$missing" ] || die "debug.sh: this source has no such options, or they need others:" "$missing"
	cp "$config" "$obj/.used"
}

build() {
	make -s -j"$(nproc)" -C "$source" O="$obj" bzImage modules_prepare > "$obj/log" 2>&1 || die "$(tail -n 40 "$obj/log")"
	cp "$obj/vmlinux.symvers" "$obj/Module.symvers"		# all that there is: there are no modules
}

# The same files as of a kernel from a package. Its modules are none.
publish() {
	local release dir
	release=$(cat "$obj/include/config/kernel.release")
	dir=$cache/$release
	rm -rf "$dir" && mkdir -p "$dir/boot" "$dir/lib/modules/$release/kernel"
	cp "$obj/arch/x86/boot/bzImage" "$dir/boot/vmlinuz-$release"
	cp "$obj"/modules.builtin{,.modinfo} "$dir/lib/modules/$release/"
	: > "$dir/lib/modules/$release/modules.order"
	ln -s "../$package-debug" "$dir/build"
	depmod -b "$dir" "$release"
	touch "$dir/.complete"
	echo "$release"
}

if cmp -s "$config" "$obj/.used"; then
	release=$(cat "$obj/include/config/kernel.release" 2>/dev/null) || release=none
	if [ -e "$cache/$release/.complete" ]; then
		echo "$release"
		exit
	fi
fi
[ "${NEED:-}" != skip ] || die "The debug kernel is not prepared under build/vm and NEED=skip forbids to build it."
"$here/need.sh" kernel
echo "Building the debug kernel from $package under build/vm; this takes a while" >&2
[ -d "$source" ] || unpack
configure
build
publish
