// SPDX-License-Identifier: GPL-2.0-only
/* The library's decoders: attributes and flat structs of the kernel to objects, and the
 * objects to requests again.
 */
#include "fuzz.h"

#include "libipvs/codec_attr.c"
#undef ARRAY_SIZE
#define get_field flat_get_field
#define get_stats flat_get_stats
#include "libipvs/codec_flat.c"

static const struct {
	int reply, request;
} pairs[] = {
	{ IPVS_CMD_GET_SERVICE, IPVS_CMD_NEW_SERVICE },
	{ IPVS_CMD_GET_DEST, IPVS_CMD_NEW_DEST },
	{ IPVS_CMD_GET_DAEMON, IPVS_CMD_NEW_DAEMON },
	{ IPVS_CMD_GET_CONFIG, IPVS_CMD_SET_CONFIG },
	{ IPVS_CMD_GET_INFO, IPVS_CMD_GET_INFO },
};

/* Names must be terminated, or the encoder would read behind them. */
static void ask_again(struct ipvs_request *req)
{
	struct nl_msg *msg = nlmsg_alloc();

	if (ipvs_attr_encode(msg, req))
		abort();
	nlmsg_free(msg);
	ipvs_flat_check(req);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct ip_vs_service_entry largest = { 0 };
	struct ipvs_request req = { 0 };
	const struct ipvs_object *o;
	void *attrs;
	int which, err;

	if (!size)
		return 0;
	which = data[0] % ARRAY_SIZE(pairs);
	o = ipvs_object_of_reply(pairs[which].reply);
	req.cmd = pairs[which].request;
	attrs = fuzz_copy(data + 1, size - 1);
	err = ipvs_attr_decode(attrs, size - 1, pairs[which].reply, (char *)&req + o->offset);
	free(attrs);
	if (!err)
		ask_again(&req);
	memcpy(&largest, data, size < sizeof(largest) ? size : sizeof(largest));
	ipvs_flat_decode(o, &largest, (char *)&req + o->offset);
	ask_again(&req);
	return 0;
}
