// SPDX-License-Identifier: GPL-2.0-only
/*
 * A director that has just started knows no connections, and its master tells only of
 * those whose packets come. So a backup asks when it starts, and the master then tells
 * of every connection there is. Upstream's master does not hear the question; who hears
 * it and does not know it takes it for an empty datagram (sync/wire.c).
 *
 *   backup                          master
 *     | -- ask, until heard ------------> |   to the group
 *     | <------------------------- heard  |
 *     | <--------- records, a step at a time, beside those whose turn it is
 *
 * Asking and answering are the business of the first thread of each daemon.
 */
#include <linux/net.h>
#include <linux/slab.h>

#include "conn/conn.h"
#include "sync/daemon.h"
#include "sync/wire.h"

#define ASK_TIMES	5
#define ASK_PERIOD	HZ
#define LISTEN_PERIOD	(HZ / 2)
/* How many connections are told at once, so that the buffer of a receiver's socket has room
 * for them, and how long it then has to read them.
 */
#define STEP_CONNS	1000
#define STEP_PAUSE	(HZ / 40)
#define STEP_BUCKETS	256	/* without a rest */
/* Whoever is on the network can ask, but not make us do nothing else. */
#define ANSWER_GAP	(2 * HZ)
#define HEAR_MAX	64	/* datagrams at a time */

struct ip_vs_sync_answer {
	struct socket *ears;		/* where questions come in */
	bool is_wanted;			/* asked since the last one began */
	bool is_running;
	unsigned long next;		/* jiffies: when to listen, and to take the next step */
	unsigned long earliest;		/* jiffies: not to begin before */
	unsigned int told;
	struct ip_vs_conn_listing listing;
};

static int send_note(const struct ip_vs_sync_daemon *daemon, struct socket *sock,
		     enum ip_vs_sync_note note)
{
	u8 buf[IP_VS_SYNC_NOTE_SIZE];
	struct kvec iov = { .iov_base = buf, .iov_len = sizeof(buf) };
	struct msghdr msg = { .msg_flags = MSG_DONTWAIT };

	ip_vs_sync_write_note(buf, daemon->cfg.sync_id, note);
	return kernel_sendmsg(sock, &msg, &iov, 1, sizeof(buf));
}

/* ---- the backup ---- */

void ip_vs_sync_ask_begin(struct ip_vs_sync_thread *thread)
{
	thread->asks_left = thread->id ? 0 : ASK_TIMES;
	thread->next_ask = jiffies;
}

void ip_vs_sync_ask_end(struct ip_vs_sync_thread *thread)
{
	thread->asks_left = 0;
}

/* Each time with a new socket: there may be no route to the group yet. */
static void ask_now(struct ip_vs_sync_thread *thread)
{
	struct socket *sock = ip_vs_sync_open_sender(thread->daemon, 0);

	if (IS_ERR(sock))
		return;
	send_note(thread->daemon, sock, IP_VS_SYNC_ASK);
	ip_vs_sync_close(sock);
}

/**
 * ip_vs_sync_ask() - ask the master for all connections, if it is time to
 * @thread: the first one of a backup
 *
 * Context: the thread.
 * Return: how long until it may be time again; MAX_SCHEDULE_TIMEOUT: no more.
 */
long ip_vs_sync_ask(struct ip_vs_sync_thread *thread)
{
	if (!thread->asks_left)
		return MAX_SCHEDULE_TIMEOUT;
	if (time_before(jiffies, thread->next_ask))
		return thread->next_ask - jiffies;
	ask_now(thread);
	thread->asks_left--;
	thread->next_ask = jiffies + ASK_PERIOD;
	return ASK_PERIOD;
}

/* ---- the master ---- */

/* Without ears it answers nobody, and is a master nevertheless: a program may have taken the
 * port for itself. Context: process, cfg_mutex, may take rtnl.
 */
int ip_vs_sync_answer_init(struct ip_vs_sync_thread *thread)
{
	struct ip_vs_sync_answer *answer;
	struct socket *ears;

	if (thread->id)
		return 0;
	answer = kzalloc(sizeof(*answer), GFP_KERNEL_ACCOUNT);
	if (!answer)
		return -ENOMEM;
	ears = ip_vs_sync_open_receiver(thread->daemon, thread->id);
	answer->ears = IS_ERR(ears) ? NULL : ears;
	answer->next = jiffies;
	answer->earliest = jiffies;
	thread->answer = answer;
	return 0;
}

