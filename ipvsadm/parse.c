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

static int popt_command_arg(enum command_kind kind)
{
	switch (kind) {
	case C_ROLE:
		return POPT_ARG_STRING;
	case C_FILE:
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
		int arg = popt_command_arg(c->kind);

		*row++ = popt_row(c->name, c->letter, arg, 1 + i);
		if (c->letter2)
			*row++ = popt_row(NULL, c->letter2, arg, 1 + i);
	}
	for (unsigned int i = 0; i < nr_options; i++)
		*row++ = popt_row(options[i].name, options[i].letter, popt_arg(options[i].arg),
				  FIRST_OPTION + i);
	return rows;
}

/* popt replaces this by the next word, wherever it stands. */
#define EXPANDED	"!#:+"
#define PROTECTED	"!#:\001+"

/* Copies @text with every @from replaced by @to. To be freed. */
static char *replace(const char *text, const char *from, const char *to)
{
	char *copy = NULL;
	const char *hit;
	size_t size;
	FILE *out;

	if (!strstr(text, from))
		return strdup(text);
	out = open_memstream(&copy, &size);
	if (!out)
		return NULL;
	for (; (hit = strstr(text, from)); text = hit + strlen(from))
		fprintf(out, "%.*s%s", (int)(hit - text), text, to);
	fputs(text, out);
	return fclose(out) ? NULL : copy;
}

static void free_words(char **words)
{
	for (char **word = words; words && *word; word++)
		free(*word);
	free(words);
}

/* The words in a form that popt leaves alone. To be released with free_words(). */
static char **protect(int argc, const char **argv)
{
	char **words = calloc(argc + 1, sizeof(*words));

	for (int i = 0; words && i < argc; i++) {
		words[i] = replace(argv[i], EXPANDED, PROTECTED);
		if (!words[i]) {
			free_words(words);
			return NULL;
		}
	}
	return words;
}

/* A complaint about a word, as the user wrote it. Return: -1 */
static int complain_of(struct parser *p, const char *word, const char *format, const char *more)
{
	char *plain = replace(word, PROTECTED, EXPANDED);
	int err;

	err = complain(p, format, plain ? plain : "", more);
	free(plain);
	return err;
}

/* The argument of the option just read, as the user wrote it, or NULL. To be freed. */
static char *option_argument(poptContext popt)
{
	char *arg = poptGetOptArg(popt), *plain;

	if (!arg)
		return NULL;
	plain = replace(arg, PROTECTED, EXPANDED);
	free(arg);
	return plain;
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

static int parse_file(struct parser *p, const char *name)
{
	if (strlen(name) >= sizeof(p->req->file))
		return complain(p, "the name of the file is too long");
	strcpy(p->req->file, name);
	return 0;
}

/* The first option decides what the line is about. */
static enum outcome parse_command(struct parser *p, poptContext popt)
{
	int val = poptGetNextOpt(popt);
	enum outcome result = PARSED;
	char *arg;

	if (val < 1 || val >= FIRST_OPTION) {
		free(option_argument(popt));
		complain(p, TRY_HELP, p->program, p->program);
		return BAD_COMMAND;
	}
	p->req->command = &commands[val - 1];
	p->req->ask.cmd = p->req->command->ipvs_cmd;
	arg = option_argument(popt);
	switch (p->req->command->kind) {
	case C_HELP:
		result = ASKED_HELP;
		break;
	case C_VERSION:
		result = ASKED_VERSION;
		break;
	case C_ROLE:
		if (parse_role(p, arg ? arg : ""))
			result = BAD_USAGE;
		break;
	case C_FILE:
		if (parse_file(p, arg ? arg : ""))
			result = BAD_USAGE;
		break;
	case C_COMPLETION:
		result = ASKED_COMPLETION;
		break;
	default:
		break;
	}
	free(arg);
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
		arg = option_argument(popt);
		if (val >= FIRST_OPTION)
			err = parse_option(p, &options[val - FIRST_OPTION], arg);
		else if (commands[val - 1].kind == C_ROLE)
			err = complain(p, "invalid option `--%s'", commands[val - 1].name);
		else
			err = complain_of(p, poptBadOption(popt, 0), "invalid option `%s'", "");
		free(arg);
		if (err)
			return BAD_USAGE;
	}
	if (val == -1)
		return PARSED;
	complain_of(p, poptBadOption(popt, POPT_BADOPTION_NOALIAS), "%s: %s", poptStrerror(val));
	return BAD_OPTION;
}

