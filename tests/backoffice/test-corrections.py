#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Corrections ex officio: what was sealed stays as it is, the correction stands beside it with who, why, before and after, and holds
once a second person has confirmed it. Run inside tests/isolated."""

import hashlib
import json
import os
import sys
import tempfile
import unittest

import jsonschema

sys.dont_write_bytecode = True

from opening import ADDRESS, Listing, evidence, new_number, ward, wire  # noqa: E402


def schema_of(name):
    with open(os.path.join(os.environ['MADOGUCHI_SOURCE'], 'data', 'protocol', name), encoding='utf-8') as f:
        return jsonschema.Draft202012Validator(json.load(f))


CORRECTION, EXPORT = schema_of('correction-1.schema.json'), schema_of('export-2.schema.json')
# What a counter takes in, but for what this desk cannot see.
WHOLE = {'p.name': '修正 一子', 'p.kana': 'シュウセイ イチコ', 'p.birth': '1981-01-01', 'p.sex': 'female', 'p.addr': ADDRESS,
         'p.tel': '0312345678', 'a.kind': 'self', 'n.bpn': '1234567890', 'p.hh_head': '修正 一子', 'p.relation': 'self',
         'n.ex_kind': 'full', 'n.ex_year': 2026, 'n.ex_from': '2026-07', 'n.ex_to': '2027-06', 'inc.declared': 'done'}


def wrong(field, value, why='窓口で聞き取った内容と異なる。'):
    return {'field': field, 'value': value, 'why': why}


class Corrections(Listing):
    def applicant(self, approve=True, procedure='pension.exemption', **changes):
        values = {**WHOLE, **{name.replace('_', '.', 1): value for name, value in changes.items()}}
        intake = wire.new_intake()
        container = ward.intake(intake, evidence=evidence(intake, procedure=procedure), values=values, number=new_number(),
                                procedure=procedure)
        self.assertEqual(ward.put_intake(intake, container)[0], 201)
        if approve:
            self.assertEqual(ward.put_decision(intake, 2, ward.decision(container))[0], 201)
        return intake, wire.receipt_number(ward.count)

    def correct(self, number, *corrections, officer='B0001', reason='K02', text=None, valid=True, config=None):
        whole = {'schema': 'madoguchi-correction/1', 'corrections': list(corrections)}
        if text is None:
            self.assertEqual(CORRECTION.is_valid(whole), valid)
            text = json.dumps(whole, ensure_ascii=False).encode()
        path = ward.at('run', 'corrections.json')
        with open(path, 'wb') as f:
            f.write(text)
        run = self.run_desk('--officer', officer, 'correct', number, path, config=config, reason=reason)
        for secret in ('修正', '架空', '窓口で', '電話'):
            self.assertNotIn(secret, run.stdout + run.stderr)
        return run

    def export(self, number):
        with tempfile.TemporaryDirectory() as folder:
            self.run_desk('--officer', 'B0001', 'export', folder)
            path = os.path.join(folder, number + '.json')
            if not os.path.exists(path):
                return None
            with open(path, encoding='utf-8') as f:
                case = json.load(f)
        EXPORT.validate(case)
        return case

    def opened(self, number):
        case = json.loads(self.run_desk('--json', 'open', number).stdout)
        EXPORT.validate(case)
        return case

    def history(self, intake):
        with self.ledger() as db:
            return db.execute('SELECT name, officer, reason FROM ledger_additions WHERE intake = ? ORDER BY number',
                              (intake,)).fetchall()

    def assertNotCorrected(self, intake, status, *corrections, **how):
        before = self.history(intake)
        run = self.correct(intake, *corrections, **how)
        self.assertEqual(run.returncode, status, run.stderr + run.stdout)
        self.assertEqual(self.history(intake), before)
        return run

    def test_corrected(self):
        """R-IDN-26, R-FORM-41: who, when, why, before and after; it waits for a second person, then holds; the values stay."""
        intake, number = self.applicant()
        with self.ledger() as db:
            sealed = db.execute('SELECT body FROM ledger_bodies JOIN ledger_items USING (sequence) WHERE intake = ?'
                                ' ORDER BY n', (intake,)).fetchall()
        run = self.correct(number, wrong('p.tel', '0398765432', '電話番号の聞き違い'))
        self.assertEqual(run.returncode, 0, run.stderr)
        self.assertEqual(self.history(intake), [('1', 'B0001', 'K02')])
        self.assertIn(('correct', 'done', 'B0001', 'K02', 'field=p.tel correction=1'), self.audit(intake))
        self.assertEqual(self.rules(number), [('correction', 'p.tel', 'open')])
        shown = self.run_desk('confirm', number).stdout
        for text in ('0312345678', '0398765432', '電話番号の聞き違い'):
            self.assertIn(text, shown)
        self.assertIsNone(self.export(number))
        self.assertEqual(self.confirm(number, officer='b0001').returncode, 2)  # who corrected it
        self.assertEqual(self.confirm(number, officer='S0001').returncode, 2)  # who took it in
        self.assertEqual(self.confirm(number).returncode, 0)
        case = self.export(number)
        self.assertEqual(case['values']['p.tel'], '0312345678')
        one, = case['corrections']
        self.assertEqual({name: one[name] for name in one if name not in ('time', 'confirmed_at')},
                         {'number': '1', 'field': 'p.tel', 'before': '0312345678', 'after': '0398765432', 'withheld': [], 'officer': 'B0001',
                          'reason': 'K02', 'why': None, 'state': 'confirmed', 'confirmed_by': 'B0002', 'confirmed_for': 'C01'})
        # R-FORM-40: what staff wrote for the second person is read at the desk, and in no file.
        for words in (('--json', 'open', number), ('--json', 'confirm', number)):
            self.assertNotIn('聞き違い', self.run_desk(*words).stdout)
        self.assertNotIn('聞き違い', json.dumps(case, ensure_ascii=False))
        with self.ledger() as db:
            self.assertEqual(db.execute('SELECT body FROM ledger_bodies JOIN ledger_items USING (sequence) WHERE intake = ?'
                                        ' ORDER BY n', (intake,)).fetchall(), sealed)
            told = repr(db.execute('SELECT * FROM ledger_additions').fetchall())
        for secret in ('0398765432', '0312345678', '聞き違い'):
            self.assertNotIn(secret, told)
        shown = self.run_desk('open', number).stdout
        for text in ('0398765432', '電話番号の聞き違い'):
            self.assertIn(text, shown)

    def test_again_and_back(self):
        """Each goes on from the one that holds; history never goes, and each has its own confirmation."""
        intake, number = self.applicant()
        for value in ('0398765432', '0312345678', '0398765432'):
            self.assertEqual(self.correct(number, wrong('p.tel', value)).returncode, 0)
            self.assertNotCorrected(intake, 12, wrong('p.tel', '0311112222'))  # one waits
            self.assertEqual([line['state'] for line in self.lines(number)][-1], 'open')
            self.assertEqual(self.confirm(number).returncode, 0)
        case = self.opened(number)
        self.assertEqual([(one['before'], one['after']) for one in case['corrections']],
                         [('0312345678', '0398765432'), ('0398765432', '0312345678'), ('0312345678', '0398765432')])
        self.assertNotCorrected(intake, 12, wrong('p.tel', '0398765432'))  # it stands there

    def test_refused_by_the_second_person(self):
        """Then it stays as it was, and the intake goes its way; another correction starts from there."""
        _, number = self.applicant()
        self.correct(number, wrong('p.addr', '架空県あおぞら区海辺1-1'))
        self.assertEqual(self.confirm(number, '--refuse').returncode, 0)
        case = self.export(number)
        self.assertEqual([(one['state'], one['confirmed_by']) for one in case['corrections']], [('refused', 'B0002')])
        self.assertEqual(self.run_desk('--officer', 'B0002', '--reason', 'wrong-entry', 'return', number).returncode, 4)
        self.correct(number, wrong('p.addr', '架空県あおぞら区海辺2-2'))
        self.assertEqual(self.confirm(number).returncode, 0)
        self.assertEqual(self.opened(number)['corrections'][1]['before'], ADDRESS)

    def test_compared_as_corrected(self):
        """What card and held data say is compared with what holds now: what was put right differs no more."""
        intake = wire.new_intake()
        card = {'name': '修正 一子', 'address': ADDRESS, 'birth': '19810101', 'sex': '2'}
        container = ward.intake(intake, evidence={**evidence(intake), 'card': card}, values={**WHOLE, 'p.birth': '1981-01-02'},
                                number=new_number())
        ward.put_intake(intake, container)
        ward.put_decision(intake, 2, ward.decision(container))
        number = wire.receipt_number(ward.count)
        self.assertEqual(self.rules(number), [('item-differs', 'p.birth', 'open')])
        self.correct(number, wrong('p.birth', '昭和56年1月1日'))
        self.assertEqual(set(self.rules(number)), {('item-differs', 'p.birth', 'open'), ('correction', 'p.birth', 'open')})
        mark, = (line['mark'] for line in self.lines(number) if line['rule'] == 'correction')
        self.assertEqual(self.run_desk('--officer', 'B0002', '--reason', 'C01', 'confirm', number, mark).returncode, 0)
        self.assertEqual(self.rules(number, status=0), [('correction', 'p.birth', 'confirmed')])
        self.assertEqual(self.opened(number)['corrections'][0]['after'], '1981-01-01')

    def test_kinds_of_values(self):
        """Numbers, yes and no, choices and nothing at all, each as its field has it."""
        _, number = self.applicant(p_katagaki='青空荘101', m_no_send=True)
        run = self.correct(number, wrong('n.ex_kind', 'half'), wrong('m.no_send', 'false'), wrong('p.katagaki', None),
                           wrong('p.zip', '100-0001'))
        self.assertEqual(run.returncode, 0, run.stderr)
        self.assertEqual(self.confirm(number).returncode, 0)
        self.assertEqual([(one['field'], one['before'], one['after']) for one in self.opened(number)['corrections']],
                         [('n.ex_kind', 'full', 'half'), ('m.no_send', 'true', 'false'), ('p.katagaki', '青空荘101', None),
                          ('p.zip', None, '1000001')])

    def test_what_is_refused(self):
        """Without a reason, of a field that is none, and whatever the form refuses; one bad one keeps the others out."""
        intake, _ = self.applicant()
        good = wrong('p.tel', '0398765432')
        self.assertNotCorrected(intake, 2, good, reason=None)
        for bad, says in ((wrong('p.nonsense', '1'), 'no such field'), (wrong('p.mynum', '123456789018'), 'individual number'),
                          (wrong('n.head_mynum', '123456789018'), 'individual number'),
                          (wrong('p.birth', '1981-13-01'), 'does not fit'), (wrong('n.bpn', '12'), 'does not fit'),
                          (wrong('n.ex_kind', 'most'), 'does not fit'), (wrong('n.ex_year', 'x'), 'does not fit'),
                          (wrong('m.no_send', 'maybe'), 'does not fit'), (wrong('n.ex_to', '2026-06'), 'lies before'),
                          (wrong('p.name', None), 'Fill this in'), (wrong('a.kind', 'agent'), 'Fill this in'),
                          (wrong('a.name', '他人 二郎'), 'does not ask'), (wrong('p.name', WHOLE['p.name']), 'already'),
                          (wrong('n.ex_special', 'unemployment'), 'Fill this in')):
            run = self.assertNotCorrected(intake, 12, good, bad)
            self.assertIn(bad['field'], run.stderr)
            self.assertTrue(says in run.stderr or 'Choose' in run.stderr, run.stderr)
            self.assertEqual(self.audit(intake)[-1][:3], ('correct', 'refused', 'B0001'))
        self.assertEqual(self.run_desk('--json', 'confirm', intake).returncode, 0)
        self.assertNotCorrected(self.applicant(approve=False)[0], 6, good)
        with tempfile.TemporaryDirectory() as empty:
            self.assertIn('forms_dir', self.assertNotCorrected(intake, 3, good, config=self.config(forms_dir=empty)).stderr)

    def test_declared(self):
        """What a person declared stays what it was; the rest of such an application can be put right."""
        intake, procedure = wire.new_intake(), 'care.burden_limit'
        with open(os.path.join(os.environ['MADOGUCHI_SOURCE'], 'data', 'forms', 'procedures', procedure + '.json'), encoding='utf-8') as f:
            text, = (field['declaration']['ja'] for section in json.load(f)['sections'] for field in section['fields']
                     if field.get('field') == 'k.lim_consent')
        application = {'schema': 'madoguchi-application/1', 'intake': intake, 'procedure': procedure, 'procedure_version': '1',
                       'values': {'p.name': '修正 二子', 'p.tel': '0312345678', 'k.lim_consent': True},
                       'declarations': [{'field': 'k.lim_consent', 'language': 'ja', 'text': text,
                                         'sha256': hashlib.sha256(text.encode()).hexdigest()}]}
        proof = evidence(intake, procedure=procedure)
        ward.count += 1
        container = ward.make('intake', intake=intake, receipt_number=wire.receipt_number(ward.count), wall=proof['challenge']['time'],
                              nonce=proof['challenge']['nonce'], procedure=procedure, application=ward.text('application', application),
                              evidence=ward.text('evidence', proof))
        self.assertEqual(ward.put_intake(intake, container)[0], 201)
        ward.put_decision(intake, 2, ward.decision(container))
        for value in ('false', None):
            self.assertIn('not corrected here', self.assertNotCorrected(intake, 12, wrong('k.lim_consent', value)).stderr)
        run = self.correct(intake, wrong('p.tel', '0398765432'))
        self.assertEqual(run.returncode, 0, run.stderr)

    def test_what_is_no_correction(self):
        """Parser and schema refuse the same."""
        intake, _ = self.applicant()
        good = wrong('p.tel', '0398765432')
        for changes in ({'field': ''}, {'field': 'p tel'}, {'field': 'x' * 65}, {'value': ''}, {'value': 'x' * 4097}, {'value': 'a\tb'},
                        {'value': 7}, {'why': None}, {'why': ''}, {'more': '1'}):
            run = self.assertNotCorrected(intake, 1, good, {**good, **changes}, valid=False)
            self.assertIn('Entry 2', run.stderr, changes)
        self.assertNotCorrected(intake, 1, {'field': 'p.tel', 'value': '0398765432'}, valid=False)  # no why
        for text in (b'', b'{}', b'\xff', json.dumps({'schema': 'madoguchi-correction/1', 'corrections': []}).encode(),
                     json.dumps({'schema': 'madoguchi-correction/1', 'corrections': [good] * 65}).encode(), b' ' * (1 << 20) + b' '):
            self.assertNotCorrected(intake, 1, text=text)

    def test_no_number_in_words(self):
        """R-PRIV-05: neither into a text of the application nor into what staff write to staff."""
        intake, number = self.applicant()
        for correction, status in ((wrong('p.addr', ADDRESS + ' 1234-5678-9018'), 12), (wrong('p.addr', ADDRESS + ' 一二三四五六七八九〇一八'), 12),
                                   (wrong('p.tel', '0398765432', '番号 123456789018 の方から'), 1)):
            run = self.assertNotCorrected(intake, status, correction)
            self.assertNotIn('9018', run.stderr)

    def test_as_the_policy_says(self):
        """What the table hides from the desk no line names; what it masks no program gets anything in the place of."""
        intake, number = self.applicant()
        run = self.correct(number, wrong('p.tel', '0398765432'), wrong('p.name', '修正 二子'), wrong('inc.declared', 'no-income'))
        self.assertEqual(run.returncode, 0, run.stderr)
        page, good = ward.at('run', 'hidden.html'), ward.current_policy()
        self.assertEqual({line['field'] for line in self.lines(number)}, {'p.tel', 'p.name', 'inc.declared'})
        try:
            # An auditor's eyes: of the person the basic data masked, nothing of how to reach them or what they earn.
            ward.install_policy({**json.loads(json.dumps(good)), 'desk': ['auditor']})
            lines = {line['other']: line for line in self.lines(number)}
            self.assertEqual({other: (line['field'], line['application'], line['against'], line['reasons'], line['withheld'])
                              for other, line in lines.items()},
                             {'1': (None, None, None, None, []), '2': ('p.name', None, None, '', ['application', 'against']),
                              '3': (None, None, None, None, [])})
            case = self.opened(number)
            one, = case['corrections']
            self.assertEqual((one['field'], one['before'], one['after'], one['withheld']), ('p.name', None, None, ['before', 'after']))
            self.assertIs(case['hidden'], True)
            self.assertNotIn('***', json.dumps(case))
            self.assertIn('An item that the policy does not let be named here', self.run_desk('confirm', number).stdout)
            for words in (('confirm', number), ('--json', 'confirm', number), ('confirm',), ('--json', 'confirm'), ('open', number),
                          ('--json', 'open', number), ('--print', page, 'confirm'), ('complete', number)):
                shown = self.run_desk('--officer', 'B0001', *words).stdout
                if '--print' in words:
                    with open(page, encoding='utf-8') as f:
                        shown += f.read()
                for text in ('p.tel', 'inc.declared', 'elephone', 'ncome', '0312345678', '0398765432', '修正', 'no-income'):
                    self.assertNotIn(text, shown, words)
            # The line has its mark all the same, and the intake waits for it.
            self.assertEqual(self.run_desk('--officer', 'B0002', 'confirm', number, lines['1']['mark']).returncode, 0)
            self.assertEqual(self.lines(number)[0]['state'], 'confirmed')
        finally:
            ward.install_policy(good)


if __name__ == '__main__':
    unittest.main()
