// SPDX-License-Identifier: GPL-2.0-only
/*
 * Connections, from /proc/net/ip_vs_conn. Its lines are as long as they please:
 * the data of a persistence engine is chosen by whoever sends the packets.
 */
#include <arpa/inet.h>
#include <stdlib.h>
#include <string.h>

#include "conns.h"
#include "json.h"
#include "snapshot.h"

#define CONN_FILE	"/proc/net/ip_vs_conn"
#define NAME_WIDTH	59	/* longer names are cut */

enum { PROTOCOL, CLIENT, CLIENT_PORT, VIRTUAL, VIRTUAL_PORT, DEST, DEST_PORT, STATE, EXPIRES,
       NR_NEEDED, ENGINE = NR_NEEDED, ENGINE_DATA, NR_FIELDS };

struct conn_view {
	struct session *s;
	const struct request *req;
	struct names *names;			/* NULL: numbers */
	const struct snapshot *snap;		/* empty unless a mark is asked for */
	const struct ipvs_list *servers;	/* those of the mark */
};

/* Return: how many words there are, at most NR_FIELDS. */
static int split(char *line, char *fields[NR_FIELDS])
{
	char *rest = NULL;
	int nr = 0;

	for (char *word = strtok_r(line, " \t\n", &rest); word && nr < NR_FIELDS;
	     word = strtok_r(NULL, " \t\n", &rest))
		fields[nr++] = word;
	return nr;
}

static int protocol_number(const char *name)
{
	if (!strcmp(name, "TCP"))
		return IPPROTO_TCP;
	if (!strcmp(name, "UDP"))
		return IPPROTO_UDP;
	return strcmp(name, "SCTP") ? 0 : IPPROTO_SCTP;
}

/* Addresses are eight digits or full IPv6, ports four digits, all hexadecimal. */
static bool read_endpoint(const char *addr_text, const char *port_text, struct json_endpoint *e)
{
	char *end;

	memset(e, 0, sizeof(*e));
	e->af = AF_INET;
	e->port = htons(strtoul(port_text, NULL, 16));
	if (strchr(addr_text, ':')) {
		e->af = AF_INET6;
		return inet_pton(e->af, addr_text, &e->addr.in6) == 1;
	}
	e->addr.ip = htonl(strtoul(addr_text, &end, 16));
	return !*end;
}

static bool read_connection(char *fields[], int nr, struct json_connection *c)
{
	if (nr < NR_NEEDED)
		return false;
	c->protocol = fields[PROTOCOL];
	c->protocol_number = protocol_number(fields[PROTOCOL]);
	c->state = fields[STATE];
	c->expires = strtoul(fields[EXPIRES], NULL, 10);
	c->pe = nr == NR_FIELDS ? fields[ENGINE] : NULL;
	c->pe_data = nr == NR_FIELDS ? fields[ENGINE_DATA] : NULL;
	return read_endpoint(fields[CLIENT], fields[CLIENT_PORT], &c->client) &&
	       read_endpoint(fields[VIRTUAL], fields[VIRTUAL_PORT], &c->virtual) &&
	       read_endpoint(fields[DEST], fields[DEST_PORT], &c->dest);
}

/* --- filter --------------------------------------------------------------------- */

static bool same_addr(const union nf_inet_addr *a, const union nf_inet_addr *b, int bits)
{
	const unsigned char *x = (const unsigned char *)a, *y = (const unsigned char *)b;
	int bytes = bits / 8, rest = bits % 8;

	return !memcmp(x, y, bytes) &&
	       (!rest || !((x[bytes] ^ y[bytes]) >> (8 - rest)));
}

/* Port 0 stands for any. */
static bool is_endpoint(const struct json_endpoint *e, int af, const union nf_inet_addr *addr,
			__be16 port)
{
	return e->af == af && same_addr(&e->addr, addr, af == AF_INET6 ? 128 : 32) &&
	       (!port || e->port == port);
}

/* What a mark has balanced is not written down; its servers tell, as far as no
 * service by address has the connection.
 */
static bool is_of_mark(const struct conn_view *v, const struct json_connection *c)
{
	const struct ipvs_service *service = &v->req->ask.service;

	if (!strcmp(c->protocol, "IP"))
		return c->client.af == service->af && c->virtual.addr.ip == htonl(service->fwmark);
	if (c->client.af != service->af)
		return false;
	for (size_t i = 0; i < v->snap->services.nr; i++) {
		const struct ipvs_service *other = snapshot_service(v->snap, i);

		if (!other->fwmark && other->protocol == c->protocol_number &&
		    is_endpoint(&c->virtual, other->af, &other->addr, other->port))
			return false;
	}
	for (size_t i = 0; i < v->servers->nr; i++) {
		const struct ipvs_dest *d = (const struct ipvs_dest *)v->servers->items + i;

		if (is_endpoint(&c->dest, d->af, &d->addr, d->port))
			return true;
	}
	return false;
}

