// SPDX-License-Identifier: GPL-2.0-only
/*
 * Command lines to requests, by the option and command tables. popt splits the
 * words; the order of the checks decides which complaint a wrong line gets.
 */
#include <popt.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "commands.h"
#include "parse.h"
#include "value.h"

#define FIRST_OPTION	1000	/* popt's number of options[0]; commands count from 1 */

int complain(struct parser *p, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	free(p->complaint);
	if (vasprintf(&p->complaint, format, args) < 0)
		p->complaint = NULL;
	va_end(args);
	return -1;
}

int outcome_status(enum outcome o)
{
	switch (o) {
	case BAD_USAGE:
		return 2;
	case BAD_OPTION:
	case BAD_COMMAND:
		return 255;
	default:
		return 0;
	}
}

/* --- the tables as popt wants them ---------------------------------------- */

static struct poptOption popt_row(const char *name, char letter, int arg, int val)
{
	return (struct poptOption){ .longName = name, .shortName = letter, .argInfo = arg,
				    .val = val };
}

static int popt_arg(enum option_arg arg)
{
	switch (arg) {
	case ARG_NEEDED:
		return POPT_ARG_STRING;
	case ARG_MAY:
		return POPT_ARG_STRING | POPT_ARGFLAG_OPTIONAL;
	default:
		return POPT_ARG_NONE;
	}
}

/* To be freed. A command with a second letter has a row of its own for it. */
static struct poptOption *popt_table(void)
{
	struct poptOption *rows = calloc(2 * nr_commands + nr_options + 1, sizeof(*rows));
	struct poptOption *row = rows;

	if (!rows)
		return NULL;
	for (unsigned int i = 0; i < nr_commands; i++) {
		const struct command *c = &commands[i];
		int arg = c->kind == C_ROLE ? POPT_ARG_STRING : POPT_ARG_NONE;

		*row++ = popt_row(c->name, c->letter, arg, 1 + i);
		if (c->letter2)
			*row++ = popt_row(NULL, c->letter2, arg, 1 + i);
	}
	for (unsigned int i = 0; i < nr_options; i++)
		*row++ = popt_row(options[i].name, options[i].letter, popt_arg(options[i].arg),
				  FIRST_OPTION + i);
	return rows;
}

/* --- steps ------------------------------------------------------------------ */

static int parse_role(struct parser *p, const char *role)
{
	__u32 *state = &p->req->ask.daemon.state;

	if (!strcmp(role, "master"))
		*state = IP_VS_STATE_MASTER;
	else if (!strcmp(role, "backup"))
		*state = IP_VS_STATE_BACKUP;
	else
		return complain(p, "%s", p->req->command->wrong_role);
	return 0;
}

/* The first option decides what the line is about. */
static enum outcome parse_command(struct parser *p, poptContext popt)
{
	int val = poptGetNextOpt(popt);
	enum outcome result = PARSED;
	char *role;

	if (val < 1 || val >= FIRST_OPTION) {
		free(poptGetOptArg(popt));
		complain(p, TRY_HELP, p->program, p->program);
		return BAD_COMMAND;
	}
	p->req->command = &commands[val - 1];
	p->req->ask.cmd = p->req->command->ipvs_cmd;
	role = poptGetOptArg(popt);
	switch (p->req->command->kind) {
	case C_HELP:
		result = ASKED_HELP;
		break;
	case C_VERSION:
		result = ASKED_VERSION;
		break;
	case C_ROLE:
		if (parse_role(p, role ? role : ""))
			result = BAD_USAGE;
		break;
	default:
		break;
	}
	free(role);
	return result;
}

static int parse_option(struct parser *p, const struct option *o, const char *arg)
{
	option_set bit = UINT64_C(1) << o->id;

	if (o->id < O_RULED && p->req->given & bit)
		return complain(p, "multiple '%s' options specified", option_name(o->id));
	p->req->given |= bit;
	return o->parse(p, o, arg);
}

static enum outcome parse_options(struct parser *p, poptContext popt)
{
	int val, err;
	char *arg;

	while ((val = poptGetNextOpt(popt)) >= 0) {
		arg = poptGetOptArg(popt);
		if (val >= FIRST_OPTION)
			err = parse_option(p, &options[val - FIRST_OPTION], arg);
		else if (commands[val - 1].kind == C_ROLE)
			err = complain(p, "invalid option `--%s'", commands[val - 1].name);
		else
			err = complain(p, "invalid option `%s'", poptBadOption(popt, 0));
		free(arg);
		if (err)
			return BAD_USAGE;
	}
	if (val == -1)
		return PARSED;
	complain(p, "%s: %s", poptBadOption(popt, POPT_BADOPTION_NOALIAS), poptStrerror(val));
	return BAD_OPTION;
}

