// SPDX-License-Identifier: GPL-2.0-only
/*
 * Destinations: configuration under cfg_mutex, thresholds under dest->lock, and
 * the trash. One hash table per namespace holds them all, in use or in the trash.
 */
#include <linux/netdevice.h>
#include <linux/slab.h>
#include <net/dst.h>

#include "base/addr.h"
#include "base/extack.h"
#include "packet/l3.h"
#include "sched/sched.h"
#include "svc/dest.h"
#include "svc/real.h"

/* How often the trash is looked through, and how long an entry must have been without
 * connections to go. The interval also ends any packet's use of an entry, see dest_put.
 */
#define TRASH_PERIOD	(60 * HZ)
#define TRASH_IDLE	(120 * HZ)

struct ip_vs_dest_net {
	struct netns_ipvs *ipvs;
	struct rhashtable table;		/* by key */
	unsigned long next_id;			/* cfg_mutex */
	unsigned int mixed;			/* cfg_mutex; of another family than their service */
	struct list_head trash;			/* cfg_mutex */
	struct delayed_work trash_work;
};

static const struct rhashtable_params dest_params = {
	.head_offset		= offsetof(struct ip_vs_dest, node),
	.key_offset		= offsetof(struct ip_vs_dest, key),
	.key_len		= sizeof(struct ip_vs_dest_key),
	.automatic_shrinking	= true,
};

/* ---- route ---- */

static void route_free_rcu(struct rcu_head *rcu)
{
	struct ip_vs_route *route = container_of(rcu, struct ip_vs_route, rcu);

	dst_release(route->dst);
	kfree(route);
}

void ip_vs_route_free(struct ip_vs_route *route)
{
	call_rcu(&route->rcu, route_free_rcu);
}

/* Packets on their way out use the old route under RCU without a reference of their own;
 * hence its release waits for a grace period.
 */
void ip_vs_dest_route_set(struct ip_vs_dest *dest, struct ip_vs_route *route)
{
	struct ip_vs_route *old;

	spin_lock_bh(&dest->lock);
	old = rcu_dereference_protected(dest->route, lockdep_is_held(&dest->lock));
	rcu_assign_pointer(dest->route, route);
	spin_unlock_bh(&dest->lock);
	if (old)
		ip_vs_route_free(old);
}

/* ---- references and thresholds ---- */

static void dest_free_rcu(struct rcu_head *rcu)
{
	struct ip_vs_dest *dest = container_of(rcu, struct ip_vs_dest, rcu);

	ip_vs_stats_free(&dest->stats);
	kfree(dest);
}

/* The last reference is that of the trash, which is given up two minutes after the last
 * connection, or when the namespace has no hooks any more: no packet can then have found
 * the destination in its service. What packets do hold is an RCU read lock since they
 * read cp->dest, hence the grace period.
 */
void ip_vs_dest_put(struct ip_vs_dest *dest)
{
	if (!refcount_dec_and_test(&dest->refs))
		return;
	ip_vs_dest_route_set(dest, NULL);
	call_rcu(&dest->rcu, dest_free_rcu);
}

/* Below this many connections an overloaded destination takes new ones again. */
static u32 lower_threshold(const struct ip_vs_dest *dest, u32 upper)
{
	u32 lower = READ_ONCE(dest->l_thresh);

	return lower ? lower : upper - (upper >> 2);
}

/* Hysteresis: at the upper threshold the mark is set, below the lower one cleared. And what
 * follows from it and the weight, which stands in one word: schedulers read it of each.
 */
static void update_overload(struct ip_vs_dest *dest)
{
	u32 upper, total;

	spin_lock_bh(&dest->lock);
	upper = READ_ONCE(dest->u_thresh);
	total = atomic_read(&dest->total);
	if (upper && total >= upper)
		dest->overload = true;
	else if (!upper || total < lower_threshold(dest, upper))
		dest->overload = false;
	WRITE_ONCE(dest->share, dest->overload ? 0 : READ_ONCE(dest->weight));
	spin_unlock_bh(&dest->lock);
}

