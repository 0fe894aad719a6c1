#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only
# Network namespaces: isolation, hooks that come and go with services, and deletion in full flight.

setup() { . "$TREE/tests/lib/e2e.bash"; }
teardown() {
	topo_down
	for n in one two; do [ ! -e /run/netns/$n ] || ip netns del $n; done
}

two_namespaces() {
	for n in one two; do
		ip netns add $n
		ip -n $n link set lo up
	done
}

@test "services of two namespaces do not know each other" {
	two_namespaces
	in_ns one "$IPVSADM" -A -t 10.9.0.1:80 -s rr
	in_ns one "$IPVSADM" -a -t 10.9.0.1:80 -r 10.2.1.2:80 -m
	in_ns two "$IPVSADM" -A -t 10.9.0.1:80 -s wlc
	in_ns one "$IPVSADM" --set 100 100 100
	matches '^TCP  10.9.0.1:80 rr' "$(in_ns one "$IPVSADM" -Ln)"
	matches '^TCP  10.9.0.1:80 wlc' "$(in_ns two "$IPVSADM" -Ln)"
	differs '10.2.1.2' "$(in_ns two "$IPVSADM" -Ln)"
	matches ': 900 120 300' "$(in_ns two "$IPVSADM" -L --timeout)"
	in_ns two "$IPVSADM" -C
	matches '^TCP  10.9.0.1:80 rr' "$(in_ns one "$IPVSADM" -Ln)"
	differs '10.9.0.1' "$("$IPVSADM" -Ln)"
}

hooks() { in_ns one nft list hooks "$1" 2>/dev/null | grep -c 'ip_vs' || true; }

@test "hooks of a family come with its first service and go with its last" {
	two_namespaces
	equal "0 0" "$(hooks ip) $(hooks ip6)" "hooks without services"
	in_ns one "$IPVSADM" -A -t 10.9.0.1:80 -s rr
	equal "6 0" "$(hooks ip) $(hooks ip6)" "hooks with an IPv4 service"
	in_ns one "$IPVSADM" -A -t 10.9.0.1:81 -s rr
	in_ns one "$IPVSADM" -A -t '[2001:db8:9::1]:80' -s rr
	equal "6 6" "$(hooks ip) $(hooks ip6)" "hooks with services of both families"
	in_ns one "$IPVSADM" -D -t 10.9.0.1:80
	equal "6 6" "$(hooks ip) $(hooks ip6)" "hooks with one service of each family"
	in_ns one "$IPVSADM" -D -t 10.9.0.1:81
	equal "0 6" "$(hooks ip) $(hooks ip6)" "hooks with an IPv6 service"
	in_ns one "$IPVSADM" -C
	equal "0 0" "$(hooks ip) $(hooks ip6)" "hooks after the last service"
}

@test "hooks stand at their places among those of netfilter" {
	two_namespaces
	in_ns one "$IPVSADM" -A -t 10.9.0.1:80 -s rr
	list=$(in_ns one nft list hooks ip | grep -E 'hook|ip_vs' | awk '/hook/ { h = $2 } /ip_vs/ { print h, $1 }')
	equal "forward +0000000099;forward +0000000100;input +0000000098;input +0000000099;output -0000000098;output -0000000099" \
		"$(sort <<< "$list" | tr -s ' ' | paste -sd ';')"
}

@both "a namespace is deleted with open connections and traffic" {
	local before
	before=$(modules_refs)
	topo
	peers_start
	service 80 rr 7000
	udp_service 53 rr
	adm -A -t "$VIP:22" -s wlc
	in_ns client "$PEER" hold "$VIP_RAW" 80 10 > /tmp/held
	in_ns client "$PEER" storm "$VIP_RAW" 80
	in_ns client "$PEER" storm "$VIP_RAW" 53
	wait_for 5 has_text 'UDP' adm -Lnc
	ip netns del director
	# The device goes with the namespace; the traffic of the client has nowhere to go.
	wait_for 10 lacks_text 'c0' ip -n client -br link
	# A scheduler that is loaded holds two references.
	wait_for 15 refs_at_most $((before + 4))
	stop_traffic storm
}

refs_at_most() { at_most "$1" "$(modules_refs)" "references on ip_vs"; }

@test "many namespaces come and go with services in them" {
	local i
	for i in 1 2 3 4 5 6 7 8; do
		ip netns add "n$i"
		in_ns "n$i" "$IPVSADM" -A -t 10.9.0.1:80 -s rr
	done
	for i in 1 2 3 4 5 6 7 8; do ip netns del "n$i"; done
	wait_for 15 refs_at_most 4
}
