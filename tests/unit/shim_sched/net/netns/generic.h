/* SPDX-License-Identifier: GPL-2.0-only */
/* All of it stands in world.h. */
#ifndef SHIM_NET_GENERIC_H
#define SHIM_NET_GENERIC_H

#include "world.h"

#endif
