// SPDX-License-Identifier: GPL-2.0-only
/*
 * The backup: its threads receive the datagrams of a master and make connections
 * of what they tell. Nothing in a datagram is trusted.
 */
#include <linux/kthread.h>
#include <linux/slab.h>
#include <net/sock.h>

#include "sync/daemon.h"
#include "sync/wire.h"

/* ---- the thread ---- */

/* A datagram that is no synchronisation, or of another group, has no effect. */
static void take_datagram(struct ip_vs_sync_thread *thread, unsigned int len)
{
	const struct ip_vs_sync_daemon *daemon = thread->daemon;
	struct ip_vs_sync_reader reader;

	ip_vs_sync_read_begin(&reader, thread->buf, len, daemon->cfg.sync_id);
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
		wait_event_idle(*sk_sleep(sk), !skb_queue_empty_lockless(&sk->sk_receive_queue) ||
				kthread_should_stop());
	}
	return 0;
}

static int prepare(struct ip_vs_sync_thread *thread)
{
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
