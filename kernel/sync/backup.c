// SPDX-License-Identifier: GPL-2.0-only
/*
 * The backup: its threads receive the datagrams of a master and make connections
 * of what they tell. Nothing in a datagram is trusted.
 */
#include <linux/kthread.h>
#include <linux/slab.h>
#include <net/sock.h>

#include "base/knobs.h"
#include "conn/conn.h"
#include "pe/pe.h"
#include "proto/proto.h"
#include "sync/daemon.h"
#include "sync/wire.h"
#include "trace.h"

/* What a sender may say about a connection of ours; the rest of the flags is his own. */
#define TAKEN_FLAGS	(IP_VS_CONN_F_FWD_MASK | IP_VS_CONN_F_NOOUTPUT | IP_VS_CONN_F_INACTIVE | \
			 IP_VS_CONN_F_SEQ_MASK | IP_VS_CONN_F_NO_CPORT | IP_VS_CONN_F_TEMPLATE)

#define TEMPLATE_SECONDS	180	/* if not told */

/* ---- applying a record ---- */

static u32 seconds_of(struct netns_ipvs *ipvs, const struct ip_vs_sync_record *rec)
{
	if (rec->timeout)
		return min_t(u32, rec->timeout, INT_MAX / HZ);
	if (rec->flags & IP_VS_CONN_F_TEMPLATE)
		return TEMPLATE_SECONDS;
	return ip_vs_proto_timeout(ipvs, rec->protocol, rec->state);
}

/* Ports that a template or a connection without client port does not have are 0 in its key,
 * whatever was sent. Templates are never counted active.
 */
static void make_spec(struct netns_ipvs *ipvs, const struct ip_vs_sync_record *rec,
		      struct ip_vs_conn_spec *spec)
{
	bool portless = rec->flags & (IP_VS_CONN_F_TEMPLATE | IP_VS_CONN_F_NO_CPORT);

	*spec = (struct ip_vs_conn_spec) {
		.ipvs = ipvs,
		.tuple = {
			.src = rec->client,
			.dst = rec->virt,
			.sport = portless ? 0 : rec->cport,
			.dport = rec->vport,
			.proto = rec->protocol,
			.af = rec->af,
			.dir = IP_VS_DIR_IN,
		},
		.server = { .addr = rec->dest, .port = rec->dport, .af = rec->af },
		.flags = (rec->flags & TAKEN_FLAGS) | IP_VS_CONN_F_SYNC,
		.fwmark = rec->fwmark,
		.in_pkts = ip_vs_knob(ipvs, sync_threshold[0]),
		.timeout = seconds_of(ipvs, rec),
		.state = rec->state,
	};
	if (rec->flags & IP_VS_CONN_F_TEMPLATE)
		spec->flags |= IP_VS_CONN_F_INACTIVE;
}

static struct ip_vs_conn *find(const struct ip_vs_conn_spec *spec)
{
	if (spec->flags & IP_VS_CONN_F_TEMPLATE)
		return ip_vs_conn_find_template(spec->ipvs, &spec->tuple, spec->pe);
	return ip_vs_conn_find(spec->ipvs, &spec->tuple);
}

static bool has_server(const struct ip_vs_conn *cp, const struct ip_vs_server *server)
{
	struct ip_vs_server own;

	ip_vs_conn_server(cp, &own);
	return own.port == server->port && ip_vs_addr_equal(&own.addr, &server->addr);
}

/* The client has come to another server than we know of: what is active is right. */
static bool must_replace(const struct ip_vs_conn *cp, const struct ip_vs_conn_spec *spec)
{
	return !(spec->flags & (IP_VS_CONN_F_TEMPLATE | IP_VS_CONN_F_INACTIVE)) &&
	       !has_server(cp, &spec->server);
}

static bool must_ignore(const struct ip_vs_conn *cp, const struct ip_vs_conn_spec *spec)
{
	return !(spec->flags & IP_VS_CONN_F_TEMPLATE) && spec->flags & IP_VS_CONN_F_INACTIVE &&
	       !has_server(cp, &spec->server);
}

static void update(struct ip_vs_conn *cp, const struct ip_vs_conn_spec *spec)
{
	struct ip_vs_dest *dest;

	if (!ip_vs_conn_dest(cp)) {
		dest = ip_vs_conn_spec_dest(spec);
		if (dest)
			ip_vs_conn_bind(cp, dest);
	}
	WRITE_ONCE(cp->in_pkts, spec->in_pkts);
	ip_vs_conn_update(cp, spec->state, spec->timeout,
			  !(spec->flags & IP_VS_CONN_F_INACTIVE), false);
}

/* Make a connection, or change the one there is. Without the service or the destination it
 * belongs to it is made unbound. NULL: the record is of no use, or there is no memory; the
 * master tells again. Context: RCU, BH off.
 */
static struct ip_vs_conn *apply(struct ip_vs_conn_spec *spec)
{
	struct ip_vs_conn *cp = find(spec);

	if (cp && must_ignore(cp, spec))
		return NULL;
	if (cp && must_replace(cp, spec)) {
		ip_vs_conn_kill(cp);
		cp = NULL;
	}
	if (cp) {
		update(cp, spec);
		return cp;
	}
	spec->dest = ip_vs_conn_spec_dest(spec);
	cp = ip_vs_conn_create(spec);
	return IS_ERR(cp) ? NULL : cp;
}

/* The helper of another director has moved the numbers of the server's stream; ours goes on
 * from there.
 */
