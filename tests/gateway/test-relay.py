#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Questions about revocation that the gateway brings further: a real responder, and ones that are away, slow or hostile.
Run inside tests/isolated."""

import atexit
import contextlib
import os
import socket
import subprocess
import sys
import threading
import time
import unittest

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.join(os.path.dirname(os.path.realpath(__file__)), '..', 'protocol'))

import wire  # noqa: E402
import world  # noqa: E402

QUESTION = 'application/ocsp-request'
TIMEOUT = 10
RESPONDER, LISTS = 8888, 8889

ward = wire.Ward()
atexit.register(ward.world.close)
with open(ward.at('gateway', 'gateway.ini'), 'a', encoding='utf-8') as ini:
    ini.write(f'[revocation]\nocsp_url=http://127.0.0.1:{RESPONDER}/\ntimeout={TIMEOUT}\n'
              f'[crls]\njpki-auth.crl=http://127.0.0.1:{LISTS}/lists/auth?now\n')
ward.start_gateway()


def serial(person):
    run = subprocess.run(['openssl', 'x509', '-in', ward.at('pki', 'residents', f'{person}-auth.crt'), '-noout', '-serial'],
                         check=True, capture_output=True, text=True)
    return run.stdout.strip().split('=')[1]


def question(person='tanaka'):
    path = ward.at('run', 'question.der')
    subprocess.run(['openssl', 'ocsp', '-issuer', ward.at('pki', 'jpki-auth-ca.crt'), '-cert',
                    ward.at('pki', 'residents', f'{person}-auth.crt'), '-reqout', path], check=True, capture_output=True)
    with open(path, 'rb') as f:
        return f.read()


class Stranger:
    """Somebody at a port who does with each connection what `play(line)` does."""

    def __init__(self, play, port=RESPONDER):
        self.play, self.lines = play, []
        self.socket = socket.create_server(('127.0.0.1', port))
        self.thread = threading.Thread(target=self.serve)
        self.thread.start()

    def serve(self):
        with contextlib.suppress(OSError):
            while True:
                line, _ = self.socket.accept()
                self.lines.append(line)
                threading.Thread(target=self.one, args=(line,), daemon=True).start()

    def one(self, line):
        with contextlib.suppress(OSError):
            line.recv(65536)
            self.play(line)
            line.close()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.socket.shutdown(socket.SHUT_RDWR)
        self.socket.close()
        for line in self.lines:
            line.close()
        self.thread.join()


def says(head, body=b'', length=None):
    def play(line):
        size = len(body) if length is None else length
        line.sendall(head.encode() + f'\r\nContent-Length: {size}\r\n\r\n'.encode() + body)
    return play


def silent(line):
    line.recv(1)


def drip(line):
    for byte in b'HTTP/1.1 200 OK\r\nContent-Length: 5000\r\n\r\n' + bytes(5000):
        line.sendall(bytes((byte,)))
        time.sleep(0.2)


class Relay(unittest.TestCase):
    def tearDown(self):
        ward.world.check('gateway')

    def ask(self, body=None, content_type=QUESTION, **how):
        return ward.request('POST', '/v1/ocsp', question() if body is None else body, {'Content-Type': content_type}, **how)

    def assertProblem(self, answer, status, code):
        self.assertEqual(wire.problem(answer), (status, code))

    def test_a_real_responder(self):
        ward.world.start_ocsp(['auth'])
        self.addCleanup(ward.world.stop, 'ocsp-auth')
        before = ward.metrics()['madoguchi_relayed_total']
        for person, word in (('tanaka', 'good'), ('revoked', 'revoked')):
            status, headers, body = self.ask(question(person))
            self.assertEqual((status, headers['Content-Type']), (200, 'application/ocsp-response'), body)
            self.assertIsNotNone(headers['Madoguchi-Nonce'])
            path = ward.at('run', 'answer.der')
            with open(path, 'wb') as f:
                f.write(body)
            ca = ward.at('pki', 'jpki-auth-ca.crt')
            run = subprocess.run(['openssl', 'ocsp', '-respin', path, '-issuer', ca, '-cert',
                                  ward.at('pki', 'residents', f'{person}-auth.crt'), '-CAfile', ca, '-no_nonce'], check=True,
                                 capture_output=True, text=True)
            self.assertIn(f'{person}-auth.crt: {word}', run.stdout)
        self.assertEqual(ward.metrics()['madoguchi_relayed_total'], before + 2)
        # whose certificate it was stands nowhere
        told = ward.world.log_of('gateway').upper()
        with open(ward.at('gateway', 'ledger.db'), 'rb') as f:
            stored = f.read().upper()
        for person in ('tanaka', 'revoked'):
            self.assertNotIn(serial(person), told)
            self.assertNotIn(serial(person).encode(), stored)
            self.assertNotIn(bytes.fromhex(serial(person)).upper(), stored)

    def test_on_one_connection(self):
        """The line is kept: a question is one request among others."""
        ward.world.start_ocsp(['auth'])
        self.addCleanup(ward.world.stop, 'ocsp-auth')
        line = ward.connect()
        self.addCleanup(line.close)
        for _ in range(3):
            self.assertEqual(self.ask(connection=line)[0], 200)
            self.assertEqual(ward.request('GET', '/v1/policy', connection=line)[0], 200)

    def test_who_and_what(self):
        good = question()
        self.assertProblem(self.ask(good, name='terminal-unregistered'), 403, 'terminal-unregistered')
        self.assertProblem(ward.request('GET', '/v1/crls/jpki-auth.crl', name='terminal-unregistered'), 403, 'terminal-unregistered')
        self.assertProblem(self.ask(good[:-1]), 400, 'malformed-request')
        self.assertProblem(self.ask(good + b'x'), 400, 'malformed-request')
        self.assertProblem(self.ask(b'GET / HTTP/1.1\r\n\r\n'), 400, 'malformed-request')
        self.assertProblem(self.ask(b''), 400, 'malformed-request')
        self.assertProblem(self.ask(bytes(5000)), 413, 'too-large')
        self.assertProblem(self.ask(good, 'application/json'), 415, 'media-type')
        self.assertProblem(ward.request('GET', '/v1/ocsp'), 405, 'method-not-allowed')
        self.assertProblem(ward.request('POST', '/v1/policy', b''), 405, 'method-not-allowed')
        for path in ('/v1/ocsp/', '/v1/crls/', '/v1/crls/a/b', '/v1/crls/.x', '/v1/crls/A', '/v1/crls/%2e', '/v1/crls/a?b'):
            self.assertProblem(ward.request('GET', path), 404, 'not-found')
        self.assertProblem(ward.request('GET', '/v1/crls/other.crl'), 404, 'relay-unset')

    def test_nobody_there(self):
        self.assertProblem(self.ask(), 502, 'responder-away')
        self.assertProblem(ward.request('GET', '/v1/crls/jpki-auth.crl'), 502, 'responder-away')

    def test_strangers(self):
        ok = 'HTTP/1.1 200 OK'
        for name, play, code in (
                ('rubbish', says(ok, b'<html>'), 'responder-strange'), ('empty', says(ok), 'responder-strange'),
                ('error', says('HTTP/1.1 500 Oops', b'x'), 'responder-strange'),
                ('elsewhere', says('HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:9/', b''), 'responder-strange'),
                ('too long', says(ok, bytes(70000)), 'responder-away'), ('cut', says(ok, b'x', 500), 'responder-away'),
                ('no HTTP', lambda line: line.sendall(b'220 mail\r\n\r\n'), 'responder-away'),
                ('hangs up', lambda line: None, 'responder-away'),
                ('endless head', lambda line: line.sendall(b'HTTP/1.1 200 OK\r\nX: ' + b'x' * 70000), 'responder-away')):
            with self.subTest(name), Stranger(play):
                self.assertProblem(self.ask(), 502, code)

    def test_slow_ones_hold_nobody_up(self):
        """Their time is over some day, and everybody else is served meanwhile; one terminal has four questions at most."""
        for play in (silent, drip):
            with self.subTest(play.__name__), Stranger(play) as stranger:
                good, answers, intake = question(), [], wire.new_intake()
                body = ward.intake(intake)
                threads = [threading.Thread(target=lambda: answers.append(self.ask(good))) for _ in range(4)]
                for thread in threads:
                    thread.start()
                world.wait_until(lambda: len(stranger.lines) == 4, 'four questions')
                self.assertProblem(self.ask(good), 503, 'relay-busy')
                self.assertEqual(ward.request('GET', '/healthz')[0], 200)
                self.assertEqual(ward.put_intake(intake, body)[0], 201)
                self.assertEqual(answers, [])
                for thread in threads:
                    thread.join()
                self.assertEqual([wire.problem(answer) for answer in answers], [(502, 'responder-away')] * 4)
        ward.world.start_ocsp(['auth'])
        self.addCleanup(ward.world.stop, 'ocsp-auth')
        self.assertEqual(self.ask()[0], 200)

    def test_a_terminal_that_leaves(self):
        with Stranger(silent) as stranger:
            good = question()
            line = ward.connect()
            line.request('POST', '/v1/ocsp', good, {'Content-Type': QUESTION})
            world.wait_until(lambda: len(stranger.lines) == 1, 'the question')
            before = ward.metrics()['madoguchi_refused_total{code="responder-away"}']
            line.close()
            world.wait_until(lambda: ward.metrics()['madoguchi_refused_total{code="responder-away"}'] > before, 'its end')

    def test_lists(self):
        with open(ward.at('crl', 'jpki-auth.crl'), 'rb') as f:
            good = f.read()
        with Stranger(says('HTTP/1.1 200 OK', good), LISTS):
            status, headers, body = ward.request('GET', '/v1/crls/jpki-auth.crl')
            self.assertEqual((status, headers['Content-Type'], body), (200, 'application/pkix-crl', good))
        long = bytes(range(256)) * 20000
        with Stranger(says('HTTP/1.1 200 OK', long), LISTS):
            self.assertEqual(ward.request('GET', '/v1/crls/jpki-auth.crl')[2], long)
        with Stranger(says('HTTP/1.1 200 OK', b'x', 17 << 20), LISTS):
            self.assertProblem(ward.request('GET', '/v1/crls/jpki-auth.crl'), 502, 'responder-away')

    def test_the_end_does_not_wait(self):
        """A gateway that is stopped while it asks stops."""
        with Stranger(silent) as stranger:
            line = ward.connect()
            line.request('POST', '/v1/ocsp', question(), {'Content-Type': QUESTION})
            world.wait_until(lambda: len(stranger.lines) == 1, 'the question')
            process = ward.world.processes['gateway']
            ward.stop_gateway()
            self.assertEqual(process.returncode, 0, ward.world.log_of('gateway')[-2000:])
            line.close()
        ward.start_gateway()


@contextlib.contextmanager
def gateway_with(lines):
    """The gateway, with this in place of its sections about revocation."""
    path = ward.at('gateway', 'gateway.ini')
    with open(path, encoding='utf-8') as f:
        before = f.read()
    ward.stop_gateway()
    try:
        with open(path, 'w', encoding='utf-8') as f:
            f.write(before.partition('[revocation]')[0] + lines)
        ward.start_gateway()
        yield
    finally:
        ward.stop_gateway()
        with open(path, 'w', encoding='utf-8') as f:
            f.write(before)
        ward.start_gateway()


class Responders(unittest.TestCase):
    """Who is asked goes by whose certificate it is: line and generation, whose authorities share a name."""

    LINES = {'auth': ('jpki-auth-ca', 'tanaka-auth'), 'sign': ('jpki-sign-ca', 'tanaka-sign'),
             'auth-p384': ('jpki-auth-p384-ca', 'nextgen-auth'), 'sign-p384': ('jpki-sign-p384-ca', 'nextgen-sign')}

    def ask(self, ca, certificate, *more):
        path = ward.at('run', 'question.der')
        ca, certificate = ward.at('pki', ca + '.crt'), ward.at('pki', 'residents', certificate + '.crt')
        subprocess.run(['openssl', 'ocsp', *more, '-issuer', ca, '-cert', certificate, '-reqout', path], check=True,
                       capture_output=True)
        with open(path, 'rb') as f:
            answer = ward.request('POST', '/v1/ocsp', f.read(), {'Content-Type': QUESTION})
        if answer[0] != 200:
            return wire.problem(answer)
        path = ward.at('run', 'answer.der')
        with open(path, 'wb') as f:
            f.write(answer[2])
        run = subprocess.run(['openssl', 'ocsp', '-respin', path, *more, '-issuer', ca, '-cert', certificate, '-CAfile', ca,
                              '-no_nonce'], check=False, capture_output=True, text=True)
        return 'good' if run.returncode == 0 and '.crt: good' in run.stdout else run.stdout + run.stderr

    def settings(self, names, default=None):
        facts = ward.world.facts['ocsp']
        lines = '[revocation]\n' + (f'ocsp_url={facts[default]["url"]}\n' if default else '')
        for name in names:
            lines += f'[responder {name}]\nurl={facts[name]["url"]}\nissuers={ward.at("pki", self.LINES[name][0] + ".crt")}\n'
        return lines

    def test_each_has_its_own(self):
        ward.world.start_ocsp()
        self.addCleanup(ward.world.stop_ocsp)
        with gateway_with(self.settings(self.LINES)):
            for name, (ca, certificate) in self.LINES.items():
                for kind in ((), ('-sha256',)):
                    with self.subTest(name, kind=kind):
                        self.assertEqual(self.ask(ca, certificate, *kind), 'good')
            # The same name, the other generation's key; and an authority that nobody answers for.
            self.assertNotEqual(self.ask('jpki-auth-p384-ca', 'tanaka-auth'), 'good')
            self.assertEqual(self.ask('foreign-ca', 'tanaka-auth'), (404, 'relay-unset'))
        with gateway_with(self.settings(['auth-p384'], default='auth')):
            self.assertEqual(self.ask(*self.LINES['auth']), 'good')
            self.assertEqual(self.ask(*self.LINES['auth-p384']), 'good')

    def test_only_that_one_is_away(self):
        ward.world.start_ocsp(['auth'])
        self.addCleanup(ward.world.stop, 'ocsp-auth')
        with gateway_with(self.settings(self.LINES)):
            self.assertEqual(self.ask(*self.LINES['sign']), (502, 'responder-away'))
            self.assertEqual(self.ask(*self.LINES['auth']), 'good')


class Names(unittest.TestCase):
    """Responders by the name of their host: looked up while everybody else is served."""

    def instead_of(self, path, text):
        """Only for us: the mount is in a namespace of our own."""
        own = ward.at('run', os.path.basename(path) + '-own')
        with open(own, 'w', encoding='ascii') as f:
            f.write(text)
        subprocess.run(['mount', '--bind', own, path], check=True)
        self.addCleanup(subprocess.run, ['umount', path], check=True)

    def ask(self):
        return ward.request('POST', '/v1/ocsp', question(), {'Content-Type': QUESTION})

    def settings(self):
        return f'[revocation]\nocsp_url=http://responder.example:{RESPONDER}/\ntimeout={TIMEOUT}\n'

    def test_of_the_hosts_file(self):
        """Also where no name server is named."""
        ward.world.start_ocsp(['auth'])
        self.addCleanup(ward.world.stop, 'ocsp-auth')
        self.instead_of('/etc/hosts', '127.0.0.1 responder.example\n')
        for servers in ('', 'nameserver 127.0.0.1\n'):
            with self.subTest(servers):
                self.instead_of('/etc/resolv.conf', servers)
                with gateway_with(self.settings()):
                    self.assertEqual(self.ask()[0], 200)

    def serve_names(self, answers):
        """A name server that knows the responder, or never says a word."""
        server = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        server.bind(('127.0.0.1', 53))
        server.settimeout(0.1)
        asked = []

        over = threading.Event()

        def serve():
            while not over.is_set():
                with contextlib.suppress(TimeoutError):
                    query, peer = server.recvfrom(512)
                    asked.append(query)
                    end = query.index(b'\0', 12) + 5
                    found = query[end - 4:end - 2] == b'\0\1'  # an address of four bytes
                    record = b'\xc0\x0c\0\1\0\1\0\0\0\x3c\0\4\x7f\0\0\1' if found else b''
                    if answers:
                        server.sendto(query[:2] + b'\x81\x80\0\1' + (b'\0\1' if found else b'\0\0') + b'\0\0\0\0'
                                      + query[12:end] + record, peer)

        thread = threading.Thread(target=serve)
        thread.start()
        self.addCleanup(server.close)
        self.addCleanup(thread.join)
        self.addCleanup(over.set)
        return asked

    def test_of_a_name_server(self):
        ward.world.start_ocsp(['auth'])
        self.addCleanup(ward.world.stop, 'ocsp-auth')
        self.instead_of('/etc/hosts', '')
        self.instead_of('/etc/resolv.conf', 'nameserver 127.0.0.1\n')
        asked = self.serve_names(True)
        with gateway_with(self.settings()):
            self.assertEqual(self.ask()[0], 200)
        self.assertTrue(any(b'\x09responder\x07example' in query.lower() for query in asked), asked)

    def test_a_silent_name_server_holds_nobody_up(self):
        """Also where none is named, and the one of this machine is tried."""
        self.instead_of('/etc/hosts', '')
        asked = self.serve_names(False)
        for servers in ('nameserver 127.0.0.1\n', ''):
            self.instead_of('/etc/resolv.conf', servers)
            with self.subTest(servers), gateway_with(self.settings()):
                asked.clear()
                answers = []
                thread = threading.Thread(target=lambda into=answers: into.append(self.ask()))
                thread.start()
                world.wait_until(lambda: asked, 'the name is looked up')
                self.assertEqual(ward.request('GET', '/healthz')[0], 200)
                self.assertEqual(ward.request('GET', '/v1/policy')[0], 200)
                self.assertEqual(answers, [], 'it was served while the name was looked up')
                thread.join()
                self.assertEqual(wire.problem(answers[0]), (502, 'responder-away'))


class Settings(unittest.TestCase):
    def test_what_cannot_be_used(self):
        with open(ward.at('gateway', 'gateway.ini'), encoding='utf-8') as f:
            whole = f.read().partition('[revocation]')[0]
        for lines in ('[revocation]\nocsp_url=https://a.example/\n', '[revocation]\nocsp_url=a.example\n',
                      '[revocation]\nocsp_url=http://a:b@a.example/\n', '[revocation]\ntimeout=0\n', '[crls]\nA=http://a.example/\n',
                      '[crls]\na.crl=/etc/passwd\n', '[responder a]\nissuers=/etc/passwd\n',
                      '[responder a]\nurl=http://a.example/\n', '[responder a]\nurl=http://a.example/\nissuers=\n',
                      '[responder a]\nurl=http://a.example/\nissuers=/etc/passwd\n',
                      '[responder a]\nurl=http://a.example/\nissuers=/nonexistent\n'):
            with self.subTest(lines):
                path = ward.at('run', 'changed.ini')
                with open(path, 'w', encoding='utf-8') as f:
                    f.write(whole + lines)
                run = subprocess.run([ward.world.program('src', 'gateway', 'madoguchi-gateway'), '--config', path],
                                     capture_output=True, text=True, timeout=60)
                self.assertEqual(run.returncode, 3, run.stderr)
                self.assertIn(lines.partition(']')[0] + ']', run.stderr)


if __name__ == '__main__':
    unittest.main(verbosity=2)
