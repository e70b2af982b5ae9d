#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Intakes that were identified by the signature certificate: opened, verified and completed by its own line, today and
twenty years on; who signed has to be the applicant or an accepted filer, and the certificate that of a My Number card. And
what is filed by a registered letter of delegation. Run inside tests/isolated."""

import base64
import contextlib
import hashlib
import hmac
import json
import os
import shutil
import sys
import tempfile
import time
import unittest

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.join(os.path.dirname(os.path.realpath(__file__)), '..', 'world'))

import world  # noqa: E402
from opening import Desk, by_list, evidence, other_day, ward, wire  # noqa: E402

YEARS = 365 * 86400
TODAY = time.strftime('%Y-%m-%d', time.gmtime())


def person(name, prefix='p'):
    facts = ward.world.facts['people'][name]
    return {prefix + '.name': facts['name'], prefix + '.birth': facts['birth'], prefix + '.addr': facts['address']}


def shown(kind, authority=None, issued=''):
    """What the evidence says of whose card it is."""
    said = {'kind': kind, 'authority': authority, 'issued': issued}
    return lambda proof: {**proof, 'filer': said}


AGENT = shown('agent', 'delegation', TODAY)


def filer(name, kind, authority=None):
    return {**person(name, 'a'), 'a.kind': kind, **({'a.authority': authority} if authority else {})}


CODE = 'K7QD-2MXA-0HZ9-RTPB'
PRINCIPAL = {'p.name': '山口 一二', 'p.birth': '1980-02-17'}
DELEGATE = {'a.name': '木下 三四', 'a.birth': '1955-03-04'}
LETTER = {'g.delegate': DELEGATE['a.name'], 'g.delegate_birth': DELEGATE['a.birth'], 'g.proc1': 'pension.exemption',
          'g.date': TODAY, 'g.valid_to': '2099-12-31', 'g.code': CODE}


def stands_for(intake, side, name, birth, code=CODE):
    """md_delegation_bind(), made without a line of our C."""
    who = hashlib.sha256(f'madoguchi who v1\n{name.replace(" ", "")}\n{birth.replace("-", "")}\n'.encode()).hexdigest()
    parts = [part.encode() for part in ('madoguchi delegation v1', side, intake, who)]
    told = b''.join(len(part).to_bytes(4, 'big') + part for part in parts)
    return hmac.new(code.replace('-', '').encode(), told, hashlib.sha256).hexdigest()


class Letters(Desk):
    """R-IDN-08, R-IDN-10: what an officer accepted is what the letter says, and what is filed by it is of its people."""

    def letter(self, values=None, allows=None):
        """An accepted letter. Returns its intake and what the manifest of an intake says of it."""
        intake = wire.new_intake()
        proof = evidence(intake, procedure='common.delegation')
        container = ward.intake(intake, evidence=proof, values={**PRINCIPAL, **LETTER, **(values or {})}, number=None,
                                procedure='common.delegation')
        number = wire.receipt_number(ward.count)
        right = (LETTER['g.proc1'], LETTER['g.date'], LETTER['g.valid_to'],
                 stands_for(intake, 'principal', *PRINCIPAL.values()), stands_for(intake, 'delegate', *DELEGATE.values()))
        body = ward.decision(container, allows=' '.join({**dict(enumerate(right)), **(allows or {})}.values()))
        self.assertEqual(ward.put_intake(intake, container)[0], 201)
        self.assertEqual(ward.put_decision(intake, 2, body)[0], 201)
        digest = hashlib.sha256(base64.b64decode(json.loads(body)['decision'])).hexdigest()
        return intake, f'{intake} {number} {digest}'

    def filed(self, letter, **values):
        """An intake by the letter, or by none. Returns its number."""
        intake = wire.new_intake()
        said = {'a.deleg_id': letter.split()[1], 'a.deleg_code': CODE} if letter else {}
        container = ward.intake(intake, evidence=AGENT(evidence(intake)), **({'letter': letter} if letter else {}),
                                values={**PRINCIPAL, **DELEGATE, 'a.kind': 'agent', 'a.authority': 'delegation', **said, **values})
        number = wire.receipt_number(ward.count)
        answer = ward.put_intake(intake, container)
        self.assertEqual(answer[0], 201, answer[2])
        self.assertEqual(ward.put_decision(intake, 2, ward.decision(container))[0], 201)
        return number

    def test_of_these_people(self):
        intake, letter = self.letter()
        for number in (intake, self.filed(letter), self.filed(letter, **{'a.deleg_code': 'k7qd2mxaohz9rtpb', 'p.birth': 'S55.2.17'})):
            run = self.run_desk('--json', 'open', number)
            self.assertEqual(run.returncode, 0, run.stderr)
        run = self.run_desk('--json', 'verify', self.filed(letter))
        row, = [json.loads(line) for line in run.stdout.splitlines()]
        said = [check['detail'] for check in row['checks'] if check['check'] == 'delegation']
        self.assertEqual(len(said), 2, row)
        self.assertIn(letter.split()[1], said[0])
        self.assertIn(f'Letter of delegation: {said[0]}', self.run_desk('verify', row['intake']).stdout)

    def test_of_other_people(self):
        _, letter = self.letter()
        for wrong in ({'p.name': '山口 一三'}, {'p.birth': '1980-02-18'}, {'a.name': '木下 三五'}, {'a.birth': '1955-03-05'},
                      {'a.deleg_code': 'K7QD-2MXA-0HZ9-RTPC'}, {'a.deleg_code': ''}):
            with self.subTest(wrong=wrong):
                self.assertIn('is of other people', self.assertRefused(5, 'open', self.filed(letter, **wrong)).stderr)
        # The contents name a letter that the manifest does not.
        for number in (self.filed(letter, **{'a.deleg_id': '001-099999-5'}), self.filed(None, **{'a.deleg_id': letter.split()[1]})):
            self.assertIn('another letter of delegation than the manifest', self.assertRefused(5, 'open', number).stderr)

    def test_made_up_by_the_store(self):
        """What the gateway tells of a letter it does not sign: that an officer accepted just that, the desk finds out by itself."""
        intake, letter = self.letter()
        number = self.filed(letter)
        self.assertEqual(self.run_desk('open', number).returncode, 0)
        place = ('sequence = (SELECT sequence FROM ledger_items WHERE intake = ? AND n = 2)', (intake,))
        with self.ledger() as db:
            body, = db.execute(f'SELECT body FROM ledger_bodies WHERE {place[0]}', place[1]).fetchone()
        for part, old, new in (('decision', b'2099-12-31', b'2100-12-31'), ('decision', b'pension.exemption', b'pension.claims')):
            said = json.loads(body)
            text = base64.b64decode(said[part])
            self.assertIn(old, text)
            said[part] = base64.b64encode(text.replace(old, new)).decode()
            with self.ledger() as db:
                db.execute(f'UPDATE ledger_bodies SET body = ? WHERE {place[0]}', (json.dumps(said).encode(), *place[1]))
            self.assertRefused(5, 'open', number)
        with self.ledger() as db:
            db.execute(f'UPDATE ledger_bodies SET body = ? WHERE {place[0]}', (body, *place[1]))
        self.assertEqual(self.run_desk('open', number).returncode, 0)

    def test_accepted_otherwise_than_it_says(self):
        """An officer's window that made more of a letter than its principal said."""
        for values, allows in (({}, {0: 'pension.exemption,care.certification'}), ({}, {2: '2100-12-31'}),
                               ({}, {4: stands_for('0' * 36, 'delegate', *DELEGATE.values())}),
                               ({'g.delegate': '木下 三五'}, {}), ({'g.code': 'K7QD-2MXA-0HZ9-RTPC'}, {}), ({'g.code': ''}, {})):
            with self.subTest(values=values, allows=allows):
                run = self.assertRefused(5, 'open', self.letter(values, allows)[0])
                self.assertIn('accepted something else than the letter says', run.stderr)

    # --- Changed since ---

    CHANGE = {'g.delegate': DELEGATE['a.name'], 'g.delegate_birth': DELEGATE['a.birth'], 'a.kind': 'ex-officio', 'g.change': 'amend',
              'g.change_why': 'asked', 'g.proc1': 'lem.certificate', 'g.valid_to': '2098-12-31', 'm.msg': '手続きを<改めました>。',
              'p.addr': '東京都あおぞら区本町1-1', 'p.zip': '100-0001'}

    def change(self, letter, values=None, allows=None, proof=lambda it: it):
        """An approved change. Returns its number and the letter as it is named from then on."""
        intake = wire.new_intake()
        of, number, digest = letter.split()
        said = {**PRINCIPAL, **self.CHANGE, 'a.deleg_id': number, 'a.deleg_code': CODE, **(values or {})}
        container = ward.intake(intake, evidence=proof(evidence(intake, procedure='common.delegation_change')), letter=letter,
                                values={field: value for field, value in said.items() if value}, number=None,
                                procedure='common.delegation_change')
        mine = wire.receipt_number(ward.count)
        people = [stands_for(of, 'principal', *PRINCIPAL.values()), stands_for(of, 'delegate', *DELEGATE.values())]
        words = {**dict(enumerate(['lem.certificate', LETTER['g.date'], '2098-12-31', *people, digest])), **(allows or {})}
        body = ward.decision(container, allows=' '.join(words.values()))
        answer = ward.put_intake(intake, container)
        self.assertEqual(answer[0], 201, answer[2])
        answer = ward.put_decision(intake, 2, body)
        self.assertEqual(answer[0], 201, answer[2])
        after = hashlib.sha256(base64.b64decode(json.loads(body)['decision'])).hexdigest()
        return mine, f'{of} {number} {after}'

    def filed_as(self, letter, procedure):
        """An intake of another procedure by the letter."""
        intake = wire.new_intake()
        container = ward.intake(intake, evidence=AGENT(evidence(intake, procedure=procedure)), letter=letter, procedure=procedure,
                                values={**PRINCIPAL, **DELEGATE, 'a.kind': 'agent', 'a.authority': 'delegation',
                                        'a.deleg_id': letter.split()[1], 'a.deleg_code': CODE})
        number = wire.receipt_number(ward.count)
        answer = ward.put_intake(intake, container)
        self.assertEqual(answer[0], 201, answer[2])
        self.assertEqual(ward.put_decision(intake, 2, ward.decision(container))[0], 201)
        return number

    ENDED = {'values': {'g.change': 'end', 'g.proc1': '', 'g.valid_to': ''}}

    def test_amended_and_ended(self):
        """R-IDN-12: each is opened by what held when it came, whatever became of the letter later."""
        _, letter = self.letter()
        before = self.filed(letter)
        change, amended = self.change(letter)
        after = self.filed_as(amended, 'lem.certificate')
        end, ended = self.change(amended, **self.ENDED, allows={6: 'ended'})
        for number in (letter.split()[0], before, change, after, end):
            run = self.run_desk('--json', 'open', number)
            self.assertEqual(run.returncode, 0, run.stderr)
            self.assertEqual(self.run_desk('verify', number).returncode, 0)
        self.assertNotEqual(ended, amended)

    def test_cited_after_it_was_changed(self):
        """A gateway that let it in: the order of the store tells, and no clock does."""
        _, letter = self.letter()
        number = self.filed(letter)
        self.change(letter)
        self.assertEqual(self.run_desk('open', number).returncode, 0)
        with contextlib.closing(self.ledger()) as db, db:
            db.execute('DROP TRIGGER ledger_letters_no_update')
            db.execute('UPDATE ledger_letters SET sequence = 1 WHERE amends = ?', (letter.split()[2],))
        self.assertRefused(5, 'open', number)

    def test_changed_otherwise_than_it_says(self):
        """An officer's or a clerk's window that made something else of it; and a delegate who wants more."""
        def by_agent(proof):
            return AGENT(proof)
        agent = {'a.kind': 'agent', 'a.authority': 'delegation', **DELEGATE}
        for wrong in ({'allows': {0: 'care.certification'}}, {'allows': {2: '2097-12-31'}}, {'allows': {6: 'ended', 0: 'pension.exemption', 2: LETTER['g.valid_to']}},
                      {'values': {'g.proc1': 'care.certification'}}, {'values': {'p.name': '山口 一三'}}, {'values': {'g.delegate': '木下 三五'}},
                      {'values': {'a.deleg_code': 'K7QD-2MXA-0HZ9-RTPC'}}, {'values': {'a.deleg_id': '001-000001-6'}},
                      {'values': agent, 'proof': by_agent}):
            with self.subTest(wrong=wrong):
                self.assertRefused(5, 'open', self.change(self.letter()[1], **wrong)[0])
        letter = self.letter()[1]
        end = self.change(letter, {**agent, 'g.change': 'end', 'g.proc1': '', 'g.valid_to': ''}, {0: 'pension.exemption', 2: LETTER['g.valid_to'], 6: 'ended'},
                          by_agent)[0]
        self.assertEqual(self.run_desk('open', end).returncode, 0)

    def held(self):
        """Settings of an office that holds nobody of the letter."""
        path = ward.at('run', 'held.tsv')
        with open(path, 'w', encoding='utf-8') as f:
            f.write('addressee\tinsured\tname\tkana\tbirth\tsex\taddress\n2000001\t\t台帳 六子\t\t1986-06-06\t\t\n')
        return self.config(**{'[held]\nfile': path})

    def give_back(self, number, config):
        """A second person does not let it stand, and it goes back by a notice."""
        lines = json.loads(self.run_desk('--json', 'confirm', number, config=config).stdout)['lines']
        mark, = [line['mark'] for line in lines if line['rule'] == 'not-held']
        how = '--officer', 'B0002', '--reason'
        run = self.run_desk(*how, 'C01', '--refuse', 'confirm', number, mark, config=config)
        self.assertEqual(run.returncode, 0, run.stderr)
        run = self.run_desk(*how, 'person-check', 'return', number, config=config)
        self.assertEqual(run.returncode, 0, run.stderr)

    def line(self, number):
        """What the confirmation list says of a letter that was given back."""
        lines = json.loads(self.run_desk('--json', 'confirm', number).stdout)['lines']
        return [(line['field'], line['state'], line['other']) for line in lines if line['rule'] == 'letter-returned']

    def put_by(self, letter, procedure):
        intake = wire.new_intake()
        return ward.put_intake(intake, ward.intake(intake, evidence=AGENT(evidence(intake, procedure=procedure)), letter=letter,
                                                   procedure=procedure, values={**PRINCIPAL, **DELEGATE}))

    def test_given_back(self):
        """R-IDN-10, R-MATCH-04: from the notice on the gateway takes nothing by the letter; of what came before a second person says
        whether it stands; and a new letter is as good as any."""
        config = self.held()
        _, letter = self.letter()
        number = letter.split()[1]
        before = self.filed(letter)
        self.assertEqual(self.line(before), [])
        change, _ = self.change(letter)
        self.give_back(number, config)
        page = ward.at('run', 'changed.html')
        self.assertRefused(11, 'letter-notice', '--print', page, change)
        self.assertFalse(os.path.exists(page))
        status, headers, body = self.put_by(letter, 'pension.exemption')
        self.assertEqual(wire.problem((status, headers, body)), (403, 'delegation'))
        self.assertIn('gave the letter of delegation back', body.decode())
        self.assertEqual(self.run_desk('open', before).returncode, 0)
        self.assertEqual(self.line(before), [('a.deleg_id', 'open', number)])
        run = self.run_desk('--officer', 'B0001', 'export', ward.at('run', 'exported'))
        self.assertFalse(os.path.exists(ward.at('run', 'exported', before + '.json')), run.stderr)
        mark, = [line['mark'] for line in json.loads(self.run_desk('--json', 'confirm', before).stdout)['lines']
                 if line['rule'] == 'letter-returned']
        run = self.run_desk('--officer', 'B0002', '--reason', 'C01', '--refuse', 'confirm', before, mark)
        self.assertEqual(run.returncode, 0, run.stderr)
        self.assertEqual(self.line(before), [('a.deleg_id', 'refused', number)])
        run = self.run_desk('--officer', 'B0002', '--reason', 'wrong-entry', 'return', before)
        self.assertEqual(run.returncode, 0, run.stderr)
        self.assertEqual(self.line(self.filed(self.letter()[1])), [])

    def test_change_given_back(self):
        """What the letter says rests on it: nothing comes by that any more, and no second change of it."""
        config = self.held()
        _, letter = self.letter()
        change, amended = self.change(letter)
        after = self.filed_as(amended, 'lem.certificate')
        self.give_back(change, config)
        self.assertEqual(wire.problem(self.put_by(amended, 'lem.certificate')), (403, 'delegation'))
        self.assertEqual(wire.problem(self.put_by(amended, 'common.delegation_change')), (403, 'delegation'))
        self.assertEqual(self.line(after), [('a.deleg_id', 'open', letter.split()[1])])
        self.assertEqual(self.line(change), [])  # it goes its own way back

    def test_the_letter_notice(self):
        """What the applicant is told: what changed, why and by which office; and nothing of it in the log."""
        intake, letter = self.letter()
        number, amended = self.change(letter)
        page = ward.at('run', 'notice.html')
        run = self.run_desk('--officer', 'B0001', '--print', page, 'letter-notice', number, env={'LC_ALL': 'C.UTF-8'})
        self.assertEqual((run.returncode, run.stdout), (0, ''), run.stderr)
        self.assertEqual(os.stat(page).st_mode & 0o777, 0o600)
        with open(page, encoding='utf-8') as f:
            text = f.read()
        for said in (PRINCIPAL['p.name'], self.CHANGE['p.addr'], letter.split()[1], number, '2098-12-31', '2099-12-31', 'Aozora Ward',
                     'At the wish of the person', '手続きを&lt;改めました&gt;。', 'National pension', 'late elderly'):
            self.assertIn(said, text)
        for hidden in (CODE, CODE.replace('-', ''), DELEGATE['a.name']):
            self.assertNotIn(hidden, text)
        self.assertNoNumberOn(text)
        change = self.intake_of(number)
        self.assertEqual(self.audit(change)[-1][:3], ('print', 'done', 'B0001'))
        with self.ledger() as db:
            log = ' '.join(str(row) for row in db.execute('SELECT * FROM audit'))
        for text in (PRINCIPAL['p.name'], self.CHANGE['m.msg'], self.CHANGE['p.addr'], CODE):
            self.assertNotIn(text, log)
        self.assertEqual(self.run_desk('letter-notice', number).returncode, 2)
        self.assertRefused(6, '--print', page + '.none', 'letter-notice', intake)
        self.assertFalse(os.path.exists(page + '.none'))
        # It asks what may stand on paper, too, and a notice to nobody is none: nothing is printed, nothing is said to be.
        good = ward.current_policy()
        try:
            ward.install_policy({**json.loads(json.dumps(good)), 'desk': ['auditor']})
            before = self.audit(change)
            self.assertIn('does not let this desk print', self.assertRefused(13, '--print', page + '.none', 'letter-notice', number).stderr)
            self.assertFalse(os.path.exists(page + '.none'))
            self.assertEqual([entry[:2] for entry in self.audit(change)[len(before):]], [('print', 'refused')])
        finally:
            ward.install_policy(good)
        end = self.change(amended, **self.ENDED, allows={6: 'ended'})[0]
        self.assertEqual(self.run_desk('--print', page, 'letter-notice', end).returncode, 0)
        with open(page, encoding='utf-8') as f:
            self.assertIn('ended', f.read())

    def intake_of(self, number):
        with self.ledger() as db:
            return db.execute('SELECT intake FROM ledger_items WHERE receipt_number = ? AND n = 1', (number,)).fetchone()[0]

    def asks_for_two(self, *names):
        """Settings of a desk whose forms of these names ask for two officers, where the policy asked for one."""
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        forms = shutil.copytree(os.path.join(os.environ['MADOGUCHI_SOURCE'], 'data', 'forms'), os.path.join(folder.name, 'forms'))
        for name in names:
            path = os.path.join(forms, 'procedures', name + '.json')
            with open(path, encoding='utf-8') as f:
                form = json.load(f)
            form['approval'].update(checks=2, roles=['checker', 'supervisor'])
            with open(path, 'w', encoding='utf-8') as f:
                json.dump(form, f, ensure_ascii=False)
        return self.config(forms_dir=forms)

    def test_letter_by_one_where_its_form_asks_for_two(self):
        """R-APPR-04: what is filed by it is no better than the letter is, and neither is what a change made of it."""
        intake, letter = self.letter()
        number = self.filed(letter)
        change, amended = self.change(letter)
        later = self.filed_as(amended, 'lem.certificate')
        config = self.asks_for_two('common.delegation')
        for name in (intake, number, change, later):
            self.assertEqual(self.run_desk('open', name).returncode, 0)
            for words in (('open',), ('confirm',), ('verify',), ('complete',)):
                with self.subTest(words, name=name):
                    run = self.run_desk(*words, name, config=config)
                    self.assertEqual(run.returncode, 6, run.stdout + run.stderr)
                    self.assertIn('asks for two', run.stdout + run.stderr)
            self.assertEqual(self.run_desk('--pending', 'open', name, config=config).returncode, 0)
        folder = ward.at('run', 'letters-by-one')
        run = self.run_desk('--officer', 'B0001', 'export', folder, config=config)
        for name in (number, change, later):
            self.assertIn(f'Intake {name} is filed by a letter of delegation', run.stderr)
            self.assertFalse(os.path.exists(os.path.join(folder, name + '.json')))
        back = '--officer', 'B0002', '--reason', 'second-officer', '--json', 'return'
        for name, rule in (intake, 'one-officer'), (number, 'letter-one-officer'):
            self.assertEqual(self.run_desk(*back, name, reason=None).returncode, 4)
            run = self.run_desk(*back, name, config=config, reason=None)
            self.assertEqual(run.returncode, 0, run.stderr)
            _, _, body = ward.request('GET', f"/v1/notices/{json.loads(run.stdout)['notice']}")
            self.assertIn({'rule': rule, 'field': ''}, ward.open_receipt(body, 'notice')['lines'])

    def test_no_letter_notice_of_what_one_approved(self):
        """Not even to those who ask for what is pending: the applicant would be told of what does not hold."""
        change, _ = self.change(self.letter()[1])
        config, page = self.asks_for_two('common.delegation_change'), ward.at('run', 'by-one.html')
        run = self.run_desk('--officer', 'B0001', '--pending', '--print', page, 'letter-notice', change, config=config)
        self.assertEqual(run.returncode, 6, run.stderr)
        self.assertFalse(os.path.exists(page))
        self.assertEqual(self.run_desk('--officer', 'B0001', '--print', page, 'letter-notice', change).returncode, 0)

    def test_gone_from_the_store(self):
        """What the letter was accepted by is verified again with what is filed by it."""
        intake, letter = self.letter()
        number = self.filed(letter)
        with contextlib.closing(self.ledger()) as db, db:
            db.execute('DELETE FROM ledger_bodies WHERE sequence = (SELECT sequence FROM ledger_items WHERE intake = ? AND n = 2)', (intake,))
        self.assertIn(f'no item 2 of the intake {intake}', self.assertRefused(4, 'open', number).stderr)


