// SPDX-License-Identifier: GPL-2.0-only
/*
 * The generic netlink family IPVS: one socket per handle, the family resolved
 * once. Requests travel many in one datagram; the kernel works them off in order
 * and answers each with an acknowledgement that carries its sequence number. A
 * window bounds how many may be unanswered, so that the acknowledgements always
 * fit into the socket's buffer.
 */
#include <errno.h>
#include <linux/genetlink.h>
#include <netlink/genl/genl.h>
#include <netlink/socket.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "codec.h"
#include "transport.h"

#define WINDOW		64		/* requests in flight */
#define RX_SIZE		32768		/* the largest datagram of a dump */
#define RX_NR		32		/* datagrams received at a time */
#define MSG_SIZE	1024		/* above the largest request */
#define RCVBUF		(1 << 20)	/* asked for; the default holds a window, too */
#define DUMP_COST	(2 * RX_SIZE)	/* of the socket's buffer, for one datagram of a dump */

#ifndef NETLINK_EXT_ACK
#define NETLINK_EXT_ACK 11
#endif
#ifndef NETLINK_CAP_ACK
#define NETLINK_CAP_ACK 10
#endif

struct wire {
	struct nl_sock *sk;
	__u32 seq;			/* of the last message sent */
	int family;
	size_t dumps;			/* that may be asked for at a time, see run_dumps() */
	size_t max_dumps;		/* that the socket's buffer has room for */
	size_t tx_len;
	char tx[(WINDOW + 1) * MSG_SIZE];
	size_t rx_nr, rx_next;		/* datagrams received, and the next to be read */
	struct iovec iov[RX_NR];
	struct sockaddr_nl from[RX_NR];
	struct mmsghdr rx[RX_NR];
	char rx_room[RX_NR][RX_SIZE] __attribute__((aligned(NLMSG_ALIGNTO)));
};

/* A datagram of the kernel. */
struct datagram {
	struct nlmsghdr *nlh;
	int len;
};

/* A window of requests that waits for its answers. */
struct window {
	struct ipvs_request *reqs;
	size_t nr;			/* messages sent, the fence included */
	size_t nr_reqs;
	size_t next;			/* first message without an answer */
	__u32 first_seq;
};

/* --- bytes ------------------------------------------------------------- */

/* Appends a message to the datagram. Return: 0 or -errno. */
static int queue_message(struct wire *w, int family, int cmd, int version, int flags,
			 int (*fill)(struct nl_msg *, const struct ipvs_request *),
			 const struct ipvs_request *req)
{
	struct nl_msg *msg = nlmsg_alloc_size(MSG_SIZE);
	struct nlmsghdr *nlh;
	int err = -EMSGSIZE;
	size_t len;

	if (!msg)
		return -ENOMEM;
	if (!genlmsg_put(msg, 0, w->seq + 1, family, 0, flags, cmd, version))
		goto out;
	err = fill ? fill(msg, req) : 0;
	if (err)
		goto out;
	nlh = nlmsg_hdr(msg);
	len = NLMSG_ALIGN(nlh->nlmsg_len);
	err = -EMSGSIZE;
	if (w->tx_len + len > sizeof(w->tx))
		goto out;
	memset(w->tx + w->tx_len, 0, len);
	memcpy(w->tx + w->tx_len, nlh, nlh->nlmsg_len);
	w->tx_len += len;
	w->seq++;
	err = 0;
out:
	nlmsg_free(msg);
	return err;
}

static int send_queued(struct wire *w)
{
	ssize_t n;

	do
		n = send(nl_socket_get_fd(w->sk), w->tx, w->tx_len, 0);
	while (n < 0 && errno == EINTR);
	w->tx_len = 0;
	return n < 0 ? -errno : 0;
}

/* Waits for a datagram and takes along what else is there: for a dump that is the
 * rest of it, in one system call.
 */
