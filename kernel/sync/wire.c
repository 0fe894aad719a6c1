// SPDX-License-Identifier: GPL-2.0-only
/*
 * The datagrams of connection synchronisation.
 *
 * Version 1: header of 8 bytes  { 0, id, length16, count, 1, 0, 0 }, then records,
 * each begun at a multiple of four: a fixed part (36 bytes for IPv4, 72 for IPv6)
 * and options { type, length, payload }. Old receivers see a count of 0 in the
 * first byte and look no further.
 *
 * Version 0: header of 4 bytes  { count, id, length16 }, records of 24 bytes, for
 * IPv4 alone; 24 more if a sequence flag is set, and those in the sender's order.
 *
 * A note of ours is a datagram of version 1 without records, and 8 bytes behind them:
 * { 'n', 'o', 't', 'e', kind, 0, 0, 0 }. No receiver looks behind the records that are
 * counted, so upstream's take it for an empty datagram.
 */
#ifdef __KERNEL__
#include <linux/kernel.h>
#include <linux/string.h>
#else
#include <string.h>
#endif

#include "sync/wire.h"

enum {
	V0_HEADER = 4,
	V0_RECORD = 24,
	V1_HEADER = 8,
	V1_RECORD_IPV4 = 36,
	V1_RECORD_IPV6 = 72,
	SEQ_SIZE = 24,
};

#define V1_TYPE_IPV6	0x01
#define V1_LENGTH	0x0fff	/* of the record; above it stands its version, 0 */

/* Options of a version 1 record. */
enum {
	OPT_SEQ = 1,
	OPT_PE_DATA = 2,
	OPT_PE_NAME = 3,
	OPT_MAY_IGNORE = 0x40,	/* flag: who does not know it may go on */
};

/* Bits of flags that mean something on the wire; 0x40 is about the sender's table. */
#define WIRE_FLAGS	0x00ffffbfU

static unsigned int padded(unsigned int n)
{
	return (n + 3) & ~3U;
}

static void put16(__u8 *p, __u16 v)
{
	p[0] = v >> 8;
	p[1] = v & 0xff;
}

static void put32(__u8 *p, __u32 v)
{
	put16(p, v >> 16);
	put16(p + 2, v & 0xffff);
}

static __u16 get16(const __u8 *p)
{
	return (__u16)(p[0] << 8 | p[1]);
}

static __u32 get32(const __u8 *p)
{
	return (__u32)get16(p) << 16 | get16(p + 2);
}

/* ---- writing ---- */

/**
 * ip_vs_sync_write_begin() - begin a datagram
 * @writer: set up
 * @buf: where to; stays the caller's
 * @size: of @buf; the datagram becomes no longer
 * @version: 0 or 1
 */
void ip_vs_sync_write_begin(struct ip_vs_sync_writer *writer, void *buf, unsigned int size,
			    __u8 version)
{
	writer->buf = buf;
	writer->size = size;
	writer->used = version ? V1_HEADER : V0_HEADER;
	writer->nr = 0;
	writer->version = version;
}

static unsigned int v1_fixed_size(const struct ip_vs_sync_record *rec)
{
	return rec->af == AF_INET6 ? V1_RECORD_IPV6 : V1_RECORD_IPV4;
}

static unsigned int record_size(__u8 version, const struct ip_vs_sync_record *rec)
{
	unsigned int size;

	if (!version)
		return V0_RECORD + (rec->flags & IP_VS_CONN_F_SEQ_MASK ? SEQ_SIZE : 0);
	size = v1_fixed_size(rec);
	if (rec->flags & IP_VS_CONN_F_SEQ_MASK)
		size += 2 + SEQ_SIZE;
	if (rec->pe_data_len && rec->pe_name_len)
		size += 2 + rec->pe_data_len + 2 + rec->pe_name_len;
	return size;
}

/**
 * ip_vs_sync_datagram_size() - bytes of a datagram of one record
 * @version: 0 or 1
 * @rec: the record
 *
 * Return: header included; 0 if it cannot be told in that version: only version 1 has room
 * for IPv6 addresses.
 */
unsigned int ip_vs_sync_datagram_size(__u8 version, const struct ip_vs_sync_record *rec)
{
	if (!version && rec->af != AF_INET)
		return 0;
	return (version ? V1_HEADER : V0_HEADER) + record_size(version, rec);
}

