#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# In the guest: what it costs to learn of many connections from another director, to list them all, and to forget them
# with their namespace. Needs 4 GB for a million.
#   conns.sh [COUNT...]
set -euo pipefail
# shellcheck source=/dev/null
. "$TREE/tests/lib/e2e.bash"
# shellcheck source=/dev/null
. "$TREE/tests/lib/busy.bash"

# All that was sent to the backup's port (8848) has been read.
read_all() { in_ns director awk '$2 ~ /:2290$/ { split($5, q, ":"); left += q[2] != "00000000" } END { exit left > 0 }' /proc/net/udp; }

learn() { in_ns client "$PEER" tell c0 "$1"; wait_for 600 read_all; }
list_proc() { in_ns director cat /proc/net/ip_vs_conn > /dev/null; }
list() { adm -Lnc > /dev/null; }

director_with_backup() {
	ip netns add client
	ip netns add director
	ip link add c0 netns client type veth peer name dc netns director
	ip -n client link set c0 mtu 10000 up
	ip -n director link set dc mtu 10000 up
	ip -n client addr add 10.1.0.2/24 dev c0
	ip -n director addr add 10.1.0.1/24 dev dc
	in_ns director sysctl -qw net.ipv4.vs.sync_sock_size=$((64 << 20))
	adm -A -u 10.9.0.9:1 -s rr	# the first service brings the hooks, the tables and what else there is
	adm --start-daemon backup --mcast-interface dc --sync-maxlen 9500
}

conns() {	# COUNT
	local n=$1 told
	director_with_backup
	timed "conns-$n-learn" learn "$n"
	timed "conns-$n-proc" list_proc
	timed "conns-$n-list" list
	told=$(in_ns director grep -c ^UDP /proc/net/ip_vs_conn)
	[ "$told" = "$n" ] || { echo "conns.sh: $told connections instead of $n" >&2; exit 1; }
	timed "conns-$n-clear" forget
}

nobody_left() { [ "$(modules_refs)" -le "$refs" ]; }
forget() { ip netns del client; ip netns del director; wait_for 600 nobody_left; }

modprobe -a ip_vs ip_vs_rr
refs=$(modules_refs)
sysctl -qw net.core.rmem_max=$((256 << 20))
for n in "${@:-1000000}"; do conns "$n"; done
