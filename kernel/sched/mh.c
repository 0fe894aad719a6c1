// SPDX-License-Identifier: GPL-2.0-only
/*
 * Maglev hashing (Eisenbud et al., NSDI 2016): consistent without any talk between directors.
 * Each server goes through all slots in an order of its own, made from its address and port
 * alone, and takes the next free one when it is its turn, until no slot is left.
 *
 * A server that is quiesced keeps its slots, so that nobody else's clients move; with
 * mh-fallback its clients are spread over the others.
 */
#include <linux/bitmap.h>
#include <linux/gcd.h>
#include <linux/siphash.h>
#include <linux/slab.h>

#include "api.h"

/* flags of the service */
#define MH_FALLBACK	IP_VS_SVC_F_SCHED1
#define MH_PORT		IP_VS_SVC_F_SCHED2

#define MH_SIZE		4093	/* prime, so that every skip visits every slot */
#define MH_TURN_BITS	6	/* the heaviest takes less than 2^6 slots at a turn */

/* Keys are part of the result that all directors must agree on. */
static const hsiphash_key_t mh_key_slot = { { 2654435761UL, 2654435761UL } };
static const hsiphash_key_t mh_key_skip = { { 2654446892UL, 2654446892UL } };

/* Where a server is in its order of slots. */
struct mh_row {
	struct ip_vs_dest *dest;
	u32 at;
	u32 skip;
	u32 turns;	/* slots it takes in each round */
};

static u32 hash(u32 value, const hsiphash_key_t *key)
{
	return hsiphash(&value, sizeof(value), key);
}

static struct ip_vs_dest *mh_pick(const struct ip_vs_sched_req *req)
{
	const struct ip_vs_dest_array *array = rcu_dereference(req->inst->data);
	u32 flags = READ_ONCE(req->svc->flags);
	u32 i, first, client;
	struct ip_vs_dest *dest;

	client = ip_vs_sched_client(req->pkt, flags & MH_PORT);
	first = hash(client, &mh_key_slot) % MH_SIZE;
	dest = ip_vs_dest_array_usable(array, first);
	if (!(flags & MH_FALLBACK))
		return dest;
	for (i = 0; !dest && i < MH_SIZE; i++) {
		u32 other = hash(client + (first + i) % MH_SIZE, &mh_key_slot) % MH_SIZE;

		dest = ip_vs_dest_array_usable(array, other);
	}
	return dest;
}

/* A row for each server that has ever had a weight. Return: how many there are. */
static u32 fill_rows(struct ip_vs_service *svc, struct mh_row *rows)
{
	u32 value, most = 0, unit = 0, shift, nr = 0;
	struct ip_vs_dest *dest;
	struct mh_row *row;

	list_for_each_entry(dest, &svc->dests, list) {
		unit = gcd(unit, dest->last_weight);
		most = max(most, dest->last_weight);
	}
	if (!unit)
		return 0;
	shift = max(fls(most / unit) - MH_TURN_BITS, 0);
	list_for_each_entry(dest, &svc->dests, list) {
		if (!dest->last_weight)
			continue;
		row = &rows[nr++];
		value = ip_vs_sched_addr(&dest->key.addr) + ntohs(dest->key.port);
		row->dest = dest;
		row->at = hash(value, &mh_key_slot) % MH_SIZE;
		row->skip = hash(value, &mh_key_skip) % (MH_SIZE - 1) + 1;
		row->turns = max(dest->last_weight / unit >> shift, 1U);
	}
	return nr;
}

/* The next free slot in the order of @row. There is one, and a prime size reaches it. */
static u32 take_slot(struct mh_row *row, unsigned long *taken)
{
	while (test_bit(row->at, taken))
		row->at = (row->at + row->skip) % MH_SIZE;
	__set_bit(row->at, taken);
	return row->at;
}

static void assign(struct ip_vs_dest_array *array, struct mh_row *rows, u32 nr)
{
	DECLARE_BITMAP(taken, MH_SIZE) = { };
	u32 left = MH_SIZE, turn;
	struct mh_row *row;

	for (;;)
		for (row = rows; row < rows + nr; row++)
			for (turn = 0; turn < row->turns; turn++) {
				rcu_assign_pointer(array->slot[take_slot(row, taken)], row->dest);
				if (!--left)
					return;
			}
}

static int rebuild(struct ip_vs_service *svc, struct ip_vs_dest_array *array)
{
	struct mh_row *rows;
	u32 nr;

	if (svc->num_dests > MH_SIZE)
		return -EINVAL;
	rows = kvcalloc(max(svc->num_dests, 1U), sizeof(*rows), GFP_KERNEL);
	if (!rows)
		return -ENOMEM;
	nr = fill_rows(svc, rows);
	if (nr)
		assign(array, rows, nr);
	else
		ip_vs_dest_array_clear(array, NULL);
	kvfree(rows);
	return 0;
}

static int mh_init(struct ip_vs_service *svc, struct ip_vs_sched_inst *inst)
{
	struct ip_vs_dest_array *array = ip_vs_dest_array_new(MH_SIZE);
	int err;

	if (!array)
		return -ENOMEM;
	err = rebuild(svc, array);
	if (err) {
		ip_vs_dest_array_free(array);
		return err;
	}
	RCU_INIT_POINTER(inst->data, array);
	return 0;
}

static void mh_exit(struct ip_vs_service *svc, struct ip_vs_sched_inst *inst)
{
	ip_vs_dest_array_free(ip_vs_cfg_deref(svc->ipvs, inst->data));
}

/* Without memory, or with more servers than slots, the table stays as it is. */
static void mh_changed(struct ip_vs_service *svc, struct ip_vs_sched_inst *inst,
		       struct ip_vs_dest *dest, enum ip_vs_sched_event event,
		       struct list_head *prev)
{
	struct ip_vs_dest_array *array = ip_vs_cfg_deref(svc->ipvs, inst->data);

	if (rebuild(svc, array) && event == IP_VS_DEST_REMOVED)
		ip_vs_dest_array_clear(array, dest);
}

static struct ip_vs_sched_ops mh = {
	.plugin.name	= "mh",
	.plugin.owner	= THIS_MODULE,
	.pick		= mh_pick,
	.init		= mh_init,
	.exit		= mh_exit,
	.changed	= mh_changed,
};
module_ip_vs_scheduler(mh);
MODULE_DESCRIPTION("ipvs maglev hashing scheduler");
MODULE_LICENSE("GPL");
