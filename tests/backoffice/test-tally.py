#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""How often each choice was made: the figures are right, and tell of nobody. And what leaves the desk at all: the items of a form
that is registered, and no other. Run inside tests/isolated."""

import collections
import csv
import json
import os
import re
import shutil
import stat
import sys
import tempfile
import unittest

sys.dont_write_bytecode = True

from opening import NAME, NUMBER, Desk, evidence, new_number, ward, wire  # noqa: E402

PROCEDURE = 'lem.acquisition'
COLUMNS = ['procedure', 'version', 'field', 'label', 'choice', 'choice_label', 'count']


def form(procedure):
    with open(os.path.join(os.environ['MADOGUCHI_SOURCE'], 'data', 'forms', 'procedures', procedure + '.json'),
              encoding='utf-8') as file:
        return json.load(file)


class Tallies(Desk):
    def desk(self, least, forms=None):
        """Settings in which fewer than so many are not told apart."""
        with open(ward.at('backoffice', 'backoffice.ini'), encoding='utf-8') as file:
            text = file.read()
        if forms is not None:
            text = re.sub('(?m)^forms_dir=.*$', 'forms_dir=' + forms, text)
            self.assertIn(forms, text)
        path = ward.at('run', f'least-{least}.ini')
        with open(path, 'w', encoding='utf-8') as file:
            file.write(text + f'\n[statistics]\nleast={least}\n')
        return path

    def take(self, event, sex, approve=True, procedure=PROCEDURE, field='l.acq_event', version='1', **more):
        intake = wire.new_intake()
        values = {'p.name': f'{NAME}{len(self.told)}', 'p.sex': sex, field: event}
        values.update({name.replace('__', '.'): value for name, value in more.items()})
        container = ward.intake(intake, evidence=evidence(intake, procedure=procedure), values=values, number=new_number(),
                                procedure=procedure, procedure_version=version)
        self.assertEqual(ward.put_intake(intake, container)[0], 201)
        if approve:
            self.assertEqual(ward.put_decision(intake, 2, ward.decision(container))[0], 201)
            self.told.append((intake, values))

    def read(self, path):
        with open(path, encoding='utf-8') as file:
            rows = list(csv.reader(file))
        self.assertEqual(rows[0], COLUMNS)
        self.versions = {int(row[1]) for row in rows[1:]}
        return {(row[2], row[4]): row[6] for row in rows[1:]}

    def tally(self, procedure, config):
        path = ward.at('run', 'told.csv')
        run = self.run_desk('--reason', 'T01', 'tally', procedure, path, config=config)
        self.assertEqual(run.returncode, 0, run.stderr)
        self.stderr = run.stderr
        return self.read(path)

    def test_tally(self):
        self.told = []
        for event, sex in 5 * [('moved-in', 'female')] + 3 * [('moved-in', 'male')] + 4 * [('age-75', 'female')] + 1 * [('age-75', 'male')]:
            self.take(event, sex)
        self.take('disability', 'male', approve=False)  # nobody has approved it
        path = ward.at('run', 'tally.csv')
        config = self.desk(3)

        # Nothing is told without a reason, and nothing of what few did.
        self.assertRefused(2, 'tally', PROCEDURE, path, config=config, reason=None)
        self.assertRefused(12, '--reason', 'T01', 'tally', PROCEDURE, path, config=self.desk(14))
        self.assertFalse(os.path.exists(path))

        run = self.run_desk('--officer', 'B0001', '--reason', 'T01', 'tally', PROCEDURE, path, config=config)
        self.assertEqual(run.returncode, 0, run.stderr)
        self.assertEqual(stat.S_IMODE(os.stat(path).st_mode), 0o600)
        counts = self.read(path)
        for field in ('l.acq_event', 'p.sex'):
            expected = collections.Counter(values[field] for _, values in self.told)
            told = {choice: n for (name, choice), n in counts.items() if name == field}
            self.assertEqual({choice: int(n) for choice, n in told.items() if n not in ('0', 'few')}, expected)
            self.assertLessEqual(set(expected), set(told))

        # Every opening is in the log, and the file has no column and no value of a person.
        for intake, _ in self.told:
            self.assertEqual(self.audit(intake)[-1][:4], ('tally', 'done', 'B0001', 'T01'))
        with open(path, encoding='utf-8') as file:
            text = file.read()
        for intake, values in self.told:
            for needle in (values['p.name'], intake, NUMBER):
                self.assertNotIn(needle, text)
        self.assertFalse([field for field, _ in counts if field in ('p.name', 'p.addr', 'p.birth', 'p.tel', 'p.mynum')])

    def test_few_are_not_told_apart(self):
        """Two of one kind would be known; so would they with the sum of all, if the next smallest were told, and of nobody's choice
        it is not told either that it is nobody's."""
        self.told = []
        for event, n in (('moved-out', 5), ('died', 3), ('assistance', 2)):
            for _ in range(n):
                self.take(event, 'female', procedure='lem.loss', field='l.loss_event')
        counts = self.tally('lem.loss', self.desk(3))
        told = {choice: n for (field, choice), n in counts.items() if field == 'l.loss_event'}
        self.assertEqual(told, {**{choice: 'few' for choice in told}, 'moved-out': '5'})
        self.assertEqual({n for (field, _), n in counts.items() if field == 'p.sex'}, {'10', '0'})  # nothing of it is small

    def test_rows(self):
        """A choice in rows counts once for each application, in however many rows it stands."""
        self.told = []
        households = 4 * [['male', 'female', 'male']] + 3 * [['female']] + 3 * [[]]
        for sexes in households:
            self.take('', 'female', procedure='care.qualification', field='p.addr',
                      h__members=[{'h.name': NAME, 'h.sex': sex} for sex in sexes])
        counts = self.tally('care.qualification', self.desk(3))
        self.assertEqual({sex: int(counts['h.sex', sex]) for sex in ('male', 'female')},
                         {sex: sum(sex in household for household in households) for sex in ('male', 'female')})
        # One more alone: the difference of the two tables would be this one's answers, so there is no second one yet; the same again there is.
        self.assertEqual(self.tally('care.qualification', self.desk(3)), counts)
        self.take('', 'female', procedure='care.qualification', field='p.addr', h__members=[{'h.name': NAME, 'h.sex': 'blank'}])
        path = ward.at('run', 'too-near.csv')
        for _ in range(2):
            run = self.assertRefused(12, '--reason', 'T01', 'tally', 'care.qualification', path, config=self.desk(3))
            self.assertIn('differs from a table that was told before', run.stderr)
            self.assertFalse(os.path.exists(path))
        # One alone of three: all choices of the column are withheld, since those of a single row share out the households.
        for _ in range(2):
            self.take('', 'female', procedure='care.qualification', field='p.addr')
        counts = self.tally('care.qualification', self.desk(3))
        self.assertEqual({n for (field, _), n in counts.items() if field == 'h.sex'}, {'few'})

    def test_each_version_for_itself(self):
        """Of a version that few applied with nothing is told, however many applied with another."""
        with tempfile.TemporaryDirectory() as folder:
            forms = shutil.copytree(os.path.join(os.environ['MADOGUCHI_SOURCE'], 'data', 'forms'), os.path.join(folder, 'forms'))
            first = form('lem.std_income')
            first['effective'] = {'from': first['effective']['from'], 'to': '2099-12-31'}
            second = {**first, 'version': 2, 'effective': {'from': '2100-01-01'}}
            for name, text in (('lem.std_income.json', first), ('lem.std_income@2.json', second)):
                with open(os.path.join(forms, 'procedures', name), 'w', encoding='utf-8') as file:
                    json.dump(text, file, ensure_ascii=False)
            self.told = []
            for sex, version, n in (('female', '1', 6), ('male', '2', 2)):
                for _ in range(n):
                    self.take('self', sex, procedure='lem.std_income', field='a.kind', version=version)
            counts = self.tally('lem.std_income', self.desk(3, forms))
            self.assertEqual(self.versions, {1})
            self.assertIn('version 2 of lem.std_income is left out', self.stderr)
            self.assertEqual((counts['p.sex', 'female'], counts['p.sex', 'male']), ('6', '0'))

    def test_what_follows_from_one_another(self):
        """A disability is asked of those alone who do not withdraw: both told, the difference of two could be one person."""
        self.told = []
        for withdraws, kind, n in ((True, None, 6), (False, 'physical', 4), (False, 'mental', 1)):
            for _ in range(n):
                self.take(withdraws, 'female', procedure='lem.disability', field='l.dis_withdraw', **({'l__dis_kind': kind} if kind else {}))
        counts = self.tally('lem.disability', self.desk(3))
        self.assertEqual((counts['l.dis_withdraw', 'true'], counts['l.dis_withdraw', 'false']), ('6', '5'))
        self.assertEqual({n for (field, _), n in counts.items() if field == 'l.dis_kind'}, {'few'})
        self.assertEqual({n for (field, _), n in counts.items() if field == 'l.dis_grade'}, {'few'})  # follows from them as well
        self.assertEqual({n for (field, _), n in counts.items() if field == 'p.sex'}, {'11', '0'})
        # It is a file of this desk as the export is: what its roles may not hand on is not counted for it either.
        good = ward.current_policy()
        try:
            ward.install_policy({**json.loads(json.dumps(good)), 'desk': ['clerk']})
            seen = {field for field, _ in self.tally('lem.disability', self.desk(3))}
        finally:
            ward.install_policy(good)
        self.assertIn('p.sex', seen)
        self.assertFalse({'l.dis_kind', 'l.dis_grade'} & seen, seen)

    def test_settings(self):
        for wrong in ('2', '0', '-1', 'many', '1001'):
            self.assertRefused(3, '--reason', 'T01', 'tally', PROCEDURE, ward.at('run', 'x.csv'), config=self.desk(wrong))


