#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only
# What is saved can be restored, and the wrappers do the same as the options.

setup_file() {
	. "$TREE/tests/lib/e2e.bash"
	topo
}
teardown_file() { . "$TREE/tests/lib/e2e.bash"; topo_down; }
setup() { . "$TREE/tests/lib/e2e.bash"; }
teardown() { adm -C; }

rules() {
	cat <<-RULES
		-A -t 10.9.0.1:80 -s rr
		-a -t 10.9.0.1:80 -r 10.2.1.2:8080 -m -w 1
		-a -t 10.9.0.1:80 -r 10.2.2.2:8081 -m -w 200
		-A -t 10.9.0.1:443 -s wlc
		-A -u 10.9.0.1:53 -s wlc
		-a -u 10.9.0.1:53 -r 10.2.3.2:5353 -m -w 0
		-A -t [2001:db8:9::1]:80 -s wlc
		-a -t [2001:db8:9::1]:80 -r [2001:db8:21::2]:8080 -m -w 3
		-A -u [2001:db8:9::1]:53 -s rr
		-a -u [2001:db8:9::1]:53 -r [2001:db8:22::2]:53 -m -w 1
	RULES
}

wrapper() {	# save|restore OPTIONS: the wrapper beside the program under test
	in_ns director env "PATH=$(dirname "$IPVSADM"):$PATH" "$(dirname "$IPVSADM")/ipvsadm-$1" "${@:2}"
}

@test "rules restored are listed as they were written" {
	rules | adm -R
	same_text "$(rules | sort)" "$(adm -Sn | sort)"
}

@test "save, clear and restore give the same rules, byte for byte" {
	rules | adm -R
	adm -Sn > /tmp/saved
	adm -C
	equal "" "$(adm -Sn)"
	adm -R < /tmp/saved
	same_text "$(cat /tmp/saved)" "$(adm -Sn)"
}

@test "the wrappers save and restore the same" {
	rules | adm -R
	wrapper save -n > /tmp/saved
	same_text "$(adm -Sn)" "$(cat /tmp/saved)"
	adm -A -t 10.9.0.1:99 -s rr
	wrapper restore < /tmp/saved
	same_text "$(cat /tmp/saved)" "$(adm -Sn)" "ipvsadm-restore clears first"
}

@test "a restore goes on after a line that the kernel refuses" {
	run adm -R <<-'RULES'
		-A -t 10.9.0.1:80 -s rr
		-A -t 10.9.0.1:80 -s rr
		-A -t 10.9.0.1:81 -s rr
	RULES
	matches '^TCP  10.9.0.1:80 rr' "$(adm -Ln)"
	matches '^TCP  10.9.0.1:81 rr' "$(adm -Ln)"
}

@test "two thousand services are restored, listed and saved" {
	awk 'BEGIN { for (i = 0; i < 2000; i++) {
		at = "10.9." int(i / 200) "." i % 200 + 1 ":80"
		print "-A -t " at " -s rr\n-a -t " at " -r 10.2.1.2:8080 -m -w 1"
	} }' > /tmp/many
	adm -R < /tmp/many
	equal "4003" "$(adm -Ln | wc -l)"
	same_text "$(sort /tmp/many)" "$(adm -Sn | sort)"
}
