#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only
# FTP through masquerading with its helper: real servers (vsftpd) and clients (curl, lftp), and a server with odd habits.

setup_file() {
	. "$TREE/tests/lib/e2e.bash"
	topo
	vsftpd_start
	# a server in s1 that cuts its answers into pieces, one in s2 that announces another address than its own
	"$PEER" in s1 python3 -S "$TREE/tests/tools/ftp.py" serve 2001 odd split=9 3>&- &
	"$PEER" in s2 python3 -S "$TREE/tests/tools/ftp.py" serve 2002 odd again=2 3>&- &
	wait_for 60 listening s1 2001
	wait_for 60 listening s2 2002
}
teardown_file() { . "$TREE/tests/lib/e2e.bash"; topo_down; }
setup() {
	. "$TREE/tests/lib/e2e.bash"
	modprobe ip_vs_ftp ports=21,2121
}
teardown() {
	in_ns director nft delete table inet marks 2>/dev/null || true
	in_ns client nft delete table inet lossy 2>/dev/null || true
	in_ns director nft delete table inet track 2>/dev/null || true
	in_ns director sysctl -qw net.ipv4.vs.conntrack=0
	adm -C
}

listening() { in_ns "$1" ss -Hltn "sport = :$2" | grep -q .; }

# vsftpd on port 21 of each server, for both families; the file "name" tells which one it is.
vsftpd_start() {
	local s dir
	for s in s1 s2 s3; do
		dir=/tmp/ftp/$s
		mkdir -p "$dir/root" "$dir/empty"
		echo $s > "$dir/root/name"
		cat > "$dir/conf" <<-CONF
			listen=NO
			listen_ipv6=YES
			background=YES
			anonymous_enable=YES
			no_anon_password=YES
			anon_root=$dir/root
			connect_from_port_20=YES
			secure_chroot_dir=$dir/empty
			seccomp_sandbox=NO
			isolate=NO
			isolate_network=NO
			one_process_model=YES
			xferlog_enable=NO
		CONF
		in_ns $s /usr/sbin/vsftpd "$dir/conf" 3>&-
	done
	for s in s1 s2 s3; do wait_for 60 listening $s 21; done
}

