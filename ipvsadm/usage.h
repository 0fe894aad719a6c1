/* SPDX-License-Identifier: GPL-2.0-only */
/* Help and version, printed from the tables. */
#ifndef USAGE_H
#define USAGE_H

#include <stdio.h>

void print_version(FILE *out);
void print_usage(FILE *out, const char *program);
/* What bash needs to complete command lines. */
void print_completion(FILE *out);

#endif
