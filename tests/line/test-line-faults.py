#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""The delivery engine and a real gateway with a line between them that breaks: refused, silent, cut at any byte, half closed, slow,
late, and, where somebody ends TLS on the way, delivered twice, in another order, with wrong lengths, answered by lies. After each:
what has a receipt is at the back office, once and with its bytes, and nothing else is; nothing waits for ever. Run inside
tests/isolated.

MADOGUCHI_LINE=all cuts at every byte of an exchange instead of at some; MADOGUCHI_SEED (printed) chooses which."""

import collections
import contextlib
import hashlib
import json
import os
import random
import signal
import sqlite3
import sys
import unittest

sys.dont_write_bytecode = True

from drive import PROXY_PORT, LineCase, ward, wire, world  # noqa: E402
from fault_proxy import Fault  # noqa: E402
from relay import RELAY_PORT, Relay  # noqa: E402

ALL = os.environ.get('MADOGUCHI_LINE') == 'all'
SEED = int(os.environ.get('MADOGUCHI_SEED', random.SystemRandom().randrange(1 << 32)))
CHUNK = 1 << 16  # as the engine sends them
BEGUN = 3000  # bytes up: more than a handshake and a question, less than these and a container
counts = collections.Counter()


class FaultCase(LineCase):
    def drive(self, **options):
        """One connection at a time, so that the faults meet what is delivered."""
        drive = super().drive(polls=True, **options)
        drive.sent = {}  # (intake, n): digest
        return drive

    def queue(self, drive, first=lambda: None):
        """One more intake, remembered for judge(); first() is called when it is ready to be queued."""
        intake = wire.new_intake()
        body = ward.intake(intake)
        first()
        self.add(drive, intake, 1, body)

    def add(self, drive, intake, n, body):
        drive.add(intake, n, body)
        drive.sent[intake, n] = hashlib.sha256(body).hexdigest()

    def judge(self, drive):
        """Ids with receipts and ids at the back office are the same, each once and with its bytes; nothing is left behind."""
        told = [line.split()[1:] for line in drive.seen if line.startswith('acknowledged')]
        receipts = {(intake, int(n)): int(sequence) for intake, n, sequence in told}
        self.assertEqual(len(receipts), len(told), 'a receipt given twice')
        self.assertEqual(set(receipts), set(drive.sent), 'all that was sent')
        with sqlite3.connect(f'file:{ward.at("gateway", "ledger.db")}?mode=ro', uri=True) as db:
            stored = db.execute('SELECT intake, n, digest, sequence FROM ledger_items').fetchall()
            self.assertEqual(wire.broken_record(db), None)
        mine = [row for row in stored if row[0] in {intake for intake, _ in drive.sent}]
        self.assertEqual({(intake, n): digest for intake, n, digest, _ in mine}, drive.sent)
        self.assertEqual({(intake, n): sequence for intake, n, _, sequence in mine}, receipts)
        self.assertEqual(len(mine), len(drive.sent), 'each once')
        self.assertEqual(drive.left(), [])
        self.assertFalse([line for line in drive.seen if line.startswith('quarantined')], drive.seen)


class Bytes(FaultCase):
    """Who carries the line sees TLS records, and can cut, stop and delay them."""

    def measure(self):
        """Bytes up of a whole exchange (handshake, question, item), bytes down before its item and after."""
        proxy = self.proxy(lambda number: Fault(after_up=BEGUN))
        drive = self.drive(port=PROXY_PORT, probe=60000).start()
        drive.wait('state online')
        with_policy = proxy.down
        self.queue(drive, proxy.drop)
        drive.order('rescan')
        drive.wait('acknowledged')
        world.wait_until(lambda: proxy.last.up > BEGUN, 'the item')
        up, before, after = proxy.up, proxy.last.before, proxy.down - proxy.last.before
        drive.stop()
        proxy.close()
        self.judge(drive)
        self.assertGreater(with_policy, before)
        # The question, which this exchange had no need of, and signatures of other lengths.
        return up + 300, before + 600, after + 20

    def sweep(self, faults, items, stall=30):
        """One engine, one item after the other; each new connection has the next fault, and when there are none left, all goes
        well. `items`: how many faults in turn meet the same item."""
        waiting, met, allowed = list(faults), [], 0

        def next_fault(number):
            if len(met) == allowed:
                return None
            met.append(waiting.pop(0))
            return met[-1]
        proxy = self.proxy(next_fault)
        drive = self.drive(port=PROXY_PORT, probe=50, retry=2, stall=stall).start()
        drive.wait('state online')

        def begin():
            nonlocal allowed
            allowed = min(len(met) + items, len(faults))
            proxy.drop()
        while waiting:
            self.queue(drive, begin)
            drive.order('rescan')
            # The item may pass before a fault that lies beyond it; the engine's questions come to that one, too.
            drive.wait('acknowledged')
            world.wait_until(lambda: len(met) == allowed, f'{allowed} faults, of which {met[-1:]} was the last')
        drive.stop()
        proxy.close()
        counts['cuts'] += len(met)
        self.assertEqual(len(met), len(faults))
        self.judge(drive)

    def places(self, end, some):
        return list(range(1, end + 1)) if ALL else sorted(random.Random(SEED).sample(range(1, end + 1), some))

    def test_cut_at_every_byte(self):
        """X24. What is cut before the gateway has it all meets the same item again and again; what is cut after that, where the
        receipt is on its way, a new one each time."""
        up, before, after = self.measure()
        self.sweep([Fault(cut_up=at) for at in self.places(up, 24)], 64)
        self.sweep([Fault(cut_down=at) for at in self.places(before, 12)], 64)
        self.sweep([Fault(cut_down=at, after_up=BEGUN) for at in self.places(after, 8)], 1)

    def test_half_closed(self):
        up, before, after = self.measure()
        faults = [Fault(half_up=at) for at in self.places(up, 4)] + [Fault(half_down=at) for at in self.places(before, 3)]
        faults += [Fault(half_down=at, after_up=BEGUN) for at in self.places(after, 3)]
        if ALL:
            faults = faults[::23]  # an end that is told is waited for, unlike a reset
        self.sweep(faults, 4, stall=2)

    def test_refused_silent_slow_late(self):
        """Each with an item that waits; then the line is good again."""
        drive = self.drive(port=PROXY_PORT, stall=1, probe=200)
        self.queue(drive)
        drive.start()
        drive.wait('state offline no-answer')  # nobody listens there
        counts['faults'] += 1
        proxy = self.proxy(lambda number: None)
        drive.wait('acknowledged')
        # Later than this each piece may come; slower than the engine's patience it may not.
        for fault, ends in ((Fault(black_hole=True), True), (Fault(pace=1), True), (Fault(delay=0.3), False)):
            with self.subTest(fault=fault):
                once = iter((fault,))
                proxy.next_fault = lambda number, fault=fault, once=once, ends=ends: fault if ends else next(once, None)
                self.queue(drive, proxy.drop)
                drive.order('rescan')
                if ends:
                    drive.wait('state offline no-answer')
                    proxy.next_fault = lambda number: None
                drive.wait('acknowledged')
                counts['faults'] += 1
        drive.stop()
        self.judge(drive)

    def test_answer_lost_after_the_commit(self):
        """The gateway has stored it and said so; nobody heard. The next attempt gets the same receipt."""
        before = ward.metrics()
        self.sweep([Fault(swallow_down=0, after_up=BEGUN) for _ in range(5)], 1)
        after = ward.metrics()
        self.assertEqual(after['madoguchi_stored_total'], before['madoguchi_stored_total'] + 5)
        self.assertGreaterEqual(after['madoguchi_repeated_total'], before['madoguchi_repeated_total'] + 5)


class Messages(FaultCase):
    """Somebody has the gateway's key and the terminal's, and carries each request on as it pleases. What it tells may be anything;
    what it makes of it is nothing but delay."""

    def relay(self, *ways):
        relay = Relay(ward, ways)
        self.addCleanup(relay.close)
        return relay

    def deliver(self, *ways, items=1, decisions=False, **options):
        relay = self.relay(*ways)
        drive = self.drive(port=RELAY_PORT, probe=20, retry=5, stall=30, **options)  # a slow machine is no fault
        for _ in range(items):
            intake = wire.new_intake()
            container = ward.intake(intake)
            self.add(drive, intake, 1, container)
            if decisions:
                self.add(drive, intake, 2, ward.decision(container))
        drive.start()
        drive.wait('acknowledged', count=len(drive.sent), seconds=300)
        relay.settle()
        drive.stop()
        relay.close()
        self.assertFalse(relay.ways, f'{relay.ways} were not tried')
        counts['messages'] += len(ways)
        self.judge(drive)
        return relay

    def test_twice(self):
        """The gateway hears each request twice, at once and one after the other; the terminal gets the second answer."""
        relay = self.deliver('twice', 'twice-at-once', 'twice', items=3)
        self.assertEqual(relay.statuses['twice'], [201, 200] * 2)
        self.assertEqual(sorted(relay.statuses['twice-at-once']), [200, 201])

    def test_lost_after_the_commit(self):
        relay = self.deliver('lost', 'lost', 'lost')
        self.assertEqual(relay.statuses['lost'], [201, 200, 200])

    def test_reordered(self):
        """A request that was held back comes after those that followed it, and after its own repetition."""
        relay = self.deliver('late', 'late', 'late', items=3, decisions=True)
        self.assertEqual(set(relay.statuses['late']), {200}, 'all had been sent again by then')

    def test_wrong_lengths(self):
        """Of the request, one byte less and one more; of the answer, shorter than said and longer."""
        relay = self.deliver('request-short', 'request-long', 'answer-short', 'answer-long', 'answer-cut', 'request-flip', items=2)
        for way in ('request-short', 'request-long', 'request-flip'):
            self.assertTrue(all(status in (400, 408, None) for status in relay.statuses[way]), (way, relay.statuses[way]))

    def test_drops_repeats_lies_signs_wrongly(self):
        """A gateway's double that does all of it in an order of the seed, over a queue of intakes and decisions."""
        ways = ['drop', 'no-answer-read', 'another-receipt', 'last-answer', 'unsigned', 'own-signature', 'strangers-signature', 'other-digest',
                'says-stored', 'says-nothing', 'server-error', 'elsewhere', 'twice', 'lost', 'late', 'answer-cut'] * (8 if ALL else 1)
        random.Random(SEED).shuffle(ways)
        self.deliver(*ways, items=5, decisions=True)


