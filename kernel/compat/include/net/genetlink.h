/* SPDX-License-Identifier: GPL-2.0-only */
/* 6.1: no name for the alias by which a family's module is loaded. */
#ifndef IP_VS_COMPAT_GENETLINK_H
#define IP_VS_COMPAT_GENETLINK_H
#include_next <net/genetlink.h>

#ifndef MODULE_ALIAS_GENL_FAMILY
#define MODULE_ALIAS_GENL_FAMILY(family) \
	MODULE_ALIAS_NET_PF_PROTO_NAME(PF_NETLINK, NETLINK_GENERIC, "-family-" family)
#endif

#endif
