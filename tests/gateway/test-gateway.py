#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""The gateway under honest and hostile terminals: real TLS, real containers, a real store. Run inside tests/isolated."""

import base64
import hashlib
import io
import json
import os
import signal
import subprocess
import sys
import unittest
import zipfile
import zlib

sys.dont_write_bytecode = True

import jsonschema  # noqa: E402
import yaml  # noqa: E402

import gate  # noqa: E402
import wire  # noqa: E402
from gate import ward  # noqa: E402


def with_manifest(body, said, instead):
    """The container with another word in its manifest, signed as before."""
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(body)) as archive, zipfile.ZipFile(made, 'w') as other:
        for entry in archive.infolist():
            content = archive.read(entry)
            if entry.filename == 'manifest.json':
                assert said in content, content
                content = content.replace(said, instead)
            other.writestr(entry, content)
    return made.getvalue()


class Intakes(gate.GatewayCase):
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

    def test_an_identification_that_the_procedure_does_not_accept(self):
        for procedure, words, detail in (
                ('pension.exemption', ('jpki-auth', 'valid', 'crl'), None),
                ('pension.exemption', ('jpki-sign', 'valid', 'ocsp'), None),
                ('pension.exemption', ('jpki-sign', 'untrusted-issuer', 'none'), 'No intake goes on'),
                ('lem.certificate', ('jpki-sign', 'valid', 'ocsp'), 'does not accept'),
                ('pension.exemption', ('card-face', 'face', 'none'), None),
                ('pension.exemption', ('jpki-auth', 'deferred', 'none'), None),
                ('lem.certificate', ('jpki-auth', 'valid', 'ocsp'), None),
                ('lem.certificate', ('card-face', 'face', 'none'), 'way of identification'),
                ('pension.exemption', ('letter', 'valid', 'ocsp'), 'way of identification'),
                ('lem.certificate', ('jpki-auth', 'deferred', 'none'), 'let the check of revocation wait'),
                ('pension.exemption', ('jpki-auth', 'revocation-unknown', 'ocsp'), 'No intake goes on'),
                ('pension.exemption', ('jpki-auth', 'revoked', 'ocsp'), 'No intake goes on'),
                ('pension.exemption', ('card-face', 'face-other', 'none'), 'No intake goes on'),
                ('pension.exemption', ('jpki-auth', 'fine', 'ocsp'), 'no such verdict'),
                ('pension.exemption', ('jpki-auth', 'valid', 'none'), 'contradict'),
                ('pension.exemption', ('jpki-auth', 'valid', 'somebody'), 'contradict'),
                ('pension.exemption', ('jpki-auth', 'face', 'none'), 'contradict'),
                # Nobody identified: only where the policy says so, and then nothing else.
                ('health.stomach', ('none', 'not-required', 'none'), None),
                ('health.stomach', ('none', 'documents', 'none'), 'contradict'),
                ('health.stomach', ('none', 'not-required', 'ocsp'), 'contradict'),
                ('health.stomach', ('jpki-auth', 'valid', 'ocsp'), 'way of identification'),
                ('pension.exemption', ('none', 'not-required', 'none'), 'way of identification'),
                ('lem.certificate', ('none', 'not-required', 'none'), 'way of identification'),
                ('pension.exemption', ('photo-document', 'not-required', 'none'), 'contradict')):
            with self.subTest(words, procedure=procedure):
                intake = wire.new_intake()
                words = dict(zip(('method', 'verdict', 'revocation'), words))
                answer = ward.put_intake(intake, ward.intake(intake, procedure=procedure, **words))
                if not detail:
                    self.assertEqual(answer[0], 201, answer[2])
                    continue
                self.assertProblem(answer, 403, 'identification')
                self.assertIn(detail, json.loads(answer[2])['detail'])

    def test_nobody_identified_where_somebody_is_demanded(self):
        """Refused, kept in the chain of the log, and not stored; a manifest made to say so afterwards is nobody's."""
        gate.fresh()
        waived = {'method': 'none', 'verdict': 'not-required', 'revocation': 'none'}
        before = self.stored()
        intake = wire.new_intake()
        self.assertProblem(ward.put_intake(intake, ward.intake(intake, procedure='juki.disclosure', number=None, **waived)), 403,
                           'identification')
        self.assertEqual(gate.rows('SELECT event, outcome, detail FROM audit WHERE object_id = ?', intake),
                         [('refuse', 'refused', 'terminal=T001 what=PUT:intake code=identification')])
        for procedure, words, said, instead in (
                ('health.stomach', waived, b'"health.stomach"', b'"lem.certificate"'),
                ('health.stomach', waived, b'"none"', b'"jpki-auth"'),
                ('pension.exemption', {}, b'"jpki-auth"', b'"none"')):
            intake = wire.new_intake()
            answer = ward.put_intake(intake, with_manifest(ward.intake(intake, procedure=procedure, **words), said, instead))
            self.assertIn(wire.problem(answer), ((422, 'signature-invalid'), (422, 'digest-mismatch'), (400, 'malformed-container')))
            self.assertEqual(len(gate.rows("SELECT 1 FROM audit WHERE object_id = ? AND outcome = 'refused'", intake)), 1)
        self.assertEqual(self.stored(), before)

    def test_the_clerks_other_certificate_does_not_sign(self):
        intake = wire.new_intake()
        body = ward.intake(intake, signer='staff/S0001-auth')
        self.assertProblem(ward.put_intake(intake, body), 422, 'signature-invalid')

    def test_a_colleagues_terminal(self):
        """X22: a registered terminal has no access to what another has sent."""
        intake = wire.new_intake()
        body = ward.intake(intake)
        self.assertEqual(ward.put_intake(intake, body)[0], 201)
        gate.issue('terminal-2', '20260101000000Z', '20450101000000Z', terminal='T002')
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


