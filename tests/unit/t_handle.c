// SPDX-License-Identifier: GPL-2.0-only
/* Which way a handle takes to the kernel, over transports that only pretend. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "libipvs/error.c"
#include "libipvs/handle.c"

static int nl_answer, sockopt_answer, command_answer;
static int opened, closed;

static int answer(int err)
{
	opened += !err;
	return err;
}

static int open_nl(struct ipvs *h) { return answer(nl_answer); }
static int open_sockopt(struct ipvs *h) { return answer(sockopt_answer); }
static void close_any(struct ipvs *h) { closed++; }

static int command(struct ipvs *h, struct ipvs_request *reqs, size_t nr)
{
	reqs->err = command_answer;
	reqs->info.version = 0x010201;
	return 0;
}

const struct ipvs_transport ipvs_transport_nl = {
	.way = IPVS_NETLINK, .open = open_nl, .command = command, .close = close_any,
};
const struct ipvs_transport ipvs_transport_sockopt = {
	.way = IPVS_SOCKOPT, .open = open_sockopt, .command = command, .close = close_any,
};

static int try_open(unsigned int flags, int nl, int sockopt, unsigned int *way)
{
	struct ipvs *h;
	int err;

	nl_answer = nl;
	sockopt_answer = sockopt;
	opened = closed = 0;
	err = ipvs_open(&h, flags);
	*way = h ? ipvs_transport(h) : 0;
	assert_int_equal(err == 0, h != NULL);
	ipvs_free(h);
	assert_int_equal(opened, closed);
	return err;
}

static void socket_options_stand_in_for_a_missing_family(void **state)
{
	unsigned int way;

	assert_int_equal(try_open(0, 0, 0, &way), 0);
	assert_int_equal(way, IPVS_NETLINK);
	assert_int_equal(try_open(0, -ENOPROTOOPT, 0, &way), 0);
	assert_int_equal(way, IPVS_SOCKOPT);
	assert_int_equal(try_open(0, -ENOPROTOOPT, -ENOPROTOOPT, &way), -ENOPROTOOPT);
}

static void other_failures_are_final(void **state)
{
	unsigned int way;

	assert_int_equal(try_open(0, -EPERM, 0, &way), -EPERM);
	assert_int_equal(try_open(0, -ENOPROTOOPT, -EPERM, &way), -EPERM);
}

static void flags_select(void **state)
{
	unsigned int way;

	assert_int_equal(try_open(IPVS_SOCKOPT, 0, 0, &way), 0);
	assert_int_equal(way, IPVS_SOCKOPT);
	assert_int_equal(try_open(IPVS_NETLINK, -ENOPROTOOPT, 0, &way), -ENOPROTOOPT);
	assert_int_equal(try_open(IPVS_NETLINK | IPVS_SOCKOPT, -ENOPROTOOPT, 0, &way), 0);
	assert_int_equal(try_open(4, 0, 0, &way), -EINVAL);
}

static void a_handle_without_a_version_is_none(void **state)
{
	unsigned int way;

	command_answer = -EPERM;
	assert_int_equal(try_open(0, 0, 0, &way), -EPERM);
	command_answer = 0;
}

static void the_kernels_words_come_first(void **state)
{
	struct ipvs *h;

	nl_answer = 0;
	assert_int_equal(ipvs_open(&h, 0), 0);
	ipvs_remember(h, IPVS_CMD_NEW_SERVICE, -EEXIST, "");
	assert_string_equal(ipvs_error(h), "Service already exists");
	ipvs_remember(h, IPVS_CMD_NEW_SERVICE, -EEXIST, "it is there");
	assert_string_equal(ipvs_error(h), "it is there");
	ipvs_free(h);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(socket_options_stand_in_for_a_missing_family),
		cmocka_unit_test(other_failures_are_final),
		cmocka_unit_test(flags_select),
		cmocka_unit_test(a_handle_without_a_version_is_none),
		cmocka_unit_test(the_kernels_words_come_first),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
