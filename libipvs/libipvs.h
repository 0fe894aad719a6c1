/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The interface of the historic library, for programs that were written to it: one
 * conversation per process, errors in errno, lists in one allocated block that the
 * caller releases with free(). Not for several threads. New programs use ipvs.h.
 *
 * Functions return 0, or -1 or NULL with errno set to the kernel's error.
 */
#ifndef LIBIPVS_H
#define LIBIPVS_H

#include "ipvs_model.h"

#ifdef __cplusplus
extern "C" {
#endif

/* A virtual service: by mark if fwmark is not 0, else by protocol, address and port. */
typedef struct ipvs_legacy_service {
	__u16 af;				/* AF_INET or AF_INET6 */
	__u16 protocol;
	union nf_inet_addr addr;
	__be16 port;
	__u32 fwmark;
	char sched_name[IP_VS_SCHEDNAME_MAXLEN];
	unsigned int flags;			/* IP_VS_SVC_F_* */
	unsigned int timeout;			/* persistence, seconds */
	__be32 netmask;				/* IPv6: prefix length, host order */
	char pe_name[IP_VS_PENAME_MAXLEN + 1];
} ipvs_service_t;

/* The same as it is told. */
typedef struct ipvs_legacy_service_entry {
	__u16 af;
	__u16 protocol;
	union nf_inet_addr addr;
	__be16 port;
	__u32 fwmark;
	char sched_name[IP_VS_SCHEDNAME_MAXLEN];
	unsigned int flags;
	unsigned int timeout;
	__be32 netmask;
	char pe_name[IP_VS_PENAME_MAXLEN + 1];
	unsigned int num_dests;
	struct ipvs_stats stats;
} ipvs_service_entry_t;

/* A real server; an af of 0 means that of the service. */
typedef struct ipvs_legacy_dest {
	__u16 af;
	union nf_inet_addr addr;
	__be16 port;
	unsigned int conn_flags;		/* forwarding method, IP_VS_CONN_F_* */
	int weight;
	__u32 u_threshold;
	__u32 l_threshold;
	__u16 tun_type;
	__be16 tun_port;
	__u16 tun_flags;
} ipvs_dest_t;

/* The same as it is told. */
typedef struct ipvs_legacy_dest_entry {
	__u16 af;
	union nf_inet_addr addr;
	__be16 port;
	unsigned int conn_flags;
	int weight;
	__u32 u_threshold;
	__u32 l_threshold;
	__u16 tun_type;
	__be16 tun_port;
	__u16 tun_flags;
	__u32 activeconns;
	__u32 inactconns;
	__u32 persistconns;
	struct ipvs_stats stats;
} ipvs_dest_entry_t;

typedef struct ip_vs_timeout_user ipvs_timeout_t;

/* A sync daemon; state is IP_VS_STATE_MASTER or IP_VS_STATE_BACKUP. */
typedef struct ipvs_legacy_daemon {
	int state;
	char mcast_ifn[IP_VS_IFNAME_MAXLEN];
	int syncid;
	int sync_maxlen;
	__u16 mcast_af;				/* 0: the kernel's default group */
	union nf_inet_addr mcast_group;
	__u16 mcast_port;			/* host order */
	__u8 mcast_ttl;
} ipvs_daemon_t;

/* What the lists look like. The kernel's own names, struct ip_vs_get_services and
 * struct ip_vs_get_dests, are taken by <linux/ip_vs.h>, whose entries know IPv4 only.
 */
typedef struct ipvs_legacy_services {
	unsigned int num_services;
	ipvs_service_entry_t entrytable[];
} ipvs_services_t;

typedef struct ipvs_legacy_dests {
	__u16 af;				/* the key of the service */
	__u16 protocol;
	union nf_inet_addr addr;
	__be16 port;
	__u32 fwmark;
	unsigned int num_dests;
	ipvs_dest_entry_t entrytable[];
} ipvs_dests_t;

typedef int (*ipvs_service_cmp_t)(ipvs_service_entry_t *, ipvs_service_entry_t *);
typedef int (*ipvs_dest_cmp_t)(ipvs_dest_entry_t *, ipvs_dest_entry_t *);

/* As the last ipvs_getinfo() found it; ipvs_init() makes the first. */
extern struct ip_vs_getinfo ipvs_info;

int ipvs_init(void);
void ipvs_close(void);
/* Reads ipvs_info. */
int ipvs_getinfo(void);
/* The kernel's IPVS version, for example 0x010201. */
unsigned int ipvs_version(void);

int ipvs_flush(void);

int ipvs_add_service(ipvs_service_t *svc);
int ipvs_update_service(ipvs_service_t *svc);
int ipvs_del_service(ipvs_service_t *svc);
/* Of all services if mark, address and port are 0. */
int ipvs_zero_service(ipvs_service_t *svc);

int ipvs_add_dest(ipvs_service_t *svc, ipvs_dest_t *dest);
int ipvs_update_dest(ipvs_service_t *svc, ipvs_dest_t *dest);
int ipvs_del_dest(ipvs_service_t *svc, ipvs_dest_t *dest);

int ipvs_set_timeout(ipvs_timeout_t *to);
/* To be released with free(). */
ipvs_timeout_t *ipvs_get_timeout(void);

int ipvs_start_daemon(ipvs_daemon_t *dm);
int ipvs_stop_daemon(ipvs_daemon_t *dm);
/* Two: the master and the backup; state 0 where none runs. To be released with free(). */
ipvs_daemon_t *ipvs_get_daemon(void);

/* To be released with free(). */
ipvs_services_t *ipvs_get_services(void);
ipvs_service_entry_t *ipvs_get_service(__u32 fwmark, __u16 af, __u16 protocol,
				       union nf_inet_addr addr, __be16 port);
ipvs_dests_t *ipvs_get_dests(ipvs_service_entry_t *svc);

int ipvs_cmp_services(ipvs_service_entry_t *s1, ipvs_service_entry_t *s2);
int ipvs_cmp_dests(ipvs_dest_entry_t *d1, ipvs_dest_entry_t *d2);
/* With NULL for the order, that of the functions above. */
void ipvs_sort_services(ipvs_services_t *s, ipvs_service_cmp_t cmp);
void ipvs_sort_dests(ipvs_dests_t *d, ipvs_dest_cmp_t cmp);

/* What @err means after the function called last. */
const char *ipvs_strerror(int err);

#ifdef __cplusplus
}
#endif

#endif
