#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""The gateway under floods: large bodies by who is not registered and by who is, lines without end. Run inside
tests/isolated."""

import contextlib
import http.client
import json
import os
import random
import socket
import ssl
import sys
import threading
import unittest

sys.dont_write_bytecode = True

# What was freed does not stand in the way of what is measured.
os.environ['ASAN_OPTIONS'] = os.environ.get('ASAN_OPTIONS', '') + ':quarantine_size_mb=8'

import gate  # noqa: E402
import wire  # noqa: E402
import world  # noqa: E402
from gate import ward  # noqa: E402

LARGEST = 32 << 20
MOST_OF_A_LINE = 16 << 20  # the sockets' own buffers hold some of it
FLOOD = 16
BODIES_MIB = 96
# What the gateway takes beside the bodies: itself, the sanitizer's shadow, one container at work and its copies.
BESIDE_KIB = (192 if 'address' in os.environ.get('MADOGUCHI_SANITIZERS', '') else 128) << 10


def head_of(size, *more, path=None):
    place = path or f'/v1/intakes/{wire.new_intake()}'
    lines = [f'PUT {place} HTTP/1.1', 'Host: gateway', f'Content-Type: {wire.CONTAINER}', f'Content-Length: {size}', *more]
    return ('\r\n'.join(lines) + '\r\n\r\n').encode()


def read_answer(line):
    """Status, headers and body of one answer on an open connection."""
    got = b''
    while b'\r\n\r\n' not in got:
        more = line.recv(4096)
        if not more:
            return None, {}, got
        got += more
    head, body = got.split(b'\r\n\r\n', 1)
    first, *rest = head.decode().split('\r\n')
    headers = dict(field.split(': ', 1) for field in rest)
    while len(body) < int(headers.get('Content-Length', 0)):
        body += line.recv(4096)
    return int(first.split(' ')[1]), headers, body


class Sender(threading.Thread):
    """One that announces a container of the largest size, sends all of it but the end, and holds on."""

    def __init__(self, name, done):
        super().__init__(daemon=True)
        self.peer, self.done = name, done
        self.answer, self.sent = None, 0
        self.settled = threading.Event()

    def run(self):
        try:
            with socket.create_connection(('127.0.0.1', wire.PORT), 90) as plain:
                with ward.context(self.peer).wrap_socket(plain, server_hostname='127.0.0.1') as line:
                    self.flood(line)
        except (OSError, ssl.SSLError):
            pass
        self.settled.set()

    def flood(self, line):
        line.sendall(head_of(LARGEST))
        piece = bytes(1 << 18)
        try:
            while self.sent < LARGEST - len(piece):
                line.sendall(piece)
                self.sent += len(piece)
        except (OSError, ssl.SSLError):
            pass
        line.settimeout(0.2)
        while not self.done.is_set():
            with contextlib.suppress(TimeoutError):
                self.answer = self.answer or read_answer(line)
                self.settled.set()
                return
            if self.sent >= LARGEST - len(piece):
                self.settled.set()


class Floods(gate.GatewayCase):
    @classmethod
    def setUpClass(cls):
        ward.stop_gateway()
        ward.settings(request_timeout=60, max_connections=64, body_memory=BODIES_MIB)
        ward.start_gateway()
        policy = ward.current_policy()
        for name in ('T008', 'T009'):
            gate.issue('terminal-' + name, '20260101000000Z', '20450101000000Z', terminal=name)
            policy['terminals'].append({**policy['terminals'][0], 'id': name, 'serial': int(name[1:]),
                                        'keys': [ward.key_of('terminal-' + name)]})
        ward.install_policy(policy)

    def setUp(self):
        self.done = threading.Event()
        self.senders = []

    def tearDown(self):
        self.done.set()
        for sender in self.senders:
            sender.join(90)
        super().tearDown()

    def memory(self, what='VmHWM'):
        with open(f'/proc/{ward.world.processes["gateway"].pid}/status') as f:
            return next(int(line.split()[1]) for line in f if line.startswith(what))

    @contextlib.contextmanager
    def connect(self, name='terminal'):
        with socket.create_connection(('127.0.0.1', wire.PORT), 90) as plain:
            with ward.context(name).wrap_socket(plain, server_hostname='127.0.0.1') as line:
                yield line

    def send(self, *names):
        """One sender for each name, all of which have sent what they could."""
        begun = [Sender(name, self.done) for name in names]
        self.senders += begun
        for sender in begun:
            sender.start()
        for sender in begun:
            self.assertTrue(sender.settled.wait(90), 'a sender hangs')
        return begun

    def deliver(self):
        intake = wire.new_intake()
        self.assertEqual(ward.put_intake(intake, ward.intake(intake))[0], 201)

    def holding(self, senders):
        return [sender for sender in senders if sender.answer is None and sender.sent > LARGEST * 9 // 10]

    def assertRefused(self, answer, status, code):
        self.assertEqual((answer[0], json.loads(answer[2])['code']), (status, code))
        self.assertEqual(answer[1]['Content-Type'], 'application/problem+json')
        if status in (429, 503):
            self.assertGreater(int(answer[1]['Retry-After']), 0)

    def test_1_who_is_not_registered_keeps_nothing_here(self):
        before = self.memory('VmRSS')
        senders = self.send(*['terminal-unregistered'] * FLOOD)
        self.deliver()
        self.assertEqual(self.holding(senders), [])
        refused = [sender.answer for sender in senders if sender.answer is not None and sender.answer[0]]
        self.assertTrue(refused, 'none heard why')
        for answer in refused:
            self.assertIn(answer[0], (403, 429))
        self.assertLess(self.memory() - before, BESIDE_KIB)

    def test_2_a_registered_one_keeps_its_share(self):
        """Beyond it, it is told to come back; another terminal delivers meanwhile."""
        senders = self.send(*['terminal-T009'] * FLOOD)
        self.deliver()
        self.assertEqual(len(self.holding(senders)), 1)
        refused = [sender.answer for sender in senders if sender.answer is not None and sender.answer[0]]
        self.assertTrue(refused, 'none heard why')
        for answer in refused:
            self.assertRefused(answer, 429, 'too-much')
        self.assertLess(self.memory(), (BODIES_MIB << 10) + BESIDE_KIB)

    def test_3_all_together_have_a_limit(self):
        """Two that flood take what there is for large bodies; another one's ordinary intake still goes."""
        self.assertEqual(len(self.holding(self.send('terminal-T008', 'terminal-T009'))), 2)
        with self.connect() as line:
            line.sendall(head_of(LARGEST, 'Expect: 100-continue'))
            self.assertRefused(read_answer(line), 503, 'busy')
        self.deliver()
        self.assertLess(self.memory(), (BODIES_MIB << 10) + BESIDE_KIB)
        self.done.set()
        for sender in self.senders:
            sender.join(90)
        intake = wire.new_intake()
        self.assertProblem(ward.put_intake(intake, bytes(LARGEST)), 400, 'malformed-container')

    def test_4_asked_before_the_body_is_sent(self):
        intake = wire.new_intake()
        body = ward.intake(intake)
        path = f'/v1/intakes/{intake}'
        ask = ('Expect: 100-continue', 'Content-Digest: ' + wire.digest(body))
        with self.connect('terminal-unregistered') as line:
            line.sendall(head_of(len(body), *ask, path=path))
            self.assertRefused(read_answer(line), 403, 'terminal-unregistered')
            self.assertEqual(line.recv(10), b'')
        for size, place, status, code in ((LARGEST + 1, path, 413, 'too-large'), (20, '/v1/nothing', 404, 'not-found'),
                                          (1 << 20, path + '/decisions/2', 413, 'too-large'),
                                          (20, '/v1/policy', 405, 'method-not-allowed')):
            with self.connect() as line:
                line.sendall(head_of(size, *ask, path=place))
                self.assertRefused(read_answer(line), status, code)
        with self.connect() as line:
            line.sendall(head_of(len(body), *ask, path=path))
            self.assertEqual(read_answer(line)[0], 100)
            line.sendall(body)
            self.assertEqual(read_answer(line)[0], 201)

    def test_5_connections_of_one_terminal(self):
        """It has so many, and is told; another is served."""
        with contextlib.ExitStack() as stack:
            lines = [stack.enter_context(self.connect('terminal-T009')) for _ in range(40)]
            for line in lines:
                line.sendall(b'GET /v1/policy HTTP/1.1\r\nHost: gateway\r\n\r\n')
            answers = [read_answer(line) for line in lines]
            self.assertEqual(ward.request('GET', '/v1/policy')[0], 200)
        self.assertEqual(sorted({answer[0] for answer in answers}), [200, 429])
        self.assertEqual(sum(answer[0] == 200 for answer in answers), 16)
        for answer in answers:
            if answer[0] == 429:
                self.assertRefused(answer, 429, 'too-much')


