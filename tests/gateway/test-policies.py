#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""The gateway and its policy: by which one it judges, and what it does without one. Run inside tests/isolated."""

import json
import os
import sys
import time
import unittest

sys.dont_write_bytecode = True

import gate  # noqa: E402
import wire  # noqa: E402
import world  # noqa: E402
from gate import ward  # noqa: E402


class Policies(gate.GatewayCase):
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
        gate.issue('terminal-renewed', '20260101000000Z', '20450101000000Z')
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


if __name__ == '__main__':
    unittest.main(verbosity=2)
