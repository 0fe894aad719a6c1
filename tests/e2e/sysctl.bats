#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only
# net.ipv4.vs.*: first values, what is accepted and refused, and who may write.

setup_file() {
	. "$TREE/tests/lib/e2e.bash"
	modprobe ip_vs
	ip netns add knobs
}
teardown_file() { . "$TREE/tests/lib/e2e.bash"; ip netns del knobs; }
setup() { . "$TREE/tests/lib/e2e.bash"; }

VS=/proc/sys/net/ipv4/vs

# Everything about plain integers, in one table: NAME FIRST_VALUE.
plain='amemthresh 1024
am_droprate 10
conntrack 0
snat_reroute 1
sync_persist_mode 0
sync_sock_size 0
cache_bypass 0
expire_nodest_conn 0
sloppy_tcp 0
sloppy_sctp 0
expire_quiescent_template 0
nat_icmp_send 0
pmtu_disc 1
backup_only 0
conn_reuse_mode 1
schedule_icmp 0
ignore_tunneled 0
run_estimation 1'

# And of those with a range: NAME FIRST_VALUE "ACCEPTED..." "REFUSED..."
ranges='drop_entry|0|3 0|-1 4
drop_packet|0|3 0|-1 4
secure_tcp|0|3 0|-1 4
sync_version|1|0 1|-1 2
sync_ports|1|2 4 64 128 1073741824 1|0 -1 3 5 63 2147483647
sync_refresh_period|0|1 -1 8589934 0|8589935 8589935000
sync_retries|0|3 0|-1 4'

# What a kernel has only since 6.2, and what only ours have.
est='est_nice|0|-20 19 0|-21 20'
newer='conn_lfactor|-2|-8 8 -2|-9 9
svc_lfactor|-2|-8 8 -2|-9 9
conn_max|1073741824|0 1 1073741824|-1 1073741825
conn_evict|0|0 1 86400 0|-1 86401
move_flows|1|0 2 1|-1 3'

rows() {
	echo "$ranges"
	[ ! -e $VS/est_nice ] || echo "$est"
	[ "$MODULES" = stock ] || echo "$newer"
}

# Run a script in the namespace with one process; it prints what differs from its expectations.
# put NAME VALUE WANTED: writes and compares what is read afterwards. refuse NAME VALUE ERRNO.
in_knobs() {
	cat > /tmp/knobs.py <<-'PY'
		import errno, os, sys
		base = "/proc/sys/net/ipv4/vs/"
		def get(name):
		    return open(base + name).read().rstrip("\n")
		def write(name, value):
		    f = os.open(base + name, os.O_WRONLY)
		    try:
		        os.write(f, value.encode())
		        return 0
		    except OSError as e:
		        return e.errno
		    finally:
		        os.close(f)
		def put(name, value, wanted):
		    got = write(name, value)
		    if got:
		        print(f"{name}: {value!r} refused: {errno.errorcode[got]}")
		    elif get(name) != wanted:
		        print(f"{name}: wrote {value!r}, read {get(name)!r} instead of {wanted!r}")
		def refuse(name, value, why="EINVAL"):
		    old = get(name)
		    got = write(name, value)
		    if errno.errorcode.get(got) != why:
		        print(f"{name}: {value!r} gave {errno.errorcode.get(got)} instead of {why}")
		    if get(name) != old:
		        print(f"{name}: {value!r} was refused and has changed it to {get(name)!r}")
		def is_(name, wanted):
		    if get(name) != wanted:
		        print(f"{name}: is {get(name)!r} instead of {wanted!r}")
	PY
	cat >> /tmp/knobs.py
	ip netns exec knobs python3 -S /tmp/knobs.py
}

@test "plain integers start as documented, take any int and refuse everything else" {
	equal "" "$(while read -r name first; do cat <<-PY
		is_("$name", "$first")
		for value, read in (("-1", "-1"), ("2147483647", "2147483647"), ("-2147483648", "-2147483648"),
				("0x10", "16"), ("010", "8"), (" 7 ", "7"), ("7\n", "7")):
		    put("$name", value, read)
		for value in ("2147483648", "4294967296", "-2147483649", "text", "1x", "\n", " "):
		    refuse("$name", value)
		put("$name", "$first", "$first")
	PY
	done <<< "$plain" | in_knobs)"
}

@test "integers with a range refuse what is outside and keep their value" {
	equal "" "$(rows | while IFS='|' read -r name first good bad; do
		echo "is_('$name', '$first')"
		for v in $good; do echo "put('$name', '$v', '$v')"; done
		for v in $bad; do echo "refuse('$name', '$v')"; done
		for v in 4294967296 text 1x '\n'; do echo "refuse('$name', '$v')"; done
		echo "put('$name', '$first', '$first')"
	done | in_knobs)"
}

