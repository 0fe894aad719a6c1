/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What differs between IPv4 and IPv6, and nothing else. A branch, not a
 * pointer: predictable, inlinable, no retpoline.
 */
#ifndef IP_VS_L3_H
#define IP_VS_L3_H

#include <net/dst.h>

#include "packet/packet.h"

enum ip_vs_side { IP_VS_SRC, IP_VS_DST };

/* Errors that IPVS itself sends; rows of a table per family. */
enum ip_vs_l3_error {
	IP_VS_ERR_PORT_UNREACH,
	IP_VS_ERR_TTL,
	IP_VS_ERR_TOO_BIG,	/* @info: the MTU */
};

/* What a packet of a protocol that IPVS does not balance is to it. */
enum ip_vs_icmp_kind {
	IP_VS_ICMP_OTHER,	/* another protocol, or an ICMP message that is no error */
	IP_VS_ICMP_ERROR,	/* quotes the packet that caused it after its 8 bytes */
	IP_VS_ICMP_TRUNCATED,
};

/* A route to a real server. */
struct ip_vs_l3_route {
	struct dst_entry *dst;	/* with a reference */
	u32 cookie;		/* for dst_check() */
	union nf_inet_addr saddr;	/* that packets of this host's own would have */
};

/* What the header of a tunnel says; most of it comes from the packet inside. */
struct ip_vs_l3_outer {
	union nf_inet_addr saddr, daddr;
	u8 proto;
	u8 ttl;
	u8 tos;			/* or traffic class */
	bool df;		/* do not fragment; IPv6 routers never do */
};

#define IP_VS_L3_DECLARE(f)									\
	bool ip_vs_##f##_parse(struct ip_vs_packet *pkt);					\
	int ip_vs_##f##_defrag(struct ip_vs_packet *pkt);					\
	void ip_vs_##f##_set_addr(struct sk_buff *skb, unsigned int l3, enum ip_vs_side side,	\
				  const union nf_inet_addr *addr);				\
	bool ip_vs_##f##_decrement_ttl(struct sk_buff *skb);					\
	void ip_vs_##f##_set_len(struct sk_buff *skb, unsigned int l3);				\
	int ip_vs_##f##_route(struct net *net, const union nf_inet_addr *daddr,			\
			      struct ip_vs_l3_route *route);					\
	bool ip_vs_##f##_route_is_local(const struct dst_entry *dst);				\
	int ip_vs_##f##_reroute_reply(struct net *net, struct sk_buff *skb);			\
	bool ip_vs_##f##_too_big(const struct sk_buff *skb, unsigned int mtu);			\
	void ip_vs_##f##_error(struct net *net, struct sk_buff *skb, enum ip_vs_l3_error error,	\
			       u32 info);							\
	bool ip_vs_##f##_is_loopback(const union nf_inet_addr *addr);				\
	bool ip_vs_##f##_may_be_dest(struct net *net, const union nf_inet_addr *addr);		\
	bool ip_vs_##f##_is_elsewhere(struct net *net, const union nf_inet_addr *addr);		\
	void ip_vs_##f##_full_csum(struct sk_buff *skb, unsigned int l4, u8 proto, __sum16 *sum);\
	enum ip_vs_icmp_kind ip_vs_##f##_icmp_kind(const struct ip_vs_packet *pkt);		\
	void ip_vs_##f##_icmp_csum(struct sk_buff *skb, unsigned int l4);			\
	void ip_vs_##f##_read_inner(const struct sk_buff *skb, struct ip_vs_l3_outer *outer);	\
	void ip_vs_##f##_push_outer(struct net *net, struct sk_buff *skb,			\
				    const struct ip_vs_l3_outer *outer);			\
	void ip_vs_##f##_udp_csum(struct sk_buff *skb, bool none,				\
				  const struct ip_vs_l3_outer *outer);				\
	void ip_vs_##f##_local_out(struct net *net, struct sk_buff *skb)

IP_VS_L3_DECLARE(ipv4);
IP_VS_L3_DECLARE(ipv6);

#define IP_VS_L3(af, call) ((af) == AF_INET6 ? ip_vs_ipv6_##call : ip_vs_ipv4_##call)

/* Addresses, protocol, transport offset, TTL, fragment state. False: malformed. */
static inline bool ip_vs_l3_parse(struct ip_vs_packet *pkt)
{
	return IP_VS_L3(pkt->tuple.af, parse(pkt));
}

/* 0: whole now; else the skb was queued or freed. */
static inline int ip_vs_l3_defrag(struct ip_vs_packet *pkt)
{
	return IP_VS_L3(pkt->tuple.af, defrag(pkt));
}

/* Write one address of the writable network header at offset @l3 of the data. */
static inline void ip_vs_l3_set_addr(struct sk_buff *skb, int af, unsigned int l3,
				     enum ip_vs_side side, const union nf_inet_addr *addr)
{
	if (af == AF_INET6)
		ip_vs_ipv6_set_addr(skb, l3, side, addr);
	else
		ip_vs_ipv4_set_addr(skb, l3, side, addr);
}

