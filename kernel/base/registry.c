// SPDX-License-Identifier: GPL-2.0-only
/*
 * The registry of plug-ins. The list is global: modules are.
 */
#include <linux/kmod.h>
#include <linux/string.h>

#include "base/registry.h"

static struct ip_vs_plugin *find(struct ip_vs_registry *registry, const char *name)
{
	struct ip_vs_plugin *plugin;

	lockdep_assert_held(&registry->mutex);
	list_for_each_entry(plugin, &registry->plugins, list)
		if (!strcmp(plugin->name, name))
			return plugin;
	return NULL;
}

/**
 * ip_vs_registry_add() - make a plug-in known
 * @registry: its kind
 * @plugin: name and owner set; stays the caller's, until ip_vs_registry_del()
 *
 * Takes a reference on ip_vs itself, as users see it in lsmod.
 * Context: process, module init.
 * Return: 0, -EINVAL if the name is taken, -ENOENT if ip_vs is going away.
 */
int ip_vs_registry_add(struct ip_vs_registry *registry, struct ip_vs_plugin *plugin)
{
	int err = 0;

	if (!try_module_get(THIS_MODULE))
		return -ENOENT;
	mutex_lock(&registry->mutex);
	if (find(registry, plugin->name))
		err = -EINVAL;
	else
		list_add_tail(&plugin->list, &registry->plugins);
	mutex_unlock(&registry->mutex);
	if (err) {
		pr_err("%s %s is registered already\n", registry->kind, plugin->name);
		module_put(THIS_MODULE);
		return err;
	}
	pr_info("[%s] %s registered.\n", plugin->name, registry->kind);
	return 0;
}

/**
 * ip_vs_registry_del() - forget a plug-in
 * @registry: its kind
 * @plugin: what was added
 *
 * Nobody is bound to it: users hold a reference on its owner. Packets that read a
 * binding just before it was undone may still run its code; they are waited for.
 * Context: process, module exit.
 */
void ip_vs_registry_del(struct ip_vs_registry *registry, struct ip_vs_plugin *plugin)
{
	mutex_lock(&registry->mutex);
	list_del(&plugin->list);
	mutex_unlock(&registry->mutex);
	synchronize_rcu();
	pr_info("[%s] %s unregistered.\n", plugin->name, registry->kind);
	module_put(THIS_MODULE);
}

/* Like ip_vs_registry_get(), but what is not loaded is not there. Context: process. */
struct ip_vs_plugin *ip_vs_registry_get_loaded(struct ip_vs_registry *registry, const char *name)
{
	struct ip_vs_plugin *plugin;

	mutex_lock(&registry->mutex);
	plugin = find(registry, name);
	if (plugin && !try_module_get(plugin->owner))
		plugin = NULL;
	mutex_unlock(&registry->mutex);
	return plugin;
}

/**
 * ip_vs_registry_get() - find a plug-in by name, loading its module if need be
 * @registry: its kind
 * @name: as users spell it
 *
 * Context: process, may sleep long; no lock of IPVS held, so a slow modprobe
 * keeps nobody else waiting.
 * Return: the plug-in with a reference on its owner, or NULL.
 */
struct ip_vs_plugin *ip_vs_registry_get(struct ip_vs_registry *registry, const char *name)
{
	struct ip_vs_plugin *plugin = ip_vs_registry_get_loaded(registry, name);

	if (plugin)
		return plugin;
	request_module(registry->module_format, name);
	return ip_vs_registry_get_loaded(registry, name);
}

/* Give back what ip_vs_registry_get() took; accepts NULL. */
void ip_vs_registry_put(const struct ip_vs_plugin *plugin)
{
	if (plugin)
		module_put(plugin->owner);
}
