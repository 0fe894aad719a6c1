/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Sending a request on to its server.
 */
#ifndef IP_VS_XMIT_H
#define IP_VS_XMIT_H

#include "conn/conn.h"
#include "packet/packet.h"

/* Forward @pkt by the method of @cp: the only switch on it. RCU, BH off. */
enum ip_vs_verdict ip_vs_xmit(struct ip_vs_packet *pkt, struct ip_vs_conn *cp);

/* The methods. */
enum ip_vs_verdict ip_vs_nat_xmit(struct ip_vs_packet *pkt, struct ip_vs_conn *cp);
enum ip_vs_verdict ip_vs_nat_reply(struct ip_vs_packet *pkt, struct ip_vs_conn *cp);
enum ip_vs_verdict ip_vs_direct_xmit(struct ip_vs_packet *pkt, struct ip_vs_conn *cp);
enum ip_vs_verdict ip_vs_tunnel_xmit(struct ip_vs_packet *pkt, struct ip_vs_conn *cp);

/* xmit/route.c: the way to a connection's server.
 * Return: valid to the end of the RCU section; NULL: none, and the sender was told.
 */
const struct ip_vs_route *ip_vs_route(const struct ip_vs_packet *pkt, const struct ip_vs_conn *cp);

/* xmit.c: what all methods do before they touch the packet, if its server is not local:
 * boundary, TTL, MTU. CONTINUE or DROP.
 */
enum ip_vs_verdict ip_vs_xmit_prepare(struct ip_vs_packet *pkt, unsigned int mtu);
/* The server is this host and gets the packet as it is: CONTINUE, or DROP if the packet is on
 * its way elsewhere.
 */
enum ip_vs_verdict ip_vs_xmit_unchanged(struct ip_vs_packet *pkt);
/* Before it is sent: the packet takes the route, and is no longer what came in. */
void ip_vs_xmit_take_route(struct ip_vs_packet *pkt, struct dst_entry *dst);
/* And after: the packet takes the route and leaves through LOCAL_OUT. */
enum ip_vs_verdict ip_vs_xmit_send(struct ip_vs_packet *pkt, const struct ip_vs_conn *cp,
				   struct dst_entry *dst);
/* Ours from here on: no other hook of IPVS shall see to it, nor connection tracking unless that
 * keeps an entry of @cp.
 */
void ip_vs_xmit_mark(struct sk_buff *skb, const struct ip_vs_conn *cp);

#endif
