#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# In the guest, on either kind of modules: which server every scheduler gives to each of a long row of clients, while
# servers come, go, change weight, overflow and are quiesced between them. Everything comes from fixed seeds, so the
# output on the stock modules and on ours must be the same, byte for byte; it takes a few minutes.
#
#   schedulers.sh [PATTERN] > OUT        PATTERN: an extended regular expression for names of runs
#
# twos is left to chance and not here. Requests are single forged packets of a client's namespace; servers are
# addresses behind a device that swallows everything, so nothing ever answers and no state ends before the run does.
set -euo pipefail
: "${TREE:=$(readlink -f "$(dirname "$0")/../..")}"
# shellcheck disable=SC1091
. "$TREE/tests/lib/e2e.bash"
. "$TREE/tests/lib/forge.bash"
pattern=${1:-.}
rounds=40 batch=15 servers=8

# draw N: a number below N into $r. (Not by substitution: a subshell would not advance the row.)
draw() { r=$((RANDOM % $1)); }

weight() {
	draw 8
	case $r in
	0) r=0 ;;
	1) draw 20; r=$((r * 10)) ;;
	2) r=2147483647 ;;
	*) draw 6; r=$((r + 1)) ;;
	esac
}

# real N: the server with that number, in the family of the service, into $at.
real() { if [[ $service = *'['* ]]; then at="[2001:db8:2::$1]:80"; else at=10.2.0.$((10 + $1)):80; fi; }

# One change of the servers, as a line for ipvsadm -R.
change() {
	local i what at
	draw $servers; i=$r
	real "$i"
	draw 6; what=$r
	if [ -z "${weights[i]}" ]; then
		weight; weights[i]=$r
		echo "-a $service -r $at -m -w $r" >> "$commands"
		return
	fi
	case $what in
	0)
		weights[i]=''
		echo "-d $service -r $at" >> "$commands"
		;;
	1)
		draw 20
		echo "-e $service -r $at -m -w ${weights[i]} -x $((r + 2)) -y $((r / 2 + 1))" >> "$commands"
		;;
	*)
		weight; weights[i]=$r
		echo "-e $service -r $at -m -w $r" >> "$commands"
		;;
	esac
}

# run NAME SERVICE SEED OPTIONS...
run() {
	local name=$1 service=$2 n scheduler r weights=() commands=/tmp/commands
	shift 2
	grep -qE "$pattern" <<< "$name" || return 0
	RANDOM=$1
	shift
	for ((n = 0; n < servers; n++)); do weights[n]=''; done
	echo "-A $service $*" | adm -R
	for ((n = 0; n < rounds; n++)); do
		: > $commands
		if [ "$name" = mixed ]; then
			draw ${#mixed[@]}
			echo "-E $service -s ${mixed[r]}" >> $commands
		fi
		change
		[ $n -ge 4 ] || change
		adm -R < $commands
		draw 3
		[ "$r" != 0 ] || [ $n = 0 ] || { draw $n; send fin "$r"; }
		send "$kind" "$n"
	done
	echo "== $name"
	adm -Ln | awk '$1 == "->" && $2 ~ /[0-9]/ { print $2, $4, $5, $6 }'
	adm -Lnc | awk 'NR > 2 { print $4, $5, $6 }' | sort -V
	clean
}

# The requests of round N, or the end of those connections.
send() {
	local kind=$1 n=$2
	if [[ $service = -f* ]]; then
		forge "$kind" "10.1.$((n + 1)).1" 1024 "10.9.1.$((n * 7 % 50 + 1))" 80 $batch 0 1 $((n % 3))
	elif [[ $service = *'['* ]]; then
		forge "$kind" "2001:db8:1:$((n * 77))::1" 1024 2001:db8:9::1 80 $batch 3 $((n % 2 * 257)) 0
	else
		forge "$kind" "10.1.$((n + 1)).1" 1024 10.9.0.1 80 $batch 1 $((n % 2 * 257)) 0
	fi
}

# No connection of one run may be there in the next: only unloading ends them at once.
clean() {
	local m
	adm -C
	for m in $(modules_loaded); do [ "$m" = ip_vs ] || rmmod "$m"; done
	wait_for 10 rmmod ip_vs
	modprobe ip_vs
}

modprobe ip_vs
forge_network
mixed=(rr wrr lc wlc sed nq fo ovf sh mh dh)
kind=syn
run rr '-t 10.9.0.1:80' 1 -s rr
run wrr '-t 10.9.0.1:80' 2 -s wrr
run lc '-t 10.9.0.1:80' 3 -s lc
run wlc '-t 10.9.0.1:80' 4 -s wlc
run sed '-t 10.9.0.1:80' 5 -s sed
run nq '-t 10.9.0.1:80' 6 -s nq
run fo '-t 10.9.0.1:80' 7 -s fo
run ovf '-t 10.9.0.1:80' 8 -s ovf
run sh '-t 10.9.0.1:80' 9 -s sh
run sh-port '-t 10.9.0.1:80' 10 -s sh -b sh-port
run sh-fallback '-t 10.9.0.1:80' 11 -s sh -b sh-fallback
run sh-both '-t 10.9.0.1:80' 12 -s sh -b sh-fallback,sh-port
run mh '-t 10.9.0.1:80' 13 -s mh
run mh-port '-t 10.9.0.1:80' 14 -s mh -b mh-port
run mh-fallback '-t 10.9.0.1:80' 15 -s mh -b mh-fallback
run mh-both '-t 10.9.0.1:80' 16 -s mh -b mh-fallback,mh-port
run dh '-f 1' 17 -s dh
run lblc '-f 1' 18 -s lblc
run lblcr '-f 1' 19 -s lblcr
run lblc-again '-f 1' 20 -s lblc
run lblcr-again '-f 1' 21 -s lblcr
run mixed '-t 10.9.0.1:80' 22 -s rr
run wlc-again '-t 10.9.0.1:80' 23 -s wlc
kind=udp
run udp-rr '-u 10.9.0.1:80' 24 -s rr
run udp-wrr '-u 10.9.0.1:80' 25 -s wrr
run udp-wlc '-u 10.9.0.1:80' 26 -s wlc
run udp-sh '-u 10.9.0.1:80' 27 -s sh -b sh-port
run udp-mh '-u 10.9.0.1:80' 28 -s mh -b mh-port
run rr6 '-u [2001:db8:9::1]:80' 29 -s rr
run dh6 '-u [2001:db8:9::1]:80' 30 -s dh
run sh6 '-u [2001:db8:9::1]:80' 31 -s sh -b sh-port,sh-fallback
run mh6 '-u [2001:db8:9::1]:80' 32 -s mh -b mh-port,mh-fallback
run lblcr6 '-u [2001:db8:9::1]:80' 33 -s lblcr
