#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only
# What ipvsadm 1.31 does not know: partial edits, repeatable commands, filters, wide rows.
load cli

@test "--keep changes only what is given of a server" {
	local given want

	while IFS='|' read -r given want; do
		: > "$IPVS_REPLAY"
		ipvsadm -R <<- 'END'
			-A -t 10.0.0.1:80 -s rr
			-a -t 10.0.0.1:80 -r 10.0.0.2:8080 -m -w 5 -x 10 -y 3
			-a -t 10.0.0.1:80 -r 10.0.0.3:80 -i -w 5 --tun-type gue --tun-port 6080 --tun-csum
		END
		# shellcheck disable=SC2086
		ipvsadm -e -t 10.0.0.1:80 $given --keep
		ipvsadm -S -n | grep -qxF -- "-a -t 10.0.0.1:80 $want" || { ipvsadm -S -n; echo "wanted: $want"; return 1; }
	done <<- 'END'
		-r 10.0.0.2:8080 -w 7|-r 10.0.0.2:8080 -m -w 7 -x 10 -y 3
		-r 10.0.0.2:8080 -x 9|-r 10.0.0.2:8080 -m -w 5 -x 9 -y 3
		-r 10.0.0.2:8080 -y 0|-r 10.0.0.2:8080 -m -w 5 -x 10
		-r 10.0.0.3 -w 7|-r 10.0.0.3:80 -i -w 7 --tun-type gue --tun-port 6080 --tun-csum
		-r 10.0.0.3:99 -w 7|-r 10.0.0.3:80 -i -w 7 --tun-type gue --tun-port 6080 --tun-csum
		-r 10.0.0.3 --tun-port 7|-r 10.0.0.3:80 -i -w 5 --tun-type gue --tun-port 7 --tun-csum
		-r 10.0.0.3 --tun-nocsum|-r 10.0.0.3:80 -i -w 5 --tun-type gue --tun-port 6080 --tun-nocsum
		-r 10.0.0.3 --tun-type gre|-r 10.0.0.3:80 -i -w 5 --tun-type gre --tun-nocsum
		-r 10.0.0.3 -g|-r 10.0.0.3:80 -g -w 5
	END
}

@test "--keep changes only what is given of a service" {
	local given want

	while IFS='|' read -r given want; do
		echo 'service af=2 protocol=17 addr=10.0.0.1 port=80 sched=sh flags=31 timeout=60 netmask=65535 pe=sip' > "$IPVS_REPLAY"
		# shellcheck disable=SC2086
		ipvsadm -E -u 10.0.0.1:80 --keep $given
		[ "$(ipvsadm -S -n)" = "-A -u 10.0.0.1:80 $want" ] || { ipvsadm -S -n; echo "wanted: $want"; return 1; }
	done <<- 'END'
		|-s sh -p 60 -M 255.255.0.0 --pe sip -o -b sh-fallback,sh-port
		-p 70|-s sh -p 70 -M 255.255.0.0 --pe sip -o -b sh-fallback,sh-port
		-b sh-port|-s sh -p 60 -M 255.255.0.0 --pe sip -o -b sh-port
		-s rr|-s rr -p 60 -M 255.255.0.0 --pe sip -o
		-s mh -b mh-port|-s mh -p 60 -M 255.255.0.0 --pe sip -o -b mh-port
		-M 255.0.0.0|-s sh -p 60 -M 255.0.0.0 --pe sip -o -b sh-fallback,sh-port
		--pe=|-s sh -p 60 -M 255.255.0.0 -o -b sh-fallback,sh-port
	END
}

