#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only
load cli

TRY="Try \`ipvsadm -h' or 'ipvsadm --help' for more information."

@test "the first option must be a command" {
	local args

	while read -r args; do
		eval "expect 255 \"\$TRY\" ipvsadm $args"
	done <<- 'END'
		foo
		''
		-t 10.0.0.1:80
		-t 10.0.0.1:80 -A
		-n -L
		--bogus
		-q
		-
		--
		-- -L
		-6
		--list-all
		-s
		--start-daemon
		--help=1
		--set=1 2 3
	END
}

@test "the option parser complains with the word as it was written" {
	expect_table <<- 'END'
		255 | --bogus: unknown option | -L --bogus
		255 | -nq: unknown option | -L -nq
		255 | -4: unknown option | -L -4
		255 | --sched: unknown option | -A -t 10.0.0.1:80 --sched rr
		255 | -s: missing argument | -A -t 10.0.0.1:80 -s
		255 | --tcp-service: missing argument | -A --tcp-service
		255 | --numeric=yes: option does not take an argument | -L --numeric=yes
		255 | -n=1: option does not take an argument | -L -n=1
		255 | -1: unknown option | --set -1 2 3
	END
}

@test "a second command is refused" {
	expect_table <<- 'END'
		2 | invalid option `-A' | -L -A -t bad
		2 | invalid option `-LL' | -LL
		2 | invalid option `-h' | -L -h
		2 | invalid option `--start-daemon' | -L --start-daemon master
	END
}

@test "options that share a name exclude each other" {
	expect_table <<- 'END'
		2 | multiple 'service-address' options specified | -A -t 10.0.0.1:80 -u 10.0.0.1:81
		2 | multiple 'service-address' options specified | -A -f 1 -f 2
		2 | multiple 'forwarding-method' options specified | -a -t 10.0.0.1:80 -r 10.0.0.2 -m -g
		2 | multiple 'persistent' options specified | -A -t 10.0.0.1:80 -p -p
		2 | multiple 'numeric' options specified | -L -n -n
		2 | multiple 'exact' options specified | -L --exact -X
		2 | multiple 'ops' options specified | -A -u 10.0.0.1:80 -o --ops
	END
	expect 0 "" ipvsadm -A -f 1 -6 -6
	ipvsadm -L --sort --sort
}

@test "bad values are named" {
	expect_table <<- 'END'
		2 | illegal virtual server address[:port] specified | -A -t ''
		2 | illegal virtual server address[:port] specified | -A -t 80
		2 | illegal virtual server address[:port] specified | -A -t 10.0.0.256:80
		2 | illegal virtual server address[:port] specified | -A -t 10.0.0.1:65536
		2 | illegal virtual server address[:port] specified | -A -t 10.0.0.1:
		2 | illegal virtual server address[:port] specified | -A -t [2001:db8::1]
		2 | illegal real server address[:port] specified | -a -t 10.0.0.1:80 -r 10.0.0.2:nosuchport
		2 | invalid fwmark value `0' specified | -A -f 0
		2 | invalid fwmark value `4294967296' specified | -A -f 4294967296
		2 | invalid timeout value `rr' specified | -A -t 10.0.0.1:80 -p rr
		2 | invalid timeout value `' specified | -A -t 10.0.0.1:80 -p ''
		2 | invalid timeout value `0' specified | -A -t 10.0.0.1:80 -p 0
		2 | invalid timeout value `2678401' specified | -A -t 10.0.0.1:80 -p 2678401
		2 | illegal virtual server persistent mask specified | -A -t 10.0.0.1:80 -p -M ''
		2 | illegal ipv6 netmask specified | -A -t [2001:db8::1]:80 -p -M 129
		2 | illegal ipv6 netmask specified | -A -f 4 -6 -M 255.255.255.0 -p
		2 | illegal weight specified | -a -t 10.0.0.1:80 -r 10.0.0.2 -w -1
		2 | illegal weight specified | -a -t 10.0.0.1:80 -r 10.0.0.2 -w 2147483648
		2 | illegal u_threshold specified | -a -t 10.0.0.1:80 -r 10.0.0.2 -x many
		2 | illegal l_threshold specified | -a -t 10.0.0.1:80 -r 10.0.0.2 -y 1.5
		2 | illegal tunnel type specified | -a -t 10.0.0.1:80 -r 10.0.0.2 -i --tun-type sit
		2 | illegal tunnel port specified | -a -t 10.0.0.1:80 -r 10.0.0.2 -i --tun-port 0
		2 | illegal syncid specified | --start-daemon master --syncid 256
		2 | illegal sync-maxlen specified | --start-daemon master --sync-maxlen 65508
		2 | illegal mcast-port specified | --start-daemon master --mcast-port 0
		2 | illegal mcast-ttl specified | --start-daemon master --mcast-ttl 256
		2 | invalid IPv4 mcast-group `10.0.0.1' | --start-daemon master --mcast-group 10.0.0.1
		2 | invalid IPv6 mcast-group `2001:db8::1' | --start-daemon master --mcast-group 2001:db8::1
		2 | illegal start-daemon parameter specified | --start-daemon both
		2 | illegal start_daemon specified | --stop-daemon ''
		2 | invalid scheduler flag `bogus' | -A -t 10.0.0.1:80 -s sh -b bogus
		2 | incompatible scheduler flag `sh-port' | -A -t 10.0.0.1:80 -b sh-port
		2 | --set option requires 3 timeout values | --set 1 2
		2 | invalid timeout value `b' specified | --set 1 b 3
		2 | unexpected argument 4 | --set 1 2 3 4
	END
}

@test "-6 must follow -f" {
	expect 2 "-6 used before -f" ipvsadm -A -6 -f 1
	[ "$(tail -c 2 "$BATS_TEST_TMPDIR/err" | od -An -tx1)" = " 0a 0a" ]
	expect 2 "-6 used before -f" ipvsadm -L -6
}

@test "of several faults the first in order is named" {
	expect_table <<- 'END'
		2 | illegal virtual server address[:port] specified | -A -n -t 300.0.0.1:80
		2 | Illegal 'numeric' option with the 'add-service' command | -A -t 10.0.0.1 -n
		2 | Zero port specified for non-persistent service | -A -t 10.0.0.1 -o
		2 | One-Packet Scheduling is only for UDP virtual services | -A -t 10.0.0.1:80 -o
		2 | unexpected argument extra | -A -t 10.0.0.1:80 -b nonsense extra
		2 | unexpected argument foo | foo -L -n
		2 | invalid scheduler flag `nonsense' | -A -t 10.0.0.1:80 -b nonsense -n
		255 | --bogus: unknown option | -A -t 10.0.0.1:80 -n --bogus
		2 | --set option requires 3 timeout values | --set 1 2 -n
		2 | Illegal 'numeric' option with the 'set' command | --set 1 2 3 -n
		2 | Different address family is allowed only for tunneling servers | -a -t 10.0.0.1:80 -r 2001:db8::2 -g --tun-type gue
		2 | Tunnel options conflict with forward method | -a -t 10.0.0.1:80 -r 10.0.0.2 --tun-type ipip
		2 | The option 'timeout' conflicts with the 'service-address' option in the 'list' command | -L -t 10.0.0.1:80 --timeout --stats
		2 | options conflicts in the list command | -L --daemon --persistent-conn
		2 | options conflicts in the list command | -L -c --rate
	END
}

