// SPDX-License-Identifier: GPL-2.0-only
/*
 * The command table, and the rules between options that sets cannot say.
 */
#include "commands.h"
#include "execute.h"
#include "parse.h"

static int check_service(struct parser *p)
{
	const struct ipvs_service *s = &p->req->ask.service;

	if (!s->fwmark && !s->port && !has(p->req, SET(PERSISTENT)))
		return complain(p, "Zero port specified for non-persistent service");
	if (has(p->req, SET(OPS)) && !s->fwmark && s->protocol != IPPROTO_UDP)
		return complain(p, "One-Packet Scheduling is only for UDP virtual services");
	return 0;
}

#define TUNNEL_OPTIONS \
	(SET(TUN_TYPE) | SET(TUN_PORT) | SET(TUN_NOCSUM) | SET(TUN_CSUM) | SET(TUN_REMCSUM))

static const struct {
	const char *called;
	option_set need, allow, one_of;
} tunnel_rules[] = {
	[IP_VS_CONN_F_TUNNEL_TYPE_IPIP] = { .called = "ipip" },
	[IP_VS_CONN_F_TUNNEL_TYPE_GUE] = {
		.called = "gue",
		.need = SET(TUN_PORT),
		.allow = SET(TUN_NOCSUM) | SET(TUN_CSUM) | SET(TUN_REMCSUM),
		.one_of = SET(TUN_NOCSUM) | SET(TUN_CSUM) | SET(TUN_REMCSUM),
	},
	[IP_VS_CONN_F_TUNNEL_TYPE_GRE] = {
		.called = "gre",
		.allow = SET(TUN_NOCSUM) | SET(TUN_CSUM),
		.one_of = SET(TUN_NOCSUM) | SET(TUN_CSUM),
	},
};

static int check_server(struct parser *p)
{
	const struct ipvs_service *s = &p->req->ask.service;
	struct ipvs_dest *d = &p->req->ask.dest;
	unsigned int type = d->tun_type;

	/* only translation can change the port */
	if (!s->fwmark && d->conn_flags != IP_VS_CONN_F_MASQ)
		d->port = s->port;
	if (d->conn_flags != IP_VS_CONN_F_TUNNEL) {
		if (d->af != s->af)
			return complain(p, "Different address family is allowed only for "
					"tunneling servers");
		if (has(p->req, TUNNEL_OPTIONS))
			return complain(p, "Tunnel options conflict with forward method");
		return 0;
	}
	return check_options(p, TUNNEL_OPTIONS & ~SET(TUN_TYPE), tunnel_rules[type].need,
			     tunnel_rules[type].allow, tunnel_rules[type].one_of,
			     tunnel_rules[type].called, "tunnel type");
}

static int check_list(struct parser *p)
{
	if ((has(p->req, SET(CONNECTION) | SET(TIMEOUT) | SET(DAEMON)) &&
	     has(p->req, SET(STATS) | SET(RATE) | SET(THRESHOLDS))) ||
	    (has(p->req, SET(TIMEOUT) | SET(DAEMON)) && has(p->req, SET(PERSISTENT_CONN))))
		return complain(p, "options conflicts in the list command");
	return 0;
}

#define SERVICE_OPTIONS \
	(SET(SCHEDULER) | SET(PERSISTENT) | SET(NETMASK) | SET(OPS) | SET(PE) | SET(SCHED_FLAGS))
#define SERVER_OPTIONS \
	(SET(FORWARD) | SET(WEIGHT) | SET(U_THRESHOLD) | SET(L_THRESHOLD) | TUNNEL_OPTIONS)
#define LIST_OPTIONS \
	(SET(NUMERIC) | SET(CONNECTION) | SET(SERVICE) | SET(TIMEOUT) | SET(DAEMON) | \
	 SET(STATS) | SET(RATE) | SET(THRESHOLDS) | SET(PERSISTENT_CONN) | SET(NOSORT) | \
	 SET(SYNCID) | SET(EXACT) | SET(TUN_INFO))
#define DAEMON_OPTIONS \
	(SET(MCAST_INTERFACE) | SET(SYNCID) | SET(MCAST_GROUP) | SET(MCAST_PORT) | \
	 SET(MCAST_TTL) | SET(SYNC_MAXLEN))

