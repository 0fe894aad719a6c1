#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# In the guest: milliseconds to restore, list, save and clear many services of two servers each.
#   control.sh [SERVICES]
set -euo pipefail
services=${1:-2000}
# shellcheck source=/dev/null
. "$TREE/tests/lib/e2e.bash"
modprobe ip_vs
ip netns add director
ip -n director link set lo up

timed() {	# NAME COMMAND...
	local name=$1 start=${EPOCHREALTIME/./}
	shift
	"$@"
	echo "$name-$services $(((${EPOCHREALTIME/./} - start) / 1000)) ms"
}

for ((s = 0; s < services; s++)); do
	v=10.$((s / 62500)).$((s / 250 % 250)).$((s % 250 + 1))
	printf -- '-A -t %s:80 -s rr\n-a -t %s:80 -r 192.168.0.1:80 -m -w 1\n-a -t %s:80 -r 192.168.0.2:80 -m -w 1\n' $v $v $v
done > /tmp/rules
restore() { adm -R < /tmp/rules; }
list() { adm -Ln > /tmp/list; }
save() { adm -Sn > /tmp/saved; }
timed restore restore
timed list list
timed save save
timed clear adm -C
