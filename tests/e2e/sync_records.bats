#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only
# Synchronisation in bytes: what a backup makes of right and wrong datagrams, and which connections a master tells of. A
# program plays the other side, so that both directions are proven against the bytes and not only against ourselves; in
# one case two directors talk to each other. Every case begins with an empty table.

setup_file() {
	. "$TREE/tests/lib/e2e.bash"
	topo
	servers_start
	# the second director, behind a link of its own
	ip -b - <<-'IP'
		netns add peer
		link add y0 netns director type veth peer name y1 netns peer
	IP
	ip -n director -b - <<-'IP'
		link set y0 up
		addr add 10.7.0.1/24 dev y0
		addr add 2001:db8:7::1/64 dev y0 nodad
	IP
	ip -n peer -b - <<-'IP'
		link set lo up
		link set y1 up
		addr add 10.7.0.2/24 dev y1
		addr add 2001:db8:7::2/64 dev y1 nodad
	IP
}
teardown_file() {
	. "$TREE/tests/lib/e2e.bash"
	ip netns del peer
	topo_down
}
setup() {
	. "$TREE/tests/lib/e2e.bash"
	wait_for 10 modules_unload
	modprobe ip_vs
	# the family has another number now
	[ ! -e /tmp/client.genl.director ] || kill "$(cat /tmp/client.genl.director/pid)" 2>/dev/null || true
	rm -rf /tmp/client.genl.director
	genl_open
	C="m.ifn=y0 m.id=7"
}
teardown() {
	unlisten
	genl del_daemon m.state=1 >/dev/null || true
	genl del_daemon m.state=2 >/dev/null || true
	adm -C
}

# ---- a backup hears a program ----

inject() { in_ns peer python3 -S "$TREE/tests/tools/sync.py" send y1 "${GROUP:-224.0.0.81}" 8848; }

# What the table says about synchronised connections; what is left of their time in steps of ten seconds.
synced() {
	in_ns director awk 'NR > 1 { $10 = int(($10 + 9) / 10) * 10; print }' /proc/net/ip_vs_conn_sync | sort
}
connections() { in_ns director awk 'NR > 1' /proc/net/ip_vs_conn_sync | wc -l; }

backup() { genl new_daemon m.state=2 $C > /dev/null; }

@test "a record changes the connection there is, and binds it when its server appears" {
	family 4
	backup
	inject <<< '; client=10.1.0.2:2001 flags=0'
	wait_for 10 is_equal 1 connections
	service 80 rr
	equal "0 0 0" "$(column 5 -t "$VIP:80")"
	# bound now
	inject <<< '; client=10.1.0.2:2001 flags=0 timeout=200'
	wait_for 10 is_equal "1 0 0" column 5 -t "$VIP:80"
	equal "TCP 0A010002 07D1 0A090001 0050 0A020102 1F90 ESTABLISHED SYNC 200" "$(synced)"
	# no longer active
	inject <<< '; client=10.1.0.2:2001 flags=0x100 state=5 timeout=120'
	wait_for 10 is_equal "1 0 0" column 6 -t "$VIP:80"
	equal "0 0 0" "$(column 5 -t "$VIP:80")"
	# inactive at another server: ignored; active there: it has moved
	inject <<< '; client=10.1.0.2:2001 dest=10.2.2.2:8080 flags=0x100 state=5 ; client=10.1.0.2:2009'
	wait_for 10 is_equal 2 connections
	equal "TCP 0A010002 07D1 0A090001 0050 0A020102 1F90 TIME_WAIT SYNC 120" "$(synced | head -n 1)"
	inject <<< '; client=10.1.0.2:2001 dest=10.2.2.2:8080'
	wait_for 10 is_equal "1 1 0" column 5 -t "$VIP:80"
	equal "TCP 0A010002 07D1 0A090001 0050 0A020202 1F90 ESTABLISHED SYNC 100" "$(synced | head -n 1)"
}

