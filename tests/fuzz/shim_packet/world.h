/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * As much of the kernel as the parsers of kernel/packet/ see, for the target packet.c: a packet is one piece of memory
 * that ends where its data end. What only writes or sends packets is declared here and never called.
 */
#ifndef SHIM_PACKET_WORLD_H
#define SHIM_PACKET_WORLD_H

#include <arpa/inet.h>
#include <errno.h>
#include <linux/icmp.h>
#include <linux/icmpv6.h>
#include <linux/ip.h>
#include <linux/ipv6.h>
#include <linux/netfilter.h>
#include <linux/tcp.h>
#include <linux/udp.h>
#include <stddef.h>
#include <string.h>

#include <linux/compiler.h>
#include <linux/types.h>

#define __aligned(n)		__attribute__((aligned(n)))
#define __force
#define container_of(p, type, member)	((type *)((char *)(p) - offsetof(type, member)))
#define IPV6_MIN_MTU		1280
#define U16_MAX			0xffff
#define IP_DF			0x4000
#define IP_MF			0x2000
#define IP_OFFSET		0x1fff

#define ICMPV6_INFOMSG_MASK	0x80
#define IPPROTO_SCTP		132

struct sctphdr { __be16 source, dest; __be32 vtag; __le32 checksum; };
struct sctp_chunkhdr { __u8 type, flags; __be16 length; };
struct mutex { int unused; };
struct net_device { unsigned int flags; };
struct net { void *ipvs; struct net_device *loopback_dev; };
struct dst_entry { struct net_device *dev; int error; };
struct sk_buff {
	unsigned char *data;
	unsigned int len;
	int ip_summed;
	__be16 protocol;
	struct net_device *dev;
	void *sk;
};

#define skb_network_offset(skb)	0

/* The kernel copies what is not in one piece; here nothing ever is not. */
static inline void *skb_header_pointer(const struct sk_buff *skb, int offset, int len, void *buf)
{
	(void)buf;
	if (offset < 0 || len < 0 || (__u64)offset + len > skb->len)
		return NULL;
	return skb->data + offset;
}

#define IP6_FH_F_FRAG 1

/* Walks extension headers as the kernel's function of that name does for any target: to the first header that is no
 * extension, or that stands in a later fragment.
 */
static inline int ipv6_find_hdr(const struct sk_buff *skb, unsigned int *offset, int target,
				unsigned short *frag_off, int *flags)
{
	unsigned int at = *offset + sizeof(struct ipv6hdr);
	__u8 next = ((struct ipv6hdr *)(skb->data + *offset))->nexthdr;
	__u8 *h;

	(void)target;
	while (next == 0 || next == 43 || next == 44 || next == 51 || next == 60) {
		h = skb_header_pointer(skb, at, next == 44 ? 8 : 2, NULL);
		if (!h)
			return -EBADMSG;
		if (next == 51)
			break;
		if (next == 44) {
			*flags |= IP6_FH_F_FRAG;
			*frag_off = (h[2] << 8 | h[3]) & ~7;
			next = h[0];
			at += 8;
			if (*frag_off)
				break;
			continue;
		}
		next = h[0];
		at += (h[1] + 1) * 8;
	}
	if (next == 59)
		return -ENOENT;
	*offset = at;
	return next;
}

#endif
