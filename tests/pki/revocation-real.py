#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""revocation-real.py JUDGE: our verdicts against the real `openssl ocsp` and real CRLs, over a real socket.

Runs inside tests/isolated, so the ports are ours alone."""

import contextlib
import http.server
import os
import re
import socket
import subprocess
import sys
import tempfile
import threading
import time
import unittest

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.join(os.path.dirname(os.path.realpath(__file__)), '..', 'world'))

import world_store  # noqa: E402

JUDGE = os.path.abspath(sys.argv[1])
POLICY = {'auth': '2.999.8.5.1.3.30', 'sign': '2.999.8.5.1.1.20'}
world = None


def pki(*names):
    return os.path.join(world, 'pki', *names)


def judge(person, *options, line='auth', test=True):
    """(verdict, source, reason, detail, seconds)"""
    before = time.monotonic()
    use = line.partition('-')[0]
    command = [JUDGE, '--anchor', pki(f'jpki-{line}-ca.crt'), '--policy', POLICY[use], *options]
    command += (['--test'] if test else []) + (['--sign'] if use == 'sign' else [])
    out = subprocess.run(command + [pki('residents', f'{person}-{use}.crt')], check=True, capture_output=True,
                         text=True, timeout=60).stdout
    verdict, source, reason, detail = out.rstrip('\n').split(' ', 3)
    return verdict, source, int(reason), detail, time.monotonic() - before


@contextlib.contextmanager
def responder(signer='ocsp', line='auth', port=8888, index=None):
    """Debian's own OCSP responder over the authority's database. It serves one caller after the other, and one that
    connects and says nothing keeps it busy for good: so it is asked whether it listens by looking, not by knocking."""
    index = index or pki('db', f'jpki-{line}-ca', 'index.txt')
    process = subprocess.Popen(['openssl', 'ocsp', '-port', str(port), '-index', index,
                                '-CA', pki(f'jpki-{line}-ca.crt'), '-rsigner', pki(signer + '.crt'), '-rkey',
                                pki(signer + '.key'), '-nmin', '10'],
                               stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        for _ in range(500):
            if listens(port):
                break
            time.sleep(0.02)
        else:
            raise AssertionError('the OCSP responder did not start')
        yield
    finally:
        process.kill()
        process.wait()


def listens(port):
    for table in ('/proc/net/tcp', '/proc/net/tcp6'):
        with open(table) as f:
            if any(re.match(rf'\s*\d+: [0-9A-F]+:{port:04X} [0-9A-F:]+ 0A ', line) for line in f):
                return True
    return False


@contextlib.contextmanager
def canned(body, status=200, kind='application/ocsp-response'):
    """A web server that gives the same bytes to everybody."""
    class Handler(http.server.BaseHTTPRequestHandler):
        def do_POST(self):
            self.rfile.read(int(self.headers['Content-Length']))
            self.send_response(status)
            self.send_header('Content-Type', kind)
            self.send_header('Content-Length', str(len(body)))
            self.end_headers()
            with contextlib.suppress(OSError):
                self.wfile.write(body)

        def log_message(self, *args):
            pass
    server = http.server.HTTPServer(('127.0.0.1', 8888), Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={'poll_interval': 0.02})
    thread.start()
    try:
        yield
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@contextlib.contextmanager
def raw(talk):
    """A socket that treats each caller as talk(connection, over) says, until over is set."""
    over = threading.Event()

    def serve(server):
        with contextlib.suppress(OSError):
            while True:
                connection, _ = server.accept()
                with connection, contextlib.suppress(OSError):
                    talk(connection, over)
    with socket.create_server(('127.0.0.1', 8888)) as server:
        thread = threading.Thread(target=serve, args=(server,))
        thread.start()
        yield
        over.set()
        server.shutdown(socket.SHUT_RDWR)
        thread.join()


def answer_without_nonce(person='tanaka', minutes=10, signer='ocsp'):
    """A pre-signed answer, as responders behind a cache give it."""
    request, reply = os.path.join(world, 'request.der'), os.path.join(world, 'reply.der')
    subprocess.run(['openssl', 'ocsp', '-issuer', pki('jpki-auth-ca.crt'), '-cert', pki('residents', f'{person}-auth.crt'),
                    '-no_nonce', '-reqout', request], check=True, capture_output=True)
    subprocess.run(['openssl', 'ocsp', '-index', pki('db', 'jpki-auth-ca', 'index.txt'), '-CA', pki('jpki-auth-ca.crt'),
                    '-rsigner', pki(signer + '.crt'), '-rkey', pki(signer + '.key'), '-nmin', str(minutes),
                    '-reqin', request, '-respout', reply], check=True, capture_output=True)
    with open(reply, 'rb') as f:
        return f.read()


def revoked_index(certificate, line):
    """The authority's database, with this certificate revoked."""
    serial = subprocess.run(['openssl', 'x509', '-in', pki('residents', certificate + '.crt'), '-noout', '-serial'], check=True,
                            capture_output=True, text=True).stdout.strip().partition('=')[2]
    with open(pki('db', f'jpki-{line}-ca', 'index.txt')) as f:
        rows = [row.split('\t') for row in f]
    for row in rows:
        if row[3] == serial:
            row[0], row[2] = 'R', '260101000000Z,superseded'
    path = os.path.join(world, 'revoked-index.txt')
    with open(path, 'w') as f:
        f.writelines('\t'.join(row) for row in rows)
    return path


