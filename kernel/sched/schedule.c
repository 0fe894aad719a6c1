// SPDX-License-Identifier: GPL-2.0-only
/*
 * Scheduling: find the service, let its scheduler pick (or the client's template, see
 * persist.c), make the connection.
 */

#include <linux/net.h>

#include "app/app.h"
#include "base/knobs.h"
#include "defense/defense.h"
#include "packet/l3.h"
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

/* What an operator looks for in the log when clients complain. Upstream's words. */
static noinline void log_no_dest(const struct ip_vs_service *svc, const char *sched)
{
	const struct ip_vs_svc_key *key = &svc->key;
	char name[12];

	if (!net_ratelimit())
		return;
	if (key->fwmark)
		pr_err("%s: FWM %u 0x%08X - no destination available\n", sched, key->fwmark,
		       key->fwmark);
	else if (key->af == AF_INET6)
		pr_err("%s: %s [%pI6c]:%u - no destination available\n", sched,
		       ip_vs_proto_name(key->proto, name, sizeof(name)), &key->addr.in6,
		       ntohs(key->port));
	else
		pr_err("%s: %s %pI4:%u - no destination available\n", sched,
		       ip_vs_proto_name(key->proto, name, sizeof(name)), &key->addr.ip,
		       ntohs(key->port));
}

/* Is it a data connection that the FTP server of a service opens? It comes from the port below
 * that of the commands, and is no client's request.
 */
static bool is_ftp_data(const struct ip_vs_packet *pkt, const struct ip_vs_service *svc)
{
	const struct ip_vs_tuple *t = &pkt->tuple;

	return t->sport == htons(FTP_DATA_PORT) && t->proto == IPPROTO_TCP &&
	       ip_vs_app_serves(pkt->ipvs, IPPROTO_TCP,
				svc->key.fwmark ? t->dport : svc->key.port);
}

struct ip_vs_dest *ip_vs_schedule_pick(const struct ip_vs_packet *pkt, struct ip_vs_service *svc)
{
	struct ip_vs_sched_req req = { .svc = svc, .pkt = pkt };
	struct ip_vs_dest *dest = NULL;
	const char *name = "none";

	req.inst = rcu_dereference(svc->sched);
	if (req.inst) {
		name = req.inst->ops->plugin.name;
		dest = req.inst->ops->pick(&req);
	}
	trace_ip_vs_schedule(pkt, svc, name, dest);
	if (unlikely(!dest))
		log_no_dest(svc, name);
	return dest;
}

static u32 flags_of(const struct ip_vs_packet *pkt, const struct ip_vs_service *svc)
{
	u32 flags = IP_VS_CONN_F_INACTIVE;

	if (!ip_vs_packet_received(pkt))
		flags |= IP_VS_CONN_F_LOCAL;
	if (READ_ONCE(svc->flags) & IP_VS_SVC_F_ONEPACKET)
		flags |= IP_VS_CONN_F_ONE_PACKET;
	return flags;
}

static void count(struct ip_vs_service *svc, struct ip_vs_dest *dest)
{
	ip_vs_stats_conn(&dest->stats);
	ip_vs_stats_conn(&svc->stats);
	ip_vs_stats_conn(ip_vs_stats_total(svc->ipvs));
}

struct ip_vs_conn *ip_vs_schedule_conn(const struct ip_vs_packet *pkt, struct ip_vs_service *svc,
				       struct ip_vs_dest *dest, __be16 port,
				       struct ip_vs_conn *control)
{
	struct ip_vs_conn_spec spec = {
		.ipvs = pkt->ipvs,
		.tuple = pkt->tuple,
		.server = { .addr = dest->key.addr, .port = port, .af = dest->key.af },
		.dest = dest,
		.flags = flags_of(pkt, svc),
		.fwmark = pkt->skb->mark,
		.timeout = IP_VS_CONN_NEW_SECONDS,
		.control = control,
	};
	struct ip_vs_conn *cp;

