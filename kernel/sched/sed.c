// SPDX-License-Identifier: GPL-2.0-only
/*
 * Shortest expected delay: the server where active connections and the new one share the
 * most weight. A far heavier server takes everything until it has work.
 */
#include "api.h"

static u64 sed_cost(const struct ip_vs_dest *dest)
{
	return ip_vs_dest_queue(dest);
}

static struct ip_vs_dest *sed_pick(const struct ip_vs_sched_req *req)
{
	return ip_vs_pick_least(req->svc, sed_cost);
}

static struct ip_vs_sched_ops sed = {
	.plugin.name	= "sed",
	.plugin.owner	= THIS_MODULE,
	.pick		= sed_pick,
};
module_ip_vs_scheduler(sed);
MODULE_DESCRIPTION("ipvs shortest expected delay scheduler");
MODULE_LICENSE("GPL");
