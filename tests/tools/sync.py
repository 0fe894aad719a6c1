#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-only
"""Connection synchronisation from outside: send datagrams made of words to a backup, and show those of a master.

    sync.py send DEVICE GROUP PORT      one datagram per line of stdin: "[WORD...] ; RECORD ; RECORD ..."
    sync.py listen DEVICE GROUP PORT    print every datagram until killed; "listening" first
    sync.py record DEVICE GROUP PORT    the same, in words that send takes: hex=BYTES

Words of a datagram: v=0|1  id=N  count=N  length=N (lies, if given)  cut=N (bytes sent)  hex=BYTES (instead of all else)
Words of a record, all optional:
    proto=6 client=10.1.0.2:2001 virt=10.9.0.1:80 dest=10.2.1.2:8080 flags=0 state=1 timeout=100 mark=0
    seq=A,B,C,D,E,F  pe=NAME/DATA  opt=TYPE:HEX  size=N (lies)  type=N  raw=HEX (instead of all else)
Another kind of datagram, between directors of ours, is shown as "note=KIND".
A datagram is shown as "v=1 id=7 records=2 bytes=80", then its records, indented, in the words of a record.
"""
import socket
import struct
import sys


def end(text):
    host, _, port = text.rpartition(':')
    host = host.strip('[]')
    family = socket.AF_INET6 if ':' in host else socket.AF_INET
    return socket.inet_pton(family, host), int(port)


def option(kind, data):
    return bytes([kind, len(data)]) + data


def options(words):
    out = b''
    for name, text in words:
        if name == 'seq':
            out += option(1, struct.pack('!6I', *(int(n, 0) for n in text.split(','))))
        elif name == 'pe':
            pe, _, data = text.partition('/')
            out += option(2, data.encode()) if data else b''
            out += option(3, pe.encode()) if pe else b''
        elif name == 'opt':
            kind, _, data = text.partition(':')
            out += option(int(kind, 0), bytes.fromhex(data))
    return out


def record(version, text):
    words = [word.split('=', 1) for word in text.split()]
    given = dict(proto='6', client='10.1.0.2:2001', virt='10.9.0.1:80', dest='10.2.1.2:8080', flags='0', state='1',
                 timeout='100', mark='0')
    given.update(words)
    if 'raw' in given:
        return bytes.fromhex(given['raw'])
    number = {k: int(given[k], 0) for k in ('proto', 'flags', 'state', 'timeout', 'mark')}
    (client, cport), (virt, vport), (dest, dport) = (end(given[k]) for k in ('client', 'virt', 'dest'))
    if not version:
        out = struct.pack('!BBHHH4s4s4sHH', 0, number['proto'], cport, vport, dport, client, virt, dest,
                          number['flags'], number['state'])
        if 'seq' in given:
            out += struct.pack('=6I', *(int(n, 0) for n in given['seq'].split(',')))
        return out
    tail = client + virt + dest + options(words)
    size = int(given.get('size', 24 + len(tail)))
    kind = int(given.get('type', '1' if len(client) == 16 else '0'), 0)
    return struct.pack('!BBHIHHHHII', kind, number['proto'], size, number['flags'], number['state'], cport, vport,
                       dport, number['mark'], number['timeout']) + tail


def datagram(line):
    head, *texts = line.split(';')
    given = dict(word.split('=', 1) for word in head.split())
    if 'hex' in given:
        return bytes.fromhex(given['hex'])
    version = int(given.get('v', 1))
    body, size = b'', 8 if version else 4
    for text in texts:
        body += b'\0' * (-len(body) % 4) + record(version, text)
    count, sync_id = int(given.get('count', len(texts))), int(given.get('id', 7))
    length = int(given.get('length', size + len(body)))
    if version:
        out = struct.pack('!BBHBBH', 0, sync_id, length, count, 1, 0) + body
    else:
        out = struct.pack('!BBH', count, sync_id, length) + body
    return out[:int(given.get('cut', len(out)))]


