// SPDX-License-Identifier: GPL-2.0-only
/*
 * Generic netlink family IPVS, version 1: messages to requests and back. No
 * locks of its own; requests of different sockets run in parallel and meet in
 * the namespace's cfg_mutex. The namespace is that of the socket.
 */
#include <linux/module.h>
#include <linux/slab.h>
#include <net/genetlink.h>
#include <net/sock.h>

#include "ctl/attr.h"
#include "ctl/ctl.h"
#include "svc/dest.h"
#include "svc/service.h"
#include "sync/sync.h"

/* Snapshots taken at a time, so that a dump neither holds the mutex while it encodes
 * nor takes it for each object.
 */
#define BATCH_SIZE	16

struct service_batch {
	unsigned int nr;
	unsigned long id[BATCH_SIZE];
	struct ipvs_service obj[BATCH_SIZE];
};

struct dest_batch {
	unsigned int nr;
	unsigned long id[BATCH_SIZE];
	struct ipvs_dest obj[BATCH_SIZE];
};

static struct genl_family ip_vs_genl_family;

/* Nested objects have no policy here: a fault in them is an error only for the commands
 * that read them, see ip_vs_attr_decode().
 */
static const struct nla_policy ip_vs_genl_policy[IPVS_CMD_ATTR_MAX + 1] = {
	[IPVS_CMD_ATTR_SERVICE]		= { .type = NLA_NESTED },
	[IPVS_CMD_ATTR_DEST]		= { .type = NLA_NESTED },
	[IPVS_CMD_ATTR_DAEMON]		= { .type = NLA_NESTED },
	[IPVS_CMD_ATTR_TIMEOUT_TCP]	= { .type = NLA_U32 },
	[IPVS_CMD_ATTR_TIMEOUT_TCP_FIN]	= { .type = NLA_U32 },
	[IPVS_CMD_ATTR_TIMEOUT_UDP]	= { .type = NLA_U32 },
};

static void decode_nest(const struct nlattr *nest, const struct ip_vs_table *table, void *obj,
			struct ip_vs_part *part)
{
	if (nest)
		ip_vs_attr_decode(table, nla_data(nest), nla_len(nest), obj, part);
}

static void decode_request(struct genl_info *info, struct ip_vs_request *req)
{
	struct nlattr **attrs = info->attrs;
	struct ip_vs_part ignored = {};

	decode_nest(attrs[IPVS_CMD_ATTR_SERVICE], &ip_vs_service_table, &req->service,
		    &req->service_part);
	decode_nest(attrs[IPVS_CMD_ATTR_DEST], &ip_vs_dest_table, &req->dest, &req->dest_part);
	decode_nest(attrs[IPVS_CMD_ATTR_DAEMON], &ip_vs_daemon_table, &req->daemon,
		    &req->daemon_part);
	ip_vs_attr_decode(&ip_vs_timeouts_table, genlmsg_data(info->genlhdr),
			  genlmsg_len(info->genlhdr), &req->timeouts, &ignored);
}

static int put_nest(struct sk_buff *skb, int attr, const struct ip_vs_table *table,
		    const void *obj, unsigned int omit)
{
	struct nlattr *nest;
	int err;

	nest = nla_nest_start_noflag(skb, attr);
	if (!nest)
		return -EMSGSIZE;
	err = ip_vs_attr_encode(skb, table, obj, omit);
	if (err)
		return err;
	nla_nest_end(skb, nest);
	return 0;
}

static int put_service(struct sk_buff *skb, const struct ipvs_service *service)
{
	unsigned int omit = service->fwmark ? IPVS_R_IF_ADDR : IPVS_R_IF_MARK;

	return put_nest(skb, IPVS_CMD_ATTR_SERVICE, &ip_vs_service_table, service, omit);
}

static int put_dest(struct sk_buff *skb, const struct ipvs_dest *dest)
{
	return put_nest(skb, IPVS_CMD_ATTR_DEST, &ip_vs_dest_table, dest, 0);
}

