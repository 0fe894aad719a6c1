#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-only
"""Many downloads at a time in one process: downloads.py ADDRESS PORT PATH COUNT SILENT GO

Until the file GO is there SILENT of COUNT connections do not send the end of their request, so that nothing goes over
them, and the others take a kilobyte in a second, so that they cannot end before. Then all go on as fast as they can.
Prints "begun" when all have sent what they are to send, and in the end one line per checksum, "COUNT SHA256", where
"failed" stands for those that ended with an error.
"""
import collections
import hashlib
import os
import selectors
import socket
import sys
import time


class Download:
    def __init__(self, address, request):
        self.sum = hashlib.sha256()
        self.head = b''
        self.in_body = False
        self.result = None
        self.sock = socket.socket(socket.AF_INET6 if ':' in address[0] else socket.AF_INET)
        self.sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        self.sock.settimeout(60)
        self.sock.connect(address)
        self.sock.sendall(request)
        self.sock.setblocking(False)

    def go(self, end):
        self.sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1 << 18)
        self.sock.sendall(end)

    def read(self, most):
        """Returns whether it is over."""
        try:
            data = self.sock.recv(most)
        except BlockingIOError:
            return False
        except OSError as error:
            self.result = 'failed: %s' % error
            return True
        if not data:
            self.result = self.sum.hexdigest()
            return True
        if not self.in_body:
            self.head += data
            head, end, data = self.head.partition(b'\r\n\r\n')
            if not end:
                return False
            self.in_body = True
            if b' 200 ' not in head.split(b'\r\n')[0]:
                self.result = 'failed: %s' % head.split(b'\r\n')[0].decode()
                return True
        self.sum.update(data)
        return False


def main():
    address, port, path, count, silent, go = sys.argv[1:]
    count, silent = int(count), int(silent)
    request = ('GET %s HTTP/1.0\r\nHost: it\r\n' % path).encode()
    downloads = [Download((address, int(port)), request if i < silent else request + b'\r\n') for i in range(count)]
    print('begun', flush=True)
    while not os.path.exists(go):
        for download in downloads:
            if not download.result:
                download.read(1024)
        time.sleep(1)
    ready = selectors.DefaultSelector()
    for i, download in enumerate(downloads):
        if not download.result:
            download.go(b'\r\n' if i < silent else b'')
            ready.register(download.sock, selectors.EVENT_READ, download)
    deadline = time.monotonic() + 300
    while ready.get_map() and time.monotonic() < deadline:
        for key, _ in ready.select(0.5):
            if key.data.read(1 << 16):
                ready.unregister(key.fileobj)
                key.fileobj.close()
    for result, n in sorted(collections.Counter(str(d.result or 'failed: not over') for d in downloads).items()):
        print(n, result)


if __name__ == '__main__':
    main()
