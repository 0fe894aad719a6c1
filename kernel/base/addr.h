/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Addresses are always 16 zero-extended bytes (union nf_inet_addr), so that a
 * key is compared with memcmp whatever its family.
 */
#ifndef IP_VS_ADDR_H
#define IP_VS_ADDR_H

#include <linux/in.h>
#include <linux/in6.h>
#include <linux/ip.h>
#include <linux/netfilter.h>
#include <linux/string.h>
#include <net/ipv6.h>

static inline void ip_vs_addr_set(int af, union nf_inet_addr *to, const void *from)
{
	if (af == AF_INET6) {
		memcpy(&to->in6, from, sizeof(to->in6));
	} else {
		memset(to, 0, sizeof(*to));
		memcpy(&to->ip, from, sizeof(to->ip));
	}
}

static inline bool ip_vs_addr_equal(const union nf_inet_addr *a, const union nf_inet_addr *b)
{
	return !memcmp(a, b, sizeof(*a));
}

static inline bool ip_vs_af_valid(int af)
{
	return af == AF_INET || af == AF_INET6;
}

/* Bytes of a network header without options or extension headers. */
static inline unsigned int ip_vs_af_header_len(int af)
{
	return af == AF_INET6 ? sizeof(struct ipv6hdr) : sizeof(struct iphdr);
}

/* Smallest MTU that a link must have to carry the family at all. */
static inline unsigned int ip_vs_af_min_mtu(int af)
{
	return af == AF_INET6 ? IPV6_MIN_MTU : 68;
}

/* Fold an address to 32 bits for hashing. */
static inline u32 ip_vs_addr_fold(const union nf_inet_addr *a)
{
	return (__force u32)(a->all[0] ^ a->all[1] ^ a->all[2] ^ a->all[3]);
}

#endif
