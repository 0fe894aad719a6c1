# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
# raw
# The socket options, right and wrong, in one sequence: every set and every get, with lengths and pointers that are
# not right, and every byte of the answers. What is not written to shows as the byte that was there before.
S=tcp=10.0.0.1:80 D=rs=10.0.2.10:8080 A=fill=0xa5
asked() { python3 -S "$TREE/tests/tools/sockopt.py" - < <(tee /tmp/sockopt.sent < /tmp/sockopt.ask) > /tmp/sockopt.got; answers /tmp/sockopt.sent /tmp/sockopt.got; }
# Sizes of tables are ours to choose.
answers() {
	awk -v sent="$1" -f "$TREE/tests/diff/answers.awk" "$2" |
		sed -E 's/size=[0-9]+/size=N/; s/^  info ([0-9]+) [0-9]+/  info \1 N/; s/^(  bytes .{8}).{8}(.*) info$/\1NNNNNNNN\2 info/; /^  bytes .* version$/ s/(73697a653d)(3[0-9])+29/\1N29/'
}
# Each set that carries something, at every wrong length and place; a request that would be right otherwise.
wrong_set() {
	local request=$* l
	for l in +1 -1 +24 -24 0 4 1048576; do echo "$request len=$l"; done
	for l in none cross; do echo "$request at=$l"; done
	echo "$request len=-1 at=none"
}
wrong_get() {
	local request=$* l
	for l in -1 0 4; do echo "$request len=$l"; done
	for l in none cross readonly; do echo "$request at=$l"; done
	for l in +1 +4 +100; do echo "$request $A len=$l bytes"; done
	echo "$request len=-1 at=none"
	echo "$request $A at=end bytes"
}
{
	# an empty table
	for o in none insert list restore save; do echo $o; echo $o len=4; echo $o len=1 at=none; done
	for o in flush "flush len=1" "flush at=none" "flush len=44 at=none"; do echo "$o"; done
	for o in set:1151 set:1168 set:0x7fffffff get:1151 get:1160 get:1167; do echo "${o/0x7fffffff/2147483647}"; done
	echo get:dest; echo get:dest len=96; echo get:dest len=96 at=none
	for o in version info timeout daemon; do echo "get:$o $A bytes"; wrong_get get:$o; done
	for o in service service\ udp=10.0.0.1:80 service\ 50=10.0.0.1:80 service\ mark=5 service\ 99=0.0.0.0:0; do echo "get:$o $A"; done
	for n in 0 1 5; do echo "get:services n=$n $A bytes"; echo "get:dests $S n=$n $A bytes"; done
	# services: what is checked, and in which order
	for o in add edit del zero adddest editdest deldest; do
		echo "$o $S $D"; echo "$o $S $D sched=sixteen_letters_"; echo "$o 50=10.0.0.1:80 $D sched=sixteen_letters_"; echo "$o $S $D sched=nonesuch"
		for p in 0 1 6 17 50 51 132 255 256 65535; do echo "$o $p=10.0.0.9:90 $D sched=nonesuch"; echo "$o $p=10.0.0.9:90 $D mark=77"; done
	done
	for f in 0 1 2 4 0x19 0x38 0xffffffff; do echo "add tcp=10.0.3.1:80 sched=rr flags=$f"; echo "get:service tcp=10.0.3.1:80 $A bytes"; echo "del tcp=10.0.3.1:80"; done
	for t in 1 300 2147483647 4294967295 17179870; do echo "add tcp=10.0.3.2:80 sched=rr flags=1 timeout=$t"; echo "get:service tcp=10.0.3.2:80"; echo "del tcp=10.0.3.2:80"; done
	for m in 0.0.0.0 255.255.0.0 1.2.3.4; do echo "add tcp=10.0.3.3:80 sched=rr netmask=$m"; echo "get:service tcp=10.0.3.3:80"; echo "del tcp=10.0.3.3:80"; done
	for s in hex:72720061 hex:00 hex:7272 none hex:6e6f6e6500ff rrr 'hex:20' hex:ff; do echo "add tcp=10.0.3.4:80 sched=$s"; echo "get:service tcp=10.0.3.4:80"; echo "del tcp=10.0.3.4:80"; done
	for a in 0.0.0.0:0 0.0.0.0:80 255.255.255.255:80 224.0.0.1:80 127.0.0.1:80 10.0.3.5:0; do echo "add tcp=$a sched=rr"; echo "add tcp=$a sched=rr flags=1 timeout=5"; echo "get:service tcp=$a"; echo "del tcp=$a"; done
	echo "add $S sched=rr"; echo "add $S sched=rr"; echo "add $S sched=nonesuch"; echo "get:service $S $A bytes"; echo "get:services n=1 $A bytes"
	wrong_set add tcp=10.0.3.6:80 sched=rr; wrong_set edit $S sched=wlc; wrong_set del $S; wrong_set zero $S; wrong_set zero
	wrong_get get:service $S; wrong_get get:services n=1
	echo "get:service $S"; echo "edit $S sched=wlc flags=1 timeout=60 netmask=255.255.255.0"; echo "get:service $S"
	echo "edit $S sched=nonesuch"; echo "edit $S flags=8"; echo "edit $S sched=none flags=8"; echo "get:service $S"; echo "edit udp=10.0.0.1:80 sched=rr"; echo "edit $S sched=rr"
	# marks keep the protocol they came with
	echo "add udp=10.0.0.9:9 mark=5 sched=rr"; echo "add tcp=1.2.3.4:5 mark=6 sched=rr"
	for p in tcp udp sctp; do for o in edit zero adddest get:service get:dests; do echo "$o $p=0.0.0.0:0 mark=5 sched=rr $D n=1"; done; done
	echo "get:services n=3"; echo "del tcp=0.0.0.0:0 mark=5"; echo "del udp=0.0.0.0:0 mark=5"; echo "del tcp=0.0.0.0:0 mark=6"
	# servers
	wrong_set adddest $S $D; echo "get:dests $S n=0"; echo "adddest $S $D"; echo "adddest $S $D"; wrong_set editdest $S $D weight=9; wrong_set deldest $S $D
	echo "get:dests $S n=1 $A bytes"; wrong_get get:dests $S n=1; echo "get:dests udp=10.0.0.1:80 n=1"; echo "get:dests 50=10.0.0.1:80 n=1"
	for w in 0 1 2147483647 -1 0x80000000; do echo "editdest $S $D weight=$w"; done
	for u in '0 l=0' '1 l=1' '1 l=2' '0x7fffffff l=0' '0x80000000 l=0' '5 l=0x80000000' '0 l=5'; do echo "editdest $S $D u=$u"; echo "get:dests $S n=1"; done
	for f in 0 1 2 3 4 5 7 0x80 0x100 0x2000 0x10000 0x12007 0xffffffff; do echo "editdest $S $D fwd=$f"; echo "get:dests $S n=1"; done
	for a in 0.0.0.0 127.0.0.1 224.0.0.1 240.0.0.1 255.255.255.255 10.0.2.20; do for p in 0 80; do echo "adddest $S rs=$a:$p"; echo "deldest $S rs=$a:$p"; done; done
	echo "editdest $S rs=10.0.9.9:80"; echo "deldest $S rs=10.0.9.9:80"; echo "deldest $S $D"; echo "deldest $S $D"
	for i in 1 2 3 4; do echo "adddest $S rs=10.0.2.$i:80 fwd=$((i - 1)) weight=$i"; echo "add udp=10.0.4.$i:53 sched=none"; done
	for n in 0 1 2 4 5 9; do echo "get:dests $S n=$n $A"; echo "get:info"; done
	echo "get:services n=5"; echo "get:services n=9 $A nonzero"; echo "get:dests $S n=9 $A nonzero"
	for n in 0x80000000 0xffffffff 0x2762762; do echo "get:services n=$n len=8"; echo "get:services n=$n len=112"; echo "get:dests $S n=$n len=24"; done
	# zero and flush
	echo zero; echo zero $S; echo zero udp=0.0.0.0:0; echo zero 99=0.0.0.0:0; echo zero 99=0.0.0.0:1; echo zero mark=1; echo flush; echo get:info
	# times
	wrong_set timeout tcp_timeout=1
	for t in 'tcp_timeout=1' 'fin=1' 'udp_timeout=1' '' 'tcp_timeout=-1' 'fin=-1 tcp_timeout=5' 'udp_timeout=2147483647' 'tcp_timeout=8589934' 'tcp_timeout=8589935' 'fin=8589934' 'fin=8589935 udp_timeout=7' 'tcp_timeout=50 fin=60 udp_timeout=70'; do
		echo "timeout $t"; echo get:timeout $A bytes; done
	# daemons
	for o in startdaemon stopdaemon; do
		wrong_set $o state=1 ifn=lo
		for s in 0 1 2 3 -1; do for i in '' lo nonesuch sixteen_letters_ hex:6c6f0061; do echo "$o state=$s ifn=$i syncid=7"; echo get:daemon $A bytes; done; done
		echo "$o state=1 ifn=lo syncid=256"; echo "$o state=2 ifn=lo syncid=-1"; echo get:daemon
	done
	echo "stopdaemon state=1"; echo "stopdaemon state=2"
} > /tmp/sockopt.ask
asked
echo "== through sockets of other kinds"
printf '%s\n' get:version "add $S sched=rr" "get:service $S" "get:dests $S n=0" "del $S" "del $S" > /tmp/sockopt.ask
for s in raw stream dgram6 raw6 stream6; do echo "-- $s"; SOCKET=$s asked; done
echo "== by anybody"
printf '%s\n' none insert add "add len=1" "add at=none" flush "flush len=3" zero timeout startdaemon get:version "get:info len=1" "get:services n=1 at=none" get:dest set:1151 set:1168 get:1160 > /tmp/sockopt.ask
chmod a+rw /tmp/sockopt.*
setpriv --reuid 65534 --clear-groups --inh-caps=-all --bounding-set=-all python3 -S "$TREE/tests/tools/sockopt.py" - < /tmp/sockopt.ask > /tmp/sockopt.got
answers /tmp/sockopt.ask /tmp/sockopt.got
echo "== beside the other interface"
genl_lines() { python3 -S "$TREE/tests/tools/genl.py" - | sort; }
printf '%s\n' "new_service svc=10/6/2001:db8::1/80 sched=rr flags=0 timeout=0 netmask=128" "new_service af=2 fwmark=9 sched=rr flags=0 timeout=0 netmask=0" \
	"new_service svc=2/6/10.0.0.1/80 sched=rr flags=0 timeout=0 netmask=0" "new_service svc=2/50/10.0.0.1/80 sched=rr flags=0 timeout=0 netmask=0" \
	"new_dest svc=2/6/10.0.0.1/80 d.addr=2001:db8::5 d.af=10 d.port=80 d.fwd=2 d.weight=1 d.u=0 d.l=0" \
	"new_dest svc=2/6/10.0.0.1/80 d.addr=10.0.2.5 d.port=80 d.fwd=2 d.weight=1 d.u=0 d.l=0 d.tun_type=1 d.tun_port=99 d.tun_flags=1" | genl_lines
printf '%s\n' get:info "get:services n=9" "get:service $S" "get:dests $S n=2 $A" "get:dests $S n=1 $A" "edit udp=0.0.0.0:0 mark=9 sched=rr" "edit tcp=0.0.0.0:0 mark=9 sched=rr" \
	"del 50=10.0.0.1:80" "editdest $S rs=10.0.2.5:80 fwd=2" "get:dests $S n=2" "edit $S sched=wlc" > /tmp/sockopt.ask
asked
printf '%s\n' "get_dest svc=2/6/10.0.0.1/80 dump" "get_service dump" | genl_lines
echo "== root of another namespace's user"
printf '%s\n' "add $S sched=rr" "get:service $S" "timeout tcp_timeout=5" get:timeout get:info flush > /tmp/sockopt.ask
chmod a+r /tmp/sockopt.ask
setpriv --reuid 65534 --regid 65534 --clear-groups unshare -Urn python3 -S "$TREE/tests/tools/sockopt.py" - < /tmp/sockopt.ask > /tmp/sockopt.got
answers /tmp/sockopt.ask /tmp/sockopt.got
rm -f /tmp/sockopt.*
