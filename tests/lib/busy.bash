# SPDX-License-Identifier: GPL-2.0-only
# What a command costs in the guest. Sourced by the benches.

# Nanoseconds for which the processors have run anything at all, since the start.
busy() { awk '/^cpu[0-9]/ { ns += $8 } END { printf "%.0f\n", ns }' /proc/schedstat; }

# timed NAME COMMAND...: milliseconds of all processors while the command ran. With counted instructions that is
# millions of them; time in which all wait, for the disk of the host as well, does not count.
timed() {
	local name=$1 start
	shift
	start=$(busy)
	"$@"
	echo "$name $((($(busy) - start) / 1000000)) ms"
}
