#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-only
"""A raw client of the generic netlink family IPVS that can also ask for what no sane program would.

    genl.py COMMAND [WORD...]          one request
    genl.py -                          one request per line of stdin; each answer ends with a line "."

A COMMAND is new_service, set_service, del_service, get_service, ..., or a number; "family" asks what the family says of
itself. Words:

    dump  noack  nlflags=              how to ask
    version= reserved= trail=HEX       in the header of the request, and behind its last attribute
    showflags                          name the flags of each message of the answer
    af= proto= addr= port= fwmark= sched= flags=F/MASK timeout= netmask= pe=           into the nest of the service
    d.addr= d.port= d.fwd= d.weight= d.u= d.l= d.af= d.tun_type= d.tun_port= d.tun_flags=   into the nest of the server
    m.state= m.ifn= m.id= m.maxlen= m.group= m.group6= m.port= m.ttl=                       into the nest of the daemon
    tcp= fin= udp=                     timeouts at the top level
    service  dest  daemon              an empty nest
    TYPE:HEX, s.TYPE:HEX, d.TYPE:HEX, m.TYPE:HEX   any attribute as raw bytes, at the top level or in a nest
    svc=FAMILY/PROTO/ADDR/PORT         short for af, proto, addr, port

GENL_BUFFER in the environment is the size of the buffer for answers; dumps come in pieces of about that size.

The answer: "OK", or "ENOENT: text of the extended acknowledgement", then one line per object.
"""
import errno
import os
import socket
import struct
import sys

COMMANDS = dict(new_service=1, set_service=2, del_service=3, get_service=4, new_dest=5, set_dest=6, del_dest=7,
                get_dest=8, new_daemon=9, del_daemon=10, get_daemon=11, set_config=12, get_config=13, set_info=14,
                get_info=15, zero=16, flush=17)
SERVICE = dict(af=(1, 'H'), proto=(2, 'H'), addr=(3, 'addr'), port=(4, '!H'), fwmark=(5, 'I'), sched=(6, 'str'),
               flags=(7, 'flags'), timeout=(8, 'I'), netmask=(9, 'mask'), pe=(11, 'str'))
DEST = dict(addr=(1, 'addr'), port=(2, '!H'), fwd=(3, 'I'), weight=(4, 'I'), u=(5, 'I'), l=(6, 'I'), af=(11, 'H'),
            tun_type=(13, 'B'), tun_port=(14, '!H'), tun_flags=(15, 'H'))
DAEMON = dict(state=(1, 'I'), ifn=(2, 'str'), id=(3, 'I'), maxlen=(4, 'H'), group=(5, 'addr'), group6=(6, 'addr'),
              port=(7, 'H'), ttl=(8, 'B'))
TOP = dict(tcp=(4, 'I'), fin=(5, 'I'), udp=(6, 'I'))
STATS = ['conns', 'inpkts', 'outpkts', 'inbytes', 'outbytes', 'cps', 'inpps', 'outpps', 'inbps', 'outbps']
SERVICE_REPLY = {1: ('af', 'H'), 2: ('proto', 'H'), 3: ('addr', 'hex'), 4: ('port', '!H'), 5: ('fwmark', 'I'),
                 6: ('sched', 'str'), 7: ('flags', 'hex'), 8: ('timeout', 'I'), 9: ('netmask', 'hex'),
                 10: ('stats', 'stats'), 11: ('pe', 'str'), 12: ('stats64', 'stats')}
DEST_REPLY = {1: ('addr', 'hex'), 2: ('port', '!H'), 3: ('fwd', 'I'), 4: ('weight', 'I'), 5: ('u', 'I'), 6: ('l', 'I'),
              7: ('active', 'I'), 8: ('inactive', 'I'), 9: ('persist', 'I'), 10: ('stats', 'stats'), 11: ('af', 'H'),
              12: ('stats64', 'stats'), 13: ('tun_type', 'B'), 14: ('tun_port', '!H'), 15: ('tun_flags', 'H')}
DAEMON_REPLY = {1: ('state', 'I'), 2: ('ifn', 'str'), 3: ('id', 'I'), 4: ('maxlen', 'H'), 5: ('group', 'hex'),
                6: ('group6', 'hex'), 7: ('port', 'H'), 8: ('ttl', 'B')}


