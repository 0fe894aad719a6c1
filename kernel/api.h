/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * All that plug-ins may see: the one header of ip_vs_<scheduler>.ko,
 * ip_vs_pe_<engine>.ko and helpers. What is exported stands here in order:
 *
 *   ip_vs_sched_register, ip_vs_sched_unregister	sched/sched.h
 *   ip_vs_ring_next, ip_vs_ring_forget			sched/sched.h
 *   ip_vs_dest_array_*					sched/dest_array.h
 *   ip_vs_lbl_*						sched/lbl_cache.h
 *   ip_vs_match_packet					conn/match.h
 *   ip_vs_pe_register, ip_vs_pe_unregister		pe/pe.h
 *   ip_vs_app_add, ip_vs_app_del			app/app.h
 *   ip_vs_segment_*					packet/segment.h
 *   ip_vs_nfct_may_expect, ip_vs_nfct_expect		nfct/nfct.h
 *   ip_vs_conn_create, ip_vs_conn_find, ip_vs_conn_server, ip_vs_conn_update,
 *   ip_vs_conn_kill					conn/conn.h
 *   ip_vs_proto_timeout				proto/proto.h
 */
#ifndef IP_VS_API_H
#define IP_VS_API_H

#include <linux/module.h>

#include "app/app.h"
#include "conn/conn.h"
#include "nfct/nfct.h"
#include "packet/packet.h"
#include "packet/segment.h"
#include "pe/pe.h"
#include "conn/match.h"
#include "proto/proto.h"
#include "proto/tcp_states.h"
#include "sched/lbl_cache.h"
#include "sched/sched.h"

#endif
