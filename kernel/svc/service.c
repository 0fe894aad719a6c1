// SPDX-License-Identifier: GPL-2.0-only
/*
 * Services: a resizing hash table for packets and an ordered index for dumps,
 * one pair per namespace. Everything is changed under cfg_mutex and read under RCU.
 */
#include <linux/module.h>
#include <linux/slab.h>
#include <linux/xarray.h>
#include <net/ip.h>

#include "base/addr.h"
#include "base/extack.h"
#include "base/knobs.h"
#include "base/room.h"
#include "pe/pe.h"
#include "sched/sched.h"
#include "svc/dest.h"
#include "svc/service.h"

/* How many services of a kind there are; a packet skips look-ups that cannot succeed, and
 * some users may be told of IPv4 only. Written under cfg_mutex, READ_ONCE readers.
 */
enum svc_kind { KIND_ALL, KIND_MARK, KIND_FTP, KIND_ANY_PORT, KIND_IPV4, KIND_ENGINE, KIND_MAX };

struct ip_vs_svc_net {
	struct rhashtable table;		/* by key */
	struct ip_vs_room room;
	struct xarray index;			/* by id */
	unsigned long next_id;			/* cfg_mutex */
	unsigned int nr[KIND_MAX];
};

#define MAX_BUCKETS	(1U << 20)	/* that svc_lfactor can ask for */
#define FTP_PORT	21
#define FTP_DATA_PORT	20

static const struct rhashtable_params service_params = {
	.head_offset		= offsetof(struct ip_vs_service, node),
	.key_offset		= offsetof(struct ip_vs_service, key),
	.key_len		= sizeof(struct ip_vs_svc_key),
	.automatic_shrinking	= true,
};

/* Fill the key of a service as the user names it. */
void ip_vs_service_key_init(struct ip_vs_svc_key *key, const struct ipvs_service *cfg)
{
	memset(key, 0, sizeof(*key));
	key->af = cfg->af;
	if (cfg->fwmark) {
		key->fwmark = cfg->fwmark;
		return;
	}
	key->proto = cfg->protocol;
	ip_vs_addr_set(cfg->af, &key->addr, &cfg->addr);
	key->port = cfg->port;
}

/* The service with exactly this key. Context: cfg_mutex or RCU. */
struct ip_vs_service *ip_vs_service_find(struct netns_ipvs *ipvs, const struct ip_vs_svc_key *key)
{
	return rhashtable_lookup_fast(&ipvs->svc->table, key, service_params);
}

/* May the data connection of a passive FTP client be addressed to @port? */
static bool may_be_ftp_data(struct net *net, u16 proto, __be16 port)
{
	return proto == IPPROTO_TCP &&
	       (port == htons(FTP_DATA_PORT) || !inet_port_requires_bind_service(net, ntohs(port)));
}

/* By mark first, which beats an exact match; then exact; then FTP data; then any port. */
struct ip_vs_service *ip_vs_service_lookup(struct netns_ipvs *ipvs, u16 af, u32 mark, u16 proto,
					   const union nf_inet_addr *addr, __be16 port)
{
	struct ip_vs_svc_key key = { .af = af, .proto = proto, .addr = *addr, .port = port };
	struct ip_vs_svc_net *sn = ipvs->svc;
	struct ip_vs_service *svc;

	if (mark && READ_ONCE(sn->nr[KIND_MARK])) {
		struct ip_vs_svc_key by_mark = { .af = af, .fwmark = mark };

		svc = ip_vs_service_find(ipvs, &by_mark);
		if (svc)
			return svc;
	}
	svc = ip_vs_service_find(ipvs, &key);
	if (svc)
		return svc;
	if (READ_ONCE(sn->nr[KIND_FTP]) && may_be_ftp_data(ipvs->net, proto, port)) {
		key.port = htons(FTP_PORT);
		svc = ip_vs_service_find(ipvs, &key);
		if (svc)
			return svc;
	}
	if (!READ_ONCE(sn->nr[KIND_ANY_PORT]))
		return NULL;
	key.port = 0;
	return ip_vs_service_find(ipvs, &key);
}