void ip_vs_sync_answer_exit(struct ip_vs_sync_thread *thread)
{
	if (!thread->answer)
		return;
	ip_vs_sync_close(thread->answer->ears);
	kfree(thread->answer);
}

/* Is it a question to us? A backup without an id listens to every master. */
static bool is_question(const struct ip_vs_sync_daemon *daemon, const u8 *buf, int len)
{
	u32 id = buf[1] ? daemon->cfg.sync_id : 0;
	struct ip_vs_sync_reader reader;

	return ip_vs_sync_read_begin(&reader, buf, len, id) == IP_VS_SYNC_OPENED &&
	       ip_vs_sync_read_note(&reader) == IP_VS_SYNC_ASK;
}

/* Who asks is told at once that he was heard, and need not ask again. */
static void hear(struct ip_vs_sync_thread *thread)
{
	struct ip_vs_sync_answer *answer = thread->answer;
	u8 buf[IP_VS_SYNC_NOTE_SIZE + 1] = { };	/* and one more, to see what is longer */
	int len = 0, nr;

	for (nr = 0; nr < HEAR_MAX && len >= 0; nr++) {
		struct kvec iov = { .iov_base = buf, .iov_len = sizeof(buf) };
		struct msghdr msg = { };

		len = kernel_recvmsg(answer->ears, &msg, &iov, 1, sizeof(buf), MSG_DONTWAIT);
		if (len > 0 && is_question(thread->daemon, buf, len)) {
			answer->is_wanted = true;
			send_note(thread->daemon, thread->sock, IP_VS_SYNC_HEARD);
		}
	}
}

static void tell(const struct ip_vs_conn *cp, void *arg)
{
	struct ip_vs_sync_thread *thread = arg;

	thread->answer->told += ip_vs_sync_tell(thread->daemon, cp);
}

/* Tell of one bucket; false if the table is being rebuilt. What is told twice does no harm. */
static bool tell_bucket(struct ip_vs_sync_thread *thread)
{
	struct ip_vs_conn_listing *listing = &thread->answer->listing;
	bool is_complete;

	local_bh_disable();
	rcu_read_lock();
	is_complete = ip_vs_conn_listing_visit(thread->daemon->ipvs, listing, listing->now.bucket,
					       tell, thread);
	rcu_read_unlock();
	local_bh_enable();
	if (is_complete)
		listing->now.bucket++;
	return is_complete;
}

static void step(struct ip_vs_sync_thread *thread)
{
	struct ip_vs_sync_answer *answer = thread->answer;
	struct ip_vs_conn_listing *listing = &answer->listing;
	unsigned int end = answer->told + STEP_CONNS, nr = 0;

	if (!ip_vs_conn_listing_is_settled(thread->daemon->ipvs, listing))
		return;
	while (listing->now.bucket < listing->now.size && tell_bucket(thread) &&
	       (s32)(answer->told - end) < 0)
		if (++nr % STEP_BUCKETS == 0)
			cond_resched();
	if (listing->now.bucket < listing->now.size)
		return;
	pr_info_ratelimited("sync master: told a backup that asked of %u connections\n", answer->told);
	answer->is_running = false;
	answer->earliest = jiffies + ANSWER_GAP;
}

static void begin(struct ip_vs_sync_answer *answer)
{
	answer->is_wanted = false;
	answer->is_running = true;
	answer->told = 0;
	memset(&answer->listing, 0, sizeof(answer->listing));
}

/**
 * ip_vs_sync_answer() - go on with what a backup asked for
 * @thread: one of a master
 *
 * Context: the thread.
 * Return: how long until it should be called again; MAX_SCHEDULE_TIMEOUT: never.
 */
long ip_vs_sync_answer(struct ip_vs_sync_thread *thread)
{
	struct ip_vs_sync_answer *answer = thread->answer;

	if (!answer || !answer->ears)
		return MAX_SCHEDULE_TIMEOUT;
	if (time_before(jiffies, answer->next))
		return answer->next - jiffies;
	hear(thread);
	if (answer->is_wanted && !answer->is_running && time_after_eq(jiffies, answer->earliest))
		begin(answer);
	if (answer->is_running)
		step(thread);
	answer->next = jiffies + (answer->is_running ? STEP_PAUSE : LISTEN_PERIOD);
	return answer->next - jiffies;
}
