#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# Every source file says its licence near the top, ends with a newline, and has no trailing blanks.
set -euo pipefail
cd "$(dirname "$0")/../.."
bad=0
complain() { echo "$1"; bad=1; }

while IFS= read -r f; do
	case $f in
	COPYING | README | *.md | .* | *.in | *.map | *.out | *.mended | *.cmd | tests/vm/kernels | tests/vm/packages | tests/vm/*.bashrc | tests/cli/*/* | tests/fuzz/corpus/*) ;;
	*) head -n 6 "$f" | grep -q 'SPDX-License-Identifier: GPL-2.0-only' || complain "$f: no SPDX-License-Identifier line" ;;
	esac
	case $f in
	COPYING | *.out | *.mended | tests/cli/*/* | tests/fuzz/corpus/*) continue ;;
	esac
	[ -z "$(tail -c 1 "$f")" ] || complain "$f: no newline at the end"
	! grep -nE '[[:blank:]]+$' "$f" | sed "s|^|$f:|" | grep . || complain "$f: blanks at the end of lines"
done < <(git ls-files -c -o --exclude-standard 2>/dev/null || find . -path ./build -prune -o -type f -printf '%P\n')
exit $bad
