// SPDX-License-Identifier: GPL-2.0-only
/*
 * Scheduling: find the service, let its scheduler pick, make the connection.
 */

#include "proto/proto.h"
#include "sched/sched.h"
#include "sched/schedule.h"
#include "trace.h"

#define FTP_DATA_PORT 20

/* Is it the reply of a real server on this very host? Such packets come from a local socket
 * and are about to be translated, or were sent round through the loopback device.
 */
static bool is_local_reply(const struct ip_vs_packet *pkt)
{
	struct ip_vs_tuple reply = pkt->tuple;

	if (pkt->skb->dev && !(pkt->skb->dev->flags & IFF_LOOPBACK))
		return false;
	reply.dir = IP_VS_DIR_OUT;
	return ip_vs_conn_find(pkt->ipvs, &reply);
}

static struct ip_vs_dest *pick(const struct ip_vs_packet *pkt, struct ip_vs_service *svc)
{
	struct ip_vs_sched_req req = { .svc = svc, .pkt = pkt };
	struct ip_vs_dest *dest = NULL;

	req.inst = rcu_dereference(svc->sched);
	/* a service for any port spreads only clients that persist */
	if (req.inst && (svc->key.fwmark || svc->key.port == pkt->tuple.dport))
		dest = req.inst->ops->pick(&req);
	trace_ip_vs_schedule(pkt, svc, req.inst ? req.inst->ops->plugin.name : "none", dest);
	return dest;
}

/* Another CPU may have made the same connection for another packet of the flow. */
static struct ip_vs_conn *new_conn(const struct ip_vs_packet *pkt, struct ip_vs_dest *dest)
{
	struct ip_vs_conn_spec spec = {
		.ipvs = pkt->ipvs,
		.tuple = pkt->tuple,
		.server = {
			.addr = dest->key.addr,
			.port = dest->key.port ?: pkt->tuple.dport,
			.af = dest->key.af,
		},
		.dest = dest,
		.flags = IP_VS_CONN_F_INACTIVE,
		.fwmark = pkt->skb->mark,
		.timeout = IP_VS_CONN_NEW_SECONDS,
	};
	struct ip_vs_conn *cp;

	if (!ip_vs_packet_received(pkt))
		spec.flags |= IP_VS_CONN_F_LOCAL;
	cp = ip_vs_conn_create(&spec);
	if (likely(!IS_ERR(cp)) || PTR_ERR(cp) != -EEXIST)
		return cp;
	return ip_vs_conn_find(pkt->ipvs, &pkt->tuple) ?: ERR_PTR(-EAGAIN);
}

/**
 * ip_vs_schedule() - find a server for a packet that belongs to no connection
 * @pkt: a request, not a later fragment
 * @result: zeroed
 *
 * Context: RCU, BH off. Return: see schedule.h.
 */
enum ip_vs_verdict ip_vs_schedule(const struct ip_vs_packet *pkt, struct ip_vs_scheduled *result)
{
	const struct ip_vs_proto *proto = ip_vs_proto_find(pkt->proto);
	const struct ip_vs_tuple *t = &pkt->tuple;
	struct ip_vs_service *svc;
	enum ip_vs_verdict verdict;
	struct ip_vs_dest *dest;
	struct ip_vs_conn *cp;

	verdict = proto->may_start(pkt);
	if (verdict != IP_VS_CONTINUE)
		return verdict;
	svc = ip_vs_service_lookup(pkt->ipvs, t->af, pkt->skb->mark, t->proto, &t->dst, t->dport);
	if (!svc || t->sport == htons(FTP_DATA_PORT) || is_local_reply(pkt))
		return IP_VS_ACCEPT;
	result->svc = svc;
	dest = pick(pkt, svc);
	if (!dest)
		return IP_VS_CONTINUE;
	cp = new_conn(pkt, dest);
	if (IS_ERR(cp))
		return PTR_ERR(cp) == -ENOMEM ? ip_vs_drop(pkt, NO_MEMORY) :
						ip_vs_drop(pkt, TABLE_FULL);
	ip_vs_stats_conn(&dest->stats);
	ip_vs_stats_conn(&svc->stats);
	ip_vs_stats_conn(ip_vs_stats_total(pkt->ipvs));
	result->cp = cp;
	return IP_VS_CONTINUE;
}
