// SPDX-License-Identifier: GPL-2.0-only
/*
 * Packets of every protocol, valid, nearly valid and random, towards the services of a director: what its parsers, its
 * state machines and its translation of errors must survive. The same seed draws the same packets.
 *
 *   noise SEED COUNT DEVICE MAC CLIENT4 VIRTUAL4 CLIENT6 VIRTUAL6
 *
 * They leave by DEVICE for the host with that link address. Ports are few, so that packets meet connections of others.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <linux/if_packet.h>
#include <net/ethernet.h>
#include <net/if.h>
#include <netinet/icmp6.h>
#include <netinet/ip.h>
#include <netinet/ip6.h>
#include <netinet/ip_icmp.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

enum { MAX_LEN = 1400, FIRST_CLIENT_PORT = 40000, CLIENT_PORTS = 64, PROTO_SCTP = 132 };

struct ends {
	uint8_t client[16], virt[16];
	bool six;
};

static uint64_t state;

/* xorshift64* */
static uint32_t draw(uint32_t below)
{
	state ^= state >> 12;
	state ^= state << 25;
	state ^= state >> 27;
	return (state * 0x2545f4914f6cdd1dULL >> 32) % below;
}

static bool one_in(uint32_t n)
{
	return !draw(n);
}

static void put16(uint8_t *at, uint16_t value)
{
	at[0] = value >> 8;
	at[1] = value;
}

static uint16_t fold(const uint8_t *data, size_t len, uint32_t sum)
{
	for (size_t i = 0; i + 1 < len; i += 2)
		sum += data[i] << 8 | data[i + 1];
	if (len & 1)
		sum += data[len - 1] << 8;
	while (sum >> 16)
		sum = (sum & 0xffff) + (sum >> 16);
	return ~sum;
}

/* Ports that services have, and others. */
static uint16_t service_port(void)
{
	static const uint16_t ports[] = { 80, 53, 7000, 7001, 7002, 7003, 21, 500 };

	return one_in(8) ? draw(65536) : ports[draw(sizeof(ports) / sizeof(*ports))];
}

/* A transport header and some data at @at; its length. @reply: as a server would have sent it. */
static size_t transport(uint8_t *at, int proto, bool reply)
{
	uint16_t client = FIRST_CLIENT_PORT + draw(CLIENT_PORTS), service = service_port();
	static const uint8_t chunks[] = { 0, 1, 2, 3, 4, 6, 7, 8, 9, 10, 11, 14 };
	static const uint8_t flags[] = { 0x02, 0x12, 0x10, 0x18, 0x11, 0x04, 0x14, 0x00, 0x03, 0xff };
	size_t len = draw(120);

	for (size_t i = 0; i < 160; i++)
		at[i] = draw(256);
	put16(at, reply ? service : client);
	put16(at + 2, reply ? client : service);
	switch (proto) {
	case IPPROTO_TCP:
		at[12] = one_in(8) ? draw(256) : 5 << 4;
		at[13] = flags[draw(sizeof(flags))];
		return len + 20;
	case IPPROTO_UDP:
		put16(at + 4, one_in(8) ? draw(65536) : len + 8);
		if (one_in(4))
			put16(at + 6, 0);
		return len + 8;
	case PROTO_SCTP:
		at[12] = chunks[draw(sizeof(chunks))];
		put16(at + 14, one_in(4) ? draw(65536) : 20);
		at[32] = chunks[draw(sizeof(chunks))];
		return len + 16;
	default:
		return len;
	}
}

static int protocol(void)
{
	static const uint8_t protocols[] = { IPPROTO_TCP, IPPROTO_TCP, IPPROTO_UDP, IPPROTO_UDP, PROTO_SCTP, IPPROTO_AH,
					     IPPROTO_ESP, IPPROTO_GRE, IPPROTO_IPIP, IPPROTO_IPV6 };

	return one_in(32) ? (int)draw(256) : protocols[draw(sizeof(protocols))];
}

static size_t packet(uint8_t *at, const struct ends *ends, bool reply, int depth);

static int icmp_of(const struct ends *ends)
{
	return ends->six ? IPPROTO_ICMPV6 : IPPROTO_ICMP;
}

/* An error about a packet of the other direction, or another message; perhaps cut off. */
static size_t icmp(uint8_t *at, const struct ends *ends, bool reply, int depth)
{
	static const uint8_t types4[] = { 3, 4, 5, 8, 11, 12 }, types6[] = { 1, 2, 3, 4, 128, 135 };
	size_t len = 8 + packet(at + 8, ends, !reply, depth + 1);

	at[0] = one_in(16) ? draw(256) : ends->six ? types6[draw(6)] : types4[draw(6)];
	at[1] = draw(6);
	put16(at + 2, 0);
	for (int i = 4; i < 8; i++)
		at[i] = one_in(2) ? 0 : draw(256);
	if (one_in(4))
		len = draw(len + 1);
	return len;
}

static size_t body(uint8_t *at, int proto, const struct ends *ends, bool reply, int depth)
{
	size_t len;

	if (proto == icmp_of(ends) && depth < 2) {
		len = icmp(at, ends, reply, depth);
		if (!ends->six && len >= 8 && !one_in(8))
			put16(at + 2, fold(at, len, 0));
		return len;
	}
	if ((proto == IPPROTO_IPIP || proto == IPPROTO_IPV6) && depth < 2)
		return packet(at, ends, reply, depth + 1);
	return transport(at, proto, reply);
}

