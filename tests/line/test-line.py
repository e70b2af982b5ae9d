#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""The line and its delivery engine against a real gateway, a lying one, a broken line. Run inside tests/isolated."""

import hashlib
import json
import os
import queue
import random
import signal
import socket
import sqlite3
import ssl
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
from fault_proxy import Fault, FaultProxy  # noqa: E402

PROXY_PORT = 8444
LIAR_PORT = 8445


def setUpModule():
    global ward
    ward = wire.Ward()
    ward.start_gateway()


def tearDownModule():
    ward.world.close()


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
            if value is not None:
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


class WrongPeer(LineCase):
    """X21: nothing leaves towards a peer that is not our gateway."""

    def serve_tls(self, name, version=None):
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(ward.at('pki', name + '.crt'), ward.at('pki', name + '.key'))
        context.load_verify_locations(ward.at('pki', 'line-ca.crt'))
        context.verify_mode = ssl.CERT_OPTIONAL
        if version:
            context.maximum_version = version
        liar = Liar(context, lambda request: (200, b'', {}))
        self.addCleanup(liar.close)
        return liar

    def expect(self, liar, state, **options):
        drive = self.drive(port=LIAR_PORT, **options)
        drive.add_intakes(1)
        drive.start()
        drive.wait(f'state {state}')
        drive.drain(0.8)
        self.assertEqual(len(drive.left()), 1)
        self.assertEqual(liar.requests, [], 'not one application byte')

    def test_a_gateway_of_another_ca(self):
        self.expect(self.serve_tls('gateway-stranger'), 'attention not-our-gateway')

    def test_the_right_ca_and_another_name(self):
        self.expect(self.serve_tls('terminal'), 'attention not-our-gateway')

    def test_tls_1_2(self):
        self.expect(self.serve_tls('gateway', ssl.TLSVersion.TLSv1_2), 'attention not-our-gateway')

    def test_no_tls_at_all(self):
        """Something else listens there: it says something before it is asked, and gets a handshake's first bytes."""
        for words in (b'HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n', b'\x00' * 64, b'SSH-2.0-OpenSSH_9.2\r\n', b''):
            with self.subTest(words=words[:16]):
                heard = []
                talker = Talker(words, heard)
                try:
                    drive = self.drive(port=LIAR_PORT)
                    drive.add_intakes(1)
                    drive.start()
                    drive.wait('state offline' if not words else 'state ')
                    world.wait_until(lambda heard=heard: heard, 'it is spoken to')
                    drive.drain(0.8)
                    self.assertEqual(len(drive.left()), 1)
                    self.assertFalse([line for line in drive.seen if line.startswith('state online')], drive.seen)
                finally:
                    talker.close()
                self.assertFalse([said for said in heard if said and said[0] != 0x16], 'with TLS alone')

    def test_another_trust_than_the_gateways(self):
        drive = self.drive(ca='stranger-line-ca')
        drive.add_intakes(1)
        drive.start()
        drive.wait('state attention not-our-gateway')

    def test_a_ca_of_the_system_is_not_asked(self):
        """The stranger's CA is in every place OpenSSL looks by default; the line does not care."""
        os.environ['SSL_CERT_FILE'] = ward.at('pki', 'stranger-line-ca.crt')
        os.environ['CURL_CA_BUNDLE'] = ward.at('pki', 'stranger-line-ca.crt')
        try:
            self.expect(self.serve_tls('gateway-stranger'), 'attention not-our-gateway')
        finally:
            del os.environ['SSL_CERT_FILE'], os.environ['CURL_CA_BUNDLE']

    def test_a_proxy_of_the_environment_is_not_asked(self):
        os.environ['https_proxy'] = os.environ['ALL_PROXY'] = 'http://127.0.0.1:9'
        try:
            drive = self.drive()
            intake, = drive.add_intakes(1)
            drive.start()
            drive.wait(f'acknowledged {intake}')
        finally:
            del os.environ['https_proxy'], os.environ['ALL_PROXY']

    def test_our_certificate_is_refused(self):
        drive = self.drive(certificate='terminal-stranger')
        drive.add_intakes(1)
        drive.start()
        drive.wait('state attention certificate-refused')
        self.assertEqual(len(drive.left()), 1)

    def test_own_files_missing(self):
        drive = self.drive(certificate='no-such-file')
        drive.add_intakes(1)
        drive.start()
        drive.wait('state attention settings')
        self.assertEqual(len(drive.left()), 1)


class Liar:
    """An HTTPS server with the gateway's own key that answers what the test wants."""

    def __init__(self, context, answer):
        self.context, self.answer = context, answer
        self.requests = []
        self.listener = socket.create_server(('127.0.0.1', LIAR_PORT))
        self.listener.settimeout(0.1)
        self.stopping = threading.Event()
        self.thread = threading.Thread(target=self.accept, daemon=True)
        self.thread.start()

    def close(self):
        self.stopping.set()
        self.thread.join(5)
        self.listener.close()

    def accept(self):
        while not self.stopping.is_set():
            try:
                plain, _ = self.listener.accept()
            except TimeoutError:
                continue
            threading.Thread(target=self.serve, args=(plain,), daemon=True).start()

    def serve(self, plain):
        try:
            plain.settimeout(5)
            with self.context.wrap_socket(plain, server_side=True) as line, line.makefile('rb') as reader:
                while self.one(line, reader):
                    pass
        except (OSError, ValueError):
            pass

    def one(self, line, reader):
        first = reader.readline()
        if not first:
            return False
        headers = {}
        while (text := reader.readline().strip()):
            name, _, value = text.decode().partition(':')
            headers[name.lower()] = value.strip()
        body = reader.read(int(headers.get('content-length', 0)))
        method, path, _ = first.decode().split(' ')
        self.requests.append((method, path))
        if path == '/v1/policy':
            status, answer, more = 304, b'', {}
        else:
            status, answer, more = self.answer((path, body))
        head = f'HTTP/1.1 {status} Whatever\r\n' + ''.join(f'{k}: {v}\r\n' for k, v in more.items())
        line.sendall(head.encode() + f'Content-Length: {len(answer)}\r\n\r\n'.encode() + answer)
        return True


