// SPDX-License-Identifier: GPL-2.0-only
/* The connection to the kernel: opened late, with the module loaded if need be. */
#include <errno.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include "session.h"

#define MINIMUM_VERSION 0x010104

static int load_module(void)
{
	char *const argv[] = { "modprobe", "--", "ip_vs", NULL };
	int status;
	pid_t pid;

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
	if (err == -ENOPROTOOPT && !load_module())
		err = ipvs_open(&s->ipvs, 0);
	if (err) {
		fprintf(s->err, "Can't initialize ipvs: %s\n"
			"Are you sure that IP Virtual Server is built in the kernel or as module?\n",
			ipvs_error_text(0, err));
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

int session_flush(struct session *s)
{
	unsigned int nr = s->queued;
	int last = 0;

	if (!nr)
		return 0;
	s->queued = 0;
	ipvs_run(s->ipvs, s->queue, nr);
	for (unsigned int i = 0; i < nr; i++) {
		last = s->queue[i].err ? 255 : 0;
		if (last)
			fprintf(s->err, "%s\n",
				ipvs_error_text(s->queue[i].cmd, s->queue[i].err));
	}
	return last;
}
