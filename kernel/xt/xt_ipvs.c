// SPDX-License-Identifier: GPL-2.0-only
/*
 * The match "ipvs" of iptables: has IPVS seen to this packet, and for which connection?
 */
#include <linux/netfilter/x_tables.h>
#include <linux/netfilter/xt_ipvs.h>
#include <net/netfilter/nf_conntrack.h>

#include "api.h"

static bool has_address(const struct xt_ipvs_mtinfo *want, u8 af, const union nf_inet_addr *addr)
{
	if (af == NFPROTO_IPV6)
		return !ipv6_masked_addr_cmp(&addr->in6, &want->vmask.in6, &want->vaddr.in6);
	return !((addr->ip ^ want->vaddr.ip) & want->vmask.ip);
}

/* The direction is that of connection tracking: without it there is none. */
static int direction(const struct sk_buff *skb)
{
	enum ip_conntrack_info ctinfo;

	return nf_ct_get(skb, &ctinfo) ? CTINFO2DIR(ctinfo) : -1;
}

/* Option @bit was not given, or holds as it was given. */
#define HOLDS(bit, what) (!(want->bitmask & (bit)) || (what) == !(want->invert & (bit)))

static bool check_conn(const struct xt_ipvs_mtinfo *want, const struct sk_buff *skb, u8 af,
		       const struct ip_vs_match *match)
{
	int dir = -1;

	if (want->bitmask & XT_IPVS_DIR) {
		dir = direction(skb);
		if (dir < 0)
			return false;
	}
	/* the inverted direction is the reply's */
	return HOLDS(XT_IPVS_VPORT, match->vport == want->vport) &&
	       HOLDS(XT_IPVS_VPORTCTL, match->has_control &&
				       match->control_vport == want->vportctl) &&
	       HOLDS(XT_IPVS_DIR, dir != IP_CT_DIR_REPLY) &&
	       HOLDS(XT_IPVS_METHOD, match->method == want->fwd_method) &&
	       HOLDS(XT_IPVS_VADDR, has_address(want, af, &match->vaddr));
}

static bool ipvs_mt(const struct sk_buff *skb, struct xt_action_param *par)
{
	const struct xt_ipvs_mtinfo *want = par->matchinfo;
	struct ip_vs_match match;
	bool found;

	if (want->bitmask == XT_IPVS_IPVS_PROPERTY)
		return skb->ipvs_property ^ !!(want->invert & XT_IPVS_IPVS_PROPERTY);
	if (!skb->ipvs_property)
		return false;
	found = ip_vs_match_packet(xt_net(par), (struct sk_buff *)skb, xt_hooknum(par),
				   xt_family(par), &match);
	if (!HOLDS(XT_IPVS_PROTO, match.proto == want->l4proto))
		return false;
	return found && check_conn(want, skb, xt_family(par), &match);
}

static int ipvs_mt_check(const struct xt_mtchk_param *par)
{
	return par->family == NFPROTO_IPV4 || par->family == NFPROTO_IPV6 ? 0 : -EINVAL;
}

static struct xt_match match __read_mostly = {
	.name		= "ipvs",
	.revision	= 0,
	.family		= NFPROTO_UNSPEC,
	.match		= ipvs_mt,
	.checkentry	= ipvs_mt_check,
	.matchsize	= XT_ALIGN(sizeof(struct xt_ipvs_mtinfo)),
	.me		= THIS_MODULE,
};

static int __init xt_ipvs_init(void)
{
	return xt_register_match(&match);
}

static void __exit xt_ipvs_exit(void)
{
	xt_unregister_match(&match);
}

module_init(xt_ipvs_init);
module_exit(xt_ipvs_exit);
MODULE_DESCRIPTION("Xtables: match what IPVS has done to packets");
MODULE_LICENSE("GPL");
MODULE_ALIAS("ipt_ipvs");
MODULE_ALIAS("ip6t_ipvs");
