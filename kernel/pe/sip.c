// SPDX-License-Identifier: GPL-2.0-only
/*
 * Persistence engine "sip": the messages of one call, by its Call-ID, go to one server,
 * from whatever port they come.
 */
#include <linux/udp.h>

#include "api.h"
#include "sip_parse.h"

static int fill(const struct ip_vs_packet *pkt, struct ip_vs_pe_key *key)
{
	unsigned int at = pkt->l4 + sizeof(struct udphdr);
	struct sk_buff *skb = pkt->skb;
	const char *value;
	size_t len;

	if (pkt->tuple.proto != IPPROTO_UDP || skb->len <= at || skb_linearize(skb))
		return -ENOENT;
	len = ip_vs_sip_call_id((const char *)skb->data + at, skb->len - at, &value);
	if (!len || len > sizeof(key->data))
		return -ENOENT;
	key->len = len;
	memcpy(key->data, value, len);
	return 0;
}

static struct ip_vs_pe sip = {
	.plugin		= { .name = "sip", .owner = THIS_MODULE },
	.fill		= fill,
};

static int __init sip_init(void)
{
	return ip_vs_pe_register(&sip);
}

static void __exit sip_exit(void)
{
	ip_vs_pe_unregister(&sip);
}

module_init(sip_init);
module_exit(sip_exit);
MODULE_DESCRIPTION("IPVS persistence by SIP Call-ID");
MODULE_LICENSE("GPL");
