#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""The gateway as a service: started by systemd's rules, watched, told to read anew and to end. Run inside tests/isolated."""

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import threading
import unittest
import urllib.error
import urllib.request

sys.dont_write_bytecode = True

import gate  # noqa: E402
import wire  # noqa: E402
import world  # noqa: E402
from gate import ward  # noqa: E402

METRICS = 9443
# Takes the socket that it was given as 3, as systemd hands one over: the variable names the process itself.
STARTER = 'import os, sys; os.environ["LISTEN_PID"] = str(os.getpid()); os.environ["LISTEN_FDS"] = "1"; os.execv(sys.argv[1], sys.argv[1:])'


class Service(gate.GatewayCase):
    @classmethod
    def setUpClass(cls):
        ward.stop_gateway()
        ward.settings(request_timeout=60, metrics_port=METRICS, log='json')
        cls.heard = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        cls.heard.bind('\0madoguchi-test-notify')
        cls.words = []
        threading.Thread(target=cls.listen, daemon=True).start()
        os.environ['NOTIFY_SOCKET'] = '@madoguchi-test-notify'
        os.environ['WATCHDOG_USEC'] = '400000'
        ward.start_gateway()

    @classmethod
    def listen(cls):
        while word := cls.heard.recv(4096):
            cls.words.append(word.decode())

    def await_word(self, word):
        world.wait_until(lambda: word in self.words, word)
        self.words.remove(word)

    def watch(self, path):
        try:
            with urllib.request.urlopen(f'http://127.0.0.1:{METRICS}{path}', timeout=90) as answer:
                return answer.status, answer.read().decode()
        except urllib.error.HTTPError as error:
            return error.code, error.read().decode()

    def begin(self):
        """A good request whose last bytes are still to come; the line, those bytes and the intake."""
        intake = wire.new_intake()
        body = ward.intake(intake)
        plain = socket.create_connection(('127.0.0.1', wire.PORT), 90)
        line = ward.context().wrap_socket(plain, server_hostname='127.0.0.1')
        line.sendall((f'PUT /v1/intakes/{intake} HTTP/1.1\r\nHost: gateway\r\nContent-Type: {wire.CONTAINER}\r\n'
                      f'Content-Length: {len(body)}\r\nContent-Digest: {wire.digest(body)}\r\n\r\n').encode() + body[:-10])
        world.wait_until(lambda: f'madoguchi_body_bytes {len(body)}\n' in self.watch('/metrics')[1], 'the body is under way')
        return line, body[-10:], intake

    def test_1_says_that_it_serves_and_lives(self):
        self.await_word('READY=1')
        self.await_word('WATCHDOG=1')
        self.await_word('WATCHDOG=1')

    def test_2_is_watched_from_this_machine_alone(self):
        status, text = self.watch('/metrics')
        self.assertEqual(status, 200)
        for name in ('process_cpu_seconds_total', 'process_resident_memory_bytes', 'process_open_fds', 'madoguchi_connections',
                     'process_start_time_seconds', 'madoguchi_stored_total'):
            value, = [line.split(' ')[1] for line in text.splitlines() if line.startswith(name + ' ')]
            self.assertGreaterEqual(float(value), 0)
        self.assertEqual(self.watch('/healthz'), (200, 'serving\n'))
        self.assertEqual(self.watch('/v1/policy')[0], 404)
        with open('/proc/net/tcp', encoding='ascii') as table:
            listening = [row.split()[1] for row in table if row.split()[3] == '0A' and row.split()[1].endswith(f':{METRICS:04X}')]
        self.assertEqual(listening, [f'0100007F:{METRICS:04X}'])

    def test_3_logs_objects(self):
        intake = wire.new_intake()
        self.assertEqual(ward.put_intake(intake, ward.intake(intake))[0], 201)
        self.assertProblem(ward.request('GET', '/v1/nothing'), 404, 'not-found')
        lines = [json.loads(line) for line in ward.world.log_of('gateway').splitlines() if line.startswith('{')]
        self.assertGreater(len(lines), 2)
        for line in lines:
            self.assertLessEqual({'time', 'level', 'message'}, set(line))
        self.assertIn((intake, 'T001'), [(line.get('intake'), line.get('terminal')) for line in lines])
        self.assertIn('not-found', [line.get('code') for line in lines])

    def test_4_reads_its_certificates_again(self):
        """A new one is shown to whoever comes; who is there already is not disturbed, nor by one that cannot be used."""
        connection = ward.connect()
        shown = connection.sock.getpeercert(binary_form=True)
        path = ward.at('pki', 'gateway')
        for end in ('.crt', '.key'):
            shutil.copy(path + end, path + end + '.old')
        try:
            with open(path + '.csr.cnf', 'w', encoding='ascii') as f:
                f.write('subjectAltName=IP:127.0.0.1,DNS:localhost\nextendedKeyUsage=serverAuth\n')
            quiet = {'check': True, 'capture_output': True}
            subprocess.run(['openssl', 'req', '-new', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-keyout',
                            path + '.key', '-out', path + '.csr', '-subj', '/CN=gateway'], **quiet)
            subprocess.run(['openssl', 'x509', '-req', '-in', path + '.csr', '-CA', ward.at('pki', 'line-ca.crt'), '-CAkey',
                            ward.at('pki', 'line-ca.key'), '-days', '30', '-extfile', path + '.csr.cnf', '-out', path + '.crt'],
                           **quiet)
            ward.world.processes['gateway'].send_signal(signal.SIGHUP)
            world.wait_until(lambda: self.shown() != shown, 'the new certificate')
            self.assertEqual(ward.request('GET', '/v1/policy', connection=connection)[0], 200)
            shown = self.shown()
            with open(path + '.key', 'w', encoding='ascii') as f:
                f.write('no key')
            ward.world.processes['gateway'].send_signal(signal.SIGHUP)
            world.wait_until(lambda: 'not taken anew' in ward.world.log_of('gateway'), 'the refusal')
            self.assertEqual(self.shown(), shown)
            self.assertEqual(ward.request('GET', '/v1/policy', connection=connection)[0], 200)
        finally:
            connection.close()
            for end in ('.crt', '.key'):
                os.replace(path + end + '.old', path + end)
            ward.world.processes['gateway'].send_signal(signal.SIGHUP)

    def shown(self):
        connection = ward.connect()
        try:
            return connection.sock.getpeercert(binary_form=True)
        finally:
            connection.close()

    def test_5_finishes_what_was_begun(self):
        idle = ward.connect()
        line, rest, intake = self.begin()
        process = ward.world.processes['gateway']
        process.send_signal(signal.SIGTERM)
        self.await_word('STOPPING=1')
        self.assertEqual(idle.sock.recv(1), b'')
        self.assertEqual(self.watch('/healthz')[0], 503)
        self.assertIsNone(process.poll())
        line.sendall(rest)
        answer = b''
        while more := line.recv(65536):
            answer += more
        self.assertTrue(answer.startswith(b'HTTP/1.1 201 '), answer[:200])
        self.assertIn(b'Connection: close', answer)
        line.close()
        idle.close()
        self.assertEqual(process.wait(90), 0)
        self.assertEqual(len(gate.rows('SELECT 1 FROM ledger_items WHERE intake = ?', intake)), 1)
        gate.fresh()

    def test_6_waits_for_nobody_twice(self):
        line, _, _ = self.begin()
        process = ward.world.processes['gateway']
        process.send_signal(signal.SIGTERM)
        self.await_word('STOPPING=1')
        process.send_signal(signal.SIGTERM)
        self.assertEqual(process.wait(90), 0)
        line.close()
        gate.fresh()

    def test_7_takes_the_socket_that_it_is_given(self):
        """Whoever came before it was started is served."""
        ward.stop_gateway()
        with socket.socket() as held:
            held.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            held.bind(('127.0.0.1', wire.PORT))
            held.listen(64)
            early = socket.create_connection(('127.0.0.1', wire.PORT), 90)
            program = ward.world.program('src', 'gateway', 'madoguchi-gateway')
            config = ward.at('gateway', 'gateway.ini')
            process = subprocess.Popen(['/usr/bin/python3', '-c', STARTER, program, '--config', config], close_fds=False,
                                       preexec_fn=lambda: os.dup2(held.fileno(), 3),
                                       stderr=subprocess.DEVNULL)
            try:
                with ward.context().wrap_socket(early, server_hostname='127.0.0.1') as line:
                    line.sendall(b'GET /healthz HTTP/1.1\r\nHost: gateway\r\n\r\n')
                    self.assertTrue(line.recv(4096).startswith(b'HTTP/1.1 200 '))
            finally:
                process.terminate()
                self.assertEqual(process.wait(90), 0)
        ward.start_gateway()


if __name__ == '__main__':
    unittest.main(verbosity=2)
