// SPDX-License-Identifier: GPL-2.0-only
/*
 * Weighted round robin, interleaved: rounds over the list with a falling threshold, in which
 * every server takes part whose weight reaches it. A change of the servers makes a new table
 * that takes over the threshold; place and threshold are one word, so that CPUs advance
 * them without a lock.
 */
#include <linux/gcd.h>
#include <linux/log2.h>
#include <linux/slab.h>

#include "api.h"

struct wrr_table {
	atomic64_t place;		/* next position << 32 | threshold */
	u32 nr;
	u32 leaves;			/* nr, rounded up to a power of two */
	u32 step;			/* greatest common divisor of the weights */
	u32 top;			/* the highest threshold; 0: no weights */
	struct rcu_head rcu;
	struct ip_vs_dest **dest;	/* nr of them, as in svc->dests; READ_ONCE, may be NULL */
	u32 max[];			/* tree of maxima: root 1, children of i are 2i and 2i + 1 */
};

struct wrr_place {
	u32 at;
	u32 threshold;
};

static struct wrr_place unpack(u64 word)
{
	return (struct wrr_place){ .at = word >> 32, .threshold = (u32)word };
}

static u64 pack(struct wrr_place place)
{
	return (u64)place.at << 32 | place.threshold;
}

/* The first position from @at on whose weight reaches @threshold, or nr. A server with a
 * thousand times the weight of a thousand others is found in ten steps, not in a thousand.
 */
static u32 seek(const struct wrr_table *t, u32 at, u32 threshold)
{
	u32 i = at + t->leaves;

	if (at >= t->nr)
		return t->nr;
	while (t->max[i] < threshold) {
		while (i & 1)
			i >>= 1;
		if (!i)
			return t->nr;	/* came up the right edge */
		i++;
	}
	while (i < t->leaves) {
		i *= 2;
		if (t->max[i] < threshold)
			i++;
	}
	return i - t->leaves;
}

/* The first usable one from place->at to the end of the round; the place moves behind it. */
static struct ip_vs_dest *rest_of_round(const struct wrr_table *t, struct wrr_place *place)
{
	struct ip_vs_dest *dest;
	u32 i;

	for (i = place->at; (i = seek(t, i, place->threshold)) < t->nr; i++) {
		dest = READ_ONCE(t->dest[i]);
		if (!dest || !ip_vs_dest_usable(dest))
			continue;
		place->at = i + 1;
		return dest;
	}
	return NULL;
}

static u32 heaviest_usable(const struct wrr_table *t)
{
	struct ip_vs_dest *dest;
	u32 i, most = 0;

	for (i = 0; i < t->nr; i++) {
		dest = READ_ONCE(t->dest[i]);
		if (dest && ip_vs_dest_usable(dest))
			most = max(most, t->max[t->leaves + i]);
	}
	return most;
}

/* Advance @place to the next server. If a whole round finds nobody because those who reach
 * its threshold are overloaded, the rounds before the one that will are left out: there may
 * be two thousand million of them.
 */
static struct ip_vs_dest *advance(const struct wrr_table *t, struct wrr_place *place)
{
	struct ip_vs_dest *dest;
	u32 most;

	if (!place->threshold)
		return NULL;
	dest = rest_of_round(t, place);
	if (dest)
		return dest;
	place->at = 0;
	place->threshold = place->threshold > t->step ? place->threshold - t->step : t->top;
	dest = rest_of_round(t, place);
	if (dest)
		return dest;
	most = heaviest_usable(t);
	if (!most)
		return NULL;
	place->threshold = most - t->step + 1;
	return rest_of_round(t, place);
}

static struct ip_vs_dest *wrr_pick(const struct ip_vs_sched_req *req)
{
	struct wrr_table *t = rcu_dereference(req->inst->data);
	u64 old = atomic64_read(&t->place);
	struct wrr_place place;
	struct ip_vs_dest *dest;

