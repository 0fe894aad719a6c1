/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * All that plug-ins may see: the one header of ip_vs_<scheduler>.ko and
 * ip_vs_pe_<engine>.ko. What is exported stands here in order:
 *
 *   ip_vs_sched_register, ip_vs_sched_unregister	sched/sched.h
 *   ip_vs_ring_next, ip_vs_ring_forget			sched/sched.h
 *   ip_vs_dest_array_*					sched/dest_array.h
 *   ip_vs_lbl_*						sched/lbl_cache.h
 *   ip_vs_match_packet					conn/match.h
 *   ip_vs_pe_register, ip_vs_pe_unregister		pe/pe.h
 */
#ifndef IP_VS_API_H
#define IP_VS_API_H

#include <linux/module.h>

#include "packet/packet.h"
#include "pe/pe.h"
#include "conn/match.h"
#include "sched/lbl_cache.h"
#include "sched/sched.h"

#endif
