// SPDX-License-Identifier: GPL-2.0-only
/*
 * The connection to the kernel, opened late and with the module loaded if need be,
 * and the queue of changes on their way.
 */
#include <errno.h>
#include <spawn.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "explain.h"
#include "session.h"

#define MINIMUM_VERSION 0x010104

static int load_module(void)
{
	char *const argv[] = { "modprobe", "--", "ip_vs", NULL };
	int status;
	pid_t pid;

	/* it would only complain, and hide the cause */
	if (!may_load_modules())
		return -1;
	if (posix_spawn(&pid, "/sbin/modprobe", NULL, NULL, argv, environ))
		return -1;
	while (waitpid(pid, &status, 0) < 0)
		if (errno != EINTR)
			return -1;
	return WIFEXITED(status) && !WEXITSTATUS(status) ? 0 : -1;
}

int session_open(struct session *s)
{
	unsigned int version;
	int err;

	if (s->ipvs)
		return 0;
	err = ipvs_open(&s->ipvs, 0);
	if (err == -ENOPROTOOPT && s->failing_quietly)
		return 2;
	if (err == -ENOPROTOOPT && !load_module())
		err = ipvs_open(&s->ipvs, 0);
	if (err) {
		fprintf(s->err, "Can't initialize ipvs: %s\n"
			"Are you sure that IP Virtual Server is built in the kernel or as module?\n",
			ipvs_error_text(0, err));
		explain_start(s->err, err);
		return 2;
	}
	version = ipvs_kernel_info(s->ipvs)->version;
	if (version < MINIMUM_VERSION)
		fprintf(s->err, "Warning: the kernel's IPVS version %u.%u.%u is too old\n",
			version >> 16 & 0xff, version >> 8 & 0xff, version & 0xff);
	return 0;
}

void session_close(struct session *s)
{
	ipvs_free(s->ipvs);
	s->ipvs = NULL;
}

void session_queue(struct session *s, const struct ipvs_request *ask, bool if_exists)
{
	unsigned int i = s->queued++;

	s->queue[i] = *ask;
	strcpy(s->about[i].where, s->where);
	s->about[i].if_exists = if_exists;
}

void session_refused(struct session *s, const char *where, const struct ipvs_request *ask)
{
	fprintf(s->err, "%s\n", ipvs_error_text(ask->cmd, ask->err));
	explain(s->err, where, ask);
}

static bool is_missing(const struct ipvs_request *ask)
{
	return ask->err == -ESRCH || ask->err == -ENOENT;
}

int session_flush(struct session *s)
{
	unsigned int nr = s->queued;
	int last = 0;

	if (!nr)
		return 0;
	s->queued = 0;
	ipvs_run(s->ipvs, s->queue, nr);
	for (unsigned int i = 0; i < nr; i++) {
		last = s->queue[i].err && !(s->about[i].if_exists && is_missing(&s->queue[i])) ?
		       255 : 0;
		if (!last)
			continue;
		s->worst = last;
		session_refused(s, s->about[i].where, &s->queue[i]);
	}
	return last;
}
