// SPDX-License-Identifier: GPL-2.0-only
/*
 * Tables of destinations. They are changed in place: while that goes on a packet finds the
 * old or the new owner of its slot, and either may serve it.
 */
#include <linux/slab.h>

#include "sched/dest_array.h"
#include "sched/sched.h"

struct ip_vs_dest_array *ip_vs_dest_array_new(u32 size)
{
	struct ip_vs_dest_array *array;

	array = kvzalloc(struct_size(array, slot, size), GFP_KERNEL_ACCOUNT);
	if (array)
		array->size = size;
	return array;
}
EXPORT_SYMBOL_GPL(ip_vs_dest_array_new);

void ip_vs_dest_array_free(struct ip_vs_dest_array *array)
{
	if (array)
		kvfree_rcu(array, rcu);
}
EXPORT_SYMBOL_GPL(ip_vs_dest_array_free);

void ip_vs_dest_array_deal(struct ip_vs_dest_array *array, struct ip_vs_service *svc,
			   u32 (*share)(const struct ip_vs_dest *))
{
	struct list_head *at = &svc->dests;
	struct ip_vs_dest *dest = NULL;
	u32 i, left = 0;

	if (list_empty(&svc->dests)) {
		ip_vs_dest_array_clear(array, NULL);
		return;
	}
	for (i = 0; i < array->size; i++) {
		if (!left) {
			at = at->next == &svc->dests ? svc->dests.next : at->next;
			dest = list_entry(at, struct ip_vs_dest, list);
			left = max(share(dest), 1U);
		}
		rcu_assign_pointer(array->slot[i], dest);
		left--;
	}
}
EXPORT_SYMBOL_GPL(ip_vs_dest_array_deal);

void ip_vs_dest_array_clear(struct ip_vs_dest_array *array, const struct ip_vs_dest *dest)
{
	u32 i;

	for (i = 0; i < array->size; i++)
		if (!dest || rcu_access_pointer(array->slot[i]) == dest)
			RCU_INIT_POINTER(array->slot[i], NULL);
}
EXPORT_SYMBOL_GPL(ip_vs_dest_array_clear);

struct ip_vs_dest *ip_vs_dest_array_usable(const struct ip_vs_dest_array *array, u32 i)
{
	struct ip_vs_dest *dest = rcu_dereference(array->slot[i]);

	return dest && ip_vs_dest_usable(dest) ? dest : NULL;
}
EXPORT_SYMBOL_GPL(ip_vs_dest_array_usable);
