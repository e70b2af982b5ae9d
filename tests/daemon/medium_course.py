# SPDX-License-Identifier: Apache-2.0
"""What goes by a medium while the line is down: written by madoguchictl with an officer's card, taken in by the gateway's import,
receipts taken back; then the line comes up. A part of test-notices.py, whose branch it uses."""

import glob
import json
import os
import resource
import shutil
import sqlite3
import subprocess
import sys
import unittest

here = sys.modules['__main__']
UNSENT = "SELECT o.intake, o.n FROM outbox o WHERE o.state <> 'delivered' ORDER BY o.seq"


def gateway(*words):
    """(exit status, rows of what it prints, what it says) of the gateway's import, while no gateway runs."""
    result = subprocess.run([here.world.program('src/gateway/madoguchi-gateway'), '--config', here.world.at('gateway/gateway.ini'),
                             'import', *words], capture_output=True, text=True, timeout=180, check=False)
    return result.returncode, [line.split('\t') for line in result.stdout.splitlines()], result.stderr


class Medium(unittest.TestCase):
    def verb(self, *words, stdin='', **how):
        command = [here.world.program('src/ctl/madoguchictl'), '--session', '--json', 'medium', *words]
        result = subprocess.run(command, input=stdin, capture_output=True, text=True, timeout=180, check=False, **how)
        return result.returncode, json.loads(result.stdout) if result.stdout else None, result.stderr

    def export(self, *words, officer='S0101', carrier='S0001', pin=None, **how):
        here.world.insert('staff', 'staff-' + officer)
        try:
            return self.verb('export', *words, '--carrier', carrier, stdin=(pin or here.world.staff[officer]['pin']) + '\n', **how)
        finally:
            here.world.remove_card('staff')

    def work(self, wanted):
        """The window's stand-in, until so many approved intakes wait for the line."""
        query = ("SELECT i.id FROM intake i WHERE i.state = 'approved' AND EXISTS"
                 " (SELECT 1 FROM outbox o WHERE o.intake = i.id AND o.n = 1 AND o.state <> 'delivered')")
        here.world.start('client', [here.CLIENT, here.world.at('run', 'confirmed.log')], env={'MADOGUCHI_WORLD': here.world.path, 'MADOGUCHI_WHOLE_ROUNDS': '1'})
        here.worlds.wait_until(lambda: here.world.check('client') and len(here.rows(query)) >= wanted, 'intakes that wait', 240)
        here.world.stop('client')

    def ledger(self):
        with sqlite3.connect(f'file:{here.world.at("gateway", "ledger.db")}?mode=ro', uri=True, timeout=90) as db:
            return db.execute('SELECT intake, n FROM ledger_items ORDER BY sequence').fetchall()

    def states(self):
        code, rows, said = self.verb('ledger')
        self.assertEqual(code, 0, said)
        return [(row['state'], row['items'], row['delivered']) for row in rows]

    def refused_before_anything_is_written(self, medium):
        """Who may not, what is not registered, and a wrong PIN: in words, and neither ledger nor medium have anything of it."""
        for words, options, code, word in ((('M-001', self.other), {}, 4, 'not registered'),
                                           (('M-002', medium), {}, 5, 'registered medium'),
                                           (('M-001', medium), {'officer': 'S0002'}, 4, 'role'),
                                           (('M-001', medium), {'carrier': 'S0101'}, 5, 'another officer'),
                                           (('M-001', medium), {'carrier': 'S9999'}, 5, 'names'),
                                           (('M-001', medium), {'pin': '00000000'}, 5, 'wrong'),
                                           (('M-001', medium + '/nothing'), {}, 5, 'not there')):
            with self.subTest(words=words, options=options):
                status, _, said = self.export(*words, **options)
                self.assertEqual(status, code, said)
                self.assertIn(word, said)
        self.assertEqual((self.states(), os.listdir(medium)), ([], ['madoguchi-medium.key']))

    def test_course(self):
        here.world.start_cards()
        for name in ('vcard-resident', 'vcard-staff', 'pcscd'):
            self.addCleanup(here.world.stop, name)
        for name in ('S0001', 'S0101'):
            self.assertEqual(here.ctl('staff', 'set-password', name, stdin=here.world.staff[name]['password'])[0], 0)
        medium, self.other = here.world.at('run', 'medium'), here.world.at('run', 'other-medium')
        os.makedirs(medium)
        os.makedirs(self.other)
        code, told, _ = self.verb('register', 'M-001', medium)
        self.assertEqual(code, 0)
        self.assertEqual(self.verb('register', 'M-001', self.other)[0], 5, 'one name, one medium')
        self.assertEqual(os.listdir(self.other), [])
        code, _, said = self.export('M-001', medium)
        self.assertEqual((code, 'line to the back office works' in said), (5, True), said)
        here.world.stop('gateway')
        with open(here.world.at('gateway/gateway.ini'), 'a', encoding='ascii') as settings:
            settings.write(f'[media]\nM-001={told["key"]}\n')
        self.work(3)
        here.worlds.wait_until(lambda: here.ctl('line', 'status')[0] == 1, 'a line that is down')
        before = self.ledger()
        waiting = here.rows(UNSENT)
        self.refused_before_anything_is_written(medium)
        self.not_written_whole(medium, len(waiting))
        code, written, said = self.export('M-001', medium)
        self.assertEqual((code, written and written['items'], written and written['officer']), (0, len(waiting), 'S0101'), said)
        folder = os.path.join(medium, 'madoguchi-' + written['bundle'])
        self.assertEqual(len(os.listdir(folder)), len(waiting) + 3)
        self.assertEqual(here.rows(UNSENT), waiting, 'it stays here')
        self.assertEqual(self.states()[0], ('written', len(waiting), 0))
        self.assertEqual(self.export('M-001', medium)[0], 5, 'it is out')
        self.another_medium(medium)
        self.take_in(medium, folder, waiting, before)
        self.come_back(medium, waiting, before)

    def not_written_whole(self, medium, count):
        """A file that finds no room, as on a full medium: nothing is left there, which is what "failed" says. Killed over it: the ledger says
        that it was released, the medium is out until it is erased, and what is there is found."""
        def narrow():
            resource.setrlimit(resource.RLIMIT_FSIZE, (8192, 8192))
        code, _, said = self.export('M-001', medium, preexec_fn=narrow, restore_signals=False)
        self.assertEqual((code, 'Nothing of it is on the medium' in said), (5, True), said)
        self.assertEqual((self.states(), os.listdir(medium)), ([('failed', count, 0)], ['madoguchi-medium.key']))
        self.assertLess(self.export('M-001', medium, preexec_fn=narrow)[0], 0)
        part, = (name for name in os.listdir(medium) if name != 'madoguchi-medium.key')
        self.assertRegex(part, r'^\.madoguchi-.*\.part$')
        self.assertTrue(os.listdir(os.path.join(medium, part)))
        self.assertEqual(self.states()[0], ('released', count, 0))
        self.assertEqual(self.export('M-001', medium)[0], 5, 'it is out')
        code, _, said = self.verb('take', medium)
        self.assertEqual((code, self.states()[0][0]), (1, 'released'), said)
        self.assertEqual(self.verb('erase', medium)[:2], (0, {'erased': 1, 'left': 0}))
        self.assertEqual((self.states()[0], os.listdir(medium)), (('erased', count, 0), ['madoguchi-medium.key']))
        self.assertEqual([detail.split(' ')[0] for outcome, _, detail in here.audit('medium') if outcome != 'refused'][-3:],
                         ['what=medium-released', 'what=medium-unclear', 'what=medium-erased'])

    def another_medium(self, medium):
        """A copy on another registered medium, one without a key, a list that was altered: nothing is entered, and nothing removed."""
        other, bare = here.world.at('run', 'copied-medium'), here.world.at('run', 'bare-medium')
        os.makedirs(other)
        self.assertEqual(self.verb('register', 'M-003', other)[0], 0)
        bundle, = (name for name in os.listdir(medium) if name != 'madoguchi-medium.key')
        shutil.copytree(os.path.join(medium, bundle), os.path.join(other, bundle))
        shutil.copytree(os.path.join(medium, bundle), os.path.join(bare, bundle))
        altered = here.world.at('run', 'altered-medium')
        shutil.copytree(medium, altered)
        with open(os.path.join(altered, bundle, 'bundle.json'), 'r+b') as file:
            text = file.read().replace(b'"T001"', b'"T002"')
            file.seek(0)
            file.write(text)
        before = self.states()
        for folder, word in ((other, 'not the medium'), (bare, 'no key'), (altered, 'not the one')):
            for verb in ('take', 'erase'):
                with self.subTest(folder=folder, verb=verb):
                    code, _, said = self.verb(verb, folder)
                    self.assertEqual((code != 0, word in said, os.path.isdir(os.path.join(folder, bundle))), (True, True, True), said)
        self.assertEqual(self.states(), before)

    def take_in(self, medium, folder, waiting, before):
        """One byte wrong is refused, and holds up nobody else's; twice is safe; all that was sent is there once, in its order."""
        copy = here.world.at('run', 'copy', os.path.basename(folder))
        shutil.copytree(folder, copy)
        shutil.copy(os.path.join(medium, 'madoguchi-medium.key'), os.path.dirname(copy))
        with open(os.path.join(copy, 'bundle.json'), 'r+b') as file:
            file.seek(-40, os.SEEK_END)
            byte = file.read(1)
            file.seek(-41 + 1, os.SEEK_END)
            file.write(bytes((byte[0] ^ 1,)))
        code, rows, said = gateway(copy)
        self.assertEqual((code, rows), (1, []), said)
        self.assertIn('signature-invalid', said)
        hurt = os.path.join(folder, waiting[-1][0] + f'-{waiting[-1][1]}.' + ('asice' if waiting[-1][1] == 1 else 'json'))
        with open(hurt, 'rb') as file:
            good = file.read()
        with open(hurt, 'wb') as file:
            file.write(good[:100] + bytes((good[100] ^ 1,)) + good[101:])
        code, rows, said = gateway(medium)
        self.assertEqual(code, 1, said)
        self.assertEqual([row[2] for row in rows], ['accepted'] * (len(waiting) - 1) + ['refused'], rows)
        self.assertEqual(rows[-1][3], 'digest-mismatch')
        self.assertEqual(len(glob.glob(os.path.join(folder, '*.receipt.p7s'))), len(waiting) - 1)
        with open(hurt, 'wb') as file:
            file.write(good)
        for word in ('accepted', 'repeated'):
            code, rows, said = gateway(medium)
            self.assertEqual((code, [row[2] for row in rows]), (0, ['repeated'] * (len(waiting) - 1) + [word]), said)
        self.assertEqual(self.ledger(), before + waiting)

    def come_back(self, medium, waiting, before):
        """A receipt that is not one is refused and changes nothing; the others end what they are about. What is left goes by the
        line, and is answered with the receipt that it has."""
        name, = glob.glob(os.path.join(medium, '*', f'{waiting[0][0]}-1.receipt.p7s'))
        other, = glob.glob(os.path.join(medium, '*', f'{waiting[1][0]}-{waiting[1][1]}.receipt.p7s'))
        shutil.copy(other, name)
        code, rows, said = self.verb('take', medium)
        self.assertEqual((code, [(row['taken'], row['known'], row['missing'], row['refused']) for row in rows]),
                         (1, [(len(waiting) - 1, 0, 0, 1)]), said)
        self.assertEqual(here.rows(UNSENT), waiting[:1])
        self.assertEqual(self.states()[0], ('returned', len(waiting), len(waiting) - 1))
        code, rows, _ = self.verb('take', medium)
        self.assertEqual((code, rows[0]['known']), (1, len(waiting) - 1))
        self.assertEqual(self.verb('erase', medium)[:2], (0, {'erased': 1, 'left': 0}))
        self.assertEqual(os.listdir(medium), ['madoguchi-medium.key'])
        here.start_gateway()
        self.assertEqual(here.ctl('queue', 'retry')[0], 0)
        here.worlds.wait_until(lambda: not here.rows(UNSENT), 'the line')
        self.assertEqual(self.ledger(), before + waiting, 'each once')
        self.assertEqual(self.states()[0], ('erased', len(waiting), len(waiting)))
        told = [detail.split(' ')[0] for outcome, _, detail in here.audit('medium') if outcome == 'done'][-5:]
        self.assertEqual(told, ['what=medium-' + word for word in ('released', 'written', 'registered', 'returned', 'erased')])
        self.erased_after_use(medium)
        self.assertEqual(here.ctl('audit', 'verify')[0], 0)
        self.disposed_of()

    def erased_after_use(self, medium):
        """R-QUE-13: once every receipt is there, nobody has to think of it."""
        here.world.stop('gateway')
        self.work(1)
        here.worlds.wait_until(lambda: here.ctl('line', 'status')[0] == 1, 'a line that is down')
        count = len(here.rows(UNSENT))
        self.assertEqual(self.export('M-001', medium)[0], 0)
        self.assertEqual(gateway(medium)[0], 0)
        code, rows, said = self.verb('take', medium)
        self.assertEqual((code, [(row['taken'], row['missing'], row['erased']) for row in rows]), (0, [(count, 0, 1)]), said)
        self.assertEqual((os.listdir(medium), self.states()[0]), (['madoguchi-medium.key'], ('erased', count, count)))
        here.start_gateway()

    def disposed_of(self):
        """R-ERA-04: when, and how."""
        self.assertEqual(self.verb('dispose', 'M-001')[0], 2)
        self.assertEqual(self.verb('dispose', 'M-001', '--method', 'thrown-away')[0], 5)
        self.assertEqual(self.verb('retire', 'M-001')[0], 0)
        for name in ('M-001', 'M-003'):
            self.assertEqual(self.verb('dispose', name, '--method', 'destroyed')[:2],
                             (0, {'medium': name, 'disposed': True, 'method': 'destroyed'}))
        for row in self.verb('list')[1]:
            self.assertEqual((row['method'], row['disposed'][:2], row['retired'][:2]), ('destroyed', '20', '20'))
        outcome, _, detail = here.audit('medium')[-1]
        self.assertEqual((outcome, detail), ('done', 'what=medium-disposed medium=M-003 method=destroyed by=administrator'))


Medium.__module__ = '__main__'  # whose branch is set up for it
