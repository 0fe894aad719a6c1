// SPDX-License-Identifier: GPL-2.0-only
/*
 * Multicast sockets of the sync daemons. Options are set through the same
 * functions as a program's, so they mean the same on every kernel.
 */
#include <linux/err.h>
#include <linux/in.h>
#include <linux/in6.h>
#include <linux/inetdevice.h>
#include <linux/net.h>
#include <linux/sockptr.h>
#include <net/sock.h>

#include "base/knobs.h"
#include "sync/daemon.h"

union address {
	struct sockaddr any;
	struct sockaddr_in in;
	struct sockaddr_in6 in6;
};

static int set_option(struct socket *sock, int level, int name, void *value, unsigned int size)
{
	if (level == SOL_SOCKET)
		return sock_setsockopt(sock, level, name, KERNEL_SOCKPTR(value), size);
	return sock->ops->setsockopt(sock, level, name, KERNEL_SOCKPTR(value), size);
}

static int set_int(struct socket *sock, int level, int name, int value)
{
	return set_option(sock, level, name, &value, sizeof(value));
}

/* The group and the port of a thread; returns the address's size. */
static int group_address(const struct ip_vs_sync_daemon *daemon, unsigned int id,
			 union address *addr)
{
	const struct ipvs_daemon *cfg = &daemon->cfg;
	__be16 port = htons((u16)(cfg->mcast_port + id));

	memset(addr, 0, sizeof(*addr));
	if (ip_vs_sync_is_ipv6(cfg)) {
		addr->in6.sin6_family = AF_INET6;
		addr->in6.sin6_port = port;
		addr->in6.sin6_addr = cfg->mcast_group6;
		addr->in6.sin6_scope_id = daemon->ifindex;
		return sizeof(addr->in6);
	}
	addr->in.sin_family = AF_INET;
	addr->in.sin_port = port;
	addr->in.sin_addr.s_addr = cfg->mcast_group;
	return sizeof(addr->in);
}

/* @option: SO_SNDBUF or SO_RCVBUF, if the operator wants another size than the system's. */
static int set_size(const struct ip_vs_sync_daemon *daemon, struct socket *sock, int option)
{
	int size = ip_vs_knob(daemon->ipvs, sync_sock_size);

	return size > 0 ? set_int(sock, SOL_SOCKET, option, size) : 0;
}

static int send_options_ipv4(const struct ip_vs_sync_daemon *daemon, struct socket *sock)
{
	struct ip_mreqn device = { .imr_ifindex = daemon->ifindex };
	int err;

	err = set_option(sock, SOL_IP, IP_MULTICAST_IF, &device, sizeof(device));
	if (!err)
		err = set_int(sock, SOL_IP, IP_MULTICAST_LOOP, 0);
	if (!err)
		err = set_int(sock, SOL_IP, IP_MULTICAST_TTL, daemon->cfg.mcast_ttl);
	if (!err)
		err = set_int(sock, SOL_IP, IP_MTU_DISCOVER, IP_PMTUDISC_DONT);
	return err;
}

static int send_options_ipv6(const struct ip_vs_sync_daemon *daemon, struct socket *sock)
{
	int err;

	err = set_int(sock, SOL_IPV6, IPV6_MULTICAST_IF, daemon->ifindex);
	if (!err)
		err = set_int(sock, SOL_IPV6, IPV6_MULTICAST_LOOP, 0);
	if (!err)
		err = set_int(sock, SOL_IPV6, IPV6_MULTICAST_HOPS, daemon->cfg.mcast_ttl);
	if (!err)
		err = set_int(sock, SOL_IPV6, IPV6_MTU_DISCOVER, IPV6_PMTUDISC_DONT);
	return err;
}

