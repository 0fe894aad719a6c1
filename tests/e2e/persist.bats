#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only
# Which server a client gets again: templates of persistent services, one-packet scheduling, port reuse, servers that
# were quiesced or removed, and calls of SIP. Templates outlive their service, so every case has ports of its own.

setup_file() {
	. "$TREE/tests/lib/e2e.bash"
	topo
	peers_start
	# A neighbour of the client and one in another network, both on the client's host; a second virtual address.
	ip -n client -b - <<-'IP'
		addr add 10.1.0.3/24 dev c0
		addr add 10.1.1.2/24 dev c0
		addr add 2001:db8:1::3/64 dev c0 nodad preferred_lft 0
		addr add 2001:db8:1:1::2/64 dev c0 nodad preferred_lft 0
	IP
	ip -n director -b - <<-'IP'
		route add 10.1.1.0/24 dev dc
		route add 2001:db8:1:1::/64 dev dc
		addr add 10.9.0.2/32 dev lo
		addr add 2001:db8:9::2/128 dev lo
	IP
}
teardown_file() { . "$TREE/tests/lib/e2e.bash"; topo_down; }
setup() { . "$TREE/tests/lib/e2e.bash"; }
teardown() {
	local verb
	for verb in hold open; do stop_traffic $verb; done
	knob expire_nodest_conn 0
	knob expire_quiescent_template 0
	knob conn_reuse_mode 1
	in_ns director nft delete table inet marks 2>/dev/null || true
	adm -C
}

mark() {	# PORT MARK
	in_ns director nft "add table inet marks { chain c { type filter hook prerouting priority -150;
		tcp dport $1 meta mark set $2; udp dport $1 meta mark set $2; }; }"
}
held() { in_ns "${3:-client}" "$PEER" hold "$VIP_RAW" "$1" "$2" | names; }	# PORT COUNT
neighbours() { if [ "$FAM" = 4 ]; then echo 10.1.0.3 10.1.1.2; else echo 2001:db8:1::3 2001:db8:1:1::2; fi; }

# Rows of the listing by port of the virtual address: templates, and connections
rows() { adm -Lnc | awk -v v="$VIP:$1" '$5 == v { print $1, $3, $4, $5, $6 }'; }
templates() { rows "$1" | awk '$3 ~ /:0$/' | sort; }
conns() { rows "$1" | awk '$3 !~ /:0$/' | sort; }

# Seconds left to the template of a virtual port
template_left() {
	adm -Lnc | awk -v v="$VIP:$1" '$5 == v && $4 ~ /:0$/ { split($2, t, ":"); print t[1] * 60 + t[2] }'
}

@both "all connections of a client go to one server, by one template" {
	service 8001 rr 7000 "-p 50"
	equal "s3:4" "$(held 8001 4)"
	equal "TCP ASSURED $CIP:0 $VIP:8001 ${RS[3]}:7000" "$(templates 8001)"
	equal 4 "$(conns 8001 | grep -c ESTABLISHED)"
	at_most 50 "$(template_left 8001)"
	at_least 30 "$(template_left 8001)"
	equal "0 0 4" "$(column 5)"
	equal "0 0 1" "$(adm -Ln --persistent-conn | awk '$1 == "->" && $2 ~ /[0-9]/ { print $2, $4 }' | sort | cut -d ' ' -f 2 | xargs)"
}

@both "a template is not assured until a server has answered" {
	service 8002 rr 9 "-p 50"
	run in_ns client "$PEER" hold "$VIP_RAW" 8002 1
	equal "TCP NONE $CIP:0 $VIP:8002 ${RS[3]}:9" "$(templates 8002)"
}

@both "UDP clients stay, too, and a reply assures" {
	local i
	udp_service 8003 "rr -p 50"
	equal "s3:3" "$(in_ns client "$PEER" udp "$VIP_RAW" 8003 3 | names)"
	equal "UDP ASSURED $CIP:0 $VIP:8003 ${RS[3]}:7000" "$(templates 8003)"
}

@both "other clients get other servers; a netmask makes one of many" {
	local near far
	read -r near far < <(neighbours)
	service 8004 rr 7000 "-p 50"
	held 8004 1
	equal s2:1 "$(FROM=$near held 8004 1)"
	if [ "$FAM" = 4 ]; then service 8005 rr 7000 "-p 50 -M 255.255.255.0"; else service 8005 rr 7000 "-p 50 -M 64"; fi
	equal s3:1 "$(held 8005 1)"
	equal s3:1 "$(FROM=$near held 8005 1)"
	equal s2:1 "$(FROM=$far held 8005 1)"
	if [ "$FAM" = 4 ]; then
		equal "10.1.0.0:0 10.1.1.0:0" "$(templates 8005 | cut -d ' ' -f 3 | xargs)"
	else
		equal "[2001:db8:1::]:0 [2001:db8:1:1::]:0" "$(templates 8005 | cut -d ' ' -f 3 | sort -r | xargs)"
	fi
}

