/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Refusals: an errno for programs and a sentence for their users.
 */
#ifndef IP_VS_EXTACK_H
#define IP_VS_EXTACK_H

#include <linux/netlink.h>

/* @text must be a literal: it is read after the caller has returned. */
static inline int ip_vs_refuse(struct netlink_ext_ack *extack, int err, const char *text)
{
	if (extack)
		extack->_msg = text;
	return err;
}

#endif
