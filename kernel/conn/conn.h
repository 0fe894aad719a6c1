/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Connections. An entry stands twice in the namespace's table, once for each
 * direction its forwarding method sees, under the tuple that a packet of that
 * direction carries on arrival. Packets hold no reference: RCU covers the hook.
 *
 * Persistence templates are entries too: they stand in the table once, under the
 * masked client and the virtual service, and no packet finds them.
 */
#ifndef IP_VS_CONN_H
#define IP_VS_CONN_H

#include <linux/rhashtable.h>
#include <linux/seq_file.h>
#include <linux/spinlock.h>
#include <linux/timer.h>
#include <linux/types.h>

#include "app/app.h"
#include "base/tuple.h"
#include "base/verdict.h"
#include "netns.h"
#include "pe/pe.h"
#include "svc/dest.h"

struct ip_vs_conn_node {
	struct rhash_head head;
	struct ip_vs_tuple tuple;
};

/* Flags visible in the sync protocol stand in <linux/ip_vs.h>; from bit 24 on they are ours. */
#define IP_VS_CONN_F_DEAD	(1U << 24)	/* being removed; whoever set it does so */
#define IP_VS_CONN_F_OUT_HASHED	(1U << 25)	/* node out is the one in the table for its tuple */
#define IP_VS_CONN_F_LOCAL	(1U << 26)	/* the client is a program of this host; constant */
#define IP_VS_CONN_F_VPORT	(1U << 27)	/* the server is reached at the virtual port; constant */
#define IP_VS_CONN_F_UNPROVEN	(1U << 28)	/* its template has not learned that it got an answer */
#define IP_VS_CONN_F_QUIESCED	(1U << 29)	/* its server was chosen although quiesced; constant */
#define IP_VS_CONN_F_HELPED	(1U << 31)	/* a helper sees its packets; constant */

/* States of a template. */
enum { IP_VS_TEMPLATE_NONE, IP_VS_TEMPLATE_ASSURED };

/* Who serves a connection. */
struct ip_vs_server {
	union nf_inet_addr addr;
	__be16 port;
	u16 af;
};

/* What few connections need: templates, those that control others, those without a
 * destination, those with data of an engine, and those with a helper. Constant but where said; its owner
 * is the connection, with which it is freed.
 */
struct ip_vs_conn_ext {
	atomic_t children;		/* connections that it controls */
	struct ip_vs_server server;	/* if af is set: who serves, when nothing else tells */
	struct ip_vs_pe_data *pe;	/* or NULL */
	struct ip_vs_helped *helped;	/* with IP_VS_CONN_F_HELPED */
	atomic64_t told;		/* what a sync master told last; of sync/master.c */
};

struct ip_vs_conn {
	/* look-up of requests, and what they need */
	struct ip_vs_conn_node in;
	struct ip_vs_dest *dest;		/* reference held; NULL: unbound; set once, under lock */
	u32 flags;				/* lock; READ_ONCE readers */
	u32 state_timeout;			/* lock; READ_ONCE readers; state << 24 | seconds */
	/* look-up of replies, and what they need; a template's server, in the table if retired */
	struct ip_vs_conn_node out;
	struct netns_ipvs *ipvs;
	u32 deadline;				/* low half of jiffies; any packet, WRITE_ONCE */
	u32 in_pkts;				/* requests; any packet, see ip_vs_conn_count_packet() */
	/* bookkeeping */
	struct ip_vs_conn *control;		/* constant; counted in its children; or NULL */
	struct ip_vs_conn_ext *ext;		/* set once, smp_store_release(); or NULL */
	u32 fwmark;				/* of the first packet; constant */
	spinlock_t lock;			/* lock 5 */
	union {
		struct timer_list timer;	/* lock; armed from insertion to death */
		struct rcu_head rcu;		/* once dead and the timer is gone */
	};
};

#define IP_VS_CONN_MAX_SECONDS	0xffffff	/* what state_timeout can hold */
#define IP_VS_CONN_NEW_SECONDS	3		/* until the first packet sets a state */
#define IP_VS_CONN_MORE_SECONDS	60		/* for one that cannot go because it controls others */

static inline u8 ip_vs_conn_state(const struct ip_vs_conn *cp)
{
	return READ_ONCE(cp->state_timeout) >> 24;
}

static inline u32 ip_vs_conn_timeout(const struct ip_vs_conn *cp)
{
	return READ_ONCE(cp->state_timeout) & IP_VS_CONN_MAX_SECONDS;
}

static inline u32 ip_vs_conn_flags(const struct ip_vs_conn *cp)
{
	return READ_ONCE(cp->flags);
}

static inline u32 ip_vs_conn_method(const struct ip_vs_conn *cp)
{
	return READ_ONCE(cp->flags) & IP_VS_CONN_F_FWD_MASK;
}

static inline bool ip_vs_conn_is_template(const struct ip_vs_conn *cp)
{
	return READ_ONCE(cp->flags) & IP_VS_CONN_F_TEMPLATE;
}

/* NULL while the connection is unbound. */
static inline struct ip_vs_dest *ip_vs_conn_dest(const struct ip_vs_conn *cp)
{
	return READ_ONCE(cp->dest);
}

