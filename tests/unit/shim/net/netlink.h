/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The part of the kernel's netlink attributes that pure code needs, over a flat
 * buffer in place of an skb. Same names, same results.
 */
#ifndef SHIM_NET_NETLINK_H
#define SHIM_NET_NETLINK_H

#include <errno.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#include <linux/netlink.h>
#include <linux/types.h>

#ifndef ARRAY_SIZE
#define ARRAY_SIZE(a)		(sizeof(a) / sizeof((a)[0]))
#endif
#ifndef min_t
#define min_t(type, a, b)	((type)(a) < (type)(b) ? (type)(a) : (type)(b))
#define min(a, b)		((a) < (b) ? (a) : (b))
#endif

struct sk_buff {
	unsigned char *data;
	int len;
	int size;
};

static inline void *memchr_inv(const void *start, int c, size_t bytes)
{
	const unsigned char *p = start;

	for (; bytes; bytes--, p++)
		if (*p != (unsigned char)c)
			return (void *)p;
	return NULL;
}

static inline int nla_type(const struct nlattr *nla)
{
	return nla->nla_type & NLA_TYPE_MASK;
}

static inline int nla_len(const struct nlattr *nla)
{
	return nla->nla_len - NLA_HDRLEN;
}

static inline void *nla_data(const struct nlattr *nla)
{
	return (char *)nla + NLA_HDRLEN;
}

static inline bool nla_ok(const struct nlattr *nla, int left)
{
	return left >= (int)sizeof(*nla) && nla->nla_len >= sizeof(*nla) && nla->nla_len <= left;
}

static inline const struct nlattr *nla_next(const struct nlattr *nla, int *left)
{
	int step = NLA_ALIGN(nla->nla_len);

	*left -= step;
	return (const void *)((const char *)nla + step);
}

#define nla_for_each_attr(pos, head, len, rem) \
	for (pos = (head), rem = (len); nla_ok(pos, rem); pos = nla_next(pos, &(rem)))

static inline int nla_put(struct sk_buff *skb, int type, int len, const void *data)
{
	struct nlattr nla = { .nla_len = NLA_HDRLEN + len, .nla_type = type };
	int step = NLA_ALIGN(nla.nla_len);

	if (skb->len + step > skb->size)
		return -EMSGSIZE;
	memset(skb->data + skb->len, 0, step);
	memcpy(skb->data + skb->len, &nla, sizeof(nla));
	memcpy(skb->data + skb->len + NLA_HDRLEN, data, len);
	skb->len += step;
	return 0;
}

static inline int nla_put_u32(struct sk_buff *skb, int type, u32 value)
{
	return nla_put(skb, type, sizeof(value), &value);
}

static inline int nla_put_u64_64bit(struct sk_buff *skb, int type, u64 value, int pad)
{
	(void)pad;
	return nla_put(skb, type, sizeof(value), &value);
}

static inline int nla_put_string(struct sk_buff *skb, int type, const char *s)
{
	return nla_put(skb, type, strlen(s) + 1, s);
}

static inline struct nlattr *nla_nest_start_noflag(struct sk_buff *skb, int type)
{
	struct nlattr *nest = (void *)(skb->data + skb->len);

	return nla_put(skb, type, 0, "") ? NULL : nest;
}

static inline int nla_nest_end(struct sk_buff *skb, struct nlattr *nest)
{
	nest->nla_len = skb->data + skb->len - (unsigned char *)nest;
	return skb->len;
}

#endif
