// SPDX-License-Identifier: GPL-2.0-only
/*
 * Makes a resizing hash table roomier than it would make itself, as a load factor
 * wishes. The table's own rule, more buckets above three quarters of an entry for each
 * and fewer below a third, stays in force: a factor of 1 and more asks for nothing.
 * One work item at a time does it; the table resizes itself meanwhile when it likes.
 */
#include <linux/limits.h>
#include <linux/log2.h>

#include "base/knobs.h"
#include "base/room.h"

#define MAX_FLOOR	(1U << 15)	/* what the table's own field for it can hold */

static unsigned int size_of(struct rhashtable *table)
{
	unsigned int size;

	rcu_read_lock();
	size = rcu_dereference(table->tbl)->size;
	rcu_read_unlock();
	return size;
}

/* Buckets for @nr entries, 2 to the power of @shift for each. */
static unsigned int wanted(const struct ip_vs_room *room, unsigned int nr, unsigned int shift)
{
	u64 size = (u64)nr << shift;

	if (!shift || size <= room->min_size)
		return room->min_size;
	return size >= room->max_size ? room->max_size : roundup_pow_of_two(size);
}

/* The size is right for as many entries as ask for it and for down to a quarter of them:
 * else some that come and go around a bound would have the table exchanged each time.
 */
static void set_bounds(struct ip_vs_room *room, unsigned int size, unsigned int shift)
{
	unsigned int high = !shift || size == room->max_size ? UINT_MAX : size >> shift;
	unsigned int low = size == room->min_size ? 0 : (size >> shift) / 4;

	WRITE_ONCE(room->low, low);
	WRITE_ONCE(room->span, high - low);
}

static void let_table_look(struct rhashtable *table)
{
	schedule_work(&table->run_work);
	flush_work(&table->run_work);
}

/* A table grows when it is three quarters full and in no other way. While it looks, it is
 * told of as many more entries as it has buckets.
 */
static bool grow(struct rhashtable *table, unsigned int size)
{
	atomic_add(size, &table->nelems);
	let_table_look(table);
	atomic_sub(size, &table->nelems);
	return size_of(table) > size;
}

/* The table reads it under the same mutex, and without one where a wrong answer only has it
 * look for nothing.
 */
static void set_floor(struct rhashtable *table, unsigned int size)
{
	mutex_lock(&table->mutex);
	WRITE_ONCE(table->p.min_size, min(size, MAX_FLOOR));
	mutex_unlock(&table->mutex);
}

static void adjust(struct work_struct *work)
{
	struct ip_vs_room *room = container_of(work, struct ip_vs_room, work);
	unsigned int shift = max(-READ_ONCE(*room->lfactor), 0);
	unsigned int size, want;

	want = wanted(room, atomic_read(&room->table->nelems), shift);
	/* first: who comes or goes while the table is exchanged is looked at again */
	set_bounds(room, want, shift);
	set_floor(room->table, want);
	if (size_of(room->table) > want)
		let_table_look(room->table);
	do
		size = size_of(room->table);
	while (size < want && grow(room->table, size));
}

/**
 * ip_vs_room_init() - begin to look after a table
 * @room: what to initialise
 * @table: initialised, its smallest size in p.min_size
 * @knobs: of the namespace
 * @lfactor: one of them
 * @max_size: buckets, a power of two: roomier than that only by the table's own rule
 *
 * Context: process.
 */
void ip_vs_room_init(struct ip_vs_room *room, struct rhashtable *table, struct ip_vs_knobs *knobs,
		     const int *lfactor, unsigned int max_size)
{
	unsigned int shift = max(-READ_ONCE(*lfactor), 0);

	room->table = table;
	room->knobs = knobs;
	room->lfactor = lfactor;
	room->min_size = table->p.min_size;
	room->max_size = max(max_size, room->min_size);
	INIT_WORK(&room->work, adjust);
	set_bounds(room, room->min_size, shift);
	mutex_lock(&knobs->rooms_lock);
	list_add(&room->list, &knobs->rooms);
	mutex_unlock(&knobs->rooms_lock);
}

/* All entries are about to go: a table that followed them down would be exchanged again and
 * again on the way. Work that runs just now may still do that once. Context: process.
 */
void ip_vs_room_close(struct ip_vs_room *room)
{
	mutex_lock(&room->table->mutex);
	room->table->p.automatic_shrinking = false;
	mutex_unlock(&room->table->mutex);
	WRITE_ONCE(room->low, 0);
	WRITE_ONCE(room->span, UINT_MAX);
}

/* No entry comes or goes any more. Context: process; before the table is destroyed. */
void ip_vs_room_exit(struct ip_vs_room *room)
{
	mutex_lock(&room->knobs->rooms_lock);
	list_del(&room->list);
	mutex_unlock(&room->knobs->rooms_lock);
	cancel_work_sync(&room->work);
}

/* The number of entries left its bounds, or the knob was written. Context: any. */
void ip_vs_room_update(struct ip_vs_room *room)
{
	queue_work(system_unbound_wq, &room->work);
}

/* @lfactor was written; its table may not exist yet, or not any more. Context: process. */
void ip_vs_room_knob(struct ip_vs_knobs *knobs, const int *lfactor)
{
	struct ip_vs_room *room;

	mutex_lock(&knobs->rooms_lock);
	list_for_each_entry(room, &knobs->rooms, list)
		if (room->lfactor == lfactor)
			ip_vs_room_update(room);
	mutex_unlock(&knobs->rooms_lock);
}
