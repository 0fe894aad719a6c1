# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
# raw
# What comes out of a director for what goes in, byte by byte.
topo
wire_quiet
for f in 4 6; do
	family $f
	other='[2001:db8:23::2]'
	if [ $f = 4 ]; then unreachable=3/1 too_big=3/4; else unreachable=1/3 too_big=2/0 other=10.2.3.2; fi
	in_ns director /usr/sbin/ipvsadm -R <<-RULES
		-A -u $VIP:80 -s rr
		-a -u $VIP:80 -r ${RS[1]}:7000 -m
		-A -t $VIP:80 -s rr
		-a -t $VIP:80 -r ${RS[1]}:7000 -m
		-A --sctp-service $VIP:80 -s rr
		-a --sctp-service $VIP:80 -r ${RS[1]}:7000 -m
		-A -u $VIP:81 -s rr
		-a -u $VIP:81 -r ${RS[2]}:81 -g
		-A -u $VIP:82 -s rr
		-a -u $VIP:82 -r ${RS[3]}:82 -i
		-A -u $VIP:83 -s rr
		-a -u $VIP:83 -r $other:83 -i
		-A -u $VIP:84 -s rr
	RULES
	wire_open
	# it ends with its namespace, and nobody is to be told
	disown -a
	while read -r request; do
		# shellcheck disable=SC2086
		echo "IPv$f $request: $(wire $request hex)"
	done <<-REQUESTS
		client udp 1001>80
		client udp 1001>80 len=0
		client udp 1001>80 len=1
		client udp 1001>80 len=33 sum=0
		client udp 1001>80 sum=bad
		client udp 1001>80 ttl=2 df
		client udp 1001>80 opt ext=dst
		client udp 1001>80 ext=hop
		client udp 1001>80 len=100 frags=3 order=2,3,1
		client udp 1001>80 ttl=1
		s1 udp 7000>1001
		s1 udp 7000>1001 len=7 sum=0
		s1 udp 7000>1001 len=100 frags=2
		client tcp 1001>80 S
		s1 tcp 7000>1001 SA
		client tcp 1001>80 A len=5
		client sctp 1001>80 init
		s1 sctp 7000>1001 init-ack
		client udp 1001>81
		client udp 1001>81 sum=0
		client udp 1001>82
		client udp 1001>82 df
		client udp 1001>82 sum=bad
		client udp 1001>83 len=65
		client udp 1001>82 len=1465 df
		client udp 1001>84
		client icmp $too_big udp 80>1001 rest=1300
		client icmp $unreachable tcp 80>1001 quote=20
		client icmp $unreachable udp 81>1001
		client icmp $unreachable udp 82>1001
		s1 icmp $unreachable udp 1001>7000 q-src=C q-dst=S1
		s2 icmp $too_big tcp 1001>7000 q-src=C q-dst=S1 rest=1400
	REQUESTS
	in_ns director /usr/sbin/ipvsadm -C
done
topo_down
