#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# One recorded case: run its commands and write down what they say. Started by cases.sh, in namespaces of its own.
#   case.sh NAME OUTDIR          wants WORK (for a directory of its own in it), and FX (tests/diff/fixtures)
#
# A case file, line by line:
#   empty, '# text'     ignored
#   '#@ mask EXPR'      standard output of every command goes through  sed -E EXPR
#   '#@ mask2 EXPR'     the same for standard error
#   '#@ host'           the network of the guest is meant: see cases.sh
#   '% command'         preparation: run, and shown only if it fails
#   anything else       run, and shown as '$ line', its output, its errors with '2> ' before each line, 'rc=STATUS';
#                       output that does not end in a newline is marked by a line '\ no newline'
set -u
file=${BASH_SOURCE%/*}/cases/$1.cmd
WORK=$WORK/$1
export WORK TMPD=$WORK
mkdir "$WORK"
exec > "$2/$1.out" 2>&1 </dev/null
mask=() mask2=() host=
while IFS= read -r l; do
	case $l in
	'#@ mask '*) mask+=(-e "${l#'#@ mask '}") ;;
	'#@ mask2 '*) mask2+=(-e "${l#'#@ mask2 '}") ;;
	'#@ host') host=1 ;;
	esac
done < "$file"
[ -n "$host" ] || ip link set lo up

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
done < "$file"
