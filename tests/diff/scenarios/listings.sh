# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
# Rules, a little traffic with fixed ports, and then every listing.
rules() {
	cat <<-'RULES'
		-A -t 10.9.0.1:80 -s rr
		-a -t 10.9.0.1:80 -r 10.2.1.2:7000 -m -w 1
		-a -t 10.9.0.1:80 -r 10.2.2.2:7000 -m -w 20
		-A -t 10.9.0.1:8080 -s wlc
		-a -t 10.9.0.1:8080 -r 10.2.1.2:80 -m -w 2147483647 -x 200 -y 100
		-A -u 10.9.0.1:53 -s wlc
		-a -u 10.9.0.1:53 -r 10.2.1.2:7000 -m -w 1
		-a -u 10.9.0.1:53 -r 10.2.3.2:7000 -m -w 0
		-A -f 7 -s wlc -p 100 -M 255.255.255.0
		-a -f 7 -r 10.2.1.2:0 -g -w 5
		-A -f 7 -6 -s rr
		-A -u 10.9.0.1:0 -s rr -p 50
		-A -u 10.9.0.1:5060 -s rr -o
		-A -t [2001:db8:9::1]:80 -s rr
		-a -t [2001:db8:9::1]:80 -r [2001:db8:21::2]:7000 -m -w 1
		-a -t [2001:db8:9::1]:80 -r [2001:db8:22::2]:7000 -m -w 1
		-A -t [2001:db8:9::1]:443 -s wlc -p 60 -M 64
		-a -t [2001:db8:9::1]:443 -r [2001:db8:22::2]:443 -g -w 1
		-a -t [2001:db8:9::1]:443 -r 10.2.2.2:443 -i -w 1
		-a -t [2001:db8:9::1]:443 -r [2001:db8:23::2]:443 -i -w 1 --tun-type gue --tun-port 6080 --tun-csum
		-A -u [2001:db8:9::1]:53 -s wlc
	RULES
}

# How many segments a TCP connection takes differs from run to run (acknowledgements travel alone or with data), so
# packets and bytes of TCP are hidden; those of UDP must be equal.
hide_tcp() {
	awk '/^(TCP|UDP|FWM)/ { tcp = /^TCP/ }
		tcp && NF == 7 && $3 ~ /^[1-9][0-9]*$/ { print $1, $2, $3, "packets and bytes"; next }
		{ print }'
}

dut() { in_ns director "$IPVSADM" "$@" 2>&1 || echo "status $?"; }

# list LISTING...: times left differ, too, and so does the order of connections. The masks are laid over all of it at once.
list() {
	local o
	for o in "$@"; do
		echo "== ipvsadm $o"
		# shellcheck disable=SC2086
		case $o in
		-Lnc) dut -Lnc | sort -k 3 ;;
		'-Ln --rate') dut -Ln --rate | awk '{ print NR < 4 ? $0 : $1 " " $2 }' ;;
		*) dut $o ;;
		esac
	done | sed -E 's/size=[0-9]+/size=N/; s/[0-9]+:[0-9]{2} /MM:SS /' | hide_tcp
}
few=(-Ln '-Ln --stats' '-Ln --persistent-conn' '-L --timeout' -Sn -Lnc)

topo
peers_start
rules | dut -R
for FAM in 4 6; do
	family $FAM
	conn_open "a$FAM" "$VIP_RAW" 80 3001 > /dev/null
	conn_say "a$FAM" hello > /dev/null
	conn_open "b$FAM" "$VIP_RAW" 80 3002 > /dev/null
	conn_say "b$FAM" @close > /dev/null
done
in_ns client "$PEER" udp 10.9.0.1 53 1 3003 > /dev/null
wait_for 5 has_text '3002 .*TIME_WAIT|TIME_WAIT .*3002' dut -Lnc
# Counters of the kernel's own modules are refreshed every two seconds.
wait_for 10 has_text '^UDP +10.9.0.1:53 +1 ' dut -Ln --stats
wait_for 10 has_text '^TCP +10.9.0.1:80 +2 ' dut -Ln --stats
sleep 2.2
list -Ln '-Ln --stats' '-Ln --stats --exact' '-Ln -t 10.9.0.1:80' '-Ln -f 7' '-Ln --thresholds' '-Ln --persistent-conn' '-Ln --tun-info' \
	'-Ln --sort' '-L --timeout' '-L --daemon' -Sn '-Ln --rate' -Lnc
echo "== /proc"
in_ns director cat /proc/net/ip_vs | sed -E 's/size=[0-9]+/size=N/' | sort
# only the time left is hidden
in_ns director cat -A /proc/net/ip_vs_conn /proc/net/ip_vs_conn_sync | sed -E 's/ +[0-9]+(\$)?$/ N\1/' | sort
echo "== after zero, edits and deletions"
dut -Z -u 10.9.0.1:53
dut -E -t 10.9.0.1:80 -s wlc -p 10
dut -e -t 10.9.0.1:80 -r 10.2.1.2:7000 -m -w 7
dut -d -t 10.9.0.1:80 -r 10.2.2.2:7000
dut -D -t '[2001:db8:9::1]:443'
dut --set 100 0 50
list "${few[@]}"
dut -C
echo "== cleared"
list "${few[@]}"
topo_down
