/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * libipvs: control the kernel's layer-4 load balancer.
 *
 * The caller holds plain objects (ipvs_model.h) and one opaque handle per
 * conversation with the kernel. A handle belongs to the network namespace in
 * which it was opened and to one thread at a time; any number may be open.
 *
 * Functions return 0 or a negative errno. The text for the last failure on a
 * handle is ipvs_error(). There is no state outside the handles, so different
 * threads may use different handles at the same time.
 *
 * libipvs.h has the names of the historic library for programs written to it.
 */
#ifndef IPVS_H
#define IPVS_H

#include <stddef.h>
#include "ipvs_model.h"

#ifdef __cplusplus
extern "C" {
#endif

#define IPVS_MESSAGE_MAX	160	/* size of an error text */
#define IPVS_ADDR_TEXT_MAX	48	/* "[IPv6 address]" and its end */

/* Which way to the kernel ipvs_open() may take; of several the first that works. */
enum {
	IPVS_NETLINK = 1,	/* the generic netlink family IPVS: everything below */
	IPVS_SOCKOPT = 2,	/* socket options: IPv4, no engine, no tunnel settings */
};

struct ipvs;

/* A list of objects of one kind: "struct ipvs_service *v = list.items". Start
 * with {0}; listing functions append. Released with ipvs_list_free().
 */
struct ipvs_list {
	void *items;
	size_t nr;
	size_t room;
};

/* One request for ipvs_run(): a command and the objects it needs, and its result. */
struct ipvs_request {
	int cmd;			/* IPVS_CMD_* of <linux/ip_vs.h> */
	struct ipvs_service service;	/* services and destinations; ZERO: af 0 means all */
	struct ipvs_dest dest;
	struct ipvs_daemon daemon;
	struct ipvs_timeouts timeouts;
	struct ipvs_info info;
	int err;			/* result: 0 or -errno */
	char message[IPVS_MESSAGE_MAX];	/* result: the kernel's own words, often none */
};

/**
 * ipvs_open() - start a conversation with the kernel
 * @h: the new handle, to be released with ipvs_free(); NULL on failure
 * @flags: IPVS_NETLINK, IPVS_SOCKOPT, or 0 for both, in this order
 *
 * Looks the netlink family up, which makes the kernel load ip_vs if it can; tries
 * socket options if there is no such family; asks for the version. Runs no program.
 *
 * Return: 0; -ENOPROTOOPT if the kernel has no IPVS; -EPERM without
 * CAP_NET_ADMIN; -EINVAL for unknown flags; another -errno.
 */
int ipvs_open(struct ipvs **h, unsigned int flags);

/**
 * ipvs_open_netns() - start a conversation with another network namespace
 * @h: as in ipvs_open()
 * @flags: as in ipvs_open()
 * @netns: descriptor of the namespace, for example of /run/netns/NAME; the caller
 *	may close it afterwards
 *
 * The calling thread stays where it is.
 *
 * Return: as ipvs_open(); -EPERM also without CAP_SYS_ADMIN, -EINVAL also if
 * @netns is no network namespace.
 */
int ipvs_open_netns(struct ipvs **h, unsigned int flags, int netns);

/* Ends the conversation and releases the handle. NULL is accepted. */
void ipvs_free(struct ipvs *h);

/* The way that ipvs_open() took: IPVS_NETLINK or IPVS_SOCKOPT. */
unsigned int ipvs_transport(const struct ipvs *h);

/* The kernel's IPVS version and table size, as read by ipvs_open(). Lives as long as @h. */
const struct ipvs_info *ipvs_kernel_info(const struct ipvs *h);

/**
 * ipvs_run() - carry out many requests, in order
 * @h: handle
 * @reqs: requests; each gets its own .err and .message, and the answer of
 *	IPVS_CMD_GET_SERVICE, GET_CONFIG and GET_INFO is stored in its object
 * @nr: how many
 *
 * A failing request does not stop those after it. Requests are sent many at a
 * time; their number is not limited.
 *
 * Return: 0 if every request was answered, whatever the answers; -errno if the
 * conversation itself broke. Requests not answered then carry that error too.
 */
int ipvs_run(struct ipvs *h, struct ipvs_request *reqs, size_t nr);

/*
 * Services. The key is {af, fwmark} if fwmark is not 0, else {af, protocol,
 * addr, port}; del, get and zero look at the key only. add and set send every
 * setting: what the object leaves empty goes back to nothing.
 */
int ipvs_service_add(struct ipvs *h, const struct ipvs_service *service);
int ipvs_service_set(struct ipvs *h, const struct ipvs_service *service);
int ipvs_service_del(struct ipvs *h, const struct ipvs_service *service);
int ipvs_service_zero(struct ipvs *h, const struct ipvs_service *service);
/* Fills @service, whose key the caller has set, with settings and counters. On
 * failure @service stays as it is. num_dests is told by IPVS_SOCKOPT only.
 */
int ipvs_service_get(struct ipvs *h, struct ipvs_service *service);
/* Appends every struct ipvs_service of the namespace to @services, in the kernel's order. */
int ipvs_service_list(struct ipvs *h, struct ipvs_list *services);
/* Orders by mark, family, protocol, address, port: below 0, 0 or above 0. */
int ipvs_service_compare(const struct ipvs_service *a, const struct ipvs_service *b);

/*
 * Destinations of a service. The key is {af, addr, port}, of which del looks at
 * nothing else; an af of 0 means that of the service.
 */
int ipvs_dest_add(struct ipvs *h, const struct ipvs_service *service,
		  const struct ipvs_dest *dest);
int ipvs_dest_set(struct ipvs *h, const struct ipvs_service *service,
		  const struct ipvs_dest *dest);
int ipvs_dest_del(struct ipvs *h, const struct ipvs_service *service,
		  const struct ipvs_dest *dest);
/* Appends every struct ipvs_dest of @service to @dests. A service that does not
 * exist has none.
 */
int ipvs_dest_list(struct ipvs *h, const struct ipvs_service *service, struct ipvs_list *dests);
/* The same for @nr services at once: those of services[i] are dests->items from
 * first[i] to first[i + 1] - 1. @first has room for nr + 1 numbers.
 */
int ipvs_dest_list_all(struct ipvs *h, const struct ipvs_service *services, size_t nr,
		       struct ipvs_list *dests, size_t *first);
/* Orders by family, address, port: below 0, 0 or above 0. */
int ipvs_dest_compare(const struct ipvs_dest *a, const struct ipvs_dest *b);

/* Deletes every service of the namespace. */
int ipvs_flush_all(struct ipvs *h);
/* Zeroes the counters of every service and destination, and the totals. */
int ipvs_zero_all(struct ipvs *h);

/* Connection time-outs. In a set a value of 0 keeps what is. */
int ipvs_timeouts_get(struct ipvs *h, struct ipvs_timeouts *timeouts);
int ipvs_timeouts_set(struct ipvs *h, const struct ipvs_timeouts *timeouts);

/* Sync daemons. stop looks at the state (the role) only; list appends at most
 * two struct ipvs_daemon, the master first.
 */
int ipvs_daemon_start(struct ipvs *h, const struct ipvs_daemon *daemon);
int ipvs_daemon_stop(struct ipvs *h, const struct ipvs_daemon *daemon);
int ipvs_daemon_list(struct ipvs *h, struct ipvs_list *daemons);

/* Releases the items and makes the list empty again. */
void ipvs_list_free(struct ipvs_list *list);

/* The text of the last failure on @h: the kernel's own message if it gave one,
 * else that of ipvs_error_text(). Valid until the next call with @h.
 */
const char *ipvs_error(const struct ipvs *h);

/* What @err (-errno or errno) means as the answer to @cmd (IPVS_CMD_*, or 0 for
 * no command in particular). Never NULL, never to be freed; unknown numbers
 * are described by strerror().
 */
const char *ipvs_error_text(int cmd, int err);

/* Writes "10.0.0.1" or "[2001:db8::1]" to @text, which it returns. */
const char *ipvs_addr_text(int af, const union nf_inet_addr *addr,
			   char text[IPVS_ADDR_TEXT_MAX]);

#ifdef __cplusplus
}
#endif

#endif
