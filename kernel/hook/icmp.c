// SPDX-License-Identifier: GPL-2.0-only
/*
 * ICMP errors about packets of our connections, both families and both directions.
 *
 * The packet that caused the error is quoted behind the ICMP header, as it was when it
 * left us or passed us. Read in reverse it tells the connection; then the error takes
 * the way of that connection, and the quote is made to say what its receiver had sent.
 */
#include <linux/netfilter.h>

#include "base/knobs.h"
#include "conn/conn.h"
#include "hook/walk.h"
#include "packet/l3.h"
#include "sched/schedule.h"
#include "trace.h"
#include "xmit/xmit.h"

#define ICMP_HEADER_LEN 8	/* of errors, in both families */

/* Could a connection have the quoted packet? Of a later fragment the ports are unknown, and of
 * one whose ports are cut off.
 */
static bool may_be_ours(const struct ip_vs_packet *quote)
{
	if (!quote->has_ports)
		return true;
	return !quote->later_fragment && quote->skb->len >= quote->l4 + 2 * sizeof(__be16);
}

/* Who was sent the quoted packet would send the reverse of it. */
static struct ip_vs_packet reverse(const struct ip_vs_packet *quote)
{
	struct ip_vs_packet reversed = *quote;

	reversed.tuple.src = quote->tuple.dst;
	reversed.tuple.dst = quote->tuple.src;
	reversed.tuple.sport = quote->tuple.dport;
	reversed.tuple.dport = quote->tuple.sport;
	return reversed;
}

/* A client that we do not know, perhaps after a failover: pick the server that its next
 * packets would get (schedule_icmp).
 */
static enum ip_vs_verdict schedule_reversed(const struct ip_vs_packet *reversed, struct ip_vs_conn **cpp)
{
	struct ip_vs_scheduled scheduled = { };
	enum ip_vs_verdict verdict;

	if (reversed->tuple.dir != IP_VS_DIR_IN || !ip_vs_knob(reversed->ipvs, schedule_icmp))
		return IP_VS_ACCEPT;
	verdict = ip_vs_schedule(reversed, &scheduled);
	if (verdict != IP_VS_CONTINUE)
		return verdict;
	/* replies to one packet at a time are not translated, so nothing can be told about them */
	if (scheduled.cp && ip_vs_conn_flags(scheduled.cp) & IP_VS_CONN_F_ONE_PACKET) {
		ip_vs_conn_discard(scheduled.cp);
		scheduled.cp = NULL;
	}
	*cpp = scheduled.cp;
	return *cpp ? IP_VS_CONTINUE : ip_vs_drop(reversed, NO_DEST);
}

/* To the server: outside its address as destination, inside as source, which is where it
 * stood in the reply that the server sent. To the client: the virtual one, the other way
 * round. The quote's transport checksum cannot be mended: its data may be cut off.
 */
static enum ip_vs_verdict translate(struct ip_vs_packet *pkt, const struct ip_vs_packet *quote,
				    const struct ip_vs_conn *cp)
{
	bool to_server = pkt->tuple.dir == IP_VS_DIR_IN;
	const struct ip_vs_tuple *in = &cp->in.tuple, *out = &cp->out.tuple;
	const union nf_inet_addr *addr = to_server ? &out->src : &in->dst;
	__be16 port = to_server ? out->sport : in->dport;
	enum ip_vs_side outer = to_server ? IP_VS_DST : IP_VS_SRC;
	enum ip_vs_side inner = to_server ? IP_VS_SRC : IP_VS_DST;
	unsigned int port_at = quote->l4 + (inner == IP_VS_SRC ? 0 : sizeof(port));
	struct sk_buff *skb = pkt->skb;

	/* the ports were read, so that much is there */
	if (skb_ensure_writable(skb, quote->l4 + (quote->has_ports ? 2 * sizeof(port) : 0)))
		return ip_vs_drop(pkt, REWRITE);
	skb_forward_csum(skb);
	ip_vs_l3_set_addr(skb, pkt->tuple.af, pkt->l3, outer, addr);
	ip_vs_l3_set_addr(skb, pkt->tuple.af, quote->l3, inner, addr);
	if (quote->has_ports)
		memcpy(skb->data + port_at, &port, sizeof(port));
	ip_vs_l3_icmp_csum(skb, pkt->tuple.af, pkt->l4);
	return IP_VS_CONTINUE;
}

/* On to the server, as a request of the connection would go. */
static enum ip_vs_verdict to_server(struct ip_vs_packet *pkt, const struct ip_vs_packet *quote,
				    struct ip_vs_conn *cp)
{
	const struct ip_vs_route *route;
	enum ip_vs_verdict verdict;

