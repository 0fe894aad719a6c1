#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# In the guest: run the suites in tests/e2e whose name matches a pattern, one after the other, and report in TAP.
# After each one the kernel log of its time must be clean and the modules must unload: a warning or a reference that
# was not given back is a failed test of that suite.
#   e2e.sh [PATTERN]         PATTERN: an extended regular expression for "SUITE: NAME OF CASE"
set -euo pipefail
pattern=${1:-.}
# shellcheck source=/dev/null
. "$TREE/tests/lib/e2e.bash"
export MODULES IPVSADM
work=/tmp/e2e
mkdir -p $work
failed=0
stock=/lib/modules/$RELEASE/kernel/net/netfilter/ipvs	# the debug kernel has no modules of its own

report() {	# STATUS NAME, details on stdin
	echo "$1 $2"
	sed 's/^/#   /'
	[ "$1" = ok ] || failed=1
}

trouble='WARNING:|BUG:|BUG |Oops|general protection|unable to handle|stall|blocked for more than|leak|refcount_t|Call Trace|unregister_netdevice|scheduling while atomic|inconsistent lock|suspicious RCU|usercopy|UBSAN|KASAN'

# On the debug kernel: what nothing points to any more. Without the modules that allocated it only addresses are told;
# so it is asked for before they go as well.
leaks() {
	local file=/sys/kernel/debug/kmemleak
	[ -w $file ] || return 0
	echo scan > $file
	cat $file
	echo clear > $file
}

check_log() {
	local log
	log=$(sed -n "/begin $1\$/,\$p" <(dmesg); cat "$work/leaks")
	if grep -qE "$trouble" <<< "$log"; then
		grep -vE 'end-to-end: ' <<< "$log" | report 'not ok' "$1: the kernel log is clean"
	else
		report ok "$1: the kernel log is clean" </dev/null
	fi
}

# References of deleted namespaces are given back within a moment, by work queues.
check_unload() {
	local out
	if out=$(wait_for 10 modules_unload 2>&1); then
		report ok "$1: every module unloads afterwards" </dev/null
	else
		{ echo "$out"; lsmod | grep -E '^(ip_vs|xt_ipvs)'; ip netns; } | report 'not ok' "$1: every module unloads afterwards"
	fi
}

for file in "$TREE"/tests/e2e/*.bats; do
	suite=$(basename "$file" .bats)
	awk -f "$TREE/tests/lib/families.awk" "$file" > "$work/$suite.bats"
	filter=.
	if ! grep -qE "$pattern" <<< "$suite"; then
		# Not the suite as a whole: single cases of it.
		grep -oP '^@test "\K[^"]*' "$work/$suite.bats" | sed "s/^/$suite: /" | grep -qE "$pattern" || continue
		filter=${pattern#*: }
	fi
	if [ ! -d "$stock" ] && grep -q '^# compares' "$file"; then continue; fi
	if [ "$MODULES" = stock ] && grep -q '^# ours only' "$file"; then continue; fi
	echo "end-to-end: begin $suite" > /dev/kmsg
	start=$SECONDS
	modprobe ip_vs
	bats --formatter tap --filter "$filter" "$work/$suite.bats" 2>&1 | tee "$work/tap" |
		sed -uE -e '/^1\.\.[0-9]+$/d' -e "s/^(ok|not ok) [0-9]+ (.*)/\1 $suite: \2/" || failed=1
	grep -qE '^(ok|not ok) ' "$work/tap" || echo "not ok $suite: has tests that run"
	leaks > "$work/leaks"
	check_unload "$suite"
	leaks >> "$work/leaks"
	check_log "$suite"	# a connection or service that was left behind shows when the module goes
	echo "# $suite: $((SECONDS - start)) s"
done
exit $failed
