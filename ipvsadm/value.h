/* SPDX-License-Identifier: GPL-2.0-only */
/* Values of options. Each function says whether the text was one. */
#ifndef VALUE_H
#define VALUE_H

#include <stdbool.h>

#include "ipvs.h"

/* Decimal; leading white space, a sign and zeros are taken. */
bool value_number(const char *text, long long min, long long max, long long *number);

/* An address or host name, and what stands behind it: *@port is NULL or the text
 * of the port, which is a part of @text or empty.
 */
bool value_endpoint(const char *text, __u16 *af, union nf_inet_addr *addr, const char **port);

/* A number or the name of a service of @protocol (0: numbers only). */
bool value_port(const char *text, int protocol, __be16 *port);

/* A mask of @af: an address, or the length of a prefix. */
bool value_netmask(const char *text, int af, __u32 *mask);

/* The mask that stands for whole addresses. */
__u32 value_full_mask(int af);

/* A comma-separated list of flags of @sched. On failure *@word is the offender,
 * to be freed, and *@known tells whether it is a flag of another scheduler.
 */
bool value_sched_flags(const char *text, const char *sched, __u32 *flags, char **word, bool *known);

/* The name of one flag of @sched. */
const char *value_sched_flag_name(__u32 flag, const char *sched);

#define SCHED_FLAGS_ALL (IP_VS_SVC_F_SCHED1 | IP_VS_SVC_F_SCHED2 | IP_VS_SVC_F_SCHED3)

#endif