void ip_vs_dest_bind(struct ip_vs_dest *dest)
{
	ip_vs_dest_get(dest);
	atomic_inc(&dest->total);
	if (READ_ONCE(dest->u_thresh))
		update_overload(dest);
}

void ip_vs_dest_unbind(struct ip_vs_dest *dest)
{
	atomic_dec(&dest->total);
	if (READ_ONCE(dest->u_thresh))
		update_overload(dest);
	ip_vs_dest_put(dest);
}

/* ---- configuration ---- */

static void dest_key_init(struct ip_vs_dest_key *key, const struct ip_vs_service *svc, u16 af,
		     const union nf_inet_addr *addr, __be16 port)
{
	memset(key, 0, sizeof(*key));
	key->svc = svc->key;
	ip_vs_addr_set(af, &key->addr, addr);
	key->port = port;
	key->af = af;
}

static struct ip_vs_dest *find(struct netns_ipvs *ipvs, const struct ip_vs_dest_key *key)
{
	return rhashtable_lookup_fast(&ipvs->dest->table, key, dest_params);
}

static bool in_service(const struct ip_vs_dest *dest)
{
	return rcu_access_pointer(dest->svc);
}

struct ip_vs_dest *ip_vs_dest_find(struct ip_vs_service *svc, u16 af,
				   const union nf_inet_addr *addr, __be16 port)
{
	struct ip_vs_dest_key key;
	struct ip_vs_dest *dest;

	dest_key_init(&key, svc, af ? af : svc->key.af, addr, port);
	dest = find(svc->ipvs, &key);
	return dest && in_service(dest) ? dest : NULL;
}

static int check_config(const struct ip_vs_service *svc, const struct ipvs_dest *cfg, u16 af,
			struct netlink_ext_ack *extack)
{
	u32 method = cfg->conn_flags & IP_VS_CONN_F_FWD_MASK;

	if (!ip_vs_af_valid(af))
		return ip_vs_refuse(extack, -EAFNOSUPPORT, "ipvs_dest.af: not supported");
	if (af != svc->key.af && method != IP_VS_CONN_F_TUNNEL)
		return ip_vs_refuse(extack, -EINVAL,
			      "ipvs_dest.af: only tunnels lead to another family than the service's");
	if ((s32)cfg->weight < 0)
		return ip_vs_refuse(extack, -ERANGE, "ipvs_dest.weight: above 2147483647");
	if (cfg->l_thresh > cfg->u_thresh)
		return ip_vs_refuse(extack, -ERANGE, "ipvs_dest.l_thresh: above the upper threshold");
	if (cfg->u_thresh > INT_MAX)
		return ip_vs_refuse(extack, -EINVAL, "ipvs_dest.u_thresh: above 2147483647");
	if (cfg->tun_type == IP_VS_CONN_F_TUNNEL_TYPE_GUE && !cfg->tun_port)
		return ip_vs_refuse(extack, -EINVAL, "ipvs_dest.tun_port: missing, GUE needs one");
	return 0;
}

static void apply_config(struct ip_vs_dest *dest, const struct ipvs_dest *cfg)
{
	WRITE_ONCE(dest->conn_flags, cfg->conn_flags);
	WRITE_ONCE(dest->weight, cfg->weight);
	if (cfg->weight)
		dest->last_weight = cfg->weight;
	WRITE_ONCE(dest->u_thresh, cfg->u_thresh);
	WRITE_ONCE(dest->l_thresh, cfg->l_thresh);
	WRITE_ONCE(dest->tun_type, cfg->tun_type);
	WRITE_ONCE(dest->tun_port, cfg->tun_port);
	WRITE_ONCE(dest->tun_flags, cfg->tun_flags);
	update_overload(dest);
	/* the way may differ by forwarding method */
	ip_vs_dest_route_set(dest, NULL);
}

/* Put a new or revived destination at the head of its service. */
static void join(struct ip_vs_service *svc, struct ip_vs_dest *dest)
{
	dest->id = ++svc->ipvs->dest->next_id;
	dest->svc_id = svc->id;
	rcu_assign_pointer(dest->svc, svc);
	list_add_rcu(&dest->list, &svc->dests);
	svc->num_dests++;
	svc->ipvs->dest->mixed += dest->key.af != svc->key.af;
	ip_vs_est_start(svc->ipvs, &dest->stats);
	ip_vs_sched_dest_event(svc, dest, IP_VS_DEST_ADDED, NULL);
}

