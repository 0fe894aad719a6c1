// SPDX-License-Identifier: GPL-2.0-only
/*
 * Making room at the ceiling of connections (conn_max), if the operator wants that.
 *
 * No list says which connection was used last: it would be a line that every packet writes to.
 * Instead some entries are looked at, from a random place of the table on, and the one among
 * them that has been without a packet for longest goes. So an old one does not stay for long,
 * and a packet costs the same however many there are.
 */
#include <linux/random.h>
#include <linux/rhashtable.h>

#include "base/knobs.h"
#include "conn/conn.h"

#define LOOK_AT_ENTRIES	32
#define LOOK_AT_BUCKETS	1024	/* where the table is nearly empty; no less than it has at first */

/* Long enough without a packet, nobody depends on it, and no proved memory of a client. */
static bool may_go(const struct ip_vs_conn *cp, u32 min_idle)
{
	if (ip_vs_conn_has_children(cp) || ip_vs_conn_idle(cp) < min_idle)
		return false;
	return !ip_vs_conn_is_template(cp) || ip_vs_conn_state(cp) != IP_VS_TEMPLATE_ASSURED;
}

/* Look at the entries of a bucket. Returns how many there were. */
static int look(const struct bucket_table *table, unsigned int bucket, u32 min_idle,
		struct ip_vs_conn **oldest)
{
	struct ip_vs_conn_node *node;
	struct rhash_head *pos;
	struct ip_vs_conn *cp;
	int n = 0;

	rht_for_each_rcu(pos, table, bucket) {
		node = container_of(pos, struct ip_vs_conn_node, head);
		cp = (struct ip_vs_conn *)ip_vs_conn_listed(node);
		n++;
		if (cp && may_go(cp, min_idle) &&
		    (!*oldest || ip_vs_conn_idle(cp) > ip_vs_conn_idle(*oldest)))
			*oldest = cp;
	}
	return n;
}

/**
 * ip_vs_conn_evict() - end a connection that has not been used for long
 * @ipvs: the namespace
 *
 * Context: RCU, BH off. Return: whether there is room for one more now.
 */
bool ip_vs_conn_evict(struct netns_ipvs *ipvs)
{
	struct bucket_table *table = rcu_dereference(ip_vs_conn_rhashtable(ipvs)->tbl);
	u32 min_idle = ip_vs_knob(ipvs, conn_evict) * HZ;
	unsigned int start = get_random_u32(), i;
	struct ip_vs_conn *oldest = NULL;
	int looked = 0;

	if (!min_idle)
		return false;
	for (i = 0; i < min_t(unsigned int, table->size, LOOK_AT_BUCKETS) && looked < LOOK_AT_ENTRIES; i++)
		looked += look(table, (start + i) & (table->size - 1), min_idle, &oldest);
	return oldest && ip_vs_conn_kill_chain(oldest);
}
