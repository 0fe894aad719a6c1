// SPDX-License-Identifier: GPL-2.0-only
/*
 * Headers of packets: where the transport header is found, whether ports and flags are read, and what an error quotes.
 */
// CFLAGS: -I../fuzz/shim_packet -w
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <cmocka.h>

#include "world.h"

#include "packet/packet.c"
#include "packet/parse.c"

int ip_vs_ipv4_defrag(struct ip_vs_packet *pkt) { return -EINPROGRESS; }
int ip_vs_ipv6_defrag(struct ip_vs_packet *pkt) { return 0; }

#define V4(ihl, frag, proto) "4" #ihl "000054 0001" frag "40" proto "0000 0a010002 0a090001"
#define V6(next) "60000000 0020" next "40" \
	"20010db8000100000000000000000002" "20010db8000900000000000000000001"
#define UDP "03e9 0050 0010 1234"
#define TCP "03e9 0050 00000001 00000002 5012 0400 0000 0000"

static unsigned char bytes[256];

/* Exactly as long as @hex, so that reading beyond it is seen. */
static enum ip_vs_parsed parse(struct ip_vs_packet *pkt, int af, unsigned int l3, const char *hex)
{
	static struct netns_ipvs ipvs;
	static struct sk_buff skb;
	static unsigned char *copy;
	unsigned int n = 0;

	for (; *hex; hex++) {
		if (*hex == ' ')
			continue;
		sscanf(hex++, "%2hhx", &bytes[n++]);
	}
	free(copy);
	copy = malloc(n);
	memcpy(copy, bytes, n);
	skb.data = copy;
	skb.len = n;
	ip_vs_packet_init(pkt, &ipvs, &skb, NF_INET_LOCAL_IN, af, IP_VS_DIR_IN);
	pkt->l3 = l3;
	return ip_vs_packet_parse(pkt);
}

static void ports_are(const struct ip_vs_packet *pkt, unsigned int sport, unsigned int dport)
{
	assert_int_equal(ntohs(pkt->tuple.sport), sport);
	assert_int_equal(ntohs(pkt->tuple.dport), dport);
}

static void plain_packets(void **unused)
{
	struct ip_vs_packet pkt;

	assert_int_equal(parse(&pkt, AF_INET, 0, V4(5, "0000", "11") UDP), IP_VS_PARSED);
	assert_int_equal(pkt.l4, 20);
	assert_int_equal(pkt.ttl, 0x40);
	assert_true(pkt.whole && pkt.has_ports && !pkt.fragment);
	ports_are(&pkt, 1001, 80);
	assert_int_equal(parse(&pkt, AF_INET6, 0, V6("06") TCP), IP_VS_PARSED);
	assert_int_equal(pkt.l4, 40);
	assert_int_equal(pkt.tcp_flags, 0x12);
	ports_are(&pkt, 1001, 80);
}

static void options_and_extension_headers(void **unused)
{
	struct ip_vs_packet pkt;

	assert_int_equal(parse(&pkt, AF_INET, 0, V4(7, "0000", "11") "07070400 00000000" UDP), IP_VS_PARSED);
	assert_int_equal(pkt.l4, 28);
	ports_are(&pkt, 1001, 80);
	/* hop-by-hop, destination options of 16 bytes, TCP */
	assert_int_equal(parse(&pkt, AF_INET6, 0, V6("00") "3c00 0104 00000000"
			       "0601 010c 000000000000000000000000" TCP), IP_VS_PARSED);
	assert_int_equal(pkt.proto, 6);
	assert_int_equal(pkt.l4, 40 + 8 + 16);
	assert_int_equal(pkt.tcp_flags, 0x12);
	ports_are(&pkt, 1001, 80);
}

static void fragments(void **unused)
{
	struct ip_vs_packet pkt;

	assert_int_equal(parse(&pkt, AF_INET, 0, V4(5, "2000", "11") UDP), IP_VS_PARSED);
	assert_true(pkt.fragment && !pkt.later_fragment);
	ports_are(&pkt, 1001, 80);
	assert_int_equal(parse(&pkt, AF_INET, 0, V4(5, "0001", "11") UDP), IP_VS_PARSED);
	assert_true(pkt.fragment && pkt.later_fragment && !pkt.whole);
	ports_are(&pkt, 0, 0);
	assert_int_equal(parse(&pkt, AF_INET6, 0, V6("2c") "1100 0001 00000001" UDP), IP_VS_PARSED);
	assert_true(pkt.fragment && !pkt.later_fragment);
	assert_int_equal(pkt.l4, 48);
	ports_are(&pkt, 1001, 80);
	assert_int_equal(parse(&pkt, AF_INET6, 0, V6("2c") "1100 0008 00000001" UDP), IP_VS_PARSED);
	assert_true(pkt.later_fragment && !pkt.whole);
	ports_are(&pkt, 0, 0);
}

