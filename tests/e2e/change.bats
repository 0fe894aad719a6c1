#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only
# Changing the rules while connections are open: quiescing, removal, revival, nobody left, editing under traffic.

setup_file() {
	. "$TREE/tests/lib/e2e.bash"
	topo
	peers_start
}
teardown_file() { . "$TREE/tests/lib/e2e.bash"; topo_down; }
setup() { . "$TREE/tests/lib/e2e.bash"; }
teardown() { adm -C; stop_traffic open; }

@both "weight 0 quiesces: open connections go on, new ones go elsewhere" {
	service 80 rr 7000
	conn_open a "$VIP_RAW" 80
	matches '^s3 ' "$(conn_say a before)"
	adm -e -t "$VIP:80" -r "${RS[3]}:7000" -m -w 0
	matches '^s3 .* after$' "$(conn_say a after)"
	in_ns client "$PEER" hold "$VIP_RAW" 80 6 > /tmp/held
	equal "s1:3 s2:3" "$(names < /tmp/held)"
	matches '^s3 ' "$(conn_say a still)"
	stop_traffic hold
	conn_say a @close
}

@both "a removed server is silent; added again, its connection goes on" {
	service 80 rr 7000
	WAIT_MS=1000 conn_open a "$VIP_RAW" 80
	matches '^s3 ' "$(conn_say a before)"
	adm -d -t "$VIP:80" -r "${RS[3]}:7000"
	run conn_say a lost
	equal timeout "$output"
	adm -a -t "$VIP:80" -r "${RS[3]}:7000" -m -w 1
	# The client's own retransmission brings the line over.
	wait_for 15 has_text '^s3 .* lost$' conn_say a @read
	matches '^s3 .* again$' "$(conn_say a again)"
	equal "0 0 1" "$(column 5)"
	# it is the same server, with what it had counted
	wait_for 5 is_equal "0 0 1" column 3 --stats
	conn_say a @close
}

@both "a removed service lets go of its connections; added again, they go on" {
	service 80 rr 7000
	adm -A -t "$VIP:81" -s rr
	WAIT_MS=1000 conn_open a "$VIP_RAW" 80
	matches '^s3 ' "$(conn_say a before)"
	adm -D -t "$VIP:80"
	run conn_say a lost
	equal timeout "$output"
	service 80 rr 7000
	wait_for 15 has_text '^s3 .* lost$' conn_say a @read
	conn_say a @close
}

@both "without a server the client is refused at once" {
	adm -A -t "$VIP:80" -s rr
	run conn_open refused "$VIP_RAW" 80
	equal ECONNREFUSED "$output"
	service 81 wlc
	adm -R <<-RULES
		-e -t $VIP:81 -r ${RS[1]}:8080 -m -w 0
		-e -t $VIP:81 -r ${RS[2]}:8080 -m -w 0
		-e -t $VIP:81 -r ${RS[3]}:8080 -m -w 0
	RULES
	run conn_open refused "$VIP_RAW" 81
	equal ECONNREFUSED "$output"
	udp_service 53 rr
	adm -R <<-RULES
		-d -u $VIP:53 -r ${RS[1]}:7000
		-d -u $VIP:53 -r ${RS[2]}:7000
		-d -u $VIP:53 -r ${RS[3]}:7000
	RULES
	run in_ns client "$PEER" udp "$VIP_RAW" 53 1
	equal ECONNREFUSED "$output"
}

@both "scheduler and weights change under traffic" {
	local i
	service 80 rr 7000
	in_ns client "$PEER" storm "$VIP_RAW" 80
	for i in 1 2 3 4 5; do
		cat <<-RULES
			-E -t $VIP:80 -s wlc
			-e -t $VIP:80 -r ${RS[1]}:7000 -m -w $i
			-E -t $VIP:80 -s rr
			-d -t $VIP:80 -r ${RS[2]}:7000
			-a -t $VIP:80 -r ${RS[2]}:7000 -m -w $i
		RULES
	done | adm -R
	stop_traffic storm
	equal "5 5 1" "$(column 4)"
	matches "^TCP +\\S+ rr" "$(adm -Ln)"
	in_ns client "$PEER" hold "$VIP_RAW" 80 6 > /tmp/held
	equal "s1:2 s2:2 s3:2" "$(names < /tmp/held)"
	stop_traffic hold
}

@both "a server added twice and one removed twice are errors that change nothing" {
	service 80 rr
	before=$(adm -Sn)
	run adm -a -t "$VIP:80" -r "${RS[1]}:8080" -m -w 7
	equal 255 "$status"
	run adm -A -t "$VIP:80" -s wlc
	equal 255 "$status"
	run adm -d -t "$VIP:80" -r "${RS[1]}:9999"
	equal 255 "$status"
	run adm -D -t "$VIP:99"
	equal 255 "$status"
	same_text "$before" "$(adm -Sn)"
}

@both "a threshold takes effect at once, and so does its end" {
	service 80 rr 7000
	in_ns client "$PEER" hold "$VIP_RAW" 80 3 > /tmp/held
	equal "s1:1 s2:1 s3:1" "$(names < /tmp/held)"
	adm -e -t "$VIP:80" -r "${RS[1]}:7000" -m -w 1 -x 1
	in_ns client "$PEER" hold "$VIP_RAW" 80 4 > /tmp/held
	equal "s2:2 s3:2" "$(names < /tmp/held)"
	adm -e -t "$VIP:80" -r "${RS[1]}:7000" -m -w 1
	in_ns client "$PEER" hold "$VIP_RAW" 80 3 > /tmp/held
	equal "s1:1 s2:1 s3:1" "$(names < /tmp/held)"
	stop_traffic hold
}

