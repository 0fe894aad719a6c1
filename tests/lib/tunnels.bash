# SPDX-License-Identifier: GPL-2.0-only
# Servers that answer the client by themselves: their own links to it, the virtual address, and the ends of tunnels.
#
#   client x1 10.3.1.1 ---- 10.3.1.2 x0 s1      and so on; IPv6 2001:db8:31::1, ::2

# direct_links: answers need not pass the director, and the servers have the virtual address.
direct_links() {
	local i
	for i in 1 2 3; do
		ip -b - <<-IP
			link add x$i netns client type veth peer name x0 netns s$i
		IP
		ip -n client -b - <<-IP
			link set x$i up
			addr add 10.3.$i.1/24 dev x$i
			addr add 2001:db8:3$i::1/64 dev x$i nodad
		IP
		ip -n s$i -b - <<-IP
			link set x0 up
			addr add 10.3.$i.2/24 dev x0
			addr add 2001:db8:3$i::2/64 dev x0 nodad
			addr add 10.9.0.1/32 dev lo
			addr add 2001:db8:9::1/128 dev lo nodad
			route add 10.1.0.2/32 via 10.3.$i.1 src 10.9.0.1
			route add 2001:db8:1::2/128 via 2001:db8:3$i::1 src 2001:db8:9::1
		IP
	done
}

# tunnel_ends: s1 takes GRE, s2 GRE with checksums, s3 IP in IP and GUE on port 6080; either family in either.
tunnel_ends() {
	local i csum dev
	for i in 1 2 3; do
		csum=()
		[ $i != 2 ] || csum=(icsum)
		case $i in
		1 | 2)
			ip -n s$i link add g4 type gre local 10.2.$i.2 remote any "${csum[@]}"
			ip -n s$i link add g6 type ip6gre local 2001:db8:2$i::2 remote :: "${csum[@]}"
			;;
		3)
			ip -n s3 link add i44 type ipip local 10.2.3.2 remote any
			ip -n s3 link add i64 type sit local 10.2.3.2 remote any
			ip -n s3 link add iX6 type ip6tnl mode any local 2001:db8:23::2 remote ::
			modprobe -a fou fou6
			ip -n s3 fou add port 6080 gue
			ip -n s3 -6 fou add port 6080 gue
			;;
		esac
		for dev in g4 g6 i44 i64 iX6; do
			ip -n s$i link set $dev up 2>/dev/null || true
		done
		in_ns s$i bash -c 'for f in /proc/sys/net/ipv4/conf/*/rp_filter; do echo 0 > $f; done'
	done
}

# tunnel SERVER PORT OPTIONS...: a TCP and a UDP service on PORT of the VIP with one server by a tunnel.
tunnel() { one_server "$2" "$1:$2" -i "${@:3}"; }
