// SPDX-License-Identifier: GPL-2.0-only
/*
 * The field tables and the kernel's codec for netlink attributes that they drive:
 * completeness, layout of replies, and what lenient parsing accepts.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <sys/socket.h>

#include <cmocka.h>

#include "ctl/attr.c"
#include "ctl/flat.c"

/* Attributes under construction, at the end of an allocation so that the sanitizer sees
 * a read behind them.
 */
struct message {
	unsigned char room[2048];
	struct sk_buff skb;
};

static struct message *new_message(void)
{
	struct message *m = calloc(1, sizeof(*m));

	assert_non_null(m);
	m->skb.data = m->room;
	m->skb.size = sizeof(m->room);
	return m;
}

static void put(struct message *m, int type, const void *data, int len)
{
	assert_int_equal(nla_put(&m->skb, type, len, data), 0);
}

static void put_u32(struct message *m, int type, u32 value)
{
	put(m, type, &value, sizeof(value));
}

static void put_u16(struct message *m, int type, u16 value)
{
	put(m, type, &value, sizeof(value));
}

/* Decode and free @m. */
static struct ip_vs_part decode(struct message *m, const struct ip_vs_table *table, void *obj)
{
	struct ip_vs_part part = { 0 };
	int len = m->skb.len;
	void *exact = malloc(len ? len : 1);

	assert_non_null(exact);
	memcpy(exact, m->room, len);
	free(m);
	ip_vs_attr_decode(table, exact, len, obj, &part);
	part.bad = part.bad ? (void *)1 : NULL;
	free(exact);
	return part;
}

static const struct nlattr *attr_at(const struct message *m, int index)
{
	const struct nlattr *nla;
	int left;

	nla_for_each_attr(nla, (const struct nlattr *)m->room, m->skb.len, left)
		if (!index--)
			return nla;
	return NULL;
}

/* ---- the tables ---- */

/* Each attribute from 1 to @max has a row, save those in @without. */
static void check_rows(const struct ip_vs_table *table, int max, u32 without)
{
	int attr;

	for (attr = 1; attr <= max; attr++) {
		if (without & 1U << attr)
			continue;
		if (!find_row(table, attr))
			fail_msg("attribute %d has no row", attr);
	}
	for (attr = 0; attr < (int)table->nr; attr++) {
		assert_true(table->rows[attr].attr > 0 || table->rows[attr].entry.size);
		assert_true(table->rows[attr].attr < 32);
		assert_non_null(table->rows[attr].name);
		assert_non_null(table->rows[attr].missing);
		assert_non_null(table->rows[attr].malformed);
	}
}

static void test_every_attribute_has_a_row(void **state)
{
	static const struct ip_vs_table stats = { ipvs_stat_fields, ARRAY_SIZE(ipvs_stat_fields) };

	(void)state;
	check_rows(&ip_vs_service_table, IPVS_SVC_ATTR_MAX, 0);
	check_rows(&ip_vs_dest_table, IPVS_DEST_ATTR_MAX, 0);
	check_rows(&ip_vs_daemon_table, IPVS_DAEMON_ATTR_MAX, 0);
	check_rows(&ip_vs_info_table, IPVS_INFO_ATTR_MAX, 0);
	check_rows(&stats, IPVS_STATS_ATTR_MAX, 1U << IPVS_STATS_ATTR_PAD);
	assert_non_null(find_row(&ip_vs_timeouts_table, IPVS_CMD_ATTR_TIMEOUT_TCP));
	assert_non_null(find_row(&ip_vs_timeouts_table, IPVS_CMD_ATTR_TIMEOUT_TCP_FIN));
	assert_non_null(find_row(&ip_vs_timeouts_table, IPVS_CMD_ATTR_TIMEOUT_UDP));
}

