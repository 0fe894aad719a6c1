#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only
# Mistakes of version 1.31 that are mended, in the order of the manual page.
bats_require_minimum_version 1.5.0
load cli

saved() { ipvsadm -S -n; }

@test "addresses and marks are sorted as unsigned numbers" {
	local s

	for s in '-t 224.0.0.1:1' '-t 192.168.0.1:1' '-t 10.0.0.1:1' '-t 127.0.0.1:1' '-t [ff02::1]:1' '-t [2001:db8::1]:1' \
		'-f 4294967295' '-f 1' '-f 2147483649' '-f 2147483647'; do
		# shellcheck disable=SC2086
		ipvsadm -A $s -s rr
	done
	for s in 192.168.0.2 10.0.0.2 172.16.0.2; do ipvsadm -a -f 1 -r "$s"; done
	expect_out "-A -t 10.0.0.1:1 -s rr
-A -t 127.0.0.1:1 -s rr
-A -t 192.168.0.1:1 -s rr
-A -t 224.0.0.1:1 -s rr
-A -t [2001:db8::1]:1 -s rr
-A -t [ff02::1]:1 -s rr
-A -f 1 -s rr
-a -f 1 -r 10.0.0.2:0 -g -w 1
-a -f 1 -r 172.16.0.2:0 -g -w 1
-a -f 1 -r 192.168.0.2:0 -g -w 1
-A -f 2147483647 -s rr
-A -f 2147483649 -s rr
-A -f 4294967295 -s rr" saved
}

@test "high marks are listed and saved as they are" {
	ipvsadm -A -f 4294967295
	[[ $(ipvsadm -Ln) == *"FWM  4294967295 wlc"* ]]
	expect_out "-A -f 4294967295 -s wlc" saved
}

@test "thresholds are saved" {
	ipvsadm -A -f 1 -s rr
	ipvsadm -a -f 1 -r 10.0.0.2 -x 10 -y 5
	expect_out "-A -f 1 -s rr
-a -f 1 -r 10.0.0.2:0 -g -w 1 -x 10 -y 5" saved
}

@test "a server may stand before its service" {
	ipvsadm -A -t 10.0.0.1:80 -s rr
	ipvsadm -a -r 10.0.0.2:http -t 10.0.0.1:80 -m
	ipvsadm -a -m -r 10.0.0.3 -t 10.0.0.1:80
	expect_out "-A -t 10.0.0.1:80 -s rr
-a -t 10.0.0.1:80 -r 10.0.0.2:80 -m -w 1
-a -t 10.0.0.1:80 -r 10.0.0.3:80 -m -w 1" saved
}

@test "a netmask may stand before its service" {
	ipvsadm -A -p -M 64 -t [2001:db8::1]:80 -s rr
	ipvsadm -A -f 1 -M 48 -6 -p -s rr
	expect_out "-A -t [2001:db8::1]:80 -s rr -p 360 -M 64
-A -f 1 -6 -s rr -p 360 -M 48" saved
}

@test "nothing but commas are no scheduler flags" {
	expect 0 "" ipvsadm -A -t 10.0.0.1:80 -s sh -b ,
	expect_out "-A -t 10.0.0.1:80 -s sh" saved
}

@test "flag-3 has a name with every scheduler" {
	ipvsadm -A -t 10.0.0.1:80 -s sh -b flag-3
	[[ $(ipvsadm -Ln) == *"sh (flag-3)"* ]]
	expect_out "-A -t 10.0.0.1:80 -s sh -b flag-3" saved
}

@test "counters of servers have 64 bits" {
	cat > "$IPVS_REPLAY" <<- 'END'
		service af=2 protocol=6 addr=10.0.0.1 port=80 sched=rr
		dest af=2 addr=10.0.0.2 port=80 stats.conns=100000000000 stats.cps=123456789012
	END
	[[ $(ipvsadm -Ln --stats | tail -1) == *" 100G "* ]]
	[[ $(ipvsadm -Ln --rate | tail -1) == *" 123456789012 "* ]]
}