	for (;;) {
		u64 seen;

		place = unpack(old);
		dest = advance(t, &place);
		if (!dest)
			return NULL;
		seen = atomic64_cmpxchg(&t->place, old, pack(place));
		if (seen == old)
			return dest;
		old = seen;	/* another CPU was faster: the cycle goes on from there */
	}
}

static u32 count_dests(struct ip_vs_service *svc)
{
	struct ip_vs_dest *dest;
	u32 nr = 0;

	list_for_each_entry(dest, &svc->dests, list)
		nr++;
	return nr;
}

/* The rest of a tree whose leaves are there. */
static void fill_tree(struct wrr_table *t)
{
	u32 i;

	for (i = t->leaves - 1; i; i--)
		t->max[i] = max(t->max[2 * i], t->max[2 * i + 1]);
}

/* A table of the servers of @svc, to begin at the first one and at its highest threshold. */
static struct wrr_table *table_new(struct ip_vs_service *svc)
{
	u32 i = 0, nr = count_dests(svc), leaves = roundup_pow_of_two(max(nr, 1U));
	size_t tree = struct_size_t(struct wrr_table, max, 2 * leaves);
	struct ip_vs_dest *dest;
	struct wrr_table *t;

	tree = ALIGN(tree, sizeof(dest));
	t = kvzalloc(tree + nr * sizeof(dest), GFP_KERNEL_ACCOUNT);
	if (!t)
		return NULL;
	t->nr = nr;
	t->leaves = leaves;
	t->dest = (void *)t + tree;
	list_for_each_entry(dest, &svc->dests, list) {
		t->dest[i] = dest;
		t->max[leaves + i++] = dest->weight;
		t->step = gcd(t->step, dest->weight);
	}
	t->step = max(t->step, 1U);
	fill_tree(t);
	t->top = t->max[1] ? t->max[1] - t->step + 1 : 0;
	atomic64_set(&t->place, t->top);
	return t;
}

/* The first threshold after a change: it goes on where it was, as far as possible. */
static u32 continue_at(const struct wrr_table *t, u32 threshold)
{
	if (!threshold || threshold > t->top)
		return t->top;
	if (t->step > 1)
		return threshold / t->step * t->step + 1;
	return threshold;
}

static int wrr_init(struct ip_vs_service *svc, struct ip_vs_sched_inst *inst)
{
	struct wrr_table *t = table_new(svc);

	if (!t)
		return -ENOMEM;
	RCU_INIT_POINTER(inst->data, t);
	return 0;
}

static void wrr_exit(struct ip_vs_service *svc, struct ip_vs_sched_inst *inst)
{
	struct wrr_table *t = ip_vs_cfg_deref(svc->ipvs, inst->data);

	kvfree_rcu(t, rcu);
}

/* There is no memory for a new table: the old one goes on, without the removed server. */
static void forget(struct wrr_table *t, const struct ip_vs_dest *dest)
{
	u32 i;

	for (i = 0; i < t->nr; i++)
		if (t->dest[i] == dest)
			WRITE_ONCE(t->dest[i], NULL);
}

static void wrr_changed(struct ip_vs_service *svc, struct ip_vs_sched_inst *inst,
			struct ip_vs_dest *dest, enum ip_vs_sched_event event,
			struct list_head *prev)
{
	struct wrr_table *old = ip_vs_cfg_deref(svc->ipvs, inst->data);
	struct wrr_table *t = table_new(svc);

	if (!t) {
		if (event == IP_VS_DEST_REMOVED)
			forget(old, dest);
		return;
	}
	atomic64_set(&t->place, continue_at(t, unpack(atomic64_read(&old->place)).threshold));
	rcu_assign_pointer(inst->data, t);
	kvfree_rcu(old, rcu);
}

static struct ip_vs_sched_ops wrr = {
	.plugin.name	= "wrr",
	.plugin.owner	= THIS_MODULE,
	.pick		= wrr_pick,
	.init		= wrr_init,
	.exit		= wrr_exit,
	.changed	= wrr_changed,
};
module_ip_vs_scheduler(wrr);
MODULE_DESCRIPTION("ipvs weighted round-robin scheduler");
MODULE_LICENSE("GPL");
