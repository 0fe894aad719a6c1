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
		addr add 2001:db8:1::2/64 dev cd nodad
		route add default via 10.1.0.1
		route add default via 2001:db8:1::1
	IP
	ip -n director -b - <<-'IP'
		link set dc up
		link set dr up
		addr add 10.1.0.1/24 dev dc
		addr add 10.2.0.1/24 dev dr
		addr add 10.9.0.1/32 dev lo
		addr add 2001:db8:1::1/64 dev dc nodad
		addr add 2001:db8:2::1/64 dev dr nodad
		addr add 2001:db8:9::1/128 dev lo nodad
	IP
	in_ns director sysctl -qw net.ipv4.ip_forward=1 net.ipv6.conf.all.forwarding=1 net.ipv4.conf.all.rp_filter=0
	ip -n server -b - <<-'IP'
		link set rd up
		route add default via 10.2.0.1 dev rd onlink
		route add default via 2001:db8:2::1 dev rd onlink
	IP
	# Neighbours must be known before the clock runs.
	for i in 2 3 4 5; do
		ip -n server addr add 10.2.0.$i/24 dev rd
		ip -n server addr add 2001:db8:2::$i/64 dev rd nodad
		wait_for 10 in_ns director ping -qc 1 -W 1 10.2.0.$i
		wait_for 10 in_ns director ping -qc 1 -W 1 2001:db8:2::$i
	done
	wait_for 10 in_ns client ping -qc 1 -W 1 10.1.0.1
	wait_for 10 in_ns client ping -qc 1 -W 1 2001:db8:1::1
}

drop_at_ingress() {	# NAMESPACE DEVICE WHAT
	in_ns "$1" nft -f - <<-NFT
		table netdev t { chain i { type filter hook ingress device $2 priority -500; policy accept
			meta protocol arp accept
			icmpv6 type { nd-neighbor-solicit, nd-neighbor-advert } accept
			$3 drop
		}; }
	NFT
}

received() { cat /sys/class/net/rd/statistics/rx_packets; }
in_server() { ip netns exec server bash -c "$(declare -f received); received"; }

pktgen() {	# DST PORT COUNT FLOWS: nanoseconds per packet
	local mac six='' source='src_min 10.1.0.2'
	[[ $1 != *:* ]] || six=6 source='src6 2001:db8:1::2'
	mac=$(ip -n director -br link show dc | awk '{ print $3 }')
	# shellcheck disable=SC2016
	in_ns client env dst="$1" port="$2" count="$3" last="$((1023 + $4))" mac="$mac" six=$six source="$source" bash -c '
		w() { echo "$2" > /proc/net/pktgen/$1; }
		w kpktgend_0 rem_device_all
		w kpktgend_0 "add_device cd"
		for line in "count $count" "clone_skb 0" "pkt_size 80" "delay 0" "dst$six $dst" "dst_mac $mac" \
			"udp_dst_min $port" "udp_dst_max $port" "$source" "udp_src_min 1024" "udp_src_max $last"; do w cd "$line"; done
		w pgctrl start
		grep -oE "[0-9]+pps" /proc/net/pktgen/cd | head -n 1'
}

path() {	# NAME DST PORT COUNT FLOWS
	local before after pps
	before=$(in_server)
	pps=$(pktgen "$2" "$3" "$4" "$5")
	after=$(in_server)
	echo "$1 $((1000000000 / ${pps%pps})) $((after - before))/$4"
}

modprobe -a ip_vs ip_vs_rr pktgen
network
drop_at_ingress server rd ''
drop_at_ingress director dc 'udp dport 80'

# measure FAMILY VIRTUAL FORWARDED SERVER-PREFIX
measure() {
	local method port=81 i v=$2
	[ "$1" = IPv4 ] || v="[$2]"
	path "$1-generator" "$2" 80 "$count" 1
	path "$1-forwarding" "$3" 84 "$count" 1
	for method in nat:-m dr:-g tun:-i; do
		adm -A -u "$v:$port" -s rr
		for i in 2 3 4 5; do adm -a -u "$v:$port" -r "${4/N/$i}:$port" "${method#*:}"; done
		path "$1-${method%:*}-established" "$2" $port "$count" 1
		path "$1-${method%:*}-new" "$2" $port "$flows" "$flows"
		path "$1-${method%:*}-established-of-$flows" "$2" $port "$flows" "$flows"
		adm -D -u "$v:$port"
		port=$((port + 2))
	done
}
measure IPv4 10.9.0.1 10.2.0.2 10.2.0.N
measure IPv6 2001:db8:9::1 2001:db8:2::2 '[2001:db8:2::N]'
