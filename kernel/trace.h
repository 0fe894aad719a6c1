/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Tracepoints (events/ip_vs/): every drop with its reason, every scheduling decision,
 * the birth and the death of every connection. And ip_vs_drop(), with which drops are made.
 */
#undef TRACE_SYSTEM
#define TRACE_SYSTEM ip_vs

#if !defined(IP_VS_TRACE_H) || defined(TRACE_HEADER_MULTI_READ)
#define IP_VS_TRACE_H

#include <linux/in6.h>
#include <linux/tracepoint.h>

#include "base/verdict.h"
#include "conn/conn.h"
#include "packet/packet.h"
#include "svc/dest.h"

#ifndef IP_VS_TRACE_ENDPOINT
#define IP_VS_TRACE_ENDPOINT
/* An address and port for %pISpc. */
static inline void ip_vs_trace_endpoint(struct sockaddr_in6 *to, u16 af,
					const union nf_inet_addr *addr, __be16 port)
{
	struct sockaddr_in *v4 = (struct sockaddr_in *)to;

	memset(to, 0, sizeof(*to));
	if (af == AF_INET6) {
		to->sin6_family = AF_INET6;
		to->sin6_addr = addr->in6;
		to->sin6_port = port;
	} else {
		v4->sin_family = AF_INET;
		v4->sin_addr = addr->in;
		v4->sin_port = port;
	}
}

#define IP_VS_ENDPOINT(field)	__array(u8, field, sizeof(struct sockaddr_in6))
#define IP_VS_SET_ENDPOINT(field, af, addr, port) \
	ip_vs_trace_endpoint((struct sockaddr_in6 *)__entry->field, af, addr, port)
#endif

#undef IP_VS_REASON_ENUM
#define IP_VS_REASON_ENUM(name) TRACE_DEFINE_ENUM(IP_VS_DROP_##name);
IP_VS_DROP_REASONS(IP_VS_REASON_ENUM)
#undef IP_VS_REASON_ROW
#define IP_VS_REASON_ROW(name) { IP_VS_DROP_##name, #name },

TRACE_EVENT(ip_vs_drop,
	TP_PROTO(const struct ip_vs_packet *pkt, enum ip_vs_drop_reason reason),
	TP_ARGS(pkt, reason),
	TP_STRUCT__entry(
		__field(unsigned int, netns)
		__field(int, reason)
		__field(u8, proto)
		__field(u8, hook)
		IP_VS_ENDPOINT(src)
		IP_VS_ENDPOINT(dst)
	),
	TP_fast_assign(
		__entry->netns = pkt->ipvs->net->ns.inum;
		__entry->reason = reason;
		__entry->proto = pkt->tuple.proto;
		__entry->hook = pkt->hook;
		IP_VS_SET_ENDPOINT(src, pkt->tuple.af, &pkt->tuple.src, pkt->tuple.sport);
		IP_VS_SET_ENDPOINT(dst, pkt->tuple.af, &pkt->tuple.dst, pkt->tuple.dport);
	),
	TP_printk("netns=%u reason=%s proto=%u hook=%u src=%pISpc dst=%pISpc", __entry->netns,
		  __print_symbolic(__entry->reason, IP_VS_DROP_REASONS(IP_VS_REASON_ROW) { -1, NULL }), __entry->proto,
		  __entry->hook, __entry->src, __entry->dst)
);

TRACE_EVENT(ip_vs_schedule,
	TP_PROTO(const struct ip_vs_packet *pkt, struct ip_vs_service *svc, const char *scheduler,
		 const struct ip_vs_dest *dest),
	TP_ARGS(pkt, svc, scheduler, dest),
	TP_STRUCT__entry(
		__field(unsigned int, netns)
		__field(u32, fwmark)
		__field(u8, proto)
		__field(bool, found)
		__array(char, sched, IP_VS_SCHEDNAME_MAXLEN)
		IP_VS_ENDPOINT(client)
		IP_VS_ENDPOINT(virt)
		IP_VS_ENDPOINT(dest)
	),
	TP_fast_assign(
		__entry->netns = pkt->ipvs->net->ns.inum;
		__entry->fwmark = svc->key.fwmark;
		__entry->proto = pkt->tuple.proto;
		__entry->found = dest;
		strscpy(__entry->sched, scheduler, IP_VS_SCHEDNAME_MAXLEN);
		IP_VS_SET_ENDPOINT(client, pkt->tuple.af, &pkt->tuple.src, pkt->tuple.sport);
		IP_VS_SET_ENDPOINT(virt, pkt->tuple.af, &pkt->tuple.dst, pkt->tuple.dport);
		if (dest)
			IP_VS_SET_ENDPOINT(dest, dest->key.af, &dest->key.addr, dest->key.port);
		else
			IP_VS_SET_ENDPOINT(dest, AF_INET, &(union nf_inet_addr){ }, 0);
	),
	TP_printk("netns=%u proto=%u client=%pISpc virtual=%pISpc fwmark=%u sched=%s found=%d dest=%pISpc",
		  __entry->netns, __entry->proto, __entry->client, __entry->virt, __entry->fwmark,
		  __entry->sched, __entry->found, __entry->dest)
);

