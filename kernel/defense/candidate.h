/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Which connections drop_entry gives up. Pure: also built in user space for its tests.
 */
#ifndef IP_VS_CANDIDATE_H
#define IP_VS_CANDIDATE_H

#include <linux/types.h>

#define IP_VS_QUIET_PACKETS 8		/* a connection with more requests has proved itself */
#define IP_VS_QUIET_SECONDS 60

enum ip_vs_candidate {
	IP_VS_KEEP,		/* it looks like honest work */
	IP_VS_GIVE_UP,		/* nothing is lost but a half-open connection */
	IP_VS_GIVE_UP_SOME,	/* idle: the more packets it has had, the fewer of its kind go */
};

/* Of those with @packets requests every how manyth is given up; @seen counts them by number. */
static inline bool ip_vs_candidate_turn(u32 *seen, u32 packets)
{
	if (!packets || packets > IP_VS_QUIET_PACKETS)
		return false;
	if (++seen[packets] < packets)
		return false;
	seen[packets] = 0;
	return true;
}

#endif
