// SPDX-License-Identifier: GPL-2.0-only
// CFLAGS: -Ishim_sched
/*
 * Every scheduler against a plain model of what it should choose, through random weights,
 * loads, removals and returns; then the properties that a model does not show.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "world.h"

#include "sched/sched.c"
#include "sched/dest_array.c"
#include "sched/lbl_cache.c"
#include "sched/rr.c"
#include "sched/wrr.c"
#include "sched/lc.c"
#include "sched/wlc.c"
#include "sched/sed.c"
#include "sched/nq.c"
#include "sched/fo.c"
#include "sched/ovf.c"
#include "sched/twos.c"
#include "sched/dh.c"
#include "sched/sh.c"
#include "sched/mh.c"
#include "sched/lblc.c"
#include "sched/lblcr.c"

#define HEAVIEST 2147483647U
enum { MOST = 5000 };

int world_memory_fails, init_user_ns;
unsigned long jiffies = 1000000;
static u64 seed = 1;
static struct ctl_table_header header;
static struct ip_vs_dest dests[MOST];
static struct ip_vs_lbl_knob knob = { .expiration = LBL_DAY };
static struct net net = { .user_ns = &init_user_ns, .generic = &knob };
static struct netns_ipvs ipvs = { .net = &net };
static struct ip_vs_service service;
static struct ip_vs_packet packet;

struct ctl_table_header *world_sysctl(struct ctl_table *table)
{
	header.ctl_table_arg = table;
	return &header;
}

u64 get_random_u64(void)
{
	seed ^= seed << 13;
	seed ^= seed >> 7;
	seed ^= seed << 17;
	return seed * 0x2545f4914f6cdd1dULL;
}

static u32 below(u32 n)
{
	return get_random_u64() % n;
}

/* ---- commands ---- */

static void begin(struct ip_vs_sched_ops *ops)
{
	unsigned int i;

	memset(&service, 0, sizeof(service));
	memset(dests, 0, sizeof(dests));
	memset(&packet, 0, sizeof(packet));
	INIT_LIST_HEAD(&service.dests);
	service.ipvs = &ipvs;
	for (i = 0; i < MOST; i++) {
		dests[i].key.addr.all[0] = htonl(0x0a020000 + i);
		dests[i].key.port = htons(80);
	}
	assert_int_equal(ip_vs_sched_bind(&service, ops), 0);
}

static void end(void)
{
	assert_int_equal(ip_vs_sched_bind(&service, NULL), 0);
}

/* As its thresholds and its weight would have it. */
static void set_overload(struct ip_vs_dest *dest, bool overload)
{
	dest->overload = overload;
	dest->share = overload ? 0 : dest->weight;
}

static void weigh(struct ip_vs_dest *dest, u32 weight)
{
	dest->weight = weight;
	if (weight)
		dest->last_weight = weight;
	set_overload(dest, dest->overload);
}

static void add(struct ip_vs_dest *dest, u32 weight)
{
	weigh(dest, weight);
	dest->svc = &service;
	list_add(&dest->list, &service.dests);
	service.num_dests++;
	ip_vs_sched_dest_event(&service, dest, IP_VS_DEST_ADDED, NULL);
}

static void edit(struct ip_vs_dest *dest, u32 weight)
{
	weigh(dest, weight);
	ip_vs_sched_dest_event(&service, dest, IP_VS_DEST_CHANGED, NULL);
}

static void del(struct ip_vs_dest *dest)
{
	struct list_head *prev = dest->list.prev;

	list_del(&dest->list);
	dest->svc = NULL;
	service.num_dests--;
	ip_vs_sched_dest_event(&service, dest, IP_VS_DEST_REMOVED, prev);
}

static struct ip_vs_dest *pick(void)
{
	struct ip_vs_sched_req req = { .svc = &service, .inst = service.sched, .pkt = &packet };

	return service.sched->ops->pick(&req);
}

static struct ip_vs_dest *pick_for(u32 client, u16 port, u32 to)
{
	packet.tuple.proto = 17;
	packet.tuple.src.all[0] = htonl(client);
	packet.tuple.sport = htons(port);
	packet.tuple.dst.all[0] = htonl(to);
	return pick();
}

