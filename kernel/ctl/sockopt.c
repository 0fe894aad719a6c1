// SPDX-License-Identifier: GPL-2.0-only
/*
 * The socket options, the older interface: flat structs to requests and back. It
 * knows IPv4 only, no engines, no tunnels. Root of a user namespace may use it for
 * the network namespaces that belong to it. No locks of its own.
 */
#include <linux/capability.h>
#include <linux/ip_vs.h>
#include <linux/module.h>
#include <linux/netfilter.h>
#include <linux/slab.h>
#include <linux/uaccess.h>
#include <net/sock.h>

#include "ctl/ctl.h"
#include "ctl/flat.h"
#include "ctl/listing.h"
#include "sync/sync.h"

/* What a set option carries, and which oddities of it clients rely on. */
enum {
	HAS_SERVICE	= BIT(0),	/* struct ip_vs_service_user */
	HAS_DEST	= BIT(1),	/* behind it struct ip_vs_dest_user */
	HAS_TIMEOUTS	= BIT(2),	/* struct ip_vs_timeout_user */
	HAS_DAEMON	= BIT(3),	/* struct ip_vs_daemon_user */
	NEEDS_NAME	= BIT(4),	/* its string must have an end … */
	NOT_EMPTY	= BIT(5),	/* … and something before it */
	ZERO_IS_ALL	= BIT(6),	/* a service without mark, address and port: all of them */
};

struct set_option {
	u8 len;		/* exactly */
	u8 cmd;		/* IPVS_CMD_…; 0: refused */
	u8 has;
};

struct service_and_dest {
	struct ip_vs_service_user service;
	struct ip_vs_dest_user dest;
};

#define SET(name)	[IP_VS_SO_SET_##name - IP_VS_BASE_CTL]
#define SERVICE_LEN	sizeof(struct ip_vs_service_user)
#define PAIR_LEN	sizeof(struct service_and_dest)
#define DAEMON_LEN	sizeof(struct ip_vs_daemon_user)

static const struct set_option setters[IP_VS_SO_SET_MAX - IP_VS_BASE_CTL + 1] = {
	SET(ADD)	 = { SERVICE_LEN, IPVS_CMD_NEW_SERVICE, HAS_SERVICE | NEEDS_NAME },
	SET(EDIT)	 = { SERVICE_LEN, IPVS_CMD_SET_SERVICE, HAS_SERVICE | NEEDS_NAME },
	SET(DEL)	 = { SERVICE_LEN, IPVS_CMD_DEL_SERVICE, HAS_SERVICE },
	SET(FLUSH)	 = { 0,		  IPVS_CMD_FLUSH,	0 },
	SET(ADDDEST)	 = { PAIR_LEN,	  IPVS_CMD_NEW_DEST,	HAS_SERVICE | HAS_DEST },
	SET(EDITDEST)	 = { PAIR_LEN,	  IPVS_CMD_SET_DEST,	HAS_SERVICE | HAS_DEST },
	SET(DELDEST)	 = { PAIR_LEN,	  IPVS_CMD_DEL_DEST,	HAS_SERVICE | HAS_DEST },
	SET(TIMEOUT)	 = { sizeof(struct ip_vs_timeout_user), IPVS_CMD_SET_CONFIG, HAS_TIMEOUTS },
	SET(STARTDAEMON) = { DAEMON_LEN,  IPVS_CMD_NEW_DAEMON,	HAS_DAEMON | NEEDS_NAME | NOT_EMPTY },
	SET(STOPDAEMON)	 = { DAEMON_LEN,  IPVS_CMD_DEL_DAEMON,	HAS_DAEMON },
	SET(ZERO)	 = { SERVICE_LEN, IPVS_CMD_ZERO,	HAS_SERVICE | ZERO_IS_ALL },
};

/* Bits of a destination that these options may set; netlink has the method alone. */
#define DEST_FLAGS	(IP_VS_CONN_F_FWD_MASK | IP_VS_CONN_F_ONE_PACKET | IP_VS_CONN_F_NFCT)

static bool may_use(const struct sock *sk)
{
	return ns_capable(sock_net(sk)->user_ns, CAP_NET_ADMIN);
}

