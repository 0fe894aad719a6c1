/* SPDX-License-Identifier: GPL-2.0-only */
/* Services and their destinations as they were at one time. */
#ifndef SNAPSHOT_H
#define SNAPSHOT_H

#include <stdbool.h>

#include "ipvs.h"

struct snapshot {
	struct ipvs_list services;
	struct ipvs_list dests;
	size_t *first;		/* destinations of service i: first[i] … first[i + 1] - 1 */
};

/* Reads everything, or one service by its key. To be released even if it fails.
 * Return: 0 or -errno; -ESRCH if that service is not there.
 */
int snapshot_take(struct snapshot *snap, struct ipvs *h, const struct ipvs_service *only,
		  bool sorted);

void snapshot_free(struct snapshot *snap);

static inline const struct ipvs_service *snapshot_service(const struct snapshot *snap, size_t i)
{
	return (const struct ipvs_service *)snap->services.items + i;
}

static inline const struct ipvs_dest *snapshot_dest(const struct snapshot *snap, size_t i)
{
	return (const struct ipvs_dest *)snap->dests.items + i;
}

#endif
