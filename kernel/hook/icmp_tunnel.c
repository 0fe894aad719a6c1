// SPDX-License-Identifier: GPL-2.0-only
/*
 * ICMP errors about our tunnels: a router between us and a real server quotes a packet that we
 * made. Its client cannot know that; so the error is told anew, about the packet inside, in the
 * words of that packet's family.
 */
#include <linux/icmp.h>
#include <linux/icmpv6.h>
#include <linux/netfilter.h>
#include <net/dst.h>
#include <net/icmp.h>
#include <net/ip.h>
#include <net/ip6_route.h>
#include <net/route.h>

#include "conn/conn.h"
#include "hook/walk.h"
#include "packet/l3.h"
#include "svc/real.h"
#include "trace.h"
#include "xmit/encap.h"
#include "xmit/xmit.h"

/* What an error says. @mtu: the MTU that its sender reports, if @too_big */
struct error {
	u8 type, code;
	bool too_big;
	u32 mtu;
};

static int tun_type(u8 proto)
{
	switch (proto) {
	case IPPROTO_IPIP:
	case IPPROTO_IPV6:
		return IP_VS_CONN_F_TUNNEL_TYPE_IPIP;
	case IPPROTO_UDP:
		return IP_VS_CONN_F_TUNNEL_TYPE_GUE;
	case IPPROTO_GRE:
		return IP_VS_CONN_F_TUNNEL_TYPE_GRE;
	default:
		return -1;
	}
}

/* Whose tunnel packet is quoted? Sets @inner to where the packet inside begins. */
static struct ip_vs_dest *find_tunnel(const struct ip_vs_packet *pkt,
				      const struct ip_vs_packet *quote, unsigned int *inner)
{
	int type = tun_type(quote->proto), len = 0;
	const struct ip_vs_encap *encap;
	__be16 port = 0;

	if (type < 0 || quote->later_fragment ||
	    !ip_vs_addr_equal(&quote->tuple.src, &pkt->tuple.dst))
		return NULL;
	encap = ip_vs_encap_find(type);
	if (encap->peel)
		len = encap->peel(quote->skb, quote->l4, &port);
	if (len < 0)
		return NULL;
	*inner = quote->l4 + len;
	return ip_vs_real_find_tunnel(quote->ipvs, quote->tuple.af, &quote->tuple.dst, type, port);
}

/* The connection of the packet inside, which is a request. */
static struct ip_vs_conn *find_conn(struct ip_vs_packet *inner)
{
	u8 buf;
	const u8 *version = skb_header_pointer(inner->skb, inner->l3, sizeof(buf), &buf);

	if (!version || (*version >> 4 != 4 && *version >> 4 != 6))
		return NULL;
	inner->tuple.af = *version >> 4 == 4 ? AF_INET : AF_INET6;
	if (ip_vs_packet_parse(inner) != IP_VS_PARSED || inner->later_fragment)
		return NULL;
	inner->tuple.dir = IP_VS_DIR_IN;
	return ip_vs_conn_find(inner->ipvs, &inner->tuple);
}

static int read_error(const struct ip_vs_packet *pkt, struct error *error)
{
	union {
		struct icmphdr v4;
		struct icmp6hdr v6;
	} h;

	if (skb_copy_bits(pkt->skb, pkt->l4, &h, sizeof(h)))
		return -EINVAL;
	error->type = h.v4.type;
	error->code = h.v4.code;
	if (pkt->tuple.af == AF_INET6) {
		error->too_big = h.v6.icmp6_type == ICMPV6_PKT_TOOBIG;
		error->mtu = ntohl(h.v6.icmp6_mtu);
		/* a fault in the header that we made is none of the client's */
		if (error->type == ICMPV6_PARAMPROB) {
			error->type = ICMPV6_DEST_UNREACH;
			error->code = ICMPV6_ADDR_UNREACH;
		}
	} else {
		error->too_big = h.v4.type == ICMP_DEST_UNREACH && h.v4.code == ICMP_FRAG_NEEDED;
		error->mtu = ntohs(h.v4.un.frag.mtu);
	}
	return 0;
}

/* The stack learns the MTU of a way from errors about packets of its own sockets and devices
 * only, and ours are neither.
 */
static bool learn(struct sk_buff *skb, struct net *net, const struct ip_vs_packet *quote, u32 mtu)
{
	if (!pskb_may_pull(skb, quote->l3 + ip_vs_af_header_len(quote->tuple.af)))
		return false;
	__skb_pull(skb, quote->l3);
	if (quote->tuple.af == AF_INET6)
		ip6_update_pmtu(skb, net, htonl(mtu), 0, 0, INVALID_UID);
	else
		ipv4_update_pmtu(skb, net, mtu, 0, 0);
	__skb_push(skb, quote->l3);
	return true;
}

/* What is left of the reported MTU for the packet inside; 0: nothing sensible. The cached
 * route may know of a smaller one, but not yet of this one.
 */
