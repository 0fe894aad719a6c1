/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The netfilter hooks of a namespace. They exist for a family while it has at
 * least one service.
 */
#ifndef IP_VS_HOOK_H
#define IP_VS_HOOK_H

#include "netns.h"

/* Count one service of @af more or less; the first registers the hooks (and IPv6
 * defragmentation), the last removes them. Context: process, cfg_mutex.
 */
int ip_vs_hooks_get(struct netns_ipvs *ipvs, u16 af);
void ip_vs_hooks_put(struct netns_ipvs *ipvs, u16 af);

extern const struct ip_vs_subsys ip_vs_hook_subsys;

#endif
