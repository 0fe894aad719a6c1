// SPDX-License-Identifier: GPL-2.0-only
/*
 * Rules from JSON: each object becomes the command line that would say the same, so
 * that values are checked in one place. Members that tell a state (counters, names)
 * are passed over, those that nobody knows are complained of.
 */
#include <jansson.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "explain.h"
#include "json.h"
#include "rules.h"

#define WORDS_MAX	128
#define ARRAY_SIZE(a)	(sizeof(a) / sizeof((a)[0]))

/* A command line in the making. */
struct line {
	struct session *s;
	struct rules *rules;
	const char *argv[WORDS_MAX];
	char *own[WORDS_MAX];		/* those to be freed */
	int argc;
	bool bad;
};

static void complain_of(struct session *s, struct rules *r, const char *what, const char *name)
{
	fprintf(s->err, "%s `%s'\n" SECOND_LINE "%s: not understood\n", what, name,
		s->where[0] ? s->where : "the file");
	r->bad = true;
}

static void complain_of_line(struct line *l, const char *what, const char *name)
{
	complain_of(l->s, l->rules, what, name);
	l->bad = true;
}

__attribute__((format(printf, 2, 3)))
static void add_word(struct line *l, const char *format, ...)
{
	char *word = NULL;
	va_list args;

	va_start(args, format);
	if (l->argc < WORDS_MAX - 1 && vasprintf(&word, format, args) >= 0) {
		l->own[l->argc] = word;
		l->argv[l->argc++] = word;
	}
	va_end(args);
}

static void begin_line(struct line *l, struct session *s, struct rules *r, const char *command)
{
	memset(l, 0, sizeof(*l));
	l->s = s;
	l->rules = r;
	l->argv[l->argc++] = s->program;
	l->argv[l->argc++] = command;
}

static void end_line(struct line *l)
{
	if (!l->bad)
		rules_add(l->s, l->rules, l->argc, l->argv);
	for (int i = 0; i < l->argc; i++)
		free(l->own[i]);
}

/* --- settings -------------------------------------------------------------------- */

static const char *const state_members[] = {
	"protocol", "family", "address", "port", "fwmark", "role", "host_name", "port_name",
	"stats", "rates", "connections", "servers", "version", "size",
};

static bool is_state(const char *key)
{
	for (size_t i = 0; i < ARRAY_SIZE(state_members); i++)
		if (!strcmp(key, state_members[i]))
			return true;
	return false;
}

static const struct option *option_of(const char *key, json_t *value)
{
	char name[32];

	for (unsigned int i = 0; i < nr_options; i++) {
		const struct option *o = &options[i];

		json_key(o, name);
		if (!o->value_of || strcmp(key, name))
			continue;
		if (o->id != O_FORWARD ||
		    (json_is_string(value) && !strcmp(json_string_value(value), o->name)))
			return o;
	}
	return NULL;
}

static void add_option(struct line *l, const struct option *o, const char *key, json_t *value)
{
	if (json_is_false(value) || json_is_null(value))
		return;
	if (o->arg == ARG_NONE && (json_is_true(value) || o->id == O_FORWARD))
		add_word(l, "--%s", o->name);
	else if (o->arg != ARG_NONE && json_is_string(value))
		add_word(l, "--%s=%s", o->name, json_string_value(value));
	else if (o->arg != ARG_NONE && json_is_integer(value))
		add_word(l, "--%s=%lld", o->name, (long long)json_integer_value(value));
	else
		complain_of_line(l, "wrong value of member", key);
}

static void add_settings(struct line *l, json_t *obj)
{
	const char *key;
	json_t *value;

	json_object_foreach(obj, key, value) {
		const struct option *o = option_of(key, value);

		if (o)
			add_option(l, o, key, value);
		else if (!is_state(key))
			complain_of_line(l, "unknown member", key);
	}
}

/* --- services ---------------------------------------------------------------------- */

static void add_endpoint(struct line *l, const char *option, json_t *obj)
{
	const char *address = json_string_value(json_object_get(obj, "address"));
	json_t *port = json_object_get(obj, "port");
	bool brackets;

	if (!address || !json_is_integer(port)) {
		complain_of_line(l, "missing or wrong member", address ? "port" : "address");
		return;
	}
	brackets = strchr(address, ':');
	add_word(l, "%s", option);
	add_word(l, "%s%s%s:%lld", brackets ? "[" : "", address, brackets ? "]" : "",
		 (long long)json_integer_value(port));
}

