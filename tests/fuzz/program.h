/* SPDX-License-Identifier: GPL-2.0-only */
/* Runs a command line of ipvsadm on a kernel that is a small text file. */
#ifndef FUZZ_PROGRAM_H
#define FUZZ_PROGRAM_H

#include <stdio.h>
#include <sys/mman.h>
#include <unistd.h>

#include "execute.h"
#include "fuzz.h"

static const char table[] =
	"service af=2 protocol=6 addr=10.0.0.1 port=80 sched=rr stats.conns=7\n"
	"dest af=2 addr=10.0.0.2 port=80 weight=1\n"
	"service af=2 fwmark=7 sched=wlc\n"
	"daemon state=1 mcast_ifn=lo sync_id=3\n";

static int file_of(const void *data, size_t size)
{
	int fd = memfd_create("fuzz", MFD_CLOEXEC);

	if (fd < 0 || write(fd, data, size) != (ssize_t)size || lseek(fd, 0, SEEK_SET))
		abort();
	return fd;
}

/* @argv ends with NULL; @input becomes standard input. */
static inline void run_program(const char **argv, const void *input, size_t size)
{
	static FILE *nowhere;
	struct session *s = calloc(1, sizeof(*s));
	int kernel = file_of(table, sizeof(table) - 1), in = file_of(input, size), argc = 0;
	char path[32];
	bool stop;

	if (!nowhere)
		nowhere = fopen("/dev/null", "w");
	snprintf(path, sizeof(path), "/proc/self/fd/%d", kernel);
	setenv("IPVS_REPLAY", path, 1);
	dup2(in, STDIN_FILENO);
	while (argv[argc])
		argc++;
	s->program = argv[0];
	s->out = nowhere;
	s->err = nowhere;
	execute_line(s, argc, argv, &stop);
	session_close(s);
	free(s);
	close(in);
	close(kernel);
}

#endif
