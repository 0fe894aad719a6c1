/* SPDX-License-Identifier: GPL-2.0-only */
/* The second line of an error: about what, why, and where in a file. */
#ifndef EXPLAIN_H
#define EXPLAIN_H

#include <stdbool.h>
#include <stdio.h>

#include "ipvs.h"

/* Each such line starts with this, so that it can be told from messages of 1.31. */
#define SECOND_LINE "ipvsadm: "

/* Why the kernel refused @ask (ask->err), in its own words if there are any.
 * @where: "line 5", or "" if the command does not come from a file.
 */
void explain(FILE *err, const char *where, const struct ipvs_request *ask);

/* Why there is no talking to the kernel. */
void explain_start(FILE *err, int why);

/* Which line, of @nr words, a complaint was about; nothing if @where is "". */
void explain_line(FILE *err, const char *where, int nr, const char *const *words);

/* Has this process the privilege to load modules? */
bool may_load_modules(void);

#endif
