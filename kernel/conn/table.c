// SPDX-License-Identifier: GPL-2.0-only
/*
 * The connection table of a namespace: the kernel's resizing hash table, with two
 * nodes per connection and one per template. Buckets have the table's own locks.
 */
#include <linux/jhash.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/random.h>
#include <linux/slab.h>

#include "base/knobs.h"
#include "base/room.h"
#include "conn/conn.h"

struct ip_vs_conn_net {
	struct rhashtable table;
	struct ip_vs_room room;
	bool was_used;			/* had an entry once */
	atomic_t nr;			/* connections, templates too */
	atomic_t local_clients;		/* connections with IP_VS_CONN_F_LOCAL */
	atomic_t no_cport;		/* connections with IP_VS_CONN_F_NO_CPORT */
	u32 engine_seed;		/* of hashes over data of engines; constant */
	spinlock_t engine_lock;		/* templates with data of an engine are unique */
};

#define MIN_TAB_BITS	8
#define MAX_TAB_BITS	(BITS_PER_LONG == 64 ? 27 : 20)
#define FULL_BUCKET	(4 * 320)	/* bytes of the connections of a bucket, by upstream's measure */

/* As many buckets as would take half of the memory when they are full. */
static int max_tab_bits(void)
{
	u64 buckets = ((u64)totalram_pages() << PAGE_SHIFT) / 2 / FULL_BUCKET;

	return clamp((int)fls64(buckets) - 1, MIN_TAB_BITS, MAX_TAB_BITS);
}

/* A value out of range is not worth refusing to load for: the nearest one is taken and shown. */
static int set_tab_bits(const char *text, const struct kernel_param *param)
{
	int bits, err = kstrtoint(text, 0, &bits);

	if (!err)
		*(int *)param->arg = clamp(bits, MIN_TAB_BITS, max_tab_bits());
	return err;
}

static const struct kernel_param_ops tab_bits_ops = {
	.set	= set_tab_bits,
	.get	= param_get_int,
};

static int conn_tab_bits = 12;
module_param_cb(conn_tab_bits, &tab_bits_ops, &conn_tab_bits, 0444);
__MODULE_PARM_TYPE(conn_tab_bits, "int");
MODULE_PARM_DESC(conn_tab_bits, "log2 of the size up to which conn_lfactor makes the connection table roomier");

/* The seed is the table's secret. It is random and changes whenever a chain grows too long,
 * so nobody outside can choose tuples that collide for long.
 */
static u32 hash_tuple(const void *data, u32 len, u32 seed)
{
	const struct ip_vs_tuple *t = data;
	u32 ports = (__force u32)t->sport << 16 | (__force u32)t->dport;
	u32 rest = seed + (t->proto << 8 | t->dir);

	if (t->af == AF_INET6)
		return jhash2(data, sizeof(*t) / sizeof(u32), seed);
	return jhash_3words((__force u32)t->src.ip, (__force u32)t->dst.ip, ports, rest);
}

/* What a template is looked up by. Data of an engine is no part of the key, and looked at when
 * all else is the same.
 */
struct template_key {
	struct ip_vs_tuple tuple;
	const struct ip_vs_pe_key *pe;
};

static int compare_data(const struct template_key *key, const struct ip_vs_conn_node *node)
{
	const struct ip_vs_conn *cp = container_of(node, struct ip_vs_conn, in);

	return ip_vs_pe_data_is(ip_vs_conn_pe(cp), key->pe) ? 0 : 1;
}

static int compare_tuple(struct rhashtable_compare_arg *arg, const void *obj)
{
	const struct ip_vs_conn_node *node = obj;
	const u64 *a = arg->key, *b = (const u64 *)&node->tuple;

	/* ports and protocol differ most often; half of an IPv4 tuple is nought */
	if ((a[4] ^ b[4]) | (a[0] ^ b[0]) | (a[2] ^ b[2]) | (a[1] ^ b[1]) | (a[3] ^ b[3]))
		return 1;
	if (unlikely(node->tuple.dir == IP_VS_DIR_TEMPLATE_PE))
		return compare_data(arg->key, node);
	return 0;
}

static const struct rhashtable_params conn_params = {
	.head_offset		= offsetof(struct ip_vs_conn_node, head),
	.key_offset		= offsetof(struct ip_vs_conn_node, tuple),
	.key_len		= sizeof(struct ip_vs_tuple),
	.hashfn			= hash_tuple,
	.obj_cmpfn		= compare_tuple,
	.min_size		= 1024,
	.automatic_shrinking	= true,
};

static struct ip_vs_conn *node_conn(struct ip_vs_conn_node *node)
{
	switch (node->tuple.dir) {
	case IP_VS_DIR_OUT:
	case IP_VS_DIR_TEMPLATE_RETIRED:
		return container_of(node, struct ip_vs_conn, out);
	default:
		return container_of(node, struct ip_vs_conn, in);
	}
}

