#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""What was deferred at the counter: asked later, of a real responder and by real lists, kept sealed, and nothing goes out
before. Run inside tests/isolated."""

import base64
import contextlib
import datetime
import json
import os
import sqlite3
import subprocess
import sys
import tempfile
import time
import unittest

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.join(os.path.dirname(os.path.realpath(__file__)), '..', 'world'))

import world  # noqa: E402
from mdworld import jpki  # noqa: E402
from opening import NAME, Desk, ocsp_response, ward, wire  # noqa: E402

INDEX = ward.world.facts['ocsp']['auth']['index']


@contextlib.contextmanager
def responder():
    """openssl's own, with the authority's database as it is now."""
    ward.world.start_ocsp(lines=('auth',))
    try:
        yield
    finally:
        ward.world.stop('ocsp-auth')


def certificate_serial(person):
    path = ward.at('pki', 'residents', person + '-auth.crt')
    return subprocess.run(['openssl', 'x509', '-in', path, '-noout', '-serial'], check=True, capture_output=True,
                          text=True).stdout.strip().split('=')[1]


@contextlib.contextmanager
def revoked(person, when):
    """The authority's database with this one revoked: 'YYMMDDHHMMSSZ,reason' as openssl has it."""
    serial = certificate_serial(person)
    with open(INDEX) as f:
        before = f.read()
    lines = [line.split('\t') for line in before.splitlines()]
    for line in lines:
        if line[3] == serial:
            line[0], line[2] = 'R', when
    with open(INDEX, 'w') as f:
        f.write(''.join('\t'.join(line) + '\n' for line in lines))
    try:
        yield
    finally:
        with open(INDEX, 'w') as f:
            f.write(before)


@contextlib.contextmanager
def many_revoked(count):
    """The authority's database with so many more, of nobody here."""
    with open(INDEX) as f:
        before = f.read()
    with open(INDEX, 'a') as f:
        f.writelines(f'R\t350101000000Z\t260101000000Z\t{0x7F000000 + n:08X}\tunknown\t/C=JP/CN={n}\n' for n in range(count))
    try:
        yield
    finally:
        with open(INDEX, 'w') as f:
            f.write(before)


def next_second():
    """Times of authorities have no fractions: what is made from here on is of a later second than all before."""
    began = int(time.time())
    world.wait_until(lambda: int(time.time()) > began, 'the next second')


def utc():
    return f'{datetime.datetime.now(datetime.timezone.utc):%y%m%d%H%M%S}Z'


class Deferral(Desk):
    def deferred(self, person='tanaka', **more):
        """An approved intake with nobody asked about revocation."""
        return self.deliver_evidence(person=person, key=person if person in ('tanaka', 'suzuki', 'sato') else 'shared',
                                     ocsp=False, **more)

    def content(self, name, *options):
        run = self.run_desk('--json', *options, 'open', name)
        self.assertEqual(run.returncode, 0, run.stderr)
        return json.loads(run.stdout)

    def completion_rows(self, intake):
        with self.ledger() as db:
            return db.execute('SELECT time, officer, verdict, evidence FROM ledger_completions WHERE intake = ?',
                              (intake,)).fetchall()

    def exported(self, intake, number, *options):
        """(status, whether it came out), from a copy of the ledger that has this one alone."""
        with tempfile.TemporaryDirectory(dir=ward.at('run')) as folder:
            path = os.path.join(folder, 'alone.db')
            with self.ledger() as db, contextlib.closing(sqlite3.connect(path)) as copy:
                db.backup(copy)
                copy.execute('DELETE FROM ledger_bodies WHERE sequence IN (SELECT sequence FROM ledger_items WHERE intake != ?)',
                             (intake,))
                copy.execute('DELETE FROM ledger_items WHERE intake != ?', (intake,))
                copy.commit()
            out = os.path.join(folder, 'out')
            run = self.run_desk('--officer', 'B0001', *options, 'export', out, config=self.config(ledger='sqlite:' + path))
            with contextlib.closing(sqlite3.connect(path)) as copy:
                last = copy.execute('SELECT event, outcome FROM audit ORDER BY seq DESC LIMIT 1').fetchone()
            self.assertEqual(last, ('export', 'done' if run.returncode == 0 else 'refused'))
            return run.returncode, number + '.json' in os.listdir(out)

    def assertCompletes(self, status, verdict, name, **how):
        run = self.run_desk('--officer', 'B0001', '--json', 'complete', name, **how)
        self.assertEqual(run.returncode, status, run.stdout + run.stderr)
        line = json.loads(run.stdout)
        self.assertEqual(line['verdict'], verdict, line)
        return line


