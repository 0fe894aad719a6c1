#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only
# The life of a connection as the director sees it: states, timeouts, active and inactive counts, expiry.

setup_file() {
	. "$TREE/tests/lib/e2e.bash"
	topo
	peers_start
}
teardown_file() { . "$TREE/tests/lib/e2e.bash"; topo_down; }
setup() { . "$TREE/tests/lib/e2e.bash"; }
teardown() { adm -C; stop_traffic open; }

# Each case has a port of its own on the virtual address, and so a server whose counts no other case touches.
tcp_on() { adm -A -t "$VIP:$1" -s rr; adm -a -t "$VIP:$1" -r "${RS[1]}:${2:-7000}" -m; }
udp_on() { adm -A -u "$VIP:$1" -s rr; adm -a -u "$VIP:$1" -r "${RS[1]}:7000" -m; }

# row PORT: state and seconds left of the connection from that port of the client
row() {
	adm -Lnc | awk -v c="$CIP:$1" '$4 == c { split($2, t, ":"); print $3, t[1] * 60 + t[2] }'
}
state_of() { local state _; read -r state _ < <(row "$1") && echo "$state"; }

has_state() {	# PORT STATE TIMEOUT
	local left
	wait_for 5 is_equal "$2" state_of "$1"
	left=$(row "$1")
	left=${left#* }
	at_most "$3" "$left" "seconds left in $2"
	# Emulated machines may be slow.
	at_least $(($3 > 30 ? $3 - 25 : 0)) "$left" "seconds left in $2"
}

active_inactive() { adm -Ln "$1" "$VIP:$2" | awk '$1 == "->" && $2 ~ /[0-9]/ { print $5, $6 }'; }

@both "an open connection is ESTABLISHED, for 15 minutes, and active" {
	tcp_on 8001
	conn_open a "$VIP_RAW" 8001 2001
	has_state 2001 ESTABLISHED 900
	equal "1 0" "$(active_inactive -t 8001)"
}

@both "a client that closes first leaves CLOSE_WAIT, then TIME_WAIT, inactive" {
	tcp_on 8002
	conn_open a "$VIP_RAW" 8002 2002
	conn_say a '!stay'
	conn_say a @fin
	has_state 2002 CLOSE_WAIT 60
	equal "0 1" "$(active_inactive -t 8002)"
	conn_open b "$VIP_RAW" 8002 2003
	conn_say b @close
	has_state 2003 TIME_WAIT 120
	equal "0 2" "$(active_inactive -t 8002)"
}

@both "a server that closes first leaves FIN_WAIT, then TIME_WAIT" {
	tcp_on 8004
	conn_open a "$VIP_RAW" 8004 2004
	run conn_say a '!fin'
	equal end "$output"
	has_state 2004 FIN_WAIT 120
	equal "0 1" "$(active_inactive -t 8004)"
	conn_say a @close
	wait_for 5 is_equal TIME_WAIT state_of 2004
}

@both "a server that does not answer leaves SYN_RECV; one that refuses, CLOSE" {
	tcp_on 8005
	in_ns s1 nft 'add table inet t { chain i { type filter hook input priority 0; tcp dport 7000 drop; }; }'
	run conn_open a "$VIP_RAW" 8005 2005
	in_ns s1 nft delete table inet t
	equal timeout "$output"
	has_state 2005 SYN_RECV 60
	equal "1 0" "$(active_inactive -t 8005)"
	tcp_on 8006 9
	run conn_open b "$VIP_RAW" 8006 2006
	equal ECONNREFUSED "$output"
	has_state 2006 CLOSE 10
}

@both "a reset by the server closes the connection" {
	tcp_on 8007
	conn_open a "$VIP_RAW" 8007 2007
	run conn_say a '!rst'
	equal ECONNRESET "$output"
	has_state 2007 CLOSE 10
}

@both "a UDP flow is listed for five minutes and never active" {
	udp_on 8008
	in_ns client "$PEER" udp "$VIP_RAW" 8008 1 2008
	has_state 2008 UDP 300
	equal "0 1" "$(active_inactive -u 8008)"
}

@both "connections expire and their counts return to nothing" {
	adm --set 2 2 2
	tcp_on 8009
	udp_on 8009
	conn_open a "$VIP_RAW" 8009 2009
	conn_open b "$VIP_RAW" 8009 2010
	conn_say b '!fin' || true
	in_ns client "$PEER" udp "$VIP_RAW" 8009 3 2011
	adm --set 900 120 300
	for port in 2009 2010 2011; do wait_for 15 is_equal "" row $port; done
	equal "0 0" "$(active_inactive -t 8009)"
	equal "0 0" "$(active_inactive -u 8009)"
}

@test "timeouts can be read back, and nought keeps what was" {
	matches '\(tcp tcpfin udp\): 900 120 300' "$(adm -L --timeout)"
	adm --set 100 0 50
	matches '\(tcp tcpfin udp\): 100 120 50' "$(adm -L --timeout)"
	adm --set 900 120 300
}

@both "the numbers of the servers add up to those of the service and of all" {
	udp_on 8012
	adm -Z
	in_ns client "$PEER" udp "$VIP_RAW" 8012 5
	# Counters are refreshed every two seconds.
	wait_for 10 has_text "^UDP +\\S+ +5 +5 +5 " adm -Ln --stats --exact
	equal "5 5 5" "$(adm -Ln --stats --exact | awk '$1 == "->" && $2 ~ /[0-9]/ { print $3, $4, $5 }')"
	equal "5 5 5" "$(in_ns director awk 'NR == 3 { print $1, $2, $3 }' /proc/net/ip_vs_stats)"
	adm -Z
	equal "0 0 0 0 0" "$(adm -Ln --stats --exact | awk '$1 == "UDP" { print $3, $4, $5, $6, $7 }')"
}
