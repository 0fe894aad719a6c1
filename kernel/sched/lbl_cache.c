// SPDX-License-Identifier: GPL-2.0-only
/*
 * The cache of lblc and lblcr: looked up under RCU, changed under its own lock, pruned by a
 * timer. Members keep their destinations alive, in the trash too.
 */
#include <linux/slab.h>
#include <linux/spinlock.h>
#include <linux/sysctl.h>
#include <linux/timer.h>

#include "sched/lbl_cache.h"
#include "sched/sched.h"

#define LBL_BITS	10
#define LBL_BUCKETS	(1 << LBL_BITS)
#define LBL_SOFT_LIMIT	(16 * LBL_BUCKETS)	/* from here on idle entries go early */
#define LBL_HARD_LIMIT	(LBL_SOFT_LIMIT * 3 / 2)	/* and here none is added */
#define LBL_MOST	(LBL_SOFT_LIMIT / 2)	/* removed early at one time */
#define LBL_PERIOD	(60 * HZ)
#define LBL_IDLE	(360 * HZ)		/* an entry that may go early */
#define LBL_FULL_RUNS	30			/* calm periods between full searches */
#define LBL_DAY		(24 * 60 * 60 * HZ)

struct ip_vs_lbl_cache {
	spinlock_t lock;			/* lock 6 */
	unsigned int nr;			/* lock; READ_ONCE readers */
	unsigned int next;			/* bucket to go on with; lock */
	unsigned int calm;			/* periods since a full search; timer */
	const int *expiration;
	struct timer_list timer;
	struct rcu_head rcu;
	struct hlist_head bucket[LBL_BUCKETS];	/* lock; RCU readers */
};

static struct hlist_head *bucket_of(struct ip_vs_lbl_cache *cache, const union nf_inet_addr *addr)
{
	return &cache->bucket[ip_vs_sched_hash(ip_vs_sched_addr(addr), LBL_BITS)];
}

static struct ip_vs_lbl_entry *find(struct ip_vs_lbl_cache *cache, const union nf_inet_addr *addr)
{
	struct ip_vs_lbl_entry *entry;

	hlist_for_each_entry_rcu(entry, bucket_of(cache, addr), node)
		if (ip_vs_addr_equal(&entry->addr, addr))
			return entry;
	return NULL;
}

struct ip_vs_lbl_entry *ip_vs_lbl_find(struct ip_vs_lbl_cache *cache,
				       const union nf_inet_addr *addr)
{
	struct ip_vs_lbl_entry *entry = find(cache, addr);

	if (entry && READ_ONCE(entry->used) != jiffies)
		WRITE_ONCE(entry->used, jiffies);
	return entry;
}
EXPORT_SYMBOL_GPL(ip_vs_lbl_find);

/* ---- members ---- */

/* Readers may be at the member, and take its destination: that outlives them, because the
 * last reference of one ends with a grace period.
 */
static void member_del(struct ip_vs_lbl_entry *entry, struct ip_vs_lbl_member *member)
{
	list_del_rcu(&member->list);
	WRITE_ONCE(entry->nr, entry->nr - 1);
	WRITE_ONCE(entry->changed, jiffies);
	ip_vs_dest_put(member->dest);
	kfree_rcu(member, rcu);
}

static void member_add(struct ip_vs_lbl_entry *entry, struct ip_vs_dest *dest)
{
	struct ip_vs_lbl_member *member = kmalloc(sizeof(*member), GFP_ATOMIC);

	if (!member)
		return;
	ip_vs_dest_get(dest);
	member->dest = dest;
	list_add_rcu(&member->list, &entry->members);
	WRITE_ONCE(entry->nr, entry->nr + 1);
	WRITE_ONCE(entry->changed, jiffies);
}

static bool has_member(const struct ip_vs_lbl_entry *entry, const struct ip_vs_dest *dest)
{
	struct ip_vs_lbl_member *member;

	list_for_each_entry(member, &entry->members, list)
		if (member->dest == dest)
			return true;
	return false;
}

static void entry_del(struct ip_vs_lbl_cache *cache, struct ip_vs_lbl_entry *entry)
{
	struct ip_vs_lbl_member *member, *next;

	lockdep_assert_held(&cache->lock);
	hlist_del_rcu(&entry->node);
	cache->nr--;
	list_for_each_entry_safe(member, next, &entry->members, list)
		member_del(entry, member);
	kfree_rcu(entry, rcu);
}

