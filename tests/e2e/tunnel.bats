#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only
# Servers behind tunnels: every kind, either family in either, path MTU both ways, errors about the tunnel.

setup_file() {
	. "$TREE/tests/lib/e2e.bash"
	topo
	direct_links
	tunnel_ends
	NGINX_PORTS=8080-8091 nginx_start
	peers_start
	head -c 300000 /dev/urandom > /tmp/big
	head -c 100000 /tmp/big > /tmp/some
	narrow_link
	for i in 3 4 5 6; do ip -n s2 addr add 10.4.0.$i/25 dev m2; done
}
teardown_file() { . "$TREE/tests/lib/e2e.bash"; topo_down; rm -f /tmp/big /tmp/some; }
setup() { . "$TREE/tests/lib/e2e.bash"; }
teardown() {
	adm -C
	forget
	knob pmtu_disc 1
	knob ignore_tunneled 0
}

# what the client has learned about its way to the services
forget() { ip -n client "-${FAM:-4}" route flush cache; }

# KIND SERVER OVERHEAD_IN_IPV4 OPTIONS
kinds='ipip 3 20 --tun-type ipip
gre 1 24 --tun-type gre --tun-nocsum
gre-csum 2 28 --tun-type gre --tun-csum
gue 3 32 --tun-type gue --tun-port 6080 --tun-nocsum
gue-csum 3 32 --tun-type gue --tun-port 6080 --tun-csum
gue-remcsum 3 32 --tun-type gue --tun-port 6080 --tun-remcsum'

# end SERVER OUTER_FAMILY: its address there
end() {
	if [ "$2" = 4 ]; then echo "10.2.$1.2"; else echo "[2001:db8:2$1::2]"; fi
}

@both "every kind of tunnel takes requests to a server, which answers by itself, and refuses what is too large" {
	local kind server outer overhead options extra
	while read -r kind server overhead options; do
		# remcsum adds 8 bytes to a packet whose checksum is not complete yet, as those of the client's are
		extra=0
		[ "$kind" != gue-remcsum ] || extra=8
		for outer in 4 6; do
			# shellcheck disable=SC2086
			tunnel "$(end "$server" $outer)" 7000 $options
			[[ $(in_ns client "$PEER" udp "$VIP_RAW" 7000 1) = "s$server $CIP_RAW "* ]] ||
				{ echo "# nobody answers through $kind in IPv$outer"; return 1; }
			# what is too large is refused, with what fits
			equal "EMSGSIZE $((1500 - overhead - extra))" "$(in_ns client "$PEER" send "$VIP_RAW" 7000 1500 df)" \
				"$kind in IPv$outer"
			adm -C
			forget
			overhead=$((overhead + 20))
		done
	done <<< "$kinds"
}

# bulk FILE OUTER...: as a large request it arrives unchanged, through each tunnel by a port of its own; segments start
# too large for the tunnel
bulk() {
	local kind server outer overhead options port=8080 file=$1 rules='' to=()
	shift
	while read -r kind server overhead options; do
		for outer in "$@"; do
			rules+="-A -t $VIP:$port -s rr"$'\n'"-a -t $VIP:$port -r $(end "$server" "$outer"):$port -i $options"$'\n'
			to+=(-T "$file" "http://$VIP:$port/files/$kind.$outer.$server")
			port=$((port + 1))
		done
	done <<< "$kinds"
	adm -R <<< "$rules"
	in_ns client curl -sS --fail --max-time 120 "${to[@]}"
	for outer in "${to[@]}"; do
		case $outer in
		http*)
			cmp "$file" "/tmp/nginx/s${outer##*.}/files/${outer##*/}"
			rm "/tmp/nginx/s${outer##*.}/files/${outer##*/}"
			;;
		esac
	done
}

offload() {
	local n
	for n in client:c0 director:dc director:d1 director:d2 director:d3; do
		in_ns "${n%:*}" ethtool -K "${n#*:}" tso "$1" gso "$1" gro "$1" tx "$1" >/dev/null 2>&1 || true
	done
}

@both "300 kB arrive unchanged through every kind of tunnel, with segmentation offload" {
	bulk /tmp/big 4 6
}

@both "100 kB arrive unchanged through every kind of tunnel, without offload" {
	offload off
	bulk /tmp/some 4
	offload on
}

# marked CLASS: one datagram to the service, with that TOS or traffic class
marked() {
	in_ns client python3 -S - "$VIP_RAW" "$1" <<-'PY'
		import socket, sys
		to, tos = sys.argv[1], int(sys.argv[2], 0)
		six = ':' in to
		s = socket.socket(socket.AF_INET6 if six else socket.AF_INET, socket.SOCK_DGRAM)
		if six:
		    s.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_TCLASS, tos)
		else:
		    s.setsockopt(socket.IPPROTO_IP, socket.IP_TOS, tos)
		    s.setsockopt(socket.IPPROTO_IP, 10, 2)	# IP_MTU_DISCOVER: DF
		s.sendto(b'x', (to, 7000))
	PY
}

@both "the outer header takes hops, class and DF from the one inside" {
	tunnel 10.2.3.2 7000 --tun-type ipip
	capture s3 e0 outer4 'src 10.2.3.1'
	marked 0x2b
	wait_for 5 test -s /tmp/outer4.pcap
	out=$(captured outer4 | head -n 1)
	matches 'tos 0x2a.*ttl 63' "$out"
	if [ "$FAM" = 4 ]; then matches 'flags \[DF\]' "$out"; else matches 'flags \[none\]' "$out"; fi
	adm -C
	tunnel '[2001:db8:23::2]' 7000 --tun-type ipip
	capture s3 e0 outer6 'src 2001:db8:23::1'
	marked 0x2b
	wait_for 5 test -s /tmp/outer6.pcap
	matches 'class 0x2a.*hlim 63' "$(captured outer6 | head -n 1)"
}

