// SPDX-License-Identifier: GPL-2.0-only
/*
 * Which idle connections drop_entry gives up: of those with n requests every nth, up to a number.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "defense/candidate.h"

static void every_nth_goes(void **state)
{
	u32 seen[IP_VS_QUIET_PACKETS + 1] = { 0 };
	u32 packets, i, gone;

	for (packets = 1; packets <= IP_VS_QUIET_PACKETS; packets++) {
		gone = 0;
		for (i = 0; i < 10 * packets; i++)
			gone += ip_vs_candidate_turn(seen, packets);
		assert_int_equal(10, gone);
	}
}

static void kinds_are_counted_apart(void **state)
{
	u32 seen[IP_VS_QUIET_PACKETS + 1] = { 0 };

	assert_false(ip_vs_candidate_turn(seen, 2));
	assert_false(ip_vs_candidate_turn(seen, 3));
	assert_true(ip_vs_candidate_turn(seen, 1));
	assert_true(ip_vs_candidate_turn(seen, 2));
	assert_false(ip_vs_candidate_turn(seen, 3));
	assert_true(ip_vs_candidate_turn(seen, 3));
}

static void none_and_many_stay(void **state)
{
	u32 seen[IP_VS_QUIET_PACKETS + 1] = { 0 };
	u32 i;

	for (i = 0; i < 100; i++) {
		assert_false(ip_vs_candidate_turn(seen, 0));
		assert_false(ip_vs_candidate_turn(seen, IP_VS_QUIET_PACKETS + 1));
		assert_false(ip_vs_candidate_turn(seen, UINT32_MAX));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_nth_goes),
		cmocka_unit_test(kinds_are_counted_apart),
		cmocka_unit_test(none_and_many_stay),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
