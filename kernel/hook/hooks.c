// SPDX-License-Identifier: GPL-2.0-only
/*
 * The netfilter hooks, both families from one table, and the only place where our
 * verdicts become netfilter's.
 */
#include <linux/if_arp.h>
#include <linux/netdevice.h>
#include <linux/netfilter.h>
#include <linux/netfilter_ipv4.h>
#include <linux/netfilter_ipv6.h>
#include <linux/slab.h>
#include <net/inet_sock.h>
#include <net/netfilter/ipv6/nf_defrag_ipv6.h>

#include "base/knobs.h"
#include "conn/conn.h"
#include "hook/hook.h"
#include "hook/walk.h"
#include "sync/sync.h"

typedef enum ip_vs_verdict (*walk_fn)(struct ip_vs_packet *pkt);

static const u8 nf_verdict[] = {
	[IP_VS_CONTINUE]	= NF_ACCEPT,
	[IP_VS_ACCEPT]		= NF_ACCEPT,
	[IP_VS_DROP]		= NF_DROP,
	[IP_VS_STOLEN]		= NF_STOLEN,
};

/* A raw socket that sends fragments on purpose wants them left alone. */
static bool must_not_defrag(const struct sk_buff *skb, const struct nf_hook_state *state)
{
	return state->hook == NF_INET_LOCAL_OUT && skb->sk && skb->sk->sk_family == PF_INET &&
	       skb->sk->sk_type == SOCK_RAW && inet_test_bit(NODEFRAG, skb->sk);
}

/* RCU is held by netfilter. What came from a device has BH off; packets of local sockets
 * come in process context, and counters and locks want it off there too.
 */
static __always_inline unsigned int run(walk_fn walk, struct netns_ipvs *ipvs, struct sk_buff *skb,
					const struct nf_hook_state *state, enum ip_vs_dir dir)
{
	struct ip_vs_packet pkt;
	enum ip_vs_verdict verdict;

	if (skb->ipvs_property || !skb_dst(skb) || must_not_defrag(skb, state))
		return NF_ACCEPT;
	ip_vs_packet_init(&pkt, ipvs, skb, state->hook, state->pf, dir);
	if (ip_vs_packet_received(&pkt))
		return nf_verdict[walk(&pkt)];
	local_bh_disable();
	verdict = walk(&pkt);
	local_bh_enable();
	return nf_verdict[verdict];
}

/* Packets that reached this host by a tunnel end here, if the operator says so: another
 * director has chosen this host to serve them, and to choose again would lead in a circle.
 */
static bool came_by_tunnel(const struct netns_ipvs *ipvs, const struct sk_buff *skb)
{
	if (likely(!ip_vs_knob(ipvs, ignore_tunneled)) || !skb->dev)
		return false;
	switch (skb->dev->type) {
	case ARPHRD_TUNNEL:
	case ARPHRD_TUNNEL6:
	case ARPHRD_SIT:
	case ARPHRD_IPGRE:
	case ARPHRD_IP6GRE:
		return true;
	default:
		return false;
	}
}

/* A host that only learns from a master leaves requests to it (backup_only). */
static bool leaves_to_master(const struct netns_ipvs *ipvs)
{
	return unlikely(ip_vs_knob(ipvs, backup_only)) && ip_vs_sync_has_backup(ipvs);
}

static unsigned int ip_vs_in_hook(void *priv, struct sk_buff *skb, const struct nf_hook_state *state)
{
	/* only what was sent to this host; a copy in a broadcast frame is nobody's request */
	if (skb->pkt_type != PACKET_HOST && state->hook != NF_INET_LOCAL_OUT)
		return NF_ACCEPT;
	if (state->hook == NF_INET_LOCAL_IN && came_by_tunnel(priv, skb))
		return NF_ACCEPT;
	if (leaves_to_master(priv))
		return NF_ACCEPT;
	return run(ip_vs_request, priv, skb, state, IP_VS_DIR_IN);
}

static unsigned int ip_vs_out_hook(void *priv, struct sk_buff *skb, const struct nf_hook_state *state)
{
	/* what is for this host can only be a reply to one of its own programs */
	if (state->hook == NF_INET_LOCAL_IN && !ip_vs_conn_has_local_clients(priv))
		return NF_ACCEPT;
	return run(ip_vs_reply, priv, skb, state, IP_VS_DIR_OUT);
}

