#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""test-notices.py CLIENT: what the back office tells a terminal in writing, at the real service over a real gateway. The notices
are made with openssl and laid into the gateway's store, so that everything can be wrong with them that the gateway cannot see.
CLIENT (kill-client.c) plays the window until something is approved. Before that the line is down for days (medium_course.py), and
at last the same branch loses its database and has it back from a backup. Run inside tests/isolated and dbus-run-session."""

import contextlib
import glob
import hashlib
import json
import os
import pathlib
import shutil
import sqlite3
import stat
import subprocess
import sys
import unittest

SOURCE = os.environ['MADOGUCHI_SOURCE']
CLIENT = sys.argv.pop(1)
sys.dont_write_bytecode = True
sys.path[:0] = [os.path.join(SOURCE, 'tests', 'world'), os.path.join(SOURCE, 'tests', 'daemon')]

import world as worlds  # noqa: E402
from mdworld import office  # noqa: E402
from medium_course import Medium  # noqa: E402, F401

world = None
PORT = 8443


def start_service():
    world.start('madoguchid', [world.program('src/daemon/madoguchid'), '--config', world.at('terminal/terminal.ini'),
                               '--session'])
    worlds.wait_until(lambda: world.check('madoguchid') and ctl('line', 'status')[0] == 0, 'madoguchid with a line')


def start_gateway():
    world.start('gateway', [world.program('src/gateway/madoguchi-gateway'), '--config', world.at('gateway/gateway.ini')])
    worlds.wait_until(lambda: world.check('gateway') and worlds.is_bound(PORT), 'gateway')


def ctl(*words, stdin=''):
    command = [world.program('src/ctl/madoguchictl'), '--session', '--json', *words]
    result = subprocess.run(command, input=stdin, capture_output=True, text=True, timeout=120, check=False)
    return result.returncode, result.stdout


def audit(event):
    """(outcome, object, detail) of its records, oldest first."""
    after, found = 0, []
    while True:
        code, text = ctl('audit', 'list', '--after', str(after), '--limit', '1000')
        assert code == 0, text
        records = json.loads(text)
        found += [(record['outcome'], record['object'], record['detail']) for record in records if record['event'] == event]
        if not records or records[-1]['event'] == 'audit-list' and len(records) < 1000:
            return found
        after = records[-1]['seq']


KNOWS_GIVEN = "SELECT count (*) FROM meta a JOIN meta b USING (number) WHERE a.name = 'restored' AND b.name = 'restored-given'"


def rows(query, *values):
    """Closed at once: a connection that is left open sees a file that is put in the place of its own as if it were that."""
    with contextlib.closing(sqlite3.connect(f'file:{world.at("terminal/state/terminal.db")}?mode=ro', uri=True, timeout=90)) as db:
        return db.execute(query, values).fetchall()


def await_sent(what):
    """Until nothing of the queue is left; who gives up says what the line and the queue were then."""
    try:
        worlds.wait_until(lambda: not rows("SELECT 1 FROM outbox WHERE state <> 'delivered'"), what)
    except worlds.Failure as failure:
        queue = rows("SELECT intake, n, state, fresh, attempts, due_ms - unixepoch() * 1000, lease_ms - unixepoch() * 1000, last_error,"
                     " parked_by FROM outbox WHERE state <> 'delivered'")
        raise worlds.Failure('\n'.join([str(failure), ctl('line', 'status')[1], *map(str, queue), world.log_of('madoguchid')[-2000:]])) from None


def take_in():
    """Until some are approved and with the gateway. Returns (intake, receipt number, digest, procedure) of each."""
    for name in ('S0001', 'S0101'):
        assert ctl('staff', 'set-password', name, stdin=world.staff[name]['password'])[0] == 0
    world.start('client', [CLIENT, world.at('run', 'confirmed.log')], env={'MADOGUCHI_WORLD': world.path, 'MADOGUCHI_WHOLE_ROUNDS': '1'})

    def found():
        return rows("SELECT id, receipt_number, container_sha256, procedure FROM intake WHERE state = 'approved'"
                    ' AND erased_ms IS NOT NULL ORDER BY id')
    worlds.wait_until(lambda: world.check('client') and len(found()) >= 3, 'something approved and delivered', 240)
    world.stop('client')
    return found()


def sign(content, name='notice'):
    text = json.dumps(content, separators=(',', ':')).encode()
    path = world.at('pki', name)
    return subprocess.run(['openssl', 'cms', '-sign', '-nodetach', '-binary', '-cades', '-md', 'sha256', '-outform', 'DER',
                           '-signer', path + '.crt', '-inkey', path + '.key'], input=text, check=True,
                          capture_output=True).stdout


def setUpModule():
    global world
    world = worlds.World()
    start_gateway()
    start_service()


def tearDownModule():
    world.close()


class Notices(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.approved = take_in()

    def told(self):
        """What the gateway knows of the policies in force at the terminals."""
        with contextlib.closing(sqlite3.connect(f'file:{world.at("gateway/ledger.db")}?mode=ro', uri=True, timeout=90)) as db:
            return db.execute('SELECT terminal, version, highest, refused FROM ledger_in_force').fetchall()

    def test_0_the_gateway_hears_which_policy_is_in_force(self):
        """A new version is handed on by the gateway and put to work; only then it is told. A restart says it again."""
        with open(world.at('policy/policy.json'), encoding='utf-8') as f:
            policy = json.load(f)
        worlds.wait_until(lambda: self.told() == [('T001', policy['version'], policy['version'], 0)], 'the first one is told', 60)
        policy['version'] += 1
        path = world.at('policy/policy.cms')
        shutil.copy(path, path + '.first')
        with open(path + '.json', 'w', encoding='utf-8') as f:
            json.dump(policy, f, ensure_ascii=False)
        office.sign_policy(world.at('pki'), ('policy-signer', 'policy-second'), path + '.json', path + '.new')
        os.replace(path + '.new', path)
        worlds.wait_until(lambda: self.told() == [('T001', policy['version'], policy['version'], 0)], 'the second one is told', 60)
        self.assertEqual(rows("SELECT number FROM setting WHERE name = 'policy'"), [(policy['version'],)], 'it is kept')

    def content(self, number, intake=0, previous='', **more):
        ident, receipt_number, digest, procedure = self.approved[intake]
        return {'schema': 'madoguchi-notice/1', 'number': number, 'office': '139998', 'terminal': 'T001', 'previous': previous,
                'intake': ident, 'receipt_number': receipt_number, 'procedure': procedure, 'container': digest,
                'officer': 'B0002', 'reason': 'number-check', 'time': '2026-11-22T05:00:00.123Z',
                'lines': [{'rule': 'number-changed', 'field': 'p.mynum'}], **more}

    def lay(self, number, body):
        """At the gateway, whatever it is, in place of what lies there under that number. Nobody asks for it before ask()."""
        world.stop('madoguchid')
        with sqlite3.connect(world.at('gateway', 'ledger.db'), timeout=90) as db:
            for trigger in ('update', 'delete'):
                db.execute(f'DROP TRIGGER IF EXISTS ledger_notices_no_{trigger}')
            db.execute('DELETE FROM ledger_notices WHERE number = ?', (number,))
            db.execute('INSERT INTO ledger_notices (office, terminal, number, intake, officer, reason, time, digest, body)'
                       " VALUES ('139998', 'T001', ?, ?, 'B0002', 'number-check', '2026-11-22T05:00:00.123Z', '', ?)",
                       (number, f'intake of {number}', body))

    def ask(self):
        """A service that begins asks at once."""
        world.stop('madoguchid')
        start_service()

    def kept(self):
        return rows('SELECT number, digest, intake FROM notice ORDER BY number')

    def returned(self):
        text = subprocess.run(['gdbus', 'call', '--session', '--dest', 'org.madoguchi.Terminal1', '--object-path',
                               '/org/madoguchi/Terminal1', '--method', 'org.freedesktop.DBus.Properties.Get',
                               'org.madoguchi.Terminal1', 'Returned'], check=True, capture_output=True, text=True).stdout
        return int(text.split()[-1].rstrip('>,)'))

    def refuse(self, number, body, cause):
        kept = self.kept()
        told = len(audit('notice'))
        self.lay(number, body)
        self.ask()
        worlds.wait_until(lambda: audit('notice')[told:][-1:] == [('refused', '', f'cause={cause}')], f'a record of {cause}')
        self.assertEqual(self.kept(), kept)

    def test_course(self):
        """One after the other, as the terminal asks for them: what is wrong changes nothing, what is right is kept once."""
        good = sign(self.content(1))
        self.assertEqual(self.returned(), 0)
        for body, cause in ((sign(self.content(1), 'receipt'), 'signer'),
                            (good[:-20] + bytes(20), 'signature'), (sign(self.content(1, name='x')), 'unreadable'),
                            (sign(self.content(1, terminal='T002')), 'terminal'),
                            (sign(self.content(2, previous='a' * 64)), 'number'),
                            (bytes(70000), 'unreadable')):  # larger than any notice: it holds up no delivery
            with self.subTest(cause=cause):
                self.refuse(1, body, cause)
        self.lay(1, good)
        self.ask()
        worlds.wait_until(lambda: self.kept() and self.returned() == 1, 'the notice')
        self.assertEqual(self.kept(), [(1, hashlib.sha256(good).hexdigest(), self.approved[0][0])])
        self.assertEqual(audit('notice')[-1], ('done', self.approved[0][0], 'notice=1'))
        told = len(audit('notice'))
        self.lay(2, good)  # replayed
        self.ask()
        worlds.wait_until(lambda: audit('notice')[told:] == [('refused', '', 'cause=number')], 'the replay refused')
        self.refuse(2, sign(self.content(2, 1, previous='a' * 64)), 'previous')
        self.lay(2, sign(self.content(2, 1, hashlib.sha256(good).hexdigest(), container='b' * 64)))
        self.lay(3, sign(self.content(3, 2, 'c' * 64)))  # it does not follow upon the second one as it is
        self.ask()
        worlds.wait_until(lambda: len(self.kept()) == 2 and audit('notice')[-1][2] == 'cause=previous', 'the third one')
        # About no intake of this terminal: kept, since the next one follows upon it, and nothing comes back.
        self.assertEqual(self.kept()[1][2], None)
        self.assertEqual(audit('notice')[-2], ('refused', '', 'cause=unknown-intake notice=2'))
        self.assertEqual(self.returned(), 1)
        self.lay(3, sign(self.content(3, 2, self.kept()[1][1])))
        self.ask()
        worlds.wait_until(lambda: self.returned() == 2, 'the third notice')
        world.stop('gateway')  # all that lies there is gone, and the terminal asks on where it was
        with sqlite3.connect(world.at('gateway', 'ledger.db'), timeout=90) as db:
            db.execute('DELETE FROM ledger_notices')
        start_gateway()
        self.ask()
        self.assertEqual((len(self.kept()), self.returned()), (3, 2))
        self.assertEqual(ctl('audit', 'verify')[0], 0)


PASSPHRASE = 'tall green ladder'


def make_recovery(name):
    subprocess.run(['openssl', 'req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-passout',
                    'pass:' + PASSPHRASE, '-keyout', world.at('run', name + '.key'), '-out', world.at('run', name + '.crt'),
                    '-days', '30', '-subj', '/CN=' + name, '-addext', 'keyUsage=critical,keyAgreement'],
                   check=True, capture_output=True)


class Restored(unittest.TestCase):
    """A branch whose database goes back to the last backup, between a line that was cut and one that works."""

    def state(self, *names):
        return world.at('terminal', 'state', *names)

    def open(self, verb, path, key='recovery', passphrase=PASSPHRASE):
        """(exit status, what it prints, what it says) of backup verify and restore."""
        read, write = os.pipe()
        os.write(write, passphrase.encode() + b'\n')
        os.close(write)
        command = [world.program('src/ctl/madoguchictl'), '--json', '--config', world.at('terminal/terminal.ini'), '--key',
                   world.at('run', key + '.key'), '--certificate', world.at('run', key + '.crt'), '--passphrase-fd', str(read),
                   'backup', verb, path]
        result = subprocess.run(command, capture_output=True, text=True, timeout=180, check=False, pass_fds=[read])
        os.close(read)
        self.assertEqual(glob.glob(self.state('terminal.db.[co]*')), [], 'nothing stays in clear')
        return result.returncode, json.loads(result.stdout) if result.stdout else None, result.stderr

    def work(self, wanted, query):
        """The window's stand-in, until so many more rows of QUERY are there."""
        before = len(rows(query))
        world.start('client', [CLIENT, world.at('run', 'confirmed.log')], env={'MADOGUCHI_WORLD': world.path, 'MADOGUCHI_WHOLE_ROUNDS': '1'})
        worlds.wait_until(lambda: world.check('client') and len(rows(query)) >= before + wanted, 'more of ' + query, 240)
        world.stop('client')

    def ledger(self):
        with sqlite3.connect(f'file:{world.at("gateway", "ledger.db")}?mode=ro', uri=True, timeout=90) as db:
            return db.execute('SELECT sequence, intake, n, digest, receipt FROM ledger_items ORDER BY sequence').fetchall()

    def health(self):
        code, text = ctl('doctor')
        return {row['check']: row for row in json.loads(text)}['backup']

    def switch_on(self):
        self.assertEqual((self.health()['state'], ctl('backup', 'create')[0]), ('warning', 5), 'switched off')
        for name in ('recovery', 'other'):
            make_recovery(name)
        world.stop('madoguchid')
        with open(world.at('terminal/terminal.ini'), 'a', encoding='utf-8') as ini:
            ini.write(f'\n[backup]\ncertificate={world.at("run", "recovery.crt")}\nkeep=2\n')
        start_service()
        # The first one is made by the clock.
        worlds.wait_until(lambda: self.health()['state'] == 'ok' and audit('backup'), 'the first backup')

    def make_backup(self, waiting):
        """One among three, of which the oldest goes; with WAITING in it."""
        for _ in range(2):
            code, text = ctl('backup', 'create')
            self.assertEqual(code, 0)
        path = json.loads(text)['path']
        kept = json.loads(ctl('backup', 'list')[1])
        self.assertEqual((len(kept), kept[-1]['path']), (2, path))
        self.assertEqual(stat.S_IMODE(os.stat(path).st_mode), 0o600)
        self.assertEqual(stat.S_IMODE(os.stat(os.path.dirname(path)).st_mode), 0o700)
        self.assertEqual([(outcome, detail.split(' ', 1)[1]) for outcome, _, detail in audit('backup')],
                         [('done', 'kept=1 removed=0'), ('done', 'kept=2 removed=0'), ('done', 'kept=2 removed=1')])
        with open(path, 'rb') as file:
            sealed = file.read()
        for intake, body in waiting:
            self.assertFalse(intake.encode() in sealed)
            self.assertFalse(body[1000:1040] in sealed, 'what is sealed already is sealed once more')
        self.assertEqual(glob.glob(self.state('terminal.db.*')), [], 'nothing stays in clear')
        return path

    def refuse(self, path):
        """What is wrong changes nothing, and is said in words."""
        damaged = world.at('run', 'damaged.mdbackup')
        with open(path, 'rb') as file, open(damaged, 'wb') as short:
            short.write(file.read()[:-5000])
        foreign = world.at('run', 'foreign.mdbackup')
        with open(path, 'rb') as file, open(foreign, 'wb') as other:
            other.write(file.read().replace(b'terminal=T001', b'terminal=T002', 1))
        for arguments, word in (((damaged,), 'not all of it'), ((foreign,), 'T002'), ((path, 'other'), 'not sealed to'),
                                ((path, 'recovery', 'wrong'), 'passphrase')):
            with self.subTest(word=word):
                code, _, said = self.open('verify', *arguments)
                self.assertEqual(code, 5)
                self.assertIn(word, said)
        code, found, said = self.open('verify', path)
        self.assertEqual((code, found and found['terminal']), (0, 'T001'), said)
        code, _, said = self.open('restore', path)
        self.assertEqual(code, 5)
        self.assertIn('Stop it first', said, 'while the service runs')

    def test_course(self):
        unsent = "SELECT o.intake, p.body FROM outbox o JOIN payload p ON p.item = o.seq WHERE o.state <> 'delivered' AND o.n = 1"
        if rows(unsent):
            worlds.wait_until(lambda: not rows(unsent), 'everything sent')
        self.switch_on()
        world.stop('gateway')
        self.work(2, unsent)
        waiting = rows(unsent)
        path = self.make_backup(waiting)
        self.refuse(path)
        # What was waiting goes, and so does more; then the line is cut again, and something waits that no backup has.
        start_gateway()
        self.work(2, "SELECT id FROM intake WHERE state = 'approved' AND erased_ms IS NOT NULL")
        await_sent('everything sent')
        world.stop('gateway')
        before = self.ledger()
        self.work(1, unsent)
        world.stop('madoguchid')
        late = rows("SELECT intake FROM outbox WHERE state <> 'delivered'")
        numbers = {number for number, in rows('SELECT receipt_number FROM intake')}
        code, result, said = self.open('restore', path)
        self.assertEqual((code, result and result['missed']), (0, len(late)), said)
        self.assertFalse(os.path.exists(result['replaced'] + '.taken-over'), 'something is in it alone')
        self.assertEqual(stat.S_IMODE(os.stat(result['replaced']).st_mode), 0o600)
        self.assertEqual(rows(KNOWS_GIVEN), [(1,)], 'the replaced database has told its numbers')
        start_gateway()
        start_service()
        await_sent('everything sent again')
        self.assertEqual(self.ledger(), before, 'nothing twice')
        receipts = {(intake, n): bytes(receipt) for _, intake, n, _, receipt in before}
        for intake, _ in waiting:
            self.assertEqual([bytes(receipt) for receipt, in rows('SELECT receipt FROM outbox WHERE intake = ? AND n = 1', intake)],
                             [receipts[intake, 1]], 'it has the receipt that it had')
        self.assertEqual(rows("SELECT count (*) FROM meta WHERE name = 'restored' AND number > 0"), [(1,)])
        self.assertEqual([(outcome, detail) for outcome, _, detail in audit('restore')], [('done', 'taken=' + result['time'])])
        self.assertEqual(len(self.told()), 1, 'noticed once')
        # The day goes on with numbers that nobody has.
        known = {intake for intake, in rows('SELECT id FROM intake')}
        self.work(1, "SELECT id FROM intake WHERE state = 'approved' AND erased_ms IS NOT NULL")
        new = {number for intake, number in rows('SELECT id, receipt_number FROM intake') if intake not in known}
        self.assertTrue(new)
        self.assertEqual(new & numbers, set())
        self.assertEqual(ctl('audit', 'verify')[0], 0)
        self.interrupt(path)
        self.by_hand()
        self.park(unsent)
        self.salvage(unsent)

    def told(self):
        return [detail for outcome, _, detail in audit('restored') if outcome == 'done']

    def attention(self):
        return subprocess.run(['gdbus', 'call', '--session', '--dest', 'org.madoguchi.Terminal1', '--object-path',
                               '/org/madoguchi/Terminal1', '--method', 'org.freedesktop.DBus.Properties.Get',
                               'org.madoguchi.Terminal1', 'Attention'], check=True, capture_output=True, text=True).stdout

    def by_hand(self):
        """R-BKP-07, X15: somebody copies the old file back and says nothing to anybody. The gateway has seen more."""
        delivered = "SELECT id FROM intake WHERE state = 'approved' AND erased_ms IS NOT NULL"
        self.assertEqual(self.told(), ['cause=later-epoch'])
        world.stop('madoguchid')
        shutil.copy(self.state('terminal.db'), world.at('run', 'old.db'))
        start_service()
        self.work(1, delivered)
        await_sent('everything sent')
        world.stop('madoguchid')
        before = self.ledger()
        for log in ('terminal.db-wal', 'terminal.db-shm'):  # of the file that is taken out
            pathlib.Path(self.state(log)).unlink(missing_ok=True)
        shutil.copy(world.at('run', 'old.db'), self.state('terminal.db'))
        start_service()
        worlds.wait_until(lambda: len(self.told()) == 2, 'a record of it')
        self.assertIn(self.told()[-1], ('cause=later-number', 'cause=later-item'))
        self.assertIn('put back to an older state', self.attention())
        self.work(1, delivered)
        await_sent('everything sent, nothing set aside')
        after = self.ledger()
        self.assertEqual(after[:len(before)], before, 'nothing twice')
        self.assertGreater(len(after), len(before))
        epoch = rows('SELECT epoch FROM receipt_pool')
        with sqlite3.connect(f'file:{world.at("gateway", "ledger.db")}?mode=ro', uri=True, timeout=90) as db:
            self.assertEqual(db.execute('SELECT epoch FROM ledger_terminals').fetchall(), epoch)

    def interrupt(self, path):
        """Between the old database and the new one the power went: no service begins with an empty one."""
        await_sent('everything sent')
        world.stop('madoguchid')
        given = rows('SELECT highest FROM receipt_pool')[0][0]
        aside = self.state('terminal.db.replaced-2026-11-23T00:00:00.000Z')
        os.rename(self.state('terminal.db'), aside)
        with open(self.state('restoring'), 'w', encoding='utf-8') as mark:
            mark.write(os.path.basename(aside))
        world.start('madoguchid', [world.program('src/daemon/madoguchid'), '--config', world.at('terminal/terminal.ini'),
                                   '--session'])
        worlds.wait_until(lambda: world.check('madoguchid') and ctl('queue', 'list')[0] != 3, 'madoguchid in trouble')
        health = {row['check']: row for row in json.loads(ctl('doctor')[1])}
        self.assertIn('interrupted', health['database']['what'])
        world.stop('madoguchid')
        self.assertFalse(os.path.exists(self.state('terminal.db')))
        code, result, said = self.open('restore', path)
        self.assertEqual((code, result and result['replaced']), (0, aside), said)
        self.assertEqual(result['missed'], 0, 'the one that lies aside is looked at')
        self.assertGreaterEqual(rows('SELECT highest FROM receipt_pool')[0][0], given, 'no number is given again')
        # What is replaced by the same has nothing that is in it alone.
        code, again, said = self.open('restore', path)
        self.assertEqual((code, os.path.exists(again['replaced'] + '.taken-over')), (0, True), said)
        self.assertFalse(os.path.exists(self.state('restoring')))
        start_service()
        await_sent('everything sent again')

    def park(self, unsent):
        """By hand: one stays here with its decision while all else is sent, until it is let go. Who did it and why is told and recorded."""
        world.stop('gateway')
        self.work(2, unsent)
        kept = rows(unsent)[0][0]
        number = rows('SELECT receipt_number FROM intake WHERE id = ?', kept)[0][0]
        self.assertEqual(ctl('queue', 'park', number, 'no-such-reason')[0], 5)
        self.assertEqual(ctl('queue', 'park', '999-999999-9', 'in-doubt')[0], 5)
        self.assertEqual(ctl('queue', 'release', number)[0], 5, 'it is not parked')
        os.environ['SUDO_USER'] = 'tanaka ichiro'
        self.addCleanup(os.environ.pop, 'SUDO_USER')
        before = len(rows("SELECT 1 FROM outbox WHERE intake = ? AND state <> 'delivered'", kept))
        code, text = ctl('queue', 'park', number, 'back-office-asks')
        self.assertEqual((code, json.loads(text)), (0, {'items': before}))
        self.assertEqual(json.loads(ctl('line', 'status')[1])['parked'], before)
        start_gateway()
        ctl('queue', 'retry')
        worlds.wait_until(lambda: rows("SELECT count (DISTINCT intake) FROM outbox WHERE state <> 'delivered'") == [(1,)],
                          'all others sent')
        self.assertNotIn(kept, {intake for _, intake, *_ in self.ledger()})
        row = json.loads(ctl('queue', 'list')[1])[0]
        self.assertEqual((row['intake'], row['state'], row['parked_by'], row['parked_reason']),
                         (kept, 'parked', 'tanaka_ichiro', 'back-office-asks'))
        self.assertTrue(row['parked'])
        self.assertEqual({row['check']: row['state'] for row in json.loads(ctl('doctor')[1])}['queue'], 'warning')
        self.assertEqual(ctl('queue', 'release', number)[0], 0)
        await_sent('the one that was let go')
        self.assertIn(kept, {intake for _, intake, *_ in self.ledger()})
        told = [(outcome, detail.split(' count=')[0]) for outcome, intake, detail in audit('park') if intake == kept]
        self.assertEqual(told, [('done', 'what=park reason=back-office-asks by=tanaka_ichiro'),
                                ('done', 'what=let-go by=tanaka_ichiro')])

    def salvage(self, unsent):
        """The disk spoils one sealed application, the rows of another and a page of the log: what else waits is sent."""
        world.stop('gateway')
        self.work(2, unsent)
        waiting = rows(unsent)
        hurt, body = waiting[0]
        number = rows('SELECT receipt_number FROM intake WHERE id = ?', hurt)[0][0]
        world.stop('madoguchid')
        # Of another one nothing is left but what is sealed.
        with contextlib.closing(sqlite3.connect(self.state('terminal.db'), timeout=90)) as db, db:
            db.execute('DELETE FROM outbox WHERE intake = ? AND n = 1', (waiting[1][0],))
            db.execute('DELETE FROM intake WHERE id = ?', (waiting[1][0],))
        self.assertFalse(os.path.exists(self.state('terminal.db-wal')))
        with open(self.state('terminal.db'), 'r+b') as file:
            content = file.read()
            for at in (content.index(body[1000:1040]), content.rindex(b'audit-list') // 4096 * 4096):
                file.seek(at)
                file.write(b'\xa5' * 10)
        # The power went once already, between the database and its log, with the new one beside them.
        aside = self.state('terminal.db.replaced-2026-11-24T00:00:00.000Z')
        os.rename(self.state('terminal.db'), aside)
        pathlib.Path(self.state('restoring')).write_text(os.path.basename(aside), encoding='utf-8')
        pathlib.Path(self.state('terminal.db-wal')).write_bytes(b'its log')
        pathlib.Path(self.state('terminal.db.opened')).write_bytes(b'not all of it')
        command = [world.program('src/ctl/madoguchictl'), '--json', '--config', world.at('terminal/terminal.ini'), 'backup',
                   'salvage']
        result = subprocess.run(command, capture_output=True, text=True, timeout=180, check=False)
        self.assertEqual(result.returncode, 1, result.stderr)
        saved = json.loads(result.stdout)
        self.assertEqual((saved['damaged'], saved['lost'], saved['whole'], saved['replaced']), (1, 0, False, aside))
        self.assertEqual(saved['missing'], [{'intake': hurt, 'number': number, 'state': 'damaged'}])
        self.assertGreaterEqual(saved['rebuilt'], 1)
        self.assertFalse(os.path.exists(self.state('restoring')))
        self.assertTrue(os.path.exists(aside + '-wal'), 'a log goes with its database')
        self.assertGreaterEqual(saved['saved'], len(waiting) - 1)
        self.assertEqual(rows(KNOWS_GIVEN), [(0,)], 'numbers may be missing in it: none before the line has answered')
        start_gateway()
        start_service()
        sent = {intake for intake, _ in waiting[1:]}
        worlds.wait_until(lambda: {i for i, in rows("SELECT intake FROM outbox WHERE state = 'delivered'")} >= sent
                          and rows('SELECT state FROM outbox WHERE intake = ? AND n = 1', hurt) == [('quarantined',)],
                          'all others sent, and the damaged one set aside')
        self.assertTrue(sent <= {intake for _, intake, *_ in self.ledger()})
        self.assertIn('done', [outcome for outcome, _, _ in audit('salvage')])
        # An old file that was replaced goes, unless something may be in it alone.
        self.assertFalse(os.path.exists(aside + '.taken-over'))
        kept, over = (pathlib.Path(self.state(f'terminal.db.replaced-2025-0{month}-01T00:00:00.000Z')) for month in (1, 2))
        kept.write_bytes(b'sealed')
        over.write_bytes(b'sealed')
        pathlib.Path(f'{over}.taken-over').touch()
        worlds.wait_until(lambda: not over.exists() and not os.path.exists(f'{over}.taken-over'), 'the old database erased')
        self.assertTrue(kept.exists() and os.path.exists(aside))
        self.assertIn(('done', '', 'removed=1 cause=replaced'), audit('backup'))
        self.assertIn('earlier database', self.attention())
        # What is gone from the log is missed for good, and does not keep a backup from being put back.
        self.assertEqual(ctl('audit', 'verify')[0], 1)
        code, text = ctl('backup', 'create')
        self.assertEqual((code, self.open('verify', json.loads(text)['path'])[0]), (0, 0))


if __name__ == '__main__':
    unittest.main()
