// SPDX-License-Identifier: GPL-2.0-only
/*
 * A kernel kept in a text file, for tests: no privilege, no module. The file that
 * the environment names (IPVS_REPLAY) is read at open and written again at close.
 * Each line is an object, in the words of the field tables:
 *
 *	info version=66049 conn_tab_size=4096
 *	timeouts tcp=900 tcp_fin=120 udp=300
 *	service af=2 protocol=6 addr=10.0.0.1 port=80 sched=rr stats.conns=7
 *	dest af=2 addr=10.0.0.2 port=80 weight=1	(of the service above)
 *	daemon state=1 mcast_ifn=lo
 *	fail COMMAND ERRNO [MESSAGE]	(what requests of this number are answered with)
 *
 * Every request passes through the netlink codec on its way.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "codec.h"
#include "transport.h"

#define ARRAY_SIZE(a) (sizeof(a) / sizeof((a)[0]))

struct service_entry {
	struct ipvs_service service;
	struct ipvs_list dests;
};

struct failure {
	int cmd, err;
	char message[IPVS_MESSAGE_MAX];
};

struct replay {
	const char *path;
	bool changed;
	struct ipvs_info info;
	struct ipvs_timeouts timeouts;
	struct ipvs_list services;	/* struct service_entry */
	struct ipvs_list daemons;
	struct ipvs_list failures;
};

/* --- fields and text ------------------------------------------------------------ */

struct kind {
	const char *word;
	const struct ipvs_field *fields;
	size_t nr_fields;
};

static const struct kind service_kind = { "service", ipvs_service_fields,
					  ARRAY_SIZE(ipvs_service_fields) };
static const struct kind dest_kind = { "dest", ipvs_dest_fields, ARRAY_SIZE(ipvs_dest_fields) };
static const struct kind daemon_kind = { "daemon", ipvs_daemon_fields,
					 ARRAY_SIZE(ipvs_daemon_fields) };
static const struct kind timeouts_kind = { "timeouts", ipvs_timeout_fields,
					   ARRAY_SIZE(ipvs_timeout_fields) };
static const struct kind info_kind = { "info", ipvs_info_fields, ARRAY_SIZE(ipvs_info_fields) };

static void read_addr(unsigned char *member, const char *text)
{
	unsigned int byte;

	memset(member, 0, 16);
	if (strchr(text, '.') || strchr(text, ':')) {
		inet_pton(strchr(text, ':') ? AF_INET6 : AF_INET, text, member);
		return;
	}
	for (int i = 0; i < 16 && sscanf(text + 2 * i, "%2x", &byte) == 1; i++)
		member[i] = byte;
}

static void read_value(const struct ipvs_field *f, void *member, const char *text)
{
	struct ip_vs_flags flags = { .flags = strtoul(text, NULL, 0), .mask = ~0u };
	__u32 number = strtoul(text, NULL, 0);
	__u16 number16 = f->type == IPVS_F_BE16 ? htons(number) : number;

	switch (f->type) {
	case IPVS_F_U8:
		*(__u8 *)member = number;
		break;
	case IPVS_F_U16:
	case IPVS_F_BE16:
		memcpy(member, &number16, sizeof(number16));
		break;
	case IPVS_F_U32:
		memcpy(member, &number, sizeof(number));
		break;
	case IPVS_F_BE32:
		inet_pton(AF_INET, text, member);
		break;
	case IPVS_F_ADDR:
	case IPVS_F_ADDR6:
		read_addr(member, text);
		break;
	case IPVS_F_STR:
		snprintf(member, f->size, "%s", text);
		break;
	case IPVS_F_FLAGS:
		memcpy(member, &flags, sizeof(flags));
		break;
	}
}

static void read_counter(struct ipvs_stats *stats, const char *name, const char *text)
{
	for (size_t i = 0; i < ARRAY_SIZE(ipvs_stat_fields); i++)
		if (!strcmp(ipvs_stat_fields[i].name, name)) {
			__u64 n = strtoull(text, NULL, 0);

			memcpy((char *)stats + ipvs_stat_fields[i].offset, &n, sizeof(n));
		}
}

/* "name=value ...": what has no row is ignored. */
static void read_object(const struct kind *k, void *obj, char *text)
{
	char *rest = NULL;

	for (char *word = strtok_r(text, " \t", &rest); word; word = strtok_r(NULL, " \t", &rest)) {
		char *value = strchr(word, '=');

		if (!value)
			continue;
		*value++ = '\0';
		for (size_t i = 0; i < k->nr_fields; i++) {
			const struct ipvs_field *f = &k->fields[i];
			void *member = (char *)obj + f->offset;

			if (f->type == IPVS_F_STATS64 && !strncmp(word, "stats.", 6))
				read_counter(member, word + 6, value);
			else if (!strcmp(word, f->name))
				read_value(f, member, value);
		}
	}
}

