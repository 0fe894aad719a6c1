// SPDX-License-Identifier: GPL-2.0-only
/*
 * From an skb to a struct ip_vs_packet, and reassembly where the stack has not
 * done it.
 */
#include <linux/tcp.h>
#include <linux/udp.h>

#include "packet/l3.h"
#include "packet/l4.h"
#include "packet/packet.h"

#define ISAKMP_PORT 500

/* Ports are read even of a header cut short after them: such a packet still
 * belongs to its connection, it only cannot start or change one.
 */
static void parse_l4(struct ip_vs_packet *pkt, const struct ip_vs_l4 *l4)
{
	u8 buf[sizeof(struct tcphdr)];
	const u8 *h;

	pkt->whole = false;
	pkt->tcp_flags = 0;
	pkt->tuple.sport = 0;
	pkt->tuple.dport = 0;
	pkt->has_ports = l4->header_len;
	if (!pkt->has_ports) {
		/* the key exchange, which is the connection of all that is between these two */
		pkt->tuple.proto = IPPROTO_UDP;
		pkt->tuple.sport = htons(ISAKMP_PORT);
		pkt->tuple.dport = htons(ISAKMP_PORT);
		return;
	}
	if (pkt->later_fragment)
		return;
	h = ip_vs_packet_l4(pkt, 0, l4->header_len, buf);
	if (h) {
		pkt->whole = true;
		if (l4->has_tcp_flags)
			pkt->tcp_flags = h[13];
	} else {
		h = ip_vs_packet_l4(pkt, 0, 2 * sizeof(__be16), buf);
		if (!h)
			return;
	}
	memcpy(&pkt->tuple.sport, h, sizeof(__be16));
	memcpy(&pkt->tuple.dport, h + sizeof(__be16), sizeof(__be16));
}

/**
 * ip_vs_packet_parse() - read the network header and the ports
 * @pkt: prepared by ip_vs_packet_init()
 *
 * After IP_VS_PARSED_FOREIGN only the network layer's members are set.
 * Context: RCU, BH off.
 */
enum ip_vs_parsed ip_vs_packet_parse(struct ip_vs_packet *pkt)
{
	const struct ip_vs_l4 *l4;

	if (!ip_vs_l3_parse(pkt))
		return IP_VS_PARSED_BAD;
	pkt->proto = pkt->tuple.proto;
	l4 = ip_vs_l4_find(pkt->proto);
	if (!l4)
		return IP_VS_PARSED_FOREIGN;
	parse_l4(pkt, l4);
	return IP_VS_PARSED;
}

/**
 * ip_vs_packet_defrag() - reassemble an IPv4 fragment and parse the whole packet
 * @pkt: parsed, pkt->fragment set
 *
 * IPv6 fragments were reassembled by nf_defrag_ipv6 before our hooks.
 * Context: RCU, BH off.
 * Return: 0 and @pkt parsed anew; -EINPROGRESS: the skb was queued, it is no
 * longer ours; -EINVAL: the result makes no sense.
 */
int ip_vs_packet_defrag(struct ip_vs_packet *pkt)
{
	if (ip_vs_l3_defrag(pkt))
		return -EINPROGRESS;
	return ip_vs_packet_parse(pkt) == IP_VS_PARSED ? 0 : -EINVAL;
}
