#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only
# The socket options asked directly: lengths, pointers, the order of checks, what each listing says.

setup_file() {
	. "$TREE/tests/lib/e2e.bash"
	ip netns add director
	ip -n director link set lo up
	# a listing of schedulers that are there already: unprivileged users need not load them
	modprobe -a ip_vs_rr ip_vs_wlc
}
teardown_file() { . "$TREE/tests/lib/e2e.bash"; topo_down; }
setup() {
	. "$TREE/tests/lib/e2e.bash"
	so_open
	genl_open
	S=tcp=10.0.0.1:80
	D=rs=10.0.2.10:8080
}
teardown() { adm -C; }

@test "every option takes its own length only" {
	so add $S sched=rr
	so adddest $S $D
	so_table <<-TABLE
		EINVAL | none
		EINVAL | insert
		EINVAL | list
		EINVAL | restore
		EINVAL | save
		EINVAL | get:dest
		EINVAL | get:dest len=200
		EINVAL | none len=4
		EINVAL | add tcp=10.0.0.2:80 sched=rr len=+1
		EINVAL | add tcp=10.0.0.2:80 sched=rr len=-1
		EINVAL | edit $S sched=rr len=+1
		EINVAL | edit $S sched=rr len=-1
		EINVAL | del $S len=+1
		EINVAL | del $S len=-1
		EINVAL | flush len=+1
		EINVAL | adddest $S rs=10.0.2.11:80 len=+1
		EINVAL | adddest $S rs=10.0.2.11:80 len=-1
		EINVAL | adddest $S rs=10.0.2.11:80 len=44
		EINVAL | editdest $S $D len=+1
		EINVAL | editdest $S $D len=-1
		EINVAL | deldest $S $D len=+1
		EINVAL | deldest $S $D len=-1
		EINVAL | timeout len=+1
		EINVAL | timeout len=-1
		EINVAL | startdaemon state=1 ifn=lo len=+1
		EINVAL | startdaemon state=1 ifn=lo len=-1
		EINVAL | stopdaemon state=1 len=+1
		EINVAL | stopdaemon state=1 len=-1
		EINVAL | zero $S len=+1
		EINVAL | zero $S len=-1
		EINVAL | zero len=0
		EINVAL | get:version len=63
		EINVAL | get:version len=0
		EINVAL | get:info len=11
		OK 12  | get:info
		OK 13  | get:info len=13
		EINVAL | get:service $S len=103
		OK 104 | get:service $S
		OK 200 | get:service $S len=200
		EINVAL | get:timeout len=11
		OK 12  | get:timeout
		OK 13  | get:timeout len=13
		EINVAL | get:daemon len=47
		OK 48  | get:daemon
		OK 49  | get:daemon len=49
		EINVAL | get:services n=1 len=+1
		EINVAL | get:services n=1 len=-1
		EINVAL | get:services n=1 len=7
		EINVAL | get:services n=0xffffffff len=112
		EINVAL | get:services n=0x80000000 len=8
		OK 8   | get:services n=0
		OK 112 | get:services n=1
		EINVAL | get:dests $S n=1 len=+1
		EINVAL | get:dests $S n=1 len=-1
		EINVAL | get:dests $S n=1 len=23
		EINVAL | get:dests $S n=0xffffffff len=24
		OK 24  | get:dests $S n=0
		OK 120 | get:dests $S n=1
		ENOPROTOOPT | set:1151
		ENOPROTOOPT | set:1168
		ENOPROTOOPT | get:1160
	TABLE
	# nothing of it has changed anything
	equal 1 "$(so get:services n=4 | grep -c '^service .* dests=1 ')"
}

