// SPDX-License-Identifier: GPL-2.0-only
/*
 * Answers of the kernel matched to requests in flight: by sequence number, with the
 * kernel's own words, and with some that never come.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "libipvs/codec_attr.c"
#include "libipvs/fd.c"
#include "libipvs/transport_nl.c"
#include "libipvs/list.c"

#define FIRST 100

static struct ipvs_request reqs[3];

static struct window in_flight(int cmd)
{
	for (int i = 0; i < 3; i++)
		reqs[i] = (struct ipvs_request){ .cmd = cmd, .err = 0 };
	return (struct window){ .reqs = reqs, .nr = 3, .nr_reqs = 3, .first_seq = FIRST };
}

/* An acknowledgement; @text is the kernel's message, if any. */
static void answer(struct window *win, __u32 seq, int err, const char *text)
{
	struct nl_msg *msg = nlmsg_alloc();
	struct nlmsgerr e = { .error = err };
	struct nlmsghdr *nlh = nlmsg_put(msg, 0, seq, NLMSG_ERROR, 0, 0);

	e.msg.nlmsg_len = NLMSG_HDRLEN;
	assert_int_equal(nlmsg_append(msg, &e, sizeof(e), NLMSG_ALIGNTO), 0);
	nlh->nlmsg_flags = NLM_F_CAPPED;
	if (text) {
		nlh->nlmsg_flags |= NLM_F_ACK_TLVS;
		assert_int_equal(nla_put_u32(msg, NLMSGERR_ATTR_OFFS, 20), 0);
		assert_int_equal(nla_put_string(msg, NLMSGERR_ATTR_MSG, text), 0);
	}
	take_answer(win, nlh);
	nlmsg_free(msg);
}

static void each_answer_finds_its_request(void **state)
{
	struct window win = in_flight(IPVS_CMD_NEW_SERVICE);

	(void)state;
	answer(&win, FIRST, 0, NULL);
	answer(&win, FIRST + 1, -EEXIST, "service 10.0.0.1:80 exists");
	answer(&win, FIRST + 2, -ENOENT, NULL);
	assert_int_equal(reqs[0].err, 0);
	assert_int_equal(reqs[1].err, -EEXIST);
	assert_string_equal(reqs[1].message, "service 10.0.0.1:80 exists");
	assert_int_equal(reqs[2].err, -ENOENT);
	assert_string_equal(reqs[2].message, "");
	assert_int_equal(win.next, win.nr);
}

static void answers_of_earlier_conversations_are_passed_over(void **state)
{
	struct window win = in_flight(IPVS_CMD_NEW_SERVICE);

	(void)state;
	answer(&win, FIRST - 1, -EPERM, NULL);
	answer(&win, FIRST + 3, -EPERM, NULL);
	answer(&win, FIRST, 0, NULL);
	answer(&win, FIRST, -EPERM, NULL);
	assert_int_equal(win.next, 1);
	assert_int_equal(reqs[0].err, 0);
}

static void a_daemon_whose_stop_is_not_answered_was_stopped(void **state)
{
	struct window win = in_flight(IPVS_CMD_DEL_DAEMON);

	(void)state;
	win.nr_reqs = 2;	/* the third message is a fence */
	answer(&win, FIRST + 2, 0, NULL);
	assert_int_equal(reqs[0].err, 0);
	assert_int_equal(reqs[1].err, 0);
	assert_int_equal(win.next, win.nr);

	win = in_flight(IPVS_CMD_NEW_SERVICE);
	answer(&win, FIRST + 2, 0, NULL);
	assert_int_equal(reqs[0].err, -EINTR);
	assert_int_equal(reqs[1].err, -EINTR);
	assert_int_equal(reqs[2].err, 0);
}

static void a_long_message_is_cut(void **state)
{
	struct window win = in_flight(IPVS_CMD_NEW_SERVICE);
	char text[2 * IPVS_MESSAGE_MAX];

	(void)state;
	memset(text, 'x', sizeof(text));
	text[sizeof(text) - 1] = '\0';
	answer(&win, FIRST, -EINVAL, text);
	assert_int_equal(strlen(reqs[0].message), IPVS_MESSAGE_MAX - 1);
}

static void an_error_that_is_none_is_refused(void **state)
{
	struct window win = in_flight(IPVS_CMD_NEW_SERVICE);

	(void)state;
	answer(&win, FIRST, 5, NULL);
	assert_int_equal(reqs[0].err, -EBADMSG);
}

