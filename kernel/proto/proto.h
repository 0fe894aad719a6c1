/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Transport protocols that IPVS balances: one row each in the table of
 * proto.c, and their time-outs per namespace.
 */
#ifndef IP_VS_PROTO_H
#define IP_VS_PROTO_H

#include "conn/conn.h"
#include "netns.h"
#include "packet/packet.h"
#include "uapi/ipvs_model.h"

/* @may_start: may this packet begin a connection? CONTINUE: yes; ACCEPT: it is not ours.
 * @transition: the state that follows @state; @no_reply: no reply has been seen or is expected.
 * @is_active: does the state count as active?
 * @is_finished: may a new connection with the same ends replace one in this state?
 * @is_opener: does the packet ask for a new connection (TCP SYN)?
 * @is_half_open: has only one end spoken yet, in this state?
 * @is_reset: does the packet end a connection by force?
 * @established: the state in which both ends have answered; 0: a reply tells.
 * Members may be NULL: never. A protocol without states (nr_states 0) uses the connection of
 * another and only keeps it alive.
 */
struct ip_vs_proto {
	u8 number;
	u8 nr_states;
	u8 established;
	const char *name;
	const char *const *state_names;
	const u16 *default_timeouts;		/* seconds, per state */
	enum ip_vs_verdict (*may_start)(const struct ip_vs_packet *pkt);
	u8 (*transition)(const struct ip_vs_packet *pkt, u8 state, bool reply, bool no_reply);
	bool (*is_active)(u8 state);
	bool (*is_half_open)(u8 state);
	bool (*is_finished)(u8 state, bool no_reply, int reuse_mode);
	bool (*is_opener)(const struct ip_vs_packet *pkt);
	bool (*is_reset)(const struct ip_vs_packet *pkt);
};

extern const struct ip_vs_proto ip_vs_proto_tcp;
extern const struct ip_vs_proto ip_vs_proto_udp;
extern const struct ip_vs_proto ip_vs_proto_sctp;
extern const struct ip_vs_proto ip_vs_proto_ah, ip_vs_proto_esp;

/* NULL if IPVS does not balance @number. */
const struct ip_vs_proto *ip_vs_proto_find(u8 number);

/* Let a packet of @cp move its state and its deadline. RCU, BH off. */
void ip_vs_proto_update(const struct ip_vs_packet *pkt, struct ip_vs_conn *cp, bool reply);

/* For listings: "TCP", "UDP", "IP_50" …; @buf at least 12 bytes, used if need be. */
const char *ip_vs_proto_name(u16 number, char *buf, size_t size);
/* "ESTABLISHED", "UDP", "ERR!" …; @is_template: "NONE" or "ASSURED". */
const char *ip_vs_proto_state_name(u8 number, u8 state, bool is_template);

/* The time-out of a state, seconds; 0 if IPVS does not balance @number. */
u32 ip_vs_proto_timeout(struct netns_ipvs *ipvs, u8 number, u8 state);

/* The three time-outs users may set, seconds. set: cfg_mutex; -EINVAL if any is
 * above INT_MAX / HZ, then none is changed; 0 keeps the current one.
 */
void ip_vs_proto_timeouts_get(struct netns_ipvs *ipvs, struct ipvs_timeouts *out);
int ip_vs_proto_timeouts_set(struct netns_ipvs *ipvs, const struct ipvs_timeouts *in);

extern const struct ip_vs_subsys ip_vs_proto_subsys;

#endif
