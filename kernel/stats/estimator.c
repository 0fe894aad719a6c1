// SPDX-License-Identifier: GPL-2.0-only
/*
 * Rates of all objects of a namespace, sampled by one background worker, a thread that
 * is made with the first of them. est_cpulist and est_nice say where and how it runs;
 * run_estimation off, or no CPU, makes it rest.
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
#include <linux/kthread.h>
#include <linux/mutex.h>
#include <linux/sched.h>
#include <linux/slab.h>

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
	struct kthread_worker *worker;		/* NULL until there is something to do */
	struct kthread_delayed_work work;
	struct list_head slots[NR_SLOTS];
	unsigned int sizes[NR_SLOTS];
	struct list_head done;			/* of the current slot, sampled in this round */
	unsigned int slot;			/* the current one */
	unsigned long due;			/* jiffies: when to start on it */
	unsigned int nr;			/* objects, the total apart */
	unsigned int nr_skip;			/* slots to begin anew after a rest */
	unsigned int changes;			/* knobs->est_changes that the worker obeys */
	bool running;				/* the work is queued or at work */
	bool stopped;				/* for good */
};

static void sample(const struct ip_vs_stats_net *est, struct ip_vs_stats *s)
{
	if (unlikely(est->nr_skip))
		ip_vs_stats_skip(s);
	else
		ip_vs_stats_estimate(s);
}

/* Sample up to a batch of the current slot. Return: is there more? */
static bool sample_batch(struct ip_vs_stats_net *est)
{
	struct list_head *slot = &est->slots[est->slot];
	unsigned int n;

	for (n = 0; n < BATCH_SIZE && !list_empty(slot); n++) {
		struct ip_vs_stats *s = list_first_entry(slot, struct ip_vs_stats, est);

		sample(est, s);
		list_move_tail(&s->est, &est->done);
	}
	return !list_empty(slot);
}

/* Once every round, with slot 0. */
static void sample_total(struct ip_vs_stats_net *est)
{
	if (!est->slot)
		sample(est, &est->total);
}

/* The current slot is done: on to the next. After a pause longer than a round (suspend)
 * the missed rounds are not made up for.
 */
static unsigned long advance(struct ip_vs_stats_net *est)
{
	unsigned long now = jiffies;

	list_splice_init(&est->done, &est->slots[est->slot]);
	est->slot = (est->slot + 1) % NR_SLOTS;
	if (est->nr_skip)
		est->nr_skip--;
	est->due += TICK;
	if (time_after(now, est->due + IP_VS_RATE_PERIOD * HZ))
		est->due = now;
	return time_after(est->due, now) ? est->due - now : 0;
}

/* Go where the user wants the worker. Context: the worker itself. */
static void obey(struct ip_vs_stats_net *est)
{
	struct ip_vs_knobs *knobs = est->ipvs->knobs;

	if (est->changes == READ_ONCE(knobs->est_changes))
		return;
	mutex_lock(&knobs->est_lock);
	est->changes = knobs->est_changes;
	set_user_nice(current, knobs->est_nice);
	/* none: it rests, wherever it is; one that is off-line: it stays where it is */
	if (cpumask_intersects(knobs->est_cpulist, cpu_online_mask))
		set_cpus_allowed_ptr(current, knobs->est_cpulist);
	mutex_unlock(&knobs->est_lock);
}

static bool may_run(const struct netns_ipvs *ipvs)
{
	return ip_vs_knob(ipvs, run_estimation) && !cpumask_empty(ipvs->knobs->est_cpulist);
}

/* Until when to sleep after this run. */
static unsigned long run_slot(struct ip_vs_stats_net *est)
{
	if (!may_run(est->ipvs)) {
		/* counters go on, rates stand still; look again after a while */
		est->nr_skip = NR_SLOTS;
		est->due = jiffies + IP_VS_RATE_PERIOD * HZ;
		return IP_VS_RATE_PERIOD * HZ;
	}
	if (sample_batch(est))
		return 0;
	sample_total(est);
	return advance(est);
}

static void est_work(struct kthread_work *work)
{
	struct ip_vs_stats_net *est = container_of(work, struct ip_vs_stats_net, work.work);
	unsigned long delay;

	obey(est);
	mutex_lock(&est->lock);
	delay = run_slot(est);
	/* the total's rates fade out before the worker sleeps */
	est->running = !est->stopped && (est->nr || !ip_vs_stats_is_quiet(&est->total));
	if (est->running)
		kthread_queue_delayed_work(est->worker, &est->work, delay);
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

/* Start the worker if it sleeps. Without a thread there are no rates; the next object that
 * is added tries again.
 */
static void wake(struct ip_vs_stats_net *est)
{
	lockdep_assert_held(&est->lock);
	if (est->running || est->stopped)
		return;
	if (!est->worker) {
		struct kthread_worker *worker;

		worker = kthread_create_worker(0, "ipvs-e:%u", est->ipvs->net->ns.inum);
		if (IS_ERR(worker))
			return;
		est->worker = worker;
		/* the thread begins where kernel threads do; obey() moves it */
		est->changes = READ_ONCE(est->ipvs->knobs->est_changes) - 1;
	}
	est->running = true;
	est->due = jiffies + TICK;
	kthread_queue_delayed_work(est->worker, &est->work, TICK);
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
	ip_vs_stats_skip(s);
	s->est_slot = emptiest_slot(est);
	list_add_tail(&s->est, &est->slots[s->est_slot]);
	est->sizes[s->est_slot]++;
	est->nr++;
	wake(est);
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

/**
 * ip_vs_est_load() - how much the estimator has to do
 * @ipvs: namespace
 * @load: filled
 *
 * Context: Process.
 */
void ip_vs_est_load(struct netns_ipvs *ipvs, struct ip_vs_est_load *load)
{
	struct ip_vs_stats_net *est = ipvs->stats;
	unsigned int i;

	*load = (struct ip_vs_est_load){ .slots = NR_SLOTS };
	mutex_lock(&est->lock);
	load->objects = est->nr;
	for (i = 0; i < NR_SLOTS; i++) {
		load->used_slots += est->sizes[i] > 0;
		load->longest = max(load->longest, est->sizes[i]);
	}
	mutex_unlock(&est->lock);
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
	kthread_init_delayed_work(&est->work, est_work);
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
	if (est->worker) {
		kthread_cancel_delayed_work_sync(&est->work);
		kthread_destroy_worker(est->worker);
	}
	ip_vs_stats_free(&est->total);
	kfree(est);
	ipvs->stats = NULL;
}

const struct ip_vs_subsys ip_vs_stats_subsys = {
	.name		= "stats",
	.net_init	= ip_vs_stats_net_init,
	.net_exit	= ip_vs_stats_net_exit,
};
