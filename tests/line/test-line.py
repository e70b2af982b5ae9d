#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""The line and its delivery engine against a real gateway, over a good line and a broken one. Run inside tests/isolated."""

import os
import random
import signal
import sqlite3
import sys
import time
import unittest

sys.dont_write_bytecode = True

from drive import PROXY_PORT, LineCase, stored, ward, wire, world  # noqa: E402
from fault_proxy import Fault  # noqa: E402


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
        self.assertEqual(proxy.connections, 1)
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

    def test_an_unregistered_terminal_calls_for_attention_and_keeps_all(self):
        drive = self.drive(certificate='terminal-unregistered')
        drive.add_intakes(2)
        drive.start()
        drive.wait('state attention not-registered')
        drive.drain(1.0)
        self.assertEqual(len(drive.left()), 2)
        self.assertFalse([line for line in drive.seen if line.startswith(('quarantined', 'acknowledged'))])


class Broken(LineCase):
    """F9, X24: the line breaks; exactly one is stored."""

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

    def measure(self):
        """The bytes of one whole exchange up and down: handshake, policy, one item; and down before the item."""
        proxy = self.proxy(lambda number: None)
        drive = self.drive(port=PROXY_PORT, probe=60000).start()
        drive.wait('state online')  # once the answer to the first question is there, and nothing else was asked
        quiet = proxy.down
        drive.add_intakes(1)
        drive.order('rescan')
        drive.wait('acknowledged')
        drive.stop()
        proxy.close()
        return proxy.up, proxy.down, quiet

    def deliver_through(self, fault, retry=50):
        """One item over a line whose first connection has `fault`. Returns the intake, after checking that it is stored
        once and acknowledged."""
        proxy = self.proxy(lambda number: fault if number == 0 else None)
        drive = self.drive(port=PROXY_PORT, probe=50, retry=retry)
        intake, = drive.add_intakes(1)
        drive.start()
        drive.wait(f'acknowledged {intake}')
        self.assertEqual(stored(intake), 1)
        self.assertEqual(drive.left(), [])
        self.assertGreater(proxy.connections, 1, 'the first connection broke')
        drive.stop()
        proxy.close()

    def test_answer_lost_after_the_commit(self):
        """The gateway has stored it and said so; nobody heard. The next attempt gets the same receipt."""
        _, down, quiet = self.measure()
        self.assertGreater(down, quiet)
        before = ward.metrics()
        for _ in range(5):
            self.deliver_through(Fault(swallow_down=quiet + 40))
        after = ward.metrics()
        self.assertEqual(after['madoguchi_stored_total'], before['madoguchi_stored_total'] + 5)
        self.assertEqual(after['madoguchi_repeated_total'], before['madoguchi_repeated_total'] + 5)

    def test_cut_at_many_places(self):
        """One exchange is measured, then cut at points all over it, in both directions."""
        up, down, quiet = self.measure()
        chance = random.Random(24)
        faults = [Fault(cut_up=at) for at in chance.sample(range(1, up - 100), 20)]
        faults += [Fault(cut_down=at) for at in chance.sample(range(1, quiet - 100), 8)]
        faults += [Fault(cut_down=at) for at in chance.sample(range(quiet + 20, down - 20), 12)]
        before = ward.metrics()['madoguchi_intakes_total']
        for fault in faults:
            with self.subTest(up=fault.cut_up, down=fault.cut_down):
                self.deliver_through(fault)
        self.assertEqual(ward.metrics()['madoguchi_intakes_total'], before + len(faults))

    def test_black_hole_and_drip(self):
        for fault in (Fault(black_hole=True), Fault(pace=20)):
            proxy = self.proxy(lambda number, fault=fault: fault)
            drive = self.drive(port=PROXY_PORT, stall=1)
            intake, = drive.add_intakes(1)
            drive.start()
            drive.wait('state offline no-answer')
            proxy.next_fault = lambda number: None
            drive.wait(f'acknowledged {intake}')
            self.assertEqual(stored(intake), 1)
            drive.stop()
            proxy.close()


if __name__ == '__main__':
    unittest.main(verbosity=2)
