# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
# raw
# What holds a module, by the text of rmmod and lsmod, and what loads one by itself.
adm() { /usr/sbin/ipvsadm "$@" 2>&1 || echo "status $?"; }
loaded() { awk '$1 ~ /^ip_vs/ { print $1 }' /proc/modules | sort | xargs; }
drop() { rmmod "$@" 2>&1 | sed 's/.*: //'; }
count() { awk -v m="$1" '$1 == m { print $1, $3, $4 }' /proc/modules; }
modules_unload
echo "none: $(loaded)"
setpriv --reuid 65534 --clear-groups /usr/sbin/ipvsadm -Ln 2>&1
echo "asked by anybody: $(loaded)"
count ip_vs
adm -A -t 10.0.0.1:80 -s rr
echo "a service: $(loaded)"; count ip_vs; count ip_vs_rr
drop ip_vs_rr; drop ip_vs
adm -E -t 10.0.0.1:80 -s wlc
echo "edited: $(loaded)"; count ip_vs; count ip_vs_rr; count ip_vs_wlc
drop ip_vs_rr
echo "rr gone: $(loaded)"; count ip_vs
adm -A -t 10.0.0.1:81 -s ''
adm -A -t 10.0.0.1:81 -s nonesuch
adm -A -t 10.0.0.1:81 -s rr --pe nonesuch
adm -E -t 10.0.0.1:80 -s nonesuch
echo "unknown ones: $(loaded)"; count ip_vs; count ip_vs_wlc
adm -A -t 10.0.0.1:80 -s lc
echo "twice: $(loaded)"; count ip_vs
unshare -n bash -c '/usr/sbin/ipvsadm -A -u 10.0.0.1:53 -s wlc; awk "\$1 == \"ip_vs\" { print \$1, \$3 }" /proc/modules'
released() { [ "$(count ip_vs)" = "$1" ]; }
adm -C
# a service of another namespace, until that is gone
ip netns add other
in_ns other /usr/sbin/ipvsadm -A -t 10.0.0.1:80 -s lc
drop ip_vs_lc
ip netns del other
wait_for 10 rmmod ip_vs_lc && echo "gone with its namespace"
echo "cleared"; wait_for 10 has_text '^ip_vs [0-9]+ ' count ip_vs; count ip_vs_wlc
adm --start-daemon backup --mcast-interface lo
adm --start-daemon backup --mcast-interface lo
drop ip_vs_wlc ip_vs_rr; drop ip_vs
adm --stop-daemon backup
adm --stop-daemon backup
modules_unload && echo "all gone"
for bits in 10 3 99; do
	modprobe ip_vs conn_tab_bits=$bits
	echo "conn_tab_bits=$bits: $(< /sys/module/ip_vs/parameters/conn_tab_bits) $(head -1 /proc/net/ip_vs)"
	[ $bits != 10 ] || stat -c '%A' /sys/module/ip_vs/parameters/conn_tab_bits
	rmmod ip_vs
done
modprobe ip_vs conn_tab_bits=x 2>&1 | sed 's/.*: //'
# Names and types of parameters; how they are described is everybody's own.
all=(ip_vs ip_vs_rr ip_vs_wrr ip_vs_lc ip_vs_wlc ip_vs_lblc ip_vs_lblcr ip_vs_dh ip_vs_sh ip_vs_sed ip_vs_nq ip_vs_fo ip_vs_ovf ip_vs_mh ip_vs_pe_sip)
modinfo -F parm "${all[@]}" | sed 's/:.* (/ (/'
modinfo -F alias "${all[@]}"
modprobe -a "${all[@]}" || echo "not all of them"
loaded
modules_unload
modprobe ip_vs
