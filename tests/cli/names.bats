#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only
# Names: looked up once, given up after a time-out, never with -n. A name server of
# the test's own, in a network namespace, counts what it is asked.
load cli

# Runs a script in namespaces where /etc/resolv.conf names $SERVER_SCRIPT's server.
with_name_server() {
	local mode=$1 script=$2

	export mode script queries=$BATS_TEST_TMPDIR/queries dir=$BATS_TEST_TMPDIR
	: > "$queries"
	cat > "$dir/server.py" <<- 'END'
		# Answers reverse look-ups of 10.0.0.N by hostN.example, or nothing if silent.
		import os, socket, struct
		s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
		s.bind(("127.0.0.1", 53))
		open(os.environ["dir"] + "/ready", "w").close()
		def label(name): return b"".join(bytes([len(p)]) + p.encode() for p in name.split(".")) + b"\0"
		while True:
		    q, peer = s.recvfrom(4096)
		    i, parts = 12, []
		    while q[i]:
		        parts.append(q[i + 1:i + 1 + q[i]].decode()); i += 1 + q[i]
		    kind = struct.unpack(">H", q[i + 1:i + 3])[0]
		    name = ".".join(parts)
		    with open(os.environ["queries"], "a") as f: f.write("%s\n" % name)
		    if os.environ["mode"] == "silent": continue
		    question = q[12:i + 5]
		    if kind == 12 and name.endswith("in-addr.arpa"):
		        data = label("host%s.a-rather-long-domain.example" % parts[0])
		    elif kind == 1 and parts[0].startswith("host"):
		        data = bytes([10, 0, 0, int(parts[0][4:])])
		    else:
		        s.sendto(q[:2] + b"\x81\x83\0\1\0\0\0\0\0\0" + question, peer); continue
		    s.sendto(q[:2] + b"\x81\x80\0\1\0\1\0\0\0\0" + question + b"\xc0\x0c" +
		             struct.pack(">HHIH", kind, 1, 60, len(data)) + data, peer)
	END
	echo 'nameserver 127.0.0.1' > "$dir/resolv.conf"
	echo 'options timeout:3 attempts:1' >> "$dir/resolv.conf"
	echo 'hosts: dns' > "$dir/nsswitch.conf"
	echo 'services: files' >> "$dir/nsswitch.conf"
	# shellcheck disable=SC2016
	unshare -rmn bash -euc '
		ip link set lo up
		mount --bind "$dir/resolv.conf" "$(readlink -f /etc/resolv.conf)"
		mount --bind "$dir/nsswitch.conf" /etc/nsswitch.conf
		python3 "$dir/server.py" & server=$!
		trap "kill $server" EXIT
		until [ -e "$dir/ready" ]; do kill -0 $server; done
		eval "$script"'
}

table() {
	local i

	for i in 1 2 3; do
		echo "service af=2 protocol=6 addr=10.0.0.1 port=$((8000 + i)) sched=rr"
		echo "dest af=2 addr=10.0.0.2 port=80"
		echo "dest af=2 addr=10.0.0.3 port=80"
	done > "$IPVS_REPLAY"
}

@test "each address is looked up once in a run" {
	table
	# shellcheck disable=SC2016
	with_name_server answering 'ipvsadm -L > "$dir/list"; ipvsadm -L -n > "$dir/numbers"'
	grep -q 'host2.a-rather-long-domain' "$BATS_TEST_TMPDIR/list"
	[ "$(grep -c arpa "$BATS_TEST_TMPDIR/queries")" = 3 ]
	[ "$(sort "$BATS_TEST_TMPDIR/queries" | uniq -d)" = "" ]
}

@test "with -n nothing is asked" {
	table
	with_name_server answering 'ipvsadm -L -n; ipvsadm -S -n; ipvsadm -L -n --json; ipvsadm -L -n --stats' > /dev/null
	[ ! -s "$BATS_TEST_TMPDIR/queries" ]
}

@test "rows are cut at their column, but not with --wide" {
	table
	with_name_server answering 'ipvsadm -L -t 10.0.0.1:8001; ipvsadm -L --wide -t 10.0.0.1:8001' |
		sed 's/ *$//' > "$BATS_TEST_TMPDIR/list"
	diff - "$BATS_TEST_TMPDIR/list" <<- 'END'
		Prot LocalAddress:Port Scheduler Flags
		  -> RemoteAddress:Port           Forward Weight ActiveConn InActConn
		TCP  host1.a-rather-long-domain.e rr
		  -> host2.a-rather-long-domain.e Masq    0      0          0
		  -> host3.a-rather-long-domain.e Masq    0      0          0
		Prot LocalAddress:Port Scheduler Flags
		  -> RemoteAddress:Port           Forward Weight ActiveConn InActConn
		TCP  host1.a-rather-long-domain.example:8001 rr
		  -> host2.a-rather-long-domain.example:http Masq    0      0          0
		  -> host3.a-rather-long-domain.example:http Masq    0      0          0
	END
}

@test "names that read back are saved, and read back" {
	table
	# shellcheck disable=SC2016
	with_name_server answering 'ipvsadm -S > "$dir/rules"; ipvsadm --apply "$dir/rules" --dry-run > "$dir/diff"
		ipvsadm -L --json > "$dir/json"'
	grep -qx -- '-A -t host1.a-rather-long-domain.example:8001 -s rr' "$BATS_TEST_TMPDIR/rules"
	[ ! -s "$BATS_TEST_TMPDIR/diff" ]
	grep -q '"address":"10.0.0.1","port":8001,"host_name":"host1.a-rather-long-domain.example"' "$BATS_TEST_TMPDIR/json"
}

@test "a name server that does not answer is waited for once" {
	table
	SECONDS=0
	# shellcheck disable=SC2016
	with_name_server silent 'ipvsadm -L > "$dir/list"; ipvsadm -L -n > "$dir/numbers"'
	[ $SECONDS -lt 9 ]
	[ "$(sort -u "$BATS_TEST_TMPDIR/queries" | wc -l)" = 1 ]
	grep -q '10.0.0.3:http' "$BATS_TEST_TMPDIR/list"
}
