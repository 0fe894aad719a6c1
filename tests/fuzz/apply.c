// SPDX-License-Identifier: GPL-2.0-only
// LINKS: ipvsadm
/* Tables for ipvsadm --apply, JSON or the saved form. */
#include "program.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const char *show[] = { "ipvsadm", "--apply", "--dry-run", NULL };
	const char *apply[] = { "ipvsadm", "--apply", NULL };

	run_program(show, data, size);
	run_program(apply, data, size);
	return 0;
}
