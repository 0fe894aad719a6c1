// SPDX-License-Identifier: GPL-2.0-only
/*
 * The command table and its executors: the only writer of configuration. A row
 * says what a command needs; the engine checks that in the order which clients
 * know, finds the service, and runs the executor under cfg_mutex. Modules are
 * loaded before that, so a slow modprobe delays nobody else.
 */
#include <linux/bits.h>
#include <linux/if.h>
#include <linux/netlink.h>
#include <linux/slab.h>
#include <linux/workqueue.h>

#include "base/extack.h"
#include "base/knobs.h"
#include "conn/conn.h"
#include "ctl/ctl.h"
#include "hook/hook.h"
#include "pe/pe.h"
#include "proto/proto.h"
#include "sched/sched.h"
#include "svc/dest.h"
#include "svc/service.h"
#include "sync/sync.h"

/* What a command needs. */
enum {
	NEED_SERVICE	 = BIT(0),	/* SERVICE names a service */
	MAY_SERVICE	 = BIT(1),	/* NEED_SERVICE and EXISTS if there is a SERVICE at all */
	NEED_SERVICE_CFG = BIT(2),	/* SERVICE says everything; plug-ins get loaded */
	EXISTS		 = BIT(3),	/* that service must exist … */
	EXISTS_NOT	 = BIT(4),	/* … or must not */
	NEED_DEST	 = BIT(5),	/* DEST names a destination */
	NEED_DEST_CFG	 = BIT(6),	/* DEST says everything */
	NEED_DAEMON	 = BIT(7),	/* DAEMON says master or backup */
	NEED_DAEMON_CFG	 = BIT(8),	/* DAEMON says everything */
};

struct ip_vs_ctl_net {
	struct netns_ipvs *ipvs;
	struct work_struct flush;	/* end the connections of removed destinations */
};

struct ip_vs_cmd {
	unsigned int needs;
	int (*run)(struct ip_vs_request *req);
};

static int refuse(struct ip_vs_request *req, int err, const char *why)
{
	return ip_vs_refuse(req->extack, err, why);
}

/* The first row with a role in @roles or an attribute in @attrs that the user left out. */
static const struct ipvs_field *find_missing(const struct ip_vs_table *table,
					     const struct ip_vs_part *part,
					     unsigned int roles, u32 attrs)
{
	unsigned int i;

	for (i = 0; i < table->nr; i++) {
		const struct ipvs_field *row = &table->rows[i];

		if (!(row->role & roles) && !(attrs & BIT(row->attr)))
			continue;
		if (!ip_vs_part_has(part, row->attr))
			return row;
	}
	return NULL;
}

/* Is @part there, well-formed, and complete? @roles, @attrs: as for find_missing(). */
static int check_part(struct ip_vs_request *req, const struct ip_vs_table *table,
		      const struct ip_vs_part *part, unsigned int roles, u32 attrs)
{
	const struct ipvs_field *row;

	if (part->err) {
		if (req->extack)
			NL_SET_BAD_ATTR(req->extack, part->bad);
		return refuse(req, part->err, part->why);
	}
	row = find_missing(table, part, roles, attrs);
	return row ? refuse(req, -EINVAL, row->missing) : 0;
}

/* IPv4 addresses are zero-extended, whatever a client sent behind them. */
static void trim_addr(u16 af, union nf_inet_addr *addr)
{
	if (af == AF_INET)
		memset(&addr->all[1], 0, sizeof(*addr) - sizeof(addr->ip));
}

/* A mark decides alone; what else was said about the identity is forgotten. Mark 0
 * is no mark, and yet the rest is forgotten: this names 0.0.0.0:0/TCP.
 */
static void normalise_service(struct ip_vs_request *req)
{
	struct ipvs_service *service = &req->service;

	if (ip_vs_part_has(&req->service_part, IPVS_SVC_ATTR_FWMARK)) {
		service->protocol = IPPROTO_TCP;
		memset(&service->addr, 0, sizeof(service->addr));
		service->port = 0;
	}
	trim_addr(service->af, &service->addr);
}

