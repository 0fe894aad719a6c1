// SPDX-License-Identifier: GPL-2.0-only
/*
 * Helper "ftp". Client and server tell each other over the control connection where the next
 * data connection will be expected; masquerading makes that untrue.
 *
 *   PORT, EPRT   The client waits. It waits where it says, so its text stays as it is; the
 *                connection that the server will open from the port below its own is made
 *                ahead, and appears to the client to come from the virtual address.
 *   PASV, EPSV   The server waits, and tells where in its answer (227, 229). The connection is
 *                made ahead without the client's port, and the answer names the virtual address
 *                instead. That may change its length, and all numbers of the stream behind it.
 *
 * No answer may reach the client as the server sent it. So both streams are read in order and
 * by lines, however they are cut into segments: what comes too early is dropped, what is only
 * the beginning of an answer, too, and the server sends it again together with the rest. At most
 * one answer is on its way: the next one has to wait until the client has acknowledged it. A
 * segment with an answer in it ends with that line, so that it stays small.
 *
 * All that is remembered is guarded by helped->lock. The data connections are made under it.
 */
#include <linux/random.h>

#include "api.h"
#include "ftp_parse.h"

#define FTP_PORT	21
#define MAX_PORTS	8
#define TRIES		16	/* for a port of the virtual address that nobody uses */

static unsigned short ports[MAX_PORTS] = { FTP_PORT };
static unsigned int nr_ports = 1;
module_param_array(ports, ushort, &nr_ports, 0444);
MODULE_PARM_DESC(ports, "Ports of FTP's control connections, 8 at most");

/* One direction of a control connection. */
struct stream {
	bool known;
	u32 next;		/* what has not been read, as its sender counts */
	u32 acked;		/* by its receiver, likewise */
};

struct ftp {
	struct stream client, server;
	struct ip_vs_ftp_line line;	/* of the client, as far as it has come */
	u8 wanted;			/* answers to which commands */
	bool mid_line;			/* server.next is not the beginning of a line */
	u8 text_len;
	char text[IP_VS_FTP_LINE_MAX];	/* what stands at replies.at now */
};

static struct ftp *ftp_of(struct ip_vs_helped *helped)
{
	BUILD_BUG_ON(__alignof__(struct ftp) > sizeof(u64));
	return (struct ftp *)helped->data;
}

/* ---- in order ---- */

/* Where does new text begin in @seg? At its end, if there is none. False: something is missing
 * before it, which will come if segments were lost or overtook each other. What the receiver
 * has acknowledged will not: it came by another director, and a new line begins behind it.
 */
static bool find_new(struct ftp *ftp, struct stream *stream, const struct ip_vs_segment *seg,
		     unsigned int *at)
{
	u32 end = seg->seq + seg->len;

	if (!stream->known) {
		stream->known = true;
		stream->next = seg->seq;
		stream->acked = seg->seq;
	}
	if (ip_vs_seq_is_before(stream->next, stream->acked)) {
		stream->next = stream->acked;
		ftp->mid_line = false;
		memset(&ftp->line, 0, sizeof(ftp->line));
	}
	if (ip_vs_seq_is_before(stream->next, seg->seq))
		return false;
	*at = ip_vs_seq_is_before(stream->next, end) ? stream->next - seg->seq : seg->len;
	return true;
}

static void have_read(struct stream *stream, const struct ip_vs_segment *seg, unsigned int to)
{
	stream->next = seg->seq + to;
}

/* A connection begins: its first byte comes behind the SYN. */
static void begin(struct stream *stream, const struct ip_vs_segment *seg)
{
	stream->known = true;
	stream->next = seg->seq + 1;
	stream->acked = stream->next;
}

/* ---- data connections ---- */