class Addresses(FaultCase):
    """The gateway at two addresses: the first one is used while it serves."""

    URLS = f'https://127.0.0.1:{PROXY_PORT}; https://127.0.0.1:{wire.PORT}'

    def acknowledge(self, drive, first=lambda: None):
        self.queue(drive, first)
        drive.order('rescan')
        drive.wait('acknowledged')

    def test_over_and_back(self):
        """Nobody is at the first; then somebody is; then the line to it breaks within an item, which goes to the other."""
        drive = self.drive(url=self.URLS, probe=100, retry=5, back=200).start()
        drive.wait('address 2 no-answer')
        self.acknowledge(drive)
        proxy = self.proxy(lambda number: None)
        drive.wait('address 1 back')
        before = proxy.total_up
        self.acknowledge(drive)
        self.assertGreater(proxy.total_up, before, 'by the first one')
        proxy.next_fault = lambda number: Fault(cut_up=BEGUN)
        self.acknowledge(drive, proxy.drop)
        while drive.seen.count('address 2 no-answer') < 2:
            drive.wait('address 2')
        drive.stop()
        self.judge(drive)
        said = [line for line in drive.seen if line.startswith('address')]
        self.assertEqual(said[:3], ['address 2 no-answer', 'address 1 back', 'address 2 no-answer'], 'each once')
        self.assertFalse([line for line in drive.seen if line.startswith('state offline')], 'one of them served all the time')

    def test_all_silent(self):
        """Then it is said, and the first is tried again when somebody is there."""
        urls = ';'.join(f'https://127.0.0.1:{port}' for port in (PROXY_PORT, 1))
        drive = self.drive(url=urls, probe=100).start()
        drive.wait('state offline no-answer')
        self.proxy(lambda number: None)
        drive.wait('address 1 start')
        self.acknowledge(drive)
        drive.stop()
        self.judge(drive)


