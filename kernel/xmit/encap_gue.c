// SPDX-License-Identifier: GPL-2.0-only
/*
 * Generic UDP encapsulation (draft-ietf-intarea-gue), version 0: UDP, whose source port spreads
 * flows over queues and paths, and a header of four bytes. Remote checksum: a transport
 * checksum that no device has completed yet is left to the receiver, who gets to know where it
 * stands; then the UDP checksum covers the data.
 */
#include <linux/ip_vs.h>
#include <linux/udp.h>
#include <net/gue.h>
#include <net/udp.h>

#include "xmit/encap.h"

struct gue_remcsum {
	__be32 pflags;
	__be16 start, offset;	/* from the end of the header */
};

static bool has_remcsum(const struct sk_buff *skb, u16 flags)
{
	return flags & IP_VS_TUNNEL_ENCAP_FLAG_REMCSUM && skb->ip_summed == CHECKSUM_PARTIAL;
}

static unsigned int overhead(const struct sk_buff *skb, u16 flags)
{
	return sizeof(struct udphdr) + sizeof(struct guehdr) +
	       (has_remcsum(skb, flags) ? sizeof(struct gue_remcsum) : 0);
}

static bool has_udp_csum(u16 flags)
{
	return flags & (IP_VS_TUNNEL_ENCAP_FLAG_CSUM | IP_VS_TUNNEL_ENCAP_FLAG_REMCSUM);
}

static int gso_type(const struct sk_buff *skb, u16 flags)
{
	return (has_udp_csum(flags) ? SKB_GSO_UDP_TUNNEL_CSUM : SKB_GSO_UDP_TUNNEL) |
	       (has_remcsum(skb, flags) ? SKB_GSO_TUNNEL_REMCSUM : 0);
}

/* @skb's data is the packet inside. */
static int push_remcsum(struct sk_buff *skb)
{
	int start = skb_checksum_start_offset(skb);
	struct gue_remcsum *remcsum;

	if (start < 0)
		return -EINVAL;
	remcsum = skb_push(skb, sizeof(*remcsum));
	remcsum->pflags = GUE_PFLAG_REMCSUM;
	remcsum->start = htons(start);
	remcsum->offset = htons(start + skb->csum_offset);
	/* a large one is cut up first, each piece then as here */
	if (!skb_is_gso(skb)) {
		skb->ip_summed = CHECKSUM_NONE;
		skb->encapsulation = 0;
	}
	return 0;
}

static int push(struct ip_vs_tunnel *t)
{
	struct sk_buff *skb = t->skb;
	__be16 sport = udp_flow_src_port(t->net, skb, 0, 0, false);
	bool remcsum = has_remcsum(skb, t->flags);
	struct guehdr *gue;
	struct udphdr *udph;

	if (remcsum && push_remcsum(skb))
		return -EINVAL;
	gue = skb_push(skb, sizeof(*gue));
	gue->word = 0;
	gue->hlen = remcsum ? sizeof(struct gue_remcsum) / 4 : 0;
	gue->proto_ctype = ip_vs_encap_inner_proto(t->inner_af);
	gue->flags = remcsum ? GUE_FLAG_PRIV : 0;
	udph = skb_push(skb, sizeof(*udph));
	skb_reset_transport_header(skb);
	udph->source = sport;
	udph->dest = t->port;
	udph->len = htons(skb->len);
	udph->check = 0;
	ip_vs_l3_udp_csum(skb, t->outer_af, !has_udp_csum(t->flags), &t->outer);
	return 0;
}

static int peel(const struct sk_buff *skb, unsigned int at, __be16 *port)
{
	struct {
		struct udphdr udp;
		struct guehdr gue;
	} buf;
	const typeof(buf) *h = skb_header_pointer(skb, at, sizeof(buf), &buf);

	if (!h || h->gue.version || h->gue.control ||
	    (h->gue.proto_ctype != IPPROTO_IPIP && h->gue.proto_ctype != IPPROTO_IPV6))
		return -EINVAL;
	*port = h->udp.dest;
	return sizeof(*h) + h->gue.hlen * 4;
}

const struct ip_vs_encap ip_vs_encap_gue = {
	.proto		= IPPROTO_UDP,
	.overhead	= overhead,
	.gso_type	= gso_type,
	.push		= push,
	.peel		= peel,
};
