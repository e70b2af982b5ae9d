# SPDX-License-Identifier: Apache-2.0
"""The invented ward in motion: for tests and the demonstration, inside tests/isolated (fixed ports, /run/pcscd).

    with world.World() as w:            # makes DIR with make-world; removes it and ends every process at the end
        w.start_cards()                 # pcscd with two vpcd slots, a vcard in front of each
        w.start_ocsp()                  # openssl ocsp on 127.0.0.1:8888 (user authentication), :8887 (signature), :8886 and
                                        # :8885 (the same for the P-384 authorities)
        w.insert('resident', 'tanaka')
        w.people['tanaka']['pins']['auth']

Whatever way the owner ends, the processes end with it: they ask the kernel to be told of its death."""

import ctypes
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time

import world_store
from mdworld import reader

HERE = os.path.dirname(os.path.realpath(__file__))
BUILD = os.environ.get('MADOGUCHI_BUILD', os.path.join(HERE, '..', '..', 'build'))
PADS = {'resident': ('Counter Pad', 'Counter Pad 00 00'), 'staff': ('Desk Pad', 'Desk Pad 01 00')}
VPCD_LIBRARY = '/usr/lib/pcsc/drivers/serial/libifdvpcd.so'
PR_SET_PDEATHSIG = 1


class Failure(Exception):
    """Something of the world did not start or refused an order; the text is for people."""


def _die_with_parent():
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_DFL)
    signal.pthread_sigmask(signal.SIG_SETMASK, [])


def wait_until(condition, what, seconds=90.0):
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        result = condition()
        if result:
            return result
        time.sleep(0.02)
    raise Failure(f'{what}: not within {seconds:g} s')


def is_listening(port):
    try:
        with socket.create_connection(('127.0.0.1', port), 0.5):
            return True
    except OSError:
        return False


def is_bound(port):
    """Whether something listens on this TCP port, without talking to it."""
    with open('/proc/net/tcp') as four, open('/proc/net/tcp6') as six:
        lines = four.readlines()[1:] + six.readlines()[1:]
    return any(line.split()[3] == '0A' and line.split()[1].endswith(f':{port:04X}') for line in lines)


def takes_orders(path):
    """Whether somebody listens at this socket: it has a name before that."""
    with socket.socket(socket.AF_UNIX) as s:
        try:
            s.connect(path)
        except OSError:
            return False
    return True


def _memory():
    """Where to make a world of thousands of small files: in memory, unless TMPDIR says otherwise."""
    return '/dev/shm' if 'TMPDIR' not in os.environ and os.access('/dev/shm', os.W_OK | os.X_OK) else None


