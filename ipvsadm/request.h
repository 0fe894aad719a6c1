/* SPDX-License-Identifier: GPL-2.0-only */
/* What one command line asks for: the meeting point of parsing and doing. */
#ifndef REQUEST_H
#define REQUEST_H

#include <stdbool.h>
#include <stdint.h>

#include "ipvs.h"

/* The names under which messages speak of options. Several options can share a
 * name: then at most one of them may be given. Checks go in this order.
 */
enum option_name {
	O_NUMERIC,
	O_CONNECTION,
	O_SERVICE,
	O_SCHEDULER,
	O_PERSISTENT,
	O_NETMASK,
	O_SERVER,
	O_FORWARD,
	O_WEIGHT,
	O_U_THRESHOLD,
	O_L_THRESHOLD,
	O_MCAST_INTERFACE,
	O_TIMEOUT,
	O_DAEMON,
	O_STATS,
	O_RATE,
	O_THRESHOLDS,
	O_PERSISTENT_CONN,
	O_NOSORT,
	O_SYNCID,
	O_EXACT,
	O_OPS,
	O_PE,
	O_SCHED_FLAGS,
	O_MCAST_GROUP,
	O_MCAST_PORT,
	O_MCAST_TTL,
	O_SYNC_MAXLEN,
	O_TUN_INFO,
	O_TUN_TYPE,
	O_TUN_PORT,
	O_TUN_NOCSUM,
	O_TUN_CSUM,
	O_TUN_REMCSUM,
	O_CHECK,
	O_STRICT,
	O_ALL,
	O_KEEP,
	O_OR_EDIT,
	O_IF_EXISTS,
	O_DRY_RUN,
	O_JSON,
	O_WIDE,
	O_CLIENT,
	O_STATE,
	O_RULED,		/* those below are allowed everywhere, repeatedly */
	O_IPV6 = O_RULED,
	O_SORT,
};

typedef uint64_t option_set;
#define SET(name) (UINT64_C(1) << O_##name)

struct command;

/* Which connections are wanted, beside those of a service and a server. */
struct client_filter {
	__u16 af;			/* 0: of any client */
	union nf_inet_addr addr;
	__u8 prefix;			/* leading bits that count */
	char state[16];			/* "": in any state */
};

#define FILE_NAME_MAX 4096

struct request {
	const struct command *command;
	option_set given;
	struct ipvs_request ask;	/* what goes to the kernel, if anything does */
	int refused;			/* -errno: the kernel could only say this; do not ask */
	bool any_server_port;		/* a server was given without a port */
	struct client_filter client;
	char file[FILE_NAME_MAX];	/* "": standard input */
};

static inline bool has(const struct request *req, option_set set)
{
	return req->given & set;
}

#endif
