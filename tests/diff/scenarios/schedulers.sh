# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
# raw
# Which server every scheduler gives to each of a long row of clients, while servers come, go, change weight, overflow and
# are quiesced between them. Everything comes from fixed seeds, so every single choice must be the same.
#
# All schedulers run side by side, each with a service of its own, so a round is one ipvsadm and one sender. twos is left
# to chance and not here. Requests are forged packets of a client's namespace; servers are addresses behind a device that
# swallows everything, so nothing ever answers. Connections that were begun or ended live for a minute, which a run stays below.
. "$TREE/tests/lib/forge.bash"
rounds=20 batch=12 servers=8
dir=/tmp/schedulers.$$
mkdir -p $dir

# draw N: a number below N into $r. (Not by substitution: a subshell would not advance the row.)
draw() { r=$((RANDOM % $1)); }

# The kernel's own wrr counts down from the greatest weight to one that a free server has, one by one.
weight() {
	draw 8
	case $r in
	0) r=0 ;;
	1) draw 20; r=$((r * 10)) ;;
	2) r=2147483647; [[ $options != *wrr* && $name != mixed ]] || r=1000 ;;
	*) draw 6; r=$((r + 1)) ;;
	esac
}

# real N: the server with that number, in the family of the service, into $at.
real() { if [ $family = 6 ]; then at="[2001:db8:2::$1]:80"; else at=10.2.0.$((10 + $1)):80; fi; }

# One change of the servers of a service, as a line for ipvsadm -R.
change() {
	local i what at
	draw $servers; i=$r
	real "$i"
	draw 6; what=$r
	if [ -z "${weights[i]:-}" ]; then
		weight; weights[i]=$r
		echo "-a $service -r $at -m -w $r"
		return
	fi
	case $what in
	0)
		weights[i]=''
		echo "-d $service -r $at"
		;;
	1)
		draw 20
		echo "-e $service -r $at -m -w ${weights[i]} -x $((r + 2)) -y $((r / 2 + 1))"
		;;
	*)
		weight; weights[i]=$r
		echo "-e $service -r $at -m -w $r"
		;;
	esac
}

# packets KIND ROUND COUNT: of the clients of a round, a line for peer forge
packets() {
	local n=$2
	case $service in
	*' -6') echo "$1 2001:db8:1:$((n + 1))::1 1024 2001:db8:9:$number::$((n * 7 % 50 + 1)) 80 $3 1 1 $((n % 3))" ;;
	-f*) echo "$1 10.1.$((n + 1)).1 1024 10.9.$number.$((n * 7 % 50 + 1)) 80 $3 1 1 $((n % 3))" ;;
	*'['*) echo "$1 2001:db8:1:$((n + 1))::1 1024 2001:db8:9::$number 80 $3 3 $((n % 2 * 257)) 0" ;;
	*) echo "$1 10.1.$((n + 1)).1 1024 10.9.0.$number 80 $3 1 $((n % 2 * 257)) 0" ;;
	esac
}

# New clients, of whom some are established at once and some a round later, and the end of some of an older round.
traffic() {
	local n=$1
	packets "$kind" "$n" $batch
	[ "$kind" = syn ] || return 0
	packets ack "$n" $((batch * 2 / 3))
	[ "$n" = 0 ] || packets ack $((n - 1)) $batch
	[ "$n" = 0 ] || { draw "$n"; packets fin "$r" $((batch / 3)); }
}

