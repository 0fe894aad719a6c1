// SPDX-License-Identifier: GPL-2.0-only
/*
 * Requests to the library. Changes go through the session's queue; whatever
 * prints or depends on the table's state sends the queue first.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "commands.h"
#include "conns.h"
#include "execute.h"
#include "parse.h"
#include "render.h"
#include "resolve.h"
#include "snapshot.h"
#include "usage.h"

static int fail(struct session *s, const struct request *req, int err, int status)
{
	fprintf(s->err, "%s\n", ipvs_error_text(req->ask.cmd, err));
	return status;
}

static bool is_wildcard(const struct ipvs_service *service)
{
	static const union nf_inet_addr zero;

	return !service->fwmark && !service->port &&
	       !memcmp(&service->addr, &zero, sizeof(zero));
}

int run_change(struct session *s, const struct request *req)
{
	struct ipvs_request *ask;
	int status = session_open(s);

	if (status)
		return status;
	if (req->refused) {
		session_flush(s);
		return fail(s, req, req->refused, 255);
	}
	ask = &s->queue[s->queued++];
	*ask = req->ask;
	/* the wildcard has always meant all services here */
	if (ask->cmd == IPVS_CMD_ZERO && is_wildcard(&ask->service))
		ask->service.af = 0;
	if (ask->cmd == IPVS_CMD_NEW_DAEMON && !has(req, SET(MCAST_INTERFACE)))
		strcpy(ask->daemon.mcast_ifn, "eth0");
	if (s->restoring && s->queued < SESSION_QUEUE)
		return 0;
	return session_flush(s);
}

static int list_timeouts(struct session *s, const struct request *req)
{
	struct ipvs_timeouts t;
	int err = ipvs_timeouts_get(s->ipvs, &t);

	if (err)
		return fail(s, req, err, 1);
	fprintf(s->out, "Timeout (tcp tcpfin udp): %u %u %u\n", t.tcp, t.tcp_fin, t.udp);
	return 0;
}

static int list_daemons(struct session *s, const struct request *req)
{
	struct ipvs_list daemons = { 0 };
	int err = ipvs_daemon_list(s->ipvs, &daemons);

	if (!err)
		render_daemons(s->out, &daemons);
	ipvs_list_free(&daemons);
	return err ? fail(s, req, err, 1) : 0;
}

static int list_services(struct session *s, const struct request *req, struct names *names)
{
	bool one = has(req, SET(SERVICE));
	struct snapshot snap;
	int err;

	err = snapshot_take(&snap, s->ipvs, one ? &req->ask.service : NULL,
			    !has(req, SET(NOSORT)));
	if (!err)
		render_table(s->out, &snap, req, names,
			     one ? NULL : ipvs_kernel_info(s->ipvs));
	snapshot_free(&snap);
	if (!err)
		return 0;
	fprintf(s->err, "%s\n", ipvs_error_text(IPVS_CMD_GET_SERVICE, err));
	return 1;
}

/* Return: what looks names up, or NULL for numbers. */
static struct names *names_for(const struct request *req)
{
	return has(req, SET(NUMERIC)) ? NULL : names_new();
}

int run_list(struct session *s, const struct request *req)
{
	struct names *names;
	int status = session_open(s);

	if (status)
		return status;
	session_flush(s);
	names = names_for(req);
	if (has(req, SET(CONNECTION)))
		status = list_connections(s->out, s->err, names, has(req, SET(PERSISTENT_CONN)));
	else if (has(req, SET(TIMEOUT)))
		status = list_timeouts(s, req);
	else if (has(req, SET(DAEMON)))
		status = list_daemons(s, req);
	else
		status = list_services(s, req, names);
	names_free(names);
	return status;
}

int run_save(struct session *s, const struct request *req)
{
	struct snapshot snap;
	struct names *names;
	int status = session_open(s);
	int err;

	if (status)
		return status;
	session_flush(s);
	err = snapshot_take(&snap, s->ipvs, NULL, true);
	if (!err) {
		names = names_for(req);
		render_save(s->out, &snap, names);
		names_free(names);
	}
	snapshot_free(&snap);
	if (!err)
		return 0;
	fprintf(s->err, "%s\n", ipvs_error_text(IPVS_CMD_GET_SERVICE, err));
	return 1;
}

enum outcome understand(struct session *s, int argc, const char **argv, struct request *req,
			char **complaint)
{
	enum outcome result = parse(argc, argv, req, complaint);

	if (result != PARSED || !s->restoring || req->command->run != run_restore)
		return result;
	/* a restore inside a restore */
	if (asprintf(complaint, TRY_HELP, argv[0], argv[0]) < 0)
		*complaint = NULL;
	return BAD_COMMAND;
}

int execute_line(struct session *s, int argc, const char **argv, bool *stop)
{
	struct request req;
	enum outcome result;
	char *complaint;
	int status;

	result = understand(s, argc, argv, &req, &complaint);
	*stop = result != PARSED && result != BAD_OPTION;
	switch (result) {
	case PARSED:
		status = req.command->run(s, &req);
		*stop = status == 1 || status == 2;
		break;
	case ASKED_HELP:
	case ASKED_VERSION:
		session_flush(s);
		status = 0;
		print_version(s->out);
		if (result == ASKED_HELP)
			print_usage(s->out, argv[0]);
		break;
	default:
		session_flush(s);
		fprintf(s->err, "%s\n", complaint ? complaint : "Memory allocation problem");
		status = outcome_status(result);
		break;
	}
	free(complaint);
	return status;
}
