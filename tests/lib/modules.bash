# SPDX-License-Identifier: GPL-2.0-only
# Which IPVS modules this guest uses, loading and unloading them. Sourced by guest.sh and by the suites.
# Needs RELEASE and TREE.

# modules_use ours|stock: unload whatever is loaded and make every later modprobe find the ones asked for.
modules_use() {
	local dir=/lib/modules/$RELEASE
	modules_unload || return
	rm -rf "$dir/updates"
	if [ "$1" = ours ]; then
		cp -r "$OUT/.modules$dir/." "$dir/"
	else
		cp "$TREE/build/vm/$RELEASE$dir"/modules.* "$dir/"
	fi
	MODULES=$1
}

modules_loaded() { awk '$1 ~ /^(ip_vs|xt_ipvs)/ { print $1 }' /proc/modules; }

# modules_unload: remove all IPVS modules, dependents first. Fails if one is still in use.
modules_unload() {
	local m left
	for m in $(modules_loaded); do
		[ "$m" = ip_vs ] || rmmod "$m" || return
	done
	left=$(modules_loaded)
	[ -z "$left" ] || rmmod ip_vs
}

# modules_refs: references on ip_vs that are not held by another module; empty if it is not loaded.
modules_refs() { cat /sys/module/ip_vs/refcnt 2>/dev/null || true; }

modules_origin() { modinfo -F filename "$1"; }