# service NAME KIND SERVICE SEED OPTIONS...: what happens to this service in each round; its number is K in SERVICE.
number=0
service() {
	local name=$1 kind=$2 service n r family=4 options weights=()
	number=$((number + 1))
	service=${3//K/$number} RANDOM=$4 options=${*:5}
	[[ $service != *'['* && $service != *' -6' ]] || family=6
	echo "-A $service $options" >> $dir/0.rules
	for ((n = 0; n < rounds; n++)); do
		[ "$name" != mixed ] || { draw ${#mixed[@]}; echo "-E $service -s ${mixed[r]}"; } >> $dir/$n.rules
		change >> $dir/$n.rules
		[ $n -ge 4 ] || change >> $dir/$n.rules
		traffic $n >> $dir/$n.packets
	done
}
mixed=(rr wrr lc wlc sed nq fo ovf sh mh dh)
plain='-t 10.9.0.K:80' mark='-f K'
service rr syn "$plain" 1 -s rr
service wrr syn "$plain" 2 -s wrr
service lc syn "$plain" 3 -s lc
service wlc syn "$plain" 4 -s wlc
service sed syn "$plain" 5 -s sed
service nq syn "$plain" 6 -s nq
service fo syn "$plain" 7 -s fo
service ovf syn "$plain" 8 -s ovf
service sh syn "$plain" 9 -s sh
service sh-port syn "$plain" 10 -s sh -b sh-port
service sh-fallback syn "$plain" 11 -s sh -b sh-fallback
service sh-both syn "$plain" 12 -s sh -b sh-fallback,sh-port
service mh syn "$plain" 13 -s mh
service mh-port syn "$plain" 14 -s mh -b mh-port
service mh-fallback syn "$plain" 15 -s mh -b mh-fallback
service mh-both syn "$plain" 16 -s mh -b mh-fallback,mh-port
service dh syn "$mark" 17 -s dh
service lblc syn "$mark" 18 -s lblc
service lblcr syn "$mark" 19 -s lblcr
service lblc-again syn "$mark" 20 -s lblc
service lblcr-again syn "$mark" 21 -s lblcr
service mixed syn "$plain" 22 -s rr
service wlc-again syn "$plain" 23 -s wlc
service udp-rr udp '-u 10.9.0.K:80' 24 -s rr
service udp-wrr udp '-u 10.9.0.K:80' 25 -s wrr
service udp-wlc udp '-u 10.9.0.K:80' 26 -s wlc
service udp-sh udp '-u 10.9.0.K:80' 27 -s sh -b sh-port
service udp-mh udp '-u 10.9.0.K:80' 28 -s mh -b mh-port
service rr6 syn '-t [2001:db8:9::K]:80' 29 -s rr
service sh6 syn '-t [2001:db8:9::K]:80' 30 -s sh -b sh-port,sh-fallback
service mh6 syn '-t [2001:db8:9::K]:80' 31 -s mh -b mh-port,mh-fallback
service dh6 syn '-f K -6' 32 -s dh
service lblcr6 syn '-f K -6' 33 -s lblcr

forge_network
for ((n = 1; n <= number; n++)); do
	echo "ip daddr 10.9.$n.0/24 meta mark set $n"
done | sed '1i table ip marks { chain p { type filter hook prerouting priority -149; policy accept
	$a }; }' | in_ns director nft -f -
for ((n = 1; n <= number; n++)); do
	echo "ip6 daddr 2001:db8:9:$n::/64 meta mark set $n"
done | sed '1i table ip6 marks { chain p { type filter hook prerouting priority -149; policy accept
	$a }; }' | in_ns director nft -f -
ip -n director route add local 2001:db8:9::/48 dev lo
begin=$SECONDS
for ((n = 0; n < rounds; n++)); do
	in_ns director "$IPVSADM" -R < $dir/$n.rules 2>&1
	in_ns client "$PEER" forge - < $dir/$n.packets
done
in_ns director "$IPVSADM" -Lnc > $dir/conns
[ $((SECONDS - begin)) -lt 50 ] || echo "the rounds took $((SECONDS - begin)) s, so connections may have ended by themselves"
# A line for each service, with one more for each server, in the order of the table, which is that of additions.
in_ns director "$IPVSADM" -Ln | awk 'NR > 3 && $1 != "->" { if (s) print s; s = $0; next } NR > 3 { s = s "~" $0 } END { print s }' | sort | tr '~' '\n'
awk 'NR > 2 { print $1, $3, $4, $5, $6 }' $dir/conns | sort
topo_down
rm -rf $dir
