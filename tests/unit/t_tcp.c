// SPDX-License-Identifier: GPL-2.0-only
/*
 * The TCP state machine: every cell of its table, spelled as an operator reads states, and
 * the sequences of real connections.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdbool.h>
#include <cmocka.h>
#include <stdio.h>
#include <string.h>

#include "proto/tcp_states.c"

static const char codes[TCP_S_MAX][3] = {
	"NO", "ES", "SS", "SR", "FW", "TW", "CL", "CW", "LA", "LI", "SA",
};

/* state: client SYN FIN ACK RST, server SYN FIN ACK RST, client alone SYN FIN ACK RST */
static const char *const expected[TCP_S_MAX] = {
	"NO SR CL ES CL SS TW ES CL SR CL ES CL",
	"ES ES CW ES CL ES FW ES CL ES FW ES CL",
	"SS ES SS SS CL SS SS SS SS ES SS SS CL",
	"SR SR TW ES SR SR TW ES CL SR TW ES SR",
	"FW SR TW FW CL SS FW FW CL SR FW FW CL",
	"TW SR TW TW CL SS TW TW TW SR TW TW CL",
	"CL SR CL CL CL SS CL CL CL SR CL CL CL",
	"CW SR CW CW CL SS TW CW CL SR CW CW CL",
	"LA SR LA CL LA SS LA LA CL SR LA CL LA",
	"LI SR LI LI LI LI LI ES CL SR LI LI LI",
	"SA SR TW ES SR SR TW ES CL SR TW ES CL",
};

/* the same while secure_tcp is at work */
static const char *const expected_secure[TCP_S_MAX] = {
	"NO SR CL ES CL SS TW ES CL SA CL ES CL",
	"ES ES CW ES CL ES FW ES CL ES FW ES CL",
	"SS ES SS SS CL SS SS SS SS ES SS SS CL",
	"SR SR TW SR SR SA TW ES CL SR TW ES SR",
	"FW SR TW FW CL SS FW FW CL SA FW FW CL",
	"TW SR TW TW CL SS TW TW TW SA TW TW CL",
	"CL SR CL CL CL SS CL CL CL SA CL CL CL",
	"CW SR CW CW CL SS TW CW CL SA CW CW CL",
	"LA SR LA CL LA SS LA LA CL SA LA CL LA",
	"LI SR LI LI LI LI LI ES CL SA LI LI LI",
	"SA SA SA SA CL SA TW ES CL SA TW ES CL",
};

static void check_table(const char *const *want, bool secure)
{
	int state, side, event;
	char line[64];

	for (state = 0; state < TCP_S_MAX; state++) {
		strcpy(line, codes[state]);
		for (side = 0; side < TCP_SIDES; side++)
			for (event = 0; event < TCP_EVENTS; event++) {
				strcat(line, " ");
				strcat(line, codes[ip_vs_tcp_next(state, side, event, secure)]);
			}
		assert_string_equal(line, want[state]);
	}
}

static void every_cell_of_the_table(void **unused)
{
	check_table(expected, false);
}

static void every_cell_of_the_secure_table(void **unused)
{
	check_table(expected_secure, true);
}

static void the_first_flag_in_order_decides(void **unused)
{
	assert_int_equal(ip_vs_tcp_event(TCP_F_RST | TCP_F_SYN | TCP_F_FIN | TCP_F_ACK), TCP_E_RST);
	assert_int_equal(ip_vs_tcp_event(TCP_F_SYN | TCP_F_FIN | TCP_F_ACK), TCP_E_SYN);
	assert_int_equal(ip_vs_tcp_event(TCP_F_FIN | TCP_F_ACK), TCP_E_FIN);
	assert_int_equal(ip_vs_tcp_event(TCP_F_ACK), TCP_E_ACK);
	/* push and urgent are no events */
	assert_int_equal(ip_vs_tcp_event(0x28), TCP_E_NONE);
}

static void a_segment_without_any_flag_closes(void **unused)
{
	int state, side;

	for (state = 0; state < TCP_S_MAX; state++)
		for (side = 0; side < TCP_SIDES; side++)
			assert_int_equal(ip_vs_tcp_next(state, side, ip_vs_tcp_event(0), side & 1),
					 TCP_S_CLOSE);
}

struct step {
	enum ip_vs_tcp_side side;
	u8 flags;
	u8 state;
};

static void walk(const struct step *steps, size_t n, bool secure)
{
	u8 state = TCP_S_NONE;
	size_t i;

	for (i = 0; i < n; i++) {
		state = ip_vs_tcp_next(state, steps[i].side, ip_vs_tcp_event(steps[i].flags), secure);
		if (state != steps[i].state)
			fail_msg("step %zu: %s instead of %s", i, ip_vs_tcp_state_names[state],
				 ip_vs_tcp_state_names[steps[i].state]);
	}
}
#define WALK(steps) walk(steps, sizeof(steps) / sizeof((steps)[0]), false)
#define WALK_SECURE(steps) walk(steps, sizeof(steps) / sizeof((steps)[0]), true)

static void client_closes_first(void **unused)
{
	static const struct step steps[] = {
		{ TCP_FROM_CLIENT, TCP_F_SYN, TCP_S_SYN_RECV },
		{ TCP_FROM_SERVER, TCP_F_SYN | TCP_F_ACK, TCP_S_SYN_RECV },
		{ TCP_FROM_CLIENT, TCP_F_ACK, TCP_S_ESTABLISHED },
		{ TCP_FROM_SERVER, TCP_F_ACK, TCP_S_ESTABLISHED },
		{ TCP_FROM_CLIENT, TCP_F_FIN | TCP_F_ACK, TCP_S_CLOSE_WAIT },
		{ TCP_FROM_SERVER, TCP_F_FIN | TCP_F_ACK, TCP_S_TIME_WAIT },
		{ TCP_FROM_CLIENT, TCP_F_ACK, TCP_S_TIME_WAIT },
	};

	WALK(steps);
}

