/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What IPVS keeps per network namespace: the namespace, the lock of its
 * configuration, and one opaque pointer per subsystem. Each subsystem defines
 * its own struct and allocates it in its own net_init; nobody else looks in.
 */
#ifndef IP_VS_NETNS_H
#define IP_VS_NETNS_H

#include <linux/mutex.h>
#include <net/net_namespace.h>

struct ip_vs_app_net;
struct ip_vs_svc_net;
struct ip_vs_dest_net;
struct ip_vs_real_net;
struct ip_vs_conn_net;
struct ip_vs_proto_net;
struct ip_vs_stats_net;
struct ip_vs_hook_net;
struct ip_vs_defense_net;
struct ip_vs_sync_net;
struct ip_vs_knobs;
struct ip_vs_sysctl_net;
struct ip_vs_ctl_net;

struct netns_ipvs {
	struct net *net;
	struct mutex cfg_mutex;			/* lock 1: configuration of this namespace */
	bool master_runs;			/* a sync master; cfg_mutex, READ_ONCE readers */
	struct ip_vs_knobs *knobs;		/* base/knobs.h; written by ctl/sysctl.c */
	struct ip_vs_app_net *app;		/* app/app.c */
	struct ip_vs_conn_net *conn;		/* conn/table.c */
	struct ip_vs_svc_net *svc;		/* svc/service.c */
	struct ip_vs_dest_net *dest;		/* svc/dest.c */
	struct ip_vs_real_net *real;		/* svc/real.c */
	struct ip_vs_proto_net *proto;		/* proto/proto.c */
	struct ip_vs_stats_net *stats;		/* stats/estimator.c */
	struct ip_vs_sync_net *sync;		/* sync/daemon.c */
	struct ip_vs_defense_net *defense;	/* cfg_mutex; defense/defense.c */
	struct ip_vs_hook_net *hook;		/* hook/hooks.c */
	struct ip_vs_sysctl_net *sysctl;	/* ctl/sysctl.c */
	struct ip_vs_ctl_net *ctl;		/* ctl/ctl.c */
};

/* NULL while the namespace is being set up or torn down. */
static inline struct netns_ipvs *net_ipvs(const struct net *net)
{
	return READ_ONCE(net->ipvs);
}

/* An RCU pointer of the configuration, read by its writer. */
#define ip_vs_cfg_deref(ipvs, p) \
	rcu_dereference_protected(p, lockdep_is_held(&(ipvs)->cfg_mutex))

/* One row of the life-cycle table in main.c. Members may be NULL.
 * @init, @exit: module load and unload, while no namespace has state yet or any more.
 * @start, @stop: likewise, but while every namespace is set up: what the outside world
 * calls (netlink family, notifiers) is registered and removed here.
 * @net_init, @net_exit: per namespace; after a failed net_init its net_exit is not called.
 * @net_pre_exit: before a grace period that precedes net_exit of all rows.
 */
struct ip_vs_subsys {
	const char *name;
	int (*init)(void);
	void (*exit)(void);
	int (*start)(void);
	void (*stop)(void);
	int (*net_init)(struct netns_ipvs *ipvs);
	void (*net_pre_exit)(struct netns_ipvs *ipvs);
	void (*net_exit)(struct netns_ipvs *ipvs);
};

#endif
