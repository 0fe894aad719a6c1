#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# Make sure that the Debian packages of some purposes (tests/vm/packages) are installed.
#   need.sh [-p PACKAGE]... [PURPOSE]...
# Without anything to install it only asks dpkg, so it works offline and for any user.
# NEED=skip trusts that everything is there, for machines without apt.
set -euo pipefail
here=$(dirname "$(readlink -f "$0")")

die() { printf '%s\n' "$@" >&2; exit 1; }

purpose() { awk -v p="$1" '$1 == p { $1 = ""; print; found = 1 } END { exit !found }' "$here/packages"; }

packages=()
while [ $# -gt 0 ]; do
	case $1 in
	-p) packages+=("$2"); shift 2 ;;
	*) read -ra more <<< "$(purpose "$1")"; packages+=("${more[@]}"); shift ;;
	esac
done
[ "${NEED:-}" != skip ] || exit 0
mapfile -t packages < <(printf '%s\n' "${packages[@]}" | sort -u)

if ! command -v dpkg-query >/dev/null || ! command -v apt-get >/dev/null; then
	die "This machine is not Debian-like (no apt-get), so nothing can be installed for you." \
		"Install what these Debian packages hold, then repeat with NEED=skip:" "  ${packages[*]}"
fi

is_installed() { [ "$(dpkg-query -W -f '${db:Status-Status}' "$1" 2>/dev/null)" = installed ]; }

missing=()
for p in "${packages[@]}"; do is_installed "$p" || missing+=("$p"); done
[ ${#missing[@]} -gt 0 ] || exit 0
[ "$(id -u)" = 0 ] || die "These Debian packages are missing and only root can install them:" \
	"  apt-get install --no-install-recommends ${missing[*]}" "Run that as root, or run this command as root."

apt=(apt-get -q -y -o DPkg::Lock::Timeout=600 -o Dpkg::Use-Pty=0)
export DEBIAN_FRONTEND=noninteractive
log=$(mktemp)
policy=/usr/sbin/policy-rc.d
made_policy=
cleanup() { rm -f "$log"; [ -z "$made_policy" ] || rm -f "$policy"; }
trap cleanup EXIT

# A test tool that is a daemon must not start serving on the machine that happens to run the tests.
services=()
for s in $(purpose services); do is_installed "$s" || services+=("$s"); done
if [ ! -e "$policy" ]; then
	printf '#!/bin/sh\nexit 101\n' > "$policy"
	chmod +x "$policy"
	made_policy=1
fi

echo "Installing Debian packages: ${missing[*]}" >&2
install() { "${apt[@]}" install --no-install-recommends "${missing[@]}" > "$log" 2>&1; }
if ! apt-cache show "${missing[@]}" >/dev/null 2>&1 || ! install; then
	"${apt[@]}" update > "$log" 2>&1 || die "apt-get update failed:" "$(tail -n 20 "$log")"
	install || die "apt-get install failed:" "$(tail -n 20 "$log")"
fi
if [ -d /run/systemd/system ]; then
	for s in "${services[@]}"; do
		if is_installed "$s"; then systemctl -q disable "$s" 2>/dev/null || true; fi
	done
fi
