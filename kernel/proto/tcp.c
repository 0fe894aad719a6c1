// SPDX-License-Identifier: GPL-2.0-only
/*
 * TCP: which segments may start a connection; the states are in tcp_states.c.
 */
#include "base/knobs.h"
#include "proto/proto.h"
#include "proto/tcp_states.h"
#include "trace.h"

/* sloppy_tcp lets any segment but a RST in, for a director that takes over without sync. */
static enum ip_vs_verdict may_start(const struct ip_vs_packet *pkt)
{
	if (pkt->quoted)
		return IP_VS_CONTINUE;
	if (!pkt->whole)
		return ip_vs_drop(pkt, TRUNCATED);
	if (pkt->tcp_flags & TCP_F_RST)
		return IP_VS_ACCEPT;
	if (pkt->tcp_flags & TCP_F_SYN || ip_vs_knob(pkt->ipvs, sloppy_tcp))
		return IP_VS_CONTINUE;
	return IP_VS_ACCEPT;
}

static bool is_opener(const struct ip_vs_packet *pkt)
{
	return pkt->tcp_flags & TCP_F_SYN;
}

static bool is_reset(const struct ip_vs_packet *pkt)
{
	return pkt->tcp_flags & TCP_F_RST;
}

static u8 transition(const struct ip_vs_packet *pkt, u8 state, bool reply, bool no_reply)
{
	enum ip_vs_tcp_side side = reply ? TCP_FROM_SERVER :
				   no_reply ? TCP_CLIENT_ONLY : TCP_FROM_CLIENT;

	if (!pkt->whole)
		return state;
	return ip_vs_tcp_next(state, side, ip_vs_tcp_event(pkt->tcp_flags),
			      ip_vs_knob(pkt->ipvs, secure_tcp) > 1);
}

const struct ip_vs_proto ip_vs_proto_tcp = {
	.number			= IPPROTO_TCP,
	.nr_states		= TCP_S_MAX,
	.established		= TCP_S_ESTABLISHED,
	.name			= "TCP",
	.state_names		= ip_vs_tcp_state_names,
	.default_timeouts	= ip_vs_tcp_timeouts,
	.may_start		= may_start,
	.transition		= transition,
	.is_active		= ip_vs_tcp_is_active,
	.is_half_open		= ip_vs_tcp_is_half_open,
	.is_finished		= ip_vs_tcp_is_finished,
	.is_opener		= is_opener,
	.is_reset		= is_reset,
};
