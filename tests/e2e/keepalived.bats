#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only
# Two directors under Debian's keepalived, by the example of tests/keepalived: checks of servers, the sorry server, a new
# configuration, and what clients notice when the active director dies and when it returns.
#
#   client .2 ---- front 10.1.0.0/24 ---- one .11, two .12 ---- back 10.2.0.0/24 ---- s1 .21, s2 .22, s3 .23 (sorry)
#          .2 --------------------------------------------------- back                answers of DR and TUN

DOWNLOADS=200	# at a time, none of which ends before both switches are over
SILENT=20	# of them say nothing until then

setup_file() {
	. "$TREE/tests/lib/e2e.bash"
	ip netns add wires
	ip -n wires -b - <<-'IP'
		link add front type bridge
		link add back type bridge
		link set front up
		link set back up
	IP
	host client front 2
	leg client back 2
	host s1 back 21
	host s2 back 22
	host s3 back 23
	servers
	director one 11
	director two 12
}
teardown_file() {
	. "$TREE/tests/lib/e2e.bash"
	local n
	for n in one two client s1 s2 s3; do host_gone $n; done
	ip netns del wires
}
setup() { . "$TREE/tests/lib/e2e.bash"; }

# leg NAMESPACE NETWORK NUMBER: an interface named as the network it is in
leg() {
	local net=1
	[ "$2" = front ] || net=2
	ip -b - <<-IP
		link add $2 netns $1 type veth peer name $1-$2 netns wires
	IP
	ip -n wires link set "$1-$2" master "$2" up
	ip -n "$1" -b - <<-IP
		link set lo up
		link set $2 up
		addr add 10.$net.0.$3/24 dev $2
		addr add 2001:db8:$net::$3/64 dev $2 nodad
	IP
}

# Servers answer through the pair, but what was sent to the virtual address itself they answer directly.
host() {	# NAME NETWORK NUMBER
	ip netns add "$1"
	leg "$@"
	[ "$2" = front ] || ip -n "$1" -b - <<-IP
		route add default via 10.2.0.1
		route add default via 2001:db8:2::1
		addr add 10.1.0.100/32 dev lo
		rule add from 10.1.0.100 lookup 100
		route add default via 10.2.0.2 table 100
		link add tunnel type ipip local 10.2.0.$3 remote any
		link set tunnel up
	IP
	in_ns "$1" bash -c '
		cd /proc/sys/net/ipv4/conf
		for i in */rp_filter; do echo 0 > $i; done
		echo 1 > all/arp_ignore
		echo 2 > all/arp_announce'
}

# Like a power failure: everything of the host is gone, and nobody is told.
host_gone() {
	local pids
	pids=$(ip netns pids "$1" 2>/dev/null) || return 0
	# shellcheck disable=SC2086
	[ -z "$pids" ] || kill -9 $pids 2>/dev/null || true
	ip -n wires link del "$1-front" 2>/dev/null || true
	ip -n wires link del "$1-back" 2>/dev/null || true
	ip netns del "$1"
}

director() {	# NAME NUMBER
	ip netns add "$1"
	leg "$1" front "$2"
	leg "$1" back "$2"
	in_ns "$1" bash -c '
		cd /proc/sys/net
		echo 1 > ipv4/ip_forward
		echo 1 > ipv6/conf/all/forwarding
		# a connection is told once: what a director that returns knows, it has asked for
		echo "3 0" > ipv4/vs/sync_threshold
		for i in all default front back; do echo 0 > ipv4/conf/$i/rp_filter; done'
	mkdir -p "/tmp/keepalived.$1"
	cp "$TREE/tests/keepalived/keepalived.conf" "/tmp/keepalived.$1/conf"
	in_ns "$1" keepalived -D -l -G -f "/tmp/keepalived.$1/conf" -i "$1" \
		-p "/tmp/keepalived.$1/pid" -r "/tmp/keepalived.$1/vrrp" -c "/tmp/keepalived.$1/checkers" \
		>> "/tmp/keepalived.$1/log" 2>&1 3>&-
}

# nginx in each server: "/" tells its name, "/file" is long enough for clients that take their time; the line server on port 7000
servers() {
	local s dir
	head -c 300000 /dev/urandom > /tmp/file
	for s in s1 s2 s3; do
		dir=/tmp/nginx/$s
		mkdir -p "$dir"
		cat > "$dir/conf" <<-CONF
			daemon on;
			master_process off;
			pid $dir/pid;
			error_log $dir/error.log;
			user root;
			events { worker_connections 512; }
			http {
				access_log off;
				keepalive_timeout 0;
				client_header_timeout 300s;
				send_timeout 300s;
				server {
					listen 8080 backlog=512;
					listen 8081;
					listen [::]:8080;
					location = / { return 200 "$s\n"; }
					location = /file { root /tmp; }
				}
			}
		CONF
		in_ns $s nginx -c "$dir/conf" 3>&-
		in_ns $s "$PEER" serve 7000 $s
	done
}

