/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The values of net.ipv4.vs.* that the datapath reads, one set per namespace.
 * ctl/sysctl.c allocates them and is their only writer; readers use READ_ONCE.
 */
#ifndef IP_VS_KNOBS_H
#define IP_VS_KNOBS_H

struct ip_vs_knobs {
	int conn_reuse_mode;
	int expire_nodest_conn;
	int sloppy_tcp;
	int snat_reroute;
	int run_estimation;
};

#define ip_vs_knob(ipvs, name) READ_ONCE((ipvs)->knobs->name)

#endif
