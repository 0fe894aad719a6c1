// SPDX-License-Identifier: GPL-2.0-only
/*
 * The socket options, for kernels without the netlink family and for who asks for
 * them. One request is one system call. Listings need the number of entries first;
 * it may change meanwhile, so they are repeated until it held still.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "codec_flat.h"
#include "transport.h"

#define ARRAY_SIZE(a) (sizeof(a) / sizeof((a)[0]))
#define TRIES 16	/* for a listing that changes while it is read */

struct wire {
	int fd;
};

/* A service and its destination, as three options take them. */
struct pair {
	struct ip_vs_service_user service;
	struct ip_vs_dest_user dest;
};

static const struct ipvs_object *object(int cmd)
{
	return ipvs_object_of_reply(cmd);
}

static int set_option(const struct ipvs *h, int option, const void *arg, size_t size)
{
	const struct wire *w = h->wire;

	return setsockopt(w->fd, IPPROTO_IP, option, arg, size) ? -errno : 0;
}

static int get_option(const struct ipvs *h, int option, void *arg, size_t size)
{
	const struct wire *w = h->wire;
	socklen_t len = size;

	return getsockopt(w->fd, IPPROTO_IP, option, arg, &len) ? -errno : 0;
}

/* Writes @service to the struct ip_vs_service_user, or what begins like its key, at @flat. */
static void put_service(const struct ipvs_service *service, unsigned int roles, void *flat)
{
	struct ip_vs_service_user *user = flat;

	ipvs_flat_encode(object(IPVS_CMD_GET_SERVICE), roles, service, flat);
	if (service->fwmark && !service->protocol)
		user->protocol = IPPROTO_TCP;	/* must be one, even for a mark */
}

/* --- changes -------------------------------------------------------------- */

static int change_service(const struct ipvs *h, int option, const struct ipvs_request *req)
{
	struct ip_vs_service_user user = { 0 };

	put_service(&req->service, IPVS_R_KEY | IPVS_R_CFG, &user);
	return set_option(h, option, &user, sizeof(user));
}

static int change_dest(const struct ipvs *h, int option, const struct ipvs_request *req)
{
	struct pair pair = { 0 };

	put_service(&req->service, IPVS_R_KEY, &pair.service);
	ipvs_flat_encode(object(IPVS_CMD_GET_DEST), IPVS_R_KEY | IPVS_R_CFG, &req->dest,
			 &pair.dest);
	return set_option(h, option, &pair, sizeof(pair));
}

static int change_daemon(const struct ipvs *h, int option, const struct ipvs_request *req)
{
	struct ip_vs_daemon_user user = { 0 };

	ipvs_flat_encode(object(IPVS_CMD_GET_DAEMON), IPVS_R_KEY | IPVS_R_CFG, &req->daemon, &user);
	return set_option(h, option, &user, sizeof(user));
}

static int change_timeouts(const struct ipvs *h, int option, const struct ipvs_request *req)
{
	struct ip_vs_timeout_user user = { 0 };

	ipvs_flat_encode(object(IPVS_CMD_GET_CONFIG), IPVS_R_CFG, &req->timeouts, &user);
	return set_option(h, option, &user, sizeof(user));
}

static int flush(const struct ipvs *h, int option, const struct ipvs_request *req)
{
	(void)req;
	return set_option(h, option, NULL, 0);
}

static int zero(const struct ipvs *h, int option, const struct ipvs_request *req)
{
	struct ip_vs_service_user user = { 0 };

	if (req->service.af) {
		put_service(&req->service, IPVS_R_KEY, &user);
		if (!user.fwmark && !user.addr && !user.port)
			return -EINVAL;		/* would mean all of them */
	}
	return set_option(h, option, &user, sizeof(user));
}

static const struct {
	int cmd;
	int option;
	int (*run)(const struct ipvs *h, int option, const struct ipvs_request *req);
} changes[] = {
	{ IPVS_CMD_NEW_SERVICE,	IP_VS_SO_SET_ADD,		change_service },
	{ IPVS_CMD_SET_SERVICE,	IP_VS_SO_SET_EDIT,		change_service },
	{ IPVS_CMD_DEL_SERVICE,	IP_VS_SO_SET_DEL,		change_service },
	{ IPVS_CMD_NEW_DEST,	IP_VS_SO_SET_ADDDEST,		change_dest },
	{ IPVS_CMD_SET_DEST,	IP_VS_SO_SET_EDITDEST,		change_dest },
	{ IPVS_CMD_DEL_DEST,	IP_VS_SO_SET_DELDEST,		change_dest },
	{ IPVS_CMD_NEW_DAEMON,	IP_VS_SO_SET_STARTDAEMON,	change_daemon },
	{ IPVS_CMD_DEL_DAEMON,	IP_VS_SO_SET_STOPDAEMON,	change_daemon },
	{ IPVS_CMD_SET_CONFIG,	IP_VS_SO_SET_TIMEOUT,		change_timeouts },
	{ IPVS_CMD_FLUSH,	IP_VS_SO_SET_FLUSH,		flush },
	{ IPVS_CMD_ZERO,	IP_VS_SO_SET_ZERO,		zero },
};

