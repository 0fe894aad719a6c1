// SPDX-License-Identifier: GPL-2.0-only
/*
 * A storm of commands against the live module: valid, nearly valid and damaged ones,
 * by netlink and by socket options, from several processes in several network
 * namespaces at once, with a little traffic. What is sent follows from the seed.
 *
 *	genl_storm [-s SEED] [-n COMMANDS] [-t SECONDS] [-p PROCESSES] [-N NAMESPACES]
 *
 * Each process sends COMMANDS commands, or until SECONDS are over. Then everything
 * is flushed, and each namespace must be empty. The status is 0 if so and if every
 * request was answered; what the kernel log says is for the caller to look at.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <linux/genetlink.h>
#include <linux/ip_vs.h>
#include <linux/netlink.h>
#include <sched.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define ARRAY_SIZE(a)	(sizeof(a) / sizeof((a)[0]))
#define ANSWER_SECONDS	60	/* a machine that is emulated may take its time */

struct storm {
	unsigned long long seed;
	unsigned long commands;
	unsigned int seconds;
	unsigned int processes;
	unsigned int namespaces;
};

struct worker {
	unsigned long long random;
	int netlink;
	int socket;
	unsigned short family;
	unsigned int seq;
	unsigned long sent, taken;
	char *bad_page;		/* not readable; the page before it is */
};

struct message {
	struct nlmsghdr nlh;
	struct genlmsghdr genl;
	unsigned char payload[1024];
};

/* ---- chance ---- */

static unsigned int draw(struct worker *w, unsigned int below)
{
	w->random ^= w->random << 13;
	w->random ^= w->random >> 7;
	w->random ^= w->random << 17;
	return (w->random >> 11) % below;
}

static bool one_in(struct worker *w, unsigned int n)
{
	return !draw(w, n);
}

#define PICK(w, table)	((table)[draw(w, ARRAY_SIZE(table))])

static unsigned int number(struct worker *w)
{
	static const unsigned int edges[] = { 0, 1, 2, 3, 0x7fffffff, 0x80000000, 0xffffffff };

	return one_in(w, 8) ? PICK(w, edges) : draw(w, 100);
}

/* ---- netlink messages ---- */

static void put(struct message *m, int type, const void *data, int len)
{
	struct nlattr nla = { .nla_len = NLA_HDRLEN + len, .nla_type = type };
	char *at = (char *)m + NLMSG_ALIGN(m->nlh.nlmsg_len);

	if (m->nlh.nlmsg_len + NLA_HDRLEN + NLA_ALIGN(len) > sizeof(*m))
		return;
	memcpy(at, &nla, sizeof(nla));
	memset(at + NLA_HDRLEN, 0, NLA_ALIGN(len));
	memcpy(at + NLA_HDRLEN, data, len);
	m->nlh.nlmsg_len = NLMSG_ALIGN(m->nlh.nlmsg_len) + NLA_HDRLEN + NLA_ALIGN(len);
}

static void put_number(struct message *m, int type, unsigned int value, int len)
{
	put(m, type, &value, len);
}

static struct nlattr *nest_start(struct message *m, int type)
{
	struct nlattr *nest = (void *)((char *)m + NLMSG_ALIGN(m->nlh.nlmsg_len));

	put(m, type, "", 0);
	return nest;
}

static void nest_end(struct message *m, struct nlattr *nest)
{
	nest->nla_len = (char *)m + m->nlh.nlmsg_len - (char *)nest;
}

static const char *scheduler(struct worker *w)
{
	static const char *const names[] = {
		"rr", "wrr", "lc", "wlc", "sed", "nq", "fo", "ovf", "sh", "dh", "mh", "lblc", "lblcr",
		"none", "",
	};

	return PICK(w, names);
}

static void put_address(struct worker *w, struct message *m, int type, int af, unsigned int host)
{
	unsigned char addr[16] = { 10, 0, 0, host };

	if (af == AF_INET6)
		memcpy(addr, "\x20\x01\x0d\xb8\0\0\0\0\0\0\0\0\0\0\0", 15), addr[15] = host;
	put(m, type, addr, af == AF_INET6 || one_in(w, 2) ? 16 : 4);
}

