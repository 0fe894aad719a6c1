/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A TCP segment whose text is read and changed on its way. Checksums and lengths follow
 * every change.
 */
#ifndef IP_VS_SEGMENT_H
#define IP_VS_SEGMENT_H

#include <linux/tcp.h>

#include "base/seq.h"
#include "packet/packet.h"

struct ip_vs_segment {
	struct ip_vs_packet *pkt;
	unsigned int header_len;
	u32 seq;		/* of the first byte, as the sender counts */
	unsigned int len;	/* bytes of text; 0: none */
};

/* Read @pkt, TCP, and make it writable. -EINVAL: its header is cut short or lies, -EBADMSG:
 * its checksum is wrong, -ENOMEM.
 */
int ip_vs_segment_open(struct ip_vs_segment *seg, struct ip_vs_packet *pkt);

/* Valid until it is changed. */
static inline struct tcphdr *ip_vs_segment_header(const struct ip_vs_segment *seg)
{
	return (struct tcphdr *)(seg->pkt->skb->data + seg->pkt->l4);
}

static inline char *ip_vs_segment_text(const struct ip_vs_segment *seg)
{
	return (char *)seg->pkt->skb->data + seg->pkt->l4 + seg->header_len;
}

/* Drop the text from @len on; the sender will send it again. */
int ip_vs_segment_cut(struct ip_vs_segment *seg, unsigned int len);
/* Replace @old_len bytes at @at. */
int ip_vs_segment_replace(struct ip_vs_segment *seg, unsigned int at, unsigned int old_len,
			  const char *text, unsigned int new_len);

/* The stream of the sender was moved: count as the receiver does. The other way: the sender
 * acknowledges, selectively too, what it received of the moved stream.
 */
void ip_vs_segment_move(struct ip_vs_segment *seg, const struct ip_vs_seq *s);
void ip_vs_segment_move_acks(struct ip_vs_segment *seg, const struct ip_vs_seq *s);

#endif
