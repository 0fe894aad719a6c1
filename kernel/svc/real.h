/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Destinations by the address of their real server: who answers from here, whose tunnel ends
 * there. Only those by masquerading and by tunnels are asked for, so only those are kept.
 */
#ifndef IP_VS_REAL_H
#define IP_VS_REAL_H

#include "svc/dest.h"

/* Destination @dest is in its service, with the method, tunnel type and port of @cfg, from now on;
 * -ENOMEM: nothing has changed. del undoes it and may be called any time. cfg_mutex.
 */
int ip_vs_real_set(struct ip_vs_dest *dest, const struct ipvs_dest *cfg);
void ip_vs_real_del(struct ip_vs_dest *dest);

/* Any destination with a tunnel of @tun_type to @addr, @port 0 unless that is GUE. RCU. */
struct ip_vs_dest *ip_vs_real_find_tunnel(struct netns_ipvs *ipvs, u16 af,
					  const union nf_inet_addr *addr, u8 tun_type, __be16 port);
/* Any masqueraded destination at @addr and @port that serves protocol @proto. RCU. */
struct ip_vs_dest *ip_vs_real_find_nat(struct netns_ipvs *ipvs, u16 af,
				       const union nf_inet_addr *addr, __be16 port, u8 proto);

extern const struct ip_vs_subsys ip_vs_real_subsys;

#endif
