// SPDX-License-Identifier: GPL-2.0-only
/*
 * Rates of all objects of a namespace, sampled by one background worker.
 *
 * The objects are spread over a wheel of 50 slots. Every 40 ms the worker samples
 * one slot, so each object is sampled exactly every 2 seconds and the cost is
 * spread evenly. A large slot is done in batches, each a run of its own, so no
 * run and no wait for the lock is long. Without objects the worker sleeps.
 *
 *	slot     0     1     2  …  slot        …  49
 *	         │     │     │     │ next: not sampled yet in this round
 *	        done  done  done   └ done: sampled in this round
 *
 * est->lock (mutex, inside cfg_mutex) guards everything here; packets know nothing of it.
 */
#include <linux/mutex.h>
#include <linux/slab.h>
#include <linux/workqueue.h>

#include "base/knobs.h"
#include "stats/rate.h"
#include "stats/stats.h"

#define NR_SLOTS	50
#define TICK		(IP_VS_RATE_PERIOD * HZ / NR_SLOTS)
#define BATCH_SIZE	512

static_assert(IP_VS_RATE_PERIOD * HZ % NR_SLOTS == 0, "a tick is a whole number of jiffies");

struct ip_vs_stats_net {
	struct ip_vs_stats total;
	struct netns_ipvs *ipvs;
	struct mutex lock;			/* guards all below */
	struct delayed_work work;
	struct list_head slots[NR_SLOTS];
	unsigned int sizes[NR_SLOTS];
	struct list_head done;			/* of the current slot, sampled in this round */
	unsigned int slot;			/* the current one */
	unsigned long due;			/* jiffies: when to start on it */
	unsigned int nr;			/* objects, the total apart */
	bool running;				/* the work is queued or at work */
	bool stopped;				/* for good */
};

static struct workqueue_struct *est_workqueue;

/* Sample up to a batch of the current slot. Return: is there more? */
static bool sample_batch(struct ip_vs_stats_net *est)
{
	struct list_head *slot = &est->slots[est->slot];
	unsigned int n;

	for (n = 0; n < BATCH_SIZE && !list_empty(slot); n++) {
		struct ip_vs_stats *s = list_first_entry(slot, struct ip_vs_stats, est);

		ip_vs_stats_estimate(s);
		list_move_tail(&s->est, &est->done);
	}
	return !list_empty(slot);
}

/* Once every round, with slot 0. */
static void sample_total(struct ip_vs_stats_net *est)
{
	if (!est->slot)
		ip_vs_stats_estimate(&est->total);
}

/* The current slot is done: on to the next. After a pause longer than a round (suspend)
 * the missed rounds are not made up for.
 */
static unsigned long advance(struct ip_vs_stats_net *est)
{
	unsigned long now = jiffies;

	list_splice_init(&est->done, &est->slots[est->slot]);
	est->slot = (est->slot + 1) % NR_SLOTS;
	est->due += TICK;
	if (time_after(now, est->due + IP_VS_RATE_PERIOD * HZ))
		est->due = now;
	return time_after(est->due, now) ? est->due - now : 0;
}

/* Until when to sleep after this run. */
static unsigned long run_slot(struct ip_vs_stats_net *est)
{
	if (!ip_vs_knob(est->ipvs, run_estimation)) {
		/* counters go on, rates stand still; look again after a while */
		est->due = jiffies + IP_VS_RATE_PERIOD * HZ;
		return IP_VS_RATE_PERIOD * HZ;
	}
	if (sample_batch(est))
		return 0;
	sample_total(est);
	return advance(est);
}

static void est_work(struct work_struct *work)
{
	struct ip_vs_stats_net *est = container_of(work, struct ip_vs_stats_net, work.work);
	unsigned long delay;

	mutex_lock(&est->lock);
	delay = run_slot(est);
	/* the total's rates fade out before the worker sleeps */
	est->running = !est->stopped && (est->nr || !ip_vs_stats_is_quiet(&est->total));
	if (est->running)
		queue_delayed_work(est_workqueue, &est->work, delay);
	mutex_unlock(&est->lock);
}