def attr(kind, data):
    return struct.pack('HH', len(data) + 4, kind) + data + b'\0' * (-len(data) % 4)


def attrs(data):
    while len(data) >= 4:
        size, kind = struct.unpack_from('HH', data)
        if size < 4:
            break
        yield kind & 0x3fff, data[4:size]
        data = data[(size + 3) & ~3:]


def value(form, text):
    if form == 'addr':
        return socket.inet_pton(socket.AF_INET6 if ':' in text else socket.AF_INET, text)
    if form == 'str':
        return text.encode() + b'\0'
    if form == 'flags':
        flags, mask = (text + '/0xffffffff').split('/')[:2]
        return struct.pack('II', int(flags, 0), int(mask, 0))
    if form == 'mask':
        return socket.inet_aton(text) if '.' in text else struct.pack('I', int(text, 0))
    return struct.pack(form, int(text, 0))


def numbers(data):
    out = []
    for kind, raw in attrs(data):
        if kind <= len(STATS):
            out.append('%s=%d' % (STATS[kind - 1], int.from_bytes(raw, sys.byteorder)))
    return '{%s}' % ' '.join(out)


def show(table, data):
    out = []
    for kind, raw in attrs(data):
        name, form = table.get(kind, ('attr%d' % kind, 'hex'))
        if form == 'hex':
            text = raw.hex()
        elif form == 'str':
            text = raw.rstrip(b'\0').decode()
        elif form == 'stats':
            text = numbers(raw)
        else:
            text = '%d' % struct.unpack(form, raw)
        out.append('%s=%s' % (name, text))
    return ' '.join(out)


class Request:
    def __init__(self, words):
        self.flags, self.top, self.service, self.dest, self.daemon = 5, b'', None, None, None
        self.version, self.reserved, self.trail, self.showflags = 1, 0, b'', False
        for word in words:
            self.add(word)

    def add(self, word):
        if word == 'dump':
            self.flags |= 0x300
        elif word == 'noack':
            self.flags &= ~4
        elif word == 'showflags':
            self.showflags = True
        elif word.startswith(('nlflags=', 'version=', 'reserved=')):
            name, text = word.split('=')
            setattr(self, name.removeprefix('nl'), int(text, 0))
        elif word.startswith('trail='):
            self.trail = bytes.fromhex(word[6:])
        elif word == 'service':
            self.service = self.service or b''
        elif word == 'dest':
            self.dest = self.dest or b''
        elif word == 'daemon':
            self.daemon = self.daemon or b''
        elif word.startswith('svc='):
            for part in zip(('af', 'proto', 'addr', 'port'), word[4:].split('/')):
                self.add('='.join(part))
        elif '=' not in word:
            self.add_raw(*word.rsplit(':', 1))
        else:
            self.add_named(*word.split('=', 1))

    def add_raw(self, where, data):
        nest, _, kind = where.rpartition('.')
        raw = attr(int(kind, 0), bytes.fromhex(data))
        if nest == 's':
            self.service = (self.service or b'') + raw
        elif nest == 'd':
            self.dest = (self.dest or b'') + raw
        elif nest == 'm':
            self.daemon = (self.daemon or b'') + raw
        else:
            self.top += raw

    def add_named(self, name, text):
        if name in TOP:
            self.top += attr(TOP[name][0], value(TOP[name][1], text))
        elif name.startswith('d.'):
            kind, form = DEST[name[2:]]
            self.dest = (self.dest or b'') + attr(kind, value(form, text))
        elif name.startswith('m.'):
            kind, form = DAEMON[name[2:]]
            self.daemon = (self.daemon or b'') + attr(kind, value(form, text))
        else:
            kind, form = SERVICE[name]
            self.service = (self.service or b'') + attr(kind, value(form, text))

    def payload(self):
        out = b''
        if self.service is not None:
            out += attr(1, self.service)
        if self.dest is not None:
            out += attr(2, self.dest)
        if self.daemon is not None:
            out += attr(3, self.daemon)
        return out + self.top + self.trail