/* A connection that was made ahead of its first packet has client port 0. */
static struct ip_vs_conn *find_portless(struct netns_ipvs *ipvs, const struct ip_vs_tuple *tuple)
{
	struct ip_vs_tuple portless = *tuple;
	struct ip_vs_conn_node *node;
	struct ip_vs_conn *cp;

	portless.sport = 0;
	node = rhashtable_lookup(&ipvs->conn->table, &portless, conn_params);
	if (!node)
		return NULL;
	cp = node_conn(node);
	return ip_vs_conn_flags(cp) & IP_VS_CONN_F_NO_CPORT ? cp : NULL;
}

/**
 * ip_vs_conn_find() - the connection to which a packet belongs
 * @ipvs: the namespace
 * @tuple: as the packet carries it; dir tells which look-up is meant
 *
 * No reference is taken. An entry that dies meanwhile can be used to the end of the
 * RCU section, as if the packet had come just before.
 * Context: RCU. Return: the connection or NULL.
 */
struct ip_vs_conn *ip_vs_conn_find(struct netns_ipvs *ipvs, const struct ip_vs_tuple *tuple)
{
	struct ip_vs_conn_node *node = rhashtable_lookup(&ipvs->conn->table, tuple, conn_params);

	if (likely(node))
		return node_conn(node);
	if (unlikely(atomic_read(&ipvs->conn->no_cport)) && tuple->dir == IP_VS_DIR_IN)
		return find_portless(ipvs, tuple);
	return NULL;
}
EXPORT_SYMBOL_GPL(ip_vs_conn_find);

/* Ports are of no use in the key of a template; there the hash of its data stands. */
static __be16 hash_engine_data(const struct ip_vs_conn_net *cn, const u8 *data, u8 len)
{
	return (__force __be16)jhash(data, len, cn->engine_seed);
}

/**
 * ip_vs_conn_find_template() - the template of a client
 * @ipvs: the namespace
 * @tuple: masked client, virtual address (or mark) and port, protocol, family
 * @pe: what an engine found in the packet, or NULL
 *
 * Context: RCU. Return: NULL if there is none; see ip_vs_conn_find().
 */
struct ip_vs_conn *ip_vs_conn_find_template(struct netns_ipvs *ipvs,
					    const struct ip_vs_tuple *tuple,
					    const struct ip_vs_pe_key *pe)
{
	struct template_key key = { .tuple = *tuple, .pe = pe };
	struct ip_vs_conn_node *node;

	key.tuple.dir = pe ? IP_VS_DIR_TEMPLATE_PE : IP_VS_DIR_TEMPLATE;
	key.tuple.sport = pe ? hash_engine_data(ipvs->conn, pe->data, pe->len) : 0;
	key.tuple.zero = 0;
	node = rhashtable_lookup(&ipvs->conn->table, &key, conn_params);
	return node ? node_conn(node) : NULL;
}

/* Put node out into the table under cp->lock; if another connection's stands there, take
 * its place and tell whose it was.
 */
static int hash_out_locked(struct ip_vs_conn *cp, struct ip_vs_conn **loser)
{
	struct rhashtable *table = &cp->ipvs->conn->table;
	struct ip_vs_conn_node *other;
	int err;

	lockdep_assert_held(&cp->lock);
	do {
		other = rhashtable_lookup_get_insert_fast(table, &cp->out.head, conn_params);
		if (IS_ERR(other))
			return PTR_ERR(other);
		if (!other)
			break;
		err = rhashtable_replace_fast(table, &other->head, &cp->out.head, conn_params);
		if (!err)
			*loser = container_of(other, struct ip_vs_conn, out);
	} while (err);		/* the other one expired in between */
	WRITE_ONCE(cp->flags, cp->flags | IP_VS_CONN_F_OUT_HASHED);
	return 0;
}

/* Replies of the server come to @cp from now on.
 *
 * Two virtual services may send one client port to the same server port; its replies
 * then fit both, and go to the one that was used last. The other finds its flag cleared
 * at its next request and takes the place back. As it does nothing while its flag is set,
 * which is cleared only after the exchange, the one in the table always has it set.
 *
 * A dead connection is never put in: the flag is tested under the same lock under which
 * it is set, so its remover finds all there is to remove, and no reader finds it later
 * than the grace period that frees it began.
 */
static int hash_out(struct ip_vs_conn *cp)
{
	struct ip_vs_conn *loser = NULL;
	int err = 0;

	spin_lock(&cp->lock);
	if (!(cp->flags & (IP_VS_CONN_F_DEAD | IP_VS_CONN_F_OUT_HASHED)))
		err = hash_out_locked(cp, &loser);
	spin_unlock(&cp->lock);
	if (!loser)
		return err;
	spin_lock(&loser->lock);
	WRITE_ONCE(loser->flags, loser->flags & ~IP_VS_CONN_F_OUT_HASHED);
	spin_unlock(&loser->lock);
	return 0;
}

