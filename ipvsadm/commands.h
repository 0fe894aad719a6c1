/* SPDX-License-Identifier: GPL-2.0-only */
/* The command table: which options a command needs and allows, and what it does. */
#ifndef COMMANDS_H
#define COMMANDS_H

#include "request.h"

struct parser;
struct session;

enum command_kind {
	C_NORMAL,
	C_WORDS,		/* followed by words: --set */
	C_ROLE,			/* takes an argument: the daemons */
	C_FILE,			/* may take an argument, the name of a file */
	C_HELP,
	C_VERSION,
	C_COMPLETION,		/* for the build; not in the help */
};

struct command {
	const char *name;	/* of the long option */
	char letter;
	char letter2;
	const char *called;	/* in messages */
	enum command_kind kind;
	int ipvs_cmd;		/* what it asks the kernel, for commands that change */
	option_set need;
	option_set allow;	/* beside those needed */
	option_set one_of;	/* among those allowed: at most one */
	/* one option that opens the way to others, alone or beside it */
	option_set opens;
	option_set opened;
	/* what the sets cannot say; 0 or the parser's complaint */
	int (*check)(struct parser *p);
	/* does it; the exit status */
	int (*run)(struct session *s, const struct request *req);
	const char *wrong_role;
	const char *usage;	/* for --help: arguments and options */
	const char *help;
};

extern const struct command commands[];
extern const unsigned int nr_commands;

#endif
