// SPDX-License-Identifier: GPL-2.0-only
/* What concerns the whole namespace: time-outs, flush, zero. */
#include "handle.h"

int ipvs_flush_all(struct ipvs *h)
{
	struct ipvs_request req = { .cmd = IPVS_CMD_FLUSH };

	return ipvs_run_one(h, &req);
}

int ipvs_zero_all(struct ipvs *h)
{
	struct ipvs_request req = { .cmd = IPVS_CMD_ZERO };

	return ipvs_run_one(h, &req);
}

int ipvs_timeouts_get(struct ipvs *h, struct ipvs_timeouts *timeouts)
{
	struct ipvs_request req = { .cmd = IPVS_CMD_GET_CONFIG };
	int err = ipvs_run_one(h, &req);

	if (!err)
		*timeouts = req.timeouts;
	return err;
}

int ipvs_timeouts_set(struct ipvs *h, const struct ipvs_timeouts *timeouts)
{
	struct ipvs_request req = { .cmd = IPVS_CMD_SET_CONFIG, .timeouts = *timeouts };

	return ipvs_run_one(h, &req);
}
