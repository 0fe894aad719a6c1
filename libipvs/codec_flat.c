// SPDX-License-Identifier: GPL-2.0-only
/*
 * Objects to and from the structs of the socket options. These are older than IPv6,
 * engines and tunnel settings and cannot carry them. Pure: no state, no system calls.
 */
#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "codec_flat.h"

#define ARRAY_SIZE(a) (sizeof(a) / sizeof((a)[0]))

/* The key of a service lies at the same place wherever it is asked for. */
#define SAME_PLACE(object, member) \
	_Static_assert(offsetof(struct object, member) == \
		       offsetof(struct ip_vs_service_user, member), #object "." #member)
SAME_PLACE(ip_vs_service_entry, protocol);
SAME_PLACE(ip_vs_service_entry, addr);
SAME_PLACE(ip_vs_service_entry, port);
SAME_PLACE(ip_vs_service_entry, fwmark);
SAME_PLACE(ip_vs_get_dests, protocol);
SAME_PLACE(ip_vs_get_dests, addr);
SAME_PLACE(ip_vs_get_dests, port);
SAME_PLACE(ip_vs_get_dests, fwmark);

static bool has_tunnel_settings(const struct ipvs_dest *d)
{
	return (d->conn_flags & IP_VS_CONN_F_FWD_MASK) == IP_VS_CONN_F_TUNNEL &&
	       d->tun_type != IP_VS_CONN_F_TUNNEL_TYPE_IPIP;
}

static bool has_daemon_settings(const struct ipvs_daemon *d)
{
	static const struct in6_addr none;

	return d->sync_maxlen || d->mcast_port || d->mcast_ttl || d->mcast_group ||
	       memcmp(&d->mcast_group6, &none, sizeof(none));
}

/* What of @req has no place in the flat structs, or NULL. */
static const char *obstacle(const struct ipvs_request *req)
{
	switch (req->cmd) {
	case IPVS_CMD_NEW_SERVICE:
	case IPVS_CMD_SET_SERVICE:
		if (req->service.pe[0])
			return "a persistence engine";
		break;
	case IPVS_CMD_NEW_DEST:
	case IPVS_CMD_SET_DEST:
		if (has_tunnel_settings(&req->dest))
			return "this type of tunnel";
		if (req->dest.af == AF_INET6)
			return "IPv6";
		break;
	case IPVS_CMD_DEL_DEST:
		if (req->dest.af == AF_INET6)
			return "IPv6";
		break;
	case IPVS_CMD_NEW_DAEMON:
		if (has_daemon_settings(&req->daemon))
			return "a daemon's group, port, TTL and size";
		break;
	}
	return req->service.af == AF_INET6 ? "IPv6" : NULL;
}

int ipvs_flat_check(struct ipvs_request *req)
{
	const char *what = obstacle(req);

	if (!what)
		return 0;
	snprintf(req->message, sizeof(req->message), "Socket options cannot carry %s", what);
	return -EAFNOSUPPORT;
}

/* Narrow and wide members both begin with the part that counts: an IPv4 address in
 * front of zeroes, flags in front of their mask.
 */
static size_t common_size(const struct ipvs_field *f, size_t flat_size)
{
	return f->size < flat_size ? f->size : flat_size;
}

void ipvs_flat_encode(const struct ipvs_object *o, unsigned int roles, const void *obj, void *flat)
{
	for (size_t i = 0; i < o->nr_fields; i++) {
		const struct ipvs_field *f = &o->fields[i];

		if (f->role & roles)
			memcpy((char *)flat + f->user.offset, (const char *)obj + f->offset,
			       common_size(f, f->user.size));
	}
}

static void get_stats(const char *flat, struct ipvs_stats *stats)
{
	for (size_t i = 0; i < ARRAY_SIZE(ipvs_stat_fields); i++) {
		const struct ipvs_field *f = &ipvs_stat_fields[i];
		__u64 value;
		__u32 narrow;

		if (f->entry.size == sizeof(value)) {
			memcpy(&value, flat + f->entry.offset, sizeof(value));
		} else {
			memcpy(&narrow, flat + f->entry.offset, sizeof(narrow));
			value = narrow;
		}
		memcpy((char *)stats + f->offset, &value, sizeof(value));
	}
}

static void get_field(const struct ipvs_field *f, const char *flat, char *member)
{
	struct ip_vs_flags flags = { .mask = ~0u };

	switch (f->type) {
	case IPVS_F_STATS32:
	case IPVS_F_STATS64:
		get_stats(flat, (struct ipvs_stats *)member);
		return;
	case IPVS_F_FLAGS:
		memcpy(&flags.flags, flat, sizeof(flags.flags));
		memcpy(member, &flags, sizeof(flags));
		return;
	default:
		memset(member, 0, f->size);
		memcpy(member, flat, common_size(f, f->entry.size));
		if (f->type == IPVS_F_STR)
			member[f->size - 1] = '\0';
		return;
	}
}

void ipvs_flat_decode(const struct ipvs_object *o, const void *flat, void *obj)
{
	for (size_t i = 0; i < o->nr_fields; i++) {
		const struct ipvs_field *f = &o->fields[i];

		if (f->entry.size)
			get_field(f, (const char *)flat + f->entry.offset,
				  (char *)obj + f->offset);
	}
}
