/* SPDX-License-Identifier: GPL-2.0-only */
/* The connection table, as text or JSON. */
#ifndef CONNS_H
#define CONNS_H

#include "request.h"
#include "resolve.h"
#include "session.h"

/* Lists those connections that @req asks for. @names NULL: numbers. Return: exit status. */
int list_connections(struct session *s, const struct request *req, struct names *names);

#endif