static unsigned int ip_vs_forward_icmp_hook(void *priv, struct sk_buff *skb,
					    const struct nf_hook_state *state)
{
	if (leaves_to_master(priv))
		return NF_ACCEPT;
	return run(ip_vs_forwarded, priv, skb, state, IP_VS_DIR_IN);
}

/* In LOCAL_IN and FORWARD just before source NAT, in LOCAL_OUT just after destination NAT;
 * replies before requests. The priorities have the same values in both families.
 */
#define HOOK(fn, num, prio) { .hook = (fn), .hooknum = NF_INET_##num, .priority = (prio) }
static const struct nf_hook_ops hook_template[] = {
	HOOK(ip_vs_out_hook,		LOCAL_IN,	NF_IP_PRI_NAT_SRC - 2),
	HOOK(ip_vs_in_hook,		LOCAL_IN,	NF_IP_PRI_NAT_SRC - 1),
	HOOK(ip_vs_out_hook,		LOCAL_OUT,	NF_IP_PRI_NAT_DST + 1),
	HOOK(ip_vs_in_hook,		LOCAL_OUT,	NF_IP_PRI_NAT_DST + 2),
	HOOK(ip_vs_forward_icmp_hook,	FORWARD,	NF_IP_PRI_NAT_SRC - 1),
	HOOK(ip_vs_out_hook,		FORWARD,	NF_IP_PRI_NAT_SRC),
};
#undef HOOK

#define NR_HOOKS ARRAY_SIZE(hook_template)

struct family {
	struct nf_hook_ops ops[NR_HOOKS];
	unsigned int services;			/* cfg_mutex */
};

struct ip_vs_hook_net {
	struct family ipv4, ipv6;
};

static struct family *family(struct netns_ipvs *ipvs, u16 af)
{
	return af == AF_INET6 ? &ipvs->hook->ipv6 : &ipvs->hook->ipv4;
}

int ip_vs_hooks_get(struct netns_ipvs *ipvs, u16 af)
{
	struct family *f = family(ipvs, af);
	int err = 0;

	lockdep_assert_held(&ipvs->cfg_mutex);
	if (!f->services) {
		/* never switched off again: somebody else may rely on it by then */
		if (af == AF_INET6)
			err = nf_defrag_ipv6_enable(ipvs->net);
		if (!err)
			err = nf_register_net_hooks(ipvs->net, f->ops, NR_HOOKS);
		if (err)
			return err;
	}
	f->services++;
	return 0;
}

void ip_vs_hooks_put(struct netns_ipvs *ipvs, u16 af)
{
	struct family *f = family(ipvs, af);

	lockdep_assert_held(&ipvs->cfg_mutex);
	if (!--f->services)
		nf_unregister_net_hooks(ipvs->net, f->ops, NR_HOOKS);
}

static void family_init(struct family *f, struct netns_ipvs *ipvs, u8 pf)
{
	int i;

	memcpy(f->ops, hook_template, sizeof(f->ops));
	for (i = 0; i < NR_HOOKS; i++) {
		f->ops[i].pf = pf;
		f->ops[i].priv = ipvs;
	}
}

static int hook_net_init(struct netns_ipvs *ipvs)
{
	struct ip_vs_hook_net *hn = kzalloc(sizeof(*hn), GFP_KERNEL_ACCOUNT);

	if (!hn)
		return -ENOMEM;
	family_init(&hn->ipv4, ipvs, NFPROTO_IPV4);
	family_init(&hn->ipv6, ipvs, NFPROTO_IPV6);
	ipvs->hook = hn;
	return 0;
}

/* The services are still there and are not counted down one by one: packets must stop
 * coming before anything that they need goes.
 */
static void hook_net_pre_exit(struct netns_ipvs *ipvs)
{
	struct ip_vs_hook_net *hn = ipvs->hook;

	if (hn->ipv4.services)
		nf_unregister_net_hooks(ipvs->net, hn->ipv4.ops, NR_HOOKS);
	if (hn->ipv6.services)
		nf_unregister_net_hooks(ipvs->net, hn->ipv6.ops, NR_HOOKS);
}

static void hook_net_exit(struct netns_ipvs *ipvs)
{
	kfree(ipvs->hook);
	ipvs->hook = NULL;
}

const struct ip_vs_subsys ip_vs_hook_subsys = {
	.name		= "hooks",
	.net_init	= hook_net_init,
	.net_pre_exit	= hook_net_pre_exit,
	.net_exit	= hook_net_exit,
};
