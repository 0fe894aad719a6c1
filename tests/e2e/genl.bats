#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only
# The netlink family IPVS asked directly: what it answers to right requests, and which errno to each wrong one.

setup_file() {
	. "$TREE/tests/lib/e2e.bash"
	ip netns add director
	ip -n director link set lo up
}
teardown_file() { . "$TREE/tests/lib/e2e.bash"; topo_down; }
setup() {
	. "$TREE/tests/lib/e2e.bash"
	genl_open
	S4=svc=2/6/10.0.0.1/80
	S6=svc=10/6/2001:db8::1/80
	C4="sched=rr flags=0 timeout=0 netmask=255.255.255.255"
	C6="sched=rr flags=0 timeout=0 netmask=128"
	D="d.addr=10.0.2.10 d.port=8080"
	D6="d.addr=2001:db8:2::10 d.port=8080"
	DC="d.fwd=0 d.weight=1 d.u=0 d.l=0"
}
teardown() { adm -C; }

@test "info and configuration are what every client expects" {
	matches '^info 1=0x10201 2=0x[1-9a-f]' "$(genl get_info)"
	equal "config 4=900 5=120 6=300" "$(genl get_config | tail -n 1)"
	genl set_config tcp=100 udp=30
	equal "config 4=100 5=120 6=30" "$(genl get_config | tail -n 1)"
	genl_table <<-TABLE
		EINVAL | set_config tcp=50 fin=50 udp=8589935
		OK     | set_config tcp=0
		OK     | set_config
		ERANGE | set_config 4:0100
		OK     | set_config 4:5a00000000000000
	TABLE
	equal "config 4=90 5=120 6=30" "$(genl get_config | tail -n 1)"
	genl set_config tcp=900 fin=120 udp=300
}

@test "a service is added, read back, changed and deleted" {
	genl new_service $S4 $C4
	matches '^service af=2 proto=6 addr=0a000001000000000000000000000000 port=80 sched=rr flags=02000000ffffffff timeout=0 netmask=ffffffff stats=\{conns=0 .*outbps=0\} stats64=\{conns=0 .*outbps=0\}$' \
		"$(genl get_service $S4)"
	genl set_service $S4 sched=wlc flags=8 timeout=300 netmask=255.255.255.0
	matches ' sched=wlc flags=0a000000ffffffff timeout=300 netmask=ffffff00 ' "$(genl get_service $S4)"
	genl new_service $S6 $C6
	matches '^service af=10 proto=6 addr=20010db8000000000000000000000001 port=80 sched=rr .* netmask=80000000' "$(genl get_service $S6)"
	equal 2 "$(genl get_service dump | grep -c '^service ')"
	genl del_service $S4
	equal 1 "$(genl get_service dump | grep -c '^service ')"
}

@test "a mark is a service of its own in each family" {
	genl new_service af=2 fwmark=7 $C4
	genl new_service af=10 fwmark=7 $C6
	matches '^service af=2 fwmark=7 sched=rr ' "$(genl get_service dump)"
	matches '^service af=10 fwmark=7 sched=rr ' "$(genl get_service dump)"
	genl_table <<-TABLE
		EEXIST | new_service af=2 fwmark=7 $C4
		OK     | del_service af=2 fwmark=7
		ESRCH  | del_service af=2 fwmark=7
		OK     | get_service af=10 fwmark=7
	TABLE
}

@test "flags change only where the mask says so" {
	genl new_service $S4 sched=rr flags=0x38 timeout=0 netmask=255.255.255.255
	genl set_service $S4 sched=rr flags=0/8 timeout=0 netmask=255.255.255.255
	matches ' flags=32000000ffffffff ' "$(genl get_service $S4)"
	genl set_service $S4 sched=rr s.7:00000000 timeout=0 netmask=255.255.255.255
	matches ' flags=32000000ffffffff ' "$(genl get_service $S4)"
}

