/* SPDX-License-Identifier: GPL-2.0-only */
/* The option table: the row that parses an option is the row that saves it. */
#ifndef OPTIONS_H
#define OPTIONS_H

#include <stdio.h>

#include "request.h"

struct names;
struct parser;

enum option_arg { ARG_NONE, ARG_NEEDED, ARG_MAY };
enum option_group { G_SERVICE, G_OPTION, G_DAEMON };

/* What a saved line speaks of: a service (dest is NULL) or one of its destinations. */
struct saved {
	const struct ipvs_service *service;
	const struct ipvs_dest *dest;
	struct names *names;	/* NULL: numbers */
};

struct option {
	const char *name;	/* long option */
	char letter;
	enum option_arg arg;
	enum option_name id;
	enum option_group group;
	int (*parse)(struct parser *p, const struct option *o, const char *arg);
	/* writes the option as " -x VALUE" if the object has it */
	void (*save)(FILE *out, const struct option *o, const struct saved *s);
	unsigned int value;	/* which protocol, method, type … of those that share code */
	/* numbers: where they go, what is allowed, what is said of others */
	unsigned short target;
	unsigned short size;
	long long min, max;
	const char *wrong;
	const char *arg_name;	/* for --help */
	const char *help;
};

extern const struct option options[];
extern const unsigned int nr_options;

/* The name of an option in messages. */
const char *option_name(enum option_name id);

#endif
