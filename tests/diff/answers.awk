# SPDX-License-Identifier: GPL-2.0-only
# Requests beside their answers, for clients that end each answer with a line ".".
#   awk -v sent=FILE -f answers.awk ANSWERS      FILE holds the requests, one a line
# The lines of an answer are sorted, except the first: dumps have no order. Of an extended acknowledgement only the
# errno stays: the kernel's own modules have no text.
function answered(   i, j, t) {
	for (i = 2; i < n; i++)
		for (j = i + 1; j <= n; j++)
			if (a[j] < a[i]) { t = a[i]; a[i] = a[j]; a[j] = t }
	for (i = 1; i <= n; i++) print "  " a[i]
	n = 0
}
BEGIN { if ((getline r < sent) > 0) print "> " r }
/^\.$/ { answered(); if ((getline r < sent) > 0) print "> " r; next }
{ sub(/^E[A-Z]+: .*/, substr($1, 1, length($1) - 1)); a[++n] = $0 }
END { answered() }