@test "sync_threshold is a pair whose first number may be written alone" {
	equal "" "$(in_knobs <<-'PY'
		is_("sync_threshold", "3\t50")
		put("sync_threshold", "5 100", "5\t100")
		put("sync_threshold", "7", "7\t100")
		put("sync_threshold", "0 0", "0\t0")
		put("sync_threshold", "7 0", "7\t0")
		put("sync_threshold", "1 2 3", "1\t2")
		for value in ("5 5", "6 5", "-1 5", "3 -1", "2", "text", "1 x", "\n"):
		    refuse("sync_threshold", value)
		put("sync_threshold", "3 50", "3\t50")
	PY
	)"
}

@test "sync_qlen_max is an unsigned long that depends on memory" {
	at_least 1000 "$(ip netns exec knobs cat $VS/sync_qlen_max)"
	equal "" "$(in_knobs <<-'PY'
		first = get("sync_qlen_max")
		put("sync_qlen_max", "0", "0")
		put("sync_qlen_max", "18446744073709551615", "18446744073709551615")
		for value in ("-1", "text", "\n"):
		    refuse("sync_qlen_max", value)
		put("sync_qlen_max", first, first)
	PY
	)"
}

@test "est_cpulist takes lists of processors, within those of the writer" {
	[ -e $VS/est_cpulist ] || return 0
	equal "" "$(in_knobs <<-'PY'
		first = get("est_cpulist")
		is_("est_cpulist", "0-1")
		put("est_cpulist", "1", "1")
		put("est_cpulist", "0,1", "0-1")
		put("est_cpulist", "all", "0-1")
		put("est_cpulist", "0-1:1/2", "0")
		refuse("est_cpulist", "0-9999", "ERANGE")
		refuse("est_cpulist", "text")
		refuse("est_cpulist", "1-0")
		put("est_cpulist", "\n", "")
		os.sched_setaffinity(0, {1})
		put("est_cpulist", "0-1", "1")
		os.sched_setaffinity(0, {0, 1})
		put("est_cpulist", first, first)
	PY
	)"
}

@test "an automatic defence rests with enough memory and works without" {
	equal "" "$(for name in drop_entry drop_packet secure_tcp; do cat <<-PY
		put("$name", "2", "1")
		put("$name", "0", "0")	# who writes what is there already has nothing judged
		put("amemthresh", "2147483647", "2147483647")
		put("$name", "1", "2")
		put("$name", "0", "0")
		put("amemthresh", "1024", "1024")
		put("$name", "2", "1")
		put("$name", "3", "3")
		put("$name", "0", "0")
	PY
	done | in_knobs)"
}

@test "a new namespace starts from the first values" {
	ip netns exec knobs sh -c "echo 77 > $VS/am_droprate"
	ip netns add other
	equal 10 "$(ip netns exec other cat $VS/am_droprate)"
	ip netns del other
	equal 10 "$(cat $VS/am_droprate)"
	ip netns exec knobs sh -c "echo 10 > $VS/am_droprate"
}

@test "the root of a container writes all but what costs the host" {
	# shellcheck disable=SC2016
	unshare -Urn sh -c 'cd /proc/sys/net/ipv4/vs && stat -c "%a %n" *' > /tmp/modes
	cat /tmp/modes
	local restricted='run_estimation
sync_qlen_max
sync_sock_size'
	[ ! -e $VS/est_nice ] || restricted="est_cpulist
est_nice
$restricted"
	[ "$MODULES" = stock ] || restricted="conn_lfactor
$(sort <<< "$restricted
svc_lfactor")"
	equal "$(sort <<< "$restricted")" "$(awk '$1 == 444 { print $2 }' /tmp/modes | sort)"
	at_least 23 "$(grep -c '^644 ' /tmp/modes)"
	equal 0 "$(grep -vcE '^(444|644) ' /tmp/modes)"
	equal 0 "$(ip netns exec knobs find $VS -type f ! -perm 644 | grep -vc debug_level)" "restricted files in a namespace of the host"
	unshare -Urn sh -c "echo 5 > $VS/am_droprate && [ \$(cat $VS/am_droprate) = 5 ]"
	matches 'Permission denied' "$(unshare -Urn sh -c "echo 0 > $VS/run_estimation" 2>&1)"
}

@test "every knob is there, and no others" {
	equal "$({ rows | cut -d '|' -f 1; cut -d ' ' -f 1 <<< "$plain"; echo sync_threshold; echo sync_qlen_max
		[ ! -e $VS/est_cpulist ] || echo est_cpulist; } | sort)" \
		"$(ip netns exec knobs ls $VS | grep -v '^lblc' | sort)"
}

@test "a container keeps to the ceiling of connections that the host has set" {
	[ "$MODULES" != stock ] || return 0
	ip netns exec knobs sh -c "echo 100 > $VS/conn_max"
	equal 100 "$(ip netns exec knobs cat $VS/conn_max)"
	# what the initial namespace has is what a new one may have
	echo 50 > $VS/conn_max
	equal "50 40 50" "$(unshare -Urn sh -c "cat $VS/conn_max; echo 40 > $VS/conn_max; cat $VS/conn_max
		echo 51 > $VS/conn_max; echo 50 > $VS/conn_max; cat $VS/conn_max" 2> /dev/null | xargs)"
	echo 1073741824 > $VS/conn_max
	ip netns exec knobs sh -c "echo 1073741824 > $VS/conn_max"
}