/* The table compares keys only, and what is inserted has its data elsewhere than what is
 * looked for: hence a look-up first, and a lock.
 */
static int insert_engine_template(struct ip_vs_conn *cp)
{
	struct ip_vs_conn_net *cn = cp->ipvs->conn;
	const struct ip_vs_pe_data *data = cp->ext->pe;
	struct ip_vs_pe_key key = { .pe = data->pe, .len = data->len };
	int err = -EEXIST;

	memcpy(key.data, data->data, data->len);
	cp->in.tuple.sport = hash_engine_data(cn, data->data, data->len);
	spin_lock(&cn->engine_lock);
	if (!ip_vs_conn_find_template(cp->ipvs, &cp->in.tuple, &key))
		err = rhashtable_insert_fast(&cn->table, &cp->in.head, conn_params);
	spin_unlock(&cn->engine_lock);
	return err;
}

static int insert_in(struct ip_vs_conn *cp)
{
	if (unlikely(cp->in.tuple.dir == IP_VS_DIR_TEMPLATE_PE))
		return insert_engine_template(cp);
	return rhashtable_lookup_insert_fast(&cp->ipvs->conn->table, &cp->in.head, conn_params);
}

static void count_kinds(const struct ip_vs_conn *cp, int by)
{
	u32 flags = ip_vs_conn_flags(cp);

	atomic_add(by, &cp->ipvs->conn->nr);
	ip_vs_room_check(&cp->ipvs->conn->room);
	if (flags & IP_VS_CONN_F_LOCAL)
		atomic_add(by, &cp->ipvs->conn->local_clients);
	if (unlikely(flags & IP_VS_CONN_F_NO_CPORT))
		atomic_add(by, &cp->ipvs->conn->no_cport);
}

/**
 * ip_vs_conn_insert() - put a new connection or template into the table, start its timer
 * @cp: complete, seen by nobody yet
 *
 * Context: RCU, BH off.
 * Return: 0; -EEXIST; -ENOSPC if there are conn_max and none can go; or another error of the table: then @cp is
 * still seen by nobody and its timer is off. Replies may remain unhashed for want of memory:
 * the next request tries again.
 */
int ip_vs_conn_insert(struct ip_vs_conn *cp)
{
	int err;

	if (unlikely(atomic_read(&cp->ipvs->conn->nr) >= ip_vs_knob(cp->ipvs, conn_max)) &&
	    !ip_vs_conn_evict(cp->ipvs))
		return -ENOSPC;
	if (unlikely(!READ_ONCE(cp->ipvs->conn->was_used)))
		WRITE_ONCE(cp->ipvs->conn->was_used, true);
	/* first, so that a connection in the table always has a timer */
	cp->timer.expires = jiffies + ip_vs_conn_timeout(cp) * HZ;
	add_timer(&cp->timer);
	err = insert_in(cp);
	if (unlikely(err)) {
		timer_delete_sync(&cp->timer);
		return err;
	}
	count_kinds(cp, 1);
	if (!ip_vs_conn_is_template(cp))
		hash_out(cp);
	return 0;
}

/**
 * ip_vs_conn_retire() - a template is of no use any more, but stays until its time is over
 * @cp: the template
 *
 * It is listed with ports that no service has, and found by nobody: it stands in the table
 * by its second node instead of the first. Several of one client may be there, so the
 * client's port in that key is any.
 * Context: RCU, BH off.
 * Return: 0, or an error of the table: then nothing has changed.
 */
int ip_vs_conn_retire(struct ip_vs_conn *cp)
{
	struct rhashtable *table = &cp->ipvs->conn->table;
	struct ip_vs_tuple *key = &cp->out.tuple;
	int err = 0;

	spin_lock(&cp->lock);
	/* else who removed it, or retired it before us, sees to all */
	if (!(cp->flags & IP_VS_CONN_F_DEAD) && key->dir != IP_VS_DIR_TEMPLATE_RETIRED) {
		key->dport = (__force __be16)get_random_u32();
		key->dir = IP_VS_DIR_TEMPLATE_RETIRED;
		err = rhashtable_insert_fast(table, &cp->out.head, conn_params);
		if (err)
			key->dir = IP_VS_DIR_OUT;
		else
			rhashtable_remove_fast(table, &cp->in.head, conn_params);
	}
	spin_unlock(&cp->lock);
	return err;
}

/* A request goes out: replies to it must come back to @cp. Cheap when they do already.
 * Context: RCU, BH off.
 */
void ip_vs_conn_claim_replies(struct ip_vs_conn *cp)
{
	if (unlikely(!(ip_vs_conn_flags(cp) & IP_VS_CONN_F_OUT_HASHED)))
		hash_out(cp);
}