# ftp_service [OPTIONS [RPORT [SERVER...]]]: port 21 of the VIP
ftp_service() {
	local i options=${1:-} rport=${2:-21}
	shift $(($# < 2 ? $# : 2))
	[ $# -gt 0 ] || set -- 1 2 3
	{
		echo "-A -t $VIP:21 -s rr $options"
		for i in "$@"; do echo "-a -t $VIP:21 -r ${RS[i]}:$rport -m"; done
	} | adm -R
}

get() { in_ns client curl -sS --max-time 60 "$@" "ftp://$VIP/name"; }
# shown COMMAND...: lines of what client and server say to each other
spoken() { get -v "$@" 2>&1 | tr -d '\r'; }
talk() { in_ns client python3 -S "$TREE/tests/tools/ftp.py" talk "$VIP_RAW" 21; }

# Data connections to a server that wait for a client
listening_for() { in_ns director grep -c "$1 .* LISTEN" /proc/net/ip_vs_conn || true; }

# The address as the answer to PASV says it
numbers() { tr . , <<< "$VIP_RAW"; }

@test "ports are chosen by a parameter, 8 at most" {
	ip netns add other
	rmmod ip_vs_ftp
	modprobe ip_vs_ftp ports=21,2121
	equal $'prot port    usecnt name\nTCP  2121    0      ftp              \nTCP  21      0      ftp              ' \
		"$(in_ns other cat /proc/net/ip_vs_app)"
	rmmod ip_vs_ftp
	fails 1 modprobe ip_vs_ftp ports=1,2,3,4,5,6,7,8,9
	modprobe ip_vs_ftp ports=21,21 || true
	equal "" "$(modules_loaded | grep ftp)"
	equal 'prot port    usecnt name' "$(in_ns other cat /proc/net/ip_vs_app)"
	modprobe ip_vs_ftp ports=0
	equal 'prot port    usecnt name' "$(in_ns other cat /proc/net/ip_vs_app)"
	ip netns del other
	rmmod ip_vs_ftp
}

@both "files are fetched, whoever opens the data connection and however that is arranged" {
	local out
	ftp_service
	equal "s3" "$(get)" "EPSV"
	equal "s2" "$(get --ftp-port -)" "EPRT"
	if [ "$FAM" = 4 ]; then
		out=$(spoken --disable-epsv)
		matches '^s1$' "$out"
		matches "^< 227 .*\($(numbers),[0-9]+,[0-9]+\)" "$out"
		equal "s3" "$(get --disable-eprt --ftp-port -)" "PORT"
	fi
}

@both "data connections are listed, those of passive clients with the port that they came from" {
	local list
	ftp_service "" 21 1
	get > /dev/null
	get --ftp-port - > /dev/null
	list=$(in_ns director awk 'NR > 1 && $3 != "0000" { print $5, $7, $8 }' /proc/net/ip_vs_conn)
	matches '^0014 0014 ' "$list"
	matches '^([0-9A-F]{4}) \1 ' "$(grep -v '^001[45] ' <<< "$list")"
}

@both "a session goes on after an answer was changed" {
	local dir
	ftp_service "" 21 2
	dir=$(in_ns client lftp -c "set net:timeout 15; set net:max-retries 2; set ftp:prefer-epsv no
		open ftp://$VIP; cat name; cat name; set ftp:passive-mode no; cat name; set ftp:passive-mode yes; cat name; pwd")
	equal "s2 s2 s2 s2" "$(grep -v ftp: <<< "$dir" | xargs)"
}

@both "the clients of a persistent service stay with their server for data, too" {
	ftp_service "-p 100"
	equal "s3 s3 s3" "$(for i in 1 2 3; do get; done | xargs)"
	equal "s3" "$(get --ftp-port -)"
}

@both "a service by mark is helped" {
	local i
	in_ns director nft "add table inet marks { chain c { type filter hook prerouting priority -150;
		tcp dport 21 meta mark set 21; }; }"
	{
		echo "-A -f 21 -s rr $([ "$FAM" = 4 ] || echo -6)"
		for i in 1 2 3; do echo "-a -f 21 $([ "$FAM" = 4 ] || echo -6) -r ${RS[i]}:21 -m"; done
	} | adm -R
	equal "s3" "$(get)"
	equal "s2" "$(get --ftp-port -)"
}

@test "another port is helped if it was chosen" {
	family 4
	adm -A -t "$VIP:2121" -s rr
	adm -a -t "$VIP:2121" -r "${RS[2]}:21" -m
	equal "s2" "$(in_ns client curl -sS --max-time 60 --disable-epsv "ftp://$VIP:2121/name")"
	equal "s2" "$(in_ns client curl -sS --max-time 60 --ftp-port - "ftp://$VIP:2121/name")"
}

# Packets of FTP that connection tracking thinks are not of their connection
invalid() { in_ns director nft list counters table inet track | awk '$1 == "packets" { n += $2 } END { print n + 0 }'; }

@both "connection tracking follows control and data connections, also behind answers that were changed" {
	local out
	in_ns director sysctl -qw net.ipv4.vs.conntrack=1
	in_ns director nft -f - <<-'NFT'
		table inet track {
			counter strange { }
			chain before { type filter hook prerouting priority 0; ct state invalid counter name strange; }
			chain through { type filter hook forward priority 0; ct state invalid counter name strange; }
		}
	NFT
	ftp_service "" 21 2
	equal "s2" "$(get)" "EPSV"
	equal "s2" "$(get --ftp-port -)" "EPRT"
	out=$(in_ns client lftp -c "set net:timeout 15; set net:max-retries 2; set ftp:prefer-epsv no
		open ftp://$VIP; cat name; cat name; set ftp:passive-mode no; cat name; set ftp:passive-mode yes; cat name")
	equal "s2 s2 s2 s2" "$(grep -v ftp: <<< "$out" | xargs)"
	equal 0 "$(invalid)" "invalid packets"
}

@both "data connections are related to their control connection, for rules that ask connection tracking" {
	[ "$MODULES" = ours ] || return 0	# upstream needs nf_conntrack_ftp for it
	knob conntrack 1
	in_ns director nft -f - <<-'NFT'
		table inet track {
			chain in { type filter hook input priority 0; iif dc tcp dport != 21 ct state new reject with tcp reset; }
			chain through { type filter hook forward priority 0; iif != dc ct state new reject with tcp reset; }
		}
	NFT
	ftp_service "" 21 2
	equal "s2" "$(get)" "EPSV"
	equal "s2" "$(get --ftp-port -)" "EPRT"
	[ "$FAM" = 6 ] || equal "s2" "$(get --disable-epsv)" "PASV"
}

@test "an answer that nobody asked for makes no connection, and does not name the server" {
	family 4
	local before
	ftp_service "" 2001 1
	before=$(listening_for 0A020102)
	out=$(printf '%s\n' "USER anonymous" "HINT" "EHINT" "NOOP" | talk)
	matches '^227 ' "$out"
	matches '^229 ' "$out"
	[ "$MODULES" = stock ] || differs '10,2,1,2,' "$out"
	equal "$before" "$(listening_for 0A020102)"
}

@test "the helper is listed with its connections, and stays loaded while it has any" {
	family 4
	ftp_service "" 21 1
	# "--max-time" ends the client, not the connection
	(echo "USER anonymous"; echo "PASV"; echo "NOOP") | talk > /dev/null
	matches '^TCP  21      [1-9][0-9]* +ftp              $' "$(in_ns director cat /proc/net/ip_vs_app)"
	run rmmod ip_vs_ftp
	matches 'in use' "$output"
}

# A client that loses answers gets them again: more than one segment a second from the server's port is lost.
lossy() {
	in_ns client nft "add table inet lossy { chain c { type filter hook prerouting priority 0;
		tcp sport 21 tcp flags & (psh | syn) == psh limit rate over 2/second burst 1 packets drop; }; }"
}

@test "an answer that is lost is told anew as the client got it" {
	[ "$MODULES" = ours ] || skip "upstream tells it anew as the server sent it"
	family 4
	ftp_service "" 21 1
	lossy
	capture client c0 told "tcp src port 21"
	equal "s1" "$(get --disable-epsv)"
	captured told > /dev/null
	equal "$(numbers)" "$(strings -n 8 /tmp/told.pcap | grep -oE '[(][0-9]+(,[0-9]+){3}' | tr -d '(' | sort -u)"
}

@test "an answer in pieces never leaves as the server sent it" {
	[ "$MODULES" = ours ] || skip "upstream lets it pass"
	family 4
	ftp_service "" 2001 1
	capture client c0 told "tcp src port 21"
	equal "odd" "$(get --disable-epsv)"
	equal "odd" "$(get)"
	captured told > /dev/null
	differs '10,2,1,2' "$(strings -n 4 /tmp/told.pcap)"
	matches "$(numbers)" "$(strings -n 4 /tmp/told.pcap)"
}

@test "commands in pieces are understood" {
	[ "$MODULES" = ours ] || skip "upstream reads whole segments"
	family 4
	ftp_service "" 21 2
	out=$(printf '%s\n' "USER anonymous" "+3 PASV" "+1 EPSV" "NOOP" | talk)
	matches "^227 .*\($(numbers)," "$out"
	matches '^229 ' "$out"
	matches '^200 ' "$out"
	equal 2 "$(listening_for 0A020202)"
}

@test "of several answers to one command only the first makes a connection" {
	[ "$MODULES" = ours ] || skip "upstream leaves the rest of the segment as it is"
	family 4
	ftp_service "" 2002 2
	before=$(listening_for 0A020202)
	out=$(printf '%s\n' "USER anonymous" "PASV" "NOOP" | talk)
	matches "^227 .*\($(numbers)," "$(head -n 3 <<< "$out")"
	equal $((before + 1)) "$(listening_for 0A020202)"
}

@test "two servers that wait at the same port for one client get ports of their own" {
	[ "$MODULES" = ours ] || skip "upstream sends both to the first server"
	family 4
	local i
	for i in 1 2; do
		in_ns s$i bash -c 'echo 40000 40000 > /proc/sys/net/ipv4/ip_local_port_range'
	done
	ftp_service "" 21 1 2
	out=$(for i in 1 2; do printf '%s\n' "USER anonymous" "PASV" | talk; done | grep '^227' | sort -u)
	for i in 1 2; do
		in_ns s$i bash -c 'echo 32768 60999 > /proc/sys/net/ipv4/ip_local_port_range'
	done
	equal 2 "$(wc -l <<< "$out")"
}

@test "port 20 of a client is like any other, but where FTP is served" {
	[ "$MODULES" = ours ] || skip "upstream serves no client from port 20"
	family 4
	ftp_service "" 21 1
	service 80 rr 21
	fails 7 in_ns client curl -sS -m 20 --local-port 20 "telnet://$VIP:21" < /dev/null
	matches '^220' "$(in_ns client curl -sS -m 20 --local-port 20 "telnet://$VIP:80" < /dev/null 2>&1)"
}