	ip_vs_conn_count_in(cp, pkt->skb->len);
	if (ip_vs_conn_method(cp) != IP_VS_CONN_F_MASQ)
		return ip_vs_xmit(pkt, cp);
	route = ip_vs_route(pkt, cp);
	if (!route)
		return ip_vs_drop(pkt, NO_ROUTE);
	if (route->local) {
		/* on the way elsewhere it cannot be turned back to this host */
		if (pkt->hook == NF_INET_FORWARD)
			return ip_vs_drop(pkt, BOUNDARY);
		verdict = translate(pkt, quote, cp);
		ip_vs_xmit_mark(pkt->skb, cp);
		return verdict == IP_VS_CONTINUE ? IP_VS_ACCEPT : verdict;
	}
	verdict = ip_vs_xmit_prepare(pkt, dst_mtu(route->dst));
	if (verdict == IP_VS_CONTINUE)
		verdict = translate(pkt, quote, cp);
	return verdict == IP_VS_CONTINUE ? ip_vs_xmit_send(pkt, cp, route->dst) : verdict;
}

/* On to the client: from the virtual address, whoever sent it. */
static enum ip_vs_verdict to_client(struct ip_vs_packet *pkt, const struct ip_vs_packet *quote,
				    struct ip_vs_conn *cp)
{
	enum ip_vs_verdict verdict;

	if (ip_vs_conn_method(cp) == IP_VS_CONN_F_MASQ) {
		verdict = translate(pkt, quote, cp);
		if (verdict != IP_VS_CONTINUE)
			return verdict;
		if (pkt->hook != NF_INET_LOCAL_IN && ip_vs_knob(pkt->ipvs, snat_reroute) &&
		    ip_vs_l3_reroute_reply(pkt->ipvs->net, pkt->skb, pkt->tuple.af))
			return ip_vs_drop(pkt, REROUTE);
	}
	ip_vs_conn_count_out(cp, pkt->skb->len);
	ip_vs_xmit_mark(pkt->skb, cp);
	return IP_VS_ACCEPT;
}

/* @pkt is an error, whole. Find whom its quote concerns and send it there. */
static enum ip_vs_verdict error(struct ip_vs_packet *pkt)
{
	struct ip_vs_packet quote = *pkt, reversed;
	enum ip_vs_parsed parsed;
	enum ip_vs_verdict verdict;
	struct ip_vs_conn *cp;

	quote.l3 = pkt->l4 + ICMP_HEADER_LEN;
	quote.quoted = true;
	parsed = ip_vs_packet_parse(&quote);
	if (parsed == IP_VS_PARSED_BAD)
		return IP_VS_ACCEPT;
	if (pkt->hook == NF_INET_LOCAL_IN && pkt->tuple.dir == IP_VS_DIR_IN) {
		verdict = ip_vs_icmp_tunnel(pkt, &quote);
		if (verdict != IP_VS_CONTINUE)
			return verdict;
	}
	if (parsed == IP_VS_PARSED_FOREIGN || !may_be_ours(&quote))
		return IP_VS_ACCEPT;
	reversed = reverse(&quote);
	cp = ip_vs_conn_find(pkt->ipvs, &reversed.tuple);
	if (!cp) {
		verdict = schedule_reversed(&reversed, &cp);
		if (verdict != IP_VS_CONTINUE)
			return verdict;
	}
	if (ip_vs_conn_method(cp) == IP_VS_CONN_F_MASQ &&
	    nf_checksum(pkt->skb, pkt->hook, pkt->l4, pkt->tuple.proto, pkt->tuple.af))
		return ip_vs_drop(pkt, CHECKSUM);
	return pkt->tuple.dir == IP_VS_DIR_IN ? to_server(pkt, &quote, cp) :
						to_client(pkt, &quote, cp);
}

enum ip_vs_verdict ip_vs_icmp(struct ip_vs_packet *pkt)
{
	if (pkt->tuple.proto != IPPROTO_ICMP && pkt->tuple.proto != IPPROTO_ICMPV6)
		return IP_VS_ACCEPT;
	/* later fragments have no header to read, and the error could not be checked */
	if (pkt->fragment) {
		if (ip_vs_l3_defrag(pkt))
			return IP_VS_STOLEN;
		if (!ip_vs_l3_parse(pkt))
			return ip_vs_drop(pkt, FRAGMENT);
	}
	switch (ip_vs_l3_icmp_kind(pkt)) {
	case IP_VS_ICMP_TRUNCATED:
		return ip_vs_drop(pkt, TRUNCATED);
	case IP_VS_ICMP_OTHER:
		return IP_VS_ACCEPT;
	case IP_VS_ICMP_ERROR:
		break;
	}
	/* IPv6: only what could not be reassembled still is one */
	if (pkt->fragment)
		return ip_vs_drop(pkt, FRAGMENT);
	return error(pkt);
}
