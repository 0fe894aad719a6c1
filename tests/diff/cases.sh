#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# In the guest: run recorded cases of ipvsadm (cases/NAME.cmd) with the modules that are in place.
#   cases.sh OUTDIR IPVSADM [PATTERN [PART PARTS]]      writes OUTDIR/NAME.out
# PATTERN is an extended regular expression for names; of those, every PARTS-th is run, from the PART-th (from 1) on.
#
# Each case gets a network namespace (an empty table, no connection, only lo, which is up) and a mount namespace, in
# which fixtures/etc/* stand for the files of the same name in /etc, so that names do not depend on the machine, and
# IPVSADM and the wrappers beside it for those of the system. The environment is PATH, HOME, LC_ALL=C, FX, BIN (where they
# are), WORK and TMPD (a directory of the case's own).
# A case with the line '#@ host' runs in the network of the guest, and alone: it unloads modules.
set -euo pipefail
here=$(dirname "$(readlink -f "$0")")
out=$(readlink -m "$1") bin=$(readlink -f "$2") pattern=${3:-.} part=${4:-1} parts=${5:-1}

if [ -z "${WORK:-}" ]; then	# once more, with nothing but what cases may see
	WORK=$(mktemp -d)
	mkdir -p "$out" "$WORK/bin"
	for p in ipvsadm ipvsadm-save ipvsadm-restore; do ln -s "${bin%/*}/$p" "$WORK/bin/$p"; done
	unshare -m --propagation private env -i PATH="$WORK/bin:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin" \
		HOME=/ LC_ALL=C WORK="$WORK" BIN="$WORK/bin" FX="$here/fixtures" bash "$here/cases.sh" "$out" "$bin" "$pattern" "$part" "$parts"
	rm -rf "$WORK"
	exit
fi

for f in "$here"/fixtures/etc/*; do mount --bind "$f" "/etc/${f##*/}"; done
for p in ipvsadm ipvsadm-save ipvsadm-restore; do
	[ "${bin%/*}/$p" -ef "/sbin/$p" ] || mount --bind "${bin%/*}/$p" "/sbin/$p"
done
cd "$here/cases"
mapfile -t names < <(printf '%s\n' *.cmd | sed 's/\.cmd$//' | grep -E "$pattern" | awk -v part="$part" -v parts="$parts" 'NR % parts == part % parts')
mapfile -t host < <(grep -l '^#@ host' -- "${names[@]/%/.cmd}" | sed 's/\.cmd$//')
cd /
printf '%s\n' "${names[@]}" | grep -vxF -f <(printf '%s\n' "${host[@]:--}") |
	xargs -r -P "$(nproc)" -I{} timeout 120 unshare -n -m --propagation private bash "$here/case.sh" {} "$out"
for n in "${host[@]}"; do timeout 120 unshare -m --propagation private bash "$here/case.sh" "$n" "$out"; done
