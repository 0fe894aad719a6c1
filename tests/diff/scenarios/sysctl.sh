# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
# raw
# Every sysctl: mode, default, and what it says to values of all kinds; and how the root of a container sees them.
python3 -S - <<-'PY'
	import os

	os.chdir('/proc/sys/net/ipv4/vs')
	values = '''0 1 2 3 4 5 7 -1 63 64 65 0x10 010 8589934 8589935 2147483647 2147483648 -2147483648 -2147483649 4294967296
	1x x 16777217'''.split() + ['1 2', '3 2', '0 0', ' 6 ', '', '5 5', '-1 5', '3 -1', '1 2 3', '1\t2']
	kind = {'%o' % m: t for m, t in ((0o644, 'rw'), (0o600, 'rw of root'), (0o444, 'r'))}


	def content(name):
	    # these begin with what the machine has
	    with open(name) as f:
	        return f.read().replace('\t', '~').strip('\n')


	def write(name, value):
	    try:
	        fd = os.open(name, os.O_WRONLY)
	        os.write(fd, value.encode())
	        os.close(fd)
	        return 'ok'
	    except OSError as e:
	        return e.strerror


	for name in sorted(os.listdir()):
	    s = os.stat(name)
	    depends = name in ('sync_qlen_max', 'est_cpulist')
	    print(name, kind.get('%o' % (s.st_mode & 0o7777)), s.st_uid, '' if depends else content(name))
	    if name == 'est_cpulist':
	        continue
	    for value in values:
	        for end in ('\n', ''):
	            print(name, repr(value + end), write(name, value + end), content(name))
PY
echo "== in a namespace of an unprivileged user"
unshare -U -r -n bash -c 'cd /proc/sys/net/ipv4/vs && stat -c "%n %A" *' 2>&1 || true
