#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# Runs shellcheck over every shell script, library and suite; suites as bats sees them, with both families written out.
set -euo pipefail
cd "$(dirname "$0")/../.."
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
# Variables that files share are beyond a checker that reads one file at a time: SC2034 (unused), SC2154 (unset).
# SC1090/SC1091: sourced by a path made at run time. In suites every test is its own subshell: SC2030, SC2031.
common=(-S warning -e "SC2034,SC2154,SC1090,SC1091")

bad=0
mapfile -t scripts < <(grep -rlE '^#!/bin/(ba)?sh|^#!/bin/busybox sh' --include='*' .ci tests ipvsadm libipvs man kernel 2>/dev/null | grep -vE '\.(md|c|h|bats)$' | sort)
for f in "${scripts[@]}"; do
	case $(head -n 1 "$f") in
	*busybox*) shellcheck -s sh "${common[@]}" "$f" || bad=1 ;;
	*) shellcheck "${common[@]}" "$f" || bad=1 ;;
	esac
done
for f in tests/lib/*.bash tests/vm/*.bashrc tests/diff/scenarios/*.sh; do shellcheck -s bash "${common[@]}" "$f" || bad=1; done
for f in tests/e2e/*.bats tests/cli/*.bats; do
	[ -e "$f" ] || continue
	awk -f tests/lib/families.awk "$f" > "$work/$(basename "$f")"
	shellcheck -s bats "${common[@]}" -e SC2030,SC2031 "$work/$(basename "$f")" || bad=1
done
exit $bad