class Signed(Desk):
    def deliver_signed(self, signer='tanaka', values=None, change=lambda proof: proof, **how):
        intake = wire.new_intake()
        how.setdefault('key', signer if signer in ('tanaka', 'suzuki', 'sato') else 'shared')
        proof = change(evidence(intake, signer, line='sign', **how))
        return self.deliver_as(intake, proof, values=values or person('tanaka'))

    def verified(self, status, intake, env=None):
        """Each check and what it says."""
        run = self.run_desk('--json', 'verify', intake, env=env)
        self.assertEqual(run.returncode, status, run.stdout + run.stderr)
        row, = [json.loads(line) for line in run.stdout.splitlines()]
        for text in person('tanaka').values():
            self.assertNotIn(text, run.stdout + run.stderr)
        return {check['check']: (check['state'], check['detail']) for check in row['checks']}

    def test_opened_and_verified(self):
        intake, number = self.deliver_signed()
        run = self.run_desk('--json', 'open', number)
        self.assertEqual(run.returncode, 0, run.stderr)
        self.assertEqual(json.loads(run.stdout)['presence'], 'valid')
        today = self.verified(0, intake)
        self.assertEqual(today['signer'], ('passed', 'applicant'))
        self.assertIn('key for signatures', today['presence'][1])
        self.assertIn('jpki-sign', today['identification'][1])
        later = self.verified(0, intake, env=other_day(20 * YEARS))
        self.assertEqual(later, today)

    def test_by_a_list(self):
        intake, _ = self.deliver_signed(change=lambda proof: by_list(proof, ward.at('crl', 'jpki-sign.crl')), ocsp=False)
        self.assertIn('valid by crl', self.verified(0, intake)['revocation'][1])
        # The other line's list says nothing of it.
        wrong, _ = self.deliver_signed(change=lambda proof: by_list(proof, ward.at('crl', 'jpki-auth.crl')), ocsp=False)
        self.assertNotEqual(self.run_desk('--json', 'verify', wrong).returncode, 0)

    def test_completed_by_its_own_responder(self):
        intake, number = self.deliver_signed(ocsp=False)
        self.assertEqual(self.verified(8, intake)['completion'][0], 'deferred')
        began = int(time.time())
        world.wait_until(lambda: int(time.time()) > began, 'the next second')
        with contextlib.ExitStack() as stack:
            ward.world.start_ocsp(lines=('sign',))
            stack.callback(ward.world.stop, 'ocsp-sign')
            run = self.run_desk('--officer', 'B0001', '--json', 'complete', number)
        self.assertEqual((run.returncode, json.loads(run.stdout)['verdict']), (0, 'valid'), run.stderr)
        self.assertEqual(self.verified(0, intake)['completion'][0], 'passed')
        self.assertEqual(self.verified(0, intake, env=other_day(20 * YEARS))['completion'][0], 'passed')

    def test_who_signed(self):
        """R-CARD-05: the card of one person on the form of another."""
        principal = person('tanaka')
        for values, said in ((principal, 'other'),
                             ({**principal, **filer('sato', 'agent')}, 'no-authority'),
                             ({**principal, **filer('sato', 'agent', 'family-register')}, 'no-authority'),
                             ({**principal, **filer('suzuki', 'agent', 'delegation')}, 'other'),
                             ({'p.name': person('sato')['p.name']}, 'other'),
                             ({**principal, **filer('sato', 'agent', 'delegation')}, None),
                             (person('sato'), None)):
            with self.subTest(said, values=sorted(values)):
                intake, _ = self.deliver_signed('sato', values, AGENT if said is None and 'a.kind' in values
                                                else lambda proof: proof)
                if said is None:
                    self.assertEqual(self.verified(0, intake)['signer'][0], 'passed')
                    continue
                run = self.assertRefused(5, 'open', intake)
                self.assertIn(f'not the applicant ({said})', run.stderr)
                self.assertEqual(self.audit(intake)[-1][:2], ('open', 'refused'))
                self.assertEqual(self.verified(5, intake)['signer'][0], 'failed')

    def test_who_files(self):
        """The filer's own card: who was identified, and by which paper, is what the contents say."""
        values = {**person('tanaka'), **filer('sato', 'agent', 'delegation')}
        intake, _ = self.deliver_signed('sato', values, AGENT)
        self.assertEqual(self.verified(0, intake)['filer'], ('passed', 'agent, by delegation of ' + TODAY))
        asked = {**person('tanaka'), **filer('sato', 'head'), 'a.mismatch': 'asked'}
        intake, _ = self.deliver_signed('sato', asked, shown('head'))
        self.assertEqual(self.verified(0, intake)['filer'], ('passed', 'head'))
        apart = {**person('tanaka'), **filer('sato', 'head')}
        for change, contents, said in (
                (lambda proof: proof, values, '(kind)'),
                (shown('legal', 'family-register', TODAY), values, '(kind)'),
                (AGENT, {**values, 'a.authority': 'family-register'}, 'not the applicant (no-authority)'),
                (shown('head'), apart, '(household)'),
                (shown('agent', 'delegation', ''), values, 'documents-short'),
                (shown('agent', 'delegation', '2099-01-01'), values, 'documents-short'),
                (shown('agent', 'family-register', TODAY), values, 'filer'),
                (shown('friend', 'delegation', TODAY), values, 'filer'),
                (shown('self'), person('sato'), 'filer')):
            with self.subTest(said):
                intake, _ = self.deliver_signed('sato', contents, change)
                self.assertIn(said, self.assertRefused(5, 'open', intake).stderr)

    def test_other_kinds_of_certificate(self):
        """R-CARD-03: refused by name, whatever the terminal says of it."""
        for signer, cause in (('companycert', 'registration-certificate'), ('foreign', 'no-anchor')):
            with self.subTest(signer):
                intake, _ = self.deliver_signed(signer, person(signer), ocsp=False)
                self.assertIn(cause, self.assertRefused(5, 'open', intake).stderr)
        for verdict, source in (('valid', 'ocsp'), ('deferred', 'none')):
            intake = wire.new_intake()
            proof = evidence(intake, ocsp=source == 'ocsp')
            self.deliver_as(intake, {**proof, 'method': 'jpki-sign'}, values=person('tanaka'))
            self.assertIn('authentication-certificate', self.assertRefused(5, 'open', intake).stderr)
            intake = wire.new_intake()
            proof = evidence(intake, line='sign', ocsp=source == 'ocsp')
            self.deliver_as(intake, {**proof, 'method': 'jpki-auth'}, values=person('tanaka'))
            self.assertIn('signature-certificate', self.assertRefused(5, 'open', intake).stderr)

    def test_what_was_bad(self):
        """Of this line, and by the card's own text where it was read."""
        text = {'name': person('tanaka')['p.name'], 'address': person('tanaka')['p.addr'], 'birth': '19830514', 'sex': '2'}
        intake, _ = self.deliver_signed(change=lambda proof: {**proof, 'card': text})
        self.assertEqual(self.verified(0, intake)['signer'][0], 'passed')
        for change, how in ((lambda proof: {**proof, 'card': {**text, 'birth': '19830515'}}, {}),
                            (lambda proof: proof, {'key': 'suzuki'}),
                            (lambda proof: {**proof, 'verdict': 'valid'}, {'signer': 'revoked'})):
            intake, _ = self.deliver_signed(change=change, **how)
            self.assertRefused(5, 'open', intake)


if __name__ == '__main__':
    unittest.main(verbosity=2)
