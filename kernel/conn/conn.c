// SPDX-License-Identifier: GPL-2.0-only
/*
 * One connection: making it, changing its state, counting its packets.
 */
#include <linux/slab.h>

#include "conn/conn.h"
#include "packet/packet.h"
#include "trace.h"

static struct kmem_cache *conn_cache;

void ip_vs_conn_free_rcu(struct rcu_head *rcu)
{
	struct ip_vs_conn *cp = container_of(rcu, struct ip_vs_conn, rcu);

	kmem_cache_free(conn_cache, cp);
}

/* Requests arrive as the client sent them. What replies look like depends on the method:
 * a masqueraded server answers from its own address, any other from the virtual one.
 */
static void set_tuples(struct ip_vs_conn *cp, const struct ip_vs_tuple *request)
{
	const struct ip_vs_dest *dest = cp->dest;
	struct ip_vs_tuple *out = &cp->out.tuple;

	cp->in.tuple = *request;
	cp->in.tuple.dir = IP_VS_DIR_IN;
	out->src = request->dst;
	out->sport = request->dport;
	if (ip_vs_conn_method(cp) == IP_VS_CONN_F_MASQ) {
		out->src = dest->key.addr;
		if (dest->key.port)
			out->sport = dest->key.port;
	}
	out->dst = request->src;
	out->dport = request->sport;
	out->proto = request->proto;
	out->af = request->af;
	out->dir = IP_VS_DIR_OUT;
	out->zero = 0;
}

/**
 * ip_vs_conn_new() - make a connection for a packet and put it into the table
 * @pkt: a request without connection
 * @dest: who shall serve it
 *
 * Another CPU may have made the same connection for another packet of the flow; then
 * that one is returned.
 * Context: RCU, BH off.
 * Return: the connection, alive and usable until the end of the RCU section, or an
 * ERR_PTR: -ENOMEM, or the table's error.
 */
struct ip_vs_conn *ip_vs_conn_new(const struct ip_vs_packet *pkt, struct ip_vs_dest *dest)
{
	u32 method = IP_VS_DEST_METHOD(dest);
	struct ip_vs_conn *cp, *existing;
	int err;

	cp = kmem_cache_alloc(conn_cache, GFP_ATOMIC);
	if (unlikely(!cp))
		return ERR_PTR(-ENOMEM);
	cp->ipvs = pkt->ipvs;
	cp->dest = dest;
	cp->flags = method | IP_VS_CONN_F_INACTIVE;
	if (method != IP_VS_CONN_F_MASQ)
		cp->flags |= IP_VS_CONN_F_NOOUTPUT;
	if (!ip_vs_packet_received(pkt))
		cp->flags |= IP_VS_CONN_F_LOCAL;
	set_tuples(cp, &pkt->tuple);
	cp->state_timeout = IP_VS_CONN_NEW_SECONDS;
	cp->deadline = (u32)jiffies + IP_VS_CONN_NEW_SECONDS * HZ;
	spin_lock_init(&cp->lock);
	timer_setup(&cp->timer, ip_vs_conn_expire, 0);
	ip_vs_dest_bind(dest);

	err = ip_vs_conn_insert(cp, &existing);
	if (likely(!err)) {
		trace_ip_vs_conn_new(cp);
		return cp;
	}
	ip_vs_dest_unbind(dest);
	kmem_cache_free(conn_cache, cp);
	return err == -EEXIST ? existing : ERR_PTR(err);
}

/* Move a connection between the active and the inactive ones of its destination. */
static void set_active(struct ip_vs_conn *cp, bool active)
{
	lockdep_assert_held(&cp->lock);
	if (active == !(cp->flags & IP_VS_CONN_F_INACTIVE))
		return;
	WRITE_ONCE(cp->flags, cp->flags ^ IP_VS_CONN_F_INACTIVE);
	if (active)
		atomic_inc(&cp->dest->active);
	else
		atomic_dec(&cp->dest->active);
}

