// SPDX-License-Identifier: GPL-2.0-only
/* Datagrams that claim to be the kernel's: answers to a window of requests, parts of a
 * dump, the number of a family.
 */
#include "fuzz.h"

#include "libipvs/codec_attr.c"
#include "libipvs/fd.c"
#include "libipvs/list.c"
#include "libipvs/transport_nl.c"

#define ARRAY_LEN(a) (sizeof(a) / sizeof((a)[0]))

static const int cmds[] = {
	IPVS_CMD_GET_SERVICE, IPVS_CMD_GET_DEST, IPVS_CMD_GET_DAEMON, IPVS_CMD_GET_CONFIG,
	IPVS_CMD_NEW_SERVICE, IPVS_CMD_DEL_DAEMON, IPVS_CMD_GET_INFO,
};

static void answers(void *buffer, int left, int cmd)
{
	struct ipvs_request reqs[3] = { { .cmd = cmd }, { .cmd = cmd }, { .cmd = cmd } };
	struct window win = { .reqs = reqs, .nr = 4, .nr_reqs = 3, .first_seq = 1 };
	struct nlmsghdr *nlh = buffer;

	for (; nlmsg_ok(nlh, left); nlh = nlmsg_next(nlh, &left))
		take_answer(&win, nlh);
	for (int i = 0; i < 3; i++)
		if (reqs[i].err > 0 || strlen(reqs[i].message) >= sizeof(reqs[i].message))
			abort();
}

static void family(void *buffer, int left)
{
	struct nlmsghdr *nlh = buffer;

	for (; nlmsg_ok(nlh, left); nlh = nlmsg_next(nlh, &left))
		if (nlh->nlmsg_type == NLMSG_ERROR)
			read_error(nlh);
		else
			read_family(nlh);
}

static void objects_of_dump(const void *datagram, size_t size, int cmd)
{
	struct ipvs_list out = { 0 };
	size_t bounds[3] = { 0 };
	struct dumps ds = { .cmd = cmd, .nr = 3, .first_seq = 1, .out = &out, .bounds = bounds };

	if (!ipvs_object_of_reply(cmd))
		return;
	take_part(&ds, (struct datagram){ (struct nlmsghdr *)datagram, size });
	if (ds.done > 3 || ds.done > ds.ended)
		abort();
	ipvs_list_free(&out);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	void *datagram;
	int cmd;

	if (!size)
		return 0;
	cmd = cmds[data[0] % ARRAY_LEN(cmds)];
	datagram = fuzz_copy(data + 1, size - 1);
	answers(datagram, size - 1, cmd);
	family(datagram, size - 1);
	objects_of_dump(datagram, size - 1, cmd);
	free(datagram);
	return 0;
}
