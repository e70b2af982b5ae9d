#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""The opening desk: what arrived honestly opens; what anybody altered on the way or in the store does not. Run inside
tests/isolated."""

import contextlib
import hashlib
import json
import os
import signal
import sqlite3
import stat
import subprocess
import sys
import unittest

import jsonschema

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.join(os.path.dirname(os.path.realpath(__file__)), '..', 'memory'))

import memory  # noqa: E402
from opening import NAME, NUMBER, UUID, Desk, by_old_list, evidence, new_number, now, ocsp_response, resigned, ward, wire  # noqa: E402


class Opens(Desk):
    def test_open_shows_values_and_masks_the_number(self):
        intake, number = self.deliver()
        for name in (intake, number):
            run = self.run_desk('--officer', 'B0001', '--reason', 'R01', 'open', name)
            self.assertEqual(run.returncode, 0, run.stderr)
            self.assertIn(NAME, run.stdout)
            self.assertIn('********9018', run.stdout)
            self.assertNotIn(NUMBER, run.stdout)
            self.assertIn('approved', run.stdout)
        self.assertEqual(self.audit(intake)[-1], ('open', 'done', 'B0001', 'R01', 'state=approved number=masked'))

    def test_json(self):
        intake, number = self.deliver()
        content = json.loads(self.run_desk('--json', 'open', number).stdout)
        self.assertEqual({k: content[k] for k in ('schema', 'intake', 'receipt_number', 'state', 'procedure', 'clerk',
                                                  'officer', 'presence', 'values', 'number')},
                         {'schema': 'madoguchi-export/2', 'intake': intake, 'receipt_number': number, 'state': 'approved',
                          'procedure': 'pension.exemption', 'clerk': 'S0001', 'officer': 'S0101', 'presence': 'valid',
                          'values': {'p.name': NAME}, 'number': None})
        self.assertNotIn('9018', UUID.sub('', json.dumps({**content, 'policy_digest': ''})))

    def test_reveal_needs_a_reason_and_is_recorded(self):
        intake, number = self.deliver()
        self.assertRefused(2, '--reveal-number', 'open', number, reason=None)
        run = self.run_desk('--officer', 'B0001', '--reveal-number', '--reason', 'R02', '--json', 'open', number)
        self.assertEqual(json.loads(run.stdout)['number'], NUMBER)
        self.assertEqual(self.audit(intake)[-1], ('reveal', 'done', 'B0001', 'R02', 'state=approved number=revealed'))

    def test_nothing_stays_in_memory(self):
        """Stopped when it has done everything but leave. The officer's number, which it was called with, is there still,
        so that the search is not blind."""
        intake = wire.new_intake()
        address = '架空県あおぞら区開封一丁目9番'
        card = {'name': NAME, 'address': address, 'birth': '19850401', 'sex': '2'}
        proof = {**evidence(intake), 'card': card}
        container = ward.intake(intake, evidence=proof, values={'p.name': NAME, 'p.addr': address})
        self.assertEqual(ward.put_intake(intake, container)[0], 201)
        self.assertEqual(ward.put_decision(intake, 2, ward.decision(container, kind='approve'))[0], 201)
        needles = {f'{text}, form {n}': form for text in (NAME, address, NUMBER)
                   for n, form in enumerate(memory.forms(text))}
        needles['the officer'] = b'B0001'
        for how in (['--json', 'open', intake], ['open', intake], ['export', ward.at('run')]):
            with self.stopped('--officer', 'B0001', '--reveal-number', '--reason', 'R02', *how) as (pid, out):
                self.assertTrue(how[0] == 'export' or NUMBER in out())
                found = memory.scan(pid, needles)
                self.assertEqual({name for name, _, _ in found}, {'the officer'}, (how, found))

    @contextlib.contextmanager
    def stopped(self, *args):
        """The desk, stopped at its end, and what reads its output."""
        env = {**os.environ, 'LC_ALL': 'C.UTF-8', 'LD_PRELOAD': os.environ['STOP_AT_EXIT'],
               'ASAN_OPTIONS': os.environ.get('ASAN_OPTIONS', '') + ':verify_asan_link_order=0:' + memory.ASAN_WIPES}
        with subprocess.Popen([ward.world.program('src', 'backoffice', 'madoguchi-backoffice'), '--config',
                               ward.at('backoffice', 'backoffice.ini'), *args], stdout=subprocess.PIPE, env=env) as desk:
            try:
                _, status = os.waitpid(desk.pid, os.WUNTRACED)
                self.assertTrue(os.WIFSTOPPED(status), status)
                yield desk.pid, lambda: os.read(desk.stdout.fileno(), 65536).decode()
            finally:
                os.kill(desk.pid, signal.SIGCONT)

    def test_without_a_number(self):
        _, number = self.deliver(number=None)
        self.assertIsNone(json.loads(self.run_desk('--json', 'open', number).stdout)['number'])

    def test_revocation_that_could_not_be_asked(self):
        intake = wire.new_intake()
        container = ward.intake(intake, evidence=evidence(intake, ocsp=False), values={'p.name': NAME})
        self.assertEqual(ward.put_intake(intake, container)[0], 201)
        self.assertEqual(ward.put_decision(intake, 2, ward.decision(container))[0], 201)
        self.assertEqual(json.loads(self.run_desk('--json', 'open', intake).stdout)['presence'], 'deferred')

    def test_next_generation(self):
        """A card of ECDSA P-384 certificates, with the answer of its own generation's responder."""
        _, number = self.deliver(proof=lambda i: evidence(i, 'nextgen'))
        run = self.run_desk('--json', 'open', number)
        self.assertEqual(run.returncode, 0, run.stderr)
        self.assertEqual(json.loads(run.stdout)['presence'], 'valid')
        self.assertEqual(self.run_desk('verify', number).returncode, 0)

    def test_next_generation_with_the_others_answer(self):
        """An answer about somebody else settles nothing, and is not taken for one."""
        def mixed(i):
            return {**evidence(i, 'nextgen'), 'revocation': evidence(i)['revocation']}
        _, number = self.deliver(proof=mixed)
        self.assertIn('revocation-unknown', self.assertRefused(5, 'open', number).stderr)

    def test_list(self):
        approved, _ = self.deliver()
        pending, number = self.deliver(approve=False)
        states = {row['intake']: row['state'] for row in json.loads(self.run_desk('--json', 'list').stdout)}
        self.assertEqual((states[approved], states[pending]), ('approved', 'received'))
        self.assertIn(number, self.run_desk('list').stdout)

    def test_pending_and_returned(self):
        for options, state in (({'approve': False}, 'received'), ({'kind': 'return'}, 'returned'), ({'kind': 'reject'}, 'rejected')):
            intake, number = self.deliver(**options)
            self.assertRefused(6, 'open', number)
            self.assertEqual(self.audit(number)[-1][:2], ('open', 'refused'))
            run = self.run_desk('--pending', '--json', 'open', number)
            self.assertEqual(json.loads(run.stdout)['state'], state, run.stderr)

    def test_export(self):
        own = new_number()
        _, approved = self.deliver(number=own)
        _, pending = self.deliver(approve=False)
        folder = ward.at('run', 'export')
        run = self.run_desk('export', folder)
        self.assertIn(run.returncode, (0, 5, 7, 10), run.stderr)
        path = os.path.join(folder, approved + '.json')
        self.assertEqual(stat.S_IMODE(os.stat(path).st_mode), 0o600)
        with open(path, encoding='utf-8') as f:
            text = f.read()
        self.assertEqual(json.loads(text)['values'], {'p.name': NAME})
        self.assertNotIn(own, text)
        self.assertNotIn(pending + '.json', os.listdir(folder))
        self.run_desk('--reveal-number', '--reason', 'R02', 'export', folder)
        with open(path, encoding='utf-8') as f:
            self.assertEqual(json.load(f)['number'], own)

    def test_a_receipt_number_given_twice(self):
        """A restored backup of a terminal, from before the gateway looked at numbers: neither intake is lost, and neither is taken
        for the other."""
        first, number = self.deliver(values={'p.name': NAME + '一'}, number=new_number())
        ward.count -= 1
        with self.ledger() as db:
            db.execute('DROP TRIGGER ledger_numbers_no_delete')
            db.execute('DELETE FROM ledger_numbers WHERE intake = ?', (first,))
        second, again = self.deliver(values={'p.name': NAME + '二'}, number=new_number())
        self.assertEqual(number, again)
        folder = ward.at('run', 'export-twice')
        for _ in range(2):
            self.run_desk('export', folder)
            for name, intake, person in ((number, first, '一'), (f'{number}_{second}', second, '二')):
                with open(os.path.join(folder, name + '.json'), encoding='utf-8') as f:
                    content = json.load(f)
                self.assertEqual((content['intake'], content['values']['p.name']), (intake, NAME + person))
        run = self.assertRefused(4, 'open', number)
        self.assertIn(first, run.stderr)
        self.assertIn(second, run.stderr)
        self.assertEqual(self.run_desk('open', second).returncode, 0)

    def test_an_independent_witness(self):
        """unzip, sha256sum and openssl alone reach the same values."""
        intake, _ = self.deliver()
        with self.ledger() as db:
            body, = db.execute('SELECT body FROM ledger_bodies JOIN ledger_items USING (sequence) WHERE intake = ? AND n = 1',
                               (intake,)).fetchone()
        folder = ward.at('run', 'witness')
        os.makedirs(folder, exist_ok=True)
        with open(os.path.join(folder, 'c.asice'), 'wb') as f:
            f.write(body)
        subprocess.run(['unzip', '-o', '-q', 'c.asice'], cwd=folder, check=True)
        subprocess.run(['openssl', 'cms', '-verify', '-inform', 'DER', '-binary', '-in', 'META-INF/signature001.p7s', '-content',
                        'META-INF/ASiCManifest001.xml', '-CAfile', ward.at('pki', 'staff-ca.crt'), '-purpose', 'any', '-out',
                        '/dev/null'], cwd=folder, check=True, capture_output=True)
        plain = subprocess.run(['openssl', 'cms', '-decrypt', '-inform', 'DER', '-binary', '-in', 'application.cms', '-recip',
                                ward.at('pki', 'business.crt'), '-inkey', ward.at('pki', 'business.key')], cwd=folder,
                               check=True, capture_output=True).stdout
        self.assertEqual(json.loads(plain)['values'], {'p.name': NAME})


