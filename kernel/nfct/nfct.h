/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Connection tracking. Connections with IP_VS_CONN_F_NFCT keep their entries there, so that
 * other hooks can use them; all other packets of ours are not tracked.
 */
#ifndef IP_VS_NFCT_H
#define IP_VS_NFCT_H

#include <net/netfilter/nf_conntrack.h>

#include "packet/l3.h"

/* @skb is not to be tracked any more. */
static inline void ip_vs_nfct_untrack(struct sk_buff *skb)
{
	nf_reset_ct(skb);
	nf_ct_set(skb, NULL, IP_CT_UNTRACKED);
}

/* @skb becomes a new flow, of which nothing is known yet; if @keep, what is known of the one
 * that it was stays known.
 */
void ip_vs_nfct_leave(struct sk_buff *skb, bool keep);
/* @pkt got a new address and port on one side: answers will carry those. A later packet of a
 * tracked flow changes nothing.
 */
void ip_vs_nfct_translated(const struct ip_vs_packet *pkt, enum ip_vs_side side,
			   const union nf_inet_addr *addr, __be16 port);
/* Numbers of @skb's TCP stream are not the same on both sides: they are not to be judged. */
void ip_vs_nfct_tolerate(struct sk_buff *skb);
/* A client begins anew with the ends of an old flow: track @pkt as its first packet. False:
 * that is not possible.
 */
bool ip_vs_nfct_restart(const struct ip_vs_packet *pkt);
/* @skb begins a flow to which others may belong. Must come before the flow's first packet leaves. */
void ip_vs_nfct_may_expect(struct sk_buff *skb);
/* The flow of @skb announced one whose first packet has @tuple, from any port if that is 0. It
 * will be "related" if it comes within @seconds, and what was announced before no more. Nothing
 * happens if the flow is not tracked, or a helper of connection tracking follows it.
 */
void ip_vs_nfct_expect(struct sk_buff *skb, const struct ip_vs_tuple *tuple, u32 seconds);
/* The connection with requests like @tuple has ended. */
void ip_vs_nfct_forget(struct net *net, const struct ip_vs_tuple *tuple);

#endif