static int fill_rx(struct wire *w)
{
	int n;

	w->rx_next = w->rx_nr = 0;
	for (size_t i = 0; i < RX_NR; i++) {
		w->iov[i] = (struct iovec){ w->rx_room[i], RX_SIZE };
		w->rx[i].msg_hdr = (struct msghdr){
			.msg_iov = &w->iov[i], .msg_iovlen = 1,
			.msg_name = &w->from[i], .msg_namelen = sizeof(w->from[i]),
		};
	}
	do
		n = recvmmsg(nl_socket_get_fd(w->sk), w->rx, RX_NR, MSG_WAITFORONE, NULL);
	while (n < 0 && errno == EINTR);
	if (n < 0)
		return -errno;
	w->rx_nr = n;
	return 0;
}

/* The next datagram of the kernel; valid until the next call. Return: 0 or -errno. */
static int receive(struct wire *w, struct datagram *d)
{
	size_t i;

	do {
		if (w->rx_next == w->rx_nr) {
			int err = fill_rx(w);

			if (err)
				return err;
		}
		i = w->rx_next++;
	} while (w->from[i].nl_pid);
	if (w->rx[i].msg_hdr.msg_flags & MSG_TRUNC)
		return -EMSGSIZE;
	d->nlh = (struct nlmsghdr *)w->rx_room[i];
	d->len = w->rx[i].msg_len;
	return 0;
}

/* Where the attributes of an acknowledgement begin: behind the request that it echoes,
 * or only the request's header. 0: nowhere.
 */
static size_t offset_of_message(struct nlmsghdr *nlh)
{
	size_t len = nlmsg_datalen(nlh), skip = sizeof(struct nlmsgerr);
	const struct nlmsgerr *e = nlmsg_data(nlh);

	if (!(nlh->nlmsg_flags & NLM_F_ACK_TLVS) || len < skip)
		return 0;
	if (!(nlh->nlmsg_flags & NLM_F_CAPPED)) {
		if (e->msg.nlmsg_len < NLMSG_HDRLEN || e->msg.nlmsg_len > len)
			return 0;
		skip += NLMSG_ALIGN(e->msg.nlmsg_len) - NLMSG_HDRLEN;
	}
	return skip < len ? skip : 0;
}

/* The kernel's own words in an acknowledgement, or "". */
static void read_message(struct nlmsghdr *nlh, char *text, size_t size)
{
	size_t skip = offset_of_message(nlh);
	struct nlattr *a;
	int left;

	text[0] = '\0';
	if (!skip)
		return;
	a = (struct nlattr *)((char *)nlmsg_data(nlh) + skip);
	left = nlmsg_datalen(nlh) - skip;
	for (; nla_ok(a, left); a = nla_next(a, &left))
		if (nla_type(a) == NLMSGERR_ATTR_MSG)
			snprintf(text, size, "%.*s", (int)strnlen(nla_data(a), nla_len(a)),
				 (char *)nla_data(a));
}

/* The error in an acknowledgement or at the end of a dump: 0 or -errno. */
static int read_error(struct nlmsghdr *nlh)
{
	int err;

	if (nlmsg_datalen(nlh) < (int)sizeof(err))
		return nlh->nlmsg_type == NLMSG_DONE ? 0 : -EBADMSG;
	memcpy(&err, nlmsg_data(nlh), sizeof(err));
	return err > 0 ? -EBADMSG : err;
}

static int decode_reply(struct nlmsghdr *nlh, int cmd, void *obj)
{
	struct genlmsghdr *g = nlmsg_data(nlh);

	if (nlmsg_datalen(nlh) < (int)GENL_HDRLEN)
		return -EBADMSG;
	return ipvs_attr_decode(genlmsg_attrdata(g, 0), genlmsg_attrlen(g, 0), cmd, obj);
}

/* --- commands ----------------------------------------------------------- */

/* A request that the kernel passed over without an answer: it does so when a
 * command was interrupted, which for stopping a daemon means that it was stopped.
 */
static int unanswered(const struct ipvs_request *req)
{
	return req->cmd == IPVS_CMD_DEL_DAEMON ? 0 : -EINTR;
}