class World:
    def __init__(self, path=None, keep=False):
        """path: where to make it (default: a new directory under TMPDIR or in memory); keep: leave the files when all ends."""
        self._parent = None if path else tempfile.mkdtemp(prefix='madoguchi-', dir=_memory())
        self.path = path or os.path.join(self._parent, 'world')
        self.keep = keep
        self.processes = {}
        try:
            if not os.path.exists(os.path.join(self.path, 'world.json')):
                world_store.make(self.path)
            with open(os.path.join(self.path, 'world.json'), encoding='utf-8') as f:
                self.facts = json.load(f)
        except BaseException:
            self.remove()
            raise
        self.people, self.staff = self.facts['people'], self.facts['staff']
        self.readers = {role: facts['name'] for role, facts in self.facts['readers'].items()} # as pcscd calls them

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    def at(self, *parts):
        return os.path.join(self.path, *parts)

    def program(self, *parts):
        """A program of the build directory: program('tests', 'vcard', 'vcard')."""
        path = os.path.join(BUILD, *parts)
        if not os.access(path, os.X_OK):
            raise Failure(f'{path} is not there; set MADOGUCHI_BUILD to a build directory that has it')
        return path

    # --- Processes ---

    def start(self, name, args, env=None):
        """Starts a program whose output goes to DIR/run/NAME.log; it ends with us."""
        with open(self.at('run', name + '.log'), 'ab') as log:
            self.processes[name] = subprocess.Popen(
                args, stdin=subprocess.DEVNULL, stdout=log, stderr=log, preexec_fn=_die_with_parent,
                env={**os.environ, **(env or {})})
        return self.processes[name]

    def stop(self, name, how=signal.SIGTERM, seconds=90.0):
        process = self.processes.pop(name, None)
        if not process:
            return None
        if process.poll() is None:
            process.send_signal(how)
            try:
                process.wait(seconds)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
        return process.returncode

    def check(self, name):
        """Complains with the end of its log if the program is gone."""
        process = self.processes[name]
        if process.poll() is not None:
            raise Failure(f'{name} ended with {process.returncode}:\n{self.log_of(name)[-2000:]}')
        return True

    def log_of(self, name):
        with open(self.at('run', name + '.log'), errors='replace') as f:
            return f.read()

    # --- Cards ---

    def start_pcscd(self):
        conf = self.at('run', 'readers')
        os.makedirs(conf, exist_ok=True)
        port = self.facts['readers']['resident']['port']
        with open(os.path.join(conf, 'vpcd'), 'w') as f:
            f.write(f'FRIENDLYNAME "Virtual PCD"\nDEVICENAME /dev/null:0x{port:04X}\n'
                    f'LIBPATH {VPCD_LIBRARY}\nCHANNELID 0x{port:04X}\n')
        self.start('pcscd', ['pcscd', '--foreground', '--config', conf] + (['--debug'] if os.environ.get('DEBUG_PCSCD') else []))
        self._await_readers('pcscd with two virtual readers')

    def start_pads(self):
        """pcscd with two readers of tests/ifd in place of vpcd's: "Counter Pad 00 00" and "Desk Pad 01 00" (see PADS),
        on the same ports; orders for them with order()."""
        self.readers = {role: name for role, (_, name) in PADS.items()}
        conf = self.at('run', 'readers')
        os.makedirs(conf, exist_ok=True)
        driver = os.path.realpath(os.path.join(BUILD, 'tests', 'ifd', 'ifd-pad.so'))
        with open(os.path.join(conf, 'pads'), 'w') as f: # one file: pcscd counts readers in the order it meets them
            for role, (name, _) in PADS.items():
                f.write(f'FRIENDLYNAME "{name}"\n'
                        f'DEVICENAME /dev/null:{self.facts["readers"][role]["port"]}:{self.at("run", "pad-" + role)}\n'
                        f'LIBPATH {driver}\nCHANNELID {self.facts["readers"][role]["port"]}\n\n')
        self.start('pcscd', ['pcscd', '--foreground', '--config', conf] + (['--debug'] if os.environ.get('DEBUG_PCSCD') else []))
        self._await_readers('pcscd with two keypads')
        wait_until(lambda: all(takes_orders(self.at('run', 'pad-' + role)) for role in PADS), 'two keypads')

    def _await_readers(self, what):
        """Until pcscd tells of them: whoever asks for a reader from now on finds it."""
        wait_until(lambda: self.check('pcscd') and os.path.exists('/run/pcscd/pcscd.comm')
                   and all(reader.is_known(name) for name in self.readers.values()), what)

    def order(self, role, text):
        """One order for the reader of 'resident' or 'staff' (tests/ifd/ifd.h); returns its answer without the "ok"."""
        with socket.socket(socket.AF_UNIX) as s:
            s.settimeout(30)
            s.connect(self.at('run', 'pad-' + role))
            s.sendall(text.encode() + b'\n')
            answer = s.makefile(encoding='utf-8').readline().rstrip('\n')
        if not answer.startswith('ok'):
            raise Failure(f'pad {role}: {text}: {answer}')
        return answer[3:]

    def start_vcards(self, roles=('resident', 'staff')):
        for role in roles:
            facts, name = self.facts['readers'][role], 'vcard-' + role
            if os.path.exists(facts['control']):
                os.unlink(facts['control'])
            self.start(name, [self.program('tests', 'vcard', 'vcard'), '--port', str(facts['port']),
                              '--control', facts['control']])
            wait_until(lambda: self.check(name) and takes_orders(facts['control']), name)

    def start_cards(self):
        self.start_pcscd()
        self.start_vcards()

    def send(self, role, command):
        """One command for the vcard of 'resident' or 'staff'; returns its answer without the "ok"."""
        with socket.socket(socket.AF_UNIX) as s:
            s.settimeout(30)
            s.connect(self.facts['readers'][role]['control'])
            s.sendall(command.encode() + b'\n')
            file = s.makefile(encoding='utf-8')
            first = file.readline().rstrip('\n')
            if first != 'ok' and not first.startswith('ok '):
                raise Failure(f'vcard {role}: {command}: {first}')
            if command != 'log':
                return first[3:]
            lines = []
            for line in file:
                if line.rstrip('\n') == '.':
                    break
                lines.append(line.rstrip('\n'))
            return lines

    def insert(self, role, card):
        """Puts a card in by its name ('tanaka', 'staff-S0001') and waits until a program would find it there: the
        reader has taken it and pcscd tells of it, or somebody has already spoken to it."""
        before = self._status(role)['apdus']
        self.send(role, 'insert ' + self.at('cards', card))
        wait_until(lambda: self._status(role)['taken'] == 'yes', f'{card} in the {role} reader')
        wait_until(lambda: self._status(role)['apdus'] != before or reader.has_card(self.readers[role]),
                   f'{card} in the {role} reader, as pcscd tells it')

    def _status(self, role):
        return dict(word.split('=', 1) for word in self.send(role, 'status').split())

    def remove_card(self, role):
        self.send(role, 'remove')

    # --- The world outside ---

    def start_ocsp(self, lines=None):
        for line in lines or self.facts['ocsp']:
            facts = self.facts['ocsp'][line]
            port = int(facts['url'].rstrip('/').rsplit(':', 1)[1])
            name = 'ocsp-' + line
            self.start(name, ['openssl', 'ocsp', '-index', facts['index'], '-port', str(port), '-CA', facts['ca'],
                              '-rsigner', facts['certificate'], '-rkey', facts['key'], '-ndays', '1',
                              '-ignore_err', '-text'])
            wait_until(lambda: self.check(name) and is_bound(port), name)

    def stop_ocsp(self):
        for line in self.facts['ocsp']:
            self.stop('ocsp-' + line)

    # --- The end ---

    def close(self):
        for name in reversed(list(self.processes)):
            self.stop(name, seconds=2.0)
        self.remove()

    def remove(self):
        if not self.keep:
            shutil.rmtree(self._parent or self.path, ignore_errors=True)


class _Told(BaseException):
    """A signal asked us to end."""


def end_on_signals():
    """Turns SIGTERM, SIGINT and SIGHUP into an exception, so that `with World()` cleans up; a second one does not
    disturb that."""
    numbers = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
    def handler(number, frame):
        for other in numbers:
            signal.signal(other, signal.SIG_IGN)
        raise _Told(f'signal {number}')
    for number in numbers:
        signal.signal(number, handler)


def main_guard(main):
    """Runs main() and exits; signals and failures end in a clear message after everything is cleaned up."""
    end_on_signals()
    try:
        sys.exit(main())
    except Failure as failure:
        sys.exit(f'world: {failure}')
    except _Told as told:
        sys.exit(f'world: ended by {told}')
