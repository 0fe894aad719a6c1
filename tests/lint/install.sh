#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# `make install DESTDIR=...` puts every program, library, page and module that was built where it belongs, nothing of it
# names the directory of the package, and `make uninstall` takes all of it away again.
set -euo pipefail
cd "$(dirname "$0")/../.."
dest=$(mktemp -d)
trap 'rm -rf "$dest"' EXIT

# Any kernel whose modules can be built here; without one the rest is installed alone.
release=none
for dir in build/*/ip_vs.ko; do
	r=$(basename "$(dirname "$dir")")
	if [ -e "/lib/modules/$r/build/Makefile" ]; then release=$r; fi
done

expected() {
	local f
	for f in ipvsadm ipvsadm-save ipvsadm-restore; do echo "usr/sbin/$f"; done
	for f in libipvs.a libipvs.so pkgconfig/libipvs.pc; do echo "usr/lib/$f"; done
	for f in ipvs.h libipvs.h ipvs_model.h; do echo "usr/include/ipvs/$f"; done
	for f in man/*.[1-9]; do echo "usr/share/man/man${f##*.}/${f#man/}"; done
	[ "$release" = none ] || for f in "build/$release"/*.ko; do echo "lib/modules/$release/updates/${f##*/}"; done
}

run() {	# GOAL
	make -s "$1" DESTDIR="$dest" PREFIX=/usr KVER="$release" > "$dest.log" 2>&1 || { cat "$dest.log"; exit 1; }
	rm -f "$dest.log"
}

bad=0
complain() { echo "install.sh: $1"; bad=1; }
run install
while read -r f; do
	[ -e "$dest/$f" ] || complain "make install does not install $f"
done < <(expected)
! grep -rlI "$dest" "$dest" || complain "these name the directory of the package"
run uninstall
find "$dest" ! -type d | grep . && complain "make uninstall leaves these"
exit $bad