static u32 some_weight(void)
{
	static const u32 extreme[] = { 0, 1, HEAVIEST, HEAVIEST - 1, 65536 };

	switch (below(4)) {
	case 0: return extreme[below(5)];
	case 1: return below(HEAVIEST) + 1;
	default: return below(6) * 10;
	}
}

static int some_count(void)
{
	switch (below(4)) {
	case 0: return below(HEAVIEST);
	case 1: return 0;
	default: return below(50);
	}
}

/* One random change of the first @nr destinations. */
static void disturb(unsigned int nr, u32 (*weight)(void), int (*count)(void))
{
	struct ip_vs_dest *dest = &dests[below(nr)];

	if (!dest->svc) {
		add(dest, weight());
		return;
	}
	switch (below(5)) {
	case 0: del(dest); break;
	case 1: edit(dest, weight()); break;
	case 2: set_overload(dest, !dest->overload); break;
	default:
		dest->active.counter = count();
		dest->total.counter = dest->active.counter;
	}
}

static bool usable(const struct ip_vs_dest *dest)
{
	return dest->svc && dest->weight && !dest->overload;
}

/* ---- models that look at every server ---- */

typedef unsigned __int128 wide;

static wide load_of(const struct ip_vs_dest *dest)
{
	return (wide)dest->active.counter * 256 + dest->total.counter;
}

static wide queue_of(const struct ip_vs_dest *dest)
{
	return (wide)dest->active.counter + 1;
}

static struct ip_vs_dest *model_least(wide (*cost)(const struct ip_vs_dest *), bool weighted)
{
	struct ip_vs_dest *dest, *best = NULL;

	list_for_each_entry(dest, &service.dests, list) {
		if (!usable(dest))
			continue;
		if (!best || cost(best) * (weighted ? dest->weight : 1) >
			     cost(dest) * (weighted ? best->weight : 1))
			best = dest;
	}
	return best;
}

static struct ip_vs_dest *model_lc(void)
{
	return model_least(load_of, false);
}

static struct ip_vs_dest *model_wlc(void)
{
	return model_least(load_of, true);
}

static struct ip_vs_dest *model_sed(void)
{
	return model_least(queue_of, true);
}

static struct ip_vs_dest *model_nq(void)
{
	struct ip_vs_dest *dest;

	list_for_each_entry(dest, &service.dests, list)
		if (usable(dest) && !dest->active.counter)
			return dest;
	return model_sed();
}

static struct ip_vs_dest *model_heaviest(bool room)
{
	struct ip_vs_dest *dest, *best = NULL;

	list_for_each_entry(dest, &service.dests, list)
		if (usable(dest) && (!room || dest->active.counter <= (int)dest->weight) &&
		    (!best || dest->weight > best->weight))
			best = dest;
	return best;
}

static struct ip_vs_dest *model_fo(void)
{
	return model_heaviest(false);
}

static struct ip_vs_dest *model_ovf(void)
{
	return model_heaviest(true);
}

static void follows(struct ip_vs_sched_ops *ops, struct ip_vs_dest *(*model)(void))
{
	int i;

	begin(ops);
	for (i = 0; i < 20000; i++) {
		disturb(8, some_weight, some_count);
		assert_ptr_equal(pick(), model());
	}
	end();
}

static void test_lc(void **state) { follows(&lc, model_lc); }
static void test_wlc(void **state) { follows(&wlc, model_wlc); }
static void test_sed(void **state) { follows(&sed, model_sed); }
static void test_nq(void **state) { follows(&nq, model_nq); }
static void test_fo(void **state) { follows(&fo, model_fo); }
static void test_ovf(void **state) { follows(&ovf, model_ovf); }

static void test_ratios_are_exact(void **state)
{
	int i;

	for (i = 0; i < 1000000; i++) {
		u64 a = get_random_u64() >> below(64), b = below(3) ? get_random_u64() >> below(64) : a;
		u32 wa = get_random_u64() >> (32 + below(32)), wb = below(3) ? get_random_u64() >> 33 : wa;

		assert_int_equal(ip_vs_ratio_less(a, wa, b, wb), (wide)a * wb < (wide)b * wa);
	}
}

/* ---- round robin ---- */

