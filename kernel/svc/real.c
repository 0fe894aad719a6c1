// SPDX-License-Identifier: GPL-2.0-only
/*
 * Destinations by real server: a table per namespace. One server may serve many services, so
 * several destinations can have one key. Written under cfg_mutex.
 */
#include <linux/slab.h>

#include "svc/real.h"

struct ip_vs_real_net {
	struct rhltable table;
};

static const struct rhashtable_params real_params = {
	.head_offset		= offsetof(struct ip_vs_dest, real),
	.key_offset		= offsetof(struct ip_vs_dest, real_key),
	.key_len		= sizeof(struct ip_vs_real_key),
	.automatic_shrinking	= true,
};

/* False: nobody asks for destinations of this method. */
static bool real_key_init(struct ip_vs_real_key *key, const struct ip_vs_dest *dest)
{
	memset(key, 0, sizeof(*key));
	key->addr = dest->key.addr;
	key->af = dest->key.af;
	key->method = IP_VS_DEST_METHOD(dest);
	switch (key->method) {
	case IP_VS_CONN_F_MASQ:
		key->port = dest->key.port;
		return true;
	case IP_VS_CONN_F_TUNNEL:
		key->tun_type = dest->tun_type;
		if (key->tun_type == IP_VS_CONN_F_TUNNEL_TYPE_GUE)
			key->port = dest->tun_port;
		return true;
	default:
		return false;
	}
}

int ip_vs_real_add(struct ip_vs_dest *dest)
{
	int err;

	lockdep_assert_held(&dest->ipvs->cfg_mutex);
	if (!real_key_init(&dest->real_key, dest))
		return 0;
	err = rhltable_insert(&dest->ipvs->real->table, &dest->real, real_params);
	dest->real_hashed = !err;
	return err;
}

/* Packets that walk the list it was in go on to its end; real_key tells them what to skip. */
void ip_vs_real_del(struct ip_vs_dest *dest)
{
	lockdep_assert_held(&dest->ipvs->cfg_mutex);
	if (!dest->real_hashed)
		return;
	rhltable_remove(&dest->ipvs->real->table, &dest->real, real_params);
	dest->real_hashed = false;
}

int ip_vs_real_update(struct ip_vs_dest *dest)
{
	struct ip_vs_real_key key;
	bool wanted = real_key_init(&key, dest);

	if (wanted == dest->real_hashed && (!wanted || !memcmp(&key, &dest->real_key, sizeof(key))))
		return 0;
	ip_vs_real_del(dest);
	return ip_vs_real_add(dest);
}

/* Protocol 0: any. */
static struct ip_vs_dest *find(struct netns_ipvs *ipvs, const struct ip_vs_real_key *key, u8 proto)
{
	struct rhlist_head *pos, *list;
	struct ip_vs_service *svc;
	struct ip_vs_dest *dest;

	list = rhltable_lookup(&ipvs->real->table, key, real_params);
	rhl_for_each_entry_rcu(dest, pos, list, real) {
		svc = rcu_dereference(dest->svc);
		if (!svc || memcmp(&dest->real_key, key, sizeof(*key)))
			continue;
		if (!proto || svc->key.fwmark || svc->key.proto == proto)
			return dest;
	}
	return NULL;
}

struct ip_vs_dest *ip_vs_real_find_tunnel(struct netns_ipvs *ipvs, u16 af,
					  const union nf_inet_addr *addr, u8 tun_type, __be16 port)
{
	struct ip_vs_real_key key = {
		.addr = *addr,
		.port = port,
		.af = af,
		.method = IP_VS_CONN_F_TUNNEL,
		.tun_type = tun_type,
	};

	return find(ipvs, &key, 0);
}

struct ip_vs_dest *ip_vs_real_find_nat(struct netns_ipvs *ipvs, u16 af,
				       const union nf_inet_addr *addr, __be16 port, u8 proto)
{
	struct ip_vs_real_key key = {
		.addr = *addr,
		.port = port,
		.af = af,
		.method = IP_VS_CONN_F_MASQ,
	};

	return find(ipvs, &key, proto);
}

static int real_net_init(struct netns_ipvs *ipvs)
{
	struct ip_vs_real_net *rn = kzalloc(sizeof(*rn), GFP_KERNEL_ACCOUNT);
	int err;

	if (!rn)
		return -ENOMEM;
	err = rhltable_init(&rn->table, &real_params);
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
	rhltable_destroy(&ipvs->real->table);
	kfree(ipvs->real);
	ipvs->real = NULL;
}

const struct ip_vs_subsys ip_vs_real_subsys = {
	.name		= "real servers",
	.net_init	= real_net_init,
	.net_exit	= real_net_exit,
};
