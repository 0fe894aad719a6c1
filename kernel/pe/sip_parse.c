// SPDX-License-Identifier: GPL-2.0-only
/*
 * The Call-ID of a SIP message. Headers are lines behind the first one, up to an empty
 * line; their names are not case-sensitive, and blanks may stand on both sides of the
 * colon. The value is one word: what is odd about it is not guessed at.
 */
#ifdef __KERNEL__
#include <linux/string.h>
#else
#include <string.h>
#include <strings.h>
#endif

#include "sip_parse.h"

static int is_blank(char c)
{
	return c == ' ' || c == '\t';
}

static int is_line_end(char c)
{
	return c == '\r' || c == '\n';
}

/* A printable character that is no blank; those beyond ASCII may be UTF-8. */
static int is_word(char c)
{
	return (unsigned char)c > ' ' && c != 0x7f;
}

static const char *skip_blanks(const char *at, const char *end)
{
	while (at < end && is_blank(*at))
		at++;
	return at;
}

/* Behind the end of the line at @at; @end if it has none. */
static const char *next_line(const char *at, const char *end)
{
	const char *lf = memchr(at, '\n', end - at);

	return lf ? lf + 1 : end;
}

/* Behind the colon if the line at @at is header @name, else NULL. */
static const char *after_name(const char *at, const char *end, const char *name)
{
	size_t len = strlen(name);

	if ((size_t)(end - at) < len || strncasecmp(at, name, len))
		return NULL;
	at = skip_blanks(at + len, end);
	return at < end && *at == ':' ? at + 1 : NULL;
}

/* The word that is all there is between @at and the end of the line; its length or 0. */
static size_t lone_word(const char *at, const char *end, const char **value)
{
	const char *word = skip_blanks(at, end), *behind = word;

	while (behind < end && is_word(*behind))
		behind++;
	at = skip_blanks(behind, end);
	if (at == end || !is_line_end(*at))
		return 0;
	*value = word;
	return behind - word;
}

size_t ip_vs_sip_call_id(const char *text, size_t len, const char **value)
{
	const char *end = text + len, *line, *at;

	for (line = next_line(text, end); line < end; line = next_line(line, end)) {
		if (is_line_end(*line))
			return 0;
		at = after_name(line, end, "Call-ID");
		if (!at)
			at = after_name(line, end, "i");
		if (at)
			return lone_word(at, end, value);
	}
	return 0;
}
