// SPDX-License-Identifier: GPL-2.0-only
/*
 * The option table. Each row knows how its option is read and, if it is part of
 * a rule, how it is written again; rows stand in the order of saved lines.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "options.h"
#include "parse.h"
#include "resolve.h"
#include "value.h"

#define DEFAULT_PERSISTENCE	360
#define MAX_TIMEOUT		2678400		/* 31 days */

static const char *const option_names[] = {
	[O_NUMERIC]		= "numeric",
	[O_CONNECTION]		= "connection",
	[O_SERVICE]		= "service-address",
	[O_SCHEDULER]		= "scheduler",
	[O_PERSISTENT]		= "persistent",
	[O_NETMASK]		= "netmask",
	[O_SERVER]		= "real-server",
	[O_FORWARD]		= "forwarding-method",
	[O_WEIGHT]		= "weight",
	[O_U_THRESHOLD]		= "u-threshold",
	[O_L_THRESHOLD]		= "l-threshold",
	[O_MCAST_INTERFACE]	= "mcast-interface",
	[O_TIMEOUT]		= "timeout",
	[O_DAEMON]		= "daemon",
	[O_STATS]		= "stats",
	[O_RATE]		= "rate",
	[O_THRESHOLDS]		= "thresholds",
	[O_PERSISTENT_CONN]	= "persistent-conn",
	[O_NOSORT]		= "nosort",
	[O_SYNCID]		= "syncid",
	[O_EXACT]		= "exact",
	[O_OPS]			= "ops",
	[O_PE]			= "pe",
	[O_SCHED_FLAGS]		= "sched-flags",
	[O_MCAST_GROUP]		= "mcast-group",
	[O_MCAST_PORT]		= "mcast-port",
	[O_MCAST_TTL]		= "mcast-ttl",
	[O_SYNC_MAXLEN]		= "sync-maxlen",
	[O_TUN_INFO]		= "tun-info",
	[O_TUN_TYPE]		= "tun-type",
	[O_TUN_PORT]		= "tun-port",
	[O_TUN_NOCSUM]		= "tun-nocsum",
	[O_TUN_CSUM]		= "tun-csum",
	[O_TUN_REMCSUM]		= "tun-remcsum",
	[O_CHECK]		= "check",
	[O_STRICT]		= "strict",
	[O_ALL]			= "all",
	[O_KEEP]		= "keep",
	[O_OR_EDIT]		= "or-edit",
	[O_IF_EXISTS]		= "if-exists",
	[O_DRY_RUN]		= "dry-run",
	[O_JSON]		= "json",
	[O_WIDE]		= "wide",
	[O_CLIENT]		= "client",
	[O_STATE]		= "state",
	[O_IPV6]		= "ipv6",
	[O_SORT]		= "sort",
};

const char *option_name(enum option_name id)
{
	return option_names[id];
}

/* --- reading ------------------------------------------------------------- */

static struct ipvs_service *service_of(struct parser *p)
{
	return &p->req->ask.service;
}

static struct ipvs_dest *dest_of(struct parser *p)
{
	return &p->req->ask.dest;
}

static int parse_nothing(struct parser *p, const struct option *o, const char *arg)
{
	(void)p, (void)o, (void)arg;
	return 0;
}

static int parse_number(struct parser *p, const struct option *o, const char *arg)
{
	char *target = (char *)p->req + o->target;
	long long number;

	if (!value_number(arg, o->min, o->max, &number))
		return complain(p, o->wrong, arg);
	switch (o->size) {
	case 1:
		*(__u8 *)target = number;
		break;
	case 2:
		*(__u16 *)target = number;
		break;
	default:
		*(__u32 *)target = number;
		break;
	}
	return 0;
}

static int parse_service(struct parser *p, const struct option *o, const char *arg)
{
	struct ipvs_service *s = service_of(p);
	const char *port;

	s->protocol = o->value;
	s->port = 0;
	if (!value_endpoint(arg, &s->af, &s->addr, &port) ||
	    (port && !value_port(port, s->protocol, &s->port)))
		return complain(p, "illegal virtual server address[:port] specified");
	return 0;
}

static int parse_fwmark(struct parser *p, const struct option *o, const char *arg)
{
	service_of(p)->af = AF_INET;
	service_of(p)->protocol = IPPROTO_TCP;
	return parse_number(p, o, arg);
}

