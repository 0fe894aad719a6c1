// SPDX-License-Identifier: GPL-2.0-only
/*
 * Both ends of test traffic in one static program, so that starting one costs little even in an emulated machine.
 * Anything that stays alive goes to the background only when it is ready, so the caller never has to wait for it, and
 * leaves a file /tmp/peer.VERB.PID to be found and killed by.
 *
 *   peer serve PORT NAME                 TCP and UDP, both families; says NAME, the client's address and port, and more
 *   peer udp ADDR PORT COUNT [SRCPORT]   send COUNT datagrams, from a new port each unless SRCPORT is given; print answers
 *   peer send ADDR PORT LENGTH df|nodf [SRCPORT]   send one datagram so long; print the answer's first word and the path MTU
 *   peer text ADDR PORT TEXT             send TEXT as one datagram from a new port; print the answer
 *   peer hold ADDR PORT COUNT            open COUNT TCP connections, print who answered, keep them until killed
 *   peer open PATH ADDR PORT [SRCPORT]   open one TCP connection and keep it, to be used through the socket PATH
 *   peer say PATH LINE                   send LINE over it and print the answer; @fin, @read and @close are not sent
 *   peer storm ADDR PORT                 new UDP flows and TCP connections without end, until killed
 *   peer forge KIND SRC SPORT DST DPORT COUNT [SRC_STEP SPORT_STEP DST_STEP]
 *                                        send COUNT single packets from addresses that need not be ours: syn, fin
 *                                        ack or udp; from one to the next the steps are added (default: SPORT_STEP 1)
 *   peer forge -                         the same for each line of standard input
 *   peer tell DEVICE COUNT               tell a backup that listens on the other end of DEVICE of COUNT UDP connections
 *   peer in NAMESPACE COMMAND [ARG...]   run a command in a network namespace of /run/netns
 *
 * With FROM=ADDRESS in the environment clients send from that address; with WAIT_MS=N an open connection waits so long
 * for an answer.
 *
 * The server answers a datagram with "NAME ADDR PORT TTL TEXT", a line of TCP with "NAME ADDR PORT LINE". The lines
 * "!fin", "!rst" and "!stay" make it close its direction, reset, or keep its direction open after the client's end;
 * "!wait" makes it answer two seconds later.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <net/if.h>
#include <netinet/in.h>
#include <netinet/ip.h>
#include <netinet/ip6.h>
#include <netinet/tcp.h>
#include <netinet/udp.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

enum { TIMEOUT_MS = 4000, MAX_CONNS = 1024, LINE = 2048 };

/* How long an open connection waits for an answer. */
static int patience_ms = TIMEOUT_MS;

struct addr {
	struct sockaddr_storage ss;
	socklen_t len;
};

static void die(const char *what)
{
	fprintf(stderr, "peer: %s: %s\n", what, strerror(errno));
	exit(1);
}

/* Answer the caller and go on in the background. */
static void detach(const char *verb)
{
	char path[64];
	pid_t pid;
	int null;

	fflush(stdout);
	pid = fork();
	if (pid < 0)
		die("fork");
	if (pid) {
		snprintf(path, sizeof(path), "/tmp/peer.%s.%d", verb, pid);
		close(open(path, O_CREAT | O_WRONLY, 0600));
		_exit(0);
	}
	setsid();
	null = open("/dev/null", O_RDWR);
	/* The caller may be waiting for the end of any file it lent us, not only of the standard three. */
	dup2(null, 0);
	dup2(null, 1);
	dup2(null, 2);
	close(null);
}

static void close_inherited(void)
{
	for (int fd = 3; fd < 64; fd++)
		close(fd);
}

static struct addr parse_addr(const char *host, const char *port)
{
	struct addr a = { .len = 0 };
	struct sockaddr_in *in = (void *)&a.ss;
	struct sockaddr_in6 *in6 = (void *)&a.ss;

	if (inet_pton(AF_INET, host, &in->sin_addr) == 1) {
		in->sin_family = AF_INET;
		in->sin_port = htons(atoi(port));
		a.len = sizeof(*in);
	} else if (inet_pton(AF_INET6, host, &in6->sin6_addr) == 1) {
		in6->sin6_family = AF_INET6;
		in6->sin6_port = htons(atoi(port));
		a.len = sizeof(*in6);
	} else {
		fprintf(stderr, "peer: bad address %s\n", host);
		exit(2);
	}
	return a;
}

