// SPDX-License-Identifier: GPL-2.0-only
/*
 * Life cycle of the module and of each namespace: one ordered table, walked forward
 * to start and backward to stop.
 */
#include <linux/module.h>
#include <linux/slab.h>
#include <net/net_namespace.h>

#include "app/app.h"
#include "conn/conn.h"
#include "ctl/ctl.h"
#include "defense/defense.h"
#include "hook/hook.h"
#include "netns.h"
#include "proto/proto.h"
#include "stats/stats.h"
#include "svc/dest.h"
#include "svc/real.h"
#include "svc/service.h"
#include "sync/sync.h"

#if !IS_MODULE(CONFIG_IP_VS)
#error "this kernel has no IPVS, or has it built in: then it cannot be replaced by a module"
#endif
#if !IS_ENABLED(CONFIG_IPV6)
#error "IPVS needs a kernel with IPv6 (CONFIG_IPV6)"
#endif
#if !IS_ENABLED(CONFIG_NETFILTER)
#error "IPVS needs a kernel with netfilter (CONFIG_NETFILTER)"
#endif
#if !IS_ENABLED(CONFIG_NF_CONNTRACK)
#error "IPVS needs a kernel with connection tracking (CONFIG_NF_CONNTRACK)"
#endif
#if !IS_ENABLED(CONFIG_SYSCTL)
#error "IPVS needs a kernel with sysctl (CONFIG_SYSCTL)"
#endif
#if !IS_ENABLED(CONFIG_PROC_FS)
#error "IPVS needs a kernel with procfs (CONFIG_PROC_FS)"
#endif

/* A row may use what stands above it, in its net_exit too. */
static const struct ip_vs_subsys *const subsystems[] = {
	&ip_vs_sysctl_subsys,
	&ip_vs_stats_subsys,
	&ip_vs_dest_subsys,
	&ip_vs_real_subsys,
	&ip_vs_service_subsys,
	&ip_vs_proto_subsys,
	&ip_vs_app_subsys,
	&ip_vs_conn_subsys,
	&ip_vs_sync_subsys,
	&ip_vs_defense_subsys,
	&ip_vs_hook_subsys,
	&ip_vs_proc_subsys,
	&ip_vs_conn_proc_subsys,
	&ip_vs_status_subsys,
	&ip_vs_ctl_subsys,
	&ip_vs_genl_subsys,
	&ip_vs_sockopt_subsys,
};

#define NR_SUBSYSTEMS ((int)ARRAY_SIZE(subsystems))

/* Undo the first @n rows of a namespace. */
static void net_stop(struct netns_ipvs *ipvs, int n)
{
	while (n--)
		if (subsystems[n]->net_exit)
			subsystems[n]->net_exit(ipvs);
}

static int __net_init ip_vs_net_init(struct net *net)
{
	struct netns_ipvs *ipvs = kzalloc(sizeof(*ipvs), GFP_KERNEL_ACCOUNT);
	int i, err = 0;

	if (!ipvs)
		return -ENOMEM;
	ipvs->net = net;
	mutex_init(&ipvs->cfg_mutex);
	WRITE_ONCE(net->ipvs, ipvs);
	for (i = 0; i < NR_SUBSYSTEMS && !err; i++)
		if (subsystems[i]->net_init)
			err = subsystems[i]->net_init(ipvs);
	if (!err)
		return 0;
	net_stop(ipvs, i - 1);
	WRITE_ONCE(net->ipvs, NULL);
	kfree(ipvs);
	return err;
}

/* Packets are stopped first. The caller waits for a grace period before ip_vs_net_exit(),
 * so that by then no CPU is inside a hook.
 */
static void __net_exit ip_vs_net_pre_exit(struct net *net)
{
	struct netns_ipvs *ipvs = net_ipvs(net);
	int i;

	for (i = NR_SUBSYSTEMS; i--; )
		if (subsystems[i]->net_pre_exit)
			subsystems[i]->net_pre_exit(ipvs);
}

static void __net_exit ip_vs_net_exit(struct net *net)
{
	struct netns_ipvs *ipvs = net_ipvs(net);

	net_stop(ipvs, NR_SUBSYSTEMS);
	WRITE_ONCE(net->ipvs, NULL);
	kfree(ipvs);
}

static struct pernet_operations net_ops = {
	.init		= ip_vs_net_init,
	.pre_exit	= ip_vs_net_pre_exit,
	.exit		= ip_vs_net_exit,
};

static void undo_init(int n)
{
	while (n--)
		if (subsystems[n]->exit)
			subsystems[n]->exit();
}

static void undo_start(int n)
{
	while (n--)
		if (subsystems[n]->stop)
			subsystems[n]->stop();
}

static int __init ip_vs_init(void)
{
	int i, j, err = 0;

	for (i = 0; i < NR_SUBSYSTEMS && !err; i++)
		if (subsystems[i]->init)
			err = subsystems[i]->init();
	if (err) {
		i--;
		goto err_init;
	}
	err = register_pernet_subsys(&net_ops);
	if (err)
		goto err_init;
	for (j = 0; j < NR_SUBSYSTEMS && !err; j++)
		if (subsystems[j]->start)
			err = subsystems[j]->start();
	if (err) {
		j--;
		goto err_start;
	}
	pr_info("ipvs loaded.\n");
	return 0;

err_start:
	undo_start(j);
	unregister_pernet_subsys(&net_ops);
err_init:
	undo_init(i);
	return err;
}

static void __exit ip_vs_exit(void)
{
	undo_start(NR_SUBSYSTEMS);
	unregister_pernet_subsys(&net_ops);
	undo_init(NR_SUBSYSTEMS);
	pr_info("ipvs unloaded.\n");
}

module_init(ip_vs_init);
module_exit(ip_vs_exit);
MODULE_DESCRIPTION("IP Virtual Server");
MODULE_LICENSE("GPL");
