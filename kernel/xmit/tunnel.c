// SPDX-License-Identifier: GPL-2.0-only
/*
 * Tunnelling: the packet goes to its server inside another one, of either family. What stands
 * between the two network headers is the affair of encap_*.c.
 */
#include <net/dst.h>
#include <net/ip.h>
#include <net/ip_tunnels.h>

#include "base/knobs.h"
#include "nfct/nfct.h"
#include "trace.h"
#include "xmit/encap.h"
#include "xmit/xmit.h"

const struct ip_vs_encap *ip_vs_encap_find(u8 tun_type)
{
	switch (tun_type) {
	case IP_VS_CONN_F_TUNNEL_TYPE_IPIP:
		return &ip_vs_encap_ipip;
	case IP_VS_CONN_F_TUNNEL_TYPE_GUE:
		return &ip_vs_encap_gue;
	case IP_VS_CONN_F_TUNNEL_TYPE_GRE:
		return &ip_vs_encap_gre;
	default:
		return NULL;
	}
}

/* With pmtu_disc off nobody is told of too large packets: the outer one is fragmented. IPv6
 * leaves no such choice.
 */
static bool discovers_mtu(const struct ip_vs_packet *pkt)
{
	return pkt->tuple.af == AF_INET6 || ip_vs_knob(pkt->ipvs, pmtu_disc);
}

/* A socket of this host adapts before it is refused. Its packet has no device yet, and from the
 * device the stack reads which route is meant.
 */
static void tell_own_socket(struct sk_buff *skb, unsigned int mtu)
{
	struct net_device *dev = skb->dev;

	if (!skb_dst(skb))
		return;
	skb->dev = skb_dst(skb)->dev;
	skb_dst_update_pmtu_no_confirm(skb, mtu);
	skb->dev = dev;
}

static enum ip_vs_verdict prepare(struct ip_vs_packet *pkt, const struct ip_vs_tunnel *t,
				  const struct ip_vs_route *route)
{
	unsigned int overhead = ip_vs_encap_overhead(t->encap, t->outer_af, t->skb, t->flags);
	unsigned int mtu = dst_mtu(route->dst);

	if (mtu < overhead + ip_vs_af_min_mtu(t->outer_af))
		return ip_vs_drop(pkt, TOO_BIG);
	mtu -= overhead;
	if (!ip_vs_packet_received(pkt))
		tell_own_socket(t->skb, mtu);
	return ip_vs_xmit_prepare(pkt, discovers_mtu(pkt) ? mtu : IP_MAX_MTU);
}

/* Segmentation and checksums concern the packet inside from here on. */
static int mark_inner(const struct ip_vs_packet *pkt, const struct ip_vs_tunnel *t)
{
	int gso_type = t->encap->gso_type ? t->encap->gso_type(t->skb, t->flags) : 0;
	struct sk_buff *skb = t->skb;

	if (t->encap->proto != IPPROTO_GRE) {
		skb_set_inner_ipproto(skb, ip_vs_encap_inner_proto(t->inner_af));
		gso_type |= t->outer_af == AF_INET6 ? SKB_GSO_IPXIP6 : SKB_GSO_IPXIP4;
	}
	skb_set_transport_header(skb, pkt->l4);
	if (iptunnel_handle_offloads(skb, gso_type))
		return -ENOMEM;
	/* of the link that it came from nothing is left */
	skb_set_inner_mac_header(skb, skb_inner_network_offset(skb));
	return 0;
}

/* The data begins with the packet, @skb's headers are writable. */
static int encapsulate(const struct ip_vs_packet *pkt, struct ip_vs_tunnel *t,
		       const struct ip_vs_route *route)
{
	struct sk_buff *skb = t->skb;
	unsigned int room = ip_vs_encap_overhead(t->encap, t->outer_af, skb, t->flags) +
			    LL_RESERVED_SPACE(route->dst->dev) + route->dst->header_len;

	ip_vs_l3_read_inner(skb, t->inner_af, &t->outer);
	t->outer.df = t->outer.df && discovers_mtu(pkt);
	if (skb_cow_head(skb, room) || mark_inner(pkt, t))
		return -ENOMEM;
	if (t->encap->push) {
		if (t->encap->push(t))
			return -EINVAL;
	} else {
		skb_reset_transport_header(skb);
	}
	ip_vs_l3_push_outer(t->net, skb, t->outer_af, &t->outer);
	return 0;
}

enum ip_vs_verdict ip_vs_tunnel_xmit(struct ip_vs_packet *pkt, struct ip_vs_conn *cp)
{
	const struct ip_vs_dest *dest = cp->dest;
	const struct ip_vs_route *route;
	enum ip_vs_verdict verdict;
	struct ip_vs_tunnel t;

	t.encap = dest ? ip_vs_encap_find(READ_ONCE(dest->tun_type)) : NULL;
	if (unlikely(!t.encap))
		return ip_vs_drop(pkt, NO_TUNNEL);
	route = ip_vs_route(pkt, cp);
	if (unlikely(!route))
		return ip_vs_drop(pkt, NO_ROUTE);
	if (unlikely(route->local))
		return ip_vs_xmit_unchanged(pkt);
	t.skb = pkt->skb;
	t.net = pkt->ipvs->net;
	t.inner_af = pkt->tuple.af;
	t.outer_af = dest->key.af;
	t.flags = READ_ONCE(dest->tun_flags);
	t.port = READ_ONCE(dest->tun_port);
	t.outer.saddr = route->saddr;
	t.outer.daddr = dest->key.addr;
	t.outer.proto = t.encap->proto ? t.encap->proto : ip_vs_encap_inner_proto(t.inner_af);
	verdict = prepare(pkt, &t, route);
	if (unlikely(verdict != IP_VS_CONTINUE))
		return verdict;
	if (unlikely(encapsulate(pkt, &t, route)))
		return ip_vs_drop(pkt, REWRITE);
	ip_vs_xmit_take_route(pkt, route->dst);
	/* what leaves is a new flow */
	t.skb->ipvs_property = 1;
	ip_vs_nfct_leave(t.skb, ip_vs_conn_flags(cp) & IP_VS_CONN_F_NFCT);
	ip_vs_l3_local_out(t.net, t.skb, t.outer_af);
	return IP_VS_STOLEN;
}
