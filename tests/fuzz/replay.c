// SPDX-License-Identifier: GPL-2.0-only
// LINKS: ipvsadm
/* The text file that stands in for a kernel in tests, read and asked for everything. */
#include <stdio.h>
#include <sys/mman.h>
#include <unistd.h>

#include "fuzz.h"
#include "ipvs.h"

static void ask(struct ipvs *h)
{
	struct ipvs_list services = { 0 }, dests = { 0 }, daemons = { 0 };
	size_t *first;

	if (!ipvs_service_list(h, &services)) {
		first = calloc(services.nr + 1, sizeof(*first));
		ipvs_dest_list_all(h, services.items, services.nr, &dests, first);
		free(first);
	}
	ipvs_daemon_list(h, &daemons);
	ipvs_zero_all(h);	/* a change, so the file is written again */
	ipvs_list_free(&services);
	ipvs_list_free(&dests);
	ipvs_list_free(&daemons);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	int fd = memfd_create("replay", MFD_CLOEXEC);
	char path[32];
	struct ipvs *h;

	if (fd < 0 || write(fd, data, size) != (ssize_t)size)
		abort();
	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	setenv("IPVS_REPLAY", path, 1);
	if (!ipvs_open(&h, 0)) {
		ask(h);
		ipvs_free(h);
	}
	close(fd);
	return 0;
}