/* Make the data connection of @cp between the client's @tuple and the server's @end. */
static struct ip_vs_conn *expect(struct ip_vs_conn *cp, const struct ip_vs_tuple *tuple,
				 const struct ip_vs_server *server, u32 flags)
{
	struct ip_vs_conn_spec spec = {
		.ipvs = cp->ipvs,
		.tuple = *tuple,
		.server = *server,
		.dest = ip_vs_conn_dest(cp),
		.flags = IP_VS_CONN_F_MASQ | IP_VS_CONN_F_INACTIVE | flags,
		.fwmark = cp->fwmark,
		.timeout = ip_vs_proto_timeout(cp->ipvs, IPPROTO_TCP, TCP_S_LISTEN),
		.state = TCP_S_LISTEN,
		.control = cp,
	};

	return ip_vs_conn_create(&spec);
}

/* Connection tracking, if it follows @cp, is told of the data connection as its first packet
 * will be.
 */
static void announce(struct ip_vs_conn *cp, struct sk_buff *skb, const struct ip_vs_tuple *tuple)
{
	if (ip_vs_conn_flags(cp) & IP_VS_CONN_F_NFCT)
		ip_vs_nfct_expect(skb, tuple,
				  ip_vs_proto_timeout(cp->ipvs, IPPROTO_TCP, TCP_S_LISTEN));
}

/* @known is in the way: it may be the one that is wanted, made for an earlier command. */
static bool is_same(const struct ip_vs_conn *known, const struct ip_vs_server *server)
{
	struct ip_vs_server own;

	ip_vs_conn_server(known, &own);
	return own.port == server->port && ip_vs_addr_equal(&own.addr, &server->addr);
}

static void listen_again(struct ip_vs_conn *known)
{
	ip_vs_conn_update(known, TCP_S_LISTEN,
			  ip_vs_proto_timeout(known->ipvs, IPPROTO_TCP, TCP_S_LISTEN), false,
			  false);
}

/* The server will connect to where the client waits. If the client waited there for another
 * server before, that is over.
 */
static void expect_active(struct ip_vs_conn *cp, struct sk_buff *skb,
			  const struct ip_vs_ftp_end *end)
{
	struct ip_vs_server server = {
		.addr = cp->out.tuple.src,
		.port = htons(ntohs(cp->out.tuple.sport) - 1),
		.af = cp->out.tuple.af,
	};
	struct ip_vs_tuple tuple = cp->in.tuple, first = cp->out.tuple;
	struct ip_vs_conn *known;

	memcpy(&first.dst, end->addr, sizeof(first.dst));
	first.dport = htons(end->port);
	first.sport = server.port;
	announce(cp, skb, &first);
	memcpy(&tuple.src, end->addr, sizeof(tuple.src));
	tuple.sport = htons(end->port);
	tuple.dport = htons(ntohs(tuple.dport) - 1);
	if (PTR_ERR_OR_ZERO(expect(cp, &tuple, &server, 0)) != -EEXIST)
		return;
	known = ip_vs_conn_find(cp->ipvs, &tuple);
	if (known && is_same(known, &server))
		listen_again(known);
	else if (known && ip_vs_conn_kill(known))
		expect(cp, &tuple, &server, 0);
}

/* The client will connect to @port of the virtual address. False: another server waits for the
 * client there, or no memory.
 */
static bool expect_passive_at(struct ip_vs_conn *cp, const struct ip_vs_server *server, u16 port)
{
	struct ip_vs_tuple tuple = cp->in.tuple;
	struct ip_vs_conn *known;

	tuple.sport = 0;
	tuple.dport = htons(port);
	known = expect(cp, &tuple, server, IP_VS_CONN_F_NO_CPORT);
	if (PTR_ERR_OR_ZERO(known) != -EEXIST)
		return !IS_ERR(known);
	known = ip_vs_conn_find(cp->ipvs, &tuple);
	if (!known || !is_same(known, server))
		return false;
	listen_again(known);
	return true;
}

/* @said: what the server announced. It becomes what the client is to be told: the same port if
 * possible. A server that knows the virtual address and announces that means itself.
 */
