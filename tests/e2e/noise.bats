#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only
# Bad packets and bad links: what honest clients notice of them. That the kernel log is clean and the modules unload is
# looked at after the suite.

setup_file() {
	. "$TREE/tests/lib/e2e.bash"
	topo
	tunnel_ends
	servers_start
	head -c 2000000 /dev/urandom > /tmp/big
	cp /tmp/big /tmp/nginx/s1/files/big
	modprobe -a sctp sch_netem
}
teardown_file() { . "$TREE/tests/lib/e2e.bash"; topo_down; rm -f /tmp/big; }
setup() { . "$TREE/tests/lib/e2e.bash"; }
teardown() {
	local n
	adm -C
	in_ns director nft flush ruleset
	for n in $knobs; do knob "$n" 0; done
	for n in client:c0 director:dc director:d1 s1:e0; do tc -n "${n%:*}" qdisc del dev "${n#*:}" root 2>/dev/null || true; done
}
knobs='conntrack schedule_icmp sloppy_tcp sloppy_sctp nat_icmp_send secure_tcp expire_nodest_conn'

# Services of every protocol and method, both families; that of port 80 is the honest client's.
services() {
	local f
	for f in 4 6; do
		family $f
		adm -R <<-RULES
			-A -t $VIP:80 -s rr
			-a -t $VIP:80 -r ${RS[1]}:8080 -m
			-A -u $VIP:53 -s wlc -o
			-a -u $VIP:53 -r ${RS[2]}:7000 -m
			-A -u $VIP:500 -s rr
			-a -u $VIP:500 -r ${RS[2]}:7000 -m
			-A -t $VIP:7000 -s wrr -p 300
			-a -t $VIP:7000 -r ${RS[2]}:7000 -m
			-A -u $VIP:7000 -s sh
			-a -u $VIP:7000 -r ${RS[2]}:7000 -g
			-A --sctp-service $VIP:7000 -s rr
			-a --sctp-service $VIP:7000 -r ${RS[2]}:7000 -m
			-A -t $VIP:7001 -s rr
			-a -t $VIP:7001 -r ${RS[3]}:7001 -i --tun-type gue --tun-port 6080 --tun-remcsum
			-A -u $VIP:7001 -s rr
			-a -u $VIP:7001 -r ${RS[1]}:7001 -i --tun-type gre --tun-csum
			-A -u $VIP:7002 -s rr
			-a -u $VIP:7002 -r ${RS[3]}:7002 -i --tun-type ipip
			-A -t $VIP:7003 -s rr
			-A -t $VIP:21 -s rr -p 300
			-a -t $VIP:21 -r ${RS[2]}:7000 -m
		RULES
	done
}

# noise_args SEED: set args
noise_args() {
	local mac
	mac=$(ip -n director -o link show dc | grep -o 'link/ether [^ ]*')
	args=("$1" "${NOISE_PACKETS:-20000}" c0 "${mac#* }" 10.1.0.2 10.9.0.1 2001:db8:1::2 2001:db8:9::1)
}

# download COUNT: the honest client's, IPv4 and IPv6 by turns
download() {
	local i
	for ((i = 0; i < $1; i++)); do
		family $((4 + i % 2 * 2))
		in_ns client curl -sS --max-time 60 -o /tmp/down "http://$VIP/files/big" || return
		cmp /tmp/big /tmp/down || return
	done
}

@test "packets of every protocol, right and wrong, do no harm to an honest client" {
	services
	noise_args "${NOISE_SEED:-1}"
	# Not in_ns: a function in the background would be a shell between us and the program.
	"$PEER" in client "$TREE/build/tests/noise" "${args[@]}" > /tmp/noise 3>&- &
	download 4
	wait $!
	equal "${NOISE_PACKETS:-20000}" "$(cat /tmp/noise)"
	at_least 100 "$(adm -Lnc | wc -l)" "connections that the noise made"
}

@test "and neither do they with everything switched on" {
	local n
	for n in $knobs; do knob "$n" 1; done
	knob secure_tcp 3
	in_ns director nft 'add table inet t; add chain inet t p { type filter hook prerouting priority 0; }
		add rule inet t p ct state invalid counter'
	services
	noise_args 2
	in_ns client "$TREE/build/tests/noise" "${args[@]}"
	download 2
}

@both "what is lost, late, doubled and out of order on the way arrives intact" {
	local n
	for n in client:c0 director:dc director:d1 s1:e0; do
		tc -n "${n%:*}" qdisc add dev "${n#*:}" root netem delay 3ms 2ms loss 0.3% duplicate 1% reorder 10% 25%
	done
	adm -A -t "$VIP:80" -s rr
	adm -a -t "$VIP:80" -r "${RS[1]}:8080" -m
	in_ns client curl -sS --max-time 120 -o /tmp/down "http://$VIP/files/big"
	cmp /tmp/big /tmp/down
	in_ns client curl -sS --max-time 120 -T /tmp/big "http://$VIP/files/up"
	cmp /tmp/big /tmp/nginx/s1/files/up
	rm /tmp/down /tmp/nginx/s1/files/up
}
