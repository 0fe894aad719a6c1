/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Field tables to and from the flat structs of the socket options.
 */
#ifndef IP_VS_FLAT_H
#define IP_VS_FLAT_H

#include "ctl/attr.h"

void ip_vs_flat_decode(const struct ip_vs_table *table, const void *flat, void *obj,
		       struct ip_vs_part *part);
void ip_vs_flat_encode(const struct ip_vs_table *table, const void *obj, void *flat);

#endif