static void take_answer(struct window *win, struct nlmsghdr *nlh)
{
	size_t i = nlh->nlmsg_seq - win->first_seq;
	struct ipvs_request *req;

	if (i < win->next || i >= win->nr)
		return;		/* left over from an earlier conversation */
	for (; win->next < i; win->next++)
		if (win->next < win->nr_reqs)
			win->reqs[win->next].err = unanswered(&win->reqs[win->next]);
	if (i >= win->nr_reqs) {
		if (nlh->nlmsg_type == NLMSG_ERROR)
			win->next = i + 1;
		return;
	}
	req = &win->reqs[i];
	if (nlh->nlmsg_type == NLMSG_ERROR) {
		int err = read_error(nlh);

		if (err) {
			req->err = err;
			read_message(nlh, req->message, sizeof(req->message));
		}
		win->next = i + 1;
	} else if (ipvs_object_of_reply(req->cmd)) {
		req->err = decode_reply(nlh, req->cmd,
					(char *)req + ipvs_object_of_reply(req->cmd)->offset);
	}
}

static int take_answers(struct wire *w, struct window *win)
{
	while (win->next < win->nr) {
		struct datagram d;
		int err = receive(w, &d);

		if (err)
			return err;
		for (; nlmsg_ok(d.nlh, d.len); d.nlh = nlmsg_next(d.nlh, &d.len))
			take_answer(win, d.nlh);
	}
	return 0;
}

static int run_window(struct wire *w, struct ipvs_request *reqs, size_t nr)
{
	struct window win = { .reqs = reqs, .nr_reqs = nr, .nr = nr, .first_seq = w->seq + 1 };
	int err;

	for (size_t i = 0; i < nr; i++) {
		err = queue_message(w, w->family, reqs[i].cmd, IPVS_GENL_VERSION,
				    NLM_F_REQUEST | NLM_F_ACK, ipvs_attr_encode, &reqs[i]);
		if (err)
			goto fail;
	}
	/* commands for daemons may get no answer at all: that to the fence ends the wait */
	if (reqs[nr - 1].cmd == IPVS_CMD_DEL_DAEMON || reqs[nr - 1].cmd == IPVS_CMD_NEW_DAEMON) {
		err = queue_message(w, w->family, IPVS_CMD_GET_INFO, IPVS_GENL_VERSION,
				    NLM_F_REQUEST | NLM_F_ACK, NULL, NULL);
		if (err)
			goto fail;
		win.nr++;
	}
	err = send_queued(w);
	if (!err)
		err = take_answers(w, &win);
fail:
	w->tx_len = 0;
	for (; err && win.next < nr; win.next++)
		reqs[win.next].err = err;
	return err;
}

static int nl_transport_command(struct ipvs *h, struct ipvs_request *reqs, size_t nr)
{
	int err = 0;

	for (size_t i = 0; i < nr; i += WINDOW) {
		size_t n = nr - i < WINDOW ? nr - i : WINDOW;

		if (err)	/* the conversation broke in an earlier window */
			for (size_t k = i; k < i + n; k++)
				reqs[k].err = err;
		else
			err = run_window(h->wire, reqs + i, n);
	}
	return err;
}

/* --- dumps --------------------------------------------------------------- */

/* Dumps asked for with one send, numbered as in the array of requests. */
struct dumps {
	int cmd;
	size_t nr;		/* asked for */
	size_t ended;		/* of those, by success or failure */
	size_t done;		/* successes in a row from the first on */
	int err;		/* of the first that failed, or ours */
	__u32 first_seq;
	struct ipvs_list *out;
	size_t *bounds;		/* out->nr at the end of each, or NULL */
	bool whole;		/* one came with its end in one datagram */
};

static void take_object(struct dumps *ds, struct nlmsghdr *nlh)
{
	size_t nr = ds->out->nr;
	void *item;

	if (ds->err)
		return;
	item = ipvs_list_add(ds->out, ipvs_object_of_reply(ds->cmd)->size);
	ds->err = item ? decode_reply(nlh, ds->cmd, item) : -ENOMEM;
	if (ds->err)
		ds->out->nr = nr;
}

