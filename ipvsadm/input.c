// SPDX-License-Identifier: GPL-2.0-only
/* Lines of any length from a file descriptor, and their words. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "input.h"

#define READ_SIZE 65536

bool input_read(struct input *in)
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
		n = read(in->fd, in->text + in->len, READ_SIZE - 1);
	while (n < 0 && errno == EINTR);
	if (n < 0)
		in->failed = errno;
	if (n <= 0)
		in->ended = true;
	else
		in->len += n;
	return true;
}

char *input_line(struct input *in)
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
	for (char *nul = line; (nul = memchr(nul, '\0', end - nul));)
		*nul = ' ';
	*end = '\0';
	in->line++;
	return line;
}

void input_free(struct input *in)
{
	free(in->text);
	in->text = NULL;
}

const char **input_words(char *line, const char *program, int *nr)
{
	const char **words = calloc(strlen(line) / 2 + 4, sizeof(*words));
	char *word;

	if (!words)
		return NULL;
	*nr = 0;
	words[(*nr)++] = program;
	while ((word = strsep(&line, " \t\r"))) {
		if (*word == '#')
			break;
		if (*word && strcmp(word, "ipvsadm"))
			words[(*nr)++] = word;
	}
	return words;
}
