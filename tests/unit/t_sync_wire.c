// SPDX-License-Identifier: GPL-2.0-only
/*
 * The datagrams of synchronisation: bytes as upstream's master sends them, and everything
 * that a receiver must not fall for.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <stdio.h>
#include <arpa/inet.h>

#include <cmocka.h>

#include "sync/wire.c"

/* An exact copy on the heap, so that the sanitizer sees a read behind its end. */
static __u8 *bytes(const char *hex, unsigned int *len)
{
	__u8 *out = malloc(strlen(hex) / 2 + 1), *p = out, *exact;

	assert_non_null(out);
	for (; *hex; hex++) {
		if (*hex == ' ')
			continue;
		assert_int_equal(sscanf(hex, "%2hhx", p++), 1);
		hex++;
	}
	*len = p - out;
	exact = malloc(*len ? *len : 1);
	memcpy(exact, out, *len);
	free(out);
	return exact;
}

/* What reading a datagram gives: "R" record, "S" skip, "!" stop, and at the end ".";
 * or the reason why it is not opened.
 */
static const char *read_all_as(const char *hex, __u32 own_id, struct ip_vs_sync_record *last)
{
	static const char *const refused[] = { "", "short", "length", "foreign" };
	static char out[300];
	struct ip_vs_sync_reader reader;
	struct ip_vs_sync_record rec;
	enum ip_vs_sync_opened opened;
	enum ip_vs_sync_next next;
	unsigned int len;
	char *p = out;
	__u8 *buf = bytes(hex, &len);

	opened = ip_vs_sync_read_begin(&reader, buf, len, own_id);
	if (opened != IP_VS_SYNC_OPENED) {
		free(buf);
		return refused[opened];
	}
	while ((next = ip_vs_sync_read(&reader, &rec)) != IP_VS_SYNC_END) {
		*p++ = ".RS!"[next];
		if (last && next == IP_VS_SYNC_RECORD)
			*last = rec;
	}
	*p++ = '.';
	*p = 0;
	free(buf);
	return out;
}

static const char *read_all(const char *hex)
{
	return read_all_as(hex, 7, NULL);
}

static struct ip_vs_sync_record sample(void)
{
	struct ip_vs_sync_record rec = {
		.af = AF_INET, .protocol = 6, .state = 1, .timeout = 900,
		.cport = htons(0xa760), .vport = htons(0x50), .dport = htons(0x1f90),
	};

	rec.client.ip = htonl(0x0a000102);
	rec.virt.ip = htonl(0x0a000001);
	rec.dest.ip = htonl(0x0a00020a);
	return rec;
}

static void expect_bytes(struct ip_vs_sync_writer *w, __u8 id, const char *hex)
{
	unsigned int len = ip_vs_sync_write_end(w, id), want;
	__u8 *expected = bytes(hex, &want);

	assert_int_equal(len, want);
	assert_memory_equal(w->buf, expected, want);
	free(expected);
}

#define REC4 "0006 0024 00000000 0001 a760 0050 1f90 00000000 00000384 0a000102 0a000001 0a00020a "

static void a_version_1_record_is_written_as_upstream_does(void **unused)
{
	struct ip_vs_sync_record rec = sample();
	struct ip_vs_sync_writer w;
	__u8 buf[1472];

	ip_vs_sync_write_begin(&w, buf, sizeof(buf), 1);
	assert_true(ip_vs_sync_write(&w, &rec));
	expect_bytes(&w, 7, "0007 002c 01 01 0000" REC4);
	rec.state = 7;
	rec.flags = 0x40 | 1U << 24 | 0x10000;	/* what is about our table stays here */
	assert_true(ip_vs_sync_write(&w, &rec));
	expect_bytes(&w, 7, "0007 0050 02 01 0000" REC4
		     "0006 0024 00010000 0007 a760 0050 1f90 00000000 00000384 0a000102 0a000001 0a00020a");
}

