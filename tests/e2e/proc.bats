#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only
# /proc/net/ip_vs*: the exact bytes that monitoring programs parse, and the counters behind them.

setup_file() {
	. "$TREE/tests/lib/e2e.bash"
	topo
	peers_start
}
teardown_file() { . "$TREE/tests/lib/e2e.bash"; topo_down; }
setup() { . "$TREE/tests/lib/e2e.bash"; }
teardown() { adm -C; }

proc() { in_ns director cat "/proc/net/$1"; }

buckets() { in_ns director sed -n "s/^$1 buckets:\t\([0-9]*\) .*/\1/p" /proc/net/ip_vs_status; }	# Conn, Service

# First, as long as there are no connections of other cases.
@test "the load factors make the tables roomier, and tighter again" {
	[ "$MODULES" != stock ] || return 0
	family 4
	in_ns director sysctl -qw net.ipv4.vs.svc_lfactor=-8 net.ipv4.vs.conn_lfactor=0
	for p in 1 2 3 4; do echo "-A -u 10.9.0.1:$p -s rr"; done | adm -R
	udp_service 53 rr
	wait_for 5 is_equal 2048 buckets Service		# five, and 256 for each
	in_ns client "$PEER" udp "$VIP_RAW" 53 3 > /dev/null
	equal 1024 "$(buckets Conn)"
	in_ns director sysctl -qw net.ipv4.vs.conn_lfactor=-8
	wait_for 5 is_equal 2048 buckets Conn			# six entries
	in_ns client "$PEER" udp "$VIP_RAW" 53 20 > /dev/null
	wait_for 5 is_equal 4096 buckets Conn			# conn_tab_bits allows no more
	equal 24 "$(grep -c . <(proc ip_vs_conn))"
	in_ns director sysctl -qw net.ipv4.vs.svc_lfactor=0 net.ipv4.vs.conn_lfactor=1
	wait_for 5 is_equal 8 buckets Service
	wait_for 5 is_equal 1024 buckets Conn
	equal 24 "$(grep -c . <(proc ip_vs_conn))"
	in_ns director sysctl -qw net.ipv4.vs.svc_lfactor=-2 net.ipv4.vs.conn_lfactor=-2
}