static void test_rr(void **state)
{
	struct ip_vs_dest *last = NULL, *want;
	struct list_head *at;
	int i, n;

	begin(&rr);
	for (i = 0; i < 20000; i++) {
		struct list_head *before = last && last->svc ? &last->list : NULL;

		/* what stood before the last one, should it go now */
		at = before ? before->prev : &service.dests;
		disturb(8, some_weight, some_count);
		if (last && last->svc)
			at = &last->list;
		for (want = NULL, n = 0; !want && n < 20; n++) {
			at = at->next;
			if (at != &service.dests && usable(list_entry(at, struct ip_vs_dest, list)))
				want = list_entry(at, struct ip_vs_dest, list);
		}
		assert_ptr_equal(pick(), want);
		last = want;
		if (!want) {	/* begins anew */
			end();
			begin(&rr);
		}
	}
	end();
}

/* The rule of weighted round robin, round by round. */
static struct {
	struct list_head *at;
	s64 threshold, step, top;
} model;

static void model_changed(void)
{
	struct ip_vs_dest *dest;
	s64 most = 0;

	model.at = &service.dests;
	model.step = 0;
	list_for_each_entry(dest, &service.dests, list) {
		model.step = gcd(model.step, dest->weight);
		most = max(most, (s64)dest->weight);
	}
	model.step = max(model.step, 1);
	model.top = most - (model.step - 1);
	if (model.threshold > model.top || !model.threshold)
		model.threshold = max(model.top, 0);
	else if (model.step > 1)
		model.threshold = model.threshold / model.step * model.step + 1;
}

static struct ip_vs_dest *model_wrr(void)
{
	struct ip_vs_dest *dest;
	s64 rounds;

	if (!model_heaviest(false))
		return NULL;
	for (rounds = 0; rounds <= 2 * (model.top / model.step + 2); rounds++) {
		while ((model.at = model.at->next) != &service.dests) {
			dest = list_entry(model.at, struct ip_vs_dest, list);
			if (usable(dest) && dest->weight >= model.threshold)
				return dest;
		}
		model.threshold -= model.step;
		if (model.threshold <= 0)
			model.threshold = model.top;
	}
	return NULL;
}

static u32 small_weight(void)
{
	return below(5) * (below(2) ? 1 : 10);
}

static void test_wrr(void **state)
{
	int i, n;

	begin(&wrr);
	memset(&model, 0, sizeof(model));
	model_changed();
	for (i = 0; i < 5000; i++) {
		struct list_head *first = service.dests.next;
		u32 weights = 0, weights_now = 0, nr = service.num_dests;
		struct ip_vs_dest *dest;

		list_for_each_entry(dest, &service.dests, list)
			weights = weights * 31 + dest->weight;
		disturb(8, small_weight, some_count);
		list_for_each_entry(dest, &service.dests, list)
			weights_now = weights_now * 31 + dest->weight;
		if (first != service.dests.next || nr != service.num_dests || weights != weights_now) {
			model_changed();
		} else {	/* an edit to the same weight begins the round anew too: make it one */
			if (!list_empty(&service.dests)) {
				dest = list_entry(service.dests.next, struct ip_vs_dest, list);
				edit(dest, dest->weight);
			}
			model_changed();
		}
		for (n = below(20); n; n--)
			assert_ptr_equal(pick(), model_wrr());
	}
	end();
}

static void test_wrr_interleaves(void **state)
{
	static const char want[] = "cbaccbcbacbaccbcba";
	int i;

	begin(&wrr);
	add(&dests[0], 2);
	add(&dests[1], 3);
	add(&dests[2], 4);
	for (i = 0; want[i]; i++)
		assert_int_equal('a' + (pick() - dests), want[i]);
	edit(&dests[0], 200);
	edit(&dests[1], 300);
	edit(&dests[2], 400);
	int got[3] = { 0 };

	for (i = 0; i < 9 * 50; i++)
		got[pick() - dests]++;
	assert_int_equal(got[0], 100);
	assert_int_equal(got[1], 150);
	assert_int_equal(got[2], 200);
	end();
}

/* Two thousand million rounds may lie between two servers: they are not walked through. */
static void test_wrr_extreme_weights(void **state)
{
	int i;

	begin(&wrr);
	add(&dests[0], 1);
	add(&dests[1], HEAVIEST);
	end();
	assert_int_equal(ip_vs_sched_bind(&service, &wrr), 0);
	for (i = 0; i < 1000; i++)
		assert_ptr_equal(pick(), &dests[1]);
	set_overload(&dests[1], true);
	for (i = 0; i < 1000000; i++)
		assert_ptr_equal(pick(), &dests[0]);
	set_overload(&dests[0], true);
	assert_null(pick());
	set_overload(&dests[1], false);
	assert_ptr_equal(pick(), &dests[1]);
	edit(&dests[1], 0);
	assert_null(pick());
	end();
}

