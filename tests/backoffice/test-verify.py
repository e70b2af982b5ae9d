#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Everything checked again, a line for each thing: today, and on a day when every certificate has expired. Run inside
tests/isolated."""

import hashlib
import json
import os
import shutil
import subprocess
import sys
import tempfile
import unittest

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.join(os.path.dirname(os.path.realpath(__file__)), '..', 'world'))

import world  # noqa: E402
from mdworld import jpki  # noqa: E402
from opening import NAME, NUMBER, Desk, by_list, by_old_list, evidence, only_named, other_day, waived, ward, wire  # noqa: E402

YEARS = 365 * 86400
LIST = ward.at('crl', 'jpki-auth.crl')
# By the receipt, the container, the card; in this order.
WHOLE = ['receipt', 'manifest', 'nonce', 'policy', 'clerk', 'receipt', 'decision', 'application', 'form', 'evidence',
         'binding', 'identification', 'presence', 'certificate', 'revocation', 'number']


class Verifying(Desk):
    def verify(self, status, *names, env=None):
        """The rows of the answer, which shows nothing of what was applied for."""
        run = self.run_desk('--officer', 'B0001', '--json', 'verify', *names, env=env)
        self.assertEqual(run.returncode, status, run.stderr + run.stdout)
        plain = self.run_desk('verify', *names, env=env)
        self.assertEqual(plain.returncode, status)
        for text in (NAME, NUMBER, NUMBER[-4:]):
            self.assertNotIn(text, run.stdout + run.stderr + plain.stdout + plain.stderr)
        rows = [json.loads(line) for line in run.stdout.splitlines()]
        self.assertEqual(len(plain.stdout.splitlines()), sum(1 + len(row['checks']) for row in rows))
        return rows

    def states(self, row):
        return [(check['check'], check['state']) for check in row['checks'] if check['state'] != 'passed']


class Verify(Verifying):
    def test_a_line_for_each_thing(self):
        intake, number = self.deliver()
        for name in (intake, number):
            row, = self.verify(0, name)
            self.assertEqual((row['intake'], row['receipt_number'], row['outcome']), (intake, number, 'verified'))
            self.assertEqual([check['check'] for check in row['checks']], WHOLE)
            self.assertEqual(self.states(row), [])
        self.assertIn(('verify', 'done', 'B0001', 'R00', 'verdict=verified'), self.audit(intake))

    def test_nobody_identified(self):
        """By which policy nobody was asked, and who brought it; in place of a card."""
        intake = wire.new_intake()
        self.deliver_as(intake, waived(intake))
        row, = self.verify(0, intake)
        self.assertEqual([check['check'] for check in row['checks']],
                         [check for check in WHOLE if check not in ('certificate', 'revocation', 'number')]
                         + ['brought', 'number'])
        said = {check['check']: check['detail'] for check in row['checks']}
        self.assertEqual(said['presence'], 'nobody was identified: by policy 1 the procedure asks for nobody')
        self.assertEqual(said['brought'], 'section')
        self.assertEqual(self.states(row), [])

    def test_nobody_identified_and_something_wrong_with_it(self):
        for wrong, values, where in (
                ({'brought_by': 'institution'}, {}, 'brought'), ({'brought_by': 'anyone', 'organisation': ''}, {}, 'brought'),
                ({'organisation': ''}, {}, 'brought'), ({'brought_by': 'ex-officio'}, {}, 'brought'),
                ({}, {'m.channel': 'post'}, 'brought'), ({}, {'m.channel': 'ex-officio'}, 'brought'),
                ({'policy_version': 2}, {}, 'identification'), ({'policy_digest': '0' * 64}, {}, 'identification')):
            with self.subTest(wrong, values=values):
                intake = wire.new_intake()
                self.deliver_as(intake, waived(intake, **wrong), values={'p.name': NAME, **values})
                row, = self.verify(5, intake)
                self.assertEqual(self.states(row), [(where, 'failed')])

    def test_several_and_all(self):
        (first, _), (second, _) = self.deliver(), self.deliver(approve=False)
        rows = self.verify(0, first, second)
        self.assertEqual([row['intake'] for row in rows], [first, second])
        run = self.run_desk('--json', '--all', 'verify')
        names = [json.loads(line)['intake'] for line in run.stdout.splitlines()]
        self.assertTrue({first, second} <= set(names))
        self.assertRefused(4, 'verify', '001-999999-9')
        self.assertEqual([row['intake'] for row in self.verify(4, '001-999999-9', second)], [second])

    def test_what_is_deferred(self):
        intake, _ = self.deliver_evidence(ocsp=False)
        row, = self.verify(8, intake)
        self.assertEqual((row['outcome'], self.states(row)),
                         ('deferred', [('revocation', 'deferred'), ('completion', 'deferred')]))

    def test_where_it_stops(self):
        """The line that fails names what is wrong, and nothing behind it is believed."""
        def body(change):
            def alter(intake):
                with self.ledger() as db:
                    sequence, data = db.execute('SELECT sequence, body FROM ledger_bodies JOIN ledger_items USING (sequence)'
                                                ' WHERE intake = ? AND n = 1', (intake,)).fetchone()
                    db.execute('UPDATE ledger_bodies SET body = ? WHERE sequence = ?', (change(data), sequence))
            return alter

        def column(name, value):
            def alter(intake):
                with self.ledger() as db:
                    db.execute(f'UPDATE ledger_items SET {name} = ? WHERE intake = ? AND n = 1', (value, intake))
            return alter
        for stage, alter in (('receipt', body(lambda data: data[:-30])), ('receipt', column('received', '2026-11-01T00:00:00.000Z')),
                             ('manifest', column('procedure', 'lem.certificate')), ('manifest', column('policy_version', 2))):
            with self.subTest(stage):
                intake, _ = self.deliver()
                alter(intake)
                row, = self.verify(5, intake)
                self.assertEqual((row['outcome'], self.states(row)), ('failed', [(stage, 'failed')]))
                self.assertEqual(row['checks'][-1]['state'], 'failed')
                self.assertIn(('verify', 'refused', 'B0001', 'R00', 'verdict=failed'), self.audit(intake))
                with self.ledger() as db:
                    db.execute('DELETE FROM ledger_bodies WHERE sequence IN (SELECT sequence FROM ledger_items WHERE intake = ?)',
                               (intake,))
                    db.execute('DELETE FROM ledger_items WHERE intake = ?', (intake,))

    def test_a_proof_that_does_not_hold(self):
        for stage, make in (('binding', lambda i: evidence(i, terminal='T002')),
                            ('identification', lambda i: evidence(i, key='suzuki')),
                            ('evidence', lambda i: {**evidence(i), 'digest': hashlib.sha256(b'x').hexdigest()})):
            with self.subTest(stage):
                intake = wire.new_intake()
                self.deliver_as(intake, make(intake))
                row, = self.verify(5, intake)
                self.assertEqual(self.states(row), [(stage, 'failed')])

    def test_a_list_older_than_the_policy_lets_it_be(self):
        intake = wire.new_intake()
        proof = by_old_list(evidence(intake, ocsp=False))
        self.deliver_as(intake, proof)
        row, = self.verify(8, intake)
        self.assertEqual(self.states(row), [('revocation', 'deferred'), ('completion', 'deferred')])
        younger = wire.new_intake()
        proof = {**proof, **by_list(evidence(younger, ocsp=False), ward.at('crl', 'jpki-auth.crl'))}
        proof['revocation']['crl']['this_update'] = wire.moment(-7200)
        self.deliver_as(younger, proof)
        row, = self.verify(5, younger)
        self.assertEqual(self.states(row), [('identification', 'failed')], 'made out to be older than it is')


class Archive(Verifying):
    """Lists that were too long to be enclosed, in a folder of their own."""

    def setUp(self):
        self.folder = tempfile.TemporaryDirectory(dir=ward.at('run'))
        self.addCleanup(self.folder.cleanup)
        self.archive = os.path.join(self.folder.name, 'archive')

    def add(self, status, *files):
        run = self.run_desk('--officer', 'B0001', '--json', 'crl', 'add', *files, config=self.config(archive=self.archive))
        self.assertEqual(run.returncode, status, run.stderr + run.stdout)
        return [json.loads(line)['outcome'] for line in run.stdout.splitlines()]

    def presence(self, intake, archive):
        """What `open` says, and the line of `verify` about revocation."""
        config = self.config(archive=archive)
        opened = self.run_desk('--json', 'open', intake, config=config)
        row = json.loads(self.run_desk('--json', 'verify', intake, config=config).stdout)
        lines = [check['detail'] for check in row['checks'] if check['check'] in ('revocation', 'identification')]
        return (json.loads(opened.stdout)['presence'] if opened.returncode == 0 else opened.returncode), lines[-1]

    def named(self, person='tanaka', **changes):
        intake = wire.new_intake()
        proof = by_list(evidence(intake, person, key=None if person == 'tanaka' else 'shared', ocsp=False), LIST)
        self.deliver_as(intake, only_named(proof, **changes))
        return intake

    def test_what_is_kept(self):
        """Whatever the authorities of the office's policies have signed, once."""
        stranger, rubbish, pem = (os.path.join(self.folder.name, name) for name in ('stranger.crl', 'rubbish', 'list.crl.pem'))
        jpki.Authority(self.folder.name, ward.at('pki'), 'foreign-ca', 'auth', 0).crl(stranger)
        with open(rubbish, 'wb') as f:
            f.write(b'x' * 100)
        subprocess.run(['openssl', 'crl', '-inform', 'DER', '-in', LIST, '-out', pem], check=True)
        self.assertEqual(self.add(5, LIST, stranger, rubbish, pem), ['taken', 'foreign-signer', 'unreadable', 'same'])
        with open(LIST, 'rb') as f:
            digest = hashlib.sha256(f.read()).hexdigest()
        self.assertEqual(os.listdir(self.archive), [digest + '.crl'])
        with self.ledger() as db:
            rows = db.execute("SELECT outcome, detail FROM audit WHERE event = 'crl' ORDER BY seq DESC LIMIT 4").fetchall()
        self.assertEqual(rows[::-1], [('done', 'cause=taken'), ('refused', 'cause=foreign-signer'),
                                      ('refused', 'cause=unreadable'), ('done', 'cause=same')])
        self.assertEqual(self.run_desk('crl', 'add', LIST).returncode, 3)
        self.assertEqual(self.run_desk('crl', 'drop', LIST).returncode, 2)

    def test_judged_anew(self):
        """With the list at hand the terminal's word counts for nothing."""
        good, bad = self.named(), self.named('revoked')
        for intake in (good, bad):
            presence, line = self.presence(intake, None)
            self.assertEqual(presence, 'listed')
            self.assertIn('is not at hand', line)
        self.add(0, LIST)
        presence, line = self.presence(good, self.archive)
        self.assertEqual(presence, 'valid')
        self.assertIn('valid by crl', line)
        presence, line = self.presence(bad, self.archive)
        self.assertEqual(presence, 5)
        self.assertIn('"revoked"', line)

    def test_another_list_in_its_place(self):
        intake = self.named()
        self.add(0, LIST)
        name, = os.listdir(self.archive)
        shutil.copy(ward.at('crl', 'jpki-sign.crl'), os.path.join(self.archive, name))
        self.assertEqual(self.presence(intake, self.archive)[0], 'listed')
        os.unlink(os.path.join(self.archive, name))
        os.mkdir(os.path.join(self.archive, name))
        self.assertEqual(self.presence(intake, self.archive)[0], 'listed')

    def test_a_name_that_is_none(self):
        for name in ('../' * 8 + 'etc/passwd', '', 'A' * 64):
            self.assertEqual(self.presence(self.named(sha256=name), self.archive)[0], 'listed')