/* --- questions ------------------------------------------------------------ */

static void read_service(const struct ip_vs_service_entry *entry, struct ipvs_service *service)
{
	memset(service, 0, sizeof(*service));
	ipvs_flat_decode(object(IPVS_CMD_GET_SERVICE), entry, service);
	service->af = AF_INET;
}

/* Netlink tells the forwarding method and nothing else of the flags; so do we. */
static void read_dest(const struct ip_vs_dest_entry *entry, struct ipvs_dest *dest)
{
	ipvs_flat_decode(object(IPVS_CMD_GET_DEST), entry, dest);
	dest->conn_flags &= IP_VS_CONN_F_FWD_MASK;
	dest->af = AF_INET;
}

static int get_service(const struct ipvs *h, struct ipvs_service *service)
{
	struct ip_vs_service_entry entry = { 0 };
	int err;

	put_service(service, IPVS_R_KEY, &entry);
	err = get_option(h, IP_VS_SO_GET_SERVICE, &entry, sizeof(entry));
	if (!err)
		read_service(&entry, service);
	return err;
}

static int get_timeouts(const struct ipvs *h, struct ipvs_timeouts *timeouts)
{
	struct ip_vs_timeout_user user = { 0 };
	int err = get_option(h, IP_VS_SO_GET_TIMEOUT, &user, sizeof(user));

	if (!err)
		ipvs_flat_decode(object(IPVS_CMD_GET_CONFIG), &user, timeouts);
	return err;
}

static int get_info(const struct ipvs *h, struct ipvs_info *info)
{
	struct ip_vs_getinfo user = { 0 };
	int err = get_option(h, IP_VS_SO_GET_INFO, &user, sizeof(user));

	if (!err)
		ipvs_flat_decode(object(IPVS_CMD_GET_INFO), &user, info);
	return err;
}

static int run_request(const struct ipvs *h, struct ipvs_request *req)
{
	int err = ipvs_flat_check(req);

	if (err)
		return err;
	for (size_t i = 0; i < ARRAY_SIZE(changes); i++)
		if (changes[i].cmd == req->cmd)
			return changes[i].run(h, changes[i].option, req);
	switch (req->cmd) {
	case IPVS_CMD_GET_SERVICE:
		return get_service(h, &req->service);
	case IPVS_CMD_GET_CONFIG:
		return get_timeouts(h, &req->timeouts);
	case IPVS_CMD_GET_INFO:
		return get_info(h, &req->info);
	}
	return -EINVAL;
}

static int sockopt_command(struct ipvs *h, struct ipvs_request *reqs, size_t nr)
{
	for (size_t i = 0; i < nr; i++)
		reqs[i].err = run_request(h, &reqs[i]);
	return 0;
}

/* --- listings ------------------------------------------------------------- */

/* Every service names its protocol, so a slot without one was not filled. */
static int take_services(const struct ip_vs_get_services *get, struct ipvs_list *out)
{
	for (unsigned int i = 0; i < get->num_services; i++) {
		struct ipvs_service *service;

		if (!get->entrytable[i].protocol)
			continue;
		service = ipvs_list_add(out, sizeof(*service));
		if (!service)
			return -ENOMEM;
		read_service(&get->entrytable[i], service);
	}
	return 0;
}

static int try_services(const struct ipvs *h, unsigned int nr, struct ipvs_list *out)
{
	size_t size = sizeof(struct ip_vs_get_services) +
		      (size_t)nr * sizeof(struct ip_vs_service_entry);
	struct ip_vs_get_services *get = calloc(1, size);
	int err;

	if (!get)
		return -ENOMEM;
	get->num_services = nr;
	err = get_option(h, IP_VS_SO_GET_SERVICES, get, size);
	get->num_services = nr;
	if (!err)
		err = take_services(get, out);
	free(get);
	return err;
}

