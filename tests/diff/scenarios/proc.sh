# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
# Files under /proc/net: names, modes, who may open them how, and their text with a table of all kinds.
for f in ip_vs ip_vs_conn ip_vs_conn_sync ip_vs_stats ip_vs_stats_percpu ip_vs_app; do
	echo "== $f: $(stat -c '%A %U:%G' /proc/net/$f)"
	cat -A /proc/net/$f | sed -E 's/size=[0-9]+/size=N/'
	(: > /proc/net/$f) 2>&1 | sed 's/.*: //'
	(: >> /proc/net/$f) 2>&1 | sed 's/.*: //'
	(echo 1 > /proc/net/$f) 2>&1 | sed 's/.*: //'
	setpriv --reuid 65534 --clear-groups cat /proc/net/$f > /dev/null && echo "anybody reads it"
done
adm -R <<-'RULES'
	-A -t 10.0.0.1:21 -s wlc -p 300 -M 255.255.255.0
	-a -t 10.0.0.1:21 -r 10.0.2.10:21 -m
	-A -t 10.0.0.1:0 -s rr -p
	-A -t 10.0.0.1:80 -s wlc
	-a -t 10.0.0.1:80 -r 10.0.2.11:8080 -m
	-a -t 10.0.0.1:80 -r 10.0.2.10:8080 -m -w 3
	-A -t 10.0.0.1:4444 -s none
	-a -t 10.0.0.1:4444 -r 10.0.2.10:80 -i -w 2147483647
	-a -t 10.0.0.1:4444 -r 127.0.0.1:80 -g
	-A -u [2001:db8::1]:5060 -s rr -o
	-a -u [2001:db8::1]:5060 -r 10.0.2.10:5060 -i
	-a -u [2001:db8::1]:5060 -r [2001:db8:2::10]:5060 -m
	-A -u 10.0.0.1:5060 -s rr -o
	-A -t [2001:db8::1]:80 -s rr -p 100 -M 64
	-a -t [2001:db8::1]:80 -r [2001:db8:2::10]:80 -m
	-A --sctp-service 10.0.0.1:9900 -s rr
	-A -f 7 -s rr -p 60
	-a -f 7 -r 10.0.2.10:0 -g
	-A -f 8 -s rr -o
	-A -f 4294967295 -s rr
	-A -f 8 -6 -s rr
RULES
# Protocols that ipvsadm has no word for.
for p in 0 1 50 51 58 255; do echo "new_service svc=2/$p/10.0.0.3/7 sched=rr flags=0 timeout=0 netmask=0"; done |
	python3 -S "$TREE/tests/tools/genl.py" - | xargs
# Hash order differs at every boot: services are compared as a set, each with its servers in their order.
echo "== ip_vs"
head -3 /proc/net/ip_vs | sed -E 's/size=[0-9]+/size=N/'
awk 'NR <= 3 { next } !/^  / { if (s) print s; s = $0; next } { s = s "~" $0 } END { print s }' /proc/net/ip_vs | sort | tr '~' '\n' | cat -A
