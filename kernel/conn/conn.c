// SPDX-License-Identifier: GPL-2.0-only
/*
 * One connection: making it, binding it to its server, changing its state, counting its
 * packets. The table is table.c's, the end expire.c's.
 */
#include <linux/slab.h>

#include "base/knobs.h"
#include "conn/conn.h"
#include "svc/service.h"
#include "trace.h"

static struct kmem_cache *conn_cache;

static void conn_free(struct ip_vs_conn *cp)
{
	if (cp->ext) {
		ip_vs_pe_data_free(cp->ext->pe);
		ip_vs_app_leave(cp->ext->helped);
		kfree(cp->ext);
	}
	kmem_cache_free(conn_cache, cp);
}

void ip_vs_conn_free_rcu(struct rcu_head *rcu)
{
	conn_free(container_of(rcu, struct ip_vs_conn, rcu));
}

static bool is_masq(u32 flags)
{
	return (flags & IP_VS_CONN_F_FWD_MASK) == IP_VS_CONN_F_MASQ;
}

/* ---- what only some have ---- */

/**
 * ip_vs_conn_ext_get() - the extension of a connection, made if need be
 * @cp: the connection
 *
 * Context: any but hard interrupts. Return: NULL if there is no memory.
 */
struct ip_vs_conn_ext *ip_vs_conn_ext_get(struct ip_vs_conn *cp)
{
	struct ip_vs_conn_ext *ext = ip_vs_conn_ext(cp), *mine;

	if (ext)
		return ext;
	mine = kzalloc(sizeof(*mine), GFP_ATOMIC);
	if (!mine)
		return NULL;
	/* release: who reads the pointer finds it zeroed */
	ext = cmpxchg_release(&cp->ext, NULL, mine);
	if (!ext)
		return mine;
	kfree(mine);
	return ip_vs_conn_ext(cp);
}

/* @cp is about to control one more. False if it is dead, or there is no memory. The count is
 * raised under its lock, under which it dies, so that one with children never does.
 */
static bool control_get(struct ip_vs_conn *cp)
{
	struct ip_vs_conn_ext *ext = ip_vs_conn_ext_get(cp);
	bool alive;

	if (!ext)
		return false;
	spin_lock(&cp->lock);
	alive = !(cp->flags & IP_VS_CONN_F_DEAD);
	if (alive)
		atomic_inc(&ext->children);
	spin_unlock(&cp->lock);
	return alive;
}

static int set_ext(struct ip_vs_conn *cp, const struct ip_vs_conn_spec *spec)
{
	struct ip_vs_conn_ext *ext = ip_vs_conn_ext_get(cp);

	if (!ext)
		return -ENOMEM;
	ext->server = spec->server;
	if (!spec->pe)
		return 0;
	ext->pe = ip_vs_pe_data_new(spec->pe);
	return ext->pe ? 0 : -ENOMEM;
}

/* Only who translates packets can change what they say. */
static int set_helped(struct ip_vs_conn *cp, const struct ip_vs_conn_spec *spec)
{
	const struct ip_vs_tuple *request = &spec->tuple;
	struct ip_vs_helped *helped;
	struct ip_vs_conn_ext *ext;

	if (!is_masq(cp->flags) || cp->flags & IP_VS_CONN_F_TEMPLATE)
		return 0;
	helped = ip_vs_app_help(cp->ipvs, request->proto, request->dport);
	if (likely(!helped))
		return 0;
	if (IS_ERR(helped))
		return PTR_ERR(helped);
	ext = ip_vs_conn_ext_get(cp);
	if (!ext) {
		ip_vs_app_leave(helped);
		return -ENOMEM;
	}
	ext->helped = helped;
	cp->flags |= IP_VS_CONN_F_HELPED;
	return 0;
}

/* ---- who serves ---- */

/**
 * ip_vs_conn_server() - the real server of a connection or template
 * @cp: the connection
 * @server: set to the server's address and port
 *
 * Context: RCU.
 */
