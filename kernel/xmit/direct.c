// SPDX-License-Identifier: GPL-2.0-only
/*
 * Direct routing: the packet goes to its server unchanged, which answers the client itself.
 */
#include <net/dst.h>

#include "trace.h"
#include "xmit/xmit.h"

enum ip_vs_verdict ip_vs_direct_xmit(struct ip_vs_packet *pkt, struct ip_vs_conn *cp)
{
	const struct ip_vs_route *route = ip_vs_route(pkt, cp);
	enum ip_vs_verdict verdict;

	if (unlikely(!route))
		return ip_vs_drop(pkt, NO_ROUTE);
	if (unlikely(route->local))
		return ip_vs_xmit_unchanged(pkt);
	verdict = ip_vs_xmit_prepare(pkt, dst_mtu(route->dst));
	if (unlikely(verdict != IP_VS_CONTINUE))
		return verdict;
	return ip_vs_xmit_send(pkt, cp, route->dst);
}
