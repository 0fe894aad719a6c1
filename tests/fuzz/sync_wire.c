// SPDX-License-Identifier: GPL-2.0-only
/*
 * Datagrams of synchronisation, as a backup reads them. What was read is written again and
 * must be read as the same. The first byte is the receiver's id.
 */
#include <assert.h>
#include <stdint.h>
#include <stdlib.h>

#include "sync/wire.c"

static void read_again(const struct ip_vs_sync_record *rec, __u8 version)
{
	struct ip_vs_sync_record again;
	struct ip_vs_sync_reader reader;
	struct ip_vs_sync_writer writer;
	__u8 *buf;
	unsigned int size = ip_vs_sync_datagram_size(version, rec);

	buf = malloc(size);
	ip_vs_sync_write_begin(&writer, buf, size, version);
	assert(ip_vs_sync_write(&writer, rec));
	assert(ip_vs_sync_write_end(&writer, 1) == size);
	assert(ip_vs_sync_read_begin(&reader, buf, size, 1) == IP_VS_SYNC_OPENED);
	assert(ip_vs_sync_read(&reader, &again) == IP_VS_SYNC_RECORD);
	assert(again.state == rec->state && again.cport == rec->cport);
	assert(!memcmp(&again.dest, &rec->dest, sizeof(rec->dest)));
	assert(ip_vs_sync_read(&reader, &again) == IP_VS_SYNC_END);
	free(buf);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct ip_vs_sync_reader reader;
	struct ip_vs_sync_record rec;
	enum ip_vs_sync_next next;
	unsigned int nr = 0;
	__u8 *copy;

	if (size < 5 || size > 65508)
		return 0;
	/* an exact copy with a right length, so that the sanitizer sees a read behind its end */
	copy = malloc(size - 1);
	memcpy(copy, data + 1, size - 1);
	put16(copy + 2, size - 1);
	if (ip_vs_sync_read_begin(&reader, copy, size - 1, data[0]) == IP_VS_SYNC_OPENED) {
		assert(!ip_vs_sync_read_note(&reader) || (size - 1 == IP_VS_SYNC_NOTE_SIZE && !reader.left));
		while ((next = ip_vs_sync_read(&reader, &rec)) != IP_VS_SYNC_END) {
			assert(++nr <= IP_VS_SYNC_MAX_RECORDS);
			if (next == IP_VS_SYNC_RECORD && ip_vs_sync_is_valid(&rec, 11))
				read_again(&rec, reader.version);
		}
	}
	free(copy);
	return 0;
}
