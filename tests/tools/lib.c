// SPDX-License-Identifier: GPL-2.0-only
/*
 * Every function of libipvs against the kernel of the guest, in an empty namespace.
 *
 *	lib netlink|sockopt	the object interface over one way
 *	lib historic		the interface of libipvs.h
 *	lib parallel NETNS...	a thread and a handle per namespace, at the same time
 *	lib speed SERVICES	microseconds for batches and listings
 *
 * Prints what differs from what was expected; the status tells whether anything did.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "ipvs.h"
#include "libipvs.h"

static int failures;

#define EXPECT(what, value) expect(__LINE__, #what, what, value)
static void expect(int line, const char *what, long is, long should)
{
	if (is == should)
		return;
	printf("lib.c:%d: %s is %ld, not %ld\n", line, what, is, should);
	__atomic_fetch_add(&failures, 1, __ATOMIC_RELAXED);
}

#define EXPECT_TEXT(what, value) expect_text(__LINE__, #what, what, value)
static void expect_text(int line, const char *what, const char *is, const char *should)
{
	if (is && !strcmp(is, should))
		return;
	printf("lib.c:%d: %s is \"%s\", not \"%s\"\n", line, what, is ? is : "(null)", should);
	failures++;
}

static struct ipvs_service service(const char *addr, int port)
{
	struct ipvs_service s = {
		.af = AF_INET, .protocol = IPPROTO_TCP, .port = htons(port), .sched = "rr",
		.flags = { 0, ~0u }, .netmask = ~0u,
	};

	if (strchr(addr, ':')) {
		s.af = AF_INET6;
		s.netmask = 128;
	}
	inet_pton(s.af, addr, &s.addr);
	return s;
}

static struct ipvs_dest dest(const char *addr, int weight)
{
	struct ipvs_dest d = { .port = htons(80), .weight = weight };

	d.af = strchr(addr, ':') ? AF_INET6 : AF_INET;
	inet_pton(d.af, addr, &d.addr);
	return d;
}

/* --- objects ------------------------------------------------------------------ */

static void services(struct ipvs *h)
{
	struct ipvs_service a = service("10.9.0.1", 80), b = service("10.9.0.2", 80), got = a;
	struct ipvs_list list = { 0 };

	EXPECT(ipvs_service_add(h, &a), 0);
	EXPECT(ipvs_service_add(h, &a), -EEXIST);
	EXPECT_TEXT(ipvs_error_text(IPVS_CMD_NEW_SERVICE, EEXIST), "Service already exists");
	EXPECT(ipvs_service_set(h, &b), -ESRCH);
	EXPECT(ipvs_service_get(h, &b), -ESRCH);
	a.flags.flags = IP_VS_SVC_F_PERSISTENT;
	a.timeout = 300;
	strcpy(a.sched, "wlc");
	EXPECT(ipvs_service_set(h, &a), 0);
	EXPECT(ipvs_service_get(h, &got), 0);
	EXPECT_TEXT(got.sched, "wlc");
	EXPECT(got.timeout, 300);
	EXPECT(got.netmask, (__u32)~0u);
	EXPECT(got.flags.flags & IP_VS_SVC_F_PERSISTENT, IP_VS_SVC_F_PERSISTENT);
	EXPECT(ipvs_service_compare(&a, &got), 0);
	b.sched[0] = 'x';
	EXPECT(ipvs_service_add(h, &b), -ENOENT);
	b = service("10.9.0.2", 80);
	b.fwmark = 9;
	EXPECT(ipvs_service_add(h, &b), 0);
	EXPECT(ipvs_service_list(h, &list), 0);
	EXPECT(list.nr, 2);
	EXPECT(ipvs_service_zero(h, &a), 0);
	EXPECT(ipvs_service_zero(h, &(struct ipvs_service){ 0 }), -EINVAL);
	EXPECT(ipvs_zero_all(h), 0);
	EXPECT(ipvs_service_del(h, &b), 0);
	EXPECT(ipvs_service_del(h, &b), -ESRCH);
	ipvs_list_free(&list);
	EXPECT(list.nr, 0);
}

