/* SPDX-License-Identifier: GPL-2.0-only */
/* One run of the program: the connection to the kernel and what is on its way there. */
#ifndef SESSION_H
#define SESSION_H

#include <stdbool.h>
#include <stdio.h>

#include "ipvs.h"

#define SESSION_QUEUE 64

struct session {
	const char *program;
	struct ipvs *ipvs;		/* NULL until it is needed */
	FILE *out;
	FILE *err;
	bool restoring;			/* changes are queued, not sent at once */
	unsigned int queued;
	struct ipvs_request queue[SESSION_QUEUE];
};

/* Connects to the kernel, loading the module if need be. Return: 0, or the exit
 * status after having told why.
 */
int session_open(struct session *s);

void session_close(struct session *s);

/* Sends what is queued and tells what went wrong. Return: the exit status of the
 * last request, 0 if there was none.
 */
int session_flush(struct session *s);

#endif