@test "wrong service requests get the right errno, in the right order" {
	genl new_service $S4 $C4
	genl_table <<-TABLE
		EINVAL       | new_service
		EINVAL       | new_service service
		EINVAL       | new_service proto=6 addr=10.0.0.2 port=80 $C4
		EINVAL       | new_service af=2 proto=6 addr=10.0.0.2 $C4
		EAFNOSUPPORT | new_service svc=99/6/10.0.0.2/80
		EAFNOSUPPORT | new_service svc=99/6/10.0.0.2/80 $C4
		EINVAL       | new_service svc=2/6/10.0.0.2/80
		EINVAL       | new_service svc=2/6/10.0.0.2/80 flags=0 timeout=0 netmask=255.255.255.255
		EINVAL       | new_service svc=2/6/10.0.0.2/80 sched=rr timeout=0 netmask=255.255.255.255
		EINVAL       | new_service svc=2/6/10.0.0.2/80 sched=rr flags=0 netmask=255.255.255.255
		EINVAL       | new_service svc=2/6/10.0.0.2/80 sched=rr flags=0 timeout=0
		EEXIST       | new_service $S4 $C4
		EEXIST       | new_service $S4 sched=nonesuch flags=0 timeout=0 netmask=255.255.255.255
		ENOENT       | new_service svc=2/6/10.0.0.2/80 sched=nonesuch flags=0 timeout=0 netmask=255.255.255.255
		ENOENT       | new_service svc=2/6/10.0.0.2/80 $C4 pe=nonesuch
		EINVAL       | new_service svc=2/6/10.0.0.2/80 sched=sixteen_letters_ flags=0 timeout=0 netmask=255.255.255.255
		ENOENT       | new_service $S6 sched=nonesuch flags=0 timeout=0 netmask=0
		EINVAL       | new_service $S6 sched=rr flags=0 timeout=0 netmask=0
		EINVAL       | new_service $S6 sched=rr flags=0 timeout=0 netmask=129
		ESRCH        | set_service svc=2/6/10.0.0.2/80 $C4
		EINVAL       | set_service svc=2/6/10.0.0.2/80
		ENOENT       | set_service $S4 sched=nonesuch flags=0 timeout=0 netmask=255.255.255.255
		ESRCH        | del_service svc=2/6/10.0.0.2/80
		ESRCH        | del_service svc=2/17/10.0.0.1/80
		EINVAL       | del_service
		ESRCH        | get_service svc=2/6/10.0.0.2/80
		EINVAL       | get_service
		ESRCH        | zero svc=2/6/10.0.0.2/80
		EINVAL       | zero service
		OK           | zero
		OK           | zero $S4
		OK           | new_service svc=2/50/10.0.0.2/0 $C4
		OK           | flush
		OK           | flush
	TABLE
	equal 0 "$(genl get_service dump | grep -c '^service ' || true)"
}

@test "a server is added, read back, changed and deleted" {
	genl new_service $S4 $C4
	genl new_dest $S4 $D d.fwd=0 d.weight=5 d.u=10 d.l=3
	matches '^dest addr=0a00020a000000000000000000000000 port=8080 fwd=0 weight=5 tun_type=0 tun_port=0 tun_flags=0 u=10 l=3 active=0 inactive=0 persist=0 af=2 stats=\{.*\} stats64=\{.*\}$' \
		"$(genl get_dest dump $S4)"
	genl set_dest $S4 $D d.fwd=0 d.weight=2147483647 d.u=0 d.l=0
	matches ' weight=2147483647 .* u=0 l=0 ' "$(genl get_dest dump $S4)"
	genl new_dest $S4 d.addr=10.0.2.11 d.port=80 $DC
	equal "0a00020b 0a00020a " "$(genl get_dest dump $S4 | grep -oP 'addr=\K.{8}' | tr '\n' ' ')"
	genl del_dest $S4 $D
	equal "0a00020b " "$(genl get_dest dump $S4 | grep -oP 'addr=\K.{8}' | tr '\n' ' ')"
}

