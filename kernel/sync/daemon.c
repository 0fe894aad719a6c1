// SPDX-License-Identifier: GPL-2.0-only
/*
 * The sync daemons of a namespace: starting and stopping them. A daemon owns its
 * threads and their sockets, and one reference on the module; cfg_mutex guards
 * all of it. The threads never take that lock, so that it may be held while
 * waiting for their end.
 */
#include <linux/kthread.h>
#include <linux/module.h>
#include <linux/netdevice.h>
#include <linux/slab.h>

#include "base/addr.h"
#include "base/extack.h"
#include "base/knobs.h"
#include "sync/daemon.h"

#define MAX_THREADS		64
#define DEFAULT_GROUP		0xe0000051	/* 224.0.0.81 */
#define DEFAULT_PORT		8848
#define DEFAULT_TTL		1
#define ETHERNET_MTU		1500
#define BACKUP_MIN_LEN		1024
#define UDP_MAX			65535

static atomic_t namespaces;	/* since the module was loaded */

/* Where the daemon of a role stands; NULL if there is no such role. */
static struct ip_vs_sync_daemon __rcu **find_slot(struct netns_ipvs *ipvs, u32 state)
{
	switch (state) {
	case IP_VS_STATE_MASTER:
		return &ipvs->sync->master;
	case IP_VS_STATE_BACKUP:
		return &ipvs->sync->backup;
	default:
		return NULL;
	}
}

/* Network and UDP header. */
static unsigned int overhead(const struct ipvs_daemon *cfg)
{
	return ip_vs_sync_is_ipv6(cfg) ? 48 : 28;
}

/* The longest datagram: a master fills an Ethernet frame, a backup takes what its device can
 * carry, unless the operator knows better.
 */
static u16 datagram_len(const struct ipvs_daemon *cfg, unsigned int mtu)
{
	bool is_master = cfg->state == IP_VS_STATE_MASTER;
	unsigned int len = cfg->sync_maxlen;

	if (len)
		return clamp(len, is_master ? 1U : BACKUP_MIN_LEN, UDP_MAX - overhead(cfg));
	if (is_master)
		return ETHERNET_MTU - overhead(cfg);
	return clamp_t(unsigned int, mtu, ETHERNET_MTU, UDP_MAX) - overhead(cfg);
}

static void fill_defaults(struct ipvs_daemon *cfg, unsigned int mtu)
{
	if (cfg->mcast_group)
		memset(&cfg->mcast_group6, 0, sizeof(cfg->mcast_group6));
	else if (ipv6_addr_any(&cfg->mcast_group6))
		cfg->mcast_group = htonl(DEFAULT_GROUP);
	cfg->mcast_port = cfg->mcast_port ?: DEFAULT_PORT;
	cfg->mcast_ttl = cfg->mcast_ttl ?: DEFAULT_TTL;
	cfg->sync_maxlen = datagram_len(cfg, mtu);
}

/* End what was begun of a daemon, however far it came. Nobody else uses it any more.
 * That a thread was stopped before it ran is no error: kthread_stop() has an -EINTR for it
 * that is of no interest to who asked for the end.
 */
static void destroy(struct ip_vs_sync_daemon *daemon)
{
	unsigned int i;

	for (i = 0; i < daemon->nr_threads; i++) {
		struct ip_vs_sync_thread *thread = &daemon->threads[i];

		if (thread->task)
			kthread_stop(thread->task);
		ip_vs_sync_close(thread->sock);
		daemon->role->release(thread);
	}
	kfree(daemon);
}

static int create_thread(struct ip_vs_sync_daemon *daemon, unsigned int id)
{
	struct ip_vs_sync_thread *thread = &daemon->threads[id];
	const struct ip_vs_sync_role *role = daemon->role;
	struct task_struct *task;
	struct socket *sock;
	int err;

	sock = role->open(daemon, id);
	if (IS_ERR(sock))
		return PTR_ERR(sock);
	thread->sock = sock;
	err = role->prepare(thread);
	if (err)
		return err;
	task = kthread_create(role->run, thread, "ipvs-%c:%u:%u", role->letter,
			      daemon->ipvs->sync->number, id);
	if (IS_ERR(task))
		return PTR_ERR(task);
	thread->task = task;
	return 0;
}

static struct ip_vs_sync_daemon *alloc_daemon(struct netns_ipvs *ipvs, unsigned int nr_threads)
{
	struct ip_vs_sync_daemon *daemon;
	unsigned int i;

