// SPDX-License-Identifier: GPL-2.0-only
// LINKS: ipvsadm
/* Command lines of ipvsadm; the words stand on lines of their own. */
#include "program.h"

#define MAX_WORDS 64

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *words = calloc(1, size + 1), *rest = words, *word;
	const char *argv[MAX_WORDS + 2] = { "ipvsadm" };
	int argc = 1;

	memcpy(words, data, size);
	while (argc <= MAX_WORDS && (word = strsep(&rest, "\n")))
		argv[argc++] = word;
	run_program(argv, "", 0);
	free(words);
	return 0;
}
