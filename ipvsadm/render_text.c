// SPDX-License-Identifier: GPL-2.0-only
/*
 * Listings: one row of a table per format, one row of another per column. The
 * widths are what scripts have cut by for twenty years; they are not ours to mend.
 */
#include <arpa/inet.h>
#include <string.h>

#include "render.h"
#include "value.h"

#define SERVICE_WIDTH	33	/* of IPv4 services, cut and padded */
#define DEST_WIDTH	28	/* of IPv4 destinations, cut; of all, padded */
#define CELL_MAX	32

/* --- numbers ---------------------------------------------------------------- */

/* At least nine columns; thousands, millions … from nine digits on. */
static void print_number(FILE *out, unsigned long long n, bool exact)
{
	static const struct {
		unsigned long long below, unit;
		char suffix;
	} scales[] = {
		{ 1000000000ULL,	1000ULL,		'K' },
		{ 100000000000ULL,	1000000ULL,		'M' },
		{ 100000000000000ULL,	1000000000ULL,		'G' },
		{ 0,			1000000000000ULL,	'T' },
	};
	size_t i = 0;

	if (n < 100000000ULL) {
		fprintf(out, "%9llu", n);
	} else if (exact) {
		fprintf(out, " %llu", n);
	} else {
		while (scales[i].below && n >= scales[i].below)
			i++;
		fprintf(out, "%8llu%c", n / scales[i].unit, scales[i].suffix);
	}
}

/* --- columns ------------------------------------------------------------------ */

static void cell_forward(char cell[CELL_MAX], const struct ipvs_dest *d)
{
	static const char *const methods[] = {
		[IP_VS_CONN_F_MASQ] = "Masq",
		[IP_VS_CONN_F_LOCALNODE] = "Local",
		[IP_VS_CONN_F_TUNNEL] = "Tunnel",
		[IP_VS_CONN_F_DROUTE] = "Route",
	};
	unsigned int method = d->conn_flags & IP_VS_CONN_F_FWD_MASK;

	snprintf(cell, CELL_MAX, "%s",
		 method < sizeof(methods) / sizeof(methods[0]) ? methods[method] : "Unknown");
}

static const char *checksum_mark(const struct ipvs_dest *d)
{
	if (d->tun_flags & IP_VS_TUNNEL_ENCAP_FLAG_CSUM)
		return "+c";
	return d->tun_flags & IP_VS_TUNNEL_ENCAP_FLAG_REMCSUM ? "r+c" : "-c";
}

static void cell_tunnel(char cell[CELL_MAX], const struct ipvs_dest *d)
{
	if ((d->conn_flags & IP_VS_CONN_F_FWD_MASK) != IP_VS_CONN_F_TUNNEL)
		snprintf(cell, CELL_MAX, "n/a");
	else if (d->tun_type == IP_VS_CONN_F_TUNNEL_TYPE_GUE)
		snprintf(cell, CELL_MAX, "gue:%u:%s", ntohs(d->tun_port), checksum_mark(d));
	else if (d->tun_type == IP_VS_CONN_F_TUNNEL_TYPE_GRE)
		snprintf(cell, CELL_MAX, "gre:%s", checksum_mark(d));
	else
		snprintf(cell, CELL_MAX, "%s",
			 d->tun_type == IP_VS_CONN_F_TUNNEL_TYPE_IPIP ? "ipip" : "unknown");
}

static void cell_weight(char cell[CELL_MAX], const struct ipvs_dest *d)
{
	snprintf(cell, CELL_MAX, "%u", d->weight);
}

static void cell_upper(char cell[CELL_MAX], const struct ipvs_dest *d)
{
	snprintf(cell, CELL_MAX, "%u", d->u_thresh);
}

static void cell_lower(char cell[CELL_MAX], const struct ipvs_dest *d)
{
	snprintf(cell, CELL_MAX, "%u", d->l_thresh);
}

static void cell_persistent(char cell[CELL_MAX], const struct ipvs_dest *d)
{
	snprintf(cell, CELL_MAX, "%u", d->persist);
}

static void cell_active(char cell[CELL_MAX], const struct ipvs_dest *d)
{
	snprintf(cell, CELL_MAX, "%u", d->active);
}

static void cell_inactive(char cell[CELL_MAX], const struct ipvs_dest *d)
{
	snprintf(cell, CELL_MAX, "%u", d->inactive);
}

struct column {
	int width;
	void (*cell)(char cell[CELL_MAX], const struct ipvs_dest *d);
};

static const struct column plain_columns[] = {
	{ 7, cell_forward }, { 6, cell_weight }, { 10, cell_active }, { 10, cell_inactive }, { 0 }
};
static const struct column tunnel_columns[] = {
	{ 7, cell_forward }, { 13, cell_tunnel }, { 6, cell_weight }, { 10, cell_active },
	{ 10, cell_inactive }, { 0 }
};
static const struct column threshold_columns[] = {
	{ 10, cell_upper }, { 10, cell_lower }, { 10, cell_active }, { 10, cell_inactive }, { 0 }
};
static const struct column persistent_columns[] = {
	{ 9, cell_weight }, { 11, cell_persistent }, { 10, cell_active }, { 10, cell_inactive },
	{ 0 }
};

