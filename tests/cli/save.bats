#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only
# Saving and restoring.
load cli

RULES='-A -t 10.0.0.1:80 -s wrr -p 60 -M 255.255.0.0
-a -t 10.0.0.1:80 -r 10.0.0.2:8080 -m -w 3 -x 100 -y 50
-a -t 10.0.0.1:80 -r 10.0.0.3:80 -i -w 1 --tun-type gue --tun-port 6080 --tun-remcsum
-A -u 10.0.0.1:5060 -s sh -p 300 --pe sip -o -b sh-fallback,sh-port
-A --sctp-service 10.0.0.1:9900 -s none
-A -t [2001:db8::1]:443 -s mh -p 50 -M 64 -b mh-port,flag-3
-a -t [2001:db8::1]:443 -r [2001:db8::2]:443 -g -w 0
-A -f 4294967295 -s rr
-a -f 4294967295 -r 10.0.0.4:80 -i -w 1 --tun-type ipip
-A -f 4294967295 -6 -s rr'

@test "what was saved is restored, and saved again the same" {
	expect 0 "" ipvsadm -R <<< "$RULES"
	expect_out "$RULES" ipvsadm -S -n
	expect_out "$RULES" ipvsadm-save -n
	expect 0 "" ipvsadm-restore <<< "$RULES"
	expect_out "$RULES" ipvsadm --save --numeric
}

@test "names that do not read back are saved as numbers" {
	ipvsadm -A -t [::1]:1 -s rr
	expect_out "-A -t [::1]:$(ipvsadm -S | sed 's/.*]:\([^ ]*\) .*/\1/') -s rr" ipvsadm -S
}

@test "the wrapper for saving knows -n and nothing else" {
	expect 1 "ipvsadm-save: Script to save the IPVS table to stdout.
   With the -n option, prints out the table in numeric format." ipvsadm-save -h
	expect_out "" ipvsadm-save -n word
}

@test "restoring adds to what is there and goes on after kernel errors" {
	ipvsadm -A -t 10.0.0.1:80 -s rr
	expect 0 "Service already exists" ipvsadm -R <<- 'END'
		-A -t 10.0.0.1:80 -s wrr
		-A -t 10.0.0.1:81 -s wrr
	END
	expect 255 "Service already exists" ipvsadm -R <<< '-A -t 10.0.0.1:81'
	[ "$(ipvsadm -S -n | wc -l)" = 2 ]
}

@test "restoring goes on after an unknown option and stops at a bad value" {
	expect 2 "--bogus: unknown option
-s: missing argument
illegal weight specified" ipvsadm -R <<- 'END'
		-A -t 10.0.0.1:80 -s rr
		-A -t 10.0.0.1:81 --bogus
		-A -t 10.0.0.1:82 -s
		-A -t 10.0.0.1:83 -s rr
		-a -t 10.0.0.1:83 -r 10.0.0.2 -w x
		-A -t 10.0.0.1:84
	END
	expect_out "-A -t 10.0.0.1:80 -s rr
-A -t 10.0.0.1:83 -s rr" ipvsadm -S -n
}

@test "messages of a restore stand in the order of its lines" {
	expect 2 "No such service
Service already exists
--bogus: unknown option
No such service
illegal virtual server address[:port] specified" ipvsadm -R <<- 'END'
		-D -t 10.0.0.1:80
		-A -t 10.0.0.1:80
		-A -t 10.0.0.1:80
		-A --bogus
		-D -t 10.0.0.1:81
		-A -t bad
	END
}

@test "many more lines than fit into one batch keep their order" {
	{
		for i in {1..300}; do
			echo "-A -t 10.0.0.1:$i -s rr"
			echo "-a -t 10.0.0.1:$i -r 10.0.0.2 -m"
			[ $((i % 100)) != 0 ] || echo "-A -t 10.0.0.1:$i"
		done
	} > "$BATS_TEST_TMPDIR/rules"
	expect 255 "Service already exists
Service already exists
Service already exists" ipvsadm -R < "$BATS_TEST_TMPDIR/rules"
	[ "$(ipvsadm -S -n | wc -l)" = 600 ]
}

