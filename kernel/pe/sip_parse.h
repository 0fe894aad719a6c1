/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The Call-ID of a SIP message (RFC 3261): pure text, no kernel.
 */
#ifndef IP_VS_SIP_PARSE_H
#define IP_VS_SIP_PARSE_H

#ifdef __KERNEL__
#include <linux/types.h>
#else
#include <stddef.h>
#endif

/* The value of the header Call-ID, or of its short form "i": *@value is set to where it
 * stands in @text, which need not end with NUL.
 * Return: its length, or 0 if there is none or it does not end within @len bytes.
 */
size_t ip_vs_sip_call_id(const char *text, size_t len, const char **value);

#endif
