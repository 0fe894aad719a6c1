// SPDX-License-Identifier: GPL-2.0-only
/*
 * The codec of libipvs: what is encoded decodes to the same object, what the kernel
 * may send and we do not know is skipped, what is broken is refused.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <sys/socket.h>

#include <cmocka.h>

#include "libipvs/codec_attr.c"
#include "libipvs/addr.c"

static struct ipvs_request sample(int cmd)
{
	struct ipvs_request req = { .cmd = cmd };

	req.service = (struct ipvs_service){
		.af = AF_INET6, .protocol = IPPROTO_UDP, .port = htons(5060), .sched = "wrr",
		.pe = "sip", .flags = { 5, ~0u }, .timeout = 77, .netmask = 64,
	};
	inet_pton(AF_INET6, "2001:db8::1", &req.service.addr);
	req.dest = (struct ipvs_dest){
		.af = AF_INET, .port = htons(8080), .conn_flags = IP_VS_CONN_F_TUNNEL,
		.weight = 3, .u_thresh = 9, .l_thresh = 4,
		.tun_type = IP_VS_CONN_F_TUNNEL_TYPE_GUE, .tun_port = htons(6080), .tun_flags = 2,
	};
	inet_pton(AF_INET, "10.0.0.2", &req.dest.addr);
	req.daemon = (struct ipvs_daemon){
		.state = IP_VS_STATE_BACKUP, .mcast_ifn = "eth1", .sync_id = 200,
		.sync_maxlen = 1400, .mcast_port = 9000, .mcast_ttl = 7,
	};
	inet_pton(AF_INET6, "ff02::1234", &req.daemon.mcast_group6);
	req.timeouts = (struct ipvs_timeouts){ 1, 2, 3 };
	return req;
}

static struct nl_msg *encode(const struct ipvs_request *req)
{
	struct nl_msg *msg = nlmsg_alloc();

	assert_non_null(msg);
	assert_int_equal(ipvs_attr_encode(msg, req), 0);
	return msg;
}

static int decode(struct nl_msg *msg, int cmd, void *obj)
{
	struct nlmsghdr *nlh = nlmsg_hdr(msg);

	return ipvs_attr_decode(nlmsg_data(nlh), nlmsg_datalen(nlh), cmd, obj);
}

/* A full request carries every setting: reading it as a reply gives the object back. */
static void settings_survive_the_way_there_and_back(void **state)
{
	static const struct {
		int request, reply;
	} pairs[] = {
		{ IPVS_CMD_NEW_SERVICE, IPVS_CMD_GET_SERVICE },
		{ IPVS_CMD_SET_DEST, IPVS_CMD_GET_DEST },
		{ IPVS_CMD_NEW_DAEMON, IPVS_CMD_GET_DAEMON },
		{ IPVS_CMD_SET_CONFIG, IPVS_CMD_GET_CONFIG },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(pairs); i++) {
		struct ipvs_request req = sample(pairs[i].request), back = { 0 };
		const struct ipvs_object *o = ipvs_object_of_reply(pairs[i].reply);
		struct nl_msg *msg = encode(&req);

		assert_int_equal(decode(msg, pairs[i].reply, (char *)&back + o->offset), 0);
		for (size_t k = 0; k < o->nr_fields; k++) {
			const struct ipvs_field *f = &o->fields[k];

			if (!(f->role & (IPVS_R_KEY | IPVS_R_CFG)))
				continue;
			assert_memory_equal((char *)&req + o->offset + f->offset,
					    (char *)&back + o->offset + f->offset, f->size);
		}
		nlmsg_free(msg);
	}
}

static const struct nlattr *find(struct nl_msg *msg, int nest, int attr)
{
	struct nlmsghdr *nlh = nlmsg_hdr(msg);
	struct nlattr *outer = nla_find(nlmsg_data(nlh), nlmsg_datalen(nlh), nest);

	assert_non_null(outer);
	return nla_find(nla_data(outer), nla_len(outer), attr);
}

static void a_key_is_a_mark_or_an_address(void **state)
{
	struct ipvs_request req = sample(IPVS_CMD_DEL_SERVICE);
	struct nl_msg *msg = encode(&req);

	(void)state;
	assert_null(find(msg, IPVS_CMD_ATTR_SERVICE, IPVS_SVC_ATTR_FWMARK));
	assert_non_null(find(msg, IPVS_CMD_ATTR_SERVICE, IPVS_SVC_ATTR_ADDR));
	assert_null(find(msg, IPVS_CMD_ATTR_SERVICE, IPVS_SVC_ATTR_SCHED_NAME));
	nlmsg_free(msg);

	req.service.fwmark = 7;
	msg = encode(&req);
	assert_non_null(find(msg, IPVS_CMD_ATTR_SERVICE, IPVS_SVC_ATTR_AF));
	assert_non_null(find(msg, IPVS_CMD_ATTR_SERVICE, IPVS_SVC_ATTR_FWMARK));
	assert_null(find(msg, IPVS_CMD_ATTR_SERVICE, IPVS_SVC_ATTR_ADDR));
	assert_null(find(msg, IPVS_CMD_ATTR_SERVICE, IPVS_SVC_ATTR_PORT));
	nlmsg_free(msg);
}

