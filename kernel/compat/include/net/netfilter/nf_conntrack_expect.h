/* SPDX-License-Identifier: GPL-2.0-only */
#include_next <net/netfilter/nf_conntrack_expect.h>

#ifndef IP_VS_COMPAT_NF_CONNTRACK_EXPECT_H
#define IP_VS_COMPAT_NF_CONNTRACK_EXPECT_H

/* When an expectation ends, in jiffies: of a timer at first, then, in stable kernels too, plain. */
#ifdef HAVE_NF_EXPECT_TIMER
#define IP_VS_EXPECT_END(exp)	((exp)->timeout.expires)
#else
#define IP_VS_EXPECT_END(exp)	((exp)->timeout)
#endif

#endif
