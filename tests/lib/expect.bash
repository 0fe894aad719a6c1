# SPDX-License-Identifier: GPL-2.0-only
# Assertions that say what they saw.

equal() {	# EXPECTED ACTUAL [WHAT]
	[ "$1" = "$2" ] && return
	printf '%s\nexpected: %s\nbut was:  %s\n' "${3:-values differ}" "$1" "$2" >&2
	return 1
}

matches() {	# PATTERN TEXT
	grep -qE -- "$1" <<< "$2" && return
	printf 'no line matches: %s\nin:\n%s\n' "$1" "$2" >&2
	return 1
}

differs() {	# PATTERN TEXT: no line matches
	! grep -nE -- "$1" <<< "$2" && return
	printf 'a line matches: %s\n' "$1" >&2
	return 1
}

at_least() {	# NUMBER ACTUAL [WHAT]
	[ "$2" -ge "$1" ] && return
	printf '%s: expected at least %s, but was %s\n' "${3:-value}" "$1" "$2" >&2
	return 1
}

at_most() {	# NUMBER ACTUAL [WHAT]
	[ "$2" -le "$1" ] && return
	printf '%s: expected at most %s, but was %s\n' "${3:-value}" "$1" "$2" >&2
	return 1
}

fails() {	# STATUS COMMAND...
	local want=$1 rc=0
	shift
	"$@" || rc=$?
	equal "$want" "$rc" "status of: $*"
}

# A listing that should be the same in two situations; shows the difference.
same_text() {	# EXPECTED ACTUAL [WHAT]
	[ "$1" = "$2" ] && return
	printf '%s:\n' "${3:-texts differ}" >&2
	diff <(printf '%s\n' "$1") <(printf '%s\n' "$2") >&2
	return 1
}
