// SPDX-License-Identifier: GPL-2.0-only
/*
 * Persistence: clients of one network stay with one server for a while. A template
 * remembers which; it lives on as long as connections made from it do.
 */
#include "base/knobs.h"
#include "sched/sched.h"
#include "sched/schedule.h"
#include "svc/real.h"
#include "trace.h"

#define FTP_PORT 21

/* Did the client address the very port of the service? */
static bool is_exact(const struct ip_vs_packet *pkt, const struct ip_vs_service *svc)
{
	return !svc->key.fwmark && svc->key.port == pkt->tuple.dport;
}

/* Is the template good for one port only? Otherwise the client is bound for all: by an FTP
 * service for its data connections, by one for any port or by a mark for what they are for.
 */
static bool is_for_one_port(const struct ip_vs_packet *pkt, const struct ip_vs_service *svc)
{
	return is_exact(pkt, svc) && svc->key.port != htons(FTP_PORT);
}

/* Only the network of the client counts. */
static void mask_client(struct ip_vs_tuple *t, const struct ip_vs_service *svc)
{
	u32 mask = READ_ONCE(svc->netmask);
	struct in6_addr client;

	if (t->af == AF_INET6) {
		client = t->src.in6;
		ipv6_addr_prefix(&t->src.in6, &client, mask);
	} else {
		t->src.ip &= (__force __be32)mask;
	}
}

/* What the template of a client is found by. */
static void template_tuple(const struct ip_vs_packet *pkt, const struct ip_vs_service *svc,
			   struct ip_vs_tuple *t)
{
	*t = pkt->tuple;
	mask_client(t, svc);
	t->sport = 0;
	if (!is_for_one_port(pkt, svc))
		t->dport = 0;
	if (svc->key.fwmark) {
		/* one for all protocols and addresses under the mark */
		memset(&t->dst, 0, sizeof(t->dst));
		t->dst.ip = htonl(svc->key.fwmark);
		t->proto = IPPROTO_IP;
	}
}

/* May a client be sent where its template says? Overload is no reason to part, nor is a
 * server that takes no new clients, unless the operator wants that.
 */
static bool is_usable(const struct ip_vs_conn *template)
{
	const struct ip_vs_dest *dest = ip_vs_conn_dest(template);

	if (!dest || !rcu_access_pointer(dest->svc))
		return false;
	return READ_ONCE(dest->weight) ||
	       !ip_vs_knob(template->ipvs, expire_quiescent_template);
}

static struct ip_vs_conn *new_template(const struct ip_vs_packet *pkt,
				       const struct ip_vs_service *svc, struct ip_vs_dest *dest,
				       const struct ip_vs_tuple *tuple,
				       const struct ip_vs_pe_key *pe)
{
	struct ip_vs_conn_spec spec = {
		.ipvs = pkt->ipvs,
		.tuple = *tuple,
		.server = { .addr = dest->key.addr, .af = dest->key.af },
		.dest = dest,
		.flags = IP_VS_CONN_F_TEMPLATE | IP_VS_CONN_F_INACTIVE,
		.fwmark = pkt->skb->mark,
		.timeout = READ_ONCE(svc->timeout) / HZ,
		.state = IP_VS_TEMPLATE_NONE,
		.pe = pe,
	};

	if (is_for_one_port(pkt, svc))
		spec.server.port = dest->key.port;
	return ip_vs_conn_create(&spec);
}

/* The template for a packet, made if need be. NULL: nobody can serve. */
static struct ip_vs_conn *get_template(const struct ip_vs_packet *pkt, struct ip_vs_service *svc,
				       const struct ip_vs_pe_key *pe)
{
	struct ip_vs_conn *template;
	struct ip_vs_tuple tuple;
	struct ip_vs_dest *dest;

	template_tuple(pkt, svc, &tuple);
	template = ip_vs_conn_find_template(pkt->ipvs, &tuple, pe);
	if (template && is_usable(template))
		return template;
	if (template && ip_vs_conn_retire(template))
		return ERR_PTR(-ENOMEM);
	dest = ip_vs_schedule_pick(pkt, svc);
	if (!dest)
		return NULL;
	template = new_template(pkt, svc, dest, &tuple, pe);
	if (PTR_ERR_OR_ZERO(template) != -EEXIST)
		return template;
	/* another CPU was faster with another packet of the client */
	return ip_vs_conn_find_template(pkt->ipvs, &tuple, pe) ?: ERR_PTR(-EAGAIN);
}

/* A packet to the service's own port goes to that of the server, any other keeps its port. */
static __be16 server_port(const struct ip_vs_packet *pkt, const struct ip_vs_service *svc,
			  const struct ip_vs_dest *dest)
{
	return is_exact(pkt, svc) && dest->key.port ? dest->key.port : pkt->tuple.dport;
}

/**
 * ip_vs_schedule_persistent() - make a connection where the client's template says
 * @pkt: a request without connection
 * @svc: its service, persistent
 *
 * Context: RCU, BH off.
 * Return: the connection; NULL: nobody can serve; -ENOENT: the service's engine finds
 * nothing in the packet to go by; or another error of making a connection.
 */
