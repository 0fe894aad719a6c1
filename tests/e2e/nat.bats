#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only
# Masquerading of TCP and UDP between real programs: who answers, what both ends see, what is on the wire.

setup_file() {
	. "$TREE/tests/lib/e2e.bash"
	topo
	servers_start
}
teardown_file() { . "$TREE/tests/lib/e2e.bash"; topo_down; }
setup() { . "$TREE/tests/lib/e2e.bash"; }
teardown() { adm -C; }

@both "HTTP reaches three nginx servers in exact round robin" {
	service 80 rr
	run http 9
	equal 0 "$status"
	equal "s1:3 s2:3 s3:3" "$(names <<< "$output")"
	# The server added last is asked first, and the order is kept.
	equal "s3 s2 s1 s3 s2 s1 s3 s2 s1" "$(cut -d ' ' -f 1 <<< "$output" | xargs)"
	matches "^s1 $CIP_RAW [0-9]+$" "$(tail -n 1 <<< "$output")"
}

@both "the director's own programs reach the servers too" {
	service 80 rr
	run http 3 director
	equal 0 "$status"
	equal "s1:1 s2:1 s3:1" "$(names <<< "$output")"
	# Its own address towards the virtual service is the virtual address.
	matches "^s1 $VIP_RAW " "$output"
}

@both "wlc spreads connections by load, counting those that stay open" {
	service 80 wlc 7000
	in_ns client "$PEER" hold "$VIP_RAW" 80 9 > /tmp/held
	equal "s1:3 s2:3 s3:3" "$(names < /tmp/held)"
	equal "3 3 3" "$(column 5)"
	stop_traffic hold
}

@both "wlc spreads connections by weight" {
	service 80 wlc 7000
	adm -e -t "$VIP:80" -r "${RS[2]}:7000" -m -w 2
	adm -e -t "$VIP:80" -r "${RS[3]}:7000" -m -w 3
	in_ns client "$PEER" hold "$VIP_RAW" 80 60 > /tmp/held
	equal "s1:10 s2:20 s3:30" "$(names < /tmp/held)"
	equal "10 20 30" "$(column 5)"
	stop_traffic hold
}

@both "wlc prefers the server with fewer open connections" {
	service 80 wlc 7000
	adm -e -t "$VIP:80" -r "${RS[1]}:7000" -m -w 0
	adm -e -t "$VIP:80" -r "${RS[2]}:7000" -m -w 0
	in_ns client "$PEER" hold "$VIP_RAW" 80 4 > /tmp/held
	equal "s3:4" "$(names < /tmp/held)"
	adm -e -t "$VIP:80" -r "${RS[1]}:7000" -m -w 1
	in_ns client "$PEER" hold "$VIP_RAW" 80 4 > /tmp/held
	equal "s1:4" "$(names < /tmp/held)"
	stop_traffic hold
}

@both "UDP datagrams are balanced and answered from the virtual address" {
	udp_service 53 rr
	# The client's sockets are connected, so an answer from any other address would be refused.
	run in_ns client "$PEER" udp "$VIP_RAW" 53 6
	equal 0 "$status"
	equal "s1:2 s2:2 s3:2" "$(names <<< "$output")"
}

@both "one UDP flow stays with its server" {
	udp_service 53 rr
	run in_ns client "$PEER" udp "$VIP_RAW" 53 5 4444
	equal 0 "$status"
	equal 1 "$(cut -d ' ' -f 1 <<< "$output" | sort -u | wc -l)"
	matches "^s. $CIP_RAW 4444 [0-9]+ 5$" "$output"
}

@both "the director's own UDP is balanced and answered" {
	udp_service 53 rr
	run in_ns director "$PEER" udp "$VIP_RAW" 53 3
	equal 0 "$status"
	equal "s1:1 s2:1 s3:1" "$(names <<< "$output")"
}

@both "a request loses one hop on its way" {
	udp_service 53 rr
	run in_ns client "$PEER" udp "$VIP_RAW" 53 1
	matches " 63 1$" "$output"
}

@both "a server's answer comes from the virtual address and port, over TCP" {
	service 80 rr 7000
	capture client c0 client tcp
	conn_open one "$VIP_RAW" 80
	matches "^s3 $CIP_RAW [0-9]+ hello$" "$(conn_say one hello)"
	conn_say one @close
	wait_for 5 has_text 'TIME_WAIT|CLOSE' conn_states
	out=$(captured client)
	matches "${VIP_RAW}\\.80 > ${CIP_RAW}\\.[0-9]+: Flags \\[S\\.\\]" "$out"
	differs "${RS_RAW[3]}" "$out"
}

checksums_are_right() {
	service 80 rr
	udp_service 53 rr
	head -c 30000 /dev/urandom > /tmp/nginx/s3/files/some
	capture s3 e0 server
	capture client c0 client
	in_ns client curl -sS --max-time 10 -o /tmp/some "http://$VIP:80/files/some"
	cmp /tmp/some /tmp/nginx/s3/files/some
	in_ns client "$PEER" udp "$VIP_RAW" 53 3
	captured server > /tmp/s3.txt
	captured client > /tmp/c0.txt
}

@both "checksums on the wire are right when software makes them" {
	for n in client:c0 director:dc director:d3 s3:e0; do
		in_ns "${n%:*}" ethtool -K "${n#*:}" tx off gso off gro off >/dev/null 2>&1
	done
	checksums_are_right
	for n in client:c0 director:dc director:d3 s3:e0; do
		in_ns "${n%:*}" ethtool -K "${n#*:}" tx on gso on gro on >/dev/null 2>&1
	done
	at_least 10 "$(grep -c 'cksum .*(correct)' /tmp/s3.txt)" "packets with a checksum at the server"
	at_least 10 "$(grep -c 'cksum .*(correct)' /tmp/c0.txt)" "packets with a checksum at the client"
	differs 'incorrect|bad udp cksum|wrong' "$(cat /tmp/s3.txt /tmp/c0.txt)"
}

@both "checksums survive when a device is to complete them" {
	# veth carries unfinished checksums across; the last hop's software must find the pseudo header right.
	in_ns s3 ethtool -K e0 rx off >/dev/null 2>&1 || true
	checksums_are_right
	in_ns s3 ethtool -K e0 rx on >/dev/null 2>&1 || true
	at_least 2 "$(grep -c 'udp' /tmp/c0.txt)" "datagrams at the client"
}

@both "a reply is routed as a packet of the virtual address" {
	# A rule that applies to the virtual address alone sends the replies to nowhere; without it they arrive.
	local ip=(ip "-$FAM" -n director)
	udp_service 53 rr
	"${ip[@]}" rule add from "$VIP_RAW" lookup 100 pref 10
	"${ip[@]}" route add blackhole default table 100
	run in_ns client "$PEER" udp "$VIP_RAW" 53 1
	"${ip[@]}" rule del pref 10
	"${ip[@]}" route flush table 100
	equal timeout "$output"
	run in_ns client "$PEER" udp "$VIP_RAW" 53 1
	equal 0 "$status"
}

@both "a service whose port nobody serves answers with the server's refusal" {
	service 80 rr 9
	run in_ns client curl -sS --max-time 5 "http://$VIP:80/"
	equal 7 "$status"
	# At once, not after a time-out.
	matches 'after 1?[0-9]{1,3} ms' "$output"
}

@both "packets to other ports of the virtual address stay with the director" {
	service 80 rr
	in_ns director "$PEER" serve 81 here
	conn_open other "$VIP_RAW" 81
	matches "^here $CIP_RAW " "$(conn_say other hello)"
	conn_say other @close
	stop_traffic serve
}