/* The options that name a service. */
static void add_service_key(struct line *l, json_t *service)
{
	json_t *mark = json_object_get(service, "fwmark");
	const char *family = json_string_value(json_object_get(service, "family"));
	const char *protocol = json_string_value(json_object_get(service, "protocol"));
	char option[32];

	if (mark) {
		add_word(l, "--fwmark-service=%lld", (long long)json_integer_value(mark));
		if (family && !strcmp(family, "ipv6"))
			add_word(l, "--ipv6");
		return;
	}
	if (!protocol || (strcmp(protocol, "tcp") && strcmp(protocol, "udp") &&
			  strcmp(protocol, "sctp"))) {
		complain_of_line(l, "missing or wrong member", "protocol");
		return;
	}
	snprintf(option, sizeof(option), "--%s-service", protocol);
	add_endpoint(l, option, service);
}

static void read_server(struct session *s, struct rules *r, json_t *service, json_t *server)
{
	struct line l;

	begin_line(&l, s, r, "-a");
	add_service_key(&l, service);
	add_endpoint(&l, "--real-server", server);
	add_settings(&l, server);
	end_line(&l);
}

static void read_service(struct session *s, struct rules *r, json_t *service, size_t at)
{
	json_t *servers = json_object_get(service, "servers"), *server;
	struct line l;
	size_t i;

	snprintf(s->where, sizeof(s->where), "services[%zu]", at);
	begin_line(&l, s, r, "-A");
	add_service_key(&l, service);
	add_settings(&l, service);
	end_line(&l);
	if (servers && !json_is_array(servers))
		complain_of(s, r, "wrong value of member", "servers");
	json_array_foreach(servers, i, server) {
		snprintf(s->where, sizeof(s->where), "services[%zu].servers[%zu]", at, i);
		read_server(s, r, service, server);
	}
}

/* --- the rest ------------------------------------------------------------------------ */

static void read_daemon(struct session *s, struct rules *r, json_t *daemon, size_t at)
{
	const char *role = json_string_value(json_object_get(daemon, "role"));
	struct line l;

	snprintf(s->where, sizeof(s->where), "daemons[%zu]", at);
	begin_line(&l, s, r, "--start-daemon");
	add_word(&l, "%s", role ? role : "");
	add_settings(&l, daemon);
	end_line(&l);
}

static void read_timeouts(struct session *s, struct rules *r, json_t *timeouts)
{
	static const char *const members[] = { "tcp", "tcp_fin", "udp" };
	struct line l;

	snprintf(s->where, sizeof(s->where), "timeouts");
	begin_line(&l, s, r, "--set");
	for (size_t i = 0; i < ARRAY_SIZE(members); i++)
		add_word(&l, "%lld", (long long)json_integer_value(json_object_get(timeouts,
										   members[i])));
	end_line(&l);
}

static void read_list(struct session *s, struct rules *r, const char *key, json_t *list,
		      void (*read_one)(struct session *s, struct rules *r, json_t *one, size_t at))
{
	json_t *one;
	size_t i;

	if (!json_is_array(list))
		complain_of(s, r, "wrong value of member", key);
	json_array_foreach(list, i, one)
		read_one(s, r, one, i);
	s->where[0] = '\0';
}

void rules_read_json(struct session *s, struct rules *r, const char *text, size_t len)
{
	json_error_t error;
	json_t *root = json_loadb(text, len, JSON_REJECT_DUPLICATES, &error), *value;
	const char *key;

	if (!root) {
		fprintf(s->err, "invalid JSON\n" SECOND_LINE "line %d: %s\n", error.line, error.text);
		r->bad = true;
		return;
	}
	json_object_foreach(root, key, value) {
		s->where[0] = '\0';
		if (!strcmp(key, "services")) {
			r->has_services = true;
			read_list(s, r, key, value, read_service);
		} else if (!strcmp(key, "daemons")) {
			read_list(s, r, key, value, read_daemon);
		} else if (!strcmp(key, "timeouts")) {
			read_timeouts(s, r, value);
		} else if (!is_state(key) || !strcmp(key, "connections")) {
			complain_of(s, r, "unknown member", key);
		}
	}
	json_decref(root);
}
