/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The arithmetic of rates: a low-pass filter over samples two seconds apart, in
 * fixed point. Pure.
 *
 * A sample is a growth over the period; halved it is a rate per second. Rates of
 * connections and packets keep 10 bits behind the point, rates of bytes 5.
 * Each sample moves the rate a quarter of the way; the shift rounds down, so a rate
 * whose growth has stopped reaches 0.
 */
#ifndef IP_VS_RATE_H
#define IP_VS_RATE_H

#include <linux/types.h>

#define IP_VS_RATE_PERIOD	2	/* seconds */
#define IP_VS_RATE_BITS		10
#define IP_VS_RATE_BYTE_BITS	5

/* The next rate after a period in which the counter grew by @delta. */
static inline u64 ip_vs_rate_step(u64 rate, u64 delta, unsigned int bits)
{
	s64 off = (delta << (bits - 1)) - rate;

	return rate + (off >> 2);
}

/* The rate per second that users are told. */
static inline u64 ip_vs_rate_value(u64 rate, unsigned int bits)
{
	return (rate + (1U << (bits - 1)) - 1) >> bits;
}

#endif