static int type_size(u8 type)
{
	switch (type) {
	case IPVS_F_U8:
		return 1;
	case IPVS_F_U16:
	case IPVS_F_BE16:
		return 2;
	case IPVS_F_U32:
	case IPVS_F_BE32:
		return 4;
	case IPVS_F_ADDR:
	case IPVS_F_ADDR6:
		return 16;
	case IPVS_F_FLAGS:
		return 8;
	case IPVS_F_STATS32:
	case IPVS_F_STATS64:
		return sizeof(struct ipvs_stats);
	default:
		return 0;
	}
}

static void test_members_have_the_size_of_their_type(void **state)
{
	static const struct ip_vs_table *const tables[] = {
		&ip_vs_service_table, &ip_vs_dest_table, &ip_vs_daemon_table,
		&ip_vs_timeouts_table, &ip_vs_info_table,
	};
	unsigned int t, i;

	(void)state;
	for (t = 0; t < ARRAY_SIZE(tables); t++) {
		for (i = 0; i < tables[t]->nr; i++) {
			const struct ipvs_field *row = &tables[t]->rows[i];

			if (row->type != IPVS_F_STR && row->size != type_size(row->type))
				fail_msg("%s has %d bytes", row->name, row->size);
		}
	}
}

/* ---- replies ---- */

static struct ipvs_service sample_service(void)
{
	struct ipvs_service service = {
		.af = AF_INET, .protocol = IPPROTO_TCP, .port = htons(80), .sched = "rr",
		.flags = { .flags = IP_VS_SVC_F_HASHED, .mask = ~0U }, .netmask = ~0U,
		.stats = { .conns = 0x100000001ULL, .inbytes = 0x200000002ULL, .outbps = 7 },
	};

	service.addr.ip = htonl(0x0a000001);
	return service;
}

static void check_layout(const struct message *m, const u16 (*expected)[2], int nr)
{
	int i;

	for (i = 0; i < nr; i++) {
		const struct nlattr *nla = attr_at(m, i);

		assert_non_null(nla);
		assert_int_equal(nla->nla_type, expected[i][0]);
		assert_int_equal(nla->nla_len, expected[i][1]);
	}
	assert_null(attr_at(m, nr));
}

static void test_service_by_address_is_told_as_clients_know_it(void **state)
{
	static const u16 expected[][2] = {
		{ IPVS_SVC_ATTR_AF, 6 }, { IPVS_SVC_ATTR_PROTOCOL, 6 }, { IPVS_SVC_ATTR_ADDR, 20 },
		{ IPVS_SVC_ATTR_PORT, 6 }, { IPVS_SVC_ATTR_SCHED_NAME, 7 },
		{ IPVS_SVC_ATTR_FLAGS, 12 }, { IPVS_SVC_ATTR_TIMEOUT, 8 },
		{ IPVS_SVC_ATTR_NETMASK, 8 }, { IPVS_SVC_ATTR_STATS, 92 },
		{ IPVS_SVC_ATTR_STATS64, 124 },
	};
	struct ipvs_service service = sample_service();
	struct message *m = new_message();

	(void)state;
	assert_int_equal(ip_vs_attr_encode(&m->skb, &ip_vs_service_table, &service,
					   IPVS_R_IF_MARK), 0);
	check_layout(m, expected, ARRAY_SIZE(expected));
	/* with the headers of message and nest: 320 */
	assert_int_equal(m->skb.len, 320 - 24);
	free(m);
}

static void test_service_by_mark_is_told_as_clients_know_it(void **state)
{
	static const u16 expected[][2] = {
		{ IPVS_SVC_ATTR_AF, 6 }, { IPVS_SVC_ATTR_FWMARK, 8 },
		{ IPVS_SVC_ATTR_SCHED_NAME, 7 }, { IPVS_SVC_ATTR_PE_NAME, 8 },
		{ IPVS_SVC_ATTR_FLAGS, 12 }, { IPVS_SVC_ATTR_TIMEOUT, 8 },
		{ IPVS_SVC_ATTR_NETMASK, 8 }, { IPVS_SVC_ATTR_STATS, 92 },
		{ IPVS_SVC_ATTR_STATS64, 124 },
	};
	struct ipvs_service service = sample_service();
	struct message *m = new_message();

	(void)state;
	service.fwmark = 7;
	strcpy(service.pe, "sip");
	assert_int_equal(ip_vs_attr_encode(&m->skb, &ip_vs_service_table, &service,
					   IPVS_R_IF_ADDR), 0);
	check_layout(m, expected, ARRAY_SIZE(expected));
	assert_int_equal(m->skb.len, 292 - 24 + 8);
	free(m);
}

