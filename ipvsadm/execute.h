/* SPDX-License-Identifier: GPL-2.0-only */
/* What commands do. Each function answers with the exit status. */
#ifndef EXECUTE_H
#define EXECUTE_H

#include "parse.h"
#include "request.h"
#include "session.h"

/* parse_over(), and what is wrong with a line because of where it stands. */
enum outcome understand(struct session *s, int argc, const char **argv,
			const struct ipvs_request *present, struct request *req, char **complaint);

/* Prints a complaint of understand() and, within a file, where it belongs. */
void complain_about_line(struct session *s, int argc, const char **argv, const char *complaint);

/* Parses one command line and carries it out. *@stop is set if a restore must
 * end with this line.
 */
int execute_line(struct session *s, int argc, const char **argv, bool *stop);

int run_change(struct session *s, const struct request *req);
int run_list(struct session *s, const struct request *req);
int run_save(struct session *s, const struct request *req);
int run_restore(struct session *s, const struct request *req);
int run_apply(struct session *s, const struct request *req);

#endif
