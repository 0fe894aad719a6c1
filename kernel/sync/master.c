// SPDX-License-Identifier: GPL-2.0-only
/*
 * The master: which connections to tell the backups about, and when; batches of
 * records; the threads that send them. Packets write records into the open batch
 * of a thread, under its lock; the thread sends full batches, and open ones that
 * wait too long.
 */
#include <linux/hash.h>
#include <linux/kthread.h>
#include <linux/slab.h>
#include <net/sock.h>

#include "base/knobs.h"
#include "conn/conn.h"
#include "pe/pe.h"
#include "proto/sctp_states.h"
#include "proto/tcp_states.h"
#include "sync/daemon.h"
#include "sync/wire.h"

/* An open batch is sent when it is this old: what it tells is lost if this host dies first. */
#define BATCH_AGE	(HZ / 5)

struct ip_vs_sync_batch {
	struct list_head list;
	unsigned long begun;		/* jiffies of the first record */
	struct ip_vs_sync_writer writer;
	u8 data[];
};

/* ---- what to tell, and when ---- */

/* Of protocols with states only some are told: those that a new director could not go on
 * without. Others have one state.
 */
static const struct told_states {
	u8 protocol;
	u8 begin;			/* told when it is its turn; the others at once */
	u16 states;
} told_states[] = {
	{
		IPPROTO_TCP, TCP_S_ESTABLISHED,
		BIT(TCP_S_ESTABLISHED) | BIT(TCP_S_FIN_WAIT) | BIT(TCP_S_CLOSE) |
		BIT(TCP_S_CLOSE_WAIT) | BIT(TCP_S_TIME_WAIT)
	},
	{
		IPPROTO_SCTP, SCTP_S_ESTABLISHED,
		BIT(SCTP_S_ESTABLISHED) | BIT(SCTP_S_SHUTDOWN_SENT) |
		BIT(SCTP_S_SHUTDOWN_RECEIVED) | BIT(SCTP_S_SHUTDOWN_ACK_SENT) |
		BIT(SCTP_S_CLOSED)
	},
};

static const struct told_states *states_of(const struct ip_vs_conn *cp)
{
	const struct told_states *row;

	if (ip_vs_conn_is_template(cp))
		return NULL;
	for (row = told_states; row < told_states + ARRAY_SIZE(told_states); row++)
		if (row->protocol == cp->in.tuple.proto)
			return row;
	return NULL;
}

/* What was told of a connection last, in one word that is exchanged as a whole. */
union told {
	u64 word;
	struct {
		u32 deadline;		/* jiffies; with @valid */
		u8 state;		/* 0: nothing was told */
		u8 repeats;		/* of the same */
		u8 valid;
		u8 zero;
	};
};

static union told told_of(const struct ip_vs_conn *cp)
{
	const struct ip_vs_conn_ext *ext = ip_vs_conn_ext(cp);

	return (union told) { .word = ext ? atomic64_read(&ext->told) : 0 };
}

/* Does its deadline differ so little from the one told that backups need not know? Some
 * operators have the same told again a few times, against loss.
 */
static bool is_fresh(const struct ip_vs_conn *cp, const union told *told, union told *now)
{
	long period = ip_vs_knob(cp->ipvs, sync_refresh_period);
	long timeout = (long)ip_vs_conn_timeout(cp) * HZ;
	s32 moved = now->deadline - told->deadline;
	s32 since = (u32)jiffies - (told->deadline - (u32)timeout);

	if (period <= 0 || !told->valid || abs(moved) >= min(period, max(timeout / 2, 10L * HZ)))
		return false;
	if (told->repeats >= ip_vs_knob(cp->ipvs, sync_retries) || since < period / 8)
		return true;
	now->repeats = told->repeats + 1;
	return false;
}

/* Is this the packet at which it is told? Both numbers may change while we look. */
static bool is_turn(const struct ip_vs_conn *cp, u32 pkts)
{
	unsigned int threshold = ip_vs_knob(cp->ipvs, sync_threshold[0]);
	unsigned int period = ip_vs_knob(cp->ipvs, sync_threshold[1]);

	if (period)
		return ip_vs_conn_is_template(cp) || pkts % period == threshold;
	return ip_vs_knob(cp->ipvs, sync_refresh_period) > 0 || pkts == threshold;
}

/* Remember what is told now. False if another CPU tells the same at this moment. Without
 * memory to remember it is told once too often.
 */
static bool remember(struct ip_vs_conn *cp, union told old, union told now)
{
	struct ip_vs_conn_ext *ext = ip_vs_conn_ext_get(cp);

	return !ext || atomic64_cmpxchg(&ext->told, old.word, now.word) == old.word;
}

/* Is @cp, in @state of @row, of those that backups are told of at all? */
static bool is_of_interest(const struct ip_vs_conn *cp, const struct told_states *row, u8 state)
{
	if (cp->control && ip_vs_conn_is_template(cp->control) &&
	    ip_vs_knob(cp->ipvs, sync_persist_mode))
		return false;
	return !row || row->states & BIT(state);
}

