// SPDX-License-Identifier: GPL-2.0-only
/*
 * The end of connections. Each has one timer, which is not touched by packets:
 * when it fires it looks at the deadline and goes on sleeping if that has moved.
 *
 * A connection dies once: who sets the DEAD flag, under its lock, removes it. The
 * memory is freed a grace period after both the removal and the timer are over, by
 * the killer if it stopped the timer, else by the timer's function, which is then
 * running or about to and finds the flag set.
 */
#include <linux/rcupdate.h>
#include <linux/sched.h>

#include "conn/conn.h"
#include "nfct/nfct.h"
#include "sync/sync.h"
#include "trace.h"

/* Claim the removal. */
static void set_dead(struct ip_vs_conn *cp)
{
	lockdep_assert_held(&cp->lock);
	if (cp->dest && !(cp->flags & IP_VS_CONN_F_INACTIVE))
		atomic_dec(&cp->dest->active);
	WRITE_ONCE(cp->flags, cp->flags | IP_VS_CONN_F_DEAD | IP_VS_CONN_F_INACTIVE);
}

/* By who claimed it. Who may still hold it: packets under RCU that looked it up before, and
 * walks under RCU. Packets change a dead one no more, and read @cp->dest only, which lives
 * as long as they do.
 */
static void remove(struct ip_vs_conn *cp)
{
	ip_vs_conn_unhash(cp);
	trace_ip_vs_conn_expire(cp);
	if (unlikely(cp->flags & IP_VS_CONN_F_NFCT) && !ip_vs_conn_is_template(cp))
		ip_vs_nfct_forget(cp->ipvs->net, &cp->in.tuple);
	if (cp->control)
		atomic_dec(&cp->control->ext->children);
	ip_vs_conn_unbind(cp);
}

/* Somebody depends on it: it stays a minute more, whatever its own time was. */
static void extend(struct ip_vs_conn *cp)
{
	lockdep_assert_held(&cp->lock);
	WRITE_ONCE(cp->state_timeout,
		   (u32)ip_vs_conn_state(cp) << 24 | IP_VS_CONN_MORE_SECONDS);
	WRITE_ONCE(cp->deadline, (u32)jiffies + IP_VS_CONN_MORE_SECONDS * HZ);
	mod_timer(&cp->timer, jiffies + IP_VS_CONN_MORE_SECONDS * HZ);
}

/* The timer's function. Context: softirq. */
void ip_vs_conn_expire(struct timer_list *timer)
{
	struct ip_vs_conn *cp = container_of(timer, struct ip_vs_conn, timer);
	s32 left;

	rcu_read_lock();
	spin_lock(&cp->lock);
	if (cp->flags & IP_VS_CONN_F_DEAD) {
		spin_unlock(&cp->lock);
		goto free;
	}
	left = READ_ONCE(cp->deadline) - (u32)jiffies;
	if (left > 0) {
		mod_timer(&cp->timer, jiffies + left);
		spin_unlock(&cp->lock);
		rcu_read_unlock();
		return;
	}
	if (unlikely(ip_vs_conn_has_children(cp))) {
		extend(cp);
		spin_unlock(&cp->lock);
		ip_vs_sync_prolonged(cp);
		rcu_read_unlock();
		return;
	}
	set_dead(cp);
	spin_unlock(&cp->lock);
	remove(cp);
free:
	call_rcu(&cp->rcu, ip_vs_conn_free_rcu);
	rcu_read_unlock();
}

/**
 * ip_vs_conn_kill() - end a connection now
 * @cp: the connection
 *
 * Context: RCU; any but hard interrupts.
 * Return: whether this call ended it; if not, it controls others, or somebody else just did.
 */
bool ip_vs_conn_kill(struct ip_vs_conn *cp)
{
	bool stopped;

	spin_lock_bh(&cp->lock);
	if (cp->flags & IP_VS_CONN_F_DEAD || ip_vs_conn_has_children(cp)) {
		spin_unlock_bh(&cp->lock);
		return false;
	}
	set_dead(cp);
	stopped = timer_delete(&cp->timer);
	spin_unlock_bh(&cp->lock);
	local_bh_disable();
	remove(cp);
	local_bh_enable();
	if (stopped)
		call_rcu(&cp->rcu, ip_vs_conn_free_rcu);
	return true;
}
EXPORT_SYMBOL_GPL(ip_vs_conn_kill);

/**
 * ip_vs_conn_kill_chain() - end a connection, and what only it kept
 * @cp: the connection
 *
 * Its controller goes too if nobody else depends on it, and it is not a template that has
 * proved to be of use.
 * Context: RCU; any but hard interrupts. Return: as ip_vs_conn_kill().
 */
bool ip_vs_conn_kill_chain(struct ip_vs_conn *cp)
{
	struct ip_vs_conn *control = cp->control;

	if (!ip_vs_conn_kill(cp))
		return false;
	if (control && !(ip_vs_conn_is_template(control) &&
			 ip_vs_conn_state(control) == IP_VS_TEMPLATE_ASSURED))
		ip_vs_conn_kill(control);
	return true;
}

static bool is_of_removed_dest(const struct ip_vs_conn *cp)
{
	const struct ip_vs_dest *dest = ip_vs_conn_dest(cp);

	return dest && !rcu_access_pointer(dest->svc);
}

/* One walk over the table; tells how many connections it ended. The walker remembers its
 * place by the entry it saw last: when that one is gone after a rest, it may pass over others.
 */
static unsigned int flush_pass(struct netns_ipvs *ipvs, bool only_of_removed_dests)
{
	struct ip_vs_conn_walk walk;
	unsigned int n = 0, ended = 0;
	struct ip_vs_conn *cp;

	ip_vs_conn_walk_open(ipvs, &walk);
	ip_vs_conn_walk_start(&walk);
	while ((cp = ip_vs_conn_walk_next(&walk))) {
		if (!only_of_removed_dests || is_of_removed_dest(cp))
			ended += ip_vs_conn_kill(cp);
		if (++n % 256)
			continue;
		ip_vs_conn_walk_stop(&walk);
		cond_resched();
		ip_vs_conn_walk_start(&walk);
	}
	ip_vs_conn_walk_stop(&walk);
	ip_vs_conn_walk_close(&walk);
	return ended;
}

/**
 * ip_vs_conn_flush() - end the connections of a namespace
 * @ipvs: the namespace
 * @only_of_removed_dests: only those whose destination is in no service any more
 *
 * Walks until there is nothing left to end: those that control others go in a later walk
 * than these. The last of them may just be removed by its
 * own timer: such a one is waited for, so that without new ones the table is empty then.
 * A namespace that never had one is not made to wait: a thousand of them may go at once.
 * Context: process, may sleep.
 */
void ip_vs_conn_flush(struct netns_ipvs *ipvs, bool only_of_removed_dests)
{
	if (!ip_vs_conn_table_was_used(ipvs))
		return;
	do {
		while (flush_pass(ipvs, only_of_removed_dests) &&
		       !ip_vs_conn_table_is_empty(ipvs))
			;
		synchronize_rcu();
	} while (!only_of_removed_dests && !ip_vs_conn_table_is_empty(ipvs));
}
