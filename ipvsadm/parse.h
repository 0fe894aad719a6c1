/* SPDX-License-Identifier: GPL-2.0-only */
/* Command lines to requests. Never prints, never exits, never asks the kernel. */
#ifndef PARSE_H
#define PARSE_H

#include "options.h"
#include "request.h"

enum outcome {
	PARSED,
	ASKED_HELP,
	ASKED_VERSION,
	BAD_OPTION,		/* the option parser's complaint: a restore goes on */
	BAD_USAGE,		/* ours: a restore stops */
	BAD_COMMAND,		/* no command to begin with: a restore stops */
};

/* What is said of a line that does not start with a command. */
#define TRY_HELP "Try `%s -h' or '%s --help' for more information."

struct parser {
	const char *program;
	struct request *req;
	char *complaint;
	/* texts that can be understood only when all options are known */
	char *server_port;
	char *netmask;
	char *sched_flags;
	bool has_server_port;
};

/**
 * parse() - understand one command line
 * @argc, @argv: as for main()
 * @req: the request, valid if the answer is PARSED
 * @complaint: what to tell the user otherwise, without the last newline; to be freed
 */
enum outcome parse(int argc, const char **argv, struct request *req, char **complaint);

/* The exit status that belongs to an outcome. */
int outcome_status(enum outcome o);

/* Notes the complaint. Return: -1, for the caller to return in turn. */
int complain(struct parser *p, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* Checks @given, in the order of the names, against what @noun @called wants. */
int check_options(struct parser *p, option_set among, option_set need, option_set allow,
		  option_set one_of, const char *called, const char *noun);

#endif
