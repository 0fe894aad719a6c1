// SPDX-License-Identifier: GPL-2.0-only
/*
 * Locality-based least connection with replication: an address has a set of servers, of which
 * the least loaded is used. It grows when that one has too much to do while another server has
 * little, and shrinks again with time.
 */
#include <net/net_namespace.h>
#include <net/netns/generic.h>

#include "api.h"

static unsigned int lblcr_net_id;

static u64 lblcr_cost(const struct ip_vs_dest *dest)
{
	return ip_vs_dest_load(dest);
}

/* The usable member with the least load per weight, the one that came last among equals. */
static struct ip_vs_dest *least_member(struct ip_vs_lbl_entry *entry)
{
	struct ip_vs_dest *dest, *least = NULL;
	struct ip_vs_lbl_member *member;
	u64 load, least_load = 0;
	u32 weight, least_weight = 0;

	ip_vs_lbl_for_each(member, entry) {
		dest = member->dest;
		weight = READ_ONCE(dest->weight);
		load = lblcr_cost(dest);
		if (!weight || !ip_vs_dest_usable(dest))
			continue;
		if (least && !ip_vs_ratio_less(load, weight, least_load, least_weight))
			continue;
		least = dest;
		least_load = load;
		least_weight = weight;
	}
	return least;
}

static struct ip_vs_dest *lblcr_pick(const struct ip_vs_sched_req *req)
{
	struct ip_vs_lbl_cache *cache = rcu_dereference(req->inst->data);
	const union nf_inet_addr *addr = &req->pkt->tuple.dst;
	struct ip_vs_lbl_entry *entry = ip_vs_lbl_find(cache, addr);
	struct ip_vs_dest *dest = NULL;

	if (entry) {
		dest = least_member(entry);
		ip_vs_lbl_trim(cache, entry);
		if (dest && !ip_vs_lbl_overloaded(req->svc, dest))
			return dest;
	}
	dest = ip_vs_pick_least(req->svc, lblcr_cost);
	if (dest)
		ip_vs_lbl_add(cache, addr, dest);
	return dest;
}

static int lblcr_init(struct ip_vs_service *svc, struct ip_vs_sched_inst *inst)
{
	struct ip_vs_lbl_knob *knob = net_generic(svc->ipvs->net, lblcr_net_id);
	struct ip_vs_lbl_cache *cache = ip_vs_lbl_new(&knob->expiration);

	if (!cache)
		return -ENOMEM;
	RCU_INIT_POINTER(inst->data, cache);
	return 0;
}

static void lblcr_exit(struct ip_vs_service *svc, struct ip_vs_sched_inst *inst)
{
	ip_vs_lbl_free(ip_vs_cfg_deref(svc->ipvs, inst->data));
}

static struct ip_vs_sched_ops lblcr = {
	.plugin.name	= "lblcr",
	.plugin.owner	= THIS_MODULE,
	.pick		= lblcr_pick,
	.init		= lblcr_init,
	.exit		= lblcr_exit,
};

static int __net_init lblcr_net_init(struct net *net)
{
	return ip_vs_lbl_knob_init(net, net_generic(net, lblcr_net_id), "lblcr_expiration");
}

static void __net_exit lblcr_net_exit(struct net *net)
{
	ip_vs_lbl_knob_exit(net, net_generic(net, lblcr_net_id));
}

/* The memory of a namespace's knob ends after ip_vs has removed its services. */
static struct pernet_operations lblcr_net_ops = {
	.init	= lblcr_net_init,
	.exit	= lblcr_net_exit,
	.id	= &lblcr_net_id,
	.size	= sizeof(struct ip_vs_lbl_knob),
};

static int __init lblcr_module_init(void)
{
	int err = register_pernet_subsys(&lblcr_net_ops);

	if (err)
		return err;
	err = ip_vs_sched_register(&lblcr);
	if (err)
		unregister_pernet_subsys(&lblcr_net_ops);
	return err;
}

static void __exit lblcr_module_exit(void)
{
	ip_vs_sched_unregister(&lblcr);
	unregister_pernet_subsys(&lblcr_net_ops);
}

module_init(lblcr_module_init);
module_exit(lblcr_module_exit);
MODULE_DESCRIPTION("ipvs locality-based least-connection with replication scheduler");
MODULE_LICENSE("GPL");
