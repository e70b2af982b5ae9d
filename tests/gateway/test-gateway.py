#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""The gateway under honest and hostile terminals: real TLS, real containers, a real store. Run inside tests/isolated."""

import base64
import hashlib
import io
import json
import os
import socket
import sqlite3
import ssl
import subprocess
import sys
import time
import unittest
import zipfile
import zlib

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.join(os.path.dirname(os.path.realpath(__file__)), '..', 'protocol'))

import wire  # noqa: E402
import world  # noqa: E402

REQUEST_TIMEOUT = 2
HANDSHAKE_TIMEOUT = 2
MAX_CONNECTIONS = 24


def setUpModule():
    global ward
    ward = wire.Ward()
    ward.settings(request_timeout=REQUEST_TIMEOUT, handshake_timeout=HANDSHAKE_TIMEOUT, max_connections=MAX_CONNECTIONS)
    ward.start_gateway()


def tearDownModule():
    ward.world.close()


class GatewayCase(unittest.TestCase):
    def tearDown(self):
        ward.world.check('gateway')

    def assertProblem(self, answer, status, code):
        self.assertEqual(wire.problem(answer), (status, code))

    def stored(self):
        counts = ward.metrics()
        return counts['madoguchi_intakes_total'], counts['madoguchi_decisions_total']


