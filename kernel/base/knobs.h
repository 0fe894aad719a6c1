/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The values of net.ipv4.vs.*, one set per namespace. ctl/sysctl.c allocates and
 * writes them, base/pressure.c moves the three defences between their automatic
 * states; everybody else reads them with ip_vs_knob(). ip_vs(7) says what each does.
 */
#ifndef IP_VS_KNOBS_H
#define IP_VS_KNOBS_H

#include <linux/compiler.h>
#include <linux/cpumask.h>
#include <linux/mutex.h>
#include <linux/types.h>

#define IP_VS_CONN_MAX	(BITS_PER_LONG == 64 ? 1 << 30 : 1 << 24)	/* of any namespace */
#define IP_VS_CONN_EVICT_MAX 86400	/* seconds */

struct ip_vs_knobs {
	int amemthresh;			/* pages */
	int am_droprate;
	int drop_entry;			/* 0 to 3; 2 and 3: at work */
	int drop_packet;		/* 0 to 3; 2 and 3: at work */
	int secure_tcp;			/* 0 to 3; 2 and 3: at work */
	int conntrack;
	int snat_reroute;
	int sync_version;		/* 0 or 1 */
	int sync_ports;			/* a power of two */
	int sync_persist_mode;
	unsigned long sync_qlen_max;	/* messages */
	int sync_sock_size;		/* bytes; 0 and less: the system's default */
	int cache_bypass;
	int expire_nodest_conn;
	int sloppy_tcp;
	int sloppy_sctp;
	int expire_quiescent_template;
	int sync_threshold[2];		/* packets: threshold, period */
	int sync_refresh_period;	/* jiffies; may be negative */
	int sync_retries;		/* 0 to 3 */
	int nat_icmp_send;
	int pmtu_disc;
	int backup_only;
	int conn_reuse_mode;
	int schedule_icmp;
	int ignore_tunneled;
	int run_estimation;
	int est_nice;
	int conn_lfactor;		/* -8 to 8: entries per bucket, as a power of two */
	int svc_lfactor;
	int conn_max;			/* connections */
	int conn_evict;			/* seconds without a packet; 0: never */
	int move_flows;			/* 0 to 2 */
	int conn_max_limit;		/* what conn_max may be raised to from inside a container */

	/* the estimator's CPUs; est_lock guards them, est_changes tells that something changed */
	struct mutex est_lock;
	cpumask_var_t est_cpulist;
	unsigned int est_changes;

	struct mutex rooms_lock;
	struct list_head rooms;		/* tables that follow a load factor; rooms_lock */
};

#define ip_vs_knob(ipvs, name) READ_ONCE((ipvs)->knobs->name)

/* base/pressure.c */
long ip_vs_memory_available(void);
void ip_vs_pressure_update(struct ip_vs_knobs *knobs);

#endif
