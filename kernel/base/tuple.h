/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Who talks to whom: the five values and the direction that identify a flow.
 */
#ifndef IP_VS_TUPLE_H
#define IP_VS_TUPLE_H

#include "base/addr.h"

/* What a key of the table stands for. Packets look for the first two only, so they never
 * meet a template, which is no connection but remembers the server of a client.
 */
enum ip_vs_dir {
	IP_VS_DIR_IN,			/* client to virtual service */
	IP_VS_DIR_OUT,			/* real server to client */
	IP_VS_DIR_TEMPLATE,
	IP_VS_DIR_TEMPLATE_PE,		/* found by the data of an engine, too; sport: its hash */
	IP_VS_DIR_TEMPLATE_RETIRED,	/* found no more, only listed; dport: anything */
};

/* Addresses and ports as a packet carries them; the key of the table. */
struct ip_vs_tuple {
	union nf_inet_addr src;
	union nf_inet_addr dst;
	__be16 sport;
	__be16 dport;
	u8 proto;
	u8 af;
	u8 dir;			/* enum ip_vs_dir */
	u8 zero;
} __aligned(8);			/* compared in words */

#endif
