// SPDX-License-Identifier: GPL-2.0-only
/*
 * Answers for firewall rules: whose packet is this? Only requests are known by what they look
 * like after us; replies look by then as if the virtual service had sent them.
 */
#include <linux/export.h>

#include "conn/conn.h"
#include "conn/match.h"
#include "packet/packet.h"

/* A request reads in reverse like a reply of its server. */
static struct ip_vs_conn *find(const struct ip_vs_packet *pkt)
{
	struct ip_vs_tuple reply = pkt->tuple;

	reply.src = pkt->tuple.dst;
	reply.dst = pkt->tuple.src;
	reply.sport = pkt->tuple.dport;
	reply.dport = pkt->tuple.sport;
	reply.dir = IP_VS_DIR_OUT;
	return ip_vs_conn_find(pkt->ipvs, &reply);
}

bool ip_vs_match_packet(struct net *net, struct sk_buff *skb, u8 hook, u8 af,
			struct ip_vs_match *match)
{
	struct netns_ipvs *ipvs = net_ipvs(net);
	enum ip_vs_parsed parsed;
	struct ip_vs_packet pkt;
	struct ip_vs_conn *cp;

	memset(match, 0, sizeof(*match));
	if (!ipvs)
		return false;
	ip_vs_packet_init(&pkt, ipvs, skb, hook, af, IP_VS_DIR_OUT);
	parsed = ip_vs_packet_parse(&pkt);
	if (parsed == IP_VS_PARSED_BAD)
		return false;
	match->proto = pkt.proto;
	cp = parsed == IP_VS_PARSED ? find(&pkt) : NULL;
	if (!cp)
		return false;
	match->vaddr = cp->in.tuple.dst;
	match->vport = cp->in.tuple.dport;
	match->method = ip_vs_conn_method(cp);
	match->has_control = cp->control;
	if (cp->control)
		match->control_vport = ip_vs_conn_virtual_port(cp->control);
	return true;
}
EXPORT_SYMBOL_GPL(ip_vs_match_packet);
