// SPDX-License-Identifier: GPL-2.0-only
/*
 * JSON. Settings have the names of their long options, from the option table;
 * counters those of the field table. One service, or connection, is a line, so
 * that large tables are never held twice.
 */
#include <arpa/inet.h>
#include <ctype.h>
#include <jansson.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "ipvs_fields.h"
#include "json.h"

#define ARRAY_SIZE(a) (sizeof(a) / sizeof((a)[0]))
#define KEY (SET(SERVICE) | SET(IPV6) | SET(SERVER))

/* --- pieces ------------------------------------------------------------------- */

/* Names come from the outside: what is not UTF-8 is no JSON, and is left out. */
static void set_text(json_t *obj, const char *key, const char *text)
{
	if (text)
		json_object_set_new(obj, key, json_string(text));
}

static void set_number(json_t *obj, const char *key, unsigned long long number)
{
	json_object_set_new(obj, key, json_integer(number > LLONG_MAX ? LLONG_MAX : number));
}

static const char *family_name(int af)
{
	return af == AF_INET6 ? "ipv6" : "ipv4";
}

void json_key(const struct option *o, char key[32])
{
	const char *name = o->id == O_FORWARD ? option_name(o->id) : o->name;

	snprintf(key, 32, "%s", name);
	for (char *c = key; *c; c++)
		if (*c == '-')
			*c = '_';
}

/* Methods exclude each other, so they are values of one member. */
static void set_option(json_t *obj, const struct option *o, const char *text)
{
	char key[32];

	json_key(o, key);
	if (o->id == O_FORWARD)
		set_text(obj, key, o->name);
	else if (o->arg == ARG_NONE)
		json_object_set_new(obj, key, json_true());
	else if (o->size)
		set_number(obj, key, strtoull(text, NULL, 10));
	else
		set_text(obj, key, text);
}

static void set_settings(json_t *obj, const struct saved *s)
{
	char text[ENDPOINT_MAX];

	for (unsigned int i = 0; i < nr_options; i++) {
		const struct option *o = &options[i];

		if (!(KEY & UINT64_C(1) << o->id) && o->value_of && o->value_of(o, s, text))
			set_option(obj, o, text);
	}
}

static void set_endpoint(json_t *obj, struct names *names, int protocol,
			 const struct json_endpoint *e)
{
	const char *host, *service;
	char text[INET6_ADDRSTRLEN];

	set_text(obj, "family", family_name(e->af));
	set_text(obj, "address", inet_ntop(e->af, &e->addr, text, sizeof(text)));
	set_number(obj, "port", ntohs(e->port));
	endpoint_names(names, e->af, &e->addr, protocol, e->port, &host, &service);
	set_text(obj, "host_name", host);
	set_text(obj, "port_name", service);
}

/* The rows from cps on are rates. */
static void set_stats(json_t *obj, const struct ipvs_stats *stats)
{
	json_t *counters = json_object(), *rates = json_object();

	for (size_t i = 0; i < ARRAY_SIZE(ipvs_stat_fields); i++) {
		const struct ipvs_field *f = &ipvs_stat_fields[i];
		__u64 n;

		memcpy(&n, (const char *)stats + f->offset, sizeof(n));
		set_number(f->offset < offsetof(struct ipvs_stats, cps) ? counters : rates,
			   f->name, n);
	}
	json_object_set_new(obj, "stats", counters);
	json_object_set_new(obj, "rates", rates);
}

static void dump(FILE *out, json_t *obj)
{
	json_dumpf(obj, out, JSON_COMPACT);
	json_decref(obj);
}

/* --- services ------------------------------------------------------------------- */

static const char *protocol_text(int protocol, char text[8])
{
	switch (protocol) {
	case IPPROTO_TCP:
		return "tcp";
	case IPPROTO_UDP:
		return "udp";
	case IPPROTO_SCTP:
		return "sctp";
	default:
		snprintf(text, 8, "%u", protocol);
		return text;
	}
}

static json_t *dest_object(const struct ipvs_service *s, const struct ipvs_dest *d,
			   struct names *names, bool counted)
{
	struct json_endpoint e = { .af = d->af, .addr = d->addr, .port = d->port };
	struct saved saved = { .service = s, .dest = d, .zeros = true };
	json_t *obj = json_object(), *conns;

	set_endpoint(obj, names, s->fwmark ? 0 : s->protocol, &e);
	set_settings(obj, &saved);
	if (!counted)
		return obj;
	conns = json_object();
	set_number(conns, "active", d->active);
	set_number(conns, "inactive", d->inactive);
	set_number(conns, "persistent", d->persist);
	json_object_set_new(obj, "connections", conns);
	set_stats(obj, &d->stats);
	return obj;
}

