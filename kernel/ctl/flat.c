// SPDX-License-Identifier: GPL-2.0-only
/*
 * Field tables to and from the flat structs of the socket options. Pure: no
 * locks, no IPVS state, no user memory; the unit tests compile this file in
 * user space.
 */
#include <linux/kernel.h>
#include <linux/string.h>

#include "ctl/flat.h"

/* A flat struct is always complete; the only thing that can be wrong with it is a string
 * without an end. Such a one is cut, and whether anybody minds is up to the command.
 */
static void load_string(const struct ipvs_field *row, const char *from, char *to,
			struct ip_vs_part *part)
{
	size_t room = min(row->user.size, row->size);
	size_t len = strnlen(from, room);

	if (len == room) {
		part->err = -EINVAL;
		part->why = row->malformed;
		len--;
	}
	memcpy(to, from, len);
}

static void load(const struct ipvs_field *row, const void *from, void *to,
		 struct ip_vs_part *part)
{
	memset(to, 0, row->size);
	switch (row->type) {
	case IPVS_F_STR:
		load_string(row, from, to, part);
		return;
	case IPVS_F_FLAGS:
		/* all of them are meant */
		memset(to + row->user.size, 0xff, row->size - row->user.size);
		memcpy(to, from, row->user.size);
		return;
	default:
		/* addresses are zero-extended; integers are as wide here as there */
		memcpy(to, from, row->user.size);
	}
}

/**
 * ip_vs_flat_decode() - read an object from a flat struct
 * @table: its fields
 * @flat: the struct in which users say what they want
 * @obj: filled; members that the struct does not have keep their value
 * @part: filled; a string without an end makes it -EINVAL
 *
 * Context: Any.
 */
void ip_vs_flat_decode(const struct ip_vs_table *table, const void *flat, void *obj,
		       struct ip_vs_part *part)
{
	unsigned int i;

	part->present = true;
	for (i = 0; i < table->nr; i++) {
		const struct ipvs_field *row = &table->rows[i];

		if (!row->user.size)
			continue;
		load(row, flat + row->user.offset, obj + row->offset, part);
		part->given |= 1U << row->attr;
	}
}

/* Counters are 64 bits wide in objects; some of the flat struct are narrower. */
static void store_stats(const struct ipvs_stats *stats, void *to)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(ipvs_stat_fields); i++) {
		const struct ipvs_field *row = &ipvs_stat_fields[i];
		u64 value;
		u32 low;

		memcpy(&value, (const void *)stats + row->offset, sizeof(value));
		low = (u32)value;
		if (row->entry.size == sizeof(low))
			memcpy(to + row->entry.offset, &low, sizeof(low));
		else
			memcpy(to + row->entry.offset, &value, sizeof(value));
	}
}

/**
 * ip_vs_flat_encode() - tell an object as a flat struct
 * @table: its fields
 * @obj: the object
 * @flat: zeroed; filled
 *
 * Context: Any.
 */
void ip_vs_flat_encode(const struct ip_vs_table *table, const void *obj, void *flat)
{
	unsigned int i;

	for (i = 0; i < table->nr; i++) {
		const struct ipvs_field *row = &table->rows[i];
		const void *member = obj + row->offset;
		void *to = flat + row->entry.offset;

		if (!row->entry.size)
			continue;
		if (row->type == IPVS_F_STATS32)
			store_stats(member, to);
		else
			memcpy(to, member, min(row->entry.size, row->size));
	}
}
