// SPDX-License-Identifier: GPL-2.0-only
/* Destinations: build the request, run it, list those of one or many services. */
#include "handle.h"

static int run(struct ipvs *h, int cmd, const struct ipvs_service *service,
	       const struct ipvs_dest *dest)
{
	struct ipvs_request req = { .cmd = cmd, .service = *service, .dest = *dest };

	return ipvs_run_one(h, &req);
}

int ipvs_dest_add(struct ipvs *h, const struct ipvs_service *service,
		  const struct ipvs_dest *dest)
{
	return run(h, IPVS_CMD_NEW_DEST, service, dest);
}

int ipvs_dest_set(struct ipvs *h, const struct ipvs_service *service,
		  const struct ipvs_dest *dest)
{
	return run(h, IPVS_CMD_SET_DEST, service, dest);
}

int ipvs_dest_del(struct ipvs *h, const struct ipvs_service *service,
		  const struct ipvs_dest *dest)
{
	return run(h, IPVS_CMD_DEL_DEST, service, dest);
}

int ipvs_dest_list(struct ipvs *h, const struct ipvs_service *service, struct ipvs_list *dests)
{
	size_t first[2];

	return ipvs_dest_list_all(h, service, 1, dests, first);
}

int ipvs_dest_list_all(struct ipvs *h, const struct ipvs_service *services, size_t nr,
		       struct ipvs_list *dests, size_t *first)
{
	struct ipvs_request req = { .cmd = IPVS_CMD_GET_DEST };

	for (size_t i = 0; i < nr; i++) {
		int err;

		first[i] = dests->nr;
		req.service = services[i];
		err = ipvs_dump(h, &req, dests);
		if (err)
			return err;
		/* kernels before mixed families do not tell the family */
		for (size_t k = first[i]; k < dests->nr; k++) {
			struct ipvs_dest *dest = (struct ipvs_dest *)dests->items + k;

			if (!dest->af)
				dest->af = services[i].af;
		}
	}
	first[nr] = dests->nr;
	return 0;
}