static void change(struct ip_vs_conn *cp, u32 state_timeout, u32 deadline, bool active, bool reply)
{
	unsigned long expires;

	spin_lock(&cp->lock);
	/* A dead one is uncounted and its timer gone: this packet came too late. */
	if (cp->flags & IP_VS_CONN_F_DEAD)
		goto out;
	if (reply && (cp->flags & IP_VS_CONN_F_NOOUTPUT))
		WRITE_ONCE(cp->flags, cp->flags & ~IP_VS_CONN_F_NOOUTPUT);
	set_active(cp, active);
	WRITE_ONCE(cp->state_timeout, state_timeout);
	WRITE_ONCE(cp->deadline, deadline);
	/* the timer finds a later deadline by itself, but not an earlier one */
	expires = jiffies + (s32)(deadline - (u32)jiffies);
	if (time_before(expires, cp->timer.expires))
		mod_timer(&cp->timer, expires);
out:
	spin_unlock(&cp->lock);
}

/**
 * ip_vs_conn_update() - account for a packet: state, time-out, deadline
 * @cp: the connection
 * @state: after this packet
 * @seconds: time-out of @state
 * @active: does @state count as active?
 * @reply: did the packet come from the server?
 *
 * A packet that changes nothing takes no lock, and moves the deadline only if that is
 * a quarter of a second or more off: a shared cache line is written four times a second.
 * Context: RCU, BH off.
 */
void ip_vs_conn_update(struct ip_vs_conn *cp, u8 state, u32 seconds, bool active, bool reply)
{
	u32 state_timeout = (u32)state << 24 | seconds;
	u32 deadline = (u32)jiffies + seconds * HZ;

	if (unlikely(READ_ONCE(cp->state_timeout) != state_timeout ||
		     (reply && (ip_vs_conn_flags(cp) & IP_VS_CONN_F_NOOUTPUT))))
		change(cp, state_timeout, deadline, active, reply);
	else if ((s32)(deadline - READ_ONCE(cp->deadline)) >= HZ / 4)
		WRITE_ONCE(cp->deadline, deadline);
}

/* Count a request, or a reply, of @bytes (from the network header on) for destination,
 * service and total; nothing is counted for a removed destination. RCU, BH off.
 */
void ip_vs_conn_count_in(const struct ip_vs_conn *cp, unsigned int bytes)
{
	struct ip_vs_service *svc = rcu_dereference(cp->dest->svc);

	if (!svc)
		return;
	ip_vs_stats_in(&cp->dest->stats, bytes);
	ip_vs_stats_in(&svc->stats, bytes);
	ip_vs_stats_in(ip_vs_stats_total(cp->ipvs), bytes);
}

void ip_vs_conn_count_out(const struct ip_vs_conn *cp, unsigned int bytes)
{
	struct ip_vs_service *svc = rcu_dereference(cp->dest->svc);

	if (!svc)
		return;
	ip_vs_stats_out(&cp->dest->stats, bytes);
	ip_vs_stats_out(&svc->stats, bytes);
	ip_vs_stats_out(ip_vs_stats_total(cp->ipvs), bytes);
}

static int conn_init(void)
{
	BUILD_BUG_ON(sizeof(struct ip_vs_tuple) != 40);
	conn_cache = kmem_cache_create("ip_vs_conn", sizeof(struct ip_vs_conn), 0,
				       SLAB_HWCACHE_ALIGN, NULL);
	return conn_cache ? 0 : -ENOMEM;
}

static void conn_exit(void)
{
	rcu_barrier();		/* ip_vs_conn_free_rcu() */
	kmem_cache_destroy(conn_cache);
}

/* The hooks are gone and every CPU has left them: nobody makes or finds a connection. */
static void conn_net_exit(struct netns_ipvs *ipvs)
{
	ip_vs_conn_flush(ipvs, false);
	ip_vs_conn_table_exit(ipvs);
}

const struct ip_vs_subsys ip_vs_conn_subsys = {
	.name		= "connections",
	.init		= conn_init,
	.exit		= conn_exit,
	.net_init	= ip_vs_conn_table_init,
	.net_exit	= conn_net_exit,
};
