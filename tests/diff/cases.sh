#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# In the guest: run recorded cases of ipvsadm (cases/NAME.cmd) with the modules that are in place.
#   cases.sh OUTDIR IPVSADM [PATTERN]      writes OUTDIR/NAME.out; PATTERN is an extended regular expression for names
#
# Each case gets a network namespace (an empty table, no connection, only lo, which is up) and a mount namespace, in
# which fixtures/etc/* stand for the files of the same name in /etc, so that names do not depend on the machine, and
# IPVSADM and the wrappers beside it for those of the system. The environment is PATH, HOME, LC_ALL=C, FX and WORK.
# A case with the line '#@ host' runs outside of these namespaces, and alone: it unloads modules.
set -euo pipefail
here=$(dirname "$(readlink -f "$0")")
if [ "${1:-}" = --one ]; then	# --one NAME OUTDIR IPVSADM
	name=$2 out=$3 bin=$4
	WORK=$(mktemp -d)
	mkdir "$WORK/bin"
	for p in ipvsadm ipvsadm-save ipvsadm-restore; do ln -s "$(dirname "$bin")/$p" "$WORK/bin/$p"; done
	for f in "$here"/fixtures/etc/*; do mount --bind "$f" "/etc/${f##*/}"; done
	for p in ipvsadm ipvsadm-save ipvsadm-restore; do
		[ "$(dirname "$bin")/$p" -ef "/sbin/$p" ] || mount --bind "$(dirname "$bin")/$p" "/sbin/$p"
	done
	grep -q '^#@ host' "$here/cases/$name.cmd" || ip link set lo up
	env -i PATH="$WORK/bin:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin" HOME=/ LC_ALL=C \
		TMPD="$WORK" WORK="$WORK" FX="$here/fixtures" \
		timeout 120 bash "$here/case.sh" "$here/cases/$name.cmd" > "$out/$name.out" 2>&1 </dev/null || echo "# status $?" >> "$out/$name.out"
	rm -rf "$WORK"
	exit
fi

out=$1 bin=$(readlink -f "$2") pattern=${3:-.}
mkdir -p "$out"
names() { local f; for f in "$here"/cases/*.cmd; do basename "$f" .cmd; done | grep -E "$pattern"; }
one() { unshare -m --propagation private "$@"; }
run=(bash "$(readlink -f "$0")" --one)
mapfile -t host < <(cd "$here/cases" && grep -l '^#@ host' ./*.cmd | sed 's/^..//; s/\.cmd$//')
is_host() { printf '%s\n' "${host[@]}" | grep -qx -- "$1"; }
mapfile -t all < <(names)
for n in "${all[@]}"; do is_host "$n" || echo "$n"; done |
	xargs -r -P "$(nproc)" -I{} unshare -n -m --propagation private "${run[@]}" {} "$out" "$bin"
for n in "${all[@]}"; do
	if is_host "$n"; then one "${run[@]}" "$n" "$out" "$bin"; fi
done
