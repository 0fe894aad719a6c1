// SPDX-License-Identifier: GPL-2.0-only
/*
 * Never queue: the first server without work, however slow; if all have some, the one with
 * the shortest expected delay.
 */
#include "api.h"

static u64 nq_cost(const struct ip_vs_dest *dest)
{
	return ip_vs_dest_queue(dest);
}

static struct ip_vs_dest *nq_pick(const struct ip_vs_sched_req *req)
{
	struct ip_vs_dest *dest;
	u32 weight;

	ip_vs_for_each_usable(dest, weight, req->svc)
		if (!atomic_read(&dest->active))
			return dest;
	return ip_vs_pick_least(req->svc, nq_cost);
}

static struct ip_vs_sched_ops nq = {
	.plugin.name	= "nq",
	.plugin.owner	= THIS_MODULE,
	.pick		= nq_pick,
};
module_ip_vs_scheduler(nq);
MODULE_DESCRIPTION("ipvs never queue scheduler");
MODULE_LICENSE("GPL");
