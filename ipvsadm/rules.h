/* SPDX-License-Identifier: GPL-2.0-only */
/* A whole set of rules as a file describes it: what the kernel is to be made to hold. */
#ifndef RULES_H
#define RULES_H

#include "session.h"
#include "snapshot.h"

struct input;

/* A service, or a server of it, and where the file says so. */
struct rule {
	struct ipvs_service service;
	struct ipvs_dest dest;
	char where[WHERE_MAX];
};

struct rules {
	struct ipvs_list services;	/* struct rule; by key once rules_finish() is through */
	struct ipvs_list dests;		/* struct rule, likewise */
	struct ipvs_list daemons;	/* struct ipvs_daemon */
	struct ipvs_timeouts timeouts;	/* 0: not spoken of */
	bool has_services;		/* the services are spoken of at all */
	bool bad;			/* something was complained of */
};

/* One command line of a file; s->where tells its place. Complains of what is wrong. */
void rules_add(struct session *s, struct rules *r, int argc, const char **argv);

/* Reads rules, in saved form or as JSON, complains of all that is wrong with them.
 * To be released even if it fails. Return: 0 or the exit status.
 */
int rules_read(struct session *s, struct rules *r, const char *file);

void rules_free(struct rules *r);

/* The same from JSON text. */
void rules_read_json(struct session *s, struct rules *r, const char *text, size_t len);

static inline const struct rule *rules_service(const struct rules *r, size_t i)
{
	return (const struct rule *)r->services.items + i;
}

static inline const struct rule *rules_dest(const struct rules *r, size_t i)
{
	return (const struct rule *)r->dests.items + i;
}

#endif
