// SPDX-License-Identifier: GPL-2.0-only
/*
 * Which ports of a namespace helpers serve, and the connections that they help.
 */
#include <linux/module.h>
#include <linux/rculist.h>
#include <linux/slab.h>

#include "app/app.h"

struct ip_vs_app_net {
	struct list_head ports;		/* the newest first; cfg_mutex, RCU readers */
};

static void port_put(struct ip_vs_app_port *port)
{
	if (refcount_dec_and_test(&port->refs))
		kfree_rcu(port, rcu);
}

static struct ip_vs_app_port *find(const struct netns_ipvs *ipvs, u8 proto, __be16 number)
{
	struct ip_vs_app_port *port;

	list_for_each_entry_rcu(port, &ipvs->app->ports, list,
				lockdep_is_held(&ipvs->cfg_mutex))
		if (port->port == ntohs(number) && port->app->proto == proto)
			return port;
	return NULL;
}

static int add_port(struct netns_ipvs *ipvs, const struct ip_vs_app *app, u16 number)
{
	struct ip_vs_app_port *port;

	lockdep_assert_held(&ipvs->cfg_mutex);
	if (find(ipvs, app->proto, htons(number)))
		return -EEXIST;
	port = kzalloc(sizeof(*port), GFP_KERNEL_ACCOUNT);
	if (!port)
		return -ENOMEM;
	port->app = app;
	port->port = number;
	refcount_set(&port->refs, 1);
	list_add_rcu(&port->list, &ipvs->app->ports);
	return 0;
}

static void del_ports(struct netns_ipvs *ipvs, const struct ip_vs_app *app)
{
	struct ip_vs_app_port *port, *next;

	lockdep_assert_held(&ipvs->cfg_mutex);
	list_for_each_entry_safe(port, next, &ipvs->app->ports, list) {
		if (port->app != app)
			continue;
		list_del_rcu(&port->list);
		port_put(port);
	}
}

/**
 * ip_vs_app_add() - let a helper serve ports of a namespace
 * @net: the namespace
 * @app: the helper; stays the caller's, until ip_vs_app_del() and a grace period
 * @ports: their numbers; 0: none
 * @nr: how many
 *
 * Takes a reference on ip_vs itself, as users see it in lsmod. Connections that are there
 * already are not helped.
 * Context: process. Return: 0, -EEXIST, -ENOMEM, or -ENOENT if ip_vs is going away.
 */
int ip_vs_app_add(struct net *net, const struct ip_vs_app *app, const u16 *ports,
		  unsigned int nr)
{
	struct netns_ipvs *ipvs = net_ipvs(net);
	unsigned int i;
	int err = 0;

	if (!ipvs || !try_module_get(THIS_MODULE))
		return -ENOENT;
	mutex_lock(&ipvs->cfg_mutex);
	for (i = 0; i < nr && !err; i++)
		if (ports[i])
			err = add_port(ipvs, app, ports[i]);
	if (err)
		del_ports(ipvs, app);
	mutex_unlock(&ipvs->cfg_mutex);
	if (err)
		module_put(THIS_MODULE);
	return err;
}
EXPORT_SYMBOL_GPL(ip_vs_app_add);

/* Undo ip_vs_app_add(), if that succeeded. Those helped already keep their helper. */
void ip_vs_app_del(struct net *net, const struct ip_vs_app *app)
{
	struct netns_ipvs *ipvs = net_ipvs(net);

	mutex_lock(&ipvs->cfg_mutex);
	del_ports(ipvs, app);
	mutex_unlock(&ipvs->cfg_mutex);
	module_put(THIS_MODULE);
}
EXPORT_SYMBOL_GPL(ip_vs_app_del);

bool ip_vs_app_serves(const struct netns_ipvs *ipvs, u8 proto, __be16 port)
{
	return find(ipvs, proto, port);
}

struct ip_vs_helped *ip_vs_app_help(const struct netns_ipvs *ipvs, u8 proto, __be16 number)
{
	struct ip_vs_app_port *port = find(ipvs, proto, number);
	struct ip_vs_helped *helped;

	if (likely(!port) || !try_module_get(port->app->owner))
		return NULL;
	helped = kzalloc(struct_size(helped, data, DIV_ROUND_UP(port->app->size, sizeof(u64))),
			 GFP_ATOMIC);
	if (!helped || !refcount_inc_not_zero(&port->refs)) {
		/* a port that has just been taken away serves nobody new */
		module_put(port->app->owner);
		kfree(helped);
		return helped ? NULL : ERR_PTR(-ENOMEM);
	}
	spin_lock_init(&helped->lock);
	atomic_inc(&port->users);
	helped->port = port;
	return helped;
}

void ip_vs_app_leave(struct ip_vs_helped *helped)
{
	struct ip_vs_app_port *port;

	if (!helped)
		return;
	port = helped->port;
	atomic_dec(&port->users);
	module_put(port->app->owner);
	port_put(port);
	kfree(helped);
}

void ip_vs_app_for_each(struct netns_ipvs *ipvs,
			void (*show)(const struct ip_vs_app_port *port, void *arg), void *arg)
{
	struct ip_vs_app_port *port;

	mutex_lock(&ipvs->cfg_mutex);
	list_for_each_entry(port, &ipvs->app->ports, list)
		show(port, arg);
	mutex_unlock(&ipvs->cfg_mutex);
}

static int app_net_init(struct netns_ipvs *ipvs)
{
	struct ip_vs_app_net *an = kzalloc(sizeof(*an), GFP_KERNEL_ACCOUNT);

	if (!an)
		return -ENOMEM;
	INIT_LIST_HEAD(&an->ports);
	ipvs->app = an;
	return 0;
}

/* Helpers' modules have left the namespace before: they need ip_vs. */
static void app_net_exit(struct netns_ipvs *ipvs)
{
	WARN_ON_ONCE(!list_empty(&ipvs->app->ports));
	kfree(ipvs->app);
	ipvs->app = NULL;
}

const struct ip_vs_subsys ip_vs_app_subsys = {
	.name		= "helpers",
	.net_init	= app_net_init,
	.net_exit	= app_net_exit,
};
