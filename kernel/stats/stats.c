// SPDX-License-Identifier: GPL-2.0-only
/*
 * Counters of one object: sum, zero point, rates. The packet path only touches
 * the per-CPU part, in stats.h; everything here runs in process context. What
 * users read is counted up to the moment of reading. When rates are estimated
 * is up to estimator.c.
 */
#include <linux/cpumask.h>
#include <linux/string.h>

#include "stats/rate.h"
#include "stats/stats.h"

/**
 * ip_vs_stats_init() - make counters, all 0
 * @s: zeroed memory
 *
 * Context: Process, may sleep.
 * Return: 0 or -ENOMEM.
 */
int ip_vs_stats_init(struct ip_vs_stats *s)
{
	int cpu;

	s->cpu = alloc_percpu_gfp(struct ip_vs_counters, GFP_KERNEL_ACCOUNT);
	if (!s->cpu)
		return -ENOMEM;
	for_each_possible_cpu(cpu)
		u64_stats_init(&per_cpu_ptr(s->cpu, cpu)->syncp);
	spin_lock_init(&s->lock);
	INIT_LIST_HEAD(&s->est);
	return 0;
}

/**
 * ip_vs_stats_free() - release what ip_vs_stats_init() allocated
 * @s: counters that no estimator keeps and no packet can reach; may be all zero
 *
 * Context: Any but hard interrupts.
 */
void ip_vs_stats_free(struct ip_vs_stats *s)
{
	free_percpu(s->cpu);
	s->cpu = NULL;
}

/**
 * ip_vs_stats_sum_cpu() - what one CPU has counted since ip_vs_stats_init()
 * @s: counters
 * @cpu: a possible CPU
 * @out: filled
 *
 * Context: Any.
 */
void ip_vs_stats_sum_cpu(const struct ip_vs_stats *s, int cpu, struct ip_vs_sums *out)
{
	const struct ip_vs_counters *c = per_cpu_ptr(s->cpu, cpu);
	unsigned int start;

	do {
		start = u64_stats_fetch_begin(&c->syncp);
		out->conns = u64_stats_read(&c->conns);
		out->inpkts = u64_stats_read(&c->inpkts);
		out->outpkts = u64_stats_read(&c->outpkts);
		out->inbytes = u64_stats_read(&c->inbytes);
		out->outbytes = u64_stats_read(&c->outbytes);
	} while (u64_stats_fetch_retry(&c->syncp, start));
}

/**
 * ip_vs_stats_sum() - what all CPUs have counted since ip_vs_stats_init()
 * @s: counters
 * @out: filled
 *
 * Context: Any.
 */
void ip_vs_stats_sum(const struct ip_vs_stats *s, struct ip_vs_sums *out)
{
	struct ip_vs_sums one;
	int cpu;

	memset(out, 0, sizeof(*out));
	for_each_possible_cpu(cpu) {
		ip_vs_stats_sum_cpu(s, cpu, &one);
		out->conns += one.conns;
		out->inpkts += one.inpkts;
		out->outpkts += one.outpkts;
		out->inbytes += one.inbytes;
		out->outbytes += one.outbytes;
	}
}

/**
 * ip_vs_stats_read() - counters since the last zeroing, and rates
 * @s: counters
 * @out: filled
 *
 * Context: Process, or RCU.
 */
void ip_vs_stats_read(struct ip_vs_stats *s, struct ipvs_stats *out)
{
	struct ip_vs_sums sum;

	spin_lock(&s->lock);
	/* summed under the lock: a zero point taken meanwhile would be ahead of the sum */
	ip_vs_stats_sum(s, &sum);
	out->conns = sum.conns - s->zero.conns;
	out->inpkts = sum.inpkts - s->zero.inpkts;
	out->outpkts = sum.outpkts - s->zero.outpkts;
	out->inbytes = sum.inbytes - s->zero.inbytes;
	out->outbytes = sum.outbytes - s->zero.outbytes;
	out->cps = ip_vs_rate_value(s->rate.conns, IP_VS_RATE_BITS);
	out->inpps = ip_vs_rate_value(s->rate.inpkts, IP_VS_RATE_BITS);
	out->outpps = ip_vs_rate_value(s->rate.outpkts, IP_VS_RATE_BITS);
	out->inbps = ip_vs_rate_value(s->rate.inbytes, IP_VS_RATE_BYTE_BITS);
	out->outbps = ip_vs_rate_value(s->rate.outbytes, IP_VS_RATE_BYTE_BITS);
	spin_unlock(&s->lock);
}

/**
 * ip_vs_stats_zero() - count from 0 again, and forget the rates
 * @s: counters
 *
 * Context: Process.
 */
void ip_vs_stats_zero(struct ip_vs_stats *s)
{
	spin_lock(&s->lock);
	ip_vs_stats_sum(s, &s->zero);
	s->last = s->zero;
	memset(&s->rate, 0, sizeof(s->rate));
	spin_unlock(&s->lock);
}

/**
 * ip_vs_stats_estimate() - take the sample of a period
 * @s: counters, last sampled IP_VS_RATE_PERIOD seconds ago
 *
 * Context: Process.
 */
void ip_vs_stats_estimate(struct ip_vs_stats *s)
{
	struct ip_vs_sums *rate = &s->rate, *last = &s->last;
	struct ip_vs_sums now;

	spin_lock(&s->lock);
	ip_vs_stats_sum(s, &now);
#define STEP(field, bits) \
	rate->field = ip_vs_rate_step(rate->field, now.field - last->field, bits)
	STEP(conns, IP_VS_RATE_BITS);
	STEP(inpkts, IP_VS_RATE_BITS);
	STEP(outpkts, IP_VS_RATE_BITS);
	STEP(inbytes, IP_VS_RATE_BYTE_BITS);
	STEP(outbytes, IP_VS_RATE_BYTE_BITS);
#undef STEP
	*last = now;
	spin_unlock(&s->lock);
}

/**
 * ip_vs_stats_skip() - begin a period without judging the one before
 * @s: counters that were not sampled for a while
 *
 * What was counted meanwhile must not appear as a burst; the rates stay as they are.
 * Context: Process.
 */
void ip_vs_stats_skip(struct ip_vs_stats *s)
{
	spin_lock(&s->lock);
	ip_vs_stats_sum(s, &s->last);
	spin_unlock(&s->lock);
}

/**
 * ip_vs_stats_is_quiet() - are all rates 0?
 * @s: counters
 *
 * Context: Process.
 */
bool ip_vs_stats_is_quiet(struct ip_vs_stats *s)
{
	bool quiet;

	spin_lock(&s->lock);
	quiet = !memchr_inv(&s->rate, 0, sizeof(s->rate));
	spin_unlock(&s->lock);
	return quiet;
}