static void test_destination_is_told_as_clients_know_it(void **state)
{
	static const u16 expected[][2] = {
		{ IPVS_DEST_ATTR_ADDR, 20 }, { IPVS_DEST_ATTR_PORT, 6 },
		{ IPVS_DEST_ATTR_FWD_METHOD, 8 }, { IPVS_DEST_ATTR_WEIGHT, 8 },
		{ IPVS_DEST_ATTR_TUN_TYPE, 5 }, { IPVS_DEST_ATTR_TUN_PORT, 6 },
		{ IPVS_DEST_ATTR_TUN_FLAGS, 6 }, { IPVS_DEST_ATTR_U_THRESH, 8 },
		{ IPVS_DEST_ATTR_L_THRESH, 8 }, { IPVS_DEST_ATTR_ACTIVE_CONNS, 8 },
		{ IPVS_DEST_ATTR_INACT_CONNS, 8 }, { IPVS_DEST_ATTR_PERSIST_CONNS, 8 },
		{ IPVS_DEST_ATTR_ADDR_FAMILY, 6 }, { IPVS_DEST_ATTR_STATS, 92 },
		{ IPVS_DEST_ATTR_STATS64, 124 },
	};
	struct ipvs_dest dest = { .af = AF_INET, .weight = 1 };
	struct message *m = new_message();

	(void)state;
	assert_int_equal(ip_vs_attr_encode(&m->skb, &ip_vs_dest_table, &dest, 0), 0);
	check_layout(m, expected, ARRAY_SIZE(expected));
	assert_int_equal(m->skb.len, 356 - 24);
	free(m);
}

static void test_narrow_counters_are_cut_and_bytes_are_not(void **state)
{
	struct ipvs_service service = sample_service();
	struct message *m = new_message();
	const struct nlattr *narrow, *wide;
	u64 inbytes;
	u32 conns;

	(void)state;
	assert_int_equal(ip_vs_attr_encode(&m->skb, &ip_vs_service_table, &service,
					   IPVS_R_IF_MARK), 0);
	narrow = attr_at(m, 8);
	wide = attr_at(m, 9);
	memcpy(&conns, (char *)nla_data(narrow) + 4, sizeof(conns));
	assert_int_equal(conns, 1);
	memcpy(&inbytes, (char *)nla_data(narrow) + 3 * 8 + 4, sizeof(inbytes));
	assert_int_equal(inbytes, 0x200000002ULL);
	memcpy(&inbytes, (char *)nla_data(wide) + 4, sizeof(inbytes));
	assert_int_equal(inbytes, 0x100000001ULL);
	free(m);
}

static void test_no_room_is_an_error_at_every_length(void **state)
{
	struct ipvs_service service = sample_service();
	struct message *m = new_message();
	int size;

	(void)state;
	for (size = 0; size < 320 - 24; size += 4) {
		m->skb.len = 0;
		m->skb.size = size;
		assert_int_equal(ip_vs_attr_encode(&m->skb, &ip_vs_service_table, &service,
						   IPVS_R_IF_MARK), -EMSGSIZE);
		assert_true(m->skb.len <= size);
	}
	free(m);
}

/* ---- requests ---- */