static void take_moves(struct ip_vs_conn *cp, const struct ip_vs_sync_seq *seq)
{
	struct ip_vs_helped *helped = ip_vs_conn_helped(cp);

	if (!helped)
		return;
	spin_lock(&helped->lock);
	helped->replies = (struct ip_vs_seq) {
		.at = seq->init,
		.before = seq->previous,
		.after = seq->delta,
	};
	spin_unlock(&helped->lock);
}

/* The engine must be there already: nobody from outside makes us load modules. It returns
 * with a reference on it, or none if the record has no engine's data.
 */
static bool get_engine(const struct ip_vs_sync_record *rec, struct ip_vs_pe_key *key)
{
	char name[IP_VS_PENAME_MAXLEN + 1];

	key->pe = NULL;
	if (!rec->pe_data_len)
		return true;
	memcpy(name, rec->pe_name, rec->pe_name_len);
	name[rec->pe_name_len] = 0;
	key->pe = ip_vs_pe_get_loaded(name);
	key->len = rec->pe_data_len;
	memcpy(key->data, rec->pe_data, rec->pe_data_len);
	return key->pe;
}

static void take_record(struct netns_ipvs *ipvs, const struct ip_vs_sync_record *rec)
{
	const struct ip_vs_proto *proto = ip_vs_proto_find(rec->protocol);
	/* a protocol without states is in state 0 */
	unsigned int nr_states = proto ? max_t(unsigned int, proto->nr_states, 1) : 0;
	struct ip_vs_conn_spec spec;
	struct ip_vs_conn *cp;
	struct ip_vs_pe_key key;

	if (!ip_vs_sync_is_valid(rec, nr_states) || !get_engine(rec, &key))
		return;
	make_spec(ipvs, rec, &spec);
	if (key.pe)
		spec.pe = &key;
	local_bh_disable();
	rcu_read_lock();
	cp = apply(&spec);
	if (cp && rec->has_seq)
		take_moves(cp, &rec->out);
	rcu_read_unlock();
	local_bh_enable();
	ip_vs_pe_put(key.pe);
}

/* ---- the thread ---- */

/* A datagram that is no synchronisation, or of another group, has no effect. What follows a
 * malformed record has none either.
 */
static void take_datagram(struct ip_vs_sync_thread *thread, unsigned int len)
{
	const struct ip_vs_sync_daemon *daemon = thread->daemon;
	struct ip_vs_sync_reader reader;
	struct ip_vs_sync_record rec;
	enum ip_vs_sync_opened opened;
	enum ip_vs_sync_next next;
	unsigned int nr = 0;

	opened = ip_vs_sync_read_begin(&reader, thread->buf, len, daemon->cfg.sync_id);
	if (opened != IP_VS_SYNC_OPENED) {
		trace_ip_vs_sync_receive(daemon->ipvs, len, 0, opened);
		return;
	}
	if (ip_vs_sync_read_note(&reader) == IP_VS_SYNC_HEARD)
		ip_vs_sync_ask_end(thread);
	while ((next = ip_vs_sync_read(&reader, &rec)) != IP_VS_SYNC_END) {
		if (next == IP_VS_SYNC_STOP)
			opened = IP_VS_SYNC_MALFORMED;
		if (next == IP_VS_SYNC_RECORD)
			take_record(daemon->ipvs, &rec);
		nr++;
	}
	trace_ip_vs_sync_receive(daemon->ipvs, len, nr, opened);
}

/* The next datagram, cut off if it is longer than this daemon takes; -EAGAIN if there is none. */
static int receive(struct ip_vs_sync_thread *thread)
{
	struct kvec iov = {
		.iov_base = thread->buf,
		.iov_len = thread->daemon->cfg.sync_maxlen,
	};
	struct msghdr msg = { };

	return kernel_recvmsg(thread->sock, &msg, &iov, 1, iov.iov_len, MSG_DONTWAIT);
}

/* Take what has come. */
static void drain(struct ip_vs_sync_thread *thread)
{
	int len;

	while (!kthread_should_stop()) {
		len = receive(thread);
		if (len == -EAGAIN)
			return;
		if (len < 0) {
			pr_err_ratelimited("sync backup: cannot receive on %s: error %d\n",
					   thread->daemon->cfg.mcast_ifn, len);
			schedule_timeout_idle(HZ / 10);
			return;
		}
		take_datagram(thread, len);
		cond_resched();
	}
}

static int run(void *data)
{
	struct ip_vs_sync_thread *thread = data;
	struct sock *sk = thread->sock->sk;

	while (!kthread_should_stop()) {
		drain(thread);
		/* a socket wakes only who sleeps interruptibly; no signal comes to this thread */
		wait_event_interruptible_timeout(*sk_sleep(sk),
						 !skb_queue_empty_lockless(&sk->sk_receive_queue) ||
						 kthread_should_stop(),
						 ip_vs_sync_ask(thread));
	}
	return 0;
}

static int prepare(struct ip_vs_sync_thread *thread)
{
	ip_vs_sync_ask_begin(thread);
	thread->buf = kmalloc(thread->daemon->cfg.sync_maxlen, GFP_KERNEL_ACCOUNT);
	return thread->buf ? 0 : -ENOMEM;
}

static void release(struct ip_vs_sync_thread *thread)
{
	kfree(thread->buf);
}

const struct ip_vs_sync_role ip_vs_sync_backup_role = {
	.name		= "backup",
	.letter		= 'b',
	.open		= ip_vs_sync_open_receiver,
	.prepare	= prepare,
	.run		= run,
	.release	= release,
};
