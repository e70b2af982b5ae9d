#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Two officers have to agree: what the desk makes of what lies in the ledger, and of what its owner put there. Run inside
tests/isolated."""

import hashlib
import json
import os
import subprocess
import sys
import unittest

sys.dont_write_bytecode = True

from opening import NAME, Desk, evidence, ward, wire  # noqa: E402

BY_TWO = 'care.nonresident'
CHECKER = {'kind': 'check', 'officer': 'S0102', 'role': 'checker'}


class Officers(Desk):
    def begin(self, procedure=BY_TWO, **more):
        intake = wire.new_intake()
        container = ward.intake(intake, procedure=procedure, values={'p.name': NAME},
                                evidence=evidence(intake, procedure=procedure), **more)
        self.assertEqual(ward.put_intake(intake, container)[0], 201)
        return intake, container

    def put(self, item, *bodies):
        for n, body in enumerate(bodies, 2):
            answer = ward.put_decision(item[0], n, body)
            self.assertIn(answer[0], (200, 201), answer[2])

    def verify(self, intake, status):
        run = self.run_desk('--json', 'verify', intake)
        self.assertEqual(run.returncode, status, run.stdout + run.stderr)
        return json.loads(run.stdout)

    def replace(self, intake, n, body, kind='approve'):
        """The store's owner, who has the gateway's key for receipts, puts another decision in the place of number N."""
        with self.ledger() as db:
            sequence, receipt = db.execute('SELECT sequence, receipt FROM ledger_items WHERE intake = ? AND n = ?',
                                           (intake, n)).fetchone()
            content = subprocess.run(['openssl', 'cms', '-verify', '-noverify', '-inform', 'DER', '-binary'], input=receipt,
                                     check=True, capture_output=True).stdout
            digest = hashlib.sha256(body).hexdigest()
            before, = db.execute('SELECT digest FROM ledger_items WHERE sequence = ?', (sequence,)).fetchone()
            told = content.replace(before.encode(), digest.encode())
            self.assertNotEqual(told, content)
            key = ward.at('pki', 'receipt')
            forged = subprocess.run(['openssl', 'cms', '-sign', '-nodetach', '-binary', '-cades', '-md', 'sha256', '-outform',
                                     'DER', '-signer', key + '.crt', '-inkey', key + '.key'],
                                    input=told, check=True, capture_output=True).stdout
            db.execute('UPDATE ledger_items SET receipt = ?, digest = ?, decision = ? WHERE sequence = ?',
                       (forged, digest, kind, sequence))
            db.execute('UPDATE ledger_bodies SET body = ? WHERE sequence = ?', (body, sequence))

    def test_both_are_told(self):
        item = self.begin()
        check = ward.decision(item[1], **CHECKER)
        self.put(item, check)
        waiting = self.verify(item[0], 0)
        self.assertIn('check by S0102', json.dumps(waiting))
        self.assertEqual(self.run_desk('open', item[0]).returncode, 6, 'it is not approved')
        pending = json.loads(self.run_desk('--pending', '--json', 'open', item[0]).stdout)
        self.assertEqual((pending['state'], pending['checked_by']), ('checked', 'S0102'))
        self.assertIn('checked', self.run_desk('list').stdout)
        self.put(item, check, ward.decision(item[1], check))
        whole = json.dumps(self.verify(item[0], 0))
        for officer in 'check by S0102', 'approve by S0101':
            self.assertIn(officer, whole)
        opened = json.loads(self.run_desk('--json', 'open', item[0]).stdout)
        self.assertEqual((opened['state'], opened['checked_by'], opened['officer']), ('approved', 'S0102', 'S0101'))

    def test_one_alone_is_not_believed(self):
        """What a gateway should never have stored."""
        item = self.begin()
        self.put(item, ward.decision(item[1], **CHECKER))
        self.replace(item[0], 2, ward.decision(item[1]))
        row = self.verify(item[0], 5)
        self.assertIn('two officers must agree, and one did', json.dumps(row))
        self.assertEqual(self.run_desk('open', item[0]).returncode, 5)

    def test_an_approval_by_who_may_only_check(self):
        item = self.begin()
        check = ward.decision(item[1], kind='check', officer='S0101', role='checker')
        self.put(item, check, ward.decision(item[1], check, kind='return'))
        self.replace(item[0], 3, ward.decision(item[1], check, officer='S0102', role='checker'))
        self.assertIn('may not do this half of it', json.dumps(self.verify(item[0], 5)))

    def test_an_approval_by_the_rule_of_before(self):
        """It names, on its day, a policy under which one suffices; the intake names the next."""
        good = ward.current_policy()
        policy = json.loads(json.dumps(good))
        del policy['procedures'][BY_TWO]['checks']
        one, two = [{'policy': version, 'policy_digest': digest} for version, digest in
                    (ward.install_policy(policy), ward.install_policy(good))]
        item = self.begin(**two)
        check = ward.decision(item[1], **CHECKER, **two)
        self.put(item, check)
        self.verify(item[0], 0)
        self.replace(item[0], 2, ward.decision(item[1], **one))
        self.assertIn('what it follows upon names a newer one', json.dumps(self.verify(item[0], 5)))

    def test_one_where_the_form_asks_for_two(self):
        """R-APPR-04: a policy that asks for fewer lets it through the gateway; the desk, which has the forms, works on neither."""
        good = ward.current_policy()
        policy = json.loads(json.dumps(good))
        del policy['procedures'][BY_TWO]['checks']
        one, _ = [{'policy': version, 'policy_digest': digest} for version, digest in
                  (ward.install_policy(policy), ward.install_policy(good))]
        alone, both = self.begin(**one), self.begin(**one)
        self.put(alone, ward.decision(alone[1], **one))
        check = ward.decision(both[1], **CHECKER, **one)
        self.put(both, check, ward.decision(both[1], check, **one))
        self.assertIn('its form asks for two', json.dumps(self.verify(alone[0], 6)))
        opened = self.run_desk('open', alone[0])
        self.assertEqual((opened.returncode, opened.stdout), (6, ''), opened.stderr)
        self.assertIn('its form asks for two', opened.stderr)
        folder = ward.at('run', 'by-two')
        self.assertIn('its form asks for two', self.run_desk('export', folder).stderr, 'it is not left out in silence')
        exported = ''
        for name in os.listdir(folder):
            with open(os.path.join(folder, name), encoding='utf-8') as f:
                exported += f.read()
        self.assertNotIn(alone[0], exported)
        self.assertIn(both[0], exported)
        self.assertEqual(self.run_desk('--pending', 'open', alone[0]).returncode, 0)
        completed = self.run_desk('complete', alone[0])
        self.assertEqual((completed.returncode, completed.stdout), (6, ''), completed.stderr)
        self.assertEqual(self.audit(alone[0])[-1][:2], ('complete', 'refused'))
        self.assertIn('its form asks for two', self.run_desk('complete', '--all').stderr)
        self.assertEqual(self.run_desk('complete', both[0]).returncode, 0)
        self.verify(both[0], 0)
        self.assertEqual(self.run_desk('open', both[0]).returncode, 0)

    def test_the_way_back_of_what_one_approved(self):
        """The desk gives it back, and the counter takes it up again; that one approved it stays in its history."""
        good = ward.current_policy()
        policy = json.loads(json.dumps(good))
        del policy['procedures'][BY_TWO]['checks']
        one, _ = [{'policy': version, 'policy_digest': digest} for version, digest in
                  (ward.install_policy(policy), ward.install_policy(good))]
        alone, both = self.begin(**one), self.begin(**one)
        self.put(alone, ward.decision(alone[1], **one))
        check = ward.decision(both[1], **CHECKER, **one)
        self.put(both, check, ward.decision(both[1], check, **one))
        back = '--officer', 'B0002', '--reason', 'second-officer', '--json', 'return'
        self.assertIn('return', self.run_desk('open', alone[0]).stderr)
        self.assertEqual(self.run_desk(*back, both[0], reason=None).returncode, 4)
        self.assertEqual(self.run_desk('--officer', 'S0101', *back[2:], alone[0], reason=None).returncode, 2, 'who approved it')
        run = self.run_desk(*back, alone[0], reason=None)
        self.assertEqual(run.returncode, 0, run.stderr)
        status, _, body = ward.request('GET', f"/v1/notices/{json.loads(run.stdout)['notice']}")
        notice = ward.open_receipt(body, 'notice')
        self.assertEqual((status, notice['intake'], notice['reason'], notice['lines']),
                         (200, alone[0], 'second-officer', [{'rule': 'one-officer', 'field': ''}]))
        again = self.begin(replaces=alone[0])
        check = ward.decision(again[1], **CHECKER)
        self.put(again, check, ward.decision(again[1], check))
        self.verify(again[0], 0)
        self.assertEqual(self.run_desk('open', again[0]).returncode, 0)
        self.assertEqual(self.run_desk('open', alone[0]).returncode, 6)
        said = json.loads(self.run_desk('--json', 'history', alone[0], reason=None).stdout)['history']
        self.assertEqual([(step['event'], step['detail']) for step in said[:4]],
                         [('received', ''), ('approve', ''), ('given-back', 'second-officer'), ('told', 'T001')])

    def test_a_decision_from_before_the_intake(self):
        item = self.begin()
        self.put(item, ward.decision(item[1], **CHECKER))
        self.replace(item[0], 2, ward.decision(item[1], **CHECKER, time=wire.moment(-7200)), 'check')
        self.assertIn('it was made before what it follows upon', json.dumps(self.verify(item[0], 5)))

    def test_of_a_newer_release(self):
        """It waits for the desk to be updated; what was altered to look like that is a forgery."""
        item = self.begin('pension.exemption')
        good = ward.decision(item[1])
        self.put(item, good)
        for more in {'later': 1}, {'decision': 'suspend'}, {'schema': 'madoguchi-decision/2', 'time': 0}:
            longer = ward.forge(json.loads(good), {}, 'S0101', more)
            self.replace(item[0], 2, longer)
            self.assertIn('Update the desk', json.dumps(self.verify(item[0], 7)))
            self.assertEqual(self.run_desk('open', item[0]).returncode, 7)
            self.replace(item[0], 2, json.dumps({**json.loads(good), 'decision': json.loads(longer)['decision']}).encode())
            self.verify(item[0], 5)
        self.replace(item[0], 2, ward.forge(json.loads(good), {'officer': 'S0001'}, 'S0001', {'later': 1}))
        self.verify(item[0], 7)
        self.replace(item[0], 2, good)
        self.verify(item[0], 0)

    def test_signed_in_another_way(self):
        """With a digest that this desk does not take: it waits for an update, and what only names it is a forgery."""
        item = self.begin('pension.exemption')
        good = ward.decision(item[1])
        self.put(item, good)
        self.replace(item[0], 2, ward.forge(json.loads(good), {}, 'S0101', digest='sha384'))
        self.assertIn('update the desk', json.dumps(self.verify(item[0], 7)))
        other = json.loads(ward.forge(json.loads(good), {'role': 'clerk'}, 'S0101', digest='sha384'))['signature']
        self.replace(item[0], 2, json.dumps({**json.loads(good), 'signature': other}).encode())
        self.verify(item[0], 5)

    def test_one_suffices_where_it_did(self):
        """Of before the policy asked for two, and under one that asks for one."""
        item = self.begin('pension.exemption')
        self.put(item, ward.decision(item[1]))
        good = ward.current_policy()
        policy = json.loads(json.dumps(good))
        policy['procedures']['pension.exemption'].update(checks=2, approvers=['checker', 'supervisor'])
        ward.install_policy(policy)
        try:
            self.verify(item[0], 0)
        finally:
            ward.install_policy(good)


if __name__ == '__main__':
    unittest.main(verbosity=2)
