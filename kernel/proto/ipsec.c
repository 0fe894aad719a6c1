// SPDX-License-Identifier: GPL-2.0-only
/*
 * AH and ESP: no ports, no states. They go where the key exchange (UDP 500) between the same
 * addresses goes, and keep that connection alive.
 */
#include "proto/proto.h"

/* Whoever has not exchanged keys through us is not ours. */
static enum ip_vs_verdict may_start(const struct ip_vs_packet *pkt)
{
	return IP_VS_ACCEPT;
}

const struct ip_vs_proto ip_vs_proto_ah = {
	.number		= IPPROTO_AH,
	.name		= "IP_51",	/* as it always was in listings */
	.may_start	= may_start,
};

const struct ip_vs_proto ip_vs_proto_esp = {
	.number		= IPPROTO_ESP,
	.name		= "IP_50",
	.may_start	= may_start,
};