class Client:
    def __init__(self):
        self.sock = socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, 16)
        self.sock.setsockopt(270, 11, 1)  # extended acknowledgements
        self.seq = 0
        self.room = int(os.environ.get('GENL_BUFFER', 1 << 17))
        error, _, replies = self.talk(16, 3, 1, 5, attr(2, b'IPVS\0'))
        if error:
            sys.exit('no family IPVS: ' + error)
        self.about = replies[0][1]
        self.family = [struct.unpack('H', v)[0] for k, v in attrs(self.about) if k == 1][0]

    def talk(self, family, command, version, flags, payload, reserved=0):
        """Send one request: (name of the error or '', text of the extended ack, [(command, payload)])."""
        self.seq += 1
        self.seen = []
        body = struct.pack('BBH', command, version, reserved) + payload
        self.sock.send(struct.pack('IHHII', len(body) + 16, family, flags, self.seq, 0) + body)
        replies = []
        while True:
            data = self.sock.recv(self.room)
            while data:
                size, kind, rflags, seq, _ = struct.unpack_from('IHHII', data)
                message, data = data[16:size], data[(size + 3) & ~3:]
                if seq != self.seq:
                    continue
                self.seen.append('%d:%#x' % (kind if kind < 16 else message[0], rflags))
                if kind in (2, 3):
                    return (*self.verdict(kind, rflags, message), replies)
                replies.append((message[0], message[4:]))
                if not flags & 4 and not rflags & 2:
                    return '', '', replies

    @staticmethod
    def verdict(kind, rflags, message):
        code = -struct.unpack_from('i', message)[0]
        text = ''
        if rflags & 0x200:  # extended acknowledgement attributes follow
            skip = 4
            if kind == 2:
                skip += 16 if rflags & 0x100 else (struct.unpack_from('I', message, 4)[0] + 3) & ~3
            for what, raw in attrs(message[skip:]):
                if what == 1:
                    text = raw.rstrip(b'\0').decode()
        # Python knows 95 by its other name.
        names = dict(errno.errorcode)
        names[95] = 'EOPNOTSUPP'
        return (names.get(code, str(code)) if code else ''), text

    def describe(self):
        """What the controller says: sizes, and for each operation its flags."""
        found = dict(attrs(self.about))
        print('OK')
        print('family version=%d hdrsize=%d maxattr=%d' % tuple(struct.unpack('I', found[k])[0] for k in (3, 4, 5)))
        ops = [dict(attrs(op)) for _, op in attrs(found[6])]
        print('ops', *('%d:%#x' % (struct.unpack('I', op[1])[0], struct.unpack('I', op[2])[0]) for op in ops))
        print('groups', len(list(attrs(found.get(7, b'')))))

    def run(self, words):
        if words[0] == 'family':
            self.describe()
            return ''
        command = COMMANDS.get(words[0]) or int(words[0])
        request = Request(words[1:])
        error, text, replies = self.talk(self.family, command, request.version, request.flags, request.payload(),
                                         request.reserved)
        print((error or 'OK') + (': ' + text if text else ''))
        if request.showflags:
            print('flags', *self.seen)
        for reply, data in replies:
            self.show_reply(reply, data)
        return error

    @staticmethod
    def show_reply(command, data):
        if command == 14:
            print('info', *('%d=%#x' % (k, struct.unpack('I', v)[0]) for k, v in attrs(data)))
        elif command == 12:
            print('config', *('%d=%d' % (k, struct.unpack('I', v)[0]) for k, v in attrs(data)))
        else:
            for kind, raw in attrs(data):
                name, table = {1: ('service', SERVICE_REPLY), 2: ('dest', DEST_REPLY),
                               3: ('daemon', DAEMON_REPLY)}.get(kind, ('other', {}))
                print(name, show(table, raw))


def main():
    client = Client()
    if sys.argv[1:] == ['-']:
        for line in sys.stdin:
            words = line.split('#')[0].split()
            if words:
                client.run(words)
                print('.', flush=True)
        return 0
    return 1 if client.run(sys.argv[1:]) else 0


if __name__ == '__main__':
    try:
        sys.exit(main())
    except BrokenPipeError:
        os._exit(0)