static bool is_wanted(const struct conn_view *v, const struct json_connection *c)
{
	const struct client_filter *client = &v->req->client;
	const struct ipvs_service *s = &v->req->ask.service;
	const struct ipvs_dest *d = &v->req->ask.dest;

	if (has(v->req, SET(SERVICE)) && s->fwmark && !is_of_mark(v, c))
		return false;
	if (has(v->req, SET(SERVICE)) && !s->fwmark &&
	    (s->protocol != c->protocol_number ||
	     !is_endpoint(&c->virtual, s->af, &s->addr, s->port)))
		return false;
	if (has(v->req, SET(SERVER)) &&
	    !is_endpoint(&c->dest, d->af, &d->addr, v->req->any_server_port ? 0 : d->port))
		return false;
	if (has(v->req, SET(CLIENT)) &&
	    (client->af != c->client.af ||
	     !same_addr(&c->client.addr, &client->addr, client->prefix)))
		return false;
	return !has(v->req, SET(STATE)) || !strcasecmp(client->state, c->state);
}

/* --- rows ------------------------------------------------------------------------ */

static void endpoint_cell(const struct conn_view *v, const struct json_connection *c,
			  const struct json_endpoint *e, char text[ENDPOINT_MAX])
{
	endpoint_text(v->names, e->af, &e->addr, c->protocol_number, e->port, text);
	if (!has(v->req, SET(WIDE)))
		text[NAME_WIDTH] = '\0';
}

static void print_connection(const struct conn_view *v, const struct json_connection *c)
{
	char client[ENDPOINT_MAX], virtual[ENDPOINT_MAX], dest[ENDPOINT_MAX], expires[32];

	endpoint_cell(v, c, &c->client, client);
	endpoint_cell(v, c, &c->virtual, virtual);
	endpoint_cell(v, c, &c->dest, dest);
	snprintf(expires, sizeof(expires), "%02lu:%02lu", c->expires / 60, c->expires % 60);
	fprintf(v->s->out, "%-3s %-6s %-11s %-18s %-18s ", c->protocol, expires, c->state, client,
		virtual);
	if (c->pe && has(v->req, SET(PERSISTENT_CONN)))
		fprintf(v->s->out, "%-16s %-18s %s\n", dest, c->pe, c->pe_data);
	else
		fprintf(v->s->out, "%s\n", dest);
}

static void print_title(const struct conn_view *v)
{
	fprintf(v->s->out, "IPVS connection entries\n"
		"pro expire state       source             virtual            destination%s\n",
		has(v->req, SET(PERSISTENT_CONN)) ? "        pe name          pe_data" : "");
}

static int unexpected(FILE *err)
{
	fprintf(err, "unexpected input from " CONN_FILE "\n");
	return 1;
}

static int list_lines(const struct conn_view *v, FILE *in)
{
	bool json = has(v->req, SET(JSON)), first = true;
	char *line = NULL, *fields[NR_FIELDS];
	struct json_connection c;
	size_t room = 0;
	int status = 0;

	if (getline(&line, &room, in) < 0)
		status = unexpected(v->s->err);
	else if (json)
		json_connections_begin(v->s->out);
	else
		print_title(v);
	while (!status && getline(&line, &room, in) >= 0) {
		if (!read_connection(fields, split(line, fields), &c)) {
			status = unexpected(v->s->err);
			continue;
		}
		if (!is_wanted(v, &c))
			continue;
		if (json)
			json_connection(v->s->out, &c, v->names, first);
		else
			print_connection(v, &c);
		first = false;
	}
	if (!status && json)
		json_connections_end(v->s->out);
	free(line);
	return status;
}

/* The services, and the servers of the mark, if a mark is asked for. */
static int read_services(struct session *s, const struct request *req, struct snapshot *snap,
			 struct ipvs_list *servers)
{
	int err;

	if (!has(req, SET(SERVICE)) || !req->ask.service.fwmark)
		return 0;
	err = snapshot_take(snap, s->ipvs, NULL, false);
	return err ? err : ipvs_dest_list(s->ipvs, &req->ask.service, servers);
}

static const char *conn_file(void)
{
#ifdef IPVS_REPLAY
	const char *file = getenv("IPVS_REPLAY_CONNS");

	if (file)
		return file;
#endif
	return CONN_FILE;
}

int list_connections(struct session *s, const struct request *req, struct names *names)
{
	struct snapshot snap = { 0 };
	struct ipvs_list servers = { 0 };
	struct conn_view v = { .s = s, .req = req, .names = names, .snap = &snap,
			       .servers = &servers };
	FILE *in = fopen(conn_file(), "r");
	int status = 1, err;

	if (!in) {
		fprintf(s->err, "cannot open file " CONN_FILE "\n");
		return 1;
	}
	err = read_services(s, req, &snap, &servers);
	if (err)
		fprintf(s->err, "%s\n", ipvs_error_text(IPVS_CMD_GET_SERVICE, err));
	else
		status = list_lines(&v, in);
	snapshot_free(&snap);
	ipvs_list_free(&servers);
	fclose(in);
	return status;
}
