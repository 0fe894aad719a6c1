#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only
# Where requests and replies are not just forwarded: servers and clients on the director, servers that are clients,
# packets that bypass all servers, policy routing, VLANs and VRFs.

setup_file() {
	. "$TREE/tests/lib/e2e.bash"
	topo
	peers_start
	in_ns director "$PEER" serve 7000 director
}
teardown_file() { . "$TREE/tests/lib/e2e.bash"; topo_down; }
setup() { . "$TREE/tests/lib/e2e.bash"; }
teardown() {
	adm -C
	knob cache_bypass 0
	knob nat_icmp_send 0
	in_ns director nft flush ruleset
	in_ns client nft flush ruleset
}


# answer NAMESPACE PORT: who answers over UDP, and over TCP
answer() {
	in_ns "$1" "$PEER" udp "$VIP_RAW" "$2" 1 | cut -d ' ' -f 1
	stream "$@"
}

# the address from which the director answers the client, and that of loopback
own() { if [ "$FAM" = 4 ]; then echo 10.1.0.1; else echo '[2001:db8:1::1]'; fi; }
mine() { if [ "$FAM" = 4 ]; then echo 127.0.0.1; else echo '[::1]'; fi; }

@both "a server on the director itself, by masquerading" {
	one_server 80 "$(own):7000" -m
	equal "director director" "$(answer client 80 | xargs)"
	equal director "$(stream director 80)"
}

@both "a server on the director itself gets packets unchanged by the other methods" {
	one_server 7000 "$(own):9" -g
	equal director "$(stream client 7000)"
	adm -C
	one_server 7000 "$(own):9" -i
	equal director "$(stream client 7000)"
}

@both "what listens on loopback is for the director's own clients only" {
	one_server 80 "$(mine):7000" -m
	equal director "$(stream director 80)"
	equal nobody "$(in_ns client timeout 1 "$PEER" udp "$VIP_RAW" 80 1 || echo nobody)"
}

@both "a server is the client of another service" {
	one_server 80 "${RS[2]}:7000" -m
	one_server 81 "${RS[1]}:7000" -m
	equal "s2 s2" "$(answer s1 80 | xargs)"
	equal "s1 s1" "$(answer s2 81 | xargs)"
	equal "s1 s1" "$(answer client 81 | xargs)"
}

@both "two services with one server are kept apart" {
	[ "$MODULES" = ours ] || return 0	# upstream mixes up their replies
	one_server 80 "${RS[2]}:7000" -m
	one_server 81 "${RS[2]}:7000" -m
	for port in 80 81 80; do
		matches "^s2 $CIP_RAW 4455 " "$(in_ns client "$PEER" udp "$VIP_RAW" $port 1 4455)"
	done
}

# through: packets to s3 that pass the director get mark 1 and are for this host
through() {
	in_ns director nft "add table inet m; add chain inet m p { type filter hook prerouting priority mangle; }
		add rule inet m p $([ "$FAM" = 4 ] && echo ip || echo ip6) daddr ${RS_RAW[3]} udp dport 7000 mark set 1"
	ip "-$FAM" -n director rule add fwmark 1 lookup 100
	ip "-$FAM" -n director route add local default dev lo table 100
}
no_through() {
	ip "-$FAM" -n director rule del fwmark 1 lookup 100
	ip "-$FAM" -n director route flush table 100
}

@both "with cache_bypass marked packets that nobody serves go where they were sent" {
	local six=()
	[ "$FAM" = 4 ] || six=(-6)
	through
	adm -A -f 1 "${six[@]}" -s rr
	before=$(in_ns client timeout 2 "$PEER" udp "${RS_RAW[3]}" 7000 1 4460 || echo nobody)
	knob cache_bypass 1
	out=$(in_ns client "$PEER" udp "${RS_RAW[3]}" 7000 3 4461)
	listed=$(adm -Lnc | grep -cF "$CIP:4461")
	no_through
	matches nobody "$before"
	equal "s3:3" "$(names <<< "$out")"
	equal 1 "$listed"
}

@both "a marked service spreads packets to addresses that are not the director's" {
	local six=()
	[ "$FAM" = 4 ] || six=(-6)
	through
	adm -A -f 1 "${six[@]}" -s rr
	adm -a -f 1 "${six[@]}" -r "${RS[1]}:7000" -m
	out=$(in_ns client "$PEER" udp "${RS_RAW[3]}" 7000 2)
	no_through
	equal "s1:2" "$(names <<< "$out")"
}