/* What had to wait for other options: the netmask for the family, the server's
 * port for the protocol and for the port of the service.
 */
static int finish_values(struct parser *p)
{
	struct ipvs_service *s = &p->req->ask.service;
	struct ipvs_dest *d = &p->req->ask.dest;

	if (!has(p->req, SET(NETMASK)))
		s->netmask = value_full_mask(s->af);
	else if (p->netmask && !value_netmask(p->netmask, s->af, &s->netmask))
		return complain(p, s->af == AF_INET6 ? "illegal ipv6 netmask specified" :
				"illegal virtual server persistent mask specified");
	if (p->server_port && !value_port(p->server_port, s->protocol, &d->port))
		return complain(p, "illegal real server address[:port] specified");
	if (!p->has_server_port && !s->fwmark)
		d->port = s->port;
	return 0;
}

static int parse_words(struct parser *p, poptContext popt)
{
	struct ipvs_timeouts *t = &p->req->ask.timeouts;
	__u32 *targets[] = { &t->tcp, &t->tcp_fin, &t->udp };
	const char *words[3];
	long long number;

	for (int i = 0; i < 3; i++) {
		words[i] = poptGetArg(popt);
		if (!words[i])
			return complain(p, "--set option requires 3 timeout values");
	}
	for (int i = 0; i < 3; i++) {
		if (!value_number(words[i], 0, 2678400, &number))
			return complain(p, "invalid timeout value `%s' specified", words[i]);
		*targets[i] = number;
	}
	return 0;
}

static int finish_scheduler(struct parser *p)
{
	struct ipvs_service *s = &p->req->ask.service;
	__u32 flags;
	bool known;
	char *word;
	int err;

	if (!s->sched[0])
		strcpy(s->sched, "wlc");
	s->flags.mask = ~0u;
	if (!p->sched_flags)
		return 0;
	if (value_sched_flags(p->sched_flags, s->sched, &flags, &word, &known)) {
		s->flags.flags |= flags;
		return 0;
	}
	err = complain(p, known ? "incompatible scheduler flag `%s'" :
		       "invalid scheduler flag `%s'", word ? word : "");
	free(word);
	return err;
}

int check_options(struct parser *p, option_set among, option_set need, option_set allow,
		  option_set one_of, const char *called, const char *noun)
{
	const char *earlier = NULL;

	for (enum option_name id = 0; id < O_RULED; id++) {
		option_set bit = UINT64_C(1) << id;

		if (!(among & bit))
			continue;
		if (!(p->req->given & bit)) {
			if (need & bit)
				return complain(p, "You need to supply the '%s' option for the "
						"'%s' %s", option_name(id), called, noun);
			continue;
		}
		if (!((need | allow) & bit))
			return complain(p, "Illegal '%s' option with the '%s' %s",
					option_name(id), called, noun);
		if (!(one_of & bit))
			continue;
		if (earlier)
			return complain(p, "The option '%s' conflicts with the '%s' option in "
					"the '%s' %s", option_name(id), earlier, called, noun);
		earlier = option_name(id);
	}
	return 0;
}

static int finish(struct parser *p, poptContext popt)
{
	const struct command *c = p->req->command;
	const char *word;

	if (finish_values(p))
		return -1;
	if (c->kind == C_WORDS && parse_words(p, popt))
		return -1;
	word = poptGetArg(popt);
	if (word)
		return complain(p, "unexpected argument %s", word);
	if (finish_scheduler(p))
		return -1;
	if (check_options(p, ~UINT64_C(0), c->need, c->allow, c->one_of, c->called, "command"))
		return -1;
	return c->check ? c->check(p) : 0;
}

enum outcome parse(int argc, const char **argv, struct request *req, char **complaint)
{
	struct parser p = { .program = argv[0], .req = req };
	struct poptOption *table = popt_table();
	enum outcome result;
	poptContext popt;

	memset(req, 0, sizeof(*req));
	req->ask.dest.weight = 1;
	req->ask.dest.conn_flags = IP_VS_CONN_F_DROUTE;
	*complaint = NULL;
	popt = table ? poptGetContext("ipvsadm", argc, argv, table, 0) : NULL;
	if (!popt) {
		free(table);
		return BAD_USAGE;
	}
	result = parse_command(&p, popt);
	if (result == PARSED)
		result = parse_options(&p, popt);
	if (result == PARSED && finish(&p, popt))
		result = BAD_USAGE;
	poptFreeContext(popt);
	free(table);
	free(p.server_port);
	free(p.netmask);
	free(p.sched_flags);
	*complaint = p.complaint;
	return result;
}