static unsigned int emptiest_slot(const struct ip_vs_stats_net *est)
{
	unsigned int i, best = 0;

	for (i = 1; i < NR_SLOTS; i++)
		if (est->sizes[i] < est->sizes[best])
			best = i;
	return best;
}

/**
 * ip_vs_est_start() - begin to estimate the rates of @s
 * @ipvs: namespace
 * @s: counters that are not estimated yet; rates go on from what they are
 *
 * Takes the same short time however many objects there are.
 *
 * Context: Process, cfg_mutex.
 */
void ip_vs_est_start(struct netns_ipvs *ipvs, struct ip_vs_stats *s)
{
	struct ip_vs_stats_net *est = ipvs->stats;

	lockdep_assert_held(&ipvs->cfg_mutex);

	mutex_lock(&est->lock);
	/* what was counted while nobody looked must not appear as a burst */
	spin_lock(&s->lock);
	ip_vs_stats_sum(s, &s->last);
	spin_unlock(&s->lock);
	s->est_slot = emptiest_slot(est);
	list_add_tail(&s->est, &est->slots[s->est_slot]);
	est->sizes[s->est_slot]++;
	est->nr++;
	if (!est->running && !est->stopped) {
		est->running = true;
		est->due = jiffies + TICK;
		queue_delayed_work(est_workqueue, &est->work, TICK);
	}
	mutex_unlock(&est->lock);
}

/**
 * ip_vs_est_stop() - forget @s; when this returns the worker does not use it any more
 * @ipvs: namespace
 * @s: counters; nothing happens if they are not estimated
 *
 * Context: Process, cfg_mutex.
 */
void ip_vs_est_stop(struct netns_ipvs *ipvs, struct ip_vs_stats *s)
{
	struct ip_vs_stats_net *est = ipvs->stats;

	lockdep_assert_held(&ipvs->cfg_mutex);

	mutex_lock(&est->lock);
	if (!list_empty(&s->est)) {
		list_del_init(&s->est);
		est->sizes[s->est_slot]--;
		est->nr--;
	}
	mutex_unlock(&est->lock);
}

/**
 * ip_vs_stats_total() - the counters of a whole namespace
 * @ipvs: namespace
 */
struct ip_vs_stats *ip_vs_stats_total(struct netns_ipvs *ipvs)
{
	return &ipvs->stats->total;
}

static int ip_vs_stats_net_init(struct netns_ipvs *ipvs)
{
	struct ip_vs_stats_net *est;
	int err, i;

	est = kzalloc(sizeof(*est), GFP_KERNEL_ACCOUNT);
	if (!est)
		return -ENOMEM;
	err = ip_vs_stats_init(&est->total);
	if (err) {
		kfree(est);
		return err;
	}
	est->ipvs = ipvs;
	mutex_init(&est->lock);
	INIT_DELAYED_WORK(&est->work, est_work);
	INIT_LIST_HEAD(&est->done);
	for (i = 0; i < NR_SLOTS; i++)
		INIT_LIST_HEAD(&est->slots[i]);
	ipvs->stats = est;
	return 0;
}

static void ip_vs_stats_net_exit(struct netns_ipvs *ipvs)
{
	struct ip_vs_stats_net *est = ipvs->stats;

	if (!est)
		return;
	mutex_lock(&est->lock);
	WARN_ON_ONCE(est->nr);
	est->stopped = true;
	mutex_unlock(&est->lock);
	cancel_delayed_work_sync(&est->work);
	ip_vs_stats_free(&est->total);
	kfree(est);
	ipvs->stats = NULL;
}

static int ip_vs_stats_subsys_init(void)
{
	est_workqueue = alloc_workqueue("ip_vs_est", WQ_UNBOUND, 0);
	return est_workqueue ? 0 : -ENOMEM;
}

static void ip_vs_stats_subsys_exit(void)
{
	destroy_workqueue(est_workqueue);
}

const struct ip_vs_subsys ip_vs_stats_subsys = {
	.name		= "stats",
	.init		= ip_vs_stats_subsys_init,
	.exit		= ip_vs_stats_subsys_exit,
	.net_init	= ip_vs_stats_net_init,
	.net_exit	= ip_vs_stats_net_exit,
};