static __u8 *put_seq(__u8 *p, const struct ip_vs_sync_seq *seq)
{
	put32(p, seq->init);
	put32(p + 4, seq->delta);
	put32(p + 8, seq->previous);
	return p + 12;
}

static __u8 *put_option(__u8 *p, __u8 type, const __u8 *payload, __u8 len)
{
	p[0] = type;
	p[1] = len;
	memcpy(p + 2, payload, len);
	return p + 2 + len;
}

static void write_options(__u8 *p, const struct ip_vs_sync_record *rec)
{
	if (rec->flags & IP_VS_CONN_F_SEQ_MASK) {
		p[0] = OPT_SEQ;
		p[1] = SEQ_SIZE;
		p = put_seq(p + 2, &rec->in);
		p = put_seq(p, &rec->out);
	}
	if (rec->pe_data_len && rec->pe_name_len) {
		p = put_option(p, OPT_PE_DATA, rec->pe_data, rec->pe_data_len);
		put_option(p, OPT_PE_NAME, rec->pe_name, rec->pe_name_len);
	}
}

static void write_v1(__u8 *p, unsigned int size, const struct ip_vs_sync_record *rec)
{
	unsigned int addr = rec->af == AF_INET6 ? 16 : 4;

	p[0] = rec->af == AF_INET6 ? V1_TYPE_IPV6 : 0;
	p[1] = rec->protocol;
	put16(p + 2, size);
	put32(p + 4, rec->flags & WIRE_FLAGS);
	put16(p + 8, rec->state);
	memcpy(p + 10, &rec->cport, 2);
	memcpy(p + 12, &rec->vport, 2);
	memcpy(p + 14, &rec->dport, 2);
	put32(p + 16, rec->fwmark);
	put32(p + 20, rec->timeout);
	memcpy(p + 24, &rec->client, addr);
	memcpy(p + 24 + addr, &rec->virt, addr);
	memcpy(p + 24 + 2 * addr, &rec->dest, addr);
	write_options(p + v1_fixed_size(rec), rec);
}

static void write_v0(__u8 *p, const struct ip_vs_sync_record *rec)
{
	p[0] = 0;
	p[1] = rec->protocol;
	memcpy(p + 2, &rec->cport, 2);
	memcpy(p + 4, &rec->vport, 2);
	memcpy(p + 6, &rec->dport, 2);
	memcpy(p + 8, &rec->client, 4);
	memcpy(p + 12, &rec->virt, 4);
	memcpy(p + 16, &rec->dest, 4);
	put16(p + 20, rec->flags & WIRE_FLAGS & 0xffff);
	put16(p + 22, rec->state);
	if (rec->flags & IP_VS_CONN_F_SEQ_MASK) {
		memcpy(p + 24, &rec->in, sizeof(rec->in));
		memcpy(p + 36, &rec->out, sizeof(rec->out));
	}
}

/**
 * ip_vs_sync_write() - append a record
 * @writer: an open datagram
 * @rec: one that can be told in its version
 *
 * Return: false if there is no room, in the buffer or in the header's count.
 */
bool ip_vs_sync_write(struct ip_vs_sync_writer *writer, const struct ip_vs_sync_record *rec)
{
	unsigned int size = record_size(writer->version, rec);
	unsigned int start = padded(writer->used);

	if (writer->nr == IP_VS_SYNC_MAX_RECORDS || start + size > writer->size)
		return false;
	memset(writer->buf + writer->used, 0, start - writer->used);
	if (writer->version)
		write_v1(writer->buf + start, size, rec);
	else
		write_v0(writer->buf + start, rec);
	writer->used = start + size;
	writer->nr++;
	return true;
}

/* Complete the header; returns the length of the datagram. */
unsigned int ip_vs_sync_write_end(struct ip_vs_sync_writer *writer, __u8 id)
{
	__u8 *p = writer->buf;

	p[0] = writer->version ? 0 : writer->nr;
	p[1] = id;
	put16(p + 2, writer->used);
	if (writer->version) {
		p[4] = writer->nr;
		p[5] = writer->version;
		put16(p + 6, 0);
	}
	return writer->used;
}

/* ---- reading ---- */

/**
 * ip_vs_sync_read_begin() - look at the header of a datagram
 * @reader: set up if the answer is OPENED
 * @buf: the datagram; must outlive the reader and the records read
 * @len: of the datagram
 * @own_id: the receiver's; 0 takes everything
 *
 * The id on the wire has 8 bits, so an @own_id above 255 takes nothing.
 */
