#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only
# What a director does under attack, and at the ceiling of connections.

setup_file() {
	. "$TREE/tests/lib/e2e.bash"
	topo
	peers_start
}
teardown_file() { . "$TREE/tests/lib/e2e.bash"; topo_down; }
setup() { . "$TREE/tests/lib/e2e.bash"; }
teardown() {
	local k
	for k in drop_packet=0 drop_entry=0 secure_tcp=0 am_droprate=10 amemthresh=1024; do knob "${k%=*}" "${k#*=}"; done
	if [ "$MODULES" = ours ]; then knob conn_max 1073741824; knob conn_evict 0; fi
	# connections end with their servers, so that the next case counts its own
	knob expire_nodest_conn 1
	adm -C
	wait_for 10 is_equal 0 all_conns
	knob expire_nodest_conn 0
	for s in s1 s2 s3; do in_ns $s nft flush ruleset; done
	stop_traffic hold
	adm --set 900 120 300
}

value() { in_ns director sysctl -n "net.ipv4.vs.$1"; }

all_conns() { adm -Lnc | awk 'NR > 2 { n++ } END { print n + 0 }'; }

# conns_to PORT [STATE]: how many
conns_to() { adm -Lnc | awk -v to="$VIP:$1" -v state="${2:-.}" '$5 == to && $3 ~ state { n++ } END { print n + 0 }'; }

# flows PORT COUNT: so many datagrams, each of a port of its own; nobody waits for an answer
flows() { in_ns client "$PEER" forge udp "$CIP_RAW" 20000 "$VIP_RAW" "$1" "$2"; }
syns() { in_ns client "$PEER" forge syn "$CIP_RAW" 20000 "$VIP_RAW" "$1" "$2"; }
silent() {
	for s in s1 s2 s3; do
		in_ns $s nft 'add table inet d; add chain inet d i { type filter hook input priority 0; policy drop; }'
	done
}

@both "drop_packet drops every so manyth new flow and leaves those that are there alone" {
	local port=$((1000 + FAM))
	udp_service $port rr
	in_ns client "$PEER" udp "$VIP_RAW" $port 1 4444
	knob am_droprate 2
	knob drop_packet 3
	flows $port 20
	wait_for 5 is_equal 11 conns_to $port
	equal "s3:4" "$(in_ns client "$PEER" udp "$VIP_RAW" $port 4 4444 | names)"
	knob am_droprate 1
	knob drop_packet 3
	in_ns client "$PEER" forge udp "$CIP_RAW" 30000 "$VIP_RAW" $port 5
	in_ns client "$PEER" udp "$VIP_RAW" $port 1 4444
	equal 0 "$(adm -Lnc | grep -c ':3000[0-9]')"
}

@both "drop_packet works by itself while memory is short, and rests when it is not" {
	local port=$((1010 + FAM))
	udp_service $port rr
	knob drop_packet 1
	flows $port 3
	wait_for 5 is_equal 3 conns_to $port
	knob amemthresh 1000000000
	wait_for 5 is_equal 2 value drop_packet
	# nearly all of what is wanted is missing: nobody new gets in
	in_ns client "$PEER" forge udp "$CIP_RAW" 30000 "$VIP_RAW" $port 5
	in_ns client "$PEER" udp "$VIP_RAW" $port 1 20000 || true
	equal 3 "$(conns_to $port)"
	knob amemthresh 1
	wait_for 5 is_equal 1 value drop_packet
	in_ns client "$PEER" udp "$VIP_RAW" $port 1 4445
	equal 4 "$(conns_to $port)"
}

fewer() { [ "$(conns_to "$1" SYN_RECV)" -lt "$2" ]; }

@both "drop_entry gives half-open connections up, and keeps those that are established" {
	local port=$((1020 + FAM))
	service $port rr 7000
	in_ns client "$PEER" hold "$VIP_RAW" $port 3 > /tmp/held
	silent
	syns $port 200
	wait_for 5 is_equal 200 conns_to $port SYN_RECV
	knob drop_entry 3
	wait_for 20 fewer $port 190
	equal 3 "$(conns_to $port ESTABLISHED)"
}