/* Services by mark count as "any port" too, as they do for users of upstream. */
static void count_kinds(struct ip_vs_svc_net *sn, const struct ip_vs_service *svc, int by)
{
	WRITE_ONCE(sn->nr[KIND_ALL], sn->nr[KIND_ALL] + by);
	if (svc->key.fwmark)
		WRITE_ONCE(sn->nr[KIND_MARK], sn->nr[KIND_MARK] + by);
	else if (svc->key.port == htons(FTP_PORT) && svc->key.proto == IPPROTO_TCP)
		WRITE_ONCE(sn->nr[KIND_FTP], sn->nr[KIND_FTP] + by);
	if (!svc->key.port)
		WRITE_ONCE(sn->nr[KIND_ANY_PORT], sn->nr[KIND_ANY_PORT] + by);
	if (svc->key.af == AF_INET)
		WRITE_ONCE(sn->nr[KIND_IPV4], sn->nr[KIND_IPV4] + by);
	ip_vs_room_check(&sn->room);
}

unsigned int ip_vs_service_count(const struct netns_ipvs *ipvs)
{
	return READ_ONCE(ipvs->svc->nr[KIND_ALL]);
}

unsigned int ip_vs_service_count_ipv4(const struct netns_ipvs *ipvs)
{
	return READ_ONCE(ipvs->svc->nr[KIND_IPV4]);
}

bool ip_vs_service_any_engine(const struct netns_ipvs *ipvs)
{
	return READ_ONCE(ipvs->svc->nr[KIND_ENGINE]);
}

static int check_config(const struct ipvs_service *cfg, struct netlink_ext_ack *extack)
{
	if (cfg->af == AF_INET6 && (cfg->netmask < 1 || cfg->netmask > 128))
		return ip_vs_refuse(extack, -EINVAL,
				    "ipvs_service.netmask: for IPv6 a prefix length, 1 to 128");
	return 0;
}

/* Packets may be using the old one: its module waits for them before it goes. */
static void set_engine(struct ip_vs_service *svc, const struct ip_vs_pe *pe)
{
	const struct ip_vs_pe *old = ip_vs_cfg_deref(svc->ipvs, svc->pe);
	struct ip_vs_svc_net *sn = svc->ipvs->svc;

	rcu_assign_pointer(svc->pe, pe);
	WRITE_ONCE(sn->nr[KIND_ENGINE], sn->nr[KIND_ENGINE] + !!pe - !!old);
	ip_vs_pe_put(old);
}

/* What add and edit have in common. */
static void apply_config(struct ip_vs_service *svc, const struct ipvs_service *cfg)
{
	u32 flags = (svc->flags & ~cfg->flags.mask) | (cfg->flags.flags & cfg->flags.mask);

	WRITE_ONCE(svc->flags, flags | IP_VS_SVC_F_HASHED);
	WRITE_ONCE(svc->timeout, cfg->timeout * HZ);
	WRITE_ONCE(svc->netmask, cfg->netmask);
}

static int insert(struct ip_vs_service *svc)
{
	struct ip_vs_svc_net *sn = svc->ipvs->svc;
	int err;

	svc->id = ++sn->next_id;
	err = xa_err(xa_store(&sn->index, svc->id, svc, GFP_KERNEL));
	if (err)
		return err;
	err = rhashtable_lookup_insert_fast(&sn->table, &svc->node, service_params);
	if (err)
		xa_erase(&sn->index, svc->id);
	return err;
}

/**
 * ip_vs_service_add() - create a virtual service
 * @ipvs: the namespace
 * @cfg: key and configuration
 * @ops: the scheduler, with a reference, or NULL
 * @pe: the persistence engine, with a reference, or NULL
 * @extack: for the reason of a refusal, or NULL
 *
 * Holds a reference on the module while the service exists, so ip_vs cannot be unloaded.
 * Context: process, cfg_mutex. Return: see service.h; also -ENOPROTOOPT if the module
 * is going away. On success the references on @ops and @pe are taken over.
 */
