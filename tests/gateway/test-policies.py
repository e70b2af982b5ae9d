#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""The gateway and its policy: by which one it judges, and what it does without one. Run inside tests/isolated."""

import hashlib
import json
import os
import signal
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

    def test_a_container_is_as_large_as_its_policy_allows(self):
        policy = ward.current_policy()
        before = policy['limits']['container_bytes']
        policy['limits']['container_bytes'] = 65536
        now, digest = ward.install_policy(policy)
        for size, expected in ((20000, 201), (60000, 413)):
            intake = wire.new_intake()
            body = ward.intake(intake, values={'p.name': '窓' * (size // 3)}, policy=now, policy_digest=digest)
            self.assertEqual(len(body) > 65536, expected == 413, len(body))
            answer = ward.put_intake(intake, body)
            self.assertEqual(answer[0], expected, answer[2])
        self.assertProblem(answer, 413, 'too-large')
        policy['limits']['container_bytes'] = before
        ward.install_policy(policy)

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
        policy['version'] = version + 1
        ward.sign_policy(policy, ['policy-signer'])
        world.wait_until(lambda: 'signed by one officer only' in ward.world.log_of('gateway'), 'one signature is not enough')
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


class Standing(gate.GatewayCase):
    """The newest policy that was taken stays in force until its end, whatever becomes of the file, in the running
    gateway and in one started anew. Without one no terminal is served; the next one brings everything back."""

    PATH = 'policy', 'policy.cms'

    def setUp(self):
        self.version, _ = ward.install_policy(ward.current_policy())
        with open(ward.at(*self.PATH), 'rb') as f:
            self.bundle = f.read()
        self.addCleanup(self.bring_back)

    def bring_back(self):
        """A good policy in force, however a test has ended."""
        policy = ward.current_policy()
        policy['not_after'] = '2040-01-01T00:00:00.000Z'
        ward.install_policy(policy)

    def place(self, content):
        """Puts these bytes in the place of the policy, or nothing at all."""
        path = ward.at(*self.PATH)
        if content is None:
            os.unlink(path)
            return
        with open(path + '.new', 'wb') as f:
            f.write(content)
        os.replace(path + '.new', path)

    def restart(self):
        ward.stop_gateway()
        ward.start_gateway()

    def log(self):
        return ward.world.log_of('gateway')

    def wait_for(self, text, count=1):
        world.wait_until(lambda: self.log().count(text) >= count, text)

    def health(self):
        status, _, body = answer = ward.request('GET', '/healthz')
        return body if status == 200 else wire.problem(answer) + (json.loads(body)['detail'],)

    def assertInForce(self):
        """All is as before: the policy of the beginning, health, an item."""
        self.assertEqual(ward.request('GET', '/v1/policy')[::2], (200, self.bundle))
        self.assertEqual(self.health(), b'serving\n')
        self.assertEqual(ward.metrics()['madoguchi_policy_version'], self.version)
        intake = wire.new_intake()
        self.assertEqual(ward.put_intake(intake, ward.intake(intake))[0], 201)

    def assertNone(self, detail, waiting):
        """No terminal is served, and each is told why; what it sends is not set aside."""
        intake, container = waiting
        for answer in (ward.request('GET', '/v1/policy'), ward.put_intake(intake, container),
                       ward.put_decision(intake, 2, b'{}'), ward.request('GET', '/v1/policy', name='terminal-unregistered')):
            self.assertProblem(answer, 503, 'policy-missing')
            self.assertIn(detail, json.loads(answer[2])['detail'])
            self.assertNotIn('Madoguchi-Nonce', answer[1])
        health = self.health()
        self.assertEqual(health[:2], (503, 'policy-missing'))
        self.assertIn(detail, health[2])
        self.assertEqual(ward.metrics()['madoguchi_policy_version'], 0)
        self.assertEqual(gate.rows('SELECT detail FROM audit WHERE object_id = ? GROUP BY detail ORDER BY min (seq)', intake),
                         [('terminal=T001 what=PUT:intake code=policy-missing',),
                          ('terminal=T001 what=PUT:decision/2 code=policy-missing',)])
        self.assertEqual(gate.rows("SELECT count (*) FROM audit WHERE detail LIKE '%what=GET:- code=policy-missing'")[0][0] % 2, 0,
                         'two calls of GET /v1/policy each time, and none of /healthz')

    def refused(self):
        return [cause for (cause,) in gate.rows("SELECT detail FROM audit WHERE event = 'policy' AND outcome = 'refused' ORDER BY seq")]

    def both(self, content, cause):
        """The file is gone or bad: nothing changes for the running gateway, nor for one started anew; both record why."""
        known = self.log().count('is not taken')
        recorded = len(self.refused())
        self.place(content)
        self.wait_for('is not taken', known + 1)
        self.assertInForce()
        self.restart()
        self.wait_for('is not taken', known + 2)
        self.assertInForce()
        world.wait_until(lambda: len(self.refused()) >= recorded + 2, 'both are recorded')
        self.assertEqual(self.refused()[recorded:], [f'cause={cause}'] * 2)

    def test_missing(self):
        self.both(None, 'unavailable')

    def test_no_policy_at_all(self):
        self.both(b'', 'unreadable')
        self.both(os.urandom(3000), 'unreadable')

    def test_what_passes(self):
        """A good policy that cannot be taken for a reason beside it is taken as soon as the reason is gone."""
        anchor = ward.at('pki', 'policy-root.crt')
        with open(anchor, 'rb') as f:
            root = f.read()
        known = self.log().count('is not taken')
        os.remove(anchor)
        try:
            policy = ward.current_policy()
            policy['version'] = version = self.version + 1
            ward.sign_policy(policy)
            self.wait_for('is not taken', known + 1)
            world.wait_until(lambda: self.refused()[-1:] == ['cause=unavailable'], 'it is recorded')
        finally:
            with open(anchor, 'wb') as f:
                f.write(root)
        self.wait_for(f'policy version {version} is in force', 1)
        self.assertEqual(self.log().count('is not taken'), known + 1, 'told once, however often it was tried')

    def test_of_another_root(self):
        with open(ward.at('policy', 'policy-stranger.cms'), 'rb') as f:
            self.both(f.read(), 'signature')

    def test_rolled_back(self):
        policy = ward.current_policy()
        policy['version'] = 1
        ward.sign_policy(policy)
        with open(ward.at(*self.PATH), 'rb') as f:
            self.both(f.read(), 'changed')
        ward.sign_policy({**policy, 'version': self.version})  # for the next number

    def let_end(self):
        """A policy comes into force and ends; returns its version."""
        policy = ward.current_policy()
        policy['not_after'] = wire.moment(20)
        version, _ = ward.install_policy(policy)
        world.wait_until(lambda: self.health() != b'serving\n', 'its end')
        return version

    def test_over(self):
        waiting = wire.new_intake()
        waiting = waiting, ward.intake(waiting)
        version = self.let_end()
        detail = f'version {version} ended'
        self.assertNone(detail, waiting)
        world.wait_until(lambda: self.notes(version) == [('failed', f'version={version} state=over')], 'its end is recorded')
        self.restart()
        self.assertEqual(self.health()[:2], (503, 'policy-missing'))
        self.assertNone(detail, waiting)
        for content in (self.bundle, None):  # an older one does not help, nor does none
            known = self.log().count('is not taken')
            self.place(content)
            self.wait_for('is not taken', known + 1)
            self.assertNone(detail, waiting)
        policy = ward.current_policy()
        policy['not_after'] = '2040-01-01T00:00:00.000Z'
        now, _ = ward.install_policy(policy)  # waits until it is served, by itself
        self.assertEqual(self.health(), b'serving\n')
        self.assertEqual(self.notes(now)[-1], ('done', f'version={now} state=in-force'))
        self.assertEqual(ward.put_intake(*waiting)[0], 201)

    def notes(self, version):
        return gate.rows("SELECT outcome, detail FROM audit WHERE event = 'policy' AND detail LIKE ? ORDER BY seq",
                         f'version={version} state=%')

    def test_never_one(self):
        """A new gateway whose policy comes last."""
        settings = ward.at('gateway', 'gateway.ini')
        with open(settings, encoding='utf-8') as f:
            before = f.read()
        self.addCleanup(ward.start_gateway)
        self.addCleanup(self.write, settings, before)
        self.addCleanup(ward.stop_gateway)
        self.write(settings, before.replace(gate.store.address(), gate.store.address('other')))
        self.place(None)
        self.restart()
        waiting = wire.new_intake()
        waiting = waiting, ward.intake(waiting, policy=self.version, policy_digest=self.digest())
        self.assertEqual(self.health()[:2], (503, 'policy-missing'))
        self.assertIn('never had', self.health()[2])
        self.assertProblem(ward.put_intake(*waiting), 503, 'policy-missing')
        self.place(self.bundle)
        world.wait_until(lambda: self.health() == b'serving\n', 'the policy is taken')
        self.assertEqual(ward.put_intake(*waiting)[0], 201)
        self.assertEqual(gate.rows("SELECT office_code, outcome, detail FROM audit WHERE event = 'policy' ORDER BY seq", ledger='other'),
                         [('', 'refused', 'cause=unavailable'), ('', 'failed', 'version=0 state=missing'), ('139998', 'done', f'version={self.version}'),
                          ('139998', 'done', f'version={self.version} state=in-force')])

    def digest(self):
        with open(ward.at(*self.PATH) + '.json', 'rb') as f:
            return hashlib.sha256(f.read()).hexdigest()

    def write(self, path, text):
        with open(path, 'w', encoding='utf-8') as f:
            f.write(text)

    def test_told_to_look_again(self):
        """SIGHUP tries the file that lies there once more, and ends nothing."""
        known = self.log().count('is not taken')
        self.place(b'nothing')
        self.wait_for('is not taken', known + 1)
        ward.world.processes['gateway'].send_signal(signal.SIGHUP)
        self.wait_for('is not taken', known + 2)
        self.assertInForce()


if __name__ == '__main__':
    unittest.main(verbosity=2)
