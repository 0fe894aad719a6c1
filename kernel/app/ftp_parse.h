/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What FTP says of data connections (RFC 959, RFC 2428): pure text, no kernel. Texts need
 * not end with NUL.
 */
#ifndef IP_VS_FTP_PARSE_H
#define IP_VS_FTP_PARSE_H

#ifdef __KERNEL__
#include <linux/types.h>
#else
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
typedef uint8_t u8;
typedef uint16_t u16;
#endif

/* Where somebody waits for a data connection. */
struct ip_vs_ftp_end {
	u8 addr[16];		/* of the family asked for, then zeroes; all zeroes: not told */
	u16 port;
};

enum ip_vs_ftp_command {
	IP_VS_FTP_OTHER,
	IP_VS_FTP_PASV = 1,	/* these two can be or'ed */
	IP_VS_FTP_EPSV = 2,
	IP_VS_FTP_PORT = 4,	/* or EPRT */
};

/* What a client commands with the line @line (without its end): PASV and EPSV for a connection
 * of the family, PORT with @end set.
 */
enum ip_vs_ftp_command ip_vs_ftp_command(const char *line, size_t len, bool ipv6,
					 struct ip_vs_ftp_end *end);

/* Collects a line that comes in pieces. Lines that are too long to be of interest are lost. */
#define IP_VS_FTP_LINE_MAX 80

struct ip_vs_ftp_line {
	u8 len;
	bool too_long;
	char text[IP_VS_FTP_LINE_MAX];
};

/* Take bytes of @text up to the end of a line, and tell how many. *@complete: the line is
 * there; zero it before the next one.
 */
size_t ip_vs_ftp_collect(struct ip_vs_ftp_line *line, const char *text, size_t len,
			 bool *complete);

/* An answer to PASV or EPSV in the line at the beginning of @text. */
struct ip_vs_ftp_answer {
	enum ip_vs_ftp_command to;
	struct ip_vs_ftp_end end;
	size_t at, len;		/* where in the text the end is told */
	char delimiter;		/* of EPSV */
};

enum ip_vs_ftp_found {
	IP_VS_FTP_NOTHING,	/* the line is no answer to a command of @wanted */
	IP_VS_FTP_INCOMPLETE,	/* it may be one when the rest has come */
	IP_VS_FTP_ANSWER,
};

enum ip_vs_ftp_found ip_vs_ftp_answer(const char *text, size_t len, int wanted,
				      struct ip_vs_ftp_answer *answer);

/* Write what shall stand at answer->at; @buf has IP_VS_FTP_LINE_MAX bytes. Its length. */
size_t ip_vs_ftp_write(char *buf, const struct ip_vs_ftp_answer *answer,
		       const struct ip_vs_ftp_end *end);

#endif