/* --- counters -------------------------------------------------------------------- */

struct counter {
	size_t offset;		/* in struct ipvs_stats */
	bool plain;		/* of destinations: never abbreviated */
};

#define NR_COUNTERS 5
#define COUNTER(member, plain) { offsetof(struct ipvs_stats, member), plain }

static const struct counter totals[NR_COUNTERS] = {
	COUNTER(conns, false), COUNTER(inpkts, false), COUNTER(outpkts, false),
	COUNTER(inbytes, false), COUNTER(outbytes, false),
};
static const struct counter rates[NR_COUNTERS] = {
	COUNTER(cps, true), COUNTER(inpps, true), COUNTER(outpps, true),
	COUNTER(inbps, false), COUNTER(outbps, false),
};

static void print_counters(FILE *out, const struct ipvs_stats *stats,
			   const struct counter *counters, bool dest, bool exact)
{
	for (int i = 0; i < NR_COUNTERS; i++) {
		__u64 n;

		memcpy(&n, (const char *)stats + counters[i].offset, sizeof(n));
		if (dest && counters[i].plain)
			fprintf(out, " %8llu", (unsigned long long)n);
		else
			print_number(out, n, exact);
	}
	putc('\n', out);
}

/* --- formats ---------------------------------------------------------------------- */

/* Of several asked for, the first counts. */
static const struct format {
	option_set when;	/* 0: always */
	const char *title;
	const struct column *columns;	/* of destinations, or … */
	const struct counter *counters;	/* … of both services and destinations */
} formats[] = {
	{ SET(STATS),
	  "Prot LocalAddress:Port               Conns   InPkts  OutPkts  InBytes OutBytes\n"
	  "  -> RemoteAddress:Port\n", NULL, totals },
	{ SET(RATE),
	  "Prot LocalAddress:Port                 CPS    InPPS   OutPPS    InBPS   OutBPS\n"
	  "  -> RemoteAddress:Port\n", NULL, rates },
	{ SET(THRESHOLDS),
	  "Prot LocalAddress:Port            Uthreshold Lthreshold ActiveConn InActConn \n"
	  "  -> RemoteAddress:Port\n", threshold_columns, NULL },
	{ SET(PERSISTENT_CONN),
	  "Prot LocalAddress:Port            Weight    PersistConn ActiveConn InActConn \n"
	  "  -> RemoteAddress:Port\n", persistent_columns, NULL },
	{ SET(TUN_INFO),
	  "Prot LocalAddress:Port Scheduler Flags\n"
	  "  -> RemoteAddress:Port           Forward TunnelInfo    Weight ActiveConn InActConn\n",
	  tunnel_columns, NULL },
	{ 0,
	  "Prot LocalAddress:Port Scheduler Flags\n"
	  "  -> RemoteAddress:Port           Forward Weight ActiveConn InActConn\n",
	  plain_columns, NULL },
};

static const struct format *format_of(const struct request *req)
{
	const struct format *f = formats;

	while (f->when && !has(req, f->when))
		f++;
	return f;
}

/* --- rows -------------------------------------------------------------------------- */

struct view {
	FILE *out;
	struct names *names;
	const struct format *format;
	bool exact;
	bool wide;
};

static void service_name(const struct view *v, const struct ipvs_service *s,
			 char text[ENDPOINT_MAX + 8])
{
	char endpoint[ENDPOINT_MAX], number[8];
	const char *protocol = number;

	if (s->fwmark) {
		snprintf(text, ENDPOINT_MAX, "FWM  %u%s", s->fwmark,
			 s->af == AF_INET6 ? " IPv6" : "");
		return;
	}
	switch (s->protocol) {
	case IPPROTO_TCP:
		protocol = "TCP";
		break;
	case IPPROTO_UDP:
		protocol = "UDP";
		break;
	case IPPROTO_SCTP:
		protocol = "SCTP";
		break;
	default:
		snprintf(number, sizeof(number), "%u", s->protocol);
		break;
	}
	endpoint_text(v->names, s->af, &s->addr, s->protocol, s->port, endpoint);
	snprintf(text, ENDPOINT_MAX + 8, "%-4s %s", protocol, endpoint);
	if (!v->wide && s->af == AF_INET && strlen(text) > SERVICE_WIDTH)
		text[SERVICE_WIDTH] = '\0';
}

static void print_flags(FILE *out, const struct ipvs_service *s)
{
	__u32 flags = s->flags.flags & SCHED_FLAGS_ALL;
	const char *before = " (";

	for (__u32 flag = IP_VS_SVC_F_SCHED1; flag <= IP_VS_SVC_F_SCHED3; flag <<= 1)
		if (flags & flag) {
			fprintf(out, "%s%s", before, value_sched_flag_name(flag, s->sched));
			before = ",";
		}
	if (flags)
		putc(')', out);
}

