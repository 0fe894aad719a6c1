// SPDX-License-Identifier: GPL-2.0-only
/*
 * Reading headers: the network headers of both families, which messages are errors, and what the
 * transport headers look like. Nothing here changes a packet; it is also built in user space, to
 * be fed with anything.
 */
#include <linux/icmp.h>
#include <linux/icmpv6.h>
#include <linux/ip.h>
#include <linux/sctp.h>
#include <linux/tcp.h>
#include <linux/udp.h>
#include <net/ip.h>
#include <net/ipv6.h>

#include "packet/l3.h"
#include "packet/l4.h"

const struct ip_vs_l4 ip_vs_l4_tcp = {
	.header_len	= sizeof(struct tcphdr),
	.csum_offset	= offsetof(struct tcphdr, check),
	.has_tcp_flags	= true,
};

const struct ip_vs_l4 ip_vs_l4_udp = {
	.header_len	= sizeof(struct udphdr),
	.csum_offset	= offsetof(struct udphdr, check),
	.csum_optional	= true,
};

/* The first chunk's header belongs to it: without it a packet means nothing. */
const struct ip_vs_l4 ip_vs_l4_sctp = {
	.header_len	= sizeof(struct sctphdr) + sizeof(struct sctp_chunkhdr),
	.csum_offset	= offsetof(struct sctphdr, checksum),
	.csum_is_crc	= true,
};

const struct ip_vs_l4 ip_vs_l4_ipsec = { };

bool ip_vs_ipv4_parse(struct ip_vs_packet *pkt)
{
	const struct sk_buff *skb = pkt->skb;
	struct iphdr buf;
	const struct iphdr *iph;
	u16 frag;

	iph = skb_header_pointer(skb, pkt->l3, sizeof(buf), &buf);
	/* a raw socket may send a header of its own making */
	if (!iph || iph->ihl < 5)
		return false;
	ip_vs_addr_set(AF_INET, &pkt->tuple.src, &iph->saddr);
	ip_vs_addr_set(AF_INET, &pkt->tuple.dst, &iph->daddr);
	frag = ntohs(iph->frag_off);
	pkt->tuple.proto = iph->protocol;
	pkt->l4 = pkt->l3 + iph->ihl * 4;
	pkt->ttl = iph->ttl;
	pkt->fragment = frag & (IP_MF | IP_OFFSET);
	pkt->later_fragment = frag & IP_OFFSET;
	return true;
}

enum ip_vs_icmp_kind ip_vs_ipv4_icmp_kind(const struct ip_vs_packet *pkt)
{
	struct icmphdr buf;
	const struct icmphdr *icmph;

	if (pkt->tuple.proto != IPPROTO_ICMP)
		return IP_VS_ICMP_OTHER;
	icmph = ip_vs_packet_l4(pkt, 0, sizeof(buf), &buf);
	if (!icmph)
		return IP_VS_ICMP_TRUNCATED;
	switch (icmph->type) {
	case ICMP_DEST_UNREACH:
	case ICMP_SOURCE_QUENCH:
	case ICMP_TIME_EXCEEDED:
		return IP_VS_ICMP_ERROR;
	default:
		return IP_VS_ICMP_OTHER;
	}
}

bool ip_vs_ipv6_parse(struct ip_vs_packet *pkt)
{
	const struct sk_buff *skb = pkt->skb;
	struct ipv6hdr buf;
	const struct ipv6hdr *ip6h;
	unsigned int offset = pkt->l3;
	unsigned short frag_off = 0;
	int flags = 0;
	int proto;

	ip6h = skb_header_pointer(skb, pkt->l3, sizeof(buf), &buf);
	if (!ip6h)
		return false;
	pkt->tuple.src.in6 = ip6h->saddr;
	pkt->tuple.dst.in6 = ip6h->daddr;
	pkt->ttl = ip6h->hop_limit;
	pkt->fragment = false;
	pkt->later_fragment = false;
	if (ip6h->nexthdr == IPPROTO_TCP || ip6h->nexthdr == IPPROTO_UDP) {
		pkt->tuple.proto = ip6h->nexthdr;
		pkt->l4 = pkt->l3 + sizeof(*ip6h);
		return true;
	}
	proto = ipv6_find_hdr(skb, &offset, -1, &frag_off, &flags);
	/* extension headers without end: offsets are of 16 bits */
	if (proto < 0 || offset > U16_MAX)
		return false;
	pkt->tuple.proto = proto;
	pkt->l4 = offset;
	pkt->fragment = flags & IP6_FH_F_FRAG;
	pkt->later_fragment = frag_off;
	return true;
}

enum ip_vs_icmp_kind ip_vs_ipv6_icmp_kind(const struct ip_vs_packet *pkt)
{
	struct icmp6hdr buf;
	const struct icmp6hdr *icmph;

	if (pkt->tuple.proto != IPPROTO_ICMPV6)
		return IP_VS_ICMP_OTHER;
	icmph = ip_vs_packet_l4(pkt, 0, sizeof(buf), &buf);
	if (!icmph)
		return IP_VS_ICMP_TRUNCATED;
	return icmph->icmp6_type & ICMPV6_INFOMSG_MASK ? IP_VS_ICMP_OTHER : IP_VS_ICMP_ERROR;
}