static struct ip_vs_lbl_entry *entry_new(struct ip_vs_lbl_cache *cache,
					 const union nf_inet_addr *addr)
{
	struct ip_vs_lbl_entry *entry;

	lockdep_assert_held(&cache->lock);
	if (cache->nr >= LBL_HARD_LIMIT)
		return NULL;
	entry = kzalloc(sizeof(*entry), GFP_ATOMIC);
	if (!entry)
		return NULL;
	entry->addr = *addr;
	entry->used = jiffies;
	entry->changed = jiffies;
	INIT_LIST_HEAD(&entry->members);
	hlist_add_head_rcu(&entry->node, bucket_of(cache, addr));
	cache->nr++;
	return entry;
}

static struct ip_vs_lbl_entry *find_or_new(struct ip_vs_lbl_cache *cache,
					   const union nf_inet_addr *addr)
{
	struct ip_vs_lbl_entry *entry = find(cache, addr);

	return entry ? entry : entry_new(cache, addr);
}

void ip_vs_lbl_set(struct ip_vs_lbl_cache *cache, const union nf_inet_addr *addr,
		   struct ip_vs_dest *dest)
{
	struct ip_vs_lbl_member *member, *next;
	struct ip_vs_lbl_entry *entry;

	spin_lock(&cache->lock);
	entry = find_or_new(cache, addr);
	if (!entry)
		goto out;
	list_for_each_entry_safe(member, next, &entry->members, list)
		if (member->dest != dest)
			member_del(entry, member);
	if (list_empty(&entry->members))
		member_add(entry, dest);
out:
	spin_unlock(&cache->lock);
}
EXPORT_SYMBOL_GPL(ip_vs_lbl_set);

void ip_vs_lbl_add(struct ip_vs_lbl_cache *cache, const union nf_inet_addr *addr,
		   struct ip_vs_dest *dest)
{
	struct ip_vs_lbl_entry *entry;

	spin_lock(&cache->lock);
	entry = find_or_new(cache, addr);
	if (entry && !has_member(entry, dest))
		member_add(entry, dest);
	spin_unlock(&cache->lock);
}
EXPORT_SYMBOL_GPL(ip_vs_lbl_add);

/* ---- load ---- */

bool ip_vs_lbl_overloaded(struct ip_vs_service *svc, const struct ip_vs_dest *dest)
{
	struct ip_vs_dest *other;

	if ((u32)atomic_read(&dest->active) <= READ_ONCE(dest->weight))
		return false;
	list_for_each_entry_rcu(other, &svc->dests, list)
		if (2ULL * (u32)atomic_read(&other->active) < READ_ONCE(other->weight))
			return true;
	return false;
}
EXPORT_SYMBOL_GPL(ip_vs_lbl_overloaded);

/* The member with the largest load per weight; a quiesced one is left in peace. */
static struct ip_vs_lbl_member *most_loaded(struct ip_vs_lbl_entry *entry)
{
	struct ip_vs_lbl_member *member, *most = NULL;
	u32 weight, most_weight = 0;
	u64 load, most_load = 0;

	list_for_each_entry(member, &entry->members, list) {
		weight = READ_ONCE(member->dest->weight);
		load = ip_vs_dest_load(member->dest);
		if (!weight)
			continue;
		if (most && !ip_vs_ratio_less(most_load, most_weight, load, weight))
			continue;
		most = member;
		most_load = load;
		most_weight = weight;
	}
	return most;
}

static bool is_trim_due(const struct ip_vs_lbl_cache *cache, const struct ip_vs_lbl_entry *entry)
{
	return READ_ONCE(entry->nr) > 1 &&
	       time_after(jiffies, READ_ONCE(entry->changed) + READ_ONCE(*cache->expiration));
}

void ip_vs_lbl_trim(struct ip_vs_lbl_cache *cache, struct ip_vs_lbl_entry *entry)
{
	struct ip_vs_lbl_member *member;

	if (!is_trim_due(cache, entry))
		return;
	spin_lock(&cache->lock);
	if (is_trim_due(cache, entry)) {
		member = most_loaded(entry);
		if (member)
			member_del(entry, member);
	}
	spin_unlock(&cache->lock);
}
EXPORT_SYMBOL_GPL(ip_vs_lbl_trim);