enum ip_vs_sync_opened ip_vs_sync_read_begin(struct ip_vs_sync_reader *reader, const void *buf,
					     unsigned int len, __u32 own_id)
{
	const __u8 *p = buf;

	if (len < V0_HEADER)
		return IP_VS_SYNC_TOO_SHORT;
	if (get16(p + 2) != len)
		return IP_VS_SYNC_BAD_LENGTH;
	if (own_id && own_id != p[1])
		return IP_VS_SYNC_FOREIGN_ID;
	reader->version = len >= V1_HEADER && !p[0] && p[5] == 1 && !get16(p + 6);
	reader->left = reader->version ? p[4] : p[0];
	reader->pos = p + (reader->version ? V1_HEADER : V0_HEADER);
	reader->end = p + len;
	return IP_VS_SYNC_OPENED;
}

static const __u8 *get_seq(const __u8 *p, struct ip_vs_sync_seq *seq)
{
	seq->init = get32(p);
	seq->delta = get32(p + 4);
	seq->previous = get32(p + 8);
	return p + 12;
}

static enum ip_vs_sync_next read_option(const __u8 *p, __u8 type, __u8 len,
					struct ip_vs_sync_record *rec)
{
	switch (type & ~OPT_MAY_IGNORE) {
	case OPT_SEQ:
		if (len != SEQ_SIZE || rec->has_seq)
			return IP_VS_SYNC_STOP;
		get_seq(get_seq(p, &rec->in), &rec->out);
		rec->has_seq = true;
		return IP_VS_SYNC_RECORD;
	case OPT_PE_DATA:
		if (rec->pe_data_len)
			return IP_VS_SYNC_STOP;
		rec->pe_data = p;
		rec->pe_data_len = len;
		return IP_VS_SYNC_RECORD;
	case OPT_PE_NAME:
		if (len > IP_VS_PENAME_MAXLEN || rec->pe_name_len)
			return IP_VS_SYNC_STOP;
		rec->pe_name = p;
		rec->pe_name_len = len;
		return IP_VS_SYNC_RECORD;
	default:
		return type & OPT_MAY_IGNORE ? IP_VS_SYNC_RECORD : IP_VS_SYNC_SKIP;
	}
}

static enum ip_vs_sync_next read_options(const __u8 *p, const __u8 *end,
					 struct ip_vs_sync_record *rec)
{
	enum ip_vs_sync_next next = IP_VS_SYNC_RECORD;

	while (next == IP_VS_SYNC_RECORD && p < end) {
		if (end - p < 2 || !p[1] || p[1] > end - p - 2)
			return IP_VS_SYNC_STOP;
		next = read_option(p + 2, p[0], p[1], rec);
		p += 2 + p[1];
	}
	return next;
}

static void read_v1_fixed(const __u8 *p, struct ip_vs_sync_record *rec)
{
	unsigned int addr = rec->af == AF_INET6 ? 16 : 4;

	rec->protocol = p[1];
	rec->flags = get32(p + 4);
	rec->state = get16(p + 8);
	memcpy(&rec->cport, p + 10, 2);
	memcpy(&rec->vport, p + 12, 2);
	memcpy(&rec->dport, p + 14, 2);
	rec->fwmark = get32(p + 16);
	rec->timeout = get32(p + 20);
	memcpy(&rec->client, p + 24, addr);
	memcpy(&rec->virt, p + 24 + addr, addr);
	memcpy(&rec->dest, p + 24 + 2 * addr, addr);
}

static enum ip_vs_sync_next read_v1(struct ip_vs_sync_reader *reader,
				    struct ip_vs_sync_record *rec)
{
	unsigned int room = reader->end - reader->pos, size;
	const __u8 *p = reader->pos;

	if (room < V1_RECORD_IPV4)
		return IP_VS_SYNC_STOP;
	size = get16(p + 2);
	if (size & ~V1_LENGTH || size > room)	/* another version, or cut off */
		return IP_VS_SYNC_STOP;
	if (p[0] && !(p[0] & V1_TYPE_IPV6))
		return IP_VS_SYNC_STOP;
	rec->af = p[0] ? AF_INET6 : AF_INET;
	if (size < v1_fixed_size(rec))
		return IP_VS_SYNC_STOP;
	read_v1_fixed(p, rec);
	reader->pos += padded(size) < room ? padded(size) : room;
	return read_options(p + v1_fixed_size(rec), p + size, rec);
}

