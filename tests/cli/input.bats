#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only
# What a file of rules may look like inside.
load cli

@test "binary junk is complained of and harms nothing" {
	local i

	ipvsadm -A -t 10.0.0.1:80 -s rr
	for i in 1 2 3; do
		head -c 100000 /dev/urandom > "$BATS_TEST_TMPDIR/junk"
		run_split ipvsadm -R < "$BATS_TEST_TMPDIR/junk"
		[ "$status" = 255 ] || [ "$status" = 2 ]
		run_split ipvsadm --apply "$BATS_TEST_TMPDIR/junk"
		[ "$status" = 2 ]
		LC_ALL=C grep -q '[^[:print:][:space:]]' <<< "$second" && return 1
		ipvsadm -S -n | grep -qx -- '-A -t 10.0.0.1:80 -s rr'
	done
}

@test "lines of megabytes are read, and cut in messages" {
	{
		printf -- '-A -t 10.0.0.1:80 -s rr'
		head -c 3000000 /dev/zero | tr '\0' ' '
		echo '-p 60'
		printf -- '-A -t '
		head -c 2000000 /dev/zero | tr '\0' x
		echo
	} > "$BATS_TEST_TMPDIR/rules"
	expect 2 "illegal virtual server address[:port] specified" ipvsadm -R < "$BATS_TEST_TMPDIR/rules"
	[ ${#second} -lt 200 ]
	[[ $second == "line 2: -A -t xxx"*" ..." ]]
	expect_out "-A -t 10.0.0.1:80 -s rr -p 60" ipvsadm -S -n
	expect 2 "illegal virtual server address[:port] specified" ipvsadm --apply "$BATS_TEST_TMPDIR/rules"
}

@test "NULs separate words" {
	expect 0 "" ipvsadm -R < <(printf -- '-A\0-t\0 10.0.0.1:80\0-s rr\0\n\0\n')
	expect_out "-A -t 10.0.0.1:80 -s rr" ipvsadm -S -n
}

@test "the last line needs no newline, and lines may end like those of DOS" {
	printf -- '# x\r\n\r\n-A -t 10.0.0.1:80 -s rr\r\n-A -t 10.0.0.1:81 -s rr' > "$BATS_TEST_TMPDIR/rules"
	expect 0 "" ipvsadm -R < "$BATS_TEST_TMPDIR/rules"
	expect_out "-A -t 10.0.0.1:80 -s rr
-A -t 10.0.0.1:81 -s rr" ipvsadm -S -n
	expect_out "" ipvsadm --apply "$BATS_TEST_TMPDIR/rules" --dry-run
	printf '{"services":[]}' > "$BATS_TEST_TMPDIR/rules"
	expect 0 "" ipvsadm --apply "$BATS_TEST_TMPDIR/rules"
	expect_out "" ipvsadm -S -n
}

@test "answers are told of the line that they belong to, however many are on their way" {
	local i

	for i in {1..400}; do
		if [ $((i % 7)) = 0 ]; then echo "-D -t 10.0.9.9:$i"; else echo "-A -t 10.0.0.1:$i -s rr"; fi
	done > "$BATS_TEST_TMPDIR/rules"
	run_split ipvsadm -R < "$BATS_TEST_TMPDIR/rules"
	[ "$(sed -E 's/^line ([0-9]+): -D -t 10.0.9.9:([0-9]+): .*/\1 \2/' <<< "$second")" = \
		"$(for ((i = 7; i <= 400; i += 7)); do echo "$i $i"; done)" ]
}

@test "each status of a restore" {
	local text want

	while IFS='|' read -r want text; do
		run_split ipvsadm -R < <(printf '%b' "$text")
		[ "$status" = "$want" ] || { echo "$text"; show; return 1; }
	done <<- 'END'
		0|
		0|\n\n
		0|-D -f 1\n-A -f 1\n
		255|-D -f 2\n
		255|-D -f 2\n\n# end\n
		255|-L --bogus\n
		0|-L --bogus\n-C\n
		2|-A -t bad\n-C\n
		255|foo\n-C\n
		1|-L -f 3\n-C\n
		0|-h\n-D -f 3\n
	END
}
