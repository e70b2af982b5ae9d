#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""GET /v1/offices/{office}/inbox: a terminal that waits hears within a second of what came for it, whoever put it into the store.
Run inside tests/isolated."""

import contextlib
import json
import os
import signal
import sys
import threading
import time
import unittest

sys.dont_write_bytecode = True

import gate  # noqa: E402
import wire  # noqa: E402
import world  # noqa: E402
from gate import ward  # noqa: E402

BILLION = 10 ** 9
ROOM = gate.MAX_CONNECTIONS * 3 // 4


class Asked(threading.Thread):
    """A question that is held: its answer, and how long it took."""

    def __init__(self, path, **how):
        super().__init__(daemon=True)
        self.line = ward.connect(**how)
        self.path, self.answer, self.seconds = path, None, None
        self.start()

    def run(self):
        began = time.monotonic()
        with contextlib.suppress(OSError):
            self.answer = ward.request('GET', self.path, connection=self.line)
        self.seconds = time.monotonic() - began

    def wait(self, within=5):
        self.join(within)
        assert self.answer is not None, 'no answer'
        self.line.close()
        return self.answer


class Inbox(gate.GatewayCase):
    def setUp(self):
        self.count = gate.rows("SELECT count (*) FROM ledger_notices WHERE terminal = 'T001'")[0][0]

    def path(self, after, wait, office='139998'):
        return f'/v1/offices/{office}/inbox?after={after}&wait={wait}'

    def stand(self):
        status, _, body = ward.request('GET', self.path(0, 0))
        self.assertEqual(status, 200)
        said = json.loads(body)
        self.assertEqual(said['after'], said['policy'] * BILLION + said['notice'])
        return said

    def notice(self, terminal='T001'):
        """What the desk does, in the store itself and by another process."""
        last = gate.rows('SELECT coalesce (max (number), 0) FROM ledger_notices WHERE terminal = ?', terminal)[0][0]
        gate.store.run('INSERT INTO ledger_notices (office, terminal, number, intake, officer, reason, time, digest, body)'
                       " VALUES ('139998', ?, ?, ?, 'B0002', 'wrong-entry', '2026-11-22T05:00:00.123Z', '', ?)", terminal, last + 1,
                       wire.new_intake(), b'\1')
        return last + 1

    def held(self, wait=30, after=None, **how):
        asked = Asked(self.path(self.stand()['after'] if after is None else after, wait), **how)
        time.sleep(0.6)
        self.assertIsNone(asked.answer, 'it is held')
        return asked

    def test_at_once_where_it_stands_elsewhere(self):
        now = self.stand()
        self.assertEqual((now['notice'], now['policy']), (self.count, ward.metrics()['madoguchi_policy_version']))
        for after in (now['after'] + 5, now['after'] + BILLION, 999999999999999):
            asked = Asked(self.path(after, 30))
            self.assertEqual(json.loads(asked.wait()[2]), now, 'a store that was put back, for instance')
            self.assertLess(asked.seconds, 1)

    def test_a_notice_ends_the_wait(self):
        asked = self.held()
        self.notice('T002')
        time.sleep(0.6)
        self.assertIsNone(asked.answer, "another terminal's")
        began = time.monotonic()
        number = self.notice()
        status, headers, body = asked.wait()
        self.assertLess(time.monotonic() - began, 1)
        self.assertEqual((status, json.loads(body)['notice']), (200, number))
        self.assertIn('Madoguchi-Nonce', headers)
        self.assertEqual(ward.request('GET', f'/v1/notices/{number}')[0], 200)

    def test_a_policy_ends_the_wait(self):
        asked = self.held()
        version, _ = ward.install_policy(ward.current_policy())
        self.assertEqual(json.loads(asked.wait()[2])['policy'], version)

    def test_nothing_came(self):
        now = self.stand()['after']
        for wait in (0, 1):
            asked = Asked(self.path(now, wait))
            self.assertEqual(asked.wait()[::2], (204, b''))
            self.assertLess(abs(asked.seconds - wait), 0.9)

    def test_many_in_a_row_over_one_connection(self):
        line = ward.connect()
        self.addCleanup(line.close)
        for _ in range(5):
            after = self.stand()['after']
            self.assertEqual(ward.request('GET', self.path(after, 1), connection=line)[0], 204)
            number = self.notice()
            said = json.loads(ward.request('GET', self.path(after, 30), connection=line)[2])
            self.assertEqual(said['notice'], number)

    def test_nobody_elses(self):
        self.assertProblem(ward.request('GET', self.path(0, 1, '139999')), 404, 'not-found')
        self.assertProblem(ward.request('GET', self.path(0, 1), name='terminal-unregistered'), 403, 'terminal-unregistered')
        for bad in ('', '?after=0', '?wait=0&after=0', '?after=-1&wait=0', '?after=00&wait=0', '?after=0&wait=51', '?after=0&wait=1&x=1',
                    '?after=1000000000000000&wait=0', '?after=0&wait=', '?after=%30&wait=0'):
            self.assertProblem(ward.request('GET', '/v1/offices/139998/inbox' + bad), 404, 'not-found')

    def test_a_terminal_has_one(self):
        first = self.held()
        second = self.held()
        self.assertEqual(first.wait()[0], 204)
        self.notice()
        self.assertEqual(second.wait()[0], 200)

    def test_who_is_revoked_hears_so_while_waiting(self):
        asked = self.held()
        policy = ward.current_policy()
        policy['version'] += 1
        policy['terminals'][0]['id'] = 'T777'
        ward.sign_policy(policy)
        self.assertProblem(asked.wait(), 403, 'terminal-unregistered')
        policy['version'] += 1
        policy['terminals'][0]['id'] = 'T001'
        ward.sign_policy(policy)
        world.wait_until(lambda: ward.request('GET', '/v1/policy')[0] == 200, 'it is back')

    def test_who_leaves_takes_nobody_along(self):
        asked = self.held()
        asked.line.sock.close()
        self.notice()
        time.sleep(1)
        self.assertEqual(ward.request('GET', self.path(0, 0))[0], 200)

    def test_the_end_does_not_wait(self):
        asked = self.held()
        process = ward.world.processes['gateway']
        began = time.monotonic()
        process.send_signal(signal.SIGTERM)
        status, headers, _ = asked.wait()
        self.assertEqual((status, headers['Connection']), (204, 'close'))
        ward.stop_gateway()
        self.assertLess(time.monotonic() - began, 5)
        self.assertEqual(process.returncode, 0)
        ward.start_gateway()

    def test_nobody_waits_where_there_is_no_room(self):
        lines = [ward.connect(name='terminal-unregistered' if n % 2 else 'terminal') for n in range(ROOM)]
        after = json.loads(ward.request('GET', self.path(0, 0), connection=lines[0])[2])['after']
        self.assertEqual(ward.request('GET', self.path(after, 1), connection=lines[0])[0], 204)
        more = ward.connect(name='terminal-unregistered')
        answer = ward.request('GET', self.path(after, 1), connection=lines[0])
        self.assertProblem(answer, 503, 'busy')
        self.assertGreaterEqual(int(answer[1]['Retry-After']), 1)
        for line in (*lines, more):
            line.close()


if __name__ == '__main__':
    os.chdir(ward.scratch)
    unittest.main()
