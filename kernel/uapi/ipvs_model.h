/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The objects of the control plane as plain structs: what a user asks for and
 * what he is shown. Shared by the kernel module and libipvs; no kernel types.
 * Addresses are 16 zero-extended bytes in network order, ports network order,
 * everything else host order. Times are seconds.
 */
#ifndef IPVS_MODEL_H
#define IPVS_MODEL_H

#ifdef __KERNEL__
#include <linux/types.h>
#else
#include <netinet/in.h>
#include <linux/types.h>
#endif
#include <linux/netfilter.h>	/* union nf_inet_addr */
#include <linux/ip_vs.h>	/* attribute numbers, flags, name lengths */

/* Counters since the last zeroing, and rates per second. */
struct ipvs_stats {
	__u64 conns;
	__u64 inpkts;
	__u64 outpkts;
	__u64 inbytes;
	__u64 outbytes;
	__u64 cps;
	__u64 inpps;
	__u64 outpps;
	__u64 inbps;
	__u64 outbps;
};

/* A virtual service. Its key is {af, fwmark} if fwmark is not 0, else
 * {af, protocol, addr, port}.
 */
struct ipvs_service {
	__u16 af;				/* AF_INET or AF_INET6 */
	__u16 protocol;
	__u32 fwmark;
	union nf_inet_addr addr;
	__be16 port;
	char sched[IP_VS_SCHEDNAME_MAXLEN];	/* "none": no scheduler */
	char pe[IP_VS_PENAME_MAXLEN + 1];	/* "": no persistence engine */
	struct ip_vs_flags flags;		/* flags and the mask of those to change */
	__u32 timeout;				/* persistence, seconds */
	__u32 netmask;				/* IPv4: mask, network order; IPv6: prefix length */
	__u32 num_dests;			/* state */
	struct ipvs_stats stats;		/* state */
};

/* A destination: one real server of one virtual service. Its key is {af, addr, port}. */
struct ipvs_dest {
	__u16 af;				/* 0: that of the service */
	__be16 port;
	union nf_inet_addr addr;
	__u32 conn_flags;			/* forwarding method in the low three bits */
	__u32 weight;
	__u32 u_thresh;				/* upper connection threshold, 0: none */
	__u32 l_thresh;				/* lower connection threshold, 0: 3/4 of the upper */
	__u8 tun_type;
	__be16 tun_port;
	__u16 tun_flags;
	__u32 active;				/* state: connections in an active state */
	__u32 inactive;				/* state: other connections */
	__u32 persist;				/* state: persistence templates */
	struct ipvs_stats stats;		/* state */
};

/* Connection time-outs, seconds; in a request 0 keeps the current value. */
struct ipvs_timeouts {
	__u32 tcp;
	__u32 tcp_fin;
	__u32 udp;
};

/* A sync daemon. Its key is {state}. In a request an empty multicast field takes
 * the kernel's default; mcast_group wins over mcast_group6.
 */
struct ipvs_daemon {
	__u32 state;				/* IP_VS_STATE_MASTER or IP_VS_STATE_BACKUP */
	char mcast_ifn[IP_VS_IFNAME_MAXLEN];
	__u32 sync_id;
	__u16 sync_maxlen;			/* largest datagram payload, bytes */
	__u16 mcast_port;			/* host order, unlike the ports of services */
	__u8 mcast_ttl;
	__be32 mcast_group;
	struct in6_addr mcast_group6;
};

struct ipvs_info {
	__u32 version;				/* 0x010201 */
	__u32 conn_tab_size;			/* buckets of the connection table */
	__u32 num_services;			/* of IPv4; not told by netlink */
};

#endif
