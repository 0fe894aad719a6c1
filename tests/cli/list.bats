#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only
# Listings, byte for byte.
load cli

table() {
	cat > "$IPVS_REPLAY" <<- 'END'
		info version=66049 conn_tab_size=4096
		service af=2 protocol=6 addr=192.168.0.1 port=80 sched=rr stats.conns=99999999 stats.inpkts=100000000 stats.outpkts=999999999 stats.inbytes=1000000000 stats.outbytes=99999999999
		service af=2 protocol=6 addr=10.0.0.1 port=80 sched=wrr flags=1 timeout=360 netmask=16777215
		dest af=2 addr=192.168.0.2 port=8080 weight=30 active=2 inactive=3 persist=4 u_thresh=10 l_thresh=5
		dest af=2 addr=10.0.0.3 port=80 conn_flags=2 weight=1 tun_type=1 tun_port=6080 tun_flags=1
		dest af=10 addr=2001:db8:1111:2222:3333:4444:5555:6666 port=65535 conn_flags=2 weight=1
		service af=10 fwmark=3 sched=mh flags=9 timeout=50 netmask=64 pe=sip
		dest af=10 addr=2001:db8::2 port=0 conn_flags=3 weight=0 stats.cps=100000000 stats.inpps=1 stats.outpps=2 stats.inbps=100000000 stats.outbps=5000000000
		service af=2 fwmark=4294967295 sched=sh flags=32
		service af=2 protocol=17 addr=10.0.0.1 port=5060 sched=sh flags=29 timeout=300 netmask=65535 pe=sip
	END
}

@test "an empty table has its titles" {
	expect_out "IP Virtual Server version 1.2.1 (size=4096)
Prot LocalAddress:Port Scheduler Flags
  -> RemoteAddress:Port           Forward Weight ActiveConn InActConn" ipvsadm
}

@test "the plain listing" {
	table
	expect_out "IP Virtual Server version 1.2.1 (size=4096)
Prot LocalAddress:Port Scheduler Flags
  -> RemoteAddress:Port           Forward Weight ActiveConn InActConn
TCP  10.0.0.1:80 wrr persistent 360 mask 255.255.255.0
  -> 10.0.0.3:80                  Tunnel  1      0          0         |
  -> 192.168.0.2:8080             Masq    30     2          3         |
  -> [2001:db8:1111:2222:3333:4444:5555:6666]:65535 Tunnel  1      0          0         |
TCP  192.168.0.1:80 rr
UDP  10.0.0.1:5060 sh (sh-fallback,sh-port) persistent 300 mask 255.255.0.0 pe sip ops
FWM  3 IPv6 mh (mh-fallback) persistent 50 mask 64 pe sip
  -> [2001:db8::2]:0              Route   0      0          0         |
FWM  4294967295 sh (flag-3)" ipvsadm -Ln
}

@test "one service has no head line" {
	table
	expect_out "Prot LocalAddress:Port Scheduler Flags
  -> RemoteAddress:Port           Forward Weight ActiveConn InActConn
FWM  3 IPv6 mh (mh-fallback) persistent 50 mask 64 pe sip
  -> [2001:db8::2]:0              Route   0      0          0         |" ipvsadm -L -n -f 3 -6
}

@test "counters are abbreviated, or exact" {
	table
	[ "$(ipvsadm -Ln --stats -t 192.168.0.1:80 | tail -1)" = \
		"TCP  192.168.0.1:80               99999999  100000K  999999K    1000M   99999M" ]
	[ "$(ipvsadm -Ln --stats --exact -t 192.168.0.1:80 | tail -1)" = \
		"TCP  192.168.0.1:80               99999999 100000000 999999999 1000000000 99999999999" ]
}

@test "rates of servers are abbreviated only in bytes" {
	table
	expect_out "Prot LocalAddress:Port                 CPS    InPPS   OutPPS    InBPS   OutBPS
  -> RemoteAddress:Port
FWM  3 IPv6                              0        0        0        0        0
  -> [2001:db8::2]:0              100000000        1        2  100000K    5000M" \
		ipvsadm -L -n -f 3 -6 --rate
}

@test "thresholds, persistent connections and tunnels have columns of their own" {
	table
	expect_out "Prot LocalAddress:Port            Uthreshold Lthreshold ActiveConn InActConn |
  -> RemoteAddress:Port
TCP  10.0.0.1:80 wrr persistent 360 mask 255.255.255.0
  -> 10.0.0.3:80                  0          0          0          0         |
  -> 192.168.0.2:8080             10         5          2          3         |
  -> [2001:db8:1111:2222:3333:4444:5555:6666]:65535 0          0          0          0         |" \
		ipvsadm -L -n -t 10.0.0.1:80 --thresholds
	expect_out "Prot LocalAddress:Port            Weight    PersistConn ActiveConn InActConn |
  -> RemoteAddress:Port
TCP  10.0.0.1:80 wrr persistent 360 mask 255.255.255.0
  -> 10.0.0.3:80                  1         0           0          0         |
  -> 192.168.0.2:8080             30        4           2          3         |
  -> [2001:db8:1111:2222:3333:4444:5555:6666]:65535 1         0           0          0         |" \
		ipvsadm -L -n -t 10.0.0.1:80 --persistent-conn
	expect_out "Prot LocalAddress:Port Scheduler Flags
  -> RemoteAddress:Port           Forward TunnelInfo    Weight ActiveConn InActConn
TCP  10.0.0.1:80 wrr persistent 360 mask 255.255.255.0
  -> 10.0.0.3:80                  Tunnel  gue:6080:+c   1      0          0         |
  -> 192.168.0.2:8080             Masq    n/a           30     2          3         |
  -> [2001:db8:1111:2222:3333:4444:5555:6666]:65535 Tunnel  ipip          1      0          0         |" \
		ipvsadm -L -n -t 10.0.0.1:80 --tun-info
}

@test "of several formats one wins" {
	table
	[ "$(ipvsadm -Ln --tun-info --rate --stats)" = "$(ipvsadm -Ln --stats)" ]
	[ "$(ipvsadm -Ln --tun-info --persistent-conn --thresholds)" = "$(ipvsadm -Ln --thresholds)" ]
}

@test "without sorting the kernel's order stands" {
	table
	[ "$(ipvsadm -Ln --nosort --sort | grep -c .)" = "$(ipvsadm -Ln | grep -c .)" ]
	[ "$(ipvsadm -Ln --nosort | sed -n 4p)" = "TCP  192.168.0.1:80 rr" ]
}

@test "destinations count beyond 32 bits" {
	echo "service af=2 protocol=6 addr=10.0.0.1 port=80 sched=rr
dest af=2 addr=10.0.0.2 port=80 stats.conns=100000000000" > "$IPVS_REPLAY"
	[ "$(ipvsadm -Ln --stats | tail -1)" = \
		"  -> 10.0.0.2:80                      100G        0        0        0        0" ]
}

@test "numbers are never looked up with -n" {
	ipvsadm -A -t 127.0.0.1:80
	run strace -f -e trace=openat ipvsadm -L -n
	[ "$status" != 127 ] || skip "no strace"
	[[ $output != *resolv.conf* ]] && [[ $output != */etc/hosts* ]]
}