static bool expect_passive(struct ip_vs_conn *cp, struct sk_buff *skb, struct ip_vs_ftp_end *said,
			   bool has_addr)
{
	struct ip_vs_server server = {
		.addr = cp->out.tuple.src,
		.port = htons(said->port),
		.af = cp->out.tuple.af,
	};
	struct ip_vs_tuple first = cp->in.tuple;
	int i;

	if (has_addr && memcmp(&cp->in.tuple.dst, said->addr, sizeof(said->addr)))
		memcpy(&server.addr, said->addr, sizeof(server.addr));
	memcpy(said->addr, &cp->in.tuple.dst, sizeof(said->addr));
	for (i = 0; i < TRIES; i++) {
		if (expect_passive_at(cp, &server, said->port)) {
			first.sport = 0;
			first.dport = htons(said->port);
			announce(cp, skb, &first);
			return true;
		}
		said->port = 1024 + get_random_u32_below(65536 - 1024);
	}
	return false;
}

/* ---- from the client ---- */

static void obey(struct ip_vs_conn *cp, struct sk_buff *skb, struct ftp *ftp)
{
	bool ipv6 = cp->in.tuple.af == AF_INET6;
	enum ip_vs_ftp_command command;
	struct ip_vs_ftp_end end;

	command = ip_vs_ftp_command(ftp->line.text, ftp->line.len, ipv6, &end);
	if (command == IP_VS_FTP_PORT)
		expect_active(cp, skb, &end);
	else
		ftp->wanted |= command;
}

static void read_commands(struct ip_vs_conn *cp, struct ftp *ftp, const struct ip_vs_segment *seg,
			  unsigned int at)
{
	const char *text = ip_vs_segment_text(seg);
	bool complete;

	while (at < seg->len) {
		at += ip_vs_ftp_collect(&ftp->line, text + at, seg->len - at, &complete);
		if (!complete)
			continue;
		obey(cp, seg->pkt->skb, ftp);
		memset(&ftp->line, 0, sizeof(ftp->line));
	}
}

static enum ip_vs_verdict read_request(struct ip_vs_segment *seg, struct ip_vs_conn *cp,
				       struct ip_vs_helped *helped)
{
	const struct tcphdr *tcph = ip_vs_segment_header(seg);
	struct ftp *ftp = ftp_of(helped);
	unsigned int at;

	if (tcph->syn) {
		memset(ftp, 0, sizeof(*ftp));
		memset(&helped->replies, 0, sizeof(helped->replies));
		begin(&ftp->client, seg);
		if (ip_vs_conn_flags(cp) & IP_VS_CONN_F_NFCT)
			ip_vs_nfct_may_expect(seg->pkt->skb);
		return IP_VS_CONTINUE;
	}
	if (seg->len) {
		if (!find_new(ftp, &ftp->client, seg, &at))
			return IP_VS_DROP;
		read_commands(cp, ftp, seg, at);
		if (at < seg->len)
			have_read(&ftp->client, seg, seg->len);
	}
	ip_vs_segment_move_acks(seg, &helped->replies);
	if (tcph->ack)
		ftp->server.acked = ntohl(ip_vs_segment_header(seg)->ack_seq);
	return IP_VS_CONTINUE;
}

/* ---- from the server ---- */

/* Go on with what stands before @at only. */
static enum ip_vs_verdict cut(struct ip_vs_segment *seg, unsigned int at)
{
	return at && !ip_vs_segment_cut(seg, at) ? IP_VS_CONTINUE : IP_VS_DROP;
}

/* Where the line at @at ends in @seg; at the end of that, if not before. */
static unsigned int line_end(const struct ip_vs_segment *seg, unsigned int at)
{
	const char *text = ip_vs_segment_text(seg);
	const char *lf = memchr(text + at, '\n', seg->len - at);

	return lf ? lf + 1 - text : seg->len;
}

