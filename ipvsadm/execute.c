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
#include "explain.h"
#include "json.h"
#include "parse.h"
#include "render.h"
#include "resolve.h"
#include "snapshot.h"
#include "usage.h"
#include "value.h"

static int fail(struct session *s, const struct request *req, int cmd, int err, int status)
{
	struct ipvs_request ask = req->ask;

	ask.cmd = cmd;
	ask.err = err;
	session_refused(s, s->where, &ask);
	return status;
}

/* --- changes ---------------------------------------------------------------- */

/* The name given is longer than any that the kernel could know. */
static int refuse(struct session *s, const struct request *req)
{
	struct ipvs_request ask = req->ask;

	session_flush(s);
	ask.err = req->refused;
	strcpy(ask.message, "names of schedulers, engines and interfaces have at most 15 characters");
	session_refused(s, s->where, &ask);
	return 255;
}

/* Adds; what is there already is edited. */
static int add_or_edit(struct session *s, const struct request *req)
{
	struct ipvs_request ask = req->ask;

	session_flush(s);
	ipvs_run(s->ipvs, &ask, 1);
	if (ask.err == -EEXIST) {
		ask.cmd = ask.cmd == IPVS_CMD_NEW_SERVICE ? IPVS_CMD_SET_SERVICE :
			  IPVS_CMD_SET_DEST;
		ipvs_run(s->ipvs, &ask, 1);
	}
	if (!ask.err)
		return 0;
	session_refused(s, s->where, &ask);
	return 255;
}

int run_change(struct session *s, const struct request *req)
{
	bool if_exists = has(req, SET(IF_EXISTS));
	int status;

	s->failing_quietly = if_exists && req->ask.cmd == IPVS_CMD_FLUSH;
	status = session_open(s);
	if (status)
		return s->failing_quietly && !s->ipvs ? 0 : status;
	if (req->refused)
		return refuse(s, req);
	if (has(req, SET(OR_EDIT)))
		return add_or_edit(s, req);
	session_queue(s, &req->ask, if_exists);
	if (s->restoring && s->queued < SESSION_QUEUE)
		return 0;
	return session_flush(s);
}

/* Finds @want among the servers of its service; if a port is given that is not
 * there, the service's counts, as for adding. Return: 0 or -errno.
 */
static int find_dest(struct ipvs *h, const struct request *want, struct ipvs_dest *found)
{
	const struct ipvs_service *service = &want->ask.service;
	struct ipvs_dest key = want->ask.dest;
	struct ipvs_list dests = { 0 };
	int err = ipvs_dest_list(h, service, &dests);
	const struct ipvs_dest *d = dests.items;
	bool again;

	do {
		for (size_t i = 0; !err && i < dests.nr; i++)
			if (!ipvs_dest_compare(&d[i], &key)) {
				*found = d[i];
				ipvs_list_free(&dests);
				return 0;
			}
		again = !service->fwmark && key.port != service->port;
		key.port = service->port;
	} while (again);
	ipvs_list_free(&dests);
	return err ? err : -ENOENT;
}

/* Reads what @req, an edit with --keep, is to start from. Return: 0 or -errno. */
static int read_present(struct session *s, const struct request *req, struct ipvs_request *present)
{
	int err;

	memset(present, 0, sizeof(*present));
	present->service = req->ask.service;
	err = ipvs_service_get(s->ipvs, &present->service);
	if (err)
		return err;
	present->service.flags.flags &= IP_VS_SVC_F_PERSISTENT | IP_VS_SVC_F_ONEPACKET |
					SCHED_FLAGS_ALL;
	present->service.num_dests = 0;
	memset(&present->service.stats, 0, sizeof(present->service.stats));
	if (!has(req, SET(SERVER)))
		return 0;
	err = find_dest(s->ipvs, req, &present->dest);
	present->dest.conn_flags &= IP_VS_CONN_F_FWD_MASK;
	return err;
}

/* Once more with what is there now in place of the defaults. */
static enum outcome understand_keeping(struct session *s, int argc, const char **argv,
				       struct request *req, char **complaint, int *status)
{
	struct ipvs_request present;
	int err;

	*status = session_open(s);
	if (*status)
		return PARSED;
	session_flush(s);
	err = read_present(s, req, &present);
	if (err) {
		*status = fail(s, req, req->command->ipvs_cmd, err, 255);
		return PARSED;
	}
	return understand(s, argc, argv, &present, req, complaint);
}

/* --- listings --------------------------------------------------------------- */

static int list_timeouts(struct session *s, const struct request *req)
{
	struct ipvs_timeouts t;
	int err = ipvs_timeouts_get(s->ipvs, &t);

	if (err)
		return fail(s, req, IPVS_CMD_GET_CONFIG, err, 1);
	if (has(req, SET(JSON)))
		json_timeouts(s->out, &t);
	else
		render_timeouts(s->out, &t);
	return 0;
}

