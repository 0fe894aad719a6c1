/* SPDX-License-Identifier: GPL-2.0-only */
/* 6.1: the same declarations stand in <linux/skbuff.h>. */
#ifndef IP_VS_COMPAT_GSO_H
#define IP_VS_COMPAT_GSO_H

#ifdef HAVE_NET_GSO_H
#include_next <net/gso.h>
#else
#include <linux/skbuff.h>
#endif

#endif
