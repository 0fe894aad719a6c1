// SPDX-License-Identifier: GPL-2.0-only
/*
 * The historic interface over one handle of the process. Owns that handle and what
 * ipvs_strerror() needs to know about the last call; everything else is translation.
 */
#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "handle.h"
#include "libipvs.h"

struct ip_vs_getinfo ipvs_info;

static struct ipvs *handle;
static int last_cmd;	/* of the call made last; 0: about no object */

/* Notes the command for ipvs_strerror(). Return: the handle, or NULL with errno set. */
static struct ipvs *begin(int cmd)
{
	last_cmd = cmd;
	if (!handle)
		errno = ENOPROTOOPT;
	return handle;
}

static int result(int err)
{
	if (!err)
		return 0;
	errno = -err;
	return -1;
}

/* --- objects ------------------------------------------------------------------- */

static struct ipvs_service service_of(const ipvs_service_t *svc)
{
	struct ipvs_service service = {
		.af = svc->af, .protocol = svc->protocol, .fwmark = svc->fwmark,
		.addr = svc->addr, .port = svc->port,
		.flags = { .flags = svc->flags, .mask = ~0u },
		.timeout = svc->timeout, .netmask = svc->netmask,
	};

	memcpy(service.sched, svc->sched_name, sizeof(service.sched) - 1);
	memcpy(service.pe, svc->pe_name, sizeof(service.pe) - 1);
	return service;
}

static void entry_of_service(const struct ipvs_service *service, ipvs_service_entry_t *entry)
{
	*entry = (ipvs_service_entry_t){
		.af = service->af, .protocol = service->protocol, .fwmark = service->fwmark,
		.addr = service->addr, .port = service->port,
		.flags = service->flags.flags, .timeout = service->timeout,
		.netmask = service->netmask, .num_dests = service->num_dests,
		.stats = service->stats,
	};
	memcpy(entry->sched_name, service->sched, sizeof(entry->sched_name));
	memcpy(entry->pe_name, service->pe, sizeof(entry->pe_name));
}

static struct ipvs_dest dest_of(const ipvs_dest_t *dest)
{
	return (struct ipvs_dest){
		.af = dest->af, .addr = dest->addr, .port = dest->port,
		.conn_flags = dest->conn_flags, .weight = dest->weight,
		.u_thresh = dest->u_threshold, .l_thresh = dest->l_threshold,
		.tun_type = dest->tun_type, .tun_port = dest->tun_port,
		.tun_flags = dest->tun_flags,
	};
}

static void entry_of_dest(const struct ipvs_dest *dest, ipvs_dest_entry_t *entry)
{
	*entry = (ipvs_dest_entry_t){
		.af = dest->af, .addr = dest->addr, .port = dest->port,
		.conn_flags = dest->conn_flags, .weight = dest->weight,
		.u_threshold = dest->u_thresh, .l_threshold = dest->l_thresh,
		.tun_type = dest->tun_type, .tun_port = dest->tun_port,
		.tun_flags = dest->tun_flags,
		.activeconns = dest->active, .inactconns = dest->inactive,
		.persistconns = dest->persist, .stats = dest->stats,
	};
}

static struct ipvs_daemon daemon_of(const ipvs_daemon_t *dm)
{
	struct ipvs_daemon daemon = {
		.state = dm->state, .sync_id = dm->syncid, .sync_maxlen = dm->sync_maxlen,
		.mcast_port = dm->mcast_port, .mcast_ttl = dm->mcast_ttl,
	};

	memcpy(daemon.mcast_ifn, dm->mcast_ifn, sizeof(daemon.mcast_ifn) - 1);
	if (dm->mcast_af == AF_INET)
		daemon.mcast_group = dm->mcast_group.ip;
	else if (dm->mcast_af == AF_INET6)
		daemon.mcast_group6 = dm->mcast_group.in6;
	return daemon;
}

