/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The walks of packets through IPVS, each begun by a hook of hooks.c.
 */
#ifndef IP_VS_WALK_H
#define IP_VS_WALK_H

#include "packet/packet.h"

/* All: @pkt prepared by ip_vs_packet_init(); RCU, BH off. */
enum ip_vs_verdict ip_vs_request(struct ip_vs_packet *pkt);	/* hook/in.c */
enum ip_vs_verdict ip_vs_reply(struct ip_vs_packet *pkt);	/* hook/out.c */

enum ip_vs_verdict ip_vs_forwarded(struct ip_vs_packet *pkt);	/* hook/in.c: ICMP errors only */

/* hook/icmp.c: @pkt parsed, of a protocol that IPVS does not balance. ACCEPT unless it is
 * an ICMP error about a connection of ours. tuple.dir tells which way it goes.
 */
enum ip_vs_verdict ip_vs_icmp(struct ip_vs_packet *pkt);

/* hook/icmp_tunnel.c: CONTINUE if the error is not about a tunnel packet of ours. */
enum ip_vs_verdict ip_vs_icmp_tunnel(struct ip_vs_packet *pkt, const struct ip_vs_packet *quote);

#endif