static int parse_ipv6(struct parser *p, const struct option *o, const char *arg)
{
	(void)o, (void)arg;
	if (!service_of(p)->fwmark)
		return complain(p, "-6 used before -f\n");
	service_of(p)->af = AF_INET6;
	return 0;
}

/* Copies a name; one that is too long for the kernel cannot be known to it either. */
static void copy_name(struct parser *p, char *target, size_t size, const char *arg, int refusal)
{
	if (strlen(arg) < size)
		strcpy(target, arg);
	else
		p->req->refused = refusal;
}

static int parse_scheduler(struct parser *p, const struct option *o, const char *arg)
{
	(void)o;
	copy_name(p, service_of(p)->sched, sizeof(service_of(p)->sched), arg, -ENOENT);
	return 0;
}

static int parse_pe(struct parser *p, const struct option *o, const char *arg)
{
	(void)o;
	copy_name(p, service_of(p)->pe, sizeof(service_of(p)->pe), arg, -ENOENT);
	return 0;
}

static int parse_interface(struct parser *p, const struct option *o, const char *arg)
{
	struct ipvs_daemon *d = &p->req->ask.daemon;

	(void)o;
	copy_name(p, d->mcast_ifn, sizeof(d->mcast_ifn), arg, -ENODEV);
	return 0;
}

static int parse_persistent(struct parser *p, const struct option *o, const char *arg)
{
	service_of(p)->flags.flags |= IP_VS_SVC_F_PERSISTENT;
	service_of(p)->timeout = DEFAULT_PERSISTENCE;
	return arg ? parse_number(p, o, arg) : 0;
}

/* Kept for later: its meaning depends on the family, which may not be known yet. */
static int parse_netmask(struct parser *p, const struct option *o, const char *arg)
{
	struct ipvs_service *s = service_of(p);

	(void)o;
	if (!s->af || s->fwmark) {
		p->netmask = strdup(arg);
		return 0;
	}
	if (value_netmask(arg, s->af, &s->netmask))
		return 0;
	return complain(p, s->af == AF_INET6 ? "illegal ipv6 netmask specified" :
			"illegal virtual server persistent mask specified");
}

static int parse_ops(struct parser *p, const struct option *o, const char *arg)
{
	(void)o, (void)arg;
	service_of(p)->flags.flags |= IP_VS_SVC_F_ONEPACKET;
	return 0;
}

/* Kept for later: they depend on the scheduler. */
static int parse_sched_flags(struct parser *p, const struct option *o, const char *arg)
{
	(void)o;
	p->sched_flags = strdup(arg);
	return 0;
}

/* The name of a port is kept for later while the protocol is not known. */
static int parse_server(struct parser *p, const struct option *o, const char *arg)
{
	struct ipvs_dest *d = dest_of(p);
	bool pending = !service_of(p)->af;
	const char *port;

	(void)o;
	if (!value_endpoint(arg, &d->af, &d->addr, &port))
		return complain(p, "illegal real server address[:port] specified");
	p->has_server_port = port;
	if (!port || value_port(port, service_of(p)->protocol, &d->port))
		return 0;
	if (!pending)
		return complain(p, "illegal real server address[:port] specified");
	p->server_port = strdup(port);
	return 0;
}

static int parse_method(struct parser *p, const struct option *o, const char *arg)
{
	(void)arg;
	dest_of(p)->conn_flags = o->value;
	return 0;
}

static const char *const tunnel_types[] = {
	[IP_VS_CONN_F_TUNNEL_TYPE_IPIP] = "ipip",
	[IP_VS_CONN_F_TUNNEL_TYPE_GUE] = "gue",
	[IP_VS_CONN_F_TUNNEL_TYPE_GRE] = "gre",
};

static int parse_tun_type(struct parser *p, const struct option *o, const char *arg)
{
	(void)o;
	for (unsigned int i = 0; i < IP_VS_CONN_F_TUNNEL_TYPE_MAX; i++)
		if (!strcmp(arg, tunnel_types[i])) {
			dest_of(p)->tun_type = i;
			return 0;
		}
	return complain(p, "illegal tunnel type specified");
}

