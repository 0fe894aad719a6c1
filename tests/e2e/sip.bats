#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only
# SIP by real programs (sipp) through its persistence engine. Calls of the messages' own making are in persist.bats.

setup_file() {
	. "$TREE/tests/lib/e2e.bash"
	local i
	topo
	for i in 1 2 3; do
		for fam in 4 6; do
			family $fam
			mkdir -p /tmp/sipp.$i
			"$PEER" in s$i sipp -sn uas -i "${RS_RAW[i]}" -p 5060 -nostdin -trace_stat -fd 1 \
				-stf "/tmp/sipp.$i/$fam" > /dev/null 2>&1 3>&- &
		done
	done
	for i in 1 2 3; do wait_for 60 both_listen s$i; done
}
teardown_file() { . "$TREE/tests/lib/e2e.bash"; topo_down; }
setup() { . "$TREE/tests/lib/e2e.bash"; }
teardown() { adm -C; }

both_listen() { [ "$(in_ns "$1" ss -Hlun 'sport = :5060' | wc -l)" = 2 ]; }

# sip_service OPTIONS: SIP on port 5060 of the VIP
sip_service() {
	local i
	{
		echo "-A -u $VIP:5060 -s rr $1 -p 60 --pe sip"
		for i in 1 2 3; do echo "-a -u $VIP:5060 -r ${RS[i]}:5060 -m"; done
	} | adm -R
}

# calls COUNT: that many calls, each INVITE to BYE; all must succeed
calls() {
	in_ns client sipp -sn uac "$VIP:5060" -i "$CIP_RAW" -p 6000 -m "$1" -r 20 -l "$1" -d 200 -nostdin -timeout 60s -timeout_error
}

# Templates with a Call-ID, by server
by_server() { in_ns director awk '$10 == "sip" { print $6 }' /proc/net/ip_vs_conn | sort | uniq -c | awk '{ print $1 }' | xargs; }
left() { in_ns director awk 'NR > 1 && $10 != "sip"' /proc/net/ip_vs_conn | wc -l; }

@test "calls are spread by their Call-ID, one packet at a time, and answered by the virtual address" {
	family 4
	sip_service -o
	capture client c0 sip "udp port 5060"
	calls 9
	equal "3 3 3" "$(by_server)"
	equal 0 "$(left)"
	differs '10\.2\.[123]\.2\.5060 >' "$(captured sip)"
}