/* Write the text of ours over that of the server at @at, and end the segment with the line. */
static enum ip_vs_verdict put_text(struct ip_vs_segment *seg, struct ip_vs_helped *helped,
				   unsigned int at)
{
	struct ftp *ftp = ftp_of(helped);

	if (ip_vs_segment_cut(seg, line_end(seg, at)) ||
	    ip_vs_segment_replace(seg, at, helped->replies.old_len, ftp->text, ftp->text_len))
		return IP_VS_DROP;
	return IP_VS_CONTINUE;
}

/* @seg was sent before, and has the text that we replaced, or a part of it. */
static enum ip_vs_verdict replace_again(struct ip_vs_segment *seg, struct ip_vs_helped *helped)
{
	const struct ip_vs_seq *s = &helped->replies;
	u32 at = s->at - seg->seq;

	if (ip_vs_seq_is_before(s->at, seg->seq))
		return IP_VS_DROP;
	if (seg->len - at < s->old_len)
		return cut(seg, at);
	return put_text(seg, helped, at);
}

/* An answer stands at @at; what it tells is made true. If nobody asked, which may be because
 * another director heard the question, it only does not name the server.
 */
static enum ip_vs_verdict replace(struct ip_vs_segment *seg, struct ip_vs_conn *cp,
				  struct ip_vs_helped *helped, unsigned int at,
				  struct ip_vs_ftp_answer *answer)
{
	const char *told = ip_vs_segment_text(seg) + at + answer->at;
	struct ftp *ftp = ftp_of(helped);
	struct ip_vs_ftp_end end = answer->end;
	char text[IP_VS_FTP_LINE_MAX];
	size_t len;

	/* the client may still need the one before again */
	if (helped->replies.old_len &&
	    ip_vs_seq_is_before(ftp->server.acked, helped->replies.at + helped->replies.old_len))
		return cut(seg, at);
	if (!(ftp->wanted & answer->to))
		memcpy(end.addr, &cp->in.tuple.dst, sizeof(cp->in.tuple.dst));
	else if (!expect_passive(cp, seg->pkt->skb, &end, answer->to == IP_VS_FTP_PASV))
		return cut(seg, at);
	ftp->wanted &= ~answer->to;
	ftp->mid_line = false;
	have_read(&ftp->server, seg, line_end(seg, at));
	len = ip_vs_ftp_write(text, answer, &end);
	if (len == answer->len && !memcmp(text, told, len))
		return cut(seg, line_end(seg, at));
	memcpy(ftp->text, text, len);
	ftp->text_len = len;
	ip_vs_seq_replace(&helped->replies, seg->seq + at + answer->at, answer->len, len);
	WRITE_ONCE(helped->moved, true);
	return put_text(seg, helped, at + answer->at);
}

/* Answers to these commands are looked for: those that are asked for, and those that name an
 * address of IPv4, as servers of that do.
 */
static int looked_for(const struct ip_vs_conn *cp, const struct ftp *ftp)
{
	return ftp->wanted | (cp->out.tuple.af == AF_INET ? IP_VS_FTP_PASV : 0);
}

static bool concerns_us(const struct ip_vs_conn *cp, const struct ftp *ftp,
			const struct ip_vs_ftp_answer *answer)
{
	return ftp->wanted & answer->to ||
	       !memcmp(answer->end.addr, &cp->out.tuple.src, sizeof(answer->end.addr));
}

/* Nothing more is there: note where lines end. */
static void read_on(struct ftp *ftp, const struct ip_vs_segment *seg)
{
	ftp->mid_line = ip_vs_segment_text(seg)[seg->len - 1] != '\n';
	have_read(&ftp->server, seg, seg->len);
}

/* New text begins at @at. */
static enum ip_vs_verdict read_answers(struct ip_vs_segment *seg, struct ip_vs_conn *cp,
				       struct ip_vs_helped *helped, unsigned int at)
{
	const char *text = ip_vs_segment_text(seg);
	struct ip_vs_ftp_answer answer;
	struct ftp *ftp = ftp_of(helped);
	int which = looked_for(cp, ftp);

