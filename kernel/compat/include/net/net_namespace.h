/* SPDX-License-Identifier: GPL-2.0-only */
/* 6.1: tables of sysctls end with an empty row instead of having a size. Callers
 * leave an empty row behind @size rows.
 */
#ifndef IP_VS_COMPAT_NET_NAMESPACE_H
#define IP_VS_COMPAT_NET_NAMESPACE_H
#include_next <net/net_namespace.h>

#ifndef register_net_sysctl
#define register_net_sysctl_sz(net, path, table, size)	register_net_sysctl(net, path, table)
#endif

#endif