class Lines(gate.GatewayCase):
    """What never comes to an end, from one peer, takes no time from the others: counted, not measured."""

    @classmethod
    def setUpClass(cls):
        ward.stop_gateway()
        ward.settings(request_timeout=60, max_connections=64)
        ward.start_gateway()

    def flood(self, start, done, sent):
        """Sends a line without end as fast as it is taken, on one connection after the other; how much went into each."""
        while not done.is_set():
            sent.append(0)
            with contextlib.suppress(OSError, ssl.SSLError):
                with socket.create_connection(('127.0.0.1', wire.PORT), 90) as plain:
                    with ward.context().wrap_socket(plain, server_hostname='127.0.0.1') as line:
                        line.sendall(start)
                        while not done.is_set():
                            line.sendall(b'0' * 16384)
                            sent[-1] += 16384

    def test_others_are_served(self):
        first = b'PUT /v1/intakes/' + wire.new_intake().encode() + b' HTTP/1.1\r\nHost: gateway\r\n'
        for start in (first + b'Transfer-Encoding: chunked\r\n\r\n', first + b'X-Long: ', b'GET /'):
            with self.subTest(start=start[-30:]):
                done, sent = threading.Event(), []
                flood = threading.Thread(target=self.flood, args=(start, done, sent), daemon=True)
                flood.start()
                connection = ward.connect()
                answers = [ward.request('GET', '/v1/policy', connection=connection)[0] for _ in range(50)]
                world.wait_until(lambda: len(sent) > 3 or max(sent) > MOST_OF_A_LINE, 'the flood')
                done.set()
                flood.join(90)
                connection.close()
                self.assertEqual(answers, [200] * 50)
                self.assertLess(max(sent), MOST_OF_A_LINE)


