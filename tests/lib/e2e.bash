# SPDX-License-Identifier: GPL-2.0-only
# What every end-to-end suite starts with. Set from outside: TREE, RELEASE, MODULES (ours, stock), IPVSADM.
: "${TREE:?}" "${RELEASE:?}" "${MODULES:?}"
: "${IPVSADM:=$TREE/build/bin/ipvsadm}"
PEER=$TREE/build/tests/peer
export LD_LIBRARY_PATH=$TREE/build/lib

for lib in modules wait expect topo traffic tunnels genl sockopt; do
	# shellcheck source=/dev/null
	. "$TREE/tests/lib/$lib.bash"
done
