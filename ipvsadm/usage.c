// SPDX-License-Identifier: GPL-2.0-only
/* Help and version, printed from the tables. */
#include <linux/ip_vs.h>
#include <stdbool.h>
#include <string.h>

#include "commands.h"
#include "options.h"
#include "usage.h"

#define HELP_COLUMN 38

void print_version(FILE *out)
{
	fprintf(out, "ipvsadm v%s %s (compiled with popt and IPVS v%d.%d.%d)\n", VERSION,
		VERSION_DATE, NVERSION(IP_VS_VERSION_CODE));
}

/* Text that may have several lines, the later ones indented. */
static void print_lines(FILE *out, const char *text, int indent)
{
	for (; *text; text++) {
		putc(*text, out);
		if (*text == '\n')
			fprintf(out, "%*s", indent, "");
	}
	putc('\n', out);
}

static void print_synopsis(FILE *out, const char *program, const struct command *c)
{
	fprintf(out, "  %s ", program);
	if (c->letter)
		fprintf(out, "-%c", c->letter);
	else
		fprintf(out, "--%s", c->name);
	if (c->letter2)
		fprintf(out, "|%c", c->letter2);
	if (c->usage[0])
		putc(' ', out);
	print_lines(out, c->usage, strlen(program) + 6);
}

static void print_command(FILE *out, const struct command *c)
{
	char letters[8] = "";

	if (c->letter2)
		snprintf(letters, sizeof(letters), "-%c|-%c", c->letter, c->letter2);
	else if (c->letter)
		snprintf(letters, sizeof(letters), "-%c", c->letter);
	fprintf(out, "  --%-16s %-8s %s\n", c->name, letters, c->help);
}

static void print_option(FILE *out, const struct option *o)
{
	int width;

	width = fprintf(out, "  --%s", o->name);
	if (o->letter)
		width += fprintf(out, " -%c", o->letter);
	if (o->arg_name)
		width += fprintf(out, " %s", o->arg_name);
	fprintf(out, "%*s ", width < HELP_COLUMN ? HELP_COLUMN - width : 0, "");
	print_lines(out, o->help, HELP_COLUMN + 1);
}

void print_usage(FILE *out, const char *program)
{
	static const char *const titles[] = {
		[G_SERVICE] = "\nvirtual-service:\n",
		[G_OPTION] = "\nOptions:\n",
		[G_DAEMON] = "Daemon Options:\n",
	};

	fputs("Usage:\n", out);
	for (unsigned int i = 0; i < nr_commands && commands[i].help; i++)
		print_synopsis(out, program, &commands[i]);
	fputs("\nCommands:\n", out);
	for (unsigned int i = 0; i < nr_commands && commands[i].help; i++)
		print_command(out, &commands[i]);
	for (int group = G_SERVICE; group <= G_DAEMON; group++) {
		fputs(titles[group], out);
		for (unsigned int i = 0; i < nr_options; i++)
			if ((int)options[i].group == group)
				print_option(out, &options[i]);
	}
}
