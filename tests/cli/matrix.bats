#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only
# Every command with every option: refused, allowed or required.
load cli

# name, option as given, and where it stands: + required, . allowed, - refused, for
# -A -E -D -C -L -a -d -e --set --start-daemon --stop-daemon -R -S -Z
MATRIX='
numeric            -n                          ----.-------.-
connection         -c                          ----.---------
scheduler          -s_rr                       ..------------
persistent         -p                          ..------------
netmask            -M_255.255.255.0            ..------------
forwarding-method  -m                          -----.-.------
weight             -w_2                        -----.-.------
u-threshold        -x_10                       -----.-.------
mcast-interface    --mcast-interface_lo        ---------.----
timeout            --timeout                   ----.---------
daemon             --daemon                    ----.---------
stats              --stats                     ----.---------
rate               --rate                      ----.---------
thresholds         --thresholds                ----.---------
persistent-conn    --persistent-conn           ----.---------
nosort             --nosort                    ----.---------
syncid             --syncid_1                  ----.----..---
exact              --exact                     ----.---------
ops                -o                          ..------------
pe                 --pe_sip                    ..------------
sched-flags        -b_flag-1                   ..------------
mcast-group        --mcast-group_224.0.0.1     ---------.----
mcast-port         --mcast-port_1              ---------.----
mcast-ttl          --mcast-ttl_1               ---------.----
sync-maxlen        --sync-maxlen_500           ---------.----
tun-info           --tun-info                  ----.---------
check              --check                     -----------.--
strict             --strict                    -----------.--
all                --all                       ------------.-
keep               --keep                      -.-----.------
or-edit            --or-edit                   .----.--------
if-exists          --if-exists                 --..--.-------
dry-run            --dry-run                   --------------
json               --json                      ----.-------.-
wide               --wide                      ----.---------
client             --client_10.0.0.1           --------------
state              --state_CLOSE               --------------
sort               --sort                      ..............
'

commands=(
	"-A -u 10.0.0.1:80" "-E -u 10.0.0.1:80" "-D -u 10.0.0.1:80" "-C" "-L"
	"-a -u 10.0.0.1:80 -r 10.0.0.2" "-d -u 10.0.0.1:80 -r 10.0.0.2"
	"-e -u 10.0.0.1:80 -r 10.0.0.2" "--set 1 2 3" "--start-daemon master"
	"--stop-daemon master" "-R" "-S" "-Z"
)
called=(
	add-service edit-service delete-service flush list add-server delete-server edit-server
	set start-daemon stop-daemon restore save zero
)

@test "every option is taken or refused by every command as it always was" {
	local name option marks i wanted

	while read -r name option marks; do
		[ -n "$name" ] || continue
		for i in "${!commands[@]}"; do
			# shellcheck disable=SC2086
			run_split ipvsadm ${commands[i]} ${option/_/ } < /dev/null
			wanted="Illegal '$name' option with the '${called[i]}' command"
			if [ "${marks:i:1}" = - ]; then
				[ "$status $err" = "2 $wanted" ]
			else
				[ "$err" != "$wanted" ] && [[ $err != *"need to supply"* ]]
			fi || { show ipvsadm "${commands[i]}" "${option/_/ }"; return 1; }
		done
	done <<< "$MATRIX"
}

@test "commands say what they need" {
	expect_table <<- 'END'
		2 | You need to supply the 'service-address' option for the 'add-service' command | -A
		2 | You need to supply the 'service-address' option for the 'edit-service' command | -E -s rr
		2 | You need to supply the 'service-address' option for the 'delete-service' command | -D
		2 | You need to supply the 'real-server' option for the 'add-server' command | -a -t 10.0.0.1:80
		2 | You need to supply the 'service-address' option for the 'edit-server' command | -e -r 10.0.0.2
		2 | You need to supply the 'real-server' option for the 'delete-server' command | -d -f 1
	END
}

@test "services go with the commands that speak of one" {
	local command

	for command in -C --set\ 1\ 2\ 3 '--start-daemon master' '--stop-daemon backup' -R -S; do
		# shellcheck disable=SC2086
		run_split ipvsadm $command -t 10.0.0.1:80 < /dev/null
		[[ $status = 2 && $err = "Illegal 'service-address' option with the '"*"' command" ]]
	done
	expect 255 "No such service" ipvsadm -Z -t 10.0.0.1:80
	expect 1 "No such service" ipvsadm -L -t 10.0.0.1:80
}