@test "wrong server requests get the right errno, in the right order" {
	genl new_service $S4 $C4
	genl new_service $S6 $C6
	genl new_dest $S4 $D $DC
	genl_table <<-TABLE
		ESRCH  | new_dest svc=2/6/10.0.0.2/80
		EINVAL | new_dest $S4
		EINVAL | new_dest $S4 dest
		EINVAL | new_dest $S4 d.addr=10.0.2.12 $DC
		EINVAL | new_dest $S4 d.port=80 $DC
		EINVAL | new_dest $S4 d.addr=10.0.2.12 d.port=80
		EINVAL | new_dest $S4 d.addr=10.0.2.12 d.port=80 d.weight=1 d.u=0 d.l=0
		EINVAL | new_dest $S4 d.addr=10.0.2.12 d.port=80 d.fwd=0 d.u=0 d.l=0
		EINVAL | new_dest $S4 d.addr=10.0.2.12 d.port=80 d.fwd=0 d.weight=1 d.l=0
		EINVAL | new_dest $S4 d.addr=10.0.2.12 d.port=80 d.fwd=0 d.weight=1 d.u=0
		EAFNOSUPPORT | new_dest $S4 $D $DC d.af=99
		EINVAL | new_dest $S4 $D6 $DC d.af=10
		ERANGE | new_dest $S4 d.addr=10.0.2.12 d.port=80 d.fwd=0 d.weight=0x80000000 d.u=0 d.l=0
		ERANGE | new_dest $S4 d.addr=10.0.2.12 d.port=80 d.fwd=0 d.weight=1 d.u=1 d.l=2
		ERANGE | new_dest $S4 d.addr=10.0.2.12 d.port=80 d.fwd=0 d.weight=1 d.u=0 d.l=2
		EINVAL | new_dest $S4 d.addr=10.0.2.12 d.port=80 d.fwd=0 d.weight=1 d.u=0x80000000 d.l=0
		EINVAL | new_dest $S4 d.addr=10.0.2.12 d.port=80 $DC d.tun_type=1
		EEXIST | new_dest $S4 $D $DC
		ENOENT | set_dest $S4 d.addr=10.0.2.12 d.port=80 $DC
		ENOENT | del_dest $S4 d.addr=10.0.2.12 d.port=80
		ESRCH  | del_dest svc=2/6/10.0.0.2/80 $D
		EINVAL | new_dest $S4 d.addr=224.0.0.1 d.port=80 $DC
		EINVAL | new_dest $S4 d.addr=0.0.0.0 d.port=80 $DC
		EINVAL | new_dest $S4 d.addr=255.255.255.255 d.port=80 $DC
		OK     | new_dest $S4 d.addr=127.0.0.1 d.port=80 $DC
		EINVAL | new_dest $S6 d.addr=:: d.port=80 $DC
		EINVAL | new_dest $S6 d.addr=ff02::1 d.port=80 $DC
		EINVAL | new_dest $S6 d.addr=fe80::1 d.port=80 $DC
		OK     | new_dest $S6 $D6 $DC
		OK     | del_dest $S6 $D6
	TABLE
}

@test "persistence, every forwarding method and every tunnel are taken and told as they were given" {
	local i
	genl new_service $S4 sched=rr flags=1 timeout=300 netmask=255.255.255.0
	matches ' flags=03000000ffffffff timeout=300 netmask=ffffff00 ' "$(genl get_service $S4)"
	genl new_service $S6 sched=rr flags=1 timeout=300 netmask=64
	genl_table <<-TABLE
		OK | new_dest $S4 d.addr=10.0.2.20 d.port=80 d.fwd=0 d.weight=1 d.u=0 d.l=0
		OK | new_dest $S4 d.addr=10.0.2.21 d.port=80 d.fwd=1 d.weight=1 d.u=0 d.l=0
		OK | new_dest $S4 d.addr=10.0.2.22 d.port=80 d.fwd=2 d.weight=1 d.u=0 d.l=0
		OK | new_dest $S4 d.addr=10.0.2.23 d.port=80 d.fwd=3 d.weight=1 d.u=0 d.l=0
		OK | new_dest $S4 d.addr=10.0.2.24 d.port=80 d.fwd=4 d.weight=1 d.u=0 d.l=0
		OK | new_dest $S4 d.addr=10.0.2.25 d.port=80 d.fwd=5 d.weight=1 d.u=0 d.l=0
		OK | new_dest $S4 d.addr=10.0.2.26 d.port=80 d.fwd=6 d.weight=1 d.u=0 d.l=0
		OK | new_dest $S4 d.addr=10.0.2.27 d.port=80 d.fwd=0xfffffff7 d.weight=1 d.u=0 d.l=0
		OK | new_dest $S4 $D6 d.af=10 d.fwd=2 d.weight=1 d.u=0 d.l=0
		ENOENT | del_dest $S4 $D6
		OK | del_dest $S4 $D6 d.af=10
		OK | new_dest $S4 $D d.fwd=2 d.weight=1 d.u=0 d.l=0 d.tun_type=1 d.tun_port=6080 d.tun_flags=0xffff
		OK | new_dest $S4 d.addr=10.0.2.28 d.port=80 d.fwd=2 d.weight=1 d.u=0 d.l=0 d.tun_type=255
	TABLE
	genl get_dest dump $S4 > /tmp/dests
	for i in 0 1 2 3 4 5 6 7; do
		matches "^dest addr=0a00021$(printf %x $((i + 4)))0{24} port=80 fwd=$i " "$(cat /tmp/dests)"
	done
	matches ' tun_type=1 tun_port=6080 tun_flags=65535 ' "$(cat /tmp/dests)"
	matches ' tun_type=255 tun_port=0 tun_flags=0 ' "$(cat /tmp/dests)"
	genl set_dest $S4 $D d.fwd=2 d.weight=1 d.u=0 d.l=0
	matches '^dest addr=0a00020a.* tun_type=0 tun_port=0 tun_flags=0 ' "$(genl get_dest dump $S4)"
}

