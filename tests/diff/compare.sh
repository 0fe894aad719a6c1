#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# Compare what a scenario printed with what it printed on the kernel's own modules with Debian's ipvsadm.
#   compare.sh REFERENCE FILE SCENARIO MODULES-IPVSADM
# Differences that are wanted stand in the file "waivers", each with its reason; prints all others and fails.
set -euo pipefail
here=$(dirname "$(readlink -f "$0")")

# The sed commands of the waivers for this scenario and these programs. They are applied to both texts, so a waiver can
# only hide something, never invent it.
script=$(awk -F '\t' -v s="$3" -v m="$4@$RELEASE" '!/^#/ && NF >= 4 {
	if (s ~ "^(" $1 ")$" && m ~ "^(" $2 ")(@|$)") print $3 }' "$here/waivers")
apply() { sed -E "$script" "$1"; }
[ -s "$1" ] && ! grep '^# the scenario ended' "$1" || { echo "the reference is not complete"; exit 1; }
diff -U1 --label "stock modules, Debian's ipvsadm" --label "$4" <(apply "$1") <(apply "$2")