static void templates_are_written_as_upstream_does(void **unused)
{
	struct ip_vs_sync_record rec = sample();
	struct ip_vs_sync_writer w;
	__u8 buf[1472];

	rec.protocol = 17;
	rec.flags = 0x1100;
	rec.cport = 0;
	rec.vport = rec.dport = htons(0x13c4);
	rec.timeout = 60;
	rec.pe_data = (const __u8 *)"abc123@host";
	rec.pe_data_len = 11;
	rec.pe_name = (const __u8 *)"sip";
	rec.pe_name_len = 3;
	ip_vs_sync_write_begin(&w, buf, sizeof(buf), 1);
	assert_true(ip_vs_sync_write(&w, &rec));
#define SIP "0011 0036 00001100 0001 0000 13c4 13c4 00000000 0000003c 0a000102 0a000001 0a00020a " \
	    "02 0b 6162633132334068 6f7374  03 03 736970"
	expect_bytes(&w, 0, "0000 003e 01 01 0000" SIP);
	/* the next one begins at a multiple of four */
	rec = sample();
	assert_true(ip_vs_sync_write(&w, &rec));
	expect_bytes(&w, 0, "0000 0064 02 01 0000" SIP "0000" REC4);
	assert_string_equal(read_all_as("0000 0064 02 01 0000" SIP "0000" REC4, 0, &rec), "RR.");
	assert_int_equal(rec.protocol, 6);
}

static void version_0_is_written_as_upstream_does(void **unused)
{
	struct ip_vs_sync_record rec = sample();
	struct ip_vs_sync_writer w;
	__u8 buf[1472];

	rec.cport = htons(0xa500);
	ip_vs_sync_write_begin(&w, buf, sizeof(buf), 0);
	assert_true(ip_vs_sync_write(&w, &rec));
	expect_bytes(&w, 7, "01 07 001c 0006 a500 0050 1f90 0a000102 0a000001 0a00020a 0000 0001");
	rec.af = AF_INET6;
	assert_int_equal(ip_vs_sync_datagram_size(0, &rec), 0);
	assert_int_equal(ip_vs_sync_datagram_size(1, &rec), 80);
}

static void every_field_survives(void **unused)
{
	struct ip_vs_sync_record in = sample(), out;
	struct ip_vs_sync_reader r;
	struct ip_vs_sync_writer w;
	__u8 buf[400];
	unsigned int len;
	int version;

	for (version = 0; version < 2; version++) {
		in.af = version ? AF_INET6 : AF_INET;
		if (version) {
			memset(&in.client, 1, 16);
			memset(&in.virt, 2, 16);
			memset(&in.dest, 3, 16);
			in.fwmark = 0x12345678;
			in.pe_data = (const __u8 *)"data";
			in.pe_data_len = 4;
			in.pe_name = (const __u8 *)"sixteen letters!";
			in.pe_name_len = 16;
		} else {
			in.timeout = 0;
		}
		in.flags = 0x0600 | 0x1000;
		in.has_seq = true;
		in.in = (struct ip_vs_sync_seq){ 1, 2, 3 };
		in.out = (struct ip_vs_sync_seq){ 0xfffffff0, 5, 6 };
		len = ip_vs_sync_datagram_size(version, &in);
		ip_vs_sync_write_begin(&w, buf, len - 1, version);
		assert_false(ip_vs_sync_write(&w, &in));
		ip_vs_sync_write_begin(&w, buf, len, version);
		assert_true(ip_vs_sync_write(&w, &in));
		assert_int_equal(ip_vs_sync_write_end(&w, 255), len);
		assert_int_equal(ip_vs_sync_read_begin(&r, buf, len, 255), IP_VS_SYNC_OPENED);
		assert_int_equal(r.version, version);
		assert_int_equal(ip_vs_sync_read(&r, &out), IP_VS_SYNC_RECORD);
		if (version) {
			assert_memory_equal(in.pe_data, out.pe_data, 4);
			assert_memory_equal(in.pe_name, out.pe_name, 16);
		}
		in.pe_data = out.pe_data;
		in.pe_name = out.pe_name;
		assert_memory_equal(&in, &out, sizeof(in));
		assert_int_equal(ip_vs_sync_read(&r, &out), IP_VS_SYNC_END);
	}
}

