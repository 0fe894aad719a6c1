#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only
# Completion in bash.
load cli

# complete LINE: what bash would offer at its end, in one line.
complete_line() {
	# shellcheck disable=SC2016
	bash --norc -euc '. "$1"
		set +eu
		COMP_LINE=$2 COMP_POINT=${#2}
		_ipvsadm
		echo "${COMPREPLY[*]}"' - "$BATS_TEST_TMPDIR/completion" "$1"
}

is() {
	local got

	got=$(complete_line "$1")
	[ "$got" = "$2" ] || { echo "$1: got $got"; return 1; }
}

@test "commands, options and values are completed" {
	ipvsadm --completion > "$BATS_TEST_TMPDIR/completion"
	shellcheck -s bash -e SC2034,SC2207 "$BATS_TEST_TMPDIR/completion"
	ipvsadm -A -t 10.0.0.1:80
	ipvsadm -A -f 7
	ipvsadm -a -f 7 -r 10.0.0.9
	is 'ipvsadm --add' '--add-service --add-server'
	is 'ipvsadm -A -s w' 'wrr wlc'
	is 'ipvsadm -A --sched' '--scheduler --sched-flags'
	is 'ipvsadm -L --st' '--stats --state'
	is 'ipvsadm -D -f ' 7
	is 'ipvsadm -D -t 10' '10.0.0.1:80'
	is 'ipvsadm -D -t 10.0.0.1:' '80'
	is 'ipvsadm -e -f 7 -r 10' '10.0.0.9:0'
	is 'ipvsadm --start-daemon m' 'master'
	is 'ipvsadm -a -i --tun-type g' 'gue gre'
	is 'ipvsadm -C --' '--if-exists'
	is 'ipvsadm --vers' '--version'
	is 'ipvsadm --compl' ''
}

@test "every option of the help is completed for some command" {
	ipvsadm --completion > "$BATS_TEST_TMPDIR/completion"
	for name in $(ipvsadm -h | sed -n '/^Options:/,$s/^  \(--[a-z0-9-]*\).*/\1/p'); do
		[ "$name" = --sort ] || grep -q -- " ${name}[ ']" "$BATS_TEST_TMPDIR/completion"
	done
}
