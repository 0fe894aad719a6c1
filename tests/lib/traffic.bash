# SPDX-License-Identifier: GPL-2.0-only
# Servers, clients and the rules between them. Needs topo.bash and family().

# nginx on port 8080 of each server, or on NGINX_PORTS; it answers / with its name and what it sees of the client.
nginx_start() {
	local s dir ports=${NGINX_PORTS:-8080}
	for s in s1 s2 s3; do
		dir=/tmp/nginx/$s
		mkdir -p "$dir/files"
		cat > "$dir/conf" <<-CONF
			daemon on;
			master_process off;
			pid $dir/pid;
			error_log $dir/error.log;
			user root;
			events { worker_connections 512; }
			http {
				access_log off;
				keepalive_timeout 0;
				client_max_body_size 0;
				client_body_temp_path $dir/body;
				server {
					listen $ports;
					listen [::]:$ports;
					location = / { return 200 "$s \$remote_addr \$remote_port\n"; }
					location /files/ { root $dir; dav_methods PUT; }
				}
			}
		CONF
		in_ns "$s" nginx -c "$dir/conf" 3>&-
	done
}

# A line server on port 7000 (TCP and UDP) of each server; see tests/tools/peer.c.
peers_start() {
	local s
	for s in s1 s2 s3; do in_ns "$s" "$PEER" serve 7000 "$s"; done
}

servers_start() { nginx_start; peers_start; }

adm() { in_ns director "$IPVSADM" "$@"; }
knob() { in_ns director sysctl -qw "net.ipv4.vs.$1=$2"; }	# NAME VALUE

# service PORT SCHEDULER [RPORT [OPTIONS]]: a TCP service on the VIP with the three servers by NAT.
service() {
	local i port=$1 sched=$2 rport=${3:-8080}
	{
		echo "-A -t $VIP:$port -s $sched ${4:-}"
		for i in 1 2 3; do echo "-a -t $VIP:$port -r ${RS[i]}:$rport -m -w 1"; done
	} | adm -R
}

udp_service() {	# PORT SCHEDULER
	local i
	{
		echo "-A -u $VIP:$1 -s $2"
		for i in 1 2 3; do echo "-a -u $VIP:$1 -r ${RS[i]}:7000 -m -w 1"; done
	} | adm -R
}

# one_server PORT SERVER OPTIONS...: a TCP and a UDP service on PORT of the VIP with one server
one_server() {
	local p
	for p in t u; do
		echo "-A -$p $VIP:$1 -s rr"
		echo "-a -$p $VIP:$1 -r $2 ${*:3}"
	done | adm -R
}

# http COUNT [NAMESPACE]: that many requests on new connections to port 80 of the VIP; prints the answers.
http() {
	in_ns "${2:-client}" curl -sS --max-time 10 "http://$VIP:80/?[1-$1]"
}

# names: how often each server stands at the start of a line of stdin, e.g. "s1:3 s2:3 s3:3"
names() {
	local name rest sep='' who
	local -A count=()
	while read -r name rest; do count[$name]=$((${count[$name]:-0} + 1)); done
	for who in $(printf '%s\n' "${!count[@]}" | sort); do
		printf '%s%s:%d' "$sep" "$who" "${count[$who]}"
		sep=' '
	done
	echo
}

# One connection that stays open: connect it, talk over it, by a name of your choice.
conn_open() { in_ns client "$PEER" open "/tmp/conn.$1" "${@:2}"; }	# NAME ADDR PORT [SRCPORT]
conn_say() { "$PEER" say "/tmp/conn.$1" "$2"; }			# NAME LINE

# stream NAMESPACE PORT: who answers a client there over TCP, or why nobody does
stream() {
	local opened
	opened=$(in_ns "$1" "$PEER" open /tmp/conn.stream "$VIP_RAW" "$2" || true)
	[ "$opened" = open ] || { echo "$opened"; return; }
	conn_say stream hello | cut -d ' ' -f 1
	conn_say stream @close > /dev/null
}

# End background traffic by its verb: hold, storm, serve, open.
stop_traffic() {
	local f
	for f in /tmp/peer."$1".*; do
		[ ! -e "$f" ] || kill "${f##*.}" 2>/dev/null || true
		rm -f "$f"
	done
}

# capture NAMESPACE DEVICE NAME [FILTER]: record packets until captured NAME, which prints them.
capture() {
	# Not in_ns: a function in the background would be a shell between us and the program.
	"$PEER" in "$1" tcpdump -Uni "$2" --immediate-mode -s 0 -w "/tmp/$3.pcap" ${4:+"$4"} 2>"/tmp/$3.log" 3>&- &
	echo $! > "/tmp/$3.pid"
	wait_for 10 grep -q listening "/tmp/$3.log"
}
captured() {
	kill "$(cat "/tmp/$1.pid")"
	wait "$(cat "/tmp/$1.pid")" || true
	tcpdump -nvvr "/tmp/$1.pcap" 2>/dev/null
}

conn_states() { adm -Lnc | awk 'NR > 2 { print $3 }' | sort | xargs; }

# column N [SERVICE OPTIONS]: field N of the servers in the listing, in order of address: 4 weight, 5 active, 6 inactive
column() {
	local n=$1
	shift
	adm -Ln "$@" | awk -v n="$n" '$1 == "->" && $2 ~ /[0-9]/ { print $2, $n }' | sort | cut -d ' ' -f 2 | xargs
}
