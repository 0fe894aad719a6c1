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

rates_are() {	# CONDITION of awk over conns, in packets, out packets, in bytes, out bytes per second
	adm -Ln --rate --exact | awk "/^UDP/ { seen = 1; if (!(\$3 $1 && \$4 $1 && \$5 $1 && \$6 $1 && \$7 $1)) bad = 1 } END { exit !seen || bad }"
}

@both "rates rise with traffic and fall afterwards" {
	udp_service 53 rr
	in_ns client "$PEER" storm "$VIP_RAW" 53
	wait_for 12 rates_are '> 0'
	stop_traffic storm
	wait_for 90 rates_are '< 20'
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
	for f in ip_vs ip_vs_conn ip_vs_stats; do
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
