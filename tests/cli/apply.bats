#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only
# --apply: the difference, its order, and that nothing happens unless all is understood.
load cli

table() {
	cat > "$IPVS_REPLAY" <<- 'END'
		service af=2 protocol=6 addr=10.0.0.1 port=80 sched=wrr netmask=4294967295 stats.conns=5
		dest af=2 addr=10.0.0.2 port=80 conn_flags=3 weight=1 stats.conns=3
		dest af=2 addr=10.0.0.3 port=8080 weight=30 u_thresh=10 l_thresh=5
		service af=2 protocol=6 addr=10.0.0.1 port=81 sched=rr netmask=4294967295
		dest af=2 addr=10.0.0.2 port=81 conn_flags=3 weight=1
		service af=10 fwmark=3 sched=mh flags=9 timeout=50 netmask=64 pe=sip
		daemon state=2 mcast_ifn=eth0 sync_id=1
	END
}

@test "rules as they are need no change" {
	table
	ipvsadm -S > "$BATS_TEST_TMPDIR/rules"
	cp "$IPVS_REPLAY" "$BATS_TEST_TMPDIR/before"
	expect_out "" ipvsadm --apply "$BATS_TEST_TMPDIR/rules" --dry-run
	expect 0 "" ipvsadm --apply "$BATS_TEST_TMPDIR/rules"
	cmp "$IPVS_REPLAY" "$BATS_TEST_TMPDIR/before"
}

@test "only what differs is changed, and deleting comes last" {
	table
	cat > "$BATS_TEST_TMPDIR/rules" <<- 'END'
		# a comment
		-C
		-A -f 3 -6 -s mh -b mh-fallback -p 60 -M 64 --pe sip
		-A -t 10.0.0.1:80 -s wrr
		-a -t 10.0.0.1:80 -r 10.0.0.4:80 -m -w 30
		-a -t 10.0.0.1:80 -r 10.0.0.2:80 -g -w 1
		-A -u 10.0.0.1:53 -s rr
		-a -u 10.0.0.1:53 -r 10.0.0.2
	END
	cat > "$BATS_TEST_TMPDIR/want" <<- 'END'
		-a -t 10.0.0.1:80 -r 10.0.0.4:80 -m -w 30
		-A -u 10.0.0.1:53 -s rr
		-a -u 10.0.0.1:53 -r 10.0.0.2:53 -g -w 1
		-E -f 3 -6 -s mh -p 60 -M 64 --pe sip -b mh-fallback
		-d -t 10.0.0.1:80 -r 10.0.0.3:8080
		-D -t 10.0.0.1:81
	END
	expect_out "$(cat "$BATS_TEST_TMPDIR/want")" ipvsadm --apply "$BATS_TEST_TMPDIR/rules" --dry-run
	expect_out "$(cat "$BATS_TEST_TMPDIR/want")" ipvsadm --apply=- --dry-run < "$BATS_TEST_TMPDIR/rules"
	expect 0 "" ipvsadm --apply < "$BATS_TEST_TMPDIR/rules"
	# counters of what stays are kept
	grep -q 'service .*stats.conns=5' "$IPVS_REPLAY"
	grep -q 'dest .*stats.conns=3' "$IPVS_REPLAY"
	expect_out "" ipvsadm --apply "$BATS_TEST_TMPDIR/rules" --dry-run
	# daemons that the rules do not speak of run on
	[[ $(ipvsadm -L --daemon) == "backup sync daemon"* ]]
}

@test "each setting that differs is an edit" {
	local was now
	while IFS='|' read -r was now; do
		: > "$IPVS_REPLAY"
		printf -- '-A -t 10.0.0.1:80 -s sh\n-a -t 10.0.0.1:80 -r 10.0.0.2:80 %s\n' "$was" | ipvsadm -R
		printf -- '-A -t 10.0.0.1:80 -s sh\n-a -t 10.0.0.1:80 -r 10.0.0.2:80 %s\n' "$now" > "$BATS_TEST_TMPDIR/rules"
		[[ $(ipvsadm --apply "$BATS_TEST_TMPDIR/rules" --dry-run) == "-e -t 10.0.0.1:80 -r 10.0.0.2:80 "* ]]
		ipvsadm --apply "$BATS_TEST_TMPDIR/rules"
		expect_out "" ipvsadm --apply "$BATS_TEST_TMPDIR/rules" --dry-run
	done <<- 'END'
		-g|-m
		-g|-i
		-w 1|-w 2
		-x 5|-x 6
		-x 5|-x 5 -y 2
		-i|-i --tun-type gre
		-i --tun-type gre|-i --tun-type gre --tun-csum
		-i --tun-type gue --tun-port 1|-i --tun-type gue --tun-port 2
	END
	while IFS='|' read -r was now; do
		: > "$IPVS_REPLAY"
		echo "-A -u 10.0.0.1:80 $was" | ipvsadm -R
		echo "-A -u 10.0.0.1:80 $now" > "$BATS_TEST_TMPDIR/rules"
		[[ $(ipvsadm --apply "$BATS_TEST_TMPDIR/rules" --dry-run) == "-E -u 10.0.0.1:80 "* ]]
		ipvsadm --apply "$BATS_TEST_TMPDIR/rules"
		expect_out "" ipvsadm --apply "$BATS_TEST_TMPDIR/rules" --dry-run
	done <<- 'END'
		-s rr|-s wrr
		-s sh|-s sh -b sh-port
		-s rr|-s rr -p
		-s rr -p 5|-s rr -p 6
		-s rr -p 5|-s rr -p 5 -M 255.0.0.0
		-s rr -p 5|-s rr
		-s rr|-s rr -o
		-s rr -p 5|-s rr -p 5 --pe sip
	END
}

