#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# In the guest: run the scenarios four ways, the kernel's own modules or ours, driven by Debian's ipvsadm or ours.
#   four.sh OUTDIR [PATTERN]         writes OUTDIR/MODULES-IPVSADM/SCENARIO for each of stock, ours and debian, ours
#
# A scenario (scenarios/NAME.sh) is sourced by a shell in a network namespace of its own, with only lo, which is up,
# and prints what a user or a program sees; what differs by chance it hides itself. It has the helpers of tests/lib,
# and adm, which is the ipvsadm of this round and whose errors stand with its output. A scenario with a line '# raw'
# does not use ipvsadm and runs only once for each kind of modules.
set -euo pipefail
out=$1 pattern=${2:-.}
# shellcheck source=/dev/null
. "$TREE/tests/lib/e2e.bash"

run() {	# SCENARIO MODULES IPVSADM-NAME IPVSADM
	mkdir -p "$out/$2-$3"
	# shellcheck disable=SC2016
	IPVSADM=$4 timeout 240 unshare -n bash -c '
		set -u
		. "$TREE/tests/lib/e2e.bash"
		adm() { "$IPVSADM" "$@" 2>&1 || echo "status $?"; }
		ip link set lo up
		. "$1"' scenario "$TREE/tests/diff/scenarios/$1.sh" > "$out/$2-$3/$1" 2>&1 </dev/null ||
		echo "# the scenario ended with status $?" >> "$out/$2-$3/$1"
}

for modules in stock ours; do
	wait_for 20 modules_use $modules
	modprobe ip_vs
	for file in "$TREE"/tests/diff/scenarios/*.sh; do
		name=$(basename "$file" .sh)
		grep -qE "$pattern" <<< "$name" || continue
		start=$SECONDS
		run "$name" $modules debian /usr/sbin/ipvsadm
		grep -q '^# raw' "$file" || run "$name" $modules ours "$TREE/build/bin/ipvsadm"
		echo "$name, $modules modules: $((SECONDS - start)) s" >> "$out/times"
	done
done