class Nonces(gate.GatewayCase):
    """"Fresh" is more than the terminal's word; offline is no lie."""

    def put(self, **more):
        intake = wire.new_intake()
        answer = ward.put_intake(intake, ward.intake(intake, **more))
        return ward.open_receipt(answer[2])['nonce'] if answer[0] in (200, 201) else wire.problem(answer)

    def row(self, intake):
        return gate.rows('SELECT nonce, nonce_fresh FROM ledger_items WHERE intake = ?', intake)[0]

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
        gate.issue('terminal-3', '20260101000000Z', '20450101000000Z', terminal='T003')
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
        self.assertEqual(gate.rows("SELECT outcome, detail FROM audit WHERE object_id = ?", intake),
                         [('refused', 'terminal=T001 what=PUT:intake code=nonce-forged')])


class Service(gate.GatewayCase):
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
        digest = hashlib.sha256(b'no container').hexdigest()
        rows = gate.rows("SELECT event, outcome, detail, object_digest FROM audit WHERE object_id = ?", intake)
        self.assertEqual(rows, [('refuse', 'refused', 'terminal=T001 what=PUT:intake code=malformed-container', digest)])

    def test_refusals_are_listed(self):
        """G10: for the administrator, while the gateway goes on; and what came of each."""
        def listed(intake):
            out = subprocess.run([ward.world.program('src', 'gateway', 'madoguchi-gateway'), '--refusals', '--config',
                                  ward.at('gateway', 'gateway.ini')], check=True, capture_output=True, text=True).stdout
            return [row[1:] for row in (line.split('\t') for line in out.splitlines()) if row[5] == intake]

        intake = wire.new_intake()
        digest = hashlib.sha256(b'no container').hexdigest()
        ward.put_intake(intake, b'no container')
        ward.put_intake(intake, b'no container')
        self.assertEqual(listed(intake), [['T001', 'PUT:intake', 'malformed-container', '2', intake, digest, 'not-stored']])
        self.assertEqual(ward.put_intake(intake, ward.intake(intake))[0], 201)
        self.assertEqual(listed(intake)[0][-1], 'other-stored', 'not what was refused')

    def test_log_holds_nothing_personal(self):
        intake = wire.new_intake()
        ward.put_intake(intake, ward.intake(intake, values={'p.name': '見張 番子'}, number='987654321098'))
        log = ward.world.log_of('gateway')
        self.assertIn(intake, log)
        for text in ('見張', '987654321098', '窓口 試子', '123456789018'):
            self.assertNotIn(text, log)


