#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only
# Loading, unloading and loading again: what holds a module, what does not, and that nothing is left behind.

setup() {
	. "$TREE/tests/lib/e2e.bash"
	modprobe ip_vs
}
teardown() { topo_down; }

is_loaded() { [ -e "/sys/module/$1" ]; }

@test "a service holds ip_vs and its scheduler; without it both unload" {
	ip netns add director
	adm -A -t 10.9.0.1:80 -s rr
	run rmmod ip_vs
	equal 1 "$status"
	matches 'in use' "$output"
	run rmmod ip_vs_rr
	equal 1 "$status"
	matches 'in use' "$output"
	adm -E -t 10.9.0.1:80 -s wlc
	rmmod ip_vs_rr
	run rmmod ip_vs_wlc
	equal 1 "$status"
	adm -C
	rmmod ip_vs_wlc
	rmmod ip_vs
	run is_loaded ip_vs
	equal 1 "$status"
}

@test "a scheduler is loaded by its name, an unknown one is refused" {
	ip netns add director
	run is_loaded ip_vs_rr
	equal 1 "$status"
	adm -A -t 10.9.0.1:80 -s rr
	is_loaded ip_vs_rr
	run adm -A -t 10.9.0.1:81 -s nonesuch
	equal 255 "$status"
	equal 'Scheduler or persistence engine not found' "${lines[0]}"
}

@test "looking up the netlink family loads ip_vs" {
	modules_unload
	ip netns add director
	adm -Ln
	is_loaded ip_vs
}

@both "ip_vs unloads with open connections under traffic, and works again afterwards" {
	local i
	topo
	peers_start
	for i in 1 2; do
		service 80 rr 7000
		udp_service 53 wlc
		in_ns client "$PEER" hold "$VIP_RAW" 80 20 > /tmp/held
		equal "s1:6 s2:7 s3:7" "$(names < /tmp/held)"
		in_ns client "$PEER" storm "$VIP_RAW" 80
		in_ns client "$PEER" storm "$VIP_RAW" 53
		wait_for 5 has_text 'UDP' adm -Lnc
		adm -C
		modules_unload
		equal "" "$(modules_loaded)"
		stop_traffic storm
		stop_traffic hold
	done
}

@test "ten times loading and unloading leave nothing behind" {
	local i
	modules_unload
	for ((i = 0; i < 10; i++)); do
		modprobe ip_vs_rr
		rmmod ip_vs_rr ip_vs
	done
	modprobe ip_vs
	differs 'ip_vs' "$(cat /sys/kernel/debug/kmemleak 2>/dev/null || true)"
}