@both "a service for any port keeps ports, and the client's server for all of them" {
	local i
	service 0 rr 0 "-p 50"
	# they serve both families, so those of the first are there for the second
	[ "$FAM" = 6 ] || for i in 1 2 3; do in_ns "s$i" "$PEER" serve 7001 "s$i"; done
	equal s3:2 "$(held 7000 2)"
	equal s3:1 "$(held 7001 1)"
	equal "TCP ASSURED $CIP:0 $VIP:0 ${RS[3]}:0" "$(templates 0)"
	matches " ${RS_RAW[3]}:7001\$" "$(rows 7001 | tr -d '[]')"
}

@both "a mark makes one service of all ports and protocols; ports are kept" {
	local six=
	[ "$FAM" = 4 ] || six=-6
	mark 7000 9
	adm -A -f 9 $six -s rr -p 50
	for i in 1 2 3; do adm -a -f 9 $six -r "${RS[i]}:8080" -m; done
	equal s3:2 "$(held 7000 2)"
	equal s3:2 "$(in_ns client "$PEER" udp "$VIP_RAW" 7000 2 | names)"
	matches "^IP +\\S+ +ASSURED +$CIP_RAW:0 +\\S+ +${RS_RAW[3]}:0\$" "$(adm -Lnc | tr -d '[]')"
	equal "1" "$(adm -Lnc | tr -d '[]' | grep -c "^IP .* $CIP_RAW:0 ")"
}

@both "without persistence a mark's servers choose the port" {
	local six=
	[ "$FAM" = 4 ] || six=-6
	mark 8007 7
	adm -A -f 7 $six -s rr
	for i in 1 2 3; do adm -a -f 7 $six -r "${RS[i]}:7000" -m; done
	equal "s1:1 s2:1 s3:1" "$(held 8007 3)"
}

@both "an FTP service binds the client for its data connections" {
	local ftp=${VIP_RAW%1}2
	VIP=${VIP/::1/::2} VIP=${VIP/9.0.1/9.0.2} VIP_RAW=$ftp
	service 21 rr 7000 "-p 50"
	equal s3:1 "$(held 21 1)"
	equal s3:2 "$(held 7000 2)"
	equal "TCP ASSURED $CIP:0 $VIP:0 ${RS[3]}:0" "$(templates 0)"
}

@both "a quiesced server keeps its clients; expire_quiescent_template moves them" {
	service 8010 rr 7000 "-p 50"
	equal s3:1 "$(held 8010 1)"
	adm -e -t "$VIP:8010" -r "${RS[3]}:7000" -m -w 0
	equal s3:1 "$(held 8010 1)"
	knob expire_quiescent_template 1
	equal s2:2 "$(held 8010 2)"
	equal "TCP ASSURED $CIP:0 $VIP:8010 ${RS[2]}:7000" "$(templates 8010)"
	matches "ASSURED $CIP_RAW:0 $VIP_RAW:65535 ${RS_RAW[3]}:65535" "$(rows 65535 | tr -d '[]')"
}

@both "a removed server loses its clients" {
	service 8011 rr 7000 "-p 50"
	equal s3:1 "$(held 8011 1)"
	adm -d -t "$VIP:8011" -r "${RS[3]}:7000"
	equal s2:2 "$(held 8011 2)"
	equal "TCP ASSURED $CIP:0 $VIP:8011 ${RS[2]}:7000" "$(templates 8011)"
}

@both "a full server still takes its own clients" {
	service 8012 rr 7000 "-p 50"
	for i in 1 2 3; do adm -e -t "$VIP:8012" -r "${RS[i]}:7000" -m -x 2; done
	equal s3:4 "$(held 8012 4)"
	equal s2:1 "$(FROM=$(neighbours | cut -d ' ' -f 1) held 8012 1)"
}

@both "a template outlives its time while a connection needs it" {
	service 8013 rr 7000 "-p 2"
	held 8013 1
	wait_for 15 template_has_more 8013
	at_most 60 "$(template_left 8013)"
}
template_has_more() { [ "$(template_left "$1")" -gt 10 ]; }

@both "clients of a removed server are let go with expire_nodest_conn" {
	knob expire_nodest_conn 1
	service 8014 rr 7000
	udp_service 8014 rr
	conn_open a "$VIP_RAW" 8014 2014
	matches '^s3 ' "$(conn_say a before)"
	matches '^s3 ' "$(in_ns client "$PEER" udp "$VIP_RAW" 8014 1 2015)"
	adm -d -t "$VIP:8014" -r "${RS[3]}:7000"
	adm -d -u "$VIP:8014" -r "${RS[3]}:7000"
	wait_for 10 is_equal "" conns 8014
	run conn_say a after
	equal ECONNRESET "$output"
	matches '^s2 ' "$(in_ns client "$PEER" udp "$VIP_RAW" 8014 1 2015)"
}

