# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
# raw
# A reader of /proc/net that is not ours: what the node exporter of Prometheus makes of the tables.
adm() { /usr/sbin/ipvsadm "$@" 2>&1 || echo "status $?"; }
ip addr add 10.0.0.1/32 dev lo
adm -R <<-'RULES'
	-A -t 10.0.0.1:80 -s wlc -p 300
	-a -t 10.0.0.1:80 -r 10.0.2.10:8080 -m -w 3
	-a -t 10.0.0.1:80 -r 10.0.2.11:8080 -i -w 0
	-A -u 10.0.0.1:53 -s rr -o
	-A -u 10.0.0.1:54 -s rr
	-a -u 10.0.0.1:54 -r 127.0.0.1:54 -m
	-A -t [2001:db8::1]:443 -s rr
	-a -t [2001:db8::1]:443 -r [2001:db8:2::1]:443 -g -w 2147483647
	-A -f 7 -s rr
	-a -f 7 -r 10.0.2.12:0 -g
RULES
echo hello > /dev/udp/10.0.0.1/54
wait_for 10 has_text '^UDP +10.0.0.1:54 +1 ' adm -Ln --stats
prometheus-node-exporter --collector.disable-defaults --collector.ipvs --web.disable-exporter-metrics \
	--web.listen-address=127.0.0.1:9100 > /tmp/exporter.log 2>&1 3>&- &
pid=$!
metrics() { curl -sf --max-time 10 http://127.0.0.1:9100/metrics > /tmp/exporter.metrics; }
wait_for 30 metrics || cat /tmp/exporter.log
grep '^node_' /tmp/exporter.metrics | grep -v duration | sort
kill $pid
wait $pid
rm -f /tmp/exporter.*