/* ---- expiry ---- */

/* Remove at most @most entries that were idle for @idle, going on where the last search for
 * some of them ended. The lock is given up between buckets, for packets.
 */
static void prune(struct ip_vs_lbl_cache *cache, unsigned int most, unsigned long idle)
{
	struct ip_vs_lbl_entry *entry;
	struct hlist_node *next;
	unsigned int i;

	for (i = 0; i < LBL_BUCKETS && most; i++) {
		spin_lock(&cache->lock);
		hlist_for_each_entry_safe(entry, next, &cache->bucket[cache->next], node) {
			if (time_before(jiffies, READ_ONCE(entry->used) + idle))
				continue;
			entry_del(cache, entry);
			if (!--most)
				break;
		}
		cache->next = (cache->next + 1) % LBL_BUCKETS;
		spin_unlock(&cache->lock);
	}
}

/* How many entries to remove early: a third more than are too many. */
static unsigned int pressure(unsigned int nr)
{
	return nr > LBL_SOFT_LIMIT ? min((nr - LBL_SOFT_LIMIT) * 4 / 3, (unsigned int)LBL_MOST) : 0;
}

static void on_timer(struct timer_list *timer)
{
	struct ip_vs_lbl_cache *cache = from_timer(cache, timer, timer);
	unsigned int most = pressure(READ_ONCE(cache->nr));

	if (most) {
		prune(cache, most, LBL_IDLE);
	} else if (++cache->calm >= LBL_FULL_RUNS) {
		cache->calm = 0;
		prune(cache, UINT_MAX, READ_ONCE(*cache->expiration));
	}
	mod_timer(timer, jiffies + LBL_PERIOD);
}

struct ip_vs_lbl_cache *ip_vs_lbl_new(const int *expiration)
{
	struct ip_vs_lbl_cache *cache = kvzalloc(sizeof(*cache), GFP_KERNEL_ACCOUNT);

	if (!cache)
		return NULL;
	spin_lock_init(&cache->lock);
	cache->expiration = expiration;
	timer_setup(&cache->timer, on_timer, 0);
	mod_timer(&cache->timer, jiffies + LBL_PERIOD);
	return cache;
}
EXPORT_SYMBOL_GPL(ip_vs_lbl_new);

/* Packets that still hold the cache may remember a choice in it after the entries are gone;
 * so those go when no packet can hold it any more.
 */
static void cache_free_rcu(struct rcu_head *rcu)
{
	struct ip_vs_lbl_cache *cache = container_of(rcu, struct ip_vs_lbl_cache, rcu);

	prune(cache, UINT_MAX, 0);
	kvfree(cache);
}

void ip_vs_lbl_free(struct ip_vs_lbl_cache *cache)
{
	timer_shutdown_sync(&cache->timer);
	call_rcu(&cache->rcu, cache_free_rcu);
}
EXPORT_SYMBOL_GPL(ip_vs_lbl_free);

/* ---- sysctl ---- */

int ip_vs_lbl_knob_init(struct net *net, struct ip_vs_lbl_knob *knob, const char *name)
{
	struct ctl_table *table;

	knob->expiration = LBL_DAY;
	if (net->user_ns != &init_user_ns)
		return 0;
	table = kcalloc(2, sizeof(*table), GFP_KERNEL_ACCOUNT);
	if (!table)
		return -ENOMEM;
	table->procname = name;
	table->data = &knob->expiration;
	table->maxlen = sizeof(knob->expiration);
	table->mode = 0644;
	table->proc_handler = proc_dointvec_jiffies;
	knob->header = register_net_sysctl_sz(net, "net/ipv4/vs", table, 1);
	if (knob->header)
		return 0;
	kfree(table);
	return -ENOMEM;
}
EXPORT_SYMBOL_GPL(ip_vs_lbl_knob_init);

void ip_vs_lbl_knob_exit(struct net *net, struct ip_vs_lbl_knob *knob)
{
	const struct ctl_table *table;

	if (!knob->header)
		return;
	table = knob->header->ctl_table_arg;
	unregister_net_sysctl_table(knob->header);
	kfree(table);
}
EXPORT_SYMBOL_GPL(ip_vs_lbl_knob_exit);