static int list_services(const struct ipvs *h, struct ipvs_list *out)
{
	struct ipvs_info before, after;
	size_t start = out->nr;
	int err = get_info(h, &before);

	for (int i = 0; !err && i < TRIES; i++) {
		out->nr = start;
		err = try_services(h, before.num_services, out);
		if (!err)
			err = get_info(h, &after);
		if (err || after.num_services == before.num_services)
			return err;
		before = after;
	}
	return err ? err : -EAGAIN;
}

/* A destination's flags are never all clear, so a slot without any was not filled;
 * destinations of the other family are counted but not told.
 */
static int take_dests(const struct ip_vs_get_dests *get, unsigned int nr, struct ipvs_list *out)
{
	for (unsigned int i = 0; i < nr; i++) {
		struct ipvs_dest *dest;

		if (!get->entrytable[i].conn_flags)
			continue;
		dest = ipvs_list_add(out, sizeof(*dest));
		if (!dest)
			return -ENOMEM;
		read_dest(&get->entrytable[i], dest);
	}
	return 0;
}

static int try_dests(const struct ipvs *h, const struct ipvs_service *service,
		     struct ipvs_list *out)
{
	size_t size = sizeof(struct ip_vs_get_dests) +
		      (size_t)service->num_dests * sizeof(struct ip_vs_dest_entry);
	struct ip_vs_get_dests *get = calloc(1, size);
	int err;

	if (!get)
		return -ENOMEM;
	put_service(service, IPVS_R_KEY, get);
	get->num_dests = service->num_dests;
	err = get_option(h, IP_VS_SO_GET_DESTS, get, size);
	if (!err)
		err = take_dests(get, service->num_dests, out);
	free(get);
	return err;
}

static int list_dests(const struct ipvs *h, const struct ipvs_service *key, struct ipvs_list *out)
{
	struct ipvs_service service = *key;
	size_t start = out->nr;
	int err = get_service(h, &service);

	for (int i = 0; !err && i < TRIES; i++) {
		__u32 nr = service.num_dests;

		out->nr = start;
		err = try_dests(h, &service, out);
		if (!err)
			err = get_service(h, &service);
		if (!err && service.num_dests == nr)
			return 0;
	}
	if (err != -ESRCH)
		return err ? err : -EAGAIN;
	out->nr = start;	/* a service that does not exist has none */
	return 0;
}

static int list_daemons(const struct ipvs *h, struct ipvs_list *out)
{
	struct ip_vs_daemon_user users[2] = { 0 };
	int err = get_option(h, IP_VS_SO_GET_DAEMON, users, sizeof(users));

	for (size_t i = 0; !err && i < ARRAY_SIZE(users); i++) {
		struct ipvs_daemon *daemon;

		if (users[i].state == IP_VS_STATE_NONE)
			continue;
		daemon = ipvs_list_add(out, sizeof(*daemon));
		if (!daemon)
			return -ENOMEM;
		ipvs_flat_decode(object(IPVS_CMD_GET_DAEMON), &users[i], daemon);
	}
	return err;
}

static int sockopt_dump(struct ipvs *h, const struct ipvs_request *req, struct ipvs_list *out)
{
	switch (req->cmd) {
	case IPVS_CMD_GET_SERVICE:
		return list_services(h, out);
	case IPVS_CMD_GET_DEST:
		if (req->service.af == AF_INET6)
			return -EAFNOSUPPORT;
		return list_dests(h, &req->service, out);
	case IPVS_CMD_GET_DAEMON:
		return list_daemons(h, out);
	}
	return -EINVAL;
}

/* --- open and close --------------------------------------------------------- */

static void sockopt_close(struct ipvs *h)
{
	struct wire *w = h->wire;

	close(w->fd);
	free(w);
	h->wire = NULL;
}

/* Any IPv4 socket will do; this one needs no privilege to be opened. */
static int sockopt_open(struct ipvs *h)
{
	struct wire *w = malloc(sizeof(*w));
	struct ipvs_info info;
	int err;

	if (!w)
		return -ENOMEM;
	w->fd = ipvs_high_fd(socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0));
	if (w->fd < 0) {
		err = w->fd;
		free(w);
		return err == -EAFNOSUPPORT ? -ENOPROTOOPT : err;
	}
	h->wire = w;
	err = get_info(h, &info);
	if (err)
		sockopt_close(h);
	return err;
}

const struct ipvs_transport ipvs_transport_sockopt = {
	.way = IPVS_SOCKOPT,
	.open = sockopt_open,
	.command = sockopt_command,
	.dump = sockopt_dump,
	.close = sockopt_close,
};