static void test_wrr_of_many(void **state)
{
	static int got[1000];
	int i;

	begin(&wrr);
	for (i = 0; i < 1000; i++)
		add(&dests[i], i % 7 + 1);
	for (i = 0; i < 10 * 3997; i++)	/* ten cycles: the sum of weights is 3997 */
		got[pick() - dests]++;
	for (i = 0; i < 1000; i++)
		assert_int_equal(got[i], 10 * (i % 7 + 1));
	end();
}

static void test_wrr_without_memory(void **state)
{
	begin(&wrr);
	add(&dests[0], 1);
	add(&dests[1], 1);
	world_memory_fails = 1;
	del(&dests[1]);
	memset(&dests[1], 0xff, sizeof(dests[1]));	/* must not be looked at */
	assert_ptr_equal(pick(), &dests[0]);
	assert_ptr_equal(pick(), &dests[0]);
	world_memory_fails = 0;
	end();
}

/* ---- chance ---- */

static void test_twos(void **state)
{
	static const u32 weights[] = { 1, 2, 3, 4 };
	double chi = 0;
	int i, got[4] = { 0 };

	begin(&twos);
	for (i = 0; i < 4; i++)
		add(&dests[i], weights[i]);
	set_overload(&dests[1], true);
	/* without any load the first choice stands: shares are those of the weights */
	for (i = 0; i < 80000; i++)
		got[pick() - dests]++;
	assert_int_equal(got[1], 0);
	for (i = 0; i < 4; i++) {
		double want = 80000.0 * weights[i] / 8;

		if (i != 1)
			chi += (got[i] - want) * (got[i] - want) / want;
	}
	assert_true(chi < 13.8);	/* 0.1 % with two degrees of freedom */
	/* of two choices the less loaded: the one with load is taken only if drawn twice */
	set_overload(&dests[1], false);
	for (i = 0; i < 4; i++)
		edit(&dests[i], 1);
	dests[3].active.counter = 5;
	memset(got, 0, sizeof(got));
	for (i = 0; i < 160000; i++)
		got[pick() - dests]++;
	assert_in_range(got[3], 9600, 10400);
	edit(&dests[0], 0);
	edit(&dests[1], HEAVIEST);
	edit(&dests[2], HEAVIEST);
	edit(&dests[3], HEAVIEST);	/* the sum needs 33 bits */
	memset(got, 0, sizeof(got));
	dests[3].active.counter = 0;
	for (i = 0; i < 90000; i++)
		got[pick() - dests]++;
	for (i = 1; i < 4; i++)
		assert_in_range(got[i], 29000, 31000);
	end();
}

/* ---- hashing ---- */

static u32 model_hash(u32 x, int bits)
{
	return (u32)((u64)x * 0x61c88647) >> (32 - bits);
}

/* Who owns slot @slot of 256 if each takes as many in turn as its weight, or one? */
static struct ip_vs_dest *model_slot(u32 slot, bool weighted)
{
	struct ip_vs_dest *dest;
	u64 at = 0;

	for (;;)
		list_for_each_entry(dest, &service.dests, list) {
			at += weighted && dest->weight ? dest->weight : 1;
			if (at > slot)
				return dest;
		}
}

static void test_dh(void **state)
{
	struct ip_vs_dest *want;
	int i;

	begin(&dh);
	for (i = 0; i < 20000; i++) {
		u32 to = get_random_u64();

		disturb(8, some_weight, some_count);
		want = list_empty(&service.dests) ? NULL : model_slot(model_hash(to, 8), false);
		assert_ptr_equal(pick_for(1, 2, to), want && usable(want) ? want : NULL);
	}
	end();
}