@test "zeroing the wildcard service zeroes that one" {
	cat > "$IPVS_REPLAY" <<- 'END'
		service af=2 protocol=6 addr=0.0.0.0 port=0 sched=rr flags=1 timeout=5 netmask=4294967295 stats.conns=5
		service af=2 protocol=6 addr=10.0.0.1 port=81 sched=rr stats.conns=6
	END
	ipvsadm -Z -t 0.0.0.0
	grep -q stats.conns=6 "$IPVS_REPLAY"
	run ! grep -q stats.conns=5 "$IPVS_REPLAY"
	expect 255 "No such service" ipvsadm -Z -u 0.0.0.0
	ipvsadm -Z
	run ! grep -q stats.conns "$IPVS_REPLAY"
}

@test "restores know comments, and read a last line that ends in blanks" {
	expect 0 "" ipvsadm -R < <(printf '# rules\n-A -t 10.0.0.1:80 -s rr # web\n-A -t 10.0.0.1:81 -s rr   ')
	[ "$(saved | wc -l)" = 2 ]
}

@test "the wrapper reads the rules before it clears the old ones" {
	ipvsadm -A -t 10.0.0.1:80 -s rr
	expect 2 "illegal virtual server address[:port] specified" ipvsadm-restore <<< '-A -t bad'
	expect_out "-A -t 10.0.0.1:80 -s rr" saved
}

@test "help, version and usage errors need no kernel" {
	unset IPVS_REPLAY
	ipvsadm -v
	ipvsadm -h > /dev/null
	expect 2 "illegal virtual server address[:port] specified" ipvsadm -A -t bad
	expect 2 "illegal weight specified" ipvsadm -R --check <<< '-a -f 1 -r 10.0.0.2 -w x'
	expect 255 "Try \`ipvsadm -h' or 'ipvsadm --help' for more information." ipvsadm foo
}

@test "a daemon's command in second place is named" {
	expect 2 "invalid option \`--stop-daemon'" ipvsadm -L --stop-daemon backup
}

@test "output that cannot be written is an error" {
	ipvsadm -A -t 10.0.0.1:80
	run bash -c 'ipvsadm -S -n > /dev/full'
	[ "$status" = 1 ]
	[[ $output == "ipvsadm: cannot write to standard output: "* ]]
}

@test "names that are too long are refused" {
	expect 255 "Scheduler or persistence engine not found" ipvsadm -A -t 10.0.0.1:80 -s abcdefghijklmnopq
	[[ $second == *"at most 15 characters" ]]
	expect 255 "No such device" ipvsadm --start-daemon master --mcast-interface abcdefghijklmnopqr
	expect_out "" ipvsadm -L --daemon
}

@test "words that popt would expand stay as they are" {
	expect 2 'invalid timeout value `!#:+'"' specified" ipvsadm -A -t 10.0.0.1:80 -p '!#:+' word
	expect 2 'unexpected argument a!#:+b' ipvsadm -L 'a!#:+b' word
	expect 255 '--!#:+: unknown option' ipvsadm -L '--!#:+' word
	expect 255 "Scheduler or persistence engine not found" ipvsadm -A -t 10.0.0.1:80 -s 'nosuch!#:+'
	[[ $second == *'`nosuch!#:+'"'"* ]]
}

@test "connections may have data of any length" {
	export IPVS_REPLAY_CONNS=$BATS_TEST_TMPDIR/conns
	local data n

	for n in 180 185 186 200 250 255 4000 100000; do
		data=$(head -c $n /dev/zero | tr '\0' y)
		{
			echo "Pro FromIP   FPrt ToIP     TPrt DestIP   DPrt State       Expires PEName PEData"
			echo "UDP CB007107 80E8 0A000001 13C4 0A000002 13C4 UDP             293 sip $data"
			echo "UDP CB007108 80E8 0A000001 13C4 0A000002 13C4 UDP             293"
		} > "$IPVS_REPLAY_CONNS"
		[ "$(ipvsadm -Lnc | wc -l)" = 4 ]
		[[ $(ipvsadm -Lnc --persistent-conn) == *" $data"$'\n'"UDP 04:53 "* ]]
		ipvsadm -Lnc --json --persistent-conn | jq -e '.connections | length == 2' > /dev/null
	done
}
