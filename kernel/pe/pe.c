// SPDX-License-Identifier: GPL-2.0-only
/*
 * The registry of persistence engines, and the data that templates keep for them.
 */
#include <linux/slab.h>

#include "pe/pe.h"

static IP_VS_REGISTRY(engines, "pe", "ip_vs_pe_%s");

int ip_vs_pe_register(struct ip_vs_pe *pe)
{
	return ip_vs_registry_add(&engines, &pe->plugin);
}
EXPORT_SYMBOL_GPL(ip_vs_pe_register);

void ip_vs_pe_unregister(struct ip_vs_pe *pe)
{
	ip_vs_registry_del(&engines, &pe->plugin);
}
EXPORT_SYMBOL_GPL(ip_vs_pe_unregister);

static const struct ip_vs_pe *engine_of(struct ip_vs_plugin *plugin)
{
	return plugin ? container_of(plugin, struct ip_vs_pe, plugin) : NULL;
}

const struct ip_vs_pe *ip_vs_pe_get(const char *name)
{
	return engine_of(ip_vs_registry_get(&engines, name));
}

const struct ip_vs_pe *ip_vs_pe_get_loaded(const char *name)
{
	return engine_of(ip_vs_registry_get_loaded(&engines, name));
}

void ip_vs_pe_put(const struct ip_vs_pe *pe)
{
	if (pe)
		ip_vs_registry_put(&pe->plugin);
}

struct ip_vs_pe_data *ip_vs_pe_data_new(const struct ip_vs_pe_key *key)
{
	struct ip_vs_pe_data *data;

	if (!try_module_get(key->pe->plugin.owner))
		return NULL;
	data = kmalloc(struct_size(data, data, key->len), GFP_ATOMIC);
	if (!data) {
		module_put(key->pe->plugin.owner);
		return NULL;
	}
	data->pe = key->pe;
	data->len = key->len;
	memcpy(data->data, key->data, key->len);
	return data;
}

void ip_vs_pe_data_free(struct ip_vs_pe_data *data)
{
	if (!data)
		return;
	module_put(data->pe->plugin.owner);
	kfree(data);
}