static void write_value(FILE *out, const struct ipvs_field *f, const void *member)
{
	const unsigned char *byte = member;
	__u32 number = 0;
	__u16 number16 = 0;

	switch (f->type) {
	case IPVS_F_U8:
		fprintf(out, "%u", *byte);
		break;
	case IPVS_F_U16:
	case IPVS_F_BE16:
		memcpy(&number16, member, sizeof(number16));
		fprintf(out, "%u", f->type == IPVS_F_BE16 ? ntohs(number16) : number16);
		break;
	case IPVS_F_STR:
		fputs(member, out);
		break;
	case IPVS_F_ADDR:
	case IPVS_F_ADDR6:
		for (int i = 0; i < 16; i++)
			fprintf(out, "%02x", byte[i]);
		break;
	case IPVS_F_BE32:
		fprintf(out, "%u.%u.%u.%u", byte[0], byte[1], byte[2], byte[3]);
		break;
	default:
		memcpy(&number, member, sizeof(number));
		fprintf(out, "%u", number);
		break;
	}
}

static void write_counters(FILE *out, const struct ipvs_stats *stats)
{
	for (size_t i = 0; i < ARRAY_SIZE(ipvs_stat_fields); i++) {
		__u64 n;

		memcpy(&n, (const char *)stats + ipvs_stat_fields[i].offset, sizeof(n));
		if (n)
			fprintf(out, " stats.%s=%llu", ipvs_stat_fields[i].name,
				(unsigned long long)n);
	}
}

static void write_object(FILE *out, const struct kind *k, const void *obj)
{
	fputs(k->word, out);
	for (size_t i = 0; i < k->nr_fields; i++) {
		const struct ipvs_field *f = &k->fields[i];
		const void *member = (const char *)obj + f->offset;

		if (f->type == IPVS_F_STATS64) {
			write_counters(out, member);
		} else if (f->type != IPVS_F_STATS32 && f->attr) {
			fprintf(out, " %s=", f->name);
			write_value(out, f, member);
		}
	}
	putc('\n', out);
}

/* --- the file ----------------------------------------------------------------------- */

static struct service_entry *entry_at(struct replay *r, size_t i)
{
	return (struct service_entry *)r->services.items + i;
}

static void read_line(struct replay *r, char *line)
{
	char *rest = line, *word;
	struct service_entry *e;
	struct ipvs_dest *d;
	struct failure *f;

	line[strcspn(line, "\n")] = '\0';
	word = strsep(&rest, " ");
	if (!rest)
		return;
	if (!strcmp(word, "info")) {
		read_object(&info_kind, &r->info, rest);
	} else if (!strcmp(word, "timeouts")) {
		read_object(&timeouts_kind, &r->timeouts, rest);
	} else if (!strcmp(word, "service")) {
		e = ipvs_list_add(&r->services, sizeof(*e));
		read_object(&service_kind, &e->service, rest);
	} else if (!strcmp(word, "dest") && r->services.nr) {
		d = ipvs_list_add(&entry_at(r, r->services.nr - 1)->dests, sizeof(*d));
		read_object(&dest_kind, d, rest);
	} else if (!strcmp(word, "daemon")) {
		read_object(&daemon_kind, ipvs_list_add(&r->daemons, sizeof(struct ipvs_daemon)),
			    rest);
	} else if (!strcmp(word, "fail")) {
		f = ipvs_list_add(&r->failures, sizeof(*f));
		sscanf(rest, "%d %d %159[^\n]", &f->cmd, &f->err, f->message);
	}
}

static void write_file(struct replay *r)
{
	FILE *out = fopen(r->path, "w");

	if (!out)
		return;
	write_object(out, &info_kind, &r->info);
	write_object(out, &timeouts_kind, &r->timeouts);
	for (size_t i = 0; i < r->services.nr; i++) {
		write_object(out, &service_kind, &entry_at(r, i)->service);
		for (size_t k = 0; k < entry_at(r, i)->dests.nr; k++)
			write_object(out, &dest_kind,
				     (struct ipvs_dest *)entry_at(r, i)->dests.items + k);
	}
	for (size_t i = 0; i < r->daemons.nr; i++)
		write_object(out, &daemon_kind, (struct ipvs_daemon *)r->daemons.items + i);
	for (size_t i = 0; i < r->failures.nr; i++) {
		struct failure *f = (struct failure *)r->failures.items + i;

		fprintf(out, "fail %d %d %s\n", f->cmd, f->err, f->message);
	}
	fclose(out);
}

/* --- the rules of the kernel -------------------------------------------------------- */

