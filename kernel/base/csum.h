/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Transport checksums when an address or a port changes: RFC 1624, by the
 * kernel's helpers, which know the checksum states of an skb.
 */
#ifndef IP_VS_CSUM_H
#define IP_VS_CSUM_H

#include <linux/skbuff.h>
#include <net/checksum.h>

#include "base/addr.h"

static inline void ip_vs_csum_addr(__sum16 *sum, struct sk_buff *skb, int af,
				   const union nf_inet_addr *from, const union nf_inet_addr *to)
{
	if (af == AF_INET6)
		inet_proto_csum_replace16(sum, skb, from->ip6, to->ip6, true);
	else
		inet_proto_csum_replace4(sum, skb, from->ip, to->ip, true);
}

static inline void ip_vs_csum_port(__sum16 *sum, struct sk_buff *skb, __be16 from, __be16 to)
{
	inet_proto_csum_replace2(sum, skb, from, to, false);
}

#endif
