// SPDX-License-Identifier: GPL-2.0-only
/*
 * FTP's text about data connections, and the numbers of a stream in which some was replaced.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdbool.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "app/ftp_parse.c"
#include "base/seq.h"

/* @text at the very end of its memory, so that reading beyond it is noticed. */
static char *copy_of(const char *text, size_t len)
{
	char *copy = malloc(len ? len : 1);

	assert_non_null(copy);
	memcpy(copy, text, len);
	return copy;
}

/* What the line commands: "pasv", "epsv", "port ADDRESS PORT", or "" */
static const char *command(const char *line, bool ipv6)
{
	static char shown[128];
	char addr[INET6_ADDRSTRLEN], *copy = copy_of(line, strlen(line));
	struct ip_vs_ftp_end end;

	switch (ip_vs_ftp_command(copy, strlen(line), ipv6, &end)) {
	case IP_VS_FTP_PASV:
		strcpy(shown, "pasv");
		break;
	case IP_VS_FTP_EPSV:
		strcpy(shown, "epsv");
		break;
	case IP_VS_FTP_PORT:
		inet_ntop(ipv6 ? AF_INET6 : AF_INET, end.addr, addr, sizeof(addr));
		snprintf(shown, sizeof(shown), "port %s %u", addr, end.port);
		break;
	default:
		shown[0] = 0;
	}
	free(copy);
	return shown;
}

static void passive_is_asked_for(void **state)
{
	(void)state;
	assert_string_equal(command("PASV", false), "pasv");
	assert_string_equal(command("pasv", false), "pasv");
	assert_string_equal(command("PASV", true), "");
	assert_string_equal(command("PASV x", false), "");
	assert_string_equal(command("PAS", false), "");
	assert_string_equal(command("", false), "");
	assert_string_equal(command("EPSV", false), "epsv");
	assert_string_equal(command("ePsV", true), "epsv");
	assert_string_equal(command("EPSV 1", false), "epsv");
	assert_string_equal(command("EPSV 2", true), "epsv");
	assert_string_equal(command("EPSV 1", true), "");
	assert_string_equal(command("EPSV 2", false), "");
	assert_string_equal(command("EPSV ALL", false), "");
	assert_string_equal(command("EPSVX", false), "");
}

static void active_tells_where(void **state)
{
	(void)state;
	assert_string_equal(command("PORT 10,1,0,2,4,1", false), "port 10.1.0.2 1025");
	assert_string_equal(command("port 255,255,255,255,255,255", false),
			    "port 255.255.255.255 65535");
	assert_string_equal(command("PORT 10,1,0,2,4,1", true), "");
	assert_string_equal(command("PORT 10,1,0,2,0,0", false), "");
	assert_string_equal(command("PORT 10,1,0,2,4", false), "");
	assert_string_equal(command("PORT 10,1,0,2,4,", false), "");
	assert_string_equal(command("PORT 10,1,0,256,4,1", false), "");
	assert_string_equal(command("PORT 10,1,0,2,4,1,1", false), "");
	assert_string_equal(command("PORT 10,1,0,2,4,4294967297", false), "");
	assert_string_equal(command("PORT 10,1,0,-2,4,1", false), "");
	assert_string_equal(command("EPRT |1|10.1.0.2|1025|", false), "port 10.1.0.2 1025");
	assert_string_equal(command("eprt !1!10.1.0.2!1025!", false), "port 10.1.0.2 1025");
	assert_string_equal(command("EPRT |2|2001:db8::2|65535|", true), "port 2001:db8::2 65535");
	assert_string_equal(command("EPRT |2|2001:db8::2|65535|", false), "");
	assert_string_equal(command("EPRT |1|10.1.0.2|1025|", true), "");
	assert_string_equal(command("EPRT |2|2001:db8:::2|1|", true), "");
	assert_string_equal(command("EPRT |2|2001:db8::2|65536|", true), "");
	assert_string_equal(command("EPRT |2|2001:db8::2|0|", true), "");
	assert_string_equal(command("EPRT |2|2001:db8::2|1", true), "");
	assert_string_equal(command("EPRT |2|2001:db8::2|1|x", true), "");
	assert_string_equal(command("EPRT 121112001:db8::212121", true), "");
	assert_string_equal(command("EPRT ", true), "");
}

/* What the answer says to two wanted commands, and what stands there after our own end was
 * written: "ADDRESS PORT > TEXT"; "..." if incomplete.
 */