@both "with pmtu_disc off what comes in IPv4 is never refused" {
	[ "$FAM" = 4 ] || return 0
	knob pmtu_disc 0
	tunnel 10.2.3.2 7000 --tun-type ipip
	matches '^s3 ' "$(in_ns client "$PEER" send "$VIP_RAW" 7000 1500 df)"
}

@test "a narrow link behind the director is reported to the client as what fits inside" {
	local kind server overhead options want n=2
	family 4
	while read -r kind server overhead options; do
		# shellcheck disable=SC2086
		tunnel 10.4.0.$n 7000 $options
		n=$((n + 1))
		# upstream passes on the MTU of before, at first
		want=$((1400 - overhead))
		[ "$MODULES" = ours ] || want=$((1500 - overhead))
		equal "EMSGSIZE $want" "$(in_ns client "$PEER" send "$VIP_RAW" 7000 1440 df < /dev/null)" "$kind"
		# what fits now goes through, and what does not is refused here
		equal "EMSGSIZE $((1400 - overhead))" "$(in_ns client "$PEER" send "$VIP_RAW" 7000 1440 df < /dev/null)" "$kind"
		adm -C
		forget
	done <<< "$(grep -v remcsum <<< "$kinds")"
}

# errors are looked at while there is a service of their family
both_families() { adm -R <<< "-A -t [2001:db8:9::1]:1 -s rr"$'\n'"-A -t 10.9.0.1:1 -s rr"; }

@both "a narrow link in IPv6 is reported to the client, too, as what fits inside" {
	# upstream is silent, and the client waits forever
	[ "$MODULES" = ours ] || return 0
	both_families
	tunnel '[2001:db8:40::2]' 7000 --tun-type gre --tun-csum
	equal "EMSGSIZE 1352" "$(in_ns client "$PEER" send "$VIP_RAW" 7000 1440 df)"
	forget
	# now it does not get as far
	equal "EMSGSIZE 1352" "$(in_ns client "$PEER" send "$VIP_RAW" 7000 1440 df)"
	ip -n director route del 2001:db8:40::/63 via 2001:db8:21::2
	ip -n director route add 2001:db8:40::/63 via 2001:db8:21::2
}

@test "in IPv4 a packet of IPv6 that a router finds too large is reported, too" {
	[ "$MODULES" = ours ] || return 0
	family 6
	both_families
	tunnel 10.4.0.2 7000 --tun-type ipip
	equal "EMSGSIZE 1380" "$(in_ns client "$PEER" send "$VIP_RAW" 7000 1440 df)"
	ip -n director route del 10.4.0.0/24 via 10.2.1.2
	ip -n director route add 10.4.0.0/24 via 10.2.1.2
}

is_unreachable() { in_ns client "$PEER" send "$VIP_RAW" "$1" 100 df < /dev/null | grep -E 'EHOSTUNREACH|ENETUNREACH'; }

@test "an error about the tunnel is told to the client, about what that had sent" {
	local kind server overhead options
	family 4
	while read -r kind server overhead options; do
		# shellcheck disable=SC2086
		tunnel 10.4.0.200 7000 $options
		# a router does not send more than a few of these at once
		wait_for 5 is_unreachable 7000
		adm -C
	done <<< "$kinds"
}

@both "an error about a tunnel in the other family, or in IPv6, is told in the client's words" {
	[ "$MODULES" = ours ] || return 0
	local kind server overhead options
	both_families
	while read -r kind server overhead options; do
		# shellcheck disable=SC2086
		tunnel '[2001:db8:41::2]' 7000 $options
		wait_for 5 is_unreachable 7000
		if [ "$FAM" = 6 ]; then
			# shellcheck disable=SC2086
			adm -R <<< "-A -u $VIP:7001 -s rr"$'\n'"-a -u $VIP:7001 -r 10.4.0.200:7001 -i $options"
			wait_for 5 is_unreachable 7001
			adm -D -u "$VIP:7001"
		fi
		adm -D -u "$VIP:7000"
		adm -D -t "$VIP:7000"
	done <<< "$kinds"
}

@both "with ignore_tunneled what comes out of a tunnel is this host's own" {
	local mode=ipip ours theirs
	if [ "$FAM" = 4 ]; then ours=10.1.0.1 theirs=10.1.0.2; else mode=ip6tnl ours=2001:db8:1::1 theirs=2001:db8:1::2; fi
	ip -n director link add in type $mode local $ours remote $theirs
	ip -n director link set in up
	in_ns director bash -c 'echo 0 > /proc/sys/net/ipv4/conf/in/rp_filter'
	ip -n client link add out type $mode local $theirs remote $ours
	ip -n client link set out up
	ip -n client route add "$VIP_RAW" dev out src "$CIP_RAW"
	adm -A -u "$VIP:7000" -s rr
	adm -a -u "$VIP:7000" -r "${RS[2]}:7000" -g
	before=$(in_ns client "$PEER" udp "$VIP_RAW" 7000 1 || true)
	knob ignore_tunneled 1
	out=$(in_ns client "$PEER" udp "$VIP_RAW" 7000 1 || true)
	ip -n director link del in
	ip -n client link del out
	matches '^s2 ' "$before"
	# upstream has lost the mark by then
	if [ "$MODULES" = ours ]; then equal ECONNREFUSED "$out"; else matches '^s2 ' "$out"; fi
}
