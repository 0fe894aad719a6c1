// SPDX-License-Identifier: GPL-2.0-only
/*
 * The request walk: a packet from a client to a service.
 */
#include "conn/conn.h"
#include "hook/walk.h"
#include "packet/l3.h"
#include "proto/proto.h"
#include "sched/schedule.h"
#include "sync/sync.h"
#include "trace.h"
#include "xmit/xmit.h"

#define FTP_PORT 21

/* The service is there, but nobody to serve. An FTP service also catches the ports of data
 * connections; those it does not know are the local stack's.
 */
static enum ip_vs_verdict leave(struct ip_vs_packet *pkt, const struct ip_vs_service *svc)
{
	if (svc->key.port == htons(FTP_PORT) && pkt->tuple.dport != htons(FTP_PORT))
		return IP_VS_ACCEPT;
	ip_vs_l3_error(pkt, IP_VS_ERR_PORT_UNREACH, 0);
	return ip_vs_drop(pkt, NO_DEST);
}

/* The connection of @pkt, made if need be. CONTINUE with *cpp set, or a final verdict. */
static enum ip_vs_verdict connection(struct ip_vs_packet *pkt, struct ip_vs_conn **cpp)
{
	struct ip_vs_scheduled scheduled = { };
	enum ip_vs_verdict verdict;

	*cpp = ip_vs_conn_find(pkt->ipvs, &pkt->tuple);
	if (*cpp) {
		verdict = ip_vs_conn_reuse(pkt, cpp);
		if (verdict != IP_VS_CONTINUE || *cpp)
			return verdict;
	}
	if (pkt->later_fragment)
		return IP_VS_ACCEPT;
	verdict = ip_vs_schedule(pkt, &scheduled);
	if (verdict != IP_VS_CONTINUE)
		return verdict;
	if (!scheduled.cp)
		return leave(pkt, scheduled.svc);
	*cpp = scheduled.cp;
	return IP_VS_CONTINUE;
}

/* The connection lives for this packet only, and is in no table. Its template counts. */
static enum ip_vs_verdict one_packet(struct ip_vs_packet *pkt, struct ip_vs_conn *cp)
{
	enum ip_vs_verdict verdict;

	ip_vs_conn_count_in(cp, pkt->skb->len);
	if (cp->control) {
		ip_vs_conn_count_packet(cp->control);
		ip_vs_sync_conn(pkt->ipvs, cp->control, READ_ONCE(cp->control->in_pkts));
	}
	verdict = ip_vs_xmit(pkt, cp);
	ip_vs_conn_discard(cp);
	return verdict;
}

enum ip_vs_verdict ip_vs_request(struct ip_vs_packet *pkt)
{
	enum ip_vs_parsed parsed = ip_vs_packet_parse(pkt);
	enum ip_vs_verdict verdict;
	struct ip_vs_conn *cp;
	int err;

	if (parsed == IP_VS_PARSED_FOREIGN)
		return ip_vs_icmp(pkt);
	if (parsed == IP_VS_PARSED_BAD)
		return IP_VS_ACCEPT;
	if (unlikely(pkt->fragment && pkt->has_ports)) {
		err = ip_vs_packet_defrag(pkt);
		if (err)
			return err == -EINPROGRESS ? IP_VS_STOLEN : ip_vs_drop(pkt, FRAGMENT);
	}
	verdict = connection(pkt, &cp);
	if (verdict != IP_VS_CONTINUE)
		return verdict;
	if (unlikely(ip_vs_conn_flags(cp) & IP_VS_CONN_F_ONE_PACKET))
		return one_packet(pkt, cp);
	ip_vs_conn_count_in(cp, pkt->skb->len);
	ip_vs_conn_count_packet(cp);
	ip_vs_proto_update(pkt, cp, false);
	ip_vs_sync_conn(pkt->ipvs, cp, READ_ONCE(cp->in_pkts));
	ip_vs_conn_claim_replies(cp);
	return ip_vs_xmit(pkt, cp);
}

/* Errors about requests whose virtual address is not this host's own (services by mark)
 * come by on their way elsewhere. Nothing else is looked at there.
 */
enum ip_vs_verdict ip_vs_forwarded(struct ip_vs_packet *pkt)
{
	if (ip_vs_packet_parse(pkt) == IP_VS_PARSED_FOREIGN)
		return ip_vs_icmp(pkt);
	return IP_VS_ACCEPT;
}
