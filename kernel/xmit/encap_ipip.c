// SPDX-License-Identifier: GPL-2.0-only
/*
 * IP in IP: nothing stands between the two network headers.
 */
#include "xmit/encap.h"

const struct ip_vs_encap ip_vs_encap_ipip = { };
