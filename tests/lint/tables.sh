#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# Every row of ipvsadm's option and command tables has its paragraph in the manual
# page, every paragraph has its row; so has every sysctl; and each attribute of the kernel's interface has
# a row in the field tables.
set -euo pipefail
cd "$(dirname "$0")/../.."
bad=0
complain() { echo "$1"; bad=1; }

rows() { sed -nE 's/^\t(\{ \.name = |FLAG\()"([a-z0-9-]+)".*/\2/p' ipvsadm/options.c ipvsadm/commands.c | sort -u; }
paragraphs() { sed -n '/^\.It /p' man/ipvsadm.8 | grep -oE -- 'Fl -[a-z0-9-]+' | sed 's/^Fl -//' | sort -u; }

[ "$(rows | wc -l)" -gt 40 ] || complain "ipvsadm: no rows found, has their form changed?"
for name in $(comm -23 <(rows) <(paragraphs)); do
	complain "man/ipvsadm.8: --$name has no paragraph; add an .It line with \"Fl -$name\""
done
for name in $(comm -13 <(rows) <(paragraphs)); do
	complain "man/ipvsadm.8: --$name has a paragraph, but no row in ipvsadm/options.c or commands.c"
done

knobs() { sed -nE 's/^\tROW\(([a-z_]+),.*/\1/p' kernel/ctl/sysctl.c | sort -u; }
# the last two come with modules of schedulers
knob_paragraphs() { sed -nE 's/^\.It Va ([a-z_]+) .*/\1/p' man/ip_vs.7 | grep -v '^lblcr*_expiration$' | sort -u; }
[ "$(knobs | wc -l)" -gt 30 ] || complain "kernel/ctl/sysctl.c: no rows found, has their form changed?"
for name in $(comm -23 <(knobs) <(knob_paragraphs)); do
	complain "man/ip_vs.7: $name has no paragraph; add an .It line with \"Va $name\""
done
for name in $(comm -13 <(knobs) <(knob_paragraphs)); do
	complain "man/ip_vs.7: $name has a paragraph, but no row in kernel/ctl/sysctl.c"
done

# attributes that carry no field: ends of enums, nests, padding
no_field='_(UNSPEC|MAX|PAD)$|^IPVS_CMD_ATTR_(SERVICE|DEST|DAEMON)$'
attributes=$(grep -ohE '\<IPVS_(SVC|DEST|DAEMON|STATS|INFO|CMD)_ATTR_[A-Z0-9_]+' /usr/include/linux/ip_vs.h |
	grep -vE "$no_field" | sort -u)
for name in $attributes; do
	grep -qw "$name" kernel/uapi/ipvs_fields.h || complain "kernel/uapi/ipvs_fields.h: no row for $name"
done
exit $bad
