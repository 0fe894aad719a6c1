// SPDX-License-Identifier: GPL-2.0-only
/*
 * ICMP errors about our tunnels: a router between us and a real server quotes a packet that we
 * made. Its client cannot know that; so the error is told anew, about the packet inside. That is
 * for IPv4 in IPv4. Of tunnels in IPv6 only the path MTU is learned, and the client's next packet
 * is refused if it does not fit.
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
static struct ip_vs_dest *find_tunnel(const struct ip_vs_packet *quote, unsigned int *inner)
{
	int type = tun_type(quote->proto), len = 0;
	const struct ip_vs_encap *encap;
	__be16 port = 0;

	if (type < 0 || quote->proto == IPPROTO_IPV6 || quote->later_fragment)
		return NULL;
	encap = ip_vs_encap_find(type);
	if (encap->peel)
		len = encap->peel(quote->skb, quote->l4, &port);
	if (len < 0)
		return NULL;
	*inner = quote->l4 + len;
	return ip_vs_real_find_tunnel(quote->ipvs, AF_INET, &quote->tuple.dst, type, port);
}

/* The connection of the packet inside, which is a request. */
static struct ip_vs_conn *find_conn(struct ip_vs_packet *inner)
{
	u8 buf;
	const u8 *version = skb_header_pointer(inner->skb, inner->l3, sizeof(buf), &buf);

	if (!version || *version >> 4 != 4 || ip_vs_packet_parse(inner) != IP_VS_PARSED ||
	    inner->later_fragment)
		return NULL;
	inner->tuple.dir = IP_VS_DIR_IN;
	return ip_vs_conn_find(inner->ipvs, &inner->tuple);
}

/* What is left of the reported MTU for the packet inside; 0: nothing sensible. The cached
 * route may know of a smaller one, but not yet of this one.
 */
static u32 mtu_inside(const struct ip_vs_dest *dest, const struct sk_buff *skb, u32 reported)
{
	const struct ip_vs_encap *encap = ip_vs_encap_find(READ_ONCE(dest->tun_type));
	const struct ip_vs_route *route = rcu_dereference(dest->route);
	u32 mtu = reported, overhead;

	if (!encap)
		return 0;
	overhead = ip_vs_encap_overhead(encap, AF_INET, skb, READ_ONCE(dest->tun_flags));
	if (route && (!mtu || dst_mtu(route->dst) < mtu))
		mtu = dst_mtu(route->dst);
	return mtu > overhead + ip_vs_af_min_mtu(AF_INET) ? mtu - overhead : 0;
}

/* Make the packet quoted at @offset the one that @skb carries. */
static bool strip(struct sk_buff *skb, unsigned int offset)
{
	if (!pskb_may_pull(skb, offset + sizeof(struct iphdr)))
		return false;
	__skb_pull(skb, offset);
	skb_reset_network_header(skb);
	/* options of the header that went are not those of this one */
	memset(IPCB(skb), 0, sizeof(*IPCB(skb)));
	return true;
}

/* Learn the MTU of the way to the server and tell the client what is left of it. @skb is ours. */
static void relay(struct sk_buff *skb, struct net *net, const struct ip_vs_packet *quote,
		  const struct ip_vs_packet *inner, const struct ip_vs_dest *dest,
		  const struct icmphdr *icmph)
{
	u32 info = 0;

	if (icmph->type == ICMP_DEST_UNREACH && icmph->code == ICMP_FRAG_NEEDED) {
		u32 reported = ntohs(icmph->un.frag.mtu);

		if (!strip(skb, quote->l3))
			return;
		ipv4_update_pmtu(skb, net, reported, 0, 0);
		info = mtu_inside(dest, skb, reported);
		if (!info || !strip(skb, inner->l3 - quote->l3) ||
		    !(ip_hdr(skb)->frag_off & htons(IP_DF)))
			return;
	} else if (!strip(skb, inner->l3)) {
		return;
	}
	icmp_send(skb, icmph->type, icmph->code, htonl(info));
}

/* A link is too narrow for a tunnel in IPv6: the stack learns that from errors about packets of
 * its own sockets and devices only, and ours are neither.
 */
static enum ip_vs_verdict learn_ipv6(struct ip_vs_packet *pkt, const struct ip_vs_packet *quote)
{
	int type = tun_type(quote->proto);
	__be16 port = type == IP_VS_CONN_F_TUNNEL_TYPE_GUE ? quote->tuple.dport : 0;
	struct sk_buff *skb = pkt->skb;
	struct icmp6hdr icmph;

	if (type < 0 || quote->later_fragment || skb_copy_bits(skb, pkt->l4, &icmph, sizeof(icmph)) ||
	    icmph.icmp6_type != ICMPV6_PKT_TOOBIG ||
	    !ip_vs_addr_equal(&quote->tuple.src, &pkt->tuple.dst) ||
	    !ip_vs_real_find_tunnel(pkt->ipvs, AF_INET6, &quote->tuple.dst, type, port))
		return IP_VS_CONTINUE;
	if (nf_checksum(skb, pkt->hook, pkt->l4, pkt->tuple.proto, AF_INET6))
		return ip_vs_drop(pkt, CHECKSUM);
	if (!pskb_may_pull(skb, quote->l3 + sizeof(struct ipv6hdr)))
		return ip_vs_drop(pkt, TRUNCATED);
	__skb_pull(skb, quote->l3);
	ip6_update_pmtu(skb, pkt->ipvs->net, icmph.icmp6_mtu, 0, 0, INVALID_UID);
	__skb_push(skb, quote->l3);
	return IP_VS_ACCEPT;
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
	struct icmphdr icmph;
	struct ip_vs_dest *dest;
	unsigned int inner_l3;
	struct ip_vs_conn *cp;

	if (pkt->tuple.af == AF_INET6)
		return learn_ipv6(pkt, quote);
	dest = find_tunnel(quote, &inner_l3);
	if (!dest)
		return IP_VS_CONTINUE;
	if (nf_checksum(pkt->skb, pkt->hook, pkt->l4, pkt->tuple.proto, AF_INET))
		return ip_vs_drop(pkt, CHECKSUM);
	inner.l3 = inner_l3;
	cp = find_conn(&inner);
	if (!cp || skb_copy_bits(pkt->skb, pkt->l4, &icmph, sizeof(icmph)))
		return IP_VS_ACCEPT;
	ip_vs_conn_count_out(cp, pkt->skb->len);
	relay(pkt->skb, pkt->ipvs->net, quote, &inner, dest, &icmph);
	consume_skb(pkt->skb);
	return IP_VS_STOLEN;
}
