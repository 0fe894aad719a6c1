// SPDX-License-Identifier: GPL-2.0-only
/*
 * Weighted least connection: the server with the smallest load per weight.
 */
#include "api.h"

static u64 wlc_cost(const struct ip_vs_dest *dest)
{
	return ip_vs_dest_load(dest);
}

static struct ip_vs_dest *wlc_pick(const struct ip_vs_sched_req *req)
{
	return ip_vs_pick_least(req->svc, wlc_cost);
}

static struct ip_vs_sched_ops wlc = {
	.plugin.name	= "wlc",
	.plugin.owner	= THIS_MODULE,
	.pick		= wlc_pick,
};
module_ip_vs_scheduler(wlc);
MODULE_DESCRIPTION("ipvs weighted least connection scheduler");
MODULE_LICENSE("GPL");
