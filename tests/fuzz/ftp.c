// SPDX-License-Identifier: GPL-2.0-only
/*
 * FTP's text, of a client and of a server. What an answer becomes must be read as what was
 * written. The first byte chooses the family and which answers are wanted.
 */
#include <assert.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>

#include "app/ftp_parse.c"

static void read_again(const char *text, size_t len, const struct ip_vs_ftp_answer *answer)
{
	struct ip_vs_ftp_end ours = { .addr = { 203, 0, 113, 9 }, .port = 40000 };
	struct ip_vs_ftp_answer again;
	char buf[IP_VS_FTP_LINE_MAX], *line;
	size_t n = ip_vs_ftp_write(buf, answer, &ours), size;

	assert(n < sizeof(buf) && answer->end.port && answer->at + answer->len < len);
	size = len - answer->len + n;
	/* a longer line may be too long */
	if (size > ANSWER_MAX)
		return;
	line = malloc(size);
	memcpy(line, text, answer->at);
	memcpy(line + answer->at, buf, n);
	memcpy(line + answer->at + n, text + answer->at + answer->len, len - answer->at - answer->len);
	assert(ip_vs_ftp_answer(line, size, answer->to, &again) == IP_VS_FTP_ANSWER);
	assert(again.at == answer->at && again.len == n && again.end.port == ours.port);
	free(line);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct ip_vs_ftp_line line = { 0 };
	struct ip_vs_ftp_answer answer;
	struct ip_vs_ftp_end end;
	size_t len, at = 0;
	bool complete;
	char *text;

	if (size < 2)
		return 0;
	len = size - 1;
	text = malloc(len);
	memcpy(text, data + 1, len);
	while (at < len) {
		at += ip_vs_ftp_collect(&line, text + at, len - at, &complete);
		if (!complete)
			continue;
		if (ip_vs_ftp_command(line.text, line.len, data[0] & 1, &end) == IP_VS_FTP_PORT)
			assert(end.port);
		memset(&line, 0, sizeof(line));
	}
	if (ip_vs_ftp_answer(text, len, data[0] >> 1 & 3, &answer) == IP_VS_FTP_ANSWER)
		read_again(text, len, &answer);
	free(text);
	return 0;
}
