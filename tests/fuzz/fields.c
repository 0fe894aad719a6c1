// SPDX-License-Identifier: GPL-2.0-only
/* The kernel's decoder of netlink attributes, over every table; what it understood is
 * encoded and must then be understood completely.
 */
#include "fuzz.h"

#include "ctl/attr.c"

static const struct ip_vs_table *const tables[] = {
	&ip_vs_service_table, &ip_vs_dest_table, &ip_vs_daemon_table,
	&ip_vs_timeouts_table, &ip_vs_info_table,
};

union object {
	struct ipvs_service service;
	struct ipvs_dest dest;
	struct ipvs_daemon daemon;
	struct ipvs_timeouts timeouts;
	struct ipvs_info info;
};

static void there_and_back(const struct ip_vs_table *table, const union object *obj)
{
	unsigned char room[4096];
	struct sk_buff skb = { .data = room, .size = sizeof(room) };
	struct ip_vs_part part = { 0 };
	union object back = { 0 };

	if (ip_vs_attr_encode(&skb, table, obj, 0))
		abort();
	ip_vs_attr_decode(table, (const struct nlattr *)room, skb.len, &back, &part);
	if (part.bad)
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const struct ip_vs_table *table;
	struct ip_vs_part part = { 0 };
	union object obj = { 0 };
	void *attrs;

	if (!size)
		return 0;
	table = tables[data[0] % ARRAY_SIZE(tables)];
	attrs = fuzz_copy(data + 1, size - 1);
	ip_vs_attr_decode(table, attrs, size - 1, &obj, &part);
	free(attrs);
	if (!part.bad)
		there_and_back(table, &obj);
	return 0;
}
