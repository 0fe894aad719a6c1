# SPDX-License-Identifier: GPL-2.0-only
# Netlink requests and the answers they should get. One client serves all requests of a suite, because starting one
# takes long in an emulated machine: genl_open in setup(), then genl and genl_table.

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

genl_open() {
	client_start genl "${GENL_NS:-director}"
	exec 7<> "$CLIENT/in" 8<> "$CLIENT/out"
	# what a test that failed did not wait for
	while IFS= read -t 0.01 -r _ <&8; do :; done
}

# genl COMMAND [WORD...]: one request; prints the answer, fails if it is an error.
genl() {
	local first='' line
	echo "$*" >&7
	while IFS= read -t 30 -r line <&8 && [ "$line" != . ]; do
		first=${first:-$line}
		printf '%s\n' "$line"
	done
	[[ $first = OK* ]]
}

# genl_table: stdin has lines "ANSWER | REQUEST"; ANSWER is the name of an errno or OK.
genl_table() {
	local want request got bad=0
	while IFS='|' read -r want request; do
		want=${want//[[:space:]]/}
		[ -n "$want" ] || continue
		# shellcheck disable=SC2086
		got=$(genl $request || true)
		got=${got%%[: $'\n']*}
		[ "$got" = "$want" ] || { echo "wanted $want, but was $got:$request"; bad=1; }
	done
	return $bad
}
