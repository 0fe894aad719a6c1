#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only
# Much data through one masqueraded connection, in both directions, with segmentation offload and without: nothing may
# be lost or changed.

setup_file() {
	. "$TREE/tests/lib/e2e.bash"
	topo
	nginx_start
	head -c 20000000 /dev/urandom > /tmp/big
	cp /tmp/big /tmp/nginx/s1/files/big
	in_ns s1 iperf3 -s -D
}
teardown_file() { . "$TREE/tests/lib/e2e.bash"; topo_down; rm -f /tmp/big; }
setup() { . "$TREE/tests/lib/e2e.bash"; }
teardown() { adm -C; offload on; }

offload() {
	local n
	for n in client:c0 director:dc director:d1 s1:e0; do
		in_ns "${n%:*}" ethtool -K "${n#*:}" tso "$1" gso "$1" gro "$1" >/dev/null 2>&1 || true
	done
}

files_and_iperf() {
	adm -R <<-RULES
		-A -t $VIP:80 -s rr
		-a -t $VIP:80 -r ${RS[1]}:8080 -m
		-A -t $VIP:5201 -s rr
		-a -t $VIP:5201 -r ${RS[1]}:5201 -m
	RULES
}

both_ways() {
	files_and_iperf
	in_ns client curl -sS --max-time 120 -o /tmp/down "http://$VIP/files/big"
	cmp /tmp/big /tmp/down
	in_ns client curl -sS --max-time 120 -T /tmp/big "http://$VIP/files/up"
	cmp /tmp/big /tmp/nginx/s1/files/up
	rm /tmp/down /tmp/nginx/s1/files/up
}

@both "20 MB arrive unchanged in both directions with segmentation offload" {
	offload on
	both_ways
}

@both "20 MB arrive unchanged in both directions without segmentation offload" {
	offload off
	both_ways
}

@both "iperf3 streams both ways at once with segmentation offload" {
	offload on
	files_and_iperf
	in_ns client iperf3 -c "$VIP_RAW" -t 2 --bidir -J > /tmp/iperf
	python3 - <<-'PY'
		import json
		end = json.load(open('/tmp/iperf'))['end']
		for way in 'sum_received', 'sum_received_bidir_reverse':
		    megabytes = end[way]['bytes'] / 1e6
		    print(way, megabytes, 'MB')
		    assert megabytes > 5
	PY
}
