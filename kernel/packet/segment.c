// SPDX-License-Identifier: GPL-2.0-only
/*
 * Reading and changing the text of TCP segments, which other packets never have.
 */
#include <linux/netfilter.h>
#include <net/gso.h>
#include <net/tcp.h>

#include "packet/l3.h"
#include "packet/segment.h"

int ip_vs_segment_open(struct ip_vs_segment *seg, struct ip_vs_packet *pkt)
{
	struct sk_buff *skb = pkt->skb;
	const struct tcphdr *tcph;

	if (!pkt->whole)
		return -EINVAL;
	if (nf_checksum(skb, pkt->hook, pkt->l4, IPPROTO_TCP, pkt->tuple.af))
		return -EBADMSG;
	if (skb_linearize(skb) || skb_ensure_writable(skb, skb->len))
		return -ENOMEM;
	seg->pkt = pkt;
	tcph = ip_vs_segment_header(seg);
	seg->header_len = tcph->doff * 4;
	if (seg->header_len < sizeof(*tcph) || pkt->l4 + seg->header_len > skb->len)
		return -EINVAL;
	seg->seq = ntohl(tcph->seq);
	seg->len = skb->len - pkt->l4 - seg->header_len;
	return 0;
}
EXPORT_SYMBOL_GPL(ip_vs_segment_open);

/* The text has changed, and its length was @old_len. What a device is to sum up begins with a
 * sum of addresses and length; a large packet that fits into one segment now is none.
 */
static void text_changed(struct ip_vs_segment *seg, unsigned int old_len)
{
	struct ip_vs_packet *pkt = seg->pkt;
	struct sk_buff *skb = pkt->skb;
	__sum16 *sum = &ip_vs_segment_header(seg)->check;

	seg->len = skb->len - pkt->l4 - seg->header_len;
	ip_vs_l3_set_len(skb, pkt->tuple.af, pkt->l3);
	if (skb_is_gso(skb) && seg->len <= skb_shinfo(skb)->gso_size)
		skb_gso_reset(skb);
	if (skb->ip_summed == CHECKSUM_PARTIAL) {
		inet_proto_csum_replace2(sum, skb, htons(seg->header_len + old_len),
					 htons(seg->header_len + seg->len), true);
	} else {
		skb->ip_summed = CHECKSUM_NONE;
		ip_vs_l3_full_csum(skb, pkt->tuple.af, pkt->l4, IPPROTO_TCP, sum);
	}
}

int ip_vs_segment_cut(struct ip_vs_segment *seg, unsigned int len)
{
	struct ip_vs_packet *pkt = seg->pkt;
	unsigned int old_len = seg->len;
	struct tcphdr *tcph;
	int err;

	if (len >= old_len)
		return 0;
	err = pskb_trim(pkt->skb, pkt->l4 + seg->header_len + len);
	if (err)
		return err;
	/* the end of the stream is behind what was cut off */
	tcph = ip_vs_segment_header(seg);
	tcph->fin = 0;
	pkt->tcp_flags &= ~TCPHDR_FIN;
	text_changed(seg, old_len);
	return 0;
}
EXPORT_SYMBOL_GPL(ip_vs_segment_cut);

int ip_vs_segment_replace(struct ip_vs_segment *seg, unsigned int at, unsigned int old_len,
			  const char *text, unsigned int new_len)
{
	struct sk_buff *skb = seg->pkt->skb;
	unsigned int was = seg->len, tail = was - at - old_len;
	char *to;
	int err;

	if (new_len > old_len && skb_tailroom(skb) < new_len - old_len) {
		err = pskb_expand_head(skb, 0, new_len - old_len, GFP_ATOMIC);
		if (err)
			return err;
	}
	to = ip_vs_segment_text(seg) + at;
	if (new_len > old_len)
		__skb_put(skb, new_len - old_len);
	memmove(to + new_len, to + old_len, tail);
	memcpy(to, text, new_len);
	if (new_len < old_len)
		__skb_trim(skb, skb->len - (old_len - new_len));
	text_changed(seg, was);
	return 0;
}
EXPORT_SYMBOL_GPL(ip_vs_segment_replace);

static void set_number(struct ip_vs_segment *seg, __be32 *field, u32 value)
{
	__be32 old = *field, new = htonl(value);

	inet_proto_csum_replace4(&ip_vs_segment_header(seg)->check, seg->pkt->skb, old, new,
				 false);
	*field = new;
}

void ip_vs_segment_move(struct ip_vs_segment *seg, const struct ip_vs_seq *s)
{
	set_number(seg, &ip_vs_segment_header(seg)->seq, ip_vs_seq_received(s, seg->seq));
}
EXPORT_SYMBOL_GPL(ip_vs_segment_move);

/* Options may stand at odd places, so the numbers in them are copied, and not summed up. */
static void move_blocks(u8 *blocks, u8 *end, const struct ip_vs_seq *s)
{
	__be32 number;

	for (; end - blocks >= sizeof(number); blocks += sizeof(number)) {
		memcpy(&number, blocks, sizeof(number));
		number = htonl(ip_vs_seq_sent(s, ntohl(number)));
		memcpy(blocks, &number, sizeof(number));
	}
}

/* Is there a selective acknowledgement? */
static bool move_selective(struct ip_vs_segment *seg, const struct ip_vs_seq *s)
{
	u8 *option = (u8 *)(ip_vs_segment_header(seg) + 1);
	u8 *end = (u8 *)ip_vs_segment_header(seg) + seg->header_len;

	while (option < end && option[0] != TCPOPT_EOL) {
		if (option[0] == TCPOPT_NOP) {
			option++;
			continue;
		}
		if (end - option < 2 || option[1] < 2 || option[1] > end - option)
			return false;
		if (option[0] == TCPOPT_SACK) {
			move_blocks(option + 2, option + option[1], s);
			return true;
		}
		option += option[1];
	}
	return false;
}

void ip_vs_segment_move_acks(struct ip_vs_segment *seg, const struct ip_vs_seq *s)
{
	struct tcphdr *tcph = ip_vs_segment_header(seg);

	if (!tcph->ack || !(s->before | s->after))
		return;
	set_number(seg, &tcph->ack_seq, ip_vs_seq_sent(s, ntohl(tcph->ack_seq)));
	if (move_selective(seg, s))
		text_changed(seg, seg->len);
}
EXPORT_SYMBOL_GPL(ip_vs_segment_move_acks);
