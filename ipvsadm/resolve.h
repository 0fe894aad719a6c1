/* SPDX-License-Identifier: GPL-2.0-only */
/* Names and numbers of hosts and ports: the only user of the name service. */
#ifndef RESOLVE_H
#define RESOLVE_H

#include <netdb.h>
#include <stdbool.h>

#include "ipvs.h"

#define ENDPOINT_MAX (NI_MAXHOST + NI_MAXSERV + 4)

/* Remembers what was looked up in this run. */
struct names;

struct names *names_new(void);
void names_free(struct names *names);

/* The first IPv4 address of a host. */
bool resolve_host(const char *name, struct in_addr *addr);

/* The port of a service by its exact name. */
bool resolve_port(const char *name, int protocol, __be16 *port);

/* Writes ADDRESS:PORT to @text, with names where there are any. @names NULL:
 * numbers only. @protocol 0: the port has no name.
 */
void endpoint_text(struct names *names, int af, const union nf_inet_addr *addr, int protocol,
		   __be16 port, char text[ENDPOINT_MAX]);

/* The names alone, NULL where there is none; they live as long as @names. */
void endpoint_names(struct names *names, int af, const union nf_inet_addr *addr, int protocol,
		    __be16 port, const char **host, const char **service);

/* ADDRESS:PORT, but only with names that read back as the same numbers. */
void endpoint_text_saved(struct names *names, int af, const union nf_inet_addr *addr,
			 int protocol, __be16 port, char text[ENDPOINT_MAX]);

#endif
