// SPDX-License-Identifier: GPL-2.0-only
/*
 * Direct routing: the packet goes to its server unchanged, which answers the client itself.
 */
#include "packet/l3.h"
#include "trace.h"
#include "xmit/xmit.h"

enum ip_vs_verdict ip_vs_direct_xmit(struct ip_vs_packet *pkt, struct ip_vs_conn *cp)
{
	enum ip_vs_verdict verdict;
	struct dst_entry *dst;
	bool local;

	dst = ip_vs_route(pkt, cp, &local);
	if (unlikely(!dst))
		return ip_vs_drop(pkt, NO_ROUTE);
	if (unlikely(local))
		return IP_VS_ACCEPT;
	verdict = ip_vs_xmit_prepare(pkt, dst);
	if (unlikely(verdict != IP_VS_CONTINUE))
		return verdict;
	return ip_vs_xmit_send(pkt, dst);
}