/**
 * ip_vs_ctl_check_service() - does SERVICE of a request name a service?
 * @req: the request; its service gets the canonical form of the name
 *
 * Context: Any.
 * Return: 0, -EINVAL if it says too little, -EAFNOSUPPORT.
 */
int ip_vs_ctl_check_service(struct ip_vs_request *req)
{
	const u32 by_addr = BIT(IPVS_SVC_ATTR_PROTOCOL) | BIT(IPVS_SVC_ATTR_ADDR) |
			    BIT(IPVS_SVC_ATTR_PORT);
	struct ip_vs_part *part = &req->service_part;
	u32 attrs = BIT(IPVS_SVC_ATTR_AF);
	int err;

	if (!part->present)
		return refuse(req, -EINVAL, "service: missing");
	if (!ip_vs_part_has(part, IPVS_SVC_ATTR_FWMARK))
		attrs |= by_addr;
	err = check_part(req, &ip_vs_service_table, part, 0, attrs);
	if (err)
		return err;
	if (!ip_vs_af_valid(req->service.af))
		return refuse(req, -EAFNOSUPPORT, "service: address family not supported");
	normalise_service(req);
	return 0;
}

static int check_service(struct ip_vs_request *req, unsigned int needs)
{
	int err;

	if (needs & MAY_SERVICE && req->service_part.present)
		needs |= NEED_SERVICE;
	if (!(needs & NEED_SERVICE))
		return 0;
	err = ip_vs_ctl_check_service(req);
	if (err || !(needs & NEED_SERVICE_CFG))
		return err;
	return check_part(req, &ip_vs_service_table, &req->service_part, IPVS_R_MUST, 0);
}

/* Find the service of the request and compare with what the command expects. */
static int find_service(struct ip_vs_request *req, unsigned int needs)
{
	struct ip_vs_svc_key key;

	lockdep_assert_held(&req->ipvs->cfg_mutex);

	if (needs & MAY_SERVICE && req->service_part.present)
		needs |= NEED_SERVICE | EXISTS;
	if (!(needs & NEED_SERVICE))
		return 0;
	ip_vs_service_key_init(&key, &req->service);
	req->svc = ip_vs_service_find(req->ipvs, &key);
	if (needs & EXISTS && !req->svc)
		return refuse(req, -ESRCH, "service: does not exist");
	if (needs & EXISTS && req->quirks & IP_VS_REQ_SAME_PROTOCOL &&
	    req->svc->proto != req->service.protocol)
		return refuse(req, -ESRCH, "service: exists with another protocol only");
	if (needs & EXISTS_NOT && req->svc)
		return refuse(req, -EEXIST, "service: exists already");
	return 0;
}

static int check_dest(struct ip_vs_request *req, unsigned int needs)
{
	const u32 key = BIT(IPVS_DEST_ATTR_ADDR) | BIT(IPVS_DEST_ATTR_PORT);
	unsigned int roles = needs & NEED_DEST_CFG ? IPVS_R_MUST : 0;
	struct ipvs_dest *dest = &req->dest;
	int err;

	if (!(needs & NEED_DEST))
		return 0;
	if (!req->dest_part.present)
		return refuse(req, -EINVAL, "destination: missing");
	err = check_part(req, &ip_vs_dest_table, &req->dest_part, 0, key);
	if (!err)
		err = check_part(req, &ip_vs_dest_table, &req->dest_part, roles, 0);
	if (err)
		return err;
	if (!dest->af)
		dest->af = req->svc->key.af;
	if (!ip_vs_af_valid(dest->af))
		return refuse(req, -EAFNOSUPPORT, "destination: address family not supported");
	if (needs & NEED_DEST_CFG && dest->af != req->svc->key.af && ip_vs_sync_is_running(req->ipvs))
		return refuse(req, -EINVAL,
			      "destination: a sync daemon runs, so its family must be the service's");
	trim_addr(dest->af, &dest->addr);
	return 0;
}

