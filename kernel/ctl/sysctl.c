// SPDX-License-Identifier: GPL-2.0-only
/*
 * net.ipv4.vs.*: one row per knob, one set of values per namespace. The values
 * are in base/knobs.h; the datapath reads them without a lock.
 */
#include <linux/slab.h>
#include <linux/sysctl.h>
#include <net/net_namespace.h>

#include "base/knobs.h"
#include "ctl/ctl.h"

struct ip_vs_sysctl_row {
	const char *name;
	unsigned int offset;	/* of the int in struct ip_vs_knobs */
	int init;
	bool init_userns;	/* costs the host: read-only for the root of a container */
};

#define KNOB(knob, ...) \
	{ .name = #knob, .offset = offsetof(struct ip_vs_knobs, knob), __VA_ARGS__ }

static const struct ip_vs_sysctl_row ip_vs_sysctl_rows[] = {
	KNOB(conn_reuse_mode,		.init = 1),
	KNOB(expire_nodest_conn,	.init = 0),
	KNOB(sloppy_tcp,		.init = 0),
	KNOB(snat_reroute,		.init = 1),
	KNOB(run_estimation,		.init = 1, .init_userns = true),
};

#define NR_ROWS	ARRAY_SIZE(ip_vs_sysctl_rows)

struct ip_vs_sysctl_net {
	struct ip_vs_knobs knobs;
	struct ctl_table_header *header;
	struct ctl_table table[NR_ROWS + 1];	/* the last one stays empty */
};

static void fill_table(struct ip_vs_sysctl_net *sysctl, const struct net *net)
{
	const struct ip_vs_sysctl_row *row = ip_vs_sysctl_rows;
	struct ctl_table *entry;

	for (entry = sysctl->table; entry < &sysctl->table[NR_ROWS]; entry++, row++) {
		int *value = (void *)&sysctl->knobs + row->offset;

		*value = row->init;
		entry->procname = row->name;
		entry->data = value;
		entry->maxlen = sizeof(int);
		entry->mode = row->init_userns && net->user_ns != &init_user_ns ? 0444 : 0644;
		entry->proc_handler = proc_dointvec;
	}
}

static int ip_vs_sysctl_net_init(struct netns_ipvs *ipvs)
{
	struct ip_vs_sysctl_net *sysctl;

	sysctl = kzalloc(sizeof(*sysctl), GFP_KERNEL_ACCOUNT);
	if (!sysctl)
		return -ENOMEM;
	fill_table(sysctl, ipvs->net);
	sysctl->header = register_net_sysctl_sz(ipvs->net, "net/ipv4/vs", sysctl->table, NR_ROWS);
	if (!sysctl->header) {
		kfree(sysctl);
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
	kfree(sysctl);
}

const struct ip_vs_subsys ip_vs_sysctl_subsys = {
	.name		= "sysctl",
	.net_init	= ip_vs_sysctl_net_init,
	.net_exit	= ip_vs_sysctl_net_exit,
};