/* What the kernel tells can be sent back: every key and setting survives. */
static void test_round_trip(void **state)
{
	struct ipvs_service in = sample_service(), out = { 0 };
	struct message *m = new_message();
	struct ip_vs_part part;

	(void)state;
	in.timeout = 300;
	strcpy(in.pe, "1234567890123456");	/* the longest */
	strcpy(in.sched, "123456789012345");
	assert_int_equal(ip_vs_attr_encode(&m->skb, &ip_vs_service_table, &in, 0), 0);
	part = decode(m, &ip_vs_service_table, &out);
	assert_true(part.present);
	assert_int_equal(part.err, 0);
	assert_int_equal(part.given, (2U << IPVS_SVC_ATTR_MAX) - 2);
	memset(&in.stats, 0, sizeof(in.stats));
	assert_memory_equal(&in, &out, sizeof(in));
}

static void test_nothing_is_present_but_empty(void **state)
{
	struct ipvs_service service = { .af = 99 };
	struct ip_vs_part part = decode(new_message(), &ip_vs_service_table, &service);

	(void)state;
	assert_true(part.present);
	assert_int_equal(part.err, 0);
	assert_int_equal(part.given, 0);
	assert_int_equal(service.af, 99);
}

static void test_unknown_attributes_flags_and_trailing_bytes_are_ignored(void **state)
{
	struct ipvs_service service = { 0 };
	struct message *m = new_message();
	struct ip_vs_part part;

	(void)state;
	put_u32(m, 0, 1);
	put_u32(m, IPVS_SVC_ATTR_MAX + 1, 1);
	put_u32(m, 8191, 1);
	put_u16(m, IPVS_SVC_ATTR_AF | NLA_F_NET_BYTEORDER | NLA_F_NESTED, AF_INET6);
	m->skb.len += 3;
	part = decode(m, &ip_vs_service_table, &service);
	assert_int_equal(part.err, 0);
	assert_int_equal(part.given, 1U << IPVS_SVC_ATTR_AF);
	assert_int_equal(service.af, AF_INET6);
}

static void test_the_last_of_equal_attributes_counts(void **state)
{
	struct ipvs_service service = { 0 };
	struct message *m = new_message();

	(void)state;
	put(m, IPVS_SVC_ATTR_SCHED_NAME, "wlc", 4);
	put(m, IPVS_SVC_ATTR_SCHED_NAME, "rr", 3);
	assert_int_equal(decode(m, &ip_vs_service_table, &service).err, 0);
	assert_string_equal(service.sched, "rr");
}

static void test_short_addresses_and_flags_are_extended_with_zeros(void **state)
{
	static const u32 flags = IP_VS_SVC_F_PERSISTENT;
	static const unsigned char addr[] = { 10, 0, 0, 1 };
	struct ipvs_service service;
	struct message *m = new_message();

	(void)state;
	memset(&service, 0xff, sizeof(service));
	put(m, IPVS_SVC_ATTR_ADDR, addr, sizeof(addr));
	put(m, IPVS_SVC_ATTR_FLAGS, &flags, sizeof(flags));
	assert_int_equal(decode(m, &ip_vs_service_table, &service).err, 0);
	assert_memory_equal(&service.addr, addr, sizeof(addr));
	assert_null(memchr_inv((char *)&service.addr + 4, 0, 12));
	assert_int_equal(service.flags.flags, flags);
	assert_int_equal(service.flags.mask, 0);
}

static void test_empty_address_is_given_and_zero(void **state)
{
	struct ipvs_dest dest;
	struct message *m = new_message();
	struct ip_vs_part part;

	(void)state;
	memset(&dest, 0xff, sizeof(dest));
	put(m, IPVS_DEST_ATTR_ADDR, "", 0);
	part = decode(m, &ip_vs_dest_table, &dest);
	assert_int_equal(part.err, 0);
	assert_true(ip_vs_part_has(&part, IPVS_DEST_ATTR_ADDR));
	assert_null(memchr_inv(&dest.addr, 0, sizeof(dest.addr)));
}

