#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# Print the release of a supported kernel (a name in tests/vm/kernels), after making sure that modules can be
# built for it (its headers are installed) and, unless -b is given, that it can be booted (its image is unpacked
# under build/vm/RELEASE). The image package is only unpacked, never installed: what this machine boots is not ours.
#   kernel.sh [-b] NAME      one kernel
#   kernel.sh -l             the names of those that are tested without being asked for
set -euo pipefail
here=$(dirname "$(readlink -f "$0")")
cache=$(readlink -m "$here/../../build/vm")

die() { printf '%s\n' "$@" >&2; exit 1; }

boot=1
case ${1:-} in
-l) awk '!/^#/ && NF && $2 != "source" { print $1 }' "$here/kernels"; exit ;;
-b) boot=; shift ;;
esac
name=${1:?kernel.sh: which kernel?}
read -r _ image headers <<< "$(awk -v n="$name" '$1 == n' "$here/kernels")" || true
if [ "$image" = source ]; then
	# shellcheck disable=SC2086
	exec "$here/debug.sh" $headers
fi
[ -n "${headers:-}" ] || die "No kernel '$name' in tests/vm/kernels."

has_headers() { [ -e "/lib/modules/$1/build/Makefile" ]; }
has_image() { [ -e "$cache/$1/.complete" ]; }

# The newest release of this series that is completely here already, else the one the meta packages point at.
cached() {
	local r
	for r in $(ls "$cache" 2>/dev/null | sort -rV); do
		if [[ $r == "$name".* && $r != *-debug ]] && has_image "$r" && has_headers "$r"; then echo "$r"; return; fi
	done
	return 1
}

depends() { apt-cache depends "$1" 2>/dev/null | sed -n "s/.*Depends: $2\([0-9].*\)/\1/p" | head -n 1; }

resolve() {
	local release
	release=$(depends "$headers" linux-headers-)
	[ -n "$release" ] || return 1
	[ "$(depends "$image" linux-image-)" = "$release" ] || return 1
	echo "$release"
}

fetch_image() {
	local release=$1 dir=$cache/$1 deb apt=(apt-get -q -o APT::Sandbox::User=root)
	rm -rf "$dir" && mkdir -p "$dir/deb"
	echo "Fetching the image of Linux $release (unpacked under build/vm, not installed)" >&2
	(cd "$dir/deb" && "${apt[@]}" download "linux-image-$release" >log 2>&1) ||
		{ [ "$(id -u)" = 0 ] && apt-get -q update >/dev/null &&
			(cd "$dir/deb" && "${apt[@]}" download "linux-image-$release" >log 2>&1); } ||
		die "Cannot download linux-image-$release:" "$(cat "$dir/deb/log")"
	deb=$(ls "$dir"/deb/*.deb)
	# Only what a test needs: the drivers of real hardware are most of the package.
	dpkg-deb --fsys-tarfile "$deb" | tar -x -C "$dir" --wildcards \
		--exclude '*/kernel/drivers/[!bcnv]*' --exclude '*/kernel/drivers/net/ethernet/*' \
		--exclude '*/kernel/drivers/net/wireless/*' --exclude '*/kernel/sound/*' --exclude '*/kernel/drivers/bluetooth/*' \
		'./boot/vmlinuz-*' './*lib/modules/*'
	[ -d "$dir/lib" ] || mv "$dir/usr/lib" "$dir/lib"
	depmod -b "$dir" "$release"
	rm -rf "$dir/deb"
	touch "$dir/.complete"
}

if ! release=$(cached); then
	[ "${NEED:-}" != skip ] || die "Linux $name is not prepared under build/vm and NEED=skip forbids to fetch it."
	command -v apt-cache >/dev/null || "$here/need.sh" -p "$headers"
	if ! release=$(resolve); then
		[ "$(id -u)" = 0 ] || die "apt does not know $headers and $image; as root: apt-get update"
		apt-get -q update >/dev/null
		release=$(resolve) || die "No pair of $image and $headers of the same release in this machine's apt sources."
	fi
	has_headers "$release" || "$here/need.sh" -p "linux-headers-$release"
	if [ -n "$boot" ] && ! has_image "$release"; then fetch_image "$release"; fi
fi
echo "$release"