static void dests(struct ipvs *h)
{
	struct ipvs_service a = service("10.9.0.1", 80), none = service("10.9.0.3", 80);
	struct ipvs_dest one = dest("10.8.0.1", 1), two = dest("10.8.0.2", 5);
	struct ipvs_service both[] = { none, a, none };
	struct ipvs_list list = { 0 };
	struct ipvs_dest *got;
	size_t first[4];

	EXPECT(ipvs_dest_add(h, &none, &one), -ESRCH);
	EXPECT(ipvs_dest_add(h, &a, &one), 0);
	EXPECT(ipvs_dest_add(h, &a, &one), -EEXIST);
	EXPECT(ipvs_dest_set(h, &a, &two), -ENOENT);
	EXPECT(ipvs_dest_del(h, &a, &two), -ENOENT);
	two.u_thresh = 9;
	two.l_thresh = 4;
	two.conn_flags = IP_VS_CONN_F_DROUTE;
	EXPECT(ipvs_dest_add(h, &a, &two), 0);
	two.weight = 7;
	EXPECT(ipvs_dest_set(h, &a, &two), 0);
	two.l_thresh = 10;
	EXPECT(ipvs_dest_set(h, &a, &two), -ERANGE);
	EXPECT(ipvs_dest_list_all(h, both, 3, &list, first), 0);
	EXPECT(first[0], 0);
	EXPECT(first[1], 0);
	EXPECT(first[2], 2);
	EXPECT(first[3], 2);
	got = list.items;
	if (list.nr == 2) {
		/* the newest comes first */
		EXPECT(ipvs_dest_compare(&got[0], &two), 0);
		EXPECT(got[0].weight, 7);
		EXPECT(got[0].u_thresh, 9);
		EXPECT(got[0].l_thresh, 4);
		EXPECT(got[0].conn_flags, IP_VS_CONN_F_DROUTE);
		EXPECT(ipvs_dest_compare(&got[1], &one), 0);
		EXPECT(got[1].conn_flags, IP_VS_CONN_F_MASQ);
	}
	EXPECT(ipvs_dest_list(h, &a, &list), 0);
	EXPECT(list.nr, 4);
	EXPECT(ipvs_dest_del(h, &a, &one), 0);
	ipvs_list_free(&list);
}

/* Answers belong to their requests, also around those that fail and across many sends. */
static void batch(struct ipvs *h)
{
	enum { NR = 300 };
	struct ipvs_request *reqs = calloc(NR, sizeof(*reqs));

	for (int i = 0; i < NR; i++) {
		reqs[i].cmd = i % 3 == 2 ? IPVS_CMD_GET_SERVICE : IPVS_CMD_NEW_SERVICE;
		reqs[i].service = service("10.7.0.1", 1 + i / 3);
	}
	reqs[NR - 1].cmd = IPVS_CMD_GET_CONFIG;
	EXPECT(ipvs_run(h, reqs, NR), 0);
	for (int i = 0; i < NR - 1; i++)
		EXPECT(reqs[i].err, i % 3 == 1 ? -EEXIST : 0);
	EXPECT(ntohs(reqs[NR - 4].service.port), NR / 3 - 1);
	EXPECT_TEXT(reqs[NR - 4].service.sched, "rr");
	EXPECT(reqs[NR - 1].timeouts.tcp > 0, true);
	free(reqs);
}

static void config(struct ipvs *h)
{
	struct ipvs_timeouts t, set = { .tcp = 800 };

	EXPECT(ipvs_kernel_info(h)->version, 0x010201);
	EXPECT(ipvs_kernel_info(h)->conn_tab_size > 0, true);
	EXPECT(ipvs_timeouts_set(h, &set), 0);
	EXPECT(ipvs_timeouts_get(h, &t), 0);
	EXPECT(t.tcp, 800);
	EXPECT(t.tcp_fin, 120);
	EXPECT(t.udp, 300);
	set.tcp = 900;
	EXPECT(ipvs_timeouts_set(h, &set), 0);
	set.tcp = ~0u;
	EXPECT(ipvs_timeouts_set(h, &set), -EINVAL);
}

