// SPDX-License-Identifier: GPL-2.0-only
/*
 * Defences. One worker per namespace, while a knob wants it, looks at memory every second,
 * which moves the automatic modes, and gives up a share of those connections that an attack
 * leaves behind.
 */
#include <linux/slab.h>
#include <linux/workqueue.h>

#include "base/knobs.h"
#include "conn/conn.h"
#include "defense/candidate.h"
#include "defense/defense.h"
#include "proto/proto.h"

#define PERIOD	HZ
#define SHARE	32		/* of the table that is looked at each time */

struct ip_vs_defense_net {
	struct netns_ipvs *ipvs;
	struct delayed_work work;
	struct ip_vs_conn_walk walk;		/* goes on where it stopped; the worker's */
	u32 seen[IP_VS_QUIET_PACKETS + 1];	/* the worker's */
	u32 rate;				/* of drop_packet in mode 2; READ_ONCE readers */
	atomic_t requests;
};

bool ip_vs_defense_drops(struct netns_ipvs *ipvs)
{
	struct ip_vs_defense_net *dn = ipvs->defense;
	u32 rate = ip_vs_knob(ipvs, drop_packet) == 3 ? max(ip_vs_knob(ipvs, am_droprate), 0) :
							READ_ONCE(dn->rate);

	return rate && !((u32)atomic_inc_return(&dn->requests) % rate);
}

/* The scarcer the memory, the more requests: every one when there is none. */
static void update_rate(struct ip_vs_defense_net *dn)
{
	long wanted = max(ip_vs_knob(dn->ipvs, amemthresh), 0);
	long missing = wanted - ip_vs_memory_available();

	WRITE_ONCE(dn->rate, missing > 0 ? wanted / missing : 0);
}

static bool is_idle(const struct ip_vs_conn *cp)
{
	return ip_vs_conn_idle(cp) >= IP_VS_QUIET_SECONDS * HZ;
}

static enum ip_vs_candidate judge_template(const struct ip_vs_conn *cp)
{
	if (ip_vs_conn_flags(cp) & IP_VS_CONN_F_ONE_PACKET)
		return is_idle(cp) ? IP_VS_GIVE_UP_SOME : IP_VS_KEEP;
	return ip_vs_conn_state(cp) == IP_VS_TEMPLATE_ASSURED ? IP_VS_KEEP : IP_VS_GIVE_UP;
}

static enum ip_vs_candidate judge(const struct ip_vs_conn *cp)
{
	const struct ip_vs_proto *proto = ip_vs_proto_find(cp->in.tuple.proto);
	u8 state = ip_vs_conn_state(cp);

	if (ip_vs_conn_is_template(cp))
		return judge_template(cp);
	if (proto && proto->is_half_open && proto->is_half_open(state))
		return IP_VS_GIVE_UP;
	if (proto && proto->established && state != proto->established)
		return IP_VS_KEEP;
	return is_idle(cp) ? IP_VS_GIVE_UP_SOME : IP_VS_KEEP;
}

static bool is_given_up(struct ip_vs_defense_net *dn, const struct ip_vs_conn *cp)
{
	if (ip_vs_conn_has_children(cp))
		return false;
	switch (judge(cp)) {
	case IP_VS_GIVE_UP:
		return true;
	case IP_VS_GIVE_UP_SOME:
		return ip_vs_candidate_turn(dn->seen, READ_ONCE(cp->in_pkts));
	default:
		return false;
	}
}

/* The table's end is reached: the next time begins at its start. */
static void rewind_walk(struct ip_vs_defense_net *dn)
	__releases(RCU)
{
	ip_vs_conn_walk_stop(&dn->walk);
	ip_vs_conn_walk_close(&dn->walk);
	ip_vs_conn_walk_open(dn->ipvs, &dn->walk);
}

/* Each entry is met about once in SHARE seconds. */
static void drop_entries(struct ip_vs_defense_net *dn)
{
	unsigned int n = ip_vs_conn_count(dn->ipvs) / SHARE + 1;
	struct ip_vs_conn *cp;

	ip_vs_conn_walk_start(&dn->walk);
	while (n--) {
		cp = ip_vs_conn_walk_next(&dn->walk);
		if (!cp)
			return rewind_walk(dn);
		if (is_given_up(dn, cp))
			ip_vs_conn_kill_chain(cp);
		if (n % 256)
			continue;
		ip_vs_conn_walk_stop(&dn->walk);
		cond_resched();
		ip_vs_conn_walk_start(&dn->walk);
	}
	ip_vs_conn_walk_stop(&dn->walk);
}

static bool is_automatic(int mode)
{
	return mode == 1 || mode == 2;
}

/* A namespace whose defences are off costs nothing. */
static bool is_wanted(struct netns_ipvs *ipvs)
{
	return ip_vs_knob(ipvs, drop_entry) || is_automatic(ip_vs_knob(ipvs, drop_packet)) ||
	       is_automatic(ip_vs_knob(ipvs, secure_tcp));
}

static void work(struct work_struct *work)
{
	struct ip_vs_defense_net *dn = container_of(to_delayed_work(work), struct ip_vs_defense_net,
						    work);
	struct netns_ipvs *ipvs = dn->ipvs;

	ip_vs_pressure_update(ipvs->knobs);
	if (ip_vs_knob(ipvs, drop_packet) == 2)
		update_rate(dn);
	if (ip_vs_knob(ipvs, drop_entry) > 1)
		drop_entries(dn);
	if (is_wanted(ipvs))
		queue_delayed_work(system_power_efficient_wq, &dn->work, PERIOD);
}

/**
 * ip_vs_defense_wake() - a knob of the defences was written
 * @ipvs: the namespace, perhaps not complete yet, or no more
 *
 * Context: process, may sleep.
 */
void ip_vs_defense_wake(struct netns_ipvs *ipvs)
{
	mutex_lock(&ipvs->cfg_mutex);
	if (ipvs->defense && is_wanted(ipvs))
		mod_delayed_work(system_power_efficient_wq, &ipvs->defense->work, 0);
	mutex_unlock(&ipvs->cfg_mutex);
}

static int defense_net_init(struct netns_ipvs *ipvs)
{
	struct ip_vs_defense_net *dn = kzalloc(sizeof(*dn), GFP_KERNEL_ACCOUNT);

	if (!dn)
		return -ENOMEM;
	dn->ipvs = ipvs;
	ip_vs_conn_walk_open(ipvs, &dn->walk);
	INIT_DELAYED_WORK(&dn->work, work);
	mutex_lock(&ipvs->cfg_mutex);
	ipvs->defense = dn;
	mutex_unlock(&ipvs->cfg_mutex);
	ip_vs_defense_wake(ipvs);	/* one may have been written already */
	return 0;
}

/* The hooks are gone; the table of connections is still there, and so are the knobs. */
static void defense_net_exit(struct netns_ipvs *ipvs)
{
	struct ip_vs_defense_net *dn = ipvs->defense;

	mutex_lock(&ipvs->cfg_mutex);
	ipvs->defense = NULL;
	mutex_unlock(&ipvs->cfg_mutex);
	cancel_delayed_work_sync(&dn->work);
	ip_vs_conn_walk_close(&dn->walk);
	kfree(dn);
}

const struct ip_vs_subsys ip_vs_defense_subsys = {
	.name		= "defences",
	.net_init	= defense_net_init,
	.net_exit	= defense_net_exit,
};
