// SPDX-License-Identifier: GPL-2.0-only
/*
 * Connections, from /proc/net/ip_vs_conn. Its lines are as long as they please:
 * the data of a persistence engine is chosen by whoever sends the packets.
 */
#include <arpa/inet.h>
#include <stdlib.h>
#include <string.h>

#include "conns.h"
#include "resolve.h"

#define CONN_FILE	"/proc/net/ip_vs_conn"
#define NAME_WIDTH	59	/* longer names are cut */

enum { PROTOCOL, CLIENT, CLIENT_PORT, VIRTUAL, VIRTUAL_PORT, DEST, DEST_PORT, STATE, EXPIRES,
       NR_NEEDED, ENGINE = NR_NEEDED, ENGINE_DATA, NR_FIELDS };

/* Return: how many words there are, at most NR_FIELDS. */
static int split(char *line, char *fields[NR_FIELDS])
{
	char *rest = NULL;
	int nr = 0;

	for (char *word = strtok_r(line, " \t\n", &rest); word && nr < NR_FIELDS;
	     word = strtok_r(NULL, " \t\n", &rest))
		fields[nr++] = word;
	return nr;
}

static int protocol_number(const char *name)
{
	if (!strcmp(name, "TCP"))
		return IPPROTO_TCP;
	if (!strcmp(name, "UDP"))
		return IPPROTO_UDP;
	return strcmp(name, "SCTP") ? 0 : IPPROTO_SCTP;
}

/* Addresses are eight digits or full IPv6, ports four digits, all hexadecimal. */
static bool print_endpoint(struct names *names, int protocol, const char *addr_text,
			   const char *port_text, char text[ENDPOINT_MAX])
{
	union nf_inet_addr addr = { 0 };
	int af = AF_INET;
	char *end;

	if (strchr(addr_text, ':')) {
		af = AF_INET6;
		if (inet_pton(af, addr_text, &addr.in6) != 1)
			return false;
	} else {
		addr.ip = htonl(strtoul(addr_text, &end, 16));
		if (*end)
			return false;
	}
	endpoint_text(names, af, &addr, protocol, htons(strtoul(port_text, NULL, 16)), text);
	text[NAME_WIDTH] = '\0';
	return true;
}

static bool print_connection(FILE *out, struct names *names, char *fields[], bool with_engine)
{
	char client[ENDPOINT_MAX], virtual[ENDPOINT_MAX], dest[ENDPOINT_MAX], expires[32];
	int protocol = protocol_number(fields[PROTOCOL]);
	unsigned long left = strtoul(fields[EXPIRES], NULL, 10);

	if (!print_endpoint(names, protocol, fields[CLIENT], fields[CLIENT_PORT], client) ||
	    !print_endpoint(names, protocol, fields[VIRTUAL], fields[VIRTUAL_PORT], virtual) ||
	    !print_endpoint(names, protocol, fields[DEST], fields[DEST_PORT], dest))
		return false;
	snprintf(expires, sizeof(expires), "%02lu:%02lu", left / 60, left % 60);
	fprintf(out, "%-3s %-6s %-11s %-18s %-18s ", fields[PROTOCOL], expires, fields[STATE],
		client, virtual);
	if (with_engine)
		fprintf(out, "%-16s %-18s %s\n", dest, fields[ENGINE], fields[ENGINE_DATA]);
	else
		fprintf(out, "%s\n", dest);
	return true;
}

static int unexpected(FILE *err)
{
	fprintf(err, "unexpected input from " CONN_FILE "\n");
	return 1;
}

static int list_lines(FILE *in, FILE *out, FILE *err, struct names *names, bool with_engine)
{
	char *line = NULL, *fields[NR_FIELDS];
	size_t room = 0;
	int status = 0;

	if (getline(&line, &room, in) < 0)
		status = unexpected(err);
	else
		fprintf(out, "IPVS connection entries\n"
			"pro expire state       source             virtual            destination%s\n",
			with_engine ? "        pe name          pe_data" : "");
	while (!status && getline(&line, &room, in) >= 0) {
		int nr = split(line, fields);

		if (nr < NR_NEEDED || !print_connection(out, names, fields,
							with_engine && nr == NR_FIELDS))
			status = unexpected(err);
	}
	free(line);
	return status;
}

int list_connections(FILE *out, FILE *err, struct names *names, bool with_engine)
{
	FILE *in = fopen(CONN_FILE, "r");
	int status;

	if (!in) {
		fprintf(err, "cannot open file " CONN_FILE "\n");
		return 1;
	}
	status = list_lines(in, out, err, names, with_engine);
	fclose(in);
	return status;
}