	if (ftp->mid_line)
		at = line_end(seg, at);
	for (; which && at < seg->len; at = line_end(seg, at)) {
		switch (ip_vs_ftp_answer(text + at, seg->len - at, which, &answer)) {
		case IP_VS_FTP_NOTHING:
			break;
		case IP_VS_FTP_INCOMPLETE:
			ftp->mid_line = false;
			have_read(&ftp->server, seg, at);
			return cut(seg, at);
		case IP_VS_FTP_ANSWER:
			if (!concerns_us(cp, ftp, &answer))
				break;
			return replace(seg, cp, helped, at, &answer);
		}
	}
	read_on(ftp, seg);
	return IP_VS_CONTINUE;
}

static enum ip_vs_verdict read_reply(struct ip_vs_segment *seg, struct ip_vs_conn *cp,
				     struct ip_vs_helped *helped)
{
	const struct tcphdr *tcph = ip_vs_segment_header(seg);
	enum ip_vs_verdict verdict = IP_VS_CONTINUE;
	struct ftp *ftp = ftp_of(helped);
	u32 end = seg->seq + seg->len;
	unsigned int at;

	if (tcph->ack)
		ftp->client.acked = ntohl(tcph->ack_seq);
	if (tcph->syn) {
		begin(&ftp->server, seg);
		return IP_VS_CONTINUE;
	}
	if (seg->len && !find_new(ftp, &ftp->server, seg, &at))
		return IP_VS_DROP;
	if (seg->len && ip_vs_seq_touches(&helped->replies, seg->seq, end))
		verdict = replace_again(seg, helped);
	else if (seg->len && at < seg->len)
		verdict = read_answers(seg, cp, helped, at);
	if (verdict == IP_VS_CONTINUE)
		ip_vs_segment_move(seg, &helped->replies);
	return verdict;
}

/* ---- the helper ---- */

typedef enum ip_vs_verdict (*read_fn)(struct ip_vs_segment *seg, struct ip_vs_conn *cp,
				      struct ip_vs_helped *helped);

static enum ip_vs_verdict help(struct ip_vs_packet *pkt, struct ip_vs_conn *cp,
			       struct ip_vs_helped *helped, read_fn read)
{
	struct ip_vs_segment seg;
	enum ip_vs_verdict verdict;

	if (ip_vs_segment_open(&seg, pkt))
		return IP_VS_DROP;
	spin_lock(&helped->lock);
	verdict = read(&seg, cp, helped);
	spin_unlock(&helped->lock);
	return verdict;
}

static enum ip_vs_verdict request(struct ip_vs_packet *pkt, struct ip_vs_conn *cp,
				  struct ip_vs_helped *helped)
{
	return help(pkt, cp, helped, read_request);
}

static enum ip_vs_verdict reply(struct ip_vs_packet *pkt, struct ip_vs_conn *cp,
				struct ip_vs_helped *helped)
{
	return help(pkt, cp, helped, read_reply);
}

static const struct ip_vs_app ftp_app = {
	.name		= "ftp",
	.owner		= THIS_MODULE,
	.proto		= IPPROTO_TCP,
	.size		= sizeof(struct ftp),
	.request	= request,
	.reply		= reply,
};

static int __net_init ftp_net_init(struct net *net)
{
	return ip_vs_app_add(net, &ftp_app, ports, nr_ports);
}

static void __net_exit ftp_net_exit(struct net *net)
{
	ip_vs_app_del(net, &ftp_app);
}

static struct pernet_operations ftp_net_ops = {
	.init	= ftp_net_init,
	.exit	= ftp_net_exit,
};

static int __init ftp_init(void)
{
	return register_pernet_subsys(&ftp_net_ops);
}

/* No connection is helped, or we were not unloaded; who is just looking for a helper is waited
 * for.
 */
static void __exit ftp_exit(void)
{
	unregister_pernet_subsys(&ftp_net_ops);
	synchronize_rcu();
}

module_init(ftp_init);
module_exit(ftp_exit);
MODULE_DESCRIPTION("IPVS helper for FTP");
MODULE_LICENSE("GPL");