@both "a client that uses its port again gets a new server, unless conn_reuse_mode is 0" {
	service 8015 rr 7000
	port_used_twice 2016
	equal "s3 s2" "$first $second"
	knob conn_reuse_mode 0
	port_used_twice 2017
	equal "$first" "$second"
}

@both "with expire_nodest_conn a port used again does not go to a quiesced server" {
	service 8016 rr 7000
	knob expire_nodest_conn 1
	knob conn_reuse_mode 0
	port_used_twice 2018 adm -e -t "$VIP:8016" -r "${RS[3]}:7000" -m -w 0
	equal "s3 s2" "$first $second"
}

# A connection that ends, and another from the same port, after COMMAND; the service is the one listed last.
port_used_twice() {	# SRCPORT [COMMAND...]
	local port
	port=$(adm -Ln | awk '/^TCP/ { n = split($2, a, ":"); print a[n] }')
	conn_open "a$1" "$VIP_RAW" "$port" "$1"
	first=$(conn_say "a$1" hello)
	first=${first%% *}
	conn_say "a$1" '!fin' || true
	conn_say "a$1" @close
	wait_for 5 has_text TIME_WAIT conns "$port"
	"${@:2}"
	conn_open "b$1" "$VIP_RAW" "$port" "$1"
	second=$(conn_say "b$1" hello)
	second=${second%% *}
	conn_say "b$1" '!fin' || true
	conn_say "b$1" @close
}

# Datagrams from one port, whose answers nobody waits for.
datagrams() {	# PORT COUNT
	in_ns client bash -c 'exec 3<>"/dev/udp/$0/$1"; for ((i = 0; i < $2; i++)); do echo x >&3; done' "$VIP_RAW" "$1" "$2"
}
stats_of() { adm -Ln --stats --exact | awk -v s="$1" '$1 == s && $2 ~ /[0-9]/ { print $3 }' | xargs; }

@both "one-packet scheduling: every datagram for itself, and nothing remembered" {
	udp_service 8020 "rr -o"
	datagrams 8020 6
	wait_for 10 is_equal "6" stats_of UDP
	equal "2 2 2" "$(stats_of '->')"
	equal "" "$(rows 8020)"
	equal "0 0 0" "$(column 6)"
}

@both "one-packet scheduling with persistence remembers the template alone" {
	udp_service 8021 "rr -o -p 50"
	datagrams 8021 6
	wait_for 10 is_equal "6" stats_of UDP
	equal "6" "$(stats_of '->' | tr ' ' '\n' | grep -v '^0$')"
	equal "UDP NONE $CIP:0 $VIP:8021 ${RS[3]}:7000" "$(rows 8021)"
}

message() { printf 'INVITE sip:b@example.net SIP/2.0\r\nVia: x\r\n%s\r\nMax-Forwards: 9\r\n\r\n' "$1"; }
call() { in_ns client "$PEER" text "$VIP_RAW" "$1" "$(message "$2")" | cut -d ' ' -f 1; }	# PORT HEADER
# Templates with data of an engine, of a virtual port: client's port, engine, data
engine_rows() {
	in_ns director awk -v p="$(printf %04X "$1")" '$5 == p && NF > 9 { print $3, $10, $11 }' /proc/net/ip_vs_conn | sort
}

@both "SIP: a call stays with its server, whatever port it comes from" {
	udp_service "803$FAM" "rr -p 50 --pe sip"
	matches 'pe sip' "$(adm -Ln -u "$VIP:803$FAM")"
	equal s3 "$(call "803$FAM" 'Call-ID: a1@host')"
	equal s2 "$(call "803$FAM" 'Call-ID: b2@host')"
	equal s3 "$(call "803$FAM" 'i: a1@host')"
	equal s2 "$(call "803$FAM" 'call-id:b2@host')"
	equal s1 "$(call "803$FAM" 'Call-ID: c3@host')"
	equal "0000 sip a1@host
0000 sip b2@host
0000 sip c3@host" "$(engine_rows "803$FAM")"
}

@both "SIP: a message without Call-ID is dropped, and nobody told" {
	udp_service 8031 "rr -p 50 --pe sip"
	run in_ns client "$PEER" text "$VIP_RAW" 8031 "$(message 'X-Call: none')"
	equal timeout "$output"
	equal "" "$(rows 8031)"
}

@test "SIP: the module stays while a service or a template needs it" {
	family 4
	udp_service 8032 "rr -p 4 --pe sip"
	fails 1 rmmod ip_vs_pe_sip
	adm --set 0 0 1
	equal s3 "$(call 8032 'Call-ID: a1@host')"
	adm -C
	fails 1 rmmod ip_vs_pe_sip
	adm --set 0 0 300
	wait_for 100 rmmod ip_vs_pe_sip
}