static void a_datagram_holds_at_most_255_records(void **unused)
{
	static __u8 buf[65507];
	struct ip_vs_sync_record rec = sample();
	struct ip_vs_sync_reader r;
	struct ip_vs_sync_writer w;
	unsigned int n = 0, len;

	ip_vs_sync_write_begin(&w, buf, sizeof(buf), 1);
	while (ip_vs_sync_write(&w, &rec))
		n++;
	assert_int_equal(n, 255);
	len = ip_vs_sync_write_end(&w, 0);
	assert_int_equal(len, 8 + 255 * 36);
	ip_vs_sync_read_begin(&r, buf, len, 0);
	for (n = 0; ip_vs_sync_read(&r, &rec) == IP_VS_SYNC_RECORD; n++)
		;
	assert_int_equal(n, 255);
}

static void headers_are_checked(void **unused)
{
	assert_string_equal(read_all(""), "short");
	assert_string_equal(read_all("000700"), "short");
	assert_string_equal(read_all("0007 0000"), "length");
	assert_string_equal(read_all("0007 0004"), ".");
	assert_string_equal(read_all("0007 0007 010100"), ".");	/* too short for version 1 */
	assert_string_equal(read_all("0007 002c 01 01 0000" REC4), "R.");
	assert_string_equal(read_all("0007 002d 01 01 0000" REC4), "length");
	assert_string_equal(read_all("0008 002c 01 01 0000" REC4), "foreign");
	assert_string_equal(read_all_as("0008 002c 01 01 0000" REC4, 0, NULL), "R.");
	/* an id on the wire has 8 bits */
	assert_string_equal(read_all_as("0008 002c 01 01 0000" REC4, 0x108, NULL), "foreign");
	/* a later version is no version 1, so version 0, of no records */
	assert_string_equal(read_all("0007 002c 01 02 0000" REC4), ".");
	assert_string_equal(read_all("0007 002c 01 01 0001" REC4), ".");
}

static void counts_are_not_trusted(void **unused)
{
	assert_string_equal(read_all("0007 002c 00 01 0000" REC4), ".");
	assert_string_equal(read_all("0007 002c 05 01 0000" REC4), "R!.");
	assert_string_equal(read_all("0007 0050 01 01 0000" REC4 REC4), "R.");
	assert_string_equal(read_all("0007 0008 ff 01 0000"), "!.");
}

/* A datagram of one record of version 1, with @after behind it. */
static const char *record(const char *head, const char *after)
{
	char hex[400];

	snprintf(hex, sizeof(hex), "0007 0000 01 01 0000 %s %s %s", head,
		 "00000000 0001 a760 0050 1f90 00000000 00000384 0a000102 0a000001 0a00020a", after);
	{
		unsigned int len;
		char size[5];

		free(bytes(hex, &len));
		snprintf(size, sizeof(size), "%04x", len);
		memcpy(hex + 5, size, 4);
	}
	return read_all(hex);
}

static void fixed_parts_are_checked(void **unused)
{
	assert_string_equal(record("0006 0024", ""), "R.");
	assert_string_equal(record("0006 0025", ""), "!.");	/* longer than the datagram */
	assert_string_equal(record("0006 1024", ""), "!.");	/* version 1 of records */
	assert_string_equal(record("0206 0024", ""), "!.");	/* unknown type */
	assert_string_equal(record("0106 0024", ""), "!.");	/* too short for IPv6 */
	assert_string_equal(record("0006 0023", ""), "!.");
	assert_string_equal(record("0006 0000", ""), "!.");
	assert_string_equal(record("0106 0048",
			    "00000000 00000000 00000000 00000000 00000000 00000000 00000000 00000000 00000000"),
			    "R.");
	assert_string_equal(record("0006 0024", "00"), "R.");	/* bytes behind the last record */
}

