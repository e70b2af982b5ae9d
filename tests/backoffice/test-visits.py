#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Several applications of one visit at the opening desk: which belong together, what was explained and what was handed out.
Run inside tests/isolated."""

import json
import os
import sys
import tempfile
import unittest

import jsonschema

sys.dont_write_bytecode = True

from opening import NAME, Desk, evidence, now, ward, wire  # noqa: E402

with open(os.path.join(os.environ['MADOGUCHI_SOURCE'], 'data', 'protocol', 'export-2.schema.json'), encoding='utf-8') as f:
    SCHEMA = json.load(f)


def tick(about, told=True, given=False, **more):
    return {'about': about, 'title': 'as it was called', 'event': 'move-in', 'told': told, 'given': given, 'at': now(), **more}


class Visits(Desk):
    def take_in(self, visit):
        """One of a visit; None: of none. Returns its receipt number."""
        intake = wire.new_intake()
        proof = {**evidence(intake), **({'visit': visit} if visit is not None else {})}
        return self.deliver_as(intake, proof)[1]

    def opened(self, number):
        run = self.run_desk('--officer', 'B0001', '--json', 'open', number)
        self.assertEqual(run.returncode, 0, run.stderr)
        told = json.loads(run.stdout)
        jsonschema.validate(told['visit'], {**SCHEMA['properties']['visit'], '$defs': SCHEMA['$defs']})
        return told['visit']

    def test_which_belong_together(self):
        visit, other = wire.new_intake(), wire.new_intake()  # any UUIDv7
        numbers = [self.take_in({'id': visit, 'ticks': [tick('pension.exemption')]}), self.take_in({'id': visit, 'ticks': []}),
                   self.take_in({'id': other, 'ticks': []}), self.take_in(None)]
        found = [self.opened(number) for number in numbers]
        self.assertEqual([one and one['id'] for one in found], [visit, visit, other, None])
        for number, whose in zip(numbers, (visit, visit, other)):
            self.assertIn(whose, self.run_desk('--officer', 'B0001', 'open', number).stdout)
        self.assertNotIn('Visit', self.run_desk('--officer', 'B0001', 'open', numbers[3]).stdout)

    def test_what_was_explained_and_handed_out(self):
        ticks = [tick('pension.exemption'), tick('pension.payback', told=False, given=True), tick('care.nothing', given=True)]
        number = self.take_in({'id': wire.new_intake(), 'ticks': ticks})
        self.assertEqual(self.opened(number)['ticks'], ticks)
        said = self.run_desk('--officer', 'B0001', 'open', number).stdout
        self.assertIn(': Explained to the resident\n', said)
        self.assertIn(': Leaflet or form handed out\n', said)
        self.assertIn('as it was called', said)  # of what is not in the catalogue

    def test_the_business_system_gets_it(self):
        visit = wire.new_intake()
        numbers = {self.take_in({'id': visit, 'ticks': [tick('pension.exemption')]}) for _ in range(2)}
        with tempfile.TemporaryDirectory() as folder:
            self.assertEqual(self.run_desk('--officer', 'B0001', 'export', folder).returncode, 0)
            found = {}
            for name in os.listdir(folder):
                if name.removesuffix('.json') in numbers:
                    with open(os.path.join(folder, name), encoding='utf-8') as f:
                        found[name] = json.load(f)['visit']['id']
        self.assertEqual(list(found.values()), [visit, visit])

    def test_what_is_damaged(self):
        """What the terminal does not write is not shown as if it had."""
        visit = wire.new_intake()
        for wrong in ({'id': 'x', 'ticks': []}, {'ticks': []}, {'id': visit}, {'id': visit, 'ticks': [tick('')]},
                      {'id': visit, 'ticks': [tick('pension.exemption', told='yes')]}, {'id': visit, 'ticks': [], 'name': NAME},
                      {'id': visit, 'ticks': [tick('pension.exemption', by='S0001')]},
                      {'id': visit, 'ticks': [tick('pension.exemption')] * 65}):
            self.assertRefused(5, 'open', self.take_in(wrong))


if __name__ == '__main__':
    unittest.main()