class Completion(Deferral):
    def test_nothing_goes_out_before(self):
        intake, number = self.deferred()
        content = self.content(number)
        self.assertEqual((content['presence'], content['completion']), ('deferred', None))
        self.assertIn('not completed yet', self.run_desk('open', number).stdout)
        self.assertEqual(self.exported(intake, number), (8, False))
        self.assertEqual(self.exported(intake, number, '--pending'), (0, True))
        line = self.assertCompletes(8, 'deferred', number)
        self.assertIn('no answer', line['why'])
        self.assertEqual(self.audit(intake)[-1], ('complete', 'failed', 'B0001', 'R00', 'cause=no-answer'))
        self.assertEqual(self.completion_rows(intake), [])
        with responder():
            self.assertCompletes(0, 'valid', intake)
        self.assertEqual(self.exported(intake, number), (0, True))
        content = self.content(number)
        self.assertEqual((content['presence'], content['completion']['verdict'], content['completion']['officer']),
                         ('deferred', 'valid', 'B0001'))
        self.assertIn('completed ' + content['completion']['time'] + ': valid', self.run_desk('open', number).stdout)
        self.assertEqual([row[:2] for row in self.audit(intake) if row[0] == 'complete'],
                         [('complete', 'failed'), ('complete', 'done')])
        # once is enough, and nobody is asked again
        self.assertCompletes(0, 'valid', intake)
        self.assertEqual(len(self.completion_rows(intake)), 1)

    def test_the_evidence_is_sealed_and_a_witness_reads_it(self):
        """Whose certificate it was is closed to those who keep the store; openssl alone opens and verifies it."""
        intake, _ = self.deferred()
        with responder():
            self.assertCompletes(0, 'valid', intake)
        sealed = self.completion_rows(intake)[0][3]
        self.assertNotIn(bytes.fromhex(certificate_serial('tanaka')), sealed)
        plain = subprocess.run(['openssl', 'cms', '-decrypt', '-inform', 'DER', '-binary', '-recip', ward.at('pki', 'business.crt'),
                                '-inkey', ward.at('pki', 'business.key')], input=sealed, check=True, capture_output=True).stdout
        content = json.loads(plain)
        self.assertEqual((content['schema'], content['intake'], content['verdict'], content['source']),
                         ('madoguchi-completion/1', intake, 'valid', 'ocsp'))
        answer = ward.at('run', 'completion.der')
        with open(answer, 'wb') as f:
            f.write(base64.b64decode(content['answer']))
        ca = ward.at('pki', 'jpki-auth-ca.crt')
        run = subprocess.run(['openssl', 'ocsp', '-respin', answer, '-issuer', ca, '-cert',
                              ward.at('pki', 'residents', 'tanaka-auth.crt'), '-CAfile', ca, '-no_nonce'], check=True,
                             capture_output=True, text=True)
        self.assertIn('tanaka-auth.crt: good', run.stdout)
        self.assertIn('Response verify OK', run.stderr)

    def test_the_desks_own_responder(self):
        """Its settings go before the policy and the certificate: the one there may be the gateway's matter."""
        intake, _ = self.deferred()
        with responder():
            self.assertCompletes(8, 'deferred', intake, config=self.config(ocsp_url='http://127.0.0.1:9/'))
            self.assertCompletes(0, 'valid', intake, config=self.config(ocsp_url='http://127.0.0.1:8888/'))

    def test_revoked_before(self):
        """It never goes out, whatever is asked for; who has to call the person can look at it."""
        intake, number = self.deferred('revoked')
        with responder():
            self.assertCompletes(5, 'revoked', number)
            self.assertCompletes(5, 'revoked', number)
        self.assertIn('had been revoked', self.assertRefused(5, 'open', number).stderr)
        for options in ((), ('--pending',)):
            self.assertEqual(self.exported(intake, number, *options), (5, False))
        self.assertEqual(self.content(number, '--pending')['completion']['verdict'], 'revoked')
        self.assertEqual([row[2] for row in self.completion_rows(intake)], ['revoked'])

    def test_revoked_afterwards(self):
        """The card was good when it was here. A date from which its key was suspect counts where the authority gives one."""
        for suspect, status, verdict in (('', 0, 'valid'), (',keyTime,20260101000000Z', 5, 'revoked')):
            with self.subTest(verdict):
                intake, _ = self.deferred('suzuki')
                next_second()
                with revoked('suzuki', utc() + suspect), responder():
                    self.assertCompletes(status, verdict, intake)

    def test_an_unknown_certificate_stays_deferred(self):
        """The authority's word that it does not know it is no word for it, whatever a list leaves out."""
        intake, _ = self.deferred('unlisted')
        next_second()
        with responder(), self.lists() as folder:
            self.assertIn('does not know', self.assertCompletes(8, 'deferred', intake, config=self.config(crl_dir=folder))['why'])

    @contextlib.contextmanager
    def lists(self, *others):
        """A folder with a list made now, and with these files."""
        with tempfile.TemporaryDirectory(dir=ward.at('run')) as folder:
            authority = jpki.Authority(folder, ward.at('pki'), 'jpki-auth-ca', 'auth', 0)
            authority.crl(os.path.join(folder, 'now.crl'))
            for i, path in enumerate(others):
                os.symlink(path, os.path.join(folder, f'other-{i}.crl'))
            yield folder

    def test_by_a_list(self):
        """One from before the card was at the counter settles nothing; the latest counts."""
        intake, _ = self.deferred()
        bad, _ = self.deferred('suzuki')
        old = ward.at('crl', 'jpki-auth.crl')
        self.assertCompletes(8, 'deferred', intake, config=self.config(crl_dir=os.path.dirname(old)))
        next_second()
        with self.lists(old) as folder:
            first = os.path.join(folder, 'now.crl')
            self.assertCompletes(0, 'valid', intake, config=self.config(crl_dir=folder))
            next_second()
            with revoked('suzuki', '260101000000Z'), self.lists(first, old) as later:
                self.assertCompletes(5, 'revoked', bad, config=self.config(crl_dir=later))
        self.assertEqual(self.content(intake)['completion']['verdict'], 'valid')

    def test_by_a_list_too_long_for_the_ledger(self):
        """It settles an intake only where an archive keeps it, and for as long as it does."""
        intake, _ = self.deferred()
        next_second()
        with many_revoked(100000), self.lists() as folder:
            self.assertGreater(os.path.getsize(os.path.join(folder, 'now.crl')), 2 << 20)
            self.assertCompletes(8, 'deferred', intake, config=self.config(crl_dir=folder))
            archive = os.path.join(folder, 'archive')
            config = self.config(crl_dir=folder, archive=archive)
            self.assertCompletes(0, 'valid', intake, config=config)
            self.assertLess(len(self.completion_rows(intake)[0][3]), 10000)
            run = self.run_desk('--json', 'open', intake, config=config)
            self.assertEqual(json.loads(run.stdout)['completion']['verdict'], 'valid', run.stderr)
            name, = os.listdir(archive)
            os.unlink(os.path.join(archive, name))
            self.assertIn(name[:-4], self.assertRefused(5, 'open', intake, config=config).stderr)
        with self.ledger() as db:
            db.execute('DELETE FROM ledger_bodies WHERE sequence IN (SELECT sequence FROM ledger_items WHERE intake = ?)', (intake,))
            db.execute('DELETE FROM ledger_items WHERE intake = ?', (intake,))

    def test_all(self):
        """Those that were deferred and are alive; one bad one does not stop the others."""
        good, _ = self.deferred()
        pending, _ = self.deferred(approve=False)
        bad, _ = self.deferred('revoked')
        asked, _ = self.deliver()
        with responder():
            run = self.run_desk('--all', 'complete')
        self.assertEqual(run.returncode, 5, run.stdout + run.stderr)
        self.assertRegex(run.stdout, r'\d+ completed as valid, \d+ as revoked; \d+ stay deferred\n$')
        self.assertEqual([[row[2] for row in self.completion_rows(i)] for i in (good, pending, bad, asked)],
                         [['valid'], ['valid'], ['revoked'], []])

    def test_what_needs_none(self):
        intake, number = self.deliver()
        self.assertCompletes(0, 'complete', number)
        self.assertEqual(self.completion_rows(intake), [])
        self.assertEqual(self.run_desk('complete', '001-999999-9').returncode, 4)


