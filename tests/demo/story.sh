#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# The demonstration itself, in the guest: every step says what it does, shows the commands and what came of them,
# and is checked, so that a demonstration that goes wrong says so.
set -euo pipefail
# shellcheck source=/dev/null
. "$TREE/tests/lib/e2e.bash"

step=0
if [ -t 1 ] || [ "${COLOUR:-1}" = 1 ]; then bold=$'\e[1m' dim=$'\e[2m' plain=$'\e[0m'; else bold='' dim='' plain=''; fi

say() {
	step=$((step + 1))
	printf '\n%s%d. %s%s\n' "$bold" $step "$1" "$plain"
	shift
	[ $# -eq 0 ] || printf '   %s\n' "$@"
}
show() { printf '   %s%s%s\n' "$dim" "$1" "$plain"; }
quote() { sed 's/^/   | /'; }
on() {	# NAMESPACE COMMAND: shown as typed there, then run
	show "$1# $2"
	in_ns "$1" bash -c "$2" | quote
}

export PATH=$TREE/build/bin:$PATH
vip=10.9.0.1

say "Load the modules" "They are this project's own, built for this kernel; modprobe finds them first."
modprobe ip_vs
show "# modinfo -F filename ip_vs"
modinfo -F filename ip_vs | quote
modules_origin ip_vs | grep -q /updates/

say "Set up five machines, as network namespaces" \
	"  client 10.1.0.2 ───── director 10.9.0.1 ─┬─ s1 10.2.1.2  nginx" \
	"                        (virtual address)  ├─ s2 10.2.2.2  nginx" \
	"                                           └─ s3 10.2.3.2  nginx"
topo
family 4
nginx_start
for s in s1 s2 s3; do
	show "$s# curl http://10.2.${s#s}.2:8080/"
	in_ns $s curl -sS "http://10.2.${s#s}.2:8080/" | cut -d ' ' -f 1 | quote
done

say "Make them one service: requests to $vip port 80 go to the three in turn"
for rule in "-A -t $vip:80 -s rr" "-a -t $vip:80 -r 10.2.1.2:8080 -m" "-a -t $vip:80 -r 10.2.2.2:8080 -m" "-a -t $vip:80 -r 10.2.3.2:8080 -m"; do
	on director "ipvsadm $rule"
done

say "Nine requests by a real HTTP client; the name is that of the server that answered"
show "client# curl 'http://$vip/?[1-9]'"
http 9 > /tmp/answers
cut -d ' ' -f 1 /tmp/answers | xargs | quote
names < /tmp/answers | sed 's/^/each server: /' | quote
equal "s1:3 s2:3 s3:3" "$(names < /tmp/answers)"

say "The same for IPv6, with the servers weighted 3, 2 and 1 by the number of their connections"
family 6
{
	echo "-A -t $VIP:80 -s wlc"
	for i in 1 2 3; do echo "-a -t $VIP:80 -r ${RS[i]}:8080 -m -w $((4 - i))"; done
} > /tmp/rules
show "director# ipvsadm -R <<RULES"
quote < /tmp/rules
adm -R < /tmp/rules
http 12 > /tmp/answers
show "client# curl 'http://$VIP/?[1-12]'"
names < /tmp/answers | quote
equal 12 "$(wc -l < /tmp/answers)"
family 4

say "What the director counted"
wait_for 6 has_text "^TCP +$vip:80 +9 " adm -Ln --stats
on director "ipvsadm -Ln --stats"

say "And the connections it still remembers"
on director "ipvsadm -Lnc | head -n 12"

say "Take a server out of service gently: weight 0 means no new connections, open ones go on"
peers_start
adm -R <<-RULES
	-A -t $vip:7 -s rr
	-a -t $vip:7 -r 10.2.2.2:7000 -m
	-a -t $vip:7 -r 10.2.3.2:7000 -m
RULES
conn_open talk $vip 7 > /tmp/opened
show "client# a connection is opened to port 7 and stays open"
conn_say talk "hello" | sed -E 's/^(s.) .* (.*)$/\1 says: \2/' | quote
on director "ipvsadm -e -t $vip:7 -r 10.2.3.2:7000 -m -w 0"
on director "ipvsadm -e -t $vip:80 -r 10.2.3.2:8080 -m -w 0"
conn_say talk "still-there" > /tmp/said
sed -E 's/^(s.) .* (.*)$/\1 says: \2 (the open connection goes on)/' /tmp/said | quote
grep -q '^s3 ' /tmp/said
show "client# curl 'http://$vip/?[1-6]'"
http 6 > /tmp/answers
names < /tmp/answers | sed 's/$/ (new ones go to the others)/' | quote
equal "s1:3 s2:3" "$(names < /tmp/answers)"
on director "ipvsadm -Ln -t $vip:80"
conn_say talk @close > /dev/null

say "Save the rules, clear everything, restore them"
on director "ipvsadm-save -n > /tmp/rules; ipvsadm -C; ipvsadm -Ln"
on director "ipvsadm-restore < /tmp/rules; ipvsadm -Sn"
same_text "$(cat /tmp/rules)" "$(adm -Sn)" "what was restored"
http 4 > /tmp/answers
show "client# curl 'http://$vip/?[1-4]'"
names < /tmp/answers | quote
equal "s1:2 s2:2" "$(names < /tmp/answers)"

say "Clean up: the modules unload, and the kernel log has nothing to complain about"
adm -C
topo_down
wait_for 10 modules_unload
! dmesg | grep -E 'WARNING|BUG|Oops'
show "# rmmod ip_vs_rr ip_vs_wlc ip_vs"
echo "done" | quote