/* After a failure of ours or of the kernel what is left is read all the same, or the
 * kernel would refuse the next dump on this socket.
 */
static void take_end(struct dumps *ds, size_t i, int err)
{
	ds->ended++;
	if (err && !ds->err && i == ds->done)
		ds->err = err;
	if (ds->err || err)
		return;
	if (ds->bounds)
		ds->bounds[i] = ds->out->nr;
	ds->done++;
}

static void take_part(struct dumps *ds, struct datagram d)
{
	size_t objects = 0;

	for (; nlmsg_ok(d.nlh, d.len); d.nlh = nlmsg_next(d.nlh, &d.len)) {
		size_t i = d.nlh->nlmsg_seq - ds->first_seq;

		if (i >= ds->nr)
			continue;	/* left over from an earlier conversation */
		if (d.nlh->nlmsg_type == NLMSG_DONE || d.nlh->nlmsg_type == NLMSG_ERROR) {
			take_end(ds, i, read_error(d.nlh));
			ds->whole |= objects > 0;
		} else if (i == ds->done) {
			take_object(ds, d.nlh);
			objects++;
		}
	}
}

static int queue_dump(struct wire *w, const struct ipvs_request *req)
{
	/* a dump of services needs no key, and the object may hold none */
	return queue_message(w, w->family, req->cmd, IPVS_GENL_VERSION, NLM_F_REQUEST | NLM_F_DUMP,
			     req->cmd == IPVS_CMD_GET_DEST ? ipvs_attr_encode : NULL, req);
}

static int take_dumps(struct wire *w, struct dumps *ds)
{
	int err = send_queued(w);

	while (!err && ds->ended < ds->nr) {
		struct datagram d;

		err = receive(w, &d);
		if (!err)
			take_part(ds, d);
	}
	return err ? err : ds->err;
}

static int nl_transport_dump(struct ipvs *h, const struct ipvs_request *req, struct ipvs_list *out)
{
	struct wire *w = h->wire;
	struct dumps ds = { .cmd = req->cmd, .nr = 1, .first_seq = w->seq + 1, .out = out };
	int err = queue_dump(w, req);

	return err ? err : take_dumps(w, &ds);
}

/* A kernel that ends a short dump at once can be asked for many with one send. Others
 * run one dump per socket at a time, refusing the next (EBUSY) until the first was read;
 * so does every kernel for long ones. What was refused is asked for again.
 */
static int run_dumps(struct wire *w, const struct ipvs_service *services, size_t nr,
		     struct ipvs_list *out, size_t *bounds)
{
	struct ipvs_request req = { .cmd = IPVS_CMD_GET_DEST };
	struct dumps ds = { .cmd = req.cmd, .first_seq = w->seq + 1, .out = out, .bounds = bounds };
	int err = 0;

	for (; !err && ds.nr < nr && ds.nr < w->dumps; ds.nr++) {
		req.service = services[ds.nr];
		err = queue_dump(w, &req);
	}
	if (err) {
		w->tx_len = 0;
		return err;
	}
	err = take_dumps(w, &ds);
	w->dumps = ds.whole ? w->max_dumps : 1;
	return err == -EBUSY && ds.done ? (int)ds.done : err ? err : (int)ds.done;
}

static int nl_transport_dump_dests(struct ipvs *h, const struct ipvs_service *services, size_t nr,
				   struct ipvs_list *out, size_t *bounds)
{
	for (size_t i = 0; i < nr;) {
		int n = run_dumps(h->wire, services + i, nr - i, out, bounds + i);

		if (n < 0)
			return n;
		i += n;
	}
	return 0;
}

/* --- open and close -------------------------------------------------------- */

static int put_family_name(struct nl_msg *msg, const struct ipvs_request *req)
{
	(void)req;
	return nla_put_string(msg, CTRL_ATTR_FAMILY_NAME, IPVS_GENL_NAME) ? -EMSGSIZE : 0;
}

