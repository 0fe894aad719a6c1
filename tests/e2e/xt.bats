#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only
# The match "ipvs" of iptables, by its own kernel interface and by that of nftables: every option, inverted too.

setup_file() {
	. "$TREE/tests/lib/e2e.bash"
	topo
	peers_start
}
teardown_file() { . "$TREE/tests/lib/e2e.bash"; topo_down; }
setup() { . "$TREE/tests/lib/e2e.bash"; }
teardown() {
	local c
	adm -C
	for c in iptables ip6tables; do
		for b in nft legacy; do in_ns director $c-$b -w -t mangle -F; done
	done
	in_ns director nft flush ruleset
	knob conntrack 0
}

xt() {	# BACKEND ARGUMENT...: iptables of the family under test
	local c=iptables
	[ "$FAM" = 4 ] || c=ip6tables
	in_ns director $c-"$1" -w -t mangle "${@:2}"
}

# rules BACKEND: from lines "WANTED OPTIONS" on stdin make a rule each, behind those that leave the packet
rules() {
	local line
	while read -r line; do
		# shellcheck disable=SC2086
		xt "$1" -A POSTROUTING -p udp -m ipvs ${line#* }
	done
}

# counted BACKEND LINES: every rule has seen as many packets as its line says
counted() {
	local got
	got=$(xt "$1" -nvxL POSTROUTING | awk 'NR > 2 { print $1 }')
	same_text "$2" "$(paste -d ' ' <(echo "$got") <(cut -d ' ' -f 2- <<< "$2"))" "packets"
}

# check LINES COMMAND...: with both backends, what matches while COMMAND runs
check() {
	local backend
	for backend in nft legacy; do
		rules $backend <<< "$1"
		"${@:2}" > /dev/null
		counted $backend "$1"
		xt $backend -F
	done
}

# Three datagrams to the service make six packets; only requests are known by more than the mark of IPVS.
@both "every option matches requests, as it is and inverted" {
	local net="${VIP_RAW%1}0/24"
	[ "$FAM" = 4 ] || net="${VIP_RAW%1}/64"
	udp_service 53 rr
	check "6 --ipvs
0 ! --ipvs
3 --vproto udp
0 ! --vproto udp
0 --vproto tcp
3 ! --vproto tcp
3 --vaddr $VIP_RAW
0 ! --vaddr $VIP_RAW
3 --vaddr $net
0 --vaddr $CIP_RAW
3 ! --vaddr $CIP_RAW
3 --vport 53
0 ! --vport 53
0 --vport 7000
3 ! --vport 7000
3 --vmethod MASQ
0 ! --vmethod MASQ
0 --vmethod GATE
3 ! --vmethod GATE
0 --vportctl 53
3 --vaddr $VIP_RAW --vport 53 --vmethod MASQ --vproto udp
0 --vaddr $VIP_RAW --vport 54 --vmethod MASQ --vproto udp
0 --vdir ORIGINAL
0 --vdir REPLY" in_ns client "$PEER" udp "$VIP_RAW" 53 3
}

@both "packets that IPVS has not seen match one option only" {
	adm -A -u "$VIP:53" -s rr
	adm -a -u "$VIP:53" -r "${RS[1]}:7000" -m
	check "0 --ipvs
6 ! --ipvs
0 --vproto udp
0 ! --vproto tcp
0 ! --vport 53
0 ! --vmethod GATE" in_ns client "$PEER" udp "${RS_RAW[2]}" 7000 3
}

@both "the controlling connection's port is that of a template" {
	adm -A -u "$VIP:53" -s rr -p 60
	adm -a -u "$VIP:53" -r "${RS[1]}:7000" -m
	check "3 --vportctl 53
0 ! --vportctl 53
0 --vportctl 21
3 ! --vportctl 21" in_ns client "$PEER" udp "$VIP_RAW" 53 3
}

@both "the methods that do not translate are matched, too" {
	adm -A -u "$VIP:7000" -s rr
	adm -a -u "$VIP:7000" -r "${RS[2]}:7000" -g
	check "3 --ipvs
3 --vmethod GATE
0 --vmethod MASQ
3 --vport 7000" in_ns client "$PEER" forge udp "$CIP_RAW" 3000 "$VIP_RAW" 7000 3
}

@both "with connection tracking the direction is known" {
	udp_service 53 rr
	knob conntrack 1
	in_ns director nft 'add table inet t; add chain inet t p { type filter hook prerouting priority 0; }
		add rule inet t p ct state invalid counter'
	check "3 --vdir ORIGINAL
0 --vdir REPLY
3 --vport 53 --vdir ORIGINAL" in_ns client "$PEER" udp "$VIP_RAW" 53 3
}

@test "the module stays as long as a rule needs it" {
	family 4
	xt nft -A POSTROUTING -m ipvs --vport 80
	fails 1 rmmod xt_ipvs
	adm -C
	fails 1 rmmod ip_vs
	xt nft -F
	wait_for 5 rmmod xt_ipvs
}