const struct command commands[] = {
	{ .name = "add-service", .letter = 'A', .called = "add-service",
	  .need = SET(SERVICE), .allow = SERVICE_OPTIONS, .check = check_service,
	  .ipvs_cmd = IPVS_CMD_NEW_SERVICE, .run = run_change,
	  .usage = "virtual-service [-s scheduler] [-p [timeout]] [-M netmask]\n"
		   "[--pe engine] [-o] [-b flags]",
	  .help = "add a virtual service" },
	{ .name = "edit-service", .letter = 'E', .called = "edit-service",
	  .need = SET(SERVICE), .allow = SERVICE_OPTIONS, .check = check_service,
	  .ipvs_cmd = IPVS_CMD_SET_SERVICE, .run = run_change,
	  .usage = "virtual-service [the same options]",
	  .help = "replace all settings of a virtual service" },
	{ .name = "delete-service", .letter = 'D', .called = "delete-service",
	  .need = SET(SERVICE), .ipvs_cmd = IPVS_CMD_DEL_SERVICE, .run = run_change,
	  .usage = "virtual-service", .help = "delete a virtual service" },
	{ .name = "clear", .letter = 'C', .called = "flush",
	  .ipvs_cmd = IPVS_CMD_FLUSH, .run = run_change,
	  .usage = "", .help = "delete all virtual services" },
	{ .name = "restore", .letter = 'R', .called = "restore", .allow = SET(CHECK),
	  .run = run_restore,
	  .usage = "[--check]", .help = "carry out command lines from standard input" },
	{ .name = "save", .letter = 'S', .called = "save", .allow = SET(NUMERIC),
	  .run = run_save, .usage = "[-n]", .help = "print all rules as command lines" },
	{ .name = "add-server", .letter = 'a', .called = "add-server",
	  .need = SET(SERVICE) | SET(SERVER), .allow = SERVER_OPTIONS, .check = check_server,
	  .ipvs_cmd = IPVS_CMD_NEW_DEST, .run = run_change,
	  .usage = "virtual-service -r server-address [-g|-i|-m] [-w weight]\n"
		   "[-x uthreshold] [-y lthreshold] [tunnel options]",
	  .help = "add a real server" },
	{ .name = "edit-server", .letter = 'e', .called = "edit-server",
	  .need = SET(SERVICE) | SET(SERVER), .allow = SERVER_OPTIONS, .check = check_server,
	  .ipvs_cmd = IPVS_CMD_SET_DEST, .run = run_change,
	  .usage = "virtual-service -r server-address [the same options]",
	  .help = "replace all settings of a real server" },
	{ .name = "delete-server", .letter = 'd', .called = "delete-server",
	  .need = SET(SERVICE) | SET(SERVER), .ipvs_cmd = IPVS_CMD_DEL_DEST, .run = run_change,
	  .usage = "virtual-service -r server-address", .help = "remove a real server" },
	{ .name = "list", .letter = 'L', .letter2 = 'l', .called = "list",
	  .allow = LIST_OPTIONS,
	  .one_of = SET(CONNECTION) | SET(SERVICE) | SET(TIMEOUT) | SET(DAEMON),
	  .check = check_list, .run = run_list,
	  .usage = "[virtual-service] [-n] [-c|--timeout|--daemon|--stats|--rate|\n"
		   "--thresholds|--persistent-conn|--tun-info] [--exact] [--nosort]",
	  .help = "list services, or what else is asked for" },
	{ .name = "zero", .letter = 'Z', .called = "zero", .allow = SET(SERVICE),
	  .ipvs_cmd = IPVS_CMD_ZERO, .run = run_change,
	  .usage = "[virtual-service]", .help = "zero the counters of one or all services" },
	{ .name = "set", .called = "set", .kind = C_WORDS,
	  .ipvs_cmd = IPVS_CMD_SET_CONFIG, .run = run_change,
	  .usage = "tcp tcpfin udp", .help = "set connection timeouts, in seconds; 0 keeps" },
	{ .name = "start-daemon", .called = "start-daemon", .kind = C_ROLE,
	  .allow = DAEMON_OPTIONS, .ipvs_cmd = IPVS_CMD_NEW_DAEMON, .run = run_change,
	  .wrong_role = "illegal start-daemon parameter specified",
	  .usage = "{master|backup} [daemon options]", .help = "start a sync daemon" },
	{ .name = "stop-daemon", .called = "stop-daemon", .kind = C_ROLE,
	  .allow = SET(SYNCID), .ipvs_cmd = IPVS_CMD_DEL_DAEMON, .run = run_change,
	  .wrong_role = "illegal start_daemon specified",
	  .usage = "{master|backup}", .help = "stop a sync daemon" },
	{ .name = "help", .letter = 'h', .kind = C_HELP,
	  .usage = "", .help = "print this text" },
	{ .name = "version", .letter = 'v', .kind = C_VERSION,
	  .usage = "", .help = "print the version" },
};

const unsigned int nr_commands = sizeof(commands) / sizeof(commands[0]);