@test "tunnel options go with their type" {
	local server='-a -t 10.0.0.1:80 -r 10.0.0.2 -i'

	expect_table <<- END
		2 | You need to supply the 'tun-port' option for the 'gue' tunnel type | $server --tun-type gue
		2 | Illegal 'tun-port' option with the 'gre' tunnel type | $server --tun-type gre --tun-port 1
		2 | Illegal 'tun-csum' option with the 'ipip' tunnel type | $server --tun-csum
		2 | Illegal 'tun-remcsum' option with the 'gre' tunnel type | $server --tun-type gre --tun-remcsum
		2 | The option 'tun-csum' conflicts with the 'tun-nocsum' option in the 'gre' tunnel type | $server --tun-type gre --tun-csum --tun-nocsum
	END
}

@test "a word after -p is its timeout unless it starts with a dash" {
	expect 0 "" ipvsadm -A -p -t 10.0.0.1:80
	expect 2 "invalid timeout value \`u' specified" ipvsadm -Apu 10.0.0.1:80
	expect 255 "-5: unknown option" ipvsadm -A -t 10.0.0.1:81 -p -5
	expect 0 "" ipvsadm -A -t 10.0.0.1:82 -p 60
}

@test "all ways to write an option mean the same" {
	ipvsadm -A -t 10.0.0.1:1 -s rr
	ipvsadm -At10.0.0.1:2 -srr
	ipvsadm -A -t=10.0.0.1:3 -s=rr
	ipvsadm --add-service --tcp-service=10.0.0.1:4 --scheduler rr
	ipvsadm -At 10.0.0.1:5 -s rr
	[ "$(ipvsadm -Sn | sed 's/:[0-9]/:N/' | sort -u)" = "-A -t 10.0.0.1:N -s rr" ]
	[ "$(ipvsadm -Sn | wc -l)" = 5 ]
}

@test "POSIXLY_CORRECT ends options at the first word" {
	POSIXLY_CORRECT=1 expect 2 "unexpected argument foo" ipvsadm -L foo --bogus
}

@test "the program's own name is used in its advice" {
	ln -s "$IPVSADM_DIR/ipvsadm" "$BATS_TEST_TMPDIR/adm"
	expect 255 "Try \`$BATS_TEST_TMPDIR/adm -h' or '$BATS_TEST_TMPDIR/adm --help' for more information." \
		"$BATS_TEST_TMPDIR/adm" foo
}
