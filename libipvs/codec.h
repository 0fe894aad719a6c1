/* SPDX-License-Identifier: GPL-2.0-only */
/* Objects to and from netlink attributes, driven by the field tables. */
#ifndef IPVS_CODEC_H
#define IPVS_CODEC_H

#include <netlink/netlink.h>
#include <netlink/attr.h>
#include <netlink/msg.h>

#include "ipvs.h"
#include "ipvs_fields.h"

/* One kind of object: its rows, its size, and the attribute it is nested in (0: none). */
struct ipvs_object {
	const struct ipvs_field *fields;
	size_t nr_fields;
	size_t size;
	int nest;
	size_t offset;		/* of the object in struct ipvs_request */
};

/* The object that a command of the GET kind answers with, or NULL. */
const struct ipvs_object *ipvs_object_of_reply(int cmd);

/* Puts the attributes of @req into @msg. Return: 0, -EINVAL for a command that
 * cannot be sent, or -EMSGSIZE.
 */
int ipvs_attr_encode(struct nl_msg *msg, const struct ipvs_request *req);

/* Fills @obj, of the kind that @cmd answers with, from @len bytes of attributes.
 * Unknown attributes are skipped, missing ones leave their member alone.
 * Return: 0 or -EBADMSG.
 */
int ipvs_attr_decode(const struct nlattr *attrs, int len, int cmd, void *obj);

#endif
