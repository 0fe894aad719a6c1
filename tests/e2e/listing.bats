#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only
# ours only: the stock modules go on by counting, and so skip and repeat entries.

setup_file() {
	. "$TREE/tests/lib/e2e.bash"
	ip netns add director
	ip -n director link set lo up
}
teardown_file() { . "$TREE/tests/lib/e2e.bash"; topo_down; }
setup() {
	. "$TREE/tests/lib/e2e.bash"
	# small pieces, so that each listing has many
	export GENL_BUFFER=4096
	genl_open
}
teardown() { adm -C; }

@test "a listing under changes tells once each of those that stay" {
	local i writer
	awk 'BEGIN {
		for (i = 1; i <= 60; i++) print "-A -t 10.7.0." i ":80 -s rr"
		for (i = 1; i <= 60; i++) print "-a -t 10.7.0.1:80 -r 10.8.0." i ":80 -g"
	}' | adm -R
	# every second one comes and goes all the time
	awk 'BEGIN {
		for (i = 2; i <= 60; i += 2) print "-D -t 10.7.0." i ":80\n-d -t 10.7.0.1:80 -r 10.8.0." i ":80"
		for (i = 2; i <= 60; i += 2) print "-A -t 10.7.0." i ":80 -s rr\n-a -t 10.7.0.1:80 -r 10.8.0." i ":80 -g"
	}' > /tmp/rules
	in_ns director bash -c 'while "$1" -R < /tmp/rules; do :; done' - "$IPVSADM" 3>&- 2>/dev/null &
	writer=$!
	for i in 1 2 3 4; do
		genl get_service dump | grep -oP '^service .* addr=0a0700\K..(?=0)' > /tmp/services.$i
		genl get_dest dump svc=2/6/10.7.0.1/80 | grep -oP '^dest addr=0a0800\K..(?=0)' > /tmp/dests.$i
	done
	kill $writer
	wait $writer || true
	for i in 1 2 3 4; do
		equal 30 "$(sort /tmp/services.$i | uniq -c | awk '$1 == 1 && $2 ~ /[13579bdf]$/' | wc -l)"
		equal 30 "$(sort /tmp/dests.$i | uniq -c | awk '$1 == 1 && $2 ~ /[13579bdf]$/' | wc -l)"
	done
	rm /tmp/services.? /tmp/dests.? /tmp/rules
}