/* Its connections and their counters go on; so do its statistics, unless its service is
 * not the one it was in.
 *
 * A packet may still be walking the list that it was in, standing at it. Linked into the
 * list of another service object it would lead that packet astray, which would never meet
 * its own list's head again: so the grace period since its removal must be over. Clearing
 * and restoring a whole table waits for one in all, not for one per destination.
 */
static int revive(struct ip_vs_service *svc, struct ip_vs_dest *dest, const struct ipvs_dest *cfg)
{
	int err;

	cond_synchronize_rcu(dest->removed);
	err = ip_vs_real_set(dest, cfg);
	if (err)
		return err;
	apply_config(dest, cfg);
	list_del_init(&dest->trash);
	dest->idle_since = 0;
	if (dest->svc_id != svc->id)
		ip_vs_stats_zero(&dest->stats);
	join(svc, dest);
	return 0;
}

static int create(struct ip_vs_service *svc, const struct ip_vs_dest_key *key,
		  const struct ipvs_dest *cfg)
{
	struct netns_ipvs *ipvs = svc->ipvs;
	struct ip_vs_dest *dest;
	int err;

	dest = kzalloc(sizeof(*dest), GFP_KERNEL_ACCOUNT);
	if (!dest)
		return -ENOMEM;
	err = ip_vs_stats_init(&dest->stats);
	if (err)
		goto err_free;
	dest->ipvs = ipvs;
	dest->key = *key;
	refcount_set(&dest->refs, 1);
	spin_lock_init(&dest->lock);
	INIT_LIST_HEAD(&dest->trash);
	err = rhashtable_lookup_insert_fast(&ipvs->dest->table, &dest->node, dest_params);
	if (err)
		goto err_stats;
	err = ip_vs_real_set(dest, cfg);
	if (err)
		goto err_table;
	apply_config(dest, cfg);
	join(svc, dest);
	return 0;

err_table:
	/* nobody but configuration has seen it */
	rhashtable_remove_fast(&ipvs->dest->table, &dest->node, dest_params);
err_stats:
	ip_vs_stats_free(&dest->stats);
err_free:
	kfree(dest);
	return err;
}

int ip_vs_dest_add(struct ip_vs_service *svc, const struct ipvs_dest *cfg,
		   struct netlink_ext_ack *extack)
{
	u16 af = cfg->af ? cfg->af : svc->key.af;
	struct ip_vs_dest_key key;
	struct ip_vs_dest *dest;
	int err;

	lockdep_assert_held(&svc->ipvs->cfg_mutex);
	err = check_config(svc, cfg, af, extack);
	if (err)
		return err;
	dest_key_init(&key, svc, af, &cfg->addr, cfg->port);
	dest = find(svc->ipvs, &key);
	if (dest && in_service(dest))
		return ip_vs_refuse(extack, -EEXIST, "destination: exists already");
	if (dest)
		return revive(svc, dest, cfg);
	if (!ip_vs_l3_may_be_dest(svc->ipvs->net, af, &key.addr))
		return ip_vs_refuse(extack, -EINVAL,
			      "ipvs_dest.addr: neither unicast nor local");
	return create(svc, &key, cfg);
}

int ip_vs_dest_edit(struct ip_vs_service *svc, const struct ipvs_dest *cfg,
		    struct netlink_ext_ack *extack)
{
	u16 af = cfg->af ? cfg->af : svc->key.af;
	struct ip_vs_dest *dest;
	int err;

	lockdep_assert_held(&svc->ipvs->cfg_mutex);
	err = check_config(svc, cfg, af, extack);
	if (err)
		return err;
	dest = ip_vs_dest_find(svc, af, &cfg->addr, cfg->port);
	if (!dest)
		return ip_vs_refuse(extack, -ENOENT, "destination: does not exist");
	err = ip_vs_real_set(dest, cfg);
	if (err)
		return err;
	apply_config(dest, cfg);
	ip_vs_sched_dest_event(svc, dest, IP_VS_DEST_CHANGED, NULL);
	return 0;
}

