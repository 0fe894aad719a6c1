// SPDX-License-Identifier: GPL-2.0-only
/*
 * Least connection: the server with the smallest load; a weight only says whether it is used.
 */
#include "api.h"

static struct ip_vs_dest *lc_pick(const struct ip_vs_sched_req *req)
{
	struct ip_vs_dest *dest, *least = NULL;
	u64 least_load = U64_MAX;
	u32 weight;

	ip_vs_for_each_usable(dest, weight, req->svc) {
		u64 load = ip_vs_dest_load(dest);

		if (load >= least_load)
			continue;
		least = dest;
		least_load = load;
	}
	return least;
}

static struct ip_vs_sched_ops lc = {
	.plugin.name	= "lc",
	.plugin.owner	= THIS_MODULE,
	.pick		= lc_pick,
};
module_ip_vs_scheduler(lc);
MODULE_DESCRIPTION("ipvs least-connection scheduler");
MODULE_LICENSE("GPL");
