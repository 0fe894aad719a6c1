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
	ASKED_COMPLETION,
	BAD_OPTION,		/* the option parser's complaint: a restore goes on */
	BAD_USAGE,		/* ours: a restore stops */
	BAD_COMMAND,		/* no command to begin with: a restore stops */
};

/* What is said of a line that does not start with a command. */
#define TRY_HELP "Try `%s -h' or '%s --help' for more information."

struct parser {
	const char *program;
	struct request *req;
	const struct ipvs_request *present;	/* NULL: settings start from their defaults */
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

/**
 * parse_over() - understand one command line that changes what is there already
 * @argc, @argv: as for main()
 * @present: the service and destination with their present settings; NULL if not
 *	known yet: then checks that depend on them are left out
 * @req: the request; parse() accepts --keep and leaves it to the caller to read
 *	the present settings and to come here
 * @complaint: as for parse()
 */
enum outcome parse_over(int argc, const char **argv, const struct ipvs_request *present,
			struct request *req, char **complaint);

/* The exit status that belongs to an outcome. */
int outcome_status(enum outcome o);

/* Notes the complaint. Return: -1, for the caller to return in turn. */
int complain(struct parser *p, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* Checks @given, in the order of the names, against what @noun @called wants. */
int check_options(struct parser *p, option_set among, option_set need, option_set allow,
		  option_set one_of, const char *called, const char *noun);

#endif
