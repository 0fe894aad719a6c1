// SPDX-License-Identifier: GPL-2.0-only
/* Sync daemons: start, stop, list. */
#include "handle.h"

int ipvs_daemon_start(struct ipvs *h, const struct ipvs_daemon *daemon)
{
	struct ipvs_request req = { .cmd = IPVS_CMD_NEW_DAEMON, .daemon = *daemon };

	return ipvs_run_one(h, &req);
}

int ipvs_daemon_stop(struct ipvs *h, const struct ipvs_daemon *daemon)
{
	struct ipvs_request req = { .cmd = IPVS_CMD_DEL_DAEMON, .daemon = *daemon };

	return ipvs_run_one(h, &req);
}

int ipvs_daemon_list(struct ipvs *h, struct ipvs_list *daemons)
{
	struct ipvs_request req = { .cmd = IPVS_CMD_GET_DAEMON };

	return ipvs_dump(h, &req, daemons);
}