static void print_settings(FILE *out, const struct ipvs_service *s)
{
	struct in_addr mask = { .s_addr = s->netmask };

	fprintf(out, " %s", s->sched);
	print_flags(out, s);
	if (s->flags.flags & IP_VS_SVC_F_PERSISTENT) {
		fprintf(out, " persistent %u", s->timeout);
		if (s->netmask != value_full_mask(s->af)) {
			if (s->af == AF_INET6)
				fprintf(out, " mask %u", s->netmask);
			else
				fprintf(out, " mask %s", inet_ntoa(mask));
		}
		if (s->pe[0])
			fprintf(out, " pe %s", s->pe);
	}
	if (s->flags.flags & IP_VS_SVC_F_ONEPACKET)
		fprintf(out, " ops");
	putc('\n', out);
}

static void print_service(const struct view *v, const struct ipvs_service *s)
{
	char name[ENDPOINT_MAX + 8];

	service_name(v, s, name);
	if (v->format->counters) {
		fprintf(v->out, "%-*s", SERVICE_WIDTH, name);
		print_counters(v->out, &s->stats, v->format->counters, false, v->exact);
		return;
	}
	fputs(name, v->out);
	print_settings(v->out, s);
}

static void print_dest(const struct view *v, const struct ipvs_service *s,
		       const struct ipvs_dest *d)
{
	char name[ENDPOINT_MAX], cell[CELL_MAX];

	endpoint_text(v->names, d->af, &d->addr, s->fwmark ? 0 : s->protocol, d->port, name);
	if (!v->wide && d->af != AF_INET6 && strlen(name) > DEST_WIDTH)
		name[DEST_WIDTH] = '\0';
	fprintf(v->out, "  -> %-*s", DEST_WIDTH, name);
	if (v->format->counters) {
		print_counters(v->out, &d->stats, v->format->counters, true, v->exact);
		return;
	}
	for (const struct column *c = v->format->columns; c->cell; c++) {
		c->cell(cell, d);
		fprintf(v->out, " %-*s", c->width, cell);
	}
	putc('\n', v->out);
}

void render_table(FILE *out, const struct snapshot *snap, const struct request *req,
		  struct names *names, const struct ipvs_info *info)
{
	struct view v = { .out = out, .names = names, .format = format_of(req),
			  .exact = has(req, SET(EXACT)), .wide = has(req, SET(WIDE)) };

	if (info)
		fprintf(out, "IP Virtual Server version %u.%u.%u (size=%u)\n",
			info->version >> 16 & 0xff, info->version >> 8 & 0xff,
			info->version & 0xff, info->conn_tab_size);
	fputs(v.format->title, out);
	for (size_t i = 0; i < snap->services.nr; i++) {
		const struct ipvs_service *s = snapshot_service(snap, i);

		print_service(&v, s);
		for (size_t k = snap->first[i]; k < snap->first[i + 1]; k++)
			print_dest(&v, s, snapshot_dest(snap, k));
	}
}

void render_timeouts(FILE *out, const struct ipvs_timeouts *t)
{
	fprintf(out, "Timeout (tcp tcpfin udp): %u %u %u\n", t->tcp, t->tcp_fin, t->udp);
}

static void print_daemon(FILE *out, const struct ipvs_daemon *d)
{
	char group[INET6_ADDRSTRLEN] = "";

	fprintf(out, "%s sync daemon (mcast=%s, syncid=%u",
		d->state == IP_VS_STATE_MASTER ? "master" : "backup", d->mcast_ifn, d->sync_id);
	if (d->sync_maxlen)
		fprintf(out, ", maxlen=%u", d->sync_maxlen);
	if (d->mcast_group)
		inet_ntop(AF_INET, &d->mcast_group, group, sizeof(group));
	else if (!IN6_IS_ADDR_UNSPECIFIED(&d->mcast_group6))
		inet_ntop(AF_INET6, &d->mcast_group6, group, sizeof(group));
	if (group[0])
		fprintf(out, ", group=%s", group);
	if (d->mcast_port)
		fprintf(out, ", port=%u", d->mcast_port);
	if (d->mcast_ttl)
		fprintf(out, ", ttl=%u", d->mcast_ttl);
	fputs(")\n", out);
}

void render_daemons(FILE *out, const struct ipvs_list *daemons)
{
	static const __u32 roles[] = { IP_VS_STATE_MASTER, IP_VS_STATE_BACKUP };
	const struct ipvs_daemon *d = daemons->items;

	for (size_t r = 0; r < 2; r++)
		for (size_t i = 0; i < daemons->nr; i++)
			if (d[i].state == roles[r])
				print_daemon(out, &d[i]);
}
