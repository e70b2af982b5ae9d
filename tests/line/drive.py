# SPDX-License-Identifier: Apache-2.0
"""What the tests of the line share: one ward with a running gateway, the program that delivers, a proxy in between."""

import atexit
import os
import queue
import random
import sqlite3
import subprocess
import sys
import threading
import time
import unittest

sys.dont_write_bytecode = True
HERE = os.path.dirname(os.path.realpath(__file__))
sys.path[:0] = [HERE, os.path.join(HERE, '..', 'protocol')]

import wire  # noqa: E402
import world  # noqa: E402
from fault_proxy import FaultProxy  # noqa: E402

PROXY_PORT = 8444

ward = wire.Ward()
atexit.register(ward.world.close)
ward.start_gateway()


class Drive:
    """The program line-drive with a queue folder of its own."""

    def __init__(self, port=wire.PORT, **options):
        self.folder = os.path.join(ward.scratch, f'queue-{random.getrandbits(48):012x}')
        os.makedirs(self.folder)
        self.options = {'url': f'https://127.0.0.1:{port}', 'pki': ward.at('pki'), 'queue': self.folder,
                        'receipt': ward.at('pki', 'receipt.crt'), **options}
        self.seen = []
        self.lines = queue.Queue()

    def start(self):
        args = [ward.world.program('tests', 'line', 'line-drive')]
        for name, value in self.options.items():
            if value is True:
                args += [f'--{name}']
            elif value is not None:
                args += [f'--{name}', str(value)]
        self.process = subprocess.Popen(args, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
                                        env={**os.environ, 'G_DEBUG': 'fatal-warnings'}, preexec_fn=world._die_with_parent)
        threading.Thread(target=self.read, daemon=True).start()
        return self

    def read(self):
        for line in self.process.stdout:
            self.lines.put(line.rstrip('\n'))
        self.lines.put(None)

    def add(self, intake, n, body):
        path = os.path.join(self.folder, f'{intake}.{n}')
        with open(path + '~', 'wb') as f:
            f.write(body)
        os.rename(path + '~', path)

    def add_intakes(self, count):
        intakes = [wire.new_intake() for _ in range(count)]
        for intake in intakes:
            self.add(intake, 1, ward.intake(intake))
        return intakes

    def order(self, word):
        self.process.stdin.write(word + '\n')
        self.process.stdin.flush()

    def wait(self, *starts, seconds=90, count=1):
        """Waits for `count` lines that begin with one of `starts`; returns the last."""
        end = time.monotonic() + seconds
        while True:
            try:
                line = self.lines.get(timeout=max(0.01, end - time.monotonic()))
            except queue.Empty:
                raise AssertionError(f'no {starts} within {seconds} s; seen: {self.seen[-20:]}') from None
            if line is None:
                raise AssertionError(f'line-drive ended; seen: {self.seen[-20:]}')
            self.seen.append(line)
            if line.startswith(starts):
                count -= 1
                if count == 0:
                    return line

    def wait_said(self, line):
        """Until this whole line has been said, now or before."""
        while line not in self.seen:
            self.wait(line)

    def drain(self, seconds=1.0):
        """Everything said in the next `seconds`."""
        time.sleep(seconds)
        while not self.lines.empty():
            line = self.lines.get()
            if line is not None:
                self.seen.append(line)
        return self.seen

    def left(self):
        return sorted(os.listdir(self.folder))

    def stop(self):
        self.order('quit')
        assert self.process.wait(90) == 0, self.process.returncode
        self.process.stdin.close()
        self.process.stdout.close()


def stored(intake):
    with sqlite3.connect(f'file:{ward.at("gateway", "ledger.db")}?mode=ro', uri=True) as db:
        return db.execute('SELECT count(*) FROM ledger_items WHERE intake = ?', (intake,)).fetchone()[0]


class LineCase(unittest.TestCase):
    def setUp(self):
        self.proxies, self.drives = [], []

    def tearDown(self):
        for drive in self.drives:
            if drive.process.poll() is None:
                drive.stop()
        for proxy in self.proxies:
            proxy.close()

    def drive(self, **options):
        drive = Drive(**options)
        self.drives.append(drive)
        return drive

    def proxy(self, next_fault):
        proxy = FaultProxy(PROXY_PORT, wire.PORT, next_fault)
        self.proxies.append(proxy)
        return proxy
