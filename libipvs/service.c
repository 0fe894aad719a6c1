// SPDX-License-Identifier: GPL-2.0-only
/* Services: build the request, run it, list. */
#include <errno.h>
#include <string.h>

#include "handle.h"

static int run(struct ipvs *h, int cmd, const struct ipvs_service *service)
{
	struct ipvs_request req = { .cmd = cmd, .service = *service };

	return ipvs_run_one(h, &req);
}

int ipvs_service_add(struct ipvs *h, const struct ipvs_service *service)
{
	return run(h, IPVS_CMD_NEW_SERVICE, service);
}

int ipvs_service_set(struct ipvs *h, const struct ipvs_service *service)
{
	return run(h, IPVS_CMD_SET_SERVICE, service);
}

int ipvs_service_del(struct ipvs *h, const struct ipvs_service *service)
{
	return run(h, IPVS_CMD_DEL_SERVICE, service);
}

int ipvs_service_zero(struct ipvs *h, const struct ipvs_service *service)
{
	if (!service->af)
		return -EINVAL;		/* would mean all of them */
	return run(h, IPVS_CMD_ZERO, service);
}

int ipvs_service_get(struct ipvs *h, struct ipvs_service *service)
{
	struct ipvs_request req = { .cmd = IPVS_CMD_GET_SERVICE, .service = *service };
	int err = ipvs_run_one(h, &req);

	if (!err)
		*service = req.service;
	return err;
}

int ipvs_service_list(struct ipvs *h, struct ipvs_list *services)
{
	struct ipvs_request req = { .cmd = IPVS_CMD_GET_SERVICE };

	return ipvs_dump(h, &req, services);
}
