/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Helpers: protocols that speak of addresses inside their data need more than translated
 * headers. A helper serves ports of a namespace; masqueraded connections to them are helped.
 */
#ifndef IP_VS_APP_H
#define IP_VS_APP_H

#include <linux/atomic.h>
#include <linux/list.h>
#include <linux/refcount.h>
#include <linux/spinlock.h>

#include "base/seq.h"
#include "base/registry.h"
#include "base/verdict.h"
#include "netns.h"

struct ip_vs_conn;
struct ip_vs_helped;
struct ip_vs_packet;

/* @request, @reply: look at a packet on its way to the server or the client, before it is
 * translated; its transport header is whole and its checksum right. They may change, shorten
 * or drop it (CONTINUE or DROP), under the lock of @helped. RCU, BH off.
 * @size: bytes of what the helper remembers of a connection, zeroed.
 */
struct ip_vs_app {
	const char *name;
	struct module *owner;
	u8 proto;
	size_t size;
	enum ip_vs_verdict (*request)(struct ip_vs_packet *pkt, struct ip_vs_conn *cp,
				      struct ip_vs_helped *helped);
	enum ip_vs_verdict (*reply)(struct ip_vs_packet *pkt, struct ip_vs_conn *cp,
				    struct ip_vs_helped *helped);
};

/* A port that a helper serves. In the namespace's list; its connections hold it, too. */
struct ip_vs_app_port {
	struct list_head list;		/* cfg_mutex; RCU readers */
	const struct ip_vs_app *app;
	u16 port;
	atomic_t users;			/* connections */
	refcount_t refs;
	struct rcu_head rcu;
};

/* What a helper knows of a connection, which owns it. */
struct ip_vs_helped {
	struct ip_vs_app_port *port;	/* constant; referenced, like the module of the helper */
	spinlock_t lock;		/* lock 4½: all that follows */
	struct ip_vs_seq replies;	/* how replies were moved */
	bool moved;			/* and backups have not been told */
	u64 data[];			/* the helper's own */
};

/* Plug-ins, for each namespace. @ports: numbers, of which 0 stands for none. Process context.
 * add: -EEXIST if a port is served already; then none is added.
 */
int ip_vs_app_add(struct net *net, const struct ip_vs_app *app, const u16 *ports,
		  unsigned int nr);
void ip_vs_app_del(struct net *net, const struct ip_vs_app *app);

/* Does a helper serve this port? RCU. */
bool ip_vs_app_serves(const struct netns_ipvs *ipvs, u8 proto, __be16 port);

/* The beginning of what a helper will know of a connection to @port: NULL if none serves it,
 * ERR_PTR(-ENOMEM). RCU. The end, any context; accepts NULL.
 */
struct ip_vs_helped *ip_vs_app_help(const struct netns_ipvs *ipvs, u8 proto, __be16 port);
void ip_vs_app_leave(struct ip_vs_helped *helped);

/* Call @show for every port of the namespace, the newest first. Process context. */
void ip_vs_app_for_each(struct netns_ipvs *ipvs,
			void (*show)(const struct ip_vs_app_port *port, void *arg), void *arg);

extern const struct ip_vs_subsys ip_vs_app_subsys;

#endif