/* "ADDR PORT", IPv4 in IPv6 shown as IPv4. */
static const char *name_of(const struct sockaddr_storage *ss)
{
	static char text[INET6_ADDRSTRLEN + 8];
	const struct sockaddr_in6 *in6 = (const void *)ss;
	char ip[INET6_ADDRSTRLEN];

	inet_ntop(AF_INET6, &in6->sin6_addr, ip, sizeof(ip));
	snprintf(text, sizeof(text), "%s %d", strncmp(ip, "::ffff:", 7) ? ip : ip + 7, ntohs(in6->sin6_port));
	return text;
}

static int listener(int type, int port)
{
	struct sockaddr_in6 any = { .sin6_family = AF_INET6, .sin6_port = htons(port) };
	int on = 1, off = 0, fd = socket(AF_INET6, type | SOCK_CLOEXEC, 0);

	if (fd < 0)
		die("socket");
	setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &off, sizeof(off));
	setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on));
	if (type == SOCK_DGRAM) {
		setsockopt(fd, IPPROTO_IP, IP_RECVTTL, &on, sizeof(on));
		setsockopt(fd, IPPROTO_IPV6, IPV6_RECVHOPLIMIT, &on, sizeof(on));
	}
	if (bind(fd, (struct sockaddr *)&any, sizeof(any)) < 0)
		die("bind");
	if (type == SOCK_STREAM && listen(fd, 512) < 0)
		die("listen");
	return fd;
}

static void answer_datagram(int fd, const char *name)
{
	char text[LINE], out[LINE * 2], control[256];
	struct sockaddr_storage from;
	struct iovec iov = { text, sizeof(text) - 1 };
	struct msghdr msg = { .msg_name = &from, .msg_namelen = sizeof(from), .msg_iov = &iov, .msg_iovlen = 1,
			      .msg_control = control, .msg_controllen = sizeof(control) };
	ssize_t n = recvmsg(fd, &msg, 0);
	int ttl = -1;

	if (n < 0)
		return;
	text[n] = 0;
	for (struct cmsghdr *c = CMSG_FIRSTHDR(&msg); c; c = CMSG_NXTHDR(&msg, c))
		if ((c->cmsg_level == IPPROTO_IP && c->cmsg_type == IP_TTL) ||
		    (c->cmsg_level == IPPROTO_IPV6 && c->cmsg_type == IPV6_HOPLIMIT))
			memcpy(&ttl, CMSG_DATA(c), sizeof(ttl));
	n = snprintf(out, sizeof(out), "%s %s %d %s", name, name_of(&from), ttl, text);
	sendto(fd, out, n, 0, (struct sockaddr *)&from, msg.msg_namelen);
}

struct client {
	struct sockaddr_storage from;
	char line[LINE];
	size_t len;
	int stay;
};

/* False when the connection is over. */
static int answer_line(int fd, struct client *c, const char *name)
{
	char out[LINE * 2];
	int n;

	if (!strcmp(c->line, "!stay")) {
		c->stay = 1;
	} else if (!strcmp(c->line, "!wait")) {
		sleep(2);
	} else if (!strcmp(c->line, "!fin")) {
		shutdown(fd, SHUT_WR);
		return 1;
	} else if (!strcmp(c->line, "!rst")) {
		struct linger now = { 1, 0 };

		setsockopt(fd, SOL_SOCKET, SO_LINGER, &now, sizeof(now));
		return 0;
	}
	n = snprintf(out, sizeof(out), "%s %s %s\n", name, name_of(&c->from), c->line);
	return send(fd, out, n, MSG_NOSIGNAL) == n;
}

static int serve_client(int fd, struct client *c, const char *name)
{
	char *end;
	ssize_t n = recv(fd, c->line + c->len, sizeof(c->line) - 1 - c->len, 0);

	if (n <= 0)
		return n == 0 && c->stay ? 2 : 0;
	c->len += n;
	c->line[c->len] = 0;
	while ((end = strchr(c->line, '\n'))) {
		*end = 0;
		if (!answer_line(fd, c, name))
			return 0;
		c->len -= end + 1 - c->line;
		memmove(c->line, end + 1, c->len + 1);
	}
	return c->len < sizeof(c->line) - 1;
}