static void test_long_integers_are_cut(void **state)
{
	static const u32 timeout[] = { 100, 200 };
	struct ipvs_timeouts timeouts = { 0 };
	struct message *m = new_message();

	(void)state;
	put(m, IPVS_CMD_ATTR_TIMEOUT_TCP, timeout, sizeof(timeout));
	assert_int_equal(decode(m, &ip_vs_timeouts_table, &timeouts).err, 0);
	assert_int_equal(timeouts.tcp, 100);
	assert_int_equal(timeouts.tcp_fin, 0);
}

static void test_state_is_not_taken_from_users(void **state)
{
	struct ipvs_dest dest = { 0 };
	struct message *m = new_message();

	(void)state;
	put_u32(m, IPVS_DEST_ATTR_ACTIVE_CONNS, 5);
	assert_int_equal(decode(m, &ip_vs_dest_table, &dest).err, 0);
	assert_int_equal(dest.active, 0);
}

struct payload {
	const struct ip_vs_table *table;
	int attr;
	const char *data;
	int len;
	int err;
};

/* One attribute at a time: which payloads pass? */
static void test_payloads(void **state)
{
	static const struct payload payloads[] = {
		{ &ip_vs_service_table, IPVS_SVC_ATTR_SCHED_NAME, "rr", 3, 0 },
		{ &ip_vs_service_table, IPVS_SVC_ATTR_SCHED_NAME, "rr\0junk", 7, 0 },
		{ &ip_vs_service_table, IPVS_SVC_ATTR_SCHED_NAME, "", 1, 0 },
		{ &ip_vs_service_table, IPVS_SVC_ATTR_SCHED_NAME, "", 0, -EINVAL },
		{ &ip_vs_service_table, IPVS_SVC_ATTR_SCHED_NAME, "rr", 2, -EINVAL },
		{ &ip_vs_service_table, IPVS_SVC_ATTR_SCHED_NAME, "123456789012345", 16, 0 },
		{ &ip_vs_service_table, IPVS_SVC_ATTR_SCHED_NAME, "1234567890123456", 17, -EINVAL },
		{ &ip_vs_service_table, IPVS_SVC_ATTR_SCHED_NAME, "rr\0.............", 16, -EINVAL },
		{ &ip_vs_service_table, IPVS_SVC_ATTR_PE_NAME, "1234567890123456", 17, 0 },
		{ &ip_vs_service_table, IPVS_SVC_ATTR_PE_NAME, "12345678901234567", 18, -EINVAL },
		{ &ip_vs_service_table, IPVS_SVC_ATTR_AF, "\2", 1, -EINVAL },
		{ &ip_vs_service_table, IPVS_SVC_ATTR_TIMEOUT, "\0\0\0", 3, -EINVAL },
		{ &ip_vs_service_table, IPVS_SVC_ATTR_ADDR, "1234567890123456", 16, 0 },
		{ &ip_vs_service_table, IPVS_SVC_ATTR_ADDR, "12345678901234567", 17, -EINVAL },
		{ &ip_vs_service_table, IPVS_SVC_ATTR_FLAGS, "12345678", 8, 0 },
		{ &ip_vs_service_table, IPVS_SVC_ATTR_FLAGS, "", 0, 0 },
		{ &ip_vs_service_table, IPVS_SVC_ATTR_FLAGS, "123456789", 9, -EINVAL },
		{ &ip_vs_service_table, IPVS_SVC_ATTR_STATS, "", 0, 0 },
		{ &ip_vs_service_table, IPVS_SVC_ATTR_STATS, "12", 2, -EINVAL },
		{ &ip_vs_service_table, IPVS_SVC_ATTR_STATS64, "12", 2, 0 },
		{ &ip_vs_dest_table, IPVS_DEST_ATTR_TUN_TYPE, "\1", 1, 0 },
		{ &ip_vs_dest_table, IPVS_DEST_ATTR_TUN_TYPE, "", 0, -EINVAL },
		{ &ip_vs_dest_table, IPVS_DEST_ATTR_ACTIVE_CONNS, "12", 2, -EINVAL },
		{ &ip_vs_daemon_table, IPVS_DAEMON_ATTR_MCAST_GROUP6, "123456789012345", 15, -EINVAL },
		{ &ip_vs_daemon_table, IPVS_DAEMON_ATTR_MCAST_GROUP6, "1234567890123456", 16, 0 },
		{ &ip_vs_daemon_table, IPVS_DAEMON_ATTR_MCAST_GROUP6, "12345678901234567", 17, 0 },
		{ &ip_vs_daemon_table, IPVS_DAEMON_ATTR_MCAST_IFN, "eth0", 5, 0 },
		{ &ip_vs_daemon_table, IPVS_DAEMON_ATTR_MCAST_IFN, "1234567890123456", 17, -EINVAL },
	};
	unsigned int i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(payloads); i++) {
		const struct payload *p = &payloads[i];
		struct message *m = new_message();
		struct ip_vs_part part;
		unsigned char obj[1024];

		put(m, p->attr, p->data, p->len);
		part = decode(m, p->table, obj);
		if (part.err != p->err)
			fail_msg("payload %u: %d instead of %d", i, part.err, p->err);
		assert_int_equal(!!part.why, !!p->err);
		assert_int_equal(!!part.bad, !!p->err);
	}
}

