// SPDX-License-Identifier: GPL-2.0-only
/*
 * The master: which connections to tell the backups about, and when; batches of
 * records; the threads that send them. Packets write records into the open batch
 * of a thread, under its lock; the thread sends full batches, and open ones that
 * wait too long.
 */
#include <linux/kthread.h>
#include <linux/slab.h>
#include <net/sock.h>

#include "sync/daemon.h"
#include "sync/wire.h"

/* An open batch is sent when it is this old; threads look once a second. */
#define BATCH_AGE	(2 * HZ)
#define LOOK_PERIOD	HZ

struct ip_vs_sync_batch {
	struct list_head list;
	unsigned long begun;		/* jiffies of the first record */
	struct ip_vs_sync_writer writer;
	u8 data[];
};

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

static void wait_for_work(struct ip_vs_sync_thread *thread)
{
	set_current_state(TASK_IDLE);
	if (list_empty_careful(&thread->full) && !kthread_should_stop())
		schedule_timeout(LOOK_PERIOD);
	__set_current_state(TASK_RUNNING);
}

static int run(void *data)
{
	struct ip_vs_sync_thread *thread = data;
	struct ip_vs_sync_batch *batch;

	while (!kthread_should_stop()) {
		batch = take(thread);
		if (batch) {
			send(thread, batch);
			kfree(batch);
			cond_resched();
		} else {
			wait_for_work(thread);
		}
	}
	return 0;
}

/* Batches come into being with the first record. */
static int prepare(struct ip_vs_sync_thread *thread)
{
	/* whoever stops the thread waits no longer than this for room in a socket buffer */
	thread->sock->sk->sk_sndtimeo = HZ;
	return 0;
}

/* What was not sent is lost. */
static void release(struct ip_vs_sync_thread *thread)
{
	struct ip_vs_sync_batch *batch, *next;

	list_for_each_entry_safe(batch, next, &thread->full, list)
		kfree(batch);
	kfree(thread->open);
}

const struct ip_vs_sync_role ip_vs_sync_master_role = {
	.name		= "master",
	.letter		= 'm',
	.open		= ip_vs_sync_open_sender,
	.prepare	= prepare,
	.run		= run,
	.release	= release,
};
