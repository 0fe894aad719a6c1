/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What a scheduler is, and the few helpers from which policies are made.
 */
#ifndef IP_VS_SCHED_H
#define IP_VS_SCHED_H

#include <linux/list.h>
#include <linux/module.h>

#include "base/addr.h"
#include "base/registry.h"
#include "packet/packet.h"
#include "sched/dest_array.h"
#include "svc/dest.h"
#include "svc/service.h"

/* A request for a destination. Context of every pick: RCU, BH off. */
struct ip_vs_sched_req {
	struct ip_vs_service *svc;
	struct ip_vs_sched_inst *inst;
	const struct ip_vs_packet *pkt;
};

enum ip_vs_sched_event {
	IP_VS_DEST_ADDED,	/* already in svc->dests */
	IP_VS_DEST_CHANGED,
	IP_VS_DEST_REMOVED,	/* already out of svc->dests and dead; readers may still hold it */
};

/* @pick: the destination for a new connection, or NULL if nobody can serve it.
 * @init, @exit: private data of a service, kept in inst->data; process context,
 * cfg_mutex. When exit runs nobody new finds the instance, but packets may still be
 * inside pick: what they read is freed after a grace period (kvfree_rcu).
 * @changed: @dest of @svc was added, changed or removed; cfg_mutex. @prev is the
 * list element that stood before a removed one, else NULL.
 */
struct ip_vs_sched_ops {
	struct ip_vs_plugin plugin;	/* name and owner */
	struct ip_vs_dest *(*pick)(const struct ip_vs_sched_req *req);
	int (*init)(struct ip_vs_service *svc, struct ip_vs_sched_inst *inst);
	void (*exit)(struct ip_vs_service *svc, struct ip_vs_sched_inst *inst);
	void (*changed)(struct ip_vs_service *svc, struct ip_vs_sched_inst *inst,
			struct ip_vs_dest *dest, enum ip_vs_sched_event event,
			struct list_head *prev);
};

/* A scheduler at work for one service: one RCU pointer, so that policy and data
 * always change together.
 */
struct ip_vs_sched_inst {
	const struct ip_vs_sched_ops *ops;
	struct list_head *ring;		/* ip_vs_ring_next(); element of svc->dests or its head */
	void __rcu *data;		/* cfg_mutex; RCU readers */
	struct ip_vs_service *svc;
	struct rcu_head rcu;
};

/* May new connections go to @dest? The only place that says so. */
static inline bool ip_vs_dest_usable(const struct ip_vs_dest *dest)
{
	return READ_ONCE(dest->share) && rcu_access_pointer(dest->svc);
}

/* Every destination of @service that new connections may go to, with its weight in @weight. One
 * that was removed a moment ago may be among them: it is as if its packet had come before.
 */
#define ip_vs_for_each_usable(dest, weight, service)			\
	list_for_each_entry_rcu(dest, &(service)->dests, list)		\
		if (!((weight) = READ_ONCE((dest)->share))) {} else

/* Load of a destination: an active connection weighs as much as 257 idle ones. */
static inline u64 ip_vs_dest_load(const struct ip_vs_dest *dest)
{
	return ((u64)atomic_read(&dest->active) << 8) + atomic_read(&dest->total);
}

/* What a new connection would have to wait for: those at work and itself. */
static inline u64 ip_vs_dest_queue(const struct ip_vs_dest *dest)
{
	return (u64)atomic_read(&dest->active) + 1;
}

/* Is a / wa less than b / wb? By cross-multiplication, so nothing is divided; exact for
 * every cost: one of more than 32 bits is multiplied by halves.
 */
static inline bool ip_vs_ratio_less(u64 a, u32 wa, u64 b, u32 wb)
{
	u64 alow = (u64)(u32)a * wb, blow = (u64)(u32)b * wa;
	u64 ahigh, bhigh;

	if (likely(!((a | b) >> 32)))
		return alow < blow;
	ahigh = (a >> 32) * wb + (alow >> 32);
	bhigh = (b >> 32) * wa + (blow >> 32);
	return ahigh < bhigh || (ahigh == bhigh && (u32)alow < (u32)blow);
}

/* One walk of ip_vs_pick_least(). Unless @exact, costs have 33 bits at most; @seen has every
 * bit that was in one of them.
 */
