#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""The confirmation list: what the number, the card and the held data say otherwise is listed, printed without a value in clear,
confirmed by a second person, and not exported before. Run inside tests/isolated."""

import datetime
import json
import os
import shutil
import sys
import tempfile
import unittest

import jsonschema

sys.dont_write_bytecode = True

from opening import ADDRESS, HEAD, Listing, evidence, given, new_number, ward, wire  # noqa: E402


with open(os.path.join(os.environ['MADOGUCHI_SOURCE'], 'data', 'protocol', 'export-2.schema.json'), encoding='utf-8') as schema:
    EXPORT = jsonschema.Draft202012Validator(json.load(schema))


class Confirmation(Listing):
    # --- The number ---

    def test_number_changed(self):
        """R-MATCH-02: the same addressee, another number: listed, and nothing is linked before a second person said so."""
        _, first = self.take_in('変更 一子', '1981-01-01', atena='1000001')
        self.assertEqual(self.rules(first), [])
        intake, number = self.take_in('変更 一子', '1981-01-01', atena='1000001')
        self.assertEqual(self.rules(number), [('number-changed', 'p.mynum', 'open')])
        line, = self.lines(number)
        self.assertEqual(line['other'], first)
        out, run = self.exported(number)
        self.assertFalse(out)
        self.assertIn(run.returncode, (10, 11), run.stderr)
        self.assertIn(f'confirm {number}', run.stderr)
        for secret in [*given, '変更']:
            self.assertNotIn(secret, run.stderr + run.stdout)
        for officer in ('S0001', 's0001', 'S0101'):  # the clerk, and who approved
            self.assertEqual(self.confirm(number, officer=officer).returncode, 2)
        self.assertEqual(self.audit(intake)[-1][:3], ('confirm', 'refused', 'S0101'))
        self.assertEqual(self.run_desk('--officer', 'B0002', 'confirm', number, line['mark'], reason=None).returncode, 2)  # no reason
        self.assertEqual(self.run_desk('--reason', 'C01', 'confirm', number, 'ffffffff').returncode, 4)
        self.assertFalse(self.exported(number)[0])
        run = self.confirm(number)
        self.assertEqual(run.returncode, 0, run.stderr)
        self.assertEqual(self.rules(number, status=0), [('number-changed', 'p.mynum', 'confirmed')])
        self.assertIn(('confirm', 'done', 'B0002', 'C01', 'rule=number-changed field=p.mynum state=confirmed'),
                      self.audit(intake))
        self.assertEqual(self.confirm(number).returncode, 0)  # nothing is left to be said
        self.assertEqual(self.run_desk('--reason', 'C01', 'confirm', number, line['mark']).returncode, 4)
        self.assertTrue(self.exported(number)[0])

    def test_who_decided_before(self):
        """Whoever rejected what another then restored and approved took part in it, too."""
        intake = wire.new_intake()
        container = ward.intake(intake, evidence={**evidence(intake), 'card': None}, number=None,
                                values={'p.name': '再開 五子', 'p.birth': '1981-01-05'})
        self.assertEqual(ward.put_intake(intake, container)[0], 201)
        number, good, before = wire.receipt_number(ward.count), ward.current_policy(), []
        self.addCleanup(ward.install_policy, good)
        version, hashed = ward.install_policy(ward.without('S0002', roles=['clerk', 'supervisor', 'checker']))
        for n, kind, officer in ((2, 'reject', 'S0101'), (3, 'restore', 'S0002'), (4, 'approve', 'S0002')):
            body = ward.decision(container, *before, kind=kind, officer=officer, policy=version, policy_digest=hashed)
            answer = ward.put_decision(intake, n, body)
            self.assertEqual(answer[0], 201, answer[2])
            before.append(body)
        self.assertEqual(self.rules(number)[0][2], 'open')
        for officer in ('S0101', 'S0002', 'S0001'):
            self.assertEqual(self.confirm(number, officer=officer).returncode, 2, officer)
        self.assertEqual(self.confirm(number).returncode, 0)

    def test_bound_elsewhere_and_refused(self):
        """A number that was another person's; who does not let it stand stops it for ever, and it counts no more."""
        number = new_number()
        _, first = self.take_in('持主 一子', '1982-01-01', number=number)
        self.assertEqual(self.rules(first), [])
        _, other = self.take_in('別人 二郎', '1982-02-02', number=number)
        self.assertIn(('number-bound-elsewhere', 'p.mynum', 'open'), self.rules(other))
        self.assertEqual(self.confirm(other, '--refuse').returncode, 0)
        self.assertFalse(self.exported(other)[0])
        self.assertIn('in writing', self.exported(other)[1].stderr)
        _, variant = self.take_in('持主　一子', '昭和57年1月1日', number=number)  # the first one again, written otherwise
        self.assertEqual(self.rules(variant), [])

    def test_not_approved(self):
        """What may still be returned links no number, and nobody confirms anything of it."""
        _, number = self.take_in('未決 三郎', '1983-03-04', number=None, approve=False)
        _, bound = self.take_in('未決 四郎', '1983-03-05', approve=False)
        listed = {line['number']: line for line in self.lines('--pending')}
        self.assertIn(number, listed)
        run = self.run_desk('--pending', '--officer', 'B0002', '--reason', 'C01', 'confirm', number, listed[number]['mark'])
        self.assertEqual(run.returncode, 6, run.stderr)
        with self.ledger() as db:
            waiting, = db.execute('SELECT count (*) FROM ledger_bindings JOIN ledger_items USING (intake)'
                                  ' WHERE receipt_number = ?', (bound,)).fetchone()
        self.assertEqual(waiting, 0)

    def test_number_blank(self):
        """R-MATCH-03."""
        _, number = self.take_in('空白 三子', '1983-03-03', number=None)
        self.assertEqual(self.rules(number), [('number-blank', 'p.mynum', 'open')])
        self.assertFalse(self.exported(number)[0])
        self.assertEqual(self.confirm(number).returncode, 0)
        self.assertTrue(self.exported(number)[0])

    def test_number_not_asked_for(self):
        """A form that does not ask for the number, or whose application says why there is none, misses nothing; the form is the
        version that the application names."""
        def blank(config=None, **values):
            _, number = self.take_in('任意 三子', '1983-03-06', number=None, **values)
            return 'number-blank' in [line[0] for line in self.rules(number, config=config)]

        def form(name, **changes):
            with open(os.path.join(procedures, name), 'w', encoding='utf-8') as f:
                json.dump({**changes.pop('base'), **changes}, f, ensure_ascii=False)

        self.assertFalse(blank(e_num_missing='not-shown'))
        self.assertTrue(blank(e_num_missing='no-authority'))  # nobody with permission has asked yet
        self.assertTrue(blank(e_num_missing='because'))  # no value of this form: nobody can say
        with tempfile.TemporaryDirectory() as folder:
            forms = shutil.copytree(os.path.join(os.environ['MADOGUCHI_SOURCE'], 'data', 'forms'), os.path.join(folder, 'forms'))
            procedures = os.path.join(forms, 'procedures')
            config = self.config(forms_dir=forms)
            with open(os.path.join(procedures, 'pension.exemption.json'), encoding='utf-8') as f:
                text = f.read()
            asks = json.loads(text)
            optional = json.loads(text.replace('{"use": "person"}', '{"use": "person", "change": {"p.mynum": {"required": null}}}'))
            self.assertNotEqual(optional, asks)
            first, later = ({'from': asks['effective']['from'], 'to': '2099-12-31'}, {'from': '2100-01-01'})
            form('pension.exemption.json', base=optional, effective=first)
            form('pension.exemption@2.json', base=asks, version=2, effective=later)
            self.assertFalse(blank(config=config))
            form('pension.exemption.json', base=asks, effective=first)
            form('pension.exemption@2.json', base=optional, version=2, effective=later)
            self.assertTrue(blank(config=config))
            os.remove(os.path.join(procedures, 'pension.exemption@2.json'))
            os.remove(os.path.join(procedures, 'pension.exemption.json'))
            _, number = self.take_in('任意 三子', '1983-03-06', number=None)
            self.assertIn('pension.exemption', self.assertRefused(3, 'open', number, config=config).stderr)  # the form is not here

    def test_export_carries_the_list(self):
        """data/protocol/export-2.schema.json is what goes out, and no more: with each line as it was settled."""
        with open(os.path.join(os.environ['MADOGUCHI_SOURCE'], 'data', 'protocol', 'export-2.schema.json'),
                  encoding='utf-8') as f:
            schema = jsonschema.Draft202012Validator(json.load(f))
        card = {'name': '輸出 五子', 'address': ADDRESS, 'birth': '19850505', 'sex': '2'}
        values = {'p_addr': '架空県あおぞら区開封二丁目9番', 'p_sex': 'female'}
        _, number = self.take_in('輸出 五子', '1985-05-05', card=card, number=None, **values)
        _, plain = self.take_in('輸出 六子', '1985-05-06')
        self.assertEqual(self.confirm(number).returncode, 0)
        with tempfile.TemporaryDirectory() as folder:
            self.run_desk('--officer', 'B0001', 'export', folder)
            cases = {}
            for name in (number, plain):
                with open(os.path.join(folder, name + '.json'), encoding='utf-8') as f:
                    cases[name] = json.load(f)
        for case in cases.values():
            schema.validate(case)
            self.assertFalse(schema.is_valid({**case, 'more': 1}))
        self.assertEqual(cases[plain]['confirmation'], [])
        lines = {line['rule']: line for line in cases[number]['confirmation']}
        self.assertEqual(set(lines), {'item-differs', 'number-blank'})
        self.assertEqual({(line['state'], line['officer'], line['reason']) for line in lines.values()},
                         {('confirmed', 'B0002', 'C01')})
        differs = lines['item-differs']
        self.assertEqual((differs['field'], differs['application'], differs['against'], differs['reasons']),
                         ('p.addr', values['p_addr'], ADDRESS, 'numbers'))
        shown = self.run_desk('--json', 'open', number)
        schema.validate(json.loads(shown.stdout))
        self.assertIsNone(json.loads(shown.stdout)['confirmation'])  # to look at one makes no list

    def test_nothing_tells_a_number(self):
        self.take_in('秘密 四子', '1984-04-04', atena='1000004')
        self.run_desk('confirm')
        with self.ledger() as db:
            rows = db.execute('SELECT * FROM ledger_bindings').fetchall()
            self.assertTrue(rows)
            for table in ('ledger_bindings', 'ledger_confirmations', 'audit'):
                told = repr(db.execute(f'SELECT * FROM {table}').fetchall())
                for secret in [*given] + ['1000004', '秘密']:
                    self.assertNotIn(secret, told)
        with open(ward.at('run', 'other.key'), 'w', encoding='ascii') as f:
            f.write('ab' * 32 + '\n')
        os.chmod(f.name, 0o600)
        other = self.key_config(f.name)
        _, number = self.take_in('秘密 四子', '1984-04-04', atena='1000004')
        self.assertRefused(3, 'confirm', number, config=other)

    def test_the_key(self):
        self.assertRefused(3, 'export', ward.at('run'), config=self.key_config(None))
        for text, mode in (('12', 0o600), ('g' * 64, 0o600), ('ab' * 32, 0o644)):
            with open(ward.at('run', 'bad.key'), 'w', encoding='ascii') as f:
                f.write(text)
            os.chmod(f.name, mode)
            self.assertIn('openssl rand', self.assertRefused(3, 'confirm', config=self.key_config(f.name)).stderr)

    # --- Card and held data ---

    def test_card_and_counter(self):
        """What the officer ticked and signed at the counter is confirmed; what nobody ticked is not."""
        card = {'name': '札 五子', 'address': ADDRESS, 'birth': '19850505', 'sex': '2'}
        values = {'p_addr': '架空県あおぞら区開封二丁目9番', 'p_sex': 'female'}
        _, number = self.take_in('札 五子', '1985-05-05', card=card, **values)
        line, = self.lines(number)
        self.assertEqual((line['rule'], line['field'], line['state'], line['reasons']),
                         ('item-differs', 'p.addr', 'open', 'numbers'))
        self.assertEqual((line['application'], line['against']), (values['p_addr'], ADDRESS))
        _, ticked = self.take_in('札 五子', '1985-05-05', card=card, differences=1, **values)
        line, = self.lines(ticked, status=0)
        self.assertEqual((line['state'], line['officer']), ('confirmed', 'S0101'))
        _, wrong = self.take_in('札 五子', '1985-05-05', card=card, differences=2, **values)
        self.assertEqual([line['state'] for line in self.lines(wrong)], ['open'])

    def test_held_data(self):
        """R-MATCH-01, 05, 12: each item; found by addressee number, insured number, and name with birth date."""
        row = '2000001\t1234-567890\t台帳 六子\tダイチョウ ロクコ\t昭和61年6月6日\tfemale\t' + ADDRESS
        config = self.held('\ufeff' + HEAD, row, '2000002\t\t台帳 六郎\t\t1986-06-07\t\t')
        good = {'p_kana': 'ダイチョウ　ロクコ', 'p_sex': 'female', 'p_addr': '架空県あおぞら区開封1-9'}
        _, same = self.take_in('台帳　六子', '1986-06-06', **good)
        self.assertEqual(self.rules(same, config=config), [])
        wrong = {'p_kana': 'ダイチョウ ムツコ', 'p_sex': 'male', 'p_addr': ADDRESS + '1'}
        _, number = self.take_in('台帳 睦子', '1986-06-05', atena='2000001', number=None, n_bpn='1234567891', **wrong)
        self.assertEqual({line[1] for line in self.rules(number, config=config) if line[0] == 'item-differs'},
                         {'p.name', 'p.kana', 'p.birth', 'p.sex', 'p.addr', 'n.bpn'})
        self.assertFalse(self.exported(number, config=config)[0])
        _, insured = self.take_in('台帳 睦子', '1986-06-06', number=None, n_bpn='1234567890')
        self.assertIn(('item-differs', 'p.name', 'open'), self.rules(insured, config=config))
        _, nobody = self.take_in('台帳 無子', '1986-06-06', number=None)
        self.assertIn(('not-held', None, 'open'), self.rules(nobody, config=config))
        self.assertNotIn(('not-held', None, 'open'), self.rules(nobody))  # without held data nobody is missed

    def test_held_data_that_are_broken(self):
        good = '2000001\t\t台帳 六子\t\t1986-06-06\t\t'
        for number, rows in ((1, ['']), (1, ['addressee\tname']), (1, [HEAD + '\tmynum']), (1, [HEAD + '\tname']),
                             (2, [HEAD, 'x\t\t台帳 六子\t\t1986-06-06\t\t']), (3, [HEAD, good, good]),
                             (3, [HEAD, good, '2000002\t\t台帳']), (2, [HEAD, good + '\t']),
                             (2, [HEAD, '2000001\t\t\t\t1986-06-06\t\t']), (2, [HEAD, '2000001\t\t台帳 六子\t\t1986-13-06\t\t']),
                             (2, [HEAD, '2000001\t\t台帳 六子\t\t1986-06-06\tboth\t'])):
            run = self.assertRefused(3, 'list', config=self.held(*rows))
            self.assertIn(f'line {number}:', run.stderr)
            self.assertNotIn('六子', run.stderr)
        with open(ward.at('run', 'held.tsv'), 'wb') as f:
            f.write(HEAD.encode() + b'\n\x83\x5c\n')
        self.assertIn('UTF-8', self.assertRefused(3, 'list', config=ward.at('run', 'changed.ini')).stderr)

    # --- What the business system knows the person by ---

    def export(self, number, config):
        with tempfile.TemporaryDirectory() as folder:
            run = self.run_desk('--officer', 'B0001', 'export', folder, config=config)
            with open(os.path.join(folder, number + '.json'), encoding='utf-8') as f:
                text = f.read()
        self.assertEqual(list(EXPORT.iter_errors(json.loads(text))), [], run.stderr)
        return json.loads(text)

    def test_addressee(self):
        """R-FORM-43: each export bears the addressee number, household and relationship; none only of whom a second person has
        confirmed not to be held; and never those of somebody else whose number was typed."""
        config = self.held('addressee\tname\tbirth\thousehold\trelationship', '3000001\t宛名 一子\t1987-08-01\t700001\t世帯主',
                           '3000002\t宛名 二郎\t1987-08-02\t700001\t子', '3000003\t宛名 三郎\t1987-08-03\t\t')

        def addressee(number):
            self.assertIn(self.confirm(number, config=config).returncode, (0, 4))
            told = self.export(number, config)['addressee']
            self.assertEqual(told.pop('withheld'), [])
            return told

        _, found = self.take_in('宛名　一子', '昭和62年8月1日')
        self.assertEqual(addressee(found), {'number': '3000001', 'from': 'held', 'household': '700001', 'relationship': '世帯主'})
        _, named = self.take_in('宛名 二郎', '1987-08-02', atena='3000002')
        self.assertEqual(addressee(named), {'number': '3000002', 'from': 'application', 'household': '700001', 'relationship': '子'})
        _, alone = self.take_in('宛名 三郎', '1987-08-03')
        self.assertEqual(addressee(alone), {'number': '3000003', 'from': 'held', 'household': None, 'relationship': None})
        _, other = self.take_in('宛名 四子', '1987-08-04', atena='3000003')
        self.assertFalse(self.exported(other, config=config)[0])
        self.assertEqual(addressee(other), {'number': '3000003', 'from': 'application', 'household': None, 'relationship': None})
        _, nobody = self.take_in('宛名 五子', '1987-08-05')
        self.assertEqual(self.rules(nobody, config=config), [('not-held', None, 'open')])
        self.assertFalse(self.exported(nobody, config=config)[0])
        self.assertEqual(addressee(nobody), {'number': None, 'from': None, 'household': None, 'relationship': None})
        said = self.run_desk('open', found, config=config).stdout
        for word in ('3000001', '700001', '世帯主'):
            self.assertIn(word, said)
        self.assertNotIn('700001', self.run_desk('open', other, config=config).stdout)

    def test_renovation_balance(self):
        """R-FORM-28: what is left of the limit is held by the office alone; a claim that the counter could not judge by it, and that is
        beyond it, waits for a second person, who sees both."""
        config = self.held('addressee\tname\tbirth\trenovation_balance', '3000011\t改修 一子\t1945-08-01\t80000',
                           '3000012\t改修 二郎\t1945-08-02\t0')

        def claim(name, birth, cost):
            intake = wire.new_intake()
            container = ward.intake(intake, evidence=evidence(intake, procedure='care.renovation'), number=new_number(),
                                    values={'p.name': name, 'p.birth': birth, 'k.rn_stage': 'before', 'k.rn_cost': cost},
                                    procedure='care.renovation')
            self.assertEqual(ward.put_intake(intake, container)[0], 201)
            self.assertEqual(ward.put_decision(intake, 2, ward.decision(container))[0], 201)
            return wire.receipt_number(ward.count)

        within = claim('改修 一子', '1945-08-01', 80000)
        self.assertEqual(self.rules(within, config=config), [])
        self.assertIn('80000', self.run_desk('open', within, config=config).stdout)
        beyond = claim('改修 一子', '1945-08-01', 80001)
        line, = [line for line in self.lines(beyond, config=config) if line['rule'] == 'item-differs']
        self.assertEqual((line['field'], line['state']), ('k.rn_cost', 'open'))
        self.assertEqual((line['application'], line['against']), ('80001', '80000'))
        out, run = self.exported(beyond, config=config)
        self.assertFalse(out)
        self.assertNotIn('80000', run.stdout + run.stderr)
        self.assertNotIn('k.rn_cost', [line[1] for line in self.rules(beyond)])  # without held data nobody knows
        self.assertEqual(self.rules(claim('改修 二郎', '1945-08-02', 1), config=config), [('item-differs', 'k.rn_cost', 'open')])
        self.assertEqual(self.confirm(beyond, '--refuse', config=config).returncode, 0)
        self.assertFalse(self.exported(beyond, config=config)[0])
        self.assertRefused(3, 'list', config=self.held('addressee\tname\tbirth\trenovation_balance',
                                                       '3000011\t改修 一子\t1945-08-01\t80,000'))

    # --- The list of a day, of a branch, on paper ---

    def test_page(self):
        name = '<b>紙面 七子 & "七"</b>'
        _, number = self.take_in(name, '1987-07-07', number=None,
                                  card={'name': '紙面 八子', 'address': ADDRESS, 'birth': '19870707', 'sex': '2'})
        _, waiting = self.take_in('紙面 未承認', '1987-07-08', number=None, approve=False)
        page = ward.at('run', 'page.html')
        before = set(os.listdir(ward.at('run')))
        listed = {line['number'] for line in self.lines('--print', page)}
        self.assertIn(number, listed)
        self.assertNotIn(waiting, listed)
        self.assertEqual(set(os.listdir(ward.at('run'))) - before, {'page.html'})
        self.assertEqual(os.stat(page).st_mode & 0o777, 0o600)
        with open(page, encoding='utf-8') as f:
            text = f.read()
        self.assertIn(number, text)
        for secret in [*given] + ['紙面', '七子', '<b>', '1987']:
            self.assertNotIn(secret, text)
        self.assertNoNumberOn(text)
        for narrowed in (['--day', '2001-01-01'], ['--branch', 'T002,T003']):
            self.assertEqual(self.lines(*narrowed, '--print', page, status=0), [])
            with open(page, encoding='utf-8') as f:
                self.assertNotIn('<table', f.read())
        today = datetime.datetime.now(datetime.timezone(datetime.timedelta(hours=9))).date().isoformat()
        self.assertIn(number, {line['number'] for line in self.lines('--day', today, '--branch', 'T001')})
        self.assertRefused(2, '--day', 'yesterday', 'confirm')
        self.assertRefused(1, '--print', '/nonexistent/page.html', 'confirm')


if __name__ == '__main__':
    unittest.main()