class Strangers(gate.GatewayCase):
    """Whoever opens connections and says nothing keeps nobody out, neither from elsewhere nor from beside it."""

    MOST = 32
    IDLE = 150

    @classmethod
    def setUpClass(cls):
        ward.stop_gateway()
        ward.settings(request_timeout=60, handshake_timeout=3600, max_connections=64, address_connections=cls.MOST)
        ward.start_gateway()

    def ask(self, address):
        with socket.create_connection(('127.0.0.1', wire.PORT), 30, (address, 0)) as plain:
            with ward.context().wrap_socket(plain, server_hostname='127.0.0.1') as line:
                line.sendall(b'GET /v1/policy HTTP/1.1\r\nHost: gateway\r\n\r\n')
                return read_answer(line)[0]

    def test_idle_strangers(self):
        before = ward.metrics()['madoguchi_tls_refused_total']
        with contextlib.ExitStack() as stack:
            for _ in range(self.IDLE):
                stack.enter_context(socket.create_connection(('127.0.0.1', wire.PORT), 90, ('127.0.0.2', 0)))
            self.assertEqual(self.ask('127.0.0.1'), 200)
            self.assertEqual(self.ask('127.0.0.2'), 200)
            closed = self.IDLE + 1 - self.MOST
            world.wait_until(lambda: ward.metrics()['madoguchi_tls_refused_total'] - before == closed, 'those that were closed')


class Refusals(gate.GatewayCase):
    """Each is counted; a flood of them is in the chain as a number."""

    MANY = 300

    @classmethod
    def setUpClass(cls):
        ward.stop_gateway()
        ward.start_gateway()

    def records(self, after, peer):
        return [detail for detail, in gate.rows("SELECT detail FROM audit WHERE seq > ? AND event = 'refuse' AND outcome = 'refused'",
                                                after) if f'terminal={peer} ' in detail or f'peer={peer}' in detail]

    def test_a_flood_of_refusals(self):
        after = gate.rows('SELECT max (seq) FROM audit')[0][0]
        before = ward.metrics()['madoguchi_refused_total{code="not-found"}']
        connection = ward.connect(name='terminal-unregistered')
        for _ in range(self.MANY):
            self.assertProblem(ward.request('GET', '/v1/nothing', connection=connection), 404, 'not-found')
        connection.close()
        self.assertEqual(ward.metrics()['madoguchi_refused_total{code="not-found"}'], before + self.MANY)
        flooded, = {detail.split(' ')[0] for detail, in gate.rows('SELECT detail FROM audit WHERE seq > ?', after)}
        self.assertLess(gate.rows('SELECT max (seq) FROM audit')[0][0] - after, 40)
        # Another one's refusal has its own record, and so has a stranger's.
        self.assertProblem(ward.request('GET', '/v1/nothing'), 404, 'not-found')
        self.assertEqual(self.records(after, 'T001'), ['terminal=T001 what=GET:- code=not-found'])
        with contextlib.suppress(OSError, ssl.SSLError):
            ward.raw(b'GET / HTTP/1.1\r\n\r\n', name=None)
        world.wait_until(lambda: self.records(after, '-'), 'the stranger')
        ward.stop_gateway()
        rows = self.records(after, flooded.split('=')[1])
        counts = [detail for detail in rows if ' more=' in detail]
        self.assertEqual(len(counts), 1, rows)
        self.assertRegex(counts[0], r'^cause=not-found more=\d+ from=\S+Z to=\S+Z peer=\w+$')
        self.assertEqual(len(rows) - 1 + int(counts[0].split('more=')[1].split(' ')[0]), self.MANY)
        self.assertEqual(wire.broken_record(gate.store), None)
        ward.start_gateway()