static __always_inline struct ip_vs_dest *
ip_vs_walk_least(struct ip_vs_service *svc, u64 (*cost)(const struct ip_vs_dest *), bool exact,
		 u64 *seen)
{
	struct ip_vs_dest *dest, *least = NULL;
	u32 weight, least_weight = 0;	/* anything is less than 1 / 0 */
	u64 least_cost = 1;

	ip_vs_for_each_usable(dest, weight, svc) {
		u64 c = cost(dest);

		*seen |= c;
		if (exact ? !ip_vs_ratio_less(c, weight, least_cost, least_weight) :
			    c * least_weight >= least_cost * weight)
			continue;
		least = dest;
		least_cost = c;
		least_weight = weight;
	}
	return least;
}

/* The usable destination with the smallest cost per weight; the first in list order
 * among equals. Inlined with a constant @cost it is the hand-written loop. Weights have 31 bits,
 * so that products of the costs of up to some thirty million connections need no care.
 */
static __always_inline struct ip_vs_dest *
ip_vs_pick_least(struct ip_vs_service *svc, u64 (*cost)(const struct ip_vs_dest *))
{
	struct ip_vs_dest *least;
	u64 seen = 0;

	least = ip_vs_walk_least(svc, cost, false, &seen);
	if (unlikely(seen >> 33))
		least = ip_vs_walk_least(svc, cost, true, &seen);
	return least;
}

/* The usable destination with the largest weight for which @may holds (or NULL for any);
 * the first in list order among equals.
 */
static __always_inline struct ip_vs_dest *
ip_vs_pick_heaviest(struct ip_vs_service *svc, bool (*may)(const struct ip_vs_dest *))
{
	struct ip_vs_dest *dest, *heaviest = NULL;
	u32 weight, most = 0;

	ip_vs_for_each_usable(dest, weight, svc) {
		if (weight <= most || (may && !may(dest)))
			continue;
		heaviest = dest;
		most = weight;
	}
	return heaviest;
}

struct ip_vs_dest *ip_vs_ring_next(const struct ip_vs_sched_req *req);
void ip_vs_ring_forget(struct ip_vs_sched_inst *inst, struct ip_vs_dest *dest,
		       struct list_head *prev);

/* The upper @bits of a multiplicative hash, the same on every director. */
static inline u32 ip_vs_sched_hash(u32 value, unsigned int bits)
{
	return (value * 0x61c88647U) >> (32 - bits);
}

/* An address as schedulers hash it: folded, in host order. */
static inline u32 ip_vs_sched_addr(const union nf_inet_addr *addr)
{
	return ntohl((__force __be32)ip_vs_addr_fold(addr));
}

/* The client of @pkt as schedulers hash it: its address, and its port if that counts. */
static inline u32 ip_vs_sched_client(const struct ip_vs_packet *pkt, bool with_port)
{
	return ip_vs_sched_addr(&pkt->tuple.src) + (with_port ? ntohs(pkt->tuple.sport) : 0);
}

/* Plug-ins. -EINVAL if the name is taken. Process context. */
int ip_vs_sched_register(struct ip_vs_sched_ops *ops);
void ip_vs_sched_unregister(struct ip_vs_sched_ops *ops);

#define module_ip_vs_scheduler(ops)					\
	static int __init ops##_module_init(void)			\
	{								\
		return ip_vs_sched_register(&(ops));			\
	}								\
	static void __exit ops##_module_exit(void)			\
	{								\
		ip_vs_sched_unregister(&(ops));				\
	}								\
	module_init(ops##_module_init);					\
	module_exit(ops##_module_exit)

/* Find a scheduler by name, loading its module ip_vs_<name> if need be, and take a
 * reference on it. Context: process, may sleep, no cfg_mutex. NULL if there is none.
 */
const struct ip_vs_sched_ops *ip_vs_sched_get(const char *name);
void ip_vs_sched_put(const struct ip_vs_sched_ops *ops);	/* accepts NULL */

/* Bind @ops (or NULL) to @svc in place of what it has. Takes over the reference on
 * success. Context: cfg_mutex. Return: 0 or the scheduler's error; then nothing changed.
 */
int ip_vs_sched_bind(struct ip_vs_service *svc, const struct ip_vs_sched_ops *ops);
const char *ip_vs_sched_name(struct ip_vs_service *svc);	/* cfg_mutex or RCU; "none" */
void ip_vs_sched_dest_event(struct ip_vs_service *svc, struct ip_vs_dest *dest,
			    enum ip_vs_sched_event event, struct list_head *prev);

extern const struct ip_vs_subsys ip_vs_sched_subsys;

#endif