/**
 * ip_vs_dest_del() - take a destination out of its service, into the trash
 * @svc: the service
 * @dest: one of its destinations
 *
 * Unlink, mark dead (dest->svc), tell the scheduler. From then on no new connection
 * comes, except from packets that found it just before; those bind to it in the trash,
 * which is fine: it is not freed while connections hold it, nor within two minutes.
 * Context: process, cfg_mutex.
 */
void ip_vs_dest_del(struct ip_vs_service *svc, struct ip_vs_dest *dest)
{
	struct list_head *prev = dest->list.prev;
	struct ip_vs_dest_net *dn = svc->ipvs->dest;

	lockdep_assert_held(&svc->ipvs->cfg_mutex);
	list_del_rcu(&dest->list);
	RCU_INIT_POINTER(dest->svc, NULL);
	svc->num_dests--;
	dn->mixed -= dest->key.af != svc->key.af;
	ip_vs_sched_dest_event(svc, dest, IP_VS_DEST_REMOVED, prev);
	ip_vs_est_stop(svc->ipvs, &dest->stats);
	ip_vs_real_del(dest);
	ip_vs_dest_route_set(dest, NULL);
	dest->removed = get_state_synchronize_rcu();
	if (list_empty(&dn->trash))
		schedule_delayed_work(&dn->trash_work, TRASH_PERIOD);
	list_add_tail(&dest->trash, &dn->trash);
}

/* Is any destination of another family than its service? Context: cfg_mutex. */
bool ip_vs_dest_has_mixed(struct netns_ipvs *ipvs)
{
	return ipvs->dest->mixed;
}

static void discard(struct ip_vs_dest_net *dn, struct ip_vs_dest *dest)
{
	list_del(&dest->trash);
	rhashtable_remove_fast(&dn->table, &dest->node, dest_params);
	ip_vs_dest_put(dest);
}

/* Note when an entry is first seen without connections; let it go at a later scan. */
static void trash_scan(struct work_struct *work)
{
	struct ip_vs_dest_net *dn = container_of(to_delayed_work(work), struct ip_vs_dest_net,
						 trash_work);
	struct ip_vs_dest *dest, *next;

	mutex_lock(&dn->ipvs->cfg_mutex);
	list_for_each_entry_safe(dest, next, &dn->trash, trash) {
		if (refcount_read(&dest->refs) > 1)
			dest->idle_since = 0;
		else if (!dest->idle_since)
			dest->idle_since = jiffies | 1;
		else if (time_after_eq(jiffies, dest->idle_since + TRASH_IDLE))
			discard(dn, dest);
	}
	if (!list_empty(&dn->trash))
		schedule_delayed_work(&dn->trash_work, TRASH_PERIOD);
	mutex_unlock(&dn->ipvs->cfg_mutex);
}

void ip_vs_dest_snapshot(struct ip_vs_dest *dest, struct ipvs_dest *out)
{
	int active = atomic_read(&dest->active);

	memset(out, 0, sizeof(*out));
	out->af = dest->key.af;
	out->addr = dest->key.addr;
	out->port = dest->key.port;
	out->conn_flags = READ_ONCE(dest->conn_flags);
	out->weight = READ_ONCE(dest->weight);
	out->u_thresh = READ_ONCE(dest->u_thresh);
	out->l_thresh = READ_ONCE(dest->l_thresh);
	out->tun_type = dest->tun_type;
	out->tun_port = dest->tun_port;
	out->tun_flags = dest->tun_flags;
	out->active = active;
	/* two counters, read one after the other */
	out->inactive = max(atomic_read(&dest->total) - active, 0);
	out->persist = atomic_read(&dest->persist);
	ip_vs_stats_read(&dest->stats, &out->stats);
}

struct ip_vs_dest *ip_vs_dest_next(struct ip_vs_service *svc, unsigned long id)
{
	struct ip_vs_dest *dest;

	list_for_each_entry_rcu(dest, &svc->dests, list,
				lockdep_is_held(&svc->ipvs->cfg_mutex))
		if (dest->id < id)
			return dest;
	return NULL;
}