DECLARE_EVENT_CLASS(ip_vs_conn,
	TP_PROTO(const struct ip_vs_conn *cp),
	TP_ARGS(cp),
	TP_STRUCT__entry(
		__field(unsigned int, netns)
		__field(u32, flags)
		__field(u8, proto)
		__field(u8, state)
		IP_VS_ENDPOINT(client)
		IP_VS_ENDPOINT(virt)
		IP_VS_ENDPOINT(dest)
	),
	TP_fast_assign(
		const struct ip_vs_tuple *in = &cp->in.tuple;
		struct ip_vs_server server;

		ip_vs_conn_server(cp, &server);
		__entry->netns = cp->ipvs->net->ns.inum;
		__entry->flags = ip_vs_conn_flags(cp);
		__entry->proto = in->proto;
		__entry->state = ip_vs_conn_state(cp);
		IP_VS_SET_ENDPOINT(client, in->af, &in->src, ip_vs_conn_client_port(cp));
		IP_VS_SET_ENDPOINT(virt, in->af, &in->dst, ip_vs_conn_virtual_port(cp));
		IP_VS_SET_ENDPOINT(dest, server.af, &server.addr, server.port);
	),
	TP_printk("netns=%u proto=%u client=%pISpc virtual=%pISpc dest=%pISpc state=%u flags=%#x",
		  __entry->netns, __entry->proto, __entry->client, __entry->virt, __entry->dest,
		  __entry->state, __entry->flags)
);

DEFINE_EVENT(ip_vs_conn, ip_vs_conn_new, TP_PROTO(const struct ip_vs_conn *cp), TP_ARGS(cp));
DEFINE_EVENT(ip_vs_conn, ip_vs_conn_expire, TP_PROTO(const struct ip_vs_conn *cp), TP_ARGS(cp));

TRACE_EVENT(ip_vs_sync_receive,
	TP_PROTO(const struct netns_ipvs *ipvs, unsigned int len, unsigned int records, int result),
	TP_ARGS(ipvs, len, records, result),
	TP_STRUCT__entry(
		__field(unsigned int, netns)
		__field(unsigned int, len)
		__field(unsigned int, records)
		__field(int, result)
	),
	TP_fast_assign(
		__entry->netns = ipvs->net->ns.inum;
		__entry->len = len;
		__entry->records = records;
		__entry->result = result;
	),
	TP_printk("netns=%u len=%u records=%u result=%s", __entry->netns, __entry->len,
		  __entry->records,
		  __print_symbolic(__entry->result, { 0, "taken" }, { 1, "too short" },
				   { 2, "wrong length" }, { 3, "foreign id" }, { 4, "malformed" }))
);

#ifndef IP_VS_DROP_DEFINED
#define IP_VS_DROP_DEFINED
/* return ip_vs_drop(pkt, REASON); tells the tracepoint and answers IP_VS_DROP */
#define ip_vs_drop(pkt, name) ip_vs_drop_because(pkt, IP_VS_DROP_##name)

static inline enum ip_vs_verdict ip_vs_drop_because(const struct ip_vs_packet *pkt,
						    enum ip_vs_drop_reason reason)
{
	trace_ip_vs_drop(pkt, reason);
	return IP_VS_DROP;
}
#endif

#endif

#undef TRACE_INCLUDE_PATH
#define TRACE_INCLUDE_PATH .
#undef TRACE_INCLUDE_FILE
#define TRACE_INCLUDE_FILE trace
#include <trace/define_trace.h>