CRL = '--crl', 'crl/jpki-auth.crl'


class Ocsp(unittest.TestCase):
    def assertVerdict(self, got, verdict, source, reason=-1, detail=None):
        self.assertEqual(got[:3], (verdict, source, reason), got[3])
        if detail:
            self.assertRegex(got[3], detail)

    def test_good_and_its_evidence(self):
        kept = os.path.join(world, 'evidence.der')
        with responder():
            self.assertVerdict(judge('tanaka', '--keep', kept), 'valid', 'ocsp')
        # the independent witness reads the same answer from the evidence
        out = subprocess.run(['openssl', 'ocsp', '-respin', kept, '-issuer', pki('jpki-auth-ca.crt'), '-cert',
                              pki('residents', 'tanaka-auth.crt'), '-CAfile', pki('jpki-auth-ca.crt'), '-no_nonce'],
                             capture_output=True, text=True, check=True)
        self.assertIn('tanaka-auth.crt: good', out.stdout)
        self.assertIn('Response verify OK', out.stderr)

    def test_url_of_the_certificate_and_the_other_line(self):
        with responder('ocsp-sign', 'sign', 8887):
            self.assertVerdict(judge('suzuki', line='sign'), 'valid', 'ocsp')

    def test_revoked(self):
        with responder():
            self.assertVerdict(judge('revoked'), 'revoked', 'ocsp', 1)

    def test_suspended(self):
        with responder():
            self.assertVerdict(judge('suspended'), 'suspended', 'ocsp', 6, detail='certificateHold')

    def test_next_generation(self):
        """Authority, holder, responder and its certificate on P-384: the same verdicts, the other generation's no."""
        for person in ('nextgen', 'nextgenplain'):
            with responder('ocsp-p384', 'auth-p384', 8886):
                self.assertVerdict(judge(person, line='auth-p384'), 'valid', 'ocsp')
            with responder('ocsp-sign-p384', 'sign-p384', 8885):
                self.assertVerdict(judge(person, line='sign-p384'), 'valid', 'ocsp')
            with responder('ocsp', 'auth-p384', 8886):  # the other generation's responder
                self.assertVerdict(judge(person, line='auth-p384'), 'deferred', 'none',
                                   detail='not signed by the issuer')
        with responder('ocsp-p384', 'auth-p384', 8886, revoked_index('nextgen-auth', 'auth-p384')):
            self.assertVerdict(judge('nextgen', line='auth-p384'), 'revoked', 'ocsp', 4, detail='superseded')

    def test_unknown_is_final(self):
        with responder():
            self.assertVerdict(judge('unlisted', *CRL), 'revocation-unknown', 'ocsp', detail='does not know')

    def test_foreign_expired_not_yet_production(self):
        with responder():
            self.assertVerdict(judge('foreign'), 'untrusted-issuer', 'none')
            self.assertVerdict(judge('expired'), 'expired', 'none')
            self.assertVerdict(judge('notyet'), 'not-yet-valid', 'none')
            self.assertVerdict(judge('tanaka', test=False), 'test-certificate', 'none')

    def test_wrong_signer(self):
        for signer in ('residents/tanaka-auth', 'foreign-ca', 'ocsp-sign', 'staff-ca'):
            with self.subTest(signer), responder(signer):
                self.assertVerdict(judge('tanaka'), 'deferred', 'none', detail='not signed by the issuer')
                self.assertVerdict(judge('tanaka', *CRL), 'valid', 'crl')
                self.assertVerdict(judge('revoked', *CRL), 'revoked', 'crl', 1)

    def test_authority_signs_itself(self):
        with responder('jpki-auth-ca'):
            self.assertVerdict(judge('tanaka'), 'valid', 'ocsp')

    def test_no_nonce(self):
        with canned(answer_without_nonce()):
            self.assertVerdict(judge('tanaka'), 'deferred', 'none', detail='nonce')
            self.assertVerdict(judge('tanaka', '--no-nonce'), 'valid', 'ocsp')
            self.assertVerdict(judge('suzuki', '--no-nonce'), 'deferred', 'none', detail='another certificate')

    def test_replayed_answer(self):
        kept = os.path.join(world, 'evidence.der')
        with responder():
            self.assertVerdict(judge('tanaka', '--keep', kept), 'valid', 'ocsp')
        with open(kept, 'rb') as f, canned(f.read()):
            self.assertVerdict(judge('tanaka'), 'deferred', 'none', detail='nonce')

    def test_stale(self):
        with canned(answer_without_nonce(minutes=1)):
            self.assertVerdict(judge('tanaka', '--no-nonce'), 'valid', 'ocsp')
            self.assertVerdict(judge('tanaka', '--no-nonce', '--later', '3600'), 'deferred', 'none',
                               detail='out of date')

    def test_no_answer(self):
        got = judge('tanaka')
        self.assertVerdict(got, 'deferred', 'none', detail='no answer')
        self.assertLess(got[4], 2)  # known at once: nobody waits at the counter for a responder that is not there
        self.assertVerdict(judge('tanaka', *CRL), 'valid', 'crl')

    def test_silence_ends_in_time(self):
        with raw(lambda connection, over: over.wait(30)):
            got = judge('tanaka', '--timeout', '2')
        self.assertVerdict(got, 'deferred', 'none', detail='no answer')
        self.assertLess(got[4], 6)

    def test_hang_up(self):
        for talk in (lambda connection, over: None, lambda connection, over: connection.recv(100)):
            with raw(talk):
                self.assertVerdict(judge('tanaka', '--timeout', '1'), 'deferred', 'none')

    def test_one_byte_a_second(self):
        def drip(connection, over):
            connection.recv(10000)
            while not over.wait(1):
                connection.sendall(b'H')
        with raw(drip):
            got = judge('tanaka', '--timeout', '2')
        self.assertVerdict(got, 'deferred', 'none')
        self.assertLess(got[4], 6)

    def test_rubbish(self):
        good = answer_without_nonce()
        bodies = (b'', b'\x30\x82\x01\x01', b'<html></html>', good[:-1], good + b'x', b'\x30\x03\x0a\x01\x03',
                  b'\x30\x84\x7f\xff\xff\xff' + bytes(70000), b'\x30\x83\x01\x11\x70' + bytes(70000))
        for body in bodies:
            with self.subTest(body[:16]), canned(body):
                got = judge('tanaka', '--no-nonce', '--timeout', '1')
                self.assertVerdict(got, 'deferred', 'none')
                self.assertVerdict(judge('tanaka', '--no-nonce', '--timeout', '1', *CRL), 'valid', 'crl')
        for status, kind in ((500, 'application/ocsp-response'), (200, 'text/html')):
            with canned(good, status, kind):
                self.assertVerdict(judge('tanaka', '--no-nonce', '--timeout', '1'), 'deferred', 'none')

    def test_http_that_is_not_what_it_says(self):
        """What travels around the answer: none of it makes the terminal wait, follow or believe."""
        good = answer_without_nonce()
        elsewhere = threading.Event()
        kind = b'Content-Type: application/ocsp-response\r\n'

        def length(n):
            return b'Content-Length: %d\r\n' % n

        def stream(connection, over):
            """A body without end, in pieces that make no single one of them too long."""
            piece = b'x' * 4096
            while not over.is_set():
                connection.sendall(piece)
        rows = [(b'302 Found', kind + b'Location: http://127.0.0.1:8879/\r\n' + length(0), b''),
                (b'307 Temporary Redirect', kind + b'Location: http://127.0.0.1:8879/\r\n' + length(0), b''),
                (b'200 OK', kind + b'Transfer-Encoding: chunked\r\n',
                 b'%x\r\n' % len(good) + good + b'\r\n0\r\n\r\n'),
                (b'200 OK', kind + b'Content-Encoding: gzip\r\n' + length(20), b'\x1f\x8b' + bytes(18)),
                (b'200 OK', kind + length(len(good) + 100), good),  # more is promised than comes
                (b'200 OK', kind + length(len(good) - 100), good),  # less
                (b'200 OK', kind + length(1 << 40), good),
                (b'200 OK', kind + b'Content-Length: -1\r\n', good),
                (b'200 OK', kind + b'X: ' + b'x' * 100000 + b'\r\n' + length(len(good)), good),
                (b'200 OK', kind, stream),
                (b'200 OK', kind + length(len(good)) + b'\r\n', stream)]
        for status, head, body in rows:
            def talk(connection, over, status=status, head=head, body=body):
                connection.recv(10000)
                connection.sendall(b'HTTP/1.1 ' + status + b'\r\n' + head + b'\r\n')
                body(connection, over) if callable(body) else connection.sendall(body)

            def watch(server):
                with contextlib.suppress(OSError):
                    server.accept()[0].close()
                    elsewhere.set()
            with self.subTest(status=status, head=head[41:90]), socket.create_server(('127.0.0.1', 8879)) as other:
                watcher = threading.Thread(target=watch, args=(other,))
                watcher.start()
                with raw(talk):
                    got = judge('tanaka', '--no-nonce', '--timeout', '2')
                other.shutdown(socket.SHUT_RDWR)
                watcher.join()
                self.assertVerdict(got, 'deferred', 'none')
                self.assertLess(got[4], 20)
                self.assertFalse(elsewhere.is_set(), 'followed a redirect')

    def test_https_is_not_spoken(self):
        with responder():
            self.assertVerdict(judge('tanaka', '--ocsp', 'https://127.0.0.1:8888/'), 'deferred', 'none', detail='no answer')

    def test_proxy_of_the_environment_is_not_used(self):
        os.environ['http_proxy'] = 'http://127.0.0.1:1/'
        try:
            with responder():
                self.assertVerdict(judge('tanaka'), 'valid', 'ocsp')
        finally:
            del os.environ['http_proxy']


