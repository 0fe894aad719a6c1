// SPDX-License-Identifier: GPL-2.0-only
/*
 * Failover: everything to the heaviest usable server, the first among equals.
 */
#include "api.h"

static struct ip_vs_dest *fo_pick(const struct ip_vs_sched_req *req)
{
	return ip_vs_pick_heaviest(req->svc, NULL);
}

static struct ip_vs_sched_ops fo = {
	.plugin.name	= "fo",
	.plugin.owner	= THIS_MODULE,
	.pick		= fo_pick,
};
module_ip_vs_scheduler(fo);
MODULE_DESCRIPTION("ipvs weighted failover scheduler");
MODULE_LICENSE("GPL");
