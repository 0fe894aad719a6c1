// SPDX-License-Identifier: GPL-2.0-only
/*
 * Makes the running table that of a file, by the difference: what stays as it is is
 * not touched, so that its counters and connections live on. Whatever is added or
 * edited comes before anything that is deleted, so that no service is ever without
 * servers that the file gives it, and nothing is deleted if adding failed.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "commands.h"
#include "execute.h"
#include "render.h"
#include "rules.h"
#include "value.h"

struct plan {
	struct ipvs_list now;	/* struct ipvs_request: adding and editing */
	struct ipvs_list later;	/* deleting */
	bool failed;		/* memory is short */
};

static void plan(struct plan *p, int cmd, const struct ipvs_service *service,
		 const struct ipvs_dest *dest)
{
	bool deletes = cmd == IPVS_CMD_DEL_SERVICE || cmd == IPVS_CMD_DEL_DEST;
	struct ipvs_list *list = deletes ? &p->later : &p->now;
	struct ipvs_request *ask;

	if (list->nr == list->room) {
		size_t room = list->room ? 2 * list->room : 16;
		void *items = realloc(list->items, room * sizeof(*ask));

		if (!items) {
			p->failed = true;
			return;
		}
		list->items = items;
		list->room = room;
	}
	ask = (struct ipvs_request *)list->items + list->nr++;
	memset(ask, 0, sizeof(*ask));
	ask->cmd = cmd;
	if (service)
		ask->service = *service;
	if (dest)
		ask->dest = *dest;
}

static struct ipvs_request *last_planned(struct plan *p)
{
	return (struct ipvs_request *)p->now.items + p->now.nr - 1;
}

/* --- what differs ------------------------------------------------------------------ */

#define SERVICE_FLAGS (IP_VS_SVC_F_PERSISTENT | IP_VS_SVC_F_ONEPACKET | SCHED_FLAGS_ALL)

static bool same_service(const struct ipvs_service *a, const struct ipvs_service *b)
{
	bool persistent = a->flags.flags & IP_VS_SVC_F_PERSISTENT;

	return !((a->flags.flags ^ b->flags.flags) & SERVICE_FLAGS) &&
	       !strcmp(a->sched, b->sched) && !strcmp(a->pe, b->pe) &&
	       (!persistent || (a->timeout == b->timeout && a->netmask == b->netmask));
}

static bool same_tunnel(const struct ipvs_dest *a, const struct ipvs_dest *b)
{
	return a->tun_type == b->tun_type &&
	       (a->tun_type == IP_VS_CONN_F_TUNNEL_TYPE_IPIP || a->tun_flags == b->tun_flags) &&
	       (a->tun_type != IP_VS_CONN_F_TUNNEL_TYPE_GUE || a->tun_port == b->tun_port);
}

static bool same_dest(const struct ipvs_dest *a, const struct ipvs_dest *b)
{
	__u32 method = a->conn_flags & IP_VS_CONN_F_FWD_MASK;

	return method == (b->conn_flags & IP_VS_CONN_F_FWD_MASK) && a->weight == b->weight &&
	       a->u_thresh == b->u_thresh && a->l_thresh == b->l_thresh &&
	       (method != IP_VS_CONN_F_TUNNEL || same_tunnel(a, b));
}

/* Two sorted rows of servers, side by side. @is, @nr_is: what there is now. */
static void plan_dests(struct plan *p, const struct ipvs_service *service,
		       const struct rule *want, size_t nr_want,
		       const struct ipvs_dest *is, size_t nr_is)
{
	size_t w = 0, i = 0;
	int order;

	while (w < nr_want || i < nr_is) {
		if (w == nr_want)
			order = 1;
		else if (i == nr_is)
			order = -1;
		else
			order = ipvs_dest_compare(&want[w].dest, &is[i]);
		if (order < 0)
			plan(p, IPVS_CMD_NEW_DEST, service, &want[w].dest);
		else if (order > 0)
			plan(p, IPVS_CMD_DEL_DEST, service, &is[i]);
		else if (!same_dest(&want[w].dest, &is[i]))
			plan(p, IPVS_CMD_SET_DEST, service, &want[w].dest);
		w += order <= 0;
		i += order >= 0;
	}
}

/* How many servers of the rules from @k on belong to @service. */
static size_t count_dests(const struct rules *r, size_t k, const struct ipvs_service *service)
{
	size_t end = k;

	while (end < r->dests.nr && !ipvs_service_compare(&rules_dest(r, end)->service, service))
		end++;
	return end - k;
}

static void plan_services(struct plan *p, const struct rules *r, const struct snapshot *snap)
{
	const struct ipvs_dest *dests = snap->dests.items;
	size_t w = 0, i = 0, k = 0, nr;
	int order;

	while (w < r->services.nr || i < snap->services.nr) {
		const struct ipvs_service *want = NULL, *is = NULL;

		if (w < r->services.nr)
			want = &rules_service(r, w)->service;
		if (i < snap->services.nr)
			is = snapshot_service(snap, i);
		order = !want ? 1 : !is ? -1 : ipvs_service_compare(want, is);
		if (order > 0) {
			plan(p, IPVS_CMD_DEL_SERVICE, is, NULL);
			i++;
			continue;
		}
		if (order < 0)
			plan(p, IPVS_CMD_NEW_SERVICE, want, NULL);
		else if (!same_service(want, is))
			plan(p, IPVS_CMD_SET_SERVICE, want, NULL);
		nr = count_dests(r, k, want);
		plan_dests(p, want, rules_dest(r, k), nr, order ? NULL : dests + snap->first[i],
			   order ? 0 : snap->first[i + 1] - snap->first[i]);
		k += nr;
		w++;
		i += !order;
	}
}