class Crl(unittest.TestCase):
    assertVerdict = Ocsp.assertVerdict

    def test_lists(self):
        self.assertVerdict(judge('tanaka', *CRL), 'valid', 'crl')
        self.assertVerdict(judge('tanaka', '--crl', 'crl/jpki-auth.crl.pem'), 'valid', 'crl')
        self.assertVerdict(judge('revoked', *CRL), 'revoked', 'crl', 1)
        self.assertVerdict(judge('suspended', *CRL), 'suspended', 'crl', 6)
        self.assertVerdict(judge('nextgen', '--crl', 'crl/jpki-auth-p384.crl', line='auth-p384'), 'valid', 'crl')
        self.assertVerdict(judge('nextgen', *CRL, line='auth-p384'), 'deferred', 'none')
        self.assertVerdict(judge('tanaka', '--crl', 'crl-stale/jpki-auth.crl'), 'deferred', 'none')
        self.assertVerdict(judge('revoked', '--crl', 'crl-stale/jpki-auth.crl'), 'deferred', 'none')
        self.assertVerdict(judge('tanaka', '--crl', 'crl/jpki-sign.crl'), 'deferred', 'none')
        self.assertVerdict(judge('suzuki', '--crl', 'crl/jpki-sign.crl', line='sign'), 'valid', 'crl')
        self.assertVerdict(judge('tanaka', *CRL, '--later', str(3 * 86400)), 'deferred', 'none')

    def test_altered_list(self):
        with open(os.path.join(world, 'crl/jpki-auth.crl'), 'rb') as f:
            crl = bytearray(f.read())
        serial = subprocess.run(['openssl', 'x509', '-in', pki('residents', 'revoked-auth.crt'), '-noout', '-serial'],
                                check=True, capture_output=True, text=True).stdout
        wanted = bytes.fromhex(re.search('=(.*)', serial)[1])
        at = crl.find(wanted)
        self.assertGreater(at, 0)
        crl[at + len(wanted) - 1] ^= 0x40
        path = os.path.join(world, 'altered.crl')
        with open(path, 'wb') as f:
            f.write(crl)
        self.assertVerdict(judge('revoked', '--crl', path), 'deferred', 'none', detail='signature')


def main():
    global world
    with tempfile.TemporaryDirectory(prefix='madoguchi-ocsp-') as scratch:
        world = os.path.join(scratch, 'world')
        world_store.make(world)
        os.chdir(world)
        result = unittest.main(argv=[sys.argv[0], '-v'], exit=False).result
    sys.exit(not result.wasSuccessful())


main()
