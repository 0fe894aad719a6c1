/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Named operations that live in modules of their own (schedulers, persistence
 * engines): register, find, load on demand, reference.
 */
#ifndef IP_VS_REGISTRY_H
#define IP_VS_REGISTRY_H

#include <linux/list.h>
#include <linux/module.h>
#include <linux/mutex.h>

/* First member of the ops struct of every kind of plug-in. */
struct ip_vs_plugin {
	const char *name;
	struct module *owner;
	struct list_head list;		/* registry->mutex */
};

struct ip_vs_registry {
	const char *kind;		/* for messages: "scheduler" */
	const char *module_format;	/* for request_module: "ip_vs_%s" */
	struct mutex mutex;		/* lock 3 */
	struct list_head plugins;
};

#define IP_VS_REGISTRY(name, kind_, format)				\
	struct ip_vs_registry name = {					\
		.kind = (kind_),					\
		.module_format = (format),				\
		.mutex = __MUTEX_INITIALIZER(name.mutex),		\
		.plugins = LIST_HEAD_INIT(name.plugins),		\
	}

int ip_vs_registry_add(struct ip_vs_registry *registry, struct ip_vs_plugin *plugin);
void ip_vs_registry_del(struct ip_vs_registry *registry, struct ip_vs_plugin *plugin);
struct ip_vs_plugin *ip_vs_registry_get_loaded(struct ip_vs_registry *registry, const char *name);
struct ip_vs_plugin *ip_vs_registry_get(struct ip_vs_registry *registry, const char *name);
void ip_vs_registry_put(const struct ip_vs_plugin *plugin);

#endif