static void an_empty_engine_is_not_sent(void **state)
{
	struct ipvs_request req = sample(IPVS_CMD_NEW_SERVICE);
	struct nl_msg *msg;

	(void)state;
	req.service.pe[0] = '\0';
	memset(req.service.pe, 0, sizeof(req.service.pe));
	msg = encode(&req);
	assert_null(find(msg, IPVS_CMD_ATTR_SERVICE, IPVS_SVC_ATTR_PE_NAME));
	nlmsg_free(msg);
}

static void zero_without_a_service_means_all(void **state)
{
	struct ipvs_request req = { .cmd = IPVS_CMD_ZERO };
	struct nl_msg *msg = encode(&req);

	(void)state;
	assert_int_equal(nlmsg_datalen(nlmsg_hdr(msg)), 0);
	nlmsg_free(msg);
}

static void what_is_no_command_is_refused(void **state)
{
	static const int cmds[] = { -1, IPVS_CMD_UNSPEC, IPVS_CMD_SET_INFO, IPVS_CMD_MAX + 1, 9999 };
	struct nl_msg *msg = nlmsg_alloc();

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cmds); i++) {
		struct ipvs_request req = { .cmd = cmds[i] };

		assert_int_equal(ipvs_attr_encode(msg, &req), -EINVAL);
	}
	nlmsg_free(msg);
}

static void put_counters(struct nl_msg *msg, int attr, bool wide, __u64 first)
{
	struct nlattr *nest = nla_nest_start(msg, attr);

	for (int i = IPVS_STATS_ATTR_CONNS; i <= IPVS_STATS_ATTR_OUTBPS; i++)
		if (wide || i == IPVS_STATS_ATTR_INBYTES || i == IPVS_STATS_ATTR_OUTBYTES)
			assert_int_equal(nla_put_u64(msg, i, first + i), 0);
		else
			assert_int_equal(nla_put_u32(msg, i, first + i), 0);
	nla_nest_end(msg, nest);
}

static void counters_are_read_wide_if_there_are_wide_ones(void **state)
{
	struct ipvs_dest dest = { 0 };
	struct nl_msg *msg = nlmsg_alloc();
	struct nlattr *nest = nla_nest_start(msg, IPVS_CMD_ATTR_DEST);

	(void)state;
	put_counters(msg, IPVS_DEST_ATTR_STATS64, true, 100000000000ULL);
	put_counters(msg, IPVS_DEST_ATTR_STATS, false, 5);
	nla_nest_end(msg, nest);
	assert_int_equal(decode(msg, IPVS_CMD_GET_DEST, &dest), 0);
	assert_int_equal(dest.stats.conns, 100000000001ULL);
	assert_int_equal(dest.stats.outbps, 100000000010ULL);
	nlmsg_free(msg);
}

static void narrow_counters_are_enough(void **state)
{
	struct ipvs_service service = { 0 };
	struct nl_msg *msg = nlmsg_alloc();
	struct nlattr *nest = nla_nest_start(msg, IPVS_CMD_ATTR_SERVICE);

	(void)state;
	put_counters(msg, IPVS_SVC_ATTR_STATS, false, 5);
	nla_nest_end(msg, nest);
	assert_int_equal(decode(msg, IPVS_CMD_GET_SERVICE, &service), 0);
	assert_int_equal(service.stats.conns, 6);
	assert_int_equal(service.stats.inbytes, 9);
	nlmsg_free(msg);
}

static void unknown_attributes_are_skipped(void **state)
{
	struct ipvs_dest dest = { 0 };
	struct nl_msg *msg = nlmsg_alloc();
	struct nlattr *nest;

	(void)state;
	assert_int_equal(nla_put_u32(msg, 31, 1), 0);
	assert_int_equal(nla_put_u32(msg, 4000, 1), 0);
	nest = nla_nest_start(msg, IPVS_CMD_ATTR_DEST);
	assert_int_equal(nla_put_u32(msg, 30, 1), 0);
	assert_int_equal(nla_put_u32(msg, IPVS_DEST_ATTR_WEIGHT, 12), 0);
	nla_nest_end(msg, nest);
	assert_int_equal(decode(msg, IPVS_CMD_GET_DEST, &dest), 0);
	assert_int_equal(dest.weight, 12);
	nlmsg_free(msg);
}

