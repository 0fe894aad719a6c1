#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# Every line of tests/catalogue names a test that exists, or a reason.
set -euo pipefail
cd "$(dirname "$0")/.."
bad=0 lines=0
while IFS=$'\t' read -r what where rest; do
	case $what in '#'*) continue ;; esac
	lines=$((lines + 1))
	name=${where#*: }
	case $where in
	'unit '*) grep -qE "cmocka_unit_test\($name\)" "unit/t_$(sed 's/^unit \(.*\): .*/\1/' <<< "$where").c" 2>/dev/null ;;
	'design: '?*) ;;
	*': '?*) sed -n 's/^@\(both\|test\) "//p' "e2e/${where%%: *}.bats" 2>/dev/null | grep -qE "^$(sed 's/[.+*?()]/\\&/g' <<< "$name")" ;;
	*) false ;;
	esac && [ -z "$rest" ] && continue
	echo "catalogue: \"$what\" is said to be shown by \"$where\", which is not there; name the test that shows it"
	bad=1
done < catalogue
[ $lines -gt 100 ] || { echo "catalogue: only $lines lines found, has its form changed?"; bad=1; }
exit $bad