/* A mark does not change the protocol here, which is why it is not said to be given. */
static void decode_service(const void *flat, struct ip_vs_request *req)
{
	struct ip_vs_part *part = &req->service_part;

	ip_vs_flat_decode(&ip_vs_service_table, flat, &req->service, part);
	req->service.af = AF_INET;
	part->given |= BIT(IPVS_SVC_ATTR_AF);
	part->given &= ~BIT(IPVS_SVC_ATTR_FWMARK);
}

/* A string without end, or empty, matters to some only. */
static int check_name(struct ip_vs_part *part, unsigned int has, const char *name)
{
	int err = part->err;

	part->err = 0;
	if (!(has & NEEDS_NAME))
		return 0;
	return has & NOT_EMPTY && !*name ? -EINVAL : err;
}

/* Other protocols have no services here. -EFAULT is what clients know as the answer. */
static int check_protocol(u16 protocol)
{
	if (protocol == IPPROTO_TCP || protocol == IPPROTO_UDP || protocol == IPPROTO_SCTP)
		return 0;
	return -EFAULT;
}

static int decode_service_option(const struct service_and_dest *flat, unsigned int has,
				 struct ip_vs_request *req)
{
	const struct ip_vs_service_user *service = &flat->service;
	int err;

	/* the protocol is not looked at then */
	if (has & ZERO_IS_ALL && !service->fwmark && !service->addr && !service->port)
		return 0;
	decode_service(service, req);
	err = check_name(&req->service_part, has, req->service.sched);
	if (err)
		return err;
	if (has & HAS_DEST) {
		ip_vs_flat_decode(&ip_vs_dest_table, &flat->dest, &req->dest, &req->dest_part);
		req->dest.conn_flags &= DEST_FLAGS;
	}
	return check_protocol(req->service.protocol);
}

static int decode_set(const void *flat, unsigned int has, struct ip_vs_request *req)
{
	struct ip_vs_part ignored = {};

	if (has & HAS_DAEMON) {
		ip_vs_flat_decode(&ip_vs_daemon_table, flat, &req->daemon, &req->daemon_part);
		return check_name(&req->daemon_part, has, req->daemon.mcast_ifn);
	}
	if (has & HAS_TIMEOUTS)
		ip_vs_flat_decode(&ip_vs_timeouts_table, flat, &req->timeouts, &ignored);
	return has & HAS_SERVICE ? decode_service_option(flat, has, req) : 0;
}

static int ip_vs_sockopt_set(struct sock *sk, int number, sockptr_t user, unsigned int len)
{
	const struct set_option *option = &setters[number - IP_VS_BASE_CTL];
	struct ip_vs_request req = {
		.ipvs	= net_ipvs(sock_net(sk)),
		.cmd	= option->cmd,
		.quirks	= IP_VS_REQ_SAME_PROTOCOL | IP_VS_REQ_DAEMON_WITH_MIXED,
	};
	union {
		struct service_and_dest pair;
		struct ip_vs_timeout_user timeouts;
		struct ip_vs_daemon_user daemon;
	} flat;
	int err;

	if (!may_use(sk))
		return -EPERM;
	if (len != option->len)
		return -EINVAL;
	if (copy_from_sockptr(&flat, user, len))
		return -EFAULT;
	if (!option->cmd)
		return -EINVAL;
	if (!req.ipvs)
		return -ENODEV;
	err = decode_set(&flat, option->has, &req);
	return err ?: ip_vs_ctl_run(&req);
}

/* ---- get ---- */

/* @arg: the beginning of the user's buffer, as far as it was read; results go to @user. */
struct get_request {
	struct ip_vs_request req;
	void __user *user;
	int *len;
	union ip_vs_get_arg {
		char version[64];
		struct ip_vs_getinfo info;
		struct ip_vs_get_services services;
		struct ip_vs_service_entry service;
		struct ip_vs_get_dests dests;
		struct ip_vs_timeout_user timeouts;
		struct ip_vs_daemon_user daemons[2];
	} arg;
};

/* The identity of a service is laid out alike wherever users say it. */
#define SAME_PLACE(object, member)						\
	static_assert(offsetof(struct object, member) ==			\
		      offsetof(struct ip_vs_service_user, member))
