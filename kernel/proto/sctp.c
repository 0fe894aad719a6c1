// SPDX-License-Identifier: GPL-2.0-only
/*
 * SCTP: which packets may start an association; the states are in sctp_states.c.
 */
#include <linux/sctp.h>

#include "base/knobs.h"
#include "proto/proto.h"
#include "proto/sctp_states.h"
#include "trace.h"

/* Type and length of the chunk at @offset into the transport header. */
static const struct sctp_chunkhdr *chunk(const struct ip_vs_packet *pkt, unsigned int offset,
					 struct sctp_chunkhdr *buf)
{
	return ip_vs_packet_l4(pkt, offset, sizeof(*buf), buf);
}

/* sloppy_sctp lets any packet but an ABORT in, as sloppy_tcp does. */
static enum ip_vs_verdict may_start(const struct ip_vs_packet *pkt)
{
	const struct sctp_chunkhdr *first;
	struct sctp_chunkhdr buf;

	if (pkt->quoted)
		return IP_VS_CONTINUE;
	first = chunk(pkt, sizeof(struct sctphdr), &buf);
	if (!first)
		return ip_vs_drop(pkt, TRUNCATED);
	if (first->type == SCTP_CHUNK_ABORT)
		return IP_VS_ACCEPT;
	if (first->type == SCTP_CHUNK_INIT || ip_vs_knob(pkt->ipvs, sloppy_sctp))
		return IP_VS_CONTINUE;
	return IP_VS_ACCEPT;
}

static bool begins_with(const struct ip_vs_packet *pkt, u8 type)
{
	struct sctp_chunkhdr buf;
	const struct sctp_chunkhdr *first = chunk(pkt, sizeof(struct sctphdr), &buf);

	return first && first->type == type;
}

static bool is_opener(const struct ip_vs_packet *pkt)
{
	return begins_with(pkt, SCTP_CHUNK_INIT);
}

static bool is_reset(const struct ip_vs_packet *pkt)
{
	return begins_with(pkt, SCTP_CHUNK_ABORT);
}

/* Chunks begin at multiples of four bytes. */
static enum ip_vs_sctp_event event(const struct ip_vs_packet *pkt, const struct sctp_chunkhdr *first)
{
	unsigned int len = ntohs(first->length);
	const struct sctp_chunkhdr *second;
	struct sctp_chunkhdr buf;

	if (ip_vs_sctp_looks_further(first->type) && len >= sizeof(*first)) {
		second = chunk(pkt, sizeof(struct sctphdr) + ALIGN(len, 4), &buf);
		if (second && second->type == SCTP_CHUNK_ABORT)
			return SCTP_E_ABORT;
	}
	return ip_vs_sctp_event(first->type);
}

static u8 transition(const struct ip_vs_packet *pkt, u8 state, bool reply, bool no_reply)
{
	enum ip_vs_sctp_side side = reply ? SCTP_FROM_SERVER :
				    no_reply ? SCTP_CLIENT_ONLY : SCTP_FROM_CLIENT;
	const struct sctp_chunkhdr *first;
	struct sctp_chunkhdr buf;

	first = pkt->later_fragment ? NULL : chunk(pkt, sizeof(struct sctphdr), &buf);
	return first ? ip_vs_sctp_next(state, side, event(pkt, first)) : state;
}

static bool is_active(u8 state)
{
	return state == SCTP_S_ESTABLISHED;
}

static bool is_half_open(u8 state)
{
	return state == SCTP_S_INIT1 || state == SCTP_S_INIT;
}

static bool is_finished(u8 state, bool no_reply, int reuse_mode)
{
	return state == SCTP_S_CLOSED;
}

const struct ip_vs_proto ip_vs_proto_sctp = {
	.number			= IPPROTO_SCTP,
	.nr_states		= SCTP_S_MAX,
	.established		= SCTP_S_ESTABLISHED,
	.name			= "SCTP",
	.state_names		= ip_vs_sctp_state_names,
	.default_timeouts	= ip_vs_sctp_timeouts,
	.may_start		= may_start,
	.transition		= transition,
	.is_active		= is_active,
	.is_half_open		= is_half_open,
	.is_finished		= is_finished,
	.is_opener		= is_opener,
	.is_reset		= is_reset,
};