@test "pointers that lead nowhere are refused and do no harm" {
	so add $S sched=rr
	so adddest $S $D
	so_table <<-TABLE
		EFAULT | add tcp=10.0.0.2:80 sched=rr at=none
		EFAULT | add tcp=10.0.0.2:80 sched=rr at=cross
		OK     | add tcp=10.0.0.3:80 sched=rr at=end
		OK     | add tcp=10.0.0.4:80 sched=rr at=readonly
		EINVAL | add tcp=10.0.0.2:80 sched=rr at=none len=+1
		EFAULT | adddest $S rs=10.0.2.11:80 at=none
		EFAULT | adddest $S rs=10.0.2.11:80 at=cross
		EFAULT | timeout at=none
		EFAULT | startdaemon state=1 ifn=lo at=cross
		OK     | flush at=none
		OK     | add $S sched=rr
		OK     | adddest $S $D
		EFAULT | get:version at=none
		EFAULT | get:version at=readonly
		EFAULT | get:version at=cross
		EFAULT | get:info at=none
		EFAULT | get:info at=readonly
		EFAULT | get:info at=cross
		OK     | get:info at=end
		EFAULT | get:service $S at=none
		EFAULT | get:service $S at=readonly
		EFAULT | get:service $S at=cross
		OK     | get:service $S at=end
		EFAULT | get:services n=1 at=none
		EFAULT | get:services n=1 at=readonly
		EFAULT | get:services n=1 at=cross
		OK     | get:services n=1 at=end
		EFAULT | get:dests $S n=1 at=none
		EFAULT | get:dests $S n=1 at=readonly
		EFAULT | get:dests $S n=1 at=cross
		OK     | get:dests $S n=1 at=end
		EFAULT | get:timeout at=readonly
		EFAULT | get:timeout at=cross
		EFAULT | get:daemon at=readonly
		EFAULT | get:daemon at=cross
		EINVAL | get:daemon at=none len=47
	TABLE
}

@test "services: protocol, name, mark and existence are checked in that order" {
	so add $S sched=rr
	so add udp=10.0.0.1:0 mark=5 sched=rr
	genl new_service af=2 fwmark=6 sched=rr flags=0 timeout=0 netmask=255.255.255.255
	so_table <<-TABLE
		EEXIST | add $S sched=rr
		EEXIST | add $S sched=nonesuch
		ENOENT | add tcp=10.0.0.2:80 sched=nonesuch
		ENOENT | add tcp=10.0.0.2:80
		EINVAL | add tcp=10.0.0.2:80 sched=sixteen_letters_
		EINVAL | add 50=10.0.0.2:80 sched=sixteen_letters_
		EFAULT | add 50=10.0.0.2:80 sched=rr
		EFAULT | add 50=10.0.0.1:80 mark=5 sched=rr
		EFAULT | del 50=10.0.0.1:80
		EFAULT | zero 50=10.0.0.1:80
		EFAULT | adddest 0=10.0.0.1:80 $D
		OK     | add sctp=10.0.0.2:80 sched=none
		ESRCH  | edit tcp=10.0.0.9:80 sched=rr
		ESRCH  | edit tcp=10.0.0.9:80 sched=nonesuch
		ENOENT | edit $S sched=nonesuch
		ESRCH  | del tcp=10.0.0.9:80 sched=sixteen_letters_
		ESRCH  | del udp=10.0.0.1:80
		ESRCH  | zero tcp=10.0.0.9:80
		ESRCH  | adddest tcp=10.0.0.9:80 $D
		ESRCH  | edit tcp=10.0.0.1:0 mark=5 sched=rr
		EEXIST | add tcp=10.0.0.1:0 mark=5 sched=rr
		OK     | edit udp=10.0.0.1:0 mark=5 sched=rr
		ESRCH  | del udp=10.0.0.1:0 mark=6
		OK     | get:service udp=10.0.0.1:0 mark=6
		OK     | del tcp=10.0.0.1:0 mark=6
		ESRCH  | get:service tcp=10.0.0.9:80
		ESRCH  | get:service 50=10.0.0.1:80
		ESRCH  | get:dests tcp=10.0.0.9:80 n=0
		OK     | zero 50=0.0.0.0:0
		OK     | zero $S
	TABLE
}

