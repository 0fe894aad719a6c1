/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The datagrams of connection synchronisation, both versions: records to bytes
 * and back. Pure: no state, no allocation, also built in user space for its
 * tests. Nothing that is read is trusted, and nothing is read past its end.
 */
#ifndef IP_VS_SYNC_WIRE_H
#define IP_VS_SYNC_WIRE_H

#ifndef __KERNEL__
#include <netinet/in.h>
#endif
#include <linux/types.h>
#include <linux/netfilter.h>	/* union nf_inet_addr */
#include <linux/ip_vs.h>	/* IP_VS_CONN_F_… */

/* The count of a header has 8 bits. */
#define IP_VS_SYNC_MAX_RECORDS	255

/* How numbers of a TCP stream were moved by a helper. */
struct ip_vs_sync_seq {
	__u32 init;
	__u32 delta;
	__u32 previous;
};

/* One connection as the wire tells it. */
struct ip_vs_sync_record {
	__u8 af;			/* AF_INET or AF_INET6 */
	__u8 protocol;			/* 0: template of a service by mark */
	__u16 state;
	__u32 flags;			/* IP_VS_CONN_F_… */
	__u32 fwmark;
	__u32 timeout;			/* seconds; 0: not told */
	union nf_inet_addr client;
	union nf_inet_addr virt;	/* or the mark */
	union nf_inet_addr dest;
	__be16 cport;
	__be16 vport;
	__be16 dport;
	__u8 pe_data_len;		/* 0: none */
	__u8 pe_name_len;		/* 0: none */
	const __u8 *pe_data;		/* in the datagram, if read */
	const __u8 *pe_name;		/* not terminated */
	bool has_seq;
	struct ip_vs_sync_seq in;	/* client to server */
	struct ip_vs_sync_seq out;
};

struct ip_vs_sync_writer {
	__u8 *buf;
	unsigned int size;
	unsigned int used;
	unsigned int nr;		/* records */
	__u8 version;			/* 0 or 1 */
};

void ip_vs_sync_write_begin(struct ip_vs_sync_writer *writer, void *buf, unsigned int size,
			    __u8 version);
unsigned int ip_vs_sync_datagram_size(__u8 version, const struct ip_vs_sync_record *rec);
bool ip_vs_sync_write(struct ip_vs_sync_writer *writer, const struct ip_vs_sync_record *rec);
unsigned int ip_vs_sync_write_end(struct ip_vs_sync_writer *writer, __u8 id);

struct ip_vs_sync_reader {
	const __u8 *pos;
	const __u8 *end;
	unsigned int left;		/* records that the header promises */
	__u8 version;
};

/* Whether a datagram is one of ours. */
enum ip_vs_sync_opened {
	IP_VS_SYNC_OPENED,
	IP_VS_SYNC_TOO_SHORT,		/* no header */
	IP_VS_SYNC_BAD_LENGTH,		/* the header's length is not the datagram's */
	IP_VS_SYNC_FOREIGN_ID,		/* another group of directors */
	IP_VS_SYNC_MALFORMED,		/* found while reading its records */
};

enum ip_vs_sync_next {
	IP_VS_SYNC_END,			/* no more records */
	IP_VS_SYNC_RECORD,
	IP_VS_SYNC_SKIP,		/* a record of no use; the next one may be */
	IP_VS_SYNC_STOP,		/* malformed: where the next one begins is unknown */
};

enum ip_vs_sync_opened ip_vs_sync_read_begin(struct ip_vs_sync_reader *reader, const void *buf,
					     unsigned int len, __u32 own_id);
enum ip_vs_sync_next ip_vs_sync_read(struct ip_vs_sync_reader *reader,
				     struct ip_vs_sync_record *rec);
bool ip_vs_sync_is_valid(const struct ip_vs_sync_record *rec, unsigned int nr_states);

/* What directors of ours say to each other beside records. */
enum ip_vs_sync_note {
	IP_VS_SYNC_NO_NOTE,
	IP_VS_SYNC_ASK = 1,		/* I know nothing: tell me of all connections */
	IP_VS_SYNC_HEARD = 2,		/* I begin to */
};

#define IP_VS_SYNC_NOTE_SIZE	16

void ip_vs_sync_write_note(__u8 *buf, __u8 id, enum ip_vs_sync_note note);
enum ip_vs_sync_note ip_vs_sync_read_note(const struct ip_vs_sync_reader *reader);

#endif