@both "scheduler, flags and timeout change and an open connection does not notice" {
	service 80 rr 7000
	conn_open a "$VIP_RAW" 80
	matches '^s3 ' "$(conn_say a before)"
	adm -E -t "$VIP:80" -s wlc -p 100
	matches '^s3 .* persistent$' "$(conn_say a persistent)"
	adm -E -t "$VIP:80" -s none
	matches '^s3 .* none$' "$(conn_say a none)"
	adm -E -t "$VIP:80" -s rr
	matches '^s3 .* again$' "$(conn_say a again)"
	matches '^TCP +\S+:80 rr *$' "$(adm -Ln)"
	conn_say a @close
}

@both "zeroing starts the counters of one service again, and then of all" {
	udp_service 80 rr
	udp_service 81 rr
	in_ns client "$PEER" udp "$VIP_RAW" 80 3
	in_ns client "$PEER" udp "$VIP_RAW" 81 1
	wait_for 10 has_text '^UDP +\S+:80 +3 ' adm -Ln --stats
	wait_for 10 has_text '^UDP +\S+:81 +1 ' adm -Ln --stats
	adm -Z -u "$VIP:80"
	matches '^UDP +\S+:80 +0 ' "$(adm -Ln --stats)"
	matches '^UDP +\S+:81 +1 ' "$(adm -Ln --stats)"
	adm -Z
	matches '^UDP +\S+:81 +0 ' "$(adm -Ln --stats)"
	matches '^ +0 ' "$(sed -n 3p <(in_ns director cat /proc/net/ip_vs_stats))"
}

# server_of PORT: where the client's connection from that port goes
server_of() { adm -Lnc | awk -v c="$CIP:$1" '$4 == c { print $6 }'; }

@both "UDP leaves a removed server for another one; with move_flows 0 it waits for its return" {
	[ "$MODULES" = ours ] || return 0	# upstream's is that of 0
	udp_service 53 rr
	matches '^s3 ' "$(in_ns client "$PEER" udp "$VIP_RAW" 53 1 4501)"
	matches '^s2 ' "$(in_ns client "$PEER" udp "$VIP_RAW" 53 1 4502)"
	adm -d -u "$VIP:53" -r "${RS[3]}:7000"
	matches '^s1 ' "$(in_ns client "$PEER" udp "$VIP_RAW" 53 1 4501)"
	knob move_flows 0
	adm -d -u "$VIP:53" -r "${RS[2]}:7000"
	in_ns client timeout 1 "$PEER" udp "$VIP_RAW" 53 1 4502 || status=$?
	knob move_flows 1
	equal 124 "$status"
	# without another server there is nowhere to go
	adm -d -u "$VIP:53" -r "${RS[1]}:7000"
	fails 124 in_ns client timeout 1 "$PEER" udp "$VIP_RAW" 53 1 4501
}

@both "UDP stays with a quiesced server, unless move_flows is 2" {
	udp_service 53 rr
	in_ns client "$PEER" udp "$VIP_RAW" 53 1 4503
	adm -e -u "$VIP:53" -r "${RS[3]}:7000" -m -w 0
	matches '^s3 ' "$(in_ns client "$PEER" udp "$VIP_RAW" 53 1 4503)"
	[ "$MODULES" = ours ] || return 0
	knob move_flows 2
	out=$(in_ns client "$PEER" udp "$VIP_RAW" 53 2 4503 | names)
	knob move_flows 1
	equal "s2:2" "$out"
}

@both "a SYN does not go to a quiesced server, whatever was there before" {
	[ "$MODULES" = ours ] || return 0
	service 82 rr 7000
	equal open "$(conn_open quiesced "$VIP_RAW" 82 4504)"
	matches '^s3 ' "$(conn_say quiesced hello)"
	adm -e -t "$VIP:82" -r "${RS[3]}:7000" -m -w 0
	matches '^s3 ' "$(conn_say quiesced again)"
	in_ns client "$PEER" forge syn "$CIP_RAW" 4504 "$VIP_RAW" 82 1
	wait_for 5 is_equal "${RS[2]}:7000" server_of 4504
}

@both "an applied file leaves alone the connections and counters of what stays" {
	[ "$IPVSADM" != /usr/sbin/ipvsadm ] || skip "1.31 has no --apply"
	local server=${RS[3]} rest
	service 80 rr 7000
	conn_open a "$VIP_RAW" 80
	matches '^s3 ' "$(conn_say a before)"
	adm -Sn > /tmp/rules
	equal "" "$(adm --apply /tmp/rules --dry-run)"
	rest=$(grep -vF -- "-r $server:7000" /tmp/rules)
	printf '%s\n' "$rest" "-a -t $VIP:80 -r $server:7000 -m -w 9" "-A -f 9 -s rr" > /tmp/rules
	equal "-A -f 9 -s rr
-e -t $VIP:80 -r $server:7000 -m -w 9" "$(adm --apply /tmp/rules --dry-run | sort)"
	adm --apply /tmp/rules
	equal "" "$(adm --apply /tmp/rules --dry-run)"
	adm -Ln --json > /tmp/json
	equal "" "$(adm --apply /tmp/json --dry-run)"
	matches '^s3 .* after$' "$(conn_say a after)"
	wait_for 5 has_text '^TCP +\S+:80 +1 ' adm -Ln --stats
	conn_say a @close
}