static const char *answered(const char *text, int wanted)
{
	static char shown[1024];
	char addr[INET_ADDRSTRLEN], buf[IP_VS_FTP_LINE_MAX], *copy = copy_of(text, strlen(text));
	struct ip_vs_ftp_end vip = { .addr = { 203, 0, 113, 100 }, .port = 0xabcd };
	struct ip_vs_ftp_answer answer;
	int len;

	switch (ip_vs_ftp_answer(copy, strlen(text), wanted, &answer)) {
	case IP_VS_FTP_NOTHING:
		strcpy(shown, "");
		break;
	case IP_VS_FTP_INCOMPLETE:
		strcpy(shown, "...");
		break;
	case IP_VS_FTP_ANSWER:
		len = ip_vs_ftp_write(buf, &answer, &vip);
		inet_ntop(AF_INET, answer.end.addr, addr, sizeof(addr));
		snprintf(shown, sizeof(shown), "%s %u > %.*s%.*s%s", addr, answer.end.port,
			 (int)answer.at, text, len, buf, text + answer.at + answer.len);
	}
	free(copy);
	return shown;
}

#define BOTH (IP_VS_FTP_PASV | IP_VS_FTP_EPSV)

static void answers_are_read_and_rewritten(void **state)
{
	(void)state;
	assert_string_equal(answered("227 Entering Passive Mode (10,2,1,2,156,64).\r\n", BOTH),
		"10.2.1.2 40000 > 227 Entering Passive Mode (203,0,113,100,171,205).\r\n");
	assert_string_equal(answered("227 =10,2,1,2,0,21\n", BOTH), "10.2.1.2 21 > 227 =203,0,113,100,171,205\n");
	assert_string_equal(answered("227 10,2,1,2,0,21\n", BOTH), "10.2.1.2 21 > 227 203,0,113,100,171,205\n");
	assert_string_equal(answered("227 x1 10,2,1,2,0,21\n", BOTH), "10.2.1.2 21 > 227 x1 203,0,113,100,171,205\n");
	assert_string_equal(answered("229 Extended (|||6446|)\r\n", BOTH), "0.0.0.0 6446 > 229 Extended (|||43981|)\r\n");
	assert_string_equal(answered("229 (!!!1!)\n", BOTH), "0.0.0.0 1 > 229 (!!!43981!)\n");
}

static void what_is_odd_is_no_answer(void **state)
{
	(void)state;
	assert_string_equal(answered("227 (10,2,1,2,0,0)\n", BOTH), "");
	assert_string_equal(answered("227 (10,2,1,256,1,1)\n", BOTH), "");
	assert_string_equal(answered("227 (10,2,1,2,1)\n", BOTH), "");
	assert_string_equal(answered("227 (10,2,1,2,1,1,1)\n", BOTH), "");
	assert_string_equal(answered("227 (10,2,1,2,1,1111111111111)\n", BOTH), "");
	assert_string_equal(answered("227\n", BOTH), "");
	assert_string_equal(answered("227 \n", BOTH), "");
	assert_string_equal(answered("227-(10,2,1,2,1,1)\n", BOTH), "");
	assert_string_equal(answered("500 227 (10,2,1,2,1,1)\n", BOTH), "");
	assert_string_equal(answered("229 (|||0|)\n", BOTH), "");
	assert_string_equal(answered("229 (|||65536|)\n", BOTH), "");
	assert_string_equal(answered("229 (||1|1|)\n", BOTH), "");
	assert_string_equal(answered("229 (|||1|\n", BOTH), "");
	assert_string_equal(answered("229 (11111)\n", BOTH), "");
	assert_string_equal(answered("229 |||1|\n", BOTH), "");
	assert_string_equal(answered("227 (10,2,1,2,1,1)\n", IP_VS_FTP_EPSV), "");
	assert_string_equal(answered("229 (|||1|)\n", IP_VS_FTP_PASV), "");
	assert_string_equal(answered("227 (10,2,1,2,1,1)\n", 0), "");
}

