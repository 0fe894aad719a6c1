/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Field tables to and from netlink attributes. One engine for all objects:
 * what an attribute may look like follows from the type in its row.
 */
#ifndef IP_VS_ATTR_H
#define IP_VS_ATTR_H

#include <linux/types.h>
#include <net/netlink.h>

#include "uapi/ipvs_fields.h"

struct ip_vs_table {
	const struct ipvs_field *rows;
	unsigned int nr;
};

/* Tables of uapi/ipvs_fields.h by object. */
extern const struct ip_vs_table ip_vs_service_table;
extern const struct ip_vs_table ip_vs_dest_table;
extern const struct ip_vs_table ip_vs_daemon_table;
extern const struct ip_vs_table ip_vs_timeouts_table;
extern const struct ip_vs_table ip_vs_info_table;

/* How an object of a request arrived. A front end fills it together with the
 * object; whether anybody minds is decided by the command.
 */
struct ip_vs_part {
	bool present;
	int err;			/* 0, or why it cannot be used */
	const char *why;		/* in words, if err */
	const struct nlattr *bad;	/* the attribute to blame, if err; may be NULL */
	u32 given;			/* bit n: attribute n was there */
};

static inline bool ip_vs_part_has(const struct ip_vs_part *part, unsigned int attr)
{
	return part->given & (1U << attr);
}

void ip_vs_attr_decode(const struct ip_vs_table *table, const struct nlattr *head, int len,
		       void *obj, struct ip_vs_part *part);
int ip_vs_attr_encode(struct sk_buff *skb, const struct ip_vs_table *table, const void *obj,
		      unsigned int omit);

#endif
