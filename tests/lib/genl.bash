# SPDX-License-Identifier: GPL-2.0-only
# Netlink requests and the answers they should get, as tables.

genl() { in_ns "${GENL_NS:-director}" python3 -S "$TREE/tests/tools/genl.py" "$@"; }

# genl_table: stdin has lines "ANSWER | REQUEST"; ANSWER is the name of an errno or OK. All requests go over one socket.
genl_table() {
	local want got
	want=$(sed -E '/^\s*(#|$)/d; s/^\s*//; s/\s*\|\s*/ | /')
	got=$(sed -E 's/^.* \| //' <<< "$want" | genl - | awk '
		/^> / { request = substr($0, 3); next }
		request != "" { sub(/:.*/, "", $1); print $1 " | " request; request = "" }')
	same_text "$(tr -s ' ' <<< "$want")" "$got" "answers (wanted, given)"
}
