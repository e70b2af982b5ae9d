#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""What a second person did not let stand goes back to its terminal: as a signed notice at the gateway, on paper, and never twice.
Run inside tests/isolated."""

import datetime
import json
import os
import sys
import unittest

import jsonschema

sys.dont_write_bytecode = True

from opening import NAME, NUMBER, Desk, evidence, new_number, place, ward, wire  # noqa: E402


class Notices(Desk):
    def give_back(self, name, *more, officer='B0002', reason='number-check', **how):
        return self.run_desk('--officer', officer, '--reason', reason, *more, 'return', name, **how)

    def refused(self):
        """An approved intake of which a second person refused a line. Returns (intake, receipt number)."""
        intake, number = self.deliver(number=None)
        line, = json.loads(self.run_desk('--json', 'confirm', number).stdout)['lines']
        run = self.run_desk('--officer', 'B0002', '--reason', 'C01', '--refuse', 'confirm', number, line['mark'])
        self.assertEqual(run.returncode, 0, run.stderr)
        return intake, number

    def fetch(self, number, **how):
        return ward.request('GET', f'/v1/notices/{number}', **how)

    def last(self):
        """How many notices the terminal has by now."""
        with self.ledger() as db:
            return db.execute('SELECT count (*) FROM ledger_notices').fetchone()[0]

    def test_there_and_back(self):
        """R-MATCH-04 at the desk: the notice, the page, the gateway; then the intake that takes it up again."""
        before = self.last()
        intake, number = self.refused()
        page = ward.at('run', 'notice.html')
        self.assertEqual(self.fetch(before + 1)[0], 204)
        run = self.give_back(number, '--print', page, '--json')
        self.assertEqual(run.returncode, 0, run.stderr)
        said = json.loads(run.stdout)
        self.assertEqual((said['intake'], said['terminal'], said['notice'], said['new'], said['fetched']),
                         (intake, 'T001', before + 1, True, None))
        with open(page, encoding='utf-8') as f:
            text = f.read()
        self.assertEqual(os.stat(page).st_mode & 0o777, 0o600)
        self.assertIn(number, text)
        for secret in (NAME, NUMBER, NUMBER[-4:]):
            self.assertNotIn(secret, text)
        self.assertNoNumberOn(text)
        self.assertIn(('return', 'done', 'B0002', 'number-check', f'terminal=T001 notice={before + 1}'), self.audit(intake))
        status, headers, body = self.fetch(before + 1)
        self.assertEqual((status, headers['Content-Type']), (200, 'application/pkcs7-mime'))
        self.assertIn('Madoguchi-Nonce', headers)
        notice = ward.open_receipt(body, 'notice')  # OpenSSL is the judge
        with open(os.path.join(os.environ['MADOGUCHI_SOURCE'], 'data', 'protocol', 'notice-1.schema.json'),
                  encoding='utf-8') as f:
            schema = jsonschema.Draft202012Validator(json.load(f))
        schema.validate(notice)
        self.assertFalse(schema.is_valid({**notice, 'name': NAME}))
        self.assertEqual((notice['number'], notice['intake'], notice['receipt_number'], notice['reason'], notice['lines']),
                         (before + 1, intake, number, 'number-check', [{'rule': 'number-blank', 'field': 'p.mynum'}]))
        self.assertEqual(self.fetch(before + 1)[2], body)  # as often as it is asked for, and recorded once
        self.assertEqual([row[0] for row in self.audit(intake)].count('notice'), 1)
        again = self.give_back(number, '--json', '--print', page)  # the same notice, not another
        self.assertFalse(json.loads(again.stdout)['new'])
        self.assertIsNotNone(json.loads(again.stdout)['fetched'])
        self.assertEqual(self.fetch(before + 2)[0], 204)
        listed, = [case for case in json.loads(self.run_desk('--json', 'list').stdout) if case['intake'] == intake]
        self.assertEqual((listed['state'], listed['notice'], listed['replaced_by']), ('approved', before + 1, None))
        self.taken_up(intake, listed)

    def test_history(self):
        """R-FORM-23: what became of an intake (of any procedure), in order, from its receipt number alone and without anything being opened."""
        intake, number = self.refused()
        run = self.run_desk('--json', 'history', number, reason=None)
        self.assertEqual(run.returncode, 0, run.stderr)
        self.assertEqual([(step['event'], step['officer']) for step in json.loads(run.stdout)['history']],
                         [('received', 'S0001'), ('approve', 'S0101'), ('refused', 'B0002')])
        before = self.last()
        self.assertEqual(self.give_back(number, '--print', ward.at('run', 'history.html')).returncode, 0)
        self.assertEqual(self.fetch(before + 1)[0], 200)
        run = self.run_desk('--json', 'history', intake, reason=None)
        said = json.loads(run.stdout)
        self.assertEqual((said['intake'], said['receipt_number']), (intake, number))
        self.assertEqual([(step['event'], step['detail']) for step in said['history']],
                         [('received', ''), ('approve', ''), ('refused', 'number-blank'), ('given-back', 'number-check'), ('told', 'T001')])
        times = [step['time'] for step in said['history']]
        self.assertTrue(all(times) and all(datetime.datetime.fromisoformat(a) <= datetime.datetime.fromisoformat(b)
                                           for a, b in zip(times, times[1:])), times)
        text = self.run_desk('history', number, reason=None)
        self.assertEqual([line.split()[0] for line in text.stdout.splitlines()], [number] * 5)
        for secret in (NAME, NUMBER):
            self.assertNotIn(secret, text.stdout + run.stdout)
        self.assertRefused(4, 'history', '999-999999-9', reason=None)
        _, waiting = self.deliver(approve=False, number=None)
        run = self.run_desk('--json', 'history', waiting, reason=None)
        self.assertEqual([step['event'] for step in json.loads(run.stdout)['history']], ['received'])

    def taken_up(self, intake, listed):
        """By another intake of the terminal, once; never by one that takes up what nobody gave back."""
        other, _ = self.deliver(number=None)
        first, second = wire.new_intake(), wire.new_intake()
        values = {'p.name': NAME}
        self.assertEqual(wire.problem(ward.put_intake(first, ward.intake(first, evidence=evidence(first), values=values,
                                                                         replaces=other)))[1], 'binding')
        body = ward.intake(first, evidence=evidence(first), values=values, replaces=intake)
        self.assertEqual(ward.put_intake(first, body)[0], 201)
        self.assertEqual(ward.put_intake(first, body)[0], 200)
        self.assertEqual(wire.problem(ward.put_intake(second, ward.intake(second, evidence=evidence(second), values=values,
                                                                          replaces=intake)))[1], 'already-replaced')
        now, = [case for case in json.loads(self.run_desk('--json', 'list').stdout) if case['intake'] == intake]
        self.assertEqual(now['replaced_by'], first)

    def test_only_what_was_refused(self):
        _, number = self.deliver(number=None)
        before = self.last()
        self.assertRefused(2, '--officer', 'B0002', 'return', number, reason=None)  # no reason
        self.assertRefused(2, '--officer', 'B0002', '--reason', 'because', 'return', number)  # none that people can read
        run = self.give_back(number)
        self.assertEqual(run.returncode, 4, run.stderr)  # the line is open: nobody has refused it
        self.assertIn('--refuse', run.stderr)
        refused, number = self.refused()
        for officer in ('S0001', 'S0101'):  # the clerk, and who approved
            self.assertEqual(self.give_back(number, officer=officer).returncode, 2)
        self.assertEqual(self.audit(refused)[-1][:3], ('return', 'refused', 'S0101'))
        _, waiting = self.deliver(approve=False, number=None)
        self.assertEqual(self.give_back(waiting, '--pending').returncode, 6)
        unset = self.config()
        with open(unset, encoding='utf-8') as f:
            text = f.read().replace('[notice]', '[other]')
        with open(unset, 'w', encoding='utf-8') as f:
            f.write(text)
        self.assertEqual(self.give_back(number, config=unset).returncode, 3)
        self.assertEqual(self.last(), before)

    def test_nothing_goes_out_meanwhile(self):
        intake, number = self.refused()
        _, good = self.deliver(number=new_number())
        self.assertEqual(self.give_back(number).returncode, 0)
        folder = ward.at('run', 'exported')
        run = self.run_desk('--officer', 'B0001', 'export', folder)
        self.assertIn(run.returncode, (10, 11), run.stderr)
        self.assertIn(good + '.json', os.listdir(folder))
        self.assertNotIn(number + '.json', os.listdir(folder))

    def test_numbers_and_terminals(self):
        """Each names the one before it; another terminal has none, and an unregistered one is not served."""
        for _ in range(2):
            self.assertEqual(self.give_back(self.refused()[1]).returncode, 0)
        number, digests = self.last(), {}
        for n in (number - 1, number):
            status, _, body = self.fetch(n)
            self.assertEqual(status, 200)
            digests[n] = (wire.hashlib.sha256(body).hexdigest(), ward.open_receipt(body, 'notice')['previous'])
        self.assertEqual(digests[number][1], digests[number - 1][0])
        self.assertIn(self.fetch(number, name='terminal-unregistered')[0], (403,))
        for path in ('0', '01', '-1', '1x', '1/', '', '1000000000', '%31'):
            self.assertEqual(self.fetch(path)[0], 404, path)
        self.assertEqual(ward.request('PUT', '/v1/notices/1', b'x', {'Content-Length': '1'})[0], 405)
        with self.ledger() as db:
            for statement in ("UPDATE ledger_notices SET reason = 'x'", 'DELETE FROM ledger_notices',
                              'UPDATE ledger_notices SET fetched = NULL'):
                with self.assertRaises(place.Refused, msg=statement):
                    db.execute(statement)


if __name__ == '__main__':
    unittest.main()