/* What had to wait for other options: the netmask for the family, the server's
 * port for the protocol and for the port of the service.
 */
static int finish_values(struct parser *p)
{
	struct ipvs_service *s = &p->req->ask.service;
	struct ipvs_dest *d = &p->req->ask.dest;

	if (!has(p->req, SET(NETMASK))) {
		if (!p->present)
			s->netmask = value_full_mask(s->af);
	} else if (p->netmask && !value_netmask(p->netmask, s->af, &s->netmask)) {
		return complain(p, s->af == AF_INET6 ? "illegal ipv6 netmask specified" :
				"illegal virtual server persistent mask specified");
	}
	if (p->server_port && !value_port(p->server_port, s->protocol, &d->port))
		return complain(p, "illegal real server address[:port] specified");
	p->req->any_server_port = !p->has_server_port;
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
			return complain_of(p, words[i], "invalid timeout value `%s' specified", "");
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
	/* flags belong to their scheduler: those of another one do not stay */
	if (p->present && strcmp(s->sched, p->present->service.sched))
		s->flags.flags &= ~SCHED_FLAGS_ALL;
	if (!p->sched_flags)
		return 0;
	if (value_sched_flags(p->sched_flags, s->sched, &flags, &word, &known)) {
		s->flags.flags = (s->flags.flags & ~SCHED_FLAGS_ALL) | flags;
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

/* What is given decides what else may be. */
static int check_matrix(struct parser *p)
{
	const struct command *c = p->req->command;
	bool open = has(p->req, c->opens);

	return check_options(p, ~UINT64_C(0), c->need, c->allow | (open ? c->opened : 0),
			     c->one_of & ~(open ? c->opened : 0), c->called, "command");
}

static int finish(struct parser *p, poptContext popt)
{
	const struct command *c = p->req->command;
	bool blind = has(p->req, SET(KEEP)) && !p->present;
	const char *word;

	if (finish_values(p))
		return -1;
	if (c->kind == C_WORDS && parse_words(p, popt))
		return -1;
	word = poptGetArg(popt);
	if (word)
		return complain_of(p, word, "unexpected argument %s", "");
	if (!blind && finish_scheduler(p))
		return -1;
	if (check_matrix(p))
		return -1;
	return c->check && !blind ? c->check(p) : 0;
}

static void start_from(struct request *req, const struct ipvs_request *present)
{
	memset(req, 0, sizeof(*req));
	if (present) {
		req->ask.service = present->service;
		req->ask.dest = present->dest;
		/* the key comes from the command line */
		req->ask.service.af = req->ask.service.protocol = req->ask.service.port = 0;
		req->ask.service.fwmark = 0;
		req->ask.dest.port = 0;
		memset(&req->ask.service.addr, 0, sizeof(req->ask.service.addr));
	} else {
		req->ask.dest.weight = 1;
		req->ask.dest.conn_flags = IP_VS_CONN_F_DROUTE;
	}
}

enum outcome parse_over(int argc, const char **argv, const struct ipvs_request *present,
			struct request *req, char **complaint)
{
	struct parser p = { .program = argv[0], .req = req, .present = present };
	struct poptOption *table = popt_table();
	char **words = protect(argc, argv);
	enum outcome result = BAD_USAGE;
	poptContext popt = NULL;

	start_from(req, present);
	*complaint = NULL;
	if (table && words)
		popt = poptGetContext("ipvsadm", argc, (const char **)words, table, 0);
	if (!popt)
		goto out;
	result = parse_command(&p, popt);
	if (result == PARSED)
		result = parse_options(&p, popt);
	if (result == PARSED && finish(&p, popt))
		result = BAD_USAGE;
out:
	poptFreeContext(popt);
	free(table);
	free_words(words);
	free(p.server_port);
	free(p.netmask);
	free(p.sched_flags);
	*complaint = p.complaint;
	return result;
}

enum outcome parse(int argc, const char **argv, struct request *req, char **complaint)
{
	return parse_over(argc, argv, NULL, req, complaint);
}
