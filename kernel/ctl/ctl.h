/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Commands: what users ask of a namespace, whichever interface they used. A
 * front end decodes into struct ip_vs_request, calls ip_vs_ctl_run() and
 * encodes what the request then holds.
 */
#ifndef IP_VS_CTL_H
#define IP_VS_CTL_H

#include <linux/bits.h>

#include "ctl/attr.h"
#include "netns.h"
#include "uapi/ipvs_model.h"

#define IP_VS_VERSION_CODE	0x010201
#define IP_VS_VERSION_TEXT	"1.2.1"

struct ip_vs_sched_ops;
struct ip_vs_service;
struct netlink_ext_ack;

/* Where interfaces differ in what a command means. */
enum {
	IP_VS_REQ_SAME_PROTOCOL		= BIT(0),	/* a mark's service is the one with this protocol */
	IP_VS_REQ_DAEMON_WITH_MIXED	= BIT(1),	/* daemons beside destinations of other families */
};

struct ip_vs_request {
	/* from the front end */
	struct netns_ipvs *ipvs;
	struct netlink_ext_ack *extack;		/* may be NULL */
	u8 cmd;					/* IPVS_CMD_… */
	u8 quirks;				/* IP_VS_REQ_… */
	struct ip_vs_part service_part;
	struct ip_vs_part dest_part;
	struct ip_vs_part daemon_part;
	/* from the front end; a command that gets something leaves it here */
	struct ipvs_service service;
	struct ipvs_dest dest;
	struct ipvs_daemon daemon;
	struct ipvs_timeouts timeouts;
	struct ipvs_info info;
	/* of the engine */
	struct ip_vs_service *svc;		/* the one named; cfg_mutex */
	const struct ip_vs_sched_ops *sched;	/* reference, until a service takes it over */
	const struct ip_vs_pe *pe;		/* likewise */
};

int ip_vs_ctl_check_service(struct ip_vs_request *req);
int ip_vs_ctl_run(struct ip_vs_request *req);

extern const struct ip_vs_subsys ip_vs_ctl_subsys;
extern const struct ip_vs_subsys ip_vs_genl_subsys;
extern const struct ip_vs_subsys ip_vs_sockopt_subsys;
extern const struct ip_vs_subsys ip_vs_sysctl_subsys;
extern const struct ip_vs_subsys ip_vs_proc_subsys;
extern const struct ip_vs_subsys ip_vs_status_subsys;

#endif
