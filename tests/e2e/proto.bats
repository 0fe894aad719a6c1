#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only
# SCTP between real end points, AH and ESP behind a key exchange.

setup_file() {
	. "$TREE/tests/lib/e2e.bash"
	topo
	modprobe sctp
	peers_start
}
teardown_file() { . "$TREE/tests/lib/e2e.bash"; topo_down; }
setup() { . "$TREE/tests/lib/e2e.bash"; }
teardown() { adm -C; }

# states PORT: of the connections to that port of the VIP; each case has its own
states() { adm -Lnc | awk -v to="$VIP:$1" '$5 == to { print $3 }' | sort | xargs; }

@both "a refused association is one that was rejected" {
	adm -A --sctp-service "$VIP:81" -s rr
	adm -a --sctp-service "$VIP:81" -r "${RS[3]}:9" -m
	run in_ns client timeout 5 socat -u OPEN:/dev/null "SCTP:$VIP:81"
	equal REJECTED "$(states 81)"
}

@both "AH and ESP follow the key exchange of the same two hosts" {
	adm -A -u "$VIP:500" -s rr
	adm -a -u "$VIP:500" -r "${RS[3]}:500" -m
	capture s3 e0 ipsec 'proto 50 or proto 51 or ip6 proto 50 or ip6 proto 51'
	in_ns client python3 -S "$TREE/tests/tools/raw.py" ip "$VIP_RAW" 50 00000001000000010102030405060708
	in_ns client timeout 1 "$PEER" udp "$VIP_RAW" 500 1 500 || true
	in_ns client python3 -S "$TREE/tests/tools/raw.py" ip "$VIP_RAW" 50 00000002000000010102030405060708
	out=$(captured ipsec)
	matches "$CIP_RAW > ${RS_RAW[3]}: ESP.spi=0x00000002" "$out"
	equal 1 "$(grep -c 'ESP(spi' <<< "$out")"
}
