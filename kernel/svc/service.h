/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Virtual services: the objects, their look-up by packets (RCU) and their
 * configuration (cfg_mutex).
 */
#ifndef IP_VS_SERVICE_H
#define IP_VS_SERVICE_H

#include <linux/list.h>
#include <linux/rhashtable.h>
#include <linux/types.h>

#include "netns.h"
#include "stats/stats.h"
#include "uapi/ipvs_model.h"

struct ip_vs_pe;
struct ip_vs_sched_inst;
struct ip_vs_sched_ops;
struct netlink_ext_ack;

/* A service by mark has proto, addr and port 0; others have fwmark 0. */
struct ip_vs_svc_key {
	union nf_inet_addr addr;
	u32 fwmark;
	__be16 port;
	u16 proto;
	u16 af;
	u16 zero;
};

struct ip_vs_service {
	/* look-up */
	struct rhash_head node;
	struct ip_vs_svc_key key;
	struct netns_ipvs *ipvs;
	/* what a new connection reads */
	struct ip_vs_sched_inst __rcu *sched;	/* cfg_mutex; RCU readers */
	const struct ip_vs_pe __rcu *pe;	/* cfg_mutex; RCU readers; a reference, or NULL */
	struct list_head dests;			/* cfg_mutex; RCU readers; newest first */
	u32 flags;				/* cfg_mutex; READ_ONCE readers */
	u32 timeout;				/* as flags; persistence, jiffies */
	u32 netmask;				/* as flags */
	/* configuration */
	u16 proto;				/* as told to the user; marks have one too */
	u32 num_dests;				/* cfg_mutex */
	unsigned long id;			/* position in the ordered walk, never reused */
	struct ip_vs_stats stats;
	struct rcu_head rcu;
};

/* Packet path.
 * ip_vs_service_lookup() - the service that serves a packet, if any
 * @proto, @addr, @port: destination of the packet as the client sent it
 * Context: RCU. Return: valid until rcu_read_unlock(), or NULL.
 */
struct ip_vs_service *ip_vs_service_lookup(struct netns_ipvs *ipvs, u16 af, u32 mark, u16 proto,
					   const union nf_inet_addr *addr, __be16 port);

/* Configuration. All need cfg_mutex unless said otherwise. */
void ip_vs_service_key_init(struct ip_vs_svc_key *key, const struct ipvs_service *cfg);
struct ip_vs_service *ip_vs_service_find(struct netns_ipvs *ipvs, const struct ip_vs_svc_key *key);

/* @ops: the scheduler or NULL for "none"; @pe: the persistence engine or NULL. A successful
 * add or edit takes over the caller's references; a failed one leaves them with the caller.
 * add: -EEXIST, -EINVAL (IPv6 prefix length), -ENOMEM or the scheduler's error.
 */
int ip_vs_service_add(struct netns_ipvs *ipvs, const struct ipvs_service *cfg,
		      const struct ip_vs_sched_ops *ops, const struct ip_vs_pe *pe,
		      struct netlink_ext_ack *extack);
int ip_vs_service_edit(struct ip_vs_service *svc, const struct ipvs_service *cfg,
		       const struct ip_vs_sched_ops *ops, const struct ip_vs_pe *pe,
		       struct netlink_ext_ack *extack);
void ip_vs_service_del(struct ip_vs_service *svc);
void ip_vs_service_zero(struct ip_vs_service *svc);	/* and its destinations */

/* Copy everything a user may be told; cfg_mutex or RCU. */
void ip_vs_service_snapshot(struct ip_vs_service *svc, struct ipvs_service *out);

/* How many there are of IPv4. Any context. */
unsigned int ip_vs_service_count(const struct netns_ipvs *ipvs);
unsigned int ip_vs_service_count_ipv4(const struct netns_ipvs *ipvs);
/* Has any a persistence engine? Any context. */
bool ip_vs_service_any_engine(const struct netns_ipvs *ipvs);

/* Ordered walk: the first service whose id is at least *@id, which is set to
 * it; NULL at the end. Start with 0 and continue with *id + 1. O(log n), so a
 * dump resumes where it stopped whatever was added or deleted meanwhile.
 * Context: cfg_mutex or RCU.
 */
struct ip_vs_service *ip_vs_service_next(struct netns_ipvs *ipvs, unsigned long *id);

/* To look how full it is. */
struct rhashtable *ip_vs_service_rhashtable(struct netns_ipvs *ipvs);

extern const struct ip_vs_subsys ip_vs_service_subsys;

#endif
