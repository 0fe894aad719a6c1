/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Persistence engines: what makes packets belong together beyond the client's address.
 * An engine reads a key out of a packet; templates are found by it.
 */
#ifndef IP_VS_PE_H
#define IP_VS_PE_H

#include <linux/module.h>
#include <linux/types.h>

#include "base/registry.h"

struct ip_vs_packet;

#define IP_VS_PE_DATA_MAX 255		/* the sync protocol counts it in a byte */

struct ip_vs_pe;

/* What an engine found in a packet. */
struct ip_vs_pe_key {
	const struct ip_vs_pe *pe;
	u8 len;
	u8 data[IP_VS_PE_DATA_MAX];
};

/* The same, kept by a template; holds a reference on the engine's module. */
struct ip_vs_pe_data {
	const struct ip_vs_pe *pe;
	u8 len;
	u8 data[];
};

/* @fill: read the key of @pkt; 0, or -ENOENT if it has none: then it cannot be served.
 * Context: RCU, BH off. The data is text that may be shown.
 */
struct ip_vs_pe {
	struct ip_vs_plugin plugin;	/* name and owner */
	int (*fill)(const struct ip_vs_packet *pkt, struct ip_vs_pe_key *key);
};

/* Plug-ins. -EINVAL if the name is taken. Process context. */
int ip_vs_pe_register(struct ip_vs_pe *pe);
void ip_vs_pe_unregister(struct ip_vs_pe *pe);

/* Find an engine by name and take a reference on it; ip_vs_pe_get() loads its module
 * ip_vs_pe_<name> if need be. Context: process, may sleep, no cfg_mutex. NULL: none.
 */
const struct ip_vs_pe *ip_vs_pe_get(const char *name);
const struct ip_vs_pe *ip_vs_pe_get_loaded(const char *name);
void ip_vs_pe_put(const struct ip_vs_pe *pe);	/* accepts NULL */

/* A copy for a template, or NULL: no memory, or the engine is being unloaded. Atomic. */
struct ip_vs_pe_data *ip_vs_pe_data_new(const struct ip_vs_pe_key *key);
void ip_vs_pe_data_free(struct ip_vs_pe_data *data);	/* accepts NULL */

static inline bool ip_vs_pe_data_is(const struct ip_vs_pe_data *data,
				    const struct ip_vs_pe_key *key)
{
	return data && data->pe == key->pe && data->len == key->len &&
	       !memcmp(data->data, key->data, key->len);
}

#endif