class Numbers(gate.GatewayCase):
    """R-QUE-16, R-LINE-10: receipt numbers in blocks, none twice."""

    def ask(self, **more):
        said = {'serial': 1, 'epoch': 1, 'highest': ward.count, 'newest': 0, 'left': 0, 'question': os.urandom(16).hex(), **more}
        return ward.request('POST', '/v1/numbers', json.dumps(said).encode(), {'Content-Type': 'application/json'})

    def told(self, **more):
        status, headers, body = self.ask(**more)
        self.assertEqual((status, headers['Content-Type']), (200, 'application/json'), body)
        with open(os.path.join(os.environ['MADOGUCHI_SOURCE'], 'data', 'protocol', 'openapi.yaml'), encoding='utf-8') as f:
            schema = yaml.safe_load(f)['components']['schemas']['Numbers']
        said = json.loads(body)
        jsonschema.Draft202012Validator(schema).validate(said)
        return said

    def put(self, number, **more):
        intake = wire.new_intake()
        return intake, ward.put_intake(intake, ward.intake(intake, receipt_number=wire.receipt_number(number), **more))

    def test_blocks(self):
        intake, answer = self.put(ward.count + 1)
        self.assertEqual(answer[0], 201)
        question = os.urandom(16).hex()
        first = self.told(question=question)
        self.assertEqual(self.told(question=question), first, 'the answer was lost')
        self.assertEqual((first['last'], first['last_n'], first['highest']), (intake, 1, ward.count))
        self.assertEqual(first['to'] - first['from'], 1999)
        self.assertGreater(first['from'], ward.count)
        again = self.told(newest=first['to'], left=2000)
        self.assertEqual((again['from'], again['to'], again['fresh']), (0, 0, False))
        lost = self.told(left=2000)  # it does not know of the block that it had
        self.assertEqual((lost['from'], lost['fresh']), (first['to'] + 1, True))
        noted = gate.rows("SELECT outcome, detail FROM audit WHERE event = 'numbers' ORDER BY seq")
        self.assertIn(('done', f'terminal=T001 serial=1 from={first["from"]} to={first["to"]} cause=low'), noted)
        # What was given comes whenever it comes; what was not, and what has come, does not.
        self.assertEqual(self.put(first['to'])[1][0], 201)
        self.assertProblem(self.put(first['to'])[1], 409, 'number-used')
        self.assertProblem(self.put(lost['to'] + 1)[1], 422, 'number-foreign')
        self.assertProblem(ward.put_intake(*self.of_other_digits()), 422, 'number-foreign')

    def of_other_digits(self):
        intake = wire.new_intake()
        return intake, ward.intake(intake, receipt_number='002-000001-4')

    def test_not_told(self):
        for wrong in (b'', b'{}', b'x' * 400):
            answer = ward.request('POST', '/v1/numbers', wrong, {'Content-Type': 'application/json'})
            self.assertProblem(answer, 400, 'malformed-request')
        self.assertProblem(ward.request('POST', '/v1/numbers', b'x' * 513, {'Content-Type': 'application/json'}), 413, 'too-large')
        self.assertProblem(ward.request('POST', '/v1/numbers', b'{}', {'Content-Type': 'text/plain'}), 415, 'media-type')
        self.assertProblem(self.ask(serial=2), 422, 'policy-unknown')
        self.assertProblem(ward.request('POST', '/v1/numbers', b'{}', {'Content-Type': 'application/json'},
                                        name='terminal-unregistered'), 403, 'terminal-unregistered')


