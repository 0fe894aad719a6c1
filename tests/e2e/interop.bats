#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only
# ours only: the modules are exchanged here.
# Directors with the kernel's own modules and with ours, side by side in time: what a master of one kind sends is recorded,
# the modules are exchanged as if the virtual address moved to another director, its backup is given the record, and the
# connections of the clients go on. Both directions, both versions of the protocol.

setup_file() {
	. "$TREE/tests/lib/e2e.bash"
	topo
	peers_start
	ip -b - <<-'IP'
		netns add peer
		link add y0 netns director type veth peer name y1 netns peer
	IP
	ip -n director link set y0 up
	ip -n director addr add 10.7.0.1/24 dev y0
	ip -n peer -b - <<-'IP'
		link set lo up
		link set y1 up
		addr add 10.7.0.2/24 dev y1
	IP
}
teardown_file() {
	. "$TREE/tests/lib/e2e.bash"
	ip netns del peer
	topo_down
	wait_for 20 modules_use ours
	modprobe ip_vs
}
setup() { . "$TREE/tests/lib/e2e.bash"; }
teardown() {
	[ ! -e /tmp/sync.pid ] || kill "$(cat /tmp/sync.pid)" 2>/dev/null || true
	rm -f /tmp/sync.pid
	adm --stop-daemon master 2>/dev/null || true
	adm --stop-daemon backup 2>/dev/null || true
	adm -C
}

sync() { "$PEER" in peer python3 -S "$TREE/tests/tools/sync.py" "$1" y1 224.0.0.81 8848; }
record() {
	"$PEER" in peer python3 -S "$TREE/tests/tools/sync.py" record y1 224.0.0.81 8848 > /tmp/sync.heard 2>&1 3>&- &
	echo $! > /tmp/sync.pid
	wait_for 60 grep -q listening /tmp/sync.heard
}

services() {
	local fam
	for fam in 6 4; do
		family $fam
		service 7000 wlc 7000 "-p 300"
	done
}

# use KIND: the modules of the director from now on
use() {
	wait_for 30 modules_use "$1"
	modprobe ip_vs
	services
}

# Three connections, each told as the words say: its name, family, version of the protocol and port.
conns() { printf '%s\n' "new 4 1 $1" "old 4 0 $(($1 + 1))" "six 6 1 $(($1 + 2))"; }

# moves FROM TO PORT: connections through FROM go on through TO
moves() {
	local name fam version port who
	local -A server=()
	use "$1"
	# each record at once, and each in a datagram of its own
	in_ns director sysctl -qw net.ipv4.vs.sync_threshold="0 1"
	adm --start-daemon master --mcast-interface y0 --syncid 7 --sync-maxlen 1
	record
	while read -r name fam version port; do
		family "$fam"
		in_ns director sysctl -qw net.ipv4.vs.sync_version="$version"
		conn_open "$name$port" "$VIP_RAW" 7000 "$port"
		server[$name]=$(conn_say "$name$port" hello | cut -d ' ' -f 1)
		matches '^s[123]$' "${server[$name]}"
	done < <(conns "$3")
	for port in $3 $(($3 + 1)) $(($3 + 2)); do
		wait_for 20 grep -q "$(printf %04x "$port")1b58" /tmp/sync.heard
	done
	kill "$(cat /tmp/sync.pid)"
	rm /tmp/sync.pid
	adm --stop-daemon master
	adm -C
	use "$2"
	adm --start-daemon backup --mcast-interface y0 --syncid 7
	sync send < <(grep '^hex=' /tmp/sync.heard)
	wait_for 20 is_equal 3 eval "adm -Lnc | grep -c ESTABLISHED"
	adm --stop-daemon backup
	while read -r name fam version port; do
		who=$(conn_say "$name$port" again | cut -d ' ' -f 1)
		equal "${server[$name]}" "$who" "$name"
	done < <(conns "$3")
	# clients with a template go where they were
	family 6
	equal "${server[six]}" "$(in_ns client "$PEER" hold "$VIP_RAW" 7000 1 | cut -d ' ' -f 1)"
	stop_traffic hold
	stop_traffic open
}

@test "connections of the kernel's own modules go on with ours" { moves stock ours 4000; }
@test "connections of ours go on with the kernel's own modules" { moves ours stock 4100; }
