#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only
# Synchronisation: what the commands for its daemons answer, and what a backup makes of datagrams, which a program sends.

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
setup() {
	. "$TREE/tests/lib/e2e.bash"
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
	knob sync_ports 4
	genl new_daemon m.state=1 $C
	knob sync_ports 1
	genl new_daemon m.state=2 $C
	equal "ipvs-m:0 ipvs-m:1 ipvs-m:2 ipvs-m:3" "$(threads m)"
	equal "ipvs-b:0 ipvs-b:1 ipvs-b:2 ipvs-b:3" "$(threads b)"
	# a master of ours listens for questions on the first port, too
	equal "8848 8849 8850 8851" "$(in_ns director ss -Hlun | awk '{ sub(/.*:/, "", $4); print $4 }' | sort -u | xargs)"
	genl del_daemon m.state=1
	genl del_daemon m.state=2
	equal "" "$(threads '[mb]')"
	genl new_daemon m.state=2 $C
	equal "ipvs-b:0" "$(threads b)"
}

@test "the kernel log tells of the module, and of daemons, once for each thread" {
	matches 'IPVS: Registered protocols \(TCP, UDP, SCTP, AH, ESP\)$' "$(dmesg)"
	matches 'IPVS: ipvs loaded\.$' "$(dmesg)"
	echo "a case about logs" > /dev/kmsg
	genl new_daemon m.state=1 $C
	genl new_daemon m.state=2 $C
	genl del_daemon m.state=1
	genl del_daemon m.state=2
	same_text "$(cat <<-'LOG'
		IPVS: sync thread started: state = MASTER, mcast_ifn = y0, syncid = 7, id = 0
		IPVS: sync thread started: state = BACKUP, mcast_ifn = y0, syncid = 7, id = 0
		IPVS: stopping master sync thread N ...
		IPVS: stopping backup sync thread N ...
	LOG
	)" "$(dmesg | sed '1,/a case about logs/d; s/^\[[^]]*\] //; s/thread [0-9]* /thread N /')"
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
