/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Numbers of a TCP stream a piece of which was replaced by one of another length: pure
 * arithmetic, modulo 2^32, also built in user space for its tests.
 *
 *   as sent       ...........[ old ].............
 *   as received   ......[  new  ].............
 *                 before         after             received - sent
 */
#ifndef IP_VS_SEQ_H
#define IP_VS_SEQ_H

#include <linux/types.h>

/* Only the piece that was replaced last matters: the receiver has the others. */
struct ip_vs_seq {
	u32 at;			/* where it begins, as sent */
	u32 old_len;		/* 0 if not known, or nothing was replaced */
	s32 before, after;
};

static inline bool ip_vs_seq_is_before(u32 a, u32 b)
{
	return (s32)(a - b) < 0;
}

/* What the receiver calls position @pos of the sender, which is not inside the piece. */
static inline u32 ip_vs_seq_received(const struct ip_vs_seq *s, u32 pos)
{
	return pos + (ip_vs_seq_is_before(s->at, pos) ? s->after : s->before);
}

/* What the sender calls position @pos of the receiver; inside the piece: where it begins. */
static inline u32 ip_vs_seq_sent(const struct ip_vs_seq *s, u32 pos)
{
	u32 sent = pos - s->after;

	if (!ip_vs_seq_is_before(s->at + s->before, pos))
		return pos - s->before;
	return ip_vs_seq_is_before(sent, s->at + s->old_len) ? s->at : sent;
}

/* Now @old_len bytes at @at, behind all that was replaced before, become @new_len. */
static inline void ip_vs_seq_replace(struct ip_vs_seq *s, u32 at, u32 old_len, u32 new_len)
{
	s->before = s->after;
	s->after += new_len - old_len;
	s->at = at;
	s->old_len = old_len;
}

/* Do the bytes from @begin to @end touch the piece? */
static inline bool ip_vs_seq_touches(const struct ip_vs_seq *s, u32 begin, u32 end)
{
	return s->old_len && ip_vs_seq_is_before(begin, s->at + s->old_len) &&
	       ip_vs_seq_is_before(s->at, end);
}

#endif
