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

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_answer_finds_its_request),
		cmocka_unit_test(answers_of_earlier_conversations_are_passed_over),
		cmocka_unit_test(a_daemon_whose_stop_is_not_answered_was_stopped),
		cmocka_unit_test(a_long_message_is_cut),
		cmocka_unit_test(an_error_that_is_none_is_refused),
		cmocka_unit_test(a_cut_acknowledgement_says_nothing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
