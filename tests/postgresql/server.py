# SPDX-License-Identifier: Apache-2.0
"""A real PostgreSQL server of one's own in a temporary folder: on a socket there and on a free port of 127.0.0.1, with fsync
on; it can be killed as a power cut would, and leaves nothing behind."""

import glob
import os
import pwd
import re
import shutil
import signal
import socket
import subprocess
import tempfile
import time

USER = 'madoguchi'
DATABASE = 'madoguchi'


def binaries():
    """The folder of the newest server that Debian has installed."""
    found = glob.glob('/usr/lib/postgresql/*/bin/postgres')
    if not found:
        raise SystemExit('no PostgreSQL here: packaging/deps test installs it')
    return os.path.dirname(max(found, key=lambda path: int(re.search(r'/postgresql/(\d+)/', path).group(1))))


def as_nobody():
    """What to put before a command so that the server, which refuses to run as root, runs. As root under the user that Debian
    made for it; where root is only the root of a user namespace, in one more, in which it has that user's number."""
    if os.geteuid() != 0:
        return [], None
    person = pwd.getpwnam('postgres')
    drop = ['setpriv', f'--reuid={person.pw_uid}', f'--regid={person.pw_gid}', '--clear-groups']
    if subprocess.run(drop + ['true'], capture_output=True).returncode == 0:
        return drop, person
    return ['unshare', '--user', f'--map-user={person.pw_uid}', f'--map-group={person.pw_gid}'], None


def children(parent):
    """The processes whose parent this is."""
    found = []
    for name in os.listdir('/proc'):
        if name.isdigit():
            try:
                with open(f'/proc/{name}/stat', encoding='utf-8', errors='replace') as f:
                    if int(f.read().rsplit(')', 1)[1].split()[1]) == parent:
                        found.append(int(name))
            except (FileNotFoundError, ProcessLookupError):
                pass
    return found


def is_alive(pid):
    try:
        with open(f'/proc/{pid}/stat', encoding='utf-8', errors='replace') as f:
            return f.read().rsplit(')', 1)[1].split()[0] != 'Z'
    except (FileNotFoundError, ProcessLookupError):
        return False


class Server:
    """Use as `with`: it runs inside."""

    def __init__(self, **settings):
        self.bin = binaries()
        self.prefix, person = as_nobody()
        self.folder = tempfile.mkdtemp(prefix='madoguchi-postgresql-')
        if person:
            os.chown(self.folder, person.pw_uid, person.pw_gid)
        self.process = None
        with socket.create_server(('127.0.0.1', 0)) as free:
            self.port = free.getsockname()[1]
        self.tool('initdb', '-D', self.data, '-U', USER, '-A', 'trust', '-E', 'UTF8', '--locale=C.UTF-8', '--no-sync')
        settings = {'listen_addresses': '127.0.0.1', 'port': self.port, 'unix_socket_directories': self.folder, 'fsync': 'on',
                    'synchronous_commit': 'on', 'shared_buffers': '16MB', **settings}
        with open(os.path.join(self.data, 'postgresql.conf'), 'a', encoding='utf-8') as f:
            f.writelines(f"{name} = '{value}'\n" for name, value in settings.items())

    def __enter__(self):
        self.start()
        return self

    def __exit__(self, *_):
        self.close()

    @property
    def data(self):
        return os.path.join(self.folder, 'data')

    def tool(self, name, *args):
        run = subprocess.run(self.prefix + [os.path.join(self.bin, name), *args], cwd='/', capture_output=True, text=True)
        if run.returncode != 0:
            raise AssertionError(f'{name}: {run.stdout}{run.stderr}')
        return run.stdout

    def url(self, schema=None, port=None):
        """The address as `ledger` takes it; over the socket, or over the loopback through a port."""
        host = f'host=127.0.0.1&port={port}&sslmode=disable' if port else f'host={self.folder}&port={self.port}'
        path = f'&options=-csearch_path%3D{schema}' if schema else ''
        return f'postgresql://{USER}@/{DATABASE}?{host}{path}'

    def start(self):
        with open(os.path.join(self.folder, 'log'), 'ab') as log:
            self.process = subprocess.Popen(self.prefix + [os.path.join(self.bin, 'postgres'), '-D', self.data], cwd='/',
                                            stdin=subprocess.DEVNULL, stdout=log, stderr=log)
        end = time.monotonic() + 90
        while subprocess.run([os.path.join(self.bin, 'pg_isready'), '-q', '-h', self.folder, '-p', str(self.port)]).returncode:
            if self.process.poll() is not None or time.monotonic() > end:
                raise AssertionError('PostgreSQL did not start: ' + self.log())
            time.sleep(0.05)
        if not self.sql(f"SELECT 1 FROM pg_database WHERE datname = '{DATABASE}'", 'postgres'):
            self.sql(f'CREATE DATABASE {DATABASE}', 'postgres')
            self.sql(f'REVOKE CONNECT ON DATABASE {DATABASE} FROM PUBLIC', 'postgres')

    def sql(self, text, database=DATABASE):
        """What psql, another program than ours, finds: one line for each row, columns apart by |."""
        run = subprocess.run([os.path.join(self.bin, 'psql'), '-X', '-q', '-A', '-t', '-v', 'ON_ERROR_STOP=1', '-h', self.folder,
                              '-p', str(self.port), '-U', USER, '-d', database], input=text, capture_output=True, text=True)
        if run.returncode != 0:
            raise AssertionError(run.stderr + self.log())
        return run.stdout.splitlines()

    def log(self):
        with open(os.path.join(self.folder, 'log'), encoding='utf-8', errors='replace') as f:
            return f.read()[-4000:]

    def kill(self):
        """Every process of it at once, as a power cut does."""
        self.process.send_signal(signal.SIGSTOP)
        family = children(self.process.pid)
        for pid in [self.process.pid, *family]:
            try:
                os.kill(pid, signal.SIGKILL)
            except ProcessLookupError:
                pass
        self.process.wait()
        end = time.monotonic() + 90
        while any(is_alive(pid) for pid in family):
            if time.monotonic() > end:
                raise AssertionError('a process of PostgreSQL does not end')
            time.sleep(0.01)

    def close(self):
        if self.process and self.process.poll() is None:
            self.process.send_signal(signal.SIGINT)
            try:
                self.process.wait(90)
            except subprocess.TimeoutExpired:
                self.kill()
        shutil.rmtree(self.folder)