@both "with nat_icmp_send a server that speaks to nobody's client is told so" {
	one_server 80 "${RS[1]}:7000" -m
	in_ns client nft 'add table inet t; add chain inet t i { type filter hook input priority 0; }
		add rule inet t i udp dport 7999 drop'
	equal "timeout" "$(spoken)"
	knob nat_icmp_send 1
	equal "ECONNREFUSED" "$(spoken)"
}

# One datagram from the port of a server that has several sockets there: what comes of it
spoken() {
	in_ns s1 python3 -S - "$CIP_RAW" "${RS_RAW[1]}" <<-'PY'
		import errno, socket, sys
		s = socket.socket(socket.AF_INET6 if ':' in sys.argv[1] else socket.AF_INET, socket.SOCK_DGRAM)
		s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
		s.bind((sys.argv[2], 7000))
		s.connect((sys.argv[1], 7999))
		s.settimeout(1)
		s.send(b'x')
		try:
		    s.recv(100)
		except socket.timeout:
		    print('timeout')
		except OSError as e:
		    print(errno.errorcode[e.errno])
	PY
}

@both "marks do not change the way to a server" {
	in_ns director nft "add table inet m; add chain inet m p { type filter hook prerouting priority mangle; }
		add rule inet m p iifname dc mark set 5"
	ip "-$FAM" -n director rule add fwmark 5 lookup 105 pref 40000
	ip "-$FAM" -n director rule add fwmark 5 lookup 105 pref 20
	ip "-$FAM" -n director route add blackhole "${RS_RAW[2]}" table 105
	one_server 80 "${RS[2]}:7000" -m
	out=$(answer client 80 | xargs || true)
	ip "-$FAM" -n director rule del pref 20
	ip "-$FAM" -n director rule del pref 40000
	ip "-$FAM" -n director route flush table 105
	equal "s2 s2" "$out"
}

@both "a server on a VLAN" {
	local there=10.5.1.2
	[ "$FAM" = 4 ] || there='[2001:db8:51::2]'
	ip -n director link add d1.5 link d1 type vlan id 5
	ip -n s1 link add e0.5 link e0 type vlan id 5
	ip -n director -b - <<-'IP'
		link set d1.5 up
		addr add 10.5.1.1/24 dev d1.5
		addr add 2001:db8:51::1/64 dev d1.5 nodad
	IP
	ip -n s1 -b - <<-'IP'
		link set e0.5 up
		addr add 10.5.1.2/24 dev e0.5
		addr add 2001:db8:51::2/64 dev e0.5 nodad
	IP
	in_ns director bash -c 'echo 0 > /proc/sys/net/ipv4/conf/d1.5/rp_filter'
	one_server 80 "$there:7000" -m
	out=$(stream client 80 || true)
	ip -n director link del d1.5
	ip -n s1 link del e0.5
	equal s1 "$out"
}

@both "a client that comes by way of a VRF" {
	ip -n client link add v0 type veth peer name dv netns director
	ip -n director link add red type vrf table 77
	ip -n director -b - <<-'IP'
		link set red up
		link set dv master red
		link set dv up
		addr add 10.6.0.1/24 dev dv
		addr add 2001:db8:60::1/64 dev dv nodad
		addr add 10.9.6.1/32 dev red
		addr add 2001:db8:96::1/128 dev red nodad
		route add 10.6.0.0/24 dev dv
		route add 2001:db8:60::/64 dev dv
	IP
	ip -n client -b - <<-'IP'
		link set v0 up
		addr add 10.6.0.2/24 dev v0
		addr add 2001:db8:60::2/64 dev v0 nodad
		route add 10.9.6.1/32 via 10.6.0.1 src 10.6.0.2
		route add 2001:db8:96::1/128 via 2001:db8:60::1 src 2001:db8:60::2
	IP
	in_ns director bash -c 'for i in dv red; do echo 0 > /proc/sys/net/ipv4/conf/$i/rp_filter; done'
	local vip=10.9.6.1 raw=10.9.6.1
	if [ "$FAM" = 6 ]; then vip='[2001:db8:96::1]' raw=2001:db8:96::1; fi
	adm -A -u "$vip:80" -s rr
	adm -a -u "$vip:80" -r "${RS[2]}:7000" -m
	out=$(in_ns client "$PEER" udp $raw 80 2 || true)
	ip -n client link del v0
	ip -n director link del red
	equal "s2:2" "$(names <<< "$out")"
}

@both "clients of port 20 are served, except by FTP" {
	local n=20
	one_server 80 "${RS[2]}:7000" -m
	# upstream takes them for the data of an FTP server, whatever the service
	out=$(in_ns client timeout 2 "$PEER" udp "$VIP_RAW" 80 1 $n || echo nobody)
	if [ "$MODULES" = ours ]; then matches '^s2 ' "$out"; else matches 'nobody|ECONNREFUSED' "$out"; fi
}
