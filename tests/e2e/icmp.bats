#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only
# ICMP errors about masqueraded connections, both ways, and those that IPVS sends itself.

setup_file() {
	. "$TREE/tests/lib/e2e.bash"
	topo
	peers_start
	narrow_link
}
teardown_file() { . "$TREE/tests/lib/e2e.bash"; topo_down; }
setup() { . "$TREE/tests/lib/e2e.bash"; }
teardown() { adm -C; in_ns client nft flush ruleset; }

raw() { in_ns client python3 -S "$TREE/tests/tools/raw.py" "$@"; }

# to DESTINATION [PORT]: a UDP service on port 53 of the VIP with one masqueraded server
to() {
	adm -A -u "$VIP:53" -s rr
	adm -a -u "$VIP:53" -r "$1:${2:-7000}" -m
}

@both "the client's error reaches the server that it is about" {
	to "${RS[3]}"
	in_ns client nft 'add table inet t; add chain inet t i { type filter hook input priority 0; }
		add rule inet t i udp sport 53 reject with icmpx type port-unreachable'
	capture s3 e0 error 'icmp or icmp6'
	in_ns client timeout 1 "$PEER" udp "$VIP_RAW" 53 1 4444 || true
	wait_for 5 test -s /tmp/error.pcap
	out=$(captured error)
	matches "$CIP_RAW > ${RS_RAW[3]}: .*udp port 4444" "$out"
	# of a quote in ICMPv6 less is printed
	[ "$FAM" = 6 ] || matches "${RS_RAW[3]}.7000 > $CIP_RAW.4444" "$out"
	differs "$VIP_RAW" "$out"
	differs 'wrong icmp|bad icmp|\(wrong|bad icmp6' "$out"
}

@both "errors of all kinds that quote a connection are translated, others are left alone" {
	local kinds='3/4 3/1 11/0 4/0' others='12/0 5/1' k
	if [ "$FAM" = 6 ]; then kinds='1/4 2/0 3/0 4/0' others=; fi
	to "${RS[3]}"
	in_ns client "$PEER" udp "$VIP_RAW" 53 1 4445
	capture s3 e0 error 'icmp or (icmp6 and ip6[40] < 128)'
	for k in $kinds $others; do
		raw icmp "$VIP_RAW" "${k%/*}" "${k#*/}" "$VIP_RAW" 53 "$CIP_RAW" 4445 17 1300
	done
	if [ "$FAM" = 4 ]; then raw icmp "$VIP_RAW" 3 1 "$VIP_RAW" 53 "$CIP_RAW" 4445 17 0 bad; fi
	raw icmp "$VIP_RAW" "${kinds%%/*}" 1 "$VIP_RAW" 53 "$CIP_RAW" 9999
	raw icmp "$VIP_RAW" "${kinds%%/*}" 0 "$VIP_RAW" 53 "$CIP_RAW" 4445
	equal 5 "$(captured error | grep -c "$CIP_RAW > ${RS_RAW[3]}:")"
	# a destination counts them
	at_least 6 "$(adm -Ln --stats --exact | awk '$1 == "->" && $2 ~ /7000/ { print $4 }')" "packets in"
}

@both "a server's error comes to the client from the virtual address" {
	to "${RS[3]}" 9
	equal ECONNREFUSED "$(in_ns client "$PEER" udp "$VIP_RAW" 53 1)"
}

@both "a router behind the director reports to the client, about what that had sent" {
	local gone=10.4.0.200 narrow=10.4.0.2
	if [ "$FAM" = 6 ]; then gone='[2001:db8:41::2]' narrow='[2001:db8:40::2]'; fi
	to "$gone"
	equal EHOSTUNREACH "$(in_ns client "$PEER" send "$VIP_RAW" 53 100 df | cut -d ' ' -f 1)"
	adm -C
	to "$narrow"
	equal "EMSGSIZE 1400" "$(in_ns client "$PEER" send "$VIP_RAW" 53 1450 df)"
	ip -n client "-$FAM" route flush cache
}

@both "a server without a route is reported to the client" {
	local nowhere=10.99.0.1
	if [ "$FAM" = 6 ]; then nowhere='[2001:db8:99::1]'; fi
	to "$nowhere"
	equal EHOSTUNREACH "$(in_ns client "$PEER" send "$VIP_RAW" 53 100 df | cut -d ' ' -f 1)"
}

@both "with schedule_icmp an error about an unknown client goes to the server that this one would get" {
	local kind=3/1
	[ "$FAM" = 4 ] || kind=1/0
	to "${RS[3]}"
	capture s3 e0 sched 'icmp or (icmp6 and ip6[40] < 128)'
	raw icmp "$VIP_RAW" "${kind%/*}" "${kind#*/}" "$VIP_RAW" 53 "$CIP_RAW" 9998
	knob schedule_icmp 1
	raw icmp "$VIP_RAW" "${kind%/*}" "${kind#*/}" "$VIP_RAW" 53 "$CIP_RAW" 9999
	knob schedule_icmp 0
	listed=$(adm -Lnc)
	equal 1 "$(captured sched | grep -c "$CIP_RAW > ${RS_RAW[3]}:")"
	matches ':9999 ' "$listed"
	differs ':9998 ' "$listed"
}
