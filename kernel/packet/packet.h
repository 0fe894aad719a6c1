/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A packet on its walk: parsed once, then read by every stage. Offsets, not
 * pointers, so they stay right when the skb's data moves.
 */
#ifndef IP_VS_PACKET_H
#define IP_VS_PACKET_H

#include <linux/netfilter.h>
#include <linux/skbuff.h>

#include "base/tuple.h"
#include "base/verdict.h"
#include "netns.h"

struct ip_vs_packet {
	struct sk_buff *skb;
	struct netns_ipvs *ipvs;
	struct ip_vs_tuple tuple;	/* as the packet arrived; dir as the hook looks it up */
	u16 l3;				/* offset of the network header from skb->data */
	u16 l4;				/* offset of the transport header from skb->data */
	u8 hook;			/* NF_INET_LOCAL_IN … */
	u8 ttl;				/* time to live or hop limit on arrival */
	u8 proto;			/* of the transport header; tuple.proto is that of the key */
	u8 tcp_flags;			/* 13th byte of a TCP header, if whole */
	bool whole;			/* the fixed transport header is there in full */
	bool fragment;			/* any fragment */
	bool later_fragment;		/* not the first: no transport header here */
	bool has_ports;			/* the protocol has ports, and so a header to translate */
	bool quoted;			/* not a packet but what an ICMP error says of one */
};

/* What ip_vs_packet_parse() made of a packet. */
enum ip_vs_parsed {
	IP_VS_PARSED,
	IP_VS_PARSED_FOREIGN,	/* a transport protocol that IPVS does not balance */
	IP_VS_PARSED_BAD,	/* truncated or malformed network header */
};

enum ip_vs_parsed ip_vs_packet_parse(struct ip_vs_packet *pkt);
int ip_vs_packet_defrag(struct ip_vs_packet *pkt);

/* The hooks' common beginning; nothing of the packet is read yet. */
static inline void ip_vs_packet_init(struct ip_vs_packet *pkt, struct netns_ipvs *ipvs,
				     struct sk_buff *skb, u8 hook, u8 af, u8 dir)
{
	pkt->skb = skb;
	pkt->ipvs = ipvs;
	pkt->hook = hook;
	pkt->l3 = skb_network_offset(skb);
	pkt->tuple.af = af;
	pkt->tuple.dir = dir;
	pkt->tuple.zero = 0;
	pkt->quoted = false;
}

/* Read @len bytes at @offset into the transport header, copied to @buf if they are
 * not linear. NULL if the packet is shorter.
 */
static inline void *ip_vs_packet_l4(const struct ip_vs_packet *pkt, unsigned int offset,
				    unsigned int len, void *buf)
{
	return skb_header_pointer(pkt->skb, pkt->l4 + offset, len, buf);
}

/* Did the packet come in from a device (and not from a local socket)? */
static inline bool ip_vs_packet_received(const struct ip_vs_packet *pkt)
{
	return pkt->hook != NF_INET_LOCAL_OUT;
}

#endif
