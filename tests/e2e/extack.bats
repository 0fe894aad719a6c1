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