static void server_closes_first(void **unused)
{
	static const struct step steps[] = {
		{ TCP_FROM_CLIENT, TCP_F_SYN, TCP_S_SYN_RECV },
		{ TCP_FROM_CLIENT, TCP_F_ACK, TCP_S_ESTABLISHED },
		{ TCP_FROM_SERVER, TCP_F_FIN | TCP_F_ACK, TCP_S_FIN_WAIT },
		{ TCP_FROM_CLIENT, TCP_F_ACK, TCP_S_FIN_WAIT },
		{ TCP_FROM_CLIENT, TCP_F_FIN | TCP_F_ACK, TCP_S_TIME_WAIT },
	};

	WALK(steps);
}

static void server_refuses(void **unused)
{
	static const struct step steps[] = {
		{ TCP_FROM_CLIENT, TCP_F_SYN, TCP_S_SYN_RECV },
		{ TCP_FROM_SERVER, TCP_F_RST | TCP_F_ACK, TCP_S_CLOSE },
		{ TCP_FROM_CLIENT, TCP_F_SYN, TCP_S_SYN_RECV },
	};

	WALK(steps);
}

static void replies_that_are_not_seen(void **unused)
{
	static const struct step steps[] = {
		{ TCP_CLIENT_ONLY, TCP_F_SYN, TCP_S_SYN_RECV },
		{ TCP_CLIENT_ONLY, TCP_F_ACK, TCP_S_ESTABLISHED },
		{ TCP_CLIENT_ONLY, TCP_F_FIN | TCP_F_ACK, TCP_S_FIN_WAIT },
		{ TCP_CLIENT_ONLY, TCP_F_ACK, TCP_S_FIN_WAIT },
	};

	WALK(steps);
}

static void under_attack_the_server_has_the_last_word(void **unused)
{
	static const struct step seen[] = {
		{ TCP_FROM_CLIENT, TCP_F_SYN, TCP_S_SYN_RECV },
		{ TCP_FROM_SERVER, TCP_F_SYN | TCP_F_ACK, TCP_S_SYNACK },
		{ TCP_FROM_CLIENT, TCP_F_ACK, TCP_S_SYNACK },
		{ TCP_FROM_SERVER, TCP_F_ACK, TCP_S_ESTABLISHED },
	};
	static const struct step unseen[] = {
		{ TCP_CLIENT_ONLY, TCP_F_SYN, TCP_S_SYNACK },
		{ TCP_CLIENT_ONLY, TCP_F_ACK, TCP_S_ESTABLISHED },
	};

	WALK_SECURE(seen);
	WALK_SECURE(unseen);
}

static void states_that_count_as_active(void **unused)
{
	int state;

	for (state = 0; state < TCP_S_MAX; state++)
		assert_int_equal(ip_vs_tcp_is_active(state),
				 state == TCP_S_ESTABLISHED || state == TCP_S_SYN_SENT ||
				 state == TCP_S_SYN_RECV || state == TCP_S_SYNACK);
}

static void states_that_a_new_connection_may_replace(void **unused)
{
	int state;

	for (state = 0; state < TCP_S_MAX; state++) {
		bool over = state == TCP_S_TIME_WAIT || state == TCP_S_CLOSE;
		bool fin = state == TCP_S_FIN_WAIT;

		assert_int_equal(ip_vs_tcp_is_finished(state, false, 1), over);
		assert_int_equal(ip_vs_tcp_is_finished(state, true, 1), over);
		assert_int_equal(ip_vs_tcp_is_finished(state, false, 2), over);
		assert_int_equal(ip_vs_tcp_is_finished(state, true, 2), over || fin);
	}
}

static void timeouts_and_names(void **unused)
{
	static const struct { const char *name; unsigned int seconds; } table[TCP_S_MAX] = {
		{ "NONE", 2 }, { "ESTABLISHED", 900 }, { "SYN_SENT", 120 }, { "SYN_RECV", 60 },
		{ "FIN_WAIT", 120 }, { "TIME_WAIT", 120 }, { "CLOSE", 10 }, { "CLOSE_WAIT", 60 },
		{ "LAST_ACK", 30 }, { "LISTEN", 120 }, { "SYNACK", 120 },
	};
	int state;

	for (state = 0; state < TCP_S_MAX; state++) {
		assert_string_equal(ip_vs_tcp_state_names[state], table[state].name);
		assert_int_equal(ip_vs_tcp_timeouts[state], table[state].seconds);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_cell_of_the_table),
		cmocka_unit_test(every_cell_of_the_secure_table),
		cmocka_unit_test(the_first_flag_in_order_decides),
		cmocka_unit_test(a_segment_without_any_flag_closes),
		cmocka_unit_test(client_closes_first),
		cmocka_unit_test(server_closes_first),
		cmocka_unit_test(server_refuses),
		cmocka_unit_test(replies_that_are_not_seen),
		cmocka_unit_test(under_attack_the_server_has_the_last_word),
		cmocka_unit_test(states_that_count_as_active),
		cmocka_unit_test(states_that_a_new_connection_may_replace),
		cmocka_unit_test(timeouts_and_names),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
