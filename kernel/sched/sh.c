// SPDX-License-Identifier: GPL-2.0-only
/*
 * Source hashing: a client's address, with sh-port also its port, decides. A server has as
 * many slots in a row as weight, and at least one. With sh-fallback other slots are tried
 * when the server of the first one takes nobody.
 */
#include "api.h"

#define SH_BITS	8
#define SH_SIZE	(1U << SH_BITS)

static u32 sh_share(const struct ip_vs_dest *dest)
{
	return dest->weight;
}

static struct ip_vs_dest *sh_pick(const struct ip_vs_sched_req *req)
{
	const struct ip_vs_dest_array *array = rcu_dereference(req->inst->data);
	u32 flags = READ_ONCE(req->svc->flags);
	struct ip_vs_dest *dest;
	u32 i, first;

	first = ip_vs_sched_hash(ip_vs_sched_client(req->pkt, flags & IP_VS_SVC_F_SCHED_SH_PORT),
				 SH_BITS);
	dest = ip_vs_dest_array_usable(array, first);
	if (!(flags & IP_VS_SVC_F_SCHED_SH_FALLBACK))
		return dest;
	/* the same order on every director: a second look-up begins at twice the hash */
	for (i = 0; !dest && i < SH_SIZE; i++)
		dest = ip_vs_dest_array_usable(array, (2 * first + i) % SH_SIZE);
	return dest;
}

static int sh_init(struct ip_vs_service *svc, struct ip_vs_sched_inst *inst)
{
	struct ip_vs_dest_array *array = ip_vs_dest_array_new(SH_SIZE);

	if (!array)
		return -ENOMEM;
	ip_vs_dest_array_deal(array, svc, sh_share);
	RCU_INIT_POINTER(inst->data, array);
	return 0;
}

static void sh_exit(struct ip_vs_service *svc, struct ip_vs_sched_inst *inst)
{
	ip_vs_dest_array_free(ip_vs_cfg_deref(svc->ipvs, inst->data));
}

static void sh_changed(struct ip_vs_service *svc, struct ip_vs_sched_inst *inst,
		       struct ip_vs_dest *dest, enum ip_vs_sched_event event,
		       struct list_head *prev)
{
	ip_vs_dest_array_deal(ip_vs_cfg_deref(svc->ipvs, inst->data), svc, sh_share);
}

static struct ip_vs_sched_ops sh = {
	.plugin.name	= "sh",
	.plugin.owner	= THIS_MODULE,
	.pick		= sh_pick,
	.init		= sh_init,
	.exit		= sh_exit,
	.changed	= sh_changed,
};
module_ip_vs_scheduler(sh);
MODULE_DESCRIPTION("ipvs source hashing scheduler");
MODULE_LICENSE("GPL");
