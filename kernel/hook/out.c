// SPDX-License-Identifier: GPL-2.0-only
/*
 * The reply walk: a packet from a real server to a client.
 */
#include "base/knobs.h"
#include "conn/conn.h"
#include "hook/walk.h"
#include "packet/l3.h"
#include "proto/proto.h"
#include "sched/schedule.h"
#include "svc/real.h"
#include "trace.h"
#include "xmit/xmit.h"

/* No connection has it. If it comes from where a server of ours listens, that one may be told
 * that its client is not to be reached (nat_icmp_send).
 */
static enum ip_vs_verdict unknown(struct ip_vs_packet *pkt)
{
	const struct ip_vs_proto *proto = ip_vs_proto_find(pkt->proto);
	const struct ip_vs_tuple *t = &pkt->tuple;

	if (!ip_vs_knob(pkt->ipvs, nat_icmp_send) || !pkt->has_ports || pkt->later_fragment)
		return IP_VS_ACCEPT;
	if ((proto->is_reset && proto->is_reset(pkt)) ||
	    !ip_vs_real_find_nat(pkt->ipvs, t->af, &t->src, t->sport, pkt->proto))
		return IP_VS_ACCEPT;
	ip_vs_l3_error(pkt, IP_VS_ERR_PORT_UNREACH, 0);
	return ip_vs_drop(pkt, NO_CONN);
}

/* The connection lives for this packet only, and is in no table. */
static enum ip_vs_verdict one_packet(struct ip_vs_packet *pkt, struct ip_vs_conn *cp)
{
	enum ip_vs_verdict verdict = ip_vs_nat_reply(pkt, cp);

	if (verdict == IP_VS_CONTINUE) {
		ip_vs_conn_count_out(cp, pkt->skb->len);
		if (cp->control && ip_vs_conn_flags(cp) & IP_VS_CONN_F_UNPROVEN)
			ip_vs_conn_prove(cp);
		ip_vs_xmit_mark(pkt->skb, cp);
		verdict = IP_VS_ACCEPT;
	}
	ip_vs_conn_discard(cp);
	return verdict;
}

enum ip_vs_verdict ip_vs_reply(struct ip_vs_packet *pkt)
{
	enum ip_vs_parsed parsed = ip_vs_packet_parse(pkt);
	enum ip_vs_verdict verdict;
	struct ip_vs_conn *cp;
	int err;

	if (parsed == IP_VS_PARSED_FOREIGN)
		return ip_vs_icmp(pkt);
	if (parsed == IP_VS_PARSED_BAD)
		return IP_VS_ACCEPT;
	/* a later fragment names no ports: only the whole can be recognised */
	if (unlikely(pkt->fragment && pkt->has_ports)) {
		err = ip_vs_packet_defrag(pkt);
		if (err)
			return err == -EINPROGRESS ? IP_VS_STOLEN : ip_vs_drop(pkt, FRAGMENT);
	}
	cp = ip_vs_conn_find(pkt->ipvs, &pkt->tuple);
	if (!cp)
		cp = ip_vs_schedule_reply(pkt);
	if (!cp)
		return unknown(pkt);
	if (unlikely(ip_vs_conn_flags(cp) & IP_VS_CONN_F_ONE_PACKET))
		return one_packet(pkt, cp);
	if (ip_vs_conn_method(cp) == IP_VS_CONN_F_MASQ) {
		verdict = ip_vs_nat_reply(pkt, cp);
		if (verdict != IP_VS_CONTINUE)
			return verdict;
	}
	ip_vs_conn_count_out(cp, pkt->skb->len);
	ip_vs_proto_update(pkt, cp, true);
	ip_vs_xmit_mark(pkt->skb, cp);
	return IP_VS_ACCEPT;
}