#define SAME_IDENTITY(object)							\
	SAME_PLACE(object, protocol);						\
	SAME_PLACE(object, addr);						\
	SAME_PLACE(object, port);						\
	SAME_PLACE(object, fwmark)
SAME_IDENTITY(ip_vs_service_entry);
SAME_IDENTITY(ip_vs_get_dests);

static int reply(struct get_request *get, const void *flat, size_t size)
{
	return copy_to_user(get->user, flat, size) ? -EFAULT : 0;
}

static int run(struct get_request *get, u8 cmd)
{
	get->req.cmd = cmd;
	return ip_vs_ctl_run(&get->req);
}

static int get_version(struct get_request *get)
{
	char text[64];
	int err, size;

	err = run(get, IPVS_CMD_GET_INFO);
	if (err)
		return err;
	size = 1 + scnprintf(text, sizeof(text),
			     "IP Virtual Server version " IP_VS_VERSION_TEXT " (size=%u)",
			     get->req.info.conn_tab_size);
	*get->len = size;
	return reply(get, text, size);
}

static int get_info(struct get_request *get)
{
	struct ip_vs_getinfo info = {};
	int err;

	err = run(get, IPVS_CMD_GET_INFO);
	if (err)
		return err;
	ip_vs_flat_encode(&ip_vs_info_table, &get->req.info, &info);
	return reply(get, &info, sizeof(info));
}

static int get_timeouts(struct get_request *get)
{
	struct ip_vs_timeout_user timeouts = {};
	int err;

	err = run(get, IPVS_CMD_GET_CONFIG);
	if (err)
		return err;
	ip_vs_flat_encode(&ip_vs_timeouts_table, &get->req.timeouts, &timeouts);
	return reply(get, &timeouts, sizeof(timeouts));
}

/* Master first; zeros for one that does not run. */
static int get_daemons(struct get_request *get)
{
	static const u32 roles[] = { IP_VS_STATE_MASTER, IP_VS_STATE_BACKUP };
	struct ip_vs_daemon_user flat[ARRAY_SIZE(roles)] = {};
	struct netns_ipvs *ipvs = get->req.ipvs;
	struct ipvs_daemon daemon;
	int i;

	mutex_lock(&ipvs->cfg_mutex);
	for (i = 0; i < ARRAY_SIZE(roles); i++)
		if (ip_vs_sync_snapshot(ipvs, roles[i], &daemon))
			ip_vs_flat_encode(&ip_vs_daemon_table, &daemon, &flat[i]);
	mutex_unlock(&ipvs->cfg_mutex);
	return reply(get, flat, sizeof(flat));
}

static int put_service(void __user *user, const struct ipvs_service *service)
{
	struct ip_vs_service_entry entry = {};

	ip_vs_flat_encode(&ip_vs_service_table, service, &entry);
	return copy_to_user(user, &entry, sizeof(entry)) ? -EFAULT : 0;
}

static int get_service(struct get_request *get)
{
	int err;

	decode_service(&get->arg, &get->req);
	get->req.service_part.err = 0;
	err = run(get, IPVS_CMD_GET_SERVICE);
	return err ?: put_service(get->user, &get->req.service);
}

/* As many as the user has room for; neither the rest of his buffer nor his number is touched. */
static int get_services(struct get_request *get)
{
	struct ip_vs_get_services __user *to = get->user;
	unsigned int room = get->arg.services.num_services;
	struct ip_vs_service_batch *batch;
	unsigned int i, n = 0;
	unsigned long id = 0;
	int err = 0;

	if (*get->len != sizeof(*to) + (u64)room * sizeof(to->entrytable[0]))
		return -EINVAL;
	batch = kmalloc(sizeof(*batch), GFP_KERNEL);
	if (!batch)
		return -ENOMEM;
	do {
		ip_vs_list_services(get->req.ipvs, id, batch);
		for (i = 0; i < batch->nr && n < room && !err; i++) {
			id = batch->id[i] + 1;
			if (batch->obj[i].af == AF_INET)
				err = put_service(&to->entrytable[n++], &batch->obj[i]);
		}
	} while (batch->nr == IP_VS_BATCH && n < room && !err);
	kfree(batch);
	return err;
}

/* Of connections by a method where replies do not pass here it is told that they have no
 * output, and of all that they start inactive.
 */
