// SPDX-License-Identifier: GPL-2.0-only
/*
 * Objects of the generic netlink family IPVS to and from attributes. Knows the
 * layout of messages, not how they travel. Pure: no state, no system calls.
 */
#include <errno.h>
#include <stdbool.h>
#include <string.h>

#include "codec.h"

#define ARRAY_SIZE(a) (sizeof(a) / sizeof((a)[0]))
#define MAX_ATTR 32	/* above every attribute number of the family */

#define OBJECT(member, table, nest_attr) \
	{ .fields = (table), .nr_fields = ARRAY_SIZE(table), \
	  .size = sizeof(((struct ipvs_request *)0)->member), .nest = (nest_attr), \
	  .offset = offsetof(struct ipvs_request, member) }

enum { SERVICE, DEST, DAEMON, TIMEOUTS, INFO };

static const struct ipvs_object objects[] = {
	[SERVICE]  = OBJECT(service, ipvs_service_fields, IPVS_CMD_ATTR_SERVICE),
	[DEST]     = OBJECT(dest, ipvs_dest_fields, IPVS_CMD_ATTR_DEST),
	[DAEMON]   = OBJECT(daemon, ipvs_daemon_fields, IPVS_CMD_ATTR_DAEMON),
	[TIMEOUTS] = OBJECT(timeouts, ipvs_timeout_fields, 0),
	[INFO]     = OBJECT(info, ipvs_info_fields, 0),
};

#define KEY	IPVS_R_KEY
#define FULL	(IPVS_R_KEY | IPVS_R_CFG)

/* Which roles of which object a request carries, and what it is answered with. */
static const struct {
	bool known;
	unsigned char roles[ARRAY_SIZE(objects)];
	const struct ipvs_object *reply;
} commands[] = {
	[IPVS_CMD_NEW_SERVICE] = { true, { [SERVICE] = FULL } },
	[IPVS_CMD_SET_SERVICE] = { true, { [SERVICE] = FULL } },
	[IPVS_CMD_DEL_SERVICE] = { true, { [SERVICE] = KEY } },
	[IPVS_CMD_GET_SERVICE] = { true, { [SERVICE] = KEY }, &objects[SERVICE] },
	[IPVS_CMD_NEW_DEST]    = { true, { [SERVICE] = KEY, [DEST] = FULL } },
	[IPVS_CMD_SET_DEST]    = { true, { [SERVICE] = KEY, [DEST] = FULL } },
	[IPVS_CMD_DEL_DEST]    = { true, { [SERVICE] = KEY, [DEST] = KEY } },
	[IPVS_CMD_GET_DEST]    = { true, { [SERVICE] = KEY }, &objects[DEST] },
	[IPVS_CMD_NEW_DAEMON]  = { true, { [DAEMON] = FULL } },
	[IPVS_CMD_DEL_DAEMON]  = { true, { [DAEMON] = KEY } },
	[IPVS_CMD_GET_DAEMON]  = { true, { 0 }, &objects[DAEMON] },
	[IPVS_CMD_SET_CONFIG]  = { true, { [TIMEOUTS] = FULL } },
	[IPVS_CMD_GET_CONFIG]  = { true, { 0 }, &objects[TIMEOUTS] },
	[IPVS_CMD_GET_INFO]    = { true, { 0 }, &objects[INFO] },
	[IPVS_CMD_ZERO]        = { true, { [SERVICE] = KEY } },
	[IPVS_CMD_FLUSH]       = { true, { 0 } },
};

const struct ipvs_object *ipvs_object_of_reply(int cmd)
{
	if (cmd < 0 || (size_t)cmd >= ARRAY_SIZE(commands))
		return NULL;
	return commands[cmd].reply;
}

static bool is_zero(const void *p, size_t size)
{
	const unsigned char *byte = p;

	while (size && !*byte) {
		byte++;
		size--;
	}
	return !size;
}

/* Is this field part of a request that carries @roles? */
static bool is_sent(const struct ipvs_field *f, const void *member, unsigned int roles,
		    bool by_mark)
{
	if (!(f->role & roles) || !f->attr)
		return false;
	if (f->role & IPVS_R_IF_MARK)
		return by_mark;
	if (f->role & IPVS_R_IF_ADDR)
		return !by_mark;
	if (f->role & IPVS_R_IF_SET)
		return !is_zero(member, f->size);
	return true;
}

static int put_field(struct nl_msg *msg, const struct ipvs_field *f, const void *member)
{
	switch (f->type) {
	case IPVS_F_STR:
		return nla_put_string(msg, f->attr, member);
	case IPVS_F_STATS32:
	case IPVS_F_STATS64:
		return 0;	/* only ever told by the kernel */
	default:
		return nla_put(msg, f->attr, f->size, member);
	}
}