@both "drop_entry works by itself while memory is short" {
	local port=$((1030 + FAM))
	service $port rr 7000
	silent
	knob drop_entry 1
	syns $port 200
	wait_for 5 is_equal 200 conns_to $port SYN_RECV
	equal 1 "$(value drop_entry)"
	knob amemthresh 1000000000
	wait_for 5 is_equal 2 value drop_entry
	wait_for 20 fewer $port 190
}

@both "secure_tcp believes a client only when its server has answered" {
	local port=$((1040 + FAM))
	service $port rr 7000
	silent
	knob secure_tcp 1
	in_ns client "$PEER" forge syn "$CIP_RAW" 20000 "$VIP_RAW" $port 1
	wait_for 5 is_equal 1 conns_to $port SYN_RECV
	knob amemthresh 1000000000
	wait_for 5 is_equal 2 value secure_tcp
	# an acknowledgement of what was never sent: established by the common table, not by this one
	acknowledge $port
	equal 1 "$(conns_to $port SYN_RECV)"
	knob secure_tcp 0
	acknowledge $port
	wait_for 5 is_equal 1 conns_to $port ESTABLISHED
}

acknowledge() {
	local before
	before=$(adm -Lnc | head -n 3)
	in_ns client python3 -S - "$CIP_RAW" "$VIP_RAW" "$1" <<-'PY'
		import socket, struct, sys
		six = ':' in sys.argv[1]
		s = socket.socket(socket.AF_INET6 if six else socket.AF_INET, socket.SOCK_RAW, socket.IPPROTO_TCP)
		s.sendto(struct.pack('!HHIIHHHH', 20000, int(sys.argv[3]), 2, 1, 0x5010, 1024, 0, 0), (sys.argv[2], 0))
	PY
	in_ns client "$PEER" udp "$VIP_RAW" 9 1 > /dev/null || true	# by then it has passed
}

@both "at the ceiling new connections are refused and those that are there go on" {
	[ "$MODULES" = ours ] || return 0
	local port=$((1050 + FAM))
	udp_service $port rr
	in_ns client "$PEER" udp "$VIP_RAW" $port 1 4444
	knob conn_max 5
	flows $port 20
	wait_for 5 is_equal 5 conns_to $port
	equal "s3:2" "$(in_ns client "$PEER" udp "$VIP_RAW" $port 2 4444 | names)"
	equal 5 "$(conns_to $port)"
	fails 124 in_ns client timeout 1 "$PEER" udp "$VIP_RAW" $port 1 4446
}

@both "at the ceiling with conn_evict the one that was unused for longest makes room" {
	[ "$MODULES" = ours ] || return 0
	local port=$((1060 + FAM))
	udp_service $port rr
	knob conn_max 5
	knob conn_evict 1
	in_ns client "$PEER" udp "$VIP_RAW" $port 1 4450
	wait_for 5 not_younger_than 2 4450
	flows $port 4
	wait_for 5 is_equal 5 conns_to $port
	in_ns client "$PEER" udp "$VIP_RAW" $port 1 4451
	equal 5 "$(conns_to $port)"
	equal 0 "$(adm -Lnc | grep -c ':4450')"
	equal 1 "$(adm -Lnc | grep -c ':4451')"
	# now nobody has been idle for long enough
	knob conn_evict 60
	fails 124 in_ns client timeout 1 "$PEER" udp "$VIP_RAW" $port 1 4452
}
# not_younger_than SECONDS PORT: that connection of the client has been unused for so long
not_younger_than() {
	local left
	left=$(adm -Lnc | awk -v p=":$2\$" '$4 ~ p { split($2, t, ":"); print t[1] * 60 + t[2] }')
	[ "$left" -le $((300 - $1)) ]
}