static int parse_tun_port(struct parser *p, const struct option *o, const char *arg)
{
	int err = parse_number(p, o, arg);

	dest_of(p)->tun_port = htons(dest_of(p)->tun_port);
	return err;
}

static int parse_tun_flag(struct parser *p, const struct option *o, const char *arg)
{
	(void)arg;
	dest_of(p)->tun_flags = o->value;
	return 0;
}

static int parse_group(struct parser *p, const struct option *o, const char *arg)
{
	struct ipvs_daemon *d = &p->req->ask.daemon;

	(void)o;
	if (strchr(arg, ':')) {
		if (inet_pton(AF_INET6, arg, &d->mcast_group6) == 1 &&
		    IN6_IS_ADDR_MULTICAST(&d->mcast_group6))
			return 0;
		return complain(p, "invalid IPv6 mcast-group `%s'", arg);
	}
	if (inet_pton(AF_INET, arg, &d->mcast_group) == 1 && IN_MULTICAST(ntohl(d->mcast_group)))
		return 0;
	return complain(p, "invalid IPv4 mcast-group `%s'", arg);
}

/* An address, or the leading bits of one: 10.0.0.0/8. */
static int parse_client(struct parser *p, const struct option *o, const char *arg)
{
	struct client_filter *c = &p->req->client;
	const char *slash = strchr(arg, '/');
	char *host = slash ? strndup(arg, slash - arg) : strdup(arg);
	long long bits;
	int err = 0;

	c->af = host && strchr(host, ':') ? AF_INET6 : AF_INET;
	bits = c->af == AF_INET6 ? 128 : 32;
	if (!host || inet_pton(c->af, host, &c->addr) != 1 ||
	    (slash && !value_number(slash + 1, 0, bits, &bits)))
		err = complain(p, o->wrong, arg);
	c->prefix = bits;
	free(host);
	return err;
}

static int parse_state(struct parser *p, const struct option *o, const char *arg)
{
	if (!*arg || strlen(arg) >= sizeof(p->req->client.state))
		return complain(p, o->wrong, arg);
	strcpy(p->req->client.state, arg);
	return 0;
}

/* --- writing ------------------------------------------------------------- */

static bool put(char text[ENDPOINT_MAX], const char *value)
{
	snprintf(text, ENDPOINT_MAX, "%s", value);
	return true;
}

static bool put_number(char text[ENDPOINT_MAX], unsigned int value)
{
	snprintf(text, ENDPOINT_MAX, "%u", value);
	return true;
}

static bool is_service(const struct saved *s)
{
	return s->service && !s->dest;
}

static bool value_service(const struct option *o, const struct saved *s, char text[ENDPOINT_MAX])
{
	if (!s->service || s->service->fwmark || s->service->protocol != o->value)
		return false;
	endpoint_text_saved(s->names, s->service->af, &s->service->addr, s->service->protocol,
			    s->service->port, text);
	return true;
}

static bool value_fwmark(const struct option *o, const struct saved *s, char text[ENDPOINT_MAX])
{
	(void)o;
	return s->service && s->service->fwmark && put_number(text, s->service->fwmark);
}

static bool value_ipv6(const struct option *o, const struct saved *s, char text[ENDPOINT_MAX])
{
	(void)o, (void)text;
	return s->service && s->service->fwmark && s->service->af == AF_INET6;
}

static bool value_scheduler(const struct option *o, const struct saved *s, char text[ENDPOINT_MAX])
{
	(void)o;
	return is_service(s) && put(text, s->service->sched);
}

static bool is_persistent(const struct saved *s)
{
	return is_service(s) && s->service->flags.flags & IP_VS_SVC_F_PERSISTENT;
}

static bool value_persistent(const struct option *o, const struct saved *s,
			     char text[ENDPOINT_MAX])
{
	(void)o;
	return is_persistent(s) && put_number(text, s->service->timeout);
}

static bool value_mask(const struct option *o, const struct saved *s, char text[ENDPOINT_MAX])
{
	(void)o;
	if (!is_persistent(s) || s->service->netmask == value_full_mask(s->service->af))
		return false;
	if (s->service->af == AF_INET6)
		return put_number(text, s->service->netmask);
	return inet_ntop(AF_INET, &s->service->netmask, text, ENDPOINT_MAX);
}