static _Noreturn void serve(int port, const char *name)
{
	static struct pollfd fds[MAX_CONNS];
	static struct client clients[MAX_CONNS];
	int nr = 2;

	close_inherited();
	fds[0].fd = listener(SOCK_DGRAM, port);
	fds[1].fd = listener(SOCK_STREAM, port);
	fds[0].events = fds[1].events = POLLIN;
	detach("serve");
	for (;;) {
		if (poll(fds, nr, -1) < 0)
			continue;
		if (fds[0].revents)
			answer_datagram(fds[0].fd, name);
		for (int i = 2; i < nr; i++) {
			int more = 1;

			if (fds[i].revents)
				more = serve_client(fds[i].fd, &clients[i], name);
			if (more == 2) {
				fds[i].events = 0;
			} else if (!more) {
				close(fds[i].fd);
				nr--;
				fds[i] = fds[nr];
				clients[i] = clients[nr];
				i--;
			}
		}
		if (fds[1].revents && nr < MAX_CONNS) {
			socklen_t len = sizeof(clients[nr].from);

			memset(&clients[nr], 0, sizeof(clients[nr]));
			fds[nr].fd = accept(fds[1].fd, (struct sockaddr *)&clients[nr].from, &len);
			fds[nr].events = POLLIN;
			fds[nr].revents = 0;
			if (fds[nr].fd >= 0)
				nr++;
		}
	}
}

/* Nothing to do without a port and an address to send from. */
static void bind_port(int fd, int family, int port)
{
	struct sockaddr_in6 in6 = { .sin6_family = AF_INET6, .sin6_port = htons(port) };
	struct sockaddr_in in = { .sin_family = AF_INET, .sin_port = htons(port) };
	const char *from = getenv("FROM");
	int on = 1;

	if (!from && !port)
		return;
	if (from && inet_pton(family, from, family == AF_INET6 ? (void *)&in6.sin6_addr : &in.sin_addr) != 1)
		die(from);
	setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on));
	if (family == AF_INET6 ? bind(fd, (void *)&in6, sizeof(in6)) : bind(fd, (void *)&in, sizeof(in)))
		die("bind");
}

/* A line or datagram with a time limit: its length, 0 at the end, -1 with errno. */
static ssize_t receive(int fd, char *text, size_t size, int ms)
{
	struct pollfd p = { .fd = fd, .events = POLLIN };
	ssize_t n;

	if (poll(&p, 1, ms) == 0) {
		errno = ETIMEDOUT;
		return -1;
	}
	n = recv(fd, text, size - 1, 0);
	if (n >= 0)
		text[n] = 0;
	return n;
}

static const char *result(ssize_t n, char *text)
{
	if (n > 0) {
		text[strcspn(text, "\n")] = 0;
		return text;
	}
	if (n == 0)
		return "end";
	return errno == ETIMEDOUT ? "timeout" : strerrorname_np(errno);
}

static int udp(const struct addr *to, int count, int srcport)
{
	char text[LINE];
	int fd = -1, failed = 0;

	for (int i = 1; i <= count; i++) {
		ssize_t n;

		if (fd < 0) {
			fd = socket(to->ss.ss_family, SOCK_DGRAM, 0);
			bind_port(fd, to->ss.ss_family, srcport);
			if (connect(fd, (const struct sockaddr *)&to->ss, to->len) < 0)
				die("connect");
		}
		n = snprintf(text, sizeof(text), "%d", i);
		n = send(fd, text, n, 0);
		if (n >= 0)
			n = receive(fd, text, sizeof(text), TIMEOUT_MS);
		failed |= n < 0;
		puts(result(n, text));
		if (!srcport) {
			close(fd);
			fd = -1;
		}
	}
	return failed;
}

