// SPDX-License-Identifier: GPL-2.0-only
/* The table as command lines: the option table, read backwards. */
#include "options.h"
#include "render.h"

static void save_line(FILE *out, char command, const struct saved *s)
{
	fprintf(out, "-%c", command);
	for (unsigned int i = 0; i < nr_options; i++)
		if (options[i].save)
			options[i].save(out, &options[i], s);
	putc('\n', out);
}

void render_save(FILE *out, const struct snapshot *snap, struct names *names)
{
	struct saved s = { .names = names };

	for (size_t i = 0; i < snap->services.nr; i++) {
		s.service = snapshot_service(snap, i);
		s.dest = NULL;
		save_line(out, 'A', &s);
		for (size_t k = snap->first[i]; k < snap->first[i + 1]; k++) {
			s.dest = snapshot_dest(snap, k);
			save_line(out, 'a', &s);
		}
	}
}
