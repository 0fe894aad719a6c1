// SPDX-License-Identifier: GPL-2.0-only
/*
 * /proc/net/ip_vs, ip_vs_stats, ip_vs_stats_percpu and ip_vs_app. Programs parse them by
 * column: every blank is part of the format.
 */
#include <linux/proc_fs.h>
#include <linux/seq_file.h>
#include <linux/seq_file_net.h>

#include "app/app.h"
#include "conn/conn.h"
#include "ctl/ctl.h"
#include "proto/proto.h"
#include "sched/sched.h"
#include "stats/stats.h"
#include "svc/dest.h"
#include "svc/service.h"

/* Where the listing stands: at the service @svc_id, or at its destination @dest_id if
 * @in_dests. The pointers are valid between start and stop, where cfg_mutex is held;
 * the ids find the place again for the next buffer.
 */
struct ip_vs_proc_iter {
	struct seq_net_private p;	/* first: what opened the file expects it */
	struct ip_vs_service *svc;
	struct ip_vs_dest *dest;
	unsigned long svc_id;
	unsigned long dest_id;
	bool in_dests;
	bool at_end;
};

/* The namespace's files are gone before it is, and there before all of it is. */
static struct netns_ipvs *seq_ipvs(struct seq_file *seq)
{
	return pde_data(file_inode(seq->file));
}

/* On to the first service from @id on. */
static void *enter_service(struct netns_ipvs *ipvs, struct ip_vs_proc_iter *iter,
			   unsigned long id)
{
	iter->svc = ip_vs_service_next(ipvs, &id);
	iter->svc_id = id;
	iter->in_dests = false;
	iter->at_end = !iter->svc;
	return iter->svc;
}

/* On to @dest, or to the next service if there is none. */
static void *enter_dest(struct netns_ipvs *ipvs, struct ip_vs_proc_iter *iter,
			struct ip_vs_dest *dest)
{
	if (!dest)
		return enter_service(ipvs, iter, iter->svc_id + 1);
	iter->dest = dest;
	iter->dest_id = dest->id;
	iter->in_dests = true;
	return dest;
}

/* Back to the entry that was about to be shown, or what has taken its place. */
static void *resume(struct netns_ipvs *ipvs, struct ip_vs_proc_iter *iter)
{
	unsigned long id = iter->svc_id;
	struct ip_vs_service *svc;

	if (iter->at_end)
		return NULL;
	svc = ip_vs_service_next(ipvs, &id);
	if (!svc || id != iter->svc_id || !iter->in_dests)
		return enter_service(ipvs, iter, iter->svc_id);
	iter->svc = svc;
	return enter_dest(ipvs, iter, ip_vs_dest_next(svc, iter->dest_id + 1));
}

static void *ip_vs_proc_start(struct seq_file *seq, loff_t *pos)
{
	struct netns_ipvs *ipvs = seq_ipvs(seq);
	struct ip_vs_proc_iter *iter = seq->private;

	mutex_lock(&ipvs->cfg_mutex);
	return *pos ? resume(ipvs, iter) : SEQ_START_TOKEN;
}

static void *ip_vs_proc_next(struct seq_file *seq, void *v, loff_t *pos)
{
	struct netns_ipvs *ipvs = seq_ipvs(seq);
	struct ip_vs_proc_iter *iter = seq->private;
	struct ip_vs_dest *dest;

	++*pos;
	if (v == SEQ_START_TOKEN)
		return enter_service(ipvs, iter, 0);
	if (!iter->in_dests)
		dest = list_first_entry_or_null(&iter->svc->dests, struct ip_vs_dest, list);
	else if (list_is_last(&iter->dest->list, &iter->svc->dests))
		dest = NULL;
	else
		dest = list_next_entry(iter->dest, list);
	return enter_dest(ipvs, iter, dest);
}

static void ip_vs_proc_stop(struct seq_file *seq, void *v)
{
	mutex_unlock(&seq_ipvs(seq)->cfg_mutex);
}

static void show_header(struct seq_file *seq, struct netns_ipvs *ipvs)
{
	seq_printf(seq,
		   "IP Virtual Server version " IP_VS_VERSION_TEXT " (size=%u)\n"
		   "Prot LocalAddress:Port Scheduler Flags\n"
		   "  -> RemoteAddress:Port Forward Weight ActiveConn InActConn\n",
		   ip_vs_conn_table_size(ipvs));
}

