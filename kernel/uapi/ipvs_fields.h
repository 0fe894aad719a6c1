/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The field tables: one row per field of each object of the control plane. Decoding and
 * encoding of netlink attributes and of the flat structs of the socket options, in the
 * kernel and in libipvs, and the tests are all driven by these rows; a new field is a
 * new row.
 *
 * Rows stand in the order in which replies carry the attributes. USER() and ENTRY() name
 * the member of the flat struct that sets the field and of the one that tells it. What
 * has neither is out of reach of the socket options: a family that is not IPv4, engines,
 * tunnels.
 */
#ifndef IPVS_FIELDS_H
#define IPVS_FIELDS_H

#include "ipvs_model.h"

#ifdef __KERNEL__
#include <linux/stddef.h>
#else
#include <stddef.h>
#endif

enum ipvs_field_type {
	IPVS_F_U8,
	IPVS_F_U16,		/* host order */
	IPVS_F_U32,		/* host order */
	IPVS_F_BE16,
	IPVS_F_BE32,
	IPVS_F_ADDR,		/* up to 16 bytes, zero-extended */
	IPVS_F_ADDR6,		/* 16 bytes, no fewer */
	IPVS_F_STR,		/* NUL-terminated, fits the member */
	IPVS_F_FLAGS,		/* struct ip_vs_flags; shorter is zero-extended */
	IPVS_F_STATS32,		/* nest of ipvs_stat_fields, packets and rates as u32 */
	IPVS_F_STATS64,		/* nest of ipvs_stat_fields, all u64 */
};

enum ipvs_field_role {
	IPVS_R_KEY = 1,		/* identifies the object */
	IPVS_R_CFG = 2,		/* set by the user */
	IPVS_R_STATE = 4,	/* told by the kernel, ignored in requests */
	IPVS_R_MUST = 8,	/* a full request (new, set) must carry it */
	/* when a reply carries the field */
	IPVS_R_IF_SET = 16,	/* only if it is not empty */
	IPVS_R_IF_MARK = 32,	/* only for services by firewall mark */
	IPVS_R_IF_ADDR = 64,	/* only for services by address */
};

/* A member of a flat struct; size 0: there is none. Addresses are 4 bytes there, flags
 * have no mask, and counters are mostly 32 bits wide.
 */
struct ipvs_flat {
	__u16 offset;
	__u16 size;
};

struct ipvs_field {
	const char *name;	/* also the name in JSON */
	__u16 offset;		/* of the member in the object */
	__u16 size;		/* of the member */
	__u16 attr;		/* netlink attribute number; 0: netlink does not carry it */
	__u8 type;		/* enum ipvs_field_type */
	__u8 role;		/* enum ipvs_field_role, or-ed */
	const char *missing;	/* what a refused user is told, if it is not there */
	const char *malformed;	/* or has a wrong size */
	struct ipvs_flat user;	/* in struct ip_vs_…_user */
	struct ipvs_flat entry;	/* in struct ip_vs_…_entry, or what else answers */
};

#define IPVS_AT(object, member) \
	{ offsetof(struct object, member), sizeof(((struct object *)0)->member) }