static int put_service(struct worker *w, struct message *m)
{
	static const unsigned short ports[] = { 0, 21, 80, 5060 };
	static const unsigned char protocols[] = { 6, 6, 17, 132, 50 };
	struct nlattr *nest = nest_start(m, IPVS_CMD_ATTR_SERVICE);
	unsigned int flags[2] = { number(w), one_in(w, 4) ? number(w) : ~0U };
	int af = one_in(w, 4) ? AF_INET6 : AF_INET;

	put_number(m, IPVS_SVC_ATTR_AF, one_in(w, 64) ? number(w) : (unsigned int)af, 2);
	if (one_in(w, 4)) {
		put_number(m, IPVS_SVC_ATTR_FWMARK, draw(w, 4), 4);
	} else {
		put_number(m, IPVS_SVC_ATTR_PROTOCOL, PICK(w, protocols), 2);
		put_address(w, m, IPVS_SVC_ATTR_ADDR, af, 1 + draw(w, 3));
		put_number(m, IPVS_SVC_ATTR_PORT, htons(PICK(w, ports)), 2);
	}
	if (!one_in(w, 16)) {
		const char *name = scheduler(w);

		put(m, IPVS_SVC_ATTR_SCHED_NAME, name, strlen(name) + 1);
	}
	if (one_in(w, 16))
		put(m, IPVS_SVC_ATTR_PE_NAME, "sip", 4);
	put(m, IPVS_SVC_ATTR_FLAGS, flags, sizeof(flags));
	put_number(m, IPVS_SVC_ATTR_TIMEOUT, number(w), 4);
	put_number(m, IPVS_SVC_ATTR_NETMASK, af == AF_INET6 ? 64 : ~0U, 4);
	nest_end(m, nest);
	return af;
}

static void put_dest(struct worker *w, struct message *m, int af)
{
	struct nlattr *nest = nest_start(m, IPVS_CMD_ATTR_DEST);

	if (one_in(w, 8)) {
		af = af == AF_INET ? AF_INET6 : AF_INET;
		put_number(m, IPVS_DEST_ATTR_ADDR_FAMILY, af, 2);
	}
	put_address(w, m, IPVS_DEST_ATTR_ADDR, af, 100 + draw(w, 12));
	put_number(m, IPVS_DEST_ATTR_PORT, htons(one_in(w, 4) ? 0 : 80), 2);
	put_number(m, IPVS_DEST_ATTR_FWD_METHOD, number(w), 4);
	put_number(m, IPVS_DEST_ATTR_WEIGHT, number(w), 4);
	put_number(m, IPVS_DEST_ATTR_U_THRESH, one_in(w, 2) ? 0 : number(w), 4);
	put_number(m, IPVS_DEST_ATTR_L_THRESH, one_in(w, 2) ? 0 : draw(w, 3), 4);
	if (one_in(w, 4)) {
		put_number(m, IPVS_DEST_ATTR_TUN_TYPE, draw(w, 4), 1);
		put_number(m, IPVS_DEST_ATTR_TUN_PORT, htons(6080), 2);
		put_number(m, IPVS_DEST_ATTR_TUN_FLAGS, draw(w, 4), 2);
	}
	nest_end(m, nest);
}

static void put_daemon(struct worker *w, struct message *m)
{
	struct nlattr *nest = nest_start(m, IPVS_CMD_ATTR_DAEMON);

	put_number(m, IPVS_DAEMON_ATTR_STATE, draw(w, 4), 4);
	put(m, IPVS_DAEMON_ATTR_MCAST_IFN, "lo", 3);
	put_number(m, IPVS_DAEMON_ATTR_SYNC_ID, number(w), 4);
	if (one_in(w, 2))
		put_number(m, IPVS_DAEMON_ATTR_SYNC_MAXLEN, number(w), 2);
	nest_end(m, nest);
}

/* Bytes, lengths and ends that no program would send. */
static void damage(struct worker *w, struct message *m)
{
	unsigned int len = m->nlh.nlmsg_len - NLMSG_LENGTH(GENL_HDRLEN);
	unsigned int at;

	if (!len)
		return;
	at = draw(w, len);
	switch (draw(w, 4)) {
	case 0:
		m->payload[at] ^= 1 << draw(w, 8);
		break;
	case 1:
		m->payload[at] = draw(w, 256);
		break;
	case 2:
		m->nlh.nlmsg_len -= at;
		break;
	default:
		memset(m->payload + at, draw(w, 2) ? 0 : 0xff, len - at);
	}
}

