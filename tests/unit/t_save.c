// SPDX-License-Identifier: GPL-2.0-only
/*
 * What is saved reads back as what it was, for every option of a rule; and the
 * tables of options and commands are sound.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "libipvs/addr.c"
#include "ipvsadm/value.c"
#include "ipvsadm/resolve.c"
#include "ipvsadm/options.c"
#include "ipvsadm/commands.c"
#include "ipvsadm/parse.c"
#include "ipvsadm/render_save.c"

/* commands are parsed here, never run */
int run_change(struct session *s, const struct request *req) { (void)s, (void)req; return 0; }
int run_list(struct session *s, const struct request *req) { (void)s, (void)req; return 0; }
int run_save(struct session *s, const struct request *req) { (void)s, (void)req; return 0; }
int run_apply(struct session *s, const struct request *req) { (void)s, (void)req; return 0; }
int run_restore(struct session *s, const struct request *req) { (void)s, (void)req; return 0; }

/* Parses a line whose words are separated by single blanks. */
static enum outcome parse_text(const char *text, struct request *req, char **complaint)
{
	char *copy = strdup(text), *rest = copy, *word;
	const char *argv[64] = { "ipvsadm" };
	enum outcome result;
	int argc = 1;

	copy[strcspn(copy, "\n")] = '\0';
	while ((word = strsep(&rest, " ")) && argc < 63)
		argv[argc++] = word;
	result = parse(argc, argv, req, complaint);
	free(copy);
	return result;
}

static void must_parse(const char *text, struct request *req)
{
	char *complaint;

	if (parse_text(text, req, &complaint) != PARSED)
		fail_msg("\"%s\": %s", text, complaint);
	free(complaint);
}

/* The saved lines of one service and its destination, read back, are the same rule. */
static void check_rule(const char *service_text, const char *dest_text)
{
	struct request service, dest = { 0 }, again;
	struct snapshot snap = { 0 };
	size_t first[2] = { 0, dest_text ? 1 : 0 };
	char *text = NULL, *second;
	size_t size;
	FILE *out;

	must_parse(service_text, &service);
	if (dest_text)
		must_parse(dest_text, &dest);
	snap.services = (struct ipvs_list){ &service.ask.service, 1, 1 };
	snap.dests = (struct ipvs_list){ &dest.ask.dest, first[1], first[1] };
	snap.first = first;
	out = open_memstream(&text, &size);
	render_save(out, &snap, NULL);
	fclose(out);

	must_parse(text, &again);
	assert_int_equal(again.command->ipvs_cmd, IPVS_CMD_NEW_SERVICE);
	assert_memory_equal(&again.ask.service, &service.ask.service, sizeof(again.ask.service));
	second = strchr(text, '\n') + 1;
	if (dest_text) {
		must_parse(second, &again);
		assert_int_equal(again.command->ipvs_cmd, IPVS_CMD_NEW_DEST);
		assert_memory_equal(&again.ask.dest, &dest.ask.dest, sizeof(again.ask.dest));
	} else {
		assert_string_equal(second, "");
	}
	free(text);
}

static void rules_read_back(void **state)
{
	(void)state;
	check_rule("-A -t 10.0.0.1:80", NULL);
	check_rule("-A -t 10.0.0.1:80 -s rr", "-a -t 10.0.0.1:80 -r 10.0.0.2:8080 -m -w 30");
	check_rule("-A -u 10.0.0.1:53 -s sh -b sh-port,sh-fallback -o -p 60 -M 255.255.0.0 --pe sip",
		   "-a -u 10.0.0.1:53 -r 10.0.0.2 -g -w 0 -x 10 -y 5");
	check_rule("-A -t 10.0.0.1:80 -s mh -b flag-3,mh-port", "-a -t 10.0.0.1:80 -r 10.0.0.2 -x 7");
	check_rule("-A --sctp-service [2001:db8::1]:0 -p 50 -M 64",
		   "-a --sctp-service [2001:db8::1]:0 -r [2001:db8::2]:0 -i --tun-type gre --tun-csum");
	check_rule("-A -f 4294967295 -s none", "-a -f 4294967295 -r 10.0.0.2:80 -i --tun-type gue "
		   "--tun-port 6080 --tun-remcsum");
	check_rule("-A -f 1 -6 -p", "-a -f 1 -6 -r [2001:db8::2]:80 -w 2147483647");
	check_rule("-A -t 10.0.0.1:80", "-a -t 10.0.0.1:80 -r 2001:db8::2 -i --tun-type gue "
		   "--tun-port 1");
}