class Leaves(Desk):
    """What goes out of the desk is what the form has, of a form that is registered."""

    def deliver_values(self, values, procedure='pension.exemption'):
        intake = wire.new_intake()
        container = ward.intake(intake, evidence=evidence(intake, procedure=procedure), values=values, number=new_number(),
                                procedure=procedure)
        self.assertEqual(ward.put_intake(intake, container)[0], 201)
        self.assertEqual(ward.put_decision(intake, 2, ward.decision(container))[0], 201)
        return wire.receipt_number(ward.count)

    def exported(self, number, config=None):
        folder = ward.at('run', 'leaves')
        self.run_desk('export', folder, config=config)
        path = os.path.join(folder, number + '.json')
        if not os.path.exists(path):
            return None
        with open(path, encoding='utf-8') as file:
            return json.load(file)

    def test_only_items_of_the_form(self):
        """No organisation code (機関別符号), and nothing else that nobody at the counter could have entered."""
        good = self.deliver_values({'p.name': NAME, 'p.sex': 'female'})
        self.assertEqual(self.exported(good)['values'], {'p.name': NAME, 'p.sex': 'female'})
        for name in ('q.org_code', 'q.institution_sign', 'l.acq_event', 'p.mynum_copy', 'name'):
            with self.subTest(name):
                number = self.deliver_values({'p.name': NAME, name: 'A1B2C3'})
                self.assertIn('an item that its form does not have', self.assertRefused(5, 'open', number).stderr)
                self.assertIsNone(self.exported(number))

    def test_only_columns_of_the_rows(self):
        number = self.deliver_values({'p.name': NAME, 'h.members': [{'h.name': NAME}]}, procedure='care.combined')
        self.assertEqual(self.run_desk('open', number).returncode, 0)
        for row in ({'h.name': NAME, 'h.org_code': '1'}, {'p.name': NAME}):
            number = self.deliver_values({'p.name': NAME, 'h.members': [row]}, procedure='care.combined')
            self.assertRefused(5, 'open', number)
        self.assertRefused(5, 'open', self.deliver_values({'p.name': NAME, 'h.name': NAME}, procedure='care.combined'))

    def test_only_registered_forms(self):
        """A version that nobody registered: refused, and named with what to do."""
        intake = wire.new_intake()
        container = ward.intake(intake, evidence=evidence(intake), values={'p.name': NAME}, procedure_version='7')
        self.assertEqual(ward.put_intake(intake, container)[0], 201)
        self.assertEqual(ward.put_decision(intake, 2, ward.decision(container))[0], 201)
        number = wire.receipt_number(ward.count)
        self.assertIn('forms_dir', self.assertRefused(3, 'open', number).stderr)
        self.assertIsNone(self.exported(number))
        self.assertIn(('open', 'refused'), [row[:2] for row in self.audit(number)])

    def test_forms_that_cannot_be_read(self):
        """One broken definition: nobody can say which items an application may hold. Nothing is shown or exported, and the words
        name the file and what to do; what needs no form goes on."""
        good = self.deliver_values({'p.name': NAME})
        bad = self.deliver_values({'p.name': NAME, 'n.nonsense': '1'})
        with tempfile.TemporaryDirectory() as folder:
            forms = shutil.copytree(os.path.join(os.environ['MADOGUCHI_SOURCE'], 'data', 'forms'), os.path.join(folder, 'forms'))
            broken = os.path.join(forms, 'procedures', 'care.service_plan.json')
            with open(broken, 'w', encoding='utf-8') as file:
                file.write('{')
            for config in (self.config(forms_dir=forms), self.config(forms_dir=os.path.join(folder, 'none'))):
                for number in (good, bad):
                    run = self.run_desk('open', number, config=config)
                    self.assertEqual((run.returncode, run.stdout), (3, ''), run.stderr)
                    self.assertIn('forms_dir', run.stderr)
                    self.assertIn('forms lint', run.stderr)
                    self.assertIsNone(self.exported(number, config))
                    self.assertIn(('open', 'refused'), [row[:2] for row in self.audit(number)])
                self.assertEqual(self.run_desk('list', config=config).returncode, 0)
            self.assertIn('care.service_plan.json', self.run_desk('open', good, config=self.config(forms_dir=forms)).stderr)
        self.assertEqual(self.run_desk('open', good).returncode, 0)

    def test_no_dictionary_of_signs(self):
        """Nor does any form ask for a sign by which institutions know a person."""
        with open(os.path.join(os.environ['MADOGUCHI_SOURCE'], 'data', 'forms', 'fields.json'), encoding='utf-8') as file:
            fields = json.load(file)['fields']
        self.assertFalse([id for id, field in fields.items() if '符号' in field['ja'] and '記号' not in field['ja']])


if __name__ == '__main__':
    unittest.main(verbosity=2)