static void sh_follows(u32 flags)
{
	struct ip_vs_dest *want;
	int i;
	u32 n;

	begin(&sh);
	service.flags = flags;
	for (i = 0; i < 20000; i++) {
		u32 client = get_random_u64();
		u16 port = get_random_u64();
		u32 first = model_hash(client + (flags & IP_VS_SVC_F_SCHED_SH_PORT ? port : 0), 8);

		disturb(8, some_weight, some_count);
		want = list_empty(&service.dests) ? NULL : model_slot(first, true);
		for (n = 0; want && !usable(want) && flags & IP_VS_SVC_F_SCHED_SH_FALLBACK && n < 256; n++)
			want = model_slot((first + first + n) % 256, true);
		assert_ptr_equal(pick_for(client, port, 9), want && usable(want) ? want : NULL);
	}
	end();
}

static void test_sh(void **state)
{
	sh_follows(0);
	sh_follows(IP_VS_SVC_F_SCHED_SH_PORT);
	sh_follows(IP_VS_SVC_F_SCHED_SH_FALLBACK);
	sh_follows(IP_VS_SVC_F_SCHED_SH_FALLBACK | IP_VS_SVC_F_SCHED_SH_PORT);
}

static void mh_owners(const struct ip_vs_dest **owner)
{
	struct ip_vs_dest_array *array = service.sched->data;
	u32 i;

	for (i = 0; i < MH_SIZE; i++)
		owner[i] = array->slot[i];
}

static int mh_count(const struct ip_vs_dest *dest)
{
	static const struct ip_vs_dest *owner[MH_SIZE];
	int i, n = 0;

	mh_owners(owner);
	for (i = 0; i < MH_SIZE; i++)
		n += owner[i] == dest;
	return n;
}

static int mh_moved(const struct ip_vs_dest **before, const struct ip_vs_dest *except)
{
	static const struct ip_vs_dest *owner[MH_SIZE];
	int i, n = 0;

	mh_owners(owner);
	for (i = 0; i < MH_SIZE; i++)
		n += owner[i] != before[i] && before[i] != except;
	return n;
}

static void test_mh_balance_and_disruption(void **state)
{
	static const struct ip_vs_dest *before[MH_SIZE];
	int i;

	begin(&mh);
	for (i = 0; i < 10; i++)
		add(&dests[i], 1);
	for (i = 0; i < 10; i++)
		assert_in_range(mh_count(&dests[i]), 409, 410);
	mh_owners(before);
	del(&dests[4]);
	assert_int_equal(mh_count(&dests[4]), 0);
	assert_in_range(mh_moved(before, &dests[4]), 0, MH_SIZE / 50);
	add(&dests[4], 1);
	assert_in_range(mh_moved(before, NULL), 0, MH_SIZE / 100);
	/* quiescing moves nobody */
	mh_owners(before);
	edit(&dests[4], 0);
	assert_int_equal(mh_moved(before, NULL), 0);
	end();
}

static void test_mh_weights(void **state)
{
	begin(&mh);
	add(&dests[0], 1);
	add(&dests[1], 2);
	add(&dests[2], 3);
	assert_in_range(mh_count(&dests[0]), 680, 684);
	assert_in_range(mh_count(&dests[1]), 1362, 1366);
	assert_in_range(mh_count(&dests[2]), 2044, 2048);
	edit(&dests[2], HEAVIEST);
	edit(&dests[1], HEAVIEST / 2);
	edit(&dests[0], 1);
	/* 63 : 31 : 1 slots at a turn */
	assert_in_range(mh_count(&dests[0]), 42, 45);
	assert_in_range(mh_count(&dests[2]), 2650, 2780);
	edit(&dests[0], 0);
	edit(&dests[1], 0);
	assert_in_range(mh_count(&dests[0]), 42, 45);
	end();
}

/* Two directors that were told of the servers in a different order agree. */
static void test_mh_directors_agree(void **state)
{
	static const struct ip_vs_dest *before[MH_SIZE];
	int i;

	begin(&mh);
	for (i = 0; i < 10; i++)
		add(&dests[i], i % 3 + 1);
	mh_owners(before);
	end();
	begin(&mh);
	for (i = 0; i < 10; i++)
		add(&dests[i], i % 3 + 1);
	assert_int_equal(mh_moved(before, NULL), 0);
	end();
	begin(&mh);
	for (i = 9; i >= 0; i--)
		add(&dests[i], i % 3 + 1);
	assert_in_range(mh_moved(before, NULL), 0, MH_SIZE / 50);
	end();
}

