#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# In the guest, with counted instructions: what a new connection costs by scheduler and number of servers. One line for
# each pair: SCHEDULER-SERVERS, nanoseconds of guest time per connection (which are instructions), and connections made of
# packets sent. The first line is the generator alone. Requests are UDP by NAT to a device that swallows them.
#
#   schedulers.sh [COUNT]        connections for each line
set -euo pipefail
count=${1:-1000}
# shellcheck disable=SC1091
. "$TREE/tests/lib/e2e.bash"
# shellcheck disable=SC1091
. "$TREE/tests/lib/forge.bash"

sources=0	# a new range of clients for every line

pktgen() {	# PORT: nanoseconds per packet
	local mac
	mac=$(ip -n director -br link show dc | awk '{ print $3 }')
	sources=$((sources + 1))
	# shellcheck disable=SC2016
	in_ns client env port="$1" count="$count" net="11.$sources" mac="$mac" bash -c '
		w() { echo "$2" > /proc/net/pktgen/$1; }
		w kpktgend_0 rem_device_all
		w kpktgend_0 "add_device c0"
		for line in "count $count" "clone_skb 0" "pkt_size 60" "delay 0" "dst 10.9.0.1" "dst_mac $mac" \
			"udp_dst_min $port" "udp_dst_max $port" "src_min $net.0.1" "src_max $net.255.254" \
			"udp_src_min 1024" "udp_src_max 1024"; do w c0 "$line"; done
		w pgctrl start
		grep -oE "[0-9]+pps" /proc/net/pktgen/c0 | head -n 1' > /tmp/pps
	read -r pps < /tmp/pps
	ns=$((1000000000 / ${pps%pps}))
}

conns() { adm -Ln --stats -u "10.9.0.1:$1" | awk '$1 == "UDP" { print $3 }'; }

servers() {	# PORT COUNT
	local i
	echo "-A -u 10.9.0.1:$1 -s rr"
	for ((i = 0; i < $2; i++)); do echo "-a -u 10.9.0.1:$1 -r 10.2.$((i / 250)).$((i % 250 + 2)):80 -m -w 1"; done
}

# Room for all connections, so that their table does not become part of the cost.
modprobe ip_vs conn_tab_bits=18
modprobe pktgen
forge_network
in_ns director nft -f - <<-'NFT'
	table netdev t { chain i { type filter hook ingress device dc priority -500; policy accept
		udp dport 80 drop
	}; }
NFT
pktgen 80
echo "generator $ns $count/$count"
for n in 1 10 100 1000; do
	port=$((2000 + n))
	servers $port $n | adm -R
	for s in rr wrr lc wlc sed nq fo ovf twos sh dh mh lblc lblcr; do
		modinfo ip_vs_$s > /dev/null 2>&1 || continue
		adm -E -u 10.9.0.1:$port -s $s
		adm -Z -u 10.9.0.1:$port
		pktgen $port
		echo "$s-$n $ns $(conns $port)/$count"
	done
	adm -D -u 10.9.0.1:$port
done
