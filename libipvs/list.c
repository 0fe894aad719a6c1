// SPDX-License-Identifier: GPL-2.0-only
/* Lists that grow geometrically and are released with one call. */
#include <stdlib.h>
#include <string.h>

#include "handle.h"

void *ipvs_list_add(struct ipvs_list *list, size_t size)
{
	void *item;

	if (list->nr == list->room) {
		size_t room = list->room ? list->room * 2 : 16;
		void *items = reallocarray(list->items, room, size);

		if (!items)
			return NULL;
		list->items = items;
		list->room = room;
	}
	item = (char *)list->items + list->nr * size;
	list->nr++;
	return memset(item, 0, size);
}

void ipvs_list_free(struct ipvs_list *list)
{
	free(list->items);
	memset(list, 0, sizeof(*list));
}
