// SPDX-License-Identifier: GPL-2.0-only
/* Addresses as text, and the order of services and destinations. */
#include <arpa/inet.h>
#include <string.h>

#include "ipvs.h"

const char *ipvs_addr_text(int af, const union nf_inet_addr *addr, char text[IPVS_ADDR_TEXT_MAX])
{
	if (af != AF_INET6) {
		inet_ntop(AF_INET, &addr->ip, text, IPVS_ADDR_TEXT_MAX);
		return text;
	}
	text[0] = '[';
	inet_ntop(AF_INET6, &addr->in6, text + 1, IPVS_ADDR_TEXT_MAX - 2);
	return strcat(text, "]");
}

static int compare_numbers(__u32 a, __u32 b)
{
	return (a > b) - (a < b);
}

static int compare_addrs(int af, const union nf_inet_addr *a, const union nf_inet_addr *b)
{
	return memcmp(a, b, af == AF_INET6 ? sizeof(a->in6) : sizeof(a->ip));
}

int ipvs_service_compare(const struct ipvs_service *a, const struct ipvs_service *b)
{
	int d = compare_numbers(a->fwmark, b->fwmark);

	if (!d)
		d = compare_numbers(a->af, b->af);
	if (d || a->fwmark)
		return d;
	d = compare_numbers(a->protocol, b->protocol);
	if (!d)
		d = compare_addrs(a->af, &a->addr, &b->addr);
	if (!d)
		d = compare_numbers(ntohs(a->port), ntohs(b->port));
	return d;
}

int ipvs_dest_compare(const struct ipvs_dest *a, const struct ipvs_dest *b)
{
	int d = compare_numbers(a->af, b->af);

	if (!d)
		d = compare_addrs(a->af, &a->addr, &b->addr);
	if (!d)
		d = compare_numbers(ntohs(a->port), ntohs(b->port));
	return d;
}
