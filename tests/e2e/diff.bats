#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only
# compares with the stock modules
# ours only: the modules are exchanged here.
# The same scenarios four ways, the kernel's own modules or ours, driven by Debian's ipvsadm or ours: no user and no
# program sees a difference, except those in diff/waivers. And cases recorded from Debian's ipvsadm on the kernel's own
# modules, with ours on ours.

setup_file() {
	. "$TREE/tests/lib/e2e.bash"
	rm -rf /tmp/diff
	# a scenario is no test: nothing of bats is for it
	env -u BATS_TEST_SOURCE "$TREE/tests/diff/four.sh" /tmp/diff > /tmp/diff.log 2>&1 3>&-
}
setup() { . "$TREE/tests/lib/e2e.bash"; }
teardown_file() { . "$TREE/tests/lib/e2e.bash"; topo_down; wait_for 20 modules_use ours; modprobe ip_vs; }

compare() {
	local ways=(ours-debian stock-ours ours-ours) way bad=0
	! grep -q '^# raw' "$TREE/tests/diff/scenarios/$1.sh" || ways=(ours-debian)
	for way in "${ways[@]}"; do
		"$TREE/tests/diff/compare.sh" /tmp/diff/stock-debian/"$1" /tmp/diff/"$way"/"$1" "$1" "$way" || bad=1
	done
	return $bad
}

@test "listings, with rules of all kinds and some traffic" { compare listings; }
@test "six hundred commands at random" { compare random; }
@test "files under /proc/net" { compare proc; }
@test "sysctls" { compare sysctl; }
@test "netlink, right and wrong requests" { compare netlink; }
@test "a netlink client of another make" { compare pyroute2; }
@test "messages of kube-proxy and kube-router" { compare kube; }
@test "keepalived starts, reloads and stops" { compare keepalived; }
@test "a reader of /proc/net of another make" { compare exporter; }
@test "loading and unloading" { compare modules; }
@test "socket options, right and wrong" { compare sockopt; }
@test "every choice of every scheduler" { compare schedulers; }
@test "what comes out for what goes in, byte by byte" { compare frames; }

# What ipvsadm prints does not depend on which kernel it is, so each kernel takes half of the cases.
@test "recorded cases: what Debian's ipvsadm said, ours says on our modules" {
	local f name want part=1 bad=0
	[[ $RELEASE != 6.1.* ]] || part=2
	wait_for 20 modules_use ours
	modprobe ip_vs
	"$TREE/tests/diff/cases.sh" /tmp/cases "$TREE/build/bin/ipvsadm" . $part 2
	at_least 60 "$(ls /tmp/cases | wc -l)" "cases"
	for f in /tmp/cases/*.out; do
		name=$(basename "$f" .out)
		want=$TREE/tests/diff/cases/$name.out
		[ ! -e "${want%.out}.mended" ] || want=${want%.out}.mended
		diff -U1 --label "recorded $name" --label ours "$want" <(grep -v '^2> ipvsadm: ' "$f") || bad=1
	done
	return $bad
}

@test "each recorded case that we mend has its reason" {
	equal "" "$(diff <(cd "$TREE/tests/diff/cases" && printf '%s\n' *.mended | sed 's/\.mended$//' | sort) \
		<(sed -n 's/^\([a-z0-9-]*\)\t..*/\1/p' "$TREE/tests/diff/mended" | sort))"
}

@test "each scenario is compared" {
	local f name
	for f in "$TREE"/tests/diff/scenarios/*.sh; do
		name=$(basename "$f" .sh)
		grep -q "{ compare $name; }\$" "$TREE/tests/e2e/diff.bats" || { echo "no test for $name"; return 1; }
	done
}
