/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Destinations: one real server of one virtual service. A destination that
 * was removed while connections use it waits in the trash and is revived when
 * the same server is added to the same service again.
 */
#ifndef IP_VS_DEST_H
#define IP_VS_DEST_H

#include <linux/atomic.h>
#include <linux/list.h>
#include <linux/refcount.h>
#include <linux/rhashtable.h>
#include <linux/spinlock.h>

#include "svc/service.h"

struct dst_entry;
struct ip_vs_real;

/* A real server of a service, whether that exists at the moment or not: what finds a
 * destination in its service also finds one that waits in the trash for its return.
 */
struct ip_vs_dest_key {
	struct ip_vs_svc_key svc;
	union nf_inet_addr addr;
	__be16 port;
	u16 af;
};

/* The way to a destination, as the last look-up found it. */
struct ip_vs_route {
	struct dst_entry *dst;			/* reference held */
	const struct net_device *dev;		/* to compare with, never to follow */
	u32 cookie;				/* for dst_check() */
	bool local;				/* the destination is this host */
	union nf_inet_addr saddr;		/* outer source of tunnels */
	struct rcu_head rcu;
};

struct ip_vs_dest {
	/* what the packet path reads */
	struct list_head list;			/* in svc->dests */
	struct ip_vs_service __rcu *svc;	/* cfg_mutex; RCU readers; NULL: removed */
	u32 weight;				/* cfg_mutex; READ_ONCE readers */
	u32 last_weight;			/* cfg_mutex; the latest above zero */
	u32 conn_flags;				/* cfg_mutex; READ_ONCE readers; bits 0-2 method */
	u32 share;				/* lock; READ_ONCE readers; weight, 0 if overloaded */
	bool overload;				/* lock */
	struct ip_vs_route __rcu *route;	/* lock; RCU readers; filled by xmit/route.c */
	struct ip_vs_dest_key key;
	struct netns_ipvs *ipvs;
	u8 tun_type;				/* cfg_mutex; READ_ONCE readers, as the next two */
	u16 tun_flags;
	__be16 tun_port;
	/* what the packet path writes */
	atomic_t total ____cacheline_aligned;	/* connections, templates excluded */
	atomic_t active;			/* those in an active state */
	atomic_t persist;			/* templates */
	refcount_t refs;			/* the service or trash, each connection and memory of lblc */
	spinlock_t lock;			/* lock 7: route, overload */
	struct ip_vs_stats stats;
	/* configuration */
	struct rhash_head node;			/* in the namespace's table, also while in the trash */
	u32 u_thresh;				/* cfg_mutex; READ_ONCE readers */
	u32 l_thresh;
	struct ip_vs_real *real;		/* cfg_mutex; its server in svc/real.c, or NULL */
	struct hlist_node real_node;		/* in the list of that */
	unsigned long svc_id;			/* of the service it is or was in */
	unsigned long id;			/* falls from head to tail of svc->dests, never reused */
	struct list_head trash;			/* cfg_mutex */
	unsigned long removed;			/* grace period since its removal, cfg_mutex */
	unsigned long idle_since;		/* jiffies | 1, or 0; of a trashed one without connections */
	struct rcu_head rcu;
};

#define IP_VS_DEST_METHOD(dest)	(READ_ONCE((dest)->conn_flags) & IP_VS_CONN_F_FWD_MASK)

/* Packet path: references that connections hold, and thresholds. BH off.
 * ip_vs_dest_put() never sleeps; the last one frees after a grace period.
 */
static inline void ip_vs_dest_get(struct ip_vs_dest *dest)
{
	refcount_inc(&dest->refs);
}
void ip_vs_dest_put(struct ip_vs_dest *dest);
void ip_vs_dest_bind(struct ip_vs_dest *dest);		/* a connection joins: reference, total */
void ip_vs_dest_unbind(struct ip_vs_dest *dest);	/* and leaves */

/* Configuration; cfg_mutex, but find: or RCU.
 * add: -EINVAL, -EEXIST, -ERANGE, -ENOMEM; edit: -EINVAL, -ERANGE. cfg->af 0 means
 * that of the service. Checks and their order: kernel-abi section 1.8.4 steps 6-14.
 */
struct ip_vs_dest *ip_vs_dest_find(struct ip_vs_service *svc, u16 af,
				   const union nf_inet_addr *addr, __be16 port);
int ip_vs_dest_add(struct ip_vs_service *svc, const struct ipvs_dest *cfg,
		   struct netlink_ext_ack *extack);
int ip_vs_dest_edit(struct ip_vs_service *svc, const struct ipvs_dest *cfg,
		    struct netlink_ext_ack *extack);	/* also -ENOENT */
bool ip_vs_dest_has_mixed(struct netns_ipvs *ipvs);
void ip_vs_dest_del(struct ip_vs_service *svc, struct ip_vs_dest *dest);

/* Exchange the cached route; @route may be NULL. The old one is released after a grace
 * period. Context: any but hard interrupts.
 */
void ip_vs_dest_route_set(struct ip_vs_dest *dest, struct ip_vs_route *route);

/* Release a route after a grace period. Any context. */
void ip_vs_route_free(struct ip_vs_route *route);

/* Copy everything a user may be told; cfg_mutex or RCU. */
void ip_vs_dest_snapshot(struct ip_vs_dest *dest, struct ipvs_dest *out);

/* The first destination after (older than) @id in list order; ULONG_MAX starts.
 * Context: cfg_mutex or RCU.
 */
struct ip_vs_dest *ip_vs_dest_next(struct ip_vs_service *svc, unsigned long id);

/* Where a listing stopped: plain data, zeroed for the start. To go on after it takes one
 * look-up, and a walk only if just that destination has gone meanwhile.
 */
struct ip_vs_dest_place {
	union nf_inet_addr addr;
	unsigned long id;
	__be16 port;
	u16 af;
};
void ip_vs_dest_place(const struct ip_vs_dest *dest, struct ip_vs_dest_place *place);
struct ip_vs_dest *ip_vs_dest_after(struct ip_vs_service *svc,
				    const struct ip_vs_dest_place *place);	/* cfg_mutex */

extern const struct ip_vs_subsys ip_vs_dest_subsys;

#endif
