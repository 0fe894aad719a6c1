// SPDX-License-Identifier: GPL-2.0-only
/*
 * /proc/net/ip_vs_conn and ip_vs_conn_sync. A record of the listing is as many buckets
 * as fit into the buffer; conn/listing.c says why nothing is missed. Entries are read
 * under RCU; what changes meanwhile may be shown or not.
 */
#include <linux/mm.h>
#include <linux/proc_fs.h>
#include <linux/seq_file.h>

#include "conn/conn.h"
#include "proto/proto.h"
#include "svc/dest.h"

#define BUFFER_SIZE	SZ_32K
#define BUCKETS_AT_ONCE	4096		/* empty ones, too, take time */

struct ip_vs_conn_proc_iter {
	struct netns_ipvs *ipvs;
	void (*show)(const struct ip_vs_conn *cp, void *seq);
	struct ip_vs_conn_listing listing;
	unsigned int next_bucket;	/* behind the record that was shown last */
	bool at_end;
};

/* seq_file comes back to the record that did not fit, or starts again with record 0. */
static void *ip_vs_conn_proc_start(struct seq_file *seq, loff_t *pos)
{
	struct ip_vs_conn_proc_iter *iter = seq->private;
	int err;

	if (!*pos) {
		memset(&iter->listing, 0, sizeof(iter->listing));
		iter->at_end = false;
		return SEQ_START_TOKEN;
	}
	if (iter->at_end)
		return NULL;
	err = ip_vs_conn_listing_settle(iter->ipvs, &iter->listing);
	return err ? ERR_PTR(err) : iter;
}

static void *ip_vs_conn_proc_next(struct seq_file *seq, void *v, loff_t *pos)
{
	struct ip_vs_conn_proc_iter *iter = seq->private;
	int err;

	++*pos;
	if (v != SEQ_START_TOKEN) {
		iter->listing.now.bucket = iter->next_bucket;
		iter->at_end = iter->next_bucket == iter->listing.now.size;
		if (iter->at_end)
			return NULL;
		cond_resched();
	}
	err = ip_vs_conn_listing_settle(iter->ipvs, &iter->listing);
	return err ? ERR_PTR(err) : iter;
}

static void ip_vs_conn_proc_stop(struct seq_file *seq, void *v)
{
}

/* Show buckets from where the listing stands. The one that does not fit any more, or of which
 * not all may have been seen, is left to the next record. Does not fit a single one, then
 * seq_file makes more room and asks again.
 */
static int show_buckets(struct seq_file *seq, struct ip_vs_conn_proc_iter *iter)
{
	const struct ip_vs_conn_place *now = &iter->listing.now;
	unsigned int end = min(now->size, now->bucket + BUCKETS_AT_ONCE);
	unsigned int bucket;
	bool is_whole;
	size_t before;

	rcu_read_lock();
	for (bucket = now->bucket; bucket < end; bucket++) {
		before = seq->count;
		is_whole = ip_vs_conn_listing_visit(iter->ipvs, &iter->listing, bucket,
						    iter->show, seq);
		if (is_whole && !seq_has_overflowed(seq))
			continue;
		if (!is_whole || bucket > now->bucket)
			seq->count = before;
		break;
	}
	rcu_read_unlock();
	iter->next_bucket = bucket;
	return 0;
}

static void show_end(struct seq_file *seq, u16 af, const union nf_inet_addr *addr, __be16 port)
{
	if (af == AF_INET6)
		seq_printf(seq, "%pI6 %04X ", &addr->in6, ntohs(port));
	else
		seq_printf(seq, "%08X %04X ", ntohl(addr->ip), ntohs(port));
}

/* Protocol, the three ends and the state: what both files begin with. */
static void show_flow(struct seq_file *seq, const struct ip_vs_conn *cp)
{
	const struct ip_vs_tuple *in = &cp->in.tuple;
	struct ip_vs_server server;
	char name[12];

	ip_vs_conn_server(cp, &server);

	seq_printf(seq, "%-3s ", ip_vs_proto_name(in->proto, name, sizeof(name)));
	show_end(seq, in->af, &in->src, ip_vs_conn_client_port(cp));
	show_end(seq, in->af, &in->dst, ip_vs_conn_virtual_port(cp));
	show_end(seq, server.af, &server.addr, server.port);
	seq_printf(seq, "%-11s ",
		   ip_vs_proto_state_name(in->proto, ip_vs_conn_state(cp),
					  ip_vs_conn_is_template(cp)));
}

