# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
# Six hundred commands in an order that nobody thought of, the same every time: additions, edits and deletions of things
# that are there and that are not, with settings of all kinds. Errors and tables must be equal.
commands() {
	awk 'BEGIN {
		srand(20)
		split("rr wlc nonesuch none lc sed", sched); split("1 5 0 2147483647", weight)
		for (i = 0; i < 600; i++) {
			svc = pick_service()
			what = int(rand() * 12)
			if (what < 3) print (rand() < .7 ? "-A " : "-E ") svc options()
			else if (what < 8) print (rand() < .7 ? "-a " : "-e ") svc " -r " server() settings()
			else if (what < 10) print "-d " svc " -r " server()
			else if (what == 10) print (rand() < .5 ? "-D " : "-Z ") svc
			else print rand() < .1 ? "-C" : "--set " int(rand() * 900) " " int(rand() * 2) * 30 " " int(rand() * 300)
		}
	}
	function pick_service(   n) {
		n = int(rand() * 8)
		six = n > 5; zero = 0
		if (n < 3) return "-t 10.0.0.1:" (80 + n)
		if (n == 3) return "-u 10.0.0.1:53"
		if (n == 4) { return "-f " 1 + int(rand() * 3) }
		if (n == 5) return "--sctp-service 10.0.0.2:9900"
		if (n == 6) return "-t [2001:db8::1]:80"
		return "-f 1 -6"
	}
	function server() {
		if (six == (rand() < .95)) return "[2001:db8:2::" 1 + int(rand() * 5) "]:80"
		return "10.0.2." 1 + int(rand() * 5) ":" 80 + int(rand() * 2)
	}
	function options(   o) {
		o = rand() < .8 ? " -s " sched[1 + int(rand() * 6)] : ""
		if (rand() < .3) o = o " -p " 1 + int(rand() * 1000)
		if (rand() < .1) o = o " -M " (six ? 64 : "255.255.0.0")
		if (rand() < .1) o = o " -b flag-" 1 + int(rand() * 3)
		if (rand() < .05) o = o " --pe nothing"
		return o
	}
	function settings(   o) {
		o = rand() < .5 ? " -m" : rand() < .5 ? " -g" : " -i"
		if (o == " -i" && rand() < .5) o = o " --tun-type " (rand() < .5 ? "gre --tun-csum" : "gue --tun-port 6080")
		if (rand() < .7) o = o " -w " weight[1 + int(rand() * 4)]
		if (rand() < .2) o = o " -x " int(rand() * 200)
		if (rand() < .2) o = o " -y " int(rand() * 200)
		return o
	}'
}
# A usage error (a server of the wrong family without a tunnel) would end a restore, so those are left out.
dir=/tmp/random.$$
mkdir -p $dir
commands | awk '/ -r \[/ && !/ -i/ && !/\[.*\[/ && !/-6/ { next } / -r 10/ && !/ -i/ && (/ \[/ || /-6/) { next } { print }' |
	split -l 60 - $dir/
for part in $dir/*; do
	echo "== part ${part##*/}"
	adm -R < "$part"
	adm -Sn
done
adm -Ln | sed -E 's/size=[0-9]+/size=N/'
adm -Ln --thresholds | sed -E 's/size=[0-9]+/size=N/'
adm -L --timeout
sort /proc/net/ip_vs | sed -E 's/size=[0-9]+/size=N/'
rm -rf $dir
