/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Traffic counters of a service, a destination or a namespace: per-CPU 64-bit
 * counters written by the packet path, a zero point, and rates. The namespace
 * total is ip_vs_stats_total(ipvs).
 */
#ifndef IP_VS_STATS_H
#define IP_VS_STATS_H

#include <linux/list.h>
#include <linux/percpu.h>
#include <linux/spinlock.h>
#include <linux/types.h>
#include <linux/u64_stats_sync.h>

#include "netns.h"
#include "uapi/ipvs_model.h"

struct ip_vs_counters {
	u64_stats_t conns;
	u64_stats_t inpkts;
	u64_stats_t outpkts;
	u64_stats_t inbytes;
	u64_stats_t outbytes;
	struct u64_stats_sync syncp;
};

/* Plain sums of the five counters, in the order of struct ipvs_stats. */
struct ip_vs_sums {
	u64 conns, inpkts, outpkts, inbytes, outbytes;
};

struct ip_vs_stats {
	struct ip_vs_counters __percpu *cpu;	/* packet path, BH off */
	spinlock_t lock;			/* guards all below */
	struct ip_vs_sums zero;			/* what ZERO subtracts */
	struct ip_vs_sums last;			/* at the last estimation */
	struct ip_vs_sums rate;			/* scaled, see rate.h */
	struct list_head est;			/* estimator's lock: a slot of its wheel */
	u8 est_slot;				/* estimator's lock: which */
};

/* Count one new connection, one request packet, one reply packet of @bytes.
 * Context: BH disabled.
 */
static inline void ip_vs_stats_conn(struct ip_vs_stats *s)
{
	struct ip_vs_counters *c = this_cpu_ptr(s->cpu);

	u64_stats_update_begin(&c->syncp);
	u64_stats_inc(&c->conns);
	u64_stats_update_end(&c->syncp);
}

static inline void ip_vs_stats_in(struct ip_vs_stats *s, unsigned int bytes)
{
	struct ip_vs_counters *c = this_cpu_ptr(s->cpu);

	u64_stats_update_begin(&c->syncp);
	u64_stats_inc(&c->inpkts);
	u64_stats_add(&c->inbytes, bytes);
	u64_stats_update_end(&c->syncp);
}

static inline void ip_vs_stats_out(struct ip_vs_stats *s, unsigned int bytes)
{
	struct ip_vs_counters *c = this_cpu_ptr(s->cpu);

	u64_stats_update_begin(&c->syncp);
	u64_stats_inc(&c->outpkts);
	u64_stats_add(&c->outbytes, bytes);
	u64_stats_update_end(&c->syncp);
}

int ip_vs_stats_init(struct ip_vs_stats *s);
void ip_vs_stats_free(struct ip_vs_stats *s);
void ip_vs_stats_read(struct ip_vs_stats *s, struct ipvs_stats *out);
void ip_vs_stats_zero(struct ip_vs_stats *s);
void ip_vs_stats_sum(const struct ip_vs_stats *s, struct ip_vs_sums *out);
void ip_vs_stats_sum_cpu(const struct ip_vs_stats *s, int cpu, struct ip_vs_sums *out);
void ip_vs_stats_estimate(struct ip_vs_stats *s);
void ip_vs_stats_skip(struct ip_vs_stats *s);
bool ip_vs_stats_is_quiet(struct ip_vs_stats *s);

/* Let the estimator keep, or forget, the rates of @s. Context: process, cfg_mutex. */
void ip_vs_est_start(struct netns_ipvs *ipvs, struct ip_vs_stats *s);
void ip_vs_est_stop(struct netns_ipvs *ipvs, struct ip_vs_stats *s);

/* How much the estimator has to do, for users. Context: process. */
struct ip_vs_est_load {
	unsigned int slots, used_slots;
	unsigned int longest;		/* of them */
	unsigned int objects;
};
void ip_vs_est_load(struct netns_ipvs *ipvs, struct ip_vs_est_load *load);

struct ip_vs_stats *ip_vs_stats_total(struct netns_ipvs *ipvs);

extern const struct ip_vs_subsys ip_vs_stats_subsys;

#endif