@test "a service and its servers read the same through both interfaces" {
	so add $S sched=wlc flags=0x19 timeout=300 netmask=255.255.255.0
	matches '^service af=2 proto=6 addr=0a0000010{24} port=80 sched=wlc flags=1b000000ffffffff timeout=300 netmask=ffffff00 ' \
		"$(genl get_service svc=2/6/10.0.0.1/80)"
	so get:service $S > /tmp/entry
	matches '^service proto=6 addr=10.0.0.1 port=80 mark=0 sched=wlc flags=0x1b timeout=300 netmask=255.255.255.0 dests=0 stats=0 0 ' "$(cat /tmp/entry)"
	# all flags are meant, there is no mask
	so edit $S sched=none flags=8
	matches ' sched=none flags=0xa timeout=0 netmask=255.255.255.255 ' "$(so get:service $S)"
	so adddest $S rs=10.0.2.10:8080 fwd=0 weight=5 u=10 l=3
	so adddest $S rs=10.0.2.11:8080 fwd=3 weight=1
	so adddest $S rs=10.0.2.12:0 fwd=0xffffffff weight=2147483647
	so get:dests $S n=5 > /tmp/dests
	matches '^dest addr=10.0.2.10 port=8080 flags=0x100 weight=5 u=10 l=3 active=0 inactive=0 persist=0 ' "$(cat /tmp/dests)"
	matches '^dest addr=10.0.2.11 port=8080 flags=0x183 weight=1 ' "$(cat /tmp/dests)"
	matches '^dest addr=10.0.2.12 port=0 flags=0x12187 weight=2147483647 ' "$(cat /tmp/dests)"
	equal "fwd=7 fwd=3 fwd=0 " "$(genl get_dest dump svc=2/6/10.0.0.1/80 | grep -o 'fwd=[0-9]*' | tr '\n' ' ')"
	equal "10.0.2.12 10.0.2.11 10.0.2.10 " "$(grep -oP '^dest addr=\K\S+' /tmp/dests | tr '\n' ' ')"
	so editdest $S rs=10.0.2.10:8080 fwd=2 weight=0
	matches '^dest addr=10.0.2.10 port=8080 flags=0x182 weight=0 u=0 l=0 ' "$(so get:dests $S n=3)"
	matches '^dest addr=0a00020a.* fwd=2 weight=0 tun_type=0 ' "$(genl get_dest dump svc=2/6/10.0.0.1/80)"
}

@test "servers: the errors are those of netlink" {
	so add $S sched=rr
	so adddest $S $D
	so_table <<-TABLE
		EEXIST | adddest $S $D
		ERANGE | adddest $S rs=10.0.2.11:80 weight=-1
		ERANGE | adddest $S rs=10.0.2.11:80 u=1 l=2
		EINVAL | adddest $S rs=10.0.2.11:80 u=0x80000000
		EINVAL | adddest $S rs=224.0.0.1:80
		ENOENT | editdest $S rs=10.0.2.11:80
		ENOENT | deldest $S rs=10.0.2.11:80
		OK     | deldest $S $D
		ENOENT | deldest $S $D
	TABLE
}

@test "an edit takes tunnel data away" {
	so add $S sched=rr
	genl new_dest svc=2/6/10.0.0.1/80 d.addr=10.0.2.10 d.port=8080 d.fwd=2 d.weight=1 d.u=0 d.l=0 d.tun_type=1 d.tun_port=6080 d.tun_flags=1
	so editdest $S $D fwd=2
	matches ' tun_type=0 tun_port=0 tun_flags=0 ' "$(genl get_dest dump svc=2/6/10.0.0.1/80)"
}

@test "listings are cut to what was asked for and leave the rest alone" {
	local i
	for i in 1 2 3; do so add tcp=10.0.0.$i:80 sched=rr; done
	genl new_service svc=10/6/2001:db8::1/80 sched=rr flags=0 timeout=0 netmask=128
	matches '^info 66049 [0-9]+ 3$' "$(so get:info)"
	equal 3 "$(so get:services n=3 | grep -c '^service ')"
	equal 2 "$(so get:services n=2 | grep -c '^service ')"
	equal 3 "$(so get:services n=9 | grep -c '^service ')"
	matches '^count 9$' "$(so get:services n=9)"
	# three entries of 104 bytes after a head of 8; what follows was not written to
	matches '^changed 8 3[0-9]{2}$' "$(so get:services n=9 fill=0xa5 nonzero)"
	for i in 10 11 12; do so adddest $S rs=10.0.2.$i:80 fwd=2; done
	genl new_dest svc=2/6/10.0.0.1/80 d.addr=2001:db8:2::10 d.port=80 d.fwd=2 d.weight=1 d.u=0 d.l=0 d.af=10
	matches ' dests=4 ' "$(so get:service $S)"
	equal 3 "$(so get:dests $S n=4 | grep -c '^dest ')"
	equal 2 "$(so get:dests $S n=2 | grep -c '^dest ' || true)"
	matches '^count 9$' "$(so get:dests $S n=9)"
	matches '^changed 24 3[01][0-9]$' "$(so get:dests $S n=9 fill=0xa5 nonzero)"
}

