/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * From a packet without connection to a connection.
 */
#ifndef IP_VS_SCHEDULE_H
#define IP_VS_SCHEDULE_H

#include "conn/conn.h"
#include "packet/packet.h"
#include "svc/service.h"

/* What came of it. */
struct ip_vs_scheduled {
	struct ip_vs_conn *cp;		/* if the verdict is CONTINUE and somebody can serve */
	struct ip_vs_service *svc;	/* if a service was found; RCU */
};

/* CONTINUE with cp set: use it. CONTINUE without: the service has nobody to serve it.
 * ACCEPT: the packet is not for us. DROP.
 */
enum ip_vs_verdict ip_vs_schedule(const struct ip_vs_packet *pkt, struct ip_vs_scheduled *result);

/* The parts, for persist.c. RCU, BH off.
 * pick: ask the scheduler of @svc; NULL if nobody can serve.
 * conn: make the connection of @pkt to @dest at @port, controlled by @control or NULL, and
 * count it; ERR_PTR as of ip_vs_conn_create(), but an existing one is returned.
 */
struct ip_vs_dest *ip_vs_schedule_pick(const struct ip_vs_packet *pkt, struct ip_vs_service *svc);
struct ip_vs_conn *ip_vs_schedule_conn(const struct ip_vs_packet *pkt, struct ip_vs_service *svc,
				       struct ip_vs_dest *dest, __be16 port,
				       struct ip_vs_conn *control);

/* sched/persist.c */
struct ip_vs_conn *ip_vs_schedule_persistent(const struct ip_vs_packet *pkt,
					     struct ip_vs_service *svc);

/* What a server sends to a client, and no connection has: does an engine of the service know
 * where it belongs? The connection, which may be for this packet only; NULL: no. RCU, BH off.
 */
struct ip_vs_conn *ip_vs_schedule_reply(const struct ip_vs_packet *pkt);

#endif