@test "each line takes effect before the next is waited for" {
	coproc ADM { ipvsadm -R 2>&1; }
	echo "-D -t 10.0.0.1:80" >&"${ADM[1]}"
	read -r -t 20 line <&"${ADM[0]}"
	[ "$line" = "No such service" ]
	fd=${ADM[1]}
	exec {fd}>&-
}

@test "words are split at blanks, tabs and carriage returns, without quoting" {
	expect 0 "" ipvsadm -R < <(printf -- '-A\t-t\t10.0.0.1:80  -s rr\r\n\r\n \n-A -t 10.0.0.1:81 -s rr  ')
	expect 2 "illegal virtual server address[:port] specified" ipvsadm -R <<< '-A -t "10.0.0.1:82"'
	[ "$(ipvsadm -S -n | wc -l)" = 2 ]
}

@test "comments are passed over" {
	expect 0 "" ipvsadm -R <<- 'END'
		# a comment
		#another
		-A -t 10.0.0.1:80 -s rr # the site
	END
	expect_out "-A -t 10.0.0.1:80 -s rr" ipvsadm -S -n
}

@test "the program's name is dropped wherever it stands" {
	expect 0 "" ipvsadm -R <<< 'ipvsadm -A ipvsadm -t 10.0.0.1:80'
	expect 2 "unexpected argument /sbin/ipvsadm" ipvsadm -R <<< '/sbin/ipvsadm -A -t 10.0.0.1:81'
}

@test "any command may stand in a restore" {
	expect_out "Prot LocalAddress:Port Scheduler Flags
  -> RemoteAddress:Port           Forward Weight ActiveConn InActConn
TCP  10.0.0.1:80 wlc
Timeout (tcp tcpfin udp): 1 120 300" ipvsadm -R <<- 'END'
		-A -t 10.0.0.1:80
		-L -n -t 10.0.0.1:80
		--set 1 0 0
		-L --timeout
		-C
	END
	expect_out "" ipvsadm -S
}

@test "a restore inside a restore ends it" {
	expect 255 "Try \`ipvsadm -h' or 'ipvsadm --help' for more information." ipvsadm -R <<- 'END'
		-A -t 10.0.0.1:80
		-R
		-A -t 10.0.0.1:81
	END
	expect_out "-A -t 10.0.0.1:80 -s wlc" ipvsadm -S -n
}

@test "a listing that fails ends a restore" {
	expect 1 "No such service" ipvsadm -R <<- 'END'
		-L -t 10.0.0.1:80
		-A -t 10.0.0.1:81
	END
	expect_out "" ipvsadm -S -n
}

@test "a closed standard input is an empty one" {
	expect 0 "" bash -c 'ipvsadm -R <&-'
}

@test "a check changes nothing and finds the fault" {
	ipvsadm -A -t 10.0.0.1:80 -s rr
	expect 0 "" ipvsadm -R --check <<< "$RULES"
	expect 2 "illegal virtual server address[:port] specified" ipvsadm -R --check <<- 'END'
		-C
		-A -t bad
	END
	expect_out "-A -t 10.0.0.1:80 -s rr" ipvsadm -S -n
}

@test "the wrapper for restoring clears only for rules that can be read" {
	ipvsadm -A -t 10.0.0.1:80 -s rr
	expect 2 "illegal weight specified" ipvsadm-restore <<- 'END'
		# rules
		-A -t 10.0.0.1:81 -s rr
		-a -t 10.0.0.1:81 -r 10.0.0.2 -w x
	END
	expect_out "-A -t 10.0.0.1:80 -s rr" ipvsadm -S -n
	expect 0 "" ipvsadm-restore -h <<- 'END'
		# rules
		-A -t 10.0.0.1:81 -s wrr
	END
	expect_out "-A -t 10.0.0.1:81 -s wrr" ipvsadm -S -n
}