static void daemons(struct ipvs *h)
{
	struct ipvs_daemon master = { .state = IP_VS_STATE_MASTER, .mcast_ifn = "lo", .sync_id = 7 };
	struct ipvs_daemon nowhere = { .state = IP_VS_STATE_BACKUP, .mcast_ifn = "nosuch" };
	struct ipvs_list list = { 0 };
	struct ipvs_daemon *got;

	EXPECT(ipvs_daemon_list(h, &list), 0);
	EXPECT(list.nr, 0);
	EXPECT(ipvs_daemon_stop(h, &master), -ESRCH);
	EXPECT(ipvs_daemon_start(h, &nowhere), -ENODEV);
	EXPECT(ipvs_daemon_start(h, &master), 0);
	EXPECT(ipvs_daemon_start(h, &master), -EEXIST);
	EXPECT(ipvs_daemon_list(h, &list), 0);
	EXPECT(list.nr, 1);
	got = list.items;
	if (list.nr == 1) {
		EXPECT(got->state, IP_VS_STATE_MASTER);
		EXPECT(got->sync_id, 7);
		EXPECT_TEXT(got->mcast_ifn, "lo");
	}
	EXPECT(ipvs_daemon_stop(h, &master), 0);
	ipvs_list_free(&list);
}

/* What netlink alone can carry. */
static void limits(struct ipvs *h, bool wide)
{
	struct ipvs_service six = service("2001:db8::1", 80), a = service("10.9.0.1", 80);
	struct ipvs_dest tunnel = dest("10.8.0.9", 1);
	struct ipvs_list list = { 0 };
	int want = wide ? 0 : -EAFNOSUPPORT;

	EXPECT(ipvs_service_add(h, &six), want);
	if (!wide)
		EXPECT_TEXT(ipvs_error(h), "Socket options cannot carry IPv6");
	EXPECT(ipvs_dest_list(h, &six, &list), want);
	tunnel.conn_flags = IP_VS_CONN_F_TUNNEL;
	tunnel.tun_type = IP_VS_CONN_F_TUNNEL_TYPE_GUE;
	tunnel.tun_port = htons(6080);
	EXPECT(ipvs_dest_add(h, &a, &tunnel), want);
	ipvs_list_free(&list);
}

static int objects(unsigned int way)
{
	struct ipvs_list list = { 0 };
	struct ipvs *h;

	EXPECT(ipvs_open(&h, 4), -EINVAL);
	EXPECT(ipvs_open(&h, way), 0);
	if (!h)
		return 1;
	EXPECT(ipvs_transport(h), way);
	services(h);
	dests(h);
	batch(h);
	config(h);
	daemons(h);
	limits(h, way == IPVS_NETLINK);
	EXPECT(ipvs_flush_all(h), 0);
	EXPECT(ipvs_service_list(h, &list), 0);
	EXPECT(list.nr, 0);
	ipvs_list_free(&list);
	ipvs_free(h);
	ipvs_free(NULL);
	return failures != 0;
}

/* --- the historic interface ------------------------------------------------------ */

static int by_port_downwards(ipvs_service_entry_t *a, ipvs_service_entry_t *b)
{
	return ntohs(b->port) - ntohs(a->port);
}