/* False if the header could not be made writable. */
static inline bool ip_vs_l3_decrement_ttl(struct sk_buff *skb, int af)
{
	return IP_VS_L3(af, decrement_ttl(skb));
}

/* The data of the packet has grown or shrunk: say so in the writable network header at @l3. */
static inline void ip_vs_l3_set_len(struct sk_buff *skb, int af, unsigned int l3)
{
	if (af == AF_INET6)
		ip_vs_ipv6_set_len(skb, l3);
	else
		ip_vs_ipv4_set_len(skb, l3);
}

/* Look up the way to @daddr; 0 and a referenced route, or -errno. May be slow. */
static inline int ip_vs_l3_route(struct net *net, int af, const union nf_inet_addr *daddr,
				 struct ip_vs_l3_route *route)
{
	return IP_VS_L3(af, route(net, daddr, route));
}

static inline bool ip_vs_l3_route_is_local(int af, const struct dst_entry *dst)
{
	return IP_VS_L3(af, route_is_local(dst));
}

/* Route a translated reply as if the director had sent it. */
static inline int ip_vs_l3_reroute_reply(struct net *net, struct sk_buff *skb, int af)
{
	return IP_VS_L3(af, reroute_reply(net, skb));
}

/* Would the packet have to be refused on a path of @mtu bytes? */
static inline bool ip_vs_l3_too_big(const struct sk_buff *skb, int af, unsigned int mtu)
{
	return IP_VS_L3(af, too_big(skb, mtu));
}

/* Answer the sender of @skb, which stays the caller's. */
static inline void ip_vs_l3_error(struct ip_vs_packet *pkt, enum ip_vs_l3_error error, u32 info)
{
	if (pkt->tuple.af == AF_INET6)
		ip_vs_ipv6_error(pkt->ipvs->net, pkt->skb, error, info);
	else
		ip_vs_ipv4_error(pkt->ipvs->net, pkt->skb, error, info);
}

static inline bool ip_vs_l3_is_loopback(int af, const union nf_inet_addr *addr)
{
	return IP_VS_L3(af, is_loopback(addr));
}

/* May @addr be a real server, as the namespace's routing sees it now? Process context. */
static inline bool ip_vs_l3_may_be_dest(struct net *net, int af, const union nf_inet_addr *addr)
{
	return IP_VS_L3(af, may_be_dest(net, addr));
}

/* Is @addr that of another host? Any context. */
static inline bool ip_vs_l3_is_elsewhere(struct net *net, int af, const union nf_inet_addr *addr)
{
	return IP_VS_L3(af, is_elsewhere(net, addr));
}

/* Compute the transport checksum at @sum anew, over everything from offset @l4 on. */
static inline void ip_vs_l3_full_csum(struct sk_buff *skb, int af, unsigned int l4, u8 proto,
				      __sum16 *sum)
{
	if (af == AF_INET6)
		ip_vs_ipv6_full_csum(skb, l4, proto, sum);
	else
		ip_vs_ipv4_full_csum(skb, l4, proto, sum);
}

static inline enum ip_vs_icmp_kind ip_vs_l3_icmp_kind(const struct ip_vs_packet *pkt)
{
	return IP_VS_L3(pkt->tuple.af, icmp_kind(pkt));
}

/* Take over from the packet at the network header what a tunnel's header inherits: TTL,
 * TOS by the rules of RFC 3168, DF.
 */
static inline void ip_vs_l3_read_inner(const struct sk_buff *skb, int af,
				       struct ip_vs_l3_outer *outer)
{
	if (af == AF_INET6)
		ip_vs_ipv6_read_inner(skb, outer);
	else
		ip_vs_ipv4_read_inner(skb, outer);
}

/* Put a network header of family @af before the data; there is headroom. */
static inline void ip_vs_l3_push_outer(struct net *net, struct sk_buff *skb, int af,
				       const struct ip_vs_l3_outer *outer)
{
	if (af == AF_INET6)
		ip_vs_ipv6_push_outer(net, skb, outer);
	else
		ip_vs_ipv4_push_outer(net, skb, outer);
}

/* Checksum of the UDP header at the data, which is the transport header. */
static inline void ip_vs_l3_udp_csum(struct sk_buff *skb, int af, bool none,
				     const struct ip_vs_l3_outer *outer)
{
	if (af == AF_INET6)
		ip_vs_ipv6_udp_csum(skb, none, outer);
	else
		ip_vs_ipv4_udp_csum(skb, none, outer);
}

/* Send a packet of this host's own along its route. */
static inline void ip_vs_l3_local_out(struct net *net, struct sk_buff *skb, int af)
{
	if (af == AF_INET6)
		ip_vs_ipv6_local_out(net, skb);
	else
		ip_vs_ipv4_local_out(net, skb);
}

/* Compute the checksum of the writable ICMP message at offset @l4 anew. */
static inline void ip_vs_l3_icmp_csum(struct sk_buff *skb, int af, unsigned int l4)
{
	if (af == AF_INET6)
		ip_vs_ipv6_icmp_csum(skb, l4);
	else
		ip_vs_ipv4_icmp_csum(skb, l4);
}

#endif
