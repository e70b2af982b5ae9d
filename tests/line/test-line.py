#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""The line and its delivery engine against a real gateway that goes and comes, and is killed. Run inside tests/isolated."""

import contextlib
import json
import os
import random
import signal
import sqlite3
import sys
import time
import unittest

sys.dont_write_bytecode = True

from drive import PROXY_PORT, LineCase, stored, ward, wire, world  # noqa: E402


class Honest(LineCase):
    def test_delivers_in_order_over_one_connection(self):
        proxy = self.proxy(lambda number: None)
        drive = self.drive(port=PROXY_PORT)
        pairs = []
        for _ in range(5):
            intake = wire.new_intake()
            container = ward.intake(intake)
            drive.add(intake, 1, container)
            drive.add(intake, 2, ward.decision(container))
            pairs.append(intake)
        drive.start()
        drive.wait('signal-acknowledged', count=10)
        order = [line.split()[1:3] for line in drive.seen if line.startswith('acknowledged')]
        for intake in pairs:
            self.assertLess(order.index([intake, '1']), order.index([intake, '2']))
            self.assertEqual(stored(intake), 2)
        self.assertEqual(drive.left(), [])
        self.assertLessEqual(proxy.connections, 2, 'one that delivers, and one that waits for what comes')
        self.assertEqual(len(order), 10)
        self.assertIn('state online ok', ' '.join(drive.seen))

    def test_wakes_up_on_a_new_item(self):
        drive = self.drive(probe=600000).start()  # long after this has given up
        drive.wait('state online')
        intake, = drive.add_intakes(1)
        drive.order('rescan')
        drive.wait(f'acknowledged {intake}')

    def test_a_nonce_serves_one_intake(self):
        """A living line fetches the next at once; without a line the last one serves again, and says so."""
        def use():
            drive.order('nonce')
            return drive.wait('nonce').split()[3]

        drive = self.drive(probe=600000).start()
        drive.wait('state online')
        self.assertEqual(use(), 'unused')
        world.wait_until(lambda: use() == 'unused', 'the next nonce')
        ward.stop_gateway()
        world.wait_until(lambda: use() == 'used', 'no more nonces')
        self.assertEqual(use(), 'used')
        ward.start_gateway()

    def test_keeps_nonce_and_policy(self):
        drive = self.drive().start()
        size = os.path.getsize(ward.at('policy', 'policy.cms'))
        drive.wait(f'policy {size} ')
        drive.order('nonce')
        self.assertEqual(drive.wait('nonce').split()[1], '64')
        drive.drain(1.0)
        self.assertEqual(len([line for line in drive.seen if line.startswith('policy')]), 1, 'asked again with its ETag')

    def test_says_which_policy_it_has_and_which_it_refused(self):
        def said():
            query = 'SELECT version, refused, cause FROM ledger_in_force'
            with contextlib.closing(sqlite3.connect(f'file:{ward.at("gateway", "ledger.db")}?mode=ro', uri=True, timeout=90)) as db:
                return db.execute(query).fetchall()

        newest = ward.current_policy()['version']
        drive = self.drive(refuse='signature').start()
        drive.wait('policy ')
        world.wait_until(lambda: [row[1:] for row in said()] == [(newest, 'signature')], 'the refusal is told')
        drive.drain(1.0)
        self.assertEqual(len([line for line in drive.seen if line.startswith('policy')]), 1, 'it is not sent again')
        drive.stop()
        drive = self.drive().start()
        drive.wait('policy ')
        world.wait_until(lambda: said() == [(newest, 0, '')], 'what is in force is told')

    def test_hears_at_once_of_what_has_come(self):
        """The next probe is ten minutes away; a new policy is there in seconds, of which the gateway takes two to see its file."""
        drive = self.drive(probe=600000).start()
        drive.wait('policy ')
        time.sleep(1)
        drive.drain(0.5)
        seen = len(drive.seen)
        began = time.monotonic()
        ward.install_policy(ward.current_policy())
        drive.wait('policy ')
        self.assertLess(time.monotonic() - began, 6)
        self.assertGreater(len(drive.seen), seen)
        began = time.monotonic()
        drive.stop()
        self.assertLess(time.monotonic() - began, 2, 'whoever waits is not waited for')

    def test_stops_at_once(self):
        drive = self.drive(probe=600000).start()
        drive.wait('state online')
        drive.stop()


