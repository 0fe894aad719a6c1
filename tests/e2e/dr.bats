#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only
# Servers that answer by themselves: direct routing.

setup_file() {
	. "$TREE/tests/lib/e2e.bash"
	topo
	direct_links
	peers_start
}
teardown_file() { . "$TREE/tests/lib/e2e.bash"; topo_down; }
setup() { . "$TREE/tests/lib/e2e.bash"; }
teardown() { adm -C; in_ns client nft flush ruleset; }

@both "direct routing takes packets to a server, which answers by itself" {
	one_server 7000 "${RS[2]}:7000" -g
	equal s2 "$(stream client 7000)"
	matches "^s2 $CIP_RAW [0-9]+ 63 1$" "$(in_ns client "$PEER" udp "$VIP_RAW" 7000 1)"
}

@both "direct routing keeps the virtual port and leaves forwarding to the operator" {
	one_server 7000 "${RS[2]}:9" -g
	in_ns director bash -c 'echo 0 > /proc/sys/net/ipv4/ip_forward; echo 0 > /proc/sys/net/ipv6/conf/all/forwarding'
	run stream client 7000
	in_ns director bash -c 'echo 1 > /proc/sys/net/ipv4/ip_forward; echo 1 > /proc/sys/net/ipv6/conf/all/forwarding
		for i in dc d1 d2 d3; do echo 0 > /proc/sys/net/ipv4/conf/$i/rp_filter; done'
	equal s2 "$output"
}

@both "a client's error follows a direct connection unchanged" {
	one_server 7000 "${RS[2]}:7000" -g
	in_ns client nft 'add table inet t; add chain inet t i { type filter hook input priority 0; }
		add rule inet t i udp sport 7000 reject with icmpx type port-unreachable'
	capture s2 e0 error 'icmp or (icmp6 and ip6[40] < 128)'
	in_ns client timeout 1 "$PEER" udp "$VIP_RAW" 7000 1 4444 || true
	out=$(captured error)
	matches "$CIP_RAW > $VIP_RAW: .*udp port 4444" "$out"
	# of a quote in ICMPv6 less is printed
	[ "$FAM" = 6 ] || matches "$VIP_RAW.7000 > $CIP_RAW.4444" "$out"
}