static void test_refusal_names_the_field(void **state)
{
	struct ipvs_dest dest;
	struct message *m = new_message();
	struct ip_vs_part part;

	(void)state;
	put(m, IPVS_DEST_ATTR_WEIGHT, "1", 1);
	part = decode(m, &ip_vs_dest_table, &dest);
	assert_string_equal(part.why, "ipvs_dest.weight: malformed");
}

/* ---- flat structs ---- */

/* Integers are as wide in the flat struct as in the object, counters apart. */
static void test_flat_members_have_the_width_of_their_field(void **state)
{
	static const struct ip_vs_table *const tables[] = {
		&ip_vs_service_table, &ip_vs_dest_table, &ip_vs_daemon_table,
		&ip_vs_timeouts_table, &ip_vs_info_table,
	};
	unsigned int t, i;

	(void)state;
	for (t = 0; t < ARRAY_SIZE(tables); t++) {
		for (i = 0; i < tables[t]->nr; i++) {
			const struct ipvs_field *row = &tables[t]->rows[i];
			int want = row->size;

			if (row->type == IPVS_F_STATS32)
				want = sizeof(struct ip_vs_stats_user);
			else if (row->type == IPVS_F_ADDR || row->type == IPVS_F_FLAGS)
				want = 4;
			if (row->user.size && row->user.size != want)
				fail_msg("%s is set by %d bytes", row->name, row->user.size);
			if (row->entry.size && row->entry.size != want)
				fail_msg("%s is told by %d bytes", row->name, row->entry.size);
			if (row->user.size)
				assert_true(row->attr);
		}
	}
}

static void test_a_flat_service_is_read_and_told_back(void **state)
{
	static const struct ip_vs_service_user user = {
		.protocol = IPPROTO_UDP, .addr = 0x0100000a, .port = 0x5000, .fwmark = 7,
		.sched_name = "wlc", .flags = 0x18, .timeout = 300, .netmask = 0x00ffffff,
	};
	struct ip_vs_service_entry entry = { 0 };
	struct ipvs_service service;
	struct ip_vs_part part = { 0 };

	(void)state;
	memset(&service, 0xee, sizeof(service));
	ip_vs_flat_decode(&ip_vs_service_table, &user, &service, &part);
	assert_true(part.present);
	assert_int_equal(part.err, 0);
	assert_int_equal(service.protocol, IPPROTO_UDP);
	assert_int_equal(service.addr.ip, user.addr);
	assert_null(memchr_inv(&service.addr.all[1], 0, 12));
	assert_int_equal(service.port, user.port);
	assert_int_equal(service.fwmark, 7);
	assert_string_equal(service.sched, "wlc");
	assert_int_equal(service.flags.flags, 0x18);
	assert_int_equal(service.flags.mask, ~0U);
	assert_int_equal(service.timeout, 300);
	assert_int_equal(service.netmask, user.netmask);
	assert_int_equal(service.af, 0xeeee);
	service.num_dests = 3;
	service.stats = (struct ipvs_stats){ .conns = 0x100000002ULL, .inbytes = 0x300000004ULL };
	ip_vs_flat_encode(&ip_vs_service_table, &service, &entry);
	assert_memory_equal(&entry, &user, sizeof(user));
	assert_int_equal(entry.num_dests, 3);
	assert_int_equal(entry.stats.conns, 2);
	assert_true(entry.stats.inbytes == 0x300000004ULL);
}