void ip_vs_conn_server(const struct ip_vs_conn *cp, struct ip_vs_server *server)
{
	const struct ip_vs_conn_ext *ext = ip_vs_conn_ext(cp);
	const struct ip_vs_dest *dest = ip_vs_conn_dest(cp);
	u32 flags = ip_vs_conn_flags(cp);

	if (flags & IP_VS_CONN_F_TEMPLATE ||
	    (flags & IP_VS_CONN_F_FWD_MASK) == IP_VS_CONN_F_MASQ) {
		server->addr = cp->out.tuple.src;
		server->port = ip_vs_conn_is_retired(cp) ? htons(0xffff) : cp->out.tuple.sport;
		server->af = cp->out.tuple.af;
	} else if (ext && ext->server.af) {
		*server = ext->server;
	} else {
		server->addr = dest->key.addr;
		server->port = flags & IP_VS_CONN_F_VPORT ? cp->in.tuple.dport : dest->key.port;
		server->af = dest->key.af;
	}
}
EXPORT_SYMBOL_GPL(ip_vs_conn_server);

/* Does neither the reply tuple nor the destination tell who serves? */
static bool must_keep_server(const struct ip_vs_conn *cp, const struct ip_vs_conn_spec *spec)
{
	if (cp->flags & (IP_VS_CONN_F_TEMPLATE | IP_VS_CONN_F_VPORT) ||
	    ip_vs_conn_method(cp) == IP_VS_CONN_F_MASQ)
		return !spec->dest;
	return !spec->dest || spec->server.port != spec->dest->key.port;
}

/**
 * ip_vs_conn_spec_dest() - the destination which a connection from elsewhere belongs to
 * @spec: all but @dest
 *
 * The service is found as for a packet with that mark. Destinations of services by mark
 * that do not translate ports are usually added without one.
 * Context: RCU. Return: NULL if there is none now.
 */
struct ip_vs_dest *ip_vs_conn_spec_dest(const struct ip_vs_conn_spec *spec)
{
	const struct ip_vs_tuple *t = &spec->tuple;
	const struct ip_vs_server *server = &spec->server;
	__be16 first = server->port, second = 0;
	struct ip_vs_service *svc;
	struct ip_vs_dest *dest;

	svc = ip_vs_service_lookup(spec->ipvs, t->af, spec->fwmark, t->proto, &t->dst, t->dport);
	if (!svc)
		return NULL;
	if (svc->key.fwmark && (spec->flags & IP_VS_CONN_F_FWD_MASK) != IP_VS_CONN_F_MASQ)
		swap(first, second);
	dest = ip_vs_dest_find(svc, server->af, &server->addr, first);
	return dest ? dest : ip_vs_dest_find(svc, server->af, &server->addr, second);
}

/* Templates count apart, and do not fill a server up. */
static void bind(struct ip_vs_conn *cp, struct ip_vs_dest *dest)
{
	if (cp->flags & IP_VS_CONN_F_TEMPLATE) {
		ip_vs_dest_get(dest);
		atomic_inc(&dest->persist);
	} else {
		ip_vs_dest_bind(dest);
		if (!(cp->flags & IP_VS_CONN_F_INACTIVE))
			atomic_inc(&dest->active);
	}
	WRITE_ONCE(cp->dest, dest);
}

/* The reverse, by who removed @cp: it is counted inactive by then. It still points to its
 * destination, because packets may, which lives as long as they do.
 */
void ip_vs_conn_unbind(struct ip_vs_conn *cp)
{
	struct ip_vs_dest *dest = ip_vs_conn_dest(cp);

	if (!dest)
		return;
	if (cp->flags & IP_VS_CONN_F_TEMPLATE) {
		atomic_dec(&dest->persist);
		ip_vs_dest_put(dest);
	} else {
		ip_vs_dest_unbind(dest);
	}
}

/* The flags that a connection takes from its destination. One packet at a time is for UDP,
 * and what comes from another director or remembers a client must stay in the table.
 */
