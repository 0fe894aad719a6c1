/* SPDX-License-Identifier: GPL-2.0-only */
/* Nothing is exported from a unit test. */
#ifndef SHIM_LINUX_EXPORT_H
#define SHIM_LINUX_EXPORT_H

#define EXPORT_SYMBOL(name)
#define EXPORT_SYMBOL_GPL(name)

#endif
