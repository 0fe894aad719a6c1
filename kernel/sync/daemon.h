/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Inside of sync/: a daemon is a set of kernel threads, each with a socket of its
 * own. What a thread works on is its role's.
 */
#ifndef IP_VS_SYNC_DAEMON_H
#define IP_VS_SYNC_DAEMON_H

#include <linux/list.h>
#include <linux/spinlock.h>

#include "sync/sync.h"

struct socket;
struct task_struct;
struct ip_vs_conn;
struct ip_vs_sync_answer;
struct ip_vs_sync_batch;

struct ip_vs_sync_thread {
	struct ip_vs_sync_daemon *daemon;
	unsigned int id;
	struct task_struct *task;
	struct socket *sock;
	/* of a master: records go into the open batch; full ones wait for the thread */
	spinlock_t lock;			/* lock 9 */
	struct ip_vs_sync_batch *open;		/* lock */
	struct list_head full;			/* lock */
	unsigned long nr_full;			/* lock */
	struct ip_vs_sync_answer *answer;	/* the first thread's; to backups that ask */
	/* of a backup: where it receives, and whether it still has to ask */
	void *buf;
	unsigned int asks_left;
	unsigned long next_ask;			/* jiffies */
};

struct ip_vs_sync_daemon {
	struct netns_ipvs *ipvs;
	const struct ip_vs_sync_role *role;
	struct ipvs_daemon cfg;			/* constant, with defaults filled in */
	int ifindex;				/* constant, though the device may go */
	unsigned int nr_threads;
	struct ip_vs_sync_thread threads[];
};

/* @open: make the socket of a thread.
 * @prepare: allocate what the thread works on.
 * @run: the thread; returns only when kthread_should_stop().
 * @release: free what is left after the thread has ended, even if prepare failed.
 */
struct ip_vs_sync_role {
	const char *name;
	char letter;			/* in names of threads */
	struct socket *(*open)(const struct ip_vs_sync_daemon *daemon, unsigned int id);
	int (*prepare)(struct ip_vs_sync_thread *thread);
	int (*run)(void *thread);
	void (*release)(struct ip_vs_sync_thread *thread);
};

extern const struct ip_vs_sync_role ip_vs_sync_master_role;	/* master.c */
extern const struct ip_vs_sync_role ip_vs_sync_backup_role;	/* backup.c */

/* master.c: give a record of @cp to the threads; false if backups are not told of such a
 * one. RCU, BH off.
 */
bool ip_vs_sync_tell(struct ip_vs_sync_daemon *master, const struct ip_vs_conn *cp);

/* resync.c; the thread itself, but for begin, init and exit */
void ip_vs_sync_ask_begin(struct ip_vs_sync_thread *thread);
void ip_vs_sync_ask_end(struct ip_vs_sync_thread *thread);
long ip_vs_sync_ask(struct ip_vs_sync_thread *thread);
int ip_vs_sync_answer_init(struct ip_vs_sync_thread *thread);
void ip_vs_sync_answer_exit(struct ip_vs_sync_thread *thread);
long ip_vs_sync_answer(struct ip_vs_sync_thread *thread);

/* sock.c; 0 or the kernel's error, process context, takes rtnl */
struct socket *ip_vs_sync_open_sender(const struct ip_vs_sync_daemon *daemon, unsigned int id);
struct socket *ip_vs_sync_open_receiver(const struct ip_vs_sync_daemon *daemon, unsigned int id);
void ip_vs_sync_close(struct socket *sock);			/* accepts NULL */

static inline bool ip_vs_sync_is_ipv6(const struct ipvs_daemon *cfg)
{
	return !cfg->mcast_group;
}

#endif
