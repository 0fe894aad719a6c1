#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only
# Two directors under Debian's keepalived, by the example of tests/keepalived: checks of servers, the sorry server, and
# what clients notice when the active director dies and when it returns.
#
#   client .2 ---- front 10.1.0.0/24 ---- one .11, two .12 ---- back 10.2.0.0/24 ---- s1 .21, s2 .22, s3 .23 (sorry)

DOWNLOADS=40	# at a time; an operator would have more, but the machine is emulated

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

host() {	# NAME NETWORK NUMBER; servers answer through the pair
	ip netns add "$1"
	leg "$@"
	[ "$2" = front ] || ip -n "$1" -b - <<-'IP'
		route add default via 10.2.0.1
		route add default via 2001:db8:2::1
	IP
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
		echo "3 10" > ipv4/vs/sync_threshold
		for i in all default front back; do echo 0 > ipv4/conf/$i/rp_filter; done'
	mkdir -p "/tmp/keepalived.$1"
	in_ns "$1" keepalived -D -l -G -f "$TREE/tests/keepalived/keepalived.conf" -i "$1" \
		-p "/tmp/keepalived.$1/pid" -r "/tmp/keepalived.$1/vrrp" -c "/tmp/keepalived.$1/checkers" \
		> "/tmp/keepalived.$1/log" 2>&1 3>&-
}

# nginx in each server: "/" tells its name, "/file" lasts for some seconds
servers() {
	local s dir
	head -c 800000 /dev/urandom > /tmp/file
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
				server {
					listen 8080;
					listen [::]:8080;
					location = / { return 200 "$s\n"; }
					location = /file { root /tmp; limit_rate 20k; }
				}
			}
		CONF
		in_ns $s nginx -c "$dir/conf" 3>&-
	done
}

owns() { ip -n "$1" -4 addr show dev front | grep -qF 10.1.0.100/; }	# DIRECTOR: has it the address?
table() { in_ns "$1" "$IPVSADM" -Ln; }
real() { table "$1" | awk '$1 == "->" && $2 ~ /:8080/ { print $2, $3, $4 }' | xargs; }
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
	matches '^master sync daemon \(mcast=back, syncid=7' "$(in_ns one "$IPVSADM" -L --daemon)"
	matches '^backup sync daemon \(mcast=back, syncid=7' "$(in_ns two "$IPVSADM" -L --daemon)"
	equal "$(real one)" "$(real two)" "servers of both directors"
}

@test "a server that fails its check gets nothing, and the last one is replaced by the sorry server" {
	kill -STOP "$(cat /tmp/nginx/s1/pid)"
	wait_for 60 is_equal "s2:3" answers 10.1.0.100 3
	kill -STOP "$(cat /tmp/nginx/s2/pid)"
	wait_for 60 is_equal "s3:1" answers 10.1.0.100 1
	kill -CONT "$(cat /tmp/nginx/s1/pid)"
	kill -CONT "$(cat /tmp/nginx/s2/pid)"
	wait_for 60 is_equal "s1:1 s2:1" answers 10.1.0.100 2
}

@test "downloads survive the death of the active director, and its return" {
	wait_for 60 owns one
	rm -rf /tmp/got
	mkdir /tmp/got
	in_ns client curl -sS -Z --parallel-immediate --parallel-max $DOWNLOADS -m 240 "http://10.1.0.100/file?[1-$DOWNLOADS]" \
		-o "/tmp/got/#1" > /tmp/got.log 2>&1 3>&- &
	local pid=$!
	wait_for 100 knows two $DOWNLOADS
	host_gone one
	wait_for 60 owns two
	director one 11
	wait_for 100 knows one $DOWNLOADS
	wait_for 60 owns one
	run owns two
	equal 1 "$status"
	knows one $DOWNLOADS
	wait "$pid"
	differs 'curl: ' "$(cat /tmp/got.log)"
	equal $DOWNLOADS "$(find /tmp/got -type f | wc -l)"
	for ((i = 1; i <= DOWNLOADS; i++)); do cmp /tmp/file "/tmp/got/$i"; done
}
