// SPDX-License-Identifier: GPL-2.0-only
/* Opens the streams, runs one command line, reports what could not be written. */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "execute.h"
#include "explain.h"

/* No file of ours may take the place of a closed stream. Reading from the stand-in
 * finds nothing, writing to it fails.
 */
static void keep_streams(void)
{
	int fd;

	do
		fd = open("/dev/null", O_RDONLY);
	while (fd >= 0 && fd <= STDERR_FILENO);
	if (fd >= 0)
		close(fd);
}

static int finish_output(struct session *s, int status)
{
	if (!fflush(s->out) && !ferror(s->out))
		return status;
	fprintf(s->err, SECOND_LINE "cannot write to standard output: %s\n", strerror(errno));
	return status ? status : 1;
}

int main(int argc, char **argv)
{
	const char *list[] = { argc ? argv[0] : "ipvsadm", "-L", NULL };
	struct session *s;
	bool stop;
	int status;

	keep_streams();
	s = calloc(1, sizeof(*s));
	if (!s)
		return 255;
	s->program = list[0];
	s->out = stdout;
	s->err = stderr;
	if (argc > 1)
		status = execute_line(s, argc, (const char **)argv, &stop);
	else
		status = execute_line(s, 2, list, &stop);
	session_close(s);
	status = finish_output(s, status);
	free(s);
	return status;
}
