/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Connections. An entry stands twice in the namespace's table, once for each
 * direction its forwarding method sees, under the tuple that a packet of that
 * direction carries on arrival. Packets hold no reference: RCU covers the hook.
 */
#ifndef IP_VS_CONN_H
#define IP_VS_CONN_H

#include <linux/rhashtable.h>
#include <linux/seq_file.h>
#include <linux/spinlock.h>
#include <linux/timer.h>
#include <linux/types.h>

#include "base/tuple.h"
#include "base/verdict.h"
#include "netns.h"
#include "svc/dest.h"

struct ip_vs_conn_node {
	struct rhash_head head;
	struct ip_vs_tuple tuple;
};

/* Flags visible in the sync protocol stand in <linux/ip_vs.h>; from bit 24 on they are ours. */
#define IP_VS_CONN_F_DEAD	(1U << 24)	/* being removed; whoever set it does so */
#define IP_VS_CONN_F_OUT_HASHED	(1U << 25)	/* node out is the one in the table for its tuple */
#define IP_VS_CONN_F_LOCAL	(1U << 26)	/* the client is a program of this host; constant */

struct ip_vs_conn {
	/* look-up of requests, and what they need */
	struct ip_vs_conn_node in;
	struct ip_vs_dest *dest;		/* reference held; constant */
	u32 flags;				/* lock; READ_ONCE readers */
	u32 state_timeout;			/* lock; READ_ONCE readers; state << 24 | seconds */
	/* look-up of replies, and what they need */
	struct ip_vs_conn_node out;
	struct netns_ipvs *ipvs;
	u32 deadline;				/* low half of jiffies; any packet, WRITE_ONCE */
	/* bookkeeping */
	spinlock_t lock;			/* lock 5 */
	union {
		struct timer_list timer;	/* lock; armed from insertion to death */
		struct rcu_head rcu;		/* once dead and the timer is gone */
	};
};

#define IP_VS_CONN_MAX_SECONDS	0xffffff	/* what state_timeout can hold */
#define IP_VS_CONN_NEW_SECONDS	3		/* until the first packet sets a state */

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

/* Seconds until the entry expires if no packet comes; never negative. */
static inline unsigned int ip_vs_conn_seconds_left(const struct ip_vs_conn *cp)
{
	s32 left = READ_ONCE(cp->deadline) - (u32)jiffies;

	return left > 0 ? left / HZ : 0;
}

/* conn/conn.c */
struct ip_vs_packet;
struct ip_vs_conn *ip_vs_conn_new(const struct ip_vs_packet *pkt, struct ip_vs_dest *dest);
void ip_vs_conn_free_rcu(struct rcu_head *rcu);
void ip_vs_conn_update(struct ip_vs_conn *cp, u8 state, u32 seconds, bool active, bool reply);
void ip_vs_conn_count_in(const struct ip_vs_conn *cp, unsigned int bytes);
void ip_vs_conn_count_out(const struct ip_vs_conn *cp, unsigned int bytes);

/* conn/table.c */
struct ip_vs_conn *ip_vs_conn_find(struct netns_ipvs *ipvs, const struct ip_vs_tuple *tuple);
int ip_vs_conn_insert(struct ip_vs_conn *cp, struct ip_vs_conn **existing);
void ip_vs_conn_claim_replies(struct ip_vs_conn *cp);
void ip_vs_conn_unhash(struct ip_vs_conn *cp);
bool ip_vs_conn_has_local_clients(const struct netns_ipvs *ipvs);
unsigned int ip_vs_conn_table_size(struct netns_ipvs *ipvs);
bool ip_vs_conn_table_is_empty(struct netns_ipvs *ipvs);
int ip_vs_conn_table_init(struct netns_ipvs *ipvs);
void ip_vs_conn_table_exit(struct netns_ipvs *ipvs);

/* Walk every connection of the namespace once; while the table resizes some may come twice.
 * open may sleep; start begins an RCU read section that stop ends, and the walk goes on
 * where it stopped. next returns NULL at the end; peek repeats what next returned last.
 */
struct ip_vs_conn_walk {
	struct rhashtable_iter iter;
};
void ip_vs_conn_walk_open(struct netns_ipvs *ipvs, struct ip_vs_conn_walk *walk);
void ip_vs_conn_walk_close(struct ip_vs_conn_walk *walk);
void ip_vs_conn_walk_start(struct ip_vs_conn_walk *walk) __acquires(RCU);
struct ip_vs_conn *ip_vs_conn_walk_next(struct ip_vs_conn_walk *walk);
struct ip_vs_conn *ip_vs_conn_walk_peek(struct ip_vs_conn_walk *walk);
void ip_vs_conn_walk_stop(struct ip_vs_conn_walk *walk) __releases(RCU);

/* conn/expire.c */
void ip_vs_conn_expire(struct timer_list *timer);
bool ip_vs_conn_kill(struct ip_vs_conn *cp);
void ip_vs_conn_flush(struct netns_ipvs *ipvs, bool only_of_removed_dests);

/* conn/reuse.c */
struct ip_vs_proto;
enum ip_vs_verdict ip_vs_conn_reuse(const struct ip_vs_packet *pkt, struct ip_vs_conn **cpp);

extern const struct ip_vs_subsys ip_vs_conn_subsys;
extern const struct ip_vs_subsys ip_vs_conn_proc_subsys;	/* conn/proc.c */

#endif
