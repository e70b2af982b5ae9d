#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""What stopped an intake, seen at the opening desk: who let it go on and why, forged releases, and the office's own list. Run
inside tests/isolated."""

import hashlib
import json
import os
import subprocess
import sys
import tempfile
import unittest

sys.dont_write_bytecode = True

from opening import NAME, Desk, evidence, ward, wire  # noqa: E402

SALT = '0123456789abcdef' * 4
BIRTH = '1980-02-17'
KIND = 'protected-person'
REASON = 'protection-office-agrees'


def bound(tag, *what):
    """What the terminal binds itself to, as md-hold.h says it."""
    return hashlib.sha256('\n'.join((tag, *what, '')).encode()).hexdigest()


class Holds(Desk):
    def held(self, kind=KIND, reason=REASON, told=None, flaws=None, releases=1, proof=evidence):
        """An intake that was stopped and released. Returns (intake, receipt number)."""
        intake = wire.new_intake()
        proof = proof(intake)
        holds = [{'hold': 1, 'kind': kind, 'reason': reason, 'salt': SALT}]
        proof['holds'] = holds if told is None else told
        if proof['holds'] == []:
            del proof['holds']
        pair = ward.release(intake, raised=bound('madoguchi hold v1', intake, kind, SALT),
                            reason=bound('madoguchi release v1', intake, reason, SALT), **(flaws or {}))
        container = ward.intake(intake, evidence=proof, values={'p.name': NAME, 'p.birth': BIRTH},
                                releases=ward.releases(*[pair] * releases))
        answer = ward.put_intake(intake, container)
        self.assertEqual(answer[0], 201, answer[2])
        self.assertEqual(ward.put_decision(intake, 2, ward.decision(container))[0], 201)
        return intake, wire.receipt_number(ward.count)

    def opened(self, name, **how):
        run = self.run_desk('--officer', 'B0001', '--json', 'open', name, **how)
        self.assertEqual(run.returncode, 0, run.stderr)
        return json.loads(run.stdout)

    def list_file(self, *lines):
        """A backoffice.ini whose list holds these lines."""
        path = ward.at('run', 'holds.tsv')
        with open(path, 'w', encoding='utf-8') as f:
            f.write('\n'.join(lines) + '\n')
        with open(self.config(), 'a', encoding='utf-8') as f:
            f.write(f'[holds]\nlist={path}\n')
        return ward.at('run', 'changed.ini')

    def export(self, config):
        with tempfile.TemporaryDirectory() as folder:
            run = self.run_desk('--officer', 'B0001', 'export', folder, config=config)
            return run.returncode, os.listdir(folder)

    def test_who_released_it_and_why(self):
        _, number = self.held()
        told = self.opened(number)
        hold, = told['holds']
        self.assertEqual((hold['kind'], hold['reason'], hold['officer']), (KIND, REASON, 'S0101'))
        self.assertEqual(told['unreleased'], [])
        plain = self.run_desk('open', number)
        self.assertIn('released by S0101', plain.stdout)
        self.assertEqual(self.run_desk('verify', number).returncode, 0)

    def test_an_officer_of_another_day(self):
        """What was released while she might stays released, whatever became of her since."""
        good = ward.current_policy()
        _, number = self.held()
        try:
            for policy in (ward.without('S0101', card=ward.another_card('S0101', 30)), ward.without('S0101', roles=['checker']),
                           ward.without('S0101')):
                ward.install_policy(policy)
                self.assertEqual([hold['officer'] for hold in self.opened(number)['holds']], ['S0101'])
                self.assertEqual(self.run_desk('verify', number).returncode, 0)
        finally:
            ward.install_policy(good)

    def smuggled(self, policy, signer=None):
        """An intake under this policy whose release the gateway would not have taken: whoever owns the store and the key of
        its receipts put it there."""
        version, digest = ward.install_policy(json.loads(json.dumps(policy)))
        intake = wire.new_intake()
        made = {'policy': version, 'policy_digest': digest}
        self.assertEqual(ward.put_intake(intake, ward.intake(intake, evidence=evidence(intake), **made))[0], 201)
        number = wire.receipt_number(ward.count)
        proof = {**evidence(intake), 'holds': [{'hold': 1, 'kind': KIND, 'reason': REASON, 'salt': SALT}]}
        pair = ward.release(intake, signer=signer, raised=bound('madoguchi hold v1', intake, KIND, SALT),
                            reason=bound('madoguchi release v1', intake, REASON, SALT), policy_version=version,
                            policy_digest=digest)
        body = ward.intake(intake, evidence=proof, receipt_number=number, releases=ward.releases(pair), **made)
        self.replace(intake, body)
        return intake

    def replace(self, intake, body):
        receipts = ward.at('pki', 'receipt')
        sha256 = hashlib.sha256(body).hexdigest()
        with self.ledger() as db:
            sequence, receipt = db.execute('SELECT sequence, receipt FROM ledger_items WHERE intake = ?', (intake,)).fetchone()
            content = json.dumps({**ward.open_receipt(receipt), 'digest': sha256}, separators=(',', ':'), ensure_ascii=False)
            forged = subprocess.run(['openssl', 'cms', '-sign', '-nodetach', '-binary', '-cades', '-md', 'sha256', '-outform',
                                     'DER', '-signer', receipts + '.crt', '-inkey', receipts + '.key'], input=content.encode(),
                                    check=True, capture_output=True).stdout
            db.execute('UPDATE ledger_bodies SET body = ? WHERE sequence = ?', (body, sequence))
            db.execute('UPDATE ledger_items SET receipt = ?, digest = ? WHERE sequence = ?', (forged, sha256, sequence))

    def test_who_might_not_release_it(self):
        good = ward.current_policy()
        over = ward.another_card('S0101', -1)
        renewed = ward.another_card('S0101', 30)
        try:
            for policy, signer, why in ((good, None, None), (ward.without('S0101', roles=['checker']), None, 'may not'),
                                        (ward.without('S0101', card=renewed), None, 'not the policy'),
                                        (good, renewed, 'not the policy'),
                                        (ward.without('S0101', card=over), over, 'not accepted'),
                                        (ward.without('S0101'), None, 'not the policy')):
                intake = self.smuggled(policy, signer)
                if why:
                    self.assertIn(why, self.assertRefused(5, '--pending', 'open', intake).stderr)
                else:
                    run = self.run_desk('--pending', 'open', intake)
                    self.assertEqual(run.returncode, 0, run.stderr)
        finally:
            ward.install_policy(good)

    def named(self, **more):
        """An intake whose manifest says of whom the terminal's service was told."""
        intake = wire.new_intake()
        proof = {**evidence(intake), 'named_salt': SALT}
        container = ward.intake(intake, evidence=proof, values={'p.name': NAME, 'p.birth': BIRTH, 'p.addr': '本町1番1号'}, **more)
        answer = ward.put_intake(intake, container)
        self.assertEqual(answer[0], 201, answer[2])
        self.assertEqual(ward.put_decision(intake, 2, ward.decision(container))[0], 201)
        return intake

    def test_who_was_named(self):
        intake = self.named()
        self.assertEqual(self.run_desk('open', intake).returncode, 0)
        run = self.run_desk('verify', intake)
        self.assertEqual(run.returncode, 0, run.stdout + run.stderr)
        self.assertIn("Who was named: the terminal's service was told of the same person", run.stdout)
        # The same in another form is the same.
        again = self.named(named_by={'p.name': NAME.replace(' ', '　'), 'p.birth': '昭和55年2月17日', 'p.addr': '本町１－１'})
        self.assertEqual(self.run_desk('open', again).returncode, 0)
        with self.ledger() as db:
            body, = db.execute('SELECT body FROM ledger_bodies JOIN ledger_items USING (sequence) WHERE intake = ? AND n = 1',
                               (intake,)).fetchone()
        for part in ('who', 'shown', 'address', 'number'):
            digest = hashlib.sha256(f'madoguchi {part} v1\n'.encode()).hexdigest()
            self.assertNotIn(digest.encode(), body)

    def test_a_window_that_lied(self):
        """It named somebody else to the terminal's service, whom nothing stops, and sealed this person."""
        good = {'p.name': NAME, 'p.birth': BIRTH, 'p.addr': '本町1番1号'}
        for lie, part in (({'p.name': '別人 試子'}, 'who'), ({'p.birth': '1980-02-18'}, 'who'), ({'p.addr': '本町2番2号'}, 'address')):
            intake = self.named(named_by={**good, **lie})
            self.assertIn(f'service ({part})', self.assertRefused(5, 'open', intake).stderr)
            self.assertEqual(self.audit(intake)[-1][:2], ('open', 'refused'))
            self.assertRefused(5, 'verify', intake)
        intake = self.named(named_by={**good, 'p.mynum': '123456789026'})
        self.assertIn('service (number)', self.assertRefused(5, 'open', intake).stderr)
        # A number where none of the person's own is sealed: that of a namesake, so that nobody is stopped as one.
        for number in (None, {'n.spouse_mynum': '123456789018'}):
            intake = self.named(number=number)
            self.assertEqual(self.run_desk('open', intake).returncode, 0)
            run = self.run_desk('verify', intake)
            self.assertEqual(run.returncode, 0, run.stdout + run.stderr)
            intake = self.named(number=number, named_by={**good, 'p.mynum': '123456789026'})
            self.assertIn('service (number)', self.assertRefused(5, 'open', intake).stderr)
            self.assertRefused(5, 'verify', intake)
        intake = self.named(named_salt='f' * 64)
        self.assertIn('service (who)', self.assertRefused(5, 'open', intake).stderr)

    def test_the_manifest_tells_nobody(self):
        """Whoever has the container and no key cannot find out which of the few kinds it was."""
        intake, _ = self.held()
        with self.ledger() as db:
            body, = db.execute('SELECT body FROM ledger_bodies JOIN ledger_items USING (sequence) WHERE intake = ? AND n = 1', (intake,)).fetchone()
        self.assertNotIn(b'protected', body)
        for kind in (KIND, 'same-name-birthday', 'face-not-matching', 'deceased', 'number-bound-elsewhere'):
            for salt in ('', '0' * 64):
                self.assertNotIn(bound('madoguchi hold v1', intake, kind, salt).encode(), body)

    def test_what_does_not_fit(self):
        """Evidence that tells another kind or reason than was signed, one more, one less, or a reason the policy has not."""
        row = {'hold': 1, 'kind': KIND, 'reason': REASON, 'salt': SALT}
        for told in ([{**row, 'kind': 'deceased'}], [{**row, 'reason': 'asked-and-verified'}], [{**row, 'salt': 'f' * 64}],
                     [{**row, 'hold': 2}], [row, {**row, 'hold': 2}], [row, row], [], [{**row, 'more': 1}],
                     [{**row, 'kind': 'nothing'}]):
            intake, _ = self.held(told=told)
            self.assertRefused(5, 'open', intake)
        intake, _ = self.held(kind='deceased', reason=REASON)  # a reason, but not for this kind
        self.assertRefused(5, 'open', intake)

    def test_a_certificate_that_the_authority_does_not_know(self):
        """Released for just that, it waits to be completed; released for something else, or not said at the counter, it is
        nothing."""
        def unknown(intake):
            return {**evidence(intake, 'unlisted', key='shared'), 'verdict': 'revocation-unknown'}
        right = {'kind': 'revocation-unknown', 'reason': 'second-document-shown'}
        intake, number = self.held(**right, proof=unknown)
        run = self.run_desk('--json', 'open', number)
        self.assertEqual(run.returncode, 0, run.stderr)
        told = json.loads(run.stdout)
        self.assertEqual((told['presence'], told['completion']), ('revocation-unknown', None))
        self.assertEqual(told['holds'][0]['kind'], 'revocation-unknown')
        self.assertNotIn(number + '.json', self.export(None)[1])
        self.assertEqual(self.run_desk('verify', number).returncode, 8)
        for how in ({'proof': unknown}, {**right, 'proof': lambda i: evidence(i, 'unlisted', key='shared')}):
            intake, _ = self.held(**how)
            self.assertRefused(5, 'open', intake)

    def test_the_offices_own_list(self):
        intake, number = self.deliver(values={'p.name': NAME, 'p.birth': BIRTH})
        listed = self.list_file('# kept by the desk for protected persons', f'{KIND}\t{NAME}\t昭和55年2月17日')
        self.assertEqual(self.opened(number, config=listed)['unreleased'], [KIND])
        self.assertEqual(self.run_desk('verify', number, config=listed).returncode, 9)
        status, files = self.export(listed)
        self.assertNotIn(number + '.json', files)
        self.assertNotEqual(status, 0)
        run = self.run_desk('--pending', 'export', ward.at('run', 'pending'), config=listed)
        self.assertNotIn(number + '.json', os.listdir(ward.at('run', 'pending')))
        self.assertNotIn(NAME, run.stdout + run.stderr)
        self.assertIn(number + '.json', self.export(None)[1])  # nobody stopped it without the list

    def test_released_by_the_counter(self):
        _, number = self.held()
        listed = self.list_file(f'{KIND}\t{NAME}\t{BIRTH}')
        self.assertEqual(self.opened(number, config=listed)['unreleased'], [])
        self.assertIn(number + '.json', self.export(listed)[1])
        # One kind does not stand for another.
        listed = self.list_file(f'deceased\t{NAME}\t{BIRTH}')
        self.assertEqual(self.opened(number, config=listed)['unreleased'], ['deceased'])
        self.assertNotIn(number + '.json', self.export(listed)[1])

    def test_other_people(self):
        _, number = self.deliver(values={'p.name': NAME, 'p.birth': BIRTH})
        listed = self.list_file(f'{KIND}\t{NAME}\t1980-02-18', f'{KIND}\t別人 試子\t{BIRTH}')
        self.assertEqual(self.opened(number, config=listed)['unreleased'], [])

    def test_a_list_that_leaves_nobody_out(self):
        for line in ('protected\t' + NAME + '\t' + BIRTH, f'{KIND}\t{NAME}', f'{KIND} {NAME} {BIRTH}', f'{KIND}\t\t{BIRTH}',
                     f'{KIND}\t{NAME}\t1980-02-30'):
            run = self.assertRefused(3, 'list', config=self.list_file('# first', line))
            self.assertIn('line 2', run.stderr)
        with open(self.config(), 'a', encoding='utf-8') as f:
            f.write('[holds]\nlist=/nonexistent/list\n')
        self.assertRefused(3, 'list', config=ward.at('run', 'changed.ini'))


if __name__ == '__main__':
    unittest.main()
