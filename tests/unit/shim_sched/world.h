/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The kernel as schedulers see it, on one thread: memory, RCU, atomics, time, chance, and the
 * objects that they choose between. Time and chance are the test's.
 */
#ifndef SHIM_WORLD_H
#define SHIM_WORLD_H

#include <arpa/inet.h>
#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>

#undef __always_inline
#include <linux/compiler.h>
#include <linux/export.h>
#include <linux/ip_vs.h>
#include <linux/types.h>

#define __force
#define __init
#define __exit
#define __net_init
#define __net_exit
#define ____cacheline_aligned
#define U64_MAX			UINT64_MAX
#define GFP_KERNEL		0
#define GFP_KERNEL_ACCOUNT	0
#define GFP_ATOMIC		0
#define THIS_MODULE		NULL
#define MODULE_DESCRIPTION(text)	struct module
#define MODULE_LICENSE(text)		struct module
/* used, so that nobody complains of them */
#define module_init(f)		__attribute__((unused)) static int (*f##_used)(void) = f
#define module_exit(f)		__attribute__((unused)) static void (*f##_used)(void) = f
#define min(a, b)		((a) < (b) ? (a) : (b))
#define max(a, b)		((a) > (b) ? (a) : (b))
#define ALIGN(x, a)		(((x) + (a) - 1) / (a) * (a))
#define IS_ERR(p)		((unsigned long)(p) >= (unsigned long)-4095)
#define PTR_ERR(p)		((long)(p))
#define ERR_PTR(e)		((void *)(long)(e))
#define struct_size(p, member, n)	(sizeof(*(p)) + (n) * sizeof((p)->member[0]))
#define struct_size_t(type, member, n)	(sizeof(type) + (n) * sizeof(((type *)0)->member[0]))

/* memory: the test may let it run out */
extern int world_memory_fails;
#define world_alloc(size)	(world_memory_fails ? NULL : calloc(1, size))
#define kzalloc(size, flags)	world_alloc(size)
#define kmalloc(size, flags)	world_alloc(size)
#define kcalloc(n, size, flags)	world_alloc((n) * (size))
#define kvzalloc(size, flags)	world_alloc(size)
#define kvcalloc(n, size, flags)	world_alloc((n) * (size))
#define kfree(p)		free((void *)(p))
#define kvfree(p)		free(p)
struct rcu_head { void (*func)(struct rcu_head *rcu); };
#define kfree_rcu(p, member)	free(p)
#define kvfree_rcu(p, member)	free(p)
#define call_rcu(rcu, func)	func(rcu)

/* one thread: nobody else changes anything */
#define rcu_read_lock()
#define rcu_read_unlock()
#define rcu_dereference(p)	(p)
#define rcu_access_pointer(p)	(p)
#define rcu_assign_pointer(p, v)	((p) = (v))
#define RCU_INIT_POINTER(p, v)	((p) = (v))
#define lockdep_assert_held(lock)	((void)(lock))
#define smp_mb()
typedef struct { int counter; } atomic_t;
typedef struct { s64 counter; } atomic64_t;
#define atomic_read(a)		((a)->counter)
#define atomic64_read(a)	((a)->counter)
#define atomic64_set(a, v)	((a)->counter = (v))
#define cmpxchg(p, from, to)							\
	({ __typeof__(*(p)) was_ = *(p); if (was_ == (from)) *(p) = (to); was_; })
#define atomic64_cmpxchg(a, from, to)	((u64)cmpxchg(&(a)->counter, (s64)(from), (s64)(to)))
typedef struct { int held; } spinlock_t;
#define spin_lock_init(lock)	((lock)->held = 0)
#define spin_lock(lock)		((lock)->held++ ? abort() : (void)0)
#define spin_unlock(lock)	((lock)->held--)

/* arithmetic */
#define BITS_PER_WORD		(8 * sizeof(unsigned long))
#define DECLARE_BITMAP(name, n)	unsigned long name[((n) + BITS_PER_WORD - 1) / BITS_PER_WORD]
#define test_bit(i, map)	((map)[(i) / BITS_PER_WORD] >> (i) % BITS_PER_WORD & 1)
#define __set_bit(i, map)	((map)[(i) / BITS_PER_WORD] |= 1UL << (i) % BITS_PER_WORD)

static inline int fls(u32 x)
{
	return x ? 32 - __builtin_clz(x) : 0;
}

static inline u32 roundup_pow_of_two(u32 x)
{
	return x > 1 ? 1U << fls(x - 1) : 1;
}

static inline unsigned long gcd(unsigned long a, unsigned long b)
{
	while (b) {
		unsigned long rest = a % b;

		a = b;
		b = rest;
	}
	return a;
}

static inline u64 mul_u64_u64_shr(u64 a, u64 b, unsigned int shift)
{
	return (unsigned __int128)a * b >> shift;
}

/* chance */
u64 get_random_u64(void);