static u32 flags_of(const struct ip_vs_conn_spec *spec, const struct ip_vs_dest *dest)
{
	u32 lasting = IP_VS_CONN_F_TEMPLATE | IP_VS_CONN_F_SYNC;
	u32 flags = spec->flags;

	if (dest) {
		flags &= ~(IP_VS_CONN_F_FWD_MASK | IP_VS_CONN_F_NOOUTPUT);
		flags |= READ_ONCE(dest->conn_flags) &
			 (IP_VS_CONN_F_FWD_MASK | IP_VS_CONN_F_NFCT | IP_VS_CONN_F_ONE_PACKET);
		if (!is_masq(flags))
			flags |= IP_VS_CONN_F_NOOUTPUT;
		if (!READ_ONCE(dest->weight))
			flags |= IP_VS_CONN_F_QUIESCED;
	}
	if (ip_vs_knob(spec->ipvs, conntrack))
		flags |= IP_VS_CONN_F_NFCT;
	if (flags & lasting || spec->tuple.proto != IPPROTO_UDP)
		flags &= ~IP_VS_CONN_F_ONE_PACKET;
	if (!(flags & IP_VS_CONN_F_TEMPLATE) && !is_masq(flags) &&
	    spec->server.port == spec->tuple.dport)
		flags |= IP_VS_CONN_F_VPORT;
	if (spec->control)
		flags |= IP_VS_CONN_F_UNPROVEN;
	return flags & ~IP_VS_CONN_F_HASHED;
}

/**
 * ip_vs_conn_bind() - give an unbound connection its destination, which has appeared
 * @cp: the connection
 * @dest: as ip_vs_conn_spec_dest() finds it
 *
 * Context: RCU, BH off.
 * Return: is it bound? Not if the method now differs from the one it came with in where
 * replies come from: they stand in the table.
 */
bool ip_vs_conn_bind(struct ip_vs_conn *cp, struct ip_vs_dest *dest)
{
	u32 method = IP_VS_DEST_METHOD(dest);
	bool bound = false;

	spin_lock(&cp->lock);
	if (!cp->dest && !(cp->flags & IP_VS_CONN_F_DEAD) &&
	    is_masq(cp->flags) == (method == IP_VS_CONN_F_MASQ)) {
		WRITE_ONCE(cp->flags, (cp->flags & ~IP_VS_CONN_F_FWD_MASK) | method);
		bind(cp, dest);
		bound = true;
	}
	spin_unlock(&cp->lock);
	return bound;
}

/* ---- making ---- */

/* Requests arrive as the client sent them. What replies look like depends on the method:
 * a masqueraded server answers from its own address, any other from the virtual one.
 * A template's second tuple says who serves.
 */
static void set_tuples(struct ip_vs_conn *cp, const struct ip_vs_conn_spec *spec)
{
	const struct ip_vs_tuple *request = &spec->tuple;
	struct ip_vs_tuple *out = &cp->out.tuple;

	cp->in.tuple = *request;
	cp->in.tuple.zero = 0;
	out->src = request->dst;
	out->sport = request->dport;
	out->dst = request->src;
	out->dport = request->sport;
	out->proto = request->proto;
	out->af = request->af;
	out->dir = IP_VS_DIR_OUT;
	out->zero = 0;
	if (!(cp->flags & IP_VS_CONN_F_TEMPLATE) && !is_masq(cp->flags)) {
		cp->in.tuple.dir = IP_VS_DIR_IN;
		return;
	}
	out->src = spec->server.addr;
	out->sport = spec->server.port;
	if (cp->flags & IP_VS_CONN_F_TEMPLATE) {
		cp->in.tuple.dir = spec->pe ? IP_VS_DIR_TEMPLATE_PE : IP_VS_DIR_TEMPLATE;
		out->af = spec->server.af;
	} else {
		cp->in.tuple.dir = IP_VS_DIR_IN;
	}
}

static void set_time(struct ip_vs_conn *cp, const struct ip_vs_conn_spec *spec)
{
	u32 seconds = min_t(u32, spec->timeout, INT_MAX / HZ);

	cp->state_timeout = (u32)spec->state << 24 | seconds;
	cp->deadline = (u32)jiffies + seconds * HZ;
}

/* Complete, and seen by nobody yet. */
static struct ip_vs_conn *make(const struct ip_vs_conn_spec *spec)
{
	struct ip_vs_conn *cp = kmem_cache_alloc(conn_cache, GFP_ATOMIC);
	int err = -ENOMEM;

