#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only
# Synchronisation: what the commands for its daemons answer, which connections a master tells of, and what a backup
# makes of right and wrong datagrams. A program plays the other side, so that both directions are proven against the
# bytes and not only against ourselves; one case lets two directors talk to each other.

setup_file() {
	. "$TREE/tests/lib/e2e.bash"
	topo
	# the second director, behind a link of its own
	ip -b - <<-'IP'
		netns add peer
		link add y0 netns director type veth peer name y1 netns peer
	IP
	ip -n director -b - <<-'IP'
		link set y0 up
		addr add 10.7.0.1/24 dev y0
		addr add 2001:db8:7::1/64 dev y0 nodad
		link add down0 type dummy
		link add jumbo mtu 9000 type dummy
		link set jumbo up
		addr add 10.8.0.1/24 dev jumbo
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
# No connections and no settings of the case before.
fresh_modules() {
	client_end genl director
	wait_for 5 modules_unload
	modprobe ip_vs
}

setup() {
	. "$TREE/tests/lib/e2e.bash"
	fresh_modules
	genl_open
	C="m.ifn=y0 m.id=7"
}
teardown() {
	genl del_daemon m.state=1 >/dev/null || true
	genl del_daemon m.state=2 >/dev/null || true
	adm -C
}

daemons() { genl get_daemon dump | sed -n 's/^daemon //p'; }

@test "a daemon's configuration is checked in the order that clients know" {
	genl_table <<-TABLE
		EINVAL | new_daemon
		EINVAL | new_daemon daemon
		EINVAL | new_daemon m.ifn=y0 m.id=7
		EINVAL | new_daemon m.state=1 m.id=7
		EINVAL | new_daemon m.state=1 m.ifn=y0
		EINVAL | new_daemon m.state=1 m.ifn=y0 m.3:07
		EINVAL | new_daemon m.state=1 m.ifn=nosuch m.id=7 m.group=10.0.0.1
		EINVAL | new_daemon m.state=1 m.ifn=nosuch m.id=7 m.group6=2001:db8::1
		EINVAL | new_daemon m.state=1 $C m.group=10.0.0.1 m.group6=ff02::1
		ENODEV | new_daemon m.state=1 m.ifn=nosuch m.id=7
		ENODEV | new_daemon m.state=1 m.ifn= m.id=7
		ENODEV | new_daemon m.state=3 m.ifn=nosuch m.id=7
		EINVAL | new_daemon m.state=3 $C
		EINVAL | new_daemon m.state=0 $C
		EINVAL | del_daemon
		EINVAL | del_daemon daemon
		EINVAL | del_daemon m.state=3
		ESRCH  | del_daemon m.state=1
		ESRCH  | del_daemon m.state=2 m.ifn= m.id=0
		ENETUNREACH | new_daemon m.state=1 m.ifn=down0 m.id=7
		OK     | new_daemon m.state=2 m.ifn=down0 m.id=7
		EEXIST | new_daemon m.state=2 $C
		ENODEV | new_daemon m.state=2 m.ifn=nosuch m.id=7
		OK     | new_daemon m.state=1 $C
		EEXIST | new_daemon m.state=1 $C
		OK     | del_daemon m.state=1
		ESRCH  | del_daemon m.state=1
		OK     | del_daemon m.state=2
		OK     | new_daemon m.state=1 $C m.group=239.1.1.1 m.group6=2001:db8::1
	TABLE
}

# shown WANTED WORDS...: start a daemon, compare what the list says, stop it
shown() {
	local want=$1 state=${2#m.state=}
	shift
	genl new_daemon "$@" > /dev/null
	equal "$want" "$(daemons)" "list after $*"
	genl del_daemon "m.state=$state" > /dev/null
}

@test "what is not given takes its default, and lengths are clamped" {
	local g='port=8848 ttl=1 group=e0000051' g6='port=8848 ttl=1 group6=ff020000000000000000000000000051'
	shown "state=1 ifn=y0 id=7 maxlen=1472 $g" m.state=1 $C
	shown "state=1 ifn=jumbo id=0 maxlen=1472 $g" m.state=1 m.ifn=jumbo m.id=0
	shown "state=1 ifn=y0 id=7 maxlen=1452 $g6" m.state=1 $C m.group6=ff02::51
	shown "state=1 ifn=y0 id=7 maxlen=1 $g" m.state=1 $C m.maxlen=1
	shown "state=1 ifn=y0 id=7 maxlen=65507 $g" m.state=1 $C m.maxlen=65535
	shown "state=1 ifn=y0 id=7 maxlen=65487 $g6" m.state=1 $C m.maxlen=65535 m.group6=ff02::51
	shown "state=2 ifn=y0 id=4096 maxlen=1472 $g" m.state=2 m.ifn=y0 m.id=4096
	shown "state=2 ifn=lo id=7 maxlen=65507 $g" m.state=2 m.ifn=lo m.id=7
	shown "state=2 ifn=jumbo id=7 maxlen=8972 $g" m.state=2 m.ifn=jumbo m.id=7
	shown "state=2 ifn=jumbo id=7 maxlen=8952 $g6" m.state=2 m.ifn=jumbo m.id=7 m.group6=ff02::51
	shown "state=2 ifn=y0 id=7 maxlen=1024 $g" m.state=2 $C m.maxlen=1
	shown "state=2 ifn=y0 id=7 maxlen=65487 $g6" m.state=2 $C m.maxlen=65535 m.group6=ff02::51
	shown "state=2 ifn=y0 id=7 maxlen=1472 port=9 ttl=255 group=ef010203" m.state=2 $C m.port=9 m.ttl=255 \
		m.group=239.1.2.3
	shown "state=1 ifn=y0 id=7 maxlen=1472 $g" m.state=1 $C m.port=0 m.ttl=0 m.maxlen=0
}

@test "the master is listed first, and ipvsadm shows both" {
	genl new_daemon m.state=2 m.ifn=jumbo m.id=3 m.maxlen=2000
	genl new_daemon m.state=1 $C
	equal $'state=1 ifn=y0\nstate=2 ifn=jumbo' "$(daemons | cut -d ' ' -f 1,2)"
	equal $'master sync daemon (mcast=y0, syncid=7, maxlen=1472, group=224.0.0.81, port=8848, ttl=1)\nbackup sync daemon (mcast=jumbo, syncid=3, maxlen=2000, group=224.0.0.81, port=8848, ttl=1)' \
		"$(adm -L --daemon)"
}

threads() { ps -eo comm= | grep -E "^ipvs-$1:" | sed 's/:[0-9]*:/:/' | sort | xargs; }

@test "the first daemon's sync_ports decides how many threads both roles have" {
	in_ns director sysctl -qw net.ipv4.vs.sync_ports=4
	genl new_daemon m.state=1 $C
	in_ns director sysctl -qw net.ipv4.vs.sync_ports=1
	genl new_daemon m.state=2 $C
	equal "ipvs-m:0 ipvs-m:1 ipvs-m:2 ipvs-m:3" "$(threads m)"
	equal "ipvs-b:0 ipvs-b:1 ipvs-b:2 ipvs-b:3" "$(threads b)"
	equal "8848 8849 8850 8851" "$(in_ns director ss -Hlun | awk '{ sub(/.*:/, "", $4); print $4 }' | sort | xargs)"
	genl del_daemon m.state=1
	genl del_daemon m.state=2
	equal "" "$(threads '[mb]')"
	genl new_daemon m.state=2 $C
	equal "ipvs-b:0" "$(threads b)"
}

@test "a destination of another family and a daemon exclude each other" {
	local S="svc=2/6/10.9.0.1/80" D="d.addr=2001:db8:21::2 d.port=80 d.af=10 d.fwd=2 d.weight=1 d.u=0 d.l=0"
	genl new_service $S sched=rr flags=0 timeout=0 netmask=255.255.255.255
	genl_table <<-TABLE
		OK     | new_dest $S $D
		EINVAL | new_daemon m.state=1 $C
		EINVAL | new_daemon m.state=2 m.ifn=nosuch m.id=7
		EINVAL | new_daemon m.state=1 m.ifn=y0 m.id=7 m.group=10.0.0.1
		OK     | del_dest $S $D
		OK     | new_daemon m.state=2 $C
		EINVAL | new_dest $S $D
		EINVAL | set_dest $S $D
		ENOENT | del_dest $S $D
		OK     | del_daemon m.state=2
		OK     | new_dest $S $D
	TABLE
}

@test "a hundred daemons are started and stopped at once, and each is answered" {
	[ "$MODULES" = ours ] || skip "upstream loses answers"
	for ((i = 0; i < 50; i++)); do
		echo "OK | new_daemon m.state=2 $C"
		echo "OK | del_daemon m.state=2"
		echo "OK | new_daemon m.state=1 $C"
		echo "OK | del_daemon m.state=1"
	done | genl_table
}

@test "daemons go with their namespace" {
	local before
	ip netns add gone
	ip -n gone link set lo up
	before=$(modules_refs)
	in_ns gone "$IPVSADM" --start-daemon backup --mcast-interface lo
	equal $((before + 1)) "$(modules_refs)"
	ip netns del gone
	wait_for 10 eval '[ "$(modules_refs)" = '"$before"' ]'
}

@test "a daemon outlives its device and can be stopped" {
	ip -n director link add short0 type dummy
	ip -n director link set short0 up
	ip -n director addr add 10.6.0.1/24 dev short0
	genl new_daemon m.state=1 m.ifn=short0 m.id=1
	genl new_daemon m.state=2 m.ifn=short0 m.id=1
	ip -n director link del short0
	equal 2 "$(daemons | grep -c ifn=short0)"
	genl del_daemon m.state=1
	genl del_daemon m.state=2
}

# ---- a backup hears a program ----

inject() { in_ns peer python3 -S "$TREE/tests/tools/sync.py" send y1 "${GROUP:-224.0.0.81}" 8848; }

# What the table says about synchronised connections; what is left of their time in steps of ten seconds.
synced() {
	in_ns director awk 'NR > 1 { $10 = int(($10 + 9) / 10) * 10; print }' /proc/net/ip_vs_conn_sync | sort
}
connections() { in_ns director awk 'NR > 1' /proc/net/ip_vs_conn_sync | wc -l; }

# shellcheck disable=SC2120
backup() { genl new_daemon m.state=2 $C "$@" > /dev/null; }

@test "records make connections, bound to the server if it is configured" {
	family 4
	service 80 rr
	backup
	inject <<-'WORDS'
		; timeout=100 ; client=10.1.0.2:2002 dest=10.2.9.9:8080 flags=0x100 state=4 timeout=50 ; client=10.1.0.2:2003 dest=10.2.2.2:8080 flags=0x100 state=7 timeout=0
		; proto=17 client=10.1.0.2:2004 virt=10.9.0.1:53 dest=10.2.1.2:53 state=0 timeout=0 ; proto=6 flags=0x1100 client=10.1.0.0:0 dest=10.2.3.2:8080 timeout=0
		; proto=6 client=10.1.0.2:2005 dest=10.2.1.2:8080 state=1 timeout=900 mark=5 seq=1,2,3,4,5,6 opt=0x45:00 flags=0x600
	WORDS
	wait_for 10 is_equal 6 connections
	same_text "$(sort <<-'LIST'
		TCP 0A010002 07D1 0A090001 0050 0A020102 1F90 ESTABLISHED SYNC 100
		TCP 0A010002 07D2 0A090001 0050 0A020909 1F90 FIN_WAIT SYNC 50
		TCP 0A010002 07D3 0A090001 0050 0A020202 1F90 CLOSE_WAIT SYNC 60
		UDP 0A010002 07D4 0A090001 0035 0A020102 0035 UDP SYNC 300
		TCP 0A010000 0000 0A090001 0050 0A020302 1F90 ASSURED SYNC 180
		TCP 0A010002 07D5 0A090001 0050 0A020102 1F90 ESTABLISHED SYNC 900
	LIST
	)" "$(synced)"
	equal "2 0 0" "$(column 5 -t "$VIP:80")"
	equal "0 1 0" "$(column 6 -t "$VIP:80")"
	equal 1 "$(adm -Ln --persistent-conn | awk '$2 == "10.2.3.2:8080" { print $4 }')"
}

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

# shellcheck disable=SC2120
listen() {	# record what the master of the director tells until heard
	"$PEER" in peer python3 -S "$TREE/tests/tools/sync.py" listen y1 "${1:-224.0.0.81}" 8848 > /tmp/sync.heard 2>&1 3>&- 7>&- 8>&- &
	echo $! > /tmp/sync.pid
	wait_for 10 grep -q listening /tmp/sync.heard
}
unlisten() { kill "$(cat /tmp/sync.pid)" 2>/dev/null || true; }
heard() { cat /tmp/sync.heard; }
master() { genl new_daemon m.state=1 $C "$@" > /dev/null; }
told() { grep -c "client=.*:$1 virt" /tmp/sync.heard || true; }	# how many records of the client's port

# udp PORT COUNT [ADDRESS]: that many packets from a port of the client to port 7000 of the VIP
udp() {
	in_ns client python3 -S -c '
import socket, sys
port, count, addr = int(sys.argv[1]), int(sys.argv[2]), sys.argv[3]
s = socket.socket(socket.AF_INET6 if ":" in addr else socket.AF_INET, socket.SOCK_DGRAM)
s.bind(("", port))
for i in range(count):
    s.sendto(b"x", (addr, 7000))' "$1" "$2" "${3:-10.9.0.1}"
}

knob() { in_ns director sysctl -qw "net.ipv4.vs.$1=$2"; }

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

@test "no datagram has more records than its header can count" {
	[ "$MODULES" = ours ] || skip "upstream counts modulo 256"
	family 4
	udp_service 7000 rr
	listen
	master m.maxlen=65507
	knob sync_threshold "0 1"
	udp 4001 700
	udp 4002 1
	wait_for 10 is_equal 1 told 4002
	unlisten
	equal 700 "$(told 4001)"
	equal "255 255 191" "$(sed -n 's/.* records=\([0-9]*\) .*/\1/p' /tmp/sync.heard | xargs)"
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