class Later(Verifying):
    """Twenty years on: every certificate in the world has ended, and what was good when it was made still is."""

    def setUp(self):
        self.day = other_day(20 * YEARS)

    def listed(self):
        """An intake that a revocation list settled."""
        intake = wire.new_intake()
        return self.deliver_as(intake, by_list(evidence(intake, ocsp=False), ward.at('crl', 'jpki-auth.crl')))[0]

    def completed(self):
        intake, _ = self.deliver_evidence(ocsp=False)
        ward.world.start_ocsp(lines=('auth',))
        try:
            self.assertEqual(self.run_desk('complete', intake).returncode, 0)
        finally:
            ward.world.stop('ocsp-auth')
        return intake

    def assertAllExpired(self):
        """The independent witness, on the same day."""
        for folder, _, files in os.walk(ward.at('pki')):
            for name in files:
                path = os.path.join(folder, name)
                if not name.endswith('.crt'):
                    continue
                run = subprocess.run(['openssl', 'x509', '-in', path, '-noout', '-checkend', '0'], env={**os.environ, **self.day},
                                     capture_output=True, text=True)
                self.assertEqual(run.returncode, 1, path + run.stdout)
        run = subprocess.run(['openssl', 'verify', '-partial_chain', '-CAfile', ward.at('pki', 'jpki-auth-ca.crt'),
                              ward.at('pki', 'residents', 'tanaka-auth.crt')], env={**os.environ, **self.day},
                             capture_output=True, text=True)
        self.assertIn('certificate has expired', run.stderr)

    def test_with_every_certificate_expired(self):
        intakes = [self.deliver()[0], self.listed(), self.completed()]
        today = [self.verify(0, intake)[0] for intake in intakes]
        self.assertAllExpired()
        later = [self.verify(0, intake, env=self.day)[0] for intake in intakes]
        self.assertEqual(later, today)
        self.assertEqual([check['check'] for check in later[2]['checks']], WHOLE[:-1] + ['completion', 'number'])
        self.assertEqual([row['outcome'] for row in later], ['verified'] * 3)
        run = self.run_desk('--json', 'open', intakes[0], env=self.day)
        self.assertEqual(json.loads(run.stdout)['values'], {'p.name': NAME})

    def test_what_was_bad_stays_bad(self):
        """Also then: a card that was revoked or had ended on its day at the counter, and a forged store."""
        for person in ('revoked', 'expired'):
            intake = wire.new_intake()
            proof = evidence(intake, person, 'shared', ocsp=person == 'revoked')
            self.deliver_as(intake, {**proof, 'verdict': 'valid', 'revocation': proof['revocation']}
                            if person == 'revoked' else proof)
            row, = self.verify(5, intake, env=self.day)
            self.assertEqual(self.states(row), [('identification', 'failed')])

    def test_nobody_completes_it_then(self):
        """A responder of that day says "good", and says nothing about today by it."""
        intake, _ = self.deliver_evidence(ocsp=False)
        facts = ward.world.facts['ocsp']['auth']
        ward.world.start('ocsp-later', ['openssl', 'ocsp', '-index', facts['index'], '-port', '8888', '-CA', facts['ca'],
                                        '-rsigner', facts['certificate'], '-rkey', facts['key'], '-ndays', '1'], env=self.day)
        try:
            world.wait_until(lambda: world.is_bound(8888), 'the responder')
            run = self.run_desk('--json', 'complete', intake, env=self.day)
        finally:
            ward.world.stop('ocsp-later')
        self.assertEqual(run.returncode, 8, run.stderr)
        self.assertIn('not signed', json.loads(run.stdout)['why'])


if __name__ == '__main__':
    unittest.main(verbosity=2)