static json_t *service_object(const struct ipvs_service *s, struct names *names, bool counted)
{
	struct json_endpoint e = { .af = s->af, .addr = s->addr, .port = s->port };
	struct saved saved = { .service = s };
	json_t *obj = json_object();
	char text[8];

	if (s->fwmark) {
		set_number(obj, "fwmark", s->fwmark);
		set_text(obj, "family", family_name(s->af));
	} else {
		set_text(obj, "protocol", protocol_text(s->protocol, text));
		set_endpoint(obj, names, s->protocol, &e);
	}
	set_settings(obj, &saved);
	if (counted)
		set_stats(obj, &s->stats);
	return obj;
}

static void write_services(FILE *out, const struct snapshot *snap, struct names *names,
			   bool counted)
{
	fputs("\"services\":[", out);
	for (size_t i = 0; i < snap->services.nr; i++) {
		const struct ipvs_service *s = snapshot_service(snap, i);
		json_t *obj = service_object(s, names, counted), *servers = json_array();

		for (size_t k = snap->first[i]; k < snap->first[i + 1]; k++)
			json_array_append_new(servers, dest_object(s, snapshot_dest(snap, k), names,
								   counted));
		json_object_set_new(obj, "servers", servers);
		fputs(i ? ",\n" : "\n", out);
		dump(out, obj);
	}
	fputs(snap->services.nr ? "\n]" : "]", out);
}

void json_table(FILE *out, const struct snapshot *snap, struct names *names,
		const struct ipvs_info *info)
{
	fprintf(out, "{\"version\":\"%u.%u.%u\",\"size\":%u,", info->version >> 16 & 0xff,
		info->version >> 8 & 0xff, info->version & 0xff, info->conn_tab_size);
	write_services(out, snap, names, true);
	fputs("}\n", out);
}

/* --- timeouts and daemons ----------------------------------------------------------- */

static void write_timeouts(FILE *out, const struct ipvs_timeouts *timeouts)
{
	json_t *obj = json_object();

	for (size_t i = 0; i < ARRAY_SIZE(ipvs_timeout_fields); i++) {
		const struct ipvs_field *f = &ipvs_timeout_fields[i];
		__u32 n;

		memcpy(&n, (const char *)timeouts + f->offset, sizeof(n));
		set_number(obj, f->name, n);
	}
	fputs("\"timeouts\":", out);
	dump(out, obj);
}

static void write_daemons(FILE *out, const struct ipvs_list *daemons)
{
	const struct ipvs_daemon *d = daemons->items;
	json_t *list = json_array();

	for (size_t i = 0; i < daemons->nr; i++) {
		struct saved saved = { .daemon = &d[i] };
		json_t *obj = json_object();

		set_text(obj, "role", d[i].state == IP_VS_STATE_MASTER ? "master" : "backup");
		set_settings(obj, &saved);
		json_array_append_new(list, obj);
	}
	fputs("\"daemons\":", out);
	dump(out, list);
}

void json_timeouts(FILE *out, const struct ipvs_timeouts *timeouts)
{
	putc('{', out);
	write_timeouts(out, timeouts);
	fputs("}\n", out);
}

void json_daemons(FILE *out, const struct ipvs_list *daemons)
{
	putc('{', out);
	write_daemons(out, daemons);
	fputs("}\n", out);
}

void json_save(FILE *out, const struct snapshot *snap, struct names *names,
	       const struct ipvs_timeouts *timeouts, const struct ipvs_list *daemons)
{
	putc('{', out);
	if (timeouts) {
		write_timeouts(out, timeouts);
		fputs(",\n", out);
	}
	if (daemons) {
		write_daemons(out, daemons);
		fputs(",\n", out);
	}
	write_services(out, snap, names, false);
	fputs("}\n", out);
}

/* --- connections ------------------------------------------------------------------- */

void json_connections_begin(FILE *out)
{
	fputs("{\"connections\":[", out);
}

static void set_end(json_t *obj, const char *key, struct names *names, int protocol,
		    const struct json_endpoint *e)
{
	json_t *end = json_object();

	set_endpoint(end, names, protocol, e);
	json_object_set_new(obj, key, end);
}

void json_connection(FILE *out, const struct json_connection *c, struct names *names, bool first)
{
	json_t *obj = json_object();
	char protocol[16];
	size_t i;

	for (i = 0; c->protocol[i] && i < sizeof(protocol) - 1; i++)
		protocol[i] = tolower((unsigned char)c->protocol[i]);
	protocol[i] = '\0';
	set_text(obj, "protocol", protocol);
	set_text(obj, "state", c->state);
	set_number(obj, "expires", c->expires);
	set_end(obj, "client", names, c->protocol_number, &c->client);
	set_end(obj, "virtual", names, c->protocol_number, &c->virtual);
	set_end(obj, "destination", names, c->protocol_number, &c->dest);
	set_text(obj, "pe", c->pe);
	set_text(obj, "pe_data", c->pe_data);
	fputs(first ? "\n" : ",\n", out);
	dump(out, obj);
}

void json_connections_end(FILE *out)
{
	fputs("\n]}\n", out);
}
