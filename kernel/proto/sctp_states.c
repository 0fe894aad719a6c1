// SPDX-License-Identifier: GPL-2.0-only
/*
 * The SCTP states, their time-outs and what follows what.
 *
 * One state stands for both ends. Names from the server's answers (C-SENT: it sent a cookie) are
 * reached by its packets; a client whose replies are not seen is believed step by step. The odd
 * cells: data on a connection without state is that of an association that another director
 * began; an ABORT of the server to the very first INIT is a refusal (REJECTED), not an end.
 */
#include "proto/sctp_states.h"

const char *const ip_vs_sctp_state_names[SCTP_S_MAX] = {
	[SCTP_S_NONE] = "NONE",
	[SCTP_S_INIT1] = "INIT1",
	[SCTP_S_INIT] = "INIT",
	[SCTP_S_COOKIE_SENT] = "C-SENT",
	[SCTP_S_COOKIE_REPLIED] = "C-REPLIED",
	[SCTP_S_COOKIE_WAIT] = "C-WAIT",
	[SCTP_S_COOKIE] = "COOKIE",
	[SCTP_S_COOKIE_ECHOED] = "C-ECHOED",
	[SCTP_S_ESTABLISHED] = "ESTABLISHED",
	[SCTP_S_SHUTDOWN_SENT] = "S-SENT",
	[SCTP_S_SHUTDOWN_RECEIVED] = "S-RECEIVED",
	[SCTP_S_SHUTDOWN_ACK_SENT] = "S-ACK-SENT",
	[SCTP_S_REJECTED] = "REJECTED",
	[SCTP_S_CLOSED] = "CLOSED",
};

/* seconds */
const u16 ip_vs_sctp_timeouts[SCTP_S_MAX] = {
	[SCTP_S_NONE] = 2,
	[SCTP_S_INIT1] = 4,
	[SCTP_S_INIT] = 61,
	[SCTP_S_COOKIE_SENT] = 61,
	[SCTP_S_COOKIE_REPLIED] = 61,
	[SCTP_S_COOKIE_WAIT] = 61,
	[SCTP_S_COOKIE] = 61,
	[SCTP_S_COOKIE_ECHOED] = 61,
	[SCTP_S_ESTABLISHED] = 900,
	[SCTP_S_SHUTDOWN_SENT] = 61,
	[SCTP_S_SHUTDOWN_RECEIVED] = 61,
	[SCTP_S_SHUTDOWN_ACK_SENT] = 61,
	[SCTP_S_REJECTED] = 4,
	[SCTP_S_CLOSED] = 61,
};

#define NO SCTP_S_NONE
#define I1 SCTP_S_INIT1
#define IN SCTP_S_INIT
#define CS SCTP_S_COOKIE_SENT
#define CR SCTP_S_COOKIE_REPLIED
#define CW SCTP_S_COOKIE_WAIT
#define CO SCTP_S_COOKIE
#define CE SCTP_S_COOKIE_ECHOED
#define ES SCTP_S_ESTABLISHED
#define SS SCTP_S_SHUTDOWN_SENT
#define SR SCTP_S_SHUTDOWN_RECEIVED
#define SA SCTP_S_SHUTDOWN_ACK_SENT
#define RJ SCTP_S_REJECTED
#define CL SCTP_S_CLOSED

