#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""Packets that no program sends by itself.

raw.py icmp TO TYPE CODE SRC SPORT DST DPORT [PROTO [REST [bad]]]
    an ICMP or ICMPv6 error that quotes a datagram (8 bytes of its transport header); REST fills the second word of the
    ICMP header (an MTU); "bad" gives it a wrong checksum
raw.py ip TO PROTO HEX
    a packet of that protocol
"""
import socket
import struct
import sys


def checksum(data):
    data += b"\0" * (len(data) % 2)
    total = sum(struct.unpack("!%dH" % (len(data) // 2), data))
    while total >> 16:
        total = (total & 0xFFFF) + (total >> 16)
    return ~total & 0xFFFF


def quote(family, src, sport, dst, dport, proto):
    src, dst = socket.inet_pton(family, src), socket.inet_pton(family, dst)
    l4 = struct.pack("!HHHH", sport, dport, 100, 0)
    if family == socket.AF_INET6:
        return struct.pack("!IHBB", 6 << 28, 100, proto, 62) + src + dst + l4
    header = struct.pack("!BBHHHBBH", 0x45, 0, 120, 1, 0, 62, proto, 0) + src + dst
    return header[:10] + struct.pack("!H", checksum(header)) + header[12:] + l4


def icmp(to, kind, code, src, sport, dst, dport, proto=17, rest=0, bad=None):
    family = socket.AF_INET6 if ":" in to else socket.AF_INET
    body = quote(family, src, int(sport), dst, int(dport), int(proto))
    message = struct.pack("!BBHI", int(kind), int(code), 0, int(rest)) + body
    v6 = family == socket.AF_INET6
    s = socket.socket(family, socket.SOCK_RAW, socket.IPPROTO_ICMPV6 if v6 else socket.IPPROTO_ICMP)
    if not v6:
        message = message[:2] + struct.pack("!H", checksum(message) ^ (1 if bad else 0)) + message[4:]
    s.sendto(message, (to, 0))


def ip(to, proto, data):
    family = socket.AF_INET6 if ":" in to else socket.AF_INET
    socket.socket(family, socket.SOCK_RAW, int(proto)).sendto(bytes.fromhex(data), (to, 0))


{"icmp": icmp, "ip": ip}[sys.argv[1]](*sys.argv[2:])
