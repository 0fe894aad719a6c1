#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# The layers of kernel/ (kernel/README.md), read from its #include lines: a file may include headers of its own folder
# and of lower layers; modules of their own (schedulers, helpers) include api.h only. trace.h is for any .c file.
set -euo pipefail
cd "$(dirname "$0")/../../kernel"

plugins=$(make -s -f - list 2>/dev/null <<'M' || true
src := .
include Kbuild
list: ; @echo $(foreach m,$(filter-out ip_vs.o,$(obj-m)),$($(m:.o=-y):.o=.c))
M
)
[ -n "$plugins" ] || { echo "layers.sh: found no plug-in modules in kernel/Kbuild"; exit 1; }

find . -name '*.[ch]' ! -path './compat/*' -printf '%P\n' | sort | xargs awk -v plugins=" $plugins " '
	BEGIN {
		split("main.c:7 trace.c:7 trace.h:7 ctl:6.5 fastpath:6 hook:6 xmit:5 sync:5 api.h:5 sched:4.5 " \
			"proto:4 app:2 defense:4.4 xt:4 conn:3.5 svc:3 nfct:2.5 packet:2 stats:2 pe:2 base:1 uapi:1 netns.h:1", row, " ")
		# Calls that point upward and are meant to: what the lower file needs is a few functions, not a type.
		known["svc/service.c sched/sched.h"]	# binding and unbinding a scheduler belongs to changing a service
		known["svc/dest.c sched/sched.h"]	# a scheduler is told of changed destinations
		known["conn/proc.c proto/proto.h"]	# names of protocols and states, for the listing
		known["conn/reuse.c proto/proto.h"]	# is this state one that a new connection may take over
		known["conn/expire.c sync/sync.h"]	# backups are told that a connection stays
		for (i in row) { split(row[i], pair, ":"); layer[pair[1]] = pair[2] }
	}
	function folder(path) { return path ~ "/" ? substr(path, 1, index(path, "/") - 1) : path }
	function complain(text) { print FILENAME ":" FNR ": " text; bad = 1 }
	/^#include "/ {
		header = $2
		gsub(/"/, "", header)
		mine = folder(FILENAME)
		its = folder(header)
		if (header !~ "/" && !(header in layer)) its = mine	# a neighbour, by its bare name
		if (index(plugins, " " FILENAME " ")) {
			if (header != "api.h" && !(its == mine && header ~ /_parse\.h$/))
				complain("a module of its own may include api.h only, not " header)
		} else if (!(mine in layer)) {
			complain("folder " mine " has no layer; give it one in tests/lint/layers.sh and kernel/README.md")
		} else if (!(its in layer)) {
			complain("what is " header "? include by path from kernel/, as in \"conn/conn.h\"")
		} else if ((FILENAME " " header) in known) {
			next
		} else if (header == "trace.h") {
			if (FILENAME !~ /\.c$/) complain("trace.h is for .c files")
		} else if (its != mine && layer[its] + 0 >= layer[mine] + 0) {
			complain(header " is of layer " layer[its] ", not below " mine " (layer " layer[mine] \
				"): declare an ops struct in the lower layer and fill it in the upper one")
		}
	}
	END { exit bad }'
