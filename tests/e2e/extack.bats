#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only
# ours only: the stock modules answer with an errno and no words.

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
	C4="sched=rr flags=0 timeout=0 netmask=255.255.255.255"
	D="d.addr=10.0.2.10 d.port=8080"
}
teardown() { adm -C; }

@test "a mistake is explained in the extended acknowledgement" {
	genl new_service $S4 $C4
	run genl new_service svc=2/6/10.0.0.2/80 sched=nonesuch flags=0 timeout=0 netmask=255.255.255.255
	matches '^ENOENT: .+' "$output"
	run genl new_service $S4 $C4
	matches '^EEXIST: .+' "$output"
	run genl new_dest $S4 $D d.fwd=0 d.weight=0x80000000 d.u=0 d.l=0
	matches '^ERANGE: .+' "$output"
	run genl del_dest $S4 $D
	matches '^ENOENT: .+' "$output"
}

@test "every refusal says what is wrong and with what" {
	local request bad=0
	genl new_service $S4 $C4
	genl new_service svc=10/6/2001:db8::1/80 sched=rr flags=0 timeout=0 netmask=128
	genl new_dest $S4 $D d.fwd=0 d.weight=1 d.u=0 d.l=0
	genl new_dest $S4 d.addr=2001:db8:2::10 d.port=80 d.af=10 d.fwd=2 d.weight=1 d.u=0 d.l=0
	while read -r request; do
		[ -n "$request" ] || continue
		# shellcheck disable=SC2086
		run genl $request
		[[ $output =~ ^E[A-Z]+:\ [a-z_]+(\.[a-z_0-9]+)?:\ .{6,} ]] || { echo "$request: $output"; bad=1; }
	done <<-REQUESTS
		new_service
		new_service service
		new_service af=2 proto=6 addr=10.0.0.2 $C4
		new_service svc=99/6/10.0.0.2/80 $C4
		new_service svc=2/6/10.0.0.2/80
		new_service svc=2/6/10.0.0.2/80 $C4 s.6:7272
		new_service $S4 $C4
		new_service svc=2/6/10.0.0.2/80 sched=nonesuch flags=0 timeout=0 netmask=0
		new_service svc=2/6/10.0.0.2/80 $C4 pe=nonesuch
		new_service svc=10/6/2001:db8::2/80 sched=rr flags=0 timeout=0 netmask=129
		set_service svc=2/6/10.0.0.2/80 $C4
		set_service $S4 sched=nonesuch flags=0 timeout=0 netmask=0
		set_service svc=10/6/2001:db8::1/80 sched=rr flags=0 timeout=0 netmask=0
		del_service svc=2/6/10.0.0.2/80
		get_service
		zero service
		new_dest $S4
		new_dest $S4 dest
		new_dest $S4 d.addr=10.0.2.11 d.port=80
		new_dest $S4 d.port=80 d.1:00000000000000000000000000000000000000
		new_dest $S4 $D d.fwd=0 d.weight=1 d.u=0 d.l=0
		new_dest $S4 $D d.fwd=0 d.weight=1 d.u=0 d.l=0 d.af=99
		new_dest $S4 d.addr=2001:db8::7 d.port=80 d.af=10 d.fwd=0 d.weight=1 d.u=0 d.l=0
		new_dest $S4 d.addr=10.0.2.11 d.port=80 d.fwd=0 d.weight=0x80000000 d.u=0 d.l=0
		new_dest $S4 d.addr=10.0.2.11 d.port=80 d.fwd=0 d.weight=1 d.u=1 d.l=2
		new_dest $S4 d.addr=10.0.2.11 d.port=80 d.fwd=0 d.weight=1 d.u=0x80000000 d.l=0
		new_dest $S4 d.addr=10.0.2.11 d.port=80 d.fwd=0 d.weight=1 d.u=0 d.l=0 d.tun_type=1
		new_dest $S4 d.addr=224.0.0.1 d.port=80 d.fwd=0 d.weight=1 d.u=0 d.l=0
		set_dest $S4 d.addr=10.0.2.11 d.port=80 d.fwd=0 d.weight=1 d.u=0 d.l=0
		del_dest $S4 d.addr=10.0.2.11 d.port=80
		new_daemon
		new_daemon m.state=1
		new_daemon m.state=1 m.ifn=lo m.id=1 m.6:00
		new_daemon m.state=1 m.ifn=lo m.id=1 m.group=10.0.0.1
		new_daemon m.state=1 m.ifn=lo m.id=1
		del_daemon m.state=3
		del_daemon m.state=1
		set_config tcp=8589935
	REQUESTS
	genl del_dest $S4 d.addr=2001:db8:2::10 d.port=80 d.af=10
	matches '^ENODEV: ipvs_daemon.mcast_ifn: ' "$(genl new_daemon m.state=1 m.ifn=nonesuch m.id=1)"
	matches '^EINVAL: ipvs_daemon.state: ' "$(genl new_daemon m.state=7 m.ifn=lo m.id=1)"
	return $bad
}