int ip_vs_service_add(struct netns_ipvs *ipvs, const struct ipvs_service *cfg,
		      const struct ip_vs_sched_ops *ops, const struct ip_vs_pe *pe,
		      struct netlink_ext_ack *extack)
{
	struct ip_vs_service *svc;
	struct ip_vs_svc_key key;
	int err;

	lockdep_assert_held(&ipvs->cfg_mutex);
	ip_vs_service_key_init(&key, cfg);
	if (ip_vs_service_find(ipvs, &key))
		return ip_vs_refuse(extack, -EEXIST, "service: exists already");
	err = check_config(cfg, extack);
	if (err)
		return err;
	if (!try_module_get(THIS_MODULE))
		return -ENOPROTOOPT;
	svc = kzalloc(sizeof(*svc), GFP_KERNEL_ACCOUNT);
	if (!svc) {
		err = -ENOMEM;
		goto err_module;
	}
	svc->ipvs = ipvs;
	svc->key = key;
	svc->proto = cfg->protocol;
	INIT_LIST_HEAD(&svc->dests);
	apply_config(svc, cfg);
	err = ip_vs_stats_init(&svc->stats);
	if (err)
		goto err_free;
	err = ip_vs_sched_bind(svc, ops);
	if (err)
		goto err_stats;
	err = insert(svc);
	if (err)
		goto err_sched;
	set_engine(svc, pe);
	count_kinds(ipvs->svc, svc, 1);
	ip_vs_est_start(ipvs, &svc->stats);
	return 0;

err_sched:
	/* the caller keeps its reference on @ops when we fail */
	if (ops)
		__module_get(ops->plugin.owner);
	ip_vs_sched_bind(svc, NULL);
err_stats:
	ip_vs_stats_free(&svc->stats);
err_free:
	kfree(svc);
err_module:
	module_put(THIS_MODULE);
	return err;
}

/**
 * ip_vs_service_edit() - change scheduler, engine, flags, time-out and netmask
 * @svc: the service
 * @cfg: configuration; its key is not looked at
 * @ops: the scheduler, with a reference, or NULL
 * @pe: the persistence engine, with a reference, or NULL
 * @extack: for the reason of a refusal, or NULL
 *
 * Takes effect for new connections. Context: process, cfg_mutex. On success the
 * references on @ops and @pe are taken over; after an error nothing has changed.
 */
int ip_vs_service_edit(struct ip_vs_service *svc, const struct ipvs_service *cfg,
		       const struct ip_vs_sched_ops *ops, const struct ip_vs_pe *pe,
		       struct netlink_ext_ack *extack)
{
	int err;

	lockdep_assert_held(&svc->ipvs->cfg_mutex);
	err = check_config(cfg, extack);
	if (err)
		return err;
	err = ip_vs_sched_bind(svc, ops);
	if (err)
		return err;
	set_engine(svc, pe);
	apply_config(svc, cfg);
	return 0;
}

static void service_free_rcu(struct rcu_head *rcu)
{
	struct ip_vs_service *svc = container_of(rcu, struct ip_vs_service, rcu);

	ip_vs_stats_free(&svc->stats);
	kfree(svc);
}

/**
 * ip_vs_service_del() - remove a service; its connections stay
 * @svc: the service
 *
 * Who may still hold it afterwards: packets that looked it up, and packets of its
 * connections that reached it through dest->svc, both under RCU; dumps likewise, or
 * under cfg_mutex, which we hold. It is unlinked from all of these first (tables, then
 * dest->svc of every destination) and freed a grace period later.
 * Context: process, cfg_mutex.
 */
