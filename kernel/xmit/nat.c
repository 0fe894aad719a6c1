// SPDX-License-Identifier: GPL-2.0-only
/*
 * Masquerading: requests get the server's address and port, replies the service's.
 */
#include <net/dst.h>

#include "base/knobs.h"
#include "nfct/nfct.h"
#include "packet/l4.h"
#include "trace.h"
#include "xmit/xmit.h"

/* One end of the packet is another now, which connection tracking learns if it has an entry. */
static int translate(struct ip_vs_packet *pkt, const struct ip_vs_conn *cp, enum ip_vs_side side,
		     const union nf_inet_addr *addr, __be16 port)
{
	u32 flags = ip_vs_conn_flags(cp);

	if (unlikely(flags & IP_VS_CONN_F_NFCT) && !(flags & IP_VS_CONN_F_ONE_PACKET))
		ip_vs_nfct_translated(pkt, side, addr, port);
	return ip_vs_l4_translate(pkt, side, addr, port);
}

/* Who helps the connection sees its packets as they came. */
static enum ip_vs_verdict help(struct ip_vs_packet *pkt, struct ip_vs_conn *cp, bool reply)
{
	struct ip_vs_helped *helped = cp->ext->helped;
	const struct ip_vs_app *app = helped->port->app;

	if (ip_vs_conn_flags(cp) & IP_VS_CONN_F_NFCT)
		ip_vs_nfct_tolerate(pkt->skb);
	return reply ? app->reply(pkt, cp, helped) : app->request(pkt, cp, helped);
}

/* The server is this host. The packet goes on up the stack; one that a local client sent
 * elsewhere needs the route to where it goes now.
 */
static enum ip_vs_verdict deliver_locally(struct ip_vs_packet *pkt, struct ip_vs_conn *cp,
					  struct dst_entry *dst)
{
	const struct ip_vs_tuple *server = &cp->out.tuple;
	enum ip_vs_verdict verdict;

	/* from the network nobody may reach what listens on loopback only */
	if (ip_vs_packet_received(pkt) && ip_vs_l3_is_loopback(server->af, &server->src))
		return ip_vs_drop(pkt, BOUNDARY);
	if (unlikely(ip_vs_conn_flags(cp) & IP_VS_CONN_F_HELPED)) {
		verdict = help(pkt, cp, false);
		if (verdict != IP_VS_CONTINUE)
			return verdict;
	}
	if (translate(pkt, cp, IP_VS_DST, &server->src, server->sport))
		return ip_vs_drop(pkt, REWRITE);
	ip_vs_xmit_mark(pkt->skb, cp);
	if (!ip_vs_packet_received(pkt)) {
		skb_dst_drop(pkt->skb);
		skb_dst_set(pkt->skb, dst_clone(dst));
	} else if (!ip_vs_addr_equal(&pkt->tuple.dst, &server->src) ||
		   pkt->tuple.dport != server->sport) {
		/* early demux looked for the socket of the old address */
		skb_orphan(pkt->skb);
	}
	return IP_VS_ACCEPT;
}

enum ip_vs_verdict ip_vs_nat_xmit(struct ip_vs_packet *pkt, struct ip_vs_conn *cp)
{
	const struct ip_vs_route *route = ip_vs_route(pkt, cp);
	const struct ip_vs_tuple *server = &cp->out.tuple;
	enum ip_vs_verdict verdict;

	if (unlikely(!route))
		return ip_vs_drop(pkt, NO_ROUTE);
	if (unlikely(route->local))
		return deliver_locally(pkt, cp, route->dst);
	verdict = ip_vs_xmit_prepare(pkt, dst_mtu(route->dst));
	if (unlikely(verdict != IP_VS_CONTINUE))
		return verdict;
	if (unlikely(ip_vs_conn_flags(cp) & IP_VS_CONN_F_HELPED)) {
		verdict = help(pkt, cp, false);
		if (verdict != IP_VS_CONTINUE)
			return verdict;
	}
	if (unlikely(translate(pkt, cp, IP_VS_DST, &server->src, server->sport)))
		return ip_vs_drop(pkt, REWRITE);
	return ip_vs_xmit_send(pkt, cp, route->dst);
}

/**
 * ip_vs_nat_reply() - give a reply the address its client knows
 * @pkt: found by its reply tuple
 * @cp: a masqueraded connection
 *
 * What goes through the director is routed again, from the new source, so that
 * rules for the virtual address apply.
 * Return: CONTINUE (the stack sends it on) or DROP.
 */
enum ip_vs_verdict ip_vs_nat_reply(struct ip_vs_packet *pkt, struct ip_vs_conn *cp)
{
	const struct ip_vs_tuple *request = &cp->in.tuple;
	enum ip_vs_verdict verdict;

	if (unlikely(ip_vs_conn_flags(cp) & IP_VS_CONN_F_HELPED)) {
		verdict = help(pkt, cp, true);
		if (verdict != IP_VS_CONTINUE)
			return verdict;
	}
	if (unlikely(translate(pkt, cp, IP_VS_SRC, &request->dst, request->dport)))
		return ip_vs_drop(pkt, REWRITE);
	if (pkt->hook != NF_INET_LOCAL_IN && ip_vs_knob(pkt->ipvs, snat_reroute) &&
	    unlikely(ip_vs_l3_reroute_reply(pkt->ipvs->net, pkt->skb, request->af)))
		return ip_vs_drop(pkt, REROUTE);
	return IP_VS_CONTINUE;
}