static void broken_replies_are_refused(void **state)
{
	struct ipvs_service service = { 0 };
	struct nl_msg *msg = nlmsg_alloc();
	struct nlattr *nest;

	(void)state;
	assert_int_equal(decode(msg, IPVS_CMD_GET_SERVICE, &service), -EBADMSG);
	nest = nla_nest_start(msg, IPVS_CMD_ATTR_SERVICE);
	assert_int_equal(nla_put_u16(msg, IPVS_SVC_ATTR_TIMEOUT, 1), 0);
	nla_nest_end(msg, nest);
	assert_int_equal(decode(msg, IPVS_CMD_GET_SERVICE, &service), -EBADMSG);
	nlmsg_free(msg);

	msg = nlmsg_alloc();
	nest = nla_nest_start(msg, IPVS_CMD_ATTR_SERVICE);
	assert_int_equal(nla_put_string(msg, IPVS_SVC_ATTR_SCHED_NAME, "sixteen-letters!"), 0);
	nla_nest_end(msg, nest);
	assert_int_equal(decode(msg, IPVS_CMD_GET_SERVICE, &service), -EBADMSG);
	nlmsg_free(msg);
	assert_int_equal(ipvs_attr_decode(NULL, 0, IPVS_CMD_FLUSH, &service), -EBADMSG);
}

static void a_string_need_not_end_within_its_attribute(void **state)
{
	struct ipvs_service service = { .sched = "xxxxxxxxxxxxxxx" };
	struct nl_msg *msg = nlmsg_alloc();
	struct nlattr *nest = nla_nest_start(msg, IPVS_CMD_ATTR_SERVICE);

	(void)state;
	assert_int_equal(nla_put(msg, IPVS_SVC_ATTR_SCHED_NAME, 3, "wlc"), 0);
	nla_nest_end(msg, nest);
	assert_int_equal(decode(msg, IPVS_CMD_GET_SERVICE, &service), 0);
	assert_string_equal(service.sched, "wlc");
	nlmsg_free(msg);
}

static struct ipvs_service service_at(int af, const char *addr, int port)
{
	struct ipvs_service s = { .af = af, .protocol = IPPROTO_TCP, .port = htons(port) };

	inet_pton(af, addr, &s.addr);
	return s;
}

/* Addresses that differ by more than half the number space are in order, too. */
static void services_are_ordered_by_number(void **state)
{
	struct ipvs_service sorted[] = {
		service_at(AF_INET, "0.0.0.0", 80), service_at(AF_INET, "10.0.0.1", 80),
		service_at(AF_INET, "10.0.0.1", 443), service_at(AF_INET, "192.168.0.1", 1),
		service_at(AF_INET6, "2001:db8::1", 80), service_at(AF_INET6, "fd00::1", 80),
		{ .fwmark = 1, .af = AF_INET }, { .fwmark = 1, .af = AF_INET6 },
		{ .fwmark = 2147483649u, .af = AF_INET }, { .fwmark = 4294967295u, .af = AF_INET },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(sorted); i++)
		for (size_t k = 0; k < ARRAY_SIZE(sorted); k++) {
			int d = ipvs_service_compare(&sorted[i], &sorted[k]);

			assert_int_equal((d > 0) - (d < 0), (i > k) - (i < k));
		}
}

static void addresses_are_written_as_users_write_them(void **state)
{
	struct ipvs_service s = service_at(AF_INET6, "2001:DB8:0:0:0:0:0:1", 80);
	char text[IPVS_ADDR_TEXT_MAX];

	(void)state;
	assert_string_equal(ipvs_addr_text(AF_INET6, &s.addr, text), "[2001:db8::1]");
	s = service_at(AF_INET, "10.0.0.1", 80);
	assert_string_equal(ipvs_addr_text(AF_INET, &s.addr, text), "10.0.0.1");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(settings_survive_the_way_there_and_back),
		cmocka_unit_test(a_key_is_a_mark_or_an_address),
		cmocka_unit_test(an_empty_engine_is_not_sent),
		cmocka_unit_test(zero_without_a_service_means_all),
		cmocka_unit_test(what_is_no_command_is_refused),
		cmocka_unit_test(counters_are_read_wide_if_there_are_wide_ones),
		cmocka_unit_test(narrow_counters_are_enough),
		cmocka_unit_test(unknown_attributes_are_skipped),
		cmocka_unit_test(broken_replies_are_refused),
		cmocka_unit_test(a_string_need_not_end_within_its_attribute),
		cmocka_unit_test(services_are_ordered_by_number),
		cmocka_unit_test(addresses_are_written_as_users_write_them),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
