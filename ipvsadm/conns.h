/* SPDX-License-Identifier: GPL-2.0-only */
/* The connection table as text. */
#ifndef CONNS_H
#define CONNS_H

#include <stdbool.h>
#include <stdio.h>

struct names;

/* Lists what /proc/net/ip_vs_conn tells. @names NULL: numbers. Return: exit status. */
int list_connections(FILE *out, FILE *err, struct names *names, bool with_engine);

#endif