	cp = ip_vs_conn_create(&spec);
	if (likely(!IS_ERR(cp)))
		count(svc, dest);
	/* another CPU may have made it for another packet of the flow */
	else if (PTR_ERR(cp) == -EEXIST)
		cp = ip_vs_conn_find(pkt->ipvs, &pkt->tuple) ?: ERR_PTR(-EAGAIN);
	return cp;
}

/* The connection, NULL if nobody can serve, or an error. */
static struct ip_vs_conn *choose(const struct ip_vs_packet *pkt, struct ip_vs_service *svc)
{
	struct ip_vs_dest *dest;

	if (READ_ONCE(svc->flags) & IP_VS_SVC_F_PERSISTENT)
		return ip_vs_schedule_persistent(pkt, svc);
	/* a service for any port spreads only clients that persist */
	if (!svc->key.fwmark && svc->key.port != pkt->tuple.dport)
		return NULL;
	dest = ip_vs_schedule_pick(pkt, svc);
	if (!dest)
		return NULL;
	return ip_vs_schedule_conn(pkt, svc, dest, dest->key.port ?: pkt->tuple.dport, NULL);
}

/* Nobody serves a marked packet that was on its way through this host: it may go on to where
 * it was sent, if the operator wants that, and its connection is remembered like others.
 */
static bool may_bypass(const struct ip_vs_packet *pkt, const struct ip_vs_service *svc)
{
	/* what an ICMP error quotes is not on its way */
	return svc->key.fwmark && !pkt->quoted && ip_vs_knob(pkt->ipvs, cache_bypass) &&
	       ip_vs_l3_is_elsewhere(pkt->ipvs->net, pkt->tuple.af, &pkt->tuple.dst);
}

static struct ip_vs_conn *bypass(const struct ip_vs_packet *pkt, const struct ip_vs_service *svc)
{
	struct ip_vs_conn_spec spec = {
		.ipvs = pkt->ipvs,
		.tuple = pkt->tuple,
		.server = { .af = pkt->tuple.af },
		.flags = IP_VS_CONN_F_BYPASS | IP_VS_CONN_F_NOOUTPUT | flags_of(pkt, svc),
		.fwmark = pkt->skb->mark,
		.timeout = IP_VS_CONN_NEW_SECONDS,
	};
	struct ip_vs_conn *cp = ip_vs_conn_create(&spec);

	if (PTR_ERR_OR_ZERO(cp) == -EEXIST)
		cp = ip_vs_conn_find(pkt->ipvs, &pkt->tuple) ?: ERR_PTR(-EAGAIN);
	return cp;
}

static enum ip_vs_verdict refuse(const struct ip_vs_packet *pkt, int err)
{
	switch (err) {
	case -ENOENT:
		return ip_vs_drop(pkt, NO_PE_DATA);
	case -ENOMEM:
		return ip_vs_drop(pkt, NO_MEMORY);
	default:
		return ip_vs_drop(pkt, TABLE_FULL);
	}
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
	struct ip_vs_conn *cp;

	verdict = proto->may_start(pkt);
	if (verdict != IP_VS_CONTINUE)
		return verdict;
	svc = ip_vs_service_lookup(pkt->ipvs, t->af, pkt->skb->mark, t->proto, &t->dst, t->dport);
	if (!svc || is_ftp_data(pkt, svc) || is_local_reply(pkt))
		return IP_VS_ACCEPT;
	if (unlikely(ip_vs_knob(pkt->ipvs, drop_packet) > 1) && ip_vs_defense_drops(pkt->ipvs))
		return ip_vs_drop(pkt, DEFENSE);
	result->svc = svc;
	cp = choose(pkt, svc);
	if (unlikely(!cp) && may_bypass(pkt, svc))
		cp = bypass(pkt, svc);
	if (IS_ERR(cp))
		return refuse(pkt, PTR_ERR(cp));
	result->cp = cp;
	return IP_VS_CONTINUE;
}
