// SPDX-License-Identifier: GPL-2.0-only
/* Stand-ins for the resolver: some names are known, most are not, and none takes time. */
#include <netdb.h>
#include <netinet/in.h>
#include <string.h>

static char address[4] = { 10, 0, 0, 1 };
static char *addresses[] = { address, NULL };
static struct hostent host = { "name", NULL, AF_INET, sizeof(address), addresses };
static struct servent http = { "http", NULL, 0, "tcp" };

struct hostent *fuzz_gethostbyname(const char *name)
{
	return *name == 'n' ? &host : NULL;
}

struct hostent *fuzz_gethostbyaddr(const void *addr, socklen_t len, int type)
{
	(void)addr;
	return len == sizeof(address) && type == AF_INET ? &host : NULL;
}

struct servent *fuzz_getservbyname(const char *name, const char *proto)
{
	(void)proto;
	http.s_port = htons(80);
	return !strcmp(name, "http") ? &http : NULL;
}

struct servent *fuzz_getservbyport(int port, const char *proto)
{
	(void)proto;
	return port == htons(80) ? &http : NULL;
}
