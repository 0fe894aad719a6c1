/* SPDX-License-Identifier: GPL-2.0-only */
/* 6.1: the same declarations stand in <linux/skbuff.h>. */
#ifndef IP_VS_COMPAT_GSO_H
#define IP_VS_COMPAT_GSO_H

#if __has_include_next(<net/gso.h>)
#include_next <net/gso.h>
#else
#include <linux/skbuff.h>
#endif

#endif