class Forged(Deferral):
    """Who can write the store completes nothing: the authority's answer inside is judged again."""

    def seal(self, content):
        text = content if isinstance(content, bytes) else json.dumps(content).encode()
        return subprocess.run(['openssl', 'cms', '-encrypt', '-binary', '-outform', 'DER', '-aes-256-gcm', '-recip',
                               ward.at('pki', 'business.crt'), '-keyopt', 'ecdh_kdf_md:sha256', '-aes256-wrap'], input=text,
                              check=True, capture_output=True).stdout

    def forge(self, intake, verdict='valid', asked=None, **changes):
        asked = asked or wire.moment()
        content = {'schema': 'madoguchi-completion/1', 'intake': intake, 'asked_at': asked, 'verdict': verdict,
                   'source': 'ocsp', 'answer': '', **changes}
        with self.ledger() as db:
            db.execute('INSERT INTO ledger_completions (intake, time, officer, verdict, evidence) VALUES (?, ?, ?, ?, ?)',
                       (intake, asked, 'B0001', verdict, changes.get('sealed') or self.seal(content)))

    def test_the_forger_could_do_it_right(self):
        intake, _ = self.deferred()
        next_second()
        self.forge(intake, answer=ocsp_response('tanaka'))
        self.assertEqual(self.content(intake)['completion']['verdict'], 'valid')

    def test_forged_completions(self):
        early = ocsp_response('tanaka')
        next_second()
        cases = {'nothing': dict(sealed=b'x'), 'no answer': dict(answer=''), 'no JSON': dict(sealed=self.seal(b'{')),
                 'from before': dict(answer=early)}
        made = {name: self.deferred()[0] for name in (*cases, 'other', 'word', 'intake', 'time', 'list')}
        revoked_one, _ = self.deferred('revoked')
        next_second()
        good = ocsp_response('tanaka')
        cases.update({'other': dict(answer=ocsp_response('suzuki')), 'word': dict(answer=good, verdict='revoked'),
                      'intake': dict(answer=good, intake=wire.new_intake()),
                      'time': dict(answer=good, asked_at='2026-01-01T00:00:00.000Z'),
                      'list': dict(answer=good, source='crl')})
        for name, changes in cases.items():
            with self.subTest(name):
                intake = made[name]
                stated = changes.pop('intake', None)
                if stated:
                    asked = wire.moment()
                    content = {'schema': 'madoguchi-completion/1', 'intake': stated, 'asked_at': asked, 'verdict': 'valid',
                               'source': 'ocsp', 'answer': good}
                    self.forge(intake, asked=asked, sealed=self.seal(content))
                else:
                    self.forge(intake, **changes)
                self.assertIn('completion', self.assertRefused(5, 'open', intake).stderr)
        self.forge(revoked_one, answer=ocsp_response('revoked'))
        self.assertRefused(5, 'open', revoked_one)

    def test_completions_swapped(self):
        (first, _), (second, _) = self.deferred(), self.deferred('suzuki')
        with responder():
            self.assertCompletes(0, 'valid', first)
        when, officer, verdict, sealed = self.completion_rows(first)[0]
        with self.ledger() as db:
            db.execute('INSERT INTO ledger_completions (intake, time, officer, verdict, evidence) VALUES (?, ?, ?, ?, ?)',
                       (second, when, officer, verdict, sealed))
        self.assertRefused(5, 'open', second)
        self.assertEqual(self.content(first)['values'], {'p.name': NAME})


if __name__ == '__main__':
    unittest.main(verbosity=2)
