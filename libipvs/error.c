// SPDX-License-Identifier: GPL-2.0-only
/* What the kernel's answers mean, by command: rows of {command, error, text}. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "handle.h"

#define ANY 0

/* The first row that fits is taken, so rows for ANY command stand last. */
static const struct {
	int cmd;
	int err;
	const char *text;
} texts[] = {
	{ IPVS_CMD_NEW_SERVICE,	EEXIST,		"Service already exists" },
	{ IPVS_CMD_NEW_SERVICE,	ENOENT,		"Scheduler or persistence engine not found" },
	{ IPVS_CMD_SET_SERVICE,	ENOENT,		"Scheduler or persistence engine not found" },
	{ IPVS_CMD_SET_SERVICE,	ESRCH,		"No such service" },
	{ IPVS_CMD_DEL_SERVICE,	ESRCH,		"No such service" },
	{ IPVS_CMD_GET_SERVICE,	ESRCH,		"No such service" },
	{ IPVS_CMD_ZERO,	ESRCH,		"No such service" },
	{ IPVS_CMD_NEW_DEST,	ESRCH,		"Service not defined" },
	{ IPVS_CMD_SET_DEST,	ESRCH,		"Service not defined" },
	{ IPVS_CMD_DEL_DEST,	ESRCH,		"Service not defined" },
	{ IPVS_CMD_NEW_DEST,	EEXIST,		"Destination already exists" },
	{ IPVS_CMD_SET_DEST,	ENOENT,		"No such destination" },
	{ IPVS_CMD_DEL_DEST,	ENOENT,		"No such destination" },
	{ IPVS_CMD_NEW_DAEMON,	EEXIST,		"Daemon has already run" },
	{ IPVS_CMD_DEL_DAEMON,	ESRCH,		"No daemon is running" },
	{ ANY,			EPERM,		"Permission denied (you must be root)" },
	{ ANY,			EINVAL,		"Invalid operation.  Possibly wrong module version, "
						"address not unicast, ..." },
	{ ANY,			ENOPROTOOPT,	"Protocol not available" },
	{ ANY,			ENOMEM,		"Memory allocation problem" },
	{ ANY,			EOPNOTSUPP,	"Operation not supported with IPv6" },
	{ ANY,			EAFNOSUPPORT,	"Operation not supported with specified address family" },
	{ ANY,			EMSGSIZE,	"Module is wrong version" },
};

const char *ipvs_error_text(int cmd, int err)
{
	err = abs(err);
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
		if (texts[i].err == err && (texts[i].cmd == cmd || texts[i].cmd == ANY))
			return texts[i].text;
	return strerror(err);
}

const char *ipvs_error(const struct ipvs *h)
{
	return h->message[0] ? h->message : ipvs_error_text(h->cmd, h->err);
}