static int check_daemon(struct ip_vs_request *req, unsigned int needs)
{
	unsigned int roles = needs & NEED_DAEMON_CFG ? IPVS_R_MUST : 0;

	if (!(needs & NEED_DAEMON))
		return 0;
	if (!req->daemon_part.present)
		return refuse(req, -EINVAL, "daemon: missing");
	return check_part(req, &ip_vs_daemon_table, &req->daemon_part, roles,
			  BIT(IPVS_DAEMON_ATTR_STATE));
}

static int get_engine(struct ip_vs_request *req)
{
	if (!req->service.pe[0])
		return 0;
	req->pe = ip_vs_pe_get(req->service.pe);
	return req->pe ? 0 : refuse(req, -ENOENT, "ipvs_service.pe: no such persistence engine");
}

/* Load and hold what the service is to be bound to. Whether the service exists is
 * looked at first, so that nothing is loaded for a command that fails anyway.
 * Context: process, no cfg_mutex.
 */
static int get_plugins(struct ip_vs_request *req, unsigned int needs)
{
	int err;

	if (!(needs & NEED_SERVICE_CFG))
		return 0;
	mutex_lock(&req->ipvs->cfg_mutex);
	err = find_service(req, needs);
	mutex_unlock(&req->ipvs->cfg_mutex);
	if (err)
		return err;
	if (strcmp(req->service.sched, "none")) {
		req->sched = ip_vs_sched_get(req->service.sched);
		if (!req->sched)
			return refuse(req, -ENOENT, "ipvs_service.sched: no such scheduler");
	}
	return get_engine(req);
}

static int new_service(struct ip_vs_request *req)
{
	int err;

	err = ip_vs_hooks_get(req->ipvs, req->service.af);
	if (err)
		return refuse(req, err, "service: netfilter hooks cannot be registered");
	err = ip_vs_service_add(req->ipvs, &req->service, req->sched, req->pe, req->extack);
	if (err) {
		ip_vs_hooks_put(req->ipvs, req->service.af);
		return err;
	}
	req->sched = NULL;
	req->pe = NULL;
	return 0;
}

static int set_service(struct ip_vs_request *req)
{
	int err;

	err = ip_vs_service_edit(req->svc, &req->service, req->sched, req->pe, req->extack);
	if (err)
		return err;
	req->sched = NULL;
	req->pe = NULL;
	return 0;
}

static void flush_work_fn(struct work_struct *work)
{
	struct ip_vs_ctl_net *ctl = container_of(work, struct ip_vs_ctl_net, flush);

	ip_vs_conn_flush(ctl->ipvs, true);
}

/* Destinations were removed. If the user wants their connections to end, that is a walk
 * over all connections: not while he waits, and one for many removals.
 */
static void dests_removed(struct netns_ipvs *ipvs)
{
	if (ip_vs_knob(ipvs, expire_nodest_conn))
		queue_work(system_unbound_wq, &ipvs->ctl->flush);
}

static void remove_service(struct ip_vs_service *svc)
{
	struct netns_ipvs *ipvs = svc->ipvs;
	u16 af = svc->key.af;

	ip_vs_service_del(svc);
	ip_vs_hooks_put(ipvs, af);
	dests_removed(ipvs);
}

static int del_service(struct ip_vs_request *req)
{
	remove_service(req->svc);
	return 0;
}

static int get_service(struct ip_vs_request *req)
{
	ip_vs_service_snapshot(req->svc, &req->service);
	return 0;
}

static int flush(struct ip_vs_request *req)
{
	struct ip_vs_service *svc;
	unsigned long id;

	for (id = 0; (svc = ip_vs_service_next(req->ipvs, &id)); id++)
		remove_service(svc);
	return 0;
}