@test "a long listing has each entry once" {
	awk 'BEGIN { for (i = 0; i < 300; i++) {
		at = int(i / 200) "." i % 200 + 1 ":80"
		print "-A -t 10.7." at " -s rr"
		print "-a -t 10.7.0.1:80 -r 10.8." at " -g"
	} }' | adm -R
	so get:services n=300 > /tmp/entries
	equal 300 "$(grep -oP '^service .* addr=\K\S+' /tmp/entries | sort -u | wc -l)"
	so get:dests tcp=10.7.0.1:80 n=300 > /tmp/entries
	equal 300 "$(grep -oP '^dest addr=\K\S+' /tmp/entries | sort -u | wc -l)"
	equal "$(genl get_dest dump svc=2/6/10.7.0.1/80 | grep -c '^dest ')" 300
}

@test "the version is a line of text, timeouts and daemons are numbers" {
	matches '^IP Virtual Server version 1\.2\.1 \(size=[1-9][0-9]*\)$' "$(so get:version | tail -n 1)"
	# sed reads to the end: who stops reading leaves the rest of an answer to the next question
	equal "OK $(($(so get:version | tail -n 1 | wc -c)))" "$(so get:version len=100 | sed -n 1p)"
	equal "timeout 900 120 300" "$(so get:timeout | tail -n 1)"
	so_table <<-TABLE
		OK     | timeout tcp_timeout=100 udp_timeout=30
		EINVAL | timeout tcp_timeout=50 fin=50 udp_timeout=8589935
		EINVAL | timeout tcp_timeout=-1
	TABLE
	equal "timeout 100 120 30" "$(so get:timeout | tail -n 1)"
	so timeout tcp_timeout=900 fin=120 udp_timeout=300
	equal "daemon 0 - 0 daemon 0 - 0" "$(so get:daemon | grep ^daemon | tr '\n' ' ' | sed 's/ $//')"
	so_table <<-TABLE
		EINVAL | startdaemon state=1
		EINVAL | startdaemon state=1 ifn=sixteen_letters_
		ENODEV | startdaemon state=1 ifn=nonesuch
		ENODEV | startdaemon state=7 ifn=nonesuch
		EINVAL | startdaemon state=7 ifn=lo
		ESRCH  | stopdaemon state=1
		ESRCH  | stopdaemon state=2
		EINVAL | stopdaemon state=3
		ESRCH  | stopdaemon state=1 ifn=sixteen_letters_
	TABLE
}

@test "zero forgets one service or all" {
	so add $S sched=rr
	so add mark=5 sched=rr udp=0.0.0.0:0
	so_table <<-TABLE
		OK    | zero $S
		OK    | zero udp=0.0.0.0:0 mark=5
		ESRCH | zero tcp=0.0.0.0:0 mark=5
		OK    | zero tcp=0.0.0.0:0
		OK    | zero 77=0.0.0.0:0
	TABLE
}

as_nobody() { in_ns director setpriv --reuid 65534 --clear-groups --inh-caps=-all --bounding-set=-all "$@"; }

@test "an ordinary user is refused before anything else is looked at" {
	local words
	for words in "add $S sched=rr len=1" "none" "flush at=none" "get:info" "get:info len=1" "get:version at=none" "get:dest"; do
		# shellcheck disable=SC2086
		equal EPERM "$(as_nobody python3 -S "$TREE/tests/tools/sockopt.py" $words)" "$words"
	done
	equal ENOPROTOOPT "$(as_nobody python3 -S "$TREE/tests/tools/sockopt.py" set:1168)"
}

@test "root of a user namespace commands the network that belongs to it, by these options only" {
	cat > /tmp/inside <<-SCRIPT
		ip link set lo up
		printf '%s\n' "add $S sched=rr" "adddest $S $D" "get:info" "get:services n=1" "timeout tcp_timeout=77" | python3 -S "$TREE/tests/tools/sockopt.py" -
		python3 -S "$TREE/tests/tools/genl.py" get_info
	SCRIPT
	in_ns director setpriv --reuid 65534 --regid 65534 --clear-groups unshare -Urn bash /tmp/inside > /tmp/answers || true
	equal "OK . OK . OK 12 info N 1 . OK 112 " "$(head -n 8 /tmp/answers | sed -E 's/^info .* 1$/info N 1/' | tr '\n' ' ')"
	matches '^service .* dests=1 ' "$(cat /tmp/answers)"
	matches '^EPERM' "$(cat /tmp/answers)"
	# and nobody else's
	equal 0 "$(so get:services n=3 | grep -c '^service ' || true)"
	equal "timeout 900 120 300" "$(so get:timeout | tail -n 1)"
}
