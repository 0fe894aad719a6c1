// SPDX-License-Identifier: GPL-2.0-only
/*
 * Names and numbers of hosts and ports. Each is looked up once in a run; after
 * the name service has kept us waiting in vain, no host is looked up any more.
 */
#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "resolve.h"

#define BUCKETS		4096
#define PATIENCE	2	/* seconds that a look-up in vain may take */
#define SAVED_MAX	59	/* characters of an endpoint that every version reads back */

struct known {
	struct known *next;
	char *name;			/* NULL: has none */
	char *saved_name;		/* same as name if it reads back, else NULL */
	union nf_inet_addr addr;	/* of ports: zero */
	__u16 af;			/* of ports: 0 */
	__u16 protocol;
	__be16 port;
};

struct names {
	bool gave_up;
	struct known *buckets[BUCKETS];
};

struct names *names_new(void)
{
	return calloc(1, sizeof(struct names));
}

void names_free(struct names *names)
{
	if (!names)
		return;
	for (size_t i = 0; i < BUCKETS; i++)
		while (names->buckets[i]) {
			struct known *k = names->buckets[i];

			names->buckets[i] = k->next;
			free(k->name);
			free(k);
		}
	free(names);
}

static const char *protocol_name(int protocol)
{
	switch (protocol) {
	case IPPROTO_TCP:	return "tcp";
	case IPPROTO_UDP:	return "udp";
	case IPPROTO_SCTP:	return "sctp";
	default:		return NULL;
	}
}

bool resolve_host(const char *name, struct in_addr *addr)
{
	struct hostent *host = gethostbyname(name);

	if (!host || host->h_addrtype != AF_INET || host->h_length != sizeof(*addr))
		return false;
	memcpy(addr, host->h_addr_list[0], sizeof(*addr));
	return true;
}

bool resolve_port(const char *name, int protocol, __be16 *port)
{
	struct servent *service = NULL;

	if (protocol_name(protocol))
		service = getservbyname(name, protocol_name(protocol));
	if (!service)
		return false;
	*port = service->s_port;
	return true;
}

/* IPv6 names have no way back: they are looked up as IPv4 names. */
static void look_up_host(struct names *names, struct known *k)
{
	time_t start = time(NULL);
	struct hostent *host;
	struct in_addr back;

	if (names->gave_up)
		return;
	host = gethostbyaddr(&k->addr, k->af == AF_INET6 ? 16 : 4, k->af);
	if (!host) {
		names->gave_up = h_errno == TRY_AGAIN && time(NULL) - start >= PATIENCE;
		return;
	}
	k->name = strdup(host->h_name);
	if (k->name && k->af == AF_INET && resolve_host(k->name, &back) &&
	    back.s_addr == k->addr.ip)
		k->saved_name = k->name;
}

static void look_up_port(struct known *k)
{
	struct servent *service = getservbyport(k->port, protocol_name(k->protocol));
	__be16 back;

	if (!service)
		return;
	k->name = strdup(service->s_name);
	if (k->name && resolve_port(k->name, k->protocol, &back) && back == k->port)
		k->saved_name = k->name;
}

static bool is_same(const struct known *a, const struct known *b)
{
	return a->af == b->af && a->protocol == b->protocol && a->port == b->port &&
	       !memcmp(&a->addr, &b->addr, sizeof(a->addr));
}

static struct known **bucket_of(struct names *names, const struct known *k)
{
	__u32 hash = k->port * 31 + k->protocol;

	for (size_t i = 0; i < 4; i++)
		hash = (hash ^ k->addr.all[i]) * 2654435761u;
	return &names->buckets[(hash >> 16) % BUCKETS];
}

/* Finds what is known about @want, looking it up if it is new. */
static const struct known *look_up(struct names *names, const struct known *want)
{
	struct known **bucket = bucket_of(names, want);
	struct known *k;

	for (k = *bucket; k; k = k->next)
		if (is_same(k, want))
			return k;
	k = malloc(sizeof(*k));
	if (!k)
		return want;
	*k = *want;
	k->next = *bucket;
	*bucket = k;
	if (k->af)
		look_up_host(names, k);
	else
		look_up_port(k);
	return k;
}

static void write_endpoint(int af, const union nf_inet_addr *addr, __be16 port,
			   const char *host, const char *service, char text[ENDPOINT_MAX])
{
	char addr_text[IPVS_ADDR_TEXT_MAX], port_text[8];
	bool brackets = host && af == AF_INET6;

	snprintf(port_text, sizeof(port_text), "%u", ntohs(port));
	snprintf(text, ENDPOINT_MAX, "%s%s%s:%s", brackets ? "[" : "",
		 host ? host : ipvs_addr_text(af, addr, addr_text), brackets ? "]" : "",
		 service ? service : port_text);
}

/* What is known about a host and a port; without names at all nothing is. */
struct found {
	struct known host, service;
	const struct known *h, *s;
};

static void find_names(struct names *names, int af, const union nf_inet_addr *addr, int protocol,
		       __be16 port, struct found *f)
{
	f->host = (struct known){ .af = af };
	f->service = (struct known){ .protocol = protocol, .port = port };
	f->h = &f->host;
	f->s = &f->service;
	if (!names)
		return;
	memcpy(&f->host.addr, addr, af == AF_INET6 ? 16 : 4);
	f->h = look_up(names, &f->host);
	if (port && protocol_name(protocol))
		f->s = look_up(names, &f->service);
}

void endpoint_names(struct names *names, int af, const union nf_inet_addr *addr, int protocol,
		    __be16 port, const char **host, const char **service)
{
	struct found f;

	find_names(names, af, addr, protocol, port, &f);
	*host = f.h->name;
	*service = f.s->name;
}

void endpoint_text(struct names *names, int af, const union nf_inet_addr *addr, int protocol,
		   __be16 port, char text[ENDPOINT_MAX])
{
	struct found f;

	find_names(names, af, addr, protocol, port, &f);
	write_endpoint(af, addr, port, f.h->name, f.s->name, text);
}

void endpoint_text_saved(struct names *names, int af, const union nf_inet_addr *addr,
			 int protocol, __be16 port, char text[ENDPOINT_MAX])
{
	struct found f;

	find_names(names, af, addr, protocol, port, &f);
	write_endpoint(af, addr, port, f.h->saved_name, f.s->saved_name, text);
	if (strlen(text) > SAVED_MAX)
		write_endpoint(af, addr, port, NULL, NULL, text);
}
