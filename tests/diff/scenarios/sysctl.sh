# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
# raw
# Every sysctl: mode, default, and what it says to values of all kinds.
cd /proc/sys/net/ipv4/vs || exit
hide() { case $1 in sync_qlen_max | est_cpulist) [ "$2" = default ] && echo N && return ;; esac; cat "$1" | tr '\t' '~'; }
for k in *; do
	echo "== $k: $(stat -c '%A %U' "$k"): $(hide "$k" default)"
	[ "$k" = est_cpulist ] && continue
	for v in 0 1 2 3 4 5 7 -1 63 64 65 '1 2' '3 2' '0 0' 0x10 010 ' 6 ' 8589934 8589935 2147483647 2147483648 -2147483648 -2147483649 \
		4294967296 1x x '' '5 5' '-1 5' '3 -1' 16777217; do
		if (printf '%s\n' "$v" > "$k") 2>/dev/null; then r=ok; else r=refused; fi
		printf '%s: %s %s\n' "$v" $r "$(hide "$k" now)"
	done
done
echo "== in a namespace of an unprivileged user"
unshare -U -r -n bash -c 'cd /proc/sys/net/ipv4/vs && stat -c "%n %A" *' 2>&1
