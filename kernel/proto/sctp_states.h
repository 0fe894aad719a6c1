/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The SCTP state machine as IPVS sees it: pure data and functions, also built in user space
 * for its tests. Numbers are visible in the sync protocol.
 */
#ifndef IP_VS_SCTP_STATES_H
#define IP_VS_SCTP_STATES_H

#include <linux/types.h>

enum ip_vs_sctp_state {
	SCTP_S_NONE,
	SCTP_S_INIT1,
	SCTP_S_INIT,
	SCTP_S_COOKIE_SENT,
	SCTP_S_COOKIE_REPLIED,
	SCTP_S_COOKIE_WAIT,
	SCTP_S_COOKIE,
	SCTP_S_COOKIE_ECHOED,
	SCTP_S_ESTABLISHED,
	SCTP_S_SHUTDOWN_SENT,
	SCTP_S_SHUTDOWN_RECEIVED,
	SCTP_S_SHUTDOWN_ACK_SENT,
	SCTP_S_REJECTED,
	SCTP_S_CLOSED,
	SCTP_S_MAX
};

/* Whose packet it is, as for TCP. */
enum ip_vs_sctp_side { SCTP_FROM_CLIENT, SCTP_FROM_SERVER, SCTP_CLIENT_ONLY, SCTP_SIDES };

/* What a packet means is told by its first chunk. All that is not named here is data. */
enum ip_vs_sctp_event {
	SCTP_E_DATA,
	SCTP_E_INIT,
	SCTP_E_INIT_ACK,
	SCTP_E_COOKIE_ECHO,
	SCTP_E_COOKIE_ACK,
	SCTP_E_SHUTDOWN,
	SCTP_E_SHUTDOWN_ACK,
	SCTP_E_SHUTDOWN_COMPLETE,
	SCTP_E_ERROR,
	SCTP_E_ABORT,
	SCTP_NR_EVENTS
};

/* Chunk types (RFC 9260) that need naming outside the table. */
#define SCTP_CHUNK_INIT		1
#define SCTP_CHUNK_ABORT	6

enum ip_vs_sctp_event ip_vs_sctp_event(u8 chunk_type);
/* May another chunk behind this one decide instead (if it aborts)? */
bool ip_vs_sctp_looks_further(u8 chunk_type);
u8 ip_vs_sctp_next(u8 state, enum ip_vs_sctp_side side, enum ip_vs_sctp_event event);

extern const char *const ip_vs_sctp_state_names[SCTP_S_MAX];
extern const u16 ip_vs_sctp_timeouts[SCTP_S_MAX];

#endif
