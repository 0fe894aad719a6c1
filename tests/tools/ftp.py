#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-only
"""An FTP server with habits that a helper must cope with, and a client that shows what it is told.

    ftp.py serve PORT NAME [HABIT...]   sends NAME as any file
        split=N     sends answers to PASV and EPSV in pieces of N bytes, each in a segment of its own
        again=N     answers PASV and EPSV N times more than asked (one command, several answers in one segment)
        addr=TEXT   announces these six numbers instead of its own
    and answers HINT and EHINT as if they were PASV and EPSV
    ftp.py talk ADDRESS PORT            reads commands from stdin, prints the answers; "+N TEXT" sends TEXT in pieces
                                        of N bytes
"""
import socket
import sys
import threading


def passive(control, command, habits):
    data = socket.socket(control.family)
    host = control.getsockname()[0]
    data.bind((host, 0))
    data.listen(1)
    port = data.getsockname()[1]
    if command == 'PASV':
        numbers = host.replace('::ffff:', '').split('.') + [str(port >> 8), str(port & 255)]
        line = '227 Entering Passive Mode (%s).\r\n' % habits.get('addr', ','.join(numbers))
    else:
        line = '229 Entering Extended Passive Mode (|||%d|)\r\n' % port
    text = line.encode() * (1 + int(habits.get('again', 0)))
    size = int(habits.get('split', len(text)))
    for at in range(0, len(text), size):
        control.sendall(text[at:at + size])
    return data


def session(control, name, habits):
    control.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    say = lambda text: control.sendall(text.encode() + b'\r\n')
    data = None
    say('220 ready')
    for line in control.makefile('r', newline='\n'):
        command = line.split()[0].upper() if line.split() else ''
        if command in ('PASV', 'EPSV'):
            data = passive(control, command, habits)
        elif command in ('HINT', 'EHINT'):
            hinted = passive(control, {'HINT': 'PASV', 'EHINT': 'EPSV'}[command], habits)
            hinted.close()
        elif command == 'RETR':
            say('150 here it comes')
            conn, _ = data.accept()
            conn.sendall(name.encode() + b'\n')
            conn.close()
            say('226 done')
        elif command == 'QUIT':
            say('221 bye')
            break
        else:
            say({'USER': '230 logged in', 'PWD': '257 "/"'}.get(command, '200 fine'))
    control.close()


def serve(port, name, habits):
    listener = socket.socket(socket.AF_INET6)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listener.bind(('::', int(port)))
    listener.listen(8)
    while True:
        control, _ = listener.accept()
        threading.Thread(target=session, args=(control, name, habits), daemon=True).start()


def talk(address, port):
    control = socket.create_connection((address, int(port)), timeout=20)
    control.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    answers = control.makefile('r', newline='\n')
    print(answers.readline().rstrip())
    for line in sys.stdin:
        text, size = line.rstrip('\n'), 0
        if text.startswith('+'):
            size, text = text[1:].split(' ', 1)
        text = text.encode() + b'\r\n'
        size = int(size) or len(text)
        for at in range(0, len(text), size):
            control.sendall(text[at:at + size])
        print(answers.readline().rstrip(), flush=True)


if __name__ == '__main__':
    verb, one, two, *rest = sys.argv[1:]
    if verb == 'serve':
        serve(one, two, dict(word.split('=', 1) for word in rest))
    else:
        talk(one, two)
