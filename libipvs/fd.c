// SPDX-License-Identifier: GPL-2.0-only
/* Descriptors 0 to 2 belong to the program's streams, even while they are closed. */
#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#include "transport.h"

int ipvs_high_fd(int fd)
{
	int high;

	if (fd < 0)
		return -errno;
	if (fd > STDERR_FILENO)
		return fd;
	high = fcntl(fd, F_DUPFD_CLOEXEC, STDERR_FILENO + 1);
	if (high < 0)
		high = -errno;
	close(fd);
	return high;
}
