// SPDX-License-Identifier: GPL-2.0-only
/*
 * Binding a scheduler to a service, and the ring that round-robin policies walk.
 */
#include <linux/slab.h>

#include "sched/sched.h"

static IP_VS_REGISTRY(schedulers, "scheduler", "ip_vs_%s");

int ip_vs_sched_register(struct ip_vs_sched_ops *ops)
{
	return ip_vs_registry_add(&schedulers, &ops->plugin);
}
EXPORT_SYMBOL_GPL(ip_vs_sched_register);

void ip_vs_sched_unregister(struct ip_vs_sched_ops *ops)
{
	ip_vs_registry_del(&schedulers, &ops->plugin);
}
EXPORT_SYMBOL_GPL(ip_vs_sched_unregister);

const struct ip_vs_sched_ops *ip_vs_sched_get(const char *name)
{
	struct ip_vs_plugin *plugin = ip_vs_registry_get(&schedulers, name);

	return plugin ? container_of(plugin, struct ip_vs_sched_ops, plugin) : NULL;
}

void ip_vs_sched_put(const struct ip_vs_sched_ops *ops)
{
	if (ops)
		ip_vs_registry_put(&ops->plugin);
}

static struct ip_vs_sched_inst *cfg_inst(struct ip_vs_service *svc)
{
	return ip_vs_cfg_deref(svc->ipvs, svc->sched);
}

static struct ip_vs_sched_inst *inst_new(struct ip_vs_service *svc,
					 const struct ip_vs_sched_ops *ops)
{
	struct ip_vs_sched_inst *inst = kzalloc(sizeof(*inst), GFP_KERNEL_ACCOUNT);
	int err;

	if (!inst)
		return ERR_PTR(-ENOMEM);
	inst->ops = ops;
	inst->svc = svc;
	inst->ring = &svc->dests;
	err = ops->init ? ops->init(svc, inst) : 0;
	if (err) {
		kfree(inst);
		return ERR_PTR(err);
	}
	return inst;
}

/* Nobody new finds it. Packets may be inside pick(): its data outlives them. The module's
 * code does too, because unregistering waits for a grace period.
 */
static void inst_free(struct ip_vs_service *svc, struct ip_vs_sched_inst *inst)
{
	const struct ip_vs_sched_ops *ops = inst->ops;

	if (ops->exit)
		ops->exit(svc, inst);
	kfree_rcu(inst, rcu);
	ip_vs_sched_put(ops);
}

/**
 * ip_vs_sched_bind() - give a service its scheduler, or none
 * @svc: the service
 * @ops: with a reference, which is taken over on success; NULL for none
 *
 * The one it has goes on working until the new one is ready; binding the same again
 * keeps its place in the cycle.
 * Context: process, cfg_mutex (or @svc not yet public).
 * Return: 0, or -ENOMEM or the scheduler's error: then nothing has changed.
 */
int ip_vs_sched_bind(struct ip_vs_service *svc, const struct ip_vs_sched_ops *ops)
{
	struct ip_vs_sched_inst *old, *new = NULL;

	lockdep_assert_held(&svc->ipvs->cfg_mutex);
	old = cfg_inst(svc);
	if (old && old->ops == ops) {
		ip_vs_sched_put(ops);
		return 0;
	}
	if (ops) {
		new = inst_new(svc, ops);
		if (IS_ERR(new))
			return PTR_ERR(new);
	}
	rcu_assign_pointer(svc->sched, new);
	if (old)
		inst_free(svc, old);
	return 0;
}

/* The name users know. Context: cfg_mutex or RCU; valid as long. */
const char *ip_vs_sched_name(struct ip_vs_service *svc)
{
	struct ip_vs_sched_inst *inst;
	const char *name;

	rcu_read_lock();
	inst = rcu_dereference(svc->sched);
	name = inst ? inst->ops->plugin.name : "none";
	rcu_read_unlock();
	return name;
}

/* Tell the scheduler of @svc what happened to @dest; see struct ip_vs_sched_ops. */
void ip_vs_sched_dest_event(struct ip_vs_service *svc, struct ip_vs_dest *dest,
			    enum ip_vs_sched_event event, struct list_head *prev)
{
	struct ip_vs_sched_inst *inst = cfg_inst(svc);

	if (inst && inst->ops->changed)
		inst->ops->changed(svc, inst, dest, event, prev);
}

/* ---- the ring ---- */

static struct list_head *after(struct list_head *at)
{
	return rcu_dereference(list_next_rcu(at));
}

/* The first usable destination after @from, going round to and including it. The head is
 * passed at most twice: @from may have been removed, and is then never met again.
 */
static struct ip_vs_dest *usable_after(struct list_head *head, struct list_head *from)
{
	struct list_head *at = from;
	struct ip_vs_dest *dest;
	int laps = 0;

	for (;;) {
		at = after(at);
		if (at == head) {
			if (++laps > 1 || from == head)
				return NULL;
			continue;
		}
		dest = list_entry(at, struct ip_vs_dest, list);
		if (ip_vs_dest_usable(dest))
			return dest;
		if (at == from)
			return NULL;
	}
}

/**
 * ip_vs_ring_next() - the usable destination after the one chosen last, cyclic
 * @req: a request; its inst->ring remembers the place
 *
 * CPUs do not wait for each other: who finds that another has moved the place tries
 * again from there, so the cycle is exact.
 *
 * A destination that is removed while it is chosen must not stay the place: its memory
 * ends. Either we see it dead after having stored it, and go on from it; or its remover,
 * which marks it dead first, sees it stored and puts the place back (ip_vs_ring_forget).
 * Context: RCU, BH off. Return: NULL if none is usable.
 */
struct ip_vs_dest *ip_vs_ring_next(const struct ip_vs_sched_req *req)
{
	struct ip_vs_sched_inst *inst = req->inst;
	struct list_head *head = &req->svc->dests;
	struct ip_vs_dest *dest;
	struct list_head *from;

	for (;;) {
		from = READ_ONCE(inst->ring);
		dest = usable_after(head, from);
		if (!dest) {
			/* @from may be dead: do not leave it behind */
			cmpxchg(&inst->ring, from, head);
			return NULL;
		}
		/* full barrier; pairs with the one in ip_vs_ring_forget() */
		if (cmpxchg(&inst->ring, from, &dest->list) != from)
			continue;
		if (likely(rcu_access_pointer(dest->svc)))
			return dest;
	}
}
EXPORT_SYMBOL_GPL(ip_vs_ring_next);

/* @dest was removed, unlinked and marked dead; @prev stood before it. Context: cfg_mutex. */
void ip_vs_ring_forget(struct ip_vs_sched_inst *inst, struct ip_vs_dest *dest,
		       struct list_head *prev)
{
	/* pairs with the cmpxchg in ip_vs_ring_next() */
	smp_mb();
	cmpxchg(&inst->ring, &dest->list, prev);
}
EXPORT_SYMBOL_GPL(ip_vs_ring_forget);
