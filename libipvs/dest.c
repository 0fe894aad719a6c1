// SPDX-License-Identifier: GPL-2.0-only
/* Destinations: build the request, run it, list those of one or many services. */
#include "transport.h"

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

static int dump_one_by_one(struct ipvs *h, const struct ipvs_service *services, size_t nr,
			   struct ipvs_list *dests, size_t *bounds)
{
	struct ipvs_request req = { .cmd = IPVS_CMD_GET_DEST };

	for (size_t i = 0; i < nr; i++) {
		int err;

		req.service = services[i];
		err = h->transport->dump(h, &req, dests);
		if (err)
			return err;
		bounds[i] = dests->nr;
	}
	return 0;
}

/* Kernels before mixed families do not tell the family. */
static void set_families(const struct ipvs_service *services, size_t nr, struct ipvs_list *dests,
			 const size_t *first)
{
	struct ipvs_dest *dest = dests->items;

	for (size_t i = 0; i < nr; i++)
		for (size_t k = first[i]; k < first[i + 1]; k++)
			if (!dest[k].af)
				dest[k].af = services[i].af;
}

int ipvs_dest_list_all(struct ipvs *h, const struct ipvs_service *services, size_t nr,
		       struct ipvs_list *dests, size_t *first)
{
	int err;

	first[0] = dests->nr;
	err = (h->transport->dump_dests ? h->transport->dump_dests : dump_one_by_one)
		(h, services, nr, dests, first + 1);
	if (err) {
		dests->nr = first[0];
		ipvs_remember(h, IPVS_CMD_GET_DEST, err, "");
		return err;
	}
	set_families(services, nr, dests, first);
	return 0;
}
