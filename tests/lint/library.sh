#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# What libipvs exports is what its headers declare and its manual page explains; the headers suit C++ and stand alone;
# the page's example compiles and the page is clean.
set -euo pipefail
cd "$(dirname "$0")/../.."
bad=0
complain() { echo "$1"; bad=1; }
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
page=man/libipvs.3
flags=(-Ilibipvs -Ikernel/uapi)

exported() { sed -nE 's/^\t([a-z_0-9]+);$/\1/p' libipvs/libipvs.map | sort; }
declared() { cat libipvs/ipvs.h libipvs/libipvs.h | grep -v '^ \*' | grep -oE '\<ipvs_[a-z_]+\(|^extern .*\<ipvs_[a-z_]+;' | grep -oE 'ipvs_[a-z_]+[(;]' | tr -d '(;' | sort -u; }
explained() { sed -nE 's/^\.(Fn|Va) (ipvs_[a-z_]+).*/\2/p' "$page" | sort -u; }

[ "$(exported | wc -l)" -gt 40 ] || complain "libipvs.map: no names found, has its form changed?"
for name in $(comm -3 <(exported) <(declared)); do
	complain "$name: must stand both in libipvs/libipvs.map and in libipvs/ipvs.h or libipvs.h"
done
for name in $(comm -3 <(exported) <(explained)); do
	complain "$name: must stand both in libipvs/libipvs.map and in $page (.Fn)"
done
if [ -e build/lib/libipvs.so.1 ]; then
	for name in $(comm -3 <(exported) <(nm -D --defined-only build/lib/libipvs.so.1 | awk '$2 != "A" { sub(/@.*/, "", $3); print $3 }' | sort)); do
		complain "$name: in libipvs/libipvs.map or in build/lib/libipvs.so.1, but not in both"
	done
fi

for header in ipvs.h libipvs.h; do
	printf '#include <%s>\n' $header > "$work/one.c"
	clang -x c -std=c11 -Wall -Wextra -Wpedantic -Werror -fsyntax-only "${flags[@]}" "$work/one.c" 2>&1 ||
		complain "libipvs/$header: does not compile alone"
	clang -x c++ -Wall -Wextra -Werror -fsyntax-only "${flags[@]}" "$work/one.c" 2>&1 ||
		complain "libipvs/$header: does not compile as C++"
done

sed -n '/^#include <stdio.h>/,/^\.Ed/{/^\.Ed/d;p}' "$page" | sed 's/\\e/\\/g' > "$work/example.c"
gcc -std=gnu11 -Wall -Wextra -Werror -fsyntax-only "${flags[@]}" "$work/example.c" 2>&1 ||
	complain "$page: the example does not compile"
# which pages are installed on this machine is not the page's fault
! mandoc -Tlint "$page" 2>&1 | grep -v -e 'referenced manual not found' -e 'outdated mandoc.db' || complain "$page: see above"
exit $bad