static void options_are_checked(void **unused)
{
#define TRIPLES "000000010000000200000003 000000040000000500000006"
	assert_string_equal(record("0006 003e", "0118" TRIPLES), "R.");
	assert_string_equal(record("0006 0025", "01"), "!.");			/* a stray byte */
	assert_string_equal(record("0006 0026", "0100"), "!.");			/* empty */
	assert_string_equal(record("0006 0027", "020241"), "!.");		/* beyond the record */
	assert_string_equal(record("0006 003d", "0117 0000" "000000020000000300000004 000000050000000600"),
			    "!.");						/* 23 bytes */
	assert_string_equal(record("0006 0058", "0118" TRIPLES "0118" TRIPLES), "!.");
	assert_string_equal(record("0006 002a", "020141 020142"), "!.");		/* repeated */
	assert_string_equal(record("0006 002a", "030141 030142"), "!.");
	assert_string_equal(record("0006 002a", "020141 030142"), "R.");
	assert_string_equal(record("0006 0036", "0310 41414141414141414141414141414141"), "R.");
	assert_string_equal(record("0006 0037", "0311 4141414141414141414141414141414141"), "!.");
	assert_string_equal(record("0006 002a", "420141 020142"), "!.");	/* the same, with the flag */
	assert_string_equal(record("0006 0027", "050141"), "S.");		/* unknown */
	assert_string_equal(record("0006 0027", "450141"), "R.");		/* and harmless */
}

static void a_skipped_record_does_not_hide_the_next(void **unused)
{
	assert_string_equal(read_all("0007 0054 02 01 0000"
		"0006 0027 00000000 0001 a760 0050 1f90 00000000 00000384 0a000102 0a000001 0a00020a 050141 00"
		REC4), "SR.");
	assert_string_equal(read_all("0007 0054 02 01 0000"
		"0006 0027 00000000 0001 a760 0050 1f90 00000000 00000384 0a000102 0a000001 0a00020a 050041 00"
		REC4), "!.");
}

static void version_0_is_checked(void **unused)
{
#define V0 "0006 a500 0050 1f90 0a000102 0a000001 0a00020a "
	struct ip_vs_sync_record rec;

	assert_string_equal(read_all_as("01 07 001c" V0 "0000 0001", 7, &rec), "R.");
	assert_int_equal(rec.state, 1);
	assert_int_equal(rec.timeout, 0);
	assert_int_equal(rec.af, AF_INET);
	assert_string_equal(read_all("02 07 001c" V0 "0000 0001"), "R!.");
	assert_string_equal(read_all("01 07 001b" V0 "0000 00"), "!.");
	assert_string_equal(read_all("01 07 001c" V0 "0200 0001"), "!.");	/* no triples */
	assert_string_equal(read_all("01 07 0034" V0 "0400 0001" TRIPLES), "R.");
	assert_string_equal(read_all("01 07 0033" V0 "0400 0001 0000010000000200000003 000000040000000500000006"),
			    "!.");
}

static void impossible_connections_are_known(void **unused)
{
	struct ip_vs_sync_record rec = sample();

	assert_true(ip_vs_sync_is_valid(&rec, 11));
	rec.state = 11;
	assert_false(ip_vs_sync_is_valid(&rec, 11));
	rec.state = 0;
	assert_false(ip_vs_sync_is_valid(&rec, 0));	/* not a protocol we balance */
	rec.flags = IP_VS_CONN_F_ONE_PACKET;
	assert_false(ip_vs_sync_is_valid(&rec, 11));
	rec.flags = IP_VS_CONN_F_TEMPLATE;
	assert_true(ip_vs_sync_is_valid(&rec, 0));
	rec.state = 1;
	assert_true(ip_vs_sync_is_valid(&rec, 0));
	rec.state = 2;
	assert_false(ip_vs_sync_is_valid(&rec, 11));
	rec.state = 1;
	rec.flags |= IP_VS_CONN_F_NO_CPORT;
	assert_false(ip_vs_sync_is_valid(&rec, 11));
	rec.flags = IP_VS_CONN_F_NO_CPORT;
	assert_true(ip_vs_sync_is_valid(&rec, 11));
	rec.pe_name_len = 3;
	assert_true(ip_vs_sync_is_valid(&rec, 11));
	rec.pe_data_len = 3;
	assert_true(ip_vs_sync_is_valid(&rec, 11));
	rec.pe_name_len = 0;
	assert_false(ip_vs_sync_is_valid(&rec, 11));
}