@test "version 0, IPv6 and marks" {
	family 6
	service 80 rr
	adm -A -f 9 -s rr -p 60
	adm -a -f 9 -r 10.2.1.2 -g
	backup
	inject <<-'WORDS'
		v=0 ; client=10.1.0.2:2001 ; client=10.1.0.2:2002 flags=0x200 seq=1,2,3,4,5,6 state=3 ; client=10.1.0.2:2003 state=2
		; client=[2001:db8:1::2]:2001 virt=[2001:db8:9::1]:80 dest=[2001:db8:21::2]:8080
		; proto=0 flags=0x1103 client=10.1.0.2:0 virt=0.0.0.9:0 dest=10.2.1.2:0 mark=9 timeout=60
	WORDS
	wait_for 10 is_equal 5 connections
	same_text "$(sort <<-'LIST'
		TCP 0A010002 07D1 0A090001 0050 0A020102 1F90 ESTABLISHED SYNC 900
		TCP 0A010002 07D2 0A090001 0050 0A020102 1F90 SYN_RECV SYNC 60
		TCP 0A010002 07D3 0A090001 0050 0A020102 1F90 SYN_SENT SYNC 120
		TCP 2001:0db8:0001:0000:0000:0000:0000:0002 07D1 2001:0db8:0009:0000:0000:0000:0000:0001 0050 2001:0db8:0021:0000:0000:0000:0000:0002 1F90 ESTABLISHED SYNC 100
		IP 0A010002 0000 00000009 0000 0A020102 0000 ASSURED SYNC 60
	LIST
	)" "$(synced)"
	equal "1 0 0" "$(column 5 -t "$VIP:80")"
	equal 1 "$(adm -Ln --persistent-conn | awk '$2 == "10.2.1.2:0" { print $4 }')"
}

@test "what is malformed or impossible has no effect" {
	backup
	inject <<-'WORDS'
		hex=00
		hex=000700
		hex=00070000
		hex=00070004
		hex=0007000701ff00
		length=45 ; client=10.1.0.2:3001
		length=43 ; client=10.1.0.2:3001
		id=8 ; client=10.1.0.2:3001
		id=0 ; client=10.1.0.2:3001
		count=0 ; client=10.1.0.2:3001
		cut=43 ; client=10.1.0.2:3001
		; size=37 client=10.1.0.2:3001
		; size=35 client=10.1.0.2:3001
		; size=0 client=10.1.0.2:3001
		; size=4132 client=10.1.0.2:3001
		; type=2 client=10.1.0.2:3001
		; type=1 client=10.1.0.2:3001
		; opt=1:00 client=10.1.0.2:3001
		; opt=2: client=10.1.0.2:3001
		; opt=3:4141414141414141414141414141414141 client=10.1.0.2:3001
		; opt=3:41 opt=3:41 client=10.1.0.2:3001
		; opt=5:41 client=10.1.0.2:3001
		; size=37 raw=0006002500000000000107d100501f9000000000000000640a0100020a0900010a02010201
		; flags=0x1800 client=10.1.0.2:3001 state=0
		; flags=0x2000 client=10.1.0.2:3001
		; flags=0x1100 client=10.1.0.2:3001 state=2
		; state=11 client=10.1.0.2:3001
		; state=256 client=10.1.0.2:3001
		; proto=99 state=0 client=10.1.0.2:3001
		; opt=2:4141 client=10.1.0.2:3001
		v=0 cut=27 length=27 ; client=10.1.0.2:3001
		v=0 ; flags=0x200 client=10.1.0.2:3001
		v=0 ; state=11 client=10.1.0.2:3001
		v=0 ; flags=0x2000 client=10.1.0.2:3001
		count=9 ; client=10.1.0.2:2001 ; opt=5:41 client=10.1.0.2:3001 ; client=10.1.0.2:2002 ; size=3 client=10.1.0.2:3001 ; client=10.1.0.2:3002
		count=1 ; client=10.1.0.2:2003 ; client=10.1.0.2:3001
		; client=10.1.0.2:2004
	WORDS
	wait_for 10 has_text 07D4 synced
	equal "07D1 07D2 07D3 07D4" "$(synced | cut -d ' ' -f 3 | xargs)"
}

