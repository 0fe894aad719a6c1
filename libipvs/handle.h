/* SPDX-License-Identifier: GPL-2.0-only */
/* What a handle consists of; seen only inside the library. */
#ifndef IPVS_HANDLE_H
#define IPVS_HANDLE_H

#include "ipvs.h"

struct ipvs_transport;

struct ipvs {
	const struct ipvs_transport *transport;
	void *wire;			/* owned by the transport */
	struct ipvs_info info;
	int cmd;			/* last failure: command, error, kernel's words */
	int err;
	char message[IPVS_MESSAGE_MAX];
};

/* Notes a failure for ipvs_error(). */
void ipvs_remember(struct ipvs *h, int cmd, int err, const char *message);

/* Runs one request and remembers its failure. Return: 0 or -errno. */
int ipvs_run_one(struct ipvs *h, struct ipvs_request *req);

/* Appends what IPVS_CMD_GET_SERVICE, GET_DEST (of req->service) or GET_DAEMON
 * answers to @out. Return: 0 or -errno.
 */
int ipvs_dump(struct ipvs *h, const struct ipvs_request *req, struct ipvs_list *out);

/* Appends one zeroed item of @size bytes. Return: the item, or NULL. */
void *ipvs_list_add(struct ipvs_list *list, size_t size);

#endif
