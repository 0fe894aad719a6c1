#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only
# Single frames: what the director makes of each, wherever it comes out. tools/wire.py explains the words.

setup_file() {
	. "$TREE/tests/lib/e2e.bash"
	topo
	wire_quiet
}
teardown_file() { . "$TREE/tests/lib/e2e.bash"; topo_down; }
setup() { . "$TREE/tests/lib/e2e.bash"; }
teardown() {
	adm -C
	in_ns director bash -c "nft flush ruleset; cd /proc/sys/net/ipv4/vs; for n in $changed; do echo 0 > \$n; done"
}
changed='backup_only sloppy_tcp sloppy_sctp nat_icmp_send schedule_icmp expire_nodest_conn secure_tcp'

# begin: rules, one ipvsadm line each, from stdin; codes of errors by family
begin() {
	adm -R
	wire_open
	if [ "$FAM" = 4 ]; then
		time_exceeded=11/0 no_port=3/3 no_host=3/1 too_big=3/4 df='df '
	else
		time_exceeded=3/0 no_port=1/4 no_host=1/3 too_big=2/0 df=''
	fi
}

nat() { printf '%s\n' "-A $1 $VIP:$2 -s rr ${4:-}" "-a $1 $VIP:$2 -r ${RS[1]}:${3:-7000} -m"; }	# -u|-t PORT [RPORT [OPTIONS]]

@both "masquerading changes addresses and ports, takes a hop and mends a missing checksum, but no wrong one" {
	begin < <(nat -u 80)
	wire_table <<-T
		s1 udp C:1101>S1:7000 ttl 63 len 8 sum ok | client udp 1101>80
		client udp V:80>C:1101 ttl 63 len 8 sum ok | s1 udp 7000>1101
		s1 udp C:1101>S1:7000 ttl 63 len 9 sum ok | client udp 1101>80 len=9
		s1 udp C:1102>S1:7000 ttl 63 len 8 sum ok | client udp 1102>80 sum=0
		s1 udp C:1103>S1:7000 ttl 63 len 8 sum bad | client udp 1103>80 sum=bad
		client udp V:80>C:1103 ttl 63 len 8 sum bad | s1 udp 7000>1103 sum=bad
		client udp V:80>C:1103 ttl 63 len 8 sum ok | s1 udp 7000>1103 sum=0
		s1 udp C:1103>S1:7000 ttl 1 len 8 sum ok | client udp 1103>80 ttl=2
		client icmp V>C ttl 64 $time_exceeded sum ok about udp C:1103>V:80 | client udp 1103>80 ttl=1
		nothing | client udp 1104>80 broadcast
		none | client udp 1104>80 broadcast state
	T
}

@both "options and extension headers stay where they are" {
	begin < <(nat -u 80; nat -t 80)
	local how note
	for how in opt ext=dst ext=hop; do
		note="$how "
		if [ "$FAM" = 4 ]; then [ $how = opt ] || continue; else [ $how != opt ] || continue; fi
		wire_table <<-T
			s1 udp C:1201>S1:7000 ttl 63 ${note}len 8 sum ok | client udp 1201>80 $how
			client udp V:80>C:1201 ttl 63 ${note}len 8 sum ok | s1 udp 7000>1201 $how
			s1 tcp C:1202>S1:7000 ttl 63 ${note}flags S sum ok | client tcp 1202>80 S $how
			client tcp V:80>C:1202 ttl 63 ${note}flags SA sum ok | s1 tcp 7000>1202 SA $how
			ESTABLISHED S1:7000 | client tcp 1202>80 A $how state
			CLOSE S1:7000 | client tcp 1202>80 R $how state
		T
	done
}