/* Must backups be told about @cp, of which @pkts requests have come? */
static bool is_due(struct ip_vs_conn *cp, u32 pkts)
{
	union told told = told_of(cp), now = { .state = ip_vs_conn_state(cp), .valid = 1 };
	const struct told_states *row = states_of(cp);

	now.deadline = (u32)jiffies + ip_vs_conn_timeout(cp) * HZ;
	if (!is_of_interest(cp, row, now.state))
		return false;
	/* an end is told at once; a beginning may be one of many that come to nothing */
	if (row && now.state != told.state && now.state != row->begin)
		return remember(cp, told, now);
	return !is_fresh(cp, &told, &now) && is_turn(cp, pkts) && remember(cp, told, now);
}

/* A helper has moved the numbers of the server's stream: a new director could not go on without
 * knowing that, so it is told at once.
 */
static bool has_moved(const struct ip_vs_conn *cp)
{
	const struct ip_vs_helped *helped = ip_vs_conn_helped(cp);

	return helped && READ_ONCE(helped->moved);
}

static void record_moves(struct ip_vs_helped *helped, struct ip_vs_sync_record *rec)
{
	const struct ip_vs_seq *replies = &helped->replies;

	spin_lock(&helped->lock);
	WRITE_ONCE(helped->moved, false);
	rec->has_seq = replies->before | replies->after;
	rec->out = (struct ip_vs_sync_seq) {
		.init = replies->at,
		.delta = replies->after,
		.previous = replies->before,
	};
	spin_unlock(&helped->lock);
	if (rec->has_seq)
		rec->flags |= IP_VS_CONN_F_OUT_SEQ;
}

static void make_record(const struct ip_vs_conn *cp, struct ip_vs_sync_record *rec)
{
	const struct ip_vs_pe_data *pe = ip_vs_conn_pe(cp);
	const struct ip_vs_tuple *t = &cp->in.tuple;
	struct ip_vs_server server;

	ip_vs_conn_server(cp, &server);
	*rec = (struct ip_vs_sync_record) {
		.af = t->af,
		.protocol = t->proto,
		.state = ip_vs_conn_state(cp),
		.flags = ip_vs_conn_flags(cp) & ~IP_VS_CONN_F_SEQ_MASK,
		.fwmark = cp->fwmark,
		.timeout = ip_vs_conn_timeout(cp),
		.client = t->src,
		.virt = t->dst,
		.dest = server.addr,
		.cport = ip_vs_conn_client_port(cp),
		.vport = ip_vs_conn_virtual_port(cp),
		.dport = server.port,
	};
	if (unlikely(ip_vs_conn_helped(cp)))
		record_moves(ip_vs_conn_helped(cp), rec);
	if (pe) {
		rec->pe_data = pe->data;
		rec->pe_data_len = pe->len;
		rec->pe_name = (const u8 *)pe->pe->plugin.name;
		rec->pe_name_len = strlen(pe->pe->plugin.name);
	}
}

/* ---- batches ---- */

/* Give the open batch to the thread; the oldest are the most urgent, so that a queue which is
 * full loses the newest.
 */
static void close_batch(struct ip_vs_sync_thread *thread)
{
	struct ip_vs_sync_batch *batch = thread->open;

	lockdep_assert_held(&thread->lock);
	thread->open = NULL;
	if (thread->nr_full >= ip_vs_knob(thread->daemon->ipvs, sync_qlen_max)) {
		kfree(batch);
		return;
	}
	list_add_tail(&batch->list, &thread->full);
	thread->nr_full++;
	wake_up_process(thread->task);
}

static void open_batch(struct ip_vs_sync_thread *thread, u8 version, unsigned int room)
{
	unsigned int size = max_t(unsigned int, thread->daemon->cfg.sync_maxlen, room);

	lockdep_assert_held(&thread->lock);
	thread->open = kmalloc(struct_size(thread->open, data, size), GFP_ATOMIC | __GFP_NOWARN);
	if (!thread->open)
		return;
	thread->open->begun = jiffies;
	ip_vs_sync_write_begin(&thread->open->writer, thread->open->data, size, version);
	/* it looks at the clock from now on */
	wake_up_process(thread->task);
}

static void append(struct ip_vs_sync_thread *thread, const struct ip_vs_sync_record *rec)
{
	u8 version = ip_vs_knob(thread->daemon->ipvs, sync_version);
	unsigned int room = ip_vs_sync_datagram_size(version, rec);

	if (!room)
		return;
	spin_lock(&thread->lock);
	if (thread->open && thread->open->writer.version == version &&
	    ip_vs_sync_write(&thread->open->writer, rec))
		goto out;
	if (thread->open)
		close_batch(thread);
	open_batch(thread, version, room);
	if (thread->open)
		ip_vs_sync_write(&thread->open->writer, rec);
out:
	spin_unlock(&thread->lock);
}

/* Records of one connection stay in order: always the same thread. */
static void tell(struct ip_vs_sync_daemon *master, const struct ip_vs_conn *cp)
{
	struct ip_vs_sync_record rec;

	make_record(cp, &rec);
	append(&master->threads[hash_ptr(cp, 16) % master->nr_threads], &rec);
}

