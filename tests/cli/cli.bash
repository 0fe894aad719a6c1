# SPDX-License-Identifier: GPL-2.0-only
# Helpers of the cli tests. Each test has a table of its own, empty at first, in
# $IPVS_REPLAY; a test writes lines into it to make the kernel know something.

setup() {
	PATH=$IPVSADM_DIR:$PATH
	export IPVS_REPLAY=$BATS_TEST_TMPDIR/kernel
	: > "$IPVS_REPLAY"
	unset POSIXLY_CORRECT POSIX_ME_HARDER
}

# Runs its arguments; what they wrote to stdout and stderr goes to $out and $err, but
# the second lines of errors go to $second, without their "ipvsadm: ".
run_split() {
	local status_file=$BATS_TEST_TMPDIR/status

	set +e
	"$@" >"$BATS_TEST_TMPDIR/out" 2>"$BATS_TEST_TMPDIR/err"
	echo $? > "$status_file"
	set -e
	status=$(cat "$status_file")
	out=$(cat "$BATS_TEST_TMPDIR/out")
	err=$(grep -v '^ipvsadm: ' "$BATS_TEST_TMPDIR/err" || true)
	second=$(sed -n 's/^ipvsadm: //p' "$BATS_TEST_TMPDIR/err")
}

show() {
	echo "command: $*"
	echo "status: $status"
	echo "stdout: $out"
	echo "stderr: $err"
	echo "second: $second"
}

# expect STATUS STDERR COMMAND...: no output on stdout, exactly this on stderr.
expect() {
	local want_status=$1 want_err=$2
	shift 2
	run_split "$@"
	if [ "$status" != "$want_status" ] || [ "$err" != "$want_err" ] || [ -n "$out" ]; then
		show "$@"
		echo "wanted: $want_status $want_err"
		return 1
	fi
}

# expect_out TEXT COMMAND...: status 0, exactly this on stdout. Lines of the text may
# end in a blank and |, to show where their blanks end.
expect_out() {
	local want=${1// |$'\n'/ $'\n'}
	want=${want/% |/ }
	shift
	run_split "$@"
	if [ "$status" != 0 ] || [ "$err" != "" ] || [ "$out" != "$want" ]; then
		show "$@"
		diff <(echo "$want") <(echo "$out")
		return 1
	fi
}

# expect_second TEXT COMMAND...: these second lines on stderr, whatever the rest.
expect_second() {
	local want=$1
	shift
	run_split "$@"
	if [ "$second" != "$want" ]; then
		show "$@"
		echo "wanted: $want"
		return 1
	fi
}

# Lines "STATUS | MESSAGE | ARGUMENTS" from stdin, each run as: ipvsadm ARGUMENTS.
expect_table() {
	local status_want message args

	while IFS='|' read -r status_want message args; do
		[ -n "$status_want" ] || continue
		status_want=${status_want% }
		message=${message# }
		message=${message% }
		eval "expect $status_want \"\$message\" ipvsadm $args"
	done
}
