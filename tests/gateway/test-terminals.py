#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Which policy each terminal has in force, as the gateway knows it: from what a terminal says after it has put one to work,
durably, for two gateways on one store. Run inside tests/isolated."""

import contextlib
import http.client
import json
import os
import socket
import subprocess
import sys
import unittest

sys.dont_write_bytecode = True

import gate  # noqa: E402
import wire  # noqa: E402
import world  # noqa: E402
from gate import ward  # noqa: E402

SECOND_PORT = wire.PORT + 3


class Terminals(gate.GatewayCase):
    def setUp(self):
        self.version, _ = ward.install_policy(ward.current_policy())
        self.etag = self.ask()[1]['ETag']

    def ask(self, known=None, refused=None, connection=None):
        headers = {'If-None-Match': known, 'Madoguchi-Policy-Refused': refused}
        return ward.request('GET', '/v1/policy', headers={name: value for name, value in headers.items() if value},
                            connection=connection)

    def next_policy(self):
        before, self.version = self.version, ward.install_policy(ward.current_policy())[0]
        old, self.etag = self.etag, self.ask()[1]['ETag']
        return before, old

    def listed(self, *words):
        return subprocess.run([ward.world.program('src', 'gateway', 'madoguchi-gateway'), '--terminals', *words, '--config',
                               ward.at('gateway', 'gateway.ini')], check=True, capture_output=True, text=True).stdout

    def told(self, terminal='T001'):
        return {entry['terminal']: entry for entry in json.loads(self.listed('--json'))}[terminal]

    def assertTold(self, standing, **more):
        told = self.told()
        self.assertEqual((told['standing'], told['newest']), (standing, self.version), told)
        self.assertEqual({name: told.get(name) for name in more}, more, told)

    def records(self):
        return gate.rows("SELECT outcome, detail FROM audit WHERE event = 'acknowledge' ORDER BY seq")

    def test_what_it_says_is_kept_and_what_it_was_sent_is_not(self):
        self.assertEqual(self.ask(self.etag)[0], 304)
        before, old = self.next_policy()
        self.assertEqual(self.ask(old)[0], 200)
        self.assertTold('behind', version=before)
        self.assertGreaterEqual(self.told()['behind_s'], 0)
        self.assertEqual(self.ask()[0], 200, 'whoever names none says nothing of what was in force')
        self.assertTold('behind', version=before)
        self.assertEqual(self.ask(self.etag)[0], 304)
        self.assertTold('current', version=self.version, highest=self.version, refused=None)
        self.assertGreaterEqual(self.told()['age_s'], 0)
        self.assertEqual(self.records()[-1], ('done', f'terminal=T001 version={self.version} before={before}'))
        ward.stop_gateway()
        self.assertTold('current', version=self.version)
        ward.start_gateway()
        line, = [line for line in self.listed().splitlines() if line.startswith('T001\t')]
        self.assertEqual(line.split('\t')[1:3], ['current', str(self.version)])

    def test_a_refusal_is_told_and_is_no_acknowledgement(self):
        self.ask(self.etag)
        before, old = self.next_policy()
        self.assertEqual(self.ask(old, f'{self.etag} signature')[0], 304, 'it is not sent again')
        self.assertTold('refused', version=before, refused=self.version, cause='signature')
        self.assertEqual(self.records()[-1], ('refused', f'terminal=T001 version={self.version} cause=signature'))
        for bad in (self.etag, f'{self.etag} {"x" * 500}', f'{self.etag} signature more', '"no" signature', f'{self.etag}  '):
            self.assertEqual(self.ask(old, bad)[0], 200, bad)
            self.assertTold('behind', version=before, refused=None)
        self.assertEqual(self.ask(self.etag)[0], 304)
        self.assertTold('current', refused=None)

    def test_a_backup_that_was_put_back_is_recorded(self):
        old = self.etag
        self.ask(old)
        before, _ = self.next_policy()
        self.ask(self.etag)
        self.assertEqual(self.ask(old)[0], 200)
        self.assertTold('behind', version=before, highest=self.version)
        self.assertEqual(self.records()[-1], ('failed', f'terminal=T001 version={before} before={self.version} cause=older'
                                                        f' highest={self.version}'))
        self.assertEqual(self.ask(self.etag)[0], 304)
        self.assertTold('current')

    def test_what_nobody_sent_is_nothing(self):
        self.ask(self.etag)
        count = len(self.records())
        for nonsense in ('"' + '0' * 64 + '"', 'W/' + self.etag, '*', self.etag.strip('"'), 'x' * 8000):
            self.assertEqual(self.ask(nonsense)[0], 200, nonsense)
            self.assertTold('current', version=self.version)
        self.assertEqual(len(self.records()), count)

    def test_who_is_not_served_is_not_heard(self):
        before, _ = self.next_policy()
        self.ask(self.etag)
        count = gate.rows('SELECT count (*) FROM ledger_in_force')
        answer = ward.request('GET', '/v1/policy', headers={'If-None-Match': self.etag}, name='terminal-unregistered')
        self.assertProblem(answer, 403, 'terminal-unregistered')
        self.assertEqual(gate.rows('SELECT count (*) FROM ledger_in_force'), count)

    def test_metrics_count_and_name_nobody(self):
        def counted():
            return {name.split('"')[1]: value for name, value in ward.metrics().items() if 'policy_terminals' in name}

        self.ask(self.etag)
        names = len(ward.current_policy()['terminals'])
        self.assertEqual(counted()['current'], 1)
        self.assertEqual(sum(counted().values()), names)
        before, old = self.next_policy()
        self.assertEqual((counted()['current'], counted()['behind']), (0, 1))
        self.ask(old, f'{self.etag} invalid')
        self.assertEqual((counted()['behind'], counted()['refused']), (0, 1))
        self.assertNotIn(b'T001', ward.request('GET', '/metrics')[2])

    def test_another_gateway_on_the_store_never_goes_back(self):
        """The second one has an older policy's file. What the first one put into force is in force there, too."""
        with open(ward.at('policy', 'policy.cms'), 'rb') as f:
            older = f.read()
        with open(ward.at('run', 'older.cms'), 'wb') as f:
            f.write(older)
        with open(ward.at('gateway', 'gateway.ini'), encoding='utf-8') as f:
            text = f.read()
        with open(ward.at('gateway', 'second.ini'), 'w', encoding='utf-8') as f:
            f.write('\n'.join(f'policy={ward.at("run", "older.cms")}' if line.startswith('policy=') else
                              f'port={SECOND_PORT}' if line.startswith('port=') else line for line in text.splitlines()))
            f.write(f'\nport={SECOND_PORT}\n')
        ward.world.start('second', [ward.world.program('src', 'gateway', 'madoguchi-gateway'), '--config',
                                    ward.at('gateway', 'second.ini')])
        self.addCleanup(ward.world.stop, 'second')
        world.wait_until(lambda: ward.world.check('second') and world.is_bound(SECOND_PORT), 'the second one')

        def second(known=None):
            line = http.client.HTTPSConnection('127.0.0.1', SECOND_PORT, context=ward.context(), timeout=30)
            line.connect()
            line.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            with contextlib.closing(line):  # of one terminal only so many may stand
                return self.ask(known, connection=line)

        self.assertEqual(second()[::2], (200, older))
        before, old = self.next_policy()
        self.assertEqual(second(self.etag)[0], 304, 'at once, whenever it would have looked')
        self.assertTold('current', version=self.version)
        self.assertEqual(second(old)[1]['ETag'], self.etag)
        self.next_policy()
        world.wait_until(lambda: second()[1]['ETag'] == self.etag, 'and without being asked')
        self.assertIn('as at another gateway', ward.world.log_of('second'))

    def test_the_list_of_a_store_without_a_policy(self):
        answer = subprocess.run([ward.world.program('src', 'gateway', 'madoguchi-gateway'), '--terminals', '--config',
                                 ward.at('gateway', 'gateway.ini'), '--store', 'sqlite:' + ward.at('run', 'none.db')],
                                capture_output=True, text=True, check=False)
        self.assertEqual(answer.returncode, 3, answer)
        for words in (['--json'], ['--terminals', '--refusals'], ['--terminals', 'import', '/']):
            answer = subprocess.run([ward.world.program('src', 'gateway', 'madoguchi-gateway'), *words, '--config',
                                     ward.at('gateway', 'gateway.ini')], capture_output=True, text=True, check=False)
            self.assertEqual(answer.returncode, 2, words)


if __name__ == '__main__':
    os.chdir(ward.scratch)
    unittest.main()