static int put_dest(void __user *user, const struct ipvs_dest *dest)
{
	struct ip_vs_dest_entry entry = {};

	ip_vs_flat_encode(&ip_vs_dest_table, dest, &entry);
	entry.conn_flags |= IP_VS_CONN_F_INACTIVE;
	if ((entry.conn_flags & IP_VS_CONN_F_FWD_MASK) != IP_VS_CONN_F_MASQ)
		entry.conn_flags |= IP_VS_CONN_F_NOOUTPUT;
	return copy_to_user(user, &entry, sizeof(entry)) ? -EFAULT : 0;
}

static int get_dests(struct get_request *get)
{
	struct ip_vs_get_dests __user *to = get->user;
	unsigned int room = get->arg.dests.num_dests;
	struct ip_vs_dest_place place = {};
	struct ip_vs_dest_batch *batch;
	struct ip_vs_svc_key key;
	unsigned int i, n = 0;
	int err;

	if (*get->len != sizeof(*to) + (u64)room * sizeof(to->entrytable[0]))
		return -EINVAL;
	batch = kmalloc(sizeof(*batch), GFP_KERNEL);
	if (!batch)
		return -ENOMEM;
	decode_service(&get->arg, &get->req);
	ip_vs_service_key_init(&key, &get->req.service);
	do {
		err = ip_vs_list_dests(get->req.ipvs, &key, &place, batch);
		for (i = 0; i < batch->nr && n < room && !err; i++) {
			place = batch->place[i];
			if (batch->obj[i].af == AF_INET)
				err = put_dest(&to->entrytable[n++], &batch->obj[i]);
		}
	} while (batch->nr == IP_VS_BATCH && n < room && !err);
	kfree(batch);
	/* one that was deleted in the middle of its listing has no more destinations */
	return err == -ESRCH && n ? 0 : err;
}

#define GET(name)	[IP_VS_SO_GET_##name - IP_VS_BASE_CTL]
#define ARG(member)	sizeof(((struct get_request *)0)->arg.member)

/* @min: what the user's buffer must have, and what is read of it first. */
static const struct {
	u8 min;
	int (*run)(struct get_request *get);
} getters[IP_VS_SO_GET_MAX - IP_VS_BASE_CTL + 1] = {
	GET(VERSION)	= { ARG(version),	get_version },
	GET(INFO)	= { ARG(info),		get_info },
	GET(SERVICES)	= { ARG(services),	get_services },
	GET(SERVICE)	= { ARG(service),	get_service },
	GET(DESTS)	= { ARG(dests),		get_dests },
	GET(TIMEOUT)	= { ARG(timeouts),	get_timeouts },
	GET(DAEMON)	= { ARG(daemons),	get_daemons },
};

static int ip_vs_sockopt_get(struct sock *sk, int number, void __user *user, int *len)
{
	unsigned int row = number - IP_VS_BASE_CTL;
	struct get_request get = {
		.req	= { .ipvs = net_ipvs(sock_net(sk)) },
		.user	= user,
		.len	= len,
	};

	if (!may_use(sk))
		return -EPERM;
	if (!getters[row].run || *len < getters[row].min)
		return -EINVAL;
	if (copy_from_user(&get.arg, user, getters[row].min))
		return -EFAULT;
	if (!get.req.ipvs)
		return -ENODEV;
	return getters[row].run(&get);
}

static struct nf_sockopt_ops sockopt_ops = {
	.pf		= PF_INET,
	.set_optmin	= IP_VS_BASE_CTL,
	.set_optmax	= IP_VS_SO_SET_MAX + 1,
	.set		= ip_vs_sockopt_set,
	.get_optmin	= IP_VS_BASE_CTL,
	.get_optmax	= IP_VS_SO_GET_MAX + 1,
	.get		= ip_vs_sockopt_get,
	.owner		= THIS_MODULE,
};

static int sockopt_start(void)
{
	return nf_register_sockopt(&sockopt_ops);
}

static void sockopt_stop(void)
{
	nf_unregister_sockopt(&sockopt_ops);
}

const struct ip_vs_subsys ip_vs_sockopt_subsys = {
	.name	= "sockopt",
	.start	= sockopt_start,
	.stop	= sockopt_stop,
};
