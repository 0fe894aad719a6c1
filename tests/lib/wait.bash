# SPDX-License-Identifier: GPL-2.0-only
# Waiting for conditions. Nothing in the suites sleeps and hopes.

# A twentieth of a second without starting a program, which would take longer in an emulated machine.
pause() { read -rt 0.05 _ <> <(:) || true; }

# wait_for SECONDS COMMAND...: repeat until the command succeeds; fail, with its last output, at the deadline.
wait_for() {
	local end=$((SECONDS + $1)) out
	shift
	while ! out=$("$@" 2>&1); do
		if [ "$SECONDS" -ge "$end" ]; then
			printf 'gave up waiting for: %s\n%s\n' "$*" "$out" >&2
			return 1
		fi
		pause
	done
}

# is_equal EXPECTED COMMAND...: for wait_for; does the command print exactly this?
is_equal() {
	local want=$1 got
	shift
	got=$("$@") || return
	[ "$got" = "$want" ] || { printf 'is: %s\nnot: %s\n' "$got" "$want"; return 1; }
}

# has_text PATTERN COMMAND...: for wait_for; does the command print a line that matches?
has_text() {
	local pattern=$1 got
	shift
	got=$("$@") || return
	grep -qE -- "$pattern" <<< "$got" || { printf '%s\n' "$got"; return 1; }
}
lacks_text() { ! has_text "$@" >/dev/null; }
