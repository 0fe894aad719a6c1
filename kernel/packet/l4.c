// SPDX-License-Identifier: GPL-2.0-only
/*
 * Translation of one end of a packet: address, port and both checksums.
 */
#include <linux/sctp.h>
#include <linux/tcp.h>
#include <linux/udp.h>
#include <net/sctp/checksum.h>

#include "base/csum.h"
#include "packet/l4.h"

/* A CRC that a device is to compute is none yet; that of a large packet's pieces likewise. */
static void set_crc(struct sk_buff *skb, unsigned int l4)
{
	struct sctphdr *sctph = (struct sctphdr *)(skb->data + l4);

	if (skb->ip_summed != CHECKSUM_PARTIAL && !skb_is_gso(skb))
		sctph->checksum = sctp_compute_cksum(skb, l4);
}

/* Adjust the checksum for what is about to change. One that is not there (UDP) is
 * computed in full after the change, which @compute tells.
 */
static bool adjust_csum(struct ip_vs_packet *pkt, const struct ip_vs_l4 *l4, __sum16 *sum,
			const union nf_inet_addr *from, const union nf_inet_addr *to,
			__be16 from_port, __be16 to_port)
{
	struct sk_buff *skb = pkt->skb;
	int af = pkt->tuple.af;

	if (l4->csum_optional && !*sum && skb->ip_summed != CHECKSUM_PARTIAL)
		return !skb_is_gso(skb);
	ip_vs_csum_addr(sum, skb, af, from, to);
	if (skb->ip_summed != CHECKSUM_PARTIAL)
		ip_vs_csum_port(sum, skb, from_port, to_port);
	if (l4->csum_optional && !*sum && skb->ip_summed != CHECKSUM_PARTIAL)
		*sum = CSUM_MANGLED_0;
	return false;
}

/**
 * ip_vs_l4_translate() - give one end of a packet a new address and port
 * @pkt: parsed, not a later fragment of a protocol with ports
 * @side: which end
 * @addr: 16 zero-extended bytes
 * @port: network order
 *
 * A later fragment carries no transport header; only its address changes.
 * Context: RCU, BH off. pkt->tuple keeps telling how the packet arrived.
 * Return: 0, or -ENOMEM/-EINVAL if the headers could not be made writable.
 */
int ip_vs_l4_translate(struct ip_vs_packet *pkt, enum ip_vs_side side,
		       const union nf_inet_addr *addr, __be16 port)
{
	const struct ip_vs_l4 *l4 = ip_vs_l4_find(pkt->proto);
	const union nf_inet_addr *from = side == IP_VS_SRC ? &pkt->tuple.src : &pkt->tuple.dst;
	__be16 from_port = side == IP_VS_SRC ? pkt->tuple.sport : pkt->tuple.dport;
	unsigned int port_offset = side == IP_VS_SRC ? 0 : sizeof(__be16);
	bool has_header = pkt->has_ports && !pkt->later_fragment;
	struct sk_buff *skb = pkt->skb;
	bool compute = false;
	__sum16 *sum = NULL;
	u8 *header;

	if (skb_ensure_writable(skb, pkt->l4 + (has_header ? l4->header_len : 0)))
		return -ENOMEM;
	/* what a device has summed up is no longer what the packet says */
	skb_forward_csum(skb);
	if (has_header) {
		header = skb->data + pkt->l4;
		sum = (__sum16 *)(header + l4->csum_offset);
		if (!l4->csum_is_crc)
			compute = adjust_csum(pkt, l4, sum, from, addr, from_port, port);
		memcpy(header + port_offset, &port, sizeof(port));
		if (l4->csum_is_crc && port != from_port)
			set_crc(skb, pkt->l4);
	}
	ip_vs_l3_set_addr(skb, pkt->tuple.af, pkt->l3, side, addr);
	if (compute) {
		ip_vs_l3_full_csum(skb, pkt->tuple.af, pkt->l4, pkt->proto, sum);
		if (!*sum)
			*sum = CSUM_MANGLED_0;
	}
	return 0;
}
