// SPDX-License-Identifier: GPL-2.0-only
/*
 * Packets, as the hooks read them: the network header, the ports, and what an ICMP error quotes, or a tunnel's packet.
 * The first byte tells the family, and how many words into the data the packet begins.
 */
// CFLAGS: -Ishim_packet
#include "world.h"

#include "fuzz.h"

#include "packet/packet.c"
#include "packet/parse.c"

#include <assert.h>

/* Nothing is put together here: a fragment stays one. */
int ip_vs_ipv4_defrag(struct ip_vs_packet *pkt) { return -EINPROGRESS; }
int ip_vs_ipv6_defrag(struct ip_vs_packet *pkt) { return 0; }

/* What was read is within the packet, and says what stands there. */
static void check(const struct ip_vs_packet *pkt)
{
	const struct ip_vs_l4 *l4 = ip_vs_l4_find(pkt->proto);
	const __u8 *h = pkt->skb->data + pkt->l4;

	assert(pkt->l4 >= pkt->l3 + (pkt->tuple.af == AF_INET6 ? 40 : 20));
	if (pkt->has_ports != !!l4->header_len || !pkt->has_ports || pkt->later_fragment)
		return;
	if (pkt->whole)
		assert(pkt->l4 + l4->header_len <= pkt->skb->len);
	if (pkt->l4 + 4 <= pkt->skb->len)
		assert(!memcmp(&pkt->tuple.sport, h, 2) && !memcmp(&pkt->tuple.dport, h + 2, 2));
	else
		assert(!pkt->tuple.sport && !pkt->tuple.dport);
	if (pkt->whole && l4->has_tcp_flags)
		assert(pkt->tcp_flags == h[13]);
}

/* A packet, and those inside of it, as deep as the hooks look. */
static void read_packet(struct ip_vs_packet *pkt, int depth)
{
	struct ip_vs_packet inner = *pkt;
	enum ip_vs_parsed parsed = ip_vs_packet_parse(pkt);

	if (parsed == IP_VS_PARSED)
		check(pkt);
	if (parsed != IP_VS_PARSED_FOREIGN || depth == 2)
		return;
	if (ip_vs_l3_icmp_kind(pkt) == IP_VS_ICMP_ERROR) {
		inner.l3 = pkt->l4 + 8;
		inner.quoted = true;
		read_packet(&inner, depth + 1);
	} else if (pkt->tuple.proto == IPPROTO_IPIP) {
		inner.l3 = pkt->l4;
		read_packet(&inner, depth + 1);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct netns_ipvs ipvs = { 0 };
	struct ip_vs_packet pkt;
	struct sk_buff skb = { 0 };
	unsigned int at;
	__u8 *copy;

	if (size < 1 || size > 2000)
		return 0;
	copy = fuzz_copy(data + 1, size - 1);
	skb.data = copy;
	skb.len = size - 1;
	at = (data[0] & 0x1f) * 4;	/* headers stand at multiples of four */
	ip_vs_packet_init(&pkt, &ipvs, &skb, NF_INET_LOCAL_IN, data[0] & 0x80 ? AF_INET6 : AF_INET, IP_VS_DIR_IN);
	pkt.l3 = at < skb.len ? at : 0;
	read_packet(&pkt, 0);
	free(copy);
	return 0;
}