struct ip_vs_conn *ip_vs_schedule_persistent(const struct ip_vs_packet *pkt,
					     struct ip_vs_service *svc)
{
	const struct ip_vs_pe *engine = rcu_dereference(svc->pe);
	struct ip_vs_conn *template, *cp;
	struct ip_vs_pe_key key;
	struct ip_vs_dest *dest;

	if (engine) {
		key.pe = engine;
		if (engine->fill(pkt, &key))
			return ERR_PTR(-ENOENT);
	}
	template = get_template(pkt, svc, engine ? &key : NULL);
	if (IS_ERR_OR_NULL(template))
		return template;
	dest = ip_vs_conn_dest(template);
	if (!dest)
		return ERR_PTR(-EAGAIN);
	cp = ip_vs_schedule_conn(pkt, svc, dest, server_port(pkt, svc, dest), template);
	if (!IS_ERR(cp))
		ip_vs_conn_prolong(template);
	return cp;
}

/* ---- from the server ---- */

/* What the client would have sent to get @pkt as an answer. */
static void reverse(const struct ip_vs_packet *pkt, const struct ip_vs_service *svc,
		    struct ip_vs_tuple *t)
{
	*t = pkt->tuple;
	t->src = pkt->tuple.dst;
	t->sport = pkt->tuple.dport;
	t->dst = svc->key.addr;
	t->dport = svc->key.port;
	t->dir = IP_VS_DIR_IN;
}

/* The template of the client for what @key names, made if need be: @dest is who speaks. NULL:
 * another server has it, or no memory.
 */
static struct ip_vs_conn *template_for(struct ip_vs_service *svc, struct ip_vs_dest *dest,
				       const struct ip_vs_tuple *request,
				       const struct ip_vs_pe_key *key)
{
	struct ip_vs_conn_spec spec = {
		.ipvs = svc->ipvs,
		.tuple = *request,
		.server = { .addr = dest->key.addr, .port = dest->key.port, .af = dest->key.af },
		.dest = dest,
		.flags = IP_VS_CONN_F_TEMPLATE | IP_VS_CONN_F_INACTIVE,
		.timeout = READ_ONCE(svc->timeout) / HZ,
		.state = IP_VS_TEMPLATE_NONE,
		.pe = key,
	};
	struct ip_vs_conn *template;

	mask_client(&spec.tuple, svc);
	spec.tuple.sport = 0;
	template = ip_vs_conn_find_template(svc->ipvs, &spec.tuple, key);
	if (!template) {
		template = ip_vs_conn_create(&spec);
		return IS_ERR(template) ? NULL : template;
	}
	return ip_vs_conn_dest(template) == dest ? template : NULL;
}

static struct ip_vs_conn *reply_conn(const struct ip_vs_packet *pkt, struct ip_vs_service *svc,
				     struct ip_vs_dest *dest, const struct ip_vs_pe_key *key)
{
	struct ip_vs_conn_spec spec = {
		.ipvs = pkt->ipvs,
		.server = { .addr = pkt->tuple.src, .port = pkt->tuple.sport, .af = dest->key.af },
		.dest = dest,
		.flags = IP_VS_CONN_F_INACTIVE,
		.timeout = IP_VS_CONN_NEW_SECONDS,
	};
	struct ip_vs_conn *cp;

	reverse(pkt, svc, &spec.tuple);
	spec.control = template_for(svc, dest, &spec.tuple, key);
	if (!spec.control)
		return NULL;
	if (READ_ONCE(svc->flags) & IP_VS_SVC_F_ONEPACKET)
		spec.flags |= IP_VS_CONN_F_ONE_PACKET;
	cp = ip_vs_conn_create(&spec);
	if (IS_ERR(cp))
		return NULL;
	ip_vs_conn_prolong(spec.control);
	return cp;
}

struct ip_vs_conn *ip_vs_schedule_reply(const struct ip_vs_packet *pkt)
{
	const struct ip_vs_tuple *t = &pkt->tuple;
	const struct ip_vs_pe *engine;
	struct ip_vs_service *svc;
	struct ip_vs_pe_key key;
	struct ip_vs_dest *dest;

	if (likely(!ip_vs_service_any_engine(pkt->ipvs)) || pkt->proto != IPPROTO_UDP ||
	    pkt->later_fragment || pkt->hook == NF_INET_LOCAL_IN)
		return NULL;
	dest = ip_vs_real_find_nat(pkt->ipvs, t->af, &t->src, t->sport, t->proto);
	svc = dest ? rcu_dereference(dest->svc) : NULL;
	engine = svc ? rcu_dereference(svc->pe) : NULL;
	if (!engine || !svc->key.port || !(READ_ONCE(svc->flags) & IP_VS_SVC_F_PERSISTENT))
		return NULL;
	key.pe = engine;
	return engine->fill(pkt, &key) ? NULL : reply_conn(pkt, svc, dest, &key);
}