void ip_vs_service_del(struct ip_vs_service *svc)
{
	struct ip_vs_svc_net *sn = svc->ipvs->svc;
	struct ip_vs_dest *dest, *next;

	lockdep_assert_held(&svc->ipvs->cfg_mutex);
	rhashtable_remove_fast(&sn->table, &svc->node, service_params);
	xa_erase(&sn->index, svc->id);
	count_kinds(sn, svc, -1);
	/* first, or a scheduler would make a new table for each destination that goes */
	ip_vs_sched_bind(svc, NULL);
	list_for_each_entry_safe(dest, next, &svc->dests, list)
		ip_vs_dest_del(svc, dest);
	set_engine(svc, NULL);
	ip_vs_est_stop(svc->ipvs, &svc->stats);
	call_rcu(&svc->rcu, service_free_rcu);
	module_put(THIS_MODULE);
}

/* Start the counters of a service and its destinations from zero. Context: cfg_mutex. */
void ip_vs_service_zero(struct ip_vs_service *svc)
{
	struct ip_vs_dest *dest;

	lockdep_assert_held(&svc->ipvs->cfg_mutex);
	list_for_each_entry(dest, &svc->dests, list)
		ip_vs_stats_zero(&dest->stats);
	ip_vs_stats_zero(&svc->stats);
}

static void engine_name(struct ip_vs_service *svc, struct ipvs_service *out)
{
	const struct ip_vs_pe *pe;

	rcu_read_lock();
	pe = rcu_dereference(svc->pe);
	if (pe)
		strscpy(out->pe, pe->plugin.name, sizeof(out->pe));
	rcu_read_unlock();
}

void ip_vs_service_snapshot(struct ip_vs_service *svc, struct ipvs_service *out)
{
	memset(out, 0, sizeof(*out));
	out->af = svc->key.af;
	out->protocol = svc->proto;
	out->fwmark = svc->key.fwmark;
	out->addr = svc->key.addr;
	out->port = svc->key.port;
	strscpy(out->sched, ip_vs_sched_name(svc), sizeof(out->sched));
	engine_name(svc, out);
	out->flags.flags = READ_ONCE(svc->flags);
	out->flags.mask = ~0;
	out->timeout = READ_ONCE(svc->timeout) / HZ;
	out->netmask = READ_ONCE(svc->netmask);
	out->num_dests = READ_ONCE(svc->num_dests);
	ip_vs_stats_read(&svc->stats, &out->stats);
}

struct ip_vs_service *ip_vs_service_next(struct netns_ipvs *ipvs, unsigned long *id)
{
	return xa_find(&ipvs->svc->index, id, ULONG_MAX, XA_PRESENT);
}

static int service_net_init(struct netns_ipvs *ipvs)
{
	struct ip_vs_svc_net *sn = kzalloc(sizeof(*sn), GFP_KERNEL_ACCOUNT);
	int err;

	if (!sn)
		return -ENOMEM;
	err = rhashtable_init(&sn->table, &service_params);
	if (err) {
		kfree(sn);
		return err;
	}
	xa_init(&sn->index);
	ip_vs_room_init(&sn->room, &sn->table, ipvs->knobs, &ipvs->knobs->svc_lfactor,
			MAX_BUCKETS);
	ipvs->svc = sn;
	return 0;
}

/* The hooks and the netlink sockets of the namespace are gone. */
static void service_net_exit(struct netns_ipvs *ipvs)
{
	struct ip_vs_service *svc;
	unsigned long id;

	ip_vs_room_close(&ipvs->svc->room);
	mutex_lock(&ipvs->cfg_mutex);
	for (id = 0; (svc = ip_vs_service_next(ipvs, &id)); id++)
		ip_vs_service_del(svc);
	mutex_unlock(&ipvs->cfg_mutex);
	ip_vs_room_exit(&ipvs->svc->room);
	rhashtable_destroy(&ipvs->svc->table);
	xa_destroy(&ipvs->svc->index);
	kfree(ipvs->svc);
	ipvs->svc = NULL;
}

static void service_exit(void)
{
	rcu_barrier();		/* service_free_rcu() is our code */
}

struct rhashtable *ip_vs_service_rhashtable(struct netns_ipvs *ipvs)
{
	return &ipvs->svc->table;
}

const struct ip_vs_subsys ip_vs_service_subsys = {
	.name		= "services",
	.exit		= service_exit,
	.net_init	= service_net_init,
	.net_exit	= service_net_exit,
};
