/* SPDX-License-Identifier: GPL-2.0-only */
/* The ways to reach the kernel. A transport encodes, sends and decodes; it knows
 * no policy. Its private state hangs on h->wire.
 */
#ifndef IPVS_TRANSPORT_H
#define IPVS_TRANSPORT_H

#include "handle.h"

struct ipvs_transport {
	unsigned int way;	/* IPVS_NETLINK or IPVS_SOCKOPT */
	/* 0, or -errno with nothing left to close; -ENOPROTOOPT: no IPVS behind it */
	int (*open)(struct ipvs *h);
	/* runs @nr requests in order and fills their results; as ipvs_run() */
	int (*command)(struct ipvs *h, struct ipvs_request *reqs, size_t nr);
	/* appends every object that req->cmd asks for to @out */
	int (*dump)(struct ipvs *h, const struct ipvs_request *req, struct ipvs_list *out);
	/* if it has a faster way for the destinations of @nr services than one by one:
	 * appends them to @out and stores out->nr at the end of each service in @bounds
	 */
	int (*dump_dests)(struct ipvs *h, const struct ipvs_service *services, size_t nr,
			  struct ipvs_list *out, size_t *bounds);
	void (*close)(struct ipvs *h);
};

/* Moves what socket() returned above the standard streams. Return: the descriptor,
 * or -errno, after which none is left.
 */
int ipvs_high_fd(int fd);

extern const struct ipvs_transport ipvs_transport_nl;
extern const struct ipvs_transport ipvs_transport_sockopt;
extern const struct ipvs_transport ipvs_transport_replay;	/* test builds only */

#endif