	if (unlikely(!cp))
		return ERR_PTR(err);
	cp->ipvs = spec->ipvs;
	cp->dest = NULL;
	cp->control = NULL;
	cp->ext = NULL;
	cp->in_pkts = spec->in_pkts;
	cp->fwmark = spec->fwmark;
	cp->flags = flags_of(spec, spec->dest);
	set_tuples(cp, spec);
	set_time(cp, spec);
	spin_lock_init(&cp->lock);
	timer_setup(&cp->timer, ip_vs_conn_expire, 0);
	if (unlikely(spec->pe || must_keep_server(cp, spec)) && set_ext(cp, spec))
		goto err_free;
	if (set_helped(cp, spec))
		goto err_free;
	if (unlikely(spec->control)) {
		if (!control_get(spec->control)) {
			err = -EAGAIN;
			goto err_free;
		}
		cp->control = spec->control;
	}
	if (likely(spec->dest))
		bind(cp, spec->dest);
	return cp;

err_free:
	conn_free(cp);
	return ERR_PTR(err);
}

/**
 * ip_vs_conn_discard() - end a connection that is in no table and that nobody else saw
 * @cp: made for one packet, or not inserted
 *
 * Context: RCU, BH off.
 */
void ip_vs_conn_discard(struct ip_vs_conn *cp)
{
	if (cp->dest && !(cp->flags & IP_VS_CONN_F_INACTIVE))
		atomic_dec(&cp->dest->active);
	ip_vs_conn_unbind(cp);
	if (cp->control)
		atomic_dec(&cp->control->ext->children);
	conn_free(cp);
}

/**
 * ip_vs_conn_create() - make a connection or template and put it into the table
 * @spec: all about it
 *
 * One with IP_VS_CONN_F_ONE_PACKET is not put into the table: nobody else sees it, and who
 * made it ends it with ip_vs_conn_discard().
 * Context: RCU, BH off; for sync daemons in process context: rcu_read_lock_bh().
 * Return: the connection, alive and usable until the end of the RCU section, or an
 * ERR_PTR: -EEXIST if the table has one like it, -EAGAIN if its controller has just ended,
 * -ENOMEM, or another error of the table.
 */
struct ip_vs_conn *ip_vs_conn_create(const struct ip_vs_conn_spec *spec)
{
	struct ip_vs_conn *cp = make(spec);
	int err;

	if (IS_ERR(cp) || unlikely(cp->flags & IP_VS_CONN_F_ONE_PACKET))
		return cp;
	err = ip_vs_conn_insert(cp);
	if (unlikely(err)) {
		ip_vs_conn_discard(cp);
		return ERR_PTR(err);
	}
	trace_ip_vs_conn_new(cp);
	return cp;
}
EXPORT_SYMBOL_GPL(ip_vs_conn_create);

/* What it would take to make @cp, which is no template, again. Context: RCU. */
void ip_vs_conn_spec_of(const struct ip_vs_conn *cp, struct ip_vs_conn_spec *spec)
{
	*spec = (struct ip_vs_conn_spec) {
		.ipvs = cp->ipvs,
		.tuple = cp->in.tuple,
		.dest = ip_vs_conn_dest(cp),
		.flags = ip_vs_conn_flags(cp) & (GENMASK(23, 0) | IP_VS_CONN_F_LOCAL),
		.fwmark = cp->fwmark,
		.in_pkts = READ_ONCE(cp->in_pkts),
		.timeout = ip_vs_conn_timeout(cp),
		.state = ip_vs_conn_state(cp),
		.control = cp->control,
	};
	ip_vs_conn_server(cp, &spec->server);
}

/**
 * ip_vs_conn_learn_port() - the client's port of a connection made ahead has become known
 * @cp: found by a packet, has IP_VS_CONN_F_NO_CPORT
 * @port: where the packet came from
 *
 * Keys in the table do not change: another connection takes the place of @cp.
 * Context: RCU, BH off.
 * Return: that one, or an ERR_PTR as of ip_vs_conn_create(), but not -EEXIST.
 */
