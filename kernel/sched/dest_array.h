/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A table of destinations that a hash of the packet points into: dh, sh, mh.
 */
#ifndef IP_VS_DEST_ARRAY_H
#define IP_VS_DEST_ARRAY_H

#include "svc/dest.h"

/* Slots hold no references: who removes a destination takes it out of every slot at once,
 * and its memory outlives all packets that found it here before.
 */
struct ip_vs_dest_array {
	u32 size;				/* constant */
	struct rcu_head rcu;
	struct ip_vs_dest __rcu *slot[];	/* cfg_mutex; RCU readers; NULL: nobody */
};

/* Empty; NULL without memory. free releases after a grace period. Process context. */
struct ip_vs_dest_array *ip_vs_dest_array_new(u32 size);
void ip_vs_dest_array_free(struct ip_vs_dest_array *array);

/* Deal the slots out to the destinations of @svc in turn, to each as many at a time as
 * @share says, at least one; in place, so that nothing can fail. Context: cfg_mutex.
 */
void ip_vs_dest_array_deal(struct ip_vs_dest_array *array, struct ip_vs_service *svc,
			   u32 (*share)(const struct ip_vs_dest *));

/* Take @dest out of every slot, or everybody if it is NULL. Context: cfg_mutex. */
void ip_vs_dest_array_clear(struct ip_vs_dest_array *array, const struct ip_vs_dest *dest);

/* The destination in slot @i if it takes new connections, else NULL. Context: RCU. */
struct ip_vs_dest *ip_vs_dest_array_usable(const struct ip_vs_dest_array *array, u32 i);

#endif