/* Cut every datagram of the examples anywhere and change every byte of it. */
static void no_damage_leads_astray(void **unused)
{
	static const char *const examples[] = {
		"0007 0064 02 01 0000" SIP "0000" REC4,
		"01 07 0034" V0 "0400 0001" TRIPLES,
	};
	unsigned int i, cut, at, value, len;

	for (i = 0; i < 2; i++) {
		__u8 *whole = bytes(examples[i], &len);

		for (cut = 4; cut <= len; cut++)
			for (at = 0; at < cut; at++)
				for (value = 0; value < 256; value += cut == len ? 1 : 51) {
					struct ip_vs_sync_reader r;
					struct ip_vs_sync_record rec;
					__u8 *copy = malloc(cut);

					memcpy(copy, whole, cut);
					copy[at] = value;
					put16(copy + 2, cut);
					ip_vs_sync_read_begin(&r, copy, cut, 0);
					while (ip_vs_sync_read(&r, &rec) != IP_VS_SYNC_END)
						;
					free(copy);
				}
		free(whole);
	}
}

static enum ip_vs_sync_note note_of(const char *hex)
{
	enum ip_vs_sync_note note = IP_VS_SYNC_NO_NOTE;
	struct ip_vs_sync_reader reader;
	unsigned int len;
	__u8 *buf = bytes(hex, &len);

	if (ip_vs_sync_read_begin(&reader, buf, len, 7) == IP_VS_SYNC_OPENED)
		note = ip_vs_sync_read_note(&reader);
	free(buf);
	return note;
}

static void notes_are_empty_datagrams_to_others(void **unused)
{
	static const char ask[] = "0007 0010 00 01 0000 6e6f7465 01000000";
	__u8 buf[IP_VS_SYNC_NOTE_SIZE], *want;
	unsigned int len;

	ip_vs_sync_write_note(buf, 7, IP_VS_SYNC_ASK);
	want = bytes(ask, &len);
	assert_int_equal(len, sizeof(buf));
	assert_memory_equal(buf, want, len);
	free(want);
	assert_string_equal(read_all(ask), ".");
	assert_int_equal(note_of(ask), IP_VS_SYNC_ASK);
	assert_int_equal(note_of("0007 0010 00 01 0000 6e6f7465 02000000"), IP_VS_SYNC_HEARD);
}

static void what_only_looks_like_a_note_is_none(void **unused)
{
	static const char *const others[] = {
		"0007 0010 00 01 0000 6e6f7465 00000000",	/* kinds that we do not know */
		"0007 0010 00 01 0000 6e6f7465 03000000",
		"0007 0010 01 01 0000 6e6f7465 01000000",	/* records */
		"0007 0010 00 00 0000 6e6f7465 01000000",	/* another version */
		"0007 0010 00 01 0000 6e6f7466 01000000",
		"0007 0011 00 01 0000 6e6f7465 01000000 00",	/* longer, shorter */
		"0007 000f 00 01 0000 6e6f7465 010000",
		"0007 0008 00 01 0000",
		"0007 0004",
		"0008 0010 00 01 0000 6e6f7465 01000000",	/* another group */
	};
	unsigned int i;

	for (i = 0; i < sizeof(others) / sizeof(others[0]); i++)
		assert_int_equal(note_of(others[i]), IP_VS_SYNC_NO_NOTE);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_version_1_record_is_written_as_upstream_does),
		cmocka_unit_test(templates_are_written_as_upstream_does),
		cmocka_unit_test(version_0_is_written_as_upstream_does),
		cmocka_unit_test(every_field_survives),
		cmocka_unit_test(a_datagram_holds_at_most_255_records),
		cmocka_unit_test(headers_are_checked),
		cmocka_unit_test(counts_are_not_trusted),
		cmocka_unit_test(fixed_parts_are_checked),
		cmocka_unit_test(options_are_checked),
		cmocka_unit_test(a_skipped_record_does_not_hide_the_next),
		cmocka_unit_test(version_0_is_checked),
		cmocka_unit_test(impossible_connections_are_known),
		cmocka_unit_test(no_damage_leads_astray),
		cmocka_unit_test(notes_are_empty_datagrams_to_others),
		cmocka_unit_test(what_only_looks_like_a_note_is_none),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