static void what_is_cut_off(void **unused)
{
	struct ip_vs_packet pkt;

	assert_int_equal(parse(&pkt, AF_INET, 0, "45000054"), IP_VS_PARSED_BAD);
	assert_int_equal(parse(&pkt, AF_INET, 0, V4(4, "0000", "11") UDP), IP_VS_PARSED_BAD);
	assert_int_equal(parse(&pkt, AF_INET6, 0, "60000000 0020"), IP_VS_PARSED_BAD);
	/* an extension header that is not there */
	assert_int_equal(parse(&pkt, AF_INET6, 0, V6("3c") "06"), IP_VS_PARSED_BAD);
	/* ports without the rest: enough to belong to a connection */
	assert_int_equal(parse(&pkt, AF_INET, 0, V4(5, "0000", "06") "03e9 0050"), IP_VS_PARSED);
	assert_false(pkt.whole);
	assert_int_equal(pkt.tcp_flags, 0);
	ports_are(&pkt, 1001, 80);
	assert_int_equal(parse(&pkt, AF_INET, 0, V4(5, "0000", "06") "03e9 00"), IP_VS_PARSED);
	assert_false(pkt.whole);
	ports_are(&pkt, 0, 0);
}

static void key_exchange_and_strangers(void **unused)
{
	struct ip_vs_packet pkt;

	assert_int_equal(parse(&pkt, AF_INET, 0, V4(5, "0000", "32") "00000001"), IP_VS_PARSED);
	assert_int_equal(pkt.proto, 50);
	assert_int_equal(pkt.tuple.proto, 17);
	ports_are(&pkt, 500, 500);
	assert_int_equal(parse(&pkt, AF_INET, 0, V4(5, "0000", "2f") "00000800"), IP_VS_PARSED_FOREIGN);
	assert_int_equal(pkt.l4, 20);
}

static void quoted_packets(void **unused)
{
	struct ip_vs_packet pkt;

	assert_int_equal(parse(&pkt, AF_INET, 0, V4(5, "0000", "01") "0301 0000 00000000"), IP_VS_PARSED_FOREIGN);
	assert_int_equal(ip_vs_l3_icmp_kind(&pkt), IP_VS_ICMP_ERROR);
	assert_int_equal(parse(&pkt, AF_INET, 0, V4(5, "0000", "01") "0800 0000 00000000"), IP_VS_PARSED_FOREIGN);
	assert_int_equal(ip_vs_l3_icmp_kind(&pkt), IP_VS_ICMP_OTHER);
	assert_int_equal(parse(&pkt, AF_INET, 0, V4(5, "0000", "01") "0301 00"), IP_VS_PARSED_FOREIGN);
	assert_int_equal(ip_vs_l3_icmp_kind(&pkt), IP_VS_ICMP_TRUNCATED);
	assert_int_equal(parse(&pkt, AF_INET6, 0, V6("3a") "0100 0000 00000000"), IP_VS_PARSED_FOREIGN);
	assert_int_equal(ip_vs_l3_icmp_kind(&pkt), IP_VS_ICMP_ERROR);
	/* behind an ICMP header of 8 bytes, with options of its own */
	assert_int_equal(parse(&pkt, AF_INET, 28, V4(5, "0000", "01") "0301 0000 00000000"
			       V4(6, "0000", "11") "01010100" UDP), IP_VS_PARSED);
	assert_int_equal(pkt.l4, 28 + 24);
	ports_are(&pkt, 1001, 80);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(plain_packets),
		cmocka_unit_test(options_and_extension_headers),
		cmocka_unit_test(fragments),
		cmocka_unit_test(what_is_cut_off),
		cmocka_unit_test(key_exchange_and_strangers),
		cmocka_unit_test(quoted_packets),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