@test "a backup without an id takes all, one above 255 nothing, and an IPv6 group works alike" {
	genl new_daemon m.state=2 m.ifn=y0 m.id=0 m.group6=ff02::51
	GROUP=ff02::51 inject <<-'WORDS'
		id=0 ; client=10.1.0.2:2001
		id=200 ; client=10.1.0.2:2002
	WORDS
	wait_for 10 is_equal 2 connections
	genl del_daemon m.state=2
	genl new_daemon m.state=2 m.ifn=y0 m.id=263
	inject <<< 'id=7 ; client=10.1.0.2:2003'
	genl del_daemon m.state=2
	backup
	inject <<< 'id=7 ; client=10.1.0.2:2004'
	wait_for 10 is_equal 3 connections
	equal "07D1 07D2 07D4" "$(synced | cut -d ' ' -f 3 | xargs)"
}

# ---- a program hears a master ----

listen() {	# [VERB]: note what the master of the director tells until heard
	"$PEER" in peer python3 -S "$TREE/tests/tools/sync.py" "${1:-listen}" y1 224.0.0.81 8848 > /tmp/sync.heard 2>&1 3>&- 7>&- 8>&- &
	echo $! > /tmp/sync.pid
	wait_for 60 grep -q listening /tmp/sync.heard
}
unlisten() { [ ! -e /tmp/sync.pid ] || kill "$(cat /tmp/sync.pid)" 2>/dev/null || true; rm -f /tmp/sync.pid; }
heard() { cat /tmp/sync.heard; }
master() { genl new_daemon m.state=1 $C "$@" > /dev/null; }
told() { grep -c "client=.*:$1 virt" /tmp/sync.heard || true; }	# how many records of the client's port

# udp PORT COUNT [ADDRESS [VPORT]]: that many packets from a port of the client to port 7000 of the VIP
udp() {
	in_ns client python3 -S -c '
import socket, sys
port, count, addr = int(sys.argv[1]), int(sys.argv[2]), sys.argv[3]
s = socket.socket(socket.AF_INET6 if ":" in addr else socket.AF_INET, socket.SOCK_DGRAM)
s.bind(("", port))
for i in range(count):
    s.sendto(b"x", (addr, int(sys.argv[4])))' "$1" "$2" "${3:-10.9.0.1}" "${4:-7000}"
}

@test "the threshold and its period decide which packets are told" {
	family 4
	udp_service 7000 rr
	family 6
	udp_service 7000 rr
	listen
	master
	udp 4001 60
	udp 4002 2
	udp 4010 3 2001:db8:9::1
	knob sync_threshold "0 0"
	udp 4003 10
	knob sync_threshold "2 3"
	udp 4004 9
	knob sync_threshold "4 0"
	udp 4005 9
	knob sync_threshold "0 1"
	udp 4006 2
	wait_for 10 is_equal 2 told 4006
	unlisten
	equal "2 0 1 0 3 1" "$(for p in 4001 4002 4010 4003 4004 4005; do told $p; done | xargs)"
	matches '^  proto=17 client=10.1.0.2:4001 virt=10.9.0.1:7000 dest=10.2.[123].2:7000 flags=0x100 state=0 timeout=300 mark=0$' "$(heard)"
	matches '^  proto=17 client=\[2001:db8:1::2\]:4010 virt=\[2001:db8:9::1\]:7000 dest=\[2001:db8:2[123]::2\]:7000 flags=0x100 state=0 timeout=300 mark=0$' "$(heard)"
	matches '^v=1 id=7 records=' "$(heard)"
}

@test "the refresh period spares what backups know already" {
	family 4
	udp_service 7000 rr
	listen
	master
	knob sync_threshold "0 1"
	knob sync_refresh_period 100
	udp 4001 20
	knob sync_threshold "0 0"
	udp 4002 20
	knob sync_refresh_period 0
	knob sync_threshold "0 1"
	udp 4003 1
	wait_for 10 is_equal 1 told 4003
	unlisten
	equal "1 1" "$(echo "$(told 4001) $(told 4002)")"
}

states_told() { sed -n "s/^  proto=6 client=.*:$1 virt=.* state=\([0-9]*\) .*/\1/p" /tmp/sync.heard | xargs; }

@test "with sync_retries it is told that many times more, an eighth of the period apart" {
	local i
	family 4
	udp_service 7000 rr
	listen
	master
	knob sync_threshold "0 1"
	knob sync_refresh_period 24
	knob sync_retries 2
	for ((i = 0; i < 200; i++)); do
		[ "$(told 4001)" -lt 3 ] || break
		udp 4001 1
	done
	udp 4001 5
	udp 4002 1
	wait_for 10 is_equal 1 told 4002
	unlisten
	equal 3 "$(told 4001)"
}