/* Its length says that the request it echoes is longer than what follows. */
static void a_cut_acknowledgement_says_nothing(void **state)
{
	struct window win = in_flight(IPVS_CMD_NEW_SERVICE);
	struct nlmsghdr *nlh = calloc(1, NLMSG_HDRLEN + sizeof(int));

	(void)state;
	*nlh = (struct nlmsghdr){ .nlmsg_len = NLMSG_HDRLEN + sizeof(int), .nlmsg_seq = FIRST,
				  .nlmsg_type = NLMSG_ERROR, .nlmsg_flags = NLM_F_ACK_TLVS };
	*(int *)nlmsg_data(nlh) = -EPERM;
	take_answer(&win, nlh);
	assert_int_equal(reqs[0].err, -EPERM);
	assert_string_equal(reqs[0].message, "");
	free(nlh);
}

/* --- many dumps at a time ------------------------------------------------------- */

/* One datagram: for each letter of @parts an object (o), an end (.) or a refusal (!) of
 * the dump with that digit's number: "0o0." is a whole dump.
 */
static void datagram(struct dumps *ds, const char *parts)
{
	char room[4096] = { 0 };
	int len = 0;

	for (; *parts; parts += 2) {
		struct nl_msg *msg = nlmsg_alloc();
		struct nlmsghdr *nlh;
		int err = parts[1] == '!' ? -EBUSY : 0;

		nlmsg_put(msg, 0, FIRST + parts[0] - '0', parts[1] == 'o' ? 99 :
			  parts[1] == '.' ? NLMSG_DONE : NLMSG_ERROR, 0, 0);
		if (parts[1] == 'o') {
			struct genlmsghdr g = { .cmd = IPVS_CMD_NEW_DEST };
			struct nlattr *nest;

			nlmsg_append(msg, &g, sizeof(g), NLMSG_ALIGNTO);
			nest = nla_nest_start(msg, IPVS_CMD_ATTR_DEST);
			nla_put_u32(msg, IPVS_DEST_ATTR_WEIGHT, parts[0] - '0');
			nla_nest_end(msg, nest);
		} else {
			nlmsg_append(msg, &err, sizeof(err), NLMSG_ALIGNTO);
		}
		nlh = nlmsg_hdr(msg);
		memcpy(room + len, nlh, nlh->nlmsg_len);
		len += NLMSG_ALIGN(nlh->nlmsg_len);
		nlmsg_free(msg);
	}
	take_part(ds, (struct datagram){ (struct nlmsghdr *)room, len });
}

static struct ipvs_list dests;
static size_t bounds[3];

static struct dumps asked(void)
{
	ipvs_list_free(&dests);
	return (struct dumps){ .cmd = IPVS_CMD_GET_DEST, .nr = 3, .first_seq = FIRST,
			       .out = &dests, .bounds = bounds };
}

static void whole_dumps_follow_each_other(void **state)
{
	struct dumps ds = asked();

	(void)state;
	datagram(&ds, "0o0o0.");
	datagram(&ds, "1.");
	datagram(&ds, "2o2.");
	assert_int_equal(ds.ended, 3);
	assert_int_equal(ds.done, 3);
	assert_int_equal(ds.err, 0);
	assert_true(ds.whole);
	assert_int_equal(bounds[0], 2);
	assert_int_equal(bounds[1], 2);
	assert_int_equal(bounds[2], 3);
	assert_int_equal(((struct ipvs_dest *)dests.items)[2].weight, 2);
	ipvs_list_free(&dests);
}

static void a_long_dump_puts_the_next_ones_off(void **state)
{
	struct dumps ds = asked();

	(void)state;
	datagram(&ds, "0o");
	datagram(&ds, "1!");
	datagram(&ds, "2!");
	assert_int_equal(ds.done, 0);
	datagram(&ds, "0o");
	datagram(&ds, "0.");
	assert_int_equal(ds.ended, 3);
	assert_int_equal(ds.done, 1);
	assert_int_equal(ds.err, 0);
	assert_false(ds.whole);
	assert_int_equal(dests.nr, 2);
	ipvs_list_free(&dests);
}

static void what_comes_behind_a_failure_does_not_count(void **state)
{
	struct dumps ds = asked();

	(void)state;
	datagram(&ds, "0o0.");
	datagram(&ds, "1!");
	datagram(&ds, "2o2.");
	assert_int_equal(ds.ended, 3);
	assert_int_equal(ds.done, 1);
	assert_int_equal(ds.err, -EBUSY);
	assert_int_equal(dests.nr, 1);
	ipvs_list_free(&dests);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_answer_finds_its_request),
		cmocka_unit_test(answers_of_earlier_conversations_are_passed_over),
		cmocka_unit_test(a_daemon_whose_stop_is_not_answered_was_stopped),
		cmocka_unit_test(a_long_message_is_cut),
		cmocka_unit_test(an_error_that_is_none_is_refused),
		cmocka_unit_test(a_cut_acknowledgement_says_nothing),
		cmocka_unit_test(whole_dumps_follow_each_other),
		cmocka_unit_test(a_long_dump_puts_the_next_ones_off),
		cmocka_unit_test(what_comes_behind_a_failure_does_not_count),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
