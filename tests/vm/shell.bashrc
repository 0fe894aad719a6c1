# Start-up file of the shell of `make vm-shell`.
. /etc/bash.bashrc 2>/dev/null
. "$TREE/tests/lib/e2e.bash"
PS1='\[\e[1m\]vm\[\e[0m\]:\w# '
stty cols 130 rows 40 2>/dev/null
alias ipvsadm='in_ns director "$IPVSADM"'
topo
family 4
servers_start
set +euo pipefail
echo "Namespaces: client director s1 s2 s3, nginx on port 8080 of each server; try:"
echo "  ipvsadm -A -t $VIP:80 -s rr; for i in 1 2 3; do ipvsadm -a -t $VIP:80 -r \${RS[\$i]}:8080 -m; done"
echo "  in_ns client curl $VIP; ipvsadm -Ln --stats"