static int historic(void)
{
	ipvs_service_t svc = { .af = AF_INET, .protocol = IPPROTO_TCP, .sched_name = "rr",
			       .netmask = ~0u };
	ipvs_dest_t dst = { .af = AF_INET, .port = htons(80), .weight = 3 };
	ipvs_daemon_t dm = { .state = IP_VS_STATE_BACKUP, .mcast_ifn = "lo", .syncid = 4 };
	ipvs_timeout_t to = { .udp_timeout = 200 }, *times;
	ipvs_service_entry_t *entry;
	ipvs_daemon_t *two;
	ipvs_services_t *all;
	ipvs_dests_t *servers;

	EXPECT(ipvs_flush(), -1);
	EXPECT(errno, ENOPROTOOPT);
	EXPECT(ipvs_init(), 0);
	EXPECT(ipvs_version(), 0x010201);
	inet_pton(AF_INET, "10.9.0.1", &svc.addr);
	inet_pton(AF_INET, "10.8.0.1", &dst.addr);
	for (int port = 1; port <= 3; port++) {
		svc.port = htons(port);
		EXPECT(ipvs_add_service(&svc), 0);
	}
	EXPECT(ipvs_add_service(&svc), -1);
	EXPECT(errno, EEXIST);
	EXPECT_TEXT(ipvs_strerror(errno), "Service already exists");
	EXPECT(ipvs_getinfo(), 0);
	EXPECT(ipvs_info.num_services, 3);
	EXPECT(ipvs_add_dest(&svc, &dst), 0);
	EXPECT(ipvs_add_dest(&svc, &dst), -1);
	EXPECT_TEXT(ipvs_strerror(errno), "Destination already exists");
	dst.weight = 4;
	EXPECT(ipvs_update_dest(&svc, &dst), 0);
	svc.timeout = 77;
	svc.flags = IP_VS_SVC_F_PERSISTENT;
	EXPECT(ipvs_update_service(&svc), 0);
	EXPECT(ipvs_zero_service(&svc), 0);

	all = ipvs_get_services();
	EXPECT(all && all->num_services == 3, true);
	if (all) {
		ipvs_sort_services(all, by_port_downwards);
		EXPECT(ntohs(all->entrytable[0].port), 3);
		EXPECT(all->entrytable[0].timeout, 77);
		ipvs_sort_services(all, ipvs_cmp_services);
		EXPECT(ntohs(all->entrytable[0].port), 1);
	}
	free(all);
	entry = ipvs_get_service(0, AF_INET, IPPROTO_TCP, svc.addr, svc.port);
	EXPECT(entry != NULL, true);
	servers = entry ? ipvs_get_dests(entry) : NULL;
	EXPECT(servers && servers->num_dests == 1, true);
	if (servers) {
		ipvs_sort_dests(servers, ipvs_cmp_dests);
		EXPECT(servers->entrytable[0].weight, 4);
		EXPECT(servers->entrytable[0].af, AF_INET);
	}
	free(servers);
	free(entry);
	EXPECT(ipvs_del_dest(&svc, &dst), 0);
	EXPECT(ipvs_del_dest(&svc, &dst), -1);
	EXPECT_TEXT(ipvs_strerror(errno), "No such destination");
	EXPECT(ipvs_del_service(&svc), 0);
	EXPECT(ipvs_get_service(0, AF_INET, IPPROTO_TCP, svc.addr, svc.port) == NULL, true);
	EXPECT(errno, ESRCH);
	EXPECT_TEXT(ipvs_strerror(errno), "No such service");

	EXPECT(ipvs_set_timeout(&to), 0);
	times = ipvs_get_timeout();
	EXPECT(times ? times->udp_timeout : 0, 200);
	free(times);
	to.udp_timeout = 300;
	EXPECT(ipvs_set_timeout(&to), 0);

	EXPECT(ipvs_start_daemon(&dm), 0);
	two = ipvs_get_daemon();
	EXPECT(two ? two[0].state : -1, IP_VS_STATE_NONE);
	EXPECT(two ? two[1].syncid : -1, 4);
	free(two);
	EXPECT(ipvs_stop_daemon(&dm), 0);
	EXPECT(ipvs_stop_daemon(&dm), -1);
	EXPECT_TEXT(ipvs_strerror(errno), "No daemon is running");

	svc = (ipvs_service_t){ 0 };
	EXPECT(ipvs_zero_service(&svc), 0);
	EXPECT(ipvs_flush(), 0);
	ipvs_close();
	return failures != 0;
}

/* --- many handles ------------------------------------------------------------------ */

