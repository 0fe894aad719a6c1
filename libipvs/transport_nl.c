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
#define RX_SIZE		65536		/* above the largest datagram of a dump */
#define MSG_SIZE	1024		/* above the largest request */
#define RCVBUF		(1 << 20)	/* asked for; the default holds a window, too */

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
	size_t tx_len;
	char tx[(WINDOW + 1) * MSG_SIZE];
	char rx[RX_SIZE] __attribute__((aligned(NLMSG_ALIGNTO)));
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

/* Receives one datagram of the kernel. Return: its length or -errno. */
static ssize_t receive(struct wire *w)
{
	struct sockaddr_nl from = { 0 };
	socklen_t from_len;
	ssize_t n;

	do {
		from_len = sizeof(from);
		n = recvfrom(nl_socket_get_fd(w->sk), w->rx, sizeof(w->rx), MSG_TRUNC,
			     (struct sockaddr *)&from, &from_len);
	} while ((n < 0 && errno == EINTR) || (n >= 0 && from.nl_pid));
	if (n < 0)
		return -errno;
	return (size_t)n > sizeof(w->rx) ? -EMSGSIZE : n;
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
		ssize_t n = receive(w);
		struct nlmsghdr *nlh = (struct nlmsghdr *)w->rx;
		int left = n;

		if (n < 0)
			return n;
		for (; nlmsg_ok(nlh, left); nlh = nlmsg_next(nlh, &left))
			take_answer(win, nlh);
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

/* Works off one datagram. Return: 1 at the end of the dump, 0 for more, or -errno. */
static int take_objects(struct wire *w, ssize_t n, int cmd, struct ipvs_list *out)
{
	size_t size = ipvs_object_of_reply(cmd)->size;
	struct nlmsghdr *nlh = (struct nlmsghdr *)w->rx;
	int left = n, err;
	void *item;

	for (; nlmsg_ok(nlh, left); nlh = nlmsg_next(nlh, &left)) {
		if (nlh->nlmsg_seq != w->seq)
			continue;
		if (nlh->nlmsg_type == NLMSG_DONE || nlh->nlmsg_type == NLMSG_ERROR) {
			err = read_error(nlh);
			return err ? err : 1;
		}
		item = ipvs_list_add(out, size);
		if (!item)
			return -ENOMEM;
		err = decode_reply(nlh, cmd, item);
		if (err)
			return err;
	}
	return 0;
}

static bool has_ended(struct wire *w, ssize_t n)
{
	struct nlmsghdr *nlh = (struct nlmsghdr *)w->rx;
	int left = n;

	for (; nlmsg_ok(nlh, left); nlh = nlmsg_next(nlh, &left))
		if (nlh->nlmsg_seq == w->seq &&
		    (nlh->nlmsg_type == NLMSG_DONE || nlh->nlmsg_type == NLMSG_ERROR))
			return true;
	return false;
}

/* After a failure of ours the rest of the dump must be read, or the kernel
 * would refuse the next one on this socket.
 */
static void drain(struct wire *w, ssize_t n)
{
	while (n >= 0 && !has_ended(w, n))
		n = receive(w);
}

static int nl_transport_dump(struct ipvs *h, const struct ipvs_request *req, struct ipvs_list *out)
{
	struct wire *w = h->wire;
	ssize_t n;
	int err;

	/* a dump of services needs no key, and the object may hold none */
	err = queue_message(w, w->family, req->cmd, IPVS_GENL_VERSION, NLM_F_REQUEST | NLM_F_DUMP,
			    req->cmd == IPVS_CMD_GET_DEST ? ipvs_attr_encode : NULL, req);
	if (!err)
		err = send_queued(w);
	while (!err) {
		n = receive(w);
		if (n < 0)
			return n;
		err = take_objects(w, n, req->cmd, out);
		if (err < 0)
			drain(w, n);
	}
	return err < 0 ? err : 0;
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
		struct nlmsghdr *nlh = (struct nlmsghdr *)w->rx;
		ssize_t n = receive(w);
		int left = n;

		if (n < 0)
			return n;
		for (; nlmsg_ok(nlh, left); nlh = nlmsg_next(nlh, &left)) {
			if (nlh->nlmsg_type != NLMSG_ERROR) {
				family = read_family(nlh);
				continue;
			}
			err = read_error(nlh);
			return err ? err : family;
		}
	}
}

static int open_socket(struct wire *w)
{
	int fd = ipvs_high_fd(socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_GENERIC));
	int on = 1, size = RCVBUF;

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
	if (setsockopt(fd, SOL_SOCKET, SO_RCVBUFFORCE, &size, sizeof(size)))
		setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &size, sizeof(size));
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
	.close = nl_transport_close,
};
