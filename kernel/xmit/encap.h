/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Encapsulations: what stands between the outer network header and the packet inside. The same
 * row is used to send, to know the MTU, and to read an error about a tunnel packet.
 */
#ifndef IP_VS_ENCAP_H
#define IP_VS_ENCAP_H

#include <linux/skbuff.h>

#include "packet/l3.h"

/* A packet on its way into a tunnel, and the tunnel. */
struct ip_vs_tunnel {
	struct sk_buff *skb;
	struct net *net;
	const struct ip_vs_encap *encap;
	u8 inner_af;
	u8 outer_af;
	u16 flags;			/* IP_VS_TUNNEL_ENCAP_FLAG_* */
	__be16 port;			/* UDP destination */
	struct ip_vs_l3_outer outer;
};

/* @proto: of the outer network header; 0: that of the family inside.
 * @overhead: bytes of the header.
 * @gso_type: how a large packet with this header is cut up.
 * @push: put the header before the data; outer is complete but for push. 0 or -errno.
 * @peel: bytes of the header at offset @at of @skb that a destination with @flags may have sent,
 * and the port it was sent to; negative: it has sent no such thing.
 * All but proto may be NULL: nothing there.
 */
struct ip_vs_encap {
	u8 proto;
	unsigned int (*overhead)(const struct sk_buff *skb, u16 flags);
	int (*gso_type)(const struct sk_buff *skb, u16 flags);
	int (*push)(struct ip_vs_tunnel *t);
	int (*peel)(const struct sk_buff *skb, unsigned int at, __be16 *port);
};

extern const struct ip_vs_encap ip_vs_encap_ipip;	/* encap_ipip.c */
extern const struct ip_vs_encap ip_vs_encap_gue;	/* encap_gue.c */
extern const struct ip_vs_encap ip_vs_encap_gre;	/* encap_gre.c */

/* NULL: no such type. */
const struct ip_vs_encap *ip_vs_encap_find(u8 tun_type);

/* Number of the protocol that follows, for a packet of @af inside. */
static inline u8 ip_vs_encap_inner_proto(int af)
{
	return af == AF_INET6 ? IPPROTO_IPV6 : IPPROTO_IPIP;
}

/* Bytes that a packet grows by in front of its own network header. */
static inline unsigned int ip_vs_encap_overhead(const struct ip_vs_encap *encap, int outer_af,
						const struct sk_buff *skb, u16 flags)
{
	return ip_vs_af_header_len(outer_af) + (encap->overhead ? encap->overhead(skb, flags) : 0);
}

#endif