static int put_object(struct nl_msg *msg, const struct ipvs_object *o, const void *obj,
		      unsigned int roles, bool by_mark)
{
	struct nlattr *nest = NULL;

	if (o->nest) {
		nest = nla_nest_start(msg, o->nest);
		if (!nest)
			return -EMSGSIZE;
	}
	for (size_t i = 0; i < o->nr_fields; i++) {
		const struct ipvs_field *f = &o->fields[i];
		const void *member = (const char *)obj + f->offset;

		if (is_sent(f, member, roles, by_mark) && put_field(msg, f, member) < 0)
			return -EMSGSIZE;
	}
	if (nest)
		nla_nest_end(msg, nest);
	return 0;
}

int ipvs_attr_encode(struct nl_msg *msg, const struct ipvs_request *req)
{
	if (req->cmd < 0 || (size_t)req->cmd >= ARRAY_SIZE(commands) || !commands[req->cmd].known)
		return -EINVAL;
	if (req->cmd == IPVS_CMD_ZERO && !req->service.af)
		return 0;
	for (size_t i = 0; i < ARRAY_SIZE(objects); i++) {
		unsigned int roles = commands[req->cmd].roles[i];
		int err;

		if (!roles)
			continue;
		err = put_object(msg, &objects[i], (const char *)req + objects[i].offset,
				 roles, req->service.fwmark != 0);
		if (err)
			return err;
	}
	return 0;
}

/* Indexes attributes by number; of two with one number the later counts. */
static void index_attrs(struct nlattr *table[MAX_ATTR], const struct nlattr *attrs, int len)
{
	const struct nlattr *a;
	int left;

	memset(table, 0, MAX_ATTR * sizeof(table[0]));
	nla_for_each_attr(a, attrs, len, left)
		if (nla_type(a) < MAX_ATTR)
			table[nla_type(a)] = (struct nlattr *)a;
}

static __u64 get_uint(const struct nlattr *a)
{
	__u64 v64;
	__u32 v32;

	if ((size_t)nla_len(a) >= sizeof(v64)) {
		memcpy(&v64, nla_data(a), sizeof(v64));
		return v64;
	}
	if ((size_t)nla_len(a) < sizeof(v32))
		return 0;
	memcpy(&v32, nla_data(a), sizeof(v32));
	return v32;
}

/* Counters are told as u32 or u64; the length says which. */
static void get_stats(const struct nlattr *nest, struct ipvs_stats *stats)
{
	struct nlattr *table[MAX_ATTR];

	index_attrs(table, nla_data(nest), nla_len(nest));
	for (size_t i = 0; i < ARRAY_SIZE(ipvs_stat_fields); i++) {
		const struct ipvs_field *f = &ipvs_stat_fields[i];

		if (table[f->attr]) {
			__u64 value = get_uint(table[f->attr]);

			memcpy((char *)stats + f->offset, &value, sizeof(value));
		}
	}
}

static int get_field(const struct ipvs_field *f, const struct nlattr *a, void *member)
{
	size_t len = nla_len(a);

	switch (f->type) {
	case IPVS_F_STATS32:
	case IPVS_F_STATS64:
		get_stats(a, member);
		return 0;
	case IPVS_F_STR:
		len = strnlen(nla_data(a), len);
		if (len >= f->size)
			return -EBADMSG;
		memset(member, 0, f->size);
		memcpy(member, nla_data(a), len);
		return 0;
	case IPVS_F_ADDR:
	case IPVS_F_FLAGS:
		if (len > f->size)
			len = f->size;
		memset(member, 0, f->size);
		memcpy(member, nla_data(a), len);
		return 0;
	default:
		if (len < f->size)
			return -EBADMSG;
		memcpy(member, nla_data(a), f->size);
		return 0;
	}
}

int ipvs_attr_decode(const struct nlattr *attrs, int len, int cmd, void *obj)
{
	const struct ipvs_object *o = ipvs_object_of_reply(cmd);
	struct nlattr *table[MAX_ATTR];

	if (!o)
		return -EBADMSG;
	index_attrs(table, attrs, len);
	if (o->nest) {
		const struct nlattr *nest = table[o->nest];

		if (!nest)
			return -EBADMSG;
		index_attrs(table, nla_data(nest), nla_len(nest));
	}
	for (size_t i = 0; i < o->nr_fields; i++) {
		const struct ipvs_field *f = &o->fields[i];
		int err = 0;

		if (f->attr && table[f->attr])
			err = get_field(f, table[f->attr], (char *)obj + f->offset);
		if (err)
			return err;
	}
	return 0;
}
