/* SPDX-License-Identifier: GPL-2.0-only */
/* 6.1: socket flags are bit-fields, read by name instead of by bit number. */
#ifndef IP_VS_COMPAT_INET_SOCK_H
#define IP_VS_COMPAT_INET_SOCK_H
#include_next <net/inet_sock.h>

#ifndef inet_test_bit
#define inet_test_bit(nr, sk)		inet_test_##nr(sk)
#define inet_test_NODEFRAG(sk)		(inet_sk(sk)->nodefrag)
#endif

#endif
