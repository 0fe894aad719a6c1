# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
# raw
# What kube-proxy and kube-router ask through their netlink library, in its shapes: every attribute each time and in its
# order, nests that are not marked as such, addresses as long as their family's, no family of a server's address, a full
# mask beside flags.
v4() { echo "af=2 proto=$1 s.3:$2 port=$3 sched=$4 flags=$5/0xffffffff timeout=${6:-0} netmask=255.255.255.255"; }
v6() { echo "af=10 proto=$1 s.3:$2 port=$3 sched=$4 flags=$5/0xffffffff timeout=${6:-0} netmask=128"; }
mark() { echo "af=2 fwmark=$1 sched=$2 flags=$3/0xffffffff timeout=0 netmask=255.255.255.255"; }
server() { echo "d.1:$1 d.port=$2 d.fwd=${4:-0} d.weight=$3 d.u=0 d.l=0"; }

cat > /tmp/kube.sent <<ASK
new_service $(v4 6 c6336400 20000 rr 0)
get_service dump
del_service $(v4 6 c6336400 20000 rr 0)
set_config tcp=900 fin=120 udp=300
get_config
new_service $(v4 6 0a600001 443 rr 0)
new_service $(v4 6 0a600001 443 rr 0)
new_service $(v4 17 0a60000a 53 rr 0)
new_service $(v4 6 0a600050 80 rr 1 10800)
new_service $(v6 6 fd000096000000000000000000000001 443 rr 0)
get_service $(v4 6 0a600001 443 rr 0)
new_dest $(v4 6 0a600001 443 rr 0) $(server c0a80102 6443 1)
new_dest $(v4 6 0a600001 443 rr 0) $(server c0a80103 6443 1)
new_dest $(v4 6 0a600001 443 rr 0) $(server c0a80103 6443 1)
new_dest $(v4 17 0a60000a 53 rr 0) $(server 0af40002 53 1)
new_dest $(v6 6 fd000096000000000000000000000001 443 rr 0) $(server fd000244000000000000000000000002 6443 1)
get_dest dump $(v4 6 0a600001 443 rr 0)
set_dest $(v4 6 0a600001 443 rr 0) $(server c0a80103 6443 0)
get_dest dump $(v4 6 0a600001 443 rr 0)
del_dest $(v4 6 0a600001 443 rr 0) $(server c0a80103 6443 0)
del_dest $(v4 6 0a600001 443 rr 0) $(server c0a80103 6443 0)
set_dest $(v4 6 0a600001 443 rr 0) $(server c0a80103 6443 1)
set_service $(v4 6 0a600050 80 rr 0)
set_service $(v4 6 0a600050 80 mh 1 600)
get_service $(v4 6 0a600050 80 mh 1)
new_service $(mark 3755 sh 0x18)
new_dest $(mark 3755 sh 0x18) $(server 0af40003 8080 1 2)
new_dest $(mark 3755 sh 0x18) $(server 0af40004 8080 1 2)
set_service $(mark 3755 maglev 0)
set_service $(mark 3755 rr 1)
get_dest dump $(mark 3755 rr 0)
new_service $(v4 132 0a600051 3868 rr 0)
get_service dump
get_dest dump $(v6 6 fd000096000000000000000000000001 443 rr 0)
del_service $(v4 17 0a60000a 53 rr 0)
del_service $(v4 17 0a60000a 53 rr 0)
get_dest dump $(v4 17 0a60000a 53 rr 0)
flush
get_service dump
ASK
python3 -S "$TREE/tests/tools/genl.py" - < /tmp/kube.sent > /tmp/kube.got
awk -v sent=/tmp/kube.sent -f "$TREE/tests/diff/answers.awk" /tmp/kube.got
rm -f /tmp/kube.*