/* A wanted 0 keeps what is. */
static bool differs(__u32 want, __u32 is)
{
	return want && want != is;
}

static void plan_timeouts(struct plan *p, const struct ipvs_timeouts *want,
			  const struct ipvs_timeouts *is)
{
	if (!differs(want->tcp, is->tcp) && !differs(want->tcp_fin, is->tcp_fin) &&
	    !differs(want->udp, is->udp))
		return;
	plan(p, IPVS_CMD_SET_CONFIG, NULL, NULL);
	if (!p->failed)
		last_planned(p)->timeouts = *want;
}

/* What the file leaves out the kernel has filled in: it does not count. */
static bool same_daemon(const struct ipvs_daemon *want, const struct ipvs_daemon *is)
{
	return !strcmp(want->mcast_ifn, is->mcast_ifn) && want->sync_id == is->sync_id &&
	       !differs(want->sync_maxlen, is->sync_maxlen) &&
	       !differs(want->mcast_port, is->mcast_port) &&
	       !differs(want->mcast_ttl, is->mcast_ttl) &&
	       !differs(want->mcast_group, is->mcast_group) &&
	       (IN6_IS_ADDR_UNSPECIFIED(&want->mcast_group6) ||
		IN6_ARE_ADDR_EQUAL(&want->mcast_group6, &is->mcast_group6));
}

/* Roles that the file does not speak of stay as they are. */
static void plan_daemon(struct plan *p, const struct ipvs_daemon *want,
			const struct ipvs_list *daemons)
{
	const struct ipvs_daemon *is = daemons->items;

	for (size_t i = 0; i < daemons->nr; i++) {
		if (is[i].state != want->state)
			continue;
		if (same_daemon(want, &is[i]))
			return;
		plan(p, IPVS_CMD_DEL_DAEMON, NULL, NULL);
		if (!p->failed)
			last_planned(p)->daemon = is[i];
	}
	plan(p, IPVS_CMD_NEW_DAEMON, NULL, NULL);
	if (!p->failed)
		last_planned(p)->daemon = *want;
}

/* --- doing it ------------------------------------------------------------------------ */

/* Compares with what is running. Return: 0 or -errno. */
static int make_plan(struct session *s, const struct rules *r, struct plan *p)
{
	const struct ipvs_daemon *d = r->daemons.items;
	struct ipvs_list daemons = { 0 };
	struct snapshot snap = { 0 };
	struct ipvs_timeouts timeouts;
	int err;

	err = ipvs_timeouts_get(s->ipvs, &timeouts);
	if (!err && r->daemons.nr)
		err = ipvs_daemon_list(s->ipvs, &daemons);
	if (!err && r->has_services)
		err = snapshot_take(&snap, s->ipvs, NULL, true);
	if (!err) {
		plan_timeouts(p, &r->timeouts, &timeouts);
		for (size_t i = 0; i < r->daemons.nr; i++)
			plan_daemon(p, &d[i], &daemons);
		if (r->has_services)
			plan_services(p, r, &snap);
	}
	snapshot_free(&snap);
	ipvs_list_free(&daemons);
	return err ? err : p->failed ? -ENOMEM : 0;
}

static void print_changes(struct session *s, const struct ipvs_list *changes)
{
	for (size_t i = 0; i < changes->nr; i++) {
		render_command(s->out, (const struct ipvs_request *)changes->items + i, NULL);
		putc('\n', s->out);
	}
}

static int carry_out(struct session *s, struct ipvs_list *changes)
{
	struct ipvs_request *asks = changes->items;
	int status = 0;

	ipvs_run(s->ipvs, asks, changes->nr);
	for (size_t i = 0; i < changes->nr; i++)
		if (asks[i].err) {
			session_refused(s, "", &asks[i]);
			status = 255;
		}
	return status;
}

static int carry_out_plan(struct session *s, struct plan *p)
{
	int status = carry_out(s, &p->now);

	if (!status)
		return carry_out(s, &p->later);
	if (p->later.nr)
		fprintf(s->err, "ipvsadm: nothing was deleted\n");
	return status;
}

int run_apply(struct session *s, const struct request *req)
{
	struct rules rules = { 0 };
	struct plan p = { 0 };
	int status, err;

	status = rules_read(s, &rules, req->file);
	if (!status)
		status = session_open(s);
	if (status)
		goto out;
	err = make_plan(s, &rules, &p);
	if (err) {
		fprintf(s->err, "%s\n", ipvs_error_text(IPVS_CMD_GET_SERVICE, err));
		status = 1;
	} else if (has(req, SET(DRY_RUN))) {
		print_changes(s, &p.now);
		print_changes(s, &p.later);
	} else {
		status = carry_out_plan(s, &p);
	}
out:
	ipvs_list_free(&p.now);
	ipvs_list_free(&p.later);
	rules_free(&rules);
	return status;
}