@test "sync_qlen_max bounds what waits to be sent, the rest is lost" {
	family 4
	udp_service 7000 rr
	listen
	master m.maxlen=1
	knob sync_threshold "0 1"
	knob sync_qlen_max 0
	in_ns client "$PEER" forge udp 10.1.0.2 5001 10.9.0.1 7000 12
	wait_for 10 is_equal 1 told 5012
	knob sync_qlen_max 100
	in_ns client "$PEER" forge udp 10.1.0.2 6001 10.9.0.1 7000 12
	wait_for 10 is_equal 1 told 6012
	unlisten
	at_most 6 "$(grep -oE 'client=10.1.0.2:50[0-9]+ ' /tmp/sync.heard | sort -u | wc -l)" "told without a queue"
	equal 12 "$(grep -oE 'client=10.1.0.2:60[0-9]+ ' /tmp/sync.heard | sort -u | wc -l)"
}

@test "sync_sock_size is what the daemons' sockets ask for when they start" {
	sizes() { in_ns director ss -uamnH | grep -oE '[rt]b140000' | sort -u | xargs; }
	master
	backup
	equal "" "$(sizes)"
	genl del_daemon m.state=1 > /dev/null
	genl del_daemon m.state=2 > /dev/null
	# twice as much with what the kernel adds for itself
	knob sync_sock_size 70000
	master
	backup
	equal "rb140000 tb140000" "$(sizes)"
}

@test "a TCP connection is told when established and at its end, with its template" {
	family 4
	service 80 rr 8080 "-p 50"
	listen
	master
	in_ns client curl -sS --max-time 10 --local-port 4001 "http://$VIP:80/" >/dev/null
	wait_for 10 has_text 'client=10.1.0.2:4001 .* state=5 ' heard
	knob sync_persist_mode 1
	in_ns client curl -sS --max-time 10 --local-port 4002 "http://$VIP:80/" >/dev/null
	knob sync_persist_mode 0
	in_ns client curl -sS --max-time 10 --local-port 4003 "http://$VIP:80/" >/dev/null
	wait_for 10 has_text 'client=10.1.0.2:4003 .* state=5 ' heard
	unlisten
	echo "# states: $(states_told 4001)" >&3
	matches '^1 .*5$' "$(states_told 4001)"
	equal "" "$(states_told 4002)"
	matches '^  proto=6 client=10.1.0.2:0 virt=10.9.0.1:80 dest=10.2.[123].2:8080 flags=0x1100 state=1 timeout=50 mark=0$' "$(heard)"
}

@test "version 0 is told on demand, without IPv6" {
	family 4
	udp_service 7000 rr
	family 6
	udp_service 7000 rr
	listen
	knob sync_version 0
	master
	knob sync_threshold "0 1"
	udp 4001 1 2001:db8:9::1
	udp 4002 1
	wait_for 10 is_equal 1 told 4002
	unlisten
	equal 0 "$(told 4001)"
	matches '^v=0 id=7 records=1 bytes=28$' "$(heard)"
	matches '^  proto=17 client=10.1.0.2:4002 virt=10.9.0.1:7000 dest=10.2.[123].2:7000 flags=0x100 state=0$' "$(heard)"
}

@test "all of many connections are told, and no datagram has more than its header can count" {
	[ "$MODULES" = ours ] || skip "upstream counts modulo 256"
	family 4
	udp_service 7000 rr
	listen
	master m.maxlen=65507
	knob sync_threshold "0 1"
	in_ns client "$PEER" forge udp 10.1.0.2 5001 10.9.0.1 7000 600
	wait_for 20 is_equal 1 told 5600
	unlisten
	equal 600 "$(grep -oE 'client=10.1.0.2:5[0-9]+ ' /tmp/sync.heard | sort -u | wc -l)"
	at_most 255 "$(sed -n 's/.* records=\([0-9]*\) .*/\1/p' /tmp/sync.heard | sort -n | tail -n 1)" "records in one"
}

@test "a small datagram length makes one datagram per record" {
	family 4
	udp_service 7000 rr
	listen
	master m.maxlen=1
	knob sync_threshold "0 1"
	udp 4001 5
	wait_for 10 is_equal 5 told 4001
	unlisten
	equal 5 "$(grep -c '^v=1 id=7 records=1 bytes=44$' /tmp/sync.heard)"
}