class Large(FaultCase):
    """Containers that go in chunks. What a break costs is one chunk at most, whatever the container's size."""

    def queue_large(self, drive, kilobytes=360):
        intake = wire.new_intake()
        body = ward.intake(intake, values={'p.name': 'x' * (kilobytes << 10)})
        self.add(drive, intake, 1, body)
        return intake, body

    def forget_uploads(self):
        with contextlib.closing(sqlite3.connect(ward.at('gateway', 'ledger.db'), timeout=60)) as db, db:
            db.execute('DELETE FROM ledger_chunks')
            db.execute('DELETE FROM ledger_uploads')

    def counted(self):
        """Chunks that the gateway stored, and bytes of chunks that it had no use for, since it started."""
        counts = ward.metrics()
        return [counts[f'madoguchi_{name}_total'] for name in ('chunk_bytes', 'chunk_bytes_again')]

    def through(self, faults, kilobytes=360, **options):
        """One large container over connections that have these faults, in turn; what went up in all."""
        waiting = list(faults)
        proxy = self.proxy(lambda number: waiting.pop(0) if waiting else None)
        drive = self.drive(port=PROXY_PORT, probe=30, retry=5, **options)
        _, body = self.queue_large(drive, kilobytes)
        before = self.counted()
        drive.start()
        drive.wait('acknowledged', seconds=900)
        after = self.counted()
        drive.stop()
        proxy.close()
        self.assertFalse(waiting, 'each was met')
        self.judge(drive)
        counts['cuts'] += len(faults)
        self.assertEqual(after[0] - before[0], len(body), 'each byte is stored once')
        return len(body), proxy.total_up, after[1] - before[1], drive

    def test_cut_within_chunks(self):
        """Each connection carries some of it and breaks at a byte of the seed's choice; in the long form at 128 kbit/s."""
        chance = random.Random(SEED)
        faults = [Fault(cut_down=chance.randrange(2000, 5000)), Fault(half_up=chance.randrange(CHUNK, 3 * CHUNK // 2))]
        rate = {'rate': 16000} if ALL else {}
        faults += [Fault(cut_up=chance.randrange(BEGUN, 3 * CHUNK // 2), **rate) for _ in range(18 if ALL else 6)]
        size, up, useless, _ = self.through(faults, 100 * len(faults), stall=20 if ALL else 5)  # all of them break before its end
        again = up - size
        self.assertLess(again, len(faults) * (CHUNK + 8000) + 30000, 'a chunk for each break, and the handshakes')
        self.assertLessEqual(useless, len(faults) * CHUNK)
        counts['again'] += max(again, 0)

    def test_answers_lost_and_slow(self):
        """The chunk is stored, and nobody heard: no more than that one is sent again (curl repeats by itself what a connection that
        was open before has swallowed)."""
        faults = [Fault(swallow_down=0, after_up=at) for at in (CHUNK + BEGUN, CHUNK // 2, 2 * CHUNK)]
        size, up, useless, _ = self.through(faults, stall=30)
        self.assertLessEqual(useless, len(faults) * CHUNK)
        self.assertLess(up - size, len(faults) * (CHUNK + 8000) + 30000)
        # Of whoever is given up the rest of a chunk may still be under way when it is asked for.
        size, up, useless, _ = self.through([Fault(pace=1)], stall=1)
        self.assertLessEqual(useless, CHUNK)

    def test_terminal_and_gateway_killed(self):
        """Both forget everything but what is on their disks; what was stored is not sent again."""
        proxy = self.proxy(lambda number: Fault(cut_up=2 * CHUNK + CHUNK // 2) if number == 0 else Fault(black_hole=True))
        first = self.drive(port=PROXY_PORT, probe=60000, stall=60)
        intake, body = self.queue_large(first)
        first.start()
        first.wait('put-back')
        first.process.kill()
        first.process.wait(90)
        for end in (first.process.stdin, first.process.stdout):
            end.close()
        proxy.close()
        stored = json.loads(ward.upload(intake, body)[2])['offset']
        self.assertGreaterEqual(stored, CHUNK)
        ward.stop_gateway(how=signal.SIGKILL)
        ward.start_gateway()
        second = self.drive()
        second.folder, second.options['queue'], second.sent = first.folder, first.folder, first.sent
        second.start()
        second.wait('acknowledged')
        second.stop()
        self.judge(second)
        self.assertEqual(self.counted(), [len(body) - stored, 0])

    def test_small_ones_do_not_wait_and_neither_does_it(self):
        """A chunk and an item of somebody else take turns."""
        drive = self.drive(probe=60000)
        large, _ = self.queue_large(drive)
        another, _ = self.queue_large(drive, 160)
        for _ in range(20):
            self.queue(drive)
        drive.start()
        drive.wait('acknowledged', count=22)
        drive.stop()
        self.judge(drive)
        order = [line.split()[1] for line in drive.seen if line.startswith('acknowledged')]
        self.assertTrue(3 < order.index(large) < 14, order)
        self.assertLess(order.index(large), order.index(another))

    def test_a_gateway_of_before(self):
        """It knows no such place: the container goes in one piece."""
        relay = Relay(ward, [], old=True)
        self.addCleanup(relay.close)
        drive = self.drive(port=RELAY_PORT, probe=60000, stall=30)
        _, body = self.queue_large(drive)
        drive.start()
        drive.wait('acknowledged')
        drive.stop()
        self.judge(drive)
        self.assertEqual(relay.up, len(body))

    def test_no_room_for_chunks(self):
        """The terminal's other uploads take all the room: it waits for them, and goes in one piece when that was in vain."""
        for _ in range(8):
            self.assertEqual(ward.upload(wire.new_intake(), bytes(CHUNK), 0)[0], 200)
        self.addCleanup(self.forget_uploads)
        drive = self.drive(probe=60000, stall=30)
        intake, _ = self.queue_large(drive)
        drive.start()
        drive.wait('acknowledged')
        drive.stop()
        self.judge(drive)
        # The gateway says 600 seconds; no longer than the longest wait, which is 800 ms here.
        self.assertEqual([line for line in drive.seen if line.startswith('put-back')], [f'put-back {intake} 1 {n} 800' for n in (1, 2)])

    def test_what_was_begun_goes_first(self):
        """The line breaks again and again, and no more than one of them takes room at the gateway."""
        waiting = [Fault(cut_up=CHUNK + CHUNK // 2) for _ in range(5)]
        proxy = self.proxy(lambda number: waiting.pop(0) if waiting else None)
        drive = self.drive(port=PROXY_PORT, probe=300, retry=20000)
        bodies = [self.queue_large(drive, 300)[1] for _ in range(3)]
        drive.start()
        # Somebody hands something in all the time, so that the line is tried at once.
        world.wait_until(lambda: drive.order('wake') or not waiting, 'the line is good again')
        with contextlib.closing(sqlite3.connect(ward.at('gateway', 'ledger.db'), timeout=60)) as db:
            begun = db.execute('SELECT count(*) FROM ledger_uploads').fetchone()[0]
        self.assertLessEqual(begun, 1)
        drive.wait('acknowledged', count=len(bodies))
        drive.stop()
        proxy.close()
        self.judge(drive)
        counts['cuts'] += 5

    def test_no_room_for_containers(self):
        """The gateway takes decisions still: they do not wait behind what it has no room for, and it is not asked before it said."""
        relay = Relay(ward, [])
        self.addCleanup(relay.close)
        drive = self.drive(port=RELAY_PORT, probe=200, retry=2000)
        decided = wire.new_intake()
        body = ward.intake(decided)
        self.assertEqual(ward.put_intake(decided, body)[0], 201)
        relay.ways = ['store-full']
        for _ in range(3):
            self.queue(drive)
        drive.start()
        drive.wait("state attention gateway-trouble The gateway has no room for new applications.")
        self.add(drive, decided, 2, ward.decision(body))
        drive.order('rescan')
        self.assertTrue(drive.wait('acknowledged').startswith(f'acknowledged {decided} 2 '))
        self.assertEqual(len([line for line in drive.seen if line.startswith('put-back')]), 1, 'the others were not tried')
        drive.wait('acknowledged', count=3)
        drive.wait_said('state online ok The line to the back office works.')
        drive.stop()
        self.assertEqual(drive.left(), [])

    def test_told_anything(self):
        """Chunks twice, late, altered, with wrong lengths; answers that are lost, cut, and lies."""
        ways = ['twice', 'lost', 'late', 'request-short', 'request-long', 'request-flip', 'answer-short', 'answer-cut', 'twice-at-once',
                'says-stored', 'says-nothing', 'last-answer', 'another-receipt', 'server-error', 'no-answer-read', 'drop'] * (4 if ALL else 1)
        random.Random(SEED).shuffle(ways)
        relay = Relay(ward, ways)
        self.addCleanup(relay.close)
        drive = self.drive(port=RELAY_PORT, probe=20, retry=5, stall=30)
        bodies = [self.queue_large(drive, 420)[1] for _ in range(3)]
        drive.start()
        drive.wait('acknowledged', count=3, seconds=300)
        relay.settle()
        drive.stop()
        relay.close()
        self.assertFalse(relay.ways, f'{relay.ways} were not tried')
        self.judge(drive)
        self.assertLess(relay.up - sum(len(body) for body in bodies), 2 * CHUNK * len(ways))
        counts['messages'] += len(ways)


if __name__ == '__main__':
    print('seed', SEED)
    held = unittest.main(verbosity=2, exit=False).result.wasSuccessful()
    if held:
        print(f'line: {counts["cuts"]} connections broken, {counts["faults"]} other faults, {counts["messages"]} messages tampered with, '
              f'{counts["again"]} bytes of large containers sent again, 0 lost, 0 doubled')
    sys.exit(not held)