@test "--keep needs what it is to keep, and still refuses what makes no sense" {
	ipvsadm -A -t 10.0.0.1:80 -s rr
	ipvsadm -a -t 10.0.0.1:80 -r 10.0.0.2 -g
	expect_table <<- 'END'
		255 | No such service | -E --keep -t 10.0.0.1:81 -s wrr
		255 | Service not defined | -e --keep -t 10.0.0.1:81 -r 10.0.0.2 -w 1
		255 | No such destination | -e --keep -t 10.0.0.1:80 -r 10.0.0.3 -w 1
		2 | Tunnel options conflict with forward method | -e --keep -t 10.0.0.1:80 -r 10.0.0.2 --tun-type gre
		2 | You need to supply the 'tun-port' option for the 'gue' tunnel type | -e --keep -t 10.0.0.1:80 -r 10.0.0.2 -i --tun-type gue
		2 | incompatible scheduler flag `sh-port' | -E --keep -t 10.0.0.1:80 -b sh-port
		2 | illegal weight specified | -e --keep -t 10.0.0.1:80 -r 10.0.0.2 -w x
		2 | You need to supply the 'real-server' option for the 'edit-server' command | -e --keep -t 10.0.0.1:80
	END
	# also within a restore, after what stands before it
	expect 0 "" ipvsadm -R <<- 'END'
		-A -t 10.0.0.5:80 -s sh -b sh-port
		-E -t 10.0.0.5:80 -p 60 --keep
		-E -t 10.0.0.5:80 -p 70 --keep
	END
	ipvsadm -S -n | grep -qx -- '-A -t 10.0.0.5:80 -s sh -p 70 -b sh-port'
}

@test "--or-edit adds, or edits what is there" {
	local i

	for i in 1 2; do
		expect 0 "" ipvsadm -A -t 10.0.0.1:80 -s rr --or-edit
		expect 0 "" ipvsadm -a -t 10.0.0.1:80 -r 10.0.0.2 -m -w "$i" --or-edit
	done
	expect_out "-A -t 10.0.0.1:80 -s rr
-a -t 10.0.0.1:80 -r 10.0.0.2:80 -m -w 2" ipvsadm -S -n
	expect 255 "Scheduler or persistence engine not found" ipvsadm -A -t 10.0.0.1:80 -s nosuch --or-edit
	expect 255 "Service not defined" ipvsadm -a -t 10.0.0.1:81 -r 10.0.0.2 --or-edit
	expect 0 "" ipvsadm -R <<- 'END'
		-A -t 10.0.0.1:82 -s rr
		-A -t 10.0.0.1:82 -s wrr --or-edit
		-E -t 10.0.0.1:82 -s lc
	END
	ipvsadm -S -n | grep -qx -- '-A -t 10.0.0.1:82 -s lc'
}

@test "--if-exists makes deleting repeatable" {
	ipvsadm -A -t 10.0.0.1:80 -s rr
	ipvsadm -a -t 10.0.0.1:80 -r 10.0.0.2
	for _ in 1 2; do
		expect 0 "" ipvsadm -d -t 10.0.0.1:80 -r 10.0.0.2 --if-exists
	done
	for _ in 1 2; do
		expect 0 "" ipvsadm -D -t 10.0.0.1:80 --if-exists
	done
	expect 0 "" ipvsadm -d -t 10.0.0.1:80 -r 10.0.0.2 --if-exists
	expect 0 "" ipvsadm -R <<< '-D -t 10.0.0.1:80 --if-exists'
	expect 0 "" ipvsadm -C --if-exists
	# other errors are errors
	echo "fail 3 1" > "$IPVS_REPLAY"
	expect 255 "Permission denied (you must be root)" ipvsadm -D -t 10.0.0.1:80 --if-exists
}

@test "--strict ends a restore with the status of its worst line" {
	local rules=$'-D -t 10.0.0.1:80\n-A -t 10.0.0.1:80 -s rr\n'

	expect 0 "No such service" ipvsadm -R <<< "$rules"
	ipvsadm -C
	expect 255 "No such service" ipvsadm -R --strict <<< "$rules"
	expect 0 "" ipvsadm -R --strict <<< '-L -n --timeout' || [ -n "$out" ]
	expect 255 "--bogus: unknown option" ipvsadm -R --strict <<< $'-L --bogus\n-C'
}

@test "-S --all writes what -R and --apply read" {
	ipvsadm --set 1 2 3
	ipvsadm --start-daemon backup --mcast-interface lo --mcast-group ff02::1234 --syncid 7
	ipvsadm -A -t 10.0.0.1:80 -s rr
	expect_out "--set 1 2 3
--start-daemon backup --syncid 7 --mcast-interface lo --mcast-group ff02::1234
-A -t 10.0.0.1:80 -s rr" ipvsadm -S --all -n
	ipvsadm -S --all -n > "$BATS_TEST_TMPDIR/rules"
	: > "$IPVS_REPLAY"
	expect 0 "" ipvsadm -R < "$BATS_TEST_TMPDIR/rules"
	expect_out "$(cat "$BATS_TEST_TMPDIR/rules")" ipvsadm -S --all -n
}

@test "wide rows are not cut" {
	cat > "$IPVS_REPLAY" <<- 'END'
		service af=2 protocol=6 addr=127.255.255.254 port=65535 sched=rr
		dest af=2 addr=10.0.0.2 port=80
	END
	[ "$(ipvsadm -Ln --wide)" = "$(ipvsadm -Ln)" ]
}

connections() {
	export IPVS_REPLAY_CONNS=$BATS_TEST_TMPDIR/conns
	cat > "$IPVS_REPLAY_CONNS" <<- 'END'
		Pro FromIP   FPrt ToIP     TPrt DestIP   DPrt State       Expires PEName PEData
		TCP CB007107 80E8 0A000001 0050 0A000002 1F90 ESTABLISHED     893
		TCP CB007108 80E8 0A000001 0050 0A000003 1F90 FIN_WAIT         93
		UDP CB007107 80E8 0A000001 13C4 0A000002 13C4 UDP             293 sip somecall@host
		TCP 2001:0db8:0000:0000:0000:0000:0000:0007 80E8 2001:0db8:0000:0000:0000:0000:0000:0001 01BB 2001:0db8:0000:0000:0000:0000:0000:0002 01BB SYN_RECV 5
		IP  CB007109 0000 00000007 0000 0A000004 0000 NONE             50
		TCP CB007109 1000 0A000009 0050 0A000004 0050 CLOSE             9
	END
}

@test "connections are filtered by service, server, client and state" {
	local args want

	connections
	cat > "$IPVS_REPLAY" <<- 'END'
		service af=2 protocol=6 addr=10.0.0.1 port=80 sched=rr
		service af=2 fwmark=7 sched=rr
		dest af=2 addr=10.0.0.4 port=0 conn_flags=3
		dest af=2 addr=10.0.0.2 port=0 conn_flags=3
	END
	while IFS='|' read -r args want; do
		# shellcheck disable=SC2086
		got=$(ipvsadm -Lnc $args | tail -n +3 | awk '{ print $4 }' | xargs)
		[ "$got" = "$want" ] || { echo "$args: $got, wanted $want"; return 1; }
	done <<- 'END'
		|203.0.113.7:33000 203.0.113.8:33000 203.0.113.7:33000 [2001:db8::7]:33000 203.0.113.9:0 203.0.113.9:4096
		-t 10.0.0.1:80|203.0.113.7:33000 203.0.113.8:33000
		-t 10.0.0.1|203.0.113.7:33000 203.0.113.8:33000
		-t 10.0.0.1:81|
		-u 10.0.0.1:5060|203.0.113.7:33000
		-t [2001:db8::1]:443|[2001:db8::7]:33000
		-r 10.0.0.2|203.0.113.7:33000 203.0.113.7:33000
		-r 10.0.0.2:8080|203.0.113.7:33000
		-t 10.0.0.1:80 -r 10.0.0.3|203.0.113.8:33000
		--client 203.0.113.8|203.0.113.8:33000
		--client 203.0.113.8/30|203.0.113.8:33000 203.0.113.9:0 203.0.113.9:4096
		--client 2001:db8::/32|[2001:db8::7]:33000
		--state established|203.0.113.7:33000
		--client 0.0.0.0/0 --state UDP|203.0.113.7:33000
		-f 7|203.0.113.7:33000 203.0.113.9:0 203.0.113.9:4096
		-f 8|
	END
	expect 2 "Illegal 'real-server' option with the 'list' command" ipvsadm -L -r 10.0.0.2
	expect 2 "Illegal 'client' option with the 'list' command" ipvsadm -L --client 10.0.0.2
	expect 2 "invalid client address \`10.0.0.1/33' specified" ipvsadm -Lc --client 10.0.0.1/33
}

@test "connections as JSON" {
	connections
	expect_out '{"connections":[
{"protocol":"udp","state":"UDP","expires":293,"client":{"family":"ipv4","address":"203.0.113.7","port":33000},"virtual":{"family":"ipv4","address":"10.0.0.1","port":5060},"destination":{"family":"ipv4","address":"10.0.0.2","port":5060},"pe":"sip","pe_data":"somecall@host"}
]}' ipvsadm -Lnc --json --state UDP
	ipvsadm -Lc --json | python3 -m json.tool > /dev/null
	head -1 "$IPVS_REPLAY_CONNS" > "$BATS_TEST_TMPDIR/none"
	IPVS_REPLAY_CONNS=$BATS_TEST_TMPDIR/none expect_out '{"connections":[
]}' ipvsadm -Lnc --json
}

@test "a second line tells the object and the cause" {
	ipvsadm -A -t 10.0.0.1:80
	ipvsadm -a -t 10.0.0.1:80 -r 10.0.0.2 -m
	expect_second "-A -t 10.0.0.1:80: it is there already; -E edits it, --or-edit does either" ipvsadm -A -t 10.0.0.1:80
	expect_second "-d -t 10.0.0.1:80 -r 10.0.0.2:81: no such server in this service; its port counts, too" \
		ipvsadm -d -t 10.0.0.1:80 -r 10.0.0.2:81
	expect_second "-A -t 10.0.0.1:81: there is no scheduler \`nosuch' (module ip_vs_nosuch)" ipvsadm -A -t 10.0.0.1:81 -s nosuch
	expect_second "-L -t 10.0.0.1:81: no such service in this network namespace" ipvsadm -L -t 10.0.0.1:81
	expect_second "--stop-daemon master: it does not run in this network namespace" ipvsadm --stop-daemon master
	expect_second "line 3: -D -u 10.0.0.1:81: no such service in this network namespace" ipvsadm -R <<- 'END'
		# rules

		-D -u 10.0.0.1:81
	END
	expect_second "line 2: -A -t bad" ipvsadm -R --check <<- 'END'
		-C
		-A -t bad
	END
	expect_second "" ipvsadm -A -t bad
	echo "fail 17 22 the kernel's own words" > "$IPVS_REPLAY"
	expect_second "-C: the kernel's own words" ipvsadm -C
}

@test "whether module, privilege or namespace is at fault" {
	echo "fail 15 1" > "$IPVS_REPLAY"
	run_split ipvsadm -L
	[[ $second == privilege:* || $second == namespace:* ]]
	unset IPVS_REPLAY
	[ ! -e /proc/net/ip_vs ] || skip "this host has IPVS"
	run_split env -u IPVS_REPLAY setpriv --bounding-set=-sys_module,-net_admin --inh-caps=-all ipvsadm -C
	[[ $second == module:* || $second == privilege:* || $second == namespace:* ]]
}
