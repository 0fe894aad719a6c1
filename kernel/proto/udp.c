// SPDX-License-Identifier: GPL-2.0-only
/*
 * UDP: one state, never active.
 */
#include "proto/proto.h"
#include "trace.h"

static const char *const state_names[] = { "UDP" };
static const u16 timeouts[] = { 5 * 60 };

static enum ip_vs_verdict may_start(const struct ip_vs_packet *pkt)
{
	return pkt->whole || pkt->quoted ? IP_VS_CONTINUE : ip_vs_drop(pkt, TRUNCATED);
}

const struct ip_vs_proto ip_vs_proto_udp = {
	.number			= IPPROTO_UDP,
	.nr_states		= ARRAY_SIZE(timeouts),
	.name			= "UDP",
	.state_names		= state_names,
	.default_timeouts	= timeouts,
	.may_start		= may_start,
};
