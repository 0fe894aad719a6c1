// SPDX-License-Identifier: GPL-2.0-only
/*
 * Round robin: each usable server in turn, the newest first.
 */
#include "api.h"

static struct ip_vs_dest *rr_pick(const struct ip_vs_sched_req *req)
{
	return ip_vs_ring_next(req);
}

static void rr_changed(struct ip_vs_service *svc, struct ip_vs_sched_inst *inst,
		       struct ip_vs_dest *dest, enum ip_vs_sched_event event,
		       struct list_head *prev)
{
	if (event == IP_VS_DEST_REMOVED)
		ip_vs_ring_forget(inst, dest, prev);
}

static struct ip_vs_sched_ops rr = {
	.plugin.name	= "rr",
	.plugin.owner	= THIS_MODULE,
	.pick		= rr_pick,
	.changed	= rr_changed,
};
module_ip_vs_scheduler(rr);
MODULE_DESCRIPTION("ipvs round-robin scheduler");
MODULE_LICENSE("GPL");