struct ip_vs_conn *ip_vs_conn_learn_port(struct ip_vs_conn *cp, __be16 port)
{
	struct ip_vs_conn_spec spec;
	struct ip_vs_conn *known;

	ip_vs_conn_spec_of(cp, &spec);
	spec.tuple.sport = port;
	spec.flags &= ~IP_VS_CONN_F_NO_CPORT;
	known = ip_vs_conn_create(&spec);
	if (PTR_ERR_OR_ZERO(known) == -EEXIST) {
		/* another CPU was faster; if that one is over already, so is this packet's flow */
		known = ip_vs_conn_find(cp->ipvs, &spec.tuple);
		if (!known)
			return ERR_PTR(-ENOMEM);
	}
	if (!IS_ERR(known))
		ip_vs_conn_kill(cp);
	return known;
}

/* ---- changing ---- */

/* A template was used: it lives its time from now on. */
void ip_vs_conn_prolong(struct ip_vs_conn *cp)
{
	WRITE_ONCE(cp->deadline, (u32)jiffies + ip_vs_conn_timeout(cp) * HZ);
}

/**
 * ip_vs_conn_prove() - @cp got an answer from its server: tell its template
 * @cp: has IP_VS_CONN_F_UNPROVEN
 *
 * Context: RCU, BH off.
 */
void ip_vs_conn_prove(struct ip_vs_conn *cp)
{
	struct ip_vs_conn *control = cp->control;

	spin_lock(&cp->lock);
	WRITE_ONCE(cp->flags, cp->flags & ~IP_VS_CONN_F_UNPROVEN);
	spin_unlock(&cp->lock);
	if (!control || !ip_vs_conn_is_template(control) ||
	    ip_vs_conn_state(control) == IP_VS_TEMPLATE_ASSURED)
		return;
	spin_lock(&control->lock);
	WRITE_ONCE(control->state_timeout,
		   IP_VS_TEMPLATE_ASSURED << 24 | ip_vs_conn_timeout(control));
	spin_unlock(&control->lock);
}

/* Move a connection between the active and the inactive ones of its destination. */
static void set_active(struct ip_vs_conn *cp, bool active)
{
	lockdep_assert_held(&cp->lock);
	if (active == !(cp->flags & IP_VS_CONN_F_INACTIVE))
		return;
	WRITE_ONCE(cp->flags, cp->flags ^ IP_VS_CONN_F_INACTIVE);
	if (!cp->dest)
		return;
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
EXPORT_SYMBOL_GPL(ip_vs_conn_update);

/* Count a request, or a reply, of @bytes (from the network header on) for destination,
 * service and total; nothing is counted without a destination in service. RCU, BH off.
 */
void ip_vs_conn_count_in(const struct ip_vs_conn *cp, unsigned int bytes)
{
	struct ip_vs_dest *dest = ip_vs_conn_dest(cp);
	struct ip_vs_service *svc = dest ? rcu_dereference(dest->svc) : NULL;

	if (!svc)
		return;
	ip_vs_stats_in(&dest->stats, bytes);
	ip_vs_stats_in(&svc->stats, bytes);
	ip_vs_stats_in(ip_vs_stats_total(cp->ipvs), bytes);
}

void ip_vs_conn_count_out(const struct ip_vs_conn *cp, unsigned int bytes)
{
	struct ip_vs_dest *dest = ip_vs_conn_dest(cp);
	struct ip_vs_service *svc = dest ? rcu_dereference(dest->svc) : NULL;

	if (!svc)
		return;
	ip_vs_stats_out(&dest->stats, bytes);
	ip_vs_stats_out(&svc->stats, bytes);
	ip_vs_stats_out(ip_vs_stats_total(cp->ipvs), bytes);
}

static int conn_init(void)
{
	BUILD_BUG_ON(sizeof(struct ip_vs_tuple) != 40);
	/* three cache lines, unless the kernel watches its locks */
	BUILD_BUG_ON(sizeof(spinlock_t) == 4 && sizeof(struct ip_vs_conn) > 192);
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
	ip_vs_conn_table_close(ipvs);
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