# ---- the bytes of the kernel's own modules ----

# tests/sync/datagrams is what the master of the kernel's own modules sends in this case, sorted; it stays in
# $OUT/datagrams after a run. Of each connection there is one packet, and each record has a datagram.
@test "a master sends the very bytes that the kernel's own sends" {
	family 6
	adm -A -u "$VIP:7000" -s rr
	adm -a -u "$VIP:7000" -r "${RS[1]}:7000" -m
	family 4
	adm -R <<-RULES
		-A -u $VIP:7000 -s rr
		-a -u $VIP:7000 -r ${RS[2]}:7000 -m
		-A -u $VIP:7001 -s rr -p 100
		-a -u $VIP:7001 -r ${RS[3]}:9 -m
	RULES
	listen record
	master m.maxlen=1
	knob sync_threshold "0 1"
	udp 4001 1
	udp 4002 1 10.9.0.1 7001
	udp 4003 1 2001:db8:9::1
	wait_for 20 is_equal 4 datagrams
	knob sync_version 0
	udp 4004 1
	wait_for 20 is_equal 5 datagrams
	unlisten
	grep '^hex=' /tmp/sync.heard | sort > "$OUT/datagrams"
	same_text "$(grep -v '^#' "$TREE/tests/sync/datagrams")" "$(cat "$OUT/datagrams")"
}

datagrams() { grep -c '^hex=' /tmp/sync.heard || true; }

@test "a backup understands what the kernel's own master sends" {
	backup
	inject < "$TREE/tests/sync/datagrams"
	wait_for 20 is_equal 5 connections
	same_text "$(sort <<-'LIST'
		UDP 0A010002 0FA1 0A090001 1B58 0A020202 1B58 UDP SYNC 300
		UDP 0A010002 0FA2 0A090001 1B59 0A020302 0009 UDP SYNC 300
		UDP 0A010002 0000 0A090001 1B59 0A020302 0009 NONE SYNC 100
		UDP 0A010002 0FA4 0A090001 1B58 0A020202 1B58 UDP SYNC 300
		UDP 2001:0db8:0001:0000:0000:0000:0000:0002 0FA3 2001:0db8:0009:0000:0000:0000:0000:0001 1B58 2001:0db8:0021:0000:0000:0000:0000:0002 1B58 UDP SYNC 300
	LIST
	)" "$(synced)"
}

# ---- two directors ----

table() {	# NAMESPACE: connections without their times
	in_ns "$1" awk 'NR > 1 { NF = 8; print }' /proc/net/ip_vs_conn | sort
}

peer_adm() { in_ns peer "$IPVSADM" "$@"; }

@test "a backup director learns the table of its master" {
	family 6
	udp_service 7000 rr
	family 4
	udp_service 7000 rr
	service 80 wlc 8080 "-p 100"
	adm -S -n | peer_adm -R
	peer_adm --start-daemon backup --mcast-interface y1 --syncid 9
	in_ns director "$IPVSADM" --start-daemon master --mcast-interface y0 --syncid 9
	knob sync_threshold "0 1"
	knob sync_ports 1
	for ((i = 1; i <= 5; i++)); do udp $((4000 + i)) 1; udp $((4100 + i)) 1 2001:db8:9::1; done
	conn_open held "$VIP_RAW" 80 4200
	http 3 > /dev/null
	wait_for 15 is_equal "$(table director)" table peer
	equal "$(adm -Ln | awk '$1 == "->" { n += $5 + $6 } END { print n }')" \
		"$(peer_adm -Ln | awk '$1 == "->" { n += $5 + $6 } END { print n }')"
	peer_adm --stop-daemon backup
	peer_adm -C
}

# ---- a director that comes back ----

# In hex what is no record: a question for all connections, and that it was heard.
ASK=hex=00070010000100006e6f746501000000
HEARD=hex=00070010000100006e6f746502000000