static u32 mtu_inside(const struct ip_vs_dest *dest, const struct ip_vs_packet *quote,
		      const struct ip_vs_packet *inner, u32 reported)
{
	const struct ip_vs_encap *encap = ip_vs_encap_find(READ_ONCE(dest->tun_type));
	const struct ip_vs_route *route = rcu_dereference(dest->route);
	u32 mtu = reported, overhead;

	if (!encap)
		return 0;
	overhead = ip_vs_encap_overhead(encap, quote->tuple.af, quote->skb,
					READ_ONCE(dest->tun_flags));
	if (route && (!mtu || dst_mtu(route->dst) < mtu))
		mtu = dst_mtu(route->dst);
	return mtu >= overhead + ip_vs_af_min_mtu(inner->tuple.af) ? mtu - overhead : 0;
}

/* An error about IPv6 in the words of IPv4, and the other way round: who cannot be told more is
 * told that the host is out of reach.
 */
static struct error in_other_words(const struct error *from, int af)
{
	struct error to = { .too_big = from->too_big, .mtu = from->mtu };
	bool four = af == AF_INET;

	if (from->too_big) {
		to.type = four ? ICMP_DEST_UNREACH : ICMPV6_PKT_TOOBIG;
		to.code = four ? ICMP_FRAG_NEEDED : 0;
	} else if (from->type == (four ? ICMPV6_TIME_EXCEED : ICMP_TIME_EXCEEDED)) {
		to.type = four ? ICMP_TIME_EXCEEDED : ICMPV6_TIME_EXCEED;
		to.code = from->code;
	} else {
		to.type = four ? ICMP_DEST_UNREACH : ICMPV6_DEST_UNREACH;
		to.code = four ? ICMP_HOST_UNREACH : ICMPV6_ADDR_UNREACH;
	}
	return to;
}

/* Make the packet quoted at @inner the one that @skb carries, as if it had just come in. */
static int strip(struct sk_buff *skb, struct net *net, const struct ip_vs_packet *inner)
{
	struct ip_vs_l3_route route;
	int err;

	if (!pskb_may_pull(skb, inner->l3 + ip_vs_af_header_len(inner->tuple.af)))
		return -EINVAL;
	__skb_pull(skb, inner->l3);
	skb_reset_network_header(skb);
	/* options of the header that went are not those of this one */
	memset(skb->cb, 0, sizeof(skb->cb));
	if (skb->protocol == htons(inner->tuple.af == AF_INET ? ETH_P_IP : ETH_P_IPV6)) {
		if (inner->tuple.af == AF_INET6)
			IP6CB(skb)->iif = skb->skb_iif;
		return 0;
	}
	/* a route of the other family is taken for one of this */
	skb->protocol = htons(inner->tuple.af == AF_INET ? ETH_P_IP : ETH_P_IPV6);
	skb_dst_drop(skb);
	if (inner->tuple.af == AF_INET6) {
		IP6CB(skb)->iif = skb->skb_iif;
		return 0;
	}
	err = ip_vs_l3_route(net, AF_INET, &inner->tuple.dst, &route);
	if (!err)
		skb_dst_set(skb, route.dst);
	return err;
}

/* Tell the client, about the packet inside. @skb is ours. */
static void relay(struct sk_buff *skb, struct net *net, const struct ip_vs_packet *inner,
		  const struct error *error, u32 mtu)
{
	if (strip(skb, net, inner))
		return;
	if (inner->tuple.af == AF_INET6)
		icmpv6_send(skb, error->type, error->code, mtu);
	else if (!error->too_big || ip_hdr(skb)->frag_off & htons(IP_DF))
		icmp_send(skb, error->type, error->code, htonl(mtu));
}

/**
 * ip_vs_icmp_tunnel() - deal with an ICMP error, if it is about a tunnel of ours
 * @pkt: the error, to this host
 * @quote: the packet it quotes, as far as it could be parsed
 *
 * Context: RCU, BH off.
 * Return: CONTINUE if it is about something else.
 */
enum ip_vs_verdict ip_vs_icmp_tunnel(struct ip_vs_packet *pkt, const struct ip_vs_packet *quote)
{
	struct ip_vs_packet inner = *quote;
	struct net *net = pkt->ipvs->net;
	struct ip_vs_dest *dest;
	struct ip_vs_conn *cp;
	unsigned int inner_l3;
	struct error error;
	u32 mtu = 0;

	dest = find_tunnel(pkt, quote, &inner_l3);
	if (!dest)
		return IP_VS_CONTINUE;
	if (nf_checksum(pkt->skb, pkt->hook, pkt->l4, pkt->tuple.proto, pkt->tuple.af))
		return ip_vs_drop(pkt, CHECKSUM);
	inner.l3 = inner_l3;
	cp = find_conn(&inner);
	if (!cp || read_error(pkt, &error))
		return IP_VS_ACCEPT;
	if (error.too_big) {
		if (!learn(pkt->skb, net, quote, error.mtu))
			return ip_vs_drop(pkt, TRUNCATED);
		mtu = mtu_inside(dest, quote, &inner, error.mtu);
	}
	if (quote->tuple.af != inner.tuple.af)
		error = in_other_words(&error, inner.tuple.af);
	ip_vs_conn_count_out(cp, pkt->skb->len);
	if (mtu || !error.too_big)
		relay(pkt->skb, net, &inner, &error, mtu);
	consume_skb(pkt->skb);
	return IP_VS_STOLEN;
}