@both "what opens a connection, and what does not" {
	begin < <(nat -t 80; nat -u 80; echo "-A -t $VIP:81 -s rr"; echo "-A -u $VIP:81 -s rr"; nat -t 82)
	adm -e -t "$VIP:82" -r "${RS[1]}:7000" -m -w 0
	wire_table <<-T
		s1 tcp C:1301>S1:7000 ttl 63 flags S sum ok | client tcp 1301>80 S
		s1 tcp C:1302>S1:7000 ttl 63 flags SA sum ok | client tcp 1302>80 SA
		s1 tcp C:1303>S1:7000 ttl 63 flags FS sum ok | client tcp 1303>80 SF
		client tcp V:80>C:1304 ttl 64 ${df}flags R sum ok | client tcp 1304>80 A
		none | client tcp 1304>80 F state
		nothing | client tcp 1305>80 R
		none | client tcp 1305>80 SR state
		nothing | client tcp 1306>80 S cut=8
		nothing | client udp 1306>80 cut=6
		client icmp V>C ttl 64 $no_port sum ok about tcp C:1307>V:81 | client tcp 1307>81 S
		client icmp V>C ttl 64 $no_port sum ok about udp C:1307>V:81 | client udp 1307>81
		client icmp V>C ttl 64 $no_port sum ok about tcp C:1307>V:82 | client tcp 1307>82 S
		none | client tcp 1307>82 S state
		client icmp V>C ttl 64 echo-reply sum ok | client echo
	T
	adm -E -t "$VIP:80" -s none
	wire_table <<< "client icmp V>C ttl 64 $no_port sum ok about tcp C:1308>V:80 | client tcp 1308>80 S"
}

@both "sloppy_tcp takes connections that are older than the director" {
	begin < <(nat -t 80)
	knob sloppy_tcp 1
	wire_table <<-T
		s1 tcp C:1401>S1:7000 ttl 63 flags A sum ok | client tcp 1401>80 A
		ESTABLISHED S1:7000 | client tcp 1401>80 A state
		nothing | client tcp 1402>80 R
		none | client tcp 1402>80 R state
	T
}

@both "sloppy_sctp does the same with SCTP, whose checksum follows its port" {
	begin < <(nat --sctp-service 80)
	wire_table <<-T
		none | client sctp 1501>80 data state
		none | client sctp 1501>80 abort state
		s1 sctp C:1502>S1:7000 ttl 63 init sum ok | client sctp 1502>80 init
		INIT1 S1:7000 | client sctp 1502>80 data state
		client sctp V:80>C:1502 ttl 63 init-ack sum ok | s1 sctp 7000>1502 init-ack
	T
	knob sloppy_sctp 1
	wire_table <<-T
		s1 sctp C:1503>S1:7000 ttl 63 data sum ok | client sctp 1503>80 data
		ESTABLISHED S1:7000 | client sctp 1503>80 data state
		none | client sctp 1504>80 abort state
	T
}

