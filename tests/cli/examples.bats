#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only
# The examples of the manual pages, run as they stand there.
load cli

# The literal blocks of a page's EXAMPLES, one command per line.
examples() {
	awk '/^\.Sh/ { on = /EXAMPLES/ } /^\.Ed/ { block = 0 } on && block { print } /^\.Bd -literal/ { block = on }' "$MAN/$1" |
		sed 's/\\-/-/g; s/\\e/\\/g'
}

setup_file() { MAN=$(cd "$BATS_TEST_DIRNAME/../../man" && pwd); export MAN; }

# run_page PAGE LEAST: every line must succeed; there are at least so many.
run_page() {
	local line nr=0

	cd "$BATS_TEST_TMPDIR" || return
	export IPVS_REPLAY_CONNS=$BATS_TEST_TMPDIR/conns
	echo "Pro FromIP FPrt ToIP TPrt DestIP DPrt State Expires" > "$IPVS_REPLAY_CONNS"
	while IFS= read -r line; do
		nr=$((nr + 1))
		echo "$line"
		bash -euo pipefail -c "$line"
	done < <(examples "$1")
	[ "$nr" -ge "$2" ]
}

@test "ipvsadm(8)" {
	run_page ipvsadm.8 15
	expect_out "-A -t 192.0.2.1:80 -s wrr
-a -t 192.0.2.1:80 -r 10.0.0.2:8080 -m -w 1
-a -t 192.0.2.1:80 -r 10.0.0.3:8080 -m -w 0
-A -t [2001:db8::1]:443 -s mh -b mh-port
-a -t [2001:db8::1]:443 -r 10.0.0.2:443 -i -w 1 --tun-type gue --tun-port 6080 --tun-nocsum
-A -f 1 -s wlc -p 600
-a -f 1 -r 10.0.0.2:0 -g -w 1
-a -f 1 -r 10.0.0.3:0 -g -w 1" ipvsadm -S -n
}

@test "ipvsadm-save(8), ipvsadm-restore(8)" {
	ipvsadm -A -t 192.0.2.1:80 -s wrr
	run_page ipvsadm-save.8 1
	ipvsadm -C
	run_page ipvsadm-restore.8 1
	expect_out "-A -t 192.0.2.1:80 -s wrr" ipvsadm -S -n
}
