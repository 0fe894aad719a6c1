// SPDX-License-Identifier: GPL-2.0-only
/*
 * Locality-based least connection: what one address was asked for goes to the server that was
 * asked for it before, unless that has too much to do while another has little.
 */
#include <net/net_namespace.h>
#include <net/netns/generic.h>

#include "api.h"

static unsigned int lblc_net_id;

static u64 lblc_cost(const struct ip_vs_dest *dest)
{
	return ip_vs_dest_load(dest);
}

/* May the cached choice go on? Not being overloaded by its thresholds is not asked. */
static bool is_good(struct ip_vs_service *svc, const struct ip_vs_dest *dest)
{
	return rcu_access_pointer(dest->svc) && READ_ONCE(dest->weight) &&
	       !ip_vs_lbl_overloaded(svc, dest);
}

static struct ip_vs_dest *lblc_pick(const struct ip_vs_sched_req *req)
{
	struct ip_vs_lbl_cache *cache = rcu_dereference(req->inst->data);
	const union nf_inet_addr *addr = &req->pkt->tuple.dst;
	struct ip_vs_lbl_entry *entry = ip_vs_lbl_find(cache, addr);
	struct ip_vs_lbl_member *member;
	struct ip_vs_dest *dest;

	if (entry)
		ip_vs_lbl_for_each(member, entry)
			if (is_good(req->svc, member->dest))
				return member->dest;
	dest = ip_vs_pick_least(req->svc, lblc_cost);
	if (dest)
		ip_vs_lbl_set(cache, addr, dest);
	return dest;
}

static int lblc_init(struct ip_vs_service *svc, struct ip_vs_sched_inst *inst)
{
	struct ip_vs_lbl_knob *knob = net_generic(svc->ipvs->net, lblc_net_id);
	struct ip_vs_lbl_cache *cache = ip_vs_lbl_new(&knob->expiration);

	if (!cache)
		return -ENOMEM;
	RCU_INIT_POINTER(inst->data, cache);
	return 0;
}

static void lblc_exit(struct ip_vs_service *svc, struct ip_vs_sched_inst *inst)
{
	ip_vs_lbl_free(ip_vs_cfg_deref(svc->ipvs, inst->data));
}

static struct ip_vs_sched_ops lblc = {
	.plugin.name	= "lblc",
	.plugin.owner	= THIS_MODULE,
	.pick		= lblc_pick,
	.init		= lblc_init,
	.exit		= lblc_exit,
};

static int __net_init lblc_net_init(struct net *net)
{
	return ip_vs_lbl_knob_init(net, net_generic(net, lblc_net_id), "lblc_expiration");
}

static void __net_exit lblc_net_exit(struct net *net)
{
	ip_vs_lbl_knob_exit(net, net_generic(net, lblc_net_id));
}

/* The memory of a namespace's knob ends after ip_vs has removed its services. */
static struct pernet_operations lblc_net_ops = {
	.init	= lblc_net_init,
	.exit	= lblc_net_exit,
	.id	= &lblc_net_id,
	.size	= sizeof(struct ip_vs_lbl_knob),
};

static int __init lblc_module_init(void)
{
	int err = register_pernet_subsys(&lblc_net_ops);

	if (err)
		return err;
	err = ip_vs_sched_register(&lblc);
	if (err)
		unregister_pernet_subsys(&lblc_net_ops);
	return err;
}

static void __exit lblc_module_exit(void)
{
	ip_vs_sched_unregister(&lblc);
	unregister_pernet_subsys(&lblc_net_ops);
}

module_init(lblc_module_init);
module_exit(lblc_module_exit);
MODULE_DESCRIPTION("ipvs locality-based least-connection scheduler");
MODULE_LICENSE("GPL");
