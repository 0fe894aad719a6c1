# SPDX-License-Identifier: GPL-2.0-only
# Builds the program under test: with sanitizers, over a kernel kept in a file.

setup_suite() {
	local top build

	top=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
	build=${O:-$top/build}
	make --no-print-directory -C "$top/ipvsadm" O="$build" test-program >&2 || return 1
	export IPVSADM_DIR=$build/test
}