static int put_daemon(struct sk_buff *skb, const struct ipvs_daemon *daemon)
{
	return put_nest(skb, IPVS_CMD_ATTR_DAEMON, &ip_vs_daemon_table, daemon, 0);
}

static int reply_service(struct sk_buff *skb, const struct ip_vs_request *req)
{
	return put_service(skb, &req->service);
}

static int reply_config(struct sk_buff *skb, const struct ip_vs_request *req)
{
	return ip_vs_attr_encode(skb, &ip_vs_timeouts_table, &req->timeouts, 0);
}

static int reply_info(struct sk_buff *skb, const struct ip_vs_request *req)
{
	return ip_vs_attr_encode(skb, &ip_vs_info_table, &req->info, 0);
}

/* What the commands that get something answer with. */
static const struct {
	u8 cmd;
	int (*put)(struct sk_buff *skb, const struct ip_vs_request *req);
} ip_vs_genl_replies[IPVS_CMD_MAX + 1] = {
	[IPVS_CMD_GET_SERVICE]	= { IPVS_CMD_NEW_SERVICE, reply_service },
	[IPVS_CMD_GET_CONFIG]	= { IPVS_CMD_SET_CONFIG,  reply_config },
	[IPVS_CMD_GET_INFO]	= { IPVS_CMD_SET_INFO,	  reply_info },
};

static int send_reply(struct genl_info *info, const struct ip_vs_request *req)
{
	struct sk_buff *skb;
	void *hdr;
	int err;

	skb = genlmsg_new(GENLMSG_DEFAULT_SIZE, GFP_KERNEL);
	if (!skb)
		return -ENOMEM;
	hdr = genlmsg_put_reply(skb, info, &ip_vs_genl_family, 0,
				ip_vs_genl_replies[req->cmd].cmd);
	err = hdr ? ip_vs_genl_replies[req->cmd].put(skb, req) : -EMSGSIZE;
	if (err) {
		nlmsg_free(skb);
		return err;
	}
	genlmsg_end(skb, hdr);
	return genlmsg_reply(skb, info);
}

static int ip_vs_genl_doit(struct sk_buff *skb, struct genl_info *info)
{
	struct ip_vs_request req = {
		.ipvs	= net_ipvs(genl_info_net(info)),
		.extack	= info->extack,
		.cmd	= info->genlhdr->cmd,
	};
	int err;

	if (!req.ipvs)
		return -ENODEV;
	decode_request(info, &req);
	err = ip_vs_ctl_run(&req);
	if (err || !ip_vs_genl_replies[req.cmd].put)
		return err;
	return send_reply(info, &req);
}

static void *put_dump_header(struct sk_buff *skb, struct netlink_callback *cb, u8 cmd)
{
	return genlmsg_put(skb, NETLINK_CB(cb->skb).portid, cb->nlh->nlmsg_seq,
			   &ip_vs_genl_family, NLM_F_MULTI, cmd);
}

static int dump_service(struct sk_buff *skb, struct netlink_callback *cb,
			const struct ipvs_service *service)
{
	void *hdr = put_dump_header(skb, cb, IPVS_CMD_NEW_SERVICE);

	if (!hdr)
		return -EMSGSIZE;
	if (put_service(skb, service)) {
		genlmsg_cancel(skb, hdr);
		return -EMSGSIZE;
	}
	genlmsg_end(skb, hdr);
	return 0;
}

static int dump_dest(struct sk_buff *skb, struct netlink_callback *cb,
		     const struct ipvs_dest *dest)
{
	void *hdr = put_dump_header(skb, cb, IPVS_CMD_NEW_DEST);

	if (!hdr)
		return -EMSGSIZE;
	if (put_dest(skb, dest)) {
		genlmsg_cancel(skb, hdr);
		return -EMSGSIZE;
	}
	genlmsg_end(skb, hdr);
	return 0;
}

static int dump_daemon(struct sk_buff *skb, struct netlink_callback *cb,
		       const struct ipvs_daemon *daemon)
{
	void *hdr = put_dump_header(skb, cb, IPVS_CMD_NEW_DAEMON);

	if (!hdr)
		return -EMSGSIZE;
	if (put_daemon(skb, daemon)) {
		genlmsg_cancel(skb, hdr);
		return -EMSGSIZE;
	}
	genlmsg_end(skb, hdr);
	return 0;
}