class Poison(LineCase):
    def test_one_bad_item_stops_nobody(self):
        drive = self.drive()
        bad = wire.new_intake()
        drive.add(bad, 1, b'no container')
        conflict = wire.new_intake()
        self.assertEqual(ward.put_intake(conflict, ward.intake(conflict))[0], 201)
        drive.add(conflict, 1, ward.intake(conflict))
        good = drive.add_intakes(3)
        drive.start()
        drive.wait('acknowledged', count=3)
        drive.wait_said(f'quarantined {bad} 1 malformed-container')
        drive.wait_said(f'quarantined {conflict} 1 id-conflict')
        self.assertEqual([stored(intake) for intake in good], [1, 1, 1])
        self.assertEqual(len(drive.left()), 2, 'what is set aside is kept')

    def test_an_early_decision_waits_for_its_intake(self):
        """404 is passing: the decision comes again."""
        drive = self.drive()
        intake = wire.new_intake()
        container = ward.intake(intake)
        drive.add(intake, 2, ward.decision(container))
        drive.start()
        drive.wait(f'put-back {intake} 2')
        self.assertEqual(ward.put_intake(intake, container)[0], 201)
        drive.wait(f'acknowledged {intake} 2')

    def test_of_a_newer_release_waits_and_delays_nobody(self):
        intake = wire.new_intake()
        container = ward.intake(intake)
        self.assertEqual(ward.put_intake(intake, container)[0], 201)
        drive = self.drive()
        drive.add(intake, 2, ward.forge(json.loads(ward.decision(container)), {}, 'S0101', {'later': 1}))
        drive.start()
        drive.wait(f'put-back {intake} 2')
        drive.add_intakes(2)
        drive.order('rescan')
        drive.wait('acknowledged', count=2)
        self.assertEqual([line for line in drive.seen if line.startswith(('quarantined', 'state attention'))], [])
        self.assertEqual(len(drive.left()), 1, 'it is kept')

    def test_an_unregistered_terminal_calls_for_attention_and_keeps_all(self):
        drive = self.drive(certificate='terminal-unregistered')
        drive.add_intakes(2)
        drive.start()
        drive.wait('state attention not-registered')
        drive.drain(1.0)
        self.assertEqual(len(drive.left()), 2)
        self.assertFalse([line for line in drive.seen if line.startswith(('quarantined', 'acknowledged'))])


class Broken(LineCase):
    """The gateway goes; exactly one is stored of each. What the line can do: test-line-faults.py."""

    def test_gateway_stopped_then_back(self):
        drive = self.drive().start()
        drive.wait('state online')
        ward.stop_gateway()
        intakes = drive.add_intakes(4)
        drive.order('rescan')
        drive.wait('state offline no-answer')
        self.assertEqual(len(drive.left()), 4)
        ward.start_gateway()
        drive.wait('acknowledged', count=4)
        self.assertEqual([stored(intake) for intake in intakes], [1] * 4)
        self.assertEqual(drive.left(), [])

    def test_gateway_killed_again_and_again(self):
        """kill -9 at any moment of a drain: each item is stored exactly once, the sequence has no gap, the store is
        sound, and its audit chain, computed here anew, holds."""
        chance = random.Random(9)
        drive = self.drive(probe=30, retry=20)
        intakes = drive.add_intakes(80)
        drive.start()
        kills = 0
        while len(drive.left()) > 0 and kills < 12:
            time.sleep(chance.uniform(0.01, 0.12))
            ward.stop_gateway(how=signal.SIGKILL)
            ward.start_gateway()
            kills += 1
        drive.wait('acknowledged', count=80 - len([line for line in drive.seen if line.startswith('acknowledged')]))
        self.assertGreater(kills, 2)
        self.assertEqual([stored(intake) for intake in intakes], [1] * 80)
        with sqlite3.connect(f'file:{ward.at("gateway", "ledger.db")}?mode=ro', uri=True) as db:
            self.assertEqual(db.execute('PRAGMA integrity_check').fetchall(), [('ok',)])
            count, last = db.execute('SELECT count(*), max(sequence) FROM ledger_items').fetchone()
            self.assertEqual(count, last)
            self.assertEqual(wire.broken_record(db), None)


if __name__ == '__main__':
    unittest.main(verbosity=2)