static void test_mh_limits(void **state)
{
	int i;

	begin(&rr);
	for (i = 0; i < MH_SIZE; i++)
		add(&dests[i], 1);
	assert_int_equal(ip_vs_sched_bind(&service, &mh), 0);
	for (i = 0; i < MH_SIZE; i += 100)
		assert_int_equal(mh_count(&dests[i]), 1);
	assert_int_equal(ip_vs_sched_bind(&service, &rr), 0);
	add(&dests[MH_SIZE], 1);
	assert_int_equal(ip_vs_sched_bind(&service, &mh), -EINVAL);
	assert_ptr_equal(service.sched->ops, &rr);
	end();
	begin(&mh);
	assert_null(pick_for(1, 2, 3));
	add(&dests[0], 0);
	assert_null(pick_for(1, 2, 3));
	edit(&dests[0], 1);
	assert_ptr_equal(pick_for(1, 2, 3), &dests[0]);
	add(&dests[1], 1);
	world_memory_fails = 1;
	del(&dests[1]);
	world_memory_fails = 0;
	assert_int_equal(mh_count(&dests[1]), 0);
	end();
}

static void test_mh_fallback(void **state)
{
	int i, got[3] = { 0 }, nobody = 0;
	struct ip_vs_dest *first;

	begin(&mh);
	for (i = 0; i < 3; i++)
		add(&dests[i], 1);
	edit(&dests[1], 0);
	for (i = 0; i < 3000; i++)
		nobody += !pick_for(0x0b000000 + i, 1000, 0);
	assert_in_range(nobody, 850, 1150);
	service.flags = MH_FALLBACK;
	for (i = 0; i < 3000; i++)
		got[pick_for(0x0b000000 + i, 1000, 0) - dests]++;
	assert_int_equal(got[1], 0);
	assert_in_range(got[0], 1350, 1650);
	/* a port counts only if it is told to */
	first = pick_for(77, 1, 0);
	for (i = 2; i < 100; i++)
		assert_ptr_equal(pick_for(77, i, 0), first);
	service.flags = MH_PORT;
	edit(&dests[1], 1);
	memset(got, 0, sizeof(got));
	for (i = 0; i < 3000; i++)
		got[pick_for(77, i, 0) - dests]++;
	for (i = 0; i < 3; i++)
		assert_in_range(got[i], 850, 1150);
	end();
}

/* ---- locality ---- */

static void takes(struct ip_vs_dest *dest)
{
	dest->active.counter++;
	dest->total.counter++;
}

static void spread(struct ip_vs_sched_ops *ops)
{
	struct ip_vs_dest *dest;
	int i, got[3] = { 0 };

	begin(ops);
	for (i = 0; i < 3; i++)
		add(&dests[i], 4);
	for (i = 0; i < 14; i++) {
		dest = pick_for(1, i, 100);
		takes(dest);
		got[dest - dests]++;
	}
	assert_int_equal(got[2], 5);
	assert_int_equal(got[1] + got[0], 9);
	assert_int_equal(max(got[1], got[0]), 5);
	end();
	for (i = 0; i < 3; i++)
		assert_int_equal(dests[i].refs, 0);
}

static void test_lbl_moves_on_overload(void **state)
{
	spread(&lblc);
	spread(&lblcr);
}

static void test_lblc_remembers(void **state)
{
	struct ip_vs_dest *one;

	begin(&lblc);
	add(&dests[0], 100);
	add(&dests[1], 100);
	one = pick_for(1, 1, 7);
	takes(one);
	assert_ptr_not_equal(pick_for(1, 1, 8), one);
	assert_ptr_equal(pick_for(1, 1, 7), one);
	set_overload(one, true);		/* its threshold is not asked */
	assert_ptr_equal(pick_for(1, 1, 7), one);
	set_overload(one, false);
	del(one);			/* gone, and back: still the choice if nobody asked meanwhile */
	add(one, 100);
	assert_ptr_equal(pick_for(1, 1, 7), one);
	edit(one, 0);
	assert_ptr_not_equal(pick_for(1, 1, 7), one);
	edit(one, 100);
	assert_ptr_not_equal(pick_for(1, 1, 7), one);
	end();
	assert_int_equal(dests[0].refs, 0);
	assert_int_equal(dests[1].refs, 0);
}

static void minutes(int n)
{
	struct ip_vs_lbl_cache *cache = service.sched->data;

	while (n--) {
		jiffies = cache->timer.expires;
		cache->timer.func(&cache->timer);
	}
}