/* One datagram larger or smaller than the path takes, and what comes of it. The length includes its own headers. */
static int send_long(const struct addr *to, int length, bool df, int srcport)
{
	bool v6 = to->ss.ss_family == AF_INET6;
	int level = v6 ? IPPROTO_IPV6 : IPPROTO_IP;
	/* probe: mark DF, whatever MTU is known already; interface: no DF, likewise */
	int discover = df ? IP_PMTUDISC_PROBE : IP_PMTUDISC_INTERFACE, mtu = 0;
	socklen_t len = sizeof(mtu);
	static char data[65536];
	char text[65536], *word;
	ssize_t n;
	int fd = socket(to->ss.ss_family, SOCK_DGRAM, 0);

	setsockopt(fd, level, v6 ? IPV6_MTU_DISCOVER : IP_MTU_DISCOVER, &discover, sizeof(discover));
	/* hear of errors that may pass, too */
	setsockopt(fd, level, v6 ? IPV6_RECVERR : IP_RECVERR, &(int){ 1 }, sizeof(int));
	if (srcport)
		bind_port(fd, to->ss.ss_family, srcport);
	if (connect(fd, (const struct sockaddr *)&to->ss, to->len) < 0)
		die("connect");
	memset(data, 'x', sizeof(data));
	n = send(fd, data, length - (v6 ? 48 : 28), 0);
	if (n >= 0)
		n = receive(fd, text, sizeof(text), 1500);
	word = (char *)result(n, text);
	word = strndup(word, strcspn(word, " "));
	getsockopt(fd, level, v6 ? IPV6_MTU : IP_MTU, &mtu, &len);
	printf("%s %d\n", word, mtu);
	return n < 0;
}

static int tell(const struct addr *to, const char *words)
{
	int fd = socket(to->ss.ss_family, SOCK_DGRAM, 0);
	char text[LINE];
	ssize_t n;

	bind_port(fd, to->ss.ss_family, 0);
	if (connect(fd, (const struct sockaddr *)&to->ss, to->len) < 0)
		die("connect");
	n = send(fd, words, strlen(words), 0);
	if (n >= 0)
		n = receive(fd, text, sizeof(text), TIMEOUT_MS);
	puts(result(n, text));
	return n < 0;
}

/* A connected socket, or -1 with errno. */
static int dial(const struct addr *to, int srcport)
{
	int err = 0, fd = socket(to->ss.ss_family, SOCK_STREAM | SOCK_NONBLOCK, 0);
	struct pollfd p = { .fd = fd, .events = POLLOUT };
	socklen_t len = sizeof(err);

	bind_port(fd, to->ss.ss_family, srcport);
	if (connect(fd, (const struct sockaddr *)&to->ss, to->len) < 0 && errno != EINPROGRESS) {
		err = errno;
	} else if (poll(&p, 1, TIMEOUT_MS) == 0) {
		err = ETIMEDOUT;
	} else {
		getsockopt(fd, SOL_SOCKET, SO_ERROR, &err, &len);
	}
	fcntl(fd, F_SETFL, 0);
	if (!err)
		return fd;
	close(fd);
	errno = err;
	return -1;
}

static _Noreturn void hold(const struct addr *to, int count)
{
	char text[LINE];

	close_inherited();
	for (int i = 0; i < count; i++) {
		int fd = dial(to, 0);
		ssize_t n = fd;

		if (fd >= 0) {
			send(fd, "hold\n", 5, MSG_NOSIGNAL);
			n = receive(fd, text, sizeof(text), TIMEOUT_MS);
		}
		puts(result(n, text));
	}
	detach("hold");
	for (;;)
		pause();
}

static int unix_socket(const char *path, struct sockaddr_un *un)
{
	int fd = socket(AF_UNIX, SOCK_SEQPACKET, 0);

	un->sun_family = AF_UNIX;
	snprintf(un->sun_path, sizeof(un->sun_path), "%s", path);
	return fd;
}

static void obey(int conn, char *line, char *text)
{
	ssize_t n = 1;

	if (!strcmp(line, "@fin")) {
		shutdown(conn, SHUT_WR);
		strcpy(text, "done");
	} else {
		if (strcmp(line, "@read")) {
			strcat(line, "\n");
			n = send(conn, line, strlen(line), MSG_NOSIGNAL);
		}
		if (n >= 0)
			n = receive(conn, text, LINE, patience_ms);
		if (n <= 0)
			strcpy(text, result(n, text));
	}
}

