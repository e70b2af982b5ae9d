#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""The gateway and whoever else connects: wrong TLS, wrong HTTP, too slow, too large, half a request.
Run inside tests/isolated."""

import contextlib
import json
import os
import socket
import sqlite3
import ssl
import sys
import time
import unittest

sys.dont_write_bytecode = True

import gate  # noqa: E402
import wire  # noqa: E402
import world  # noqa: E402
from gate import ward  # noqa: E402


class Recorded(gate.GatewayCase):
    """Whoever is turned away before a request is looked at: each has an end, a count and a record in the chain, and the
    next terminal is served."""

    @classmethod
    def setUpClass(cls):
        ward.stop_gateway()  # a new one has not used up what it records of strangers in a minute
        ward.start_gateway()

    def plain(self, data):
        """Bytes on a connection without TLS; returns when the other end has closed it."""
        with socket.create_connection(('127.0.0.1', wire.PORT), 60) as line:
            try:
                line.sendall(data)
                while line.recv(4096):
                    pass
            except ConnectionError:
                pass

    def tls(self, data=b'', **how):
        try:
            return ward.raw(data, **how)
        except (ssl.SSLError, ConnectionError):
            return b''

    @contextlib.contextmanager
    def connect(self):
        with socket.create_connection(('127.0.0.1', wire.PORT), 60) as plain:
            with ward.context().wrap_socket(plain, server_hostname='127.0.0.1') as line:
                yield line

    def half(self, data):
        """Bytes over good TLS, and then nobody is there any more."""
        with self.connect() as line:
            line.sendall(data)

    def hello(self):
        """The first bytes of an honest handshake."""
        incoming, outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
        line = ward.context().wrap_bio(incoming, outgoing, server_hostname='127.0.0.1')
        with self.assertRaises(ssl.SSLWantReadError):
            line.do_handshake()
        return outgoing.read()

    def expect(self, code, metric, act, *args, **how):
        last = gate.rows('SELECT max (seq) FROM audit')[0][0]
        before = ward.metrics()[metric]
        act(*args, **how)
        world.wait_until(lambda: ward.metrics()[metric] > before, metric)
        rows = gate.rows("SELECT event, outcome, detail FROM audit WHERE seq > ? AND detail LIKE 'terminal=- %'", last)
        self.assertEqual([row[:2] for row in rows], [('refuse', 'refused')], rows)
        self.assertRegex(rows[0][2], rf'^terminal=- what=[A-Za-z0-9-]+ code={code}$')
        self.assertEqual(ward.request('GET', '/healthz')[0], 200)
        return rows[0][2]

    def test_no_tls(self):
        for data in (b'GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n', b'\x00' * 64, b'\x16\x03\x01\xff\xff' + b'\xaa' * 4000,
                     b'SSH-2.0-OpenSSH_9.2\r\n', b'\x16\x03\x01\x00\x05' + b'\x01\x00\x00\x01\x00'):
            with self.subTest(data=data[:16]):
                self.expect('tls-refused', 'madoguchi_tls_refused_total', self.plain, data)

    def test_no_certificate(self):
        self.expect('tls-refused', 'madoguchi_tls_refused_total', self.tls, name=None)

    def test_a_certificate_of_another_ca(self):
        said = self.expect('tls-refused', 'madoguchi_tls_refused_total', self.tls, name='terminal-stranger')
        self.assertIn('unknown-CA', said)

    def test_a_certificate_that_is_over(self):
        gate.issue('terminal-over', '20200101000000Z', '20200201000000Z')
        said = self.expect('tls-refused', 'madoguchi_tls_refused_total', self.tls, name='terminal-over')
        self.assertIn('certificate-expired', said)

    def test_nothing_or_half_a_handshake(self):
        for data in (b'', self.hello()[:100], self.hello()):
            with self.subTest(size=len(data)):
                said = self.expect('too-slow', 'madoguchi_too_slow_total', self.plain, data)
                self.assertIn('handshake', said)

    def test_a_slow_head_and_a_slow_body(self):
        head = b'PUT /v1/intakes/' + wire.new_intake().encode() + b' HTTP/1.1\r\nHost: gateway\r\n'
        for data, pause in ((head, 0), (head + b'Content-Length: 5000\r\n\r\n' + b'a' * 100, 0),
                            (b'GET /healthz HTTP/1.1\r\nHost: gateway\r\nX-Slow: ' + b'a' * 400, 0.1)):
            with self.subTest(size=len(data), pause=pause):
                said = self.expect('too-slow', 'madoguchi_too_slow_total', self.tls, data, pause=pause)
                self.assertIn('request', said)

    def test_a_large_body_on_a_narrow_line(self):
        """It takes longer than a request may, and arrives; when nothing more comes, it is over within that time."""
        head = b'PUT /v1/intakes/' + wire.new_intake().encode() + b' HTTP/1.1\r\nHost: gateway\r\n'
        piece, pieces = b'a' * 65536, 4 * gate.REQUEST_TIMEOUT
        slow = ward.metrics()['madoguchi_too_slow_total']
        with self.connect() as line:
            line.sendall(head + b'Content-Length: %d\r\n\r\n' % (len(piece) * pieces))
            for _ in range(pieces):
                line.sendall(piece)
                time.sleep(0.5)
            answer = line.recv(12)
        self.assertTrue(answer.startswith(b'HTTP/1.1 4') and not answer.endswith(b'408'), answer)
        self.assertEqual(ward.metrics()['madoguchi_too_slow_total'], slow)

        def stall():
            with self.connect() as line:
                line.sendall(head + b'Content-Length: 30000000\r\n\r\n' + piece * 100)
                self.assertTrue(line.recv(12).endswith(b'408'))
        self.expect('too-slow', 'madoguchi_too_slow_total', stall)

    def test_a_line_without_end(self):
        """It has neither a head nor the size of a piece: over with what a head may have, or before."""
        first = b'PUT /v1/intakes/' + wire.new_intake().encode() + b' HTTP/1.1\r\nHost: gateway\r\n'
        for start in (b'', b'GET /', first + b'X-Long: '):
            with self.subTest(start=start[-20:]):
                self.expect('not-http', 'madoguchi_not_http_total', self.tls, start + b'0' * 200000)
        got = ward.raw(first + b'Transfer-Encoding: chunked\r\n\r\n' + b'0' * 200000)
        self.assertIn(b'"code":"malformed-request"', got)

    def test_half_a_request(self):
        head = b'PUT /v1/intakes/' + wire.new_intake().encode() + b' HTTP/1.1\r\nHost: gateway\r\n'
        for data in (head[:30], head, head + b'Content-Length: 5000\r\n\r\n' + b'a' * 4999):
            with self.subTest(size=len(data)):
                self.expect('cut-off', 'madoguchi_cut_off_total', self.half, data)

    def test_a_whole_request_is_not_cut_off(self):
        before = ward.metrics()['madoguchi_cut_off_total']
        self.half(b'GET /healthz HTTP/1.1\r\nHost: gateway\r\n\r\n')
        self.half(b'')
        self.expect('cut-off', 'madoguchi_cut_off_total', self.half, b'GET')
        self.assertEqual(ward.metrics()['madoguchi_cut_off_total'], before + 1)

    def test_too_large(self):
        """By whoever is known by name, and is answered before it has been taken in."""
        intake = wire.new_intake()
        self.assertProblem(ward.put_intake(intake, bytes(33 << 20)), 413, 'too-large')
        self.assertEqual(gate.rows('SELECT event, outcome, object_id, detail FROM audit ORDER BY seq DESC LIMIT 1'),
                         [('refuse', 'refused', intake, 'terminal=T001 what=PUT:intake code=too-large')])

    def test_no_http(self):
        for data in (b'\x00\x01\x02\x03\r\n\r\n', b'HELO gateway\r\n\r\n'):
            with self.subTest(data=data):
                self.expect('not-http', 'madoguchi_not_http_total', self.tls, data)

    def test_unregistered_and_retired(self):
        """With a good certificate of the line, so that it is known by name."""
        gate.issue('terminal-retired', '20260101000000Z', '20450101000000Z', terminal='T009')
        policy = ward.current_policy()
        known = policy['terminals'][:]
        policy['terminals'] = known + [{**known[0], 'id': 'T009', 'serial': 9, 'keys': [ward.key_of('terminal-retired')]}]
        version, digest = ward.install_policy(policy)
        intake = wire.new_intake()
        body = ward.intake(intake, terminal='T009', receipt_number=wire.receipt_number(1, serial=9), policy=version, policy_digest=digest)
        self.assertEqual(ward.put_intake(intake, body, name='terminal-retired')[0], 201)
        policy['terminals'] = known
        ward.install_policy(policy)
        for name, terminal in (('terminal-retired', 'T009'), ('terminal-unregistered', None)):
            for answer in (ward.put_intake(intake, body, name=name), ward.request('GET', '/v1/policy', name=name)):
                self.assertProblem(answer, 403, 'terminal-unregistered')
            rows = gate.rows('SELECT outcome, detail FROM audit ORDER BY seq DESC LIMIT 2')
            self.assertEqual([outcome for outcome, _ in rows], ['refused'] * 2)
            for _, detail in rows:
                self.assertRegex(detail, rf'^terminal={terminal or "[A-Z0-9]+"} what=\S+ code=terminal-unregistered$')


class TwoBodies(gate.GatewayCase):
    """R-PRIV-14, R-GW-06: what is of one body is not there for another, not even for one whose key the policy has by mistake."""

    @classmethod
    def setUpClass(cls):
        ward.stop_gateway()  # a new one has not used up what it records of refusals in a minute
        ward.start_gateway()

    def test_nothing_across(self):
        gate.issue('terminal-other-body', '20260101000000Z', '20450101000000Z', office='131016')
        policy = ward.current_policy()
        policy['terminals'][0]['keys'].append(ward.key_of('terminal-other-body'))
        ward.install_policy(policy)
        intake, others = wire.new_intake(), wire.new_intake()
        ours, theirs = ward.intake(intake), ward.intake(others, office='131016')
        self.assertEqual(ward.put_intake(intake, ours)[0], 201)
        decision = ward.decision(ours)
        number = wire.receipt_number(ward.count - 1)
        stored, last = self.stored(), gate.rows('SELECT max (seq) FROM audit')[0][0]
        calls = (lambda **how: ward.put_intake(intake, ours, **how), lambda **how: ward.put_intake(others, theirs, **how),
                 lambda **how: ward.put_decision(intake, 2, decision, **how),
                 lambda **how: ward.request('GET', '/v1/policy', **how), lambda **how: ward.request('GET', '/v1/notices/1', **how),
                 lambda **how: ward.request('GET', f'/v1/letters/{number}', **how))
        for n, call in enumerate(calls):
            with self.subTest(n):
                answer = call(name='terminal-other-body')
                self.assertProblem(answer, 403, 'terminal-unregistered')
                for word in (intake, number, 'あおぞら'):
                    self.assertNotIn(word.encode(), answer[2])
        self.assertEqual(self.stored(), stored)
        rows = gate.rows('SELECT outcome, detail FROM audit WHERE seq > ? ORDER BY seq', last)
        self.assertEqual(len(rows), len(calls), rows)
        for outcome, detail in rows:
            self.assertEqual(outcome, 'refused')
            self.assertIn('code=terminal-unregistered', detail)
        # Nor does a terminal of ours bring in what is of the other body; what is its own goes on.
        self.assertProblem(ward.put_intake(others, theirs), 403, 'office-mismatch')
        self.assertIn('code=office-mismatch', gate.rows('SELECT detail FROM audit ORDER BY seq DESC LIMIT 1')[0][0])
        self.assertEqual(ward.put_decision(intake, 2, decision)[0], 201)

    def test_a_notice_of_the_other_body(self):
        """Under one number, for a terminal of the same name."""
        with contextlib.closing(sqlite3.connect(ward.at('gateway', 'ledger.db'), timeout=10)) as db, db:
            db.execute('INSERT INTO ledger_notices (office, terminal, number, intake, officer, reason, time, digest, body)'
                       " VALUES ('131016', 'T001', 1, ?, 'B0002', 'wrong-entry', '2026-11-22T05:00:00.123Z', '', x'00')",
                       (wire.new_intake(),))
        self.assertEqual(ward.request('GET', '/v1/notices/1')[::2], (204, b''))
        self.assertEqual(gate.rows("SELECT fetched FROM ledger_notices WHERE office = '131016'"), [(None,)])


class Tls(gate.GatewayCase):
    """F10, X21: refused before a request is looked at."""

    def refused(self, **how):
        before = ward.metrics()['madoguchi_tls_refused_total']
        try:
            got = ward.raw(b'GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n', **how)
        except (ssl.SSLError, ConnectionError):
            got = b''
        self.assertEqual(got, b'')
        world.wait_until(lambda: ward.metrics()['madoguchi_tls_refused_total'] > before, 'the refusal is counted')
        self.assertEqual(ward.metrics()['madoguchi_tls_refused_total'], before + 1)

    def test_without_a_client_certificate(self):
        self.refused(name=None)

    def test_a_certificate_of_another_ca(self):
        self.refused(name='terminal-stranger')

    def test_tls_1_2(self):
        self.refused(version=ssl.TLSVersion.TLSv1_2)

    def test_an_expired_certificate(self):
        gate.issue('terminal-expired', '20200101000000Z', '20200201000000Z')
        self.refused(name='terminal-expired')

    def test_a_certificate_not_yet_valid(self):
        gate.issue('terminal-early', '20990101000000Z', '20990201000000Z')
        self.refused(name='terminal-early')

    def test_a_servers_certificate_as_a_client(self):
        self.refused(name='gateway')

    def test_plain_http(self):
        with socket.create_connection(('127.0.0.1', wire.PORT), 90) as line:
            line.sendall(b'GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n')
            got = b''
            try:
                while more := line.recv(4096):
                    got += more
            except ConnectionError:
                pass
        self.assertNotIn(b'HTTP/', got)

    def test_no_session_to_resume_and_no_early_data(self):
        context = ward.context()
        with socket.create_connection(('127.0.0.1', wire.PORT), 90) as plain:
            with context.wrap_socket(plain, server_hostname='127.0.0.1') as line:
                line.sendall(b'GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n')
                self.assertIn(b'200', line.recv(4096))
                self.assertFalse(line.session and line.session.has_ticket)
                self.assertEqual(line.version(), 'TLSv1.3')


class Http(gate.GatewayCase):
    """X23: what two readers could understand in two ways, what is too large, what never ends."""

    HOST = b'Host: gateway\r\n'

    def status(self, data, **how):
        got = ward.raw(data, **how)
        return int(got.split(b' ')[1]) if got.startswith(b'HTTP/1.1 ') else None, got

    def put_head(self, *lines):
        return b'PUT /v1/intakes/' + wire.new_intake().encode() + b' HTTP/1.1\r\n' + self.HOST + \
            b''.join(line + b'\r\n' for line in lines)

    def test_two_content_lengths(self):
        for second in (b'5', b'6'):
            status, got = self.status(self.put_head(b'Content-Length: 5', b'Content-Length: ' + second) + b'\r\nhello')
            self.assertEqual(status, 400, got)

    def test_two_requests_at_once(self):
        """Nobody sends the next before the answer: the first is answered, and the connection ends."""
        one = b'GET /healthz HTTP/1.1\r\n' + self.HOST + b'\r\n'
        for data in (one + one, self.put_head(b'Content-Length: 5') + b'\r\nhello' + one):
            status, got = self.status(data)
            self.assertEqual(got.count(b'HTTP/1.1 '), 1, got)
            self.assertIn(b'Connection: close', got)

    def test_a_body_where_none_belongs(self):
        status, got = self.status(b'GET /healthz HTTP/1.1\r\n' + self.HOST + b'Content-Length: 40\r\n\r\n'
                                  b'GET /metrics HTTP/1.1\r\n' + self.HOST + b'\r\n')
        self.assertEqual((status, got.count(b'HTTP/1.1 ')), (400, 1), got)

    def test_content_length_and_transfer_encoding(self):
        status, got = self.status(self.put_head(b'Content-Length: 5', b'Transfer-Encoding: chunked') +
                                  b'\r\n0\r\n\r\nGET /healthz HTTP/1.1\r\n' + self.HOST + b'\r\n')
        self.assertEqual(status, 400, got)
        self.assertEqual(got.count(b'HTTP/1.1 '), 1, got)
        self.assertNotIn(b'serving', got)

    def test_chunked_is_not_taken(self):
        status, got = self.status(self.put_head(b'Transfer-Encoding: chunked') + b'\r\n5\r\nhello\r\n0\r\n\r\n')
        self.assertEqual(status, 400, got)

    def test_chunk_size_overflow(self):
        status, got = self.status(self.put_head(b'Transfer-Encoding: chunked') + b'\r\nffffffffffffffffff\r\nhello')
        self.assertIn(status, (400, 413, None), got)
        self.assertNotIn(b' 200 ', got)

    def test_odd_lengths(self):
        for length in (b'+5', b'-5', b'0x5', b'5 5', b'5,5', b'99999999999999999999', b''):
            status, got = self.status(self.put_head(b'Content-Length: ' + length) + b'\r\nhello')
            self.assertIn(status, (400, 411, 413, 408), (length, got))

    def test_without_a_length(self):
        status, got = self.status(self.put_head(b'Connection: close') + b'\r\n')
        self.assertIn(status, (400, 411, 408), got)

    def test_folded_header(self):
        status, got = self.status(self.put_head(b'Content-Length:', b' 5') + b'\r\nhello')
        self.assertEqual(status, 400, got)

    def test_host_missing_or_twice(self):
        for hosts in (b'', self.HOST + self.HOST):
            status, got = self.status(b'GET /healthz HTTP/1.1\r\n' + hosts + b'\r\n')
            self.assertEqual(status, 400, got)

    def test_a_megabyte_of_header(self):
        status, got = self.status(b'GET /healthz HTTP/1.1\r\n' + self.HOST + b'X: ' + b'a' * (1 << 20) + b'\r\n\r\n')
        self.assertIn(status, (400, 413, 431, None), got)
        self.assertNotIn(b' 200 ', got)

    def test_what_is_no_http(self):
        before = ward.metrics()['madoguchi_not_http_total']
        for data in (b'\x00\x01\x02\x03\r\n\r\n', b'GET\r\n\r\n', b'HELO gateway\r\n\r\n', b'GET /healthz HTTP/9.9\r\n\r\n',
                     os.urandom(5000) + b'\r\n\r\n'):
            status, got = self.status(data)
            self.assertNotEqual(status, 200, (data[:40], got))
        self.assertGreater(ward.metrics()['madoguchi_not_http_total'], before)

    def test_places_and_methods(self):
        intake = wire.new_intake()
        for path in ('/', '/v1', '/v1/policy/', '/v1/policy?a', '/healthz/..', f'/v1/intakes/{intake}/decisions/1',
                     f'/v1/intakes/{intake.upper()}', '/%2e', 'https://127.0.0.1:8443/healthz'):
            self.assertProblem(ward.request('GET', path), 404, 'not-found')
        for method, path in (('GET', f'/v1/intakes/{intake}'), ('PUT', '/v1/policy'), ('POST', '/healthz'),
                             ('DELETE', f'/v1/intakes/{intake}')):
            self.assertProblem(ward.request(method, path, body=b'' if method == 'PUT' else None), 405, 'method-not-allowed')

    def test_oversized(self):
        intake = wire.new_intake()
        self.assertEqual(ward.put_intake(intake, bytes(34 << 20))[0], 413)
        status, got = self.status(self.put_head(b'Content-Length: 40000000') + b'\r\n' + b'a' * 100000)
        self.assertEqual(status, 413, got[:200])
        self.assertProblem(ward.put_decision(intake, 2, b' ' * 300000), 413, 'too-large')

    def test_one_byte_now_and_then(self):
        begin = time.monotonic()
        got = ward.raw(b'GET /healthz HTTP/1.1\r\n' + self.HOST + b'X-Slow: ' + b'a' * 1000, pause=0.1)
        self.assertLess(time.monotonic() - begin, 90, 'all of it was taken')
        self.assertTrue(got == b'' or b' 408 ' in got, got)

    def test_a_header_without_end(self):
        status, got = self.status(b'GET /healthz HTTP/1.1\r\n' + self.HOST)
        self.assertEqual(status, 408, got)
        self.assertIn(b'"code":"timeout"', got)
        head, body = got.split(b'\r\n\r\n', 1)
        self.assertEqual(json.loads(body)['status'], 408)
        self.assertIn(f'Content-Length: {len(body)}'.encode(), head)

    def test_many_silent_connections(self):
        """More than may be: the others wait, none hangs for ever, and an honest terminal is served."""
        lines = []
        try:
            for _ in range(gate.MAX_CONNECTIONS * 3):
                lines.append(socket.create_connection(('127.0.0.1', wire.PORT), 90))
            world.wait_until(self.is_served, 'an honest terminal')
        finally:
            for line in lines:
                line.close()
        self.assertGreater(ward.metrics()['madoguchi_too_slow_total'], 0)

    def is_served(self):
        try:
            return ward.request('GET', '/healthz')[0] == 200
        except (OSError, ssl.SSLError):
            return False

    def test_memory_stays_small(self):
        with open(f'/proc/{ward.world.processes["gateway"].pid}/status') as f:
            rss = next(int(line.split()[1]) for line in f if line.startswith('VmRSS'))
        limit = 400_000 if 'address' in os.environ.get('MADOGUCHI_SANITIZERS', '') else 96_000
        self.assertLess(rss, limit, 'KiB')


if __name__ == '__main__':
    unittest.main(verbosity=2)