class Later(Desk):
    """Years later: what was good when it was made stays good, whatever has changed since."""

    def test_a_renewed_card_and_an_officer_who_left(self):
        intake, _ = self.deliver()
        earlier = wire.moment()
        policy = ward.current_policy()
        good = json.loads(json.dumps(policy))
        for person in policy['staff']:
            if person['id'] == 'S0001':
                person['certificates']['sign'] = person['certificates']['auth']
        policy['staff'] = [person for person in policy['staff'] if person['id'] != 'S0101']
        policy['trust']['receipt'] = [policy['recipients']['vault']]  # another key since
        for rules in policy['procedures'].values():
            rules['approvers'] = ['supervisor', 'clerk']
        try:
            version, _ = ward.install_policy(policy)
            run = self.run_desk('--json', 'open', intake)
            self.assertEqual(run.returncode, 0, run.stderr)
            content = json.loads(run.stdout)
            self.assertEqual((content['values']['p.name'], content['policy_version']), (NAME, version - 1 or 1))
            verdict, made = content['nonce'].split()
            self.assertEqual(verdict, 'fresh')
            self.assertLessEqual(made[:19], earlier[:19])
        finally:
            ward.install_policy(good)

    def test_a_policy_that_the_ledger_has_altered(self):
        """The ledger keeps the policies, and is not believed: each is verified with the anchor."""
        intake, _ = self.deliver()
        version = json.loads(self.run_desk('--json', 'open', intake).stdout)['policy_version']
        with self.ledger() as db:
            kept, = db.execute('SELECT bundle FROM ledger_policies WHERE version = ?', (version,)).fetchone()
            at = kept.index(b'clerk-number')
            db.execute('UPDATE ledger_policies SET bundle = ? WHERE version = ?',
                       (kept[:at] + b'C' + kept[at + 1:], version))
        try:
            self.assertIn('policy version', self.assertRefused(5, 'open', intake).stderr.splitlines()[-1])
        finally:
            with self.ledger() as db:
                db.execute('UPDATE ledger_policies SET bundle = ? WHERE version = ?', (kept, version))
        self.assertEqual(self.run_desk('open', intake).returncode, 0)


