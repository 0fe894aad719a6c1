// SPDX-License-Identifier: GPL-2.0-only
/*
 * What FTP says of data connections. Nothing that is odd is guessed at: numbers have a
 * range, and what is cut off means nothing.
 */
#ifdef __KERNEL__
#include <linux/inet.h>
#include <linux/kernel.h>
#include <linux/string.h>
#else
#include <arpa/inet.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>
#endif

#include "ftp_parse.h"

/* An answer whose line is longer is none. */
#define ANSWER_MAX 512

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/* Read a number up to @max at *@at; false if there is none or it is larger. */
static bool number(const char **at, const char *end, unsigned int max, unsigned int *value)
{
	const char *p = *at;
	unsigned int n = 0;

	while (p < end && is_digit(*p)) {
		n = n * 10 + (*p - '0');
		if (n > max)
			return false;
		p++;
	}
	if (p == *at)
		return false;
	*at = p;
	*value = n;
	return true;
}

static bool pass(const char **at, const char *end, char c)
{
	if (*at == end || **at != c)
		return false;
	++*at;
	return true;
}

/* h1,h2,h3,h4,p1,p2 */
static bool six_numbers(const char **at, const char *end, struct ip_vs_ftp_end *to)
{
	unsigned int n[6];
	int i;

	for (i = 0; i < 6; i++)
		if ((i && !pass(at, end, ',')) || !number(at, end, 255, &n[i]))
			return false;
	memset(to, 0, sizeof(*to));
	for (i = 0; i < 4; i++)
		to->addr[i] = n[i];
	to->port = n[4] << 8 | n[5];
	return to->port;
}

static bool read_addr(const char *text, size_t len, bool ipv6, u8 *addr)
{
#ifdef __KERNEL__
	return ipv6 ? in6_pton(text, len, addr, -1, NULL) : in4_pton(text, len, addr, -1, NULL);
#else
	char copy[IP_VS_FTP_LINE_MAX + 1];

	snprintf(copy, sizeof(copy), "%.*s", (int)len, text);
	return inet_pton(ipv6 ? AF_INET6 : AF_INET, copy, addr) == 1;
#endif
}

static bool may_delimit(char c)
{
	return c > 32 && c < 127 && !is_digit(c);
}

/* |family|address|port| with any delimiter; of EPSV's answer the first two are empty. */
static bool read_port(const char **at, const char *end, char delimiter, struct ip_vs_ftp_end *to)
{
	unsigned int port;

	if (!number(at, end, 65535, &port) || !port || !pass(at, end, delimiter))
		return false;
	to->port = port;
	return true;
}

static bool eprt(const char *at, const char *end, bool ipv6, struct ip_vs_ftp_end *to)
{
	const char *addr;
	unsigned int family;
	char d;

	memset(to, 0, sizeof(*to));
	if (at == end || !may_delimit(*at))
		return false;
	d = *at++;
	if (!number(&at, end, 2, &family) || family != (ipv6 ? 2 : 1) || !pass(&at, end, d))
		return false;
	addr = at;
	at = memchr(at, d, end - at);
	if (!at || !read_addr(addr, at - addr, ipv6, to->addr))
		return false;
	at++;
	return read_port(&at, end, d, to) && at == end;
}

/* The argument behind command @name, or NULL. */
static const char *after_name(const char *line, const char *end, const char *name)
{
	size_t len = strlen(name);

	if ((size_t)(end - line) < len || strncasecmp(line, name, len))
		return NULL;
	return line + len;
}

enum ip_vs_ftp_command ip_vs_ftp_command(const char *line, size_t len, bool ipv6,
					 struct ip_vs_ftp_end *end)
{
	const char *stop = line + len, *at;

	at = after_name(line, stop, "PASV");
	if (at)
		return at == stop && !ipv6 ? IP_VS_FTP_PASV : IP_VS_FTP_OTHER;
	at = after_name(line, stop, "EPSV");
	if (at && at < stop)
		at = after_name(at, stop, ipv6 ? " 2" : " 1");
	if (at)
		return at == stop ? IP_VS_FTP_EPSV : IP_VS_FTP_OTHER;
	at = after_name(line, stop, "PORT ");
	if (at)
		return !ipv6 && six_numbers(&at, stop, end) && at == stop ? IP_VS_FTP_PORT :
									    IP_VS_FTP_OTHER;
	at = after_name(line, stop, "EPRT ");
	return at && eprt(at, stop, ipv6, end) ? IP_VS_FTP_PORT : IP_VS_FTP_OTHER;
}

