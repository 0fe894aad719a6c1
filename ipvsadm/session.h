/* SPDX-License-Identifier: GPL-2.0-only */
/* One run of the program: the connection to the kernel and what is on its way there. */
#ifndef SESSION_H
#define SESSION_H

#include <stdbool.h>
#include <stdio.h>

#include "ipvs.h"

#define SESSION_QUEUE	64
#define WHERE_MAX	64

struct session {
	const char *program;
	struct ipvs *ipvs;		/* NULL until it is needed */
	FILE *out;
	FILE *err;
	bool restoring;			/* changes are queued, not sent at once */
	bool failing_quietly;		/* no IPVS in the kernel is no error */
	char where[WHERE_MAX];		/* "line 5", or "" outside of files */
	int worst;			/* the highest status of a line so far */
	unsigned int queued;
	struct ipvs_request queue[SESSION_QUEUE];
	struct {
		char where[WHERE_MAX];
		bool if_exists;		/* missing objects are no error */
	} about[SESSION_QUEUE];		/* … each request in the queue */
};

/* Connects to the kernel, loading the module if need be. Return: 0, or the exit
 * status after having told why.
 */
int session_open(struct session *s);

void session_close(struct session *s);

/* Puts a change into the queue, which must have room: see session_flush(). */
void session_queue(struct session *s, const struct ipvs_request *ask, bool if_exists);

/* Sends what is queued and tells what went wrong. Return: the exit status of the
 * last request, 0 if there was none.
 */
int session_flush(struct session *s);

/* Tells that the kernel refused @ask, in the words of 1.31, and why. */
void session_refused(struct session *s, const char *where, const struct ipvs_request *ask);

#endif
