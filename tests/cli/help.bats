#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only
load cli

@test "the version is one line of the shape that scripts cut" {
	unset IPVS_REPLAY
	run_split ipvsadm --version
	[ "$status" = 0 ]
	[[ $out =~ ^ipvsadm\ v[0-9]+\.[0-9]+\ [0-9/]+\ \(compiled\ with\ popt\ and\ IPVS\ v1\.2\.1\)$ ]]
	[ "$(ipvsadm -v)" = "$out" ]
}

@test "help starts with the version and has a line for every option" {
	local name

	unset IPVS_REPLAY
	run_split ipvsadm -h
	[ "$status" = 0 ]
	[ "${out%%$'\n'*}" = "$(ipvsadm -v)" ]
	for name in Usage: Commands: virtual-service: Options: 'Daemon Options:'; do
		grep -qx "$name" <<< "$out"
	done
	for name in add-service restore set stop-daemon tcp-service ipv6 scheduler persistent netmask \
		real-server weight tun-remcsum l-threshold exact numeric mcast-ttl; do
		grep -q -- "^  --$name " <<< "$out"
	done
	[ "$(ipvsadm --help)" = "$out" ]
}

@test "help and version act at once, whatever follows them" {
	expect_out "$(ipvsadm -v)" ipvsadm -v --bogus
	expect_out "$(ipvsadm -h)" ipvsadm -h -A -t bad
}

@test "usage errors are found without the kernel" {
	unset IPVS_REPLAY
	expect 2 "illegal virtual server address[:port] specified" ipvsadm -A -t bad:port:x
}

@test "a full disk is noticed" {
	[ -w /dev/full ] || skip "no /dev/full"
	run bash -c 'ipvsadm -h > /dev/full'
	[ "$status" = 1 ]
	[[ $output == *"cannot write to standard output: No space left on device" ]]
	run bash -c 'ipvsadm -L -n >&-'
	[ "$status" = 1 ]
}
