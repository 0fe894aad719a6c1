# SPDX-License-Identifier: GPL-2.0-only
# The network of the end-to-end cases, in network namespaces of one machine:
#
#                                          director
#    client                        VIP 10.9.0.1  2001:db8:9::1 (lo)                 s1
#   +--------+                    +---------------------------------+   d1      e0 +--------+
#   |     c0 |--------------------| dc                           d1 |--------------|        |
#   +--------+                    |                                 |              +--------+
#    10.1.0.2        10.1.0.1     |                                 |   10.2.1.1    10.2.1.2
#    2001:db8:1::2   …:1::1       |                                 |   …:21::1     …:21::2
#                                 |                                 |
#                                 |                              d2 |-------------- s2 10.2.2.2, 2001:db8:22::2
#                                 |                              d3 |-------------- s3 10.2.3.2, 2001:db8:23::2
#                                 +---------------------------------+
#
# Every namespace but the director has its default route through the director. The director forwards; there is
# no reverse-path filter and no duplicate address detection, so everything works as soon as topo returns.

in_ns() { "$PEER" in "$@"; }	# NAMESPACE COMMAND...

topo() {
	local n=${TOPO_PREFIX:-}
	ip -b - <<-IP
		netns add ${n}client
		netns add ${n}director
		netns add ${n}s1
		netns add ${n}s2
		netns add ${n}s3
		link add c0 netns ${n}client type veth peer name dc netns ${n}director
		link add d1 netns ${n}director type veth peer name e0 netns ${n}s1
		link add d2 netns ${n}director type veth peer name e0 netns ${n}s2
		link add d3 netns ${n}director type veth peer name e0 netns ${n}s3
	IP
	in_ns "${n}director" bash -c '
		cd /proc/sys/net
		echo 1 > ipv4/ip_forward
		echo 1 > ipv6/conf/all/forwarding
		echo 0 > ipv4/icmp_ratelimit
		echo 0 > ipv6/icmp/ratelimit
		for i in all default dc d1 d2 d3; do echo 0 > ipv4/conf/$i/rp_filter; done'
	ip -n "${n}director" -b - <<-'IP'
		link set lo up
		link set dc up
		link set d1 up
		link set d2 up
		link set d3 up
		addr add 10.9.0.1/32 dev lo
		addr add 2001:db8:9::1/128 dev lo
		addr add 10.1.0.1/24 dev dc
		addr add 2001:db8:1::1/64 dev dc nodad
		addr add 10.2.1.1/24 dev d1
		addr add 2001:db8:21::1/64 dev d1 nodad
		addr add 10.2.2.1/24 dev d2
		addr add 2001:db8:22::1/64 dev d2 nodad
		addr add 10.2.3.1/24 dev d3
		addr add 2001:db8:23::1/64 dev d3 nodad
	IP
	topo_host "${n}client" c0 10.1.0 2001:db8:1
	topo_host "${n}s1" e0 10.2.1 2001:db8:21
	topo_host "${n}s2" e0 10.2.2 2001:db8:22
	topo_host "${n}s3" e0 10.2.3 2001:db8:23
}

topo_host() {	# NAMESPACE DEVICE IPV4_NET IPV6_NET
	ip -n "$1" -b - <<-IP
		link set lo up
		link set $2 up
		addr add $3.2/24 dev $2
		addr add $4::2/64 dev $2 nodad
		route add default via $3.1
		route add default via $4::1
	IP
}

# narrow_link: s1 is also a router. Behind it are s2, by a link of 1400 bytes, and nothing (10.4.0.128, 2001:db8:41::).
#
#   director d1 ---- e0 s1 m1 10.4.0.1 ---- 10.4.0.2 m2 s2      IPv6 2001:db8:40::1, ::2
narrow_link() {
	local s
	ip -b - <<-'IP'
		link add m1 netns s1 type veth peer name m2 netns s2
	IP
	ip -n s1 -b - <<-'IP'
		link set m1 mtu 1400 up
		addr add 10.4.0.1/25 dev m1
		addr add 2001:db8:40::1/64 dev m1 nodad
		route add unreachable 10.4.0.128/25
		route add unreachable 2001:db8:41::/64
	IP
	ip -n s2 -b - <<-'IP'
		link set m2 mtu 1400 up
		addr add 10.4.0.2/25 dev m2
		addr add 2001:db8:40::2/64 dev m2 nodad
	IP
	in_ns s1 bash -c 'cd /proc/sys/net; echo 1 > ipv4/ip_forward; echo 1 > ipv6/conf/all/forwarding
		echo 0 > ipv4/icmp_ratelimit; echo 0 > ipv6/icmp/ratelimit'
	for s in s1 s2; do
		in_ns $s bash -c 'for f in /proc/sys/net/ipv4/conf/*/rp_filter; do echo 0 > $f; done'
	done
	ip -n director route add 10.4.0.0/24 via 10.2.1.2
	ip -n director route add 2001:db8:40::/63 via 2001:db8:21::2
}

# Ends every program in the namespaces and removes them.
topo_down() {
	local n pids
	for n in client director s1 s2 s3; do
		n=${TOPO_PREFIX:-}$n
		[ -e "/run/netns/$n" ] || continue
		pids=$(ip netns pids "$n")
		# shellcheck disable=SC2086
		[ -z "$pids" ] || kill -9 $pids 2>/dev/null || true
		ip netns del "$n"
	done
	rm -f /tmp/peer.*
}

# Addresses of the family under test. *_RAW are without brackets; the others go where a port may follow.
#   FAM  VIP VIP_RAW  CIP CIP_RAW (client)  RS[1..3] RS_RAW[1..3] (servers)  IPV4_OR_6
family() {
	local i
	FAM=$1
	RS=() RS_RAW=()
	if [ "$FAM" = 4 ]; then
		VIP_RAW=10.9.0.1 CIP_RAW=10.1.0.2
		for i in 1 2 3; do RS_RAW[i]=10.2.$i.2; RS[i]=${RS_RAW[i]}; done
		VIP=$VIP_RAW CIP=$CIP_RAW
	else
		VIP_RAW=2001:db8:9::1 CIP_RAW=2001:db8:1::2
		for i in 1 2 3; do RS_RAW[i]=2001:db8:2$i::2; RS[i]="[${RS_RAW[i]}]"; done
		VIP="[$VIP_RAW]" CIP="[$CIP_RAW]"
	fi
}
