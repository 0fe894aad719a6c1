// SPDX-License-Identifier: GPL-2.0-only
// LINKS: ipvsadm
/* Lines for ipvsadm -R. */
#include "program.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const char *argv[] = { "ipvsadm", "-R", NULL };

	run_program(argv, data, size);
	return 0;
}
