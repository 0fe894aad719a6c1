#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only
# Connection tracking and IPVS: nothing is tracked unless the operator wants it, and then replies fit.

setup_file() {
	. "$TREE/tests/lib/e2e.bash"
	topo
	peers_start
	in_ns director "$PEER" serve 7000 director
	modprobe nf_conntrack
}
teardown_file() { . "$TREE/tests/lib/e2e.bash"; topo_down; }
setup() {
	. "$TREE/tests/lib/e2e.bash"
	knob conntrack 1
	# a rule that asks for the state makes the namespace track
	in_ns director nft 'add table inet t; add chain inet t p { type filter hook prerouting priority 0; }
		add chain inet t o { type filter hook output priority 0; }
		add rule inet t p ct state invalid counter; add rule inet t o ct state invalid counter'
}
teardown() {
	adm -C
	knob conntrack 0
	in_ns director nft flush ruleset
	adm --set 0 0 300
}


# entries PORT: what is tracked of a client's port, addresses as they are usually written
entries() {
	in_ns director python3 -S - "$1" <<-'PY'
		import ipaddress, re, sys
		for line in open('/proc/net/nf_conntrack'):
		    if 'port=%s ' % sys.argv[1] in line:
		        print(re.sub(r'(src|dst)=(\S+)',
		                     lambda m: m[1] + '=' + str(ipaddress.ip_address(m[2])), line).strip())
	PY
}

@both "what IPVS handles is not tracked unless conntrack is on" {
	knob conntrack 0
	udp_service 53 rr
	matches '^s3' "$(in_ns client "$PEER" udp "$VIP_RAW" 53 1 3001)"
	equal "" "$(entries 3001)"
}

@both "an entry says where replies come from" {
	udp_service 53 rr
	matches '^s3' "$(in_ns client "$PEER" udp "$VIP_RAW" 53 1 3002)"
	matches "src=$CIP_RAW dst=$VIP_RAW sport=3002 dport=53 src=${RS_RAW[3]} dst=$CIP_RAW sport=7000 dport=3002" "$(entries 3002)"
	differs UNREPLIED "$(entries 3002)"
	service 80 rr 7000
	equal open "$(conn_open ct "$VIP_RAW" 80 3003)"
	conn_say ct hello
	matches "ESTABLISHED src=$CIP_RAW dst=$VIP_RAW sport=3003 dport=80 src=${RS_RAW[3]} dst=$CIP_RAW sport=7000 dport=3003 \[ASSURED\]" \
		"$(entries 3003)"
	conn_say ct @close
}

@both "source NAT behind IPVS hides the client from its server" {
	local hide="masquerade"
	service 80 rr 7000
	udp_service 53 rr
	in_ns director nft "add table inet n; add chain inet n p { type nat hook postrouting priority 100; }
		add rule inet n p oifname != dc meta l4proto { tcp, udp } $hide"
	local from="10.2.3.1"
	[ "$FAM" = 4 ] || from="2001:db8:23::1"
	matches "^s3 $from " "$(in_ns client "$PEER" udp "$VIP_RAW" 53 1 3004)"
	equal open "$(conn_open snat "$VIP_RAW" 80 3005)"
	matches "^s3 $from " "$(conn_say snat hello)"
	matches "^s3 $from " "$(conn_say snat again)"
	conn_say snat @close
}

@both "without conntrack source NAT leaves what IPVS handles alone" {
	knob conntrack 0
	udp_service 53 rr
	in_ns director nft "add table inet n; add chain inet n p { type nat hook postrouting priority 100; }
		add rule inet n p oifname != dc masquerade"
	matches "^s3 $CIP_RAW " "$(in_ns client "$PEER" udp "$VIP_RAW" 53 1 3006)"
}

@both "entries end with their connection" {
	udp_service 53 rr
	in_ns client "$PEER" udp "$VIP_RAW" 53 1 3007
	matches 3007 "$(entries 3007)"
	adm --set 0 0 1
	in_ns client "$PEER" udp "$VIP_RAW" 53 1 3007
	wait_for 6 is_equal "" entries 3007
}

@both "a client's port used again does not wait for a retransmission" {
	local syns=1
	service 80 rr 7000
	conn_open one "$VIP_RAW" 80 3008
	conn_say one hello
	# the server closes first: tracking does not take the next request for a new flow by itself
	conn_say one '!fin' || true
	conn_say one @close
	wait_for 5 has_text TIME_WAIT conn_states
	capture client c0 again "src port 3008 and $([ "$FAM" = 4 ] && echo 'tcp[13]' || echo 'ip6[53]') = 2"
	equal open "$(conn_open two "$VIP_RAW" 80 3008)"
	matches '^s2 ' "$(conn_say two hello)"
	conn_say two @close
	[ "$MODULES" = ours ] || syns=2	# upstream drops the first one
	equal $syns "$(captured again | grep -c 'Flags \[S\]')" "SYNs of the client"
}

@both "servers that answer by themselves are tracked by their requests" {
	adm -A -u "$VIP:7000" -s rr
	adm -a -u "$VIP:7000" -r "${RS[2]}:7000" -g
	# the server does not have the address here, so nobody answers
	in_ns client "$PEER" forge udp "$CIP_RAW" 3009 "$VIP_RAW" 7000 1
	wait_for 5 has_text 3009 entries 3009
	matches "src=$CIP_RAW dst=$VIP_RAW sport=3009 dport=7000 \[UNREPLIED\] src=$VIP_RAW dst=$CIP_RAW" "$(entries 3009)"
}

@both "a server on the director is tracked, too, and so are clients there" {
	local own=10.1.0.1
	[ "$FAM" = 4 ] || own="[2001:db8:1::1]"
	adm -A -u "$VIP:53" -s rr
	adm -a -u "$VIP:53" -r "$own:7000" -m
	matches '^director ' "$(in_ns client "$PEER" udp "$VIP_RAW" 53 1 3010)"
	matches "src=$CIP_RAW dst=$VIP_RAW sport=3010 dport=53 src=" "$(entries 3010)"
	adm -C
	udp_service 53 rr
	matches '^s3 ' "$(in_ns director "$PEER" udp "$VIP_RAW" 53 1 3011)"
	matches "sport=3011 dport=53 src=${RS_RAW[3]} " "$(entries 3011)"
}

@both "errors of tracked connections are translated" {
	adm -A -u "$VIP:53" -s rr
	adm -a -u "$VIP:53" -r "${RS[3]}:9" -m
	equal ECONNREFUSED "$(in_ns client "$PEER" udp "$VIP_RAW" 53 1 3012)"
}
