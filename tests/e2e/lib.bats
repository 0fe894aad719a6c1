#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only
# libipvs against the kernel: every function over both ways, the historic interface, many handles, the example program.

setup_file() {
	. "$TREE/tests/lib/e2e.bash"
	ip netns add director
	ip -n director link set lo up
}
teardown_file() { ip netns del director; }
setup() { . "$TREE/tests/lib/e2e.bash"; }
teardown() { adm -C; }

lib() { ip netns exec director "$TREE/build/tests/lib" "$@"; }
services() { "$TREE/build/tests/services" -N /run/netns/director "$@"; }

@test "every function of the object interface works over netlink" {
	lib netlink
}

@test "every function of the object interface works over socket options" {
	lib sockopt
}

@test "a program written to the historic interface works" {
	lib historic
}

@test "threads with handles in namespaces of their own do not meet" {
	local n
	for n in l l2 l23 l234; do ip netns add $n; done
	run "$TREE/build/tests/lib" parallel /run/netns/{l,l2,l23,l234}
	for n in l l2 l23 l234; do ip netns del $n; done
	equal "0 " "$status $output"
}

@test "the example program shows over both ways what ipvsadm has set" {
	adm -A -t 10.9.0.1:80 -s rr
	adm -a -t 10.9.0.1:80 -r 10.8.0.1:8080 -m -w 3
	adm -a -t 10.9.0.1:80 -r 10.8.0.2:80 -g
	adm -A -f 7 -s wlc
	equal "$(cat <<-'TEXT'
		tcp 10.9.0.1:80 rr, 0 connections, 0 bytes in, 0 bytes out
		  -> 10.8.0.2:80 route, weight 1, 0 active, 0 connections
		  -> 10.8.0.1:8080 masq, weight 3, 0 active, 0 connections
		mark 7 wlc, 0 connections, 0 bytes in, 0 bytes out
	TEXT
	)" "$(services)"
	same_text "$(services)" "$(services -s)"
}

@test "the example program adds and removes a service over both ways" {
	local way
	for way in '' -s; do
		services $way add 10.9.0.4 80 10.8.0.1 8080
		matches '^-a -t 10.9.0.4:80 -r 10.8.0.1:8080 -m -w 1$' "$(adm -Sn)"
		services $way del 10.9.0.4 80
		equal "" "$(adm -Sn)"
		run services $way del 10.9.0.4 80
		equal 1 "$status"
		matches '^del: ' "$output"
	done
	services add 2001:db8::1 80 2001:db8::2 80
	matches '^tcp \[2001:db8::1\]:80 rr' "$(services)"
	run services -s add 2001:db8::3 80 2001:db8::2 80
	equal "1 add: Socket options cannot carry IPv6" "$status $output"
}

@test "without privilege both ways say so" {
	local way
	for way in '' -s; do
		run setpriv --bounding-set -all --inh-caps -all --reuid 65534 --clear-groups \
			"$TREE/build/tests/services" $way
		equal "1 cannot reach IPVS: Permission denied (you must be root)" "$status $output"
	done
}