static int open_and_obey(const char *path, const struct addr *to, int srcport)
{
	struct sockaddr_un un = { 0 };
	char line[LINE + 1], text[LINE];
	int control, conn;

	close_inherited();
	conn = dial(to, srcport);
	if (conn < 0) {
		puts(result(-1, NULL));
		return 1;
	}
	if (getenv("WAIT_MS"))
		patience_ms = atoi(getenv("WAIT_MS"));
	control = unix_socket(path, &un);
	unlink(path);
	if (bind(control, (struct sockaddr *)&un, sizeof(un)) < 0 || listen(control, 4) < 0)
		die(path);
	puts("open");
	detach("open");
	for (;;) {
		int fd = accept(control, NULL, NULL);
		ssize_t n = recv(fd, line, LINE - 1, 0);

		if (n <= 0)
			continue;
		line[n] = 0;
		if (!strcmp(line, "@close")) {
			close(conn);
			send(fd, "done", 4, MSG_NOSIGNAL);
			return 0;
		}
		obey(conn, line, text);
		text[strcspn(text, "\n")] = 0;
		send(fd, text, strlen(text) + 1, MSG_NOSIGNAL);
		close(fd);
	}
}

static int say(const char *path, const char *line)
{
	struct sockaddr_un un = { 0 };
	int fd = unix_socket(path, &un);
	char text[LINE];
	ssize_t n;

	if (connect(fd, (struct sockaddr *)&un, sizeof(un)) < 0)
		die(path);
	send(fd, line, strlen(line), MSG_NOSIGNAL);
	n = receive(fd, text, sizeof(text), 2 * TIMEOUT_MS);
	puts(result(n, text));
	return n <= 0 || !strcmp(text, "timeout") || !strcmp(text, "end") || text[0] == 'E';
}

static _Noreturn void storm(const struct addr *to)
{
	const struct timespec pause_ns = { .tv_nsec = 2000000 };
	int old[64] = { 0 }, i = 0;

	close_inherited();
	detach("storm");
	for (;; i = (i + 1) % 64) {
		int type = i % 2 ? SOCK_STREAM : SOCK_DGRAM;
		int fd = socket(to->ss.ss_family, type | SOCK_NONBLOCK, 0);

		if (connect(fd, (const struct sockaddr *)&to->ss, to->len) == 0)
			send(fd, "storm", 5, MSG_NOSIGNAL);
		if (old[i])
			close(old[i]);
		old[i] = fd;
		nanosleep(&pause_ns, NULL);
	}
}

/* One packet, with its header, as a raw socket takes it. Both transport headers begin with the ports. */
struct forged {
	union {
		struct iphdr ip;
		struct ip6_hdr ip6;
	};
	union {
		struct tcphdr tcp;
		struct udphdr udp;
	};
};

/* An end: words of its address, in network order, and what is added to the last one. */
struct forged_end {
	uint32_t addr[4];
	int words;
	uint16_t port;
	int step, port_step;
};

static struct forged_end parse_end(const char *addr, const char *port)
{
	struct forged_end end = { .port = atoi(port) };

	if (inet_pton(AF_INET, addr, end.addr) == 1) {
		end.words = 1;
	} else if (inet_pton(AF_INET6, addr, end.addr) == 1) {
		end.words = 4;
	} else {
		fprintf(stderr, "peer: bad address %s\n", addr);
		exit(2);
	}
	return end;
}

static void step_end(struct forged_end *end)
{
	uint32_t *last = &end->addr[end->words - 1];

	*last = htonl(ntohl(*last) + end->step);
	end->port += end->port_step;
}

static uint32_t sum_words(const void *data, size_t len)
{
	const uint16_t *word = data;
	uint32_t sum = 0;

	for (; len > 1; len -= 2)
		sum += *word++;
	return sum;
}

/* The checksum of the transport header and its pseudo header; there is no data. */
static uint16_t transport_sum(const struct forged *p, size_t len, int proto, const struct forged_end *src,
			      const struct forged_end *dst)
{
	uint32_t sum = htons(proto) + htons(len) + sum_words(&p->tcp, len);

	sum += sum_words(src->addr, 4 * src->words) + sum_words(dst->addr, 4 * dst->words);
	while (sum >> 16)
		sum = (sum & 0xffff) + (sum >> 16);
	return ~sum;
}

