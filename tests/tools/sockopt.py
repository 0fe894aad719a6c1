#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-only
"""A raw client of the socket options of IPVS that can also ask for what no sane program would.

    sockopt.py -                       one request per line of stdin; each answer ends with a line "."
    sockopt.py OPTION [WORD...]        one request

OPTION: none insert add edit del flush list adddest deldest editdest timeout startdaemon stopdaemon restore save zero,
or get:version get:info get:services get:service get:dests get:dest get:timeout get:daemon, or set:NUMBER, get:NUMBER.

    tcp=ADDR:PORT udp= sctp= PROTOCOL=       the service; PROTOCOL is a number
    mark= sched= flags= timeout= netmask=    of the service; sched=hex:BYTES for any bytes
    rs=ADDR:PORT fwd= weight= u= l=          the destination
    tcp_timeout= fin= udp_timeout=           the three timeouts
    state= ifn= syncid=                      the daemon
    n=NUMBER                                 how many entries a listing asks for
    len=+1 len=-1 len=NUMBER                 a length that is not the right one
    at=none at=readonly at=end at=cross      where the buffer is: unmapped, read-only, at the end of a page with nothing
                                             behind it, half of it on the next page, which is not there
    fill=BYTE                                what the buffer holds before a "get"
    nonzero                                  show how far the answer has changed the buffer
    bytes                                    show the buffer after the answer in hexadecimal, an entry a line, instead

The answer: "OK" or the name of an errno, then for a "get" what it says. The environment's SOCKET chooses the kind of socket:
dgram (the default), raw, stream, and each of them with a 6 for that family.
"""
import ctypes
import errno
import os
import socket
import struct
import sys

BASE = 1152
SETS = ['none', 'insert', 'add', 'edit', 'del', 'flush', 'list', 'adddest', 'deldest', 'editdest', 'timeout',
        'startdaemon', 'stopdaemon', 'restore', 'save', 'zero']
GETS = ['version', 'info', 'services', 'service', 'dests', 'dest', 'timeout', 'daemon']
PAGE = 4096
PROTOCOLS = dict(tcp=6, udp=17, sctp=132)
libc = ctypes.CDLL(None, use_errno=True)
libc.mmap.restype = ctypes.c_void_p
libc.mmap.argtypes = [ctypes.c_void_p, ctypes.c_size_t, ctypes.c_int, ctypes.c_int, ctypes.c_int, ctypes.c_long]
libc.mprotect.argtypes = [ctypes.c_void_p, ctypes.c_size_t, ctypes.c_int]
libc.munmap.argtypes = [ctypes.c_void_p, ctypes.c_size_t]


def endpoint(text):
    addr, port = text.rsplit(':', 1)
    return socket.inet_aton(addr), int(port)


class Request:
    def __init__(self, words):
        self.proto, self.addr, self.port = 6, b'\0' * 4, 0
        self.dest = (b'\0' * 4, 0)
        self.options = dict(mark='0', sched='', flags='0', timeout='0', netmask='255.255.255.255', fwd='0', weight='1', u='0', l='0',
                            tcp_timeout='0', fin='0', udp_timeout='0', state='0', ifn='', syncid='0', n='0', len='', at='', fill='0')
        self.nonzero = self.bytes = False
        for word in words:
            name, _, text = word.partition('=')
            if word == 'nonzero':
                self.nonzero = True
            elif word == 'bytes':
                self.bytes = True
            elif name in PROTOCOLS or name.isdigit():
                self.proto = PROTOCOLS.get(name) or int(name)
                self.addr, self.port = endpoint(text)
            elif name == 'rs':
                self.dest = endpoint(text)
            elif name in self.options:
                self.options[name] = text
            else:
                sys.exit('what is ' + word)

    def number(self, name):
        return int(self.options[name], 0) & 0xffffffff

    def string(self, name):
        text = self.options[name]
        return bytes.fromhex(text[4:]) if text.startswith('hex:') else text.encode()

    def key(self):
        return struct.pack('=Hxx4s', self.proto, self.addr) + struct.pack('!Hxx', self.port) + struct.pack('=I', self.number('mark'))

    def service(self):
        mask = self.options['netmask']
        return self.key() + struct.pack('=16sII4s', self.string('sched'), self.number('flags'), self.number('timeout'),
                                        socket.inet_aton(mask))

    def server(self):
        return self.dest[0] + struct.pack('!Hxx', self.dest[1]) + struct.pack(
            '=IIII', self.number('fwd'), self.number('weight'), self.number('u'), self.number('l'))

    def timeouts(self):
        return struct.pack('=III', self.number('tcp_timeout'), self.number('fin'), self.number('udp_timeout'))

    def daemon(self):
        return struct.pack('=I16sI', self.number('state'), self.string('ifn'), self.number('syncid'))

    def payload(self, option):
        if option in ('add', 'edit', 'del', 'zero'):
            return self.service()
        if option in ('adddest', 'editdest', 'deldest'):
            return self.service() + self.server()
        if option == 'timeout':
            return self.timeouts()
        if option in ('startdaemon', 'stopdaemon'):
            return self.daemon()
        return b''

    def buffer(self, option):
        """What a "get" starts with."""
        n = self.number('n')
        fill = bytes([int(self.options['fill'], 0)])
        sizes = dict(version=64, info=12, service=104, timeout=12, daemon=48)
        if option == 'services':
            return struct.pack('=II', n, 0) + fill * (104 * min(n, 1 << 16))
        if option == 'dests':
            return self.key() + struct.pack('=II', n, 0) + fill * (96 * min(n, 1 << 16))
        if option == 'service':
            return self.key() + fill * (104 - 16)
        return fill * sizes.get(option, 0)


