// SPDX-License-Identifier: GPL-2.0-only
/*
 * Listings: snapshots of services and destinations, some at a time, under
 * cfg_mutex.
 */
#include "ctl/listing.h"

void ip_vs_list_services(struct netns_ipvs *ipvs, unsigned long from,
			 struct ip_vs_service_batch *batch)
{
	struct ip_vs_service *svc;
	unsigned long id;

	batch->nr = 0;
	mutex_lock(&ipvs->cfg_mutex);
	for (id = from; batch->nr < IP_VS_BATCH; id++) {
		svc = ip_vs_service_next(ipvs, &id);
		if (!svc)
			break;
		batch->id[batch->nr] = id;
		ip_vs_service_snapshot(svc, &batch->obj[batch->nr++]);
	}
	mutex_unlock(&ipvs->cfg_mutex);
}

static void read_dests(struct ip_vs_service *svc, const struct ip_vs_dest_place *after,
		       struct ip_vs_dest_batch *batch)
{
	struct ip_vs_dest *dest = ip_vs_dest_after(svc, after);

	if (!dest)
		return;
	list_for_each_entry_from(dest, &svc->dests, list) {
		if (batch->nr == IP_VS_BATCH)
			break;
		ip_vs_dest_place(dest, &batch->place[batch->nr]);
		ip_vs_dest_snapshot(dest, &batch->obj[batch->nr++]);
	}
}

int ip_vs_list_dests(struct netns_ipvs *ipvs, const struct ip_vs_svc_key *key,
		     const struct ip_vs_dest_place *after, struct ip_vs_dest_batch *batch)
{
	struct ip_vs_service *svc;

	batch->nr = 0;
	mutex_lock(&ipvs->cfg_mutex);
	svc = ip_vs_service_find(ipvs, key);
	if (svc)
		read_dests(svc, after, batch);
	mutex_unlock(&ipvs->cfg_mutex);
	return svc ? 0 : -ESRCH;
}