/* Backups see the device's own address as the sender. */
static int bind_to_device_address(const struct ip_vs_sync_daemon *daemon, struct socket *sock)
{
	union address addr = { .in = { .sin_family = AF_INET } };
	struct net_device *dev;

	rcu_read_lock();
	dev = dev_get_by_index_rcu(daemon->ipvs->net, daemon->ifindex);
	if (dev)
		addr.in.sin_addr.s_addr = inet_select_addr(dev, 0, RT_SCOPE_UNIVERSE);
	rcu_read_unlock();
	if (!addr.in.sin_addr.s_addr)
		pr_info_ratelimited("sync %s: device %s has no IPv4 address\n", daemon->role->name,
				    daemon->cfg.mcast_ifn);
	return sock->ops->bind(sock, &addr.any, sizeof(addr.in));
}

static int set_up_sender(const struct ip_vs_sync_daemon *daemon, unsigned int id,
			 struct socket *sock)
{
	union address group;
	int err, size;

	if (ip_vs_sync_is_ipv6(&daemon->cfg))
		err = send_options_ipv6(daemon, sock);
	else
		err = send_options_ipv4(daemon, sock);
	if (!err)
		err = set_size(daemon, sock, SO_SNDBUF);
	if (!err && !ip_vs_sync_is_ipv6(&daemon->cfg))
		err = bind_to_device_address(daemon, sock);
	if (err)
		return err;
	size = group_address(daemon, id, &group);
	return sock->ops->connect(sock, &group.any, size, 0);
}

static int join(const struct ip_vs_sync_daemon *daemon, struct socket *sock)
{
	struct ip_mreqn group = {
		.imr_multiaddr.s_addr = daemon->cfg.mcast_group,
		.imr_ifindex = daemon->ifindex,
	};
	struct ipv6_mreq group6 = {
		.ipv6mr_multiaddr = daemon->cfg.mcast_group6,
		.ipv6mr_ifindex = daemon->ifindex,
	};

	if (ip_vs_sync_is_ipv6(&daemon->cfg))
		return set_option(sock, SOL_IPV6, IPV6_ADD_MEMBERSHIP, &group6, sizeof(group6));
	return set_option(sock, SOL_IP, IP_ADD_MEMBERSHIP, &group, sizeof(group));
}

static int set_up_receiver(const struct ip_vs_sync_daemon *daemon, unsigned int id,
			   struct socket *sock)
{
	union address group;
	int err, size;

	/* two backups on one host, in different roles of it, may share the port */
	sock_set_reuseaddr(sock->sk);
	err = set_size(daemon, sock, SO_RCVBUF);
	if (!err)
		err = sock_bindtoindex(sock->sk, daemon->ifindex, true);
	if (err)
		return err;
	size = group_address(daemon, id, &group);
	err = sock->ops->bind(sock, &group.any, size);
	return err ?: join(daemon, sock);
}

static struct socket *open_with(const struct ip_vs_sync_daemon *daemon, unsigned int id,
				int (*set_up)(const struct ip_vs_sync_daemon *daemon,
					      unsigned int id, struct socket *sock))
{
	int family = ip_vs_sync_is_ipv6(&daemon->cfg) ? AF_INET6 : AF_INET;
	struct socket *sock;
	int err;

	err = sock_create_kern(daemon->ipvs->net, family, SOCK_DGRAM, IPPROTO_UDP, &sock);
	if (err)
		return ERR_PTR(err);
	err = set_up(daemon, id, sock);
	if (err) {
		sock_release(sock);
		return ERR_PTR(err);
	}
	return sock;
}

/**
 * ip_vs_sync_open_sender() - make the socket of a thread of a master
 * @daemon: with its configuration complete
 * @id: number of the thread
 *
 * Context: Process, may sleep.
 * Return: the socket, or an ERR_PTR: what a program would be told.
 */
struct socket *ip_vs_sync_open_sender(const struct ip_vs_sync_daemon *daemon, unsigned int id)
{
	return open_with(daemon, id, set_up_sender);
}

/* Likewise of a backup. */
struct socket *ip_vs_sync_open_receiver(const struct ip_vs_sync_daemon *daemon, unsigned int id)
{
	return open_with(daemon, id, set_up_receiver);
}

void ip_vs_sync_close(struct socket *sock)
{
	if (sock)
		sock_release(sock);
}
