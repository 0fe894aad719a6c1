// SPDX-License-Identifier: GPL-2.0-only
/*
 * Overflow: everything to the heaviest server until it has more active connections than
 * weight, then to the next. Of no use for UDP, whose connections are never active.
 */
#include "api.h"

/* Up to one connection more than its weight. */
static bool ovf_has_room(const struct ip_vs_dest *dest)
{
	return (u32)atomic_read(&dest->active) <= READ_ONCE(dest->weight);
}

static struct ip_vs_dest *ovf_pick(const struct ip_vs_sched_req *req)
{
	return ip_vs_pick_heaviest(req->svc, ovf_has_room);
}

static struct ip_vs_sched_ops ovf = {
	.plugin.name	= "ovf",
	.plugin.owner	= THIS_MODULE,
	.pick		= ovf_pick,
};
module_ip_vs_scheduler(ovf);
MODULE_DESCRIPTION("ipvs overflow scheduler");
MODULE_LICENSE("GPL");
