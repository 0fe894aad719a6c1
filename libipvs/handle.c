// SPDX-License-Identifier: GPL-2.0-only
/* The handle: opens, closes, chooses the transport, remembers the last failure. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "transport.h"

static const struct ipvs_transport *const transports[] = {
#ifdef IPVS_REPLAY
	&ipvs_transport_replay,
#endif
	&ipvs_transport_nl,
};

static int read_info(struct ipvs *h)
{
	struct ipvs_request req = { .cmd = IPVS_CMD_GET_INFO };
	int err = ipvs_run_one(h, &req);

	if (!err)
		h->info = req.info;
	return err;
}

int ipvs_open(struct ipvs **out, unsigned int flags)
{
	struct ipvs *h;
	int err = -ENOPROTOOPT;

	*out = NULL;
	if (flags)
		return -EINVAL;
	h = calloc(1, sizeof(*h));
	if (!h)
		return -ENOMEM;
	for (size_t i = 0; i < sizeof(transports) / sizeof(transports[0]); i++) {
		h->transport = transports[i];
		err = h->transport->open(h);
		if (err != -ENOPROTOOPT)
			break;
	}
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

void ipvs_close(struct ipvs *h)
{
	if (!h)
		return;
	h->transport->close(h);
	free(h);
}

const struct ipvs_info *ipvs_kernel_info(const struct ipvs *h)
{
	return &h->info;
}

static void remember(struct ipvs *h, int cmd, int err, const char *message)
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
			remember(h, reqs[i].cmd, reqs[i].err, reqs[i].message);
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
		remember(h, req->cmd, err, "");
	return err;
}
