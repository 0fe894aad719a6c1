/* SPDX-License-Identifier: GPL-2.0-only */
/* Lines of any length from a file descriptor, and their words. */
#ifndef INPUT_H
#define INPUT_H

#include <stdbool.h>
#include <stddef.h>

struct input {
	int fd;
	char *text;		/* what was read and not used up */
	size_t len, room;
	size_t used;
	unsigned long line;	/* number of the last line handed out */
	bool ended;
	int failed;		/* errno of reading, 0: none */
};

/* Reads more; false if memory is short. At the end input_line() hands out the rest. */
bool input_read(struct input *in);

/* The next line, terminated and without its newline, or NULL if there is none yet. */
char *input_line(struct input *in);

void input_free(struct input *in);

/* The words of @line, to be freed but not their text, which is @line's; NULL if memory
 * is short. Words are separated by blanks, tabs, carriage returns and NULs. A word that
 * starts with # begins a comment. The program's own name is dropped wherever it stands;
 * @program is put in front.
 */
const char **input_words(char *line, const char *program, int *nr);

#endif