static enum ip_vs_sync_next read_v0(struct ip_vs_sync_reader *reader,
				    struct ip_vs_sync_record *rec)
{
	unsigned int room = reader->end - reader->pos, size = V0_RECORD;
	const __u8 *p = reader->pos;

	if (room < size)
		return IP_VS_SYNC_STOP;
	rec->af = AF_INET;
	rec->protocol = p[1];
	memcpy(&rec->cport, p + 2, 2);
	memcpy(&rec->vport, p + 4, 2);
	memcpy(&rec->dport, p + 6, 2);
	memcpy(&rec->client, p + 8, 4);
	memcpy(&rec->virt, p + 12, 4);
	memcpy(&rec->dest, p + 16, 4);
	rec->flags = get16(p + 20);
	rec->state = get16(p + 22);
	if (rec->flags & IP_VS_CONN_F_SEQ_MASK) {
		size += SEQ_SIZE;
		if (room < size)
			return IP_VS_SYNC_STOP;
		memcpy(&rec->in, p + 24, sizeof(rec->in));
		memcpy(&rec->out, p + 36, sizeof(rec->out));
		rec->has_seq = true;
	}
	reader->pos += size;
	return IP_VS_SYNC_RECORD;
}

/**
 * ip_vs_sync_read() - read the next record
 * @reader: an open datagram
 * @rec: filled if the answer is RECORD
 */
enum ip_vs_sync_next ip_vs_sync_read(struct ip_vs_sync_reader *reader,
				     struct ip_vs_sync_record *rec)
{
	enum ip_vs_sync_next next;

	if (!reader->left)
		return IP_VS_SYNC_END;
	reader->left--;
	memset(rec, 0, sizeof(*rec));
	next = reader->version ? read_v1(reader, rec) : read_v0(reader, rec);
	if (next == IP_VS_SYNC_STOP)
		reader->left = 0;
	return next;
}

/**
 * ip_vs_sync_is_valid() - can there be such a connection?
 * @rec: as read
 * @nr_states: of its protocol; 0 if that is not balanced
 *
 * A template has no ports to learn, and a connection of one packet is over already.
 */
bool ip_vs_sync_is_valid(const struct ip_vs_sync_record *rec, unsigned int nr_states)
{
	bool is_template = rec->flags & IP_VS_CONN_F_TEMPLATE;

	if (rec->flags & IP_VS_CONN_F_ONE_PACKET)
		return false;
	if (is_template && rec->flags & IP_VS_CONN_F_NO_CPORT)
		return false;
	if (rec->pe_data_len && !rec->pe_name_len)
		return false;
	return rec->state < (is_template ? 2 : nr_states);
}

static const __u8 note_mark[] = { 'n', 'o', 't', 'e' };

/**
 * ip_vs_sync_write_note() - write a whole datagram that is a note
 * @buf: of IP_VS_SYNC_NOTE_SIZE bytes
 * @id: the sender's
 * @note: which
 */
void ip_vs_sync_write_note(__u8 *buf, __u8 id, enum ip_vs_sync_note note)
{
	memset(buf, 0, IP_VS_SYNC_NOTE_SIZE);
	buf[1] = id;
	put16(buf + 2, IP_VS_SYNC_NOTE_SIZE);
	buf[5] = 1;
	memcpy(buf + V1_HEADER, note_mark, sizeof(note_mark));
	buf[V1_HEADER + sizeof(note_mark)] = note;
}

/**
 * ip_vs_sync_read_note() - which note is this datagram?
 * @reader: opened, and nothing read yet
 *
 * Kinds that we do not know are no notes.
 */
enum ip_vs_sync_note ip_vs_sync_read_note(const struct ip_vs_sync_reader *reader)
{
	const __u8 *p = reader->pos;

	if (!reader->version || reader->left ||
	    reader->end - p != IP_VS_SYNC_NOTE_SIZE - V1_HEADER ||
	    memcmp(p, note_mark, sizeof(note_mark)))
		return IP_VS_SYNC_NO_NOTE;
	switch (p[sizeof(note_mark)]) {
	case IP_VS_SYNC_ASK:
		return IP_VS_SYNC_ASK;
	case IP_VS_SYNC_HEARD:
		return IP_VS_SYNC_HEARD;
	default:
		return IP_VS_SYNC_NO_NOTE;
	}
}