static void test_lbl_limits_and_expiry(void **state)
{
	struct ip_vs_lbl_cache *cache;
	int i;

	begin(&lblc);
	add(&dests[0], 1);
	cache = service.sched->data;
	for (i = 0; i < 30000; i++)
		assert_ptr_equal(pick_for(1, 1, i), &dests[0]);
	assert_int_equal(cache->nr, 24576);
	assert_int_equal(dests[0].refs, 24576);
	minutes(5);
	assert_int_equal(cache->nr, 24576);	/* nobody idle long enough */
	minutes(2);
	assert_int_equal(cache->nr, 16384);	/* 8192 at a time */
	knob.expiration = 3600 * HZ;
	minutes(40);
	assert_int_equal(cache->nr, 16384);
	for (i = 20000; i < 20100; i++)
		pick_for(1, 1, i);
	minutes(31);
	assert_in_range(cache->nr, 90, 100);
	knob.expiration = LBL_DAY;
	end();
	assert_int_equal(dests[0].refs, 0);
	assert_int_equal(pressure(16384), 0);
	assert_int_equal(pressure(16387), 4);
	assert_int_equal(pressure(24576), 8192);
}

static void test_lblcr_shrinks(void **state)
{
	struct ip_vs_lbl_entry *entry;
	int i;

	begin(&lblcr);
	for (i = 0; i < 2; i++)
		add(&dests[i], 2);
	for (i = 0; i < 6; i++)
		takes(pick_for(1, i, 100));
	entry = find(service.sched->data, &packet.tuple.dst);
	assert_int_equal(entry->nr, 2);
	for (i = 0; i < 2; i++)
		dests[i].active.counter = dests[i].total.counter = i;
	knob.expiration = 10 * HZ;
	pick_for(1, 1, 100);
	assert_int_equal(entry->nr, 2);
	jiffies += 11 * HZ;
	assert_ptr_equal(pick_for(1, 1, 100), &dests[0]);
	assert_int_equal(entry->nr, 1);		/* the loaded one went */
	assert_int_equal(dests[1].refs, 0);
	knob.expiration = LBL_DAY;
	end();
}

/* Schedulers take over from each other at any moment; nobody is given to a server that is not usable. */
static void test_replacing(void **state)
{
	static struct ip_vs_sched_ops *const all[] = { &rr, &wrr, &lc, &wlc, &sed, &nq, &fo, &ovf, &twos,
						       &dh, &sh, &mh, &lblc, &lblcr };
	struct ip_vs_dest *dest;
	int i, n;

	begin(&rr);
	for (i = 0; i < 3000; i++) {
		assert_int_equal(ip_vs_sched_bind(&service, all[below(14)]), 0);
		disturb(8, some_weight, some_count);
		disturb(8, some_weight, some_count);
		for (n = 0; n < 15; n++) {
			dest = pick_for(0x0a010101 + i, n, n % 3);
			assert_true(!dest || (dest->svc && dest->weight));
		}
	}
	end();
	for (i = 0; i < 8; i++)
		assert_int_equal(dests[i].refs, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_ratios_are_exact),
		cmocka_unit_test(test_lc),
		cmocka_unit_test(test_wlc),
		cmocka_unit_test(test_sed),
		cmocka_unit_test(test_nq),
		cmocka_unit_test(test_fo),
		cmocka_unit_test(test_ovf),
		cmocka_unit_test(test_rr),
		cmocka_unit_test(test_wrr),
		cmocka_unit_test(test_wrr_interleaves),
		cmocka_unit_test(test_wrr_extreme_weights),
		cmocka_unit_test(test_wrr_of_many),
		cmocka_unit_test(test_wrr_without_memory),
		cmocka_unit_test(test_twos),
		cmocka_unit_test(test_dh),
		cmocka_unit_test(test_sh),
		cmocka_unit_test(test_mh_balance_and_disruption),
		cmocka_unit_test(test_mh_weights),
		cmocka_unit_test(test_mh_directors_agree),
		cmocka_unit_test(test_mh_limits),
		cmocka_unit_test(test_mh_fallback),
		cmocka_unit_test(test_lbl_moves_on_overload),
		cmocka_unit_test(test_lblc_remembers),
		cmocka_unit_test(test_lbl_limits_and_expiry),
		cmocka_unit_test(test_lblcr_shrinks),
		cmocka_unit_test(test_replacing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
