/* SPDX-License-Identifier: GPL-2.0-only */
/* The option table: the row that parses an option is the row that saves it. */
#ifndef OPTIONS_H
#define OPTIONS_H

#include <stdio.h>

#include "request.h"
#include "resolve.h"

struct parser;

enum option_arg { ARG_NONE, ARG_NEEDED, ARG_MAY };
enum option_group { G_SERVICE, G_OPTION, G_DAEMON };

/* What is written: a service, or one of its destinations, or a daemon alone. */
struct saved {
	const struct ipvs_service *service;
	const struct ipvs_dest *dest;		/* NULL: the service itself */
	const struct ipvs_daemon *daemon;	/* if not NULL, the others are */
	struct names *names;			/* NULL: numbers */
	bool zeros;				/* thresholds, too, if they are 0 */
};

struct option {
	const char *name;	/* long option */
	char letter;
	enum option_arg arg;
	enum option_name id;
	enum option_group group;
	int (*parse)(struct parser *p, const struct option *o, const char *arg);
	/* Does the object have it? Its argument, if it takes one, is put into @text. */
	bool (*value_of)(const struct option *o, const struct saved *s, char text[ENDPOINT_MAX]);
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