	daemon = kzalloc(struct_size(daemon, threads, nr_threads), GFP_KERNEL_ACCOUNT);
	if (!daemon)
		return NULL;
	daemon->ipvs = ipvs;
	daemon->nr_threads = nr_threads;
	for (i = 0; i < nr_threads; i++) {
		daemon->threads[i].daemon = daemon;
		daemon->threads[i].id = i;
		spin_lock_init(&daemon->threads[i].lock);
		INIT_LIST_HEAD(&daemon->threads[i].full);
	}
	return daemon;
}

/* A daemon whose threads exist and wait to be woken, or an ERR_PTR. */
static struct ip_vs_sync_daemon *create(struct netns_ipvs *ipvs, const struct ipvs_daemon *cfg,
					int ifindex, unsigned int nr_threads)
{
	struct ip_vs_sync_daemon *daemon;
	unsigned int i;
	int err = 0;

	daemon = alloc_daemon(ipvs, nr_threads);
	if (!daemon)
		return ERR_PTR(-ENOMEM);
	daemon->role = cfg->state == IP_VS_STATE_MASTER ? &ip_vs_sync_master_role :
							  &ip_vs_sync_backup_role;
	daemon->cfg = *cfg;
	daemon->ifindex = ifindex;
	for (i = 0; !err && i < nr_threads; i++)
		err = create_thread(daemon, i);
	if (!err)
		return daemon;
	destroy(daemon);
	return ERR_PTR(err);
}

/* The kernel log has a line for each thread, which readers of logs know. */
static void tell_started(const struct ip_vs_sync_daemon *daemon)
{
	unsigned int i;

	for (i = 0; i < daemon->nr_threads; i++)
		pr_info("sync thread started: state = %s, mcast_ifn = %s, syncid = %u, id = %u\n",
			daemon->cfg.state == IP_VS_STATE_MASTER ? "MASTER" : "BACKUP",
			daemon->cfg.mcast_ifn, daemon->cfg.sync_id, i);
}

static void tell_stopping(const struct ip_vs_sync_daemon *daemon)
{
	unsigned int i;

	for (i = 0; i < daemon->nr_threads; i++)
		pr_info("stopping %s sync thread %d ...\n", daemon->role->name,
			task_pid_nr(daemon->threads[i].task));
}

/* Daemons in two roles have the same number of threads. */
static unsigned int choose_nr_threads(struct netns_ipvs *ipvs)
{
	if (ip_vs_sync_is_running(ipvs))
		return ipvs->sync->nr_threads;
	return clamp(ip_vs_knob(ipvs, sync_ports), 1, MAX_THREADS);
}

/* Index and MTU of a device by its name. */
static int find_device(struct netns_ipvs *ipvs, const char *name, unsigned int *mtu)
{
	struct net_device *dev;
	int ifindex = 0;

	rcu_read_lock();
	dev = dev_get_by_name_rcu(ipvs->net, name);
	if (dev) {
		ifindex = dev->ifindex;
		*mtu = READ_ONCE(dev->mtu);
	}
	rcu_read_unlock();
	return ifindex;
}

/* What packets look at. */
static void note_master(struct netns_ipvs *ipvs)
{
	WRITE_ONCE(ipvs->master_runs, rcu_access_pointer(ipvs->sync->master));
}

static int start(struct netns_ipvs *ipvs, const struct ipvs_daemon *given,
		 struct netlink_ext_ack *extack)
{
	struct ip_vs_sync_daemon __rcu **slot = find_slot(ipvs, given->state);
	struct ipvs_daemon cfg = *given;
	struct ip_vs_sync_daemon *daemon;
	unsigned int i, mtu = 0;
	int ifindex;

	ifindex = find_device(ipvs, cfg.mcast_ifn, &mtu);
	if (!ifindex)
		return ip_vs_refuse(extack, -ENODEV, "ipvs_daemon.mcast_ifn: no such device");
	if (!slot)
		return ip_vs_refuse(extack, -EINVAL,
				    "ipvs_daemon.state: neither master nor backup");
	if (rcu_access_pointer(*slot))
		return ip_vs_refuse(extack, -EEXIST, "daemon: runs already");
	fill_defaults(&cfg, mtu);
	daemon = create(ipvs, &cfg, ifindex, choose_nr_threads(ipvs));
	if (IS_ERR(daemon))
		return ip_vs_refuse(extack, PTR_ERR(daemon),
				    "daemon: its sockets or threads cannot be made");
	ipvs->sync->nr_threads = daemon->nr_threads;
	tell_started(daemon);
	rcu_assign_pointer(*slot, daemon);
	note_master(ipvs);
	for (i = 0; i < daemon->nr_threads; i++)
		wake_up_process(daemon->threads[i].task);
	return 0;
}

