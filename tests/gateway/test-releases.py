#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Containers whose manifest says that a supervisor released what had stopped the intake: the gateway believes none that does
not verify. What was released is sealed and none of its business. Run inside tests/isolated."""

import base64
import json
import sys
import unittest

sys.dont_write_bytecode = True

import gate  # noqa: E402
import wire  # noqa: E402
from gate import ward  # noqa: E402


class Releases(gate.GatewayCase):
    def put(self, *pairs, intake=None, **more):
        intake = intake or wire.new_intake()
        return ward.put_intake(intake, ward.intake(intake, releases=ward.releases(*pairs), **more))

    def released(self, **flaws):
        """The answer to an intake with one release, which has these flaws."""
        intake = wire.new_intake()
        return self.put(ward.release(intake, **flaws), intake=intake)

    def test_a_good_one(self):
        self.assertEqual(self.released()[0], 201)
        intake = wire.new_intake()
        self.assertEqual(self.put(ward.release(intake), ward.release(intake, hold=2), intake=intake)[0], 201)

    def test_a_certificate_that_the_authority_does_not_know(self):
        """Goes on with a release alone, where the procedure lets the check wait."""
        unknown = {'method': 'jpki-auth', 'verdict': 'revocation-unknown', 'revocation': 'ocsp'}
        before = self.stored()
        self.assertProblem(self.put(**unknown), 403, 'identification')
        for verdict in ('revoked', 'suspended', 'untrusted-issuer'):
            intake = wire.new_intake()
            self.assertProblem(self.put(ward.release(intake), intake=intake, **{**unknown, 'verdict': verdict}), 403, 'identification')
        intake = wire.new_intake()
        answer = self.put(ward.release(intake), intake=intake, procedure='lem.certificate', **unknown)
        self.assertProblem(answer, 403, 'identification')
        self.assertEqual(self.stored(), before)
        intake = wire.new_intake()
        self.assertEqual(self.put(ward.release(intake), intake=intake, **unknown)[0], 201)

    def test_who_may(self):
        before = self.stored()
        for officer, code in (('S0002', 'role-missing'), ('S0801', 'role-missing'), ('S0901', 'role-missing')):
            for role in ('supervisor', 'clerk', 'admin', 'auditor'):
                self.assertProblem(self.released(officer=officer, role=role), 403, code)
        self.assertProblem(self.released(role='checker'), 403, 'role-missing')
        self.assertProblem(self.released(officer='S0001'), 403, 'same-officer')
        self.assertEqual(self.stored(), before)

    def test_who_signed(self):
        before = self.stored()
        for signer in ('staff/S0001-sign', 'staff/S0801-sign'):
            self.assertProblem(self.released(signer=signer), 422, 'binding')
        self.assertProblem(self.released(signer='staff/S0101-auth'), 422, 'signature-invalid')
        self.assertEqual(self.stored(), before)

    def test_of_this_intake(self):
        """No release of another intake, terminal, policy or time will do, whoever signed it."""
        before = self.stored()
        other = wire.new_intake()
        for flaws in ({'intake': other}, {'terminal': 'T002'}, {'office': '131016'}, {'policy_version': 2},
                      {'policy_digest': 'c' * 64}, {'time': wire.moment(-3600)}, {'time': wire.moment(3 * 86400)}):
            intake = wire.new_intake()
            good = ward.release(intake)
            text = json.dumps({**json.loads(good[0]), **flaws}, separators=(',', ':'))
            answer = self.put(ward.release(**json.loads(text.replace('"schema":"madoguchi-release/1",', ''))), intake=intake)
            self.assertProblem(answer, 422, 'binding')
        self.assertEqual(self.stored(), before)

    def test_an_officer_of_another_day(self):
        """By the policy that the intake names: who may not any more has not released it, and what was released before stays."""
        good = ward.current_policy()
        renewed = ward.another_card('S0101', 30)
        over = ward.another_card('S0101', -1)
        intake = wire.new_intake()
        waiting = intake, ward.intake(intake, releases=ward.releases(ward.release(intake)))
        for policy, signer, code in (
                (ward.without('S0101'), None, (422, 'staff-unknown')),
                (ward.without('S0101', roles=['checker']), None, (403, 'role-missing')),
                (ward.without('S0101', card=renewed), None, (422, 'signature-invalid')),
                (ward.without('S0101', card=over), over, (422, 'signature-invalid')),
                (good, renewed, (422, 'signature-invalid')),
                (good, None, None)):
            now, digest = ward.install_policy(json.loads(json.dumps(policy)))
            before = self.stored()
            names = {'policy_version': now, 'policy_digest': digest}
            intake = wire.new_intake()
            # Of the day before, in a container of today.
            answer = self.put(ward.release(intake), intake=intake, policy=now, policy_digest=digest)
            self.assertProblem(answer, 422, 'binding')
            answer = self.put(ward.release(intake, signer=signer, **names), intake=intake, policy=now, policy_digest=digest)
            if code:
                self.assertProblem(answer, *code)
                self.assertEqual(self.stored(), before)
            else:
                self.assertEqual(answer[0], 201)
        self.assertEqual(ward.put_intake(*waiting)[0], 201)

    def test_forged_or_doubled(self):
        before = self.stored()
        intake = wire.new_intake()
        text, signature = ward.release(intake)
        other, _ = ward.release(intake, raised='d' * 64)
        self.assertProblem(self.put((other, signature), intake=intake), 422, 'signature-invalid')
        altered = signature[:-9] + bytes((signature[-9] ^ 1,)) + signature[-8:]
        self.assertProblem(self.put((text, altered), intake=intake), 422, 'signature-invalid')
        self.assertEqual(self.stored(), before)

    def test_the_manifest_is_the_clerks(self):
        """Neither can a release be taken out of a container, nor put into one: the clerk has signed the manifest."""
        intake = wire.new_intake()
        body = ward.intake(intake, releases=ward.releases(ward.release(intake)))
        text, signature = ward.release(intake)
        place = body.index(base64.b64encode(text)[:60])
        self.assertEqual(ward.put_intake(intake, body[:place] + b'A' + body[place + 1:])[0], 400)
        self.assertEqual(ward.put_intake(intake, body)[0], 201)


if __name__ == '__main__':
    unittest.main()
