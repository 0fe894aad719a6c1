#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only
# What commands ask of the kernel, and what they say when it refuses.
load cli

@test "kernel errors have their text and status 255" {
	ipvsadm -A -t 10.0.0.1:80
	ipvsadm -a -t 10.0.0.1:80 -r 10.0.0.2 -m
	expect_table <<- 'END'
		255 | Service already exists | -A -t 10.0.0.1:80
		255 | Scheduler or persistence engine not found | -A -t 10.0.0.1:81 -s nosuch
		255 | Scheduler or persistence engine not found | -E -t 10.0.0.1:80 -s nosuch
		255 | Scheduler or persistence engine not found | -A -t 10.0.0.1:81 -s abcdefghijklmnopqrst
		255 | No such service | -E -t 10.0.0.1:81
		255 | No such service | -D -t 10.0.0.1:81
		255 | No such service | -Z -t 10.0.0.1:81
		255 | Service not defined | -a -t 10.0.0.1:81 -r 10.0.0.2
		255 | Destination already exists | -a -t 10.0.0.1:80 -r 10.0.0.2 -m
		255 | No such destination | -e -t 10.0.0.1:80 -r 10.0.0.3
		255 | No such destination | -d -t 10.0.0.1:80 -r 10.0.0.3
		255 | Numerical result out of range | -e -t 10.0.0.1:80 -r 10.0.0.2 -m -y 5
		255 | No daemon is running | --stop-daemon backup
		255 | No such device | --start-daemon backup --mcast-interface abcdefghijklmnopqrst
	END
}

@test "what any command can be told" {
	echo "fail 17 1" > "$IPVS_REPLAY"
	expect 255 "Permission denied (you must be root)" ipvsadm -C
	echo "fail 17 22 the kernel's own words" > "$IPVS_REPLAY"
	expect 255 "Invalid operation.  Possibly wrong module version, address not unicast, ..." ipvsadm -C
	echo "fail 17 97" > "$IPVS_REPLAY"
	expect 255 "Operation not supported with specified address family" ipvsadm -C
}

@test "without the kernel's consent nothing starts, with status 2" {
	echo "fail 15 1" > "$IPVS_REPLAY"
	expect 2 "Can't initialize ipvs: Permission denied (you must be root)
Are you sure that IP Virtual Server is built in the kernel or as module?" ipvsadm -L
	expect 2 "Can't initialize ipvs: Permission denied (you must be root)
Are you sure that IP Virtual Server is built in the kernel or as module?" ipvsadm -R < /dev/null
}

@test "edits replace everything that is not given" {
	ipvsadm -A -t 10.0.0.1:80 -s sh -b sh-port -p 60 -M 255.255.0.0
	ipvsadm -a -t 10.0.0.1:80 -r 10.0.0.2 -i -w 7 -x 9 -y 3 --tun-type gre
	ipvsadm -E -t 10.0.0.1:80
	ipvsadm -e -t 10.0.0.1:80 -r 10.0.0.2
	expect_out "-A -t 10.0.0.1:80 -s wlc
-a -t 10.0.0.1:80 -r 10.0.0.2:80 -g -w 1" ipvsadm -S -n
}

@test "timeouts of zero stay as they are" {
	expect_out "Timeout (tcp tcpfin udp): 900 120 300" ipvsadm -L --timeout
	ipvsadm 1 --set 0 3
	expect_out "Timeout (tcp tcpfin udp): 1 120 3" ipvsadm -l --timeout
}

@test "daemons are listed with what they use, the master first" {
	expect_out "" ipvsadm -L --daemon
	ipvsadm --start-daemon backup --mcast-group ff02::1234 --syncid 7
	ipvsadm --start-daemon master --mcast-interface lo --sync-maxlen 1400 --mcast-group 239.1.2.3 \
		--mcast-port 9999 --mcast-ttl 5
	expect_out "master sync daemon (mcast=lo, syncid=0, maxlen=1400, group=239.1.2.3, port=9999, ttl=5)
backup sync daemon (mcast=eth0, syncid=7, group=ff02::1234)" ipvsadm -L --daemon
	expect 255 "Daemon has already run" ipvsadm --start-daemon master
	ipvsadm --stop-daemon master --syncid 9
	expect 255 "No daemon is running" ipvsadm --stop-daemon master
}
