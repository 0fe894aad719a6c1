// SPDX-License-Identifier: GPL-2.0-only
/*
 * /proc/net/ip_vs_conn and ip_vs_conn_sync. A reader walks the table once: the
 * walker keeps its place from one buffer to the next. Entries are read under
 * RCU; what changes meanwhile may be shown or not.
 */
#include <linux/proc_fs.h>
#include <linux/seq_file.h>

#include "conn/conn.h"
#include "proto/proto.h"
#include "svc/dest.h"

struct ip_vs_conn_proc_iter {
	struct netns_ipvs *ipvs;
	struct ip_vs_conn_walk walk;	/* open as long as the file */
	bool used;			/* the walk has left its start */
	bool at_end;
};

static void *ip_vs_conn_proc_start(struct seq_file *seq, loff_t *pos)
	__acquires(RCU)
{
	struct ip_vs_conn_proc_iter *iter = seq->private;

	if (!*pos && iter->used) {
		ip_vs_conn_walk_close(&iter->walk);
		ip_vs_conn_walk_open(iter->ipvs, &iter->walk);
		iter->used = false;
		iter->at_end = false;
	}
	ip_vs_conn_walk_start(&iter->walk);
	if (!*pos)
		return SEQ_START_TOKEN;
	return iter->at_end ? NULL : ip_vs_conn_walk_peek(&iter->walk);
}

static void *ip_vs_conn_proc_next(struct seq_file *seq, void *v, loff_t *pos)
{
	struct ip_vs_conn_proc_iter *iter = seq->private;
	struct ip_vs_conn *cp;

	++*pos;
	iter->used = true;
	cp = ip_vs_conn_walk_next(&iter->walk);
	iter->at_end = !cp;
	return cp;
}

static void ip_vs_conn_proc_stop(struct seq_file *seq, void *v)
	__releases(RCU)
{
	struct ip_vs_conn_proc_iter *iter = seq->private;

	ip_vs_conn_walk_stop(&iter->walk);
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

static int ip_vs_conn_show(struct seq_file *seq, void *v)
{
	const struct ip_vs_pe_data *pe;

	if (v == SEQ_START_TOKEN) {
		seq_puts(seq, "Pro FromIP   FPrt ToIP     TPrt DestIP   DPrt State       Expires PEName PEData\n");
		return 0;
	}
	show_flow(seq, v);
	seq_printf(seq, "%7u", ip_vs_conn_seconds_left(v));
	pe = ip_vs_conn_pe(v);
	if (pe)
		seq_printf(seq, " %s %.*s", pe->pe->plugin.name, pe->len, pe->data);
	seq_putc(seq, '\n');
	return 0;
}

static int ip_vs_conn_sync_show(struct seq_file *seq, void *v)
{
	const char *origin;

	if (v == SEQ_START_TOKEN) {
		seq_puts(seq, "Pro FromIP   FPrt ToIP     TPrt DestIP   DPrt State       Origin Expires\n");
		return 0;
	}
	show_flow(seq, v);
	origin = ip_vs_conn_flags(v) & IP_VS_CONN_F_SYNC ? "SYNC" : "LOCAL";
	seq_printf(seq, "%-6s %7u\n", origin, ip_vs_conn_seconds_left(v));
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
static int open_walk(struct inode *inode, struct file *file, const struct seq_operations *ops)
{
	struct ip_vs_conn_proc_iter *iter;

	if (file->f_mode & FMODE_WRITE)
		return -EACCES;
	iter = __seq_open_private(file, ops, sizeof(*iter));
	if (!iter)
		return -ENOMEM;
	iter->ipvs = pde_data(inode);
	ip_vs_conn_walk_open(iter->ipvs, &iter->walk);
	return 0;
}

static int ip_vs_conn_proc_open(struct inode *inode, struct file *file)
{
	return open_walk(inode, file, &ip_vs_conn_seq_ops);
}

static int ip_vs_conn_sync_proc_open(struct inode *inode, struct file *file)
{
	return open_walk(inode, file, &ip_vs_conn_sync_seq_ops);
}

static int ip_vs_conn_proc_release(struct inode *inode, struct file *file)
{
	struct seq_file *seq = file->private_data;
	struct ip_vs_conn_proc_iter *iter = seq->private;

	ip_vs_conn_walk_close(&iter->walk);
	return seq_release_private(inode, file);
}

static const struct proc_ops ip_vs_conn_proc_ops = {
	.proc_open	= ip_vs_conn_proc_open,
	.proc_read_iter	= seq_read_iter,
	.proc_lseek	= seq_lseek,
	.proc_release	= ip_vs_conn_proc_release,
};

static const struct proc_ops ip_vs_conn_sync_proc_ops = {
	.proc_open	= ip_vs_conn_sync_proc_open,
	.proc_read_iter	= seq_read_iter,
	.proc_lseek	= seq_lseek,
	.proc_release	= ip_vs_conn_proc_release,
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
