# SPDX-License-Identifier: GPL-2.0-only
# A director whose servers are addresses behind a device that swallows everything, and clients that are forged: for
# thousands of connections that nobody answers. The names client and director are those of topo.bash.
#
#   client 10.1.0.2 c0 ------ dc 10.1.0.1 director sink 10.2.0.1 ... servers 10.2.0.10, .11, ...
#                             lo: all of 10.9.0.0/16; what goes to 10.9.1.* has mark 1
# IPv6 likewise: 2001:db8:1::/64, 2001:db8:2::/64, 2001:db8:9::/64.

forge_network() {
	ip netns add client
	ip netns add director
	ip link add c0 netns client type veth peer name dc netns director
	ip -n client -b - <<-'IP'
		link set lo up
		link set c0 up
		addr add 10.1.0.2/16 dev c0
		addr add 2001:db8:1::2/64 dev c0 nodad
		route add default via 10.1.0.1
		route add default via 2001:db8:1::1
	IP
	ip -n director -b - <<-'IP'
		link set lo up
		link set dc up
		addr add 10.1.0.1/16 dev dc
		addr add 2001:db8:1::1/64 dev dc nodad
		addr add 10.9.0.1/32 dev lo
		route add local 10.9.0.0/16 dev lo
		link add sink type dummy
		link set sink up
		addr add 10.2.0.1/16 dev sink
		addr add 2001:db8:2::1/64 dev sink nodad
		addr add 2001:db8:9::1/128 dev lo
	IP
	in_ns director bash -c '
		echo 1 > /proc/sys/net/ipv4/ip_forward
		echo 1 > /proc/sys/net/ipv6/conf/all/forwarding
		for i in all default dc; do echo 0 > /proc/sys/net/ipv4/conf/$i/rp_filter; done'
	in_ns director nft -f - <<-'NFT'
		table ip t { chain p { type filter hook prerouting priority mangle; policy accept
			ip daddr 10.9.1.0/24 meta mark set 1
		}; }
	NFT
	in_ns client ping -qc 1 -W 5 10.1.0.1 > /dev/null
	in_ns client ping -qc 1 -W 5 2001:db8:1::1 > /dev/null
}

server() { echo "10.2.0.$((10 + $1)):80"; }	# INDEX

# forge KIND SRC SPORT DST DPORT COUNT [SRC_STEP SPORT_STEP DST_STEP]: see tools/peer.c
forge() { in_ns client "$PEER" forge "$@"; }

# conns_to PORT: connections to that port of any virtual address, as "CLIENT VIRTUAL SERVER", in order of clients
conns_to() {
	adm -Lnc | awk -v port=":$1\$" 'NR > 2 && $5 ~ port { print $4, $5, $6 }' | sort -t . -k 3,3n -k 4,4V
}

# chosen PORT [FIRST_CLIENT_PORT]: the servers of these, a letter each, of clients with at least that port
chosen() {
	conns_to "$1" | awk -v from="${2:-0}" '{
		split($1, client, ":")
		split($3, at, /[.:]/)
		if (client[2] >= from) printf "%c\n", 97 + at[4] - 10
	}'
}

shares() { chosen "$1" | sort | uniq -c | awk '{ printf "%s%s:%d", (NR > 1 ? " " : ""), $2, $1 }'; }	# PORT: "a:3 b:3"
