// SPDX-License-Identifier: GPL-2.0-only
/*
 * Destinations by real server: a table per namespace. One server may serve many services, so
 * each entry has lists of destinations; to ask, to join and to leave cost the same however
 * long these are. Written under cfg_mutex.
 */
#include <linux/in.h>
#include <linux/slab.h>

#include "svc/real.h"

/* Where a server is, for those who meet its packets. */
struct real_key {
	union nf_inet_addr addr;
	__be16 port;				/* of the server, or where its tunnel ends */
	u16 af;
	u8 method;
	u8 tun_type;
	u16 zero;
};

/* What the services of a server are for. Those by mark are for everything. */
enum served { SERVED_TCP, SERVED_UDP, SERVED_SCTP, SERVED_OTHER, SERVED_ALL, SERVED_MAX };

struct ip_vs_real {
	struct rhash_head node;
	struct real_key key;
	struct hlist_head dests[SERVED_MAX];	/* cfg_mutex; RCU readers */
	unsigned int nr;			/* cfg_mutex; how many there are in all */
	struct rcu_head rcu;
};

struct ip_vs_real_net {
	struct rhashtable table;
};

static const struct rhashtable_params real_params = {
	.head_offset		= offsetof(struct ip_vs_real, node),
	.key_offset		= offsetof(struct ip_vs_real, key),
	.key_len		= sizeof(struct real_key),
	.automatic_shrinking	= true,
};

/* False: nobody asks for destinations of this method. */
static bool real_key_init(struct real_key *key, const struct ip_vs_dest *dest,
			  const struct ipvs_dest *cfg)
{
	memset(key, 0, sizeof(*key));
	key->addr = dest->key.addr;
	key->af = dest->key.af;
	key->method = cfg->conn_flags & IP_VS_CONN_F_FWD_MASK;
	switch (key->method) {
	case IP_VS_CONN_F_MASQ:
		key->port = dest->key.port;
		return true;
	case IP_VS_CONN_F_TUNNEL:
		key->tun_type = cfg->tun_type;
		if (key->tun_type == IP_VS_CONN_F_TUNNEL_TYPE_GUE)
			key->port = cfg->tun_port;
		return true;
	default:
		return false;
	}
}

static enum served served_by(u16 proto)
{
	switch (proto) {
	case IPPROTO_TCP:
		return SERVED_TCP;
	case IPPROTO_UDP:
		return SERVED_UDP;
	case IPPROTO_SCTP:
		return SERVED_SCTP;
	default:
		return SERVED_OTHER;
	}
}

static enum served served_of(const struct ip_vs_dest *dest)
{
	return dest->key.svc.fwmark ? SERVED_ALL : served_by(dest->key.svc.proto);
}

/* The entry of @key, made if there is none. */
static struct ip_vs_real *get(struct netns_ipvs *ipvs, const struct real_key *key)
{
	struct rhashtable *table = &ipvs->real->table;
	struct ip_vs_real *real = rhashtable_lookup_fast(table, key, real_params);
	int err;

	if (real)
		return real;
	real = kzalloc(sizeof(*real), GFP_KERNEL_ACCOUNT);
	if (!real)
		return ERR_PTR(-ENOMEM);
	real->key = *key;
	err = rhashtable_insert_fast(table, &real->node, real_params);
	if (!err)
		return real;
	kfree(real);
	return ERR_PTR(err);
}

/* Packets that found the entry or the destination use them no longer than their RCU read
 * lock lasts; the destination lives in the trash for longer than that anyway.
 */
static void leave(struct ip_vs_dest *dest)
{
	struct ip_vs_real *real = dest->real;

	hlist_del_rcu(&dest->real_node);
	dest->real = NULL;
	if (--real->nr)
		return;
	rhashtable_remove_fast(&dest->ipvs->real->table, &real->node, real_params);
	kfree_rcu(real, rcu);
}

int ip_vs_real_set(struct ip_vs_dest *dest, const struct ipvs_dest *cfg)
{
	struct ip_vs_real *real = NULL;
	struct real_key key;

	lockdep_assert_held(&dest->ipvs->cfg_mutex);
	if (real_key_init(&key, dest, cfg)) {
		real = get(dest->ipvs, &key);
		if (IS_ERR(real))
			return PTR_ERR(real);
	}
	if (real == dest->real)
		return 0;
	if (dest->real)
		leave(dest);
	if (real) {
		hlist_add_head_rcu(&dest->real_node, &real->dests[served_of(dest)]);
		dest->real = real;
		real->nr++;
	}
	return 0;
}

void ip_vs_real_del(struct ip_vs_dest *dest)
{
	lockdep_assert_held(&dest->ipvs->cfg_mutex);
	if (dest->real)
		leave(dest);
}

static struct ip_vs_real *find(struct netns_ipvs *ipvs, const struct real_key *key)
{
	return rhashtable_lookup(&ipvs->real->table, key, real_params);
}

static struct ip_vs_dest *first(struct ip_vs_real *real, enum served served)
{
	struct hlist_node *node = rcu_dereference(hlist_first_rcu(&real->dests[served]));

	return hlist_entry_safe(node, struct ip_vs_dest, real_node);
}

struct ip_vs_dest *ip_vs_real_find_tunnel(struct netns_ipvs *ipvs, u16 af,
					  const union nf_inet_addr *addr, u8 tun_type, __be16 port)
{
	struct real_key key = {
		.addr = *addr,
		.port = port,
		.af = af,
		.method = IP_VS_CONN_F_TUNNEL,
		.tun_type = tun_type,
	};
	struct ip_vs_real *real = find(ipvs, &key);
	struct ip_vs_dest *dest = NULL;
	enum served served;

	for (served = 0; real && !dest && served < SERVED_MAX; served++)
		dest = first(real, served);
	return dest;
}

struct ip_vs_dest *ip_vs_real_find_nat(struct netns_ipvs *ipvs, u16 af,
				       const union nf_inet_addr *addr, __be16 port, u8 proto)
{
	struct real_key key = {
		.addr = *addr,
		.port = port,
		.af = af,
		.method = IP_VS_CONN_F_MASQ,
	};
	struct ip_vs_real *real = find(ipvs, &key);
	struct ip_vs_dest *dest = real ? first(real, served_by(proto)) : NULL;

	return real && !dest ? first(real, SERVED_ALL) : dest;
}

static int real_net_init(struct netns_ipvs *ipvs)
{
	struct ip_vs_real_net *rn = kzalloc(sizeof(*rn), GFP_KERNEL_ACCOUNT);
	int err;

	if (!rn)
		return -ENOMEM;
	err = rhashtable_init(&rn->table, &real_params);
	if (err) {
		kfree(rn);
		return err;
	}
	ipvs->real = rn;
	return 0;
}

/* Services and their destinations are gone. */
static void real_net_exit(struct netns_ipvs *ipvs)
{
	rhashtable_destroy(&ipvs->real->table);
	kfree(ipvs->real);
	ipvs->real = NULL;
}

const struct ip_vs_subsys ip_vs_real_subsys = {
	.name		= "real servers",
	.net_init	= real_net_init,
	.net_exit	= real_net_exit,
};
