// SPDX-License-Identifier: GPL-2.0-only
/* Values of ipvsadm's options: every form that is taken, and those that are not. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "libipvs/addr.c"
#include "ipvsadm/value.c"
#include "ipvsadm/resolve.c"

#define ARRAY_SIZE(a) (sizeof(a) / sizeof((a)[0]))

static void numbers(void **state)
{
	static const struct {
		const char *text;
		bool good;
		long long value;
	} cases[] = {
		{ "5", true, 5 }, { " 5", true, 5 }, { "+6", true, 6 }, { "007", true, 7 },
		{ "010", true, 10 }, { "-0", true, 0 }, { "100", true, 100 }, { "101", false, 0 },
		{ "-1", false, 0 }, { "", false, 0 }, { "5x", false, 0 }, { "0x5", false, 0 },
		{ "5 ", false, 0 }, { "1.5", false, 0 }, { "99999999999999999999", false, 0 },
		{ "-18446744073709551615", false, 0 },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		long long value;

		assert_int_equal(value_number(cases[i].text, 0, 100, &value), cases[i].good);
		if (cases[i].good)
			assert_int_equal(value, cases[i].value);
	}
}

static void endpoints(void **state)
{
	static const struct {
		const char *text, *addr, *port;	/* addr NULL: refused */
	} cases[] = {
		{ "10.0.0.1:80", "10.0.0.1", "80" },
		{ "10.0.0.1", "10.0.0.1", NULL },
		{ "10.1:81", "10.0.0.1", "81" },
		{ "0x0a000001:83", "10.0.0.1", "83" },
		{ "012.0.0.1:85", "10.0.0.1", "85" },
		{ "167772161:86", "10.0.0.1", "86" },
		{ "10.0.0.1 junk:89", "10.0.0.1", "89" },
		{ "10.0.0.1:", "10.0.0.1", "" },
		{ "[2001:db8::1]:80", "[2001:db8::1]", "80" },
		{ "[2001:db8::10.0.0.1]:83", "[2001:db8::a00:1]", "83" },
		{ "2001:db8::1:84", "[2001:db8::1:84]", NULL },
		{ "[10.0.0.1]:80", "10.0.0.1", NULL },
		{ "", NULL, NULL }, { "80", NULL, NULL }, { ":80", NULL, NULL },
		{ "[2001:db8::1]", NULL, NULL }, { "[2001:db8::1]80", NULL, NULL },
		{ "[2001:db8::1:80", NULL, NULL }, { "[]:80", NULL, NULL },
		{ "[::1%lo]:80", NULL, NULL }, { "[[2001:db8::1]]:80", NULL, NULL },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		char text[IPVS_ADDR_TEXT_MAX];
		union nf_inet_addr addr;
		const char *port;
		__u16 af;
		bool good = value_endpoint(cases[i].text, &af, &addr, &port);

		assert_int_equal(good, cases[i].addr != NULL);
		if (!good)
			continue;
		assert_string_equal(ipvs_addr_text(af, &addr, text), cases[i].addr);
		assert_int_equal(port != NULL, cases[i].port != NULL);
		if (port)
			assert_string_equal(port, cases[i].port);
	}
}

static void ports(void **state)
{
	__be16 port;

	(void)state;
	assert_true(value_port("65535", IPPROTO_TCP, &port));
	assert_int_equal(ntohs(port), 65535);
	assert_true(value_port(" 90", 0, &port));
	assert_int_equal(ntohs(port), 90);
	assert_false(value_port("65536", IPPROTO_TCP, &port));
	assert_false(value_port("-1", IPPROTO_TCP, &port));
	assert_false(value_port("", IPPROTO_TCP, &port));
	assert_false(value_port("80 ", IPPROTO_TCP, &port));
	assert_false(value_port("domain", 0, &port));
}

static void netmasks(void **state)
{
	__u32 mask;

	(void)state;
	assert_true(value_netmask("255.255.0.0", AF_INET, &mask));
	assert_int_equal(ntohl(mask), 0xffff0000);
	assert_true(value_netmask("24", AF_INET, &mask));
	assert_int_equal(ntohl(mask), 24);
	assert_false(value_netmask("", AF_INET, &mask));
	assert_true(value_netmask("64xyz", AF_INET6, &mask));
	assert_int_equal(mask, 64);
	assert_false(value_netmask("0", AF_INET6, &mask));
	assert_false(value_netmask("129", AF_INET6, &mask));
	assert_false(value_netmask("2001:db8::", AF_INET6, &mask));
	assert_int_equal(value_full_mask(AF_INET), 0xffffffff);
	assert_int_equal(value_full_mask(AF_INET6), 128);
}

static void scheduler_flags(void **state)
{
	static const struct {
		const char *text, *sched;
		bool good;
		__u32 flags;
		const char *word;
		bool known;
	} cases[] = {
		{ "sh-fallback", "sh", true, 8, NULL, false },
		{ "sh-port,sh-fallback", "sh", true, 0x18, NULL, false },
		{ "mh-port", "mh", true, 0x10, NULL, false },
		{ "flag-3,flag-1", "rr", true, 0x28, NULL, false },
		{ ",flag-1,,flag-2,", "rr", true, 0x18, NULL, false },
		{ "", "rr", true, 0, NULL, false },
		{ ",", "rr", true, 0, NULL, false },
		{ "sh-port", "mh", false, 0, "sh-port", true },
		{ "flag-1,bogus", "rr", false, 0, "bogus", false },
		{ "sh-port, sh-fallback", "sh", false, 0, " sh-fallback", false },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		__u32 flags;
		bool known;
		char *word;
		bool good = value_sched_flags(cases[i].text, cases[i].sched, &flags, &word, &known);

		assert_int_equal(good, cases[i].good);
		if (good) {
			assert_int_equal(flags, cases[i].flags);
			assert_null(word);
		} else {
			assert_string_equal(word, cases[i].word);
			assert_int_equal(known, cases[i].known);
		}
		free(word);
	}
	assert_string_equal(value_sched_flag_name(IP_VS_SVC_F_SCHED1, "sh"), "sh-fallback");
	assert_string_equal(value_sched_flag_name(IP_VS_SVC_F_SCHED2, "mh"), "mh-port");
	assert_string_equal(value_sched_flag_name(IP_VS_SVC_F_SCHED3, "sh"), "flag-3");
	assert_string_equal(value_sched_flag_name(IP_VS_SVC_F_SCHED1, "rr"), "flag-1");
}

static void numbers_are_written_without_names(void **state)
{
	union nf_inet_addr addr = { 0 };
	char text[ENDPOINT_MAX];

	(void)state;
	addr.ip = htonl(INADDR_LOOPBACK);
	endpoint_text(NULL, AF_INET, &addr, IPPROTO_TCP, htons(80), text);
	assert_string_equal(text, "127.0.0.1:80");
	inet_pton(AF_INET6, "2001:db8::1", &addr);
	endpoint_text_saved(NULL, AF_INET6, &addr, IPPROTO_TCP, htons(443), text);
	assert_string_equal(text, "[2001:db8::1]:443");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(numbers),
		cmocka_unit_test(endpoints),
		cmocka_unit_test(ports),
		cmocka_unit_test(netmasks),
		cmocka_unit_test(scheduler_flags),
		cmocka_unit_test(numbers_are_written_without_names),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
