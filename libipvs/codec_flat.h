/* SPDX-License-Identifier: GPL-2.0-only */
/* Objects to and from the flat structs of the socket options, driven by the field tables. */
#ifndef IPVS_CODEC_FLAT_H
#define IPVS_CODEC_FLAT_H

#include "codec.h"

/* Can the socket options carry this request at all? Return: 0, or -EAFNOSUPPORT
 * with the reason in req->message.
 */
int ipvs_flat_check(struct ipvs_request *req);

/* Fills the zeroed struct ip_vs_*_user at @flat with those fields of @obj that have
 * one of @roles (IPVS_R_*).
 */
void ipvs_flat_encode(const struct ipvs_object *o, unsigned int roles, const void *obj, void *flat);

/* Fills @obj from the struct ip_vs_*_entry, or what else answers, at @flat. */
void ipvs_flat_decode(const struct ipvs_object *o, const void *flat, void *obj);

#endif
