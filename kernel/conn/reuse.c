// SPDX-License-Identifier: GPL-2.0-only
/*
 * May a request use the connection that its addresses and ports name? A client port is
 * used again, a server goes away: then the old entry must make room.
 */
#include "base/knobs.h"
#include "conn/conn.h"
#include "nfct/nfct.h"
#include "packet/packet.h"
#include "proto/proto.h"
#include "svc/service.h"
#include "trace.h"

/* Does an opener begin a new connection, although the entry of an old one is there?
 * Always if that one's server takes no new connections and the operator wants such
 * entries gone; else if the old connection has ended, unless conn_reuse_mode is 0 or
 * another one (a template) decides where the client goes.
 */
static bool starts_anew(const struct ip_vs_packet *pkt, const struct ip_vs_conn *cp,
			const struct ip_vs_proto *proto)
{
	int mode = ip_vs_knob(pkt->ipvs, conn_reuse_mode);
	bool no_reply = ip_vs_conn_flags(cp) & IP_VS_CONN_F_NOOUTPUT;
	const struct ip_vs_dest *dest = ip_vs_conn_dest(cp);

	if (ip_vs_knob(pkt->ipvs, expire_nodest_conn) && dest && !READ_ONCE(dest->weight))
		return true;
	return mode && !cp->control && proto->is_finished && proto->is_finished(ip_vs_conn_state(cp), no_reply, mode);
}

/* Could another server take a client of this one? */
static bool has_alternative(const struct ip_vs_packet *pkt)
{
	const struct ip_vs_tuple *t = &pkt->tuple;
	const struct ip_vs_service *svc;
	const struct ip_vs_dest *dest;

	svc = ip_vs_service_lookup(pkt->ipvs, t->af, pkt->skb->mark, t->proto, &t->dst, t->dport);
	if (!svc)
		return false;
	list_for_each_entry_rcu(dest, &svc->dests, list)
		if (READ_ONCE(dest->share))
			return true;
	return false;
}

/* The server is quiesced or removed. What needs no memory of it goes to another one, if the
 * operator lets it (move_flows): an opener always, a datagram of UDP if the server is removed,
 * or if it shall part from a quiesced one, too. A server that was chosen although it was
 * quiesced would only be chosen again.
 */
static bool moves(const struct ip_vs_packet *pkt, const struct ip_vs_conn *cp,
		  const struct ip_vs_proto *proto)
{
	bool removed = !rcu_access_pointer(ip_vs_conn_dest(cp)->svc);
	int mode = ip_vs_knob(pkt->ipvs, move_flows);

	if (!mode || pkt->later_fragment || !pkt->whole)
		return false;
	if (!removed && ip_vs_conn_flags(cp) & IP_VS_CONN_F_QUIESCED)
		return false;
	if (proto->is_opener ? !proto->is_opener(pkt) : !removed && mode < 2)
		return false;
	return has_alternative(pkt);
}

/* The old connection makes room for a new one, and so does its entry in connection tracking. */
static enum ip_vs_verdict begin_anew(const struct ip_vs_packet *pkt, struct ip_vs_conn **cpp)
{
	bool tracked = ip_vs_conn_flags(*cpp) & IP_VS_CONN_F_NFCT;

	ip_vs_conn_kill(*cpp);
	*cpp = NULL;
	if (unlikely(tracked) && !ip_vs_nfct_restart(pkt))
		return ip_vs_drop(pkt, TRACKING);
	return IP_VS_CONTINUE;
}

/* One that another director told of, or that was made ahead of its first packet: see whether
 * its destination has appeared, and note the client's port. NULL: no memory for that.
 */
static struct ip_vs_conn *settle(const struct ip_vs_packet *pkt, struct ip_vs_conn *cp)
{
	struct ip_vs_conn_spec spec;
	struct ip_vs_dest *dest;

	if (!ip_vs_conn_dest(cp) && ip_vs_conn_method(cp) != IP_VS_CONN_F_BYPASS) {
		ip_vs_conn_spec_of(cp, &spec);
		dest = ip_vs_conn_spec_dest(&spec);
		if (dest)
			ip_vs_conn_bind(cp, dest);
	}
	if (ip_vs_conn_flags(cp) & IP_VS_CONN_F_NO_CPORT && !pkt->later_fragment) {
		cp = ip_vs_conn_learn_port(cp, pkt->tuple.sport);
		if (IS_ERR(cp))
			return NULL;
	}
	return cp;
}

/**
 * ip_vs_conn_reuse() - decide what a request does with the connection it hit
 * @pkt: the request
 * @cpp: its connection; set to NULL if the packet must be scheduled anew
 *
 * Context: RCU, BH off.
 * Return: CONTINUE, or DROP if the connection's destination was removed and its
 * clients shall wait for its return (expire_nodest_conn 0).
 */
enum ip_vs_verdict ip_vs_conn_reuse(const struct ip_vs_packet *pkt, struct ip_vs_conn **cpp)
{
	const struct ip_vs_proto *proto = ip_vs_proto_find(pkt->proto);
	struct ip_vs_conn *cp = *cpp;
	struct ip_vs_dest *dest;

	if (unlikely(!pkt->later_fragment && proto->is_opener && proto->is_opener(pkt)) &&
	    starts_anew(pkt, cp, proto))
		return begin_anew(pkt, cpp);
	dest = ip_vs_conn_dest(cp);
	if (unlikely(!dest || ip_vs_conn_flags(cp) & IP_VS_CONN_F_NO_CPORT)) {
		*cpp = settle(pkt, cp);
		return *cpp ? IP_VS_CONTINUE : ip_vs_drop(pkt, NO_MEMORY);
	}
	if (likely(rcu_access_pointer(dest->svc) && READ_ONCE(dest->weight)))
		return IP_VS_CONTINUE;
	if (moves(pkt, cp, proto))
		return begin_anew(pkt, cpp);
	if (rcu_access_pointer(dest->svc))
		return IP_VS_CONTINUE;
	if (!ip_vs_knob(pkt->ipvs, expire_nodest_conn))
		return ip_vs_drop(pkt, DEST_GONE);
	return begin_anew(pkt, cpp);
}