@test "ip_vs lists services and servers, trailing blanks included" {
	adm -R <<-'RULES'
		-A -t 10.9.0.1:80 -s rr
		-a -t 10.9.0.1:80 -r 10.2.1.2:8080 -m -w 3
		-a -t 10.9.0.1:80 -r 10.2.2.2:8080 -m -w 2147483647
		-A -t [2001:db8:9::1]:80 -s wlc
		-a -t [2001:db8:9::1]:80 -r [2001:db8:21::2]:8080 -m -w 0
	RULES
	equal 'IP Virtual Server version 1.2.1 (size=N)$
Prot LocalAddress:Port Scheduler Flags$
  -> RemoteAddress:Port Forward Weight ActiveConn InActConn$' "$(proc ip_vs | head -n 3 | sed -E 's/size=[1-9][0-9]*/size=N/' | cat -A)"
	equal 'TCP  0A090001:0050 rr  $
  -> 0A020202:1F90      Masq    2147483647 0          0         $
  -> 0A020102:1F90      Masq    3      0          0         $' "$(proc ip_vs | grep -A 2 '^TCP  0A09' | cat -A)"
	equal 'TCP  [2001:0db8:0009:0000:0000:0000:0000:0001]:0050 wlc $
  -> [2001:0db8:0021:0000:0000:0000:0000:0002]:1F90      Masq    0      0          0         $' \
		"$(proc ip_vs | grep -A 1 '^TCP  \[' | cat -A)"
}

@both "ip_vs_conn lists connections with state and time left" {
	local c v d
	service 80 rr 7000
	conn_open a "$VIP_RAW" 80 258
	if [ "$FAM" = 4 ]; then
		c=0A010002 v=0A090001 d=0A020302
	else
		c=2001:0db8:0001:0000:0000:0000:0000:0002 v=2001:0db8:0009:0000:0000:0000:0000:0001
		d=2001:0db8:0023:0000:0000:0000:0000:0002
	fi
	equal 'Pro FromIP   FPrt ToIP     TPrt DestIP   DPrt State       Expires PEName PEData$' "$(proc ip_vs_conn | head -n 1 | cat -A)"
	matches "^TCP $c 0102 $v 0050 $d 1B58 ESTABLISHED     (900|89[0-9])\\\$$" "$(proc ip_vs_conn | cat -A)"
	udp_service 53 rr
	in_ns client "$PEER" udp "$VIP_RAW" 53 1 259
	matches "^UDP $c 0103 $v 0035 $d 1B58 UDP             (300|29[0-9])\\\$$" "$(proc ip_vs_conn | cat -A)"
	conn_say a @close
}

@both "ip_vs_stats counts connections, packets and bytes, in hexadecimal" {
	udp_service 53 rr
	adm -Z
	in_ns client "$PEER" udp "$VIP_RAW" 53 1 5555 > /tmp/answer
	# One datagram of 1 byte in, one answer out; with IP and UDP headers.
	local head=28
	[ "$FAM" = 4 ] || head=48
	want=$(printf '%8X %8X %8X %16X %16X' 1 1 1 $((head + 1)) $((head - 1 + $(wc -c < /tmp/answer))))
	wait_for 10 is_equal "$want" in_ns director sed -n 3p /proc/net/ip_vs_stats
	same_text '   Total Incoming Outgoing         Incoming         Outgoing$
   Conns  Packets  Packets            Bytes            Bytes$
$
 Conns/s   Pkts/s   Pkts/s          Bytes/s          Bytes/s$' "$(proc ip_vs_stats | sed -n '1p;2p;4p;5p' | cat -A)"
	equal 6 "$(proc ip_vs_stats | wc -l)"
	matches '^ +[0-9A-F]+ +[0-9A-F]+ +[0-9A-F]+ +[0-9A-F]+ +[0-9A-F]+$' "$(proc ip_vs_stats | tail -n 1)"
	equal 60 "$(proc ip_vs_stats | tail -n 1 | awk '{ print length }')"
}

rates_are() {	# FACTOR COMPARISON: connections, packets and bytes per second against FACTOR times those in /tmp/rates
	adm -Ln --rate --exact | awk '/^UDP/ { print $3, $4, $5, $6, $7 }' > /tmp/rates.now
	[ -s /tmp/rates.now ] || return
	paste -d ' ' /tmp/rates /tmp/rates.now | awk "{ for (i = 1; i <= 5; i++) if (!(\$(i + 5) $2 $1 * \$i)) exit 1 }"
}

@test "rates rise with traffic and fall afterwards" {
	family 4
	udp_service 53 rr
	echo 0 0 0 0 0 > /tmp/rates
	in_ns client "$PEER" storm "$VIP_RAW" 53
	wait_for 12 rates_are 1 '>'
	stop_traffic storm
	mv /tmp/rates.now /tmp/rates
	wait_for 60 rates_are 0.5 '<'
}

@both "32-bit and 64-bit counters agree for services and servers" {
	genl_open
	udp_service 53 rr
	in_ns client "$PEER" udp "$VIP_RAW" 53 3
	wait_for 10 has_text 'stats64=\{conns=3 inpkts=3 outpkts=3 inbytes=[1-9]' genl get_service dump
	matches ' stats=\{conns=3 inpkts=3 outpkts=3 inbytes=[1-9]' "$(genl get_service dump)"
	genl get_dest dump "svc=$([ "$FAM" = 4 ] && echo 2 || echo 10)/17/$VIP_RAW/53" > /tmp/dests
	equal 3 "$(grep -cE ' stats=\{conns=1 inpkts=1 outpkts=1 .* stats64=\{conns=1 inpkts=1 outpkts=1 ' /tmp/dests)"
}

@test "the files are there in every namespace and for everybody to read" {
	for f in ip_vs ip_vs_conn ip_vs_conn_sync ip_vs_stats ip_vs_stats_percpu ip_vs_app; do
		equal "444 0" "$(in_ns client stat -Lc '%a %u' "/proc/net/$f")" "mode and owner of $f"
		in_ns client setpriv --reuid 65534 --clear-groups cat "/proc/net/$f"
	done
}

@test "a table of many connections is listed completely, each one once" {
	family 4
	udp_service 53 rr
	in_ns client "$PEER" udp "$VIP_RAW" 53 2 > /dev/null
	in_ns client python3 -S -c '
import socket
for port in range(20000, 22000):
    s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    s.bind(("", port))
    s.sendto(b"x", ("10.9.0.1", 53))
    s.close()
'
	proc ip_vs_conn > /tmp/table
	at_least 1990 "$(grep -cE ' (4E|4F|5[0-5])[0-9A-F]{2} 0A090001 ' /tmp/table)" "connections listed"
	equal "" "$(sed 1d /tmp/table | cut -d ' ' -f 1-5 | sort | uniq -d)"
}

@test "the files cannot be opened for writing, but for two that refuse what is written" {
	for f in ip_vs ip_vs_conn ip_vs_conn_sync ip_vs_app; do
		matches 'Permission denied' "$(in_ns director bash -c ": >> /proc/net/$f" 2>&1)" "opening $f"
	done
	for f in ip_vs_stats ip_vs_stats_percpu; do
		in_ns director bash -c ": >> /proc/net/$f"
		matches 'Permission denied' "$(in_ns director bash -c "echo 1 >> /proc/net/$f" 2>&1)" "writing $f"
	done
}

@test "ip_vs_stats_percpu has a row for each processor, which zeroing leaves alone" {
	family 4
	udp_service 53 rr
	in_ns client "$PEER" udp "$VIP_RAW" 53 3 > /dev/null
	wait_for 10 has_text '^  ~ +[1-9A-F]' proc ip_vs_stats_percpu
	equal '       Total Incoming Outgoing         Incoming         Outgoing$
CPU    Conns  Packets  Packets            Bytes            Bytes$' "$(proc ip_vs_stats_percpu | head -n 2 | cat -A)"
	equal '$
     Conns/s   Pkts/s   Pkts/s          Bytes/s          Bytes/s$' "$(proc ip_vs_stats_percpu | tail -n 3 | head -n 2 | cat -A)"
	equal "$(nproc)" "$(proc ip_vs_stats_percpu | grep -cE '^ {2}[0-9] [ 0-9A-F]{8} [ 0-9A-F]{8} [ 0-9A-F]{8} [ 0-9A-F]{16} [ 0-9A-F]{16}$')"
	equal 64 "$(proc ip_vs_stats_percpu | tail -n 1 | awk '{ print length }')"
	proc ip_vs_stats_percpu | sed -n '3,4p' > /tmp/before
	adm -Z
	same_text "$(cat /tmp/before)" "$(proc ip_vs_stats_percpu | sed -n '3,4p')"
	wait_for 10 has_text '^  ~        0        0        0                0                0$' proc ip_vs_stats_percpu
}

@test "ip_vs_app has its header, ip_vs_conn_sync its origin" {
	family 4
	equal 'prot port    usecnt name$' "$(proc ip_vs_app | cat -A)"
	udp_service 53 rr
	in_ns client "$PEER" udp "$VIP_RAW" 53 1 259 > /dev/null
	equal 'Pro FromIP   FPrt ToIP     TPrt DestIP   DPrt State       Origin Expires$' "$(proc ip_vs_conn_sync | head -n 1 | cat -A)"
	matches '^UDP 0A010002 0103 0A090001 0035 0A02[0-9A-F]{4} 1B58 UDP         LOCAL      (300|29[0-9])\$$' \
		"$(proc ip_vs_conn_sync | cat -A)"
}

@test "ip_vs_status tells root how full the tables are" {
	[ "$MODULES" != stock ] || return 0
	equal "440 0" "$(in_ns director stat -Lc '%a %u' /proc/net/ip_vs_status)"
	family 4
	udp_service 53 rr
	in_ns client "$PEER" udp "$VIP_RAW" 53 1 > /dev/null
	proc ip_vs_status > /tmp/status
	matches '^Conns:	[1-9][0-9]*$' "$(cat /tmp/status)"
	matches '^Conn buckets:	[0-9]+ \([0-9]+ bits, lfactor -2\)$' "$(cat /tmp/status)"
	matches '^Conn buckets empty:	[0-9]+ \([0-9]+%\)$' "$(cat /tmp/status)"
	matches '^Conn buckets len-1:	[0-9]+ \([0-9]+%\)$' "$(cat /tmp/status)"
	matches '^Services:	1$' "$(cat /tmp/status)"
	matches '^Stats thread ests:	4$' "$(cat /tmp/status)"
}

@test "who looks into the log finds the service that has no server" {
	family 4
	adm -A -u 10.9.0.1:54 -s rr
	in_ns client "$PEER" udp 10.9.0.1 54 1 || true
	matches 'IPVS: rr: UDP 10\.9\.0\.1:54 - no destination available' "$(dmesg | tail -n 5)"
	family 6
	adm -A -u "$VIP:55" -s wlc
	in_ns client "$PEER" udp "$VIP_RAW" 55 1 || true
	matches 'IPVS: wlc: UDP \[2001:db8:9::1\]:55 - no destination available' "$(dmesg | tail -n 5)"
}

# Entries with five minutes to live stay; those that a second ends come and go, and so many of them that the table is
# resized while it is read.
@test "what stays is listed exactly once, whatever comes and goes during the reading" {
	[ "$MODULES" != stock ] || return 0
	family 4
	udp_service 53 rr
	cat > /tmp/sender.py <<-'PY'
		import itertools, socket, sys
		first, last = int(sys.argv[2]), int(sys.argv[3])
		rounds = itertools.count() if sys.argv[4] == "forever" else range(1)
		for _ in rounds:
		    for port in range(first, last):
		        s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
		        s.bind((sys.argv[1], port))
		        s.sendto(b"x", ("10.9.0.1", 53))
		        s.close()
	PY
	ip -n client addr add 10.1.0.77/24 dev c0
	in_ns client python3 -S /tmp/sender.py 10.1.0.77 20000 22000 once
	proc ip_vs_conn | awk '$2 == "0A01004D"' | sort > /tmp/stay
	at_least 1990 "$(wc -l < /tmp/stay)" "connections that stay"
	cut -d ' ' -f 1-5 /tmp/stay > /tmp/stay.key
	adm --set 0 0 1
	# not in_ns: a function in the background would be a shell between us and the program
	"$PEER" in client python3 -S /tmp/sender.py 10.1.0.2 1024 60000 forever 3>&- &
	local churn=$! i most=0 n
	for i in {1..8}; do
		proc ip_vs_conn > /tmp/table
		same_text "" "$(awk '$2 == "0A01004D"' /tmp/table | cut -d ' ' -f 1-5 | sort | diff - /tmp/stay.key)" "reading $i"
		n=$(wc -l < /tmp/table)
		[ "$n" -le "$most" ] || most=$n
	done
	kill "$churn"
	wait "$churn" || true
	adm --set 0 0 300
	at_least 2100 "$most" "connections in the fullest table"
}

@test "conn_max refuses a connection too many" {
	[ "$MODULES" != stock ] || return 0
	family 4
	udp_service 53 rr
	# one that stays; others of earlier cases may still be going
	in_ns client "$PEER" udp "$VIP_RAW" 53 1 6003
	in_ns director sh -c "echo 1 > /proc/sys/net/ipv4/vs/conn_max"
	run in_ns client "$PEER" udp "$VIP_RAW" 53 1 6001
	equal timeout "$output"
	in_ns director sh -c "echo 1073741824 > /proc/sys/net/ipv4/vs/conn_max"
	equal 1 "$(in_ns client "$PEER" udp "$VIP_RAW" 53 1 6002 | grep -c '^s')"
}
