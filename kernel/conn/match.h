/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What firewall rules may ask about a packet (xt_ipvs).
 */
#ifndef IP_VS_MATCH_H
#define IP_VS_MATCH_H

#include <linux/netfilter.h>
#include <linux/skbuff.h>

/* The connection of a packet, as rules see it. */
struct ip_vs_match {
	union nf_inet_addr vaddr;
	__be16 vport;
	__be16 control_vport;		/* of the connection that controls it, if any */
	bool has_control;
	u8 proto;			/* of the packet; set even if there is no connection */
	u8 method;
};

/* A request after IPVS has sent it on its way: the connection that it belongs to. False: of
 * none. Context: RCU, any hook.
 */
bool ip_vs_match_packet(struct net *net, struct sk_buff *skb, u8 hook, u8 af,
			struct ip_vs_match *match);

#endif
