// SPDX-License-Identifier: GPL-2.0-only
/*
 * net.ipv4.vs.*: one row per knob, one set of values per namespace. The values
 * are in base/knobs.h; the datapath reads them without a lock.
 */
#include <linux/capability.h>
#include <linux/log2.h>
#include <linux/sched/isolation.h>
#include <linux/slab.h>
#include <linux/swap.h>
#include <linux/sysctl.h>
#include <net/net_namespace.h>

#include "base/knobs.h"
#include "base/room.h"
#include "ctl/ctl.h"
#include "defense/defense.h"

struct ip_vs_sysctl_row {
	const char *name;
	unsigned int offset;	/* in struct ip_vs_knobs */
	unsigned int size;	/* of an int, unless it says otherwise */
	int init;
	int init_container;	/* if not nought: in a namespace of a container */
	int min, max;
	proc_handler *handler;	/* proc_dointvec if it is NULL */
	bool init_userns;	/* costs the host: read-only for the root of a container */
};

#define MAX_ROWS 40

struct ip_vs_sysctl_net {
	struct ip_vs_knobs knobs;
	struct netns_ipvs *ipvs;
	struct ctl_table_header *header;
	struct ctl_table table[MAX_ROWS + 1];	/* the last one stays empty */
};

/* A row's ctl_table hands the range to the kernel's parsers in extra1 and extra2, or the knobs
 * in extra1 to a handler of ours.
 */
static struct ip_vs_knobs *table_knobs(const struct ctl_table *table)
{
	return table->extra1;
}

/* Parse an int into *@value, or print it. */
static int parse_int(const struct ctl_table *table, int write, void *buffer, size_t *lenp,
		     loff_t *ppos, int *value)
{
	struct ctl_table one = {
		.procname	= table->procname,
		.data		= value,
		.maxlen		= sizeof(int),
		.mode		= table->mode,
	};

	return proc_dointvec(&one, write, buffer, lenp, ppos);
}

/* One of the defences: what was written may be the wrong one of the automatic states. */
static int do_defence(IP_VS_CTL_TABLE *table, int write, void *buffer, size_t *lenp, loff_t *ppos)
{
	int *knob = table->data, value = READ_ONCE(*knob);
	int err = parse_int(table, write, buffer, lenp, ppos, &value);

	if (err || !write)
		return err;
	if (value < 0 || value > 3)
		return -EINVAL;
	WRITE_ONCE(*knob, value);
	ip_vs_pressure_update(table_knobs(table));
	ip_vs_defense_wake(container_of(table_knobs(table), struct ip_vs_sysctl_net, knobs)->ipvs);
	return 0;
}

static int do_power_of_two(IP_VS_CTL_TABLE *table, int write, void *buffer, size_t *lenp,
			   loff_t *ppos)
{
	int *knob = table->data, value = READ_ONCE(*knob);
	int err = parse_int(table, write, buffer, lenp, ppos, &value);

	if (err || !write)
		return err;
	if (value < 1 || !is_power_of_2(value))
		return -EINVAL;
	WRITE_ONCE(*knob, value);
	return 0;
}

/* Threshold and period; the threshold alone may be written. */
static int do_sync_threshold(IP_VS_CTL_TABLE *table, int write, void *buffer, size_t *lenp,
			     loff_t *ppos)
{
	int *knob = table->data, values[2] = { READ_ONCE(knob[0]), READ_ONCE(knob[1]) };
	struct ctl_table pair = {
		.procname	= table->procname,
		.data		= values,
		.maxlen		= sizeof(values),
		.mode		= table->mode,
	};
	int err = proc_dointvec(&pair, write, buffer, lenp, ppos);

	if (err || !write)
		return err;
	if (values[0] < 0 || values[1] < 0 || (values[1] && values[0] >= values[1]))
		return -EINVAL;
	WRITE_ONCE(knob[0], values[0]);
	WRITE_ONCE(knob[1], values[1]);
	return 0;
}

/* Tell the estimator, which looks at its next tick. */
static void change_estimator(struct ip_vs_knobs *knobs)
{
	WRITE_ONCE(knobs->est_changes, knobs->est_changes + 1);
}

static int do_est_nice(IP_VS_CTL_TABLE *table, int write, void *buffer, size_t *lenp, loff_t *ppos)
{
	struct ip_vs_knobs *knobs = table_knobs(table);
	int *knob = table->data, value = READ_ONCE(*knob);
	int err = parse_int(table, write, buffer, lenp, ppos, &value);

	if (err || !write)
		return err;
	if (value < MIN_NICE || value > MAX_NICE)
		return -EINVAL;
	mutex_lock(&knobs->est_lock);
	WRITE_ONCE(*knob, value);
	change_estimator(knobs);
	mutex_unlock(&knobs->est_lock);
	return 0;
}

