#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""kill -9 of the store or of the gateways while terminals deliver: nothing lost, nothing doubled.

Usage (inside tests/isolated): kills.py --store postgresql|sqlite --kill server|gateways [--kills N] [--each N] [--seed N]
Two gateways behind haproxy hold one store. Clients put intakes until each has its receipt, and put again what has one. Meanwhile every
process of the PostgreSQL server, or one of the gateways, is killed N times (default MADOGUCHI_KILLS or 6) at random moments, and started again.
In the end each intake lies in the store once, with the bytes that were put and the receipt that was given, each time the same;
the numbers have no gap and the audit chain fits. The seed is printed; it repeats the plan of deaths, not the moments."""

import argparse
import collections
import hashlib
import http.client
import os
import queue
import random
import signal
import sys
import threading
import time

HERE = os.path.dirname(os.path.realpath(__file__))
sys.dont_write_bytecode = True
sys.path[:0] = [HERE, os.path.join(HERE, '..', 'protocol')]

CLIENTS = 4
PORTS = {'gateway-a': 8444, 'gateway-b': 8445}


class Load:
    """Clients that put intakes until each has its receipt."""

    def __init__(self, ward, items):
        self.ward, self.items = ward, items
        self.fresh = queue.SimpleQueue()
        self.receipts = {}  # of an intake, as it came first
        self.counts = collections.Counter()
        self.last = None  # why there was no answer
        self.wrong = []
        self.over = threading.Event()
        self.lock = threading.Lock()
        self.threads = [threading.Thread(target=self.work, args=(n,), daemon=True) for n in range(CLIENTS)]
        for thread in self.threads:
            thread.start()

    def work(self, seed):
        dice = random.Random(seed)
        try:
            while not self.over.is_set():
                try:
                    intake, known = self.fresh.get(timeout=0.01), False
                except queue.Empty:
                    done = list(self.receipts)
                    if not done:
                        continue
                    intake, known = dice.choice(done), True
                self.deliver(intake, known)
        except Exception as e:  # the main thread reports it
            self.wrong.append(repr(e))

    def deliver(self, intake, known):
        while not self.over.is_set() or not known:
            try:
                status, _, body = self.ward.put_intake(intake, self.items[intake])
            except (OSError, http.client.HTTPException) as e:
                self.last = repr(e)
                self.count('no answer')
                time.sleep(0.05)
                continue
            self.count(str(status))
            if status in (200, 201):
                self.keep(intake, body, known, status)
                return
            if status != 503:
                raise AssertionError(f'{status} {body}')
            time.sleep(0.05)

    def count(self, what):
        with self.lock:
            self.counts[what] += 1

    def keep(self, intake, receipt, known, status):
        with self.lock:
            if not known and status == 200:
                self.counts['stored, answer lost'] += 1
            if self.receipts.setdefault(intake, receipt) != receipt:
                self.wrong.append(f'{intake} got two receipts')
            if known and status == 201:
                self.wrong.append(f'{intake} was taken twice')

    def wait(self, condition, what):
        end = time.monotonic() + 90
        while not condition():
            if self.wrong:
                raise AssertionError(self.wrong)
            if time.monotonic() > end:
                raise AssertionError(f'{what}: {dict(self.counts)} {self.last}')
            time.sleep(0.005)

    def finish(self):
        self.wait(lambda: len(self.receipts) == len(self.items), 'all have their receipts')
        self.over.set()
        for thread in self.threads:
            thread.join()
        if self.wrong:
            raise AssertionError(self.wrong)


class Office:
    """Two gateways behind haproxy on one store."""

    def __init__(self, ward, store):
        self.ward, self.world = ward, ward.world
        settings = ward.at('gateway', 'gateway.ini')
        store.move(settings)
        with open(settings, encoding='utf-8') as f:
            text = f.read()
        for name, port in PORTS.items():
            with open(ward.at('gateway', name + '.ini'), 'w', encoding='utf-8') as f:
                f.write(text.replace('port=8443', f'port={port}'))
            self.launch(name) # both at once: one of them makes the tables
        for name in PORTS:
            self.wait(name)
        self.start_haproxy()

    def launch(self, name):
        self.world.start(name, [self.world.program('src', 'gateway', 'madoguchi-gateway'), '--config',
                                self.ward.at('gateway', name + '.ini')])

    def wait(self, name):
        import world
        world.wait_until(lambda: self.world.check(name) and world.is_bound(PORTS[name]), name)

    def start_haproxy(self):
        import world
        pair = self.ward.at('run', 'haproxy.pem')
        with open(pair, 'w', encoding='ascii') as out:
            for kind in ('.crt', '.key'):
                with open(self.ward.at('pki', 'terminal-unregistered' + kind), encoding='ascii') as f:
                    out.write(f.read())
        with open(os.path.join(HERE, 'haproxy.cfg'), encoding='ascii') as f:
            text = f.read().replace('@CA@', self.ward.at('pki', 'line-ca.crt')).replace('@CERTIFICATE@', pair)
        path = self.ward.at('run', 'haproxy.cfg')
        with open(path, 'w', encoding='ascii') as f:
            f.write(text)
        self.world.start('haproxy', ['haproxy', '-db', '-f', path])
        world.wait_until(lambda: self.world.check('haproxy') and world.is_bound(8443), 'haproxy')

    def kill_one(self, dice):
        name = dice.choice(sorted(PORTS))
        self.world.check(name)
        self.world.stop(name, how=signal.SIGKILL)
        time.sleep(dice.uniform(0, 0.3))
        self.launch(name)
        self.wait(name)


def judge(items, receipts, store, wire):
    """What lies in the store, against what was put and what was answered."""
    rows = store.run('SELECT i.sequence, i.intake, i.digest, i.receipt, b.body FROM ledger_items i'
                     ' LEFT JOIN ledger_bodies b ON b.sequence = i.sequence ORDER BY i.sequence')
    if [row[0] for row in rows] != list(range(1, len(items) + 1)):
        raise AssertionError(f'{len(items)} were put, there lie {[row[0] for row in rows]}')
    if sorted(row[1] for row in rows) != sorted(items):
        raise AssertionError('others lie there than were put')
    for _, intake, digest, receipt, body in rows:
        if body != items[intake] or digest != hashlib.sha256(items[intake]).hexdigest():
            raise AssertionError(f'{intake}: other bytes than were put')
        if receipt != receipts[intake]:
            raise AssertionError(f'{intake}: another receipt than was given')
    accepted = store.run("SELECT object_id FROM audit WHERE event = 'accept' ORDER BY object_id")
    if [row[0] for row in accepted] != sorted(items):
        raise AssertionError('the audit chain does not have each once')
    if wire.broken_record(store) is not None:
        raise AssertionError(f'the audit chain breaks at {wire.broken_record(store)}')


def run(args, server):
    import store as place
    import wire

    with wire.Ward() as ward:
        store = place.Store(ward.at)
        office = Office(ward, store)
        dice = random.Random(args.seed)
        items = {intake: ward.intake(intake) for intake in (wire.new_intake() for _ in range(args.each * args.kills))}
        pending = list(items)
        load = Load(ward, items)
        for _ in range(args.kills):
            known = len(load.receipts)
            for _ in range(args.each):
                load.fresh.put(pending.pop())
            load.wait(lambda: len(load.receipts) > known, 'one more receipt')
            time.sleep(dice.uniform(0, 0.2))
            if args.kill == 'server':
                server.kill()
                server.start()
            else:
                office.kill_one(dice)
        load.finish()
        for name in PORTS:
            ward.world.check(name)
        judge(items, load.receipts, store, wire)
        print(f'kills: store {args.store}: {args.kills} deaths of the {args.kill}: {len(items)} intakes, each stored once; answers:',
              ', '.join(f'{count} {what}' for what, count in sorted(load.counts.items())), flush=True)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument('--store', choices=('postgresql', 'sqlite'), required=True)
    parser.add_argument('--kill', choices=('server', 'gateways'), required=True)
    parser.add_argument('--kills', type=int, default=int(os.environ.get('MADOGUCHI_KILLS', '6')))
    parser.add_argument('--each', type=int, default=6, help='new intakes for each death')
    parser.add_argument('--seed', type=int, default=int.from_bytes(os.urandom(4), 'big'))
    args = parser.parse_args()
    print(f'kills: seed {args.seed}', flush=True)
    if args.store == 'sqlite':
        run(args, None)
        return
    import server
    with server.Server() as postgresql:
        os.environ['MADOGUCHI_POSTGRESQL'] = postgresql.url()
        run(args, postgresql)


main()
