# SPDX-License-Identifier: GPL-2.0-only
# Netlink requests and the answers they should get. One client serves all requests of a test, because starting one
# takes long in an emulated machine: genl_open in setup(), then genl and genl_table.

genl_open() {
	# The client must not hold the descriptor whose end bats waits for.
	coproc GENL { exec 3>&-; in_ns "${GENL_NS:-director}" python3 -S "$TREE/tests/tools/genl.py" -; }
	# Descriptors of a coproc are not for subshells, where most answers are read; copies are.
	exec 7>&"${GENL[1]}" 8<&"${GENL[0]}"
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