static bool value_pe(const struct option *o, const struct saved *s, char text[ENDPOINT_MAX])
{
	(void)o;
	return is_service(s) && s->service->pe[0] && put(text, s->service->pe);
}

static bool value_ops(const struct option *o, const struct saved *s, char text[ENDPOINT_MAX])
{
	(void)o, (void)text;
	return is_service(s) && s->service->flags.flags & IP_VS_SVC_F_ONEPACKET;
}

static bool value_flags(const struct option *o, const struct saved *s, char text[ENDPOINT_MAX])
{
	__u32 flags = is_service(s) ? s->service->flags.flags & SCHED_FLAGS_ALL : 0;
	const char *separator = "";

	(void)o;
	text[0] = '\0';
	for (__u32 flag = IP_VS_SVC_F_SCHED1; flag <= IP_VS_SVC_F_SCHED3; flag <<= 1) {
		if (!(flags & flag))
			continue;
		strcat(text, separator);
		strcat(text, value_sched_flag_name(flag, s->service->sched));
		separator = ",";
	}
	return flags;
}

static bool value_server(const struct option *o, const struct saved *s, char text[ENDPOINT_MAX])
{
	(void)o;
	if (!s->dest)
		return false;
	endpoint_text_saved(s->names, s->dest->af, &s->dest->addr,
			    s->service->fwmark ? 0 : s->service->protocol, s->dest->port, text);
	return true;
}

static __u32 method_of(const struct saved *s)
{
	return s->dest->conn_flags & IP_VS_CONN_F_FWD_MASK;
}

static bool value_method(const struct option *o, const struct saved *s, char text[ENDPOINT_MAX])
{
	(void)text;
	return s->dest && method_of(s) == o->value;
}

static bool value_weight(const struct option *o, const struct saved *s, char text[ENDPOINT_MAX])
{
	(void)o;
	return s->dest && put_number(text, s->dest->weight);
}

static bool is_tunnel(const struct saved *s)
{
	return s->dest && method_of(s) == IP_VS_CONN_F_TUNNEL &&
	       s->dest->tun_type < IP_VS_CONN_F_TUNNEL_TYPE_MAX;
}

static bool value_tun_type(const struct option *o, const struct saved *s, char text[ENDPOINT_MAX])
{
	(void)o;
	return is_tunnel(s) && put(text, tunnel_types[s->dest->tun_type]);
}

static bool value_tun_port(const struct option *o, const struct saved *s, char text[ENDPOINT_MAX])
{
	(void)o;
	return is_tunnel(s) && s->dest->tun_type == IP_VS_CONN_F_TUNNEL_TYPE_GUE &&
	       put_number(text, ntohs(s->dest->tun_port));
}

static bool value_tun_flag(const struct option *o, const struct saved *s, char text[ENDPOINT_MAX])
{
	(void)text;
	return is_tunnel(s) && s->dest->tun_type != IP_VS_CONN_F_TUNNEL_TYPE_IPIP &&
	       s->dest->tun_flags == o->value;
}

static bool value_threshold(const struct option *o, const struct saved *s, char text[ENDPOINT_MAX])
{
	__u32 value;

	if (!s->dest)
		return false;
	value = o->id == O_U_THRESHOLD ? s->dest->u_thresh : s->dest->l_thresh;
	return (value || s->zeros) && put_number(text, value);
}

static bool value_interface(const struct option *o, const struct saved *s, char text[ENDPOINT_MAX])
{
	(void)o;
	return s->daemon && put(text, s->daemon->mcast_ifn);
}

static bool value_syncid(const struct option *o, const struct saved *s, char text[ENDPOINT_MAX])
{
	(void)o;
	return s->daemon && put_number(text, s->daemon->sync_id);
}

static bool value_group(const struct option *o, const struct saved *s, char text[ENDPOINT_MAX])
{
	(void)o;
	if (!s->daemon)
		return false;
	if (s->daemon->mcast_group)
		return inet_ntop(AF_INET, &s->daemon->mcast_group, text, ENDPOINT_MAX);
	return !IN6_IS_ADDR_UNSPECIFIED(&s->daemon->mcast_group6) &&
	       inet_ntop(AF_INET6, &s->daemon->mcast_group6, text, ENDPOINT_MAX);
}