static void every_beginning_of_an_answer_is_incomplete(void **state)
{
	const char *line = "227 Entering Passive Mode (10,2,1,2,156,64).\r\n";
	struct ip_vs_ftp_answer answer;
	char *copy;
	size_t len;

	(void)state;
	for (len = 1; len < strlen(line); len++) {
		copy = copy_of(line, len);
		assert_int_equal(ip_vs_ftp_answer(copy, len, BOTH, &answer), IP_VS_FTP_INCOMPLETE);
		free(copy);
	}
	copy = copy_of("226 ", 4);
	assert_int_equal(ip_vs_ftp_answer(copy, 2, BOTH, &answer), IP_VS_FTP_INCOMPLETE);
	assert_int_equal(ip_vs_ftp_answer(copy, 3, BOTH, &answer), IP_VS_FTP_NOTHING);
	free(copy);
	/* what grows without end is not waited for */
	copy = calloc(1, 600);
	memset(copy, '1', 600);
	memcpy(copy, "227 ", 4);
	assert_int_equal(ip_vs_ftp_answer(copy, 511, BOTH, &answer), IP_VS_FTP_INCOMPLETE);
	assert_int_equal(ip_vs_ftp_answer(copy, 600, BOTH, &answer), IP_VS_FTP_NOTHING);
	free(copy);
}

/* Feed @text in pieces of @size, and show the lines that come out, "[one][two]". */
static const char *lines(const char *text, size_t size)
{
	static char shown[1024];
	struct ip_vs_ftp_line line = { 0 };
	size_t at = 0, n, used, len = strlen(text);
	bool complete;
	char *copy;

	shown[0] = 0;
	while (at < len) {
		n = len - at < size ? len - at : size;
		copy = copy_of(text + at, n);
		used = ip_vs_ftp_collect(&line, copy, n, &complete);
		free(copy);
		assert_true(used && used <= n);
		at += used;
		if (!complete)
			continue;
		sprintf(shown + strlen(shown), "[%.*s]", line.len, line.text);
		memset(&line, 0, sizeof(line));
	}
	return shown;
}

static void lines_come_in_pieces(void **state)
{
	char text[200];
	size_t size;

	(void)state;
	for (size = 1; size < 20; size++) {
		assert_string_equal(lines("USER a\r\nPASV\nx\r\r\n\r\nrest", size), "[USER a][PASV][x\r][]");
	}
	memset(text, 'x', sizeof(text));
	strcpy(text + 150, "\r\nPASV\r\n");
	for (size = 1; size < 200; size++)
		assert_string_equal(lines(text, size), "[][PASV]");
}

static void numbers_are_moved_both_ways(void **state)
{
	struct ip_vs_seq s = { 0 };
	u32 base = 0xfffffff0, pos;

	(void)state;
	assert_int_equal(ip_vs_seq_received(&s, 5), 5);
	assert_int_equal(ip_vs_seq_sent(&s, 5), 5);
	/* ten bytes become fourteen, then twenty behind them eleven; around the end of numbers */
	ip_vs_seq_replace(&s, base + 4, 10, 14);
	for (pos = base; pos != base + 5; pos++) {
		assert_int_equal(ip_vs_seq_received(&s, pos), pos);
		assert_int_equal(ip_vs_seq_sent(&s, pos), pos);
	}
	for (pos = base + 14; pos != base + 40; pos++) {
		assert_int_equal(ip_vs_seq_received(&s, pos), pos + 4);
		assert_int_equal(ip_vs_seq_sent(&s, pos + 4), pos);
	}
	for (pos = base + 5; pos != base + 18; pos++)
		assert_int_equal(ip_vs_seq_sent(&s, pos), base + 4);
	ip_vs_seq_replace(&s, base + 30, 20, 11);
	assert_int_equal(ip_vs_seq_received(&s, base + 30), base + 34);
	assert_int_equal(ip_vs_seq_received(&s, base + 50), base + 45);
	assert_int_equal(ip_vs_seq_sent(&s, base + 34), base + 30);
	assert_int_equal(ip_vs_seq_sent(&s, base + 44), base + 30);
	assert_int_equal(ip_vs_seq_sent(&s, base + 45), base + 50);
	assert_true(ip_vs_seq_touches(&s, base + 49, base + 50));
	assert_true(ip_vs_seq_touches(&s, base, base + 31));
	assert_false(ip_vs_seq_touches(&s, base, base + 30));
	assert_false(ip_vs_seq_touches(&s, base + 50, base + 60));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(passive_is_asked_for),
		cmocka_unit_test(active_tells_where),
		cmocka_unit_test(answers_are_read_and_rewritten),
		cmocka_unit_test(what_is_odd_is_no_answer),
		cmocka_unit_test(every_beginning_of_an_answer_is_incomplete),
		cmocka_unit_test(lines_come_in_pieces),
		cmocka_unit_test(numbers_are_moved_both_ways),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