/* Reads until the request is answered. -1: it was not, else whether it was taken. */
static int answered(struct worker *w)
{
	static char buf[65536];
	struct nlmsghdr *nlh;
	int len;

	for (;;) {
		len = recv(w->netlink, buf, sizeof(buf), 0);
		if (len < 0)
			return -1;
		for (nlh = (void *)buf; NLMSG_OK(nlh, len); nlh = NLMSG_NEXT(nlh, len)) {
			if (nlh->nlmsg_seq != w->seq)
				continue;
			if (nlh->nlmsg_type == NLMSG_DONE)
				return 1;
			if (nlh->nlmsg_type == NLMSG_ERROR)
				return !((struct nlmsgerr *)NLMSG_DATA(nlh))->error;
		}
	}
}

static int open_netlink(void)
{
	struct timeval limit = { .tv_sec = ANSWER_SECONDS };
	int fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_GENERIC);

	if (fd < 0 || setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof(limit))) {
		perror("netlink");
		exit(1);
	}
	return fd;
}

static void init_message(struct worker *w, struct message *m, int family, int command, int flags)
{
	memset(m, 0, sizeof(*m));
	m->nlh.nlmsg_len = NLMSG_LENGTH(GENL_HDRLEN);
	m->nlh.nlmsg_type = family;
	m->nlh.nlmsg_flags = flags;
	m->nlh.nlmsg_seq = ++w->seq;
	m->genl.cmd = command;
	m->genl.version = 1;
}

static bool transact(struct worker *w, struct message *m)
{
	int taken;

	if (send(w->netlink, m, m->nlh.nlmsg_len, 0) < 0) {
		perror("send");
		exit(1);
	}
	w->sent++;
	taken = answered(w);
	if (taken < 0) {
		fprintf(stderr, "command %d was not answered: %s\n", m->genl.cmd, strerror(errno));
		exit(1);
	}
	w->taken += taken;
	return taken;
}

static void netlink_command(struct worker *w)
{
	/* what builds comes more often than what tears down */
	static const unsigned char commands[] = { 1, 1, 1, 1, 2, 2, 3, 4, 5, 5, 5, 5, 5, 5, 6, 6, 7, 7,
						  8, 8, 9, 10, 11, 12, 13, 15, 16, 4, 0, 14, 18 };
	int command = one_in(w, 200) ? IPVS_CMD_FLUSH : PICK(w, commands);
	int flags = NLM_F_REQUEST | NLM_F_ACK;
	struct message m;
	int af = AF_INET;

	if (command == IPVS_CMD_GET_DEST || command == IPVS_CMD_GET_DAEMON ||
	    (command == IPVS_CMD_GET_SERVICE && one_in(w, 2)))
		flags |= NLM_F_DUMP;
	init_message(w, &m, w->family, command, flags);
	if (command < IPVS_CMD_NEW_DAEMON || one_in(w, 4))
		af = put_service(w, &m);
	if ((command >= IPVS_CMD_NEW_DEST && command <= IPVS_CMD_DEL_DEST) || one_in(w, 16))
		put_dest(w, &m, af);
	if (command == IPVS_CMD_NEW_DAEMON || command == IPVS_CMD_DEL_DAEMON)
		put_daemon(w, &m);
	if (command == IPVS_CMD_SET_CONFIG)
		put_number(&m, IPVS_CMD_ATTR_TIMEOUT_TCP + draw(w, 3), number(w), 4);
	if (one_in(w, 4))
		damage(w, &m);
	if (flags & NLM_F_DUMP && one_in(w, 8)) {
		/* who goes away in the middle of a listing */
		if (send(w->netlink, &m, m.nlh.nlmsg_len, 0) < 0)
			exit(1);
		close(w->netlink);
		w->netlink = open_netlink();
		return;
	}
	transact(w, &m);
}

/* ---- socket options ---- */

static void fill_service(struct worker *w, struct ip_vs_service_user *service)
{
	static const unsigned char protocols[] = { 6, 6, 6, 17, 132, 50 };

	service->protocol = PICK(w, protocols);
	if (one_in(w, 4)) {
		service->fwmark = draw(w, 4);
	} else {
		service->addr = htonl(0x0a000001 + draw(w, 3));
		service->port = htons(80);
	}
	strcpy(service->sched_name, scheduler(w));
	service->flags = number(w);
	service->timeout = number(w);
	service->netmask = ~0U;
}

static void fill_dest(struct worker *w, struct ip_vs_dest_user *dest)
{
	dest->addr = htonl(0x0a000064 + draw(w, 12));
	dest->port = htons(80);
	dest->conn_flags = number(w);
	dest->weight = number(w);
	dest->u_threshold = one_in(w, 2) ? 0 : number(w);
}

