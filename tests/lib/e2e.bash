# SPDX-License-Identifier: GPL-2.0-only
# What every end-to-end suite starts with. Set from outside: TREE, RELEASE, MODULES (ours, stock), IPVSADM.
: "${TREE:?}" "${RELEASE:?}" "${MODULES:?}"
: "${IPVSADM:=$TREE/build/bin/ipvsadm}"
PEER=$TREE/build/tests/peer
export LD_LIBRARY_PATH=$TREE/build/lib

# Before each command bats writes down where it stands, which costs fifty times an ordinary command. The lines of the
# suite are enough to find what failed.
if [ -n "${BATS_TEST_SOURCE:-}" ]; then
	trap '[[ $BASH_SOURCE != "$BATS_TEST_SOURCE" ]] || bats_debug_trap "$BASH_SOURCE"' DEBUG
fi

for lib in modules wait expect topo traffic tunnels requests; do
	# shellcheck source=/dev/null
	. "$TREE/tests/lib/$lib.bash"
done
