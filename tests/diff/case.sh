#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# One recorded case: run its commands and print what they say. Started by cases.sh, in namespaces of its own.
#   case.sh FILE          wants WORK (a private directory), and FX (tests/diff/fixtures)
#
# A case file, line by line:
#   empty, '# text'     ignored
#   '#@ mask EXPR'      standard output of every command goes through  sed -E EXPR
#   '#@ mask2 EXPR'     the same for standard error
#   '% command'         preparation: run, and shown only if it fails
#   anything else       run, and shown as '$ line', its output, its errors with '2> ' before each line, 'rc=STATUS';
#                       output that does not end in a newline is marked by a line '\ no newline'
set -u
mask=() mask2=()
while IFS= read -r l; do
	case $l in
	'#@ mask '*) mask+=(-e "${l#'#@ mask '}") ;;
	'#@ mask2 '*) mask2+=(-e "${l#'#@ mask2 '}") ;;
	esac
done < "$1"

show() {	# FILE PREFIX; builtins only, an emulated machine starts programs slowly
	local x=
	while IFS= read -r x; do
		printf '%s%s\n' "$2" "$x"
		x=
	done < "$1"
	[ -z "$x" ] || printf '%s%s\n%s\n' "$2" "$x" '\ no newline'
}

# How the shell names a program that a signal ended: with a process number and a line.
killed='s/^.*: line [0-9]+: +[0-9]+ (Segmentation fault|Aborted|Bus error).*/killed: \1/'
while IFS= read -r l || [ -n "$l" ]; do
	case $l in
	'' | '#'*) continue ;;
	'% '*)
		if ! (eval "${l#% }") > "$WORK/o" 2>&1 </dev/null; then
			echo "% FAILED: ${l#% }"
			show "$WORK/o" '%> '
		fi
		continue
		;;
	esac
	printf '$ %s\n' "$l"
	(eval "$l") > "$WORK/o" 2> "$WORK/e" </dev/null
	rc=$?
	[ ${#mask[@]} = 0 ] || sed -i -E "${mask[@]}" "$WORK/o"
	[ ${#mask2[@]} = 0 ] || sed -i -E "${mask2[@]}" "$WORK/e"
	[ $rc -lt 128 ] || sed -i -E "$killed" "$WORK/e"
	show "$WORK/o" ''
	show "$WORK/e" '2> '
	echo "rc=$rc"
done < "$1"