/* Take both nodes out of the table. Only by who set the DEAD flag. Context: RCU. */
void ip_vs_conn_unhash(struct ip_vs_conn *cp)
{
	struct rhashtable *table = &cp->ipvs->conn->table;

	/* one may not be there: that of a retired template, or of replies that come to another
	 * connection; then nothing happens
	 */
	rhashtable_remove_fast(table, &cp->in.head, conn_params);
	rhashtable_remove_fast(table, &cp->out.head, conn_params);
	count_kinds(cp, -1);
}

/* Are there connections whose replies end at this host? Context: RCU. */
bool ip_vs_conn_has_local_clients(const struct netns_ipvs *ipvs)
{
	return atomic_read(&ipvs->conn->local_clients);
}

/* Upstream's table has a size chosen at load time, which users are shown. Ours sizes
 * itself; they are shown what they asked for.
 */
unsigned int ip_vs_conn_table_size(struct netns_ipvs *ipvs)
{
	return 1U << conn_tab_bits;
}

/* Has the namespace had a connection at all? Context: any. */
bool ip_vs_conn_table_was_used(const struct netns_ipvs *ipvs)
{
	return READ_ONCE(ipvs->conn->was_used);
}

bool ip_vs_conn_table_is_empty(struct netns_ipvs *ipvs)
{
	return !atomic_read(&ipvs->conn->table.nelems);
}

/* ---- looking into it ---- */

struct rhashtable *ip_vs_conn_rhashtable(struct netns_ipvs *ipvs)
{
	return &ipvs->conn->table;
}

/* Where an entry stands: the bucket of a table with that seed, in the low bits. */
u32 ip_vs_conn_hash(const struct ip_vs_tuple *tuple, u32 seed)
{
	return hash_tuple(tuple, sizeof(*tuple), seed);
}

/* Of the nodes of a connection one stands for it in listings; for others NULL. */
const struct ip_vs_conn *ip_vs_conn_listed(const struct ip_vs_conn_node *node)
{
	if (node->tuple.dir == IP_VS_DIR_OUT)
		return NULL;
	return node_conn((struct ip_vs_conn_node *)node);
}

/* How many connections the namespace has. Context: any. */
unsigned int ip_vs_conn_count(const struct netns_ipvs *ipvs)
{
	return atomic_read(&ipvs->conn->nr);
}

/* ---- walking ---- */

void ip_vs_conn_walk_open(struct netns_ipvs *ipvs, struct ip_vs_conn_walk *walk)
{
	rhashtable_walk_enter(&ipvs->conn->table, &walk->iter);
}

void ip_vs_conn_walk_close(struct ip_vs_conn_walk *walk)
{
	rhashtable_walk_exit(&walk->iter);
}

void ip_vs_conn_walk_start(struct ip_vs_conn_walk *walk)
	__acquires(RCU)
{
	rhashtable_walk_start(&walk->iter);
}

void ip_vs_conn_walk_stop(struct ip_vs_conn_walk *walk)
	__releases(RCU)
{
	rhashtable_walk_stop(&walk->iter);
}

/* Of the two nodes of a connection the one for requests stands for it; a template has one. */
struct ip_vs_conn *ip_vs_conn_walk_next(struct ip_vs_conn_walk *walk)
{
	struct ip_vs_conn_node *node;

	while ((node = rhashtable_walk_next(&walk->iter))) {
		if (IS_ERR(node))	/* -EAGAIN: resized, the walk begins anew */
			continue;
		if (node->tuple.dir != IP_VS_DIR_OUT)
			return node_conn(node);
	}
	return NULL;
}

/* ---- life cycle, called by conn.c ---- */

int ip_vs_conn_table_init(struct netns_ipvs *ipvs)
{
	struct ip_vs_conn_net *cn;
	int err;

	cn = kzalloc(sizeof(*cn), GFP_KERNEL_ACCOUNT);
	if (!cn)
		return -ENOMEM;
	err = rhashtable_init(&cn->table, &conn_params);
	if (err) {
		kfree(cn);
		return err;
	}
	cn->engine_seed = get_random_u32();
	spin_lock_init(&cn->engine_lock);
	ip_vs_room_init(&cn->room, &cn->table, ipvs->knobs, &ipvs->knobs->conn_lfactor,
			1U << conn_tab_bits);
	ipvs->conn = cn;
	return 0;
}

void ip_vs_conn_table_close(struct netns_ipvs *ipvs)
{
	ip_vs_room_close(&ipvs->conn->room);
}

void ip_vs_conn_table_exit(struct netns_ipvs *ipvs)
{
	ip_vs_room_exit(&ipvs->conn->room);
	rhashtable_destroy(&ipvs->conn->table);
	kfree(ipvs->conn);
	ipvs->conn = NULL;
}
