// SPDX-License-Identifier: GPL-2.0-only
/*
 * Listing every connection of a namespace, in many steps between which the table
 * lives on: what stays throughout is told exactly once. The cost is linear.
 *
 * A step visits whole buckets under one RCU section and the place between two steps
 * is a bucket's number. An entry does not change its bucket as long as the table is
 * the same one, so whatever else is added or removed, those behind the place have
 * been told and those before it have not. (The table's own walker remembers an
 * entry instead, and counts when that one has gone; then it passes over others.)
 *
 * What remains is the table growing, shrinking or changing its seed. Entries then move
 * from the old table to a new one, bucket by bucket, and none is where it was. Two
 * measures make up for it:
 *
 * - A bucket counts as visited only if no move had begun when the visit was over.
 *   A move announces itself (future_tbl) before it takes the first entry away, so such
 *   a bucket was complete. Otherwise what was told of it is taken back, and the listing
 *   waits until the move is over, which a kernel worker sees to in a moment.
 * - All entries are in the new table then. Which of them have been told follows from
 *   their tuples: those whose bucket in the old table lies behind the place where its
 *   listing ended. Seed and size of the old table tell the bucket. New ones that would
 *   have been there are passed over, too; they have not been there throughout.
 *
 * Tables are recognised by seed and size: if both are the same, so are all buckets.
 * A template that retires, or a connection that learns its client's port, leaves its
 * bucket for another one and may be told twice, or as neither of what it was and is.
 */
#include <linux/rhashtable.h>
#include <linux/sched/signal.h>

#include "conn/conn.h"

static unsigned int bucket_in(const struct ip_vs_conn_place *place,
			      const struct ip_vs_tuple *tuple)
{
	return ip_vs_conn_hash(tuple, place->seed) & (place->size - 1);
}

static bool was_told(const struct ip_vs_conn_listing *listing, const struct ip_vs_tuple *tuple)
{
	unsigned int i;

	for (i = 0; i < listing->nr_past; i++)
		if (bucket_in(&listing->past[i], tuple) < listing->past[i].bucket)
			return true;
	return false;
}

static bool is_of_table(const struct ip_vs_conn_place *place, const struct bucket_table *table)
{
	return place->seed == table->hash_rnd && place->size == table->size;
}

/* Begin with @table. Where the listing stood in the one before is kept; of too many the
 * oldest is forgotten, and some entries may then be told twice.
 */
static void enter_table(struct ip_vs_conn_listing *listing, const struct bucket_table *table)
{
	if (listing->nr_past == ARRAY_SIZE(listing->past)) {
		listing->nr_past--;
		memmove(&listing->past[0], &listing->past[1],
			listing->nr_past * sizeof(listing->past[0]));
	}
	if (listing->now.bucket)
		listing->past[listing->nr_past++] = listing->now;
	listing->now.seed = table->hash_rnd;
	listing->now.size = table->size;
	listing->now.bucket = 0;
}

/**
 * ip_vs_conn_listing_is_settled() - is the table not being rebuilt?
 * @ipvs: the namespace
 * @listing: all zero to begin with; told if the table is another one now
 *
 * Context: any.
 */
bool ip_vs_conn_listing_is_settled(struct netns_ipvs *ipvs, struct ip_vs_conn_listing *listing)
{
	const struct bucket_table *table;
	bool is_settled;

	rcu_read_lock();
	table = rcu_dereference(ip_vs_conn_rhashtable(ipvs)->tbl);
	is_settled = !rcu_access_pointer(table->future_tbl);
	if (is_settled && !is_of_table(&listing->now, table))
		enter_table(listing, table);
	rcu_read_unlock();
	return is_settled;
}

/**
 * ip_vs_conn_listing_settle() - wait until the table is not being rebuilt
 * @ipvs: the namespace
 * @listing: as above
 *
 * Context: process, may sleep.
 * Return: 0, or -EINTR if the process is being killed.
 */
int ip_vs_conn_listing_settle(struct netns_ipvs *ipvs, struct ip_vs_conn_listing *listing)
{
	while (!ip_vs_conn_listing_is_settled(ipvs, listing)) {
		if (fatal_signal_pending(current))
			return -EINTR;
		schedule_timeout_killable(1);
	}
	return 0;
}

/**
 * ip_vs_conn_listing_visit() - tell of the connections in one bucket
 * @ipvs: the namespace
 * @listing: settled; not changed, so a bucket can be visited again
 * @bucket: from listing->now.bucket on
 * @tell: called for each
 * @arg: for @tell
 *
 * Context: RCU.
 * Return: false if the table is being rebuilt: what was told is to be taken back.
 */
bool ip_vs_conn_listing_visit(struct netns_ipvs *ipvs, const struct ip_vs_conn_listing *listing,
			      unsigned int bucket,
			      void (*tell)(const struct ip_vs_conn *cp, void *arg), void *arg)
{
	struct bucket_table *table = rcu_dereference(ip_vs_conn_rhashtable(ipvs)->tbl);
	const struct ip_vs_conn_node *node;
	const struct ip_vs_conn *cp;
	struct rhash_head *pos;

	if (!is_of_table(&listing->now, table))
		return false;
	rht_for_each_rcu(pos, table, bucket) {
		node = container_of(pos, struct ip_vs_conn_node, head);
		cp = ip_vs_conn_listed(node);
		if (cp && !was_told(listing, &node->tuple))
			tell(cp, arg);
	}
	/* the links above before the announcement below; pairs with the cmpxchg() in
	 * rhashtable_rehash_attach(), which comes before any link is changed
	 */
	smp_rmb();
	return !rcu_access_pointer(table->future_tbl);
}
