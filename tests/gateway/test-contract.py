#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Every operation of data/protocol/openapi.yaml and every problem code of it, asked of the real gateway: each answer has to be one
that the contract has for that question, and none may be left that was not asked for. Run inside tests/isolated."""

import base64
import contextlib
import datetime
import hashlib
import json
import os
import re
import shutil
import socket
import sqlite3
import subprocess
import sys
import tempfile
import threading
import unittest

sys.dont_write_bytecode = True

import gate  # noqa: E402
import renewing  # noqa: E402
import wire  # noqa: E402
import world  # noqa: E402
from contract import Contract  # noqa: E402
from gate import ward  # noqa: E402

# What no test of the program as it is can bring about, and why.
NEVER = {'internal': 'where memory or a library fails in the middle of a judgement'}
HOUR = 3600
LARGEST = 32 << 20
OTHER = 'terminal-T008'
RESPONDER, LISTS = 8888, 8889
BY_TWO = 'care.nonresident'  # two officers have to agree

contract = Contract()


def days(count):
    return wire.moment((count * 24 + 9) * HOUR)[:10]


def parsed(got):
    head, body = got.split(b'\r\n\r\n', 1)
    first, *rest = head.decode().split('\r\n')
    return int(first.split(' ')[1]), dict(line.split(': ', 1) for line in rest), body


class Away:
    """Somebody at a port who says these bytes to each question, or nothing at all."""

    def __init__(self, port, words=None):
        self.words, self.lines = words, []
        self.socket = socket.create_server(('127.0.0.1', port))
        self.thread = threading.Thread(target=self.serve, daemon=True)
        self.thread.start()

    def serve(self):
        with contextlib.suppress(OSError):
            while True:
                line, _ = self.socket.accept()
                line.recv(65536)
                self.lines.append(line)
                if self.words is not None:
                    line.sendall(b'HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n' % len(self.words) + self.words)
                    line.close()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.socket.shutdown(socket.SHUT_RDWR)
        self.socket.close()
        for line in self.lines:
            line.close()
        self.thread.join(90)


class ContractCase(gate.GatewayCase):
    # --- One question, held against the contract ---

    def ask(self, method, path, body=None, headers=None, **how):
        answer = ward.request(method, path, body, headers, **how)
        self.code = contract.hold(method, path, answer)
        return answer

    def put(self, path, body, content_type=wire.CONTAINER, **how):
        headers = {'Content-Type': content_type, 'Content-Digest': wire.digest(body), **how.pop('headers', {})}
        return self.ask('PUT', path, body, {k: v for k, v in headers.items() if v is not None}, **how)

    def put_intake(self, intake, body, **how):
        return self.put(f'/v1/intakes/{intake}', body, **how)

    def put_decision(self, intake, n, body, **how):
        return self.put(f'/v1/intakes/{intake}/decisions/{n}', body, 'application/json', **how)

    def send(self, **more):
        """A new intake, made and put; what was said."""
        intake = wire.new_intake()
        return self.put_intake(intake, ward.intake(intake, **more))

    def stored(self, **more):
        intake = wire.new_intake()
        container = ward.intake(intake, **more)
        self.assertEqual(self.put_intake(intake, container)[0], 201)
        return intake, container

    def raw(self, method, path, *lines, body=b'', **how):
        text = '\r\n'.join([f'{method} {path} HTTP/1.1', 'Host: gateway', *lines]) + '\r\n\r\n'
        self.code = contract.hold(method, path, parsed(ward.raw(text.encode() + body, **how)))

    def says(self, code):
        self.assertEqual(self.code, code)

    @contextlib.contextmanager
    def opened(self, size, name):
        """A connection on which so large a container is announced; its first answer, or None while it is awaited."""
        with socket.create_connection(('127.0.0.1', wire.PORT), 90) as plain:
            with ward.context(name).wrap_socket(plain, server_hostname='127.0.0.1') as line:
                path = f'/v1/intakes/{wire.new_intake()}'
                line.sendall(f'PUT {path} HTTP/1.1\r\nHost: gateway\r\nExpect: 100-continue\r\nContent-Type: {wire.CONTAINER}\r\n'
                             f'Content-Length: {size}\r\n\r\n'.encode())
                got = line.recv(65536)
                while not got.startswith(b'HTTP/1.1 100') and (more := line.recv(65536)):
                    got += more
                yield path, got


class Contracted(ContractCase):
    @classmethod
    def setUpClass(cls):
        ward.stop_gateway()
        ward.settings(body_memory=64, uploads=2)
        with open(ward.at('gateway', 'gateway.ini'), 'a', encoding='utf-8') as ini:
            ini.write(f'[revocation]\nocsp_url=http://127.0.0.1:{RESPONDER}/\ntimeout=10\n'
                      f'[crls]\njpki-auth.crl=http://127.0.0.1:{LISTS}/list\n')
        ward.start_gateway()
        for name, terminal in ((OTHER, 'T008'), ('terminal-renewed', 'T001')):
            gate.issue(name, '20260101000000Z', '20450101000000Z', terminal=terminal)
        policy = ward.current_policy()
        policy['terminals'].append({**policy['terminals'][0], 'id': 'T008', 'serial': 8, 'keys': [ward.key_of(OTHER)]})
        ward.install_policy(policy)

    # --- Operations ---

    def test_1_intakes_and_decisions(self):
        intake, container = self.stored()
        again = self.put_intake(intake, container)
        decision = ward.decision(container)
        contract.hold_json('Decision', json.loads(decision))
        first = self.put_decision(intake, 2, decision)
        self.assertEqual((again[0], first[0], self.put_decision(intake, 2, decision)[0]), (200, 201, 200))
        for answer in (again, first):
            contract.hold_json('Receipt', ward.open_receipt(answer[2]))

    def test_1_policy_health_metrics(self):
        headers = self.ask('GET', '/v1/policy')[1]
        self.assertEqual(self.ask('GET', '/v1/policy', headers={'If-None-Match': headers['ETag']})[0], 304)
        self.ask('GET', '/healthz')
        self.ask('GET', '/metrics')

    def test_1_notices(self):
        intake, _ = self.stored()
        self.assertEqual(self.ask('GET', '/v1/notices/1')[0], 204)
        gate.store.run('INSERT INTO ledger_notices (office, terminal, number, intake, officer, reason, time, digest, body)'
                       " VALUES ('139998', 'T001', 1, ?, 'B0002', 'wrong-entry', '2026-11-22T05:00:00.123Z', '', ?)", intake, b'\1')
        self.assertEqual(self.ask('GET', '/v1/notices/1')[0], 200)

    def test_1_inbox(self):
        inbox = '/v1/offices/139998/inbox'
        after = json.loads(self.ask('GET', f'{inbox}?after=0&wait=0')[2])['after']
        self.assertEqual(self.ask('GET', f'{inbox}?after={after}&wait=1')[0], 204)
        self.ask('GET', f'/v1/offices/139999/inbox?after={after}&wait=1')
        self.says('not-found')

    def question(self):
        path = ward.at('run', 'question.der')
        subprocess.run(['openssl', 'ocsp', '-issuer', ward.at('pki', 'jpki-auth-ca.crt'), '-cert',
                        ward.at('pki', 'residents', 'tanaka-auth.crt'), '-reqout', path], check=True, capture_output=True)
        with open(path, 'rb') as f:
            return f.read()

    def relay(self, body=None, media='application/ocsp-request', **how):
        return self.ask('POST', '/v1/ocsp', self.question() if body is None else body, {'Content-Type': media}, **how)

    def test_1_what_is_brought_further(self):
        self.relay()
        self.says('responder-away')
        with Away(RESPONDER, b'<html>'):
            self.relay()
            self.says('responder-strange')
        ward.world.start_ocsp(['auth'])
        self.assertEqual(self.relay()[0], 200)
        ward.world.stop('ocsp-auth')
        with open(ward.at('crl', 'jpki-auth.crl'), 'rb') as f, Away(LISTS, f.read()):
            self.assertEqual(self.ask('GET', '/v1/crls/jpki-auth.crl')[0], 200)
        self.ask('GET', '/v1/crls/other.crl')
        self.says('relay-unset')
        with Away(RESPONDER) as silent:
            good = self.question()
            four = [ward.connect() for _ in range(4)]
            for line in four:
                line.request('POST', '/v1/ocsp', good, {'Content-Type': 'application/ocsp-request'})
            world.wait_until(lambda: len(silent.lines) == 4, 'the questions')
            self.relay(good)
            self.says('relay-busy')
            for line in four:
                line.close()

    def test_1_letters(self):
        intake = wire.new_intake()
        container = ward.intake(intake, procedure='common.delegation', number=None)
        number = wire.receipt_number(ward.count)
        self.ask('GET', f'/v1/letters/{number}')
        self.says('delegation-unknown')
        body = ward.decision(container, allows=f'pension.exemption {days(0)} {days(30)} {"a" * 64} {"b" * 64}')
        digest = hashlib.sha256(base64.b64decode(json.loads(body)['decision'])).hexdigest()
        self.assertEqual((self.put_intake(intake, container)[0], self.put_decision(intake, 2, body)[0]), (201, 201))
        self.assertEqual(self.ask('GET', f'/v1/letters/{number}')[0], 200)
        self.send(letter=f'{intake} {number} {digest}', procedure='lem.certificate')
        self.says('delegation')
        line = ward.connect()
        for _ in range(30):
            self.ask('GET', f'/v1/letters/{number}', connection=line)
        self.says('too-often')
        line.close()

    def test_1_by_the_commands_of_the_readme(self):
        """An independent client: what the README shows, as it stands there."""
        with open(os.path.join(os.environ['MADOGUCHI_SOURCE'], 'README.md'), encoding='utf-8') as f:
            section = re.search(r'^## For other clients\n(.*?)^## ', f.read(), re.M | re.S).group(1)
        blocks = re.findall(r'^```(\w+)\n(.*?)^```$', section, re.M | re.S)
        script = 'set -eu\n' + ''.join(text for kind, text in blocks if kind == 'sh') + 'echo $intake\n'
        with tempfile.TemporaryDirectory(dir=ward.at('run')) as folder:
            for name, source in (('line-ca.crt',) * 2, ('terminal.crt',) * 2, ('terminal.key',) * 2, ('policy-root.crt',) * 2,
                                 ('receipt.crt',) * 2, ('business.crt',) * 2, ('clerk.crt', 'staff/S0001-sign.crt'),
                                 ('clerk.key', 'staff/S0001-sign.key')):
                shutil.copy(ward.at('pki', source), os.path.join(folder, name))
            run = subprocess.run(['sh', '-c', script], cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
            self.assertEqual(run.returncode, 0, run.stdout)
            *said, intake = run.stdout.splitlines()
            shown = ''.join(text for kind, text in blocks if kind == 'text').splitlines()
            self.assertEqual([line for line in said if line in shown], ['CMS Verification successful', *shown], run.stdout)
            with open(os.path.join(folder, 'application.cms'), 'rb') as f:
                opened = subprocess.run(['openssl', 'cms', '-decrypt', '-inform', 'DER', '-binary', '-inkey', ward.at('pki', 'business.key'),
                                         '-recip', ward.at('pki', 'business.crt')], input=f.read(), check=True, capture_output=True).stdout
            self.assertEqual(json.loads(opened)['intake'], intake)
            with open(os.path.join(folder, 'intake.asice'), 'rb') as f:
                self.assertEqual(gate.rows('SELECT digest, nonce FROM ledger_items WHERE intake = ?', intake),
                                 [(hashlib.sha256(f.read()).hexdigest(), 'fresh')])

    def ask_for_numbers(self, **more):
        said = {'serial': 1, 'epoch': 0, 'highest': ward.count, 'newest': 0, 'left': 0, 'question': '0' * 32, **more}
        contract.hold_json('NumbersRequest', said)
        return self.ask('POST', '/v1/numbers', json.dumps(said).encode(), {'Content-Type': 'application/json'})

    def test_1_numbers(self):
        status, _, body = self.ask_for_numbers()
        self.assertEqual(status, 200)
        self.ask_for_numbers(serial=2)
        self.says('policy-unknown')
        self.stored()
        self.send(receipt_number=wire.receipt_number(ward.count))
        self.says('number-used')
        self.send(receipt_number=wire.receipt_number(json.loads(body)['to'] + 1))
        self.says('number-foreign')

    def test_1_renewal(self):
        def ask(body, **how):
            answer = renewing.ask(body, **how)
            self.code = contract.hold('POST', '/v1/renewal', answer)
            return answer[0]

        bodies = [renewing.request(f'contract-{i}') for i in range(4)]
        self.assertEqual([ask(body) for body in bodies], [202, 202, 202, 429])
        self.says('renewals-full')
        renewing.sign('contract-0')
        self.assertEqual(renewing.run('certify', renewing.path('contract-0', 'crt'))[0], 0)
        renewing.install_keys(ward.key_of('terminal'), ward.key_of('contract-0'))
        self.assertEqual(ask(bodies[0]), 200)
        renewing.decline_all()
        for body, code in ((bodies[1], 'renewal-declined'), (renewing.request('contract-other', terminal='T002'), 'renewal-foreign'),
                           (renewing.request('contract-weak', key=('rsa:1024',)), 'renewal-key')):
            ask(body)
            self.says(code)

    def upload(self, intake, body, offset=None, **how):
        answer = ward.upload(intake, body, offset, **how)
        path = f'/v1/intakes/{intake}/uploads/{how.get("digest") or hashlib.sha256(body).hexdigest()}'
        self.code = contract.hold('GET' if offset is None else 'PUT', path if offset is None else f'{path}/{offset}', answer)
        return json.loads(answer[2])

    def finish(self, intake, body, **how):
        answer = ward.finish(intake, body, **how)
        self.code = contract.hold('POST', f'/v1/intakes/{intake}/uploads/{"0" * 64}/finish', answer)
        return answer

    def test_1_uploads(self):
        intake = wire.new_intake()
        body = ward.intake(intake, values={'p.name': '窓' * 5000})
        self.assertEqual(self.upload(intake, body), {'size': 0, 'offset': 0, 'stored': False})
        self.upload(intake, body, wire.CHUNK)
        self.says('upload-offset')
        self.assertEqual(self.upload(intake, body, 0), {'size': len(body), 'offset': wire.CHUNK, 'stored': False})
        self.upload(intake, body, wire.CHUNK, headers={'Upload-Length': str(len(body) + 1)})
        self.says('upload-size')
        self.finish(intake, body)
        self.says('upload-offset')
        self.assertEqual(self.upload(intake, body, wire.CHUNK, size=1 << 20)['offset'], len(body))
        first = self.finish(intake, body)
        self.assertEqual((first[0], self.finish(intake, body)[0]), (201, 200))
        contract.hold_json('Receipt', ward.open_receipt(first[2]))
        self.assertTrue(self.upload(intake, body)['stored'])
        self.upload(intake, body + b'.')
        self.says('id-conflict')
        damaged = wire.new_intake()
        self.upload(damaged, body, 0, size=1 << 20, digest='0' * 64)
        self.finish(damaged, body, digest='0' * 64)
        self.says('upload-damaged')
        for _ in range(2):
            self.upload(wire.new_intake(), body, 0)
        self.upload(wire.new_intake(), body, 0)
        self.says('uploads-full')

    def test_2_chunks(self):
        intake, body = wire.new_intake(), bytes(1 << 15)
        for headers, code in (({'Content-Type': 'text/plain'}, 'media-type'), ({'Upload-Length': None}, 'malformed-request'),
                              ({'Upload-Length': str(LARGEST + 1)}, 'malformed-request'), ({'Content-Digest': None}, 'digest-missing'),
                              ({'Content-Digest': wire.digest(b'')}, 'digest-mismatch')):
            self.upload(intake, body, 0, headers=headers)
            self.says(code)
        path = f'/v1/intakes/{intake}/uploads/{"0" * 64}'
        self.raw('PUT', path + '/0', f'Content-Length: {(1 << 20) + 1}')
        self.says('too-large')
        self.raw('POST', path + '/finish', 'Content-Length: 1')
        self.says('too-large')

    # --- What is refused, by what is asked ---

    def test_2_requests(self):
        intake = wire.new_intake()
        body, path = ward.intake(intake), f'/v1/intakes/{intake}'
        for headers, code in (({'Content-Digest': 'sha-256'}, 'malformed-request'), ({'Content-Digest': None}, 'digest-missing'),
                              ({'Content-Digest': wire.digest(b'')}, 'digest-mismatch'), ({'Content-Type': 'text/plain'}, 'media-type')):
            self.put(path, body, headers=headers)
            self.says(code)
        self.put(path, b'no container')
        self.says('malformed-container')
        self.ask('GET', '/v1/nothing')
        self.says('not-found')
        self.ask('POST', '/v1/policy', b'')
        self.says('method-not-allowed')
        self.raw('PUT', path, 'Content-Type: ' + wire.CONTAINER)
        self.says('length-required')
        self.raw('PUT', path, f'Content-Length: {LARGEST + 1}')
        self.says('too-large')
        self.raw('PUT', path, 'Content-Type: ' + wire.CONTAINER, 'Content-Length: 9', body=b'no')  # and no more
        self.says('timeout')
        self.relay(b'no question')
        self.says('malformed-request')

    def test_2_who_asks(self):
        for name, code in (('terminal-unregistered', 'terminal-unregistered'), ('terminal-renewed', 'terminal-key')):
            upload = f'/v1/intakes/{wire.new_intake()}/uploads/{"0" * 64}'
            for method, path in (('GET', '/v1/policy'), ('GET', '/v1/notices/1'), ('GET', '/v1/letters/' + wire.receipt_number(1)),
                                 ('GET', '/v1/offices/139998/inbox?after=0&wait=1'), ('GET', '/v1/crls/jpki-auth.crl'), ('GET', upload), ('POST', upload + '/finish')):
                self.ask(method, path, b'' if method == 'POST' else None, name=name)
                self.says(code)

    def test_2_room(self):
        with self.opened(LARGEST, 'terminal') as (_, first):
            self.assertTrue(first.startswith(b'HTTP/1.1 100'), first)
            for name, code in (('terminal', 'too-much'), (OTHER, 'busy')):
                with self.opened(LARGEST, name) as (path, got):
                    self.code = contract.hold('PUT', path, parsed(got))
                self.says(code)

    # --- What is refused, by what is sent ---

    def test_3_intakes(self):
        intake, container = self.stored()
        self.put_intake(intake, ward.intake(intake))
        self.says('id-conflict')
        self.put_intake(wire.new_intake(), container)
        self.says('id-mismatch')
        foreign = ward.nonce(name=OTHER)
        used = ward.nonce()
        self.assertEqual(self.send(nonce=used)[0], 201)
        forged = base64.b64encode(bytes(64)).decode()
        for more, code in (
                ({'terminal': 'T002'}, 'terminal-mismatch'), ({'office': '131016'}, 'office-mismatch'), ({'clerk': 'S0101'}, 'role-missing'),
                ({'method': 'letter'}, 'identification'), ({'signer': 'staff/S0001-auth'}, 'signature-invalid'),
                ({'policy': 99}, 'policy-unknown'), ({'policy_digest': '00' * 32}, 'policy-mismatch'),
                ({'wall': wire.moment(-48 * HOUR)}, 'policy-not-in-force'), ({'nonce': forged}, 'nonce-forged'),
                ({'nonce': foreign}, 'nonce-foreign'), ({'nonce': used}, 'nonce-used'),
                ({'nonce': ward.nonce(), 'wall': wire.moment(800)}, 'nonce-expired')):
            with self.subTest(code):
                self.send(**more)
                self.says(code)
        today, before = ((datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(hours=9 - back)).date().isoformat() for back in (0, 48))
        for versions, code in (([{'version': '2', 'from': '2020-01-01'}], 'procedure-version'),
                               ([{'version': '1', 'from': '2020-01-01', 'until': before}], 'procedure-version'),
                               ([{'version': '1', 'from': before}, {'version': '2', 'from': today}], None)):
            policy = ward.current_policy()
            policy['procedures']['pension.exemption']['versions'] = versions
            version, digest = ward.install_policy(policy)
            self.send(policy=version, policy_digest=digest)
            self.says(code)
        self.assertEqual(self.send()[0], 201)  # begun under the policy of before, which names none
        version, digest = ward.install_policy(ward.without('S0001'))
        self.send(policy=version, policy_digest=digest)
        self.says('staff-unknown')

    def test_3_decisions(self):
        intake, container = self.stored()
        self.put_decision(intake, 2, b'{}')
        self.says('malformed-decision')
        good = ward.decision(container)
        self.put_decision(wire.new_intake(), 2, good)
        self.says('intake-unknown')
        other, _ = self.stored()
        self.put_decision(other, 2, good)
        self.says('binding')
        self.put_decision(intake, 2, gate.forge(json.loads(good), {'officer': 'S0001'}, 'S0001'))
        self.says('same-officer')
        self.put_decision(intake, 2, gate.forge(json.loads(good), {}, 'S0101', {'later': 1}))
        self.says('newer-release')
        returned = ward.decision(container, kind='return')
        withdrawn = ward.decision(container, returned, kind='withdraw', officer='S0001', role='clerk-number')
        self.put_decision(intake, 3, withdrawn)
        self.says('out-of-order')
        self.assertEqual(self.put_decision(intake, 2, returned)[0], 201)
        self.assertEqual(self.send(replaces=intake)[0], 201)
        self.send(replaces=intake)
        self.says('already-replaced')
        two, by_two = self.stored(procedure=BY_TWO)
        self.put_decision(two, 2, ward.decision(by_two))
        self.says('officers')

    # --- What is refused, by what is wrong with the gateway ---

    def test_4_store(self):
        intake = wire.new_intake()
        body = ward.intake(intake)
        with contextlib.closing(sqlite3.connect(ward.at('gateway', 'ledger.db'), timeout=60, isolation_level=None)) as db:
            db.execute('ALTER TABLE ledger_items RENAME TO put_by')
            self.put_intake(intake, body)
            self.says('store-failed')
            db.execute('ALTER TABLE put_by RENAME TO ledger_items')
        self.assertEqual(self.put_intake(intake, body)[0], 201)

    def test_1_nearly_full(self):
        """O12: on a disk of 24 MiB. Nothing new is taken before it is full; all the rest goes on, and nothing has to be started again."""
        small = ward.at('gateway', 'small')
        os.mkdir(small)
        subprocess.run(['mount', '-t', 'tmpfs', '-o', 'size=24m', 'tmpfs', small], check=True)
        settings = ward.at('gateway', 'gateway.ini')
        with open(settings, encoding='utf-8') as f:
            before = f.read()
        ward.stop_gateway()
        with contextlib.closing(sqlite3.connect(ward.at('gateway', 'ledger.db'))) as db:
            db.execute('VACUUM INTO ?', (os.path.join(small, 'ledger.db'),))
        with open(settings, 'w', encoding='utf-8') as f:
            f.write(before.replace('ledger=' + gate.store.address(), f'ledger=sqlite:{small}/ledger.db')
                    .replace('[gateway]\n', '[gateway]\nreserve_mib=4\n', 1))
        ward.start_gateway()
        try:
            intake, container = self.stored()
            seen = json.loads(self.ask_for_numbers(question='a' * 32)[2])
            held = {'epoch': seen['epoch'], 'highest': max(seen['highest'], ward.count), 'newest': seen['to']}
            self.assertEqual(ward.metrics()['madoguchi_store_full'], 0)
            with open(os.path.join(small, 'others'), 'wb') as f:
                f.write(bytes(21 << 20))
            self.send()
            self.says('store-full')
            self.upload(wire.new_intake(), container, 0)
            self.says('store-full')
            self.assertEqual((ward.metrics()['madoguchi_store_full'], ward.metrics()['madoguchi_store_free_bytes'] < 4 << 20), (1, True))
            self.assertIn(b'nothing new', self.ask('GET', '/healthz')[2])
            # Numbers are new, what was seen of a terminal is not.
            self.assertEqual(self.ask_for_numbers(**held, left=2000, question='b' * 32)[0], 200)
            self.ask_for_numbers(**held, question='c' * 32)
            self.says('store-full')
            self.assertEqual(self.put_intake(intake, container)[0], 200)
            self.assertEqual(self.put_decision(intake, 2, ward.decision(container))[0], 201)
            # Nobody takes the rest by being refused, and a little more is no room yet.
            refusals = "SELECT count (*) FROM audit WHERE event = 'refuse'"
            with contextlib.closing(sqlite3.connect(os.path.join(small, 'ledger.db'), timeout=60)) as db:
                before_them = db.execute(refusals).fetchone()
            for _ in range(5):
                self.assertEqual(self.put_intake(intake, container + b'x')[0], 409)
            os.truncate(os.path.join(small, 'others'), 18 << 20)
            self.assertGreater(ward.metrics()['madoguchi_store_free_bytes'], 4 << 20)
            self.send()
            self.says('store-full')
            with contextlib.closing(sqlite3.connect(os.path.join(small, 'ledger.db'), timeout=60)) as db:
                self.assertEqual(db.execute(refusals).fetchone(), before_them)
            os.unlink(os.path.join(small, 'others'))
            self.assertEqual(self.send()[0], 201)
            self.assertEqual(self.put_intake(intake, container + b'x')[0], 409)
            with contextlib.closing(sqlite3.connect(os.path.join(small, 'ledger.db'), timeout=60)) as db:
                told = db.execute("SELECT outcome, detail FROM audit WHERE event = 'store' ORDER BY seq").fetchall()
                refused = db.execute("SELECT count (*) FROM audit WHERE detail LIKE '%store-full'").fetchone()
            self.assertEqual((told, refused), ([('failed', 'state=full'), ('done', 'state=room')], (0,)))
        finally:
            ward.stop_gateway()
            with open(settings, 'w', encoding='utf-8') as f:
                f.write(before)
            ward.start_gateway()
            subprocess.run(['umount', '-l', small], check=True)

    def test_5_policy(self):
        """Last: a gateway that never had one."""
        ward.stop_gateway()
        settings = ward.at('gateway', 'gateway.ini')
        with open(settings, encoding='utf-8') as f:
            before = f.read()
        with open(settings, 'w', encoding='utf-8') as f:
            f.write(before.replace(gate.store.address(), gate.store.address('other')))
        os.rename(ward.at('policy', 'policy.cms'), ward.at('policy', 'put-by.cms'))
        ward.start_gateway()
        for method, path in (('GET', '/v1/policy'), ('GET', '/healthz'), ('GET', '/v1/notices/1'), ('GET', '/v1/letters/' + wire.receipt_number(1)),
                             ('GET', '/v1/offices/139998/inbox?after=0&wait=1'), ('GET', '/v1/crls/jpki-auth.crl')):
            self.ask(method, path)
            self.says('policy-missing')
        self.send()
        self.says('policy-missing')

    # --- Nothing is left out ---

    def test_6_all_of_it(self):
        good = {(name, int(status)) for name, (_, _, operation) in contract.operations.items() for status in operation['responses']
                if status < '400'}
        self.assertEqual(good - contract.answered, set(), 'operations, or answers of them, that were not asked for')
        self.assertEqual(set(contract.codes) - contract.told, set(NEVER), 'problem codes that were not told')
        print(f'contract: {len(contract.operations)} operations, {len(contract.answered)} kinds of answers, {len(contract.told)} of '
              f'{len(contract.codes)} problem codes')


if __name__ == '__main__':
    unittest.main(verbosity=2)