@test "notes between directors of ours are empty datagrams to a backup" {
	backup
	log_mark
	inject <<-WORDS
		$ASK
		$HEARD
		hex=00070010000100006e6f7465ff000000
		hex=00070011000100006e6f74650100000000
		; client=10.1.0.2:2001
	WORDS
	wait_for 10 is_equal 1 connections
	equal "" "$(log_since)"
}
log_mark() { echo "sync case $BATS_TEST_NUMBER" > /dev/kmsg; }
log_since() { dmesg | sed -n "/sync case $BATS_TEST_NUMBER\$/,\$p" | sed 1d | grep -i IPVS || true; }

@test "who asks is heard, and told of all connections" {
	[ "$MODULES" = ours ] || skip "upstream's master hears nobody"
	family 4
	udp_service 7000 rr
	knob sync_threshold "3 0"
	for p in 4001 4002 4003; do udp $p 1; done
	listen
	master
	# not of another group, nor what only looks like it
	inject <<-WORDS
		${ASK/hex=0007/hex=0008}
		hex=00070014000100006e6f74650100000000000000
		hex=00070010010100006e6f746501000000
	WORDS
	# no question, or all of them would be heard before this one
	equal 0 "$(told 4001)"
	inject <<< "$ASK"
	wait_for 10 is_equal 1 told 4003
	wait_for 10 is_equal 1 told 4001
	equal 1 "$(grep -c '^note=2' /tmp/sync.heard)"
	matches '^  proto=17 client=10.1.0.2:4002 virt=10.9.0.1:7000 dest=10.2.[123].2:7000 flags=0x100 state=0 timeout=300 mark=0$' "$(heard)"
	# a backup without an id may ask, too
	inject <<< "${ASK/hex=0007/hex=0000}"
	wait_for 10 is_equal 2 told 4001
	unlisten
}

@test "a backup that starts learns connections that are silent" {
	[ "$MODULES" = ours ] || skip "upstream tells only of those whose packets come"
	family 6
	udp_service 7000 rr
	family 4
	udp_service 7000 rr
	service 80 wlc 8080 "-p 100"
	adm -S -n > /tmp/rules
	peer_adm -R < /tmp/rules
	knob sync_threshold "3 0"
	udp 4001 1
	udp 4002 1 2001:db8:9::1
	conn_open silent "$VIP_RAW" 80 4201
	in_ns director "$IPVSADM" --start-daemon master --mcast-interface y0 --syncid 9
	peer_adm --start-daemon backup --mcast-interface y1 --syncid 9
	wait_for 15 is_equal "$(table director)" table peer
	at_least 4 "$(table peer | wc -l)"
	# the other way round, by IPv6
	adm --stop-daemon master
	peer_adm --stop-daemon backup
	adm -C
	adm -R < /tmp/rules
	peer_adm --start-daemon master --mcast-interface y1 --mcast-group ff02::51
	in_ns director "$IPVSADM" --start-daemon backup --mcast-interface y0 --mcast-group ff02::51
	wait_for 15 is_equal "$(table peer)" table director
	peer_adm --stop-daemon master
	peer_adm -C
}

# ---- the last one: these templates keep their engine loaded ----

@test "an engine's templates are made if the engine is there, and never load it" {
	backup
	inject <<-'WORDS'
		; proto=17 flags=0x1100 client=10.1.0.2:0 virt=10.9.0.1:5060 dest=10.2.1.2:5060 pe=sip/abc123@host ; client=10.1.0.2:2001
	WORDS
	wait_for 10 is_equal 1 connections
	modprobe ip_vs_pe_sip
	inject <<-'WORDS'
		; proto=17 flags=0x1100 client=10.1.0.2:0 virt=10.9.0.1:5060 dest=10.2.1.2:5060 pe=sip/abc123@host ; proto=17 flags=0x1100 client=10.1.0.2:0 virt=10.9.0.1:5060 dest=10.2.2.2:5060 pe=sip/other
		; proto=17 flags=0x1100 client=10.1.0.2:0 virt=10.9.0.1:5060 dest=10.2.2.2:5060 pe=nosuch/other ; client=10.1.0.2:2002
	WORDS
	wait_for 10 is_equal 4 connections
	same_text $'UDP 0A010002 0000 0A090001 13C4 0A020102 13C4 ASSURED sip abc123@host\nUDP 0A010002 0000 0A090001 13C4 0A020202 13C4 ASSURED sip other' \
		"$(in_ns director awk '$10 == "sip" { $9 = ""; print }' /proc/net/ip_vs_conn | tr -s ' ' | sort)"
}
