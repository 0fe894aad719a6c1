// SPDX-License-Identifier: GPL-2.0-only
/* Texts of options to values, and scheduler flags back to text. Pure but for names. */
#include <arpa/inet.h>
#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "resolve.h"
#include "value.h"

bool value_number(const char *text, long long min, long long max, long long *number)
{
	char *end;

	errno = 0;
	*number = strtoll(text, &end, 10);
	return end != text && !*end && !errno && *number >= min && *number <= max;
}

static bool host_address(const char *text, __u16 *af, union nf_inet_addr *addr)
{
	memset(addr, 0, sizeof(*addr));
	*af = AF_INET;
	if (!*text)
		return false;
	return inet_aton(text, &addr->in) || resolve_host(text, &addr->in);
}

/* Nothing but digits is a port without an address. */
static bool is_bare_port(const char *text)
{
	return strspn(text, "0123456789") == strlen(text);
}

bool value_endpoint(const char *text, __u16 *af, union nf_inet_addr *addr, const char **port)
{
	const char *start = text, *behind = NULL, *colon;
	bool good = false;
	char *host;

	*port = NULL;
	if (is_bare_port(text))
		return false;
	if (*text == '[') {
		behind = strchr(text, ']');
		if (!behind || behind[1] != ':')
			return false;
		start++;
	}
	host = behind ? strndup(start, behind - start) : strdup(start);
	if (!host)
		return false;
	memset(addr, 0, sizeof(*addr));
	if (inet_pton(AF_INET6, host, &addr->in6) == 1) {
		*af = AF_INET6;
		*port = behind ? behind + 2 : NULL;
		good = true;
	} else {
		/* in brackets what follows them does not count */
		colon = strrchr(host, ':');
		if (colon) {
			*port = start + (colon - host) + 1;
			host[colon - host] = '\0';
		}
		/* the port would end at the bracket: nothing writes that */
		if (!(behind && colon))
			good = host_address(host, af, addr);
	}
	free(host);
	return good;
}

bool value_port(const char *text, int protocol, __be16 *port)
{
	long long number;

	if (value_number(text, 0, 65535, &number)) {
		*port = htons(number);
		return true;
	}
	return *text && protocol && resolve_port(text, protocol, port);
}

bool value_netmask(const char *text, int af, __u32 *mask)
{
	union nf_inet_addr addr;
	__u16 found;
	long bits;

	if (af == AF_INET6) {
		bits = strtol(text, NULL, 10);
		*mask = bits;
		return bits >= 1 && bits <= 128;
	}
	if (!host_address(text, &found, &addr))
		return false;
	*mask = addr.ip;
	return true;
}

__u32 value_full_mask(int af)
{
	return af == AF_INET6 ? 128 : 0xffffffff;
}

/* In the order in which they are tried when text is read, and written. */
static const struct {
	const char *name;
	const char *sched;	/* NULL: any that has no name of its own for it */
	__u32 flag;
} sched_flags[] = {
	{ "sh-fallback", "sh", IP_VS_SVC_F_SCHED1 },
	{ "sh-port",	 "sh", IP_VS_SVC_F_SCHED2 },
	{ "mh-fallback", "mh", IP_VS_SVC_F_SCHED1 },
	{ "mh-port",	 "mh", IP_VS_SVC_F_SCHED2 },
	{ "flag-1",	 NULL, IP_VS_SVC_F_SCHED1 },
	{ "flag-2",	 NULL, IP_VS_SVC_F_SCHED2 },
	{ "flag-3",	 NULL, IP_VS_SVC_F_SCHED3 },
};

#define NR_SCHED_FLAGS (sizeof(sched_flags) / sizeof(sched_flags[0]))

static bool one_sched_flag(const char *word, const char *sched, __u32 *flags, bool *known)
{
	*known = false;
	for (size_t i = 0; i < NR_SCHED_FLAGS; i++) {
		if (strcmp(word, sched_flags[i].name))
			continue;
		*known = true;
		if (sched_flags[i].sched && strcmp(sched, sched_flags[i].sched))
			return false;
		*flags |= sched_flags[i].flag;
		return true;
	}
	return false;
}

bool value_sched_flags(const char *text, const char *sched, __u32 *flags, char **word, bool *known)
{
	char *copy = strdup(text), *rest = copy, *item;
	bool good = copy;

	*flags = 0;
	*word = NULL;
	*known = false;
	while (good && (item = strsep(&rest, ","))) {
		good = !*item || one_sched_flag(item, sched, flags, known);
		if (!good)
			*word = strdup(item);
	}
	free(copy);
	return good;
}

const char *value_sched_flag_name(__u32 flag, const char *sched)
{
	for (size_t i = 0; i < NR_SCHED_FLAGS; i++)
		if (sched_flags[i].flag == flag &&
		    (!sched_flags[i].sched || !strcmp(sched, sched_flags[i].sched)))
			return sched_flags[i].name;
	return "";
}
