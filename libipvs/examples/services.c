// SPDX-License-Identifier: GPL-2.0-only
/*
 * An example for libipvs: prints the services of a network namespace with their real
 * servers and counters, or adds or removes a TCP service with one masqueraded server.
 *
 *	services [-s] [-N FILE]				print
 *	services [-s] [-N FILE] add ADDRESS PORT SERVER SERVERPORT
 *	services [-s] [-N FILE] del ADDRESS PORT
 *
 * -s uses the socket options in place of netlink; -N another network namespace, by a
 * file such as /run/netns/NAME. Build: cc services.c $(pkg-config --cflags --libs libipvs)
 */
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <ipvs.h>

static int parse_address(const char *text, __u16 *af, union nf_inet_addr *addr)
{
	*af = strchr(text, ':') ? AF_INET6 : AF_INET;
	if (inet_pton(*af, text, addr) == 1)
		return 0;
	fprintf(stderr, "%s: not an address\n", text);
	return -EINVAL;
}

static int complain(const struct ipvs *h, const char *what)
{
	fprintf(stderr, "%s: %s\n", what, ipvs_error(h));
	return 1;
}

static void print_service(const struct ipvs_service *s)
{
	char text[IPVS_ADDR_TEXT_MAX];

	if (s->fwmark)
		printf("mark %u%s", s->fwmark, s->af == AF_INET6 ? " IPv6" : "");
	else
		printf("%s %s:%u", s->protocol == IPPROTO_UDP ? "udp" :
		       s->protocol == IPPROTO_TCP ? "tcp" : "sctp",
		       ipvs_addr_text(s->af, &s->addr, text), ntohs(s->port));
	printf(" %s, %llu connections, %llu bytes in, %llu bytes out\n", s->sched,
	       (unsigned long long)s->stats.conns, (unsigned long long)s->stats.inbytes,
	       (unsigned long long)s->stats.outbytes);
}

static void print_dest(const struct ipvs_dest *d)
{
	static const char *const methods[8] = {
		[IP_VS_CONN_F_MASQ] = "masq", [IP_VS_CONN_F_TUNNEL] = "tunnel",
		[IP_VS_CONN_F_DROUTE] = "route",
	};
	const char *method = methods[d->conn_flags & IP_VS_CONN_F_FWD_MASK];
	char text[IPVS_ADDR_TEXT_MAX];

	printf("  -> %s:%u %s, weight %u, %u active, %llu connections\n",
	       ipvs_addr_text(d->af, &d->addr, text), ntohs(d->port),
	       method ? method : "other", d->weight, d->active,
	       (unsigned long long)d->stats.conns);
}

static void print_table(const struct ipvs_list *services, const struct ipvs_list *dests,
			const size_t *first)
{
	const struct ipvs_service *service = services->items;
	const struct ipvs_dest *dest = dests->items;

	for (size_t i = 0; i < services->nr; i++) {
		print_service(&service[i]);
		for (size_t k = first[i]; k < first[i + 1]; k++)
			print_dest(&dest[k]);
	}
}

/* All destinations of all services in one call, which is faster than one by one. */
static int print(struct ipvs *h)
{
	struct ipvs_list services = { 0 }, dests = { 0 };
	size_t *first = NULL;
	int status = 0;

	if (ipvs_service_list(h, &services)) {
		status = complain(h, "services");
		goto out;
	}
	first = calloc(services.nr + 1, sizeof(*first));
	if (!first)
		status = 1;
	else if (ipvs_dest_list_all(h, services.items, services.nr, &dests, first))
		status = complain(h, "destinations");
	else
		print_table(&services, &dests, first);
out:
	free(first);
	ipvs_list_free(&dests);
	ipvs_list_free(&services);
	return status;
}

/* Two requests in one go; each has a result of its own. */
static int add(struct ipvs *h, char **argv)
{
	struct ipvs_request reqs[2] = {
		{ .cmd = IPVS_CMD_NEW_SERVICE },
		{ .cmd = IPVS_CMD_NEW_DEST },
	};
	struct ipvs_service *service = &reqs[0].service;
	struct ipvs_dest *dest = &reqs[1].dest;

	if (parse_address(argv[0], &service->af, &service->addr) ||
	    parse_address(argv[2], &dest->af, &dest->addr))
		return 2;
	service->protocol = IPPROTO_TCP;
	service->port = htons(atoi(argv[1]));
	strcpy(service->sched, "rr");
	service->flags.mask = ~0u;
	service->netmask = service->af == AF_INET6 ? 128 : ~0u;
	reqs[1].service = *service;
	dest->port = htons(atoi(argv[3]));
	dest->conn_flags = IP_VS_CONN_F_MASQ;
	dest->weight = 1;
	if (ipvs_run(h, reqs, 2) || reqs[0].err || reqs[1].err)
		return complain(h, "add");
	return 0;
}

static int del(struct ipvs *h, char **argv)
{
	struct ipvs_service service = { .protocol = IPPROTO_TCP, .port = htons(atoi(argv[1])) };

	if (parse_address(argv[0], &service.af, &service.addr))
		return 2;
	return ipvs_service_del(h, &service) ? complain(h, "del") : 0;
}

static int run(struct ipvs *h, int argc, char **argv)
{
	if (!argc)
		return print(h);
	if (argc == 5 && !strcmp(argv[0], "add"))
		return add(h, argv + 1);
	if (argc == 3 && !strcmp(argv[0], "del"))
		return del(h, argv + 1);
	fprintf(stderr, "what? See the top of the source.\n");
	return 2;
}

int main(int argc, char **argv)
{
	unsigned int flags = 0;
	int netns = -1, c, err, status;
	struct ipvs *h;

	while ((c = getopt(argc, argv, "sN:")) >= 0) {
		if (c == 's')
			flags = IPVS_SOCKOPT;
		else if (c == 'N')
			netns = open(optarg, O_RDONLY | O_CLOEXEC);
		else
			return 2;
		if (c == 'N' && netns < 0) {
			perror(optarg);
			return 1;
		}
	}
	err = netns < 0 ? ipvs_open(&h, flags) : ipvs_open_netns(&h, flags, netns);
	if (err) {
		fprintf(stderr, "cannot reach IPVS: %s\n", ipvs_error_text(0, err));
		return 1;
	}
	status = run(h, argc - optind, argv + optind);
	ipvs_free(h);
	return status;
}
