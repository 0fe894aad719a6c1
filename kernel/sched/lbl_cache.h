/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Which servers a destination address was given to: the memory of lblc and lblcr, made for
 * transparent caches. One cache per service.
 */
#ifndef IP_VS_LBL_CACHE_H
#define IP_VS_LBL_CACHE_H

#include <linux/list.h>
#include <linux/types.h>

#include "svc/dest.h"

struct ip_vs_lbl_cache;

/* One server of an address. A destination that is removed stays the choice: it may return
 * before the entry expires.
 */
struct ip_vs_lbl_member {
	struct list_head list;			/* entry->members; cache lock; RCU readers */
	struct ip_vs_dest *dest;		/* reference held; constant */
	struct rcu_head rcu;
};

struct ip_vs_lbl_entry {
	struct hlist_node node;			/* cache lock; RCU readers */
	union nf_inet_addr addr;
	unsigned long used;			/* jiffies; any packet, WRITE_ONCE */
	unsigned long changed;			/* jiffies; cache lock; READ_ONCE readers */
	unsigned int nr;			/* members; cache lock; READ_ONCE readers */
	struct list_head members;		/* the newest first */
	struct rcu_head rcu;
};

#define ip_vs_lbl_for_each(member, entry) \
	list_for_each_entry_rcu(member, &(entry)->members, list)

/* Set-up and end; process context. @expiration: jiffies until an entry that nobody uses is
 * forgotten, read anew each time; must outlive the cache. NULL without memory.
 */
struct ip_vs_lbl_cache *ip_vs_lbl_new(const int *expiration);
void ip_vs_lbl_free(struct ip_vs_lbl_cache *cache);

/* The entry of @addr, marked as used now, or NULL. Context: RCU, BH off; valid as long. */
struct ip_vs_lbl_entry *ip_vs_lbl_find(struct ip_vs_lbl_cache *cache,
				       const union nf_inet_addr *addr);

/* Give @addr to @dest: to it alone, or besides those who have it. Too many addresses or too
 * little memory only mean that it is not remembered. Context: RCU, BH off.
 */
void ip_vs_lbl_set(struct ip_vs_lbl_cache *cache, const union nf_inet_addr *addr,
		   struct ip_vs_dest *dest);
void ip_vs_lbl_add(struct ip_vs_lbl_cache *cache, const union nf_inet_addr *addr,
		   struct ip_vs_dest *dest);

/* If the members of @entry have been the same for the time of expiration, drop the most
 * loaded of several. Context: RCU, BH off.
 */
void ip_vs_lbl_trim(struct ip_vs_lbl_cache *cache, struct ip_vs_lbl_entry *entry);

/* Has @dest more than it should while another server has little to do? Context: RCU. */
bool ip_vs_lbl_overloaded(struct ip_vs_service *svc, const struct ip_vs_dest *dest);

/* The sysctl net.ipv4.vs.@name, in seconds: one value per namespace, while the module is
 * loaded. A container's root does not see it. Process context, module init and exit.
 */
struct ctl_table_header;
struct ip_vs_lbl_knob {
	int expiration;			/* jiffies; READ_ONCE readers */
	struct ctl_table_header *header;
};
int ip_vs_lbl_knob_init(struct net *net, struct ip_vs_lbl_knob *knob, const char *name);
void ip_vs_lbl_knob_exit(struct net *net, struct ip_vs_lbl_knob *knob);

#endif