@test "all faults are told before anything is done" {
	table
	cp "$IPVS_REPLAY" "$BATS_TEST_TMPDIR/before"
	run_split ipvsadm --apply <<- 'END'
		-A -t 10.0.0.9:80 -s rr
		-a -t 10.0.0.9:80 -r bad:address -m
		-D -t 10.0.0.1:80
		-A -t 10.0.0.9:81 --bogus

		-A -t 10.0.0.9:82 -s abcdefghijklmnopqrst
		--apply
	END
	[ "$status" = 2 ]
	diff <(echo "$err") - <<- 'END'
		illegal real server address[:port] specified
		only -A, -a, -C, --set and --start-daemon describe rules
		--bogus: unknown option
		names of schedulers, engines and interfaces have at most 15 characters
		only -A, -a, -C, --set and --start-daemon describe rules
	END
	diff <(echo "$second") - <<- 'END'
		line 2: -a -t 10.0.0.9:80 -r bad:address -m
		line 3: -D -t 10.0.0.1:80
		line 4: -A -t 10.0.0.9:81 --bogus
		line 6: -A -t 10.0.0.9:82 -s abcdefghijklmnopqrst
		line 7: --apply
	END
	run_split ipvsadm --apply <<- 'END'
		-A -t 10.0.0.9:80 -s rr
		-a -t 10.0.0.9:81 -r 10.0.0.2:81
		-A -t 10.0.0.9:80 -s wrr
		-a -t 10.0.0.9:80 -r 10.0.0.2:80
		-a -t 10.0.0.9:80 -r 10.0.0.2:80
	END
	[ "$status" = 2 ]
	diff <(echo "$err") - <<- 'END'
		Service already exists
		Destination already exists
		Service not defined
	END
	cmp "$IPVS_REPLAY" "$BATS_TEST_TMPDIR/before"
}

@test "nothing is deleted if something could not be added" {
	table
	run_split ipvsadm --apply <<< '-A -t 10.0.0.9:80 -s nosuch'
	[ "$status" = 255 ]
	[ "$err" = "Scheduler or persistence engine not found" ]
	[[ $second == *"nosuch"*"nothing was deleted" ]]
	[ "$(ipvsadm -S -n | wc -l)" = 6 ]
}

@test "timeouts and daemons follow if the file speaks of them" {
	table
	expect_out "--set 900 0 5
--stop-daemon backup
--start-daemon backup --syncid 2 --mcast-interface eth0
--start-daemon master --syncid 0 --mcast-interface lo" ipvsadm --apply --dry-run <<- END
		$(ipvsadm -S)
		--set 900 0 5
		--start-daemon backup --syncid 2
		--start-daemon master --mcast-interface lo
	END
}

@test "an absent or unreadable file changes nothing" {
	table
	expect 2 "cannot open file $BATS_TEST_TMPDIR/none: No such file or directory" ipvsadm --apply "$BATS_TEST_TMPDIR/none"
	expect 2 "cannot read $BATS_TEST_TMPDIR: Is a directory" ipvsadm --apply "$BATS_TEST_TMPDIR"
	[ "$(ipvsadm -S -n | wc -l)" = 6 ]
}

@test "thousands of services are compared in little time" {
	for i in {1..5000}; do
		echo "-A -f $i -s rr"
		echo "-a -f $i -r 10.0.0.2:80 -m"
	done > "$BATS_TEST_TMPDIR/rules"
	shuf --random-source=/bin/sh "$BATS_TEST_TMPDIR/rules" > "$BATS_TEST_TMPDIR/mixed"
	[ "$(ipvsadm --apply "$BATS_TEST_TMPDIR/mixed" --dry-run | wc -l)" = 10000 ]
}
