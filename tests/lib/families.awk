# SPDX-License-Identifier: GPL-2.0-only
# Makes two bats tests of each `@both "name" {` block, one for IPv4 and one for IPv6. Lines keep their numbers: the
# block becomes a function where it stands, the tests that call it follow at the end of the file.
/^@both "/ {
	n++
	name[n] = $0
	sub(/^@both "/, "", name[n])
	sub(/" *\{ *$/, "", name[n])
	print "both_" n "() {"
	next
}
{ print }
END {
	for (i = 1; i <= n; i++)
		for (f = 4; f <= 6; f += 2) {
			print "@test \"" name[i] " (IPv" f ")\" {"
			print "\tfamily " f
			print "\tboth_" i
			print "}"
		}
}