static const u8 next[SCTP_SIDES][SCTP_S_MAX][SCTP_NR_EVENTS] = {
	[SCTP_FROM_CLIENT] = {
		/*     DATA INI IAC CEC CAC SHU SAC SCO ERR ABO */
		[NO] = { ES, I1, CW, CR, ES, SR, CL, CL, CL, CL },
		[I1] = { I1, IN, CW, IN, I1, I1, IN, CL, I1, CL },
		[IN] = { IN, IN, CW, IN, IN, IN, IN, CL, IN, CL },
		[CS] = { CS, CS, CS, CR, CS, CS, CS, CS, CS, CL },
		[CR] = { CR, CR, CR, CR, CR, CR, CR, CR, CR, CL },
		[CW] = { CW, CW, CO, CW, CW, CW, CW, CW, CW, RJ },
		[CO] = { CO, CO, CO, CO, CO, CO, CO, CO, CO, CL },
		[CE] = { CE, CE, CE, CE, ES, CE, CE, CE, CL, CL },
		[ES] = { ES, ES, ES, ES, ES, SR, ES, ES, ES, CL },
		[SS] = { SS, SS, SS, SS, SS, SS, CL, SS, SS, CL },
		[SR] = { SR, SR, SR, SR, SR, SR, SR, SR, SR, CL },
		[SA] = { SA, SA, SA, SA, SA, SA, CL, CL, SA, CL },
		[RJ] = { RJ, IN, RJ, RJ, RJ, RJ, RJ, RJ, RJ, CL },
		[CL] = { CL, IN, CL, CL, CL, CL, CL, CL, CL, CL },
	},
	[SCTP_FROM_SERVER] = {
		/*     DATA INI IAC CEC CAC SHU SAC SCO ERR ABO */
		[NO] = { ES, CW, CS, CE, ES, SS, SA, CL, CL, CL },
		[I1] = { I1, CW, CS, CE, ES, SS, SA, I1, CL, RJ },
		[IN] = { IN, CW, CS, CE, ES, SS, SA, IN, CL, CL },
		[CS] = { CS, CW, CS, CE, ES, SS, SA, CS, CL, CL },
		[CR] = { CR, CW, CR, CE, ES, SS, SA, CR, CL, CL },
		[CW] = { CW, CW, CW, CE, ES, SS, CW, CW, CW, CL },
		[CO] = { CO, CW, CO, CE, ES, SS, CO, CO, CO, CL },
		[CE] = { CE, CW, CE, CE, ES, SS, CE, CE, CE, CL },
		[ES] = { ES, ES, ES, ES, ES, SS, ES, ES, ES, CL },
		[SS] = { SS, CW, SS, SS, SS, SS, SA, SS, SS, CL },
		[SR] = { SR, CW, SR, SR, SR, SR, SA, SR, SR, CL },
		[SA] = { SA, CW, SA, SA, SA, SA, SA, SA, SA, CL },
		[RJ] = { RJ, CW, RJ, RJ, RJ, RJ, RJ, RJ, RJ, CL },
		[CL] = { CL, CW, CL, CL, CL, CL, CL, CL, CL, CL },
	},
	[SCTP_CLIENT_ONLY] = {
		/*     DATA INI IAC CEC CAC SHU SAC SCO ERR ABO */
		[NO] = { ES, I1, CE, ES, ES, SR, CL, CL, CL, CL },
		[I1] = { I1, IN, CE, ES, I1, I1, IN, CL, I1, CL },
		[IN] = { IN, IN, CE, ES, IN, IN, IN, CL, IN, CL },
		[CS] = { CS, IN, CE, ES, ES, CS, CS, CL, CS, CL },
		[CR] = { CR, IN, CE, ES, ES, CR, CR, CL, CR, CL },
		[CW] = { ES, IN, CE, ES, CW, CW, CW, CW, CW, RJ },
		[CO] = { CO, CO, CO, CO, ES, CO, CO, CO, CO, CL },
		[CE] = { CE, CE, CE, CE, ES, CE, CE, CE, CE, CL },
		[ES] = { ES, ES, ES, ES, ES, SR, CL, ES, ES, CL },
		[SS] = { SS, SS, SS, SS, SS, SS, CL, SS, SS, CL },
		[SR] = { SR, SR, SR, SR, SR, SR, SR, CL, SR, CL },
		[SA] = { SA, SA, SA, SA, SA, SA, CL, CL, SA, CL },
		[RJ] = { RJ, IN, RJ, RJ, RJ, RJ, RJ, RJ, RJ, CL },
		[CL] = { CL, IN, CL, CL, CL, CL, CL, CL, CL, CL },
	},
};

enum ip_vs_sctp_event ip_vs_sctp_event(u8 chunk_type)
{
	static const u8 event[] = {
		[1]	= SCTP_E_INIT,
		[2]	= SCTP_E_INIT_ACK,
		[6]	= SCTP_E_ABORT,
		[7]	= SCTP_E_SHUTDOWN,
		[8]	= SCTP_E_SHUTDOWN_ACK,
		[9]	= SCTP_E_ERROR,
		[10]	= SCTP_E_COOKIE_ECHO,
		[11]	= SCTP_E_COOKIE_ACK,
		[14]	= SCTP_E_SHUTDOWN_COMPLETE,
	};

	return chunk_type < sizeof(event) ? event[chunk_type] : SCTP_E_DATA;
}

/* Both may be bundled with what ends the association at once. */
bool ip_vs_sctp_looks_further(u8 chunk_type)
{
	return chunk_type == 10 || chunk_type == 11;
}

/* The state after @event in @state; both must be valid. */
u8 ip_vs_sctp_next(u8 state, enum ip_vs_sctp_side side, enum ip_vs_sctp_event event)
{
	return next[side][state][event];
}
