/* SPDX-License-Identifier: GPL-2.0-only */
/* Annotations of the kernel that mean nothing in user space. */
#ifndef SHIM_LINUX_COMPILER_H
#define SHIM_LINUX_COMPILER_H

#define likely(x)		__builtin_expect(!!(x), 1)
#define unlikely(x)		__builtin_expect(!!(x), 0)
#define READ_ONCE(x)		(*(const volatile __typeof__(x) *)&(x))
#define WRITE_ONCE(x, v)	(*(volatile __typeof__(x) *)&(x) = (v))
#define __always_inline		inline __attribute__((always_inline))
#define __rcu
#define __must_hold(x)

#endif