class Intakes(GatewayCase):
    def test_accepted_once_and_again_with_the_same_receipt(self):
        intake = wire.new_intake()
        body = ward.intake(intake)
        before = self.stored()
        first = ward.put_intake(intake, body)
        again = ward.put_intake(intake, body)
        self.assertEqual((first[0], again[0]), (201, 200))
        self.assertEqual(first[2], again[2])
        self.assertEqual(self.stored(), (before[0] + 1, before[1]))
        receipt = ward.open_receipt(first[2])
        self.assertEqual({k: receipt[k] for k in ('schema', 'id', 'item', 'terminal', 'office')},
                         {'schema': 'madoguchi-receipt/1', 'id': intake, 'item': 'intake', 'terminal': 'T001',
                          'office': '139998'})
        self.assertEqual(receipt['digest'], hashlib.sha256(body).hexdigest())
        self.assertEqual(len(base64.b64decode(first[1]['Madoguchi-Nonce'], validate=True)), 64)
        self.assertNotEqual(first[1]['Madoguchi-Nonce'], again[1]['Madoguchi-Nonce'])

    def test_other_bytes_under_the_same_id_conflict(self):
        intake = wire.new_intake()
        self.assertEqual(ward.put_intake(intake, ward.intake(intake))[0], 201)
        self.assertProblem(ward.put_intake(intake, ward.intake(intake)), 409, 'id-conflict')
        self.assertProblem(ward.put_intake(intake, b'anything else'), 409, 'id-conflict')

    def test_a_thousand_replays_store_one(self):
        intake = wire.new_intake()
        body = ward.intake(intake)
        before = self.stored()
        connection = ward.connect()
        answers = {ward.put_intake(intake, body, connection=connection)[0::2] for _ in range(1000)}
        connection.close()
        self.assertEqual(sorted(status for status, _ in answers), [200, 201])
        self.assertEqual(len({receipt for _, receipt in answers}), 1)
        self.assertEqual(self.stored(), (before[0] + 1, before[1]))

    def test_digest_must_be_there_and_hold(self):
        intake = wire.new_intake()
        body = ward.intake(intake)
        path = f'/v1/intakes/{intake}'
        self.assertProblem(ward.put(path, body, headers={'Content-Digest': None}), 400, 'digest-missing')
        self.assertProblem(ward.put(path, body, headers={'Content-Digest': 'sha-512=:AAAA:'}), 400, 'digest-missing')
        self.assertProblem(ward.put(path, body, headers={'Content-Digest': wire.digest(b'')}), 400, 'digest-mismatch')
        self.assertProblem(ward.put(path, body, headers={'Content-Digest': 'sha-256'}), 400, 'malformed-request')
        self.assertProblem(ward.put(path, body, content_type='application/zip'), 415, 'media-type')
        self.assertEqual(ward.put(path, body)[0], 201)

    def test_an_altered_byte_anywhere_is_refused(self):
        """X17: in a sealed part, in the manifest, in a signature, in the archive itself."""
        intake = wire.new_intake()
        body = ward.intake(intake)
        before = self.stored()
        entries = self.entries(body)
        for at in range(0, len(body), max(1, len(body) // 120)):
            altered = body[:at] + bytes((body[at] ^ 0x01,)) + body[at + 1:]
            if self.entries(altered) == entries:
                continue  # a date or an attribute of the archive, which holds nothing
            status, _, answer = ward.put_intake(intake, altered)
            self.assertIn(status, (400, 403, 422), f'byte {at}: {answer}')
        self.assertEqual(self.stored(), before)
        self.assertEqual(ward.put_intake(intake, body)[0], 201)

    def entries(self, body):
        try:
            with zipfile.ZipFile(io.BytesIO(body)) as archive:
                return {name: archive.read(name) for name in archive.namelist()}
        except (zipfile.BadZipFile, NotImplementedError, OSError, RuntimeError, ValueError, zlib.error, EOFError):
            return None

    def test_what_is_no_container(self):
        intake = wire.new_intake()
        for body in (b'', b'PK\x03\x04', b'\x00' * 4096, json.dumps({'a': 1}).encode(), os.urandom(20000)):
            self.assertProblem(ward.put_intake(intake, body), 400, 'malformed-container')

    def test_another_intakes_container(self):
        self.assertProblem(ward.put_intake(wire.new_intake(), ward.intake(wire.new_intake())), 422, 'id-mismatch')

    def test_another_terminals_or_offices_container(self):
        intake = wire.new_intake()
        self.assertProblem(ward.put_intake(intake, ward.intake(intake, terminal='T002')), 403, 'terminal-mismatch')
        self.assertProblem(ward.put_intake(intake, ward.intake(intake, office='131016')), 403, 'office-mismatch')

    def test_unknown_policy_version(self):
        intake = wire.new_intake()
        self.assertProblem(ward.put_intake(intake, ward.intake(intake, policy=99)), 422, 'policy-unknown')

    def test_a_clerk_without_the_procedure(self):
        intake = wire.new_intake()
        body = ward.intake(intake, clerk='S0101')
        self.assertProblem(ward.put_intake(intake, body), 403, 'role-missing')

    def test_the_clerks_other_certificate_does_not_sign(self):
        intake = wire.new_intake()
        body = ward.intake(intake, signer='staff/S0001-auth')
        self.assertProblem(ward.put_intake(intake, body), 422, 'signature-invalid')

    def test_a_colleagues_terminal(self):
        """X22: a registered terminal has no access to what another has sent."""
        intake = wire.new_intake()
        body = ward.intake(intake)
        self.assertEqual(ward.put_intake(intake, body)[0], 201)
        Tls.issue(self, 'terminal-2', '20260101000000Z', '20450101000000Z', terminal='T002')
        policy = ward.current_policy()
        policy['terminals'].append({**policy['terminals'][0], 'id': 'T002', 'serial': 2, 'keys': [ward.key_of('terminal-2')]})
        ward.install_policy(policy)
        self.assertProblem(ward.put_intake(intake, body, name='terminal-2'), 403, 'terminal-mismatch')
        self.assertProblem(ward.put_decision(intake, 2, ward.decision(body), name='terminal-2'), 403, 'terminal-mismatch')
        self.assertProblem(ward.put_intake(wire.new_intake(), body, name='terminal-2'), 422, 'id-mismatch')

    def test_unregistered_terminal(self):
        intake = wire.new_intake()
        body = ward.intake(intake)
        self.assertProblem(ward.put_intake(intake, body, name='terminal-unregistered'), 403, 'terminal-unregistered')
        self.assertProblem(ward.request('GET', '/v1/policy', name='terminal-unregistered'), 403, 'terminal-unregistered')


class Nonces(GatewayCase):
    """"Fresh" is more than the terminal's word; offline is no lie."""

    def put(self, **more):
        intake = wire.new_intake()
        answer = ward.put_intake(intake, ward.intake(intake, **more))
        return ward.open_receipt(answer[2])['nonce'] if answer[0] in (200, 201) else wire.problem(answer)

    def row(self, intake):
        with sqlite3.connect(f'file:{ward.at("gateway", "ledger.db")}?mode=ro', uri=True) as db:
            return db.execute('SELECT nonce, nonce_fresh FROM ledger_items WHERE intake = ?', (intake,)).fetchone()

    def test_fresh_for_one_intake(self):
        nonce = ward.nonce()
        intake = wire.new_intake()
        body = ward.intake(intake, nonce=nonce)
        first = ward.put_intake(intake, body)
        self.assertEqual((first[0], ward.open_receipt(first[2])['nonce']), (201, 'fresh'))
        self.assertEqual(self.row(intake), ('fresh', base64.b64decode(nonce).hex()))
        again = ward.put_intake(intake, body)
        self.assertEqual((again[0], again[2]), (200, first[2]))
        self.assertEqual(self.put(nonce=nonce), (422, 'nonce-used'))
        self.assertEqual(self.put(nonce=nonce, nonce_state='stale'), 'stale')

    def test_forged(self):
        self.assertEqual(self.put(nonce=base64.b64encode(os.urandom(64)).decode()), (422, 'nonce-forged'))
        self.assertEqual(self.put(nonce=base64.b64encode(b'\x01' * 32).decode()), (422, 'nonce-forged'))
        changed = bytearray(base64.b64decode(ward.nonce()))
        changed[12] ^= 1  # its time
        self.assertEqual(self.put(nonce=base64.b64encode(changed).decode()), (422, 'nonce-forged'))

    def test_another_terminals(self):
        Tls.issue(self, 'terminal-3', '20260101000000Z', '20450101000000Z', terminal='T003')
        policy = ward.current_policy()
        policy['terminals'].append({**policy['terminals'][0], 'id': 'T003', 'serial': 3, 'keys': [ward.key_of('terminal-3')]})
        ward.install_policy(policy)
        nonce = ward.nonce(name='terminal-3')
        self.assertEqual(self.put(nonce=nonce), (422, 'nonce-foreign'))
        self.assertEqual(self.put(nonce=nonce, nonce_state='stale'), 'unproven')

    def test_expired(self):
        for seconds in (800, -200):
            self.assertEqual(self.put(nonce=ward.nonce(), wall=wire.moment(seconds)), (422, 'nonce-expired'), seconds)
        self.assertEqual(self.put(nonce=ward.nonce(), wall=wire.moment(500)), 'fresh')

    def test_an_honest_terminal_without_a_line(self):
        self.assertEqual(self.put(), 'absent')
        self.assertEqual(self.put(nonce=ward.nonce(), nonce_state='stale', wall=wire.moment(5 * 3600)), 'stale')
        self.assertEqual(self.put(nonce=base64.b64encode(os.urandom(64)).decode(), nonce_state='stale'), 'unproven')

    def test_a_restart_changes_nothing(self):
        nonce = ward.nonce()
        ward.stop_gateway()
        ward.start_gateway()
        self.assertEqual(self.put(nonce=nonce), 'fresh')

    def test_who_is_not_served_gets_none(self):
        for name in ('terminal-unregistered', 'terminal'):
            headers = ward.request('GET', '/healthz', name=name)[1]
            self.assertEqual('Madoguchi-Nonce' in headers, name == 'terminal')

    def test_a_refusal_by_name_is_recorded(self):
        intake = wire.new_intake()
        ward.put_intake(intake, ward.intake(intake, nonce=base64.b64encode(os.urandom(64)).decode()))
        with sqlite3.connect(f'file:{ward.at("gateway", "ledger.db")}?mode=ro', uri=True) as db:
            rows = db.execute("SELECT outcome, detail FROM audit WHERE object_id = ?", (intake,)).fetchall()
        self.assertEqual(rows, [('refused', 'terminal=T001 what=PUT:intake code=nonce-forged')])


class Policies(GatewayCase):
    """An item is judged by the policy it names, as it was then."""

    def items(self, kept=None, **more):
        """The answers to an intake (or one that was kept) and its approval, both under these options."""
        intake, container = kept or (wire.new_intake(), None)
        if not container:
            container = ward.intake(intake, **more)
        answers = [ward.put_intake(intake, container), ward.put_decision(intake, 2, ward.decision(container, **more))]
        return [answer[0] if answer[0] < 300 else wire.problem(answer)[1] for answer in answers]

    def test_a_renewed_card_and_an_officer_who_left(self):
        intake = wire.new_intake()
        waiting = intake, ward.intake(intake)
        policy = ward.current_policy()
        good = json.loads(json.dumps(policy))
        for person in policy['staff']:
            if person['id'] == 'S0001':
                person['certificates']['sign'] = person['certificates']['auth']  # another key than before
        policy['staff'] = [person for person in policy['staff'] if person['id'] != 'S0101']
        for rules in policy['procedures'].values():
            rules['approvers'] = ['supervisor', 'clerk']
        now, digest = ward.install_policy(policy)
        self.assertEqual(self.items(waiting), [201, 201])
        self.assertEqual(self.items(), [201, 201], 'made under the first policy, within the grace')
        self.assertEqual(self.items(policy=now, policy_digest=digest), ['signature-invalid', 'intake-unknown'])
        intake = wire.new_intake()
        container = ward.intake(intake)
        self.assertEqual(ward.put_intake(intake, container)[0], 201)
        self.assertProblem(ward.put_decision(intake, 2, ward.decision(container, policy=now, policy_digest=digest)), 422,
                           'staff-unknown')
        now, digest = ward.install_policy(good)
        self.assertEqual(self.items(policy=now, policy_digest=digest), [201, 201])

    def test_the_digest_must_be_that_policys(self):
        self.assertEqual(self.items(policy_digest='00' * 32)[0], 'policy-mismatch')
        intake = wire.new_intake()
        container = ward.intake(intake)
        self.assertEqual(ward.put_intake(intake, container)[0], 201)
        self.assertProblem(ward.put_decision(intake, 2, ward.decision(container, policy_digest='00' * 32)), 422,
                           'policy-mismatch')

    def test_only_while_it_was_in_force(self):
        ward.install_policy(ward.current_policy())
        hours = 3600
        for seconds, expected in ((-48 * hours, 'policy-not-in-force'), (160 * hours, None),
                                  (170 * hours, 'policy-not-in-force')):
            answer = ward.put_intake(*self.made(wire.moment(seconds)))
            self.assertEqual(wire.problem(answer)[1] if answer[0] != 201 else None, expected, seconds)
        intake, container = self.made(wire.moment(0))
        self.assertEqual(ward.put_intake(intake, container)[0], 201)
        late = ward.decision(container, time=wire.moment(170 * hours))
        self.assertProblem(ward.put_decision(intake, 2, late), 422, 'policy-not-in-force')

    def made(self, wall):
        intake = wire.new_intake()
        return intake, ward.intake(intake, wall=wall)

    def test_no_policy_comes_back_or_changes_under_its_number(self):
        version, _ = ward.install_policy(ward.current_policy())
        served = ward.request('GET', '/v1/policy')[2]
        policy = ward.current_policy()
        policy['limits']['unsent'] += 1
        ward.sign_policy(policy)  # the same version
        world.wait_until(lambda: 'another policy of that version' in ward.world.log_of('gateway'), 'it is refused')
        self.assertEqual(ward.request('GET', '/v1/policy')[2], served)
        policy['version'] = 1
        ward.sign_policy(policy)
        ward.stop_gateway()
        ward.start_gateway()
        self.assertEqual(ward.request('GET', '/v1/policy')[2], served, 'also not by a restart')
        ward.install_policy({**policy, 'version': version + 1})


class Decisions(GatewayCase):
    def setUp(self):
        self.intake = wire.new_intake()
        self.container = ward.intake(self.intake)
        self.assertEqual(ward.put_intake(self.intake, self.container)[0], 201)

    def test_accepted_once_and_again_with_the_same_receipt(self):
        body = ward.decision(self.container)
        first = ward.put_decision(self.intake, 2, body)
        again = ward.put_decision(self.intake, 2, body)
        self.assertEqual((first[0], again[0], first[2] == again[2]), (201, 200, True), first[2])
        self.assertEqual(ward.open_receipt(first[2])['item'], 'decision/2')
        self.assertProblem(ward.put_decision(self.intake, 2, ward.decision(self.container)), 409, 'id-conflict')

    def test_nothing_after_a_final_decision(self):
        body = ward.decision(self.container)
        self.assertEqual(ward.put_decision(self.intake, 2, body)[0], 201)
        status, code = wire.problem(ward.put_decision(self.intake, 3, ward.decision(self.container, kind='withdraw')))
        self.assertIn((status, code), ((409, 'out-of-order'), (422, 'binding')))

    def test_the_clerk_cannot_decide(self):
        """The officer named and signing is the clerk: made with OpenSSL, since our own tools refuse to make it."""
        message = json.loads(ward.decision(self.container))
        forged = self.forge(message, {'officer': 'S0001'}, 'S0001')
        self.assertProblem(ward.put_decision(self.intake, 2, forged), 403, 'same-officer')

    def test_the_name_of_one_and_the_key_of_another(self):
        message = json.loads(ward.decision(self.container))
        for changes, signer in (({}, 'S0001'), ({'officer': 'S0101'}, 'S0002')):
            status, code = wire.problem(ward.put_decision(self.intake, 2, self.forge(message, changes, signer)))
            self.assertIn(code, ('same-officer', 'binding', 'signature-invalid'), code)
        self.assertEqual(ward.put_decision(self.intake, 2, json.dumps(message).encode())[0], 201)

    def test_role(self):
        body = ward.decision(self.container, officer='S0002', role='clerk')
        self.assertProblem(ward.put_decision(self.intake, 2, body), 403, 'role-missing')
        body = ward.decision(self.container, officer='S0101', role='admin')
        self.assertProblem(ward.put_decision(self.intake, 2, body), 403, 'role-missing')

    def test_the_clerk_withdraws_what_was_returned(self):
        withdrawal = {'kind': 'withdraw', 'officer': 'S0001', 'role': 'clerk-number'}
        returned = ward.decision(self.container, kind='return')
        self.assertEqual(ward.put_decision(self.intake, 2, returned)[0], 201)
        withdrawn = ward.decision(self.container, after=returned, **withdrawal)
        other = ward.decision(self.container, after=returned, kind='withdraw', officer='S0001', role='admin')
        self.assertProblem(ward.put_decision(self.intake, 3, other), 403, 'role-missing')
        self.assertEqual(ward.put_decision(self.intake, 3, withdrawn)[0], 201)
        self.assertProblem(ward.put_decision(self.intake, 4, withdrawn), 422, 'binding')

    def test_what_takes_a_returned_one_up_again_is_linked(self):
        returned = ward.decision(self.container, kind='return')
        self.assertEqual(ward.put_decision(self.intake, 2, returned)[0], 201)
        again = wire.new_intake()
        self.assertEqual(ward.put_intake(again, ward.intake(again, replaces=self.intake))[0], 201)
        with sqlite3.connect(f'file:{ward.at("gateway", "ledger.db")}?mode=ro', uri=True) as db:
            link = db.execute('SELECT replaces FROM ledger_items WHERE intake = ?', (again,)).fetchone()[0]
        self.assertEqual(link, self.intake)

    def test_only_what_was_returned_is_taken_up_again(self):
        self.assertEqual(ward.put_decision(self.intake, 2, ward.decision(self.container))[0], 201)
        again = wire.new_intake()
        self.assertProblem(ward.put_intake(again, ward.intake(again, replaces=self.intake)), 422, 'binding')
        other = ward.intake(again, replaces=self.intake, procedure='lem.certificate')
        self.assertProblem(ward.put_intake(again, other), 422, 'binding')

    def test_unknown_policy_version(self):
        self.assertProblem(ward.put_decision(self.intake, 2, ward.decision(self.container, policy=99)), 422,
                           'policy-unknown')

    def test_terminal_and_office(self):
        self.assertProblem(ward.put_decision(self.intake, 2, ward.decision(self.container, terminal='T002')), 403,
                           'terminal-mismatch')
        self.assertProblem(ward.put_decision(self.intake, 2, ward.decision(self.container, office='131016')), 422,
                           'binding')

    def test_unknown_intake_and_wrong_place(self):
        other = wire.new_intake()
        body = ward.decision(self.container)
        self.assertProblem(ward.put_decision(other, 2, body), 404, 'intake-unknown')
        container = ward.intake(other)
        self.assertEqual(ward.put_intake(other, container)[0], 201)
        self.assertProblem(ward.put_decision(other, 2, body), 422, 'binding')
        status, code = wire.problem(ward.put_decision(self.intake, 3, body))
        self.assertIn((status, code), ((409, 'out-of-order'), (422, 'binding')))

    def test_malformed(self):
        good = json.loads(ward.decision(self.container))
        for body in (b'', b'{}', b'[' * 100000, json.dumps({**good, 'more': 'QQ=='}).encode(),
                     json.dumps({**good, 'signature': ''}).encode(), json.dumps({**good, 'manifest': 'QQ'}).encode(),
                     json.dumps({**good, 'decision': base64.b64encode(b'{}').decode()}).encode()):
            status, code = wire.problem(ward.put_decision(self.intake, 2, body))
            self.assertIn((status, code), ((400, 'malformed-decision'), (422, 'signature-invalid')), body[:80])
        self.assertEqual(self.decisions(), 0)

    def decisions(self):
        with sqlite3.connect(f'file:{ward.at("gateway", "ledger.db")}?mode=ro', uri=True) as db:
            return db.execute('SELECT count(*) FROM ledger_items WHERE intake = ? AND n > 1', (self.intake,)).fetchone()[0]

    def forge(self, message, changes, signer):
        """Alters decision002.json, repairs the digests in the manifest and signs anew with another officer's key."""
        decision = base64.b64decode(message['decision'])
        manifest = base64.b64decode(message['manifest'])
        content = json.loads(decision)
        content.update(changes)
        altered = json.dumps(content, separators=(',', ':')).encode()
        order = json.loads(decision)
        self.assertEqual(set(content), set(order))
        old, new = (base64.b64encode(hashlib.sha256(d).digest()) for d in (decision, altered))
        self.assertIn(old, manifest)
        manifest = manifest.replace(old, new)
        key = ward.at('pki', 'staff', f'{signer}-sign')
        signature = subprocess.run(['openssl', 'cms', '-sign', '-binary', '-cades', '-md', 'sha256', '-outform', 'DER',
                                    '-signer', key + '.crt', '-inkey', key + '.key'], input=manifest, check=True,
                                   capture_output=True).stdout
        return json.dumps({'decision': base64.b64encode(altered).decode(), 'manifest': base64.b64encode(manifest).decode(),
                           'signature': base64.b64encode(signature).decode()}).encode()


class Tls(GatewayCase):
    """F10, X21: refused before a request is looked at."""

    def refused(self, **how):
        before = ward.metrics()['madoguchi_tls_refused_total']
        try:
            got = ward.raw(b'GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n', **how)
        except (ssl.SSLError, ConnectionError):
            got = b''
        self.assertEqual(got, b'')
        self.assertEqual(ward.metrics()['madoguchi_tls_refused_total'], before + 1)

    def test_without_a_client_certificate(self):
        self.refused(name=None)

    def test_a_certificate_of_another_ca(self):
        self.refused(name='terminal-stranger')

    def test_tls_1_2(self):
        self.refused(version=ssl.TLSVersion.TLSv1_2)

    def test_an_expired_certificate(self):
        self.issue('terminal-expired', '20200101000000Z', '20200201000000Z')
        self.refused(name='terminal-expired')

    def test_a_certificate_not_yet_valid(self):
        self.issue('terminal-early', '20990101000000Z', '20990201000000Z')
        self.refused(name='terminal-early')

    def test_a_servers_certificate_as_a_client(self):
        self.refused(name='gateway')

    def test_plain_http(self):
        with socket.create_connection(('127.0.0.1', wire.PORT), 5) as line:
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
        with socket.create_connection(('127.0.0.1', wire.PORT), 5) as plain:
            with context.wrap_socket(plain, server_hostname='127.0.0.1') as line:
                line.sendall(b'GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n')
                self.assertIn(b'200', line.recv(4096))
                self.assertFalse(line.session and line.session.has_ticket)
                self.assertEqual(line.version(), 'TLSv1.3')

    def issue(self, name, start, end, terminal='T001'):
        """A terminal's certificate of the line's CA with other dates, by `openssl ca`."""
        folder = ward.at('run', name)
        os.makedirs(folder)
        out = ward.at('pki', name)
        with open(os.path.join(folder, 'conf'), 'w') as f:
            f.write(f'[ca]\ndefault_ca=c\n[c]\ndatabase={folder}/index\nnew_certs_dir={folder}\nserial={folder}/serial\n'
                    'default_md=sha256\npolicy=p\nunique_subject=no\nx509_extensions=e\n[p]\ncommonName=supplied\n'
                    '[e]\nkeyUsage=critical,digitalSignature\nextendedKeyUsage=clientAuth\n'
                    f'subjectAltName=URI:urn:madoguchi:office:139998:terminal:{terminal}\n')
        open(os.path.join(folder, 'index'), 'w').close()
        with open(os.path.join(folder, 'serial'), 'w') as f:
            f.write('4000\n')
        quiet = {'check': True, 'capture_output': True}
        subprocess.run(['openssl', 'req', '-new', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes',
                        '-keyout', out + '.key', '-out', folder + '/csr', '-subj', '/CN=' + terminal], **quiet)
        subprocess.run(['openssl', 'ca', '-batch', '-notext', '-config', folder + '/conf', '-cert',
                        ward.at('pki', 'line-ca.crt'), '-keyfile', ward.at('pki', 'line-ca.key'), '-startdate', start,
                        '-enddate', end, '-in', folder + '/csr', '-out', out + '.crt'], **quiet)


class Http(GatewayCase):
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
        self.assertIn(status, (400, 415), got)

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
        self.assertEqual(status, 408, got[:200])
        self.assertProblem(ward.put_decision(intake, 2, b' ' * 300000), 413, 'too-large')

    def test_one_byte_now_and_then(self):
        begin = time.monotonic()
        got = ward.raw(b'GET /healthz HTTP/1.1\r\n' + self.HOST + b'X-Slow: ' + b'a' * 200, pause=0.1, seconds=20)
        self.assertLess(time.monotonic() - begin, REQUEST_TIMEOUT + 4)
        self.assertTrue(got == b'' or b' 408 ' in got, got)

    def test_a_header_without_end(self):
        begin = time.monotonic()
        status, got = self.status(b'GET /healthz HTTP/1.1\r\n' + self.HOST, seconds=20)
        self.assertEqual(status, 408, got)
        self.assertIn(b'"code":"timeout"', got)
        head, body = got.split(b'\r\n\r\n', 1)
        self.assertEqual(json.loads(body)['status'], 408)
        self.assertIn(f'Content-Length: {len(body)}'.encode(), head)
        self.assertLess(time.monotonic() - begin, REQUEST_TIMEOUT + 4)

    def test_many_silent_connections(self):
        """More than may be: the others wait, none hangs for ever, and an honest terminal is served."""
        lines = []
        try:
            for _ in range(MAX_CONNECTIONS * 3):
                lines.append(socket.create_connection(('127.0.0.1', wire.PORT), 5))
            begin = time.monotonic()
            world.wait_until(self.is_served, 'an honest terminal', seconds=5 * HANDSHAKE_TIMEOUT + 5)
            self.assertLess(time.monotonic() - begin, 5 * HANDSHAKE_TIMEOUT + 5)
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


class Service(GatewayCase):
    def test_policy(self):
        status, headers, body = ward.request('GET', '/v1/policy')
        with open(ward.at('policy', 'policy.cms'), 'rb') as f:
            self.assertEqual((status, body), (200, f.read()))
        status, again, body = ward.request('GET', '/v1/policy', headers={'If-None-Match': headers['ETag']})
        self.assertEqual((status, body, again['ETag']), (304, b'', headers['ETag']))
        self.assertEqual(ward.request('GET', '/v1/policy', headers={'If-None-Match': '"other"'})[0], 200)

    def test_health_and_metrics(self):
        self.assertEqual(ward.request('GET', '/healthz')[::2], (200, b'serving\n'))
        self.assertIn('madoguchi_refused_total{code="id-conflict"}', ward.metrics())

    def test_refusals_are_recorded_in_the_chain(self):
        intake = wire.new_intake()
        ward.put_intake(intake, b'no container')
        with sqlite3.connect(f'file:{ward.at("gateway", "ledger.db")}?mode=ro', uri=True) as db:
            rows = db.execute("SELECT event, outcome, detail FROM audit WHERE object_id = ?", (intake,)).fetchall()
        self.assertEqual(rows, [('refuse', 'refused', 'terminal=T001 what=PUT:intake code=malformed-container')])

    def test_a_policy_without_this_terminal_counts_at_once(self):
        """Revocation without a restart: the next policy no longer lists the terminal."""
        path = ward.at('policy', 'policy.cms')
        with open(path, 'rb') as f:
            before = f.read()
        policy = ward.current_policy()
        policy['version'] += 1
        policy['terminals'][0]['id'] = 'T777'
        ward.sign_policy(policy)
        world.wait_until(lambda: ward.request('GET', '/v1/policy')[0] == 403, 'the terminal is out')
        with open(path + '.new', 'wb') as f:
            f.write(before)
        os.replace(path + '.new', path)  # an older version does not come back
        time.sleep(2.5)
        self.assertEqual(ward.request('GET', '/v1/policy')[0], 403)
        policy['version'] += 1
        policy['terminals'][0]['id'] = 'T001'
        ward.sign_policy(policy)
        world.wait_until(lambda: ward.request('GET', '/v1/policy')[0] == 200, 'the terminal is back')

    def test_a_stolen_key_is_of_no_use_once_the_policy_drops_it(self):
        """X14: the terminal keeps its name and gets a new key; for a while both count, then only the new one, also on
        a connection that was open before."""
        Tls.issue(self, 'terminal-renewed', '20260101000000Z', '20450101000000Z')
        policy = ward.current_policy()
        old, new = policy['terminals'][0]['keys'][0], ward.key_of('terminal-renewed')
        self.assertProblem(ward.request('GET', '/v1/policy', name='terminal-renewed'), 403, 'terminal-key')
        open_before = ward.connect()
        self.assertEqual(ward.request('GET', '/v1/policy', connection=open_before)[0], 200)

        policy['version'] += 1
        policy['terminals'][0]['keys'] = [new, old]
        ward.sign_policy(policy)
        world.wait_until(lambda: ward.request('GET', '/v1/policy', name='terminal-renewed')[0] == 200, 'both keys count')
        self.assertEqual(ward.request('GET', '/v1/policy', connection=open_before)[0], 200)

        policy['version'] += 1
        policy['terminals'][0]['keys'] = [new]
        ward.sign_policy(policy)
        world.wait_until(lambda: ward.request('GET', '/v1/policy')[0] == 403, 'the old key is out')
        intake = wire.new_intake()
        body = ward.intake(intake)
        self.assertProblem(ward.request('GET', '/v1/policy', connection=open_before), 403, 'terminal-key')
        self.assertProblem(ward.put_intake(intake, body, connection=open_before), 403, 'terminal-key')
        open_before.close()
        self.assertEqual(ward.put_intake(intake, body, name='terminal-renewed')[0], 201)

        policy['version'] += 1
        policy['terminals'][0]['keys'] = [old]
        ward.sign_policy(policy)
        world.wait_until(lambda: ward.request('GET', '/v1/policy')[0] == 200, 'the old key is back')

    def test_log_holds_nothing_personal(self):
        intake = wire.new_intake()
        ward.put_intake(intake, ward.intake(intake, values={'p.name': '見張 番子'}, number='987654321098'))
        log = ward.world.log_of('gateway')
        self.assertIn(intake, log)
        for text in ('見張', '987654321098', '窓口 試子', '123456789018'):
            self.assertNotIn(text, log)


class ZEnd(GatewayCase):
    """Last, since it ends the gateway."""

    def tearDown(self):
        pass

    def test_sigterm_and_kill_keep_what_was_receipted(self):
        items = [(intake, ward.intake(intake)) for intake in (wire.new_intake() for _ in range(3))]
        receipts = [ward.put_intake(*item)[2] for item in items]
        self.assertEqual(ward.stop_gateway(), 0)
        ward.start_gateway()
        self.assertEqual([ward.put_intake(*item)[2] for item in items], receipts)
        ward.stop_gateway(how=9)
        ward.start_gateway()
        self.assertEqual([ward.put_intake(*item)[2] for item in items], receipts)
        self.assertEqual(ward.stop_gateway(), 0)

    def test_settings_that_cannot_be_used(self):
        program = ward.world.program('src', 'gateway', 'madoguchi-gateway')
        broken = ward.at('run', 'broken.ini')
        with open(ward.at('gateway', 'gateway.ini'), encoding='utf-8') as f:
            good = f.read()
        for old, new, word in (('receipt_key=', 'x_key=', 'receipt_key'), ('port=8443', 'port=0', 'port'),
                               ('policy.cms', 'policy-stranger.cms', 'policy'), ('gateway.key', 'terminal.key', 'key'),
                               ('receipt.key', 'terminal.key', 'receipt_key')):
            self.assertIn(old, good)
            with open(broken, 'w', encoding='utf-8') as f:
                f.write(good.replace(old, new))
            run = subprocess.run([program, '--config', broken], capture_output=True, text=True, timeout=20)
            self.assertEqual(run.returncode, 3, run.stderr)
            self.assertIn(word, run.stderr)
        self.assertEqual(subprocess.run([program], capture_output=True).returncode, 2)


if __name__ == '__main__':
    unittest.main(verbosity=2)
