/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * From a packet without connection to a connection.
 */
#ifndef IP_VS_SCHEDULE_H
#define IP_VS_SCHEDULE_H

#include "conn/conn.h"
#include "packet/packet.h"

/* What came of it. */
struct ip_vs_scheduled {
	struct ip_vs_conn *cp;		/* if the verdict is CONTINUE and somebody can serve */
	struct ip_vs_service *svc;	/* if a service was found; RCU */
};

/* CONTINUE with cp set: use it. CONTINUE without: the service has nobody to serve it.
 * ACCEPT: the packet is not for us. DROP.
 */
enum ip_vs_verdict ip_vs_schedule(const struct ip_vs_packet *pkt, struct ip_vs_scheduled *result);

#endif