/* NULL if it has none. Pairs with the smp_store_release() that publishes it. */
static inline struct ip_vs_conn_ext *ip_vs_conn_ext(const struct ip_vs_conn *cp)
{
	return smp_load_acquire(&cp->ext);
}

/* The data of its persistence engine, or NULL. */
static inline const struct ip_vs_pe_data *ip_vs_conn_pe(const struct ip_vs_conn *cp)
{
	const struct ip_vs_conn_ext *ext = ip_vs_conn_ext(cp);

	return ext ? ext->pe : NULL;
}

/* What its helper knows of it, or NULL. */
static inline struct ip_vs_helped *ip_vs_conn_helped(const struct ip_vs_conn *cp)
{
	return ip_vs_conn_flags(cp) & IP_VS_CONN_F_HELPED ? cp->ext->helped : NULL;
}

/* Does it control others? Then it cannot go. */
static inline bool ip_vs_conn_has_children(const struct ip_vs_conn *cp)
{
	const struct ip_vs_conn_ext *ext = ip_vs_conn_ext(cp);

	return ext && atomic_read(&ext->children);
}

static inline bool ip_vs_conn_is_retired(const struct ip_vs_conn *cp)
{
	return READ_ONCE(cp->out.tuple.dir) == IP_VS_DIR_TEMPLATE_RETIRED;
}

/* Ports as users know them. A template has no client's, whatever its key says; retired it
 * has none that a service could have.
 */
static inline __be16 ip_vs_conn_client_port(const struct ip_vs_conn *cp)
{
	return ip_vs_conn_is_template(cp) ? 0 : cp->in.tuple.sport;
}

static inline __be16 ip_vs_conn_virtual_port(const struct ip_vs_conn *cp)
{
	return ip_vs_conn_is_retired(cp) ? htons(0xffff) : cp->in.tuple.dport;
}

/* Seconds until the entry expires if no packet comes; never negative. */
static inline unsigned int ip_vs_conn_seconds_left(const struct ip_vs_conn *cp)
{
	s32 left = READ_ONCE(cp->deadline) - (u32)jiffies;

	return left > 0 ? left / HZ : 0;
}

/* Jiffies since the last packet, to a quarter of a second. */
static inline u32 ip_vs_conn_idle(const struct ip_vs_conn *cp)
{
	s32 idle = (u32)jiffies - (READ_ONCE(cp->deadline) - ip_vs_conn_timeout(cp) * HZ);

	return max(idle, 0);
}

/* ---- conn/conn.c ---- */

/* A connection or template to be made.
 * @tuple: as the client sends it (src, dst, ports, proto, af). Of a template: the masked
 * client, the virtual address (or mark) and port. With NO_CPORT the client's port is 0.
 * @server: who serves; of a connection without @dest the only thing that tells.
 * @dest: bound to it; its method, NFCT and (for packets) ONE_PACKET flags replace those
 * of @flags. NULL: unbound, until ip_vs_conn_bind().
 * @flags: of <linux/ip_vs.h> as the wire has them, and LOCAL.
 * @state, @timeout: seconds; a longer one than can be counted is cut.
 * @control: who controls it, found under the same RCU section; or NULL.
 * @pe: what a persistence engine made of the packet; or NULL.
 */
struct ip_vs_conn_spec {
	struct netns_ipvs *ipvs;
	struct ip_vs_tuple tuple;
	struct ip_vs_server server;
	struct ip_vs_dest *dest;
	u32 flags;
	u32 fwmark;
	u32 in_pkts;
	u32 timeout;
	u8 state;
	struct ip_vs_conn *control;
	const struct ip_vs_pe_key *pe;
};

struct ip_vs_conn *ip_vs_conn_create(const struct ip_vs_conn_spec *spec);
void ip_vs_conn_discard(struct ip_vs_conn *cp);
void ip_vs_conn_free_rcu(struct rcu_head *rcu);
void ip_vs_conn_unbind(struct ip_vs_conn *cp);

void ip_vs_conn_spec_of(const struct ip_vs_conn *cp, struct ip_vs_conn_spec *spec);
void ip_vs_conn_server(const struct ip_vs_conn *cp, struct ip_vs_server *server);
struct ip_vs_dest *ip_vs_conn_spec_dest(const struct ip_vs_conn_spec *spec);
bool ip_vs_conn_bind(struct ip_vs_conn *cp, struct ip_vs_dest *dest);
struct ip_vs_conn *ip_vs_conn_learn_port(struct ip_vs_conn *cp, __be16 port);
struct ip_vs_conn_ext *ip_vs_conn_ext_get(struct ip_vs_conn *cp);
void ip_vs_conn_prolong(struct ip_vs_conn *cp);
void ip_vs_conn_prove(struct ip_vs_conn *cp);
void ip_vs_conn_update(struct ip_vs_conn *cp, u8 state, u32 seconds, bool active, bool reply);
void ip_vs_conn_count_in(const struct ip_vs_conn *cp, unsigned int bytes);
void ip_vs_conn_count_out(const struct ip_vs_conn *cp, unsigned int bytes);

