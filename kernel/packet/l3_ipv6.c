// SPDX-License-Identifier: GPL-2.0-only
/*
 * IPv6: the only file of the datapath, but for parse.c, that knows its headers.
 */
#include <linux/icmpv6.h>
#include <linux/ipv6.h>
#include <linux/netfilter_ipv6.h>
#include <net/addrconf.h>
#include <net/gso.h>
#include <net/inet_ecn.h>
#include <net/ip6_checksum.h>
#include <net/ip6_route.h>
#include <net/ipv6.h>

#include "packet/l3.h"

/* nf_defrag_ipv6 has done it before our hooks. */
int ip_vs_ipv6_defrag(struct ip_vs_packet *pkt)
{
	return 0;
}

void ip_vs_ipv6_set_addr(struct sk_buff *skb, unsigned int l3, enum ip_vs_side side,
			 const union nf_inet_addr *addr)
{
	struct ipv6hdr *ip6h = (struct ipv6hdr *)(skb->data + l3);

	if (side == IP_VS_SRC)
		ip6h->saddr = addr->in6;
	else
		ip6h->daddr = addr->in6;
}

bool ip_vs_ipv6_decrement_ttl(struct sk_buff *skb)
{
	if (skb_ensure_writable(skb, sizeof(struct ipv6hdr)))
		return false;
	ipv6_hdr(skb)->hop_limit--;
	return true;
}

void ip_vs_ipv6_set_len(struct sk_buff *skb, unsigned int l3)
{
	struct ipv6hdr *ip6h = (struct ipv6hdr *)(skb->data + l3);

	ip6h->payload_len = htons(skb->len - l3 - sizeof(*ip6h));
}

int ip_vs_ipv6_route(struct net *net, const union nf_inet_addr *daddr, struct ip_vs_l3_route *route)
{
	struct flowi6 fl6 = { .daddr = daddr->in6, .flowi6_flags = FLOWI_FLAG_KNOWN_NH };
	struct dst_entry *dst = ip6_route_output(net, NULL, &fl6);
	int err = dst->error;

	if (err) {
		dst_release(dst);
		return err;
	}
	route->dst = dst;
	route->cookie = rt6_get_cookie(container_of(dst, struct rt6_info, dst));
	err = ipv6_dev_get_saddr(net, ip6_dst_idev(dst)->dev, &daddr->in6, 0, &route->saddr.in6);
	if (err)
		memset(&route->saddr, 0, sizeof(route->saddr));
	return 0;
}

bool ip_vs_ipv6_route_is_local(const struct dst_entry *dst)
{
	return container_of(dst, const struct rt6_info, dst)->rt6i_flags & RTF_LOCAL;
}

int ip_vs_ipv6_reroute_reply(struct net *net, struct sk_buff *skb)
{
	if (ip_vs_ipv6_route_is_local(skb_dst(skb)))
		return 0;
	return ip6_route_me_harder(net, skb->sk, skb);
}

bool ip_vs_ipv6_too_big(const struct sk_buff *skb, unsigned int mtu)
{
	/* what arrived in fragments leaves in fragments no larger than those */
	if (IP6CB(skb)->frag_max_size)
		return IP6CB(skb)->frag_max_size > mtu;
	if (skb->len <= mtu)
		return false;
	return !(skb_is_gso(skb) && skb_gso_validate_network_len(skb, mtu));
}

void ip_vs_ipv6_error(struct net *net, struct sk_buff *skb, enum ip_vs_l3_error error, u32 info)
{
	static const struct { u8 type, code; } icmp[] = {
		[IP_VS_ERR_PORT_UNREACH] = { ICMPV6_DEST_UNREACH, ICMPV6_PORT_UNREACH },
		[IP_VS_ERR_TTL] = { ICMPV6_TIME_EXCEED, ICMPV6_EXC_HOPLIMIT },
		[IP_VS_ERR_TOO_BIG] = { ICMPV6_PKT_TOOBIG, 0 },
	};

	/* a packet of a local socket has no device yet, and icmpv6_send() needs one */
	if (!skb->dev)
		skb->dev = net->loopback_dev;
	icmpv6_send(skb, icmp[error].type, icmp[error].code, info);
}

bool ip_vs_ipv6_is_loopback(const union nf_inet_addr *addr)
{
	return ipv6_addr_loopback(&addr->in6);
}

bool ip_vs_ipv6_may_be_dest(struct net *net, const union nf_inet_addr *addr)
{
	int type = ipv6_addr_type(&addr->in6);
	struct ip_vs_l3_route route;
	bool loopback;

	if ((type & IPV6_ADDR_UNICAST) && !(type & IPV6_ADDR_LINKLOCAL))
		return true;
	if (ip_vs_ipv6_route(net, addr, &route))
		return false;
	loopback = route.dst->dev->flags & IFF_LOOPBACK;
	dst_release(route.dst);
	return loopback;
}

bool ip_vs_ipv6_is_elsewhere(struct net *net, const union nf_inet_addr *addr)
{
	return ipv6_addr_type(&addr->in6) & IPV6_ADDR_UNICAST &&
	       !ipv6_chk_addr(net, &addr->in6, NULL, 0);
}

void ip_vs_ipv6_full_csum(struct sk_buff *skb, unsigned int l4, u8 proto, __sum16 *sum)
{
	unsigned int len = skb->len - l4;

	*sum = 0;
	*sum = csum_ipv6_magic(&ipv6_hdr(skb)->saddr, &ipv6_hdr(skb)->daddr, len, proto,
			       skb_checksum(skb, l4, len, 0));
}

void ip_vs_ipv6_icmp_csum(struct sk_buff *skb, unsigned int l4)
{
	struct icmp6hdr *icmph = (struct icmp6hdr *)(skb->data + l4);

	ip_vs_ipv6_full_csum(skb, l4, IPPROTO_ICMPV6, &icmph->icmp6_cksum);
}

void ip_vs_ipv6_read_inner(const struct sk_buff *skb, struct ip_vs_l3_outer *outer)
{
	const struct ipv6hdr *ip6h = ipv6_hdr(skb);
	u8 class = ipv6_get_dsfield(ip6h);

	outer->ttl = ip6h->hop_limit;
	outer->tos = INET_ECN_encapsulate(class, class);
	outer->df = false;
}

void ip_vs_ipv6_push_outer(struct net *net, struct sk_buff *skb, const struct ip_vs_l3_outer *outer)
{
	struct ipv6hdr *ip6h = skb_push(skb, sizeof(*ip6h));

	skb_reset_network_header(skb);
	ip6_flow_hdr(ip6h, outer->tos, 0);
	ip6h->nexthdr = outer->proto;
	ip6h->hop_limit = outer->ttl;
	ip6h->saddr = outer->saddr.in6;
	ip6h->daddr = outer->daddr.in6;
	skb->protocol = htons(ETH_P_IPV6);
	memset(IP6CB(skb), 0, sizeof(*IP6CB(skb)));
}

void ip_vs_ipv6_udp_csum(struct sk_buff *skb, bool none, const struct ip_vs_l3_outer *outer)
{
	udp6_set_csum(none, skb, &outer->saddr.in6, &outer->daddr.in6, skb->len);
}

/* Fills in the length of the header. */
void ip_vs_ipv6_local_out(struct net *net, struct sk_buff *skb)
{
	ip6_local_out(net, skb->sk, skb);
}
