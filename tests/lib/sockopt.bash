# SPDX-License-Identifier: GPL-2.0-only
# Socket options and the answers they should get: as genl.bash, with tools/sockopt.py.

so_open() {
	client_start sockopt "${SO_NS:-director}"
	exec 5<> "$CLIENT/in" 6<> "$CLIENT/out"
	while IFS= read -t 0.01 -r _ <&6; do :; done
}

# so OPTION [WORD...]: one request; prints the answer, fails if it is an error.
so() {
	local first='' line
	echo "$*" >&5
	while IFS= read -t 30 -r line <&6 && [ "$line" != . ]; do
		first=${first:-$line}
		printf '%s\n' "$line"
	done
	[[ $first = OK* ]]
}

# so_table: stdin has lines "ANSWER | REQUEST"; ANSWER is the name of an errno, or OK and perhaps a length.
so_table() {
	local want request got bad=0
	while IFS='|' read -r want request; do
		read -r want <<< "$want"
		[ -n "$want" ] || continue
		# shellcheck disable=SC2086
		got=$(so $request || true)
		got=${got%%$'\n'*}
		[ "$got" = "$want" ] || [ "${got%% *}" = "$want" ] || { echo "wanted $want, but was $got:$request"; bad=1; }
	done
	return $bad
}