/* Not because of a packet, but because a backup asked. */
bool ip_vs_sync_tell(struct ip_vs_sync_daemon *master, const struct ip_vs_conn *cp)
{
	if (!is_of_interest(cp, states_of(cp), ip_vs_conn_state(cp)))
		return false;
	tell(master, cp);
	return true;
}

/**
 * ip_vs_sync_conn_now() - let the master look at a connection
 * @cp: the connection
 * @pkts: requests that have come
 *
 * Its controller is looked at, too, if it is told: a template counts how often that was, any
 * other counts as if it had just become worth telling.
 * Context: RCU, BH off.
 */
void ip_vs_sync_conn_now(struct ip_vs_conn *cp, u32 pkts)
{
	struct ip_vs_sync_daemon *master = rcu_dereference(cp->ipvs->sync->master);

	while (master && (has_moved(cp) || is_due(cp, pkts))) {
		tell(master, cp);
		cp = cp->control;
		if (!cp)
			return;
		pkts = ip_vs_knob(cp->ipvs, sync_threshold[0]);
		if (ip_vs_conn_is_template(cp)) {
			ip_vs_conn_count_packet(cp);
			pkts = READ_ONCE(cp->in_pkts);
		}
	}
}

/* Its end was put off: backups must not let it go either. Context: as above. */
void ip_vs_sync_prolonged(struct ip_vs_conn *cp)
{
	ip_vs_sync_conn(cp->ipvs, cp, ip_vs_knob(cp->ipvs, sync_threshold[0]));
}

/* ---- the thread ---- */

/* What is to be sent next, if anything. */
static struct ip_vs_sync_batch *take(struct ip_vs_sync_thread *thread)
{
	struct ip_vs_sync_batch *batch;

	spin_lock_bh(&thread->lock);
	batch = list_first_entry_or_null(&thread->full, struct ip_vs_sync_batch, list);
	if (batch) {
		list_del(&batch->list);
		thread->nr_full--;
	} else if (thread->open && time_after_eq(jiffies, thread->open->begun + BATCH_AGE)) {
		batch = thread->open;
		thread->open = NULL;
	}
	spin_unlock_bh(&thread->lock);
	return batch;
}

/* A full socket buffer is waited for; anything else loses the batch, and what it told is
 * told again when the connections change.
 */
static void send(struct ip_vs_sync_thread *thread, struct ip_vs_sync_batch *batch)
{
	unsigned int len = ip_vs_sync_write_end(&batch->writer, thread->daemon->cfg.sync_id);
	struct kvec iov;
	int err;

	do {
		struct msghdr msg = { };

		iov.iov_base = batch->data;
		iov.iov_len = len;
		err = kernel_sendmsg(thread->sock, &msg, &iov, 1, len);
	} while (err == -EAGAIN && !kthread_should_stop());
	if (err < 0 && err != -EAGAIN)
		pr_err_ratelimited("sync master: cannot send to the group on %s: error %d\n",
				   thread->daemon->cfg.mcast_ifn, err);
}

/* How long there is nothing to send; who opens or closes a batch wakes the thread. */
static long time_left(struct ip_vs_sync_thread *thread)
{
	long left = MAX_SCHEDULE_TIMEOUT;

	spin_lock_bh(&thread->lock);
	if (!list_empty(&thread->full))
		left = 0;
	else if (thread->open)
		left = max_t(long, thread->open->begun + BATCH_AGE - jiffies, 0);
	spin_unlock_bh(&thread->lock);
	return left;
}

/* @left: no longer than that */
static void wait_for_work(struct ip_vs_sync_thread *thread, long left)
{
	set_current_state(TASK_IDLE);
	left = min(left, time_left(thread));
	if (left && !kthread_should_stop())
		schedule_timeout(left);
	__set_current_state(TASK_RUNNING);
}

static int run(void *data)
{
	struct ip_vs_sync_thread *thread = data;
	struct ip_vs_sync_batch *batch;
	long left;

	while (!kthread_should_stop()) {
		left = ip_vs_sync_answer(thread);
		batch = take(thread);
		if (batch) {
			send(thread, batch);
			kfree(batch);
			cond_resched();
		} else {
			wait_for_work(thread, left);
		}
	}
	return 0;
}

/* Batches come into being with the first record. */
static int prepare(struct ip_vs_sync_thread *thread)
{
	/* whoever stops the thread waits no longer than this for room in a socket buffer */
	thread->sock->sk->sk_sndtimeo = HZ;
	return ip_vs_sync_answer_init(thread);
}

/* What was not sent is lost. */
static void release(struct ip_vs_sync_thread *thread)
{
	struct ip_vs_sync_batch *batch, *next;

	list_for_each_entry_safe(batch, next, &thread->full, list)
		kfree(batch);
	kfree(thread->open);
	ip_vs_sync_answer_exit(thread);
}

const struct ip_vs_sync_role ip_vs_sync_master_role = {
	.name		= "master",
	.letter		= 'm',
	.open		= ip_vs_sync_open_sender,
	.prepare	= prepare,
	.run		= run,
	.release	= release,
};
