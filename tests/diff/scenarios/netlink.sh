# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
# raw
# Netlink requests of all kinds, right and wrong, in one sequence; every answer, to the byte of every attribute.
S4=svc=2/6/10.0.0.1/80 S6=svc=10/6/2001:db8::1/80 U=svc=2/17/10.0.0.1/53
C4="sched=rr flags=0 timeout=0 netmask=255.255.255.255"
C6="sched=rr flags=0 timeout=0 netmask=128"
DC="d.fwd=0 d.weight=1 d.u=0 d.l=0"
D1="d.addr=10.0.2.10 d.port=8080" D6="d.addr=2001:db8:2::10 d.port=8080"
{
	for n in 0 14 18 255; do echo "$n"; echo "$n dump"; done
	for c in get_dest get_daemon; do echo $c; echo "$c noack"; done
	for c in new_service set_service del_service new_dest get_config get_info zero flush set_config; do echo "$c dump"; done
	# what makes a service
	for c in new_service set_service; do
		echo $c; echo $c service; echo $c af=2; echo $c af=2 proto=6; echo $c af=2 proto=6 addr=10.0.0.1; echo $c af=99 proto=6 addr=10.0.0.1 port=80
		echo $c $S4; echo $c $S4 sched=rr; echo $c $S4 sched=rr flags=0; echo $c $S4 sched=rr flags=0 timeout=0
		echo $c $S4 sched=nonesuch flags=0 timeout=0 netmask=0; echo $c $S4 $C4; echo $c $S4 $C4
		echo $c $S6 $C6; echo $c svc=10/6/2001:db8::2/80 sched=rr flags=0 timeout=0 netmask=0
		echo $c svc=10/6/2001:db8::2/80 sched=rr flags=0 timeout=0 netmask=129; echo $c svc=10/6/2001:db8::2/80 sched=nonesuch flags=0 timeout=0 netmask=0
		echo $c af=2 fwmark=7 $C4; echo $c af=10 fwmark=7 $C6; echo $c af=2 fwmark=0 $C4
		echo $c $S4 sched=wlc flags=0xffffffff timeout=300 netmask=255.255.0.0; echo get_service $S4
		echo $c $S4 sched=wlc flags=0/1 timeout=4294967295 netmask=1.2.3.4; echo get_service $S4
		echo $c $S4 sched=wlc s.7:00000000 timeout=20000000 netmask=1.2.3.4; echo get_service $S4
		echo $c $S4 sched=wlc s.7: timeout=20000000 netmask=1.2.3.4; echo $c $S4 sched=wlc s.7:000000000000000000 timeout=2 netmask=1.2.3.4
		echo $c $U s.6:7272 flags=0 timeout=0 netmask=0; echo $c $U s.6:72720061 flags=0 timeout=0 netmask=0; echo get_service $U
		echo $c $U s.6: flags=0 timeout=0 netmask=0; echo $c $U s.6:6162636465666768696a6b6c6d6e6f7000 flags=0 timeout=0 netmask=0
		echo $c $U s.6:00 flags=0 timeout=0 netmask=0; echo $c $U sched=none flags=0 timeout=0 netmask=0 pe=; echo $c $U sched=none flags=0 timeout=0 netmask=0 pe=nonesuch
		echo $c $U sched=none flags=0 timeout=0 netmask=0 pe=abcdefghijklmnop; echo $c $U sched=none flags=0 timeout=0 netmask=0 pe=abcdefghijklmnopq
		echo $c s.1:0200 s.2:0600 s.3: s.4:0001 $C4; echo $c s.1:02 s.2:0600 s.3:0a s.4:0001 $C4; echo $c s.1:02000000 s.2:0600 s.3:0a000001ffffffff s.4:0051 $C4
		echo $c s.1:0200 s.2:0600 s.3:0a000001ffffffffffffffffffffffffffff s.4:0051 $C4; echo $c 's.1:0200 s.1:0a00' s.2:0600 s.3:20010db8 s.4:0051 $C6 s.200:00
	done
	for p in 0 1 50 256 65535; do echo new_service svc=2/$p/10.0.0.9/1 $C4; echo get_service svc=2/$p/10.0.0.9/1; done
	# what makes a server
	for c in new_dest set_dest del_dest; do
		echo $c; echo $c $S4; echo $c $S4 dest; echo $c $S4 d.addr=10.0.2.10; echo $c svc=2/6/10.99.0.1/80; echo $c svc=2/6/10.99.0.1/80 $D1
		echo $c $S4 $D1; echo $c $S4 $D1 d.fwd=0; echo $c $S4 $D1 d.fwd=0 d.weight=1; echo $c $S4 $D1 d.fwd=0 d.weight=1 d.u=0
		[ $c = del_dest ] && continue
		echo $c $S4 $D1 d.fwd=0 d.weight=0x80000000 d.u=0 d.l=0; echo $c $S4 $D1 d.fwd=0 d.weight=1 d.u=1 d.l=2; echo $c $S4 $D1 d.fwd=0 d.weight=1 d.u=0x80000000 d.l=0
		echo $c $S4 $D1 d.fwd=0 d.weight=1 d.u=0xffffffff d.l=0xffffffff; echo $c $S4 $D1 $DC d.tun_type=1; echo $c $S4 $D1 $DC d.tun_type=1 d.tun_port=0
		echo $c $S4 $D1 $DC; echo $c $S4 $D1 $DC; echo $c $S4 $D1 d.fwd=0xfffffffa d.weight=5 d.u=9 d.l=3 d.tun_type=1 d.tun_port=99 d.tun_flags=65535
		echo get_dest $S4 dump; echo $c $S4 $D1 d.fwd=7 d.weight=2147483647 d.u=2147483647 d.l=0; echo get_dest $S4 dump
		echo $c $S4 $D1 d.fwd=2 d.weight=0 d.u=0 d.l=0 d.tun_type=255; echo get_dest $S4 dump
		echo $c $S4 $D1 $DC d.af=2; echo $c $S4 $D1 $DC d.af=0; echo $c $S4 $D1 $DC d.af=99; echo $c $S4 $D6 $DC d.af=10; echo $c $S4 $D6 d.fwd=2 d.weight=1 d.u=0 d.l=0 d.af=10
		for a in 0.0.0.0 255.255.255.255 224.0.0.1 127.0.0.1 240.0.0.1; do echo $c $S4 d.addr=$a d.port=1 $DC; done
		for a in :: fe80::1 ff02::1 ::ffff:10.0.0.1 ::1 fec0::1 2001:db8::5; do echo $c $S6 d.addr=$a d.port=1 $DC; done
		echo $c $S4 d.addr=10.0.2.77 d.port=0 $DC; echo $c $S4 d.1:0a00024e d.port=1 $DC; echo $c $S4 d.1:0a00024f00000000000000000000000000 d.port=1 $DC
	done
	echo get_dest dump; echo get_dest $S4 dump; echo get_dest $S6 dump; echo get_dest svc=2/6/10.99.0.1/80 dump; echo get_dest af=99 dump; echo get_dest service dump; echo get_dest 4:01 dump
	echo del_dest $S4 $D1; echo del_dest $S4 $D1; echo del_dest $S4 $D6; echo del_dest $S4 $D6 d.af=10; echo get_dest $S4 dump
	# timeouts, zero, information
	for v in tcp=0 tcp=1 'tcp=50 fin=60 udp=70' 'tcp=1 udp=8589935' 'fin=8589934' tcp=2147483648 4:5a 4:5a00 4:5a00000000000000 200:00 ''; do echo set_config $v; echo get_config; done
	echo zero; echo zero $S4; echo zero service; echo zero svc=2/6/10.99.0.1/80; echo zero af=99; echo flush 1:00; echo flush 1:; echo zero 1:00
	echo get_service; echo get_service $S4; echo get_service svc=2/6/10.0.0.1/0; echo get_service af=2 fwmark=0
	# daemons without one running
	echo new_daemon; echo del_daemon; echo new_daemon 3:; echo del_daemon 3:
	echo new_service $S4 $C4; echo get_service noack $S4; echo new_service noack $S4 $C4; echo get_daemon dump; echo get_service dump
} > /tmp/netlink.$$
python3 -S "$TREE/tests/tools/genl.py" - < <(tee /tmp/netlink.sent < /tmp/netlink.$$) > /tmp/netlink.got
awk -v sent=/tmp/netlink.sent -f "$TREE/tests/diff/answers.awk" /tmp/netlink.got | sed -E 's/^  info .*/  info/'
rm -f /tmp/netlink.*
