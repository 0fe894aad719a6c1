# SPDX-License-Identifier: GPL-2.0-only
# Netlink requests and socket options, and the answers they should get. One client of each kind serves all requests of
# a suite, because starting one takes long in an emulated machine: genl_open or so_open in setup(), then genl and
# genl_table, so and so_table. Single frames, and where they arrive, in the same way: wire_open, wire and wire_table.

# client_start TOOL NAMESPACE: a client of that kind, in $CLIENT. It lives as long as its namespace; topo_down ends both.
client_start() {
	local pid
	CLIENT=/tmp/client.$1.$2
	pid=$(cat "$CLIENT/pid" 2>/dev/null) || true
	if [ -z "$pid" ] || ! [ "/proc/$pid/ns/net" -ef "/run/netns/$2" ]; then
		rm -rf "$CLIENT"
		mkdir "$CLIENT"
		mkfifo "$CLIENT/in" "$CLIENT/out"
		# It must not hold the descriptor whose end bats waits for, nor those of another client.
		"$PEER" in "$2" python3 -S "$TREE/tests/tools/$1.py" - 0<> "$CLIENT/in" 1<> "$CLIENT/out" 2> "$CLIENT/errors" \
			3>&- 5>&- 6>&- 7>&- 8>&- &
		echo $! > "$CLIENT/pid"
	fi
}

# client_ask IN OUT WORD...: one request through these descriptors; prints the answer, fails if it is an error. The
# shell reads byte by byte from a pipe, so what is long it leaves to sed.
client_ask() {
	local first='' line in=$1 out=$2 n=0
	shift 2
	echo "$*" >&"$in"
	while IFS= read -t 30 -r line <&"$out" && [ "$line" != . ]; do
		first=${first:-$line}
		printf '%s\n' "$line"
		[ $((++n)) -lt 4 ] || { timeout 120 sed -n '/^\.$/q;p' <&"$out"; break; }
	done
	[[ $first = OK* ]]
}

# client_table IN OUT: stdin has lines "ANSWER | REQUEST"; ANSWER is the name of an errno, or OK and perhaps what stands
# behind it. All requests are sent before the first answer is read.
client_table() {
	local want request got line i bad=0 wants=() requests=()
	while IFS='|' read -r want request; do
		read -r want <<< "$want"
		if [ -n "$want" ]; then wants+=("$want") requests+=("$request"); fi
	done
	printf '%s\n' "${requests[@]}" >&"$1"
	for i in "${!wants[@]}"; do
		got=''
		while IFS= read -t 30 -r line <&"$2" && [ "$line" != . ]; do got=${got:-$line}; done
		line=${got%%[: ]*}
		[ "$got" = "${wants[i]}" ] || [ "$line" = "${wants[i]}" ] ||
			{ echo "wanted ${wants[i]}, but was $got:${requests[i]}"; bad=1; }
	done
	return $bad
}

# What a test that failed did not wait for.
client_drain() { while IFS= read -t 0.01 -r _ <&"$1"; do :; done; }

genl_open() {
	client_start genl "${GENL_NS:-director}"
	exec 7<> "$CLIENT/in" 8<> "$CLIENT/out"
	client_drain 8
}
genl() { client_ask 7 8 "$@"; }	# COMMAND [WORD...]
genl_table() { client_table 7 8; }

so_open() {
	client_start sockopt "${SO_NS:-director}"
	exec 5<> "$CLIENT/in" 6<> "$CLIENT/out"
	client_drain 6
}
so() { client_ask 5 6 "$@"; }	# OPTION [WORD...]
so_table() { client_table 5 6; }

# wire_open: needs topo. Hosts that are to answer nothing by themselves must be told so; see wire_quiet.
wire_open() {
	client_start wire client
	exec 7<> "$CLIENT/in" 8<> "$CLIENT/out"
	client_drain 8
	wire family "${FAM:-4}" > /dev/null
}
wire() { client_ask 7 8 "$@" || true; }	# PLACE PACKET...
wire_table() { client_table 7 8; }

# wire_quiet: client and servers hear only what is sent for them by hand, and know their neighbours.
wire_quiet() {
	local n
	for n in 1 2 3; do
		in_ns director ping -qc 1 -W 5 "10.2.$n.2" > /dev/null
		in_ns director ping -qc 1 -W 5 "2001:db8:2$n::2" > /dev/null
	done
	in_ns client ping -qc 1 -W 5 10.1.0.1 > /dev/null
	in_ns client ping -qc 1 -W 5 2001:db8:1::1 > /dev/null
	for n in client s1 s2 s3; do
		in_ns $n nft 'add table inet quiet; add chain inet quiet i { type filter hook input priority 0; policy drop; }
			add rule inet quiet i icmpv6 type { nd-neighbor-solicit, nd-neighbor-advert } accept'
	done
}
