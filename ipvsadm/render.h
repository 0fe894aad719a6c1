/* SPDX-License-Identifier: GPL-2.0-only */
/* Snapshots to text. @names NULL means numbers. */
#ifndef RENDER_H
#define RENDER_H

#include <stdio.h>

#include "request.h"
#include "resolve.h"
#include "snapshot.h"

/* The listing in the format that @req asks for; @info, if any, heads it. */
void render_table(FILE *out, const struct snapshot *snap, const struct request *req,
		  struct names *names, const struct ipvs_info *info);

void render_timeouts(FILE *out, const struct ipvs_timeouts *t);
void render_daemons(FILE *out, const struct ipvs_list *daemons);

/* The rules as command lines. */
void render_save(FILE *out, const struct snapshot *snap, struct names *names);

/* Timeouts and daemons as command lines. */
void render_save_rest(FILE *out, const struct ipvs_timeouts *t, const struct ipvs_list *daemons);

/* One command as a line, with all its options; without newline. */
void render_command(FILE *out, const struct ipvs_request *ask, struct names *names);

/* A command and the options that name what it is about, and ": ". */
void render_object(FILE *out, const struct ipvs_request *ask);

#endif
