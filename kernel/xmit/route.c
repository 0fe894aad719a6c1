// SPDX-License-Identifier: GPL-2.0-only
/*
 * Routes to real servers: each destination keeps the last one, checked on every use.
 */
#include <linux/netdevice.h>
#include <linux/slab.h>
#include <net/dst.h>

#include "packet/l3.h"
#include "trace.h"
#include "xmit/xmit.h"

static struct ip_vs_route *new_route(const struct ip_vs_packet *pkt, u16 af,
				     const union nf_inet_addr *addr)
{
	struct ip_vs_l3_route found;
	struct ip_vs_route *route;

	if (ip_vs_l3_route(pkt->ipvs->net, af, addr, &found))
		return NULL;
	route = kmalloc(sizeof(*route), GFP_ATOMIC);
	if (!route) {
		dst_release(found.dst);
		return NULL;
	}
	route->dst = found.dst;
	route->cookie = found.cookie;
	route->dev = found.dst->dev;
	route->local = ip_vs_l3_route_is_local(af, found.dst);
	route->saddr = found.saddr;
	return route;
}

/* Look the way up and keep it. What is returned lives to the end of the RCU section: the
 * cache holds it, and releases it after a grace period at the earliest; not cached, it is
 * released like that at once.
 */
static struct ip_vs_route *look_up(const struct ip_vs_packet *pkt, struct ip_vs_dest *dest)
{
	struct ip_vs_route *route = new_route(pkt, dest->key.af, &dest->key.addr);

	if (!route)
		return NULL;
	ip_vs_dest_route_set(dest, route);
	/* A device that is going down must not be held, and a removed destination has no
	 * use for a route. Both are marked before the cache is emptied for good: either
	 * we see the mark or that finds the route.
	 */
	smp_mb();
	if (!netif_running(route->dst->dev) || !rcu_access_pointer(dest->svc))
		ip_vs_dest_route_set(dest, NULL);
	return route;
}

/* The way to the server of a connection without destination: kept by nobody. What bypasses
 * all servers goes to where it was sent.
 */
static struct ip_vs_route *look_up_unbound(const struct ip_vs_packet *pkt,
					   const struct ip_vs_conn *cp)
{
	struct ip_vs_server server;
	struct ip_vs_route *route;

	ip_vs_conn_server(cp, &server);
	if (ip_vs_conn_method(cp) == IP_VS_CONN_F_BYPASS)
		server.addr = cp->in.tuple.dst;
	route = new_route(pkt, server.af, &server.addr);
	if (route)
		ip_vs_route_free(route);
	return route;
}

const struct ip_vs_route *ip_vs_route(const struct ip_vs_packet *pkt, const struct ip_vs_conn *cp)
{
	struct ip_vs_dest *dest = ip_vs_conn_dest(cp);
	struct ip_vs_route *route = dest ? rcu_dereference(dest->route) : NULL;
	struct sk_buff *skb = pkt->skb;

	if (unlikely(!dest))
		route = look_up_unbound(pkt, cp);
	else if (unlikely(!route || !dst_check(route->dst, route->cookie)))
		route = look_up(pkt, dest);
	if (unlikely(!route)) {
		/* the answer is sent by way of a device, which a local packet lacks */
		if (!skb->dev)
			skb->dev = skb_dst(skb)->dev;
		dst_link_failure(skb);
	}
	return route;
}