/* The next services from id @from on. */
static void read_services(struct netns_ipvs *ipvs, unsigned long from,
			  struct service_batch *batch)
{
	struct ip_vs_service *svc;
	unsigned long id;

	batch->nr = 0;
	mutex_lock(&ipvs->cfg_mutex);
	for (id = from; batch->nr < BATCH_SIZE; id++) {
		svc = ip_vs_service_next(ipvs, &id);
		if (!svc)
			break;
		batch->id[batch->nr] = id;
		ip_vs_service_snapshot(svc, &batch->obj[batch->nr++]);
	}
	mutex_unlock(&ipvs->cfg_mutex);
}

/* cb->args[0]: the smallest id that was not told yet. */
static int ip_vs_genl_dump_services(struct sk_buff *skb, struct netlink_callback *cb)
{
	struct netns_ipvs *ipvs = net_ipvs(sock_net(skb->sk));
	struct service_batch *batch;
	unsigned int i;
	int err = 0;

	if (!ipvs)
		return 0;
	batch = kmalloc(sizeof(*batch), GFP_KERNEL);
	if (!batch)
		return -ENOMEM;
	do {
		read_services(ipvs, cb->args[0], batch);
		for (i = 0; !err && i < batch->nr; i++) {
			err = dump_service(skb, cb, &batch->obj[i]);
			if (!err)
				cb->args[0] = batch->id[i] + 1;
		}
	} while (!err && batch->nr == BATCH_SIZE);
	kfree(batch);
	return skb->len;
}

/* The next destinations of the service of @req that are older than id @after; none if
 * there is no such service.
 */
static void read_dests(struct ip_vs_request *req, unsigned long after, struct dest_batch *batch)
{
	struct netns_ipvs *ipvs = req->ipvs;
	struct ip_vs_service *svc;
	struct ip_vs_svc_key key;
	struct ip_vs_dest *dest;

	batch->nr = 0;
	ip_vs_service_key_init(&key, &req->service);
	mutex_lock(&ipvs->cfg_mutex);
	svc = ip_vs_service_find(ipvs, &key);
	dest = svc ? ip_vs_dest_next(svc, after) : NULL;
	if (dest) {
		list_for_each_entry_from(dest, &svc->dests, list) {
			if (batch->nr == BATCH_SIZE)
				break;
			batch->id[batch->nr] = dest->id;
			ip_vs_dest_snapshot(dest, &batch->obj[batch->nr++]);
		}
	}
	mutex_unlock(&ipvs->cfg_mutex);
}

/* Which service? -EINVAL or -EAFNOSUPPORT if the request does not say; the dump of its
 * destinations is then empty, as clients expect, and only the text tells.
 */
static int decode_dump_request(struct netlink_callback *cb, struct ip_vs_request *req)
{
	struct nlattr *attrs[IPVS_CMD_ATTR_MAX + 1];
	int err;

	err = genlmsg_parse_deprecated(cb->nlh, &ip_vs_genl_family, attrs, IPVS_CMD_ATTR_MAX,
				       ip_vs_genl_policy, cb->extack);
	if (err)
		return err;
	decode_nest(attrs[IPVS_CMD_ATTR_SERVICE], &ip_vs_service_table, &req->service,
		    &req->service_part);
	return ip_vs_ctl_check_service(req);
}

/* cb->args[0]: complement of the id told last; ids fall, so 0 is the start. */
static int ip_vs_genl_dump_dests(struct sk_buff *skb, struct netlink_callback *cb)
{
	struct ip_vs_request req = { .ipvs = net_ipvs(sock_net(skb->sk)) };
	struct dest_batch *batch;
	unsigned int i;
	int err = 0;

	if (!req.ipvs || decode_dump_request(cb, &req))
		return 0;
	batch = kmalloc(sizeof(*batch), GFP_KERNEL);
	if (!batch)
		return -ENOMEM;
	do {
		read_dests(&req, ~cb->args[0], batch);
		for (i = 0; !err && i < batch->nr; i++) {
			err = dump_dest(skb, cb, &batch->obj[i]);
			if (!err)
				cb->args[0] = ~batch->id[i];
		}
	} while (!err && batch->nr == BATCH_SIZE);
	kfree(batch);
	return skb->len;
}

