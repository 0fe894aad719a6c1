#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# In the guest, with counted instructions: what one packet costs on its way through the director, by path. One line per
# path: its name, nanoseconds of guest time per packet (which are instructions), and packets delivered of packets sent.
#
#   client (pktgen) --- cd dc --- director --- dr rd --- server (dropped at its ingress)
#
#   packets.sh [COUNT [FLOWS]]       FLOWS: how many connections to open for the cost of a new one
set -euo pipefail
count=${1:-20000} flows=${2:-5000}
# shellcheck source=/dev/null
. "$TREE/tests/lib/e2e.bash"

network() {
	local i
	for n in client director server; do
		ip netns add $n
		ip -n $n link set lo up
	done
	ip link add cd netns client type veth peer name dc netns director
	ip link add dr netns director type veth peer name rd netns server
	ip -n client -b - <<-'IP'
		link set cd up
		addr add 10.1.0.2/24 dev cd
		route add default via 10.1.0.1
	IP
	ip -n director -b - <<-'IP'
		link set dc up
		link set dr up
		addr add 10.1.0.1/24 dev dc
		addr add 10.2.0.1/24 dev dr
		addr add 10.9.0.1/32 dev lo
	IP
	in_ns director sysctl -qw net.ipv4.ip_forward=1 net.ipv4.conf.all.rp_filter=0
	ip -n server -b - <<-'IP'
		link set rd up
		addr add 10.2.0.2/24 dev rd
		addr add 10.2.0.3/24 dev rd
		addr add 10.2.0.4/24 dev rd
		addr add 10.2.0.5/24 dev rd
		route add default via 10.2.0.1
	IP
	# Neighbours must be known before the clock runs.
	for i in 2 3 4 5; do wait_for 10 in_ns director ping -qc 1 -W 1 10.2.0.$i; done
	wait_for 10 in_ns client ping -qc 1 -W 1 10.1.0.1
}

drop_at_ingress() {	# NAMESPACE DEVICE WHAT
	in_ns "$1" nft -f - <<-NFT
		table netdev t { chain i { type filter hook ingress device $2 priority -500; policy accept
			meta protocol arp accept
			$3 drop
		}; }
	NFT
}

received() { cat /sys/class/net/rd/statistics/rx_packets; }
in_server() { ip netns exec server bash -c "$(declare -f received); received"; }

pktgen() {	# DST PORT COUNT LAST_SOURCE: nanoseconds per packet
	local mac
	mac=$(ip -n director -br link show dc | awk '{ print $3 }')
	# shellcheck disable=SC2016
	in_ns client env dst="$1" port="$2" count="$3" last="$4" mac="$mac" bash -c '
		w() { echo "$2" > /proc/net/pktgen/$1; }
		w kpktgend_0 rem_device_all
		w kpktgend_0 "add_device cd"
		for line in "count $count" "clone_skb 0" "pkt_size 60" "delay 0" "dst $dst" "dst_mac $mac" \
			"udp_dst_min $port" "udp_dst_max $port" "src_min 10.1.1.1" "src_max $last" \
			"udp_src_min 1024" "udp_src_max 1024"; do w cd "$line"; done
		w pgctrl start
		grep -oE "[0-9]+pps" /proc/net/pktgen/cd | head -n 1'
}

path() {	# NAME DST PORT COUNT LAST_SOURCE
	local before after pps
	before=$(in_server)
	pps=$(pktgen "$2" "$3" "$4" "$5")
	after=$(in_server)
	echo "$1 $((1000000000 / ${pps%pps})) $((after - before))/$4"
}

modprobe ip_vs
modprobe pktgen
network
drop_at_ingress server rd ''
drop_at_ingress director dc 'udp dport 80'
adm -A -u 10.9.0.1:81 -s rr
for i in 2 3 4 5; do adm -a -u 10.9.0.1:81 -r 10.2.0.$i:8080 -m; done
path generator 10.9.0.1 80 "$count" 10.1.1.1
path forwarding 10.2.0.2 84 "$count" 10.1.1.1
path nat-established 10.9.0.1 81 "$count" 10.1.1.1
path nat-new 10.9.0.1 81 "$flows" 11.255.255.254
path "nat-established-of-$flows" 10.9.0.1 81 "$flows" 11.255.255.254
