/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The TCP state machine as IPVS sees it: pure data and one function, also built
 * in user space for its tests. Numbers are visible in the sync protocol.
 */
#ifndef IP_VS_TCP_STATES_H
#define IP_VS_TCP_STATES_H

#include <linux/types.h>

enum ip_vs_tcp_state {
	TCP_S_NONE,
	TCP_S_ESTABLISHED,
	TCP_S_SYN_SENT,
	TCP_S_SYN_RECV,
	TCP_S_FIN_WAIT,
	TCP_S_TIME_WAIT,
	TCP_S_CLOSE,
	TCP_S_CLOSE_WAIT,
	TCP_S_LAST_ACK,
	TCP_S_LISTEN,
	TCP_S_SYNACK,
	TCP_S_MAX
};

/* Whose packet it is. A connection whose replies do not pass the director (direct routing,
 * tunnelling) is judged by the client's packets alone.
 */
enum ip_vs_tcp_side { TCP_FROM_CLIENT, TCP_FROM_SERVER, TCP_CLIENT_ONLY, TCP_SIDES };

/* The first flag set in this order decides; a segment with none of them closes. */
enum ip_vs_tcp_event { TCP_E_SYN, TCP_E_FIN, TCP_E_ACK, TCP_E_RST, TCP_EVENTS, TCP_E_NONE = TCP_EVENTS };

#define TCP_F_FIN	0x01
#define TCP_F_SYN	0x02
#define TCP_F_RST	0x04
#define TCP_F_ACK	0x10

enum ip_vs_tcp_event ip_vs_tcp_event(u8 flags);
u8 ip_vs_tcp_next(u8 state, enum ip_vs_tcp_side side, enum ip_vs_tcp_event event, bool secure);
bool ip_vs_tcp_is_active(u8 state);
bool ip_vs_tcp_is_half_open(u8 state);
bool ip_vs_tcp_is_finished(u8 state, bool no_reply, int reuse_mode);

extern const char *const ip_vs_tcp_state_names[TCP_S_MAX];
extern const u16 ip_vs_tcp_timeouts[TCP_S_MAX];

#endif