/* The master first. cb->args[0]: how many roles were told. */
static int ip_vs_genl_dump_daemons(struct sk_buff *skb, struct netlink_callback *cb)
{
	static const u32 roles[] = { IP_VS_STATE_MASTER, IP_VS_STATE_BACKUP };
	struct netns_ipvs *ipvs = net_ipvs(sock_net(skb->sk));
	struct ipvs_daemon daemon;
	bool runs;

	for (; ipvs && cb->args[0] < ARRAY_SIZE(roles); cb->args[0]++) {
		mutex_lock(&ipvs->cfg_mutex);
		runs = ip_vs_sync_snapshot(ipvs, roles[cb->args[0]], &daemon);
		mutex_unlock(&ipvs->cfg_mutex);
		if (runs && dump_daemon(skb, cb, &daemon))
			break;
	}
	return skb->len;
}

#define OP(name)	.cmd = IPVS_CMD_##name,						\
			.flags = GENL_ADMIN_PERM,					\
			.validate = GENL_DONT_VALIDATE_STRICT | GENL_DONT_VALIDATE_DUMP

static const struct genl_small_ops ip_vs_genl_ops[] = {
	{ OP(NEW_SERVICE),	.doit = ip_vs_genl_doit },
	{ OP(SET_SERVICE),	.doit = ip_vs_genl_doit },
	{ OP(DEL_SERVICE),	.doit = ip_vs_genl_doit },
	{ OP(GET_SERVICE),	.doit = ip_vs_genl_doit, .dumpit = ip_vs_genl_dump_services },
	{ OP(NEW_DEST),		.doit = ip_vs_genl_doit },
	{ OP(SET_DEST),		.doit = ip_vs_genl_doit },
	{ OP(DEL_DEST),		.doit = ip_vs_genl_doit },
	{ OP(GET_DEST),		.dumpit = ip_vs_genl_dump_dests },
	{ OP(NEW_DAEMON),	.doit = ip_vs_genl_doit },
	{ OP(DEL_DAEMON),	.doit = ip_vs_genl_doit },
	{ OP(GET_DAEMON),	.dumpit = ip_vs_genl_dump_daemons },
	{ OP(SET_CONFIG),	.doit = ip_vs_genl_doit },
	{ OP(GET_CONFIG),	.doit = ip_vs_genl_doit },
	{ OP(GET_INFO),		.doit = ip_vs_genl_doit },
	{ OP(ZERO),		.doit = ip_vs_genl_doit },
	{ OP(FLUSH),		.doit = ip_vs_genl_doit },
};

static struct genl_family ip_vs_genl_family __ro_after_init = {
	.name		= IPVS_GENL_NAME,
	.version	= IPVS_GENL_VERSION,
	.maxattr	= IPVS_CMD_ATTR_MAX,
	.policy		= ip_vs_genl_policy,
	.netnsok	= true,
	.parallel_ops	= true,
	.module		= THIS_MODULE,
	.small_ops	= ip_vs_genl_ops,
	.n_small_ops	= ARRAY_SIZE(ip_vs_genl_ops),
	.resv_start_op	= IPVS_CMD_FLUSH + 1,
};

static int ip_vs_genl_start(void)
{
	return genl_register_family(&ip_vs_genl_family);
}

static void ip_vs_genl_stop(void)
{
	genl_unregister_family(&ip_vs_genl_family);
}

MODULE_ALIAS_GENL_FAMILY(IPVS_GENL_NAME);

const struct ip_vs_subsys ip_vs_genl_subsys = {
	.name	= "genl",
	.start	= ip_vs_genl_start,
	.stop	= ip_vs_genl_stop,
};
