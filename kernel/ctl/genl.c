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
#include "ctl/listing.h"
#include "svc/dest.h"
#include "svc/service.h"
#include "sync/sync.h"

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
	req->dest.conn_flags &= IP_VS_CONN_F_FWD_MASK;
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

/* Of the flags only the method has an attribute. */
static int put_dest(struct sk_buff *skb, struct ipvs_dest *dest)
{
	dest->conn_flags &= IP_VS_CONN_F_FWD_MASK;
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

/* A message that did not fit is taken back, and told in the next buffer. */
static int end_dump_message(struct sk_buff *skb, void *hdr, int err)
{
	if (err)
		genlmsg_cancel(skb, hdr);
	else
		genlmsg_end(skb, hdr);
	return err;
}

/* Is there more to tell? If not, netlink sends the end in the same datagram, so that a
 * client can ask for many short dumps at once and needs one system call less for each.
 */
static int dump_result(const struct sk_buff *skb, int err)
{
	return err ? skb->len : 0;
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

	return hdr ? end_dump_message(skb, hdr, put_service(skb, service)) : -EMSGSIZE;
}

static int dump_dest(struct sk_buff *skb, struct netlink_callback *cb, struct ipvs_dest *dest)
{
	void *hdr = put_dump_header(skb, cb, IPVS_CMD_NEW_DEST);

	return hdr ? end_dump_message(skb, hdr, put_dest(skb, dest)) : -EMSGSIZE;
}

static int dump_daemon(struct sk_buff *skb, struct netlink_callback *cb,
		       struct ipvs_daemon *daemon)
{
	void *hdr = put_dump_header(skb, cb, IPVS_CMD_NEW_DAEMON);

	return hdr ? end_dump_message(skb, hdr, put_daemon(skb, daemon)) : -EMSGSIZE;
}

/* cb->args[0]: the smallest id that was not told yet. */
static int ip_vs_genl_dump_services(struct sk_buff *skb, struct netlink_callback *cb)
{
	struct netns_ipvs *ipvs = net_ipvs(sock_net(skb->sk));
	struct ip_vs_service_batch *batch;
	unsigned int i;
	int err = 0;

	if (!ipvs)
		return 0;
	batch = kmalloc(sizeof(*batch), GFP_KERNEL);
	if (!batch)
		return -ENOMEM;
	do {
		ip_vs_list_services(ipvs, cb->args[0], batch);
		for (i = 0; !err && i < batch->nr; i++) {
			err = dump_service(skb, cb, &batch->obj[i]);
			if (!err)
				cb->args[0] = batch->id[i] + 1;
		}
	} while (!err && batch->nr == IP_VS_BATCH);
	kfree(batch);
	return dump_result(skb, err);
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

/* cb->ctx: the place after which to go on. */
static int ip_vs_genl_dump_dests(struct sk_buff *skb, struct netlink_callback *cb)
{
	struct ip_vs_request req = { .ipvs = net_ipvs(sock_net(skb->sk)) };
	struct ip_vs_dest_place *place = (void *)cb->ctx;
	struct ip_vs_dest_batch *batch;
	struct ip_vs_svc_key key;
	unsigned int i;
	int err;

	BUILD_BUG_ON(sizeof(*place) > sizeof(cb->ctx));
	if (!req.ipvs || decode_dump_request(cb, &req))
		return 0;
	ip_vs_service_key_init(&key, &req.service);
	batch = kmalloc(sizeof(*batch), GFP_KERNEL);
	if (!batch)
		return -ENOMEM;
	do {
		err = ip_vs_list_dests(req.ipvs, &key, place, batch);
		for (i = 0; !err && i < batch->nr; i++) {
			err = dump_dest(skb, cb, &batch->obj[i]);
			if (!err)
				*place = batch->place[i];
		}
	} while (!err && batch->nr == IP_VS_BATCH);
	kfree(batch);
	return dump_result(skb, err);
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