static void own_services_only(struct ipvs *h, int base)
{
	struct ipvs_list list = { 0 };
	struct ipvs_service *s;

	EXPECT(ipvs_service_list(h, &list), 0);
	s = list.items;
	for (size_t i = 0; i < list.nr; i++)
		EXPECT(ntohs(s[i].port) / 10, base / 10);
	ipvs_list_free(&list);
}

/* Adds services again and again, never finds one missing and never sees another's. */
static void *in_namespace(void *path)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	int base = 10 * strlen(path);
	struct ipvs *h;

	EXPECT(ipvs_open_netns(&h, 0, fd), 0);
	close(fd);
	for (int round = 0; h && round < 10; round++) {
		for (int i = 0; i < 5; i++) {
			struct ipvs_service s = service("10.9.0.1", base + i);

			EXPECT(ipvs_service_add(h, &s), 0);
			EXPECT(ipvs_service_get(h, &s), 0);
		}
		own_services_only(h, base);
		EXPECT(ipvs_flush_all(h), 0);
	}
	ipvs_free(h);
	return NULL;
}

static int parallel(int nr, char **paths)
{
	pthread_t threads[64];
	struct ipvs *h;

	EXPECT(ipvs_open_netns(&h, 0, STDIN_FILENO), -EINVAL);
	if (nr > 64)
		nr = 64;
	for (int i = 0; i < nr; i++)
		pthread_create(&threads[i], NULL, in_namespace, paths[i]);
	for (int i = 0; i < nr; i++)
		pthread_join(threads[i], NULL);
	return failures != 0;
}

/* --- speed ------------------------------------------------------------------------- */

static long now(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return ts.tv_sec * 1000000 + ts.tv_nsec / 1000;
}

static long lap(const char *what, long since)
{
	long t = now();

	printf("%s %ld us\n", what, t - since);
	return now();
}

static int speed(int nr)
{
	struct ipvs_request *reqs = calloc(3 * nr, sizeof(*reqs));
	size_t *first = calloc(nr + 1, sizeof(*first));
	struct ipvs_list all = { 0 }, servers = { 0 };
	struct ipvs *h;
	char addr[32];
	long t;

	EXPECT(ipvs_open(&h, 0), 0);
	if (!h)
		return 1;
	for (int i = 0; i < nr; i++) {
		snprintf(addr, sizeof(addr), "10.%d.%d.1", i / 250, i % 250);
		reqs[3 * i].cmd = IPVS_CMD_NEW_SERVICE;
		reqs[3 * i + 1].cmd = reqs[3 * i + 2].cmd = IPVS_CMD_NEW_DEST;
		for (int k = 0; k < 3; k++)
			reqs[3 * i + k].service = service(addr, 80);
		reqs[3 * i + 1].dest = dest("192.168.0.1", 1);
		reqs[3 * i + 2].dest = dest("192.168.0.2", 1);
	}
	t = now();
	EXPECT(ipvs_run(h, reqs, 3 * nr), 0);
	t = lap("add", t);
	EXPECT(ipvs_service_list(h, &all), 0);
	t = lap("services", t);
	EXPECT(ipvs_dest_list_all(h, all.items, all.nr, &servers, first), 0);
	t = lap("destinations", t);
	EXPECT(servers.nr, 2 * nr);
	EXPECT(ipvs_flush_all(h), 0);
	lap("flush", t);
	ipvs_list_free(&servers);
	ipvs_list_free(&all);
	ipvs_free(h);
	free(first);
	free(reqs);
	return failures != 0;
}

int main(int argc, char **argv)
{
	const char *what = argc > 1 ? argv[1] : "";

	if (!strcmp(what, "netlink"))
		return objects(IPVS_NETLINK);
	if (!strcmp(what, "sockopt"))
		return objects(IPVS_SOCKOPT);
	if (!strcmp(what, "historic"))
		return historic();
	if (!strcmp(what, "parallel"))
		return parallel(argc - 2, argv + 2);
	if (!strcmp(what, "speed") && argc > 2)
		return speed(atoi(argv[2]));
	return 2;
}
