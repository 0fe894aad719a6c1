// SPDX-License-Identifier: GPL-2.0-only
/*
 * What every forwarding method has in common, and the choice between them.
 */
#include <net/dst.h>

#include "nfct/nfct.h"
#include "packet/l3.h"
#include "trace.h"
#include "xmit/xmit.h"

enum ip_vs_verdict ip_vs_xmit(struct ip_vs_packet *pkt, struct ip_vs_conn *cp)
{
	switch (ip_vs_conn_method(cp)) {
	case IP_VS_CONN_F_MASQ:
		return ip_vs_nat_xmit(pkt, cp);
	case IP_VS_CONN_F_DROUTE:
	case IP_VS_CONN_F_BYPASS:
		return ip_vs_direct_xmit(pkt, cp);
	case IP_VS_CONN_F_TUNNEL:
		return ip_vs_tunnel_xmit(pkt, cp);
	default:	/* IP_VS_CONN_F_LOCALNODE: the server is this host's own stack */
		return IP_VS_ACCEPT;
	}
}

enum ip_vs_verdict ip_vs_xmit_unchanged(struct ip_vs_packet *pkt)
{
	if (!ip_vs_l3_route_is_local(pkt->tuple.af, skb_dst(pkt->skb)))
		return ip_vs_drop(pkt, BOUNDARY);
	return IP_VS_ACCEPT;
}

enum ip_vs_verdict ip_vs_xmit_prepare(struct ip_vs_packet *pkt, unsigned int mtu)
{
	int af = pkt->tuple.af;

	/* a loopback address means nothing to another host */
	if (ip_vs_l3_is_loopback(af, &pkt->tuple.src))
		return ip_vs_drop(pkt, BOUNDARY);
	if (pkt->ttl <= 1) {
		ip_vs_l3_error(pkt, IP_VS_ERR_TTL, 0);
		return ip_vs_drop(pkt, TTL);
	}
	if (!ip_vs_l3_decrement_ttl(pkt->skb, af))
		return ip_vs_drop(pkt, NO_MEMORY);
	if (unlikely(ip_vs_l3_too_big(pkt->skb, af, mtu))) {
		ip_vs_l3_error(pkt, IP_VS_ERR_TOO_BIG, mtu);
		return ip_vs_drop(pkt, TOO_BIG);
	}
	return IP_VS_CONTINUE;
}

void ip_vs_xmit_mark(struct sk_buff *skb, const struct ip_vs_conn *cp)
{
	skb->ipvs_property = 1;
	if (likely(!(ip_vs_conn_flags(cp) & IP_VS_CONN_F_NFCT)))
		ip_vs_nfct_untrack(skb);
}

/* The route is lent, not referenced: whoever queues the skb beyond the RCU section takes a
 * reference of its own (skb_dst_force). Output may fragment: the MTU has been seen to.
 */
void ip_vs_xmit_take_route(struct ip_vs_packet *pkt, struct dst_entry *dst)
{
	struct sk_buff *skb = pkt->skb;

	skb_dst_drop(skb);
	skb_dst_set_noref(skb, dst);
	skb->ignore_df = 1;
	if (ip_vs_packet_received(pkt)) {
		/* neither the socket that early demux found nor the time of arrival are
		 * those of the packet that leaves
		 */
		skb_orphan(skb);
		skb_clear_tstamp(skb);
	}
}

enum ip_vs_verdict ip_vs_xmit_send(struct ip_vs_packet *pkt, const struct ip_vs_conn *cp,
				   struct dst_entry *dst)
{
	ip_vs_xmit_take_route(pkt, dst);
	ip_vs_xmit_mark(pkt->skb, cp);
	NF_HOOK(pkt->tuple.af, NF_INET_LOCAL_OUT, pkt->ipvs->net, NULL, pkt->skb, NULL, dst->dev,
		dst_output);
	return IP_VS_STOLEN;
}
