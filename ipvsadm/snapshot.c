// SPDX-License-Identifier: GPL-2.0-only
/* Reads the table, and sorts it by the numbers that are listed. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "snapshot.h"

static int compare_services(const void *a, const void *b)
{
	return ipvs_service_compare(a, b);
}

static int compare_dests(const void *a, const void *b)
{
	return ipvs_dest_compare(a, b);
}

static int read_services(struct snapshot *snap, struct ipvs *h, const struct ipvs_service *only)
{
	struct ipvs_service *one;
	int err;

	if (!only)
		return ipvs_service_list(h, &snap->services);
	one = calloc(1, sizeof(*one));
	if (!one)
		return -ENOMEM;
	one->af = only->af;
	one->protocol = only->protocol;
	one->fwmark = only->fwmark;
	one->addr = only->addr;
	one->port = only->port;
	err = ipvs_service_get(h, one);
	snap->services.items = one;
	snap->services.nr = snap->services.room = 1;
	return err;
}

static void sort_dests(struct snapshot *snap)
{
	for (size_t i = 0; i < snap->services.nr; i++)
		if (snap->first[i + 1] - snap->first[i] > 1)
			qsort((struct ipvs_dest *)snap->dests.items + snap->first[i],
			      snap->first[i + 1] - snap->first[i], sizeof(struct ipvs_dest),
			      compare_dests);
}

int snapshot_take(struct snapshot *snap, struct ipvs *h, const struct ipvs_service *only,
		  bool sorted)
{
	int err;

	memset(snap, 0, sizeof(*snap));
	err = read_services(snap, h, only);
	if (err)
		return err;
	if (sorted && snap->services.nr > 1)
		qsort(snap->services.items, snap->services.nr, sizeof(struct ipvs_service),
		      compare_services);
	snap->first = calloc(snap->services.nr + 1, sizeof(*snap->first));
	if (!snap->first)
		return -ENOMEM;
	err = ipvs_dest_list_all(h, snap->services.items, snap->services.nr, &snap->dests,
				 snap->first);
	if (!err && sorted)
		sort_dests(snap);
	return err;
}

void snapshot_free(struct snapshot *snap)
{
	ipvs_list_free(&snap->services);
	ipvs_list_free(&snap->dests);
	free(snap->first);
}
