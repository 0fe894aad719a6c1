#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only
# ours only: both ends are exchanged one by one.
# Debian's ipvsadm drives our modules and our ipvsadm drives the kernel's own: the same rules and the same traffic must
# give the same listings in all four combinations.

setup_file() { . "$TREE/tests/lib/e2e.bash"; }
setup() { . "$TREE/tests/lib/e2e.bash"; }
teardown() { topo_down; wait_for 10 modules_use ours; modprobe ip_vs; }

rules() {
	cat <<-'RULES'
		-A -t 10.9.0.1:80 -s rr
		-a -t 10.9.0.1:80 -r 10.2.1.2:7000 -m -w 1
		-a -t 10.9.0.1:80 -r 10.2.2.2:7000 -m -w 20
		-A -t 10.9.0.1:8080 -s wlc
		-a -t 10.9.0.1:8080 -r 10.2.1.2:80 -m -w 2147483647
		-A -u 10.9.0.1:53 -s wlc
		-a -u 10.9.0.1:53 -r 10.2.1.2:7000 -m -w 1
		-a -u 10.9.0.1:53 -r 10.2.3.2:7000 -m -w 0
		-A -t [2001:db8:9::1]:80 -s rr
		-a -t [2001:db8:9::1]:80 -r [2001:db8:21::2]:7000 -m -w 1
		-a -t [2001:db8:9::1]:80 -r [2001:db8:22::2]:7000 -m -w 1
		-A -u [2001:db8:9::1]:53 -s wlc
	RULES
}

# How many segments a TCP connection takes differs from run to run (acknowledgements travel alone or with data), so
# packets and bytes of TCP are hidden; those of UDP must be equal.
hide_tcp() {
	awk '/^(TCP|UDP|FWM)/ { tcp = /^TCP/ }
		tcp && NF == 7 && $3 ~ /^[1-9][0-9]*$/ { print $1, $2, $3, "packets and bytes"; next }
		{ print }'
}

errors() {
	adm -A -t 10.9.0.1:80 -s rr 2>&1 || echo "status $?"
	adm -D -t 10.9.0.1:9999 2>&1 || echo "status $?"
	adm -a -t 10.9.0.1:80 -r 10.2.1.2:7000 -m 2>&1 || echo "status $?"
	adm -d -t 10.9.0.1:80 -r 10.2.1.2:1 2>&1 || echo "status $?"
	adm -A -t 10.9.0.1:81 -s nonesuch 2>&1 || echo "status $?"
	adm -L -t 10.9.0.1:81 2>&1 || echo "status $?"
}

# Times left differ, too, and so does the order of connections.
listings() {
	local o
	for o in -Ln '-Ln --stats' '-Ln --stats --exact' '-Ln -t 10.9.0.1:80' '-Ln --thresholds' '-Ln --sort' '-L --timeout' -Sn; do
		echo "== ipvsadm $o"
		# shellcheck disable=SC2086
		adm $o 2>&1 | sed -E 's/size=[0-9]+/size=N/' | hide_tcp
	done
	echo "== ipvsadm -Ln --rate"
	adm -Ln --rate | awk '{ print NR < 4 ? $0 : $1 " " $2 }' | sed -E 's/size=[0-9]+/size=N/'
	echo "== ipvsadm -Lnc"
	adm -Lnc | sed -E 's/[0-9]+:[0-9]{2} /MM:SS /' | sort
	echo "== errors"
	errors | sed '/^ipvsadm: /d'	# what ours adds
}

# scenario MODULES IPVSADM: rules, some traffic with fixed ports, all listings.
scenario() {
	wait_for 10 modules_use "$1"
	modprobe ip_vs
	if [ "$1" = ours ]; then
		matches /updates/ "$(modules_origin ip_vs)"
	else
		matches /kernel/net/ "$(modules_origin ip_vs)"
	fi
	IPVSADM=$2
	topo
	peers_start
	rules | adm -R
	for FAM in 4 6; do
		family $FAM
		conn_open "a$FAM" "$VIP_RAW" 80 3001 > /dev/null
		conn_say "a$FAM" hello > /dev/null
		conn_open "b$FAM" "$VIP_RAW" 80 3002 > /dev/null
		conn_say "b$FAM" @close > /dev/null
	done
	family 4
	in_ns client "$PEER" udp "$VIP_RAW" 53 1 3003 > /dev/null
	wait_for 5 has_text '3002 .*TIME_WAIT|TIME_WAIT .*3002' adm -Lnc
	# Counters are refreshed every two seconds.
	wait_for 10 has_text '^UDP +10.9.0.1:53 +1 ' adm -Ln --stats
	wait_for 10 has_text '^TCP +10.9.0.1:80 +2 ' adm -Ln --stats
	sleep 2.2
	listings
	topo_down
}

@test "all four combinations of modules and ipvsadm give the same listings" {
	scenario stock /usr/sbin/ipvsadm > /tmp/stock-debian
	at_least 60 "$(wc -l < /tmp/stock-debian)" "lines of the reference"
	scenario ours /usr/sbin/ipvsadm > /tmp/ours-debian
	same_text "$(cat /tmp/stock-debian)" "$(cat /tmp/ours-debian)" "Debian's ipvsadm: stock modules, our modules"
	scenario stock "$TREE/build/bin/ipvsadm" > /tmp/stock-ours
	same_text "$(cat /tmp/stock-debian)" "$(cat /tmp/stock-ours)" "stock modules: Debian's ipvsadm, our ipvsadm"
	scenario ours "$TREE/build/bin/ipvsadm" > /tmp/ours-ours
	same_text "$(cat /tmp/stock-debian)" "$(cat /tmp/ours-ours)" "stock modules with Debian's ipvsadm, ours with ours"
}
