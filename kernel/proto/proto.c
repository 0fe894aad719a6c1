// SPDX-License-Identifier: GPL-2.0-only
/*
 * The protocol table, names for listings, and the time-outs of a namespace.
 */
#include <linux/slab.h>

#include "proto/proto.h"
#include "proto/sctp_states.h"
#include "proto/tcp_states.h"

enum { SLOT_TCP, SLOT_UDP, SLOT_SCTP, SLOT_AH, SLOT_ESP, SLOTS };

static const struct ip_vs_proto *const protos[SLOTS] = {
	[SLOT_TCP] = &ip_vs_proto_tcp,
	[SLOT_UDP] = &ip_vs_proto_udp,
	[SLOT_SCTP] = &ip_vs_proto_sctp,
	[SLOT_AH] = &ip_vs_proto_ah,
	[SLOT_ESP] = &ip_vs_proto_esp,
};

#define MAX_STATES 16

/* Seconds; written under cfg_mutex, READ_ONCE readers. */
struct ip_vs_proto_net {
	u32 timeouts[SLOTS][MAX_STATES];
};

static int slot(u8 number)
{
	switch (number) {
	case IPPROTO_TCP:
		return SLOT_TCP;
	case IPPROTO_UDP:
		return SLOT_UDP;
	case IPPROTO_SCTP:
		return SLOT_SCTP;
	case IPPROTO_AH:
		return SLOT_AH;
	case IPPROTO_ESP:
		return SLOT_ESP;
	default:
		return -1;
	}
}

const struct ip_vs_proto *ip_vs_proto_find(u8 number)
{
	int s = slot(number);

	return s < 0 ? NULL : protos[s];
}

static bool proves(const struct ip_vs_proto *proto, u8 state, bool reply)
{
	return proto->established ? state == proto->established : reply;
}

/**
 * ip_vs_proto_update() - let a packet move its connection
 * @pkt: a packet of @cp, of a protocol that has a row
 * @cp: its connection
 * @reply: it comes from the server
 *
 * Context: RCU, BH off.
 */
void ip_vs_proto_update(const struct ip_vs_packet *pkt, struct ip_vs_conn *cp, bool reply)
{
	int s = slot(pkt->proto);
	const struct ip_vs_proto *proto = protos[s];
	u8 state = ip_vs_conn_state(cp);
	u32 flags = ip_vs_conn_flags(cp);

	if (!proto->nr_states) {
		/* no state of its own: it keeps that of its peers alive, which is not active */
		ip_vs_conn_update(cp, state, ip_vs_conn_timeout(cp), false, reply);
		return;
	}
	if (proto->transition)
		state = proto->transition(pkt, state, reply, flags & IP_VS_CONN_F_NOOUTPUT);
	ip_vs_conn_update(cp, state, READ_ONCE(cp->ipvs->proto->timeouts[s][state]),
			  proto->is_active && proto->is_active(state), reply);
	if (unlikely(flags & IP_VS_CONN_F_UNPROVEN) && proves(proto, state, reply))
		ip_vs_conn_prove(cp);
}

const char *ip_vs_proto_name(u16 number, char *buf, size_t size)
{
	const struct ip_vs_proto *proto = number < 256 ? ip_vs_proto_find(number) : NULL;

	if (proto)
		return proto->name;
	switch (number) {
	case IPPROTO_IP:
		return "IP";
	case IPPROTO_ICMP:
		return "ICMP";
	case IPPROTO_ICMPV6:
		return "ICMPv6";
	}
	snprintf(buf, size, "IP_%u", number);
	return buf;
}

const char *ip_vs_proto_state_name(u8 number, u8 state, bool is_template)
{
	const struct ip_vs_proto *proto = ip_vs_proto_find(number);

	if (is_template)
		return state ? "ASSURED" : "NONE";
	if (!proto)
		return number == IPPROTO_IP ? "NONE" : "ERR!";
	return state < proto->nr_states ? proto->state_names[state] : "ERR!";
}

u32 ip_vs_proto_timeout(struct netns_ipvs *ipvs, u8 number, u8 state)
{
	int s = slot(number);

	return s < 0 ? 0 : READ_ONCE(ipvs->proto->timeouts[s][state]);
}
EXPORT_SYMBOL_GPL(ip_vs_proto_timeout);

/* Which member of struct ipvs_timeouts is which time-out. */
static const struct {
	size_t offset;
	u8 slot, state;
} settable[] = {
	{ offsetof(struct ipvs_timeouts, tcp), SLOT_TCP, TCP_S_ESTABLISHED },
	{ offsetof(struct ipvs_timeouts, tcp_fin), SLOT_TCP, TCP_S_FIN_WAIT },
	{ offsetof(struct ipvs_timeouts, udp), SLOT_UDP, 0 },
};

void ip_vs_proto_timeouts_get(struct netns_ipvs *ipvs, struct ipvs_timeouts *out)
{
	int i;

	for (i = 0; i < ARRAY_SIZE(settable); i++)
		*(u32 *)((char *)out + settable[i].offset) =
			READ_ONCE(ipvs->proto->timeouts[settable[i].slot][settable[i].state]);
}

int ip_vs_proto_timeouts_set(struct netns_ipvs *ipvs, const struct ipvs_timeouts *in)
{
	u32 seconds;
	int i;

	lockdep_assert_held(&ipvs->cfg_mutex);
	for (i = 0; i < ARRAY_SIZE(settable); i++)
		if (*(const u32 *)((const char *)in + settable[i].offset) > INT_MAX / HZ)
			return -EINVAL;
	for (i = 0; i < ARRAY_SIZE(settable); i++) {
		seconds = *(const u32 *)((const char *)in + settable[i].offset);
		if (seconds)
			WRITE_ONCE(ipvs->proto->timeouts[settable[i].slot][settable[i].state],
				   seconds);
	}
	return 0;
}

static int proto_net_init(struct netns_ipvs *ipvs)
{
	struct ip_vs_proto_net *pn = kzalloc(sizeof(*pn), GFP_KERNEL_ACCOUNT);
	int s, state;

	BUILD_BUG_ON(TCP_S_MAX > MAX_STATES || SCTP_S_MAX > MAX_STATES);
	/* what connections can store, and 31 bits of jiffies can count */
	BUILD_BUG_ON(INT_MAX / HZ > IP_VS_CONN_MAX_SECONDS);
	if (!pn)
		return -ENOMEM;
	for (s = 0; s < SLOTS; s++)
		for (state = 0; state < protos[s]->nr_states; state++)
			pn->timeouts[s][state] = protos[s]->default_timeouts[state];
	ipvs->proto = pn;
	return 0;
}

static void proto_net_exit(struct netns_ipvs *ipvs)
{
	kfree(ipvs->proto);
	ipvs->proto = NULL;
}

static int proto_init(void)
{
	pr_info("Registered protocols (TCP, UDP, SCTP, AH, ESP)\n");
	return 0;
}

const struct ip_vs_subsys ip_vs_proto_subsys = {
	.name		= "protocols",
	.init		= proto_init,
	.net_init	= proto_net_init,
	.net_exit	= proto_net_exit,
};
