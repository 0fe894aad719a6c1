/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What a stage of the packet's walk answers, and every reason for a drop.
 * Drops are made with ip_vs_drop() (trace.h), which fires the tracepoint.
 */
#ifndef IP_VS_VERDICT_H
#define IP_VS_VERDICT_H

enum ip_vs_verdict {
	IP_VS_CONTINUE,		/* go on to the next stage */
	IP_VS_ACCEPT,		/* leave the packet to the stack */
	IP_VS_DROP,		/* the hook's caller frees the packet */
	IP_VS_STOLEN,		/* sent, queued or freed here */
};

/* X(NAME): the tracepoint prints the name. */
#define IP_VS_DROP_REASONS(X)						\
	X(TRUNCATED)	/* transport header cut short */		\
	X(NO_DEST)	/* no destination takes new connections */	\
	X(DEST_GONE)	/* the connection's destination was removed */	\
	X(NO_PE_DATA)	/* the persistence engine found nothing to go by */ \
	X(NO_MEMORY)							\
	X(TABLE_FULL)	/* conn_max reached, or the table refused it */	\
	X(NO_ROUTE)	/* no way to the destination */			\
	X(BOUNDARY)	/* between local and remote, not allowed */	\
	X(TTL)		/* time to live exceeded */			\
	X(TOO_BIG)	/* larger than the path MTU */			\
	X(CHECKSUM)							\
	X(DEFENSE)	/* drop_packet chose it */			\
	X(NO_CONN)	/* a server speaks to nobody's client */		\
	X(NO_TUNNEL)	/* no destination that says how to tunnel */	\
	X(REWRITE)	/* headers could not be made writable */	\
	X(REROUTE)	/* no way for a translated reply */		\
	X(TRACKING)	/* connection tracking does not let go of an old flow */ \
	X(HELPER)	/* its helper will have it, or the rest of it, sent again */ \
	X(FRAGMENT)	/* reassembly gave nonsense */

#define X(name) IP_VS_DROP_##name,
enum ip_vs_drop_reason { IP_VS_DROP_REASONS(X) IP_VS_DROP_MAX };
#undef X

#endif
