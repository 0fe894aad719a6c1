#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only
# ours only: the stock modules can lose an answer, for which the storm would wait.
# What commands of every kind, right and wrong, from many processes at once leave behind: nothing. That the kernel log
# is clean and the modules unload is looked at after the suite.

setup_file() { . "$TREE/tests/lib/e2e.bash"; }
setup() { . "$TREE/tests/lib/e2e.bash"; }

@test "a storm of commands in four namespaces is answered and leaves nothing behind" {
	local sent
	"$TREE/build/tests/genl_storm" -s "${STORM_SEED:-1}" -t "${STORM_SECONDS:-15}" -p 8 -N 4 > /tmp/storm
	sent=$(awk '{ sum += $4 } END { print sum }' /tmp/storm)
	at_least 500 "$sent" "commands sent"
	at_least 50 "$(awk '{ sum += $6 } END { print sum }' /tmp/storm)" "commands taken"
}