static void show_service(struct seq_file *seq, struct ip_vs_service *svc)
{
	const struct ip_vs_svc_key *key = &svc->key;
	char name[12];

	if (key->fwmark)
		seq_printf(seq, "FWM  %08X ", key->fwmark);
	else if (key->af == AF_INET6)
		seq_printf(seq, "%s  [%pI6]:%04X ",
			   ip_vs_proto_name(svc->proto, name, sizeof(name)), &key->addr.in6,
			   ntohs(key->port));
	else
		seq_printf(seq, "%s  %08X:%04X ",
			   ip_vs_proto_name(svc->proto, name, sizeof(name)), ntohl(key->addr.ip),
			   ntohs(key->port));
	seq_printf(seq, "%s ", ip_vs_sched_name(svc));
	/* IPv6 services by address have never had this column */
	if (key->fwmark || key->af == AF_INET)
		seq_puts(seq, svc->flags & IP_VS_SVC_F_ONEPACKET ? "ops " : "");
	if (!key->fwmark && key->af == AF_INET)
		seq_putc(seq, ' ');
	/* the time in jiffies; a prefix length looks swapped */
	if (svc->flags & IP_VS_SVC_F_PERSISTENT)
		seq_printf(seq, "persistent %d %08X", svc->timeout,
			   ntohl((__force __be32)svc->netmask));
	seq_putc(seq, '\n');
}

static const char *method_name(const struct ip_vs_dest *dest)
{
	switch (IP_VS_DEST_METHOD(dest)) {
	case IP_VS_CONN_F_LOCALNODE:
		return "Local";
	case IP_VS_CONN_F_TUNNEL:
		return "Tunnel";
	case IP_VS_CONN_F_DROUTE:
		return "Route";
	default:
		return "Masq";
	}
}

static void show_dest(struct seq_file *seq, struct ip_vs_dest *dest)
{
	int active = atomic_read(&dest->active);
	int inactive = max(atomic_read(&dest->total) - active, 0);

	if (dest->key.af == AF_INET6)
		seq_printf(seq, "  -> [%pI6]:%04X", &dest->key.addr.in6, ntohs(dest->key.port));
	else
		seq_printf(seq, "  -> %08X:%04X", ntohl(dest->key.addr.ip), ntohs(dest->key.port));
	seq_printf(seq, "      %-7s %-6d %-10d %-10d\n", method_name(dest), dest->weight, active,
		   inactive);
}

static int ip_vs_proc_show(struct seq_file *seq, void *v)
{
	struct ip_vs_proc_iter *iter = seq->private;

	if (v == SEQ_START_TOKEN)
		show_header(seq, seq_ipvs(seq));
	else if (iter->in_dests)
		show_dest(seq, iter->dest);
	else
		show_service(seq, iter->svc);
	return 0;
}

static const struct seq_operations ip_vs_proc_seq_ops = {
	.start	= ip_vs_proc_start,
	.next	= ip_vs_proc_next,
	.stop	= ip_vs_proc_stop,
	.show	= ip_vs_proc_show,
};

static void show_counters(struct seq_file *seq, u64 conns, u64 inpkts, u64 outpkts, u64 inbytes,
			  u64 outbytes)
{
	seq_printf(seq, "%8llX %8llX %8llX %16llX %16llX\n", conns, inpkts, outpkts, inbytes,
		   outbytes);
}

static void show_stats(struct seq_file *seq, const struct ipvs_stats *s)
{
	show_counters(seq, s->conns, s->inpkts, s->outpkts, s->inbytes, s->outbytes);
}

static void show_rates(struct seq_file *seq, const struct ipvs_stats *s)
{
	show_counters(seq, s->cps, s->inpps, s->outpps, s->inbps, s->outbps);
}

static int ip_vs_stats_show(struct seq_file *seq, void *v)
{
	struct ipvs_stats stats;

	ip_vs_stats_read(ip_vs_stats_total(seq_ipvs(seq)), &stats);
	seq_puts(seq, "   Total Incoming Outgoing         Incoming         Outgoing\n"
		      "   Conns  Packets  Packets            Bytes            Bytes\n");
	show_stats(seq, &stats);
	seq_puts(seq, "\n Conns/s   Pkts/s   Pkts/s          Bytes/s          Bytes/s\n");
	show_rates(seq, &stats);
	return 0;
}

