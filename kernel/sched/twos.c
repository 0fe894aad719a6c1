// SPDX-License-Identifier: GPL-2.0-only
/*
 * Power of two choices: two servers at random, by weight; of them the one with less load
 * per weight.
 */
#include <linux/math64.h>
#include <linux/random.h>

#include "api.h"

/* The usable destination at @at in the sum of weights, from 1 on. */
static struct ip_vs_dest *at_weight(struct ip_vs_service *svc, u64 at)
{
	struct ip_vs_dest *dest, *last = NULL;
	u64 sum = 0;
	u32 weight;

	ip_vs_for_each_usable(dest, weight, svc) {
		last = dest;
		sum += weight;
		if (sum >= at)
			break;
	}
	/* the sum may have become smaller since it was taken */
	return last;
}

/* Uniform from 1 to @sum; the excess of some values is below sum / 2^64. */
static u64 draw(u64 sum)
{
	return mul_u64_u64_shr(get_random_u64(), sum, 64) + 1;
}

static struct ip_vs_dest *twos_pick(const struct ip_vs_sched_req *req)
{
	struct ip_vs_dest *dest, *one, *two;
	u64 sum = 0;
	u32 weight;

	ip_vs_for_each_usable(dest, weight, req->svc)
		sum += weight;
	if (!sum)
		return NULL;
	one = at_weight(req->svc, draw(sum));
	two = at_weight(req->svc, draw(sum));
	if (!one || !two)
		return one ? one : two;
	return ip_vs_ratio_less(ip_vs_dest_load(two), READ_ONCE(two->weight),
				ip_vs_dest_load(one), READ_ONCE(one->weight)) ? two : one;
}

static struct ip_vs_sched_ops twos = {
	.plugin.name	= "twos",
	.plugin.owner	= THIS_MODULE,
	.pick		= twos_pick,
};
module_ip_vs_scheduler(twos);
MODULE_DESCRIPTION("ipvs power of two choices scheduler");
MODULE_LICENSE("GPL");
