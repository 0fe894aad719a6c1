// SPDX-License-Identifier: GPL-2.0-only
/*
 * IPv4: the only file of the datapath, but for parse.c, that knows its header.
 */
#include <linux/icmp.h>
#include <linux/ip.h>
#include <linux/netfilter_ipv4.h>
#include <net/gso.h>
#include <net/icmp.h>
#include <net/inet_ecn.h>
#include <net/ip.h>
#include <net/route.h>
#include <net/udp.h>

#include "packet/l3.h"

/* Each hook has its own queue, so that a packet seen twice does not meet itself. */
static u32 defrag_user(u8 hook)
{
	switch (hook) {
	case NF_INET_LOCAL_IN:
		return IP_DEFRAG_VS_IN;
	case NF_INET_FORWARD:
		return IP_DEFRAG_VS_FWD;
	default:
		return IP_DEFRAG_VS_OUT;
	}
}

int ip_vs_ipv4_defrag(struct ip_vs_packet *pkt)
{
	int err = ip_defrag(pkt->ipvs->net, pkt->skb, defrag_user(pkt->hook));

	if (!err)
		ip_send_check(ip_hdr(pkt->skb));
	return err;
}

void ip_vs_ipv4_set_addr(struct sk_buff *skb, unsigned int l3, enum ip_vs_side side,
			 const union nf_inet_addr *addr)
{
	struct iphdr *iph = (struct iphdr *)(skb->data + l3);
	__be32 *field = side == IP_VS_SRC ? &iph->saddr : &iph->daddr;

	csum_replace4(&iph->check, *field, addr->ip);
	*field = addr->ip;
}

bool ip_vs_ipv4_decrement_ttl(struct sk_buff *skb)
{
	struct iphdr *iph;

	if (skb_ensure_writable(skb, ip_hdrlen(skb)))
		return false;
	iph = ip_hdr(skb);
	ip_decrease_ttl(iph);
	/* the stack wrote into options when the packet came in, and left the sum to who sends it */
	if (iph->ihl > 5)
		ip_send_check(iph);
	return true;
}

void ip_vs_ipv4_set_len(struct sk_buff *skb, unsigned int l3)
{
	struct iphdr *iph = (struct iphdr *)(skb->data + l3);

	iph->tot_len = htons(skb->len - l3);
	ip_send_check(iph);
}

int ip_vs_ipv4_route(struct net *net, const union nf_inet_addr *daddr, struct ip_vs_l3_route *route)
{
	/* the server is the next hop even for a packet that is addressed to another */
	struct flowi4 fl4 = { .daddr = daddr->ip, .flowi4_flags = FLOWI_FLAG_KNOWN_NH };
	struct rtable *rt = ip_route_output_key(net, &fl4);

	if (IS_ERR(rt))
		return PTR_ERR(rt);
	route->dst = &rt->dst;
	route->cookie = 0;
	ip_vs_addr_set(AF_INET, &route->saddr, &fl4.saddr);
	return 0;
}

bool ip_vs_ipv4_route_is_local(const struct dst_entry *dst)
{
	return container_of(dst, const struct rtable, dst)->rt_flags & RTCF_LOCAL;
}

int ip_vs_ipv4_reroute_reply(struct net *net, struct sk_buff *skb)
{
	/* one that is for this host needs no other way */
	if (ip_vs_ipv4_route_is_local(skb_dst(skb)))
		return 0;
	return ip_route_me_harder(net, skb->sk, skb, RTN_LOCAL);
}

bool ip_vs_ipv4_too_big(const struct sk_buff *skb, unsigned int mtu)
{
	if (skb->len <= mtu || !(ip_hdr(skb)->frag_off & htons(IP_DF)))
		return false;
	return !(skb_is_gso(skb) && skb_gso_validate_network_len(skb, mtu));
}

void ip_vs_ipv4_error(struct net *net, struct sk_buff *skb, enum ip_vs_l3_error error, u32 info)
{
	static const struct { u8 type, code; } icmp[] = {
		[IP_VS_ERR_PORT_UNREACH] = { ICMP_DEST_UNREACH, ICMP_PORT_UNREACH },
		[IP_VS_ERR_TTL] = { ICMP_TIME_EXCEEDED, ICMP_EXC_TTL },
		[IP_VS_ERR_TOO_BIG] = { ICMP_DEST_UNREACH, ICMP_FRAG_NEEDED },
	};

	icmp_send(skb, icmp[error].type, icmp[error].code, htonl(info));
}

bool ip_vs_ipv4_is_loopback(const union nf_inet_addr *addr)
{
	return ipv4_is_loopback(addr->ip);
}

bool ip_vs_ipv4_may_be_dest(struct net *net, const union nf_inet_addr *addr)
{
	unsigned int type = inet_addr_type(net, addr->ip);

	return type == RTN_LOCAL || type == RTN_UNICAST;
}

bool ip_vs_ipv4_is_elsewhere(struct net *net, const union nf_inet_addr *addr)
{
	return inet_addr_type(net, addr->ip) == RTN_UNICAST;
}

void ip_vs_ipv4_full_csum(struct sk_buff *skb, unsigned int l4, u8 proto, __sum16 *sum)
{
	unsigned int len = skb->len - l4;

	*sum = 0;
	*sum = csum_tcpudp_magic(ip_hdr(skb)->saddr, ip_hdr(skb)->daddr, len, proto,
				 skb_checksum(skb, l4, len, 0));
}

void ip_vs_ipv4_icmp_csum(struct sk_buff *skb, unsigned int l4)
{
	struct icmphdr *icmph = (struct icmphdr *)(skb->data + l4);

	icmph->checksum = 0;
	icmph->checksum = csum_fold(skb_checksum(skb, l4, skb->len - l4, 0));
}

void ip_vs_ipv4_read_inner(const struct sk_buff *skb, struct ip_vs_l3_outer *outer)
{
	const struct iphdr *iph = ip_hdr(skb);

	outer->ttl = iph->ttl;
	outer->tos = INET_ECN_encapsulate(iph->tos, iph->tos);
	outer->df = iph->frag_off & htons(IP_DF);
}

void ip_vs_ipv4_push_outer(struct net *net, struct sk_buff *skb, const struct ip_vs_l3_outer *outer)
{
	struct iphdr *iph = skb_push(skb, sizeof(*iph));

	skb_reset_network_header(skb);
	*iph = (struct iphdr) {
		.version	= 4,
		.ihl		= sizeof(*iph) / 4,
		.tos		= outer->tos,
		.frag_off	= outer->df ? htons(IP_DF) : 0,
		.ttl		= outer->ttl,
		.protocol	= outer->proto,
		.saddr		= outer->saddr.ip,
		.daddr		= outer->daddr.ip,
	};
	/* one of its own even with DF */
	__ip_select_ident(net, iph, skb_shinfo(skb)->gso_segs ?: 1);
	skb->protocol = htons(ETH_P_IP);
	/* options and marks of the header inside, if it was one of this family at all */
	memset(IPCB(skb), 0, sizeof(*IPCB(skb)));
}

void ip_vs_ipv4_udp_csum(struct sk_buff *skb, bool none, const struct ip_vs_l3_outer *outer)
{
	udp_set_csum(none, skb, outer->saddr.ip, outer->daddr.ip, skb->len);
}

/* Fills in length and checksum of the header. */
void ip_vs_ipv4_local_out(struct net *net, struct sk_buff *skb)
{
	ip_local_out(net, skb->sk, skb);
}
