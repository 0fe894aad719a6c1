// SPDX-License-Identifier: GPL-2.0-only
/*
 * The second line of an error. The first is what version 1.31 says, which programs
 * search for; this one is for people: the object, the likely cause, and whether the
 * module, the privilege or the namespace is at fault.
 */
#include <ctype.h>
#include <errno.h>
#include <linux/capability.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/utsname.h>

#include "explain.h"
#include "render.h"

#define ANY 0
#define QUOTED_MAX 120		/* characters of a line that are repeated */

static const struct {
	int cmd;
	int err;
	const char *text;
} hints[] = {
	{ IPVS_CMD_NEW_SERVICE,	EEXIST,	"it is there already; -E edits it, --or-edit does either" },
	{ IPVS_CMD_SET_SERVICE,	ESRCH,	"no such service in this network namespace" },
	{ IPVS_CMD_DEL_SERVICE,	ESRCH,	"no such service in this network namespace" },
	{ IPVS_CMD_GET_SERVICE,	ESRCH,	"no such service in this network namespace" },
	{ IPVS_CMD_ZERO,	ESRCH,	"no such service in this network namespace" },
	{ IPVS_CMD_NEW_DEST,	ESRCH,	"no such service in this network namespace; -A adds one" },
	{ IPVS_CMD_SET_DEST,	ESRCH,	"no such service in this network namespace" },
	{ IPVS_CMD_DEL_DEST,	ESRCH,	"no such service in this network namespace" },
	{ IPVS_CMD_NEW_DEST,	EEXIST,	"it serves there already; -e edits it, --or-edit does either" },
	{ IPVS_CMD_SET_DEST,	ENOENT,	"no such server in this service; its port counts, too" },
	{ IPVS_CMD_DEL_DEST,	ENOENT,	"no such server in this service; its port counts, too" },
	{ IPVS_CMD_NEW_DEST,	ERANGE,	"the lower threshold is above the upper" },
	{ IPVS_CMD_SET_DEST,	ERANGE,	"the lower threshold is above the upper" },
	{ IPVS_CMD_NEW_DEST,	EINVAL,	"a server's address must be unicast, and of the service's family "
					"unless it is a tunnel and no sync daemon runs" },
	{ IPVS_CMD_SET_DEST,	EINVAL,	"a setting is out of range" },
	{ IPVS_CMD_NEW_DAEMON,	EEXIST,	"it runs already; --stop-daemon stops it" },
	{ IPVS_CMD_NEW_DAEMON,	ENODEV,	"no such interface in this network namespace; "
					"--mcast-interface names another" },
	{ IPVS_CMD_NEW_DAEMON,	EINVAL,	"the interface cannot send to the group, or there are servers "
					"of another family than their service" },
	{ IPVS_CMD_DEL_DAEMON,	ESRCH,	"it does not run in this network namespace" },
	{ ANY,			ENOMEM,	"the kernel has not enough memory" },
	{ ANY,			EMSGSIZE, "the module and this program do not fit together" },
};

static const char *hint_of(int cmd, int err)
{
	for (size_t i = 0; i < sizeof(hints) / sizeof(hints[0]); i++)
		if (hints[i].err == err && (hints[i].cmd == cmd || hints[i].cmd == ANY))
			return hints[i].text;
	return NULL;
}

/* --- privilege ------------------------------------------------------------------ */

static bool has_capability(unsigned int number)
{
	FILE *in = fopen("/proc/self/status", "r");
	unsigned long long effective = ~0ULL;
	char line[256];

	/* without /proc the kernel's answer will tell */
	if (!in)
		return true;
	while (fgets(line, sizeof(line), in))
		if (sscanf(line, "CapEff: %llx", &effective) == 1)
			break;
	fclose(in);
	return effective >> number & 1;
}

bool may_load_modules(void)
{
	return has_capability(CAP_SYS_MODULE);
}

/* The initial user namespace, and nothing else, maps every number to itself. */
static bool in_user_namespace(void)
{
	FILE *in = fopen("/proc/self/uid_map", "r");
	unsigned long inside = 0, outside = 0, count = 4294967295;

	if (!in)
		return false;
	if (fscanf(in, "%lu %lu %lu", &inside, &outside, &count) != 3)
		count = 0;
	fclose(in);
	return inside || outside || count != 4294967295;
}

static const char *privilege_cause(void)
{
	if (in_user_namespace())
		return "namespace: CAP_NET_ADMIN counts only in the initial user namespace, "
		       "and this is another one";
	if (!has_capability(CAP_NET_ADMIN))
		return "privilege: the capability CAP_NET_ADMIN is missing";
	return "privilege: refused although CAP_NET_ADMIN is there";
}

/* --- lines ------------------------------------------------------------------------ */

static void begin(FILE *err, const char *where)
{
	fputs(SECOND_LINE, err);
	if (*where)
		fprintf(err, "%s: ", where);
}

static void print_missing_plugin(FILE *err, const struct ipvs_service *s)
{
	fprintf(err, "there is no scheduler `%s' (module ip_vs_%s)", s->sched, s->sched);
	if (s->pe[0])
		fprintf(err, " or no engine `%s' (module ip_vs_pe_%s)", s->pe, s->pe);
	putc('\n', err);
}

void explain(FILE *err, const char *where, const struct ipvs_request *ask)
{
	const char *hint = hint_of(ask->cmd, -ask->err);

	begin(err, where);
	render_object(err, ask);
	if (ask->message[0])
		fprintf(err, "%s\n", ask->message);
	else if (ask->err == -EPERM)
		fprintf(err, "%s\n", privilege_cause());
	else if (ask->err == -ENOENT && !hint)
		print_missing_plugin(err, &ask->service);
	else
		fprintf(err, "%s\n", hint ? hint : strerror(-ask->err));
}

void explain_start(FILE *err, int why)
{
	struct utsname uts;
	char path[128];
	struct stat st;

	begin(err, "");
	if (why == -EPERM || why == -EACCES) {
		fprintf(err, "%s\n", privilege_cause());
	} else if (why != -ENOPROTOOPT) {
		fprintf(err, "%s\n", strerror(-why));
	} else if (!may_load_modules()) {
		fprintf(err, "module: ip_vs is not loaded, and this process may not load modules\n");
	} else {
		uname(&uts);
		snprintf(path, sizeof(path), "/lib/modules/%s", uts.release);
		fprintf(err, "module: ip_vs is not in the kernel and could not be loaded%s\n",
			stat(path, &st) ? "; there are no modules for this kernel here, "
			"in a container load it on the host" : "");
	}
}

void explain_line(FILE *err, const char *where, int nr, const char *const *words)
{
	int room = QUOTED_MAX;

	if (!*where)
		return;
	fprintf(err, SECOND_LINE "%s:", where);
	for (int i = 0; i < nr && room > 0; i++) {
		putc(' ', err);
		for (const char *c = words[i]; *c && room > 0; c++, room--)
			putc(isprint((unsigned char)*c) ? *c : '?', err);
		room--;
	}
	fputs(room > 0 ? "\n" : " ...\n", err);
}
