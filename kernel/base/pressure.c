// SPDX-License-Identifier: GPL-2.0-only
/*
 * The automatic states of the defences drop_entry, drop_packet and secure_tcp:
 * 1 waits and 2 works, whichever suits the memory that is left. 0 (never) and 3
 * (always) are the user's alone.
 */
#include <linux/mm.h>

#include "base/knobs.h"

/**
 * ip_vs_memory_available() - pages that amemthresh is compared with
 *
 * Context: Any.
 */
long ip_vs_memory_available(void)
{
	struct sysinfo info;

	si_meminfo(&info);
	return info.freeram + info.bufferram;
}

static void judge(int *defence, bool pressed)
{
	int state = READ_ONCE(*defence);

	/* a user's 0 or 3, written meanwhile, wins */
	if (state == 1 || state == 2)
		cmpxchg(defence, state, pressed ? 2 : 1);
}

/**
 * ip_vs_pressure_update() - put the automatic defences to work, or to rest
 * @knobs: of a namespace
 *
 * Called when one of the knobs is written, and every second.
 * Context: Process or softirq.
 */
void ip_vs_pressure_update(struct ip_vs_knobs *knobs)
{
	bool pressed = ip_vs_memory_available() < max(READ_ONCE(knobs->amemthresh), 0);

	judge(&knobs->drop_entry, pressed);
	judge(&knobs->drop_packet, pressed);
	judge(&knobs->secure_tcp, pressed);
}