size_t ip_vs_ftp_collect(struct ip_vs_ftp_line *line, const char *text, size_t len,
			 bool *complete)
{
	const char *lf = memchr(text, '\n', len);
	size_t taken = lf ? (size_t)(lf - text) : len;

	if (taken > sizeof(line->text) - line->len)
		line->too_long = true;
	if (!line->too_long) {
		memcpy(line->text + line->len, text, taken);
		line->len += taken;
	}
	*complete = lf;
	if (!lf)
		return len;
	if (line->too_long)
		line->len = 0;
	if (line->len && line->text[line->len - 1] == '\r')
		line->len--;
	return taken + 1;
}

/* 227 ... h1,h2,h3,h4,p1,p2 ...: the first six numbers in the line */
static bool read_227(const char *text, const char *end, struct ip_vs_ftp_answer *answer)
{
	const char *at, *from;

	for (from = text + 4; from < end; from++) {
		if (!is_digit(*from) || is_digit(from[-1]) || from[-1] == ',')
			continue;
		at = from;
		if (!six_numbers(&at, end, &answer->end) ||
		    (at < end && (is_digit(*at) || *at == ',')))
			continue;
		answer->at = from - text;
		answer->len = at - from;
		return true;
	}
	return false;
}

/* 229 ... (|||port|) ... */
static bool read_229(const char *text, const char *end, struct ip_vs_ftp_answer *answer)
{
	const char *at = memchr(text, '(', end - text), *from;
	char d;

	if (!at || ++at == end || !may_delimit(*at))
		return false;
	from = at;
	d = *from;
	memset(&answer->end, 0, sizeof(answer->end));
	if (!pass(&at, end, d) || !pass(&at, end, d) || !pass(&at, end, d) ||
	    !read_port(&at, end, d, &answer->end) || at == end || *at != ')')
		return false;
	answer->at = from - text;
	answer->len = at - from;
	answer->delimiter = d;
	return true;
}

/* Is @text, as far as it goes, the beginning of an answer with that code? */
static bool begins(const char *text, size_t len, const char *code)
{
	return !memcmp(text, code, len < 4 ? len : 4);
}

enum ip_vs_ftp_found ip_vs_ftp_answer(const char *text, size_t len, int wanted,
				      struct ip_vs_ftp_answer *answer)
{
	bool is_227 = wanted & IP_VS_FTP_PASV && begins(text, len, "227 ");
	bool is_229 = wanted & IP_VS_FTP_EPSV && begins(text, len, "229 ");
	const char *end;

	if (!is_227 && !is_229)
		return IP_VS_FTP_NOTHING;
	if (len > ANSWER_MAX)
		len = ANSWER_MAX;
	end = memchr(text, '\n', len);
	if (!end)
		return len < ANSWER_MAX ? IP_VS_FTP_INCOMPLETE : IP_VS_FTP_NOTHING;
	answer->to = is_227 ? IP_VS_FTP_PASV : IP_VS_FTP_EPSV;
	if (end < text + 4 ||
	    !(is_227 ? read_227(text, end, answer) : read_229(text, end, answer)))
		return IP_VS_FTP_NOTHING;
	return IP_VS_FTP_ANSWER;
}

size_t ip_vs_ftp_write(char *buf, const struct ip_vs_ftp_answer *answer,
		       const struct ip_vs_ftp_end *end)
{
	char d = answer->delimiter;

	if (answer->to == IP_VS_FTP_EPSV)
		return snprintf(buf, IP_VS_FTP_LINE_MAX, "%c%c%c%u%c", d, d, d, end->port, d);
	return snprintf(buf, IP_VS_FTP_LINE_MAX, "%u,%u,%u,%u,%u,%u", end->addr[0], end->addr[1],
			end->addr[2], end->addr[3], end->port >> 8, end->port & 255);
}