/* time */
#define HZ		250
extern unsigned long jiffies;
#define time_after(a, b)	((long)((b) - (a)) < 0)
#define time_before(a, b)	time_after(b, a)
struct timer_list {
	void (*func)(struct timer_list *timer);
	unsigned long expires;
};
#define timer_setup(timer, f, flags)	((timer)->func = (f))
#define mod_timer(timer, when)		((timer)->expires = (when))
#define timer_shutdown_sync(timer)	((timer)->func = NULL)
#define from_timer(var, t, member)	container_of(t, __typeof__(*var), member)

/* SipHash-1-3 of one word, whose lower half the kernel takes for short keys on 64-bit machines */
typedef struct { u64 key[2]; } hsiphash_key_t;

static inline u64 rotate(u64 x, int by)
{
	return x << by | x >> (64 - by);
}

static inline void sip_round(u64 *v)
{
	v[0] += v[1];
	v[2] += v[3];
	v[1] = rotate(v[1], 13) ^ v[0];
	v[3] = rotate(v[3], 16) ^ v[2];
	v[0] = rotate(v[0], 32);
	v[2] += v[1];
	v[0] += v[3];
	v[1] = rotate(v[1], 17) ^ v[2];
	v[3] = rotate(v[3], 21) ^ v[0];
	v[2] = rotate(v[2], 32);
}

static inline u32 hsiphash(const u32 *word, size_t size, const hsiphash_key_t *key)
{
	u64 last = (u64)size << 56 | *word;
	u64 v[4] = { 0x736f6d6570736575ULL ^ key->key[0], 0x646f72616e646f6dULL ^ key->key[1],
		     0x6c7967656e657261ULL ^ key->key[0], 0x7465646279746573ULL ^ key->key[1] };
	int i;

	v[3] ^= last;
	sip_round(v);
	v[0] ^= last;
	v[2] ^= 0xff;
	for (i = 0; i < 3; i++)
		sip_round(v);
	return v[0] ^ v[1] ^ v[2] ^ v[3];
}

/* sysctl and namespaces */
struct net { void *user_ns; void *generic; };
extern int init_user_ns;
struct ctl_table {
	const char *procname;
	void *data;
	int maxlen, mode;
	void *proc_handler;
};
struct ctl_table_header { struct ctl_table *ctl_table_arg; };
#define proc_dointvec_jiffies	NULL
struct ctl_table_header *world_sysctl(struct ctl_table *table);
#define register_net_sysctl_sz(net, path, table, n)	world_sysctl(table)
#define unregister_net_sysctl_table(header)	free(header)
#define net_generic(net, id)	((void)(id), (net)->generic)
struct pernet_operations {
	int (*init)(struct net *net);
	void (*exit)(struct net *net);
	unsigned int *id;
	size_t size;
};
#define register_pernet_subsys(ops)	((void)(ops), 0)
#define unregister_pernet_subsys(ops)	((void)(ops))

#include <linux/list.h>

/* in place of base/addr.h, base/registry.h and what schedulers do not need of api.h */
#define IP_VS_ADDR_H
#define IP_VS_REGISTRY_H
#define IP_VS_PACKET_H
#define IP_VS_MATCH_H
#define IP_VS_NFCT_H
#define IP_VS_APP_H
#define IP_VS_CONN_H
#define IP_VS_PROTO_H
#define IP_VS_SEGMENT_H
#define IP_VS_SERVICE_H
#define IP_VS_DEST_H

union nf_inet_addr { u32 all[4]; };
#define ip_vs_addr_fold(a)	((a)->all[0] ^ (a)->all[1] ^ (a)->all[2] ^ (a)->all[3])
#define ip_vs_addr_equal(a, b)	(!memcmp(a, b, sizeof(*(a))))

struct module;
struct ip_vs_plugin { const char *name; struct module *owner; };
struct ip_vs_registry { int unused; };
#define IP_VS_REGISTRY(name, kind, format)	struct ip_vs_registry name
#define ip_vs_registry_add(registry, plugin)	((void)(registry), 0)
#define ip_vs_registry_del(registry, plugin)	((void)(registry))
#define ip_vs_registry_get(registry, name)	((void)(registry), (struct ip_vs_plugin *)NULL)
#define ip_vs_registry_put(plugin)	((void)(plugin))

struct netns_ipvs { struct net *net; int cfg_mutex; };
#define ip_vs_cfg_deref(ipvs, p)	(p)

struct ip_vs_tuple { union nf_inet_addr src, dst; u16 sport, dport; u8 proto; };
struct ip_vs_packet { struct ip_vs_tuple tuple; };

struct ip_vs_service {
	struct netns_ipvs *ipvs;
	struct ip_vs_sched_inst *sched;
	struct list_head dests;
	u32 flags, num_dests;
};

struct ip_vs_dest {
	struct list_head list;
	struct ip_vs_service *svc;
	u32 weight, last_weight;
	u32 share;
	bool overload;
	struct { union nf_inet_addr addr; u16 port; } key;
	atomic_t total, active;
	int refs;
};
#define ip_vs_dest_get(dest)	((dest)->refs++)
#define ip_vs_dest_put(dest)	((dest)->refs--)

#endif