/* Where a buffer of @len bytes is: mostly right, sometimes with its end on a page that is not there. */
static char *place(struct worker *w, size_t len)
{
	return w->bad_page - (one_in(w, 16) ? draw(w, len + 1) : len);
}

static void set_option(struct worker *w)
{
	static const unsigned char lengths[] = {
		0, 0, 44, 44, 44, 0, 0, 68, 68, 68, 12, 24, 24, 0, 0, 44,
	};
	struct {
		struct ip_vs_service_user service;
		struct ip_vs_dest_user dest;
	} pair = { 0 };
	int option = draw(w, ARRAY_SIZE(lengths));
	unsigned int len = lengths[option];
	char *at = w->bad_page - sizeof(pair);

	if (option == IP_VS_SO_SET_FLUSH - IP_VS_BASE_CTL && !one_in(w, 16))
		return;
	fill_service(w, &pair.service);
	fill_dest(w, &pair.dest);
	if (option == IP_VS_SO_SET_STARTDAEMON - IP_VS_BASE_CTL ||
	    option == IP_VS_SO_SET_STOPDAEMON - IP_VS_BASE_CTL) {
		struct ip_vs_daemon_user daemon = { draw(w, 4), "lo", number(w) };

		memcpy(&pair, &daemon, sizeof(daemon));
	}
	if (one_in(w, 16))
		((char *)&pair)[draw(w, sizeof(pair))] ^= 1 << draw(w, 8);
	if (one_in(w, 16))
		len = draw(w, sizeof(pair));
	at = w->bad_page - len;
	memcpy(at, &pair, len);
	if (one_in(w, 16))
		at += 1 + draw(w, 8);
	w->sent++;
	w->taken += !setsockopt(w->socket, IPPROTO_IP, IP_VS_BASE_CTL + option, at, len);
}

static void get_option(struct worker *w)
{
	static const unsigned char lengths[] = { 64, 12, 8, 104, 24, 0, 12, 48 };
	int option = draw(w, ARRAY_SIZE(lengths));
	unsigned int n = draw(w, 20);
	struct ip_vs_service_user service = { 0 };
	socklen_t len = lengths[option];
	char *at;

	fill_service(w, &service);
	if (option == IP_VS_SO_GET_SERVICES - IP_VS_BASE_CTL)
		len += n * sizeof(struct ip_vs_service_entry);
	if (option == IP_VS_SO_GET_DESTS - IP_VS_BASE_CTL)
		len += n * sizeof(struct ip_vs_dest_entry);
	if (one_in(w, 16))
		len += draw(w, 9) - 4;
	if (len > 4000)
		return;
	at = w->bad_page - len;
	memset(at, 0, len);
	if (option == IP_VS_SO_GET_SERVICES - IP_VS_BASE_CTL && len >= sizeof(n)) {
		memcpy(at, &n, sizeof(n));
	} else if (len >= 24) {
		memcpy(at, &service, 16);
		memcpy(at + 16, &n, sizeof(n));
	}
	at = place(w, len);
	w->sent++;
	w->taken += !getsockopt(w->socket, IPPROTO_IP, IP_VS_BASE_CTL + option, at, &len);
}

/* ---- processes and namespaces ---- */

/* A connection here and there, so that what is removed is in use. */
static void traffic(struct worker *w)
{
	struct sockaddr_in to = { .sin_family = AF_INET, .sin_port = htons(80) };

	to.sin_addr.s_addr = htonl(0x0a000001 + draw(w, 3));
	(void)!sendto(w->socket, "x", 1, MSG_DONTWAIT, (void *)&to, sizeof(to));
}

static void find_family(struct worker *w)
{
	static char buf[8192];
	struct message m;
	struct nlattr *nla;
	int len;

	init_message(w, &m, GENL_ID_CTRL, CTRL_CMD_GETFAMILY, NLM_F_REQUEST);
	put(&m, CTRL_ATTR_FAMILY_NAME, IPVS_GENL_NAME, sizeof(IPVS_GENL_NAME));
	if (send(w->netlink, &m, m.nlh.nlmsg_len, 0) < 0)
		exit(1);
	len = recv(w->netlink, buf, sizeof(buf), 0);
	for (nla = (void *)(buf + NLMSG_LENGTH(GENL_HDRLEN)); (char *)nla < buf + len;
	     nla = (void *)((char *)nla + NLA_ALIGN(nla->nla_len))) {
		if (nla->nla_len < NLA_HDRLEN)
			break;
		if (nla->nla_type == CTRL_ATTR_FAMILY_ID) {
			memcpy(&w->family, (char *)nla + NLA_HDRLEN, sizeof(w->family));
			return;
		}
	}
	fprintf(stderr, "no family IPVS\n");
	exit(1);
}