static void tell_daemon(const struct ipvs_daemon *daemon, ipvs_daemon_t *dm)
{
	*dm = (ipvs_daemon_t){
		.state = daemon->state, .syncid = daemon->sync_id,
		.sync_maxlen = daemon->sync_maxlen, .mcast_port = daemon->mcast_port,
		.mcast_ttl = daemon->mcast_ttl,
	};
	memcpy(dm->mcast_ifn, daemon->mcast_ifn, sizeof(dm->mcast_ifn));
	if (daemon->mcast_group) {
		dm->mcast_af = AF_INET;
		dm->mcast_group.ip = daemon->mcast_group;
	} else if (memcmp(&daemon->mcast_group6, &in6addr_any, sizeof(in6addr_any))) {
		dm->mcast_af = AF_INET6;
		dm->mcast_group.in6 = daemon->mcast_group6;
	}
}

/* --- the conversation ---------------------------------------------------------- */

int ipvs_init(void)
{
	int err;

	last_cmd = 0;
	ipvs_close();
	err = ipvs_open(&handle, 0);
	if (err)
		return result(err);
	if (!ipvs_getinfo())
		return 0;
	err = -errno;
	ipvs_close();
	return result(err);
}

void ipvs_close(void)
{
	ipvs_free(handle);
	handle = NULL;
}

/* Netlink does not tell the number of services; they are counted then. */
int ipvs_getinfo(void)
{
	struct ipvs_request req = { .cmd = IPVS_CMD_GET_INFO };
	struct ipvs_list services = { 0 };
	struct ipvs *h = begin(IPVS_CMD_GET_INFO);
	int err;

	if (!h)
		return -1;
	err = ipvs_run_one(h, &req);
	if (!err && ipvs_transport(h) == IPVS_NETLINK) {
		err = ipvs_service_list(h, &services);
		req.info.num_services = services.nr;
		ipvs_list_free(&services);
	}
	if (err)
		return result(err);
	ipvs_info = (struct ip_vs_getinfo){
		.version = req.info.version, .size = req.info.conn_tab_size,
		.num_services = req.info.num_services,
	};
	return 0;
}

unsigned int ipvs_version(void)
{
	return ipvs_info.version;
}

int ipvs_flush(void)
{
	struct ipvs *h = begin(IPVS_CMD_FLUSH);

	return h ? result(ipvs_flush_all(h)) : -1;
}

/* --- services ------------------------------------------------------------------ */

static int run_service(int cmd, int (*run)(struct ipvs *h, const struct ipvs_service *service),
		       const ipvs_service_t *svc)
{
	struct ipvs_service service = service_of(svc);
	struct ipvs *h = begin(cmd);

	return h ? result(run(h, &service)) : -1;
}

int ipvs_add_service(ipvs_service_t *svc)
{
	return run_service(IPVS_CMD_NEW_SERVICE, ipvs_service_add, svc);
}

int ipvs_update_service(ipvs_service_t *svc)
{
	return run_service(IPVS_CMD_SET_SERVICE, ipvs_service_set, svc);
}

int ipvs_del_service(ipvs_service_t *svc)
{
	return run_service(IPVS_CMD_DEL_SERVICE, ipvs_service_del, svc);
}

static int zero_all(struct ipvs *h, const struct ipvs_service *service)
{
	(void)service;
	return ipvs_zero_all(h);
}

int ipvs_zero_service(ipvs_service_t *svc)
{
	bool all = !svc->fwmark && !svc->port &&
		   !memcmp(&svc->addr, &in6addr_any, sizeof(in6addr_any));

	return run_service(IPVS_CMD_ZERO, all ? zero_all : ipvs_service_zero, svc);
}

ipvs_services_t *ipvs_get_services(void)
{
	struct ipvs *h = begin(IPVS_CMD_GET_SERVICE);
	struct ipvs_list list = { 0 };
	ipvs_services_t *get = NULL;
	int err;

	if (!h)
		return NULL;
	err = ipvs_service_list(h, &list);
	if (!err) {
		get = calloc(1, sizeof(*get) + list.nr * sizeof(get->entrytable[0]));
		err = get ? 0 : -ENOMEM;
	}
	if (get) {
		get->num_services = list.nr;
		for (size_t i = 0; i < list.nr; i++)
			entry_of_service((struct ipvs_service *)list.items + i,
					 &get->entrytable[i]);
		ipvs_info.num_services = list.nr;
	}
	ipvs_list_free(&list);
	result(err);
	return get;
}

