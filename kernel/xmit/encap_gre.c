// SPDX-License-Identifier: GPL-2.0-only
/*
 * GRE (RFC 2784): four bytes, and four more with a checksum over all that follows.
 */
#include <linux/if_ether.h>
#include <linux/if_tunnel.h>
#include <linux/ip_vs.h>
#include <net/checksum.h>
#include <net/gre.h>

#include "xmit/encap.h"

struct gre_csum {
	__sum16 sum;
	__be16 reserved;
};

static unsigned int overhead(const struct sk_buff *skb, u16 flags)
{
	return sizeof(struct gre_base_hdr) +
	       (flags & IP_VS_TUNNEL_ENCAP_FLAG_CSUM ? sizeof(struct gre_csum) : 0);
}

static int gso_type(const struct sk_buff *skb, u16 flags)
{
	return flags & IP_VS_TUNNEL_ENCAP_FLAG_CSUM ? SKB_GSO_GRE_CSUM : SKB_GSO_GRE;
}

/* A checksum inside that a device completes makes all after it sum up to a known value. Each
 * piece of a large packet gets its own checksum when that is cut up.
 */
static __sum16 checksum(struct sk_buff *skb)
{
	if (skb_is_gso(skb))
		return 0;
	if (skb->ip_summed == CHECKSUM_PARTIAL)
		return csum_fold(lco_csum(skb));
	return csum_fold(skb_checksum(skb, 0, skb->len, 0));
}

static int push(struct ip_vs_tunnel *t)
{
	struct sk_buff *skb = t->skb;
	struct gre_base_hdr *gre = skb_push(skb, overhead(skb, t->flags));
	struct gre_csum *csum = (struct gre_csum *)(gre + 1);
	bool has_csum = t->flags & IP_VS_TUNNEL_ENCAP_FLAG_CSUM;

	skb_reset_transport_header(skb);
	gre->flags = has_csum ? GRE_CSUM : 0;
	gre->protocol = t->inner_af == AF_INET6 ? htons(ETH_P_IPV6) : htons(ETH_P_IP);
	skb_set_inner_protocol(skb, gre->protocol);
	if (!has_csum)
		return 0;
	*csum = (struct gre_csum) { };
	csum->sum = checksum(skb);
	return 0;
}

static int peel(const struct sk_buff *skb, unsigned int at, __be16 *port)
{
	struct gre_base_hdr buf;
	const struct gre_base_hdr *gre = skb_header_pointer(skb, at, sizeof(buf), &buf);

	if (!gre || gre->flags & ~GRE_CSUM ||
	    (gre->protocol != htons(ETH_P_IP) && gre->protocol != htons(ETH_P_IPV6)))
		return -EINVAL;
	*port = 0;
	return sizeof(*gre) + (gre->flags & GRE_CSUM ? sizeof(struct gre_csum) : 0);
}

const struct ip_vs_encap ip_vs_encap_gre = {
	.proto		= IPPROTO_GRE,
	.overhead	= overhead,
	.gso_type	= gso_type,
	.push		= push,
	.peel		= peel,
};
