// SPDX-License-Identifier: GPL-2.0-only
/*
 * The SCTP state machine: every cell of its tables, spelled as an operator reads states, and
 * the sequences of real associations.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdbool.h>
#include <cmocka.h>
#include <stdio.h>
#include <string.h>

#include "proto/sctp_states.c"

static const char codes[SCTP_S_MAX][3] = {
	"NO", "I1", "IN", "CS", "CR", "CW", "CO", "CE", "ES", "SS", "SR", "SA", "RJ", "CL",
};

/* state: DATA INIT INIT-ACK COOKIE-ECHO COOKIE-ACK SHUTDOWN SHUTDOWN-ACK SHUTDOWN-COMPLETE ERROR ABORT */
static const char *const expected[SCTP_SIDES][SCTP_S_MAX] = {
	[SCTP_FROM_CLIENT] = {
		"NO ES I1 CW CR ES SR CL CL CL CL",
		"I1 I1 IN CW IN I1 I1 IN CL I1 CL",
		"IN IN IN CW IN IN IN IN CL IN CL",
		"CS CS CS CS CR CS CS CS CS CS CL",
		"CR CR CR CR CR CR CR CR CR CR CL",
		"CW CW CW CO CW CW CW CW CW CW RJ",
		"CO CO CO CO CO CO CO CO CO CO CL",
		"CE CE CE CE CE ES CE CE CE CL CL",
		"ES ES ES ES ES ES SR ES ES ES CL",
		"SS SS SS SS SS SS SS CL SS SS CL",
		"SR SR SR SR SR SR SR SR SR SR CL",
		"SA SA SA SA SA SA SA CL CL SA CL",
		"RJ RJ IN RJ RJ RJ RJ RJ RJ RJ CL",
		"CL CL IN CL CL CL CL CL CL CL CL",
	},
	[SCTP_FROM_SERVER] = {
		"NO ES CW CS CE ES SS SA CL CL CL",
		"I1 I1 CW CS CE ES SS SA I1 CL RJ",
		"IN IN CW CS CE ES SS SA IN CL CL",
		"CS CS CW CS CE ES SS SA CS CL CL",
		"CR CR CW CR CE ES SS SA CR CL CL",
		"CW CW CW CW CE ES SS CW CW CW CL",
		"CO CO CW CO CE ES SS CO CO CO CL",
		"CE CE CW CE CE ES SS CE CE CE CL",
		"ES ES ES ES ES ES SS ES ES ES CL",
		"SS SS CW SS SS SS SS SA SS SS CL",
		"SR SR CW SR SR SR SR SA SR SR CL",
		"SA SA CW SA SA SA SA SA SA SA CL",
		"RJ RJ CW RJ RJ RJ RJ RJ RJ RJ CL",
		"CL CL CW CL CL CL CL CL CL CL CL",
	},
	[SCTP_CLIENT_ONLY] = {
		"NO ES I1 CE ES ES SR CL CL CL CL",
		"I1 I1 IN CE ES I1 I1 IN CL I1 CL",
		"IN IN IN CE ES IN IN IN CL IN CL",
		"CS CS IN CE ES ES CS CS CL CS CL",
		"CR CR IN CE ES ES CR CR CL CR CL",
		"CW ES IN CE ES CW CW CW CW CW RJ",
		"CO CO CO CO CO ES CO CO CO CO CL",
		"CE CE CE CE CE ES CE CE CE CE CL",
		"ES ES ES ES ES ES SR CL ES ES CL",
		"SS SS SS SS SS SS SS CL SS SS CL",
		"SR SR SR SR SR SR SR SR CL SR CL",
		"SA SA SA SA SA SA SA CL CL SA CL",
		"RJ RJ IN RJ RJ RJ RJ RJ RJ RJ CL",
		"CL CL IN CL CL CL CL CL CL CL CL",
	},
};

static void every_cell_of_the_tables(void **unused)
{
	int state, side, event;
	char line[64];

	for (side = 0; side < SCTP_SIDES; side++)
		for (state = 0; state < SCTP_S_MAX; state++) {
			strcpy(line, codes[state]);
			for (event = 0; event < SCTP_NR_EVENTS; event++) {
				strcat(line, " ");
				strcat(line, codes[ip_vs_sctp_next(state, side, event)]);
			}
			assert_string_equal(line, expected[side][state]);
		}
}

/* Walk from NONE through "side chunk" pairs and spell the states. */
static const char *walk(const u8 (*steps)[2], int n)
{
	static char line[64];
	u8 state = SCTP_S_NONE;
	int i;

	line[0] = 0;
	for (i = 0; i < n; i++) {
		state = ip_vs_sctp_next(state, steps[i][0], ip_vs_sctp_event(steps[i][1]));
		strcat(line, i ? " " : "");
		strcat(line, codes[state]);
	}
	return line;
}
#define WALK(...) walk((const u8[][2]){ __VA_ARGS__ }, sizeof((const u8[][2]){ __VA_ARGS__ }) / 2)

#define C SCTP_FROM_CLIENT
#define S SCTP_FROM_SERVER
#define O SCTP_CLIENT_ONLY

static void an_association_opens_and_closes(void **unused)
{
	/* INIT, INIT-ACK, COOKIE-ECHO, COOKIE-ACK, DATA, SHUTDOWN, SHUTDOWN-ACK, SHUTDOWN-COMPLETE */
	assert_string_equal(WALK({ C, 1 }, { S, 2 }, { C, 10 }, { S, 11 }, { C, 0 }, { C, 7 }, { S, 8 }, { C, 14 }),
			    "I1 CS CR ES ES SR SA CL");
	assert_string_equal(WALK({ O, 1 }, { O, 10 }, { O, 0 }, { O, 7 }, { O, 14 }), "I1 ES ES SR CL");
	assert_string_equal(WALK({ C, 1 }, { S, 6 }), "I1 RJ");
}

static void unknown_chunks_are_data(void **unused)
{
	assert_int_equal(ip_vs_sctp_event(0), SCTP_E_DATA);
	assert_int_equal(ip_vs_sctp_event(3), SCTP_E_DATA);
	assert_int_equal(ip_vs_sctp_event(4), SCTP_E_DATA);
	assert_int_equal(ip_vs_sctp_event(0xc1), SCTP_E_DATA);
	assert_int_equal(ip_vs_sctp_event(255), SCTP_E_DATA);
}

static void time_outs_and_names(void **unused)
{
	assert_int_equal(ip_vs_sctp_timeouts[SCTP_S_NONE], 2);
	assert_int_equal(ip_vs_sctp_timeouts[SCTP_S_INIT1], 4);
	assert_int_equal(ip_vs_sctp_timeouts[SCTP_S_REJECTED], 4);
	assert_int_equal(ip_vs_sctp_timeouts[SCTP_S_ESTABLISHED], 900);
	assert_int_equal(ip_vs_sctp_timeouts[SCTP_S_CLOSED], 61);
	assert_string_equal(ip_vs_sctp_state_names[SCTP_S_COOKIE_SENT], "C-SENT");
	assert_string_equal(ip_vs_sctp_state_names[SCTP_S_SHUTDOWN_ACK_SENT], "S-ACK-SENT");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_cell_of_the_tables),
		cmocka_unit_test(an_association_opens_and_closes),
		cmocka_unit_test(unknown_chunks_are_data),
		cmocka_unit_test(time_outs_and_names),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
