#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only
# ours only: the stock modules have no tracepoints.
# What the tracepoints under events/ip_vs say about situations made on purpose.

setup_file() {
	. "$TREE/tests/lib/e2e.bash"
	topo
	peers_start
}
teardown_file() { . "$TREE/tests/lib/e2e.bash"; topo_down; }
setup() {
	. "$TREE/tests/lib/e2e.bash"
	tracing=/sys/kernel/tracing
	echo > $tracing/trace
	echo 1 > $tracing/events/ip_vs/enable
}
teardown() {
	echo 0 > $tracing/events/ip_vs/enable
	adm -C
	stop_traffic open
}

# traced EVENT: the lines of that event, without task and time
traced() { sed -n "s/^.* $1: //p" "$tracing/trace"; }

# An address and port as the kernel prints them, ready for a regular expression.
endpoint() { sed 's|[].[]|\\&|g' <<< "$1:$2"; }

@both "the birth of a connection and the decision that led to it" {
	service 80 rr 7000
	conn_open a "$VIP_RAW" 80 4001
	c=$(endpoint "$CIP" 4001) v=$(endpoint "$VIP" 80) d=$(endpoint "${RS[3]}" 7000)
	equal 1 "$(traced ip_vs_schedule | wc -l)"
	matches "proto=6 client=$c virtual=$v .*sched=rr found=1 dest=$d\$" "$(traced ip_vs_schedule)"
	equal 1 "$(traced ip_vs_conn_new | wc -l)"
	matches "proto=6 client=$c virtual=$v dest=$d " "$(traced ip_vs_conn_new)"
	# What follows on the connection decides nothing.
	conn_say a hello
	equal 1 "$(traced ip_vs_schedule | wc -l)"
}

@both "the end of a connection" {
	adm --set 900 120 1
	udp_service 53 rr
	in_ns client "$PEER" udp "$VIP_RAW" 53 1 4002
	adm --set 900 120 300
	c=$(endpoint "$CIP" 4002) v=$(endpoint "$VIP" 53)
	wait_for 15 has_text "proto=17 client=$c virtual=$v dest=" traced ip_vs_conn_expire
}

@both "a packet that nobody can serve" {
	adm -A -t "$VIP:81" -s rr
	run conn_open a "$VIP_RAW" 81 4003
	equal ECONNREFUSED "$output"
	c=$(endpoint "$CIP" 4003) v=$(endpoint "$VIP" 81)
	matches "reason=NO_DEST proto=6 hook=[0-9] src=$c dst=$v\$" "$(traced ip_vs_drop)"
	matches "client=$c virtual=$v .*found=0" "$(traced ip_vs_schedule)"
}

@both "a packet for a server that was removed" {
	service 80 rr 7000
	conn_open a "$VIP_RAW" 80 4004
	adm -d -t "$VIP:80" -r "${RS[3]}:7000"
	run conn_say a lost
	equal timeout "$output"
	matches "reason=DEST_GONE .*src=$(endpoint "$CIP" 4004) dst=$(endpoint "$VIP" 80)\$" "$(traced ip_vs_drop)"
}

@both "a packet whose hops are used up" {
	udp_service 53 rr
	# A client that sends with one hop left: its packet reaches the director and may go no further.
	if [ "$FAM" = 4 ]; then
		in_ns client sh -c 'echo 1 > /proc/sys/net/ipv4/ip_default_ttl'
	else
		in_ns client sh -c 'echo 1 > /proc/sys/net/ipv6/conf/all/hop_limit; echo 1 > /proc/sys/net/ipv6/conf/c0/hop_limit'
	fi
	run in_ns client "$PEER" udp "$VIP_RAW" 53 1 4005
	if [ "$FAM" = 4 ]; then
		in_ns client sh -c 'echo 64 > /proc/sys/net/ipv4/ip_default_ttl'
	else
		in_ns client sh -c 'echo 64 > /proc/sys/net/ipv6/conf/all/hop_limit; echo 64 > /proc/sys/net/ipv6/conf/c0/hop_limit'
	fi
	matches "reason=TTL .*src=$(endpoint "$CIP" 4005) " "$(traced ip_vs_drop)"
}

@test "what a backup made of each datagram: those without effect are counted by reason" {
	family 4
	adm --start-daemon backup --mcast-interface dc --syncid 7
	in_ns client python3 -S "$TREE/tests/tools/sync.py" send c0 224.0.0.81 8848 <<-'WORDS'
		hex=000700
		length=45 ; client=10.1.0.2:3001
		length=43 ; client=10.1.0.2:3001
		id=8 ; client=10.1.0.2:3001
		; size=4132 client=10.1.0.2:3001
		; client=10.1.0.2:3001
	WORDS
	wait_for 10 has_text 'records=1 result=taken' traced ip_vs_sync_receive
	adm --stop-daemon backup
	equal "1 foreign id 1 malformed 1 taken 1 too short 2 wrong length" \
		"$(traced ip_vs_sync_receive | sed 's/.*result=//' | sort | uniq -c | xargs)"
}
