// SPDX-License-Identifier: GPL-2.0-only
/*
 * /proc/net/ip_vs_status: how full the tables are and how even, and the estimator's
 * load. For root only: counting visits every bucket.
 */
#include <linux/log2.h>
#include <linux/proc_fs.h>
#include <linux/rhashtable.h>
#include <linux/seq_file.h>

#include "base/knobs.h"
#include "conn/conn.h"
#include "ctl/ctl.h"
#include "stats/stats.h"
#include "svc/service.h"

#define LONGEST		7		/* chains of as many and more are counted together */
#define AT_ONCE		4096		/* buckets per RCU section */

struct chains {
	unsigned int nr[LONGEST + 1];	/* buckets by length */
	unsigned int buckets;
};

static unsigned int chain_length(const struct bucket_table *table, unsigned int bucket)
{
	struct rhash_head *pos;
	unsigned int n = 0;

	rht_for_each_rcu(pos, table, bucket)
		n++;
	return n;
}

/* The table's mutex keeps it from being exchanged; packets go on. */
static void count_chains(struct rhashtable *ht, struct chains *chains)
{
	const struct bucket_table *table;
	unsigned int bucket, end;

	memset(chains, 0, sizeof(*chains));
	mutex_lock(&ht->mutex);
	table = rcu_dereference_protected(ht->tbl, lockdep_is_held(&ht->mutex));
	chains->buckets = table->size;
	for (bucket = 0; bucket < table->size; cond_resched()) {
		end = min(table->size, bucket + AT_ONCE);
		rcu_read_lock();
		for (; bucket < end; bucket++)
			chains->nr[min(chain_length(table, bucket), LONGEST)]++;
		rcu_read_unlock();
	}
	mutex_unlock(&ht->mutex);
}

static unsigned int percent(unsigned int part, unsigned int whole)
{
	return whole ? (u64)part * 100 / whole : 0;
}

static void show_table(struct seq_file *seq, const char *what, struct rhashtable *ht, int lfactor)
{
	struct chains chains;
	unsigned int used, i;

	count_chains(ht, &chains);
	used = chains.buckets - chains.nr[0];
	seq_printf(seq, "%s buckets:\t%u (%d bits, lfactor %d)\n", what, chains.buckets,
		   ilog2(chains.buckets), lfactor);
	seq_printf(seq, "%s buckets empty:\t%u (%u%%)\n", what, chains.nr[0],
		   percent(chains.nr[0], chains.buckets));
	for (i = 1; i <= LONGEST; i++)
		if (chains.nr[i])
			seq_printf(seq, "%s buckets len-%u:\t%u (%u%%)\n", what, i, chains.nr[i],
				   percent(chains.nr[i], used));
}

static int ip_vs_status_show(struct seq_file *seq, void *v)
{
	struct netns_ipvs *ipvs = pde_data(file_inode(seq->file));
	struct ip_vs_est_load load;

	seq_printf(seq, "Conns:\t%u\n", ip_vs_conn_count(ipvs));
	show_table(seq, "Conn", ip_vs_conn_rhashtable(ipvs), ip_vs_knob(ipvs, conn_lfactor));
	seq_printf(seq, "Services:\t%u\n", ip_vs_service_count(ipvs));
	show_table(seq, "Service", ip_vs_service_rhashtable(ipvs), ip_vs_knob(ipvs, svc_lfactor));
	ip_vs_est_load(ipvs, &load);
	seq_printf(seq, "Stats thread slots:\t%u (max %u)\n", load.used_slots, load.slots);
	seq_printf(seq, "Stats chain max len:\t%u\n", load.longest);
	seq_printf(seq, "Stats thread ests:\t%u\n", load.objects);
	return 0;
}

static int ip_vs_status_net_init(struct netns_ipvs *ipvs)
{
	return proc_create_net_single("ip_vs_status", 0440, ipvs->net->proc_net,
				      ip_vs_status_show, ipvs) ? 0 : -ENOMEM;
}

static void ip_vs_status_net_exit(struct netns_ipvs *ipvs)
{
	remove_proc_entry("ip_vs_status", ipvs->net->proc_net);
}

const struct ip_vs_subsys ip_vs_status_subsys = {
	.name		= "status",
	.net_init	= ip_vs_status_net_init,
	.net_exit	= ip_vs_status_net_exit,
};