static size_t forge_transport(struct forged *p, const char *kind, const struct forged_end *src,
			      const struct forged_end *dst)
{
	if (!strcmp(kind, "udp")) {
		p->udp = (struct udphdr){ .source = htons(src->port), .dest = htons(dst->port),
					  .len = htons(sizeof(p->udp)) };
		p->udp.check = transport_sum(p, sizeof(p->udp), IPPROTO_UDP, src, dst);
		return sizeof(p->udp);
	}
	p->tcp = (struct tcphdr){ .source = htons(src->port), .dest = htons(dst->port), .doff = 5,
				  .window = htons(1000) };
	p->tcp.syn = !strcmp(kind, "syn");
	p->tcp.ack = !p->tcp.syn;
	p->tcp.fin = !strcmp(kind, "fin");
	p->tcp.check = transport_sum(p, sizeof(p->tcp), IPPROTO_TCP, src, dst);
	return sizeof(p->tcp);
}

/* Returns where the packet begins; an IPv4 header ends where the room for one of IPv6 does. */
static char *forge_one(struct forged *p, const char *kind, const struct forged_end *src,
		       const struct forged_end *dst, size_t *size)
{
	size_t len = forge_transport(p, kind, src, dst);
	int proto = strcmp(kind, "udp") ? IPPROTO_TCP : IPPROTO_UDP;
	char *transport = (char *)&p->tcp;
	struct iphdr ip = { .version = 4, .ihl = 5, .ttl = 64, .protocol = proto, .saddr = src->addr[0],
			    .daddr = dst->addr[0] };

	if (src->words == 1) {
		*size = sizeof(ip) + len;
		return memcpy(transport - sizeof(ip), &ip, sizeof(ip));
	}
	memset(&p->ip6, 0, sizeof(p->ip6));
	p->ip6.ip6_vfc = 6 << 4;
	p->ip6.ip6_plen = htons(len);
	p->ip6.ip6_nxt = proto;
	p->ip6.ip6_hlim = 64;
	memcpy(&p->ip6.ip6_src, src->addr, 16);
	memcpy(&p->ip6.ip6_dst, dst->addr, 16);
	*size = sizeof(p->ip6) + len;
	return (char *)p;
}

/* All on one CPU, so that they arrive in this order. */
static int forge(char **arg, int nr)
{
	struct forged_end src = parse_end(arg[1], arg[2]), dst = parse_end(arg[3], arg[4]);
	struct sockaddr_in to = { .sin_family = AF_INET };
	struct sockaddr_in6 to6 = { .sin6_family = AF_INET6 };
	int v6 = src.words == 4, count = atoi(arg[5]), fd = socket(v6 ? AF_INET6 : AF_INET, SOCK_RAW, IPPROTO_RAW);
	struct forged packet;
	cpu_set_t cpus;
	size_t size;

	if (fd < 0)
		die("raw socket");
	CPU_ZERO(&cpus);
	CPU_SET(0, &cpus);
	sched_setaffinity(0, sizeof(cpus), &cpus);
	src.step = nr > 6 ? atoi(arg[6]) : 0;
	src.port_step = nr > 7 ? atoi(arg[7]) : 1;
	dst.step = nr > 8 ? atoi(arg[8]) : 0;
	for (; count > 0; count--, step_end(&src), step_end(&dst)) {
		char *start = forge_one(&packet, arg[0], &src, &dst, &size);

		memcpy(&to.sin_addr, dst.addr, 4);
		memcpy(&to6.sin6_addr, dst.addr, 16);
		if (sendto(fd, start, size, 0, v6 ? (void *)&to6 : (void *)&to, v6 ? sizeof(to6) : sizeof(to)) < 0)
			die("sendto");
	}
	close(fd);
	return 0;
}

static int forge_lines(void)
{
	char line[LINE], *arg[9];
	int nr;

	while (fgets(line, sizeof(line), stdin)) {
		for (nr = 0; nr < 9; nr++) {
			arg[nr] = strtok(nr ? NULL : line, " \n");
			if (!arg[nr])
				break;
		}
		if (nr < 6) {
			fprintf(stderr, "peer: not enough words to forge\n");
			return 2;
		}
		forge(arg, nr);
	}
	return 0;
}

/* One connection as a sync message of version 1 carries it. */
struct told {
	uint8_t type, proto;
	uint16_t size;
	uint32_t flags;
	uint16_t state, cport, vport, dport;
	uint32_t mark, timeout, caddr, vaddr, daddr;
};

enum { TOLD_AT_ONCE = 250 };		/* the header's count has 8 bits */

struct told_message {
	uint8_t zero, id;
	uint16_t size;
	uint8_t count, version;
	uint16_t spare;
	struct told conns[TOLD_AT_ONCE];
};

