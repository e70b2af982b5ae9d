#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""The gateway where two officers have to agree on an intake. Run inside tests/isolated."""

import json
import sys
import unittest

sys.dont_write_bytecode = True

import gate  # noqa: E402
import wire  # noqa: E402
from gate import forge, ward  # noqa: E402

# The catalogue asks for a checker and the supervisor, and so does the ward's policy.
BY_TWO = 'care.nonresident'
CHECKER = {'officer': 'S0102', 'role': 'checker'}
# Who may do either half of it.
BOTH = 'S0101'


class Officers(gate.GatewayCase):
    def setUp(self):
        self.intake, self.container = self.begin()

    def begin(self, procedure=BY_TWO, **more):
        intake = wire.new_intake()
        container = ward.intake(intake, procedure=procedure, **more)
        self.assertEqual(ward.put_intake(intake, container)[0], 201)
        return intake, container

    def put(self, *bodies):
        """What comes of the last of these decisions, each of which is put in its turn."""
        for n, body in enumerate(bodies, 2):
            answer = ward.put_decision(self.intake, n, body)
            if n <= len(bodies):
                self.assertIn(answer[0], (200, 201), answer[2])
        return answer

    def make(self, *after, **how):
        return ward.decision(self.container, *after, **how)

    def check(self, *after, **how):
        return self.make(*after, kind='check', **{**CHECKER, **how})

    def forged(self, *after, **changes):
        """An approval upon a check, of which our own tools would not make what is changed."""
        made = json.loads(self.make(*after, officer='S0801', role='supervisor'))
        return forge(made, {'role': 'supervisor', **changes}, changes['officer'])

    def stored(self):
        return [kind for kind, in gate.rows('SELECT decision FROM ledger_items WHERE intake = ? AND n > 1 ORDER BY n',
                                            self.intake)]

    def refused(self):
        return gate.rows("SELECT detail FROM audit WHERE object_id = ? AND outcome = 'refused'", self.intake)

    def test_one_checks_and_another_approves(self):
        check = self.check()
        first = self.put(check)
        self.assertEqual((first[0], ward.open_receipt(first[2])['item']), (201, 'decision/2'))
        approval = self.make(check)
        self.assertEqual(self.put(check, approval)[0], 201)
        self.assertEqual(self.put(check, approval)[0], 200, 'the same once more')
        self.assertEqual(self.stored(), ['check', 'approve'])

    def test_one_is_not_enough(self):
        for how in ({}, {'role': 'checker'}, CHECKER):
            with self.subTest(how=how):
                self.assertProblem(self.put(self.make(**how)), 403, 'officers')
        self.assertEqual(self.stored(), [])
        self.assertEqual(self.refused()[0], ('terminal=T001 what=PUT:decision/2 code=officers',))

    def test_nobody_is_both(self):
        check = self.check(officer=BOTH)
        self.assertEqual(self.put(check)[0], 201)
        self.assertProblem(self.put(check, self.forged(check, officer=BOTH)), 403, 'same-officer')
        self.assertProblem(self.put(check, self.forged(check, officer='S0001')), 403, 'same-officer')
        self.assertEqual(self.stored(), ['check'])

    def test_the_clerk_is_neither(self):
        made = json.loads(self.check())
        self.assertProblem(self.put(forge(made, {'officer': 'S0001'}, 'S0001')), 403, 'same-officer')

    def test_two_checks_are_no_approval(self):
        check = self.check()
        again = self.forged(check, officer=BOTH, decision='check', role='checker')
        self.assertProblem(self.put(check, again), 409, 'out-of-order')
        self.assertProblem(self.put(check, check), 422, 'binding')

    def test_the_supervisor_approves_and_the_others_check(self):
        self.assertProblem(self.put(self.check(officer=BOTH, role='supervisor')), 403, 'role-missing')
        self.assertProblem(self.put(self.check(officer='S0002', role='clerk')), 403, 'role-missing')
        check = self.check(officer=BOTH)
        self.assertEqual(self.put(check)[0], 201)
        self.assertProblem(self.put(check, self.make(check, **CHECKER)), 403, 'role-missing')
        self.assertProblem(self.put(check, self.make(check, officer='S0102', role='supervisor')), 403, 'role-missing')

    def test_where_one_suffices(self):
        """R-APPR-04: the gateway has no forms and goes by the policy. A form may ask for two all the same: then one checks, and that is no
        approval, nor can the same officer add it."""
        self.intake, self.container = self.begin('pension.exemption')
        check = self.check(officer=BOTH, role='supervisor')
        self.assertEqual(self.put(check)[0], 201)
        self.assertProblem(self.put(check, self.forged(check, officer=BOTH)), 403, 'same-officer')
        self.assertEqual(self.stored(), ['check'])
        self.intake, self.container = self.begin('pension.exemption')
        self.assertEqual(self.put(self.make())[0], 201)

    def test_after_a_return_both_agree_anew(self):
        for kind in 'return', 'reject':
            self.setUp()
            course = [self.check()]
            course.append(self.make(*course, kind=kind))
            course.append(self.make(*course, kind='restore'))
            with self.subTest(kind=kind):
                self.assertProblem(self.put(*course, self.make(*course)), 403, 'officers')
                course.append(self.check(*course))
                self.assertEqual(self.put(*course, self.make(*course))[0], 201)
                self.assertEqual(self.stored(), ['check', kind, 'restore', 'check', 'approve'])

    def test_another_takes_it_up_whatever_arrives_first(self):
        """What the checker and the supervisor signed is kept, and the new one is decided upon by itself."""
        check = self.check()
        returned = self.make(check, kind='return')
        again = wire.new_intake()
        self.assertEqual(ward.put_intake(again, ward.intake(again, procedure=BY_TWO, replaces=self.intake))[0], 201)
        self.assertEqual(self.put(check, returned)[0], 201)
        self.assertEqual(self.stored(), ['check', 'return'])

    def test_who_checked_and_left_has_checked(self):
        check = self.check()
        self.assertEqual(self.put(check)[0], 201)
        good = ward.current_policy()
        policy = json.loads(json.dumps(good))
        policy['staff'] = [person for person in policy['staff'] if person['id'] != 'S0102']
        version, digest = ward.install_policy(policy)
        try:
            now = {'policy': version, 'policy_digest': digest}
            self.assertEqual(self.put(check, self.make(check, **now))[0], 201)
            self.intake, self.container = self.begin()
            self.assertProblem(self.put(self.check(**now)), 422, 'staff-unknown')
        finally:
            ward.install_policy(good)

    def test_the_rule_of_the_day_on_which_each_decides(self):
        good = ward.current_policy()
        policy = json.loads(json.dumps(good))
        del policy['procedures'][BY_TWO]['checks']
        self.assertEqual(self.put(self.check())[0], 201)
        before = self.begin()
        version, digest = ward.install_policy(policy)
        try:
            now = {'policy': version, 'policy_digest': digest}
            self.intake, self.container = self.begin()
            self.assertEqual(self.put(self.make(**now))[0], 201, 'one suffices now')
            self.intake, self.container = before
            self.assertEqual(self.put(check := self.check(officer=BOTH))[0], 201, 'under the rule before')
            same = self.forged(check, officer=BOTH, policy_version=version, policy_digest=digest)
            self.assertProblem(self.put(check, same), 403, 'same-officer')
            other = self.make(check, **now, officer='S0102', role='checker')
            self.assertEqual(self.put(check, other)[0], 201, 'another officer: two by then')
        finally:
            ward.install_policy(good)

    def under_two_rules(self):
        """What names a policy under which one suffices, and what names the next, which asks for two again."""
        good = ward.current_policy()
        self.addCleanup(ward.install_policy, good)
        policy = json.loads(json.dumps(good))
        del policy['procedures'][BY_TWO]['checks']
        return [{'policy': version, 'policy_digest': digest} for version, digest in
                (ward.install_policy(policy), ward.install_policy(good))]

    def test_no_policy_from_before_the_intake(self):
        """One who names the rule of yesterday, on its day, does not get round the rule of today."""
        one, two = self.under_two_rules()
        self.intake, self.container = self.begin(**two)
        for when in {}, {'time': wire.moment(-600)}:
            self.assertProblem(self.put(self.make(**one, **when)), 422, 'policy-not-in-force')
        self.assertEqual(self.stored(), [])
        self.assertEqual(self.refused()[0], ('terminal=T001 what=PUT:decision/2 code=policy-not-in-force',))
        check = self.check(**two)
        self.assertEqual(self.put(check, self.make(check, **two))[0], 201)

    def test_no_policy_from_before_the_decision_before(self):
        one, two = self.under_two_rules()
        self.intake, self.container = self.begin(**one)
        course = [self.check(**two)]
        course.append(self.make(*course, kind='return', **two))
        course.append(self.make(*course, kind='restore', **two))
        self.assertProblem(self.put(*course, self.make(*course, **one)), 422, 'policy-not-in-force')
        self.assertEqual(self.stored(), ['check', 'return', 'restore'])

    def test_not_made_before_what_it_follows_upon(self):
        """But for the difference that clocks may have."""
        hours = 3600
        self.intake, self.container = self.begin(wall=wire.moment(5 * hours))
        self.assertProblem(self.put(self.check(time=wire.moment(4 * hours - 60))), 422, 'policy-not-in-force')
        late = self.check(time=wire.moment(7 * hours))
        self.assertProblem(self.put(late, self.make(late, time=wire.moment(6 * hours - 60))), 422, 'policy-not-in-force')
        self.assertEqual(self.put(late, self.make(late, time=wire.moment(6 * hours + 60)))[0], 201)


if __name__ == '__main__':
    unittest.main(verbosity=2)
