/* SPDX-License-Identifier: GPL-2.0-only */
/* All of it stands in world.h. */
#ifndef SHIM_LINUX_SLAB_H
#define SHIM_LINUX_SLAB_H

#include "world.h"

#endif