@both "fragments in any order" {
	begin < <(nat -u 80)
	local in4='s1 udp C:1601>S1:7000 ttl 63 frag 0+40 more; s1 udp C>S1 ttl 63 frag 40+40 more; s1 udp C>S1 ttl 63 frag 80+28'
	local out4=${in4//s1/client} order
	out4=${out4//C:1601>S1:7000/V:80>C:1601}
	out4=${out4//C>S1/V>C}
	for order in 1,2,3 3,2,1 2,3,1; do
		wire_table <<-T
			$in4 | client udp 1601>80 len=100 frags=3 order=$order
			$out4 | s1 udp 7000>1601 len=100 frags=3 order=$order
		T
	done
	wire_table <<-T
		nothing | client udp 1602>80 len=100 frags=3 order=2
		nothing | s1 udp 7000>1602 len=100 frags=3 order=2
	T
}

@both "states of a connection that both ends are seen of" {
	begin < <(nat -t 80)
	wire_table <<-T
		SYN_RECV S1:7000 | client tcp 1701>80 S state
		SYN_RECV S1:7000 | s1 tcp 7000>1701 SA state
		ESTABLISHED S1:7000 | client tcp 1701>80 A state
		CLOSE_WAIT S1:7000 | client tcp 1701>80 FA state
		CLOSE_WAIT S1:7000 | s1 tcp 7000>1701 A state
		TIME_WAIT S1:7000 | s1 tcp 7000>1701 FA state
		SYN_RECV S1:7000 | client tcp 1702>80 S state
		ESTABLISHED S1:7000 | client tcp 1702>80 A state
		FIN_WAIT S1:7000 | s1 tcp 7000>1702 FA state
		TIME_WAIT S1:7000 | client tcp 1702>80 FA state
		SYN_RECV S1:7000 | client tcp 1703>80 S state
		SYN_RECV S1:7000 | client tcp 1703>80 R state
		TIME_WAIT S1:7000 | client tcp 1703>80 F state
		SYN_RECV S1:7000 | client tcp 1704>80 S state
		CLOSE S1:7000 | s1 tcp 7000>1704 RA state
		SYN_RECV S1:7000 | client tcp 1705>80 S state
		CLOSE S1:7000 | client tcp 1705>80 P state
	T
	knob secure_tcp 3
	wire_table <<-T
		SYN_RECV S1:7000 | client tcp 1711>80 S state
		SYNACK S1:7000 | s1 tcp 7000>1711 SA state
		SYNACK S1:7000 | client tcp 1711>80 A state
		ESTABLISHED S1:7000 | s1 tcp 7000>1711 A state
	T
}

@both "states of a connection whose server answers by itself" {
	begin <<< "-A -t $VIP:80 -s rr
-a -t $VIP:80 -r ${RS[2]}:9 -g"
	wire_table <<-T
		s2 tcp C:1801>V:80 ttl 63 flags S sum ok | client tcp 1801>80 S
		ESTABLISHED S2:80 | client tcp 1801>80 A state
		FIN_WAIT S2:80 | client tcp 1801>80 FA state
	T
	knob secure_tcp 3
	wire_table <<-T
		SYNACK S2:80 | client tcp 1802>80 S state
		ESTABLISHED S2:80 | client tcp 1802>80 A state
	T
}

@both "a finished connection makes way for a new one, an open one does not" {
	begin < <(nat -t 80; echo "-a -t $VIP:80 -r ${RS[2]}:7000 -m")
	wire_table <<-T
		SYN_RECV S2:7000 | client tcp 1901>80 S state
		CLOSE S2:7000 | s2 tcp 7000>1901 RA state
		SYN_RECV S1:7000 | client tcp 1901>80 S state
		ESTABLISHED S1:7000 | client tcp 1901>80 A state
		ESTABLISHED S1:7000 | client tcp 1901>80 S state
		FIN_WAIT S1:7000 | s1 tcp 7000>1901 FA state
		SYN_RECV S1:7000 | client tcp 1901>80 S state
		CLOSE S1:7000 | s1 tcp 7000>1901 RA state
	T
	knob conn_reuse_mode 0
	wire_table <<< "SYN_RECV S1:7000 | client tcp 1901>80 S state"
	knob conn_reuse_mode 1
	adm -e -t "$VIP:80" -r "${RS[1]}:7000" -m -w 0
	knob expire_nodest_conn 1
	wire_table <<< "SYN_RECV S2:7000 | client tcp 1901>80 S state"
}

@both "errors about connections, both ways and translated throughout" {
	begin < <(nat -u 80; nat -t 80)
	wire_table <<-T
		s1 udp C:2001>S1:7000 ttl 63 len 8 sum ok | client udp 2001>80
		s1 icmp C>S1 ttl 63 $too_big sum ok rest 1300 about udp S1:7000>C:2001 | client icmp $too_big udp 80>2001 rest=1300
		s1 icmp C>S1 ttl 63 $time_exceeded sum ok about udp S1:7000>C:2001 | client icmp $time_exceeded udp 80>2001 quote=20
		nothing | client icmp $time_exceeded udp 80>2001 sum=bad
		nothing | client icmp $time_exceeded udp 80>2002
		nothing | client icmp $time_exceeded udp 80>2001 q-frag
		nothing | client icmp $time_exceeded udp 80>2001 quote=2
		nothing | client icmp $time_exceeded udp 80>2001 cut=4
		client icmp V>C ttl 63 $no_port sum ok about udp C:2001>V:80 | s1 icmp $no_port udp 2001>7000 q-src=C q-dst=S1
		client icmp V>C ttl 63 $time_exceeded sum ok about udp C:2001>V:80 | s2 icmp $time_exceeded udp 2001>7000 q-src=C q-dst=S1
	T
	if [ "$FAM" = 4 ]; then
		wire_table <<-T
			s1 icmp C>S1 ttl 63 3/1 sum ok about udp S1:7000>C:2001 quoted opt | client icmp 3/1 udp 80>2001 q-opt
			nothing | client icmp 12/0 udp 80>2001
			nothing | client icmp 5/1 udp 80>2001
			client icmp S1>C ttl 63 12/0 sum ok about udp C:2001>S1:7000 | s1 icmp 12/0 udp 2001>7000 q-src=C q-dst=S1
		T
	fi
	adm -C
	begin <<< "-A -u $VIP:80 -s rr
-a -u $VIP:80 -r ${RS[2]}:9 -g"
	wire_table <<-T
		s2 udp C:2011>V:80 ttl 63 len 8 sum ok | client udp 2011>80
		s2 icmp C>V ttl 63 $too_big sum ok rest 1300 about udp V:80>C:2011 | client icmp $too_big udp 80>2011 rest=1300
	T
}

@both "with schedule_icmp an error opens a connection without a state" {
	begin < <(nat -t 80)
	wire_table <<< "nothing | client icmp $no_host tcp 80>2101"
	knob schedule_icmp 1
	wire_table <<-T
		s1 icmp C>S1 ttl 63 $no_host sum ok about tcp S1:7000>C:2101 | client icmp $no_host tcp 80>2101
		SYN_RECV S1:7000 | client tcp 2101>80 S state
	T
}

@both "a server that speaks to nobody's client passes, unless nat_icmp_send tells it" {
	begin < <(nat -u 80; nat -t 80; nat --sctp-service 80)
	wire_table <<-T
		client udp S1:7000>C:2201 ttl 63 len 8 sum ok | s1 udp 7000>2201
		client tcp S1:7000>C:2201 ttl 63 flags A sum ok | s1 tcp 7000>2201 A
	T
	knob nat_icmp_send 1
	wire_table <<-T
		s1 icmp D1>S1 ttl 64 $no_port sum ok about udp S1:7000>C:2201 | s1 udp 7000>2201
		s1 icmp D1>S1 ttl 64 $no_port sum ok about tcp S1:7000>C:2201 | s1 tcp 7000>2201 A
		client tcp S1:7000>C:2201 ttl 63 flags R sum ok | s1 tcp 7000>2201 R
		client sctp S1:7000>C:2201 ttl 63 abort sum ok | s1 sctp 7000>2201 abort
		client udp S1:7001>C:2201 ttl 63 len 8 sum ok | s1 udp 7001>2201
		client udp S2:7000>C:2201 ttl 63 len 8 sum ok | s2 udp 7000>2201
	T
}

@both "a packet too large for the way to a server is refused, or cut where that is allowed" {
	begin < <(nat -u 80)
	local bad=0
	ip -n director link set d1 mtu 1280
	wire_table > /tmp/wire.bad <<-T || bad=1
		client icmp V>C ttl 64 $too_big sum ok rest 1280 about udp C:2301>V:80 | client udp 2301>80 len=1400 df
	T
	[ "$FAM" = 6 ] || wire_table >> /tmp/wire.bad <<-T || bad=1
		s1 udp C:2301>S1:7000 ttl 63 frag 0+1256 more; s1 udp C>S1 ttl 63 frag 1256+152 | client udp 2301>80 len=1400
	T
	ip -n director link set d1 mtu 1500
	equal "0 " "$bad $(cat /tmp/wire.bad)"
}

@both "a server without a route, and one that is told of after its removal" {
	local nowhere=10.99.0.1
	[ "$FAM" = 4 ] || nowhere='[2001:db8:99::1]'
	begin <<< "-A -t $VIP:80 -s rr
-a -t $VIP:80 -r $nowhere:7000 -m
$(nat -u 80)
$(nat -u 81)"
	wire_table <<-T
		client icmp V>C ttl 64 $no_host sum ok about tcp C:2401>V:80 | client tcp 2401>80 S
		s1 udp C:2401>S1:7000 ttl 63 len 8 sum ok | client udp 2401>80
	T
	adm -d -u "$VIP:80" -r "${RS[1]}:7000"
	wire_table <<-T
		nothing | client udp 2401>80
		client udp V:80>C:2401 ttl 63 len 8 sum ok | s1 udp 7000>2401
	T
	adm -D -u "$VIP:80"
	wire_table <<-T
		nothing | client udp 2401>80
		client udp V:80>C:2401 ttl 63 len 8 sum ok | s1 udp 7000>2401
	T
}

@both "without a service of its family the director handles nothing, and again with one" {
	begin < <(nat -u 80)
	wire_table <<< "s1 udp C:2501>S1:7000 ttl 63 len 8 sum ok | client udp 2501>80"
	adm -C
	wire_table <<< "client udp S1:7000>C:2501 ttl 63 len 8 sum ok | s1 udp 7000>2501"
	adm -A -t "$VIP:99" -s rr
	wire_table <<< "client udp V:80>C:2501 ttl 63 len 8 sum ok | s1 udp 7000>2501"
}

@both "IP in IP: hops, DF, errors of both sides" {
	local overhead=20 other='[2001:db8:23::2]' outer='D3>S3 ttl 63'
	if [ "$FAM" = 6 ]; then overhead=40 other=10.2.3.2; fi
	begin <<-RULES
		-A -u $VIP:80 -s rr
		-a -u $VIP:80 -r ${RS[3]}:80 -i
		-A -u $VIP:81 -s rr
		-a -u $VIP:81 -r $other:81 -i
	RULES
	wire_table <<-T
		s3 ipip $outer in udp C:2801>V:80 ttl 63 len 8 sum ok | client udp 2801>80
		s3 ipip $outer in udp C:2801>V:81 ttl 63 len 8 sum ok | client udp 2801>81
		s3 ipip $outer in udp C:2801>V:80 ttl 63 len 8 sum bad | client udp 2801>80 sum=bad
		s3 ipip ${outer/63/1} in udp C:2801>V:80 ttl 1 len 8 sum ok | client udp 2801>80 ttl=2
		client icmp V>C ttl 64 $time_exceeded sum ok about udp C:2801>V:80 | client udp 2801>80 ttl=1
		client icmp V>C ttl 64 $too_big sum ok rest $((1500 - overhead)) about udp C:2801>V:80 | client udp 2801>80 len=$((1490 - overhead)) df
		s3 ipip $outer in icmp C>V ttl 63 $too_big sum ok rest 1300 about udp V:80>C:2801 | client icmp $too_big udp 80>2801 rest=1300
	T
	[ "$FAM" = 6 ] || wire_table <<-T
		s3 ipip $outer df in udp C:2801>V:80 ttl 63 df len 8 sum ok | client udp 2801>80 df
		s3 ipip $outer in udp C:2801>V:80 ttl 63 opt len 8 sum ok | client udp 2801>80 opt
	T
}

@both "one packet at a time: nothing is kept, and replies pass as they are" {
	begin <<-RULES
		-A -u $VIP:80 -s rr -o
		-a -u $VIP:80 -r ${RS[1]}:7000 -m
		-a -u $VIP:80 -r ${RS[2]}:7000 -m
	RULES
	wire_table <<-T
		s2 udp C:2901>S2:7000 ttl 63 len 8 sum ok | client udp 2901>80
		s1 udp C:2901>S1:7000 ttl 63 len 8 sum ok | client udp 2901>80
		none | client udp 2901>80 state
		client udp S2:7000>C:2901 ttl 63 len 8 sum ok | s2 udp 7000>2901
	T
}

@both "a mark comes before an address, an address with a port before one without" {
	local six=''
	[ "$FAM" = 4 ] || six=-6
	begin <<-RULES
		-A -f 7 $six -s rr
		-a -f 7 $six -r ${RS[1]}:0 -m
		-A -t $VIP:85 -s rr
		-a -t $VIP:85 -r ${RS[2]}:7000 -m
		-A -t $VIP:0 -s rr -p 100
		-a -t $VIP:0 -r ${RS[3]}:0 -m
		-A -t $VIP:80 -s rr
		-a -t $VIP:80 -r ${RS[2]}:7000 -m
		-A -t $VIP:21 -s rr
	RULES
	in_ns director nft 'add table inet m; add chain inet m p { type filter hook prerouting priority mangle; }
		add rule inet m p th dport 85-86 mark set 7'
	wire_table <<-T
		s1 tcp C:3001>S1:85 ttl 63 flags S sum ok | client tcp 3001>85 S
		s1 udp C:3001>S1:86 ttl 63 len 8 sum ok | client udp 3001>86
		s2 tcp C:3002>S2:7000 ttl 63 flags S sum ok | client tcp 3002>80 S
		s3 tcp C:3003>S3:443 ttl 63 flags S sum ok | client tcp 3003>443 S
		s3 tcp C:3004>S3:444 ttl 63 flags S sum ok | client tcp 3004>444 S
	T
	in_ns director nft flush ruleset
	wire_table <<< "s2 tcp C:3005>S2:7000 ttl 63 flags S sum ok | client tcp 3005>85 S"
	adm -D -t "$VIP:0"
	# a service for FTP is no service for other ports
	wire_table <<< "client tcp V:5555>C:3006 ttl 64 ${df}flags RA sum ok | client tcp 3006>5555 S"
}

@both "what a filter drops is not scheduled; each hook sees each packet as IPVS has it there" {
	begin < <(nat -u 80)
	in_ns director nft 'add table inet f; add chain inet f i { type filter hook input priority 0; }
		add rule inet f i udp sport 3101 drop'
	wire_table <<-T
		nothing | client udp 3101>80
		none | client udp 3101>80 state
	T
	in_ns director nft 'flush ruleset; table inet f {
		chain i { type filter hook input priority 0; udp sport 3102 udp dport 80 counter; }
		chain o { type filter hook output priority 0; udp sport 3102 udp dport 7000 counter; }
		chain p { type filter hook postrouting priority 0; udp sport 3102 udp dport 7000 counter; udp dport 3102 udp sport 80 counter; }
		chain f { type filter hook forward priority 0; udp sport 3102 counter; udp dport 3102 udp sport 7000 counter; }
	}'
	wire_table <<-T
		s1 udp C:3102>S1:7000 ttl 63 len 8 sum ok | client udp 3102>80
		client udp V:80>C:3102 ttl 63 len 8 sum ok | s1 udp 7000>3102
	T
	equal "1 1 1 1 0 1" "$(in_ns director nft list ruleset | grep -oP 'packets \K[0-9]+' | xargs)"
}

@both "an address that is routed onward is not the director's to serve" {
	begin <<< "-A -u ${RS[2]}:80 -s rr
-a -u ${RS[2]}:80 -r ${RS[1]}:7000 -m"
	wire_table <<-T
		s2 udp C:3201>S2:80 ttl 63 len 8 sum ok | client udp 3201>80 dst=S2
		nothing | client udp 3202>80 dst=S2 len=100 frags=3 order=2
	T
}

@both "with expire_nodest_conn connections of a removed server end, and the next packet finds another" {
	begin < <(nat -u 80; nat -t 80)
	adm -R <<-RULES
		-a -u $VIP:80 -r ${RS[2]}:7000 -m
		-a -t $VIP:80 -r ${RS[2]}:7000 -m
	RULES
	wire_table <<-T
		s2 udp C:3301>S2:7000 ttl 63 len 8 sum ok | client udp 3301>80
		SYN_RECV S2:7000 | client tcp 3301>80 SA state
	T
	knob expire_nodest_conn 1
	adm -R <<-RULES
		-d -u $VIP:80 -r ${RS[2]}:7000
		-d -t $VIP:80 -r ${RS[2]}:7000
	RULES
	wire_table <<-T
		s1 udp C:3301>S1:7000 ttl 63 len 8 sum ok | client udp 3301>80
		client tcp V:80>C:3301 ttl 64 ${df}flags R sum ok | client tcp 3301>80 A
	T
}

@both "thresholds: a full server is given nobody, until it has fallen below the lower one" {
	# a server of its own: one that was there before would come back with its connections
	begin <<-RULES
		-A -u $VIP:80 -s rr
		-a -u $VIP:80 -r ${RS[1]}:7034 -m -x 2 -y 1
	RULES
	wire_table <<-T
		s1 udp C:3401>S1:7034 ttl 63 len 8 sum ok | client udp 3401>80
		s1 udp C:3402>S1:7034 ttl 63 len 8 sum ok | client udp 3402>80
		client icmp V>C ttl 64 $no_port sum ok about udp C:3403>V:80 | client udp 3403>80
		s1 udp C:3402>S1:7034 ttl 63 len 8 sum ok | client udp 3402>80
	T
	# between the two nothing changes
	adm -e -u "$VIP:80" -r "${RS[1]}:7034" -m -x 6 -y 2
	wire_table <<< "client icmp V>C ttl 64 $no_port sum ok about udp C:3403>V:80 | client udp 3403>80"
	adm -e -u "$VIP:80" -r "${RS[1]}:7034" -m -x 0 -y 0
	wire_table <<< "s1 udp C:3403>S1:7034 ttl 63 len 8 sum ok | client udp 3403>80"
}

@both "with backup_only a backup serves nobody" {
	begin < <(nat -u 80)
	adm --start-daemon backup --mcast-interface lo
	knob backup_only 1
	wire_table <<< "client icmp V>C ttl 64 $no_port sum ok about udp C:3501>V:80 | client udp 3501>80"
	knob backup_only 0
	wire_table <<< "s1 udp C:3501>S1:7000 ttl 63 len 8 sum ok | client udp 3501>80"
	knob backup_only 1
	adm --stop-daemon backup
	wire_table <<< "s1 udp C:3502>S1:7000 ttl 63 len 8 sum ok | client udp 3502>80"
}

@both "with snat_reroute 0 a reply keeps the way that its server's address has" {
	begin < <(nat -u 80)
	wire_table <<< "s1 udp C:3601>S1:7000 ttl 63 len 8 sum ok | client udp 3601>80"
	ip "-$FAM" -n director rule add from "$VIP_RAW" prohibit pref 10
	gone=$(wire s1 udp '7000>3601')
	knob snat_reroute 0
	kept=$(wire s1 udp '7000>3601')
	ip "-$FAM" -n director rule del pref 10
	knob snat_reroute 1
	differs '^client' "$gone"
	equal "client udp V:80>C:3601 ttl 63 len 8 sum ok" "$kept"
}

@both "two directors in a row, each serves" {
	begin <<< "-A -u $VIP:80 -s rr
-a -u $VIP:80 -r ${RS[1]}:7090 -m"
	in_ns s1 nft insert rule inet quiet i udp dport 7090 accept
	in_ns s1 "$IPVSADM" -A -u "${RS[1]}:7090" -s rr
	in_ns s1 "$IPVSADM" -a -u "${RS[1]}:7090" -r "${RS[2]}:7000" -m
	out=$(wire client udp '3701>80')
	in_ns s1 "$IPVSADM" -C
	equal "s1 udp C:3701>S1:7090 ttl 63 len 8 sum ok; s2 udp C:3701>S2:7000 ttl 61 len 8 sum ok" "$out"
}

@both "what a local socket had begun goes to the server once there is a service" {
	in_ns director "$PEER" serve 7091 director
	wire_open
	known=$(wire client tcp '3801>7091' S)
	begin < <(nat -t 7091)
	out=$(wire client tcp '3801>7091' S)
	stop_traffic serve
	matches '^client tcp V:7091>C:3801 ttl 64 df flags SA sum ok|^client tcp V:7091>C:3801 ttl 64 flags SA sum ok' "$known"
	equal "s1 tcp C:3801>S1:7000 ttl 63 flags S sum ok" "$out"
}
