#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only
# JSON: what is written, that it is JSON, and that it is read back.
load cli

table() {
	cat > "$IPVS_REPLAY" <<- 'END'
		timeouts tcp=901 tcp_fin=121 udp=301
		service af=2 protocol=6 addr=10.0.0.1 port=8081 sched=wrr flags=1 timeout=360 netmask=16777215 stats.conns=9007199254740993 stats.outbps=7
		dest af=2 addr=10.0.0.3 port=8080 weight=30 active=2 inactive=3 persist=4 u_thresh=10 l_thresh=5 stats.inbytes=12345678901234567
		dest af=10 addr=2001:db8::3 port=8081 conn_flags=2 weight=1 tun_type=1 tun_port=6080 tun_flags=2
		service af=10 protocol=132 addr=2001:db8::1 port=9900 sched=rr
		service af=2 protocol=17 addr=10.0.0.1 port=5060 sched=sh flags=60 pe=sip
		service af=10 fwmark=4294967295 sched=none
		dest af=10 addr=2001:db8::2 port=0 conn_flags=3 weight=0
		daemon state=1 mcast_ifn=lo sync_id=3 sync_maxlen=1400 mcast_group=239.1.2.3 mcast_port=9999 mcast_ttl=5
	END
}

# query JSON-COMMAND PYTHON-EXPRESSION: the value of the expression over d.
query() {
	# shellcheck disable=SC2016
	$1 | python3 -c 'import json, sys; d = json.load(sys.stdin); print(json.dumps(eval(sys.argv[1])))' "$2"
}

@test "services, settings, counters and connections are exact" {
	table
	expect_out '{"version":"1.2.1","size":4096,"services":[
{"protocol":"tcp","family":"ipv4","address":"10.0.0.1","port":8081,"scheduler":"wrr","persistent":360,"netmask":"255.255.255.0","stats":{"conns":9007199254740993,"inpkts":0,"outpkts":0,"inbytes":0,"outbytes":0},"rates":{"cps":0,"inpps":0,"outpps":0,"inbps":0,"outbps":7},"servers":[{"family":"ipv4","address":"10.0.0.3","port":8080,"forwarding_method":"masquerading","weight":30,"u_threshold":10,"l_threshold":5,"connections":{"active":2,"inactive":3,"persistent":4},"stats":{"conns":0,"inpkts":0,"outpkts":0,"inbytes":12345678901234567,"outbytes":0},"rates":{"cps":0,"inpps":0,"outpps":0,"inbps":0,"outbps":0}},{"family":"ipv6","address":"2001:db8::3","port":8081,"forwarding_method":"ipip","weight":1,"tun_type":"gue","tun_port":6080,"tun_remcsum":true,"u_threshold":0,"l_threshold":0,"connections":{"active":0,"inactive":0,"persistent":0},"stats":{"conns":0,"inpkts":0,"outpkts":0,"inbytes":0,"outbytes":0},"rates":{"cps":0,"inpps":0,"outpps":0,"inbps":0,"outbps":0}}]}
]}' ipvsadm -L -n -t 10.0.0.1:8081 --json
}

@test "every listing has its form" {
	table
	[ "$(query "ipvsadm -Ln --json" '[(s.get("protocol"), s["family"], s.get("fwmark")) for s in d["services"]]')" = \
		'[["tcp", "ipv4", null], ["udp", "ipv4", null], ["sctp", "ipv6", null], [null, "ipv6", 4294967295]]' ]
	[ "$(query "ipvsadm -Ln --json --stats" 'd["services"][1]')" = "$(query "ipvsadm -Ln --json" 'd["services"][1]')" ]
	expect_out '{"timeouts":{"tcp":901,"tcp_fin":121,"udp":301}}' ipvsadm -L --timeout --json
	expect_out '{"daemons":[{"role":"master","syncid":3,"sync_maxlen":1400,"mcast_interface":"lo","mcast_group":"239.1.2.3","mcast_port":9999,"mcast_ttl":5}]}' \
		ipvsadm -L --daemon --json
	: > "$IPVS_REPLAY"
	expect_out '{"version":"1.2.1","size":4096,"services":[]}' ipvsadm -L --json
}

@test "names stand apart from addresses" {
	echo 'service af=2 protocol=6 addr=127.0.0.1 port=80 sched=rr' > "$IPVS_REPLAY"
	[ "$(query "ipvsadm -L --json" '[d["services"][0][k] for k in ("address", "port", "port_name")]')" = \
		'["127.0.0.1", 80, "http"]' ]
	[ "$(query "ipvsadm -L -n --json" '"port_name" in d["services"][0]')" = false ]
}

@test "what was written is read back" {
	table
	ipvsadm -L -n --json > "$BATS_TEST_TMPDIR/list"
	ipvsadm -S --all --json > "$BATS_TEST_TMPDIR/save"
	ipvsadm -S --all -n > "$BATS_TEST_TMPDIR/rules"
	expect_out "" ipvsadm --apply "$BATS_TEST_TMPDIR/list" --dry-run
	expect_out "" ipvsadm --apply "$BATS_TEST_TMPDIR/save" --dry-run
	: > "$IPVS_REPLAY"
	expect 0 "" ipvsadm --apply "$BATS_TEST_TMPDIR/save"
	expect_out "$(cat "$BATS_TEST_TMPDIR/rules")" ipvsadm -S -n --all
}

@test "JSON that says nothing of services leaves them alone" {
	table
	expect_out "--set 5 0 0" ipvsadm --apply --dry-run <<< '{"timeouts":{"tcp":5}}'
	expect_out "-D -t 10.0.0.1:8081
-D -u 10.0.0.1:5060
-D --sctp-service [2001:db8::1]:9900
-D -f 4294967295 -6" ipvsadm --apply --dry-run <<< '{"services":[]}'
}

@test "faults in JSON are told with their place, all of them" {
	table
	cp "$IPVS_REPLAY" "$BATS_TEST_TMPDIR/before"
	run_split ipvsadm --apply <<- 'END'
		{"services":[
		{"protocol":"tcp","address":"10.0.0.1","port":80,"scheduler":"rr","servers":[
			{"address":"10.0.0.2","port":80,"weight":-1},
			{"address":"10.0.0.2","port":80,"colour":"red"},
			{"address":"10.0.0.2","port":80,"forwarding_method":"pigeon"},
			{"address":"10.0.0.2"}]},
		{"protocol":"icmp","address":"10.0.0.1","port":80},
		{"protocol":"tcp","address":"10.0.0.1","port":80,"ops":5}
		],"planet":1}
	END
	[ "$status" = 2 ]
	diff <(echo "$err") - <<- 'END'
		illegal weight specified
		unknown member `colour'
		unknown member `forwarding_method'
		missing or wrong member `port'
		missing or wrong member `protocol'
		wrong value of member `ops'
		unknown member `planet'
	END
	diff <(echo "$second" | cut -d: -f1) - <<- 'END'
		services[0].servers[0]
		services[0].servers[1]
		services[0].servers[2]
		services[0].servers[3]
		services[1]
		services[2]
		the file
	END
	cmp "$IPVS_REPLAY" "$BATS_TEST_TMPDIR/before"
	expect 2 "invalid JSON" ipvsadm --apply <<< '{"services":[}'
	[ -n "$second" ]
	expect 2 "invalid JSON" ipvsadm --apply <<< '{"services":[],"services":[]}'
	expect 2 "wrong value of member \`services'" ipvsadm --apply <<< '{"services":7}'
}
