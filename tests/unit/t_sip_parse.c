// SPDX-License-Identifier: GPL-2.0-only
/*
 * The Call-ID of SIP messages: where it may stand, how it may be spelled, and what is none.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdbool.h>
#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "pe/sip_parse.c"

/* The Call-ID of @text as a string, or NULL. The text is put at the very end of its memory,
 * so that reading beyond it is noticed.
 */
static const char *call_id(const char *text)
{
	static char found[512];
	size_t len = strlen(text);
	char *copy = malloc(len ? len : 1);
	const char *value = NULL;

	assert_non_null(copy);
	memcpy(copy, text, len);
	len = ip_vs_sip_call_id(copy, len, &value);
	snprintf(found, sizeof(found), "%.*s", (int)len, len ? value : "");
	free(copy);
	return len ? found : NULL;
}

#define FIRST "INVITE sip:b@example.net SIP/2.0\r\n"

static void is_found(void **state)
{
	(void)state;
	assert_string_equal(call_id(FIRST "Call-ID: a1@host\r\n\r\n"), "a1@host");
	assert_string_equal(call_id(FIRST "Via: x\r\nCall-ID: a1@host\r\nTo: b\r\n"), "a1@host");
	assert_string_equal(call_id("SIP/2.0 200 OK\r\nCall-ID: a1\r\n"), "a1");
}

static void may_be_spelled_in_many_ways(void **state)
{
	(void)state;
	assert_string_equal(call_id(FIRST "call-id:a1\r\n"), "a1");
	assert_string_equal(call_id(FIRST "CALL-ID \t:\t a1 \t\r\n"), "a1");
	assert_string_equal(call_id(FIRST "i: a1\r\n"), "a1");
	assert_string_equal(call_id(FIRST "I:a1\r\n"), "a1");
	assert_string_equal(call_id("x\nVia: y\nCall-ID: a1\n"), "a1");
	assert_string_equal(call_id(FIRST "Call-ID: <\"%(w/e)?{}~\xc3\xa9\r\n"), "<\"%(w/e)?{}~\xc3\xa9");
}

static void must_end_within_the_packet(void **state)
{
	(void)state;
	assert_null(call_id(FIRST "Call-ID: a1"));
	assert_null(call_id(FIRST "Call-ID: a1 "));
	assert_null(call_id(FIRST "Call-ID:"));
	assert_null(call_id(FIRST "Call-ID"));
	assert_null(call_id(FIRST "Call-I"));
	assert_string_equal(call_id(FIRST "Call-ID: a1\r"), "a1");
}

static void must_be_one_word(void **state)
{
	(void)state;
	assert_null(call_id(FIRST "Call-ID: \r\n"));
	assert_null(call_id(FIRST "Call-ID: a b\r\n"));
	assert_null(call_id(FIRST "Call-ID: a\x01" "b\r\n"));
	assert_null(call_id(FIRST "Call-ID: a\x7f\r\n"));
}

static void is_not_found_elsewhere(void **state)
{
	(void)state;
	assert_null(call_id(""));
	assert_null(call_id("Call-ID: first line\r\n"));
	assert_null(call_id(FIRST));
	assert_null(call_id(FIRST "X-Call-ID: a1\r\n"));
	assert_null(call_id(FIRST "Call-IDs: a1\r\n"));
	assert_null(call_id(FIRST "in: a1\r\n"));
	assert_null(call_id(FIRST "\r\nCall-ID: body\r\n"));
	assert_null(call_id(FIRST "\nCall-ID: body\r\n"));
}

static void may_hold_any_bytes(void **state)
{
	char text[64];
	const char *value;
	unsigned int i, j;

	(void)state;
	srand(1);
	for (i = 0; i < 200000; i++) {
		size_t len = rand() % sizeof(text);

		for (j = 0; j < len; j++)
			text[j] = "\r\n\t :iIcallCALL-idID@\0\x80"[rand() % 24];
		len = ip_vs_sip_call_id(text, len, &value);
		assert_true(len < sizeof(text));
		if (len)
			assert_true(value > text && value + len < text + sizeof(text));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(is_found),
		cmocka_unit_test(may_be_spelled_in_many_ways),
		cmocka_unit_test(must_end_within_the_packet),
		cmocka_unit_test(must_be_one_word),
		cmocka_unit_test(is_not_found_elsewhere),
		cmocka_unit_test(may_hold_any_bytes),
	};

	return cmocka_run_group_tests_name("sip_parse", tests, NULL, NULL);
}
