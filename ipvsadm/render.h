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

void render_daemons(FILE *out, const struct ipvs_list *daemons);

/* The rules as command lines. */
void render_save(FILE *out, const struct snapshot *snap, struct names *names);

#endif
