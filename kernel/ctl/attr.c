// SPDX-License-Identifier: GPL-2.0-only
/*
 * Field tables to and from netlink attributes. Pure: no locks, no IPVS state;
 * the unit tests compile this file in user space.
 *
 * Requests are read leniently, as clients of this family expect: unknown
 * attributes and trailing bytes are skipped, integers may be longer than their
 * type, nests need no flag, and of equal attributes the last one counts.
 */
#include <linux/kernel.h>
#include <linux/string.h>

#include "ctl/attr.h"

#define IP_VS_TABLE(object, fields)					\
	const struct ip_vs_table ip_vs_##object##_table = {		\
		.rows = (fields),					\
		.nr = ARRAY_SIZE(fields),				\
	}

IP_VS_TABLE(service, ipvs_service_fields);
IP_VS_TABLE(dest, ipvs_dest_fields);
IP_VS_TABLE(daemon, ipvs_daemon_fields);
IP_VS_TABLE(timeouts, ipvs_timeout_fields);
IP_VS_TABLE(info, ipvs_info_fields);

/* A string must end within its member; what follows the end is ignored, but all of
 * it, a last NUL apart, must be no longer than the longest string.
 */
static bool is_valid_string(const char *s, int len, int size)
{
	if (len < 1 || !memchr(s, 0, min(len, size)))
		return false;
	if (!s[len - 1])
		len--;
	return len < size;
}

/* Is the payload one that the row can hold? */
static bool is_valid(const struct ipvs_field *row, const struct nlattr *nla)
{
	int len = nla_len(nla);

	switch (row->type) {
	case IPVS_F_STR:
		return is_valid_string(nla_data(nla), len, row->size);
	case IPVS_F_ADDR:
	case IPVS_F_FLAGS:
		return len <= row->size;
	case IPVS_F_STATS32:
		return !len || len >= NLA_HDRLEN;
	case IPVS_F_STATS64:
		return true;
	default:
		return len >= row->size;
	}
}

static void store(const struct ipvs_field *row, const struct nlattr *nla, void *obj)
{
	void *member = obj + row->offset;
	int len = min_t(int, nla_len(nla), row->size);

	if (row->type == IPVS_F_STR)
		len = strnlen(nla_data(nla), len);
	memset(member, 0, row->size);
	memcpy(member, nla_data(nla), len);
}

static const struct ipvs_field *find_row(const struct ip_vs_table *table, int attr)
{
	unsigned int i;

	for (i = 0; i < table->nr; i++)
		if (table->rows[i].attr == attr && attr)
			return &table->rows[i];
	return NULL;
}

/**
 * ip_vs_attr_decode() - read an object from netlink attributes
 * @table: its fields
 * @head: the first attribute
 * @len: bytes of all attributes
 * @obj: filled with what is there; members of absent attributes keep their value
 * @part: filled with what was there; a malformed attribute makes it -EINVAL
 *
 * Fields that only the kernel tells are checked and otherwise ignored.
 *
 * Context: Any.
 */
void ip_vs_attr_decode(const struct ip_vs_table *table, const struct nlattr *head, int len,
		       void *obj, struct ip_vs_part *part)
{
	const struct ipvs_field *row;
	const struct nlattr *nla;
	int left;

	part->present = true;
	nla_for_each_attr(nla, head, len, left) {
		row = find_row(table, nla_type(nla));
		if (!row)
			continue;
		if (!is_valid(row, nla)) {
			part->err = -EINVAL;
			part->why = row->malformed;
			part->bad = nla;
			return;
		}
		part->given |= 1U << row->attr;
		if (!(row->role & IPVS_R_STATE))
			store(row, nla, obj);
	}
}

/* The counters, each of the size that its row has in a nest of @type. */
static int encode_stats(struct sk_buff *skb, int attr, u8 type, const struct ipvs_stats *stats)
{
	const struct ipvs_field *row;
	struct nlattr *nest;
	unsigned int i;

	nest = nla_nest_start_noflag(skb, attr);
	if (!nest)
		return -EMSGSIZE;
	for (i = 0; i < ARRAY_SIZE(ipvs_stat_fields); i++) {
		u64 value;
		int err;

		row = &ipvs_stat_fields[i];
		memcpy(&value, (const void *)stats + row->offset, sizeof(value));
		if (type == IPVS_F_STATS64 || row->type == IPVS_F_STATS64)
			err = nla_put_u64_64bit(skb, row->attr, value, IPVS_STATS_ATTR_PAD);
		else
			err = nla_put_u32(skb, row->attr, (u32)value);
		if (err)
			return err;
	}
	nla_nest_end(skb, nest);
	return 0;
}

static int encode_field(struct sk_buff *skb, const struct ipvs_field *row, const void *member)
{
	switch (row->type) {
	case IPVS_F_STATS32:
	case IPVS_F_STATS64:
		return encode_stats(skb, row->attr, row->type, member);
	case IPVS_F_STR:
		return nla_put_string(skb, row->attr, member);
	default:
		return nla_put(skb, row->attr, row->size, member);
	}
}

/**
 * ip_vs_attr_encode() - append an object as netlink attributes
 * @skb: where to
 * @table: its fields
 * @obj: the object
 * @omit: roles (IPVS_R_IF_…) of fields that this object does not have
 *
 * Context: Any.
 * Return: 0 or -EMSGSIZE; then some attributes may have been written and the caller
 * takes back the whole message.
 */
int ip_vs_attr_encode(struct sk_buff *skb, const struct ip_vs_table *table, const void *obj,
		      unsigned int omit)
{
	unsigned int i;
	int err;

	for (i = 0; i < table->nr; i++) {
		const struct ipvs_field *row = &table->rows[i];
		const void *member = obj + row->offset;

		if (row->role & omit || !row->attr)
			continue;
		if (row->role & IPVS_R_IF_SET && !memchr_inv(member, 0, row->size))
			continue;
		err = encode_field(skb, row, member);
		if (err)
			return err;
	}
	return 0;
}
