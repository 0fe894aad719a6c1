/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Synchronisation of connections between directors: what the rest of IPVS sees
 * of it. A namespace has at most one daemon of each role: the master tells of
 * its connections, the backup learns those of others.
 */
#ifndef IP_VS_SYNC_H
#define IP_VS_SYNC_H

#include <linux/rcupdate.h>

#include "netns.h"
#include "uapi/ipvs_model.h"

struct ip_vs_conn;
struct ip_vs_sync_daemon;
struct netlink_ext_ack;

struct ip_vs_sync_net {
	struct ip_vs_sync_daemon __rcu *master;	/* cfg_mutex; RCU readers on the packet path */
	struct ip_vs_sync_daemon __rcu *backup;	/* cfg_mutex; others only ask whether it is there */
	unsigned int nr_threads;		/* cfg_mutex; of each role, while any runs */
	unsigned int number;			/* of the namespace, in names of threads */
};

/* Commands; cfg_mutex. @state: IP_VS_STATE_MASTER or IP_VS_STATE_BACKUP, anything else is
 * refused as upstream does it.
 */
int ip_vs_sync_start(struct netns_ipvs *ipvs, const struct ipvs_daemon *cfg,
		     struct netlink_ext_ack *extack);
int ip_vs_sync_stop(struct netns_ipvs *ipvs, u32 state, struct netlink_ext_ack *extack);

/* Tell what the daemon of a role uses; false if none runs. */
bool ip_vs_sync_snapshot(struct netns_ipvs *ipvs, u32 state, struct ipvs_daemon *out);

/* Does a daemon of any role run? */
bool ip_vs_sync_is_running(struct netns_ipvs *ipvs);

/* Does this host learn from a master? Any context. */
static inline bool ip_vs_sync_has_backup(const struct netns_ipvs *ipvs)
{
	return rcu_access_pointer(ipvs->sync->backup);
}

/* The packet path; RCU, BH off. */
void ip_vs_sync_conn_now(struct ip_vs_conn *cp, u32 pkts);
void ip_vs_sync_prolonged(struct ip_vs_conn *cp);

/* A request of @cp was handled, the @pkts-th: must backups be told? RCU, BH off. */
static inline void ip_vs_sync_conn(struct netns_ipvs *ipvs, struct ip_vs_conn *cp, u32 pkts)
{
	if (unlikely(READ_ONCE(ipvs->master_runs)))
		ip_vs_sync_conn_now(cp, pkts);
}

extern const struct ip_vs_subsys ip_vs_sync_subsys;

#endif