class Uploads(gate.GatewayCase):
    """Containers in chunks."""

    LEFT = 'SELECT (SELECT count(*) FROM ledger_uploads) + (SELECT count(*) FROM ledger_chunks)'

    def setUp(self):
        for table in ('ledger_chunks', 'ledger_uploads'):
            gate.store.run('DELETE FROM ' + table)

    def make(self, **more):
        intake = wire.new_intake()
        return intake, ward.intake(intake, values={'p.name': '窓' * 9000}, **more)

    def stands(self, intake, body, **how):
        return json.loads(ward.upload(intake, body, **how)[2])['offset']

    def send_rest(self, intake, body, **how):
        line = ward.connect(**how)
        while (offset := self.stands(intake, body, connection=line)) < len(body):
            self.assertEqual(ward.upload(intake, body, offset, connection=line)[0], 200)
        answer = ward.finish(intake, body, connection=line)
        line.close()
        return answer

    def test_resumed_and_receipted_as_one_piece(self):
        intake, body = self.make()
        before = ward.metrics()
        self.assertEqual(ward.upload(intake, body, 0)[0], 200)
        self.assertEqual(ward.upload(intake, body, 0)[0], 200)  # the answer was lost
        self.assertProblem(ward.upload(intake, body, 1), 409, 'upload-offset')  # where it stands already, and beyond
        self.assertProblem(ward.upload(intake, body, wire.CHUNK + 1), 409, 'upload-offset')
        ward.stop_gateway(how=signal.SIGKILL)
        ward.start_gateway()
        self.assertEqual(self.stands(intake, body), wire.CHUNK)
        status, _, receipt = self.send_rest(intake, body)
        self.assertEqual(status, 201)
        said = ward.open_receipt(receipt)
        self.assertEqual((said['id'], said['digest']), (intake, hashlib.sha256(body).hexdigest()))
        self.assertEqual(ward.put_intake(intake, body)[::2], (200, receipt))  # one piece or many: the same
        self.assertEqual(ward.finish(intake, body)[::2], (200, receipt))
        self.assertEqual(gate.rows(self.LEFT), [(0,)])
        counts = ward.metrics()
        self.assertEqual(counts['madoguchi_chunk_bytes_total'], len(body) - wire.CHUNK)  # of this start
        self.assertEqual(counts['madoguchi_chunk_bytes_again_total'], 0)
        self.assertEqual(counts['madoguchi_intakes_total'], before['madoguchi_intakes_total'] + 1)

    def test_judged_as_one_piece(self):
        for more, code in (({'signer': 'staff/S0001-auth'}, (422, 'signature-invalid')), ({'terminal': 'T002'}, (403, 'terminal-mismatch'))):
            intake, body = self.make(**more)
            self.assertProblem(self.send_rest(intake, body), *code)
            self.assertEqual(gate.rows(self.LEFT), [(0,)])  # what is refused for ever keeps no room
        intake, body = self.make(policy=99)
        self.assertProblem(self.send_rest(intake, body), 422, 'policy-unknown')
        self.assertEqual(self.stands(intake, body), len(body))  # what has to wait need not be sent again
        intake, body = self.make()
        self.assertProblem(self.send_rest(wire.new_intake(), body), 422, 'id-mismatch')
        self.assertEqual(self.send_rest(intake, body)[0], 201)

    def test_whole_ends_what_was_begun(self):
        intake, body = self.make()
        ward.upload(intake, body, 0)
        self.assertEqual(ward.put_intake(intake, body)[0], 201)
        self.assertEqual(gate.rows(self.LEFT), [(0,)])
        self.assertEqual(json.loads(ward.upload(intake, body, wire.CHUNK)[2]), {'size': len(body), 'offset': len(body), 'stored': True})
        self.assertProblem(ward.upload(intake, body + b'.', 0), 409, 'id-conflict')
        self.assertEqual(gate.rows(self.LEFT), [(0,)])

    def test_another_terminal_sees_nothing(self):
        gate.issue('terminal-4', '20260101000000Z', '20450101000000Z', terminal='T004')
        policy = ward.current_policy()
        policy['terminals'].append({**policy['terminals'][0], 'id': 'T004', 'serial': 4, 'keys': [ward.key_of('terminal-4')]})
        version, digest = ward.install_policy(policy)
        intake, body = self.make(policy=version, policy_digest=digest)
        ward.upload(intake, body, 0)
        self.assertEqual(self.stands(intake, body, name='terminal-4'), 0)
        self.assertProblem(ward.upload(intake, body, wire.CHUNK, name='terminal-4'), 409, 'upload-offset')
        self.assertProblem(ward.finish(intake, body, name='terminal-4'), 409, 'upload-offset')
        self.assertEqual(self.stands(intake, body), wire.CHUNK)
        self.assertEqual(self.send_rest(intake, body)[0], 201)
        self.assertProblem(ward.upload(intake, body, 0, name='terminal-4'), 403, 'terminal-mismatch')
        self.assertProblem(ward.finish(intake, body, name='terminal-4'), 403, 'terminal-mismatch')

    def test_nobody_fills_the_disk(self):
        """Eight unfinished ones, 64 MiB together: what is said to be the size counts, from the first byte."""
        body = os.urandom(wire.CHUNK)
        begun = [ward.upload(wire.new_intake(), body, 0, headers={'Upload-Length': str(30 << 20)}) for _ in range(3)]
        self.assertEqual([answer[0] for answer in begun], [200, 200, 429])
        small = [ward.upload(wire.new_intake(), body, 0, headers={'Upload-Length': str(wire.CHUNK + 1)}) for _ in range(8)]
        self.assertEqual([answer[0] for answer in small], [200] * 6 + [429] * 2)
        self.assertProblem(small[-1], 429, 'uploads-full')
        intake, whole = self.make()
        self.assertEqual(ward.put_intake(intake, whole)[0], 201)  # nothing else waits for it


class ZEnd(gate.GatewayCase):
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
        for old, new, word, records in (('receipt_key=', 'x_key=', 'receipt_key', 0), ('port=8443', 'port=0', 'port', 0),
                                        ('policy-root.crt', 'policy.cms', 'policy.cms', 1), ('gateway.key', 'terminal.key', 'key', 1),
                                        ('receipt.key', 'terminal.key', 'receipt_key', 1)):
            self.assertIn(old, good)
            known = self.unusable()
            with open(broken, 'w', encoding='utf-8') as f:
                f.write(good.replace(old, new))
            run = subprocess.run([program, '--config', broken], capture_output=True, text=True, timeout=120)
            self.assertEqual(run.returncode, 3, run.stderr)
            self.assertIn(word, run.stderr)
            self.assertEqual(self.unusable(), known + records, 'recorded where there is a ledger to record it in')
        self.assertEqual(subprocess.run([program], capture_output=True).returncode, 2)

    def unusable(self):
        return gate.rows("SELECT count (*) FROM audit WHERE event = 'settings' AND outcome = 'failed'")[0][0]


if __name__ == '__main__':
    unittest.main(verbosity=2)
