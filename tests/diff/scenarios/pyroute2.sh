# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
# raw
# A netlink client that shares no code with ours or with libnl: python's pyroute2, with nested attributes marked as such,
# addresses of four bytes and as few attributes as possible.
python3 - <<'PY' | sed -E 's/size=[0-9]+/size=N/'
from pyroute2.netlink import NLM_F_ACK, NLM_F_DUMP, NLM_F_REQUEST, genlmsg, nla
from pyroute2.netlink.exceptions import NetlinkError
from pyroute2.netlink.generic import GenericNetlinkSocket
import errno, socket, struct


class service(nla):
    nla_flags = 0x8000
    nla_map = (('UNSPEC', 'none'), ('AF', 'uint16'), ('PROTOCOL', 'uint16'), ('ADDR', 'cdata'), ('PORT', 'be16'), ('FWMARK', 'uint32'),
               ('SCHED', 'asciiz'), ('FLAGS', 'cdata'), ('TIMEOUT', 'uint32'), ('NETMASK', 'be32'))


class dest(nla):
    nla_flags = 0x8000
    nla_map = (('UNSPEC', 'none'), ('ADDR', 'cdata'), ('PORT', 'be16'), ('FWD', 'uint32'), ('WEIGHT', 'uint32'), ('UTHRESH', 'uint32'),
               ('LTHRESH', 'uint32'), ('ACTIVE', 'uint32'), ('INACT', 'uint32'), ('PERSIST', 'uint32'))


class ipvs(genlmsg):
    nla_map = (('UNSPEC', 'none'), ('SERVICE', 'service'), ('DEST', 'dest'))
    service = service
    dest = dest


sock = GenericNetlinkSocket()
sock.bind('IPVS', ipvs)


def ask(command, flags=NLM_F_REQUEST | NLM_F_ACK, **parts):
    msg = ipvs()
    msg['cmd'], msg['version'] = command, 1
    msg['attrs'] = [(name.upper(), {'attrs': attrs}) for name, attrs in parts.items()]
    try:
        replies = sock.nlm_request(msg, msg_type=sock.prid, msg_flags=flags)
    except NetlinkError as e:
        print(command, errno.errorcode[e.code])
        return
    print(command, 'ok')
    for reply in replies:
        for name, value in reply.get('attrs', []):
            print('  ', name, *(('%s=%s' % (k, v)) for k, v in value['attrs'] if k != 'UNSPEC' and 'STATS' not in k and k[0] in 'ADFINPSTUWL'))


key = [('AF', 2), ('PROTOCOL', 6), ('ADDR', socket.inet_aton('198.51.100.0')), ('PORT', 20000)]
full = key + [('SCHED', 'rr'), ('FLAGS', struct.pack('II', 0, 0xffffffff)), ('TIMEOUT', 0), ('NETMASK', 0xffffffff)]
server = [('ADDR', socket.inet_aton('10.0.2.1')), ('PORT', 80)]
config = server + [('FWD', 0), ('WEIGHT', 1), ('UTHRESH', 0), ('LTHRESH', 0)]
dump = NLM_F_REQUEST | NLM_F_DUMP
ask(4, service=key)
ask(1, service=full)
ask(1, service=full)
ask(4, service=key)
ask(5, service=key, dest=config)
ask(5, service=key, dest=config)
ask(4, dump)
ask(8, dump, service=key)
ask(7, service=key, dest=server)
ask(7, service=key, dest=server)
ask(3, service=key)
ask(3, service=key)
PY