class Memory:
    """A buffer of the given bytes, placed where the test wants it."""

    def __init__(self, data, where):
        room = (len(data) // PAGE + 1) * PAGE
        self.base = libc.mmap(None, room + PAGE, 3, 0x22, -1, 0)
        libc.mprotect(self.base + room, PAGE, 0)
        self.address = self.base
        if where == 'end':
            self.address = self.base + room - len(data)
        elif where == 'cross':
            self.address = self.base + room - len(data) // 2
            data = data[:len(data) // 2]
        ctypes.memmove(self.address, data, len(data))
        if where == 'readonly':
            libc.mprotect(self.base, room, 1)
        self.room = room
        if where == 'none':
            self.address = 8

    def free(self):
        libc.munmap(self.base, self.room + PAGE)


def name_of(code):
    names = dict(errno.errorcode)
    names[95] = 'EOPNOTSUPP'
    return names.get(code, str(code))


def stats(data):
    return ' '.join('%d' % n for n in struct.unpack('=3I4x2Q5I4x', data))


def service_text(e):
    proto, addr, port, mark, sched, flags, timeout, mask, dests = struct.unpack('=Hxx4s2sxxI16sII4sI', e[:48])
    return 'service proto=%d addr=%s port=%d mark=%d sched=%s flags=%#x timeout=%d netmask=%s dests=%d stats=%s' % (
        proto, socket.inet_ntoa(addr), int.from_bytes(port, 'big'), mark, sched.split(b'\0')[0].decode(), flags, timeout,
        socket.inet_ntoa(mask), dests, stats(e[48:104]))


def dest_text(e):
    addr, port, flags, weight, u, l, active, inactive, persist = struct.unpack('=4s2sxxIiIIIII', e[:36])
    return 'dest addr=%s port=%d flags=%#x weight=%d u=%d l=%d active=%d inactive=%d persist=%d stats=%s' % (
        socket.inet_ntoa(addr), int.from_bytes(port, 'big'), flags, weight, u, l, active, inactive, persist,
        stats(e[40:96]))


def show(option, data):
    if option == 'version':
        print(data.split(b'\0')[0].decode())
    elif option in ('info', 'timeout'):
        print(option, *struct.unpack('=3i', data[:12]))
    elif option == 'service':
        print(service_text(data))
    elif option == 'services':
        print('count', struct.unpack_from('=I', data)[0])
        for at in range(8, len(data) - 103, 104):
            if any(data[at:at + 16]):
                print(service_text(data[at:at + 104]))
    elif option == 'dests':
        print('count', struct.unpack_from('=I', data, 16)[0])
        for at in range(24, len(data) - 95, 96):
            if any(data[at:at + 8]):
                print(dest_text(data[at:at + 96]))
    elif option == 'daemon':
        for at in (0, 24):
            state, ifn, syncid = struct.unpack_from('=i16si', data, at)
            print('daemon', state, ifn.split(b'\0')[0].decode() or '-', syncid)


def show_bytes(option, data):
    head, entry = dict(services=(8, 104), dests=(24, 96)).get(option, (0, max(len(data), 1)))
    for at in [0] * bool(head) + list(range(head, len(data), entry)):
        end = head if at < head else at + entry
        print('bytes', data[at:end].hex(), option)


class Client:
    def __init__(self):
        kind = os.environ.get('SOCKET', 'dgram')
        family = socket.AF_INET6 if kind.endswith('6') else socket.AF_INET
        types = dict(dgram=(socket.SOCK_DGRAM, 0), raw=(socket.SOCK_RAW, 255), stream=(socket.SOCK_STREAM, 0))
        self.sock = socket.socket(family, *types[kind.removesuffix('6')])
        self.fd = self.sock.fileno()

    def run(self, words):
        request = Request(words[1:])
        kind, _, option = words[0].rpartition(':')
        data = request.buffer(option) if kind == 'get' else request.payload(option)
        length = len(data)
        if request.options['len'][:1] in ('+', '-'):
            length += int(request.options['len'])
        elif request.options['len']:
            length = int(request.options['len'], 0)
        number = int(option) if option.isdigit() else BASE + (GETS if kind == 'get' else SETS).index(option)
        memory = Memory(data + b'\0' * max(0, min(length, 1 << 20) - len(data)), request.options['at'])
        try:
            if kind == 'get':
                self.get(number, option, memory, length, data, request)
            else:
                rc = libc.setsockopt(self.fd, 0, number, ctypes.c_void_p(memory.address), length)
                print('OK' if not rc else name_of(ctypes.get_errno()))
        finally:
            memory.free()

    def get(self, number, option, memory, length, before, request):
        size = ctypes.c_int(length)
        if libc.getsockopt(self.fd, 0, number, ctypes.c_void_p(memory.address), ctypes.byref(size)):
            print(name_of(ctypes.get_errno()))
            return
        print('OK', size.value)
        after = ctypes.string_at(memory.address, length)
        if request.nonzero:
            changed = [i for i in range(min(len(before), length)) if before[i] != after[i]]
            print('changed', changed[0] if changed else '-', changed[-1] if changed else '-')
        elif request.bytes:
            show_bytes(option, after)
        else:
            show(option, after)


def main():
    client = Client()
    if sys.argv[1:] != ['-']:
        client.run(sys.argv[1:])
        return
    for line in sys.stdin:
        words = line.split('#')[0].split()
        if words:
            client.run(words)
            print('.', flush=True)


if __name__ == '__main__':
    main()
