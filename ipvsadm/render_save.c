// SPDX-License-Identifier: GPL-2.0-only
/* The table as command lines: the tables of commands and options, read backwards. */
#include "commands.h"
#include "options.h"
#include "render.h"

#define KEY (SET(SERVICE) | SET(IPV6) | SET(SERVER))

static void write_options(FILE *out, const struct saved *s, option_set which)
{
	char text[ENDPOINT_MAX];

	for (unsigned int i = 0; i < nr_options; i++) {
		const struct option *o = &options[i];

		if (!(which & UINT64_C(1) << o->id) || !o->value_of || !o->value_of(o, s, text))
			continue;
		if (o->letter)
			fprintf(out, " -%c", o->letter);
		else
			fprintf(out, " --%s", o->name);
		if (o->arg != ARG_NONE)
			fprintf(out, " %s", text);
	}
}

static const struct command *command_of(int ipvs_cmd)
{
	for (unsigned int i = 0; i < nr_commands; i++)
		if (commands[i].ipvs_cmd == ipvs_cmd)
			return &commands[i];
	return NULL;
}

/* What @ask is about, with those options that its command knows. */
static option_set object_of(const struct ipvs_request *ask, struct saved *s)
{
	const struct command *c = command_of(ask->cmd);
	option_set known = c ? c->need | c->allow | SET(IPV6) : KEY & ~SET(SERVER);

	if (c && c->kind == C_ROLE)
		s->daemon = &ask->daemon;
	else if (known & SET(SERVICE) && ask->service.af)
		s->service = &ask->service;
	if (known & SET(SERVER))
		s->dest = &ask->dest;
	return known;
}

static const char *role_of(const struct ipvs_request *ask)
{
	return ask->daemon.state == IP_VS_STATE_MASTER ? "master" : "backup";
}

void render_command(FILE *out, const struct ipvs_request *ask, struct names *names)
{
	const struct command *c = command_of(ask->cmd);
	struct saved s = { .names = names };
	option_set known = object_of(ask, &s);

	if (c->letter)
		fprintf(out, "-%c", c->letter);
	else
		fprintf(out, "--%s", c->name);
	if (c->kind == C_ROLE)
		fprintf(out, " %s", role_of(ask));
	if (c->kind == C_WORDS)
		fprintf(out, " %u %u %u", ask->timeouts.tcp, ask->timeouts.tcp_fin,
			ask->timeouts.udp);
	if (ask->cmd != IPVS_CMD_DEL_DAEMON)
		write_options(out, &s, known);
}

void render_object(FILE *out, const struct ipvs_request *ask)
{
	const struct command *c = command_of(ask->cmd);
	struct saved s = { .names = NULL };
	option_set known = object_of(ask, &s);

	if (c && c->letter)
		fprintf(out, "-%c", c->letter);
	else if (c)
		fprintf(out, "--%s", c->name);
	else
		fputs("-L", out);
	if (c && c->kind == C_ROLE)
		fprintf(out, " %s", role_of(ask));
	if (ask->cmd == IPVS_CMD_NEW_DAEMON)
		write_options(out, &s, SET(MCAST_INTERFACE));
	write_options(out, &s, known & KEY);
	fputs(": ", out);
}

void render_save(FILE *out, const struct snapshot *snap, struct names *names)
{
	struct ipvs_request ask;

	for (size_t i = 0; i < snap->services.nr; i++) {
		ask.cmd = IPVS_CMD_NEW_SERVICE;
		ask.service = *snapshot_service(snap, i);
		render_command(out, &ask, names);
		putc('\n', out);
		ask.cmd = IPVS_CMD_NEW_DEST;
		for (size_t k = snap->first[i]; k < snap->first[i + 1]; k++) {
			ask.dest = *snapshot_dest(snap, k);
			render_command(out, &ask, names);
			putc('\n', out);
		}
	}
}

void render_save_rest(FILE *out, const struct ipvs_timeouts *t, const struct ipvs_list *daemons)
{
	struct ipvs_request ask = { .cmd = IPVS_CMD_SET_CONFIG, .timeouts = *t };

	render_command(out, &ask, NULL);
	putc('\n', out);
	ask.cmd = IPVS_CMD_NEW_DAEMON;
	for (size_t i = 0; i < daemons->nr; i++) {
		ask.daemon = ((const struct ipvs_daemon *)daemons->items)[i];
		render_command(out, &ask, NULL);
		putc('\n', out);
	}
}
