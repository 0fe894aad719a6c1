// SPDX-License-Identifier: GPL-2.0-only
/*
 * Command lines from standard input. Each line is carried out as a command line
 * of its own, with changes sent to the kernel many at a time. An error of the
 * kernel never stops a restore, so that lines behind a failing one may be on
 * their way already; complaints about a line are printed only after all before
 * it were answered. What was read is sent before more is waited for, so that a
 * program on the other end of a pipe sees each line take effect.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "commands.h"
#include "execute.h"
#include "explain.h"
#include "input.h"
#include "parse.h"

/* What is done with a line; *@stop ends the restore. The exit status. */
typedef int (*line_fn)(struct session *s, int argc, const char **argv, bool *stop);

static int check_line(struct session *s, int argc, const char **argv, bool *stop)
{
	struct request req;
	char *complaint;
	enum outcome result = understand(s, argc, argv, NULL, &req, &complaint);

	*stop = outcome_status(result) != 0;
	if (*stop)
		complain_about_line(s, argc, argv, complaint);
	free(complaint);
	return outcome_status(result);
}

/* The status of the line is put into *@status, unless it was empty. Return: go on? */
static bool do_line(struct session *s, char *line, line_fn fn, int *status)
{
	bool stop = false;
	const char **argv;
	int argc;

	argv = input_words(line, s->program, &argc);
	if (!argv) {
		fprintf(s->err, "%s\n", ipvs_error_text(0, ENOMEM));
		*status = s->worst = 255;
		return false;
	}
	if (argc > 1)
		*status = fn(s, argc, argv, &stop);
	if (*status > s->worst)
		s->worst = *status;
	free(argv);
	return !stop;
}

int run_restore(struct session *s, const struct request *req)
{
	line_fn fn = has(req, SET(CHECK)) ? check_line : execute_line;
	struct input in = { .fd = STDIN_FILENO };
	bool going = true;
	int status = 0;
	char *line;

	if (fn == execute_line && session_open(s))
		return 2;
	s->restoring = true;
	while (going) {
		line = input_line(&in);
		if (line) {
			snprintf(s->where, sizeof(s->where), "line %lu", in.line);
			going = do_line(s, line, fn, &status);
			continue;
		}
		if (s->queued)
			status = session_flush(s);
		if (in.ended || !input_read(&in))
			break;
	}
	s->restoring = false;
	s->where[0] = '\0';
	input_free(&in);
	return has(req, SET(STRICT)) ? s->worst : status;
}