/* Connections with few requests are treated differently under attack. Beyond so many the
 * number matters to a sync master only: without one the line is not written.
 */
#define IP_VS_CONN_FEW_PKTS 16

/* Count a request of @cp. CPUs may lose one to each other: it is a hint. RCU. */
static inline void ip_vs_conn_count_packet(struct ip_vs_conn *cp)
{
	if (READ_ONCE(cp->in_pkts) < IP_VS_CONN_FEW_PKTS || READ_ONCE(cp->ipvs->master_runs))
		WRITE_ONCE(cp->in_pkts, cp->in_pkts + 1);
}

/* ---- conn/table.c ---- */
struct ip_vs_conn *ip_vs_conn_find(struct netns_ipvs *ipvs, const struct ip_vs_tuple *tuple);
struct ip_vs_conn *ip_vs_conn_find_template(struct netns_ipvs *ipvs,
					    const struct ip_vs_tuple *tuple,
					    const struct ip_vs_pe_key *pe);
int ip_vs_conn_insert(struct ip_vs_conn *cp);
int ip_vs_conn_retire(struct ip_vs_conn *cp);
void ip_vs_conn_claim_replies(struct ip_vs_conn *cp);
void ip_vs_conn_unhash(struct ip_vs_conn *cp);
bool ip_vs_conn_has_local_clients(const struct netns_ipvs *ipvs);
unsigned int ip_vs_conn_table_size(struct netns_ipvs *ipvs);
bool ip_vs_conn_table_was_used(const struct netns_ipvs *ipvs);
bool ip_vs_conn_table_is_empty(struct netns_ipvs *ipvs);
unsigned int ip_vs_conn_count(const struct netns_ipvs *ipvs);
int ip_vs_conn_table_init(struct netns_ipvs *ipvs);
void ip_vs_conn_table_close(struct netns_ipvs *ipvs);
void ip_vs_conn_table_exit(struct netns_ipvs *ipvs);

/* Walk every connection of the namespace once; while the table resizes some may come twice.
 * open may sleep; start begins an RCU read section that stop ends, and the walk goes on
 * where it stopped.  next returns NULL at the end.
 */
struct ip_vs_conn_walk {
	struct rhashtable_iter iter;
};
void ip_vs_conn_walk_open(struct netns_ipvs *ipvs, struct ip_vs_conn_walk *walk);
void ip_vs_conn_walk_close(struct ip_vs_conn_walk *walk);
void ip_vs_conn_walk_start(struct ip_vs_conn_walk *walk) __acquires(RCU);
struct ip_vs_conn *ip_vs_conn_walk_next(struct ip_vs_conn_walk *walk);
void ip_vs_conn_walk_stop(struct ip_vs_conn_walk *walk) __releases(RCU);

/* ---- conn/listing.c ---- */
/* How the table is doing: conn/listing.c and /proc/net/ip_vs_status look into it. */
struct rhashtable *ip_vs_conn_rhashtable(struct netns_ipvs *ipvs);
u32 ip_vs_conn_hash(const struct ip_vs_tuple *tuple, u32 seed);
const struct ip_vs_conn *ip_vs_conn_listed(const struct ip_vs_conn_node *node);

/* conn/listing.c: tell of every connection once, whatever happens to the table meanwhile.
 * Between two steps the listing stands before bucket now.bucket.
 */
struct ip_vs_conn_place {
	u32 seed;		/* of the table, with its size */
	unsigned int size;
	unsigned int bucket;
};
struct ip_vs_conn_listing {
	struct ip_vs_conn_place now;
	struct ip_vs_conn_place past[16];	/* how far the tables before were told */
	unsigned int nr_past;
};
bool ip_vs_conn_listing_is_settled(struct netns_ipvs *ipvs,
				   struct ip_vs_conn_listing *listing);
int ip_vs_conn_listing_settle(struct netns_ipvs *ipvs, struct ip_vs_conn_listing *listing);
bool ip_vs_conn_listing_visit(struct netns_ipvs *ipvs, const struct ip_vs_conn_listing *listing,
			      unsigned int bucket,
			      void (*tell)(const struct ip_vs_conn *cp, void *arg), void *arg);

/* ---- conn/expire.c ---- */
void ip_vs_conn_expire(struct timer_list *timer);
bool ip_vs_conn_kill(struct ip_vs_conn *cp);
bool ip_vs_conn_kill_chain(struct ip_vs_conn *cp);
void ip_vs_conn_flush(struct netns_ipvs *ipvs, bool only_of_removed_dests);

/* ---- conn/evict.c ---- */
bool ip_vs_conn_evict(struct netns_ipvs *ipvs);

/* ---- conn/reuse.c ---- */
struct ip_vs_packet;
enum ip_vs_verdict ip_vs_conn_reuse(const struct ip_vs_packet *pkt, struct ip_vs_conn **cpp);

extern const struct ip_vs_subsys ip_vs_conn_subsys;
extern const struct ip_vs_subsys ip_vs_conn_proc_subsys;	/* conn/proc.c */

#endif