static int zero(struct ip_vs_request *req)
{
	struct ip_vs_service *svc;
	unsigned long id;

	if (req->svc) {
		ip_vs_service_zero(req->svc);
		return 0;
	}
	for (id = 0; (svc = ip_vs_service_next(req->ipvs, &id)); id++)
		ip_vs_service_zero(svc);
	ip_vs_stats_zero(ip_vs_stats_total(req->ipvs));
	return 0;
}

static int new_dest(struct ip_vs_request *req)
{
	return ip_vs_dest_add(req->svc, &req->dest, req->extack);
}

static int set_dest(struct ip_vs_request *req)
{
	return ip_vs_dest_edit(req->svc, &req->dest, req->extack);
}

static int del_dest(struct ip_vs_request *req)
{
	struct ip_vs_dest *dest;

	dest = ip_vs_dest_find(req->svc, req->dest.af, &req->dest.addr, req->dest.port);
	if (!dest)
		return refuse(req, -ENOENT, "destination: does not exist");
	ip_vs_dest_del(req->svc, dest);
	dests_removed(req->ipvs);
	return 0;
}

/* Synchronisation cannot say of which family a destination is. */
static int new_daemon(struct ip_vs_request *req)
{
	const struct ipvs_daemon *daemon = &req->daemon;
	const struct ip_vs_part *part = &req->daemon_part;

	if (ip_vs_part_has(part, IPVS_DAEMON_ATTR_MCAST_GROUP)) {
		if (!ipv4_is_multicast(daemon->mcast_group))
			return refuse(req, -EINVAL, "ipvs_daemon.mcast_group: not multicast");
	} else if (ip_vs_part_has(part, IPVS_DAEMON_ATTR_MCAST_GROUP6)) {
		if (!ipv6_addr_is_multicast(&daemon->mcast_group6))
			return refuse(req, -EINVAL, "ipvs_daemon.mcast_group6: not multicast");
	}
	if (!(req->quirks & IP_VS_REQ_DAEMON_WITH_MIXED) && ip_vs_dest_has_mixed(req->ipvs))
		return refuse(req, -EINVAL,
			      "daemon: a destination has another family than its service");
	return ip_vs_sync_start(req->ipvs, daemon, req->extack);
}

static int del_daemon(struct ip_vs_request *req)
{
	return ip_vs_sync_stop(req->ipvs, req->daemon.state, req->extack);
}

static int set_config(struct ip_vs_request *req)
{
	int err;

	err = ip_vs_proto_timeouts_set(req->ipvs, &req->timeouts);
	return err ? refuse(req, err, "ipvs_timeouts: larger than the kernel's clock allows") : 0;
}

static int get_config(struct ip_vs_request *req)
{
	ip_vs_proto_timeouts_get(req->ipvs, &req->timeouts);
	return 0;
}

static int get_info(struct ip_vs_request *req)
{
	req->info.version = IP_VS_VERSION_CODE;
	req->info.conn_tab_size = ip_vs_conn_table_size(req->ipvs);
	req->info.num_services = ip_vs_service_count_ipv4(req->ipvs);
	return 0;
}

#define SERVICE_NEW	(NEED_SERVICE | NEED_SERVICE_CFG | EXISTS_NOT)
#define SERVICE_SET	(NEED_SERVICE | NEED_SERVICE_CFG | EXISTS)
#define SERVICE_OLD	(NEED_SERVICE | EXISTS)
#define DEST_CFG	(SERVICE_OLD | NEED_DEST | NEED_DEST_CFG)

