/* SPDX-License-Identifier: GPL-2.0-only */
/* Before 6.11 handlers get a table that they may write to. */
#ifndef IP_VS_COMPAT_SYSCTL_H
#define IP_VS_COMPAT_SYSCTL_H
#include_next <linux/sysctl.h>

#include <linux/version.h>

#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 11, 0)
#define IP_VS_CTL_TABLE	const struct ctl_table
#else
#define IP_VS_CTL_TABLE	struct ctl_table
#endif

#endif