class Talker:
    """No TLS server: says its words to whoever comes, listens for a moment, and closes."""

    def __init__(self, words, heard):
        self.words, self.heard = words, heard
        self.listener = socket.create_server(('127.0.0.1', LIAR_PORT))
        self.listener.settimeout(0.1)
        self.stopping = threading.Event()
        self.thread = threading.Thread(target=self.accept, daemon=True)
        self.thread.start()

    def close(self):
        self.stopping.set()
        self.thread.join(5)
        self.listener.close()

    def accept(self):
        while not self.stopping.is_set():
            try:
                line, _ = self.listener.accept()
            except TimeoutError:
                continue
            with line:
                line.settimeout(5)
                try:
                    line.sendall(self.words)
                    self.heard.append(line.recv(4096))
                except OSError:
                    pass


class Lying(LineCase):
    """X16: the gateway says "stored" without the right receipt; the item stays, and people are told."""

    def receipt(self, intake, body, signer='receipt', chain=True, **changes):
        content = {'schema': 'madoguchi-receipt/1', 'id': intake, 'item': 'intake',
                   'digest': hashlib.sha256(body).hexdigest(), 'sequence': 1,
                   'time': '2026-11-21T05:30:00.000Z', 'terminal': 'T001', 'office': '139998', 'nonce': 'absent', **changes}
        key = ward.at('pki', signer)
        return subprocess.run(['openssl', 'cms', '-sign', '-nodetach', '-binary', '-cades', '-md', 'sha256', '-outform',
                               'DER', '-signer', key + '.crt', '-inkey', key + '.key'], check=True, capture_output=True,
                              input=json.dumps(content, separators=(',', ':')).encode()).stdout

    def lie(self, answer, *then):
        """Runs one item against a liar, until the engine has done something with it and said `then`. Returns the drive."""
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(ward.at('pki', 'gateway.crt'), ward.at('pki', 'gateway.key'))
        drive = self.drive(port=LIAR_PORT)
        intake, = drive.add_intakes(1)
        with open(os.path.join(drive.folder, intake + '.1'), 'rb') as f:
            body = f.read()
        liar = Liar(context, lambda request: answer(intake, body))
        try:
            drive.start()
            drive.wait('put-back', 'acknowledged', 'quarantined')
            while then and not any(line.startswith(then) for line in drive.seen):
                drive.wait(*then)
            drive.drain(0.3)
            drive.stop()
        finally:
            liar.close()
        return drive

    def assertNotBelieved(self, answer, state='attention receipt'):
        drive = self.lie(answer, f'state {state}')
        self.assertEqual(len(drive.left()), 1, drive.seen)
        self.assertFalse([line for line in drive.seen if line.startswith('acknowledged')], drive.seen)

    def test_the_honest_answer_is_believed(self):
        """The liar's machinery itself is sound: with the right receipt the item is acknowledged."""
        drive = self.lie(lambda intake, body: (201, self.receipt(intake, body), {}))
        self.assertEqual(drive.left(), [], drive.seen)

    def test_no_receipt(self):
        self.assertNotBelieved(lambda intake, body: (201, b'', {}))
        self.assertNotBelieved(lambda intake, body: (200, b'thank you', {}))

    def test_for_another_intake(self):
        self.assertNotBelieved(lambda intake, body: (200, self.receipt(wire.new_intake(), body), {}))

    def test_for_another_item(self):
        self.assertNotBelieved(lambda intake, body: (200, self.receipt(intake, body, item='decision/2'), {}))

    def test_for_other_bytes(self):
        self.assertNotBelieved(lambda intake, body: (200, self.receipt(intake, body + b'x'), {}))

    def test_for_another_terminal_or_office(self):
        self.assertNotBelieved(lambda intake, body: (200, self.receipt(intake, body, terminal='T002'), {}))
        self.assertNotBelieved(lambda intake, body: (200, self.receipt(intake, body, office='131016'), {}))

    def test_by_another_key(self):
        """Also one of the same line's CA: a terminal's, the gateway's own TLS key."""
        for signer in ('terminal', 'gateway', 'policy-signer', 'terminal-stranger', 'staff/S0101-sign'):
            self.assertNotBelieved(lambda intake, body, s=signer: (201, self.receipt(intake, body, signer=s), {}))

    def test_altered_after_signing(self):
        def altered(intake, body):
            cms = bytearray(self.receipt(intake, body))
            at = cms.index(b'"sequence":1')
            cms[at + 11] = ord('2')
            return 201, bytes(cms), {}
        self.assertNotBelieved(altered)

    def test_other_answers(self):
        for status in (204, 302, 404, 500, 503):
            drive = self.lie(lambda intake, body, s=status: (s, b'<html>', {'Location': 'https://127.0.0.1:9/'}))
            self.assertEqual(len(drive.left()), 1, drive.seen)
            self.assertTrue([line for line in drive.seen if line.startswith('put-back')], drive.seen)

    def test_endless_answers(self):
        self.assertNotBelieved(lambda intake, body: (201, b'x' * 200000, {}), state='attention protocol')
        self.assertNotBelieved(lambda intake, body: (201, b'', {'X': 'x' * 60000}), state='attention protocol')


if __name__ == '__main__':
    unittest.main(verbosity=2)