#define IPVS_ROW(obj, member, attribute, ftype, frole, ...) \
	{ .name = #member, .offset = offsetof(struct obj, member), \
	  .size = sizeof(((struct obj *)0)->member), .attr = (attribute), \
	  .type = (ftype), .role = (frole), \
	  .missing = #obj "." #member ": missing", \
	  .malformed = #obj "." #member ": malformed", __VA_ARGS__ }

#define S(member, ...) IPVS_ROW(ipvs_service, member, __VA_ARGS__)
#define USER(member) .user = IPVS_AT(ip_vs_service_user, member)
#define ENTRY(member) .entry = IPVS_AT(ip_vs_service_entry, member)
#define BOTH(member) USER(member), ENTRY(member)
static const struct ipvs_field ipvs_service_fields[] __attribute__((unused)) = {
	S(af,		IPVS_SVC_ATTR_AF,		IPVS_F_U16,	IPVS_R_KEY),
	S(fwmark,	IPVS_SVC_ATTR_FWMARK,		IPVS_F_U32,	IPVS_R_KEY | IPVS_R_IF_MARK,
	  BOTH(fwmark)),
	S(protocol,	IPVS_SVC_ATTR_PROTOCOL,		IPVS_F_U16,	IPVS_R_KEY | IPVS_R_IF_ADDR,
	  BOTH(protocol)),
	S(addr,		IPVS_SVC_ATTR_ADDR,		IPVS_F_ADDR,	IPVS_R_KEY | IPVS_R_IF_ADDR,
	  BOTH(addr)),
	S(port,		IPVS_SVC_ATTR_PORT,		IPVS_F_BE16,	IPVS_R_KEY | IPVS_R_IF_ADDR,
	  BOTH(port)),
	S(sched,	IPVS_SVC_ATTR_SCHED_NAME,	IPVS_F_STR,	IPVS_R_CFG | IPVS_R_MUST,
	  BOTH(sched_name)),
	S(pe,		IPVS_SVC_ATTR_PE_NAME,		IPVS_F_STR,	IPVS_R_CFG | IPVS_R_IF_SET),
	S(flags,	IPVS_SVC_ATTR_FLAGS,		IPVS_F_FLAGS,	IPVS_R_CFG | IPVS_R_MUST,
	  BOTH(flags)),
	S(timeout,	IPVS_SVC_ATTR_TIMEOUT,		IPVS_F_U32,	IPVS_R_CFG | IPVS_R_MUST,
	  BOTH(timeout)),
	S(netmask,	IPVS_SVC_ATTR_NETMASK,		IPVS_F_U32,	IPVS_R_CFG | IPVS_R_MUST,
	  BOTH(netmask)),
	S(num_dests,	0,				IPVS_F_U32,	IPVS_R_STATE,
	  ENTRY(num_dests)),
	S(stats,	IPVS_SVC_ATTR_STATS,		IPVS_F_STATS32,	IPVS_R_STATE,
	  ENTRY(stats)),
	S(stats,	IPVS_SVC_ATTR_STATS64,		IPVS_F_STATS64,	IPVS_R_STATE),
};
#undef BOTH
#undef ENTRY
#undef USER
#undef S

#define D(member, ...) IPVS_ROW(ipvs_dest, member, __VA_ARGS__)
#define USER(member) .user = IPVS_AT(ip_vs_dest_user, member)
#define ENTRY(member) .entry = IPVS_AT(ip_vs_dest_entry, member)
#define BOTH(member) USER(member), ENTRY(member)
static const struct ipvs_field ipvs_dest_fields[] __attribute__((unused)) = {
	D(addr,		IPVS_DEST_ATTR_ADDR,		IPVS_F_ADDR,	IPVS_R_KEY,
	  BOTH(addr)),
	D(port,		IPVS_DEST_ATTR_PORT,		IPVS_F_BE16,	IPVS_R_KEY,
	  BOTH(port)),
	D(conn_flags,	IPVS_DEST_ATTR_FWD_METHOD,	IPVS_F_U32,	IPVS_R_CFG | IPVS_R_MUST,
	  BOTH(conn_flags)),
	D(weight,	IPVS_DEST_ATTR_WEIGHT,		IPVS_F_U32,	IPVS_R_CFG | IPVS_R_MUST,
	  BOTH(weight)),
	D(tun_type,	IPVS_DEST_ATTR_TUN_TYPE,	IPVS_F_U8,	IPVS_R_CFG),
	D(tun_port,	IPVS_DEST_ATTR_TUN_PORT,	IPVS_F_BE16,	IPVS_R_CFG),
	D(tun_flags,	IPVS_DEST_ATTR_TUN_FLAGS,	IPVS_F_U16,	IPVS_R_CFG),
	D(u_thresh,	IPVS_DEST_ATTR_U_THRESH,	IPVS_F_U32,	IPVS_R_CFG | IPVS_R_MUST,
	  BOTH(u_threshold)),
	D(l_thresh,	IPVS_DEST_ATTR_L_THRESH,	IPVS_F_U32,	IPVS_R_CFG | IPVS_R_MUST,
	  BOTH(l_threshold)),
	D(active,	IPVS_DEST_ATTR_ACTIVE_CONNS,	IPVS_F_U32,	IPVS_R_STATE,
	  ENTRY(activeconns)),
	D(inactive,	IPVS_DEST_ATTR_INACT_CONNS,	IPVS_F_U32,	IPVS_R_STATE,
	  ENTRY(inactconns)),
	D(persist,	IPVS_DEST_ATTR_PERSIST_CONNS,	IPVS_F_U32,	IPVS_R_STATE,
	  ENTRY(persistconns)),
	D(af,		IPVS_DEST_ATTR_ADDR_FAMILY,	IPVS_F_U16,	IPVS_R_KEY),
	D(stats,	IPVS_DEST_ATTR_STATS,		IPVS_F_STATS32,	IPVS_R_STATE,
	  ENTRY(stats)),
	D(stats,	IPVS_DEST_ATTR_STATS64,		IPVS_F_STATS64,	IPVS_R_STATE),
};
#undef BOTH
#undef ENTRY
#undef USER
#undef D

/* Inside a STATS32 nest bytes are u64 and all others u32; inside STATS64 all are u64.
 * struct ip_vs_stats_user has the widths of STATS32.
 */
#define T(member, attr, type) \
	IPVS_ROW(ipvs_stats, member, attr, type, IPVS_R_STATE, \
		 .entry = IPVS_AT(ip_vs_stats_user, member))
static const struct ipvs_field ipvs_stat_fields[] __attribute__((unused)) = {
	T(conns,	IPVS_STATS_ATTR_CONNS,		IPVS_F_STATS32),
	T(inpkts,	IPVS_STATS_ATTR_INPKTS,		IPVS_F_STATS32),
	T(outpkts,	IPVS_STATS_ATTR_OUTPKTS,	IPVS_F_STATS32),
	T(inbytes,	IPVS_STATS_ATTR_INBYTES,	IPVS_F_STATS64),
	T(outbytes,	IPVS_STATS_ATTR_OUTBYTES,	IPVS_F_STATS64),
	T(cps,		IPVS_STATS_ATTR_CPS,		IPVS_F_STATS32),
	T(inpps,	IPVS_STATS_ATTR_INPPS,		IPVS_F_STATS32),
	T(outpps,	IPVS_STATS_ATTR_OUTPPS,		IPVS_F_STATS32),
	T(inbps,	IPVS_STATS_ATTR_INBPS,		IPVS_F_STATS32),
	T(outbps,	IPVS_STATS_ATTR_OUTBPS,		IPVS_F_STATS32),
};
#undef T

/* Of the two groups a reply carries one. */
#define M(member, ...) IPVS_ROW(ipvs_daemon, member, __VA_ARGS__)
#define BOTH(member) \
	.user = IPVS_AT(ip_vs_daemon_user, member), .entry = IPVS_AT(ip_vs_daemon_user, member)
static const struct ipvs_field ipvs_daemon_fields[] __attribute__((unused)) = {
	M(state,	IPVS_DAEMON_ATTR_STATE,		IPVS_F_U32,	IPVS_R_KEY,
	  BOTH(state)),
	M(mcast_ifn,	IPVS_DAEMON_ATTR_MCAST_IFN,	IPVS_F_STR,	IPVS_R_CFG | IPVS_R_MUST,
	  BOTH(mcast_ifn)),
	M(sync_id,	IPVS_DAEMON_ATTR_SYNC_ID,	IPVS_F_U32,	IPVS_R_CFG | IPVS_R_MUST,
	  BOTH(syncid)),
	M(sync_maxlen,	IPVS_DAEMON_ATTR_SYNC_MAXLEN,	IPVS_F_U16,	IPVS_R_CFG | IPVS_R_IF_SET),
	M(mcast_port,	IPVS_DAEMON_ATTR_MCAST_PORT,	IPVS_F_U16,	IPVS_R_CFG | IPVS_R_IF_SET),
	M(mcast_ttl,	IPVS_DAEMON_ATTR_MCAST_TTL,	IPVS_F_U8,	IPVS_R_CFG | IPVS_R_IF_SET),
	M(mcast_group,	IPVS_DAEMON_ATTR_MCAST_GROUP,	IPVS_F_BE32,	IPVS_R_CFG | IPVS_R_IF_SET),
	M(mcast_group6,	IPVS_DAEMON_ATTR_MCAST_GROUP6,	IPVS_F_ADDR6,	IPVS_R_CFG | IPVS_R_IF_SET),
};
#undef BOTH
#undef M

#define C(member, attr) \
	IPVS_ROW(ipvs_timeouts, member, attr, IPVS_F_U32, IPVS_R_CFG, \
		 .user = IPVS_AT(ip_vs_timeout_user, member##_timeout), \
		 .entry = IPVS_AT(ip_vs_timeout_user, member##_timeout))
static const struct ipvs_field ipvs_timeout_fields[] __attribute__((unused)) = {
	C(tcp,		IPVS_CMD_ATTR_TIMEOUT_TCP),
	C(tcp_fin,	IPVS_CMD_ATTR_TIMEOUT_TCP_FIN),
	C(udp,		IPVS_CMD_ATTR_TIMEOUT_UDP),
};
#undef C

#define I(member, attr, flat) \
	IPVS_ROW(ipvs_info, member, attr, IPVS_F_U32, IPVS_R_STATE, \
		 .entry = IPVS_AT(ip_vs_getinfo, flat))
static const struct ipvs_field ipvs_info_fields[] __attribute__((unused)) = {
	I(version,	IPVS_INFO_ATTR_VERSION,		version),
	I(conn_tab_size, IPVS_INFO_ATTR_CONN_TAB_SIZE,	size),
	I(num_services,	0,				num_services),
};
#undef I

#endif
