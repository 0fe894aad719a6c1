// SPDX-License-Identifier: GPL-2.0-only
/* The handle: opens, closes, chooses the transport, remembers the last failure. */
#include <errno.h>
#include <pthread.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "transport.h"

/* In the order in which they are tried. */
static const struct ipvs_transport *const transports[] = {
#ifdef IPVS_REPLAY
	&ipvs_transport_replay,
#endif
	&ipvs_transport_nl,
	&ipvs_transport_sockopt,
};

static int read_info(struct ipvs *h)
{
	struct ipvs_request req = { .cmd = IPVS_CMD_GET_INFO };
	int err = ipvs_run_one(h, &req);

	if (!err)
		h->info = req.info;
	return err;
}

/* Opens the first transport among @ways that leads to an IPVS. */
static int open_transport(struct ipvs *h, unsigned int ways)
{
	int err = -ENOPROTOOPT;

	for (size_t i = 0; i < sizeof(transports) / sizeof(transports[0]); i++) {
		if (!(transports[i]->way & ways))
			continue;
		h->transport = transports[i];
		err = h->transport->open(h);
		if (err != -ENOPROTOOPT)
			break;
	}
	return err;
}

int ipvs_open(struct ipvs **out, unsigned int flags)
{
	const unsigned int all = IPVS_NETLINK | IPVS_SOCKOPT;
	struct ipvs *h;
	int err;

	*out = NULL;
	if (flags & ~all)
		return -EINVAL;
	h = calloc(1, sizeof(*h));
	if (!h)
		return -ENOMEM;
	err = open_transport(h, flags ? flags : all);
	if (err)
		goto err_free;
	err = read_info(h);
	if (err)
		goto err_close;
	*out = h;
	return 0;

err_close:
	h->transport->close(h);
err_free:
	free(h);
	return err;
}

struct opening {
	struct ipvs *h;
	unsigned int flags;
	int netns;
	int err;
};

static void *open_inside(void *arg)
{
	struct opening *o = arg;

	if (setns(o->netns, CLONE_NEWNET))
		o->err = -errno;
	else
		o->err = ipvs_open(&o->h, o->flags);
	return NULL;
}

/* A socket belongs to the namespace of the thread that opens it. A thread of its own
 * goes there and ends, so that the caller's cannot get stuck in the wrong place.
 */
int ipvs_open_netns(struct ipvs **out, unsigned int flags, int netns)
{
	struct opening o = { .flags = flags, .netns = netns };
	pthread_t thread;
	int err;

	*out = NULL;
	err = pthread_create(&thread, NULL, open_inside, &o);
	if (err)
		return -err;
	pthread_join(thread, NULL);
	*out = o.h;
	return o.err;
}

void ipvs_free(struct ipvs *h)
{
	if (!h)
		return;
	h->transport->close(h);
	free(h);
}

unsigned int ipvs_transport(const struct ipvs *h)
{
	return h->transport->way;
}

const struct ipvs_info *ipvs_kernel_info(const struct ipvs *h)
{
	return &h->info;
}

void ipvs_remember(struct ipvs *h, int cmd, int err, const char *message)
{
	h->cmd = cmd;
	h->err = err;
	snprintf(h->message, sizeof(h->message), "%s", message);
}

int ipvs_run(struct ipvs *h, struct ipvs_request *reqs, size_t nr)
{
	int err;

	for (size_t i = 0; i < nr; i++) {
		reqs[i].err = 0;
		reqs[i].message[0] = '\0';
	}
	err = h->transport->command(h, reqs, nr);
	for (size_t i = 0; i < nr; i++)
		if (reqs[i].err)
			ipvs_remember(h, reqs[i].cmd, reqs[i].err, reqs[i].message);
	return err;
}

int ipvs_run_one(struct ipvs *h, struct ipvs_request *req)
{
	int err = ipvs_run(h, req, 1);

	return err ? err : req->err;
}

int ipvs_dump(struct ipvs *h, const struct ipvs_request *req, struct ipvs_list *out)
{
	int err = h->transport->dump(h, req, out);

	if (err)
		ipvs_remember(h, req->cmd, err, "");
	return err;
}