static void show_conn(const struct ip_vs_conn *cp, void *arg)
{
	const struct ip_vs_pe_data *pe = ip_vs_conn_pe(cp);
	struct seq_file *seq = arg;

	show_flow(seq, cp);
	seq_printf(seq, "%7u", ip_vs_conn_seconds_left(cp));
	if (pe)
		seq_printf(seq, " %s %.*s", pe->pe->plugin.name, pe->len, pe->data);
	seq_putc(seq, '\n');
}

static void show_conn_sync(const struct ip_vs_conn *cp, void *arg)
{
	struct seq_file *seq = arg;

	show_flow(seq, cp);
	seq_printf(seq, "%-6s %7u\n",
		   ip_vs_conn_flags(cp) & IP_VS_CONN_F_SYNC ? "SYNC" : "LOCAL",
		   ip_vs_conn_seconds_left(cp));
}

static int ip_vs_conn_show(struct seq_file *seq, void *v)
{
	if (v != SEQ_START_TOKEN)
		return show_buckets(seq, v);
	seq_puts(seq, "Pro FromIP   FPrt ToIP     TPrt DestIP   DPrt State       Expires PEName PEData\n");
	return 0;
}

static int ip_vs_conn_sync_show(struct seq_file *seq, void *v)
{
	if (v != SEQ_START_TOKEN)
		return show_buckets(seq, v);
	seq_puts(seq, "Pro FromIP   FPrt ToIP     TPrt DestIP   DPrt State       Origin Expires\n");
	return 0;
}

static const struct seq_operations ip_vs_conn_seq_ops = {
	.start	= ip_vs_conn_proc_start,
	.next	= ip_vs_conn_proc_next,
	.stop	= ip_vs_conn_proc_stop,
	.show	= ip_vs_conn_show,
};

static const struct seq_operations ip_vs_conn_sync_seq_ops = {
	.start	= ip_vs_conn_proc_start,
	.next	= ip_vs_conn_proc_next,
	.stop	= ip_vs_conn_proc_stop,
	.show	= ip_vs_conn_sync_show,
};

/* The files do not hold the namespace: removing an entry from /proc closes what is open. */
static int open_listing(struct inode *inode, struct file *file, const struct seq_operations *ops,
			void (*show)(const struct ip_vs_conn *cp, void *seq))
{
	struct ip_vs_conn_proc_iter *iter;
	struct seq_file *seq;

	if (file->f_mode & FMODE_WRITE)
		return -EACCES;
	iter = __seq_open_private(file, ops, sizeof(*iter));
	if (!iter)
		return -ENOMEM;
	iter->ipvs = pde_data(inode);
	iter->show = show;
	/* fewer and larger reads of large tables; without it seq_file takes a page */
	seq = file->private_data;
	seq->buf = kvmalloc(BUFFER_SIZE, GFP_KERNEL_ACCOUNT);
	if (seq->buf)
		seq->size = BUFFER_SIZE;
	return 0;
}

static int ip_vs_conn_proc_open(struct inode *inode, struct file *file)
{
	return open_listing(inode, file, &ip_vs_conn_seq_ops, show_conn);
}

static int ip_vs_conn_sync_proc_open(struct inode *inode, struct file *file)
{
	return open_listing(inode, file, &ip_vs_conn_sync_seq_ops, show_conn_sync);
}

static const struct proc_ops ip_vs_conn_proc_ops = {
	.proc_open	= ip_vs_conn_proc_open,
	.proc_read_iter	= seq_read_iter,
	.proc_lseek	= seq_lseek,
	.proc_release	= seq_release_private,
};

static const struct proc_ops ip_vs_conn_sync_proc_ops = {
	.proc_open	= ip_vs_conn_sync_proc_open,
	.proc_read_iter	= seq_read_iter,
	.proc_lseek	= seq_lseek,
	.proc_release	= seq_release_private,
};

static int ip_vs_conn_proc_net_init(struct netns_ipvs *ipvs)
{
	struct proc_dir_entry *dir = ipvs->net->proc_net;

	if (!proc_create_data("ip_vs_conn", 0, dir, &ip_vs_conn_proc_ops, ipvs))
		return -ENOMEM;
	if (!proc_create_data("ip_vs_conn_sync", 0, dir, &ip_vs_conn_sync_proc_ops, ipvs)) {
		remove_proc_entry("ip_vs_conn", dir);
		return -ENOMEM;
	}
	return 0;
}

static void ip_vs_conn_proc_net_exit(struct netns_ipvs *ipvs)
{
	remove_proc_entry("ip_vs_conn_sync", ipvs->net->proc_net);
	remove_proc_entry("ip_vs_conn", ipvs->net->proc_net);
}

const struct ip_vs_subsys ip_vs_conn_proc_subsys = {
	.name		= "conn proc",
	.net_init	= ip_vs_conn_proc_net_init,
	.net_exit	= ip_vs_conn_proc_net_exit,
};
