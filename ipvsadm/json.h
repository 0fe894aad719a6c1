/* SPDX-License-Identifier: GPL-2.0-only */
/* Listings and rules as JSON. The schema is described in ipvsadm(8), "JSON". */
#ifndef JSON_H
#define JSON_H

#include <stdio.h>

#include "options.h"
#include "resolve.h"
#include "snapshot.h"

/* Services with settings, counters and rates. @names NULL: no names. */
void json_table(FILE *out, const struct snapshot *snap, struct names *names,
		const struct ipvs_info *info);

/* Settings only; timeouts and daemons if they are not NULL. */
void json_save(FILE *out, const struct snapshot *snap, struct names *names,
	       const struct ipvs_timeouts *timeouts, const struct ipvs_list *daemons);

void json_timeouts(FILE *out, const struct ipvs_timeouts *timeouts);
void json_daemons(FILE *out, const struct ipvs_list *daemons);

/* One end of a connection. */
struct json_endpoint {
	int af;
	union nf_inet_addr addr;
	__be16 port;
};

struct json_connection {
	const char *protocol;		/* as the kernel writes it */
	int protocol_number;		/* 0: ports have no names */
	const char *state;
	unsigned long expires;
	struct json_endpoint client, virtual, dest;
	const char *pe, *pe_data;	/* NULL: none */
};

void json_connections_begin(FILE *out);
void json_connection(FILE *out, const struct json_connection *c, struct names *names, bool first);
void json_connections_end(FILE *out);

/* The member that stands for an option, with _ for each -. */
void json_key(const struct option *o, char key[32]);

#endif
