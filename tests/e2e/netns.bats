#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only
# Network namespaces: isolation, hooks that come and go with services, and deletion in full flight.

setup() { . "$TREE/tests/lib/e2e.bash"; }
teardown() {
	topo_down
	for n in one two; do [ ! -e /run/netns/$n ] || ip netns del $n; done
}

two_namespaces() {
	for n in one two; do
		ip netns add $n
		ip -n $n link set lo up
	done
}

@test "services of two namespaces do not know each other" {
	two_namespaces
	in_ns one "$IPVSADM" -A -t 10.9.0.1:80 -s rr
	in_ns one "$IPVSADM" -a -t 10.9.0.1:80 -r 10.2.1.2:80 -m
	in_ns two "$IPVSADM" -A -t 10.9.0.1:80 -s wlc
	in_ns one "$IPVSADM" --set 100 100 100
	matches '^TCP  10.9.0.1:80 rr' "$(in_ns one "$IPVSADM" -Ln)"
	matches '^TCP  10.9.0.1:80 wlc' "$(in_ns two "$IPVSADM" -Ln)"
	differs '10.2.1.2' "$(in_ns two "$IPVSADM" -Ln)"
	matches ': 900 120 300' "$(in_ns two "$IPVSADM" -L --timeout)"
	in_ns two "$IPVSADM" -C
	matches '^TCP  10.9.0.1:80 rr' "$(in_ns one "$IPVSADM" -Ln)"
	differs '10.9.0.1' "$("$IPVSADM" -Ln)"
}

# The hooks of a family come with its first service and go with its last. The kernels under test do not list hooks, but
# without ours the answer of a server leaves untranslated, so the client does not see it.
acked() { in_ns client ss -Htin dport = :80 | grep -oP 'bytes_acked:\K\d+' || echo 0; }
acked_beyond() { at_least $(($1 + 1)) "$(acked)" "acknowledged bytes"; }
answer_after() {	# COMMAND...: ask for an answer two seconds from now, run the command meanwhile; prints the answer
	local before
	before=$(acked)
	"$PEER" say /tmp/conn.a '!wait' > /tmp/answer 3>&- &
	# A question still on its way would be asked again, and the director refuse it.
	wait_for 5 acked_beyond "$before"
	"$@"
	wait $! || true
	cat /tmp/answer
}

@both "hooks of a family go with its last service and come with its first" {
	topo
	peers_start
	service 80 rr 7000
	adm -A -t 10.9.0.1:81 -s rr
	adm -A -t '[2001:db8:9::1]:81' -s rr
	# What leaves untranslated must not make the client reset a connection that it does not know.
	in_ns client nft 'add table inet t { chain i { type filter hook input priority 0; tcp sport 7000 drop; }; }'
	conn_open a "$VIP_RAW" 80
	# Another service of the family keeps the hooks: answers are translated although the connection's service is gone.
	matches '^s3 .*!wait$' "$(answer_after adm -D -t "$VIP:80")"
	service 80 rr 7000
	matches '^s3 .* again$' "$(conn_say a again)"
	# The last service of the family takes them along; one of the other family does not help.
	adm -D -t "$VIP:81"
	equal timeout "$(answer_after adm -D -t "$VIP:80")"
	# Any service brings them back, and the server's retransmission gets through.
	adm -A -t "$VIP:82" -s rr
	wait_for 15 has_text '^s3 .*!wait$' conn_say a @read
}

@both "hooks stand at their places among those of netfilter" {
	local ip=ip
	[ "$FAM" = 4 ] || ip=ip6
	topo
	peers_start
	service 80 rr 7000
	in_ns director nft -f - <<-NFT
		table inet t {
			counter input_97 { }
			counter input_100 { }
			counter output_m100 { }
			counter forward_98 { }
			counter forward_101 { }
			counter forward_request { }
			chain i97 { type filter hook input priority 97; $ip daddr $VIP_RAW tcp dport 80 counter name input_97; }
			chain i100 { type filter hook input priority 100; $ip daddr $VIP_RAW tcp dport 80 counter name input_100; }
			chain om100 { type filter hook output priority -100; $ip daddr ${RS_RAW[3]} tcp dport 7000 counter name output_m100; }
			chain f98 { type filter hook forward priority 98; $ip saddr ${RS_RAW[3]} tcp sport 7000 counter name forward_98;
				tcp dport 7000 counter name forward_request; }
			chain f101 { type filter hook forward priority 101; $ip saddr $VIP_RAW tcp sport 80 counter name forward_101; }
		}
	NFT
	conn_open a "$VIP_RAW" 80
	conn_say a hello
	counters=$(in_ns director nft list counters | awk '$1 == "counter" { n = $2 } $1 == "packets" { print n, ($2 > 0 ? "some" : "none") }' | sort)
	same_text "forward_101 some
forward_98 some
forward_request none
input_100 none
input_97 some
output_m100 some" "$counters"
}

@both "a namespace is deleted with open connections and traffic" {
	local before
	before=$(modules_refs)
	topo
	peers_start
	service 80 rr 7000
	udp_service 53 rr
	adm -A -t "$VIP:22" -s wlc
	in_ns client "$PEER" hold "$VIP_RAW" 80 10 > /tmp/held
	in_ns client "$PEER" storm "$VIP_RAW" 80
	in_ns client "$PEER" storm "$VIP_RAW" 53
	wait_for 5 has_text 'UDP' adm -Lnc
	ip netns del director
	# The device goes with the namespace; the traffic of the client has nowhere to go.
	wait_for 10 lacks_text 'c0' ip -n client -br link
	# A scheduler that is loaded holds two references.
	wait_for 15 refs_at_most $((before + 4))
	stop_traffic storm
}

# A connection left behind is seen when the module unloads: its memory is not given back.
@both "a namespace takes all of its connections with it" {
	topo
	peers_start
	udp_service 53 rr
	in_ns client "$PEER" udp "$VIP_RAW" 53 1000 > /dev/null
	at_least 900 "$(in_ns director cat /proc/net/ip_vs_conn | wc -l)"
}

refs_at_most() { at_most "$1" "$(modules_refs)" "references on ip_vs"; }

@test "many namespaces come and go with services in them" {
	local i
	for i in 1 2 3 4 5 6 7 8; do
		ip netns add "n$i"
		in_ns "n$i" "$IPVSADM" -A -t 10.9.0.1:80 -s rr
	done
	for i in 1 2 3 4 5 6 7 8; do ip netns del "n$i"; done
	wait_for 15 refs_at_most 4
}