/* Old kernels do not tell these; 0 is no value that any of them can have. */
static bool value_multicast(const struct option *o, const struct saved *s, char text[ENDPOINT_MAX])
{
	unsigned int value;

	if (!s->daemon)
		return false;
	if (o->id == O_SYNC_MAXLEN)
		value = s->daemon->sync_maxlen;
	else
		value = o->id == O_MCAST_PORT ? s->daemon->mcast_port : s->daemon->mcast_ttl;
	return value && put_number(text, value);
}

/* --- the table ------------------------------------------------------------ */

#define TARGET(member) \
	.target = offsetof(struct request, ask.member), \
	.size = sizeof(((struct request *)0)->ask.member)

#define FLAG(opt, c, name_, text) \
	{ .name = opt, .letter = c, .id = name_, .group = G_OPTION, .parse = parse_nothing, \
	  .help = text }

const struct option options[] = {
	{ .name = "tcp-service", .letter = 't', .arg = ARG_NEEDED, .id = O_SERVICE,
	  .group = G_SERVICE, .parse = parse_service, .value_of = value_service, .value = IPPROTO_TCP,
	  .arg_name = "service-address", .help = "a TCP service, as host[:port]" },
	{ .name = "udp-service", .letter = 'u', .arg = ARG_NEEDED, .id = O_SERVICE,
	  .group = G_SERVICE, .parse = parse_service, .value_of = value_service, .value = IPPROTO_UDP,
	  .arg_name = "service-address", .help = "a UDP service" },
	{ .name = "sctp-service", .arg = ARG_NEEDED, .id = O_SERVICE,
	  .group = G_SERVICE, .parse = parse_service, .value_of = value_service, .value = IPPROTO_SCTP,
	  .arg_name = "service-address", .help = "an SCTP service" },
	{ .name = "fwmark-service", .letter = 'f', .arg = ARG_NEEDED, .id = O_SERVICE,
	  .group = G_SERVICE, .parse = parse_fwmark, .value_of = value_fwmark,
	  TARGET(service.fwmark), .min = 1, .max = 4294967295,
	  .wrong = "invalid fwmark value `%s' specified",
	  .arg_name = "fwmark", .help = "what the firewall marks with this number" },
	{ .name = "ipv6", .letter = '6', .id = O_IPV6, .group = G_SERVICE,
	  .parse = parse_ipv6, .value_of = value_ipv6, .help = "after -f: the mark's IPv6 traffic" },

	{ .name = "scheduler", .letter = 's', .arg = ARG_NEEDED, .id = O_SCHEDULER,
	  .group = G_OPTION, .parse = parse_scheduler, .value_of = value_scheduler,
	  .arg_name = "scheduler",
	  .help = "how a real server is chosen: rr|wrr|lc|wlc|lblc|lblcr|dh|sh|\n"
		  "sed|nq|fo|ovf|mh|twos (default wlc)" },
	{ .name = "persistent", .letter = 'p', .arg = ARG_MAY, .id = O_PERSISTENT,
	  .group = G_OPTION, .parse = parse_persistent, .value_of = value_persistent,
	  TARGET(service.timeout), .min = 1, .max = MAX_TIMEOUT,
	  .wrong = "invalid timeout value `%s' specified",
	  .arg_name = "[timeout]", .help = "keep clients at their server (default 360 s)" },
	{ .name = "netmask", .letter = 'M', .arg = ARG_NEEDED, .id = O_NETMASK,
	  .group = G_OPTION, .parse = parse_netmask, .value_of = value_mask,
	  .arg_name = "netmask", .help = "with -p: clients that count as one" },
	{ .name = "pe", .arg = ARG_NEEDED, .id = O_PE,
	  .group = G_OPTION, .parse = parse_pe, .value_of = value_pe,
	  .arg_name = "engine", .help = "persistence by content: sip" },
	{ .name = "ops", .letter = 'o', .id = O_OPS, .group = G_OPTION,
	  .parse = parse_ops, .value_of = value_ops, .help = "schedule each UDP packet alone" },
	{ .name = "sched-flags", .letter = 'b', .arg = ARG_NEEDED, .id = O_SCHED_FLAGS,
	  .group = G_OPTION, .parse = parse_sched_flags, .value_of = value_flags,
	  .arg_name = "flags",
	  .help = "of sh-fallback, sh-port, mh-fallback, mh-port,\n"
		  "flag-1, flag-2, flag-3, with commas" },

	{ .name = "real-server", .letter = 'r', .arg = ARG_NEEDED, .id = O_SERVER,
	  .group = G_OPTION, .parse = parse_server, .value_of = value_server,
	  .arg_name = "server-address", .help = "the real server, as host[:port]" },
	{ .name = "gatewaying", .letter = 'g', .id = O_FORWARD, .group = G_OPTION,
	  .parse = parse_method, .value_of = value_method, .value = IP_VS_CONN_F_DROUTE,
	  .help = "forward by direct routing (default)" },
	{ .name = "ipip", .letter = 'i', .id = O_FORWARD, .group = G_OPTION,
	  .parse = parse_method, .value_of = value_method, .value = IP_VS_CONN_F_TUNNEL,
	  .help = "forward through a tunnel" },
	{ .name = "masquerading", .letter = 'm', .id = O_FORWARD, .group = G_OPTION,
	  .parse = parse_method, .value_of = value_method, .value = IP_VS_CONN_F_MASQ,
	  .help = "forward by address translation (NAT)" },
	{ .name = "weight", .letter = 'w', .arg = ARG_NEEDED, .id = O_WEIGHT,
	  .group = G_OPTION, .parse = parse_number, .value_of = value_weight,
	  TARGET(dest.weight), .min = 0, .max = 2147483647, .wrong = "illegal weight specified",
	  .arg_name = "weight", .help = "capacity of the server; 0: no new connections" },
	{ .name = "tun-type", .arg = ARG_NEEDED, .id = O_TUN_TYPE,
	  .group = G_OPTION, .parse = parse_tun_type, .value_of = value_tun_type,
	  .arg_name = "type", .help = "with -i: ipip (default), gue or gre" },
	{ .name = "tun-port", .arg = ARG_NEEDED, .id = O_TUN_PORT,
	  .group = G_OPTION, .parse = parse_tun_port, .value_of = value_tun_port,
	  TARGET(dest.tun_port), .min = 1, .max = 65535, .wrong = "illegal tunnel port specified",
	  .arg_name = "port", .help = "destination port of gue" },
	{ .name = "tun-nocsum", .id = O_TUN_NOCSUM, .group = G_OPTION,
	  .parse = parse_tun_flag, .value_of = value_tun_flag, .value = IP_VS_TUNNEL_ENCAP_FLAG_NOCSUM,
	  .help = "gue, gre: no checksum (default)" },
	{ .name = "tun-csum", .id = O_TUN_CSUM, .group = G_OPTION,
	  .parse = parse_tun_flag, .value_of = value_tun_flag, .value = IP_VS_TUNNEL_ENCAP_FLAG_CSUM,
	  .help = "gue, gre: with checksum" },
	{ .name = "tun-remcsum", .id = O_TUN_REMCSUM, .group = G_OPTION,
	  .parse = parse_tun_flag, .value_of = value_tun_flag,
	  .value = IP_VS_TUNNEL_ENCAP_FLAG_REMCSUM, .help = "gue: remote checksum offload" },
	{ .name = "u-threshold", .letter = 'x', .arg = ARG_NEEDED, .id = O_U_THRESHOLD,
	  .group = G_OPTION, .parse = parse_number, .value_of = value_threshold,
	  TARGET(dest.u_thresh), .min = 0, .max = 2147483647,
	  .wrong = "illegal u_threshold specified",
	  .arg_name = "uthreshold", .help = "connections at which the server is full" },
	{ .name = "l-threshold", .letter = 'y', .arg = ARG_NEEDED, .id = O_L_THRESHOLD,
	  .group = G_OPTION, .parse = parse_number, .value_of = value_threshold,
	  TARGET(dest.l_thresh), .min = 0, .max = 2147483647,
	  .wrong = "illegal l_threshold specified",
	  .arg_name = "lthreshold", .help = "connections below which it is used again" },

	FLAG("connection", 'c', O_CONNECTION, "list the connections"),
	FLAG("timeout", 0, O_TIMEOUT, "list the timeouts (tcp tcpfin udp)"),
	FLAG("daemon", 0, O_DAEMON, "list the sync daemons"),
	FLAG("stats", 0, O_STATS, "list counters"),
	FLAG("rate", 0, O_RATE, "list rates per second"),
	FLAG("exact", 'X', O_EXACT, "write counters in full"),
	FLAG("thresholds", 0, O_THRESHOLDS, "list thresholds"),
	FLAG("persistent-conn", 0, O_PERSISTENT_CONN, "list persistent connections"),
	FLAG("tun-info", 0, O_TUN_INFO, "list tunnel settings"),
	FLAG("nosort", 0, O_NOSORT, "list in the kernel's order"),
	FLAG("sort", 0, O_SORT, "no effect, lists are sorted"),
	FLAG("numeric", 'n', O_NUMERIC, "numbers instead of names"),
	FLAG("wide", 0, O_WIDE, "list names and addresses uncut"),
	FLAG("json", 0, O_JSON, "list or save as JSON"),
	{ .name = "client", .arg = ARG_NEEDED, .id = O_CLIENT, .group = G_OPTION,
	  .parse = parse_client, .wrong = "invalid client address `%s' specified",
	  .arg_name = "address[/prefix]", .help = "with -c: connections of this client" },
	{ .name = "state", .arg = ARG_NEEDED, .id = O_STATE, .group = G_OPTION,
	  .parse = parse_state, .wrong = "invalid state `%s' specified",
	  .arg_name = "state", .help = "with -c: connections in this state" },
	FLAG("check", 0, O_CHECK, "with -R: read the rules, change nothing"),
	FLAG("strict", 0, O_STRICT, "with -R: end with the status of the worst line"),
	FLAG("all", 0, O_ALL, "with -S: timeouts and sync daemons, too"),
	FLAG("keep", 0, O_KEEP, "with -E, -e: what is not given stays as it is"),
	FLAG("or-edit", 0, O_OR_EDIT, "with -A, -a: edit what is there already"),
	FLAG("if-exists", 0, O_IF_EXISTS, "with -D, -d, -C: nothing to delete is no error"),
	FLAG("dry-run", 0, O_DRY_RUN, "with --apply: print the commands, change nothing"),

	{ .name = "syncid", .arg = ARG_NEEDED, .id = O_SYNCID, .group = G_DAEMON,
	  .parse = parse_number, .value_of = value_syncid,
	  TARGET(daemon.sync_id), .min = 0, .max = 255,
	  .wrong = "illegal syncid specified",
	  .arg_name = "sid", .help = "daemons talk to those of their number (default 0)" },
	{ .name = "sync-maxlen", .arg = ARG_NEEDED, .id = O_SYNC_MAXLEN, .group = G_DAEMON,
	  .parse = parse_number, .value_of = value_multicast,
	  TARGET(daemon.sync_maxlen), .min = 1, .max = 65507,
	  .wrong = "illegal sync-maxlen specified",
	  .arg_name = "length", .help = "largest message (default: the kernel's)" },
	{ .name = "mcast-interface", .arg = ARG_NEEDED, .id = O_MCAST_INTERFACE,
	  .group = G_DAEMON, .parse = parse_interface, .value_of = value_interface,
	  .arg_name = "interface", .help = "where to send and listen (default eth0)" },
	{ .name = "mcast-group", .arg = ARG_NEEDED, .id = O_MCAST_GROUP,
	  .group = G_DAEMON, .parse = parse_group, .value_of = value_group,
	  .arg_name = "address", .help = "IPv4 or IPv6 group (default 224.0.0.81)" },
	{ .name = "mcast-port", .arg = ARG_NEEDED, .id = O_MCAST_PORT, .group = G_DAEMON,
	  .parse = parse_number, .value_of = value_multicast,
	  TARGET(daemon.mcast_port), .min = 1, .max = 65535,
	  .wrong = "illegal mcast-port specified",
	  .arg_name = "port", .help = "UDP port (default 8848)" },
	{ .name = "mcast-ttl", .arg = ARG_NEEDED, .id = O_MCAST_TTL, .group = G_DAEMON,
	  .parse = parse_number, .value_of = value_multicast,
	  TARGET(daemon.mcast_ttl), .min = 1, .max = 255,
	  .wrong = "illegal mcast-ttl specified",
	  .arg_name = "ttl", .help = "hops that messages may travel (default 1)" },
};

const unsigned int nr_options = sizeof(options) / sizeof(options[0]);
