/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What a director under attack does: drops requests for new connections, and drops entries of
 * connections that look like part of the attack (net.ipv4.vs.drop_packet, drop_entry).
 */
#ifndef IP_VS_DEFENSE_H
#define IP_VS_DEFENSE_H

#include "netns.h"

/* Must this request, which begins a connection, be dropped? RCU, BH off. */
bool ip_vs_defense_drops(struct netns_ipvs *ipvs);

void ip_vs_defense_wake(struct netns_ipvs *ipvs);

extern const struct ip_vs_subsys ip_vs_defense_subsys;

#endif
