#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""madoguchi-gateway import: what comes by a medium is held to all that a PUT is held to, and to who sends and who released it.
The bundles are made without a line of our C, beside a gateway that runs. Run inside tests/isolated."""

import base64
import hashlib
import json
import os
import resource
import shutil
import subprocess
import sys
import threading
import time
import unittest

sys.dont_write_bytecode = True

import gate  # noqa: E402
import wire  # noqa: E402
from gate import ward  # noqa: E402


KEY = b'5f' * 32 + b'\n'
with open(ward.at('gateway', 'gateway.ini'), 'a', encoding='ascii') as settings:
    settings.write(f'[media]\nM-001={hashlib.sha256(KEY).hexdigest()}\nM-002={"a" * 64}\n')


def take(*folders, memory=None):
    """memory: more than so many bytes may not be taken at once; where a sanitizer takes all addresses for itself, by its own word."""
    sanitized = 'address' in os.environ['MADOGUCHI_SANITIZERS']
    env = dict(os.environ)
    if memory and sanitized:
        env['ASAN_OPTIONS'] += f':max_allocation_size_mb={memory >> 20}'

    def limit():
        resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    result = subprocess.run([ward.world.program('src/gateway/madoguchi-gateway'), '--config', ward.at('gateway/gateway.ini'),
                             'import', *folders], capture_output=True, text=True, timeout=180, check=False, env=env,
                            preexec_fn=limit if memory and not sanitized else None)
    return result.returncode, [line.split('\t') for line in result.stdout.splitlines()], result.stderr


def sign(text, name):
    path = ward.at('pki', name)
    return subprocess.run(['openssl', 'cms', '-sign', '-binary', '-cades', '-md', 'sha256', '-outform', 'DER', '-signer',
                           path + '.crt', '-inkey', path + '.key'], input=text, check=True, capture_output=True).stdout


def write(folder, name, content):
    with open(os.path.join(folder, name), 'wb') as file:
        file.write(content)


def read(folder, name):
    with open(os.path.join(folder, name), 'rb') as file:
        return file.read()


class Medium(gate.GatewayCase):
    def bundle(self, items, signers=('staff/S0101-sign', 'terminal'), sizes=None, **more):
        """The folder of a bundle with these (intake, n, body); of more, what is not as it should be."""
        with open(ward.at('policy', 'policy.json'), 'rb') as file:
            digest = hashlib.sha256(file.read()).hexdigest()
        ident = wire.new_intake()
        content = {'schema': 'madoguchi-medium/1', 'bundle': ident, 'medium': 'M-001', 'office': '139998', 'terminal': 'T001',
                   'officer': 'S0101', 'role': 'supervisor', 'carrier': 'S0001', 'purpose': 'line-down', 'policy_digest': digest,
                   'time': wire.moment(), 'policy_version': 1,
                   'items': [{'intake': intake, 'n': n, 'sha256': hashlib.sha256(body).hexdigest(), 'size': (sizes or {}).get(i, len(body))}
                             for i, (intake, n, body) in enumerate(items)]}
        text = json.dumps({**content, **more}, separators=(',', ':')).encode()
        folder = os.path.join(ward.at('run', 'medium-' + ident), 'madoguchi-' + ident)
        os.makedirs(folder)
        write(os.path.dirname(folder), 'madoguchi-medium.key', KEY)
        write(folder, 'bundle.json', text)
        write(folder, 'release.p7s', sign(text, signers[0]))
        write(folder, 'terminal.p7s', sign(text, signers[1]))
        for intake, n, body in items:
            write(folder, f'{intake}-{n}.{"asice" if n == 1 else "json"}', body)
        return folder

    def items(self, **more):
        intake = wire.new_intake()
        container = ward.intake(intake, **more)
        return [(intake, 1, container), (intake, 2, ward.decision(container))]

    def rows_of(self, items):
        return gate.rows('SELECT n FROM ledger_items WHERE intake = ? ORDER BY n', items[0][0])

    def test_another_medium(self):
        """X33: from a medium that nobody registered here, by its key and by its name, nothing is looked at."""
        items = self.items()
        for key, flaws, word in ((None, {}, 'not registered here'), (b'', {}, 'not registered here'), (KEY + b'x', {}, 'not registered here'),
                                 (KEY * 1000, {}, 'not registered here'), (KEY, {'medium': 'M-002'}, 'another medium'),
                                 (KEY, {'medium': 'M-009'}, 'another medium')):
            with self.subTest(key=key, flaws=flaws):
                folder = self.bundle(items, **flaws)
                medium = os.path.dirname(folder)
                os.remove(os.path.join(medium, 'madoguchi-medium.key'))
                if key is not None:
                    write(medium, 'madoguchi-medium.key', key)
                for place in (medium, folder):
                    status, rows, said = take(place)
                    self.assertEqual((status, rows, word in said), (1, [], True), said)
        self.assertEqual(self.rows_of(items), [])
        self.assertIn(('terminal=- what=medium code=medium-unknown',), gate.rows("SELECT detail FROM audit WHERE event = 'refuse'"))
        folder = self.bundle(items)
        self.assertEqual(take(folder)[0], 0)

    def test_viruses(self):
        """R-QUE-14: the scanner is shown the medium before anything is read from it; what it reports, and when it fails, nothing is."""
        items = self.items()
        folder = self.bundle(items)
        medium = os.path.dirname(folder)
        log, program = ward.at('run', 'scanned'), ward.at('run', 'scanner')
        write(*os.path.split(program), f'#!/bin/sh\necho "$@" >>{log}\n[ -d "$2" ] || exit 3\nexit $(cat {log}.code)\n'.encode())
        os.chmod(program, 0o755)
        ini = ward.at('gateway', 'gateway.ini')
        with open(ini, encoding='utf-8') as file:
            before = file.read()
        self.assertIn('nobody looks for viruses', take(os.path.join(medium, 'nothing-there-but-a-folder'))[2] + take(self.bundle(self.items()))[2])
        try:
            with open(ini, 'a', encoding='utf-8') as file:
                file.write(f'[scanning]\nmedium_scanner={program} --quiet\n')
            for code, word in ((1, 'virus'), (2, 'scanner'), (127, 'scanner')):
                write(*os.path.split(log + '.code'), str(code).encode())
                for place in (medium, folder):
                    status, rows, said = take(place)
                    self.assertEqual((status, rows, 'nothing was read' in said, word in said), (1, [], True, True), said)
            self.assertEqual((self.rows_of(items), sorted(os.listdir(medium))), ([], sorted([os.path.basename(folder), 'madoguchi-medium.key'])))
            write(*os.path.split(log + '.code'), b'0')
            self.assertEqual(take(os.path.relpath(medium))[0], 0)
            with open(log, encoding='ascii') as file:
                self.assertEqual(file.read().splitlines()[-1], '--quiet ' + medium)
            with open(ini, 'a', encoding='utf-8') as file:
                file.write('medium_scanner=/nothing/there\n')
            self.assertEqual(take(medium)[:2], (1, []))
        finally:
            with open(ini, 'w', encoding='utf-8') as file:
                file.write(before)
        told = [row[0] for row in gate.rows("SELECT detail FROM audit WHERE event = 'refuse'")]
        self.assertIn('terminal=- what=medium code=virus', told)
        self.assertIn('terminal=- what=medium code=scanner-failed', told)

    def test_twice_is_safe(self):
        """And by the line, too, before or after: the receipt is the same, whichever way it is asked for."""
        first, second = self.items(), self.items()
        self.assertEqual(ward.put_intake(second[0][0], second[0][2])[0], 201)
        folder = self.bundle(first + second)
        for words in (['accepted', 'accepted', 'repeated', 'accepted'], ['repeated'] * 4):
            code, rows, said = take(os.path.dirname(folder))
            self.assertEqual((code, [row[2] for row in rows]), (0, words), said)
        for intake, n, body in first + second:
            answer = ward.put_intake(intake, body) if n == 1 else ward.put_decision(intake, n, body)
            receipt = read(folder, f'{intake}-{n}.receipt.p7s')
            self.assertEqual((answer[0], answer[2]), (200, receipt))
            self.assertEqual(ward.open_receipt(receipt)['id'], intake)
        self.assertEqual([self.rows_of(items) for items in (first, second)], [[(1,), (2,)]] * 2)
        # Other bytes under the same id are refused here as there.
        other = self.bundle([(first[0][0], 1, ward.intake(first[0][0]))])
        code, rows, _ = take(other)
        self.assertEqual((code, rows[0][2:4]), (1, ['refused', 'id-conflict']))
        self.assertFalse([name for name in os.listdir(other) if name.endswith('.receipt.p7s')])

    def test_the_same_checks(self):
        """Each item is judged alone, as on the line: what is refused there is refused here, and the others are taken."""
        good, clerk = self.items(), self.items()
        clerk[1] = (clerk[1][0], 2, ward.decision(clerk[0][2], officer='S0002', role='clerk'))
        orphan = self.items()[1:]
        foreign = self.items(terminal='T002')
        code, rows, said = take(self.bundle(clerk + orphan + foreign[:1] + good))
        self.assertEqual([row[2:4] for row in rows],
                         [['accepted', '-'], ['refused', 'role-missing'], ['refused', 'intake-unknown'],
                          ['refused', 'terminal-mismatch'], ['accepted', '-'], ['accepted', '-']], said)
        self.assertEqual((code, self.rows_of(good)), (1, [(1,), (2,)]))
        listed = subprocess.run([ward.world.program('src/gateway/madoguchi-gateway'), '--config', ward.at('gateway/gateway.ini'),
                                 '--refusals'], capture_output=True, text=True, timeout=180, check=True).stdout
        self.assertIn('\tmedium:decision/2\trole-missing\t', listed)

    def test_who_sends_and_who_released(self):
        """A bundle of nobody we know, or released by nobody who may, is not looked into."""
        items = self.items()
        gate.issue('stranger', '20200101000000Z', '20400101000000Z')
        officer = 'staff/S0101-sign'
        for signers, flaws, code in (((officer, 'stranger'), {}, 'terminal-key'), ((officer, officer), {}, 'signature-invalid'),
                                     ((officer, 'terminal-stranger'), {}, 'signature-invalid'),
                                     ((officer, 'terminal-unregistered'), {}, 'terminal-unregistered'),
                                     (('staff/S0001-sign', 'terminal'), {}, 'signature-invalid'),
                                     (('staff/S0101-auth', 'terminal'), {}, 'signature-invalid'),
                                     (None, {'terminal': 'T002'}, 'terminal-mismatch'), (None, {'office': '131016'}, 'office-mismatch'),
                                     (None, {'role': 'admin'}, 'role-missing'), (None, {'carrier': 'S0101'}, 'same-officer'),
                                     (None, {'carrier': 'S9999'}, 'staff-unknown'), (None, {'policy_version': 9}, 'policy-unknown'),
                                     (None, {'policy_digest': 'c' * 64}, 'policy-mismatch'),
                                     (None, {'time': '2020-01-01T00:00:00.000Z'}, 'policy-not-in-force'),
                                     (None, {'purpose': 'fun'}, 'malformed-request'), (None, {'medium': '山田'}, 'malformed-request'),
                                     (None, {'more': 1}, 'malformed-request')):
            with self.subTest(signers=signers, flaws=flaws):
                status, rows, said = take(self.bundle(items, *([signers] if signers else []), **flaws))
                self.assertEqual((status, rows), (1, []), said)
                self.assertIn(code, said)
        self.assertEqual(self.rows_of(items), [])
        folder = self.bundle(items)
        self.assertEqual(take(folder)[0], 0)

    def test_what_a_medium_can_be(self):
        """Missing, cut off, a link to elsewhere, a pipe, a folder in a file's place: words, and what is whole is taken."""
        spoils = ((os.remove, 'malformed-request'), (lambda path: write(*os.path.split(path), b''), 'digest-mismatch'),
                  (lambda path: (os.rename(path, ward.at('run', 'elsewhere')), os.symlink(ward.at('run', 'elsewhere'), path)), 'malformed-request'),
                  (lambda path: (os.remove(path), os.mkfifo(path)), 'malformed-request'),
                  (lambda path: (os.remove(path), os.mkdir(path)), 'malformed-request'))
        for spoil, code in spoils:
            hurt, whole = self.items(), self.items()
            folder = self.bundle(hurt + whole)
            spoil(os.path.join(folder, f'{hurt[0][0]}-1.asice'))
            status, rows, said = take(folder)
            self.assertEqual((status, [row[2:4] for row in rows]),
                             (1, [['refused', code], ['held', '-'], ['accepted', '-'], ['accepted', '-']]), said)
            self.assertEqual((self.rows_of(hurt), self.rows_of(whole)), ([], [(1,), (2,)]))
        for words, code in (((ward.at('run', 'nowhere'),), 1), ((ward.at('gateway/gateway.ini'),), 1), ((ward.at('pki'),), 1),
                            (('one', 'two'), 2)):
            status, rows, said = take(*words)
            self.assertEqual((status, rows, bool(said)), (code, [], True))
        items = self.items()
        cut = self.bundle(items)
        for name in ('bundle.json', 'release.p7s', 'terminal.p7s'):
            text = read(cut, name)
            for content in (text[:-1], b''):
                write(cut, name, content)
                self.assertEqual(take(cut)[:2], (1, []), name)
            os.remove(os.path.join(cut, name))
            self.assertEqual(take(os.path.dirname(cut))[:2], (1, []), name)
            write(cut, name, text)
        self.assertEqual(self.rows_of(items), [])
        self.assertEqual(take(os.path.dirname(cut))[0], 0)

    def test_in_its_order(self):
        """What follows upon an item that was not taken waits, whatever became of that item, even where the store would have it; nothing
        else does."""
        first, other = self.items(), self.items()
        self.assertEqual(ward.put_intake(first[0][0], first[0][2])[0], 201)
        returned = ward.decision(first[0][2], kind='return')
        first[1] = (first[0][0], 2, returned)
        folder = self.bundle(first + other)
        os.remove(os.path.join(folder, f'{first[0][0]}-1.asice'))
        status, rows, said = take(folder)
        self.assertEqual((status, [row[2:4] for row in rows]),
                         (1, [['refused', 'malformed-request'], ['held', '-'], ['accepted', '-'], ['accepted', '-']]), said)
        self.assertEqual(self.rows_of(first), [(1,)])
        write(folder, f'{first[0][0]}-1.asice', first[0][2])
        status, rows, said = take(folder)
        self.assertEqual((status, [row[2] for row in rows]), (0, ['repeated', 'accepted', 'repeated', 'repeated']), said)

    def test_no_change_of_a_letter_goes_past(self):
        """Nobody knows by which letter an unreadable intake was handed in: a change of one, which would leave it behind for ever, waits. One
        that was read and refused holds up nothing."""
        today, until = (time.strftime('%Y-%m-%d', time.gmtime(time.time() + 9 * 3600 + days * 86400)) for days in (0, 30))
        people = f'{"a" * 64} {"b" * 64}'
        letter = wire.new_intake()
        accepted = ward.intake(letter, procedure='common.delegation', number=None, receipt_number=wire.receipt_number(901))
        approval = ward.decision(accepted, allows=f'pension.exemption {today} {until} {people}')
        self.assertEqual(ward.put_intake(letter, accepted)[0], 201)
        self.assertEqual(ward.put_decision(letter, 2, approval)[0], 201)
        digest = hashlib.sha256(base64.b64decode(json.loads(approval)['decision'])).hexdigest()
        named = f'{letter} {wire.receipt_number(901)} {digest}'
        by_it = wire.new_intake()
        hurt = by_it, 1, ward.intake(by_it, letter=named)
        changing = wire.new_intake()
        change = ward.intake(changing, letter=named, procedure='common.delegation_change', number=None)
        approved = ward.decision(change, allows=f'lem.certificate {today} {until} {people} {digest}')
        items = [hurt, (changing, 1, change), (changing, 2, approved)]
        folder = self.bundle(items)
        write(folder, f'{by_it}-1.asice', hurt[2][:-1])
        status, rows, said = take(folder)
        self.assertEqual((status, [row[2:4] for row in rows]),
                         (1, [['refused', 'digest-mismatch'], ['accepted', '-'], ['held', '-']]), said)
        write(folder, f'{by_it}-1.asice', hurt[2])
        status, rows, said = take(folder)
        self.assertEqual((status, [row[2] for row in rows]), (0, ['accepted', 'repeated', 'accepted']), said)

    def test_more_less_or_in_another_order(self):
        """X33: a list that was altered after it was signed, and a folder that was after it was written."""
        first, second, more = self.items(), self.items(), self.items()
        row = [{'intake': intake, 'n': n, 'sha256': hashlib.sha256(body).hexdigest(), 'size': len(body)} for intake, n, body in more]
        for what, alter in (('more', lambda items: items + row[:1]), ('less', lambda items: items[:-1]), ('none', lambda items: []),
                            ('moved', lambda items: items[2:] + items[:2]), ('twice', lambda items: items + items[:1]),
                            ('another', lambda items: row[:1] + items[1:])):
            with self.subTest(what=what):
                folder = self.bundle(first + second)
                write(folder, f'{more[0][0]}-1.asice', more[0][2])
                content = json.loads(read(folder, 'bundle.json'))
                content['items'] = alter(content['items'])
                write(folder, 'bundle.json', json.dumps(content, separators=(',', ':')).encode())
                status, rows, said = take(folder)
                self.assertEqual((status, rows), (1, []), said)
                self.assertIn('signature-invalid', said)
        for name in (f'{more[0][0]}-1.asice', f'{first[0][0]}-3.json', 'autorun.inf', f'{more[0][0]}-1.receipt.p7s', 'bundle.json.part'):
            with self.subTest(more=name):
                folder = self.bundle(first + second)
                write(folder, name, more[0][2])
                status, rows, said = take(folder)
                self.assertEqual((status, rows, 'not on the list' in said), (1, [], True), said)
        folder = self.bundle(first + second)
        for count in range(5000):
            write(folder, f'{count}', b'')
        status, rows, said = take(folder)
        self.assertEqual((status, rows, 'malformed-request' in said), (1, [], True), said)
        self.assertEqual([self.rows_of(items) for items in (first, second, more)], [[], [], []])
        # Two files that changed their places, each whole.
        folder = self.bundle(first + second)
        for n, ending in ((1, 'asice'), (2, 'json')):
            one, other = (os.path.join(folder, f'{items[0][0]}-{n}.{ending}') for items in (first, second))
            os.rename(one, one + '.x')
            os.rename(other, one)
            os.rename(one + '.x', other)
        status, rows, said = take(folder)
        self.assertEqual((status, [row[2] for row in rows]), (1, ['refused', 'held'] * 2), said)
        # What a gateway that was killed over its receipts has left is none of it.
        folder = self.bundle(first + second)
        write(folder, f'{first[0][0]}-1.receipt.p7s.part', b'x')
        self.assertEqual(take(folder)[0], 0)

    def test_another_folder(self):
        """A copy of a bundle under another's name is not taken for that one."""
        items = self.items()
        folder = self.bundle(items)
        copy = os.path.join(os.path.dirname(folder), 'madoguchi-' + wire.new_intake())
        os.rename(folder, copy)
        status, rows, said = take(os.path.dirname(copy))
        self.assertEqual((status, rows, 'another bundle' in said), (1, [], True), said)
        os.rename(copy, folder)
        self.assertEqual(take(os.path.dirname(folder))[0], 0)

    def test_bombs(self):
        """What a list says of a size is not believed: no memory is taken for more than a PUT may carry. Nor are more folders looked into
        than a medium may have."""
        good = self.items()
        for n, ending in ((1, 'asice'), (2, 'json')):
            bomb = wire.new_intake()
            folder = self.bundle([(bomb, n, b'x')] + good, sizes={0: 2 ** 31 - 1})
            with open(os.path.join(folder, f'{bomb}-{n}.{ending}'), 'wb') as file:
                file.truncate(2 ** 31 - 1)
            status, rows, said = take(folder, memory=1 << 30)
            self.assertEqual((status, [row[2:4] for row in rows][:1], [row[2] for row in rows[1:]]),
                             (1, [['refused', 'too-large']], ['accepted' if n == 1 else 'repeated'] * 2), said)
        for name in ('bundle.json', 'release.p7s', 'terminal.p7s'):
            folder = self.bundle(good)
            with open(os.path.join(folder, name), 'wb') as file:
                file.truncate(2 ** 31 - 1)
            self.assertEqual(take(os.path.dirname(folder), memory=1 << 30)[:2], (1, []))
        medium = os.path.dirname(self.bundle(good))
        for _ in range(256):
            os.mkdir(os.path.join(medium, 'madoguchi-' + wire.new_intake()))
        self.assertEqual(take(medium)[:2], (1, []))

    def test_a_flood_of_bundles(self):
        """Whoever brings a medium full of bundles that are none does not fill the log with it."""
        folder = self.bundle(self.items())
        os.remove(os.path.join(folder, 'terminal.p7s'))
        for _ in range(200):
            shutil.copytree(folder, os.path.join(os.path.dirname(folder), 'madoguchi-' + wire.new_intake()))
        before = self.records()
        status, rows, said = take(os.path.dirname(folder))
        self.assertEqual((status, rows, said.count('is not taken')), (1, [], 201))
        self.assertLess(self.records() - before, 30)
        self.assertGreater(self.records(), before)

    def records(self):
        return gate.rows('SELECT count(*) FROM audit')[0][0]

    def test_two_at_once(self):
        """Two who import the same medium at the same time: each item is there once, and has one receipt."""
        both = [self.items() for _ in range(4)]
        folder = self.bundle([item for items in both for item in items])
        results = []
        threads = [threading.Thread(target=lambda: results.append(take(folder))) for _ in range(2)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        words = sorted(row[2] for _, rows, _ in results for row in rows)
        self.assertEqual(([status for status, _, _ in results], words), ([0, 0], ['accepted'] * 8 + ['repeated'] * 8), results)
        for items in both:
            self.assertEqual(self.rows_of(items), [(1,), (2,)])
            for intake, n, body in items:
                answer = ward.put_intake(intake, body) if n == 1 else ward.put_decision(intake, n, body)
                self.assertEqual((answer[0], answer[2]), (200, read(folder, f'{intake}-{n}.receipt.p7s')))

    def test_a_policy_of_another_day(self):
        """A terminal that had no line for longer than the grace has the policy from before: what it made while that counted is taken, when
        the officer who released it could do so under the one that took its place; what it made later is refused item by item."""
        day = 86400
        items = self.items()
        now, digest = ward.install_policy(ward.current_policy())
        late = wire.new_intake()
        items.append((late, 1, ward.intake(late, wall=wire.moment(8 * day))))
        status, rows, said = take(self.bundle(items, time=wire.moment(8 * day)))
        self.assertEqual((status, [row[2:4] for row in rows]),
                         (1, [['accepted', '-'], ['accepted', '-'], ['refused', 'policy-not-in-force']]), said)
        self.assertEqual(take(self.bundle(self.items(), time=wire.moment(8 * day), policy_version=now, policy_digest=digest))[0], 0)
        before = ward.current_policy()
        for gone, code in ((ward.without('S0101'), 'staff-unknown'), (ward.without('S0101', roles=['clerk']), 'role-missing'),
                           (ward.without('S0101', card=ward.another_card('S0101', 30)), 'signature-invalid'),
                           (ward.without('S0001'), 'staff-unknown')):
            with self.subTest(code=code):
                ward.install_policy(gone)
                status, rows, said = take(self.bundle(self.items(), time=wire.moment(8 * day)))
                self.assertEqual((status, rows, code in said), (1, [], True), said)
        ward.install_policy(before)
        status, rows, said = take(self.bundle(self.items(), time=wire.moment(8000 * day)))
        self.assertEqual((status, rows, 'policy-not-in-force' in said), (1, [], True), said)


if __name__ == '__main__':
    unittest.main()