ipvs_service_entry_t *ipvs_get_service(__u32 fwmark, __u16 af, __u16 protocol,
				       union nf_inet_addr addr, __be16 port)
{
	struct ipvs_service service = {
		.af = af, .protocol = protocol, .fwmark = fwmark, .addr = addr, .port = port,
	};
	struct ipvs *h = begin(IPVS_CMD_GET_SERVICE);
	ipvs_service_entry_t *entry;

	if (!h || result(ipvs_service_get(h, &service)))
		return NULL;
	entry = malloc(sizeof(*entry));
	if (entry)
		entry_of_service(&service, entry);
	return entry;
}

/* --- destinations -------------------------------------------------------------- */

static int run_dest(int cmd,
		    int (*run)(struct ipvs *h, const struct ipvs_service *service,
			       const struct ipvs_dest *dest),
		    const ipvs_service_t *svc, const ipvs_dest_t *dst)
{
	struct ipvs_service service = service_of(svc);
	struct ipvs_dest dest = dest_of(dst);
	struct ipvs *h = begin(cmd);

	return h ? result(run(h, &service, &dest)) : -1;
}

int ipvs_add_dest(ipvs_service_t *svc, ipvs_dest_t *dest)
{
	return run_dest(IPVS_CMD_NEW_DEST, ipvs_dest_add, svc, dest);
}

int ipvs_update_dest(ipvs_service_t *svc, ipvs_dest_t *dest)
{
	return run_dest(IPVS_CMD_SET_DEST, ipvs_dest_set, svc, dest);
}

int ipvs_del_dest(ipvs_service_t *svc, ipvs_dest_t *dest)
{
	return run_dest(IPVS_CMD_DEL_DEST, ipvs_dest_del, svc, dest);
}

static ipvs_dests_t *dests_of(const ipvs_service_entry_t *svc, const struct ipvs_list *list)
{
	ipvs_dests_t *get = calloc(1, sizeof(*get) + list->nr * sizeof(get->entrytable[0]));

	if (!get)
		return NULL;
	get->af = svc->af;
	get->protocol = svc->protocol;
	get->addr = svc->addr;
	get->port = svc->port;
	get->fwmark = svc->fwmark;
	get->num_dests = list->nr;
	for (size_t i = 0; i < list->nr; i++)
		entry_of_dest((struct ipvs_dest *)list->items + i, &get->entrytable[i]);
	return get;
}

ipvs_dests_t *ipvs_get_dests(ipvs_service_entry_t *svc)
{
	struct ipvs_service service = {
		.af = svc->af, .protocol = svc->protocol, .fwmark = svc->fwmark,
		.addr = svc->addr, .port = svc->port,
	};
	struct ipvs *h = begin(IPVS_CMD_GET_DEST);
	struct ipvs_list list = { 0 };
	ipvs_dests_t *get = NULL;
	int err;

	if (!h)
		return NULL;
	err = ipvs_dest_list(h, &service, &list);
	if (!err) {
		get = dests_of(svc, &list);
		err = get ? 0 : -ENOMEM;
	}
	ipvs_list_free(&list);
	result(err);
	return get;
}

/* --- time-outs and daemons ------------------------------------------------------ */

int ipvs_set_timeout(ipvs_timeout_t *to)
{
	struct ipvs_timeouts timeouts = {
		.tcp = to->tcp_timeout, .tcp_fin = to->tcp_fin_timeout, .udp = to->udp_timeout,
	};
	struct ipvs *h = begin(IPVS_CMD_SET_CONFIG);

	return h ? result(ipvs_timeouts_set(h, &timeouts)) : -1;
}