owns() { ip -n "$1" -4 addr show dev front | grep -qF 10.1.0.100/; }	# DIRECTOR: has it the address?
table() { in_ns "$1" "$IPVSADM" -Ln; }
real() { table "$1" | awk '$1 == "->" && $2 ~ /:[78]0/ { print $2, $3, $4 }' | xargs; }
known() { in_ns "$1" grep -c ' 0050 .* ESTABLISHED' /proc/net/ip_vs_conn || true; }	# connections to port 80
knows() { [ "$(known "$1")" -ge "$2" ]; }
answers() { in_ns client curl -sS -m 5 "http://$1/?[1-$2]" | names; }

@test "the first director serves, the second one learns" {
	wait_for 60 owns one
	wait_for 60 has_text '10.2.0.22:8080 +Masq' table one
	run owns two
	equal 1 "$status"
	equal "s1:2 s2:2" "$(answers 10.1.0.100 4)"
	matches '^s[12]:' "$(answers '[2001:db8:1::100]' 1)"
	matches 'FWM +9 wrr persistent 100' "$(table one)"
	wait_for 60 has_text '10.2.0.22:8081 +Tunnel' table one
	equal "s1:2 s2:2" "$(in_ns client "$PEER" hold 10.1.0.100 7000 4 | names)" "direct routing"
	equal "s1:2 s2:2" "$(answers 10.1.0.100:8081 4)" "tunnels"
	equal "s1:2 s2:2" "$(in_ns client "$PEER" udp 10.1.0.100 7000 4 | names)" "datagrams"
	matches '^master sync daemon \(mcast=back, syncid=7' "$(in_ns one "$IPVSADM" -L --daemon)"
	matches '^backup sync daemon \(mcast=back, syncid=7' "$(in_ns two "$IPVSADM" -L --daemon)"
	wait_for 60 is_equal "$(real one)" real two
}

@test "a server that fails its check gets nothing, and the last one is replaced by the sorry server" {
	kill "$(cat /tmp/nginx/s1/pid)"
	wait_for 60 is_equal "s2:3" answers 10.1.0.100 3
	wait_for 60 is_equal "s3:1" answers '[2001:db8:1::100]' 1	# one of them is too few there
	# connections are still accepted, but not answered
	kill -STOP "$(cat /tmp/nginx/s2/pid)"
	wait_for 60 is_equal "s3:1" answers 10.1.0.100 1
	in_ns s1 nginx -c /tmp/nginx/s1/conf 3>&-
	kill -CONT "$(cat /tmp/nginx/s2/pid)"
	wait_for 60 is_equal "s1:1 s2:1" answers 10.1.0.100 2
}

@test "weights, thresholds and servers change with the configuration, and connections stay" {
	# keepalived tells of new thresholds where the weight is new, too
	sed -i -e '/^virtual_server 10.1.0.100 7000/,/^}/{s/weight 1/weight 2/; s/uthreshold 1000/uthreshold 900/; s/lthreshold 800/lthreshold 700/}' \
		-e '/^virtual_server fwmark 9/,/^}/s/weight 3/weight 5/' /tmp/keepalived.one/conf
	kill -HUP "$(cat /tmp/keepalived.one/pid)"
	wait_for 60 has_text '10.2.0.21:7000 +900 +700' in_ns one "$IPVSADM" -Ln --thresholds
	wait_for 60 has_text '10.2.0.21:8080 +Masq +5 ' table one
	equal "2 2" "$(table one | awk '$3 == "Route" { print $5 }' | xargs)"
	stop_traffic hold
}

@test "downloads survive the death of the active director, and its return" {
	wait_for 60 owns one
	in_ns client python3 -S "$TREE/tests/tools/downloads.py" 10.1.0.100 80 /file $DOWNLOADS $SILENT /tmp/go > /tmp/got 2>&1 3>&- &
	wait_for 100 grep -q begun /tmp/got
	wait_for 60 knows two $DOWNLOADS
	host_gone one
	wait_for 60 owns two
	director one 11
	wait_for 60 knows one $DOWNLOADS
	wait_for 60 owns one
	run owns two
	equal 1 "$status"
	touch /tmp/go
	wait_for 300 eval '[ "$(wc -l < /tmp/got)" -gt 1 ]'
	equal "$DOWNLOADS $(sha256sum < /tmp/file | cut -d ' ' -f 1)" "$(tail -n +2 /tmp/got)"
}