static void worker_open(struct worker *w, unsigned long long seed)
{
	long page = sysconf(_SC_PAGESIZE);
	char *pages = mmap(NULL, 2 * page, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	memset(w, 0, sizeof(*w));
	w->random = seed * 0x9e3779b97f4a7c15ULL | 1;
	w->netlink = open_netlink();
	w->socket = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	if (w->socket < 0 || pages == MAP_FAILED || mprotect(pages + page, page, PROT_NONE)) {
		perror("worker");
		exit(1);
	}
	w->bad_page = pages + page;
	find_family(w);
}

static void work(const struct storm *storm, unsigned long long seed)
{
	time_t end = time(NULL) + storm->seconds;
	struct worker w;

	worker_open(&w, seed);
	while (w.sent < storm->commands && time(NULL) < end) {
		if (one_in(&w, 4))
			set_option(&w);
		else if (one_in(&w, 6))
			get_option(&w);
		else
			netlink_command(&w);
		if (one_in(&w, 4))
			traffic(&w);
	}
	printf("# seed %llu: %lu commands, %lu taken\n", seed, w.sent, w.taken);
}

/* Wait for all children. Return: did all succeed? */
static bool all_well(void)
{
	bool well = true;
	int status;

	while (wait(&status) > 0)
		well = well && WIFEXITED(status) && !WEXITSTATUS(status);
	return well;
}

/* Remove everything; nothing may be left. */
static bool flush(void)
{
	struct ip_vs_getinfo info = { 0 };
	socklen_t len = sizeof(info);
	struct worker w;
	struct message m;
	int state;

	worker_open(&w, 1);
	for (state = IP_VS_STATE_MASTER; state <= IP_VS_STATE_BACKUP; state++) {
		struct nlattr *nest;

		init_message(&w, &m, w.family, IPVS_CMD_DEL_DAEMON, NLM_F_REQUEST | NLM_F_ACK);
		nest = nest_start(&m, IPVS_CMD_ATTR_DAEMON);
		put_number(&m, IPVS_DAEMON_ATTR_STATE, state, 4);
		nest_end(&m, nest);
		transact(&w, &m);
	}
	init_message(&w, &m, w.family, IPVS_CMD_FLUSH, NLM_F_REQUEST | NLM_F_ACK);
	if (!transact(&w, &m) ||
	    getsockopt(w.socket, IPPROTO_IP, IP_VS_SO_GET_INFO, &info, &len) || info.num_services) {
		fprintf(stderr, "%u services are left\n", info.num_services);
		return false;
	}
	return true;
}

static int namespace(const struct storm *storm, unsigned int index)
{
	unsigned int i;
	bool well;

	if (unshare(CLONE_NEWNET) ||
	    system("ip link set lo up && ip addr add 10.0.0.1/24 dev lo && ip addr add 10.0.0.2/24 dev lo")) {
		perror("namespace");
		return 1;
	}
	for (i = index; i < storm->processes; i += storm->namespaces)
		if (!fork()) {
			work(storm, storm->seed * 1000 + i);
			exit(0);
		}
	well = all_well();
	return flush() && well ? 0 : 1;
}

int main(int argc, char **argv)
{
	struct storm storm = { .seed = 1, .commands = ~0UL, .seconds = 10, .processes = 8, .namespaces = 4 };
	unsigned int i;
	int option;

	setvbuf(stdout, NULL, _IOLBF, 0);
	while ((option = getopt(argc, argv, "s:n:t:p:N:")) != -1) {
		unsigned long long value = optarg ? strtoull(optarg, NULL, 0) : 0;

		switch (option) {
		case 's': storm.seed = value; break;
		case 'n': storm.commands = value; break;
		case 't': storm.seconds = value; break;
		case 'p': storm.processes = value; break;
		case 'N': storm.namespaces = value ? value : 1; break;
		default: return 2;
		}
	}
	for (i = 0; i < storm.namespaces; i++)
		if (!fork())
			exit(namespace(&storm, i));
	return all_well() ? 0 : 1;
}