class Hostile(gate.GatewayCase):
    """A registered terminal in the wrong hands: it replays, forges and floods on several connections at once, in an order of the seed.
    Another one's intakes arrive meanwhile, and of its own there is what it did honestly."""

    ACTS = 40  # on each connection
    CONNECTIONS = 4

    @classmethod
    def setUpClass(cls):
        ward.stop_gateway()
        ward.settings(request_timeout=60, max_connections=64)
        ward.start_gateway()
        policy = ward.current_policy()
        gate.issue('terminal-hostile', '20260101000000Z', '20450101000000Z', terminal='T007')
        policy['terminals'].append({**policy['terminals'][0], 'id': 'T007', 'serial': 7, 'keys': [ward.key_of('terminal-hostile')]})
        cls.policy, cls.digest = ward.install_policy(policy)

    def prepare(self):
        """What it has: an item of its own, and one of another's that it came by."""
        self.own, self.others = wire.new_intake(), wire.new_intake()
        self.body = ward.intake(self.own, terminal='T007', receipt_number=wire.receipt_number(1, serial=7), policy=self.policy,
                                policy_digest=self.digest)
        self.stolen = ward.intake(self.others)
        self.assertEqual(ward.put_intake(self.own, self.body, name='terminal-hostile')[0], 201)
        self.assertEqual(ward.put_intake(self.others, self.stolen)[0], 201)
        self.decision = ward.decision(self.stolen)

    def altered(self, chance):
        at = chance.randrange(len(self.body))
        return self.body[:at] + bytes((self.body[at] ^ 1 << chance.randrange(8),)) + self.body[at + 1:]

    def acts(self, chance):
        """What it may do, and what is said to it."""
        new = wire.new_intake()
        yield self.put(self.own, self.body), (200,)
        yield self.put(self.own, self.altered(chance)), (409,)
        yield self.put(new, self.altered(chance)), (400, 403, 422)
        yield self.put(new, self.body), (422,)
        yield self.put(self.others, self.stolen), (403,)
        yield self.put(new, chance.randbytes(chance.randrange(3000))), (400,)
        yield ('PUT', f'/v1/intakes/{self.others}/decisions/2', self.decision, 'application/json'), (403,)
        yield ('GET', f'/v1/letters/{wire.receipt_number(chance.randrange(10 ** 6))}', None, None), (404, 429)
        yield ('GET', '/v1/nothing', None, None), (404,)

    def put(self, intake, body):
        return 'PUT', f'/v1/intakes/{intake}', body, wire.CONTAINER

    def rage(self, seed, wrong):
        chance = random.Random(seed)
        line = ward.connect(name='terminal-hostile')
        for _ in range(self.ACTS):
            (method, path, body, media), expected = chance.choice(list(self.acts(chance)))
            headers = {'Content-Type': media, 'Content-Digest': wire.digest(body)} if body is not None else {}
            try:
                status = ward.request(method, path, body, headers, connection=line)[0]
            except (OSError, http.client.HTTPException):
                line = ward.connect(name='terminal-hostile')
                continue
            if status not in expected:
                wrong.append((method, path, status, expected))
        line.close()

    def test_another_one_is_served(self):
        self.prepare()
        seed, wrong, before = random.SystemRandom().randrange(1 << 32), [], self.stored()
        raging = [threading.Thread(target=self.rage, args=(seed + n, wrong), daemon=True) for n in range(self.CONNECTIONS)]
        honest = [(intake, ward.intake(intake)) for intake in (wire.new_intake() for _ in range(6))]
        for thread in raging:
            thread.start()
        line = ward.connect()
        answers = [ward.put_intake(intake, body, connection=line) for intake, body in honest]
        line.close()
        for thread in raging:
            thread.join(300)
        self.assertEqual(wrong, [], f'seed {seed}')
        self.assertEqual([answer[0] for answer in answers], [201] * len(honest))
        self.assertEqual(self.stored(), (before[0] + len(honest), before[1]))
        self.assertEqual(gate.rows("SELECT intake FROM ledger_items WHERE terminal = 'T007'"), [(self.own,)])
        self.assertGreater(len(gate.rows("SELECT 1 FROM audit WHERE outcome = 'refused' AND detail LIKE 'terminal=T007 %'")), 5)
        self.assertEqual(wire.broken_record(gate.store), None)


if __name__ == '__main__':
    unittest.main(verbosity=2)
