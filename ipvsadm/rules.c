// SPDX-License-Identifier: GPL-2.0-only
/*
 * Reads a whole set of rules. Everything is read, and every fault told, before
 * anything is done; the kernel is not asked.
 */
#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "commands.h"
#include "execute.h"
#include "explain.h"
#include "input.h"
#include "parse.h"
#include "render.h"
#include "rules.h"

static void *append(struct ipvs_list *list, size_t size)
{
	if (list->nr == list->room) {
		size_t room = list->room ? 2 * list->room : 64;
		void *items = realloc(list->items, room * size);

		if (!items)
			return NULL;
		list->items = items;
		list->room = room;
	}
	return memset((char *)list->items + list->nr++ * size, 0, size);
}

static void complain_of_rule(struct session *s, struct rules *r, const struct rule *rule, int cmd,
			     const char *text)
{
	struct ipvs_request ask = { .cmd = cmd, .service = rule->service, .dest = rule->dest };

	fprintf(s->err, "%s\n" SECOND_LINE "%s: ", text, rule->where);
	render_object(s->err, &ask);
	fputs("the file contradicts itself\n", s->err);
	r->bad = true;
}

static bool add_rule(struct session *s, struct ipvs_list *list, const struct request *req)
{
	struct rule *rule = append(list, sizeof(*rule));

	if (!rule)
		return false;
	rule->service = req->ask.service;
	rule->dest = req->ask.dest;
	strcpy(rule->where, s->where);
	return true;
}

static bool add_daemon(struct rules *r, const struct request *req)
{
	struct ipvs_daemon *d = append(&r->daemons, sizeof(*d));

	if (d)
		*d = req->ask.daemon;
	return d;
}

/* Return: NULL, or what is wrong with the command. */
static const char *take(struct session *s, struct rules *r, const struct request *req)
{
	bool room = true;

	if (req->refused)
		return "names of schedulers, engines and interfaces have at most 15 characters";
	switch (req->command->ipvs_cmd) {
	case IPVS_CMD_NEW_SERVICE:
		room = add_rule(s, &r->services, req);
		break;
	case IPVS_CMD_NEW_DEST:
		room = add_rule(s, &r->dests, req);
		break;
	case IPVS_CMD_NEW_DAEMON:
		room = add_daemon(r, req);
		break;
	case IPVS_CMD_SET_CONFIG:
		r->timeouts = req->ask.timeouts;
		break;
	case IPVS_CMD_FLUSH:
		r->services.nr = 0;
		r->dests.nr = 0;
		break;
	default:
		return "only -A, -a, -C, --set and --start-daemon describe rules";
	}
	return room ? NULL : "Memory allocation problem";
}

void rules_add(struct session *s, struct rules *r, int argc, const char **argv)
{
	const char *wrong = NULL;
	enum outcome result;
	struct request req;
	char *complaint;

	result = parse(argc, argv, &req, &complaint);
	if (result == PARSED)
		wrong = take(s, r, &req);
	else if (outcome_status(result))
		wrong = complaint ? complaint : "Memory allocation problem";
	else
		wrong = "only -A, -a, -C, --set and --start-daemon describe rules";
	if (wrong) {
		complain_about_line(s, argc, argv, wrong);
		r->bad = true;
	}
	free(complaint);
}

/* --- the whole ---------------------------------------------------------------- */

static int compare_services(const void *a, const void *b)
{
	return ipvs_service_compare(&((const struct rule *)a)->service,
				    &((const struct rule *)b)->service);
}

static int compare_dests(const void *a, const void *b)
{
	int order = compare_services(a, b);

	return order ? order : ipvs_dest_compare(&((const struct rule *)a)->dest,
						 &((const struct rule *)b)->dest);
}

static void check_doubles(struct session *s, struct rules *r, const struct ipvs_list *list,
			  int (*compare)(const void *, const void *), int cmd, const char *text)
{
	const struct rule *rule = list->items;

	for (size_t i = 1; i < list->nr; i++)
		if (!compare(&rule[i - 1], &rule[i]))
			complain_of_rule(s, r, &rule[i], cmd, text);
}

/* Both lists are sorted: one walk along them finds servers without their service. */
static void check_services_of_dests(struct session *s, struct rules *r)
{
	size_t i = 0;

	for (size_t k = 0; k < r->dests.nr; k++) {
		const struct rule *dest = rules_dest(r, k);

		while (i < r->services.nr && compare_services(rules_service(r, i), dest) < 0)
			i++;
		if (i == r->services.nr || compare_services(rules_service(r, i), dest))
			complain_of_rule(s, r, dest, IPVS_CMD_NEW_DEST, "Service not defined");
	}
}

static void check_whole(struct session *s, struct rules *r)
{
	if (r->services.nr)
		qsort(r->services.items, r->services.nr, sizeof(struct rule), compare_services);
	if (r->dests.nr)
		qsort(r->dests.items, r->dests.nr, sizeof(struct rule), compare_dests);
	check_doubles(s, r, &r->services, compare_services, IPVS_CMD_NEW_SERVICE,
		      "Service already exists");
	check_doubles(s, r, &r->dests, compare_dests, IPVS_CMD_NEW_DEST,
		      "Destination already exists");
	check_services_of_dests(s, r);
}

static void read_lines(struct session *s, struct rules *r, struct input *in)
{
	const char **argv;
	char *line;
	int argc;

	r->has_services = true;
	while ((line = input_line(in))) {
		snprintf(s->where, sizeof(s->where), "line %lu", in->line);
		argv = input_words(line, s->program, &argc);
		if (!argv) {
			fprintf(s->err, "%s\n", ipvs_error_text(0, ENOMEM));
			r->bad = true;
			return;
		}
		if (argc > 1)
			rules_add(s, r, argc, argv);
		free(argv);
	}
}

static bool is_json(const struct input *in)
{
	size_t i = 0;

	while (i < in->len && isspace((unsigned char)in->text[i]))
		i++;
	return i < in->len && in->text[i] == '{';
}

int rules_read(struct session *s, struct rules *r, const char *file)
{
	struct input in = { .fd = STDIN_FILENO };
	bool named = *file && strcmp(file, "-");

	if (named)
		in.fd = open(file, O_RDONLY | O_CLOEXEC);
	if (in.fd < 0) {
		fprintf(s->err, "cannot open file %s: %s\n", file, strerror(errno));
		return 2;
	}
	while (!in.ended && !r->bad)
		r->bad = !input_read(&in);
	if (named)
		close(in.fd);
	if (in.failed) {
		fprintf(s->err, "cannot read %s: %s\n", named ? file : "standard input",
			strerror(in.failed));
		r->bad = true;
	} else if (is_json(&in)) {
		rules_read_json(s, r, in.text, in.len);
	} else {
		read_lines(s, r, &in);
	}
	input_free(&in);
	s->where[0] = '\0';
	if (!r->bad)
		check_whole(s, r);
	return r->bad ? 2 : 0;
}

void rules_free(struct rules *r)
{
	ipvs_list_free(&r->services);
	ipvs_list_free(&r->dests);
	ipvs_list_free(&r->daemons);
}