/* The rows of CPUs count since the namespace exists; only the sum knows a zero point. */
static int ip_vs_stats_percpu_show(struct seq_file *seq, void *v)
{
	struct ip_vs_stats *total = ip_vs_stats_total(seq_ipvs(seq));
	struct ipvs_stats stats;
	struct ip_vs_sums sums;
	int cpu;

	seq_puts(seq, "       Total Incoming Outgoing         Incoming         Outgoing\n"
		      "CPU    Conns  Packets  Packets            Bytes            Bytes\n");
	for_each_possible_cpu(cpu) {
		ip_vs_stats_sum_cpu(total, cpu, &sums);
		seq_printf(seq, "%3X ", cpu);
		show_counters(seq, sums.conns, sums.inpkts, sums.outpkts, sums.inbytes,
			      sums.outbytes);
	}
	ip_vs_stats_read(total, &stats);
	seq_puts(seq, "  ~ ");
	show_stats(seq, &stats);
	seq_puts(seq, "\n     Conns/s   Pkts/s   Pkts/s          Bytes/s          Bytes/s\n    ");
	show_rates(seq, &stats);
	return 0;
}

static void show_port(const struct ip_vs_app_port *port, void *arg)
{
	char name[12];

	seq_printf(arg, "%-3s  %-7u %-6d %-17s\n",
		   ip_vs_proto_name(port->app->proto, name, sizeof(name)), port->port,
		   atomic_read(&port->users), port->app->name);
}

/* One record has them all. Not a "single" file: those may be opened for writing, this one never
 * could be.
 */
static void *ip_vs_app_start(struct seq_file *seq, loff_t *pos)
{
	return *pos ? NULL : SEQ_START_TOKEN;
}

static void *ip_vs_app_next(struct seq_file *seq, void *v, loff_t *pos)
{
	++*pos;
	return NULL;
}

static void ip_vs_app_stop(struct seq_file *seq, void *v)
{
}

/* Helpers of protocols whose data carries addresses. */
static int ip_vs_app_show(struct seq_file *seq, void *v)
{
	seq_puts(seq, "prot port    usecnt name\n");
	ip_vs_app_for_each(seq_ipvs(seq), show_port, seq);
	return 0;
}

static const struct seq_operations ip_vs_app_seq_ops = {
	.start	= ip_vs_app_start,
	.next	= ip_vs_app_next,
	.stop	= ip_vs_app_stop,
	.show	= ip_vs_app_show,
};

static void ip_vs_proc_net_exit(struct netns_ipvs *ipvs)
{
	remove_proc_entry("ip_vs_app", ipvs->net->proc_net);
	remove_proc_entry("ip_vs_stats_percpu", ipvs->net->proc_net);
	remove_proc_entry("ip_vs_stats", ipvs->net->proc_net);
	remove_proc_entry("ip_vs", ipvs->net->proc_net);
}

static int ip_vs_proc_net_init(struct netns_ipvs *ipvs)
{
	struct proc_dir_entry *dir = ipvs->net->proc_net;

	if (!proc_create_net_data("ip_vs", 0, dir, &ip_vs_proc_seq_ops,
				  sizeof(struct ip_vs_proc_iter), ipvs))
		return -ENOMEM;
	if (!proc_create_net_single("ip_vs_stats", 0, dir, ip_vs_stats_show, ipvs))
		goto err_services;
	if (!proc_create_net_single("ip_vs_stats_percpu", 0, dir, ip_vs_stats_percpu_show, ipvs))
		goto err_stats;
	if (!proc_create_net_data("ip_vs_app", 0, dir, &ip_vs_app_seq_ops,
				  sizeof(struct seq_net_private), ipvs))
		goto err_percpu;
	return 0;

err_percpu:
	remove_proc_entry("ip_vs_stats_percpu", dir);
err_stats:
	remove_proc_entry("ip_vs_stats", dir);
err_services:
	remove_proc_entry("ip_vs", dir);
	return -ENOMEM;
}

const struct ip_vs_subsys ip_vs_proc_subsys = {
	.name		= "proc",
	.net_init	= ip_vs_proc_net_init,
	.net_exit	= ip_vs_proc_net_exit,
};