static const struct ip_vs_cmd ip_vs_cmds[IPVS_CMD_MAX + 1] = {
	[IPVS_CMD_NEW_SERVICE]	= { SERVICE_NEW,		 new_service },
	[IPVS_CMD_SET_SERVICE]	= { SERVICE_SET,		 set_service },
	[IPVS_CMD_DEL_SERVICE]	= { SERVICE_OLD,		 del_service },
	[IPVS_CMD_GET_SERVICE]	= { SERVICE_OLD,		 get_service },
	[IPVS_CMD_NEW_DEST]	= { DEST_CFG,			 new_dest },
	[IPVS_CMD_SET_DEST]	= { DEST_CFG,			 set_dest },
	[IPVS_CMD_DEL_DEST]	= { SERVICE_OLD | NEED_DEST,	 del_dest },
	[IPVS_CMD_NEW_DAEMON]	= { NEED_DAEMON | NEED_DAEMON_CFG, new_daemon },
	[IPVS_CMD_DEL_DAEMON]	= { NEED_DAEMON,		 del_daemon },
	[IPVS_CMD_SET_CONFIG]	= { 0,				 set_config },
	[IPVS_CMD_GET_CONFIG]	= { 0,				 get_config },
	[IPVS_CMD_GET_INFO]	= { 0,				 get_info },
	[IPVS_CMD_ZERO]		= { MAY_SERVICE,		 zero },
	[IPVS_CMD_FLUSH]	= { 0,				 flush },
};

static int run_locked(struct ip_vs_request *req, const struct ip_vs_cmd *cmd)
{
	int err;

	lockdep_assert_held(&req->ipvs->cfg_mutex);

	err = find_service(req, cmd->needs);
	if (!err)
		err = check_dest(req, cmd->needs);
	if (!err)
		err = check_daemon(req, cmd->needs);
	return err ?: cmd->run(req);
}

/* A refusal from deeper down, where nobody knew more than the errno. */
static void explain(struct ip_vs_request *req, int err)
{
	const char *why = "refused";

	if (!err || !req->extack || req->extack->_msg)
		return;
	if (err == -ENOMEM)
		why = "out of memory";
	else if (err == -ENOPROTOOPT)
		why = "the module is about to be removed";
	else if (req->sched)
		why = "ipvs_service.sched: the scheduler cannot serve this service";
	refuse(req, err, why);
}

/**
 * ip_vs_ctl_run() - check and execute one command
 * @req: the decoded request; results of a "get" are left in it
 *
 * Context: Process, may sleep, no locks of IPVS held.
 * Return: 0 or -errno with a text in the extended acknowledgement. The errno of each
 * refusal, and which of several comes first, are part of the interface.
 */
int ip_vs_ctl_run(struct ip_vs_request *req)
{
	const struct ip_vs_cmd *cmd;
	int err;

	if (req->cmd > IPVS_CMD_MAX || !ip_vs_cmds[req->cmd].run)
		return -EOPNOTSUPP;
	cmd = &ip_vs_cmds[req->cmd];
	err = check_service(req, cmd->needs);
	if (!err)
		err = get_plugins(req, cmd->needs);
	if (!err) {
		mutex_lock(&req->ipvs->cfg_mutex);
		err = run_locked(req, cmd);
		mutex_unlock(&req->ipvs->cfg_mutex);
	}
	explain(req, err);
	ip_vs_sched_put(req->sched);
	req->sched = NULL;
	ip_vs_pe_put(req->pe);
	req->pe = NULL;
	return err;
}

static int ip_vs_ctl_net_init(struct netns_ipvs *ipvs)
{
	struct ip_vs_ctl_net *ctl;

	ctl = kzalloc(sizeof(*ctl), GFP_KERNEL_ACCOUNT);
	if (!ctl)
		return -ENOMEM;
	ctl->ipvs = ipvs;
	INIT_WORK(&ctl->flush, flush_work_fn);
	ipvs->ctl = ctl;
	return 0;
}

/* No command can come any more: sockets and files of the namespace are gone. */
static void ip_vs_ctl_net_exit(struct netns_ipvs *ipvs)
{
	if (!ipvs->ctl)
		return;
	cancel_work_sync(&ipvs->ctl->flush);
	kfree(ipvs->ctl);
	ipvs->ctl = NULL;
}

const struct ip_vs_subsys ip_vs_ctl_subsys = {
	.name		= "commands",
	.net_init	= ip_vs_ctl_net_init,
	.net_exit	= ip_vs_ctl_net_exit,
};
