#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""Sends single frames from the client or a server of the network in lib/topo.bash, and tells what arrives at all of them.

    wire.py -       one request per line of stdin; each answer is one line, then a line "."

A request: "family 4" or "family 6", or where a frame leaves (client, s1, s2, s3) and what it is:

    udp SPORT>DPORT          len=BYTES of data, sum=0 or sum=bad
    tcp SPORT>DPORT FLAGS    letters of FSRPA, or none
    sctp SPORT>DPORT CHUNK   data init init-ack abort shutdown ...
    icmp TYPE/CODE PROTO SPORT>DPORT   an error that quotes a packet: quote=BYTES of its transport header, q-src= q-dst=
                             its addresses, q-opt with options, q-frag a later fragment, rest=NUMBER in the second word
    echo                     a ping
    proto NUMBER             eight bytes of that protocol
    src= dst=                C the client, V the virtual address, D the director as the client knows it, S1 S2 S3 servers,
                             D1 D2 D3 the director as they know it, or any address
    ttl= df cut=BYTES (of what is behind the IP header), opt (IPv4: record route), ext=dst ext=hop (IPv6), broadcast
    frags=N                  in N fragments; order=3,1,2 which of them, and when

The answer has each packet that arrived anywhere, or "nothing":

    s1 udp C:1001>S1:80 ttl 63 len 8 sum ok

With the word "state" the answer is what became of the connection of that port of the client instead, as in
"ESTABLISHED S1:80", or "none"; with "hex" each packet is told byte by byte, from the network header on, but for the
identification that the director gives to packets of its own and to fragments of IPv6.

