# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
# raw
# Debian's keepalived starts with a configuration of every kind, reloads another one, and stops; what it makes of the table.
dir=$(mktemp -d)
adm() { /usr/sbin/ipvsadm "$@" 2>&1 || echo "status $?"; }
ip link add d0 type dummy
ip addr add 192.0.2.1/24 dev d0
ip link set d0 up multicast on
tables() {
	adm -Sn
	adm -Ln --thresholds | sed -E 's/size=[0-9]+/size=N/'
	adm -L --timeout
	adm -L --daemon
}
cp "$TREE/tests/diff/keepalived/first.conf" "$dir/conf"
keepalived -n -l -D -f "$dir/conf" -p "$dir/pid" -r "$dir/vrrp.pid" -c "$dir/checkers.pid" > "$dir/log" 2>&1 3>&- &
pid=$!
# It is settled when the checked server has given way to the sorry server and the VRRP instance has started the daemon.
settled() { adm -Sn | grep -q -- '-r 127.0.0.1:8080' && adm -L --daemon | grep -q master && adm -Sn | grep -q -- "$1"; }
wait_for 30 settled 10.0.0.4:8080 || sed 's/^/log: /' "$dir/log"
echo "== started"
tables
cp "$TREE/tests/diff/keepalived/second.conf" "$dir/conf"
kill -HUP $pid
wait_for 30 settled 10.0.0.1:8443 || sed 's/^/log: /' "$dir/log"
echo "== reloaded"
tables
kill $pid
wait $pid
echo "== stopped"
tables
grep -iE 'ipvs.*(error|fail|refus|invalid)' "$dir/log" | sed -E 's/^[A-Z][a-z]{2} .*[0-9]: //; s/[0-9]+\]/N]/' | sort
rm -rf "$dir"