/**
 * ip_vs_sync_start() - start a daemon
 * @ipvs: the namespace
 * @cfg: its role, device, id, and what else the user chose; 0 takes a default
 * @extack: for the reason of a refusal; may be NULL
 *
 * Context: Process, may sleep, cfg_mutex.
 * Return: 0, -ENOPROTOOPT if the module is about to go, -ENODEV, -EINVAL for an unknown role,
 * -EEXIST, -ENOMEM, or what the socket layer says, such as -ENETUNREACH.
 */
int ip_vs_sync_start(struct netns_ipvs *ipvs, const struct ipvs_daemon *cfg,
		     struct netlink_ext_ack *extack)
{
	int err;

	lockdep_assert_held(&ipvs->cfg_mutex);
	if (!try_module_get(THIS_MODULE))
		return ip_vs_refuse(extack, -ENOPROTOOPT, "daemon: the module is being removed");
	err = start(ipvs, cfg, extack);
	if (err)
		module_put(THIS_MODULE);
	return err;
}

static void stop(struct netns_ipvs *ipvs, struct ip_vs_sync_daemon __rcu **slot)
{
	struct ip_vs_sync_daemon *daemon = ip_vs_cfg_deref(ipvs, *slot);

	RCU_INIT_POINTER(*slot, NULL);
	note_master(ipvs);
	synchronize_rcu();		/* packets may be writing into a master's batches */
	tell_stopping(daemon);
	destroy(daemon);
	module_put(THIS_MODULE);
}

/**
 * ip_vs_sync_stop() - stop a daemon; what it had not yet sent is lost
 * @ipvs: the namespace
 * @state: its role
 * @extack: for the reason of a refusal; may be NULL
 *
 * Context: Process, may sleep, cfg_mutex.
 * Return: 0 once the daemon has ended, -EINVAL for an unknown role, -ESRCH if none runs.
 */
int ip_vs_sync_stop(struct netns_ipvs *ipvs, u32 state, struct netlink_ext_ack *extack)
{
	struct ip_vs_sync_daemon __rcu **slot = find_slot(ipvs, state);

	lockdep_assert_held(&ipvs->cfg_mutex);
	if (!slot)
		return ip_vs_refuse(extack, -EINVAL,
				    "ipvs_daemon.state: neither master nor backup");
	if (!rcu_access_pointer(*slot))
		return ip_vs_refuse(extack, -ESRCH, "daemon: not running");
	stop(ipvs, slot);
	return 0;
}

bool ip_vs_sync_snapshot(struct netns_ipvs *ipvs, u32 state, struct ipvs_daemon *out)
{
	struct ip_vs_sync_daemon __rcu **slot = find_slot(ipvs, state);
	struct ip_vs_sync_daemon *daemon;

	lockdep_assert_held(&ipvs->cfg_mutex);
	daemon = slot ? ip_vs_cfg_deref(ipvs, *slot) : NULL;
	if (!daemon)
		return false;
	*out = daemon->cfg;
	return true;
}

bool ip_vs_sync_is_running(struct netns_ipvs *ipvs)
{
	return rcu_access_pointer(ipvs->sync->master) || rcu_access_pointer(ipvs->sync->backup);
}

static int sync_net_init(struct netns_ipvs *ipvs)
{
	struct ip_vs_sync_net *sn = kzalloc(sizeof(*sn), GFP_KERNEL_ACCOUNT);

	if (!sn)
		return -ENOMEM;
	sn->number = atomic_fetch_inc(&namespaces);
	ipvs->sync = sn;
	return 0;
}

/* While the namespace still has its devices: sockets are on them. */
static void sync_net_pre_exit(struct netns_ipvs *ipvs)
{
	mutex_lock(&ipvs->cfg_mutex);
	if (rcu_access_pointer(ipvs->sync->master))
		stop(ipvs, &ipvs->sync->master);
	if (rcu_access_pointer(ipvs->sync->backup))
		stop(ipvs, &ipvs->sync->backup);
	mutex_unlock(&ipvs->cfg_mutex);
}

static void sync_net_exit(struct netns_ipvs *ipvs)
{
	kfree(ipvs->sync);
	ipvs->sync = NULL;
}

const struct ip_vs_subsys ip_vs_sync_subsys = {
	.name		= "synchronisation",
	.net_init	= sync_net_init,
	.net_pre_exit	= sync_net_pre_exit,
	.net_exit	= sync_net_exit,
};