/* Who may not use a CPU itself cannot send the estimator there. */
static int write_cpulist(struct ip_vs_knobs *knobs, const char *text)
{
	cpumask_var_t mask;
	int err;

	if (!zalloc_cpumask_var(&mask, GFP_KERNEL))
		return -ENOMEM;
	err = cpulist_parse(text, mask);
	if (!err) {
		mutex_lock(&knobs->est_lock);
		cpumask_and(knobs->est_cpulist, mask, current->cpus_ptr);
		change_estimator(knobs);
		mutex_unlock(&knobs->est_lock);
	}
	free_cpumask_var(mask);
	return err;
}

static void read_cpulist(struct ip_vs_knobs *knobs, char *buffer, size_t *lenp)
{
	mutex_lock(&knobs->est_lock);
	*lenp = scnprintf(buffer, *lenp, "%*pbl\n", cpumask_pr_args(knobs->est_cpulist));
	mutex_unlock(&knobs->est_lock);
}

static int do_cpulist(IP_VS_CTL_TABLE *table, int write, void *buffer, size_t *lenp, loff_t *ppos)
{
	struct ip_vs_knobs *knobs = table_knobs(table);
	int err = 0;

	if (write) {
		err = write_cpulist(knobs, buffer);	/* ends with a NUL by the caller's doing */
	} else if (*ppos || !*lenp) {
		*lenp = 0;
		return 0;
	} else {
		read_cpulist(knobs, buffer, lenp);
	}
	if (!err)
		*ppos += *lenp;
	return err;
}

/* Tables follow at once. */
static int do_lfactor(IP_VS_CTL_TABLE *table, int write, void *buffer, size_t *lenp, loff_t *ppos)
{
	int *knob = table->data, value = READ_ONCE(*knob);
	int err = parse_int(table, write, buffer, lenp, ppos, &value);

	if (err || !write)
		return err;
	if (value < -8 || value > 8)
		return -EINVAL;
	WRITE_ONCE(*knob, value);
	ip_vs_room_knob(table_knobs(table), knob);
	return 0;
}

/* The host may set any ceiling; a container's root only up to the one the host has set. */
static int do_conn_max(IP_VS_CTL_TABLE *table, int write, void *buffer, size_t *lenp, loff_t *ppos)
{
	struct ip_vs_knobs *knobs = table_knobs(table);
	bool is_host = capable(CAP_NET_ADMIN);
	int value = READ_ONCE(knobs->conn_max);
	int err = parse_int(table, write, buffer, lenp, ppos, &value);

	if (err || !write)
		return err;
	if (value < 0 || value > (is_host ? IP_VS_CONN_MAX : READ_ONCE(knobs->conn_max_limit)))
		return -EINVAL;
	if (is_host)
		WRITE_ONCE(knobs->conn_max_limit, value);
	WRITE_ONCE(knobs->conn_max, value);
	return 0;
}

#define ROW(knob, ...) \
	{ .name = #knob, .offset = offsetof(struct ip_vs_knobs, knob), \
	  .size = sizeof_field(struct ip_vs_knobs, knob), __VA_ARGS__ }
#define RANGE(low, high)	.handler = proc_dointvec_minmax, .min = low, .max = high

/* Each row has its paragraph in man/ip_vs.7; tests/lint/tables.sh looks. */
static const struct ip_vs_sysctl_row ip_vs_sysctl_rows[] = {
	ROW(amemthresh,			.init = 1024),
	ROW(am_droprate,		.init = 10),
	ROW(drop_entry,			.handler = do_defence),
	ROW(drop_packet,		.handler = do_defence),
	ROW(secure_tcp,			.handler = do_defence),
	ROW(conntrack,			.init = 0),
	ROW(snat_reroute,		.init = 1),
	ROW(sync_version,		.init = 1, RANGE(0, 1)),
	ROW(sync_ports,			.init = 1, .handler = do_power_of_two),
	ROW(sync_persist_mode,		.init = 0),
	ROW(sync_qlen_max,		.handler = proc_doulongvec_minmax, .init_userns = true),
	ROW(sync_sock_size,		.init = 0, .init_userns = true),
	ROW(cache_bypass,		.init = 0),
	ROW(expire_nodest_conn,		.init = 0),
	ROW(sloppy_tcp,			.init = 0),
	ROW(sloppy_sctp,		.init = 0),
	ROW(expire_quiescent_template,	.init = 0),
	ROW(sync_threshold,		.init = 3, .handler = do_sync_threshold),
	ROW(sync_refresh_period,	.init = 0, .handler = proc_dointvec_jiffies),
	ROW(sync_retries,		.init = 0, RANGE(0, 3)),
	ROW(nat_icmp_send,		.init = 0),
	ROW(pmtu_disc,			.init = 1),
	ROW(backup_only,		.init = 0),
	ROW(conn_reuse_mode,		.init = 1),
	ROW(schedule_icmp,		.init = 0),
	ROW(ignore_tunneled,		.init = 0),
	ROW(run_estimation,		.init = 1, .init_userns = true),
	ROW(est_cpulist,		.handler = do_cpulist, .init_userns = true),
	ROW(est_nice,			.init = 0, .handler = do_est_nice, .init_userns = true),
	ROW(conn_lfactor,		.init = -4, .init_container = -2, .handler = do_lfactor,
					.init_userns = true),
	ROW(svc_lfactor,		.init = -3, .init_container = -2, .handler = do_lfactor,
					.init_userns = true),
	ROW(conn_max,			.handler = do_conn_max),
	ROW(conn_evict,			.init = 0, RANGE(0, IP_VS_CONN_EVICT_MAX)),
	ROW(move_flows,			.init = 1, RANGE(0, 2)),
};