def shown_end(addr, port):
    text = socket.inet_ntop(socket.AF_INET6 if len(addr) == 16 else socket.AF_INET, addr)
    return ('[%s]:%d' if len(addr) == 16 else '%s:%d') % (text, port)


def show_options(data):
    out = ''
    while data:
        kind, size = data[0], data[1]
        payload, data = data[2:2 + size], data[2 + size:]
        if kind == 1:
            out += ' seq=' + ','.join(str(n) for n in struct.unpack('!6I', payload))
        else:
            out += ' opt=%d:%s' % (kind, payload.hex())
    return out


def show_v1(data):
    kind, proto, size, flags, state, cport, vport, dport, mark, timeout = struct.unpack_from('!BBHIHHHHII', data)
    n = 16 if kind & 1 else 4
    client, virt, dest = (data[24 + i * n:24 + (i + 1) * n] for i in range(3))
    print('  proto=%d client=%s virt=%s dest=%s flags=%#x state=%d timeout=%d mark=%d%s' % (
        proto, shown_end(client, cport), shown_end(virt, vport), shown_end(dest, dport), flags, state, timeout, mark,
        show_options(data[24 + 3 * n:size])))
    return (size + 3) & ~3


def show_v0(data):
    _, proto, cport, vport, dport, client, virt, dest, flags, state = struct.unpack_from('!BBHHH4s4s4sHH', data)
    print('  proto=%d client=%s virt=%s dest=%s flags=%#x state=%d' % (
        proto, shown_end(client, cport), shown_end(virt, vport), shown_end(dest, dport), flags, state))
    return 48 if flags & 0x600 else 24


def show(data):
    version = int(len(data) >= 8 and not data[0] and data[5] == 1)
    count = data[4] if version else data[0]
    assert struct.unpack_from('!H', data, 2)[0] == len(data), 'length'
    print('v=%d id=%d records=%d bytes=%d' % (version, data[1], count, len(data)))
    pos = 8 if version else 4
    if data[pos:pos + 4] == b'note' and not count:
        print('note=%d' % data[pos + 4])
    for _ in range(count):
        pos += (show_v1 if version else show_v0)(data[pos:])
    sys.stdout.flush()


def make_socket(device, group, port, receive):
    infos = socket.getaddrinfo(group, port, type=socket.SOCK_DGRAM)
    family, _, _, _, address = infos[0]
    sock = socket.socket(family, socket.SOCK_DGRAM)
    index = socket.if_nametoindex(device)
    if family == socket.AF_INET6:
        address = (group, int(port), 0, index)
        sock.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_MULTICAST_IF, index)
        sock.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_MULTICAST_LOOP, 0)
        membership = socket.IPPROTO_IPV6, socket.IPV6_JOIN_GROUP, socket.inet_pton(family, group) + struct.pack('@I', index)
    else:
        device_of = struct.pack('=4s4si', socket.inet_aton(group), bytes(4), index)
        sock.setsockopt(socket.IPPROTO_IP, socket.IP_MULTICAST_IF, device_of)
        sock.setsockopt(socket.IPPROTO_IP, socket.IP_MULTICAST_LOOP, 0)
        membership = socket.IPPROTO_IP, socket.IP_ADD_MEMBERSHIP, device_of
    if receive:
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1 << 22)
        sock.bind(address)
        sock.setsockopt(*membership)
    else:
        sock.connect(address)
    return sock


def main():
    verb, device, group, port = sys.argv[1:]
    sock = make_socket(device, group, port, verb != 'send')
    if verb != 'send':
        print('listening', flush=True)
        while True:
            data = sock.recv(1 << 16)
            if verb == 'listen':
                show(data)
            else:
                print('hex=' + data.hex(), flush=True)
    for line in sys.stdin:
        words = line.split('#')[0].strip()
        if words:
            sock.send(datagram(words))


if __name__ == '__main__':
    try:
        main()
    except KeyboardInterrupt:
        pass