static struct service_entry *find_service(struct replay *r, const struct ipvs_service *key)
{
	for (size_t i = 0; i < r->services.nr; i++)
		if (!ipvs_service_compare(&entry_at(r, i)->service, key))
			return entry_at(r, i);
	return NULL;
}

static struct ipvs_dest *find_dest(struct service_entry *e, const struct ipvs_dest *key)
{
	struct ipvs_dest *d = e->dests.items;

	for (size_t i = 0; i < e->dests.nr; i++)
		if (!ipvs_dest_compare(&d[i], key))
			return &d[i];
	return NULL;
}

static struct ipvs_daemon *find_daemon(struct replay *r, __u32 state)
{
	struct ipvs_daemon *d = r->daemons.items;

	for (size_t i = 0; i < r->daemons.nr; i++)
		if (d[i].state == state)
			return &d[i];
	return NULL;
}

static void list_remove(struct ipvs_list *list, void *item, size_t size)
{
	char *end = (char *)list->items + list->nr * size;

	memmove(item, (char *)item + size, end - ((char *)item + size));
	list->nr--;
}

static int change_service(struct replay *r, struct ipvs_request *req)
{
	struct service_entry *e = find_service(r, &req->service);

	if (req->cmd == IPVS_CMD_NEW_SERVICE ? !!e : !e)
		return e ? -EEXIST : -ESRCH;
	if (req->cmd == IPVS_CMD_GET_SERVICE) {
		req->service = e->service;
		return 0;
	}
	r->changed = true;
	if (req->cmd == IPVS_CMD_DEL_SERVICE) {
		ipvs_list_free(&e->dests);
		list_remove(&r->services, e, sizeof(*e));
		return 0;
	}
	if (!strncmp(req->service.sched, "nosuch", 6))
		return -ENOENT;
	if (!e)
		e = ipvs_list_add(&r->services, sizeof(*e));
	e->service = req->service;
	return 0;
}

static int change_dest(struct replay *r, struct ipvs_request *req)
{
	struct service_entry *e = find_service(r, &req->service);
	struct ipvs_dest *d;

	if (!e)
		return -ESRCH;
	d = find_dest(e, &req->dest);
	if (req->cmd == IPVS_CMD_NEW_DEST ? !!d : !d)
		return d ? -EEXIST : -ENOENT;
	if (req->cmd != IPVS_CMD_DEL_DEST && req->dest.l_thresh > req->dest.u_thresh)
		return -ERANGE;
	r->changed = true;
	if (req->cmd == IPVS_CMD_DEL_DEST) {
		list_remove(&e->dests, d, sizeof(*d));
		return 0;
	}
	if (!d)
		d = ipvs_list_add(&e->dests, sizeof(*d));
	*d = req->dest;
	return 0;
}

static int change_daemon(struct replay *r, struct ipvs_request *req)
{
	struct ipvs_daemon *d = find_daemon(r, req->daemon.state);

	r->changed = true;
	if (req->cmd == IPVS_CMD_DEL_DAEMON) {
		if (!d)
			return -ESRCH;
		list_remove(&r->daemons, d, sizeof(*d));
		return 0;
	}
	if (d)
		return -EEXIST;
	*(struct ipvs_daemon *)ipvs_list_add(&r->daemons, sizeof(*d)) = req->daemon;
	return 0;
}

static void zero(struct service_entry *e)
{
	struct ipvs_dest *d = e->dests.items;

	memset(&e->service.stats, 0, sizeof(e->service.stats));
	for (size_t i = 0; i < e->dests.nr; i++)
		memset(&d[i].stats, 0, sizeof(d[i].stats));
}

static int change_counters(struct replay *r, struct ipvs_request *req)
{
	struct service_entry *e = find_service(r, &req->service);

	if (req->service.af && !e)
		return -ESRCH;
	r->changed = true;
	if (e)
		zero(e);
	for (size_t i = 0; !e && i < r->services.nr; i++)
		zero(entry_at(r, i));
	return 0;
}

static void flush(struct replay *r)
{
	for (size_t i = 0; i < r->services.nr; i++)
		ipvs_list_free(&entry_at(r, i)->dests);
	ipvs_list_free(&r->services);
	r->changed = true;
}

static void set_timeouts(struct replay *r, const struct ipvs_timeouts *t)
{
	r->timeouts.tcp = t->tcp ? t->tcp : r->timeouts.tcp;
	r->timeouts.tcp_fin = t->tcp_fin ? t->tcp_fin : r->timeouts.tcp_fin;
	r->timeouts.udp = t->udp ? t->udp : r->timeouts.udp;
	r->changed = true;
}