class Forged(Desk):
    """X17, X18: the store's owner, or a terminal, puts together what does not belong together."""

    def alter(self, intake, n=1, column='body', change=lambda data: data):
        table = {'body': 'ledger_bodies', 'receipt': 'ledger_items'}[column]
        with self.ledger() as db:
            sequence, = db.execute('SELECT sequence FROM ledger_items WHERE intake = ? AND n = ?', (intake, n)).fetchone()
            data, = db.execute(f'SELECT {column} FROM {table} WHERE sequence = ?', (sequence,)).fetchone()
            db.execute(f'UPDATE {table} SET {column} = ? WHERE sequence = ?', (change(data), sequence))
        return data

    def test_one_byte_of_a_body(self):
        for n, at in ((1, 0.2), (1, 0.6), (1, 0.98), (2, 0.1), (2, 0.9)):
            intake, number = self.deliver()
            self.alter(intake, n, change=lambda data: (i := int(len(data) * at), data[:i] + bytes((data[i] ^ 1,)) + data[i + 1:])[1])
            self.assertRefused(5, 'open', number)
            self.assertEqual(self.audit(number)[-1][:2], ('open', 'refused'))

    def test_bodies_swapped(self):
        (first, number), (second, other) = self.deliver(), self.deliver()
        body = self.alter(first)
        taken = self.alter(second, change=lambda _: body)
        self.alter(first, change=lambda _: taken)
        self.assertRefused(5, 'open', number)
        self.assertRefused(5, 'open', other)

    def test_bodies_and_receipts_swapped(self):
        (first, number), (second, _) = self.deliver(), self.deliver()
        for column in ('body', 'receipt'):
            kept = self.alter(second, column=column)
            self.alter(first, column=column, change=lambda _, kept=kept: kept)
        self.assertRefused(5, 'open', number)

    def test_a_receipt_by_another_key(self):
        intake, number = self.deliver()
        with self.ledger() as db:
            receipt, = db.execute('SELECT receipt FROM ledger_items WHERE intake = ? AND n = 1', (intake,)).fetchone()
        content = subprocess.run(['openssl', 'cms', '-verify', '-noverify', '-inform', 'DER', '-binary'], input=receipt, check=True,
                                 capture_output=True).stdout
        key = ward.at('pki', 'terminal')
        forged = subprocess.run(['openssl', 'cms', '-sign', '-nodetach', '-binary', '-cades', '-md', 'sha256', '-outform', 'DER',
                                 '-signer', key + '.crt', '-inkey', key + '.key'], input=content, check=True,
                                capture_output=True).stdout
        self.alter(intake, column='receipt', change=lambda _: forged)
        self.assertRefused(5, 'open', number)

    def test_what_the_store_says_of_an_item(self):
        for column, value in (('terminal', 'T002'), ('receipt_number', None), ('procedure', 'lem.certificate'),
                              ('officer', 'S0002'), ('received', '2026-11-01T00:00:00.000Z'), ('nonce', 'stale'),
                              ('policy_version', 2), ('policy_digest', '00' * 32)):
            intake, _ = self.deliver()
            value = value or wire.receipt_number(999000)
            with self.ledger() as db:
                db.execute(f'UPDATE ledger_items SET {column} = ? WHERE intake = ? AND n = 1', (value, intake))
            self.assertRefused(5, 'open', intake)
            with self.ledger() as db:
                db.execute('DELETE FROM ledger_bodies WHERE sequence IN (SELECT sequence FROM ledger_items WHERE intake = ?)', (intake,))
                db.execute('DELETE FROM ledger_items WHERE intake = ?', (intake,))

    def test_a_decision_taken_away_or_moved(self):
        (first, number), (second, other) = self.deliver(), self.deliver(approve=False)
        with self.ledger() as db:
            db.execute('UPDATE ledger_items SET intake = ? WHERE intake = ? AND n = 2', (second, first))
        self.assertRefused(6, 'open', number)
        self.assertRefused(5, 'open', other)

    def test_a_state_without_a_signature(self):
        """The ledger's word alone approves nothing: a "return" is not made an approval by its column."""
        intake, number = self.deliver(kind='return')
        with self.ledger() as db:
            db.execute("UPDATE ledger_items SET decision = 'approve' WHERE intake = ? AND n = 2", (intake,))
        self.assertRefused(6, 'open', number)

    def test_a_part_of_another_intake(self):
        """The clerk's own terminal seals the wrong application, number or evidence: the id inside the part tells."""
        other = wire.new_intake()
        application = {'schema': 'madoguchi-application/1', 'intake': other, 'procedure': 'pension.exemption',
                       'procedure_version': '1', 'values': {'p.name': NAME}}
        for part, content in (('application', application), ('evidence', evidence(other)),
                              ('number', {'schema': 'madoguchi-number/1', 'intake': other, 'values': {'p.mynum': NUMBER}})):
            number = self.deliver_parts(**{part: content})
            self.assertRefused(5, 'open', number)

    def test_numbers_of_others_alone(self):
        """A spouse's number and not the person's own, who has told none: no forgery, and no number of the person."""
        number = self.deliver_parts(numbers={'n.spouse_mynum': NUMBER})
        run = self.run_desk('--json', 'open', number)
        self.assertEqual((run.returncode, json.loads(run.stdout)['number']), (0, None))
        for numbers in ({}, {'n.spouse_mynum': NUMBER[:-1] + '0'}, {'n.spouse_mynum': NUMBER, 'p.name': NUMBER}, {'p.mynum': ''}):
            self.assertRefused(5, 'open', self.deliver_parts(numbers=numbers))

    def test_numbers_of_a_household(self):
        """The numbers of its members are numbers, each of them, and nothing else lies with them."""
        def deliver(rows, **more):
            return self.deliver_parts(numbers={'h.members': rows, **more}, procedure='care.combined')
        for good in ([{'h.mynum': NUMBER}, {}], [{'h.mynum': NUMBER}, {'h.mynum': NUMBER}]):
            run = self.run_desk('--json', 'open', deliver(good))
            self.assertEqual((run.returncode, json.loads(run.stdout)['number']), (0, None), run.stderr)
        run = self.run_desk('open', deliver([{'h.mynum': NUMBER}], **{'p.mynum': NUMBER}))
        self.assertEqual(run.returncode, 0, run.stderr)
        wrong = NUMBER[:-1] + '0'
        for rows in ([], [{}], [{'h.mynum': wrong}], [{'h.mynum': NUMBER}, {'h.mynum': wrong}], [{'h.name': NUMBER}],
                     [{'h.mynum': NUMBER, 'h.name': NUMBER}], [{'p.mynum': NUMBER}], [NUMBER], NUMBER, {'h.mynum': NUMBER}):
            for more in ({}, {'p.mynum': NUMBER}):
                with self.subTest(rows=rows, more=more):
                    self.assertRefused(5, 'open', deliver(rows, **more))

    def declared(self, text='区が照会することに同意します。', **more):
        return {'field': 'k.lim_consent', 'language': 'ja', 'text': text, 'sha256': hashlib.sha256(text.encode()).hexdigest(), **more}

    def deliver_declared(self, declarations, answer=True):
        """An application with its declarations; which definition the terminal had is the approver's to see."""
        procedure = 'care.burden_limit'
        intake = wire.new_intake()
        application = {'schema': 'madoguchi-application/1', 'intake': intake, 'procedure': procedure, 'procedure_version': '1',
                       'values': {'p.name': NAME, 'k.lim_consent': answer}, 'declarations': declarations}
        return self.deliver_parts(procedure=procedure, intake=intake, application=application)

    def test_declaration(self):
        """Years later it is there to be read what was agreed to, with the digest that anybody can take of it."""
        shown = self.declared()
        number = self.deliver_declared([shown])
        content = json.loads(self.run_desk('--json', 'open', number).stdout)
        self.assertEqual(content['declarations'], [shown])
        self.assertIs(content['values']['k.lim_consent'], True)
        with open(os.path.join(os.environ['MADOGUCHI_SOURCE'], 'data', 'protocol', 'export-2.schema.json'), encoding='utf-8') as file:
            jsonschema.validate(content, json.load(file))
        said = self.run_desk('open', number).stdout
        self.assertIn('Consent to asset inquiry: Agrees\n    Text that was shown: ' + shown['text'], said)
        plain = json.loads(self.run_desk('--json', 'open', self.deliver_parts()).stdout)
        self.assertIsNone(plain['declarations'])

    def test_declaration_that_does_not_fit(self):
        shown = self.declared()
        for wrong in ([self.declared(sha256='0' * 64)], [{**shown, 'text': shown['text'] + '!'}], [{**shown, 'language': 'fr'}],
                      [{**shown, 'field': 'p.name'}], [{**shown, 'field': 'k.savings'}], [], [shown, shown], {'k.lim_consent': shown}, [True]):
            with self.subTest(wrong=wrong):
                self.assertRefused(5, 'open', self.deliver_declared(wrong))

    def deliver_parts(self, numbers=None, procedure='pension.exemption', intake=None, **wrong):
        intake = intake or wire.new_intake()
        ward.count += 1
        parts = {'application': {'schema': 'madoguchi-application/1', 'intake': intake, 'procedure': procedure,
                                 'procedure_version': '1', 'values': {'p.name': NAME}},
                 'number': {'schema': 'madoguchi-number/1', 'intake': intake, 'values': {'p.mynum': NUMBER} if numbers is None else numbers},
                 'evidence': evidence(intake, procedure=procedure), **wrong}
        paths = {name: ward.text(name, content) for name, content in parts.items()}
        number = wire.receipt_number(ward.count)
        challenge = parts['evidence']['challenge']
        container = ward.make('intake', intake=intake, receipt_number=number, wall=challenge['time'], nonce=challenge['nonce'],
                              procedure=procedure, **paths)
        self.assertEqual(ward.put_intake(intake, container)[0], 201)
        self.assertEqual(ward.put_decision(intake, 2, ward.decision(container))[0], 201)
        return number

    def test_the_deliverer_of_parts_is_sound(self):
        self.assertEqual(self.run_desk('open', self.deliver_parts()).returncode, 0)

    def test_presence(self):
        """The card signed something else, or was not the card, or was one that no longer counts."""
        intake = wire.new_intake()
        wrong_digest = evidence(intake)
        wrong_digest['digest'] = hashlib.sha256(b'x').hexdigest()
        cases = [('key', lambda i: evidence(i, key='suzuki')), ('revoked', lambda i: evidence(i, 'revoked', 'shared')),
                 ('foreign', lambda i: evidence(i, 'foreign', 'shared', ocsp=False)),
                 ('expired', lambda i: evidence(i, 'expired', 'shared', ocsp=False)),
                 ('procedure', lambda i: evidence(i, procedure='lem.certificate')),
                 ('terminal', lambda i: evidence(i, terminal='T002')),
                 ('digest', lambda i: {**evidence(i), 'digest': wrong_digest['digest']}),
                 ('certificate', lambda i: {**evidence(i), 'certificate': None}),
                 ('signature', lambda i: {**evidence(i), 'signature': None}),
                 ('answer for another intake', lambda i: {**evidence(i), 'revocation': evidence(wire.new_intake())['revocation']}),
                 ('answer for nobody', lambda i: {**evidence(i), 'revocation': {'source': 'ocsp', 'ocsp': ocsp_response('tanaka')}}),
                 ('form', lambda i: {'schema': 'madoguchi-evidence/1', 'intake': i})]
        for name, make in cases:
            with self.subTest(name):
                intake = wire.new_intake()
                container = ward.intake(intake, evidence=make(intake), values={'p.name': NAME})
                self.assertEqual(ward.put_intake(intake, container)[0], 201)
                self.assertEqual(ward.put_decision(intake, 2, ward.decision(container))[0], 201)
                self.assertRefused(5, 'open', intake)

    def test_presence_by_another_method(self):
        """The gateway saw one method in the manifest, the evidence is of another."""
        intake = wire.new_intake()
        container = ward.intake(intake, evidence=evidence(intake), values={'p.name': NAME}, method='card-face',
                                verdict='face')
        self.assertEqual(ward.put_intake(intake, container)[0], 201)
        self.assertEqual(ward.put_decision(intake, 2, ward.decision(container))[0], 201)
        self.assertIn('another method', self.assertRefused(5, 'open', intake).stderr)

    def test_the_manifest_says_another_verdict(self):
        """A changed window tells gateway and service what they let pass, and seals what was so."""
        for claims, found in (({'verdict': 'valid', 'revocation': 'crl'}, {}),
                              ({'verdict': 'valid', 'revocation': 'ocsp'}, {'ocsp': False}),
                              ({'verdict': 'listed', 'revocation': 'crl'}, {'ocsp': False})):
            with self.subTest(claims):
                intake = wire.new_intake()
                container = ward.intake(intake, evidence=evidence(intake, **found), values={'p.name': NAME}, **claims)
                self.assertEqual(ward.put_intake(intake, container)[0], 201)
                self.assertEqual(ward.put_decision(intake, 2, ward.decision(container))[0], 201)
                self.assertIn('another verdict', self.assertRefused(5, 'open', intake).stderr)

    def test_deferred_where_the_procedure_forbids_it(self):
        """Manifest and evidence say that a list was asked; the office does not let it hold for that long."""
        intake = wire.new_intake()
        proof = by_old_list(evidence(intake, procedure='lem.certificate', ocsp=False))
        container = ward.intake(intake, evidence=proof, values={'p.name': NAME}, procedure='lem.certificate')
        self.assertEqual(ward.put_intake(intake, container)[0], 201)
        self.assertEqual(ward.put_decision(intake, 2, ward.decision(container))[0], 201)
        self.assertIn('identification-deferred', self.assertRefused(5, 'open', intake).stderr)

    def test_presence_with_another_nonce(self):
        """The gateway saw the manifest's nonce, the card signed another, or called it by another word."""
        for changes in ({'nonce': ward.nonce()}, {'nonce_state': 'stale'}):
            intake = wire.new_intake()
            container = ward.intake(intake, evidence=evidence(intake), values={'p.name': NAME}, **changes)
            self.assertEqual(ward.put_intake(intake, container)[0], 201)
            self.assertEqual(ward.put_decision(intake, 2, ward.decision(container))[0], 201)
            self.assertIn('another nonce', self.assertRefused(5, 'open', intake).stderr)

    def test_presence_at_another_time(self):
        """A card that is revoked now, with the answer of a day when it was not."""
        for wall, checked_at in ((now(), None), (None, '2026-01-05T01:00:00.000Z'), (None, '2099-01-05T01:00:00.000Z')):
            intake = wire.new_intake()
            proof = evidence(intake, ocsp=False)
            if wall:
                proof['challenge']['time'] = '2026-01-05T01:00:00.000Z'
                proof = resigned(proof)
            else:
                proof['checked_at'] = checked_at
            container = ward.intake(intake, evidence=proof, values={'p.name': NAME}, **({'wall': wall} if wall else {}))
            self.assertEqual(ward.put_intake(intake, container)[0], 201)
            self.assertEqual(ward.put_decision(intake, 2, ward.decision(container))[0], 201)
            self.assertIn('another time', self.assertRefused(5, 'open', intake).stderr)

    def test_a_number_that_is_none(self):
        _, number = self.deliver(number='123456789012')
        self.assertRefused(5, 'open', number)

    def test_one_forged_intake_does_not_stop_an_export(self):
        bad, bad_number = self.deliver()
        _, good_number = self.deliver()
        self.alter(bad, change=lambda data: data[:-30])
        folder = ward.at('run', 'export-beside')
        self.assertEqual(self.run_desk('export', folder).returncode, 5)
        self.assertIn(good_number + '.json', os.listdir(folder))
        self.assertNotIn(bad_number + '.json', os.listdir(folder))