static void options_may_come_in_any_order(void **state)
{
	static const char *const pairs[][2] = {
		{ "-a -r 10.0.0.2 -t 10.0.0.1:80 -m", "-a -t 10.0.0.1:80 -m -r 10.0.0.2" },
		{ "-a -m -r 10.0.0.2:81 -u 10.0.0.1:80", "-a -u 10.0.0.1:80 -r 10.0.0.2:81 -m" },
		{ "-A -M 64 -p 5 -t [2001:db8::1]:80", "-A -t [2001:db8::1]:80 -p 5 -M 64" },
		{ "-A -f 2 -M 64 -6 -p 100", "-A -f 2 -6 -M 64 -p 100" },
		{ "-A -b sh-port -t 10.0.0.1:80 -s sh", "-A -t 10.0.0.1:80 -s sh -b sh-port" },
	};
	struct request a, b;

	(void)state;
	for (size_t i = 0; i < sizeof(pairs) / sizeof(pairs[0]); i++) {
		must_parse(pairs[i][0], &a);
		must_parse(pairs[i][1], &b);
		assert_memory_equal(&a.ask, &b.ask, sizeof(a.ask));
	}
}

static void only_translation_changes_the_port(void **state)
{
	struct request req;

	(void)state;
	must_parse("-a -t 10.0.0.1:80 -r 10.0.0.2:8080", &req);
	assert_int_equal(ntohs(req.ask.dest.port), 80);
	must_parse("-a -t 10.0.0.1:80 -r 10.0.0.2:8080 -i", &req);
	assert_int_equal(ntohs(req.ask.dest.port), 80);
	must_parse("-a -t 10.0.0.1:80 -r 10.0.0.2:8080 -m", &req);
	assert_int_equal(ntohs(req.ask.dest.port), 8080);
	must_parse("-a -f 7 -r 10.0.0.2:8080 -g", &req);
	assert_int_equal(ntohs(req.ask.dest.port), 8080);
	must_parse("-d -t 10.0.0.1:80 -r 10.0.0.2:8080", &req);
	assert_int_equal(ntohs(req.ask.dest.port), 8080);
	must_parse("-d -t 10.0.0.1:80 -r 10.0.0.2", &req);
	assert_int_equal(ntohs(req.ask.dest.port), 80);
}

/* A name that the kernel has no room for is never cut to one that it knows. */
static void overlong_names_are_refused(void **state)
{
	struct request req;

	(void)state;
	must_parse("-A -t 10.0.0.1:80 -s abcdefghijklmno", &req);
	assert_int_equal(req.refused, 0);
	must_parse("-A -t 10.0.0.1:80 -s abcdefghijklmnop", &req);
	assert_int_equal(req.refused, -ENOENT);
	must_parse("--start-daemon master --mcast-interface abcdefghijklmnop", &req);
	assert_int_equal(req.refused, -ENODEV);
}

static void tables_are_sound(void **state)
{
	(void)state;
	for (unsigned int i = 0; i < nr_options; i++) {
		assert_non_null(options[i].parse);
		assert_non_null(options[i].help);
		assert_non_null(option_name(options[i].id));
		assert_int_equal(options[i].arg != ARG_NONE, options[i].arg_name != NULL);
		for (unsigned int k = 0; k < nr_commands; k++) {
			assert_string_not_equal(options[i].name, commands[k].name);
			if (options[i].letter) {
				assert_int_not_equal(options[i].letter, commands[k].letter);
				assert_int_not_equal(options[i].letter, commands[k].letter2);
			}
		}
	}
	for (unsigned int i = 0; i < nr_commands; i++) {
		assert_int_equal(commands[i].one_of & ~commands[i].allow, 0);
		assert_int_equal(commands[i].opens & ~commands[i].allow, 0);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(rules_read_back),
		cmocka_unit_test(options_may_come_in_any_order),
		cmocka_unit_test(only_translation_changes_the_port),
		cmocka_unit_test(overlong_names_are_refused),
		cmocka_unit_test(tables_are_sound),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
