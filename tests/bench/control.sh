#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# In the guest: what the commands of an operator cost on large tables.
#   control.sh [tables SERVICES... | servers | namespaces COUNT... | together SERVICES]
# Without an argument all of them.
set -euo pipefail
# shellcheck source=/dev/null
. "$TREE/tests/lib/e2e.bash"
# shellcheck source=/dev/null
. "$TREE/tests/lib/busy.bash"
fill=$TREE/build/bin/ipvsadm
modprobe -a ip_vs ip_vs_rr
refs=$(modules_refs)

rules() {	# SERVICES SERVERS
	awk -v n="$1" -v m="$2" 'BEGIN {
		for (s = 0; s < n; s++) {
			v = "10." int(s / 62500) "." int(s / 250) % 250 "." s % 250 + 1 ":80"
			print "-A -t " v " -s rr"
			for (d = 1; d <= m; d++) print "-a -t " v " -r 192.168.0." d ":80 -m -w 1"
		}
	}'
}

restore() { "$IPVSADM" -R < /tmp/rules; }
list() { "$IPVSADM" -Ln > /tmp/list; }
save() { "$IPVSADM" -Sn > /tmp/saved; }
clear_all() { "$IPVSADM" -C; }

# Restore, list, save and clear services of two servers each.
tables() {
	local n
	for n in "$@"; do
		rules "$n" 2 > /tmp/rules
		timed "restore-$n" restore
		timed "list-$n" list
		timed "save-$n" save
		timed "clear-$n" clear_all
	done
}

# Ten thousand servers of one service; what the last thousand cost beside the first tells whether the cost grows.
servers() {
	local part
	"$IPVSADM" -A -t 10.0.0.1:80 -s rr
	for part in 0 1 2 3 4 5 6 7 8 9; do
		awk -v p=$part 'BEGIN { for (i = p * 1000; i < (p + 1) * 1000; i++)
			print "-a -t 10.0.0.1:80 -r 10." 1 + int(i / 62500) "." int(i / 250) "." i % 250 + 1 ":80 -m" }' > /tmp/rules
		if [ $part = 0 ] || [ $part = 9 ]; then timed "servers-${part}001-$((part + 1))000" restore; else restore; fi
	done
	timed servers-10000-clear clear_all
}

# Namespaces with a service each, made and destroyed.
namespaces() {
	local n i
	make() { for ((i = 0; i < n; i++)); do ip netns add "b$i"; "$PEER" in "b$i" "$IPVSADM" -A -t 10.0.0.1:80 -s rr; done; }
	destroy() { for ((i = 0; i < n; i++)); do ip netns del "b$i"; done; wait_for 120 nobody_left; }
	nobody_left() { [ "$(modules_refs)" -le "$refs" ]; }
	for n in "$@"; do
		timed "namespaces-$n-make" make
		timed "namespaces-$n-destroy" destroy
	done
}

# Four namespaces with that many services, listed at the same time.
together() {
	local n=$1 i
	rules "$n" 0 > /tmp/rules
	for i in 1 2 3 4; do ip netns add "b$i"; "$PEER" in "b$i" "$fill" -R < /tmp/rules; done
	one() { "$PEER" in b1 "$IPVSADM" -Ln > /dev/null; }
	four() { local i; for i in 1 2 3 4; do "$PEER" in "b$i" "$IPVSADM" -Ln > /dev/null & done; wait; }
	timed "list-$n-alone" one
	timed "list-$n-four-at-once" four
	for i in 1 2 3 4; do ip netns del "b$i"; done
}

ip link set lo up
if [ $# -gt 0 ]; then "$@"; else
	tables 4000 16000
	servers
	namespaces 1000
	together 30000
fi
