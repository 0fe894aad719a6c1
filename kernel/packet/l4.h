/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Transport headers: where the checksum is, and how an address and a port are
 * exchanged in it. One row per protocol.
 */
#ifndef IP_VS_L4_H
#define IP_VS_L4_H

#include <linux/in.h>

#include "packet/l3.h"
#include "packet/packet.h"

struct ip_vs_l4 {
	u8 header_len;		/* of the fixed part; 0: it has no ports and is not looked into */
	u8 csum_offset;
	bool csum_optional;	/* 0 on the wire means: none (UDP) */
	bool csum_is_crc;	/* CRC32c over the packet without addresses (SCTP) */
	bool has_tcp_flags;
};

extern const struct ip_vs_l4 ip_vs_l4_tcp;
extern const struct ip_vs_l4 ip_vs_l4_udp;
extern const struct ip_vs_l4 ip_vs_l4_sctp;
extern const struct ip_vs_l4 ip_vs_l4_ipsec;

/* NULL if IPVS does not know the protocol. */
static inline const struct ip_vs_l4 *ip_vs_l4_find(u8 proto)
{
	switch (proto) {
	case IPPROTO_TCP:
		return &ip_vs_l4_tcp;
	case IPPROTO_UDP:
		return &ip_vs_l4_udp;
	case IPPROTO_SCTP:
		return &ip_vs_l4_sctp;
	case IPPROTO_AH:
	case IPPROTO_ESP:
		return &ip_vs_l4_ipsec;
	default:
		return NULL;
	}
}

int ip_vs_l4_translate(struct ip_vs_packet *pkt, enum ip_vs_side side,
		       const union nf_inet_addr *addr, __be16 port);

#endif