static int list_daemons(struct session *s, const struct request *req)
{
	struct ipvs_list daemons = { 0 };
	int err = ipvs_daemon_list(s->ipvs, &daemons);

	if (!err && has(req, SET(JSON)))
		json_daemons(s->out, &daemons);
	else if (!err)
		render_daemons(s->out, &daemons);
	ipvs_list_free(&daemons);
	return err ? fail(s, req, IPVS_CMD_GET_DAEMON, err, 1) : 0;
}

static int list_services(struct session *s, const struct request *req, struct names *names)
{
	bool one = has(req, SET(SERVICE));
	struct snapshot snap;
	int err;

	err = snapshot_take(&snap, s->ipvs, one ? &req->ask.service : NULL,
			    !has(req, SET(NOSORT)));
	if (!err && has(req, SET(JSON)))
		json_table(s->out, &snap, names, ipvs_kernel_info(s->ipvs));
	else if (!err)
		render_table(s->out, &snap, req, names,
			     one ? NULL : ipvs_kernel_info(s->ipvs));
	snapshot_free(&snap);
	return err ? fail(s, req, IPVS_CMD_GET_SERVICE, err, 1) : 0;
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
		status = list_connections(s, req, names);
	else if (has(req, SET(TIMEOUT)))
		status = list_timeouts(s, req);
	else if (has(req, SET(DAEMON)))
		status = list_daemons(s, req);
	else
		status = list_services(s, req, names);
	names_free(names);
	return status;
}

/* --- saving --------------------------------------------------------------- */

/* What is saved: the rules and, with --all, the rest of what a command can set. */
struct saved_state {
	struct snapshot snap;
	struct ipvs_timeouts timeouts;
	struct ipvs_list daemons;
};

static int read_state(struct session *s, bool all, struct saved_state *state)
{
	int err = snapshot_take(&state->snap, s->ipvs, NULL, true);

	if (!err && all)
		err = ipvs_timeouts_get(s->ipvs, &state->timeouts);
	if (!err && all)
		err = ipvs_daemon_list(s->ipvs, &state->daemons);
	return err;
}

static void write_state(struct session *s, const struct request *req,
			const struct saved_state *state, struct names *names)
{
	bool all = has(req, SET(ALL));

	if (has(req, SET(JSON))) {
		json_save(s->out, &state->snap, names, all ? &state->timeouts : NULL,
			  all ? &state->daemons : NULL);
		return;
	}
	if (all)
		render_save_rest(s->out, &state->timeouts, &state->daemons);
	render_save(s->out, &state->snap, names);
}

int run_save(struct session *s, const struct request *req)
{
	struct saved_state state = { 0 };
	struct names *names;
	int status = session_open(s);
	int err;

	if (status)
		return status;
	session_flush(s);
	err = read_state(s, has(req, SET(ALL)), &state);
	if (!err) {
		names = names_for(req);
		write_state(s, req, &state, names);
		names_free(names);
	}
	snapshot_free(&state.snap);
	ipvs_list_free(&state.daemons);
	return err ? fail(s, req, IPVS_CMD_GET_SERVICE, err, 1) : 0;
}

/* --- lines ------------------------------------------------------------------ */

static bool reads_a_file(const struct command *c)
{
	return c->run == run_restore || c->run == run_apply;
}

enum outcome understand(struct session *s, int argc, const char **argv,
			const struct ipvs_request *present, struct request *req, char **complaint)
{
	enum outcome result = parse_over(argc, argv, present, req, complaint);

	if (result != PARSED || !s->restoring || !reads_a_file(req->command))
		return result;
	/* a restore inside a restore */
	if (asprintf(complaint, TRY_HELP, argv[0], argv[0]) < 0)
		*complaint = NULL;
	return BAD_COMMAND;
}

void complain_about_line(struct session *s, int argc, const char **argv, const char *complaint)
{
	fprintf(s->err, "%s\n", complaint ? complaint : "Memory allocation problem");
	explain_line(s->err, s->where, argc - 1, argv + 1);
}

static void print_asked(FILE *out, enum outcome asked, const char *program)
{
	if (asked == ASKED_COMPLETION) {
		print_completion(out);
		return;
	}
	print_version(out);
	if (asked == ASKED_HELP)
		print_usage(out, program);
}

int execute_line(struct session *s, int argc, const char **argv, bool *stop)
{
	struct request *req = calloc(1, sizeof(*req));
	char *complaint = NULL;
	enum outcome result = BAD_USAGE;
	int status = 0;

	if (req)
		result = understand(s, argc, argv, NULL, req, &complaint);
	if (result == PARSED && has(req, SET(KEEP)))
		result = understand_keeping(s, argc, argv, req, &complaint, &status);
	*stop = result != PARSED && result != BAD_OPTION;
	switch (result) {
	case PARSED:
		if (!status)
			status = req->command->run(s, req);
		*stop = status == 1 || status == 2;
		break;
	case ASKED_HELP:
	case ASKED_VERSION:
	case ASKED_COMPLETION:
		session_flush(s);
		print_asked(s->out, result, argv[0]);
		break;
	default:
		session_flush(s);
		complain_about_line(s, argc, argv, complaint);
		status = outcome_status(result);
		break;
	}
	free(complaint);
	free(req);
	return status;
}
