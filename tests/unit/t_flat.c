// SPDX-License-Identifier: GPL-2.0-only
/*
 * The structs of the socket options: what is written where the kernel looks for it,
 * what is read, and what they cannot carry.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "libipvs/codec_attr.c"
#undef ARRAY_SIZE
#define get_field flat_get_field
#define get_stats flat_get_stats
#include "libipvs/codec_flat.c"

static const struct ipvs_service service = {
	.af = AF_INET, .protocol = IPPROTO_UDP, .addr.all = { 0x0100000a }, .port = 0x5000,
	.fwmark = 5, .sched = "wlc", .flags = { 3, ~0u }, .timeout = 7, .netmask = 0xffffff,
};

static void a_service_is_where_the_kernel_looks(void **state)
{
	struct ip_vs_service_user user = { 0 };

	(void)state;
	ipvs_flat_encode(ipvs_object_of_reply(IPVS_CMD_GET_SERVICE), IPVS_R_KEY | IPVS_R_CFG,
			 &service, &user);
	assert_int_equal(user.protocol, IPPROTO_UDP);
	assert_int_equal(user.addr, 0x0100000a);
	assert_int_equal(user.port, 0x5000);
	assert_int_equal(user.fwmark, 5);
	assert_string_equal(user.sched_name, "wlc");
	assert_int_equal(user.flags, 3);
	assert_int_equal(user.timeout, 7);
	assert_int_equal(user.netmask, 0xffffff);
}

static void a_key_has_no_settings(void **state)
{
	struct ip_vs_service_user user = { 0 };

	(void)state;
	ipvs_flat_encode(ipvs_object_of_reply(IPVS_CMD_GET_SERVICE), IPVS_R_KEY, &service, &user);
	assert_int_equal(user.addr, 0x0100000a);
	assert_string_equal(user.sched_name, "");
	assert_int_equal(user.timeout, 0);
}

static void a_destination_is_read_with_its_counters(void **state)
{
	struct ip_vs_dest_entry entry = {
		.addr = 0x0200000a, .port = 0x5000, .conn_flags = 0x183, .weight = 3,
		.u_threshold = 9, .l_threshold = 4, .activeconns = 1, .inactconns = 2,
		.persistconns = 3, .stats = { .conns = 5, .inbytes = 1ULL << 40, .outbps = 6 },
	};
	struct ipvs_dest dest;

	(void)state;
	memset(&dest, 0xff, sizeof(dest));
	ipvs_flat_decode(ipvs_object_of_reply(IPVS_CMD_GET_DEST), &entry, &dest);
	assert_int_equal(dest.addr.all[0], 0x0200000a);
	assert_int_equal(dest.addr.all[3], 0);
	assert_int_equal(dest.port, 0x5000);
	assert_int_equal(dest.conn_flags, 0x183);
	assert_int_equal(dest.weight, 3);
	assert_int_equal(dest.u_thresh, 9);
	assert_int_equal(dest.l_thresh, 4);
	assert_int_equal(dest.active, 1);
	assert_int_equal(dest.inactive, 2);
	assert_int_equal(dest.persist, 3);
	assert_int_equal(dest.stats.conns, 5);
	assert_int_equal(dest.stats.inbytes, 1ULL << 40);
	assert_int_equal(dest.stats.outbps, 6);
}

static void a_name_without_an_end_gets_one(void **state)
{
	struct ip_vs_service_entry entry = { .num_dests = 12 };
	struct ipvs_service got = { 0 };

	(void)state;
	memset(entry.sched_name, 'x', sizeof(entry.sched_name));
	ipvs_flat_decode(ipvs_object_of_reply(IPVS_CMD_GET_SERVICE), &entry, &got);
	assert_int_equal(strlen(got.sched), sizeof(got.sched) - 1);
	assert_int_equal(got.num_dests, 12);
}

static void what_has_no_place_is_refused(void **state)
{
	struct ipvs_request six = { .cmd = IPVS_CMD_DEL_SERVICE, .service.af = AF_INET6 };
	struct ipvs_request pe = { .cmd = IPVS_CMD_NEW_SERVICE, .service.pe = "sip" };
	struct ipvs_request gue = { .cmd = IPVS_CMD_SET_DEST, .dest = {
		.conn_flags = IP_VS_CONN_F_TUNNEL, .tun_type = IP_VS_CONN_F_TUNNEL_TYPE_GUE } };
	struct ipvs_request mixed = { .cmd = IPVS_CMD_DEL_DEST, .dest.af = AF_INET6 };
	struct ipvs_request port = { .cmd = IPVS_CMD_NEW_DAEMON, .daemon.mcast_port = 1 };
	struct ipvs_request all = { .cmd = IPVS_CMD_FLUSH };

	(void)state;
	assert_int_equal(ipvs_flat_check(&six), -EAFNOSUPPORT);
	assert_string_equal(six.message, "Socket options cannot carry IPv6");
	assert_int_equal(ipvs_flat_check(&pe), -EAFNOSUPPORT);
	assert_int_equal(ipvs_flat_check(&gue), -EAFNOSUPPORT);
	assert_int_equal(ipvs_flat_check(&mixed), -EAFNOSUPPORT);
	assert_int_equal(ipvs_flat_check(&port), -EAFNOSUPPORT);
	assert_int_equal(ipvs_flat_check(&all), 0);
	gue.dest.conn_flags = IP_VS_CONN_F_MASQ;	/* then the type means nothing */
	assert_int_equal(ipvs_flat_check(&gue), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_service_is_where_the_kernel_looks),
		cmocka_unit_test(a_key_has_no_settings),
		cmocka_unit_test(a_destination_is_read_with_its_counters),
		cmocka_unit_test(a_name_without_an_end_gets_one),
		cmocka_unit_test(what_has_no_place_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
