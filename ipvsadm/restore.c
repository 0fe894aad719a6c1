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
#include "parse.h"

#define READ_SIZE 65536

struct input {
	char *text;		/* what was read and not used up */
	size_t len, room;
	size_t used;
	bool ended;
};

/* What is done with a line; *@stop ends the restore. The exit status. */
typedef int (*line_fn)(struct session *s, int argc, const char **argv, bool *stop);

static int check_line(struct session *s, int argc, const char **argv, bool *stop)
{
	struct request req;
	char *complaint;
	enum outcome result = understand(s, argc, argv, &req, &complaint);

	*stop = outcome_status(result) != 0;
	if (*stop)
		fprintf(s->err, "%s\n", complaint ? complaint : "Memory allocation problem");
	free(complaint);
	return outcome_status(result);
}

static bool read_more(struct input *in)
{
	ssize_t n;

	if (in->used) {
		memmove(in->text, in->text + in->used, in->len - in->used);
		in->len -= in->used;
		in->used = 0;
	}
	if (in->room - in->len < READ_SIZE) {
		char *text = realloc(in->text, in->room * 2 + READ_SIZE);

		if (!text)
			return false;
		in->text = text;
		in->room = in->room * 2 + READ_SIZE;
	}
	do
		n = read(STDIN_FILENO, in->text + in->len, READ_SIZE - 1);
	while (n < 0 && errno == EINTR);
	if (n <= 0)
		in->ended = true;
	else
		in->len += n;
	return true;
}

/* The next line, terminated and without its newline, or NULL if there is none yet. */
static char *next_line(struct input *in)
{
	size_t left = in->len - in->used;
	char *line, *end;

	if (!left)
		return NULL;
	line = in->text + in->used;
	end = memchr(line, '\n', left);
	if (end) {
		in->used += end - line + 1;
	} else if (in->ended) {
		end = line + left;	/* there is room for it: reads leave one byte */
		in->used = in->len;
	} else {
		return NULL;
	}
	/* a NUL separates words, too */
	for (char *nul = line; (nul = memchr(nul, '\0', end - nul));)
		*nul = ' ';
	*end = '\0';
	return line;
}

/* Splits the line; a word that starts with # begins a comment. The program's own
 * name is dropped wherever it stands. Return: the number of words, argv[0] included.
 */
static int split_line(char *line, const char *program, const char **argv)
{
	int argc = 0;
	char *word;

	argv[argc++] = program;
	while ((word = strsep(&line, " \t\r"))) {
		if (*word == '#')
			break;
		if (*word && strcmp(word, "ipvsadm"))
			argv[argc++] = word;
	}
	argv[argc] = NULL;
	return argc;
}

/* The status of the line is put into *@status, unless it was empty. Return: go on? */
static bool do_line(struct session *s, char *line, line_fn fn, int *status)
{
	const char **argv = calloc(strlen(line) / 2 + 4, sizeof(*argv));
	bool stop = false;
	int argc;

	if (!argv) {
		fprintf(s->err, "%s\n", ipvs_error_text(0, ENOMEM));
		*status = 255;
		return false;
	}
	argc = split_line(line, s->program, argv);
	if (argc > 1)
		*status = fn(s, argc, argv, &stop);
	free(argv);
	return !stop;
}

int run_restore(struct session *s, const struct request *req)
{
	line_fn fn = has(req, SET(CHECK)) ? check_line : execute_line;
	struct input in = { 0 };
	bool going = true;
	int status = 0;
	char *line;

	if (fn == execute_line && session_open(s))
		return 2;
	s->restoring = true;
	while (going) {
		line = next_line(&in);
		if (line) {
			going = do_line(s, line, fn, &status);
			continue;
		}
		if (s->queued)
			status = session_flush(s);
		if (in.ended || !read_more(&in))
			break;
	}
	s->restoring = false;
	free(in.text);
	return status;
}