static int read_family(struct nlmsghdr *nlh)
{
	struct genlmsghdr *g = nlmsg_data(nlh);
	struct nlattr *id;

	if (nlmsg_datalen(nlh) < (int)GENL_HDRLEN)
		return -EBADMSG;
	id = nla_find(genlmsg_attrdata(g, 0), genlmsg_attrlen(g, 0), CTRL_ATTR_FAMILY_ID);
	return id && nla_len(id) >= 2 ? nla_get_u16(id) : -EBADMSG;
}

/* Return: the number of the family or -errno; -ENOENT if the kernel has none. */
static int resolve_family(struct wire *w)
{
	int family = -ENOENT, err;

	err = queue_message(w, GENL_ID_CTRL, CTRL_CMD_GETFAMILY, 1, NLM_F_REQUEST | NLM_F_ACK,
			    put_family_name, NULL);
	if (!err)
		err = send_queued(w);
	if (err)
		return err;
	for (;;) {
		struct datagram d;

		err = receive(w, &d);
		if (err)
			return err;
		for (; nlmsg_ok(d.nlh, d.len); d.nlh = nlmsg_next(d.nlh, &d.len)) {
			if (d.nlh->nlmsg_type != NLMSG_ERROR) {
				family = read_family(d.nlh);
				continue;
			}
			err = read_error(d.nlh);
			return err ? err : family;
		}
	}
}

/* As many dumps at a time as the buffer holds for sure. */
static void size_buffer(struct wire *w, int fd)
{
	int size = RCVBUF;
	socklen_t len = sizeof(size);

	if (setsockopt(fd, SOL_SOCKET, SO_RCVBUFFORCE, &size, sizeof(size)))
		setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &size, sizeof(size));
	if (getsockopt(fd, SOL_SOCKET, SO_RCVBUF, &size, &len))
		size = 0;
	w->max_dumps = size / DUMP_COST;
	if (w->max_dumps > RX_NR)
		w->max_dumps = RX_NR;
	if (!w->max_dumps)
		w->max_dumps = 1;
	w->dumps = 1;
}

static int open_socket(struct wire *w)
{
	int fd = ipvs_high_fd(socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_GENERIC));
	int on = 1;

	if (fd < 0)
		return fd;
	w->sk = nl_socket_alloc();
	if (!w->sk || nl_socket_set_fd(w->sk, NETLINK_GENERIC, fd) < 0) {
		nl_socket_free(w->sk);
		w->sk = NULL;
		close(fd);
		return -ENOMEM;
	}
	/* all of these are wishes: old kernels and the unprivileged go without */
	setsockopt(fd, SOL_NETLINK, NETLINK_EXT_ACK, &on, sizeof(on));
	setsockopt(fd, SOL_NETLINK, NETLINK_CAP_ACK, &on, sizeof(on));
	size_buffer(w, fd);
	return 0;
}

static void nl_transport_close(struct ipvs *h)
{
	struct wire *w = h->wire;

	if (w->sk)
		nl_socket_free(w->sk);
	free(w);
	h->wire = NULL;
}

static int nl_transport_open(struct ipvs *h)
{
	struct wire *w = calloc(1, sizeof(*w));
	int err;

	if (!w)
		return -ENOMEM;
	h->wire = w;
	err = open_socket(w);
	if (err)
		goto err_close;
	w->family = resolve_family(w);
	err = w->family < 0 ? w->family : 0;
	if (err)
		goto err_close;
	return 0;

err_close:
	nl_transport_close(h);
	return err == -ENOENT ? -ENOPROTOOPT : err;
}

const struct ipvs_transport ipvs_transport_nl = {
	.way = IPVS_NETLINK,
	.open = nl_transport_open,
	.command = nl_transport_command,
	.dump = nl_transport_dump,
	.dump_dests = nl_transport_dump_dests,
	.close = nl_transport_close,
};
