// SPDX-License-Identifier: GPL-2.0-only
/*
 * The TCP states, their time-outs and what follows what.
 *
 * IPVS is not an end point. It sees each segment once, checks neither sequence numbers
 * nor windows, and must never forget a connection that still lives. Hence the odd cells:
 *  - anything but a SYN on a connection without state (a failover, a table that was
 *    emptied) is believed: an ACK makes it established;
 *  - a SYN from the client always begins anew, except while established, where it may be
 *    forged or old;
 *  - a RST of the client before it was answered changes nothing, the answer may be on its way.
 */
#include "proto/tcp_states.h"

const char *const ip_vs_tcp_state_names[TCP_S_MAX] = {
	[TCP_S_NONE]		= "NONE",
	[TCP_S_ESTABLISHED]	= "ESTABLISHED",
	[TCP_S_SYN_SENT]	= "SYN_SENT",
	[TCP_S_SYN_RECV]	= "SYN_RECV",
	[TCP_S_FIN_WAIT]	= "FIN_WAIT",
	[TCP_S_TIME_WAIT]	= "TIME_WAIT",
	[TCP_S_CLOSE]		= "CLOSE",
	[TCP_S_CLOSE_WAIT]	= "CLOSE_WAIT",
	[TCP_S_LAST_ACK]	= "LAST_ACK",
	[TCP_S_LISTEN]		= "LISTEN",
	[TCP_S_SYNACK]		= "SYNACK",
};

/* seconds */
const u16 ip_vs_tcp_timeouts[TCP_S_MAX] = {
	[TCP_S_NONE]		= 2,
	[TCP_S_ESTABLISHED]	= 15 * 60,
	[TCP_S_SYN_SENT]	= 2 * 60,
	[TCP_S_SYN_RECV]	= 60,
	[TCP_S_FIN_WAIT]	= 2 * 60,
	[TCP_S_TIME_WAIT]	= 2 * 60,
	[TCP_S_CLOSE]		= 10,
	[TCP_S_CLOSE_WAIT]	= 60,
	[TCP_S_LAST_ACK]	= 30,
	[TCP_S_LISTEN]		= 2 * 60,
	[TCP_S_SYNACK]		= 2 * 60,
};

#define NO TCP_S_NONE
#define ES TCP_S_ESTABLISHED
#define SS TCP_S_SYN_SENT
#define SR TCP_S_SYN_RECV
#define FW TCP_S_FIN_WAIT
#define TW TCP_S_TIME_WAIT
#define CL TCP_S_CLOSE
#define CW TCP_S_CLOSE_WAIT
#define LA TCP_S_LAST_ACK
#define LI TCP_S_LISTEN
#define SA TCP_S_SYNACK

static const u8 next[TCP_S_MAX][TCP_SIDES][TCP_EVENTS] = {
	/*	   from client: SYN FIN ACK RST   from server: SYN FIN ACK RST   client only: SYN FIN ACK RST */
	[NO] = { { SR, CL, ES, CL }, { SS, TW, ES, CL }, { SR, CL, ES, CL } },
	[ES] = { { ES, CW, ES, CL }, { ES, FW, ES, CL }, { ES, FW, ES, CL } },
	[SS] = { { ES, SS, SS, CL }, { SS, SS, SS, SS }, { ES, SS, SS, CL } },
	[SR] = { { SR, TW, ES, SR }, { SR, TW, ES, CL }, { SR, TW, ES, SR } },
	[FW] = { { SR, TW, FW, CL }, { SS, FW, FW, CL }, { SR, FW, FW, CL } },
	[TW] = { { SR, TW, TW, CL }, { SS, TW, TW, TW }, { SR, TW, TW, CL } },
	[CL] = { { SR, CL, CL, CL }, { SS, CL, CL, CL }, { SR, CL, CL, CL } },
	[CW] = { { SR, CW, CW, CL }, { SS, TW, CW, CL }, { SR, CW, CW, CL } },
	[LA] = { { SR, LA, CL, LA }, { SS, LA, LA, CL }, { SR, LA, CL, LA } },
	[LI] = { { SR, LI, LI, LI }, { LI, LI, ES, CL }, { SR, LI, LI, LI } },
	[SA] = { { SR, TW, ES, SR }, { SR, TW, ES, CL }, { SR, TW, ES, CL } },
};

/* Under attack (secure_tcp) a connection counts as established only when its server has
 * acknowledged something; where the server is not seen, when the client has.
 */
static const u8 next_secure[TCP_S_MAX][TCP_SIDES][TCP_EVENTS] = {
	[NO] = { { SR, CL, ES, CL }, { SS, TW, ES, CL }, { SA, CL, ES, CL } },
	[ES] = { { ES, CW, ES, CL }, { ES, FW, ES, CL }, { ES, FW, ES, CL } },
	[SS] = { { ES, SS, SS, CL }, { SS, SS, SS, SS }, { ES, SS, SS, CL } },
	[SR] = { { SR, TW, SR, SR }, { SA, TW, ES, CL }, { SR, TW, ES, SR } },
	[FW] = { { SR, TW, FW, CL }, { SS, FW, FW, CL }, { SA, FW, FW, CL } },
	[TW] = { { SR, TW, TW, CL }, { SS, TW, TW, TW }, { SA, TW, TW, CL } },
	[CL] = { { SR, CL, CL, CL }, { SS, CL, CL, CL }, { SA, CL, CL, CL } },
	[CW] = { { SR, CW, CW, CL }, { SS, TW, CW, CL }, { SA, CW, CW, CL } },
	[LA] = { { SR, LA, CL, LA }, { SS, LA, LA, CL }, { SA, LA, CL, LA } },
	[LI] = { { SR, LI, LI, LI }, { LI, LI, ES, CL }, { SA, LI, LI, LI } },
	[SA] = { { SA, SA, SA, CL }, { SA, TW, ES, CL }, { SA, TW, ES, CL } },
};

/* What a segment with these flags means. */
enum ip_vs_tcp_event ip_vs_tcp_event(u8 flags)
{
	if (flags & TCP_F_RST)
		return TCP_E_RST;
	if (flags & TCP_F_SYN)
		return TCP_E_SYN;
	if (flags & TCP_F_FIN)
		return TCP_E_FIN;
	if (flags & TCP_F_ACK)
		return TCP_E_ACK;
	return TCP_E_NONE;
}

/* The state after @event in @state; @state must be a valid one. */
u8 ip_vs_tcp_next(u8 state, enum ip_vs_tcp_side side, enum ip_vs_tcp_event event, bool secure)
{
	if (event == TCP_E_NONE)
		return CL;
	return secure ? next_secure[state][side][event] : next[state][side][event];
}

bool ip_vs_tcp_is_active(u8 state)
{
	return state == ES || state == SS || state == SR || state == SA;
}

bool ip_vs_tcp_is_half_open(u8 state)
{
	return state == SR || state == SA;
}

/* Mode bit 1 adds connections whose replies are not seen: the server may have closed. */
bool ip_vs_tcp_is_finished(u8 state, bool no_reply, int reuse_mode)
{
	return state == TW || state == CL || ((reuse_mode & 2) && state == FW && no_reply);
}