#define NR_ROWS	ARRAY_SIZE(ip_vs_sysctl_rows)

static void fill_entry(struct ctl_table *entry, const struct ip_vs_sysctl_row *row,
		       struct ip_vs_knobs *knobs, const struct net *net)
{
	entry->procname = row->name;
	entry->data = (void *)knobs + row->offset;
	entry->maxlen = row->size;
	entry->mode = row->init_userns && net->user_ns != &init_user_ns ? 0444 : 0644;
	entry->proc_handler = row->handler ?: proc_dointvec;
	if (row->handler == proc_dointvec_minmax) {
		entry->extra1 = (void *)&row->min;
		entry->extra2 = (void *)&row->max;
	} else if (row->handler && row->handler != proc_doulongvec_minmax) {
		entry->extra1 = knobs;
	}
}

/* First value of an int, or of the first int of several. */
static void fill_knob(const struct ip_vs_sysctl_row *row, struct ip_vs_knobs *knobs,
		      const struct net *net)
{
	int *value = (void *)knobs + row->offset;

	if (row->init_container && !net_eq(net, &init_net))
		*value = row->init_container;
	else if (row->init)
		*value = row->init;
}

/* What depends on the machine or on another knob. */
static void fill_rest(struct ip_vs_knobs *knobs)
{
	const struct netns_ipvs *host = net_ipvs(&init_net);

	knobs->sync_threshold[1] = 50;
	knobs->sync_qlen_max = nr_free_buffer_pages() / 32;
	knobs->conn_max = IP_VS_CONN_MAX;
	if (host && host->knobs)
		knobs->conn_max = ip_vs_knob(host, conn_max);
	knobs->conn_max_limit = knobs->conn_max;
	cpumask_copy(knobs->est_cpulist, housekeeping_cpumask(HK_TYPE_KTHREAD));
	mutex_init(&knobs->est_lock);
	mutex_init(&knobs->rooms_lock);
	INIT_LIST_HEAD(&knobs->rooms);
}

static struct ip_vs_sysctl_net *new_sysctl(const struct net *net)
{
	struct ip_vs_sysctl_net *sysctl = kzalloc(sizeof(*sysctl), GFP_KERNEL_ACCOUNT);
	unsigned int i;

	BUILD_BUG_ON(NR_ROWS > MAX_ROWS);
	if (!sysctl)
		return NULL;
	if (!zalloc_cpumask_var(&sysctl->knobs.est_cpulist, GFP_KERNEL_ACCOUNT)) {
		kfree(sysctl);
		return NULL;
	}
	for (i = 0; i < NR_ROWS; i++) {
		fill_knob(&ip_vs_sysctl_rows[i], &sysctl->knobs, net);
		fill_entry(&sysctl->table[i], &ip_vs_sysctl_rows[i], &sysctl->knobs, net);
	}
	fill_rest(&sysctl->knobs);
	return sysctl;
}

static void free_sysctl(struct ip_vs_sysctl_net *sysctl)
{
	free_cpumask_var(sysctl->knobs.est_cpulist);
	kfree(sysctl);
}

static int ip_vs_sysctl_net_init(struct netns_ipvs *ipvs)
{
	struct ip_vs_sysctl_net *sysctl = new_sysctl(ipvs->net);

	if (!sysctl)
		return -ENOMEM;
	sysctl->ipvs = ipvs;
	sysctl->header = register_net_sysctl_sz(ipvs->net, "net/ipv4/vs", sysctl->table, NR_ROWS);
	if (!sysctl->header) {
		free_sysctl(sysctl);
		return -ENOMEM;
	}
	ipvs->sysctl = sysctl;
	ipvs->knobs = &sysctl->knobs;
	return 0;
}

static void ip_vs_sysctl_net_exit(struct netns_ipvs *ipvs)
{
	struct ip_vs_sysctl_net *sysctl = ipvs->sysctl;

	if (!sysctl)
		return;
	unregister_net_sysctl_table(sysctl->header);
	ipvs->knobs = NULL;
	ipvs->sysctl = NULL;
	free_sysctl(sysctl);
}

const struct ip_vs_subsys ip_vs_sysctl_subsys = {
	.name		= "sysctl",
	.net_init	= ip_vs_sysctl_net_init,
	.net_exit	= ip_vs_sysctl_net_exit,
};
