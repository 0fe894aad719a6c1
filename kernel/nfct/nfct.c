// SPDX-License-Identifier: GPL-2.0-only
/*
 * What connection tracking is told of our connections.
 *
 * Tracking sees a request before us, as client to virtual address, and would expect answers
 * from there. Until the entry is confirmed, which is when the packet leaves, the expectation
 * can be changed to where we send it.
 */
#include <net/netfilter/nf_conntrack_core.h>
#include <net/netfilter/nf_conntrack_expect.h>
#include <net/netfilter/nf_conntrack_helper.h>
#include <net/netfilter/nf_conntrack_zones.h>

#include "nfct/nfct.h"

void ip_vs_nfct_leave(struct sk_buff *skb, bool keep)
{
	if (keep)
		nf_conntrack_confirm(skb);
	nf_reset_ct(skb);
}

void ip_vs_nfct_translated(const struct ip_vs_packet *pkt, enum ip_vs_side side,
			   const union nf_inet_addr *addr, __be16 port)
{
	struct nf_conntrack_tuple expected;
	enum ip_conntrack_info ctinfo;
	struct nf_conn *ct = nf_ct_get(pkt->skb, &ctinfo);

	if (!ct || nf_ct_is_confirmed(ct) || nf_ct_is_dying(ct) ||
	    CTINFO2DIR(ctinfo) != IP_CT_DIR_ORIGINAL)
		return;
	expected = ct->tuplehash[IP_CT_DIR_REPLY].tuple;
	if (side == IP_VS_DST) {
		expected.src.u3 = *addr;
		if (pkt->has_ports)
			expected.src.u.all = port;
	} else {
		expected.dst.u3 = *addr;
		if (pkt->has_ports)
			expected.dst.u.all = port;
	}
	nf_conntrack_alter_reply(ct, &expected);
}

static bool is_settled(const struct sk_buff *skb)
{
	enum ip_conntrack_info ctinfo;
	const struct nf_conn *ct = nf_ct_get(skb, &ctinfo);

	return ct && nf_ct_is_confirmed(ct);
}

/* What tracking knows of the old flow has a server in it that the new one will not have. */
bool ip_vs_nfct_restart(const struct ip_vs_packet *pkt)
{
	struct nf_hook_state state = {
		.hook	= NF_INET_PRE_ROUTING,
		.pf	= pkt->tuple.af == AF_INET6 ? NFPROTO_IPV6 : NFPROTO_IPV4,
		.net	= pkt->ipvs->net,
	};
	enum ip_conntrack_info ctinfo;
	struct nf_conn *ct = nf_ct_get(pkt->skb, &ctinfo);

	if (!is_settled(pkt->skb))
		return true;
	nf_ct_kill(ct);
	nf_reset_ct(pkt->skb);
	return nf_conntrack_in(pkt->skb, &state) == NF_ACCEPT && !is_settled(pkt->skb);
}

/* Expectations hang on this extension, which only a flow that nobody else sees yet can get. */
void ip_vs_nfct_may_expect(struct sk_buff *skb)
{
	enum ip_conntrack_info ctinfo;
	struct nf_conn *ct = nf_ct_get(skb, &ctinfo);

	if (ct && !nf_ct_is_confirmed(ct) && !nfct_help(ct))
		nf_ct_helper_ext_add(ct, GFP_ATOMIC);
}
EXPORT_SYMBOL_GPL(ip_vs_nfct_may_expect);

void ip_vs_nfct_expect(struct sk_buff *skb, const struct ip_vs_tuple *tuple, u32 seconds)
{
	enum ip_conntrack_info ctinfo;
	struct nf_conn *ct = nf_ct_get(skb, &ctinfo);
	struct nf_conn_help *help = ct ? nfct_help(ct) : NULL;
	struct nf_conntrack_expect *exp;

	if (!help || rcu_access_pointer(help->helper))
		return;
	/* one at a time: without a helper nothing else bounds them */
	nf_ct_remove_expectations(ct);
	exp = nf_ct_expect_alloc(ct);
	if (!exp)
		return;
	nf_ct_expect_init(exp, NF_CT_EXPECT_CLASS_DEFAULT, tuple->af, &tuple->src, &tuple->dst,
			  tuple->proto, tuple->sport ? &tuple->sport : NULL, &tuple->dport);
	IP_VS_EXPECT_END(exp) = jiffies + seconds * HZ;
	nf_ct_expect_related(exp, 0);
	nf_ct_expect_put(exp);
}
EXPORT_SYMBOL_GPL(ip_vs_nfct_expect);

void ip_vs_nfct_forget(struct net *net, const struct ip_vs_tuple *tuple)
{
	struct nf_conntrack_tuple key = { };
	struct nf_conntrack_tuple_hash *found;
	struct nf_conn *ct;

	key.src.u3 = tuple->src;
	key.src.u.all = tuple->sport;
	key.src.l3num = tuple->af;
	key.dst.u3 = tuple->dst;
	key.dst.u.all = tuple->dport;
	key.dst.protonum = tuple->proto;
	found = nf_conntrack_find_get(net, &nf_ct_zone_dflt, &key);
	if (!found)
		return;
	ct = nf_ct_tuplehash_to_ctrack(found);
	nf_ct_kill(ct);
	nf_ct_put(ct);
}

void ip_vs_nfct_tolerate(struct sk_buff *skb)
{
	enum ip_conntrack_info ctinfo;
	struct nf_conn *ct = nf_ct_get(skb, &ctinfo);

	if (!ct || nf_ct_protonum(ct) != IPPROTO_TCP)
		return;
	spin_lock_bh(&ct->lock);
	ct->proto.tcp.seen[0].flags |= IP_CT_TCP_FLAG_BE_LIBERAL;
	ct->proto.tcp.seen[1].flags |= IP_CT_TCP_FLAG_BE_LIBERAL;
	spin_unlock_bh(&ct->lock);
}