All that a frame sets off has arrived when the answer to a ping sent behind it has: the director's CPU does one thing
after another, and so this program stays on one CPU.
"""
import ctypes
import fcntl
import os
import socket
import struct
import sys
import time

PLACES = {'client': 'c0', 's1': 'e0', 's2': 'e0', 's3': 'e0'}
ROUTERS = {'client': 'dc', 's1': 'd1', 's2': 'd2', 's3': 'd3'}
NAMES = {
    4: {'C': '10.1.0.2', 'V': '10.9.0.1', 'D': '10.1.0.1'},
    6: {'C': '2001:db8:1::2', 'V': '2001:db8:9::1', 'D': '2001:db8:1::1'},
}
for n in '123':
    NAMES[4].update({'S' + n: '10.2.%s.2' % n, 'D' + n: '10.2.%s.1' % n})
    NAMES[6].update({'S' + n: '2001:db8:2%s::2' % n, 'D' + n: '2001:db8:2%s::1' % n})
PROTOS = {'tcp': 6, 'udp': 17, 'sctp': 132}
CHUNKS = ['data', 'init', 'init-ack', 'sack', 'heartbeat', 'heartbeat-ack', 'abort', 'shutdown', 'shutdown-ack',
          'error', 'cookie-echo', 'cookie-ack', 'ecne', 'cwr', 'shutdown-complete']
MARKER = 0xBEEF
AUXDATA, NOT_READY, OUTGOING = 8, 8, 4
libc = ctypes.CDLL(None, use_errno=True)


def fold(data, total=0):
    data += b'\0' * (len(data) % 2)
    total += sum(struct.unpack('!%dH' % (len(data) // 2), data))
    while total >> 16:
        total = (total & 0xFFFF) + (total >> 16)
    return total


CRC = []
for n in range(256):
    for _ in range(8):
        n = n >> 1 ^ (0x82F63B78 if n & 1 else 0)
    CRC.append(n)


def crc32c(data):
    crc = 0xFFFFFFFF
    for byte in data:
        crc = crc >> 8 ^ CRC[(crc ^ byte) & 255]
    return struct.pack('<I', crc ^ 0xFFFFFFFF)


def pton(address):
    return socket.inet_pton(socket.AF_INET6 if ':' in address else socket.AF_INET, address)


def pseudo(src, dst, proto, length):
    if len(src) == 4:
        return src + dst + struct.pack('!BBH', 0, proto, length)
    return src + dst + struct.pack('!II', length, proto)


# Where the checksum of each protocol stands
SUMS = {6: 16, 17: 6, 1: 2, 58: 2}


def summed(src, dst, proto, l4):
    """l4 with its checksum"""
    if proto == 132:
        return l4[:8] + crc32c(l4) + l4[12:]
    at = SUMS[proto]
    value = 0xFFFF ^ fold(l4, 0 if proto == 1 else fold(pseudo(src, dst, proto, len(l4))))
    if proto == 17:
        value = value or 0xFFFF
    return l4[:at] + struct.pack('!H', value) + l4[at + 2:]


class Request:
    def __init__(self, family, place, words):
        self.family, self.kind = family, words[0]
        self.options, self.words = {}, []
        for word in words[1:]:
            key, sep, value = word.partition('=')
            if sep or word in ('df', 'opt', 'broadcast', 'q-opt', 'q-frag', 'state', 'hex'):
                self.options[key] = value
            else:
                self.words.append(word)
        self.src = self.address('src', 'C' if place == 'client' else place.upper())
        self.dst = self.address('dst', 'V' if place == 'client' else 'C')

    def number(self, name, default):
        return int(self.options.get(name, default))

    def address(self, name, default):
        letter = self.options.get(name, default)
        return pton(NAMES[self.family].get(letter, letter))

    @staticmethod
    def ports(word):
        return [int(p) for p in word.split('>')]

    def transport(self):
        """protocol, bytes behind the network header"""
        if self.kind == 'proto':
            return int(self.words[0]), bytes(range(8))
        if self.kind == 'echo':
            return self.icmp(8 if self.family == 4 else 128, 0, struct.pack('!HH', 1, 1))
        if self.kind == 'icmp':
            return self.error()
        proto, data = PROTOS[self.kind], bytes(i & 255 for i in range(self.number('len', 8 if self.kind == 'udp' else 0)))
        sport, dport = self.ports(self.words[0])
        if self.kind == 'udp':
            l4 = struct.pack('!HHHH', sport, dport, 8 + len(data), 0) + data
        elif self.kind == 'tcp':
            flags = sum(1 << 'FSRPA'.index(f) for f in (self.words[1:] or [''])[0])
            l4 = struct.pack('!HHIIBBHHH', sport, dport, 1000, 2000, 0x50, flags, 1024, 0, 0) + data
        else:
            l4 = struct.pack('!HHII', sport, dport, 7, 0)
            body = struct.pack('!IHHI', 1, 1, 1, 1)
            l4 += struct.pack('!BBH', CHUNKS.index(self.words[1]), 0, 4 + len(body)) + body
        if self.options.get('sum') == '0':
            return proto, l4
        l4 = summed(self.src, self.dst, proto, l4)
        if self.options.get('sum') == 'bad':
            at = 8 if proto == 132 else SUMS[proto]
            l4 = l4[:at] + bytes([l4[at] ^ 0x55]) + l4[at + 1:]
        return proto, l4

    def icmp(self, kind, code, rest):
        proto = 1 if self.family == 4 else 58
        l4 = summed(self.src, self.dst, proto, struct.pack('!BBH', kind, code, 0) + rest)
        if self.options.get('sum') == 'bad':
            l4 = l4[:2] + bytes([l4[2] ^ 0x55]) + l4[3:]
        return proto, l4

    def error(self):
        kind, code = [int(n) for n in self.words[0].split('/')]
        sport, dport = self.ports(self.words[2])
        proto = PROTOS.get(self.words[1]) or int(self.words[1])
        inner = struct.pack('!HHI', sport, dport, 0x00640000) + struct.pack('!IIHH', 0, 0x50100400, 0, 0)
        inner = inner[:self.number('quote', 8)]
        src = self.address('q-src', 'V')
        dst = self.address('q-dst', 'C')
        frag = 'q-frag' in self.options
        if self.family == 4:
            quote = ipv4(src, dst, proto, inner, 62, 100, 20 if frag else 0, 'q-opt' in self.options)
        else:
            head, nxt = (struct.pack('!BBHI', proto, 0, 160, 1), 44) if frag else (b'', proto)
            quote = struct.pack('!IHBB', 6 << 28, 100, nxt, 62) + src + dst + head + inner
        return self.icmp(kind, code, struct.pack('!I', self.number('rest', 0)) + quote)

    def packets(self):
        proto, l4 = self.transport()
        l4 = l4[:self.number('cut', len(l4))]
        ttl, nr = self.number('ttl', 64), self.number('frags', 1)
        size = -(-len(l4) // nr)
        size += -size % 8
        parts = [(at, l4[at:at + size]) for at in range(0, len(l4), size)] if nr > 1 else [(0, l4)]
        out = []
        for at, part in parts:
            more = at + len(part) < len(l4)
            if self.family == 4:
                field = at // 8 | (0x2000 if more else 0) | (0x4000 if 'df' in self.options else 0)
                out.append(ipv4(self.src, self.dst, proto, part, ttl, len(part), field, 'opt' in self.options))
            else:
                out.append(self.ipv6(proto, part, ttl, at, more, nr > 1))
        order = [int(n) - 1 for n in self.options['order'].split(',')] if 'order' in self.options else range(len(out))
        return [out[n] for n in order]

    def ipv6(self, proto, part, ttl, at, more, fragmented):
        ext = self.options.get('ext')
        if fragmented:
            part, proto = struct.pack('!BBHI', proto, 0, at | more, 0x77) + part, 44
        if ext:
            part, proto = struct.pack('!BBBB4s', proto, 0, 1, 4, b'\0' * 4) + part, 60 if ext == 'dst' else 0
        return struct.pack('!IHBB', 6 << 28, len(part), proto, ttl) + self.src + self.dst + part


def ipv4(src, dst, proto, data, ttl, length, field=0, options=False):
    more = b'\x07\x07\x04\0\0\0\0\0' if options else b''
    header = struct.pack('!BBHHHBBH', 0x45 + len(more) // 4, 0, 20 + len(more) + length, 0x1234, field, ttl, proto, 0)
    header += src + dst + more
    return header[:10] + struct.pack('!H', 0xFFFF ^ fold(header)) + header[12:] + data


class Packet:
    """What arrived, in words."""

    def __init__(self, frame, ready):
        self.names = {pton(a): letter for names in NAMES.values() for letter, a in names.items()}
        self.ready, self.marker, self.outer = ready, False, None
        self.words = []
        self.data = frame[14:]
        if frame[12:14] == b'\x08\0':
            self.ipv4(self.data)
        elif frame[12:14] == b'\x86\xdd':
            self.ipv6(self.data)
        else:
            self.words = None

    def hex(self):
        data = self.data
        if data[0] >> 4 == 4:
            data = data[:struct.unpack('!H', data[2:4])[0]]
            if data[9] in (1, 4, 41) and self.names.get(data[12:16], '')[:1] in ('V', 'D'):
                data = data[:4] + b'\0\0' + data[6:10] + b'\0\0' + data[12:]
        elif data[6] == 44:
            data = data[:44] + b'\0\0\0\0' + data[48:]
        # a checksum that a device would finish
        if not self.ready and self.outer and self.outer[2] in SUMS:
            src, dst, proto, l4 = self.outer
            at = SUMS[proto]
            data = data[:len(data) - len(l4)] + summed(src, dst, proto, l4[:at] + b'\0\0' + l4[at + 2:])
        return data.hex()

    def name(self, address):
        return self.names.get(address) or socket.inet_ntop(socket.AF_INET if len(address) == 4 else socket.AF_INET6, address)

    def ipv4(self, ip, quoted=False):
        ihl, length, field, self.ttl, proto = (ip[0] & 15) * 4, *struct.unpack('!HxxHBB', ip[2:10])
        src, dst = ip[12:16], ip[16:20]
        notes = []
        if fold(ip[:ihl]) != 0xFFFF:
            notes.append('header sum bad')
        if field & 0x4000:
            notes.append('df')
        if ihl > 20:
            notes.append('opt')
        at = (field & 0x1FFF) * 8
        if field & 0x3FFF:
            notes.append('frag %d+%d%s' % (at, length - ihl, ' more' if field & 0x2000 else ''))
        if proto in (4, 41):
            return self.inside(proto, src, dst, ip[ihl:], notes)
        return self.transport(src, dst, proto, ip[ihl:length], notes, at, field & 0x3FFF != 0, quoted)

    def ipv6(self, ip, quoted=False):
        length, proto, self.ttl = struct.unpack('!HBB', ip[4:8])
        src, dst, l4 = ip[8:24], ip[24:40], ip[40:40 + length]
        notes, at, fragmented = [], 0, False
        while proto in (0, 60, 44) and len(l4) >= 8:
            if proto == 44:
                at, fragmented = struct.unpack('!H', l4[2:4])[0], True
                notes.append('frag %d+%d%s' % (at & ~7, len(l4) - 8, ' more' if at & 1 else ''))
                proto, l4 = l4[0], l4[8:]
            else:
                notes.append('ext=dst' if proto == 60 else 'ext=hop')
                proto, l4 = l4[0], l4[8 + l4[1] * 8:]
        if proto in (4, 41):
            return self.inside(proto, src, dst, l4, notes)
        return self.transport(src, dst, proto, l4, notes, at & ~7, fragmented, quoted)

    def inside(self, proto, src, dst, data, notes):
        self.words += ['ipip', '%s>%s' % (self.name(src), self.name(dst)), 'ttl %d' % self.ttl] + notes + ['in']
        (self.ipv4 if proto == 4 else self.ipv6)(data)

    def transport(self, src, dst, proto, l4, notes, at, fragmented, quoted):
        kind = {v: k for k, v in PROTOS.items()}.get(proto, {1: 'icmp', 58: 'icmp'}.get(proto, 'proto %d' % proto))
        if proto in PROTOS.values() and not at and len(l4) >= 4:
            ends = '%s:%d>%s:%d' % (self.name(src), *struct.unpack('!H', l4[:2]), self.name(dst), *struct.unpack('!H', l4[2:4]))
        else:
            ends = '%s>%s' % (self.name(src), self.name(dst))
        self.words += [kind, ends]
        if quoted:
            self.words += ['quoted ' + n for n in notes if n != 'df']
            return
        self.words += ['ttl %d' % self.ttl] + notes
        self.outer = None if fragmented else (src, dst, proto, l4)
        if proto in (1, 58) and not at:
            self.message(proto, src, dst, l4)
        elif not fragmented:
            self.details(kind, src, dst, proto, l4)

    def details(self, kind, src, dst, proto, l4):
        if kind == 'tcp' and len(l4) >= 20:
            self.words.append('flags ' + (''.join(f for n, f in enumerate('FSRPA') if l4[13] & 1 << n) or 'none'))
        if kind == 'sctp' and len(l4) > 12:
            self.words.append(CHUNKS[l4[12]] if l4[12] < len(CHUNKS) else '%d' % l4[12])
        if kind == 'udp':
            self.words.append('len %d' % (len(l4) - 8))
        if kind in PROTOS:
            self.words.append('sum ' + self.verify(src, dst, proto, l4))

    def verify(self, src, dst, proto, l4):
        if proto == 132:
            return 'ok' if not self.ready or crc32c(l4[:8] + b'\0' * 4 + l4[12:]) == l4[8:12] else 'bad'
        at = SUMS[proto]
        if proto == 17 and l4[6:8] == b'\0\0':
            return 'none'
        head = 0 if proto == 1 else fold(pseudo(src, dst, proto, len(l4)))
        if not self.ready:
            return 'ok' if struct.unpack('!H', l4[at:at + 2])[0] == head else 'bad'
        return 'ok' if fold(l4, head) == 0xFFFF else 'bad'

    def message(self, proto, src, dst, l4):
        kind, code, rest = struct.unpack('!BBxxI', l4[:8])
        if proto == 58 and 130 <= kind <= 143:
            self.words = None
            return
        if kind in ((8, 0) if proto == 1 else (128, 129)):
            self.marker = rest >> 16 == MARKER
            self.words += ['echo' if kind in (8, 128) else 'echo-reply', 'sum ' + self.verify(src, dst, proto, l4)]
            return
        self.words += ['%d/%d' % (kind, code), 'sum ' + self.verify(src, dst, proto, l4)]
        if rest & 0xFFFF:
            self.words.append('rest %d' % (rest & 0xFFFF))
        self.words.append('about')
        (self.ipv4 if l4[8] >> 4 == 4 else self.ipv6)(l4[8:], True)


def enter(place):
    with open('/run/netns/' + place, 'rb') as f:
        if libc.setns(f.fileno(), 0):
            raise OSError(ctypes.get_errno(), 'setns')


def link_address(device):
    s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    return fcntl.ioctl(s, 0x8927, struct.pack('256s', device.encode()))[18:24]


class Wire:
    def __init__(self):
        os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
        self.taps, self.own, self.router, self.family = {}, {}, {}, 4
        for place, device in PLACES.items():
            enter('director')
            self.router[place] = link_address(ROUTERS[place])
            enter(place)
            self.own[place] = link_address(device)
            s = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, socket.htons(3))
            s.bind((device, 3))
            s.setsockopt(263, AUXDATA, 1)
            s.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4 << 20)
            s.setblocking(False)
            self.taps[place] = s
        enter('client')

    def send(self, place, packet, broadcast=False):
        kind = b'\x08\0' if packet[0] >> 4 == 4 else b'\x86\xdd'
        self.taps[place].send((b'\xff' * 6 if broadcast else self.router[place]) + self.own[place] + kind + packet)

    def seen(self, place):
        """packets that came in there, as far as they are there already"""
        while True:
            try:
                frame, aux, _, address = self.taps[place].recvmsg(65536, 256)
            except BlockingIOError:
                return
            if address[2] == OUTGOING:
                continue
            ready = True
            for _, kind, data in aux:
                if kind == AUXDATA:
                    ready = not struct.unpack('I', data[:4])[0] & NOT_READY
            packet = Packet(frame, ready)
            if packet.words is not None:
                yield packet

    def ask(self, place, words):
        for other in self.taps:
            for _ in self.seen(other):
                pass
        request = Request(self.family, place, words)
        for packet in request.packets():
            self.send(place, packet, 'broadcast' in request.options)
        found = {p: [] for p in self.taps}
        ping = Request(self.family, place, ['echo', 'dst=D' + (place[1:] if place != 'client' else '')])
        proto, l4 = ping.icmp(8 if self.family == 4 else 128, 0, struct.pack('!HH', MARKER, 1))
        ping.transport = lambda: (proto, l4)
        self.send(place, ping.packets()[0])
        end, back = time.monotonic() + 5, False
        while not back and time.monotonic() < end:
            for packet in self.seen(place):
                back = back or packet.marker
                if not packet.marker:
                    found[place].append(packet)
        if not back:
            return 'no answer to the ping'
        for other in self.taps:
            found[other] += [p for p in self.seen(other) if not p.marker]
        if 'state' in request.options:
            ports = request.ports(request.words[0])
            return self.state(request.kind.upper(), ports[0 if place == 'client' else 1])
        told = Packet.hex if 'hex' in request.options else lambda packet: ' '.join(packet.words)
        lines = ['%s %s' % (p, told(packet)) for p in self.taps for packet in found[p]]
        return '; '.join(lines) or 'nothing'

    def state(self, proto, port):
        enter('director')
        with open('/proc/thread-self/net/ip_vs_conn') as f:
            rows = [line.split() for line in f][1:]
        enter('client')
        for row in rows:
            client, server = [pton(row[n]) if ':' in row[n] else struct.pack('!I', int(row[n], 16)) for n in (1, 5)]
            if row[0] == proto and int(row[2], 16) == port and len(client) == len(pton(NAMES[self.family]['C'])):
                name = [k for k, a in NAMES[self.family].items() if pton(a) == server]
                return '%s %s:%d' % (row[7], (name or row[5:6])[0], int(row[6], 16))
        return 'none'

    def run(self, words):
        if words[0] == 'family':
            self.family = int(words[1])
            return 'OK'
        return self.ask(words[0], words[1:])


def main():
    wire = Wire()
    for line in sys.stdin:
        words = line.split()
        if words:
            try:
                print(wire.run(words))
            except (OSError, KeyError, ValueError, IndexError, struct.error) as e:
                print('wire.py: %s: %r' % (line.strip(), e))
            print('.', flush=True)


if __name__ == '__main__':
    main()