static int group_socket(const char *device)
{
	struct ip_mreqn out = { .imr_ifindex = if_nametoindex(device) };
	struct sockaddr_in group = { .sin_family = AF_INET, .sin_port = htons(8848) };
	int fd = socket(AF_INET, SOCK_DGRAM, 0);

	inet_pton(AF_INET, "224.0.0.81", &group.sin_addr);
	if (fd < 0 || setsockopt(fd, IPPROTO_IP, IP_MULTICAST_IF, &out, sizeof(out)) < 0 ||
	    connect(fd, (const struct sockaddr *)&group, sizeof(group)) < 0)
		die(device);
	return fd;
}

/* Clients 11.0.0.0 and up, one connection each, of 10.9.0.1:5000 to 10.2.0.10:80, for an hour. */
static int tell_backup(const char *device, int count)
{
	const struct timespec pause_ns = { .tv_nsec = 20000000 };	/* the backup must keep up */
	struct told conn = { .proto = IPPROTO_UDP, .size = htons(sizeof(conn)), .cport = htons(1024),
			     .vport = htons(5000), .dport = htons(80), .timeout = htonl(3600),
			     .vaddr = htonl(0x0a090001), .daddr = htonl(0x0a02000a) };
	struct told_message message = { .version = 1 };
	int fd = group_socket(device), told = 0, sent, i;

	for (sent = 0; told < count; sent++) {
		for (i = 0; i < TOLD_AT_ONCE && told < count; i++, told++) {
			conn.caddr = htonl(0x0b000000 + told);
			message.conns[i] = conn;
		}
		message.count = i;
		message.size = htons(offsetof(struct told_message, conns) + i * sizeof(conn));
		if (send(fd, &message, ntohs(message.size), 0) < 0)
			die("send");
		if (sent % 16 == 15)
			nanosleep(&pause_ns, NULL);
	}
	return 0;
}

static int run_in(const char *namespace, char **command)
{
	char path[256];
	int fd;

	snprintf(path, sizeof(path), "/run/netns/%s", namespace);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0 || setns(fd, CLONE_NEWNET) < 0)
		die(namespace);
	execvp(command[0], command);
	die(command[0]);
	return 127;
}

int main(int argc, char **argv)
{
	const char *verb = argc > 1 ? argv[1] : "";
	struct addr a;

	if (!strcmp(verb, "in") && argc >= 4)
		return run_in(argv[2], argv + 3);
	signal(SIGCHLD, SIG_IGN);
	if (!strcmp(verb, "serve") && argc == 4)
		serve(atoi(argv[2]), argv[3]);
	if (!strcmp(verb, "say") && argc == 4)
		return say(argv[2], argv[3]);
	if (!strcmp(verb, "open") && (argc == 5 || argc == 6)) {
		a = parse_addr(argv[3], argv[4]);
		return open_and_obey(argv[2], &a, argc == 6 ? atoi(argv[5]) : 0);
	}
	if (!strcmp(verb, "tell") && argc == 4)
		return tell_backup(argv[2], atoi(argv[3]));
	if (!strcmp(verb, "forge") && argc == 3 && !strcmp(argv[2], "-"))
		return forge_lines();
	if (!strcmp(verb, "forge") && argc >= 8)
		return forge(argv + 2, argc - 2);
	if (argc < 4) {
		fprintf(stderr, "usage: peer serve|udp|text|hold|open|say|storm|forge|tell|in ... (see tests/tools/peer.c)\n");
		return 2;
	}
	a = parse_addr(argv[2], argv[3]);
	if (!strcmp(verb, "udp") && argc >= 5)
		return udp(&a, atoi(argv[4]), argc == 6 ? atoi(argv[5]) : 0);
	if (!strcmp(verb, "send") && argc >= 6)
		return send_long(&a, atoi(argv[4]), !strcmp(argv[5], "df"), argc == 7 ? atoi(argv[6]) : 0);
	if (!strcmp(verb, "text") && argc == 5)
		return tell(&a, argv[4]);
	if (!strcmp(verb, "hold") && argc == 5)
		hold(&a, atoi(argv[4]));
	if (!strcmp(verb, "storm"))
		storm(&a);
	fprintf(stderr, "peer: unknown use\n");
	return 2;
}
