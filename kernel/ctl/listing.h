/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Listings: snapshots of services and destinations, some at a time, so that who
 * lists neither holds cfg_mutex while he encodes nor takes it for each object.
 * What is there throughout is told exactly once, whatever comes and goes.
 */
#ifndef IP_VS_LISTING_H
#define IP_VS_LISTING_H

#include "svc/dest.h"
#include "svc/service.h"

#define IP_VS_BATCH	16

struct ip_vs_service_batch {
	unsigned int nr;
	unsigned long id[IP_VS_BATCH];
	struct ipvs_service obj[IP_VS_BATCH];
};

struct ip_vs_dest_batch {
	unsigned int nr;
	struct ip_vs_dest_place place[IP_VS_BATCH];
	struct ipvs_dest obj[IP_VS_BATCH];
};

/* Fewer than IP_VS_BATCH objects mean that there are no more. Context: process.
 * services: @from is the smallest id that was not told yet.
 * dests: @after is the place of the one told last, zeroed for the start; -ESRCH if there is
 * no such service.
 */
void ip_vs_list_services(struct netns_ipvs *ipvs, unsigned long from,
			 struct ip_vs_service_batch *batch);
int ip_vs_list_dests(struct netns_ipvs *ipvs, const struct ip_vs_svc_key *key,
		     const struct ip_vs_dest_place *after, struct ip_vs_dest_batch *batch);

#endif