void ip_vs_dest_place(const struct ip_vs_dest *dest, struct ip_vs_dest_place *place)
{
	place->addr = dest->key.addr;
	place->port = dest->key.port;
	place->af = dest->key.af;
	place->id = dest->id;
}

struct ip_vs_dest *ip_vs_dest_after(struct ip_vs_service *svc,
				    const struct ip_vs_dest_place *place)
{
	struct ip_vs_dest *dest;

	lockdep_assert_held(&svc->ipvs->cfg_mutex);
	if (!place->id)
		return list_first_entry_or_null(&svc->dests, struct ip_vs_dest, list);
	dest = ip_vs_dest_find(svc, place->af, &place->addr, place->port);
	/* one that was removed and added again stands elsewhere */
	if (!dest || dest->id != place->id)
		return ip_vs_dest_next(svc, place->id);
	return list_is_last(&dest->list, &svc->dests) ? NULL : list_next_entry(dest, list);
}

/* ---- life cycle ---- */

/* A device goes: routes over it must not keep it. IPv6 may have turned them to another device
 * before us, and yet they hold what holds this one; so routes remember where they led.
 * rtnl is held. Packets that run now may look a route up again, but find the device down.
 */
static int device_event(struct notifier_block *nb, unsigned long event, void *ptr)
{
	struct net_device *dev = netdev_notifier_info_to_dev(ptr);
	struct netns_ipvs *ipvs = net_ipvs(dev_net(dev));
	struct rhashtable_iter iter;
	struct ip_vs_route *route;
	struct ip_vs_dest *dest;

	if (!ipvs || !ipvs->dest || (event != NETDEV_DOWN && event != NETDEV_UNREGISTER))
		return NOTIFY_DONE;
	rhashtable_walk_enter(&ipvs->dest->table, &iter);
	rhashtable_walk_start(&iter);
	while ((dest = rhashtable_walk_next(&iter))) {
		if (IS_ERR(dest))
			continue;	/* resized: walked again from the start */
		route = rcu_dereference(dest->route);
		if (route && route->dev == dev)
			ip_vs_dest_route_set(dest, NULL);
	}
	rhashtable_walk_stop(&iter);
	rhashtable_walk_exit(&iter);
	return NOTIFY_DONE;
}

static struct notifier_block device_notifier = {
	.notifier_call = device_event,
};

static int dest_start(void)
{
	return register_netdevice_notifier(&device_notifier);
}

static void dest_stop(void)
{
	unregister_netdevice_notifier(&device_notifier);
}

static void dest_exit(void)
{
	rcu_barrier();		/* dest_free_rcu() and route_free_rcu() are our code */
}

static int dest_net_init(struct netns_ipvs *ipvs)
{
	struct ip_vs_dest_net *dn = kzalloc(sizeof(*dn), GFP_KERNEL_ACCOUNT);
	int err;

	if (!dn)
		return -ENOMEM;
	err = rhashtable_init(&dn->table, &dest_params);
	if (err) {
		kfree(dn);
		return err;
	}
	dn->ipvs = ipvs;
	INIT_LIST_HEAD(&dn->trash);
	INIT_DELAYED_WORK(&dn->trash_work, trash_scan);
	ipvs->dest = dn;
	return 0;
}

/* Services and connections are gone, so all that is left is in the trash, unreferenced. */
static void dest_net_exit(struct netns_ipvs *ipvs)
{
	struct ip_vs_dest_net *dn = ipvs->dest;
	struct ip_vs_dest *dest, *next;

	cancel_delayed_work_sync(&dn->trash_work);
	mutex_lock(&ipvs->cfg_mutex);
	list_for_each_entry_safe(dest, next, &dn->trash, trash)
		discard(dn, dest);
	mutex_unlock(&ipvs->cfg_mutex);
	rhashtable_destroy(&dn->table);
	ipvs->dest = NULL;
	kfree(dn);
}

const struct ip_vs_subsys ip_vs_dest_subsys = {
	.name		= "destinations",
	.exit		= dest_exit,
	.start		= dest_start,
	.stop		= dest_stop,
	.net_init	= dest_net_init,
	.net_exit	= dest_net_exit,
};
