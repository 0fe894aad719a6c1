/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * How roomy a resizing hash table is: as conn_lfactor and svc_lfactor wish, up to a
 * size. See room.c.
 */
#ifndef IP_VS_ROOM_H
#define IP_VS_ROOM_H

#include <linux/rhashtable.h>
#include <linux/workqueue.h>

struct ip_vs_knobs;

struct ip_vs_room {
	struct list_head list;		/* of all who read the knobs of a namespace */
	struct ip_vs_knobs *knobs;
	struct rhashtable *table;
	const int *lfactor;		/* the knob: entries per bucket, as a power of two */
	unsigned int min_size;		/* buckets, powers of two */
	unsigned int max_size;
	unsigned int low;		/* from so many entries on the size is right ... */
	unsigned int span;		/* ... and for as many more; both by work, read anywhere */
	struct work_struct work;
};

void ip_vs_room_init(struct ip_vs_room *room, struct rhashtable *table, struct ip_vs_knobs *knobs,
		     const int *lfactor, unsigned int max_size);
void ip_vs_room_close(struct ip_vs_room *room);
void ip_vs_room_exit(struct ip_vs_room *room);
void ip_vs_room_update(struct ip_vs_room *room);
void ip_vs_room_knob(struct ip_vs_knobs *knobs, const int *lfactor);

/* An entry came or went. Context: any. */
static inline void ip_vs_room_check(struct ip_vs_room *room)
{
	unsigned int nr = atomic_read(&room->table->nelems);

	/* bounds of two moments: the work finds nothing to do, or comes an entry later */
	if (unlikely(nr - READ_ONCE(room->low) > READ_ONCE(room->span)))
		ip_vs_room_update(room);
}

#endif
