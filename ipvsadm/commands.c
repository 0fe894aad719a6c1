// SPDX-License-Identifier: GPL-2.0-only
/*
 * The command table, and the rules between options that sets cannot say.
 */
#include <string.h>

#include "commands.h"
#include "execute.h"
#include "parse.h"

static int check_service(struct parser *p)
{
	const struct ipvs_service *s = &p->req->ask.service;

	if (!s->fwmark && !s->port && !(s->flags.flags & IP_VS_SVC_F_PERSISTENT))
		return complain(p, "Zero port specified for non-persistent service");
	if (s->flags.flags & IP_VS_SVC_F_ONEPACKET && !s->fwmark && s->protocol != IPPROTO_UDP)
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

/* Settings of another kind of tunnel do not stay. What stays need not be given.
 * Return: whether the tunnel is of the kind it was.
 */
static bool keep_tunnel(struct parser *p)
{
	const struct ipvs_dest *was = &p->present->dest;
	struct ipvs_dest *d = &p->req->ask.dest;

	if ((was->conn_flags & IP_VS_CONN_F_FWD_MASK) == IP_VS_CONN_F_TUNNEL &&
	    d->conn_flags == IP_VS_CONN_F_TUNNEL && d->tun_type == was->tun_type)
		return true;
	if (d->conn_flags != IP_VS_CONN_F_TUNNEL)
		d->tun_type = 0;
	if (!has(p->req, SET(TUN_PORT)))
		d->tun_port = 0;
	if (!has(p->req, SET(TUN_NOCSUM) | SET(TUN_CSUM) | SET(TUN_REMCSUM)))
		d->tun_flags = 0;
	return false;
}

static int check_server(struct parser *p)
{
	const struct ipvs_service *s = &p->req->ask.service;
	struct ipvs_dest *d = &p->req->ask.dest;
	bool kept = p->present && keep_tunnel(p);
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
	return check_options(p, TUNNEL_OPTIONS & ~SET(TUN_TYPE), kept ? 0 : tunnel_rules[type].need,
			     tunnel_rules[type].need | tunnel_rules[type].allow,
			     tunnel_rules[type].one_of, tunnel_rules[type].called, "tunnel type");
}

static int check_daemon(struct parser *p)
{
	if (!has(p->req, SET(MCAST_INTERFACE)))
		strcpy(p->req->ask.daemon.mcast_ifn, "eth0");
	return 0;
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
	 SET(SYNCID) | SET(EXACT) | SET(TUN_INFO) | SET(WIDE) | SET(JSON))
#define DAEMON_OPTIONS \
	(SET(MCAST_INTERFACE) | SET(SYNCID) | SET(MCAST_GROUP) | SET(MCAST_PORT) | \
	 SET(MCAST_TTL) | SET(SYNC_MAXLEN))

const struct command commands[] = {
	{ .name = "add-service", .letter = 'A', .called = "add-service",
	  .need = SET(SERVICE), .allow = SERVICE_OPTIONS | SET(OR_EDIT), .check = check_service,
	  .ipvs_cmd = IPVS_CMD_NEW_SERVICE, .run = run_change,
	  .usage = "virtual-service [-s scheduler] [-p [timeout]] [-M netmask]\n"
		   "[--pe engine] [-o] [-b flags] [--or-edit]",
	  .help = "add a virtual service" },
	{ .name = "edit-service", .letter = 'E', .called = "edit-service",
	  .need = SET(SERVICE), .allow = SERVICE_OPTIONS | SET(KEEP), .check = check_service,
	  .ipvs_cmd = IPVS_CMD_SET_SERVICE, .run = run_change,
	  .usage = "virtual-service [the same options] [--keep]",
	  .help = "replace all settings of a virtual service" },
	{ .name = "delete-service", .letter = 'D', .called = "delete-service",
	  .need = SET(SERVICE), .allow = SET(IF_EXISTS),
	  .ipvs_cmd = IPVS_CMD_DEL_SERVICE, .run = run_change,
	  .usage = "virtual-service [--if-exists]", .help = "delete a virtual service" },
	{ .name = "clear", .letter = 'C', .called = "flush",
	  .allow = SET(IF_EXISTS), .ipvs_cmd = IPVS_CMD_FLUSH, .run = run_change,
	  .usage = "[--if-exists]", .help = "delete all virtual services" },
	{ .name = "restore", .letter = 'R', .called = "restore", .allow = SET(CHECK) | SET(STRICT),
	  .run = run_restore,
	  .usage = "[--check] [--strict]", .help = "carry out command lines from standard input" },
	{ .name = "apply", .called = "apply", .kind = C_FILE, .allow = SET(DRY_RUN),
	  .run = run_apply, .usage = "[file] [--dry-run]",
	  .help = "make the rules those of a file, changing only what differs" },
	{ .name = "save", .letter = 'S', .called = "save",
	  .allow = SET(NUMERIC) | SET(ALL) | SET(JSON),
	  .run = run_save, .usage = "[-n] [--all] [--json]", .help = "print all rules as command lines" },
	{ .name = "add-server", .letter = 'a', .called = "add-server",
	  .need = SET(SERVICE) | SET(SERVER), .allow = SERVER_OPTIONS | SET(OR_EDIT),
	  .check = check_server, .ipvs_cmd = IPVS_CMD_NEW_DEST, .run = run_change,
	  .usage = "virtual-service -r server-address [-g|-i|-m] [-w weight]\n"
		   "[-x uthreshold] [-y lthreshold] [tunnel options] [--or-edit]",
	  .help = "add a real server" },
	{ .name = "edit-server", .letter = 'e', .called = "edit-server",
	  .need = SET(SERVICE) | SET(SERVER), .allow = SERVER_OPTIONS | SET(KEEP),
	  .check = check_server, .ipvs_cmd = IPVS_CMD_SET_DEST, .run = run_change,
	  .usage = "virtual-service -r server-address [the same options] [--keep]",
	  .help = "replace all settings of a real server" },
	{ .name = "delete-server", .letter = 'd', .called = "delete-server",
	  .need = SET(SERVICE) | SET(SERVER), .allow = SET(IF_EXISTS),
	  .ipvs_cmd = IPVS_CMD_DEL_DEST, .run = run_change,
	  .usage = "virtual-service -r server-address [--if-exists]", .help = "remove a real server" },
	{ .name = "list", .letter = 'L', .letter2 = 'l', .called = "list",
	  .allow = LIST_OPTIONS,
	  .one_of = SET(CONNECTION) | SET(SERVICE) | SET(TIMEOUT) | SET(DAEMON),
	  .opens = SET(CONNECTION), .opened = SET(SERVICE) | SET(SERVER) | SET(CLIENT) | SET(STATE),
	  .check = check_list, .run = run_list,
	  .usage = "[virtual-service] [-n] [-c|--timeout|--daemon|--stats|--rate|\n"
		   "--thresholds|--persistent-conn|--tun-info] [--exact] [--nosort]\n"
		   "[--wide] [--json] [-r server-address] [--client address] [--state state]",
	  .help = "list services, or what else is asked for" },
	{ .name = "zero", .letter = 'Z', .called = "zero", .allow = SET(SERVICE),
	  .ipvs_cmd = IPVS_CMD_ZERO, .run = run_change,
	  .usage = "[virtual-service]", .help = "zero the counters of one or all services" },
	{ .name = "set", .called = "set", .kind = C_WORDS,
	  .ipvs_cmd = IPVS_CMD_SET_CONFIG, .run = run_change,
	  .usage = "tcp tcpfin udp", .help = "set connection timeouts, in seconds; 0 keeps" },
	{ .name = "start-daemon", .called = "start-daemon", .kind = C_ROLE,
	  .allow = DAEMON_OPTIONS, .ipvs_cmd = IPVS_CMD_NEW_DAEMON, .check = check_daemon,
	  .run = run_change,
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
	{ .name = "completion", .kind = C_COMPLETION },
};

const unsigned int nr_commands = sizeof(commands) / sizeof(commands[0]);