static size_t packet4(uint8_t *at, const struct ends *ends, bool reply, int depth)
{
	int proto = one_in(4) ? IPPROTO_ICMP : protocol(), ihl = one_in(8) ? 5 + draw(11) : 5;
	size_t len;

	memset(at, one_in(2) ? 0 : 1, 60);	/* of options: end, or no operation */
	at[0] = 4 << 4 | ihl;
	at[1] = draw(256);
	at[8] = one_in(16) ? draw(3) : 64;
	at[9] = proto;
	if (one_in(8))
		put16(at + 6, draw(2) << 13 | (one_in(2) ? draw(4) : 0));
	memcpy(at + 12, reply ? ends->virt : ends->client, 4);
	memcpy(at + 16, reply ? ends->client : ends->virt, 4);
	len = ihl * 4 + body(at + ihl * 4, proto, ends, reply, depth);
	put16(at + 2, len);
	put16(at + 4, draw(4));
	put16(at + 10, fold(at, ihl * 4, 0));
	return len;
}

/* Extension headers before a transport header, sometimes. */
static size_t extensions(uint8_t *at, uint8_t *next, int proto)
{
	static const uint8_t kinds[] = { 0, 43, 44, 60 };
	size_t len = 0;

	*next = proto;
	while (one_in(4) && len < 64) {
		memset(at + len, 0, 8);
		at[len] = *next;
		*next = kinds[draw(4)];
		if (*next == 44)
			put16(at + len + 2, one_in(2) ? 0 : draw(64) << 3 | draw(2));
		else
			at[len + 2] = 1, at[len + 3] = 4;	/* padding */
		/* each goes before those that are there, so they are put behind and told in reverse */
		for (size_t i = 0; i < len / 2 / 8; i++) {
			uint8_t swap[8];

			memcpy(swap, at + 8 * i, 8);
			memcpy(at + 8 * i, at + len - 8 * i, 8);
			memcpy(at + len - 8 * i, swap, 8);
		}
		len += 8;
	}
	return len;
}

static size_t packet6(uint8_t *at, const struct ends *ends, bool reply, int depth)
{
	int proto = one_in(4) ? IPPROTO_ICMPV6 : protocol();
	size_t ext, len;
	uint32_t pseudo = 0;

	memset(at, 0, 40);
	at[0] = 6 << 4;
	at[7] = one_in(16) ? draw(3) : 64;
	memcpy(at + 8, reply ? ends->virt : ends->client, 16);
	memcpy(at + 24, reply ? ends->client : ends->virt, 16);
	ext = extensions(at + 40, &at[6], proto);
	len = body(at + 40 + ext, proto, ends, reply, depth);
	if (proto == IPPROTO_ICMPV6 && len >= 8 && !one_in(8)) {
		for (int i = 8; i < 40; i += 2)
			pseudo += at[i] << 8 | at[i + 1];
		put16(at + 40 + ext + 2, 0);
		put16(at + 40 + ext + 2, fold(at + 40 + ext, len, pseudo + len + IPPROTO_ICMPV6));
	}
	put16(at + 4, ext + len);
	return 40 + ext + len;
}

static size_t packet(uint8_t *at, const struct ends *ends, bool reply, int depth)
{
	return ends->six ? packet6(at, ends, reply, depth) : packet4(at, ends, reply, depth);
}

/* Some bytes change, or the end is missing. The header's checksum is often right nevertheless. */
static size_t damage(uint8_t *at, size_t len, bool six)
{
	size_t head = len < 64 ? len : 64;

	if (one_in(4))
		for (int n = 1 + draw(4); n; n--)
			at[draw(head)] = draw(256);
	if (one_in(8))
		len = 20 + draw(len - 19);
	if (!six && len >= 20 && !one_in(4)) {
		size_t ihl = (at[0] & 15) * 4;

		if (ihl >= 20 && ihl <= len) {
			put16(at + 10, 0);
			put16(at + 10, fold(at, ihl, 0));
		}
	}
	return len;
}

static void die(const char *what)
{
	fprintf(stderr, "noise: %s: %s\n", what, strerror(errno));
	exit(1);
}

int main(int argc, char **argv)
{
	struct sockaddr_ll to = { .sll_family = AF_PACKET, .sll_halen = 6 };
	static uint8_t data[16384];
	struct ends ends[2] = { { .six = false }, { .six = true } };
	long count, sent = 0;
	int fd;

	if (argc != 9 || sscanf(argv[4], "%hhx:%hhx:%hhx:%hhx:%hhx:%hhx", &to.sll_addr[0], &to.sll_addr[1],
				&to.sll_addr[2], &to.sll_addr[3], &to.sll_addr[4], &to.sll_addr[5]) != 6 ||
	    inet_pton(AF_INET, argv[5], ends[0].client) != 1 || inet_pton(AF_INET, argv[6], ends[0].virt) != 1 ||
	    inet_pton(AF_INET6, argv[7], ends[1].client) != 1 || inet_pton(AF_INET6, argv[8], ends[1].virt) != 1) {
		fprintf(stderr, "usage: noise SEED COUNT DEVICE MAC CLIENT4 VIRTUAL4 CLIENT6 VIRTUAL6\n");
		return 2;
	}
	state = strtoull(argv[1], NULL, 0) * 2 + 1;
	count = atol(argv[2]);
	to.sll_ifindex = if_nametoindex(argv[3]);
	fd = socket(AF_PACKET, SOCK_DGRAM, 0);
	if (fd < 0 || !to.sll_ifindex)
		die(argv[3]);
	for (long i = 0; i < count; i++) {
		bool six = draw(2);
		size_t len = packet(data, &ends[six], false, 0);

		len = damage(data, len < MAX_LEN ? len : MAX_LEN, six);
		to.sll_protocol = htons(six ? ETH_P_IPV6 : ETH_P_IP);
		while (sendto(fd, data, len, 0, (struct sockaddr *)&to, sizeof(to)) < 0)
			if (errno != ENOBUFS)
				die("sendto");
		sent++;
	}
	printf("%ld\n", sent);
	return 0;
}