static void test_a_flat_name_without_end_is_cut_and_reported(void **state)
{
	struct ip_vs_service_user user = { 0 };
	struct ip_vs_part part = { 0 };
	struct ipvs_service service;

	(void)state;
	memset(user.sched_name, 'x', sizeof(user.sched_name));
	user.timeout = 9;
	ip_vs_flat_decode(&ip_vs_service_table, &user, &service, &part);
	assert_int_equal(part.err, -EINVAL);
	assert_string_equal(part.why, "ipvs_service.sched: malformed");
	assert_string_equal(service.sched, "xxxxxxxxxxxxxxx");
	assert_int_equal(service.timeout, 9);
}

static void test_a_flat_destination_is_read_and_told_back(void **state)
{
	static const struct ip_vs_dest_user user = {
		.addr = 0x0a02000a, .port = 0x901f, .conn_flags = 0x2003, .weight = -1,
		.u_threshold = 10, .l_threshold = 5,
	};
	struct ip_vs_dest_entry entry = { 0 };
	struct ip_vs_part part = { 0 };
	struct ipvs_dest dest = { 0 };

	(void)state;
	ip_vs_flat_decode(&ip_vs_dest_table, &user, &dest, &part);
	assert_int_equal(dest.weight, 0xffffffffU);
	dest.active = 1;
	dest.inactive = 2;
	dest.persist = 3;
	ip_vs_flat_encode(&ip_vs_dest_table, &dest, &entry);
	assert_memory_equal(&entry, &user, sizeof(user));
	assert_int_equal(entry.activeconns, 1);
	assert_int_equal(entry.inactconns, 2);
	assert_int_equal(entry.persistconns, 3);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_every_attribute_has_a_row),
		cmocka_unit_test(test_members_have_the_size_of_their_type),
		cmocka_unit_test(test_service_by_address_is_told_as_clients_know_it),
		cmocka_unit_test(test_service_by_mark_is_told_as_clients_know_it),
		cmocka_unit_test(test_destination_is_told_as_clients_know_it),
		cmocka_unit_test(test_narrow_counters_are_cut_and_bytes_are_not),
		cmocka_unit_test(test_no_room_is_an_error_at_every_length),
		cmocka_unit_test(test_round_trip),
		cmocka_unit_test(test_nothing_is_present_but_empty),
		cmocka_unit_test(test_unknown_attributes_flags_and_trailing_bytes_are_ignored),
		cmocka_unit_test(test_the_last_of_equal_attributes_counts),
		cmocka_unit_test(test_short_addresses_and_flags_are_extended_with_zeros),
		cmocka_unit_test(test_empty_address_is_given_and_zero),
		cmocka_unit_test(test_long_integers_are_cut),
		cmocka_unit_test(test_state_is_not_taken_from_users),
		cmocka_unit_test(test_payloads),
		cmocka_unit_test(test_refusal_names_the_field),
		cmocka_unit_test(test_flat_members_have_the_width_of_their_field),
		cmocka_unit_test(test_a_flat_service_is_read_and_told_back),
		cmocka_unit_test(test_a_flat_name_without_end_is_cut_and_reported),
		cmocka_unit_test(test_a_flat_destination_is_read_and_told_back),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
