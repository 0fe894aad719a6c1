// SPDX-License-Identifier: GPL-2.0-only
/*
 * Destination hashing: the address that the client wants decides. Every server has the same
 * number of slots, whatever its weight.
 */
#include "api.h"

#define DH_BITS	8

static u32 dh_share(const struct ip_vs_dest *dest)
{
	return 1;
}

static struct ip_vs_dest *dh_pick(const struct ip_vs_sched_req *req)
{
	u32 addr = ip_vs_sched_addr(&req->pkt->tuple.dst);

	return ip_vs_dest_array_usable(rcu_dereference(req->inst->data),
				       ip_vs_sched_hash(addr, DH_BITS));
}

static int dh_init(struct ip_vs_service *svc, struct ip_vs_sched_inst *inst)
{
	struct ip_vs_dest_array *array = ip_vs_dest_array_new(1 << DH_BITS);

	if (!array)
		return -ENOMEM;
	ip_vs_dest_array_deal(array, svc, dh_share);
	RCU_INIT_POINTER(inst->data, array);
	return 0;
}

static void dh_exit(struct ip_vs_service *svc, struct ip_vs_sched_inst *inst)
{
	ip_vs_dest_array_free(ip_vs_cfg_deref(svc->ipvs, inst->data));
}

static void dh_changed(struct ip_vs_service *svc, struct ip_vs_sched_inst *inst,
		       struct ip_vs_dest *dest, enum ip_vs_sched_event event,
		       struct list_head *prev)
{
	if (event != IP_VS_DEST_CHANGED)
		ip_vs_dest_array_deal(ip_vs_cfg_deref(svc->ipvs, inst->data), svc, dh_share);
}

static struct ip_vs_sched_ops dh = {
	.plugin.name	= "dh",
	.plugin.owner	= THIS_MODULE,
	.pick		= dh_pick,
	.init		= dh_init,
	.exit		= dh_exit,
	.changed	= dh_changed,
};
module_ip_vs_scheduler(dh);
MODULE_DESCRIPTION("ipvs destination hashing scheduler");
MODULE_LICENSE("GPL");
