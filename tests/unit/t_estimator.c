// SPDX-License-Identifier: GPL-2.0-only
/*
 * The arithmetic of rates.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>


#include "stats/rate.h"

static u64 conns_per_second(u64 rate)
{
	return ip_vs_rate_value(rate, IP_VS_RATE_BITS);
}

static void test_nothing_stays_nothing(void **state)
{
	(void)state;
	assert_int_equal(ip_vs_rate_step(0, 0, IP_VS_RATE_BITS), 0);
	assert_int_equal(conns_per_second(0), 0);
}

/* 20 connections at once are half a connection short of 3 a second and gone in 12 seconds. */
static void test_burst_fades(void **state)
{
	static const u64 shown[] = { 2, 2, 1, 1, 1, 1, 0, 0 };
	u64 rate = ip_vs_rate_step(0, 20, IP_VS_RATE_BITS);
	unsigned int i;

	(void)state;
	for (i = 0; i < sizeof(shown) / sizeof(shown[0]); i++) {
		assert_int_equal(conns_per_second(rate), shown[i]);
		rate = ip_vs_rate_step(rate, 0, IP_VS_RATE_BITS);
	}
}

/* 20 in two seconds: 10 << 10, a quarter of which is taken over. */
static void test_one_step_is_a_quarter(void **state)
{
	(void)state;
	assert_int_equal(ip_vs_rate_step(0, 20, IP_VS_RATE_BITS), (10 << 10) / 4);
	assert_int_equal(ip_vs_rate_step(10 << 10, 0, IP_VS_RATE_BITS), (10 << 10) * 3 / 4);
	assert_int_equal(ip_vs_rate_step(0, 2000, IP_VS_RATE_BYTE_BITS), (1000 << 5) / 4);
}

static void test_steady_flow_is_reached(void **state)
{
	u64 packets = 0, bytes = 0;
	int i;

	(void)state;
	for (i = 0; i < 120; i++) {
		packets = ip_vs_rate_step(packets, 2000, IP_VS_RATE_BITS);
		bytes = ip_vs_rate_step(bytes, 2500000000ULL, IP_VS_RATE_BYTE_BITS);
	}
	assert_int_equal(ip_vs_rate_value(packets, IP_VS_RATE_BITS), 1000);
	assert_int_equal(ip_vs_rate_value(bytes, IP_VS_RATE_BYTE_BITS), 1250000000);
}

/* The filter rounds down, so what has stopped ends at exactly 0 and never below. */
static void test_every_rate_dies_out(void **state)
{
	u64 rate = 1ULL << 45;
	int i;

	(void)state;
	for (i = 0; rate && i < 200; i++)
		rate = ip_vs_rate_step(rate, 0, IP_VS_RATE_BYTE_BITS);
	assert_int_equal(rate, 0);
	assert_int_equal(ip_vs_rate_step(1, 0, IP_VS_RATE_BITS), 0);
}

/* Halves round down for the user: 1.5 is told as 1. */
static void test_rounding(void **state)
{
	(void)state;
	assert_int_equal(conns_per_second(512), 0);
	assert_int_equal(conns_per_second(513), 1);
	assert_int_equal(conns_per_second(1536), 1);
	assert_int_equal(conns_per_second(1537), 2);
	assert_int_equal(ip_vs_rate_value(16, IP_VS_RATE_BYTE_BITS), 0);
	assert_int_equal(ip_vs_rate_value(17, IP_VS_RATE_BYTE_BITS), 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_nothing_stays_nothing),
		cmocka_unit_test(test_burst_fades),
		cmocka_unit_test(test_one_step_is_a_quarter),
		cmocka_unit_test(test_steady_flow_is_reached),
		cmocka_unit_test(test_every_rate_dies_out),
		cmocka_unit_test(test_rounding),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