static int answer(struct replay *r, struct ipvs_request *req)
{
	for (size_t i = 0; i < r->failures.nr; i++) {
		struct failure *f = (struct failure *)r->failures.items + i;

		if (f->cmd != req->cmd)
			continue;
		strcpy(req->message, f->message);
		return -f->err;
	}
	switch (req->cmd) {
	case IPVS_CMD_NEW_SERVICE:
	case IPVS_CMD_SET_SERVICE:
	case IPVS_CMD_DEL_SERVICE:
	case IPVS_CMD_GET_SERVICE:
		return change_service(r, req);
	case IPVS_CMD_NEW_DEST:
	case IPVS_CMD_SET_DEST:
	case IPVS_CMD_DEL_DEST:
		return change_dest(r, req);
	case IPVS_CMD_NEW_DAEMON:
	case IPVS_CMD_DEL_DAEMON:
		return change_daemon(r, req);
	case IPVS_CMD_SET_CONFIG:
		set_timeouts(r, &req->timeouts);
		return 0;
	case IPVS_CMD_GET_CONFIG:
		req->timeouts = r->timeouts;
		return 0;
	case IPVS_CMD_GET_INFO:
		req->info = r->info;
		return 0;
	case IPVS_CMD_ZERO:
		return change_counters(r, req);
	case IPVS_CMD_FLUSH:
		flush(r);
		return 0;
	}
	return -EOPNOTSUPP;
}

/* --- the transport ---------------------------------------------------------------- */

/* What can be encoded at all; the bytes themselves are checked by unit tests. */
static int pass_codec(const struct ipvs_request *req)
{
	struct nl_msg *msg = nlmsg_alloc();
	int err = msg ? ipvs_attr_encode(msg, req) : -ENOMEM;

	nlmsg_free(msg);
	return err;
}

static int replay_command(struct ipvs *h, struct ipvs_request *reqs, size_t nr)
{
	for (size_t i = 0; i < nr; i++) {
		reqs[i].err = pass_codec(&reqs[i]);
		if (!reqs[i].err)
			reqs[i].err = answer(h->wire, &reqs[i]);
	}
	return 0;
}

static int append(struct ipvs_list *out, const void *item, size_t size)
{
	void *copy = ipvs_list_add(out, size);

	if (!copy)
		return -ENOMEM;
	memcpy(copy, item, size);
	return 0;
}

static int replay_dump(struct ipvs *h, const struct ipvs_request *req, struct ipvs_list *out)
{
	struct replay *r = h->wire;
	struct service_entry *e;
	int err = 0;

	switch (req->cmd) {
	case IPVS_CMD_GET_SERVICE:
		for (size_t i = 0; !err && i < r->services.nr; i++)
			err = append(out, &entry_at(r, i)->service, sizeof(struct ipvs_service));
		break;
	case IPVS_CMD_GET_DEST:
		e = find_service(r, &req->service);
		for (size_t i = 0; e && !err && i < e->dests.nr; i++)
			err = append(out, (struct ipvs_dest *)e->dests.items + i,
				     sizeof(struct ipvs_dest));
		break;
	case IPVS_CMD_GET_DAEMON:
		for (size_t i = 0; !err && i < r->daemons.nr; i++)
			err = append(out, (struct ipvs_daemon *)r->daemons.items + i,
				     sizeof(struct ipvs_daemon));
		break;
	default:
		err = -EOPNOTSUPP;
		break;
	}
	return err;
}

static void replay_close(struct ipvs *h)
{
	struct replay *r = h->wire;

	if (r->changed)
		write_file(r);
	flush(r);
	ipvs_list_free(&r->daemons);
	ipvs_list_free(&r->failures);
	free(r);
	h->wire = NULL;
}

static int replay_open(struct ipvs *h)
{
	const char *path = getenv("IPVS_REPLAY");
	struct replay *r;
	char *line = NULL;
	size_t room = 0;
	FILE *in;

	if (!path)
		return -ENOPROTOOPT;
	in = fopen(path, "r");
	if (!in)
		return -errno;
	r = calloc(1, sizeof(*r));
	if (!r) {
		fclose(in);
		return -ENOMEM;
	}
	r->path = path;
	r->info = (struct ipvs_info){ .version = 0x010201, .conn_tab_size = 4096 };
	r->timeouts = (struct ipvs_timeouts){ 900, 120, 300 };
	while (getline(&line, &room, in) >= 0)
		read_line(r, line);
	free(line);
	fclose(in);
	h->wire = r;
	return 0;
}

const struct ipvs_transport ipvs_transport_replay = {
	.way = IPVS_NETLINK,	/* whose codec it passes */
	.open = replay_open,
	.command = replay_command,
	.dump = replay_dump,
	.close = replay_close,
};