@test "a dump of the servers of no service is empty, not an error" {
	genl new_service $S4 $C4
	genl_table <<-TABLE
		OK | get_dest dump
		OK | get_dest dump service
		OK | get_dest dump svc=2/6/10.0.0.2/80
		OK | get_dest dump svc=99/6/10.0.0.2/80
		OK | get_dest dump $S4
	TABLE
}

@test "forms that a command does not have are not supported" {
	genl_table <<-TABLE
		EOPNOTSUPP | 0
		EOPNOTSUPP | 14
		EOPNOTSUPP | 18
		EOPNOTSUPP | get_dest $S4
		EOPNOTSUPP | new_service dump $S4 $C4
		EOPNOTSUPP | get_info dump
	TABLE
}

@test "lenient parsing: unknown, repeated, long and surplus attributes are taken" {
	genl_table <<-TABLE
		OK     | new_service $S4 $C4 s.63:00 77:0102
		EEXIST | new_service svc=2/6/10.0.0.9/80 $S4 $C4
		OK     | new_service af=2 proto=6 s.3:0a000002 port=80 $C4
		OK     | new_service s.1:020000000000 proto=6 addr=10.0.0.3 port=80 $C4
		OK     | new_service svc=2/6/10.0.0.4/80 s.6:7272006a756e6b flags=0 timeout=0 netmask=255.255.255.255
		EINVAL | new_service s.1:02 proto=6 addr=10.0.0.5 port=80 $C4
		EINVAL | new_service svc=2/6/10.0.0.5/80 s.6:7272 flags=0 timeout=0 netmask=255.255.255.255
		EINVAL | new_service svc=2/6/10.0.0.5/80 s.6: flags=0 timeout=0 netmask=255.255.255.255
		EINVAL | new_service svc=2/6/10.0.0.5/80 sched=rr s.7:000000000000000000 timeout=0 netmask=255.255.255.255
		ERANGE | new_service 1:0102
	TABLE
	matches 'addr=0a000002000000000000000000000000 ' "$(genl get_service dump)"
}

@test "a dump of many services is complete and has each one once" {
	for ((i = 0; i < 600; i++)); do
		echo "-A -t 10.7.$((i / 200)).$((i % 200 + 1)):80 -s rr"
	done | adm -R
	genl get_service dump > /tmp/dump
	equal 600 "$(grep -c '^service ' /tmp/dump)"
	equal 600 "$(grep -oP ' addr=\K\S+' /tmp/dump | sort -u | wc -l)"
}

@test "an ordinary user is refused" {
	genl new_service $S4 $C4
	run in_ns director setpriv --reuid 65534 --clear-groups --inh-caps=-all --bounding-set=-all python3 -S "$TREE/tests/tools/genl.py" get_info
	matches '^EPERM' "$output"
	run in_ns director setpriv --reuid 65534 --clear-groups --inh-caps=-all --bounding-set=-all python3 -S "$TREE/tests/tools/genl.py" get_service dump
	matches '^EPERM' "$output"
}