class Audit(Desk):
    def test_intact_then_altered(self):
        """Our verifier and one that shares nothing with it agree, before and after a change of one record."""
        intake, number = self.deliver()
        self.assertEqual(self.run_desk('open', number).returncode, 0)
        run = self.run_desk('--json', 'audit')
        self.assertEqual((run.returncode, json.loads(run.stdout)['intact']), (0, True), run.stdout)
        with self.ledger() as db:
            self.assertEqual(wire.broken_record(db), None)
            sequence, trigger = db.execute("SELECT min(seq), (SELECT sql FROM sqlite_schema WHERE name = 'audit_no_update')"
                                           " FROM audit WHERE object_id = ?", (intake,)).fetchone()
            with self.assertRaises(sqlite3.DatabaseError):
                db.execute("UPDATE audit SET staff_id = 'S0002' WHERE seq = ?", (sequence,))
            db.execute('DROP TRIGGER audit_no_update')
            db.execute("UPDATE audit SET staff_id = 'S0002' WHERE seq = ?", (sequence,))
        try:
            run = self.run_desk('--json', 'audit')
            self.assertEqual(run.returncode, 5)
            self.assertEqual(json.loads(run.stdout)['first_bad'], sequence)
            self.assertIn(str(sequence), self.run_desk('audit').stdout)
            with self.ledger() as db:
                self.assertEqual(wire.broken_record(db), sequence)
        finally:
            with self.ledger() as db:
                db.execute("UPDATE audit SET staff_id = 'S0001' WHERE seq = ?", (sequence,))
                db.execute(trigger)
        self.assertEqual(self.run_desk('audit').returncode, 0)


