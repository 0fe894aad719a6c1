#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# What `make demo` shows, on the host's side: boot the guest and let it tell the story.
#   demo.sh RELEASE
set -euo pipefail
here=$(dirname "$(readlink -f "$0")")
release=$1
tree=$(readlink -f "$here/../..")
echo
echo "Booting Linux $release in a virtual machine, with our modules in place of its own ..."
start=$SECONDS
out=$tree/build/tests/demo
mkdir -p "$out"
if "$here/../vm/run.sh" -k "$release" -M ours -t 600 -o "$out" /tree/tests/demo/story.sh; then
	echo
	echo "That was the whole of it, in $((SECONDS - start)) seconds. Next: make vm-shell, to play in that network; README, to install."
else
	echo
	echo "The demonstration failed; the virtual machine's console is in $out/console." >&2
	exit 1
fi