ipvs_timeout_t *ipvs_get_timeout(void)
{
	struct ipvs *h = begin(IPVS_CMD_GET_CONFIG);
	struct ipvs_timeouts timeouts;
	ipvs_timeout_t *to;

	if (!h || result(ipvs_timeouts_get(h, &timeouts)))
		return NULL;
	to = malloc(sizeof(*to));
	if (to)
		*to = (ipvs_timeout_t){ timeouts.tcp, timeouts.tcp_fin, timeouts.udp };
	return to;
}

static int run_daemon(int cmd, int (*run)(struct ipvs *h, const struct ipvs_daemon *daemon),
		      const ipvs_daemon_t *dm)
{
	struct ipvs_daemon daemon = daemon_of(dm);
	struct ipvs *h = begin(cmd);

	return h ? result(run(h, &daemon)) : -1;
}

int ipvs_start_daemon(ipvs_daemon_t *dm)
{
	return run_daemon(IPVS_CMD_NEW_DAEMON, ipvs_daemon_start, dm);
}

int ipvs_stop_daemon(ipvs_daemon_t *dm)
{
	return run_daemon(IPVS_CMD_DEL_DAEMON, ipvs_daemon_stop, dm);
}

ipvs_daemon_t *ipvs_get_daemon(void)
{
	struct ipvs *h = begin(IPVS_CMD_GET_DAEMON);
	struct ipvs_list list = { 0 };
	ipvs_daemon_t *two = NULL;
	int err;

	if (!h)
		return NULL;
	err = ipvs_daemon_list(h, &list);
	if (!err) {
		two = calloc(2, sizeof(*two));
		err = two ? 0 : -ENOMEM;
	}
	for (size_t i = 0; two && i < list.nr; i++) {
		const struct ipvs_daemon *daemon = (struct ipvs_daemon *)list.items + i;

		tell_daemon(daemon, &two[daemon->state == IP_VS_STATE_BACKUP]);
	}
	ipvs_list_free(&list);
	result(err);
	return two;
}

/* --- order and texts ------------------------------------------------------------- */

int ipvs_cmp_services(ipvs_service_entry_t *s1, ipvs_service_entry_t *s2)
{
	struct ipvs_service a = { .af = s1->af, .protocol = s1->protocol, .fwmark = s1->fwmark,
				  .addr = s1->addr, .port = s1->port };
	struct ipvs_service b = { .af = s2->af, .protocol = s2->protocol, .fwmark = s2->fwmark,
				  .addr = s2->addr, .port = s2->port };

	return ipvs_service_compare(&a, &b);
}

int ipvs_cmp_dests(ipvs_dest_entry_t *d1, ipvs_dest_entry_t *d2)
{
	struct ipvs_dest a = { .af = d1->af, .addr = d1->addr, .port = d1->port };
	struct ipvs_dest b = { .af = d2->af, .addr = d2->addr, .port = d2->port };

	return ipvs_dest_compare(&a, &b);
}

static int call_service_cmp(const void *a, const void *b, void *cmp)
{
	return (*(ipvs_service_cmp_t *)cmp)((ipvs_service_entry_t *)a, (ipvs_service_entry_t *)b);
}

static int call_dest_cmp(const void *a, const void *b, void *cmp)
{
	return (*(ipvs_dest_cmp_t *)cmp)((ipvs_dest_entry_t *)a, (ipvs_dest_entry_t *)b);
}

void ipvs_sort_services(ipvs_services_t *s, ipvs_service_cmp_t cmp)
{
	if (!cmp)
		cmp = ipvs_cmp_services;
	qsort_r(s->entrytable, s->num_services, sizeof(s->entrytable[0]), call_service_cmp, &cmp);
}

void ipvs_sort_dests(ipvs_dests_t *d, ipvs_dest_cmp_t cmp)
{
	if (!cmp)
		cmp = ipvs_cmp_dests;
	qsort_r(d->entrytable, d->num_dests, sizeof(d->entrytable[0]), call_dest_cmp, &cmp);
}

const char *ipvs_strerror(int err)
{
	return ipvs_error_text(last_cmd, err);
}