class Use(Desk):
    def test_unknown(self):
        self.assertRefused(4, 'open', '001-999999-9')
        self.assertRefused(4, 'open', wire.new_intake())

    def test_what_was_typed_is_not_recorded(self):
        """Somebody looks for a person by name: refused, recorded, and the name is nowhere."""
        _, _ = self.deliver(number='123456789018')
        for words in (NAME, '123456789018'):  # nor by the individual number, which would find just that person
            self.assertEqual(self.run_desk('open', words).returncode, 4)
            with self.ledger() as db:
                last = db.execute('SELECT event, outcome, object_id, detail FROM audit ORDER BY seq DESC LIMIT 1').fetchone()
            self.assertEqual(last, ('open', 'refused', '', 'code=0'))

    def test_other_keys(self):
        _, number = self.deliver()
        stranger = {f'business_{k}': ward.at('pki', f'staff/S0002-km.{e}') for k, e in (('certificate', 'crt'), ('key', 'key'))}
        self.assertRefused(7, 'open', number, config=self.config(**stranger))

    def test_a_desk_without_the_vaults_key(self):
        _, number = self.deliver()
        config = self.config(vault_certificate=None, vault_key=None)
        content = json.loads(self.run_desk('--json', 'open', number, config=config).stdout)
        self.assertEqual((content['number'], content['values']), (None, {'p.name': NAME}))
        self.assertRefused(7, '--reveal-number', '--reason', 'R01', 'open', number, config=config)

    def test_an_operator_reads_no_number(self):
        """R-PRIV-21: who maintains the desk has no key of the number vault. All but the number works, nothing of it is in what they
        see or take away, and what they try is in the log."""
        own = new_number()
        intake, number = self.deliver(number=own)
        config = self.config(archive=ward.at('run', 'operator-lists'), vault_certificate=None, vault_key=None)
        folder = ward.at('run', 'operator')
        for words in (['list'], ['--json', 'list'], ['verify', number], ['--json', 'verify', number], ['complete', number],
                      ['confirm', number], ['open', number], ['audit'],
                      ['crl', 'add', ward.at('crl', 'jpki-auth.crl')]):
            with self.subTest(words):
                run = self.run_desk('--officer', 'M0001', *words, config=config)
                self.assertNotIn(run.returncode, (1, 2, 5, 7), run.stderr)
                self.assertNotIn(own, run.stdout + run.stderr)
        self.run_desk('--officer', 'M0001', 'export', folder, config=config)
        with open(os.path.join(folder, number + '.json'), encoding='utf-8') as file:
            text = file.read()
        self.assertNotIn(own, text)
        self.assertIsNone(json.loads(text)['number'])
        for words in (['open', number], ['export', folder]):
            run = self.run_desk('--officer', 'M0001', '--reveal-number', '--reason', 'R01', *words, config=config)
            self.assertEqual(run.returncode, 7, run.stderr)
            self.assertNotIn(own, run.stdout + run.stderr)
            self.assertEqual(self.audit(intake if words[0] == 'export' else number)[-1][:3],
                             (words[0], 'refused', 'M0001'))
        with open(os.path.join(folder, number + '.json'), encoding='utf-8') as file:
            self.assertEqual(file.read(), text)

    def test_settings(self):
        for changes in ({'ledger': 'postgresql:x'}, {'policy': ward.at('policy', 'policy-stranger.cms')}, {'business_key': None},
                        {'business_key': ward.at('pki', 'vault.key')}, {'anchor': '/nonexistent'}):
            self.assertRefused(3, 'list', config=self.config(**changes))
        self.assertRefused(3, 'list', config='/nonexistent')

    def test_wrong_use(self):
        for args in ((), ('open',), ('open', 'a', 'b'), ('close', 'x'), ('list', 'x'), ('--officer', 'a b', 'list'),
                     ('--no-such', 'list'), ('verify',), ('complete',), ('complete', 'a', 'b'), ('--all', 'verify', 'a'),
                     ('--all', 'open'), ('--all', 'export', 'x')):
            self.assertRefused(2, *args)

    def test_help_and_manual_give_the_same_statuses(self):
        text = self.run_desk('--help').stdout
        with open(os.path.join(os.environ['MADOGUCHI_SOURCE'], 'data', 'man', 'madoguchi-backoffice.8')) as f:
            manual = f.read()
        for status in range(9):
            self.assertIn(f'\n  {status}  ', text)
            self.assertIn(f'.TP\n.B {status}\n', manual)
        for option in ('config', 'json', 'all', 'pending', 'reveal-number', 'reason', 'officer', 'version'):
            self.assertIn('--' + option, text)
            self.assertIn(option.replace('-', '\\-'), manual)


if __name__ == '__main__':
    unittest.main(verbosity=2)
