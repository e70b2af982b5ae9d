#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""madoguchictl doctor --card: each layer that can be broken here is broken, and must be named, with a remedy, while the
others are not blamed. Readers of tests/ifd in the real pcscd. Run inside tests/isolated."""

import contextlib
import json
import os
import shutil
import signal
import socket
import struct
import subprocess
import sys
import tempfile
import threading
import unittest

SOURCE = os.environ['MADOGUCHI_SOURCE']
sys.dont_write_bytecode = True
sys.path.insert(0, os.path.join(SOURCE, 'tests/world'))

import world as worlds  # noqa: E402

READER = worlds.PADS['resident'][1]
LAYERS = ['usb', 'driver', 'pcscd', 'permission', 'other-program', 'contact', 'application', 'pin', 'certificate', 'expiry']
HOLDER = f'''
import ctypes, sys
pcsc = ctypes.CDLL('libpcsclite.so.1')
context, card, protocol = ctypes.c_long(), ctypes.c_long(), ctypes.c_ulong()
assert pcsc.SCardEstablishContext(2, None, None, ctypes.byref(context)) == 0
assert pcsc.SCardConnect(context, b'{READER}', 1, 3, ctypes.byref(card), ctypes.byref(protocol)) == 0
print('held', flush=True)
sys.stdin.read()
'''

world = None


def command(*words):
    return [world.program('src/ctl/madoguchictl'), '--json', 'doctor', '--card', *words]


def doctor(*words, **how):
    """(exit status, findings, output)."""
    result = subprocess.run(command(*words), capture_output=True, text=True, timeout=120, **how)
    assert result.returncode in (0, 1), result.stderr
    return result.returncode, json.loads(result.stdout), result.stdout


def usb_folder(name, *devices):
    """A folder as the kernel's, with these files in each device."""
    folder = world.at('run', 'usb-' + name)
    for number, device in enumerate(devices):
        path = os.path.join(folder, f'1-{number}')
        os.makedirs(path, exist_ok=True)
        for key, value in device.items():
            with open(os.path.join(path, key), 'w') as f:
                f.write(value + '\n')
    os.makedirs(folder, exist_ok=True)
    return folder


def pcscd_with(conf):
    world.stop('pcscd')
    worlds.wait_until(lambda: not os.path.exists('/run/pcscd/pcscd.comm'), 'the end of pcscd')
    world.start('pcscd', ['pcscd', '--foreground', '--config', conf])
    readers = world.readers.values() if os.listdir(conf) else ()
    worlds.wait_until(lambda: world.check('pcscd') and worlds.takes_orders('/run/pcscd/pcscd.comm')
                      and all(worlds.reader.is_known(name) for name in readers), 'pcscd')


class Front:
    """A socket that passes everything on to pcscd but the wish to connect to a card, and answers RV to that."""

    CONNECT, CONNECT_SIZE = 4, 152  # its last four bytes are the return value

    def __init__(self, path, rv):
        self.path, self.rv = path, rv
        self.listener = socket.socket(socket.AF_UNIX)

    def __enter__(self):
        self.listener.bind(self.path)
        self.listener.listen(16)
        threading.Thread(target=self.accept, daemon=True).start()
        return self.path

    def __exit__(self, *_):
        self.listener.shutdown(socket.SHUT_RDWR)
        self.listener.close()
        os.unlink(self.path)

    def accept(self):
        while True:
            try:
                client = self.listener.accept()[0]
            except OSError:
                return
            service = socket.socket(socket.AF_UNIX)
            service.connect('/run/pcscd/pcscd.comm')
            threading.Thread(target=self.pass_on, args=(client, service), daemon=True).start()
            threading.Thread(target=self.pass_back, args=(client, service), daemon=True).start()

    def pass_on(self, client, service):
        from_client = client.makefile('rb')
        with contextlib.suppress(OSError):
            while header := from_client.read(8):
                size, command = struct.unpack('=II', header)
                body = from_client.read(size)
                if command == self.CONNECT:
                    client.sendall(body[:self.CONNECT_SIZE - 4] + struct.pack('=I', self.rv))
                else:
                    service.sendall(header + body)
            service.shutdown(socket.SHUT_RDWR)

    @staticmethod
    def pass_back(client, service):
        with contextlib.suppress(OSError):  # one of the two has gone
            while data := service.recv(65536):
                client.sendall(data)


class Doctor(unittest.TestCase):
    def setUp(self):
        self.addCleanup(world.send, 'resident', 'remove')
        self.addCleanup(world.send, 'resident', 'clear-faults')

    def blamed(self, rows, reader=READER):
        for row in rows:
            self.assertTrue(row['what'], row)
            self.assertEqual(row['state'] == 'bad' and not row['advice'], False, row)
            self.assertIn(row['layer'], LAYERS)
        for name in {row['reader'] for row in rows}:  # in their order, and nothing said of one layer twice
            said = [LAYERS.index(row['layer']) for row in rows if row['reader'] == name]
            self.assertEqual(said, sorted(set(said)), rows)
        return [r['layer'] for r in rows if r['state'] == 'bad' and r['reader'] in ('', reader)]

    def with_card(self, card):
        world.insert('resident', card)
        return doctor()

    def test_all_is_well(self):
        code, rows, _ = self.with_card('tanaka')
        self.assertEqual((code, self.blamed(rows)), (0, []))
        self.assertEqual([r['layer'] for r in rows if r['reader'] in ('', READER)], LAYERS)
        self.assertEqual({r['state'] for r in rows if r['reader'] in ('', READER)}, {'ok'})
        self.assertEqual(doctor()[1], rows, 'and it costs no try')

    def test_nothing_personal(self):
        report = world.at('run', 'report.txt')
        person = world.people['tanaka']
        world.insert('resident', 'tanaka')
        said = doctor('--report', report)[2]
        with open(report, encoding='utf-8') as f:
            said += f.read()
        self.assertIn(READER, said)
        self.assertEqual(os.stat(report).st_mode & 0o777, 0o600)
        for secret in (person['name'], person['number'], '1983', '0514', '2030'):
            self.assertNotIn(secret, said.split('\n', 1)[1] if secret == '2030' else said, secret)

    def test_cards(self):
        for card, layer, state in (('unknown', 'application', 'bad'), ('locked', 'pin', 'bad'), ('childlocked', 'pin', 'bad'),
                                   ('lasttry', 'pin', 'warning'), ('nocert', 'certificate', 'bad'), ('expired', 'expiry', 'bad'),
                                   ('cardexpired', 'expiry', 'bad'), ('stay', 'expiry', 'warning'), ('notyet', 'expiry', 'bad')):
            code, rows, _ = self.with_card(card)
            found = {r['layer']: r for r in rows if r['reader'] == READER}
            self.assertEqual(found[layer]['state'], state, (card, found))
            self.assertEqual(self.blamed(rows), [layer] if state == 'bad' else [], card)
            self.assertEqual(code, 1 if state == 'bad' else 0)
            world.send('resident', 'remove')

    def test_other_cards_are_called_what_they_are(self):
        token = world.at('cards', 'tanaka', 'jpki-0006.ef')
        with open(token, 'rb') as file:
            newer = file.read()
        self.assertIn(b'JPKIAPICCTOKEN2 ', newer)
        for label, words, state in ((b'JPKIAPICCTOKEN  ', 'of before 2016', 'bad'), (b'JPKIAPGPSETOKEN ', 'It is a phone', 'ok'),
                                    (b'JPKIAPICCTOKEN2 ', 'It is a My Number card.', 'ok')):
            with open(token, 'wb') as file:
                file.write(newer.replace(b'JPKIAPICCTOKEN2 ', label))
            _, rows, _ = self.with_card('tanaka')
            found = {r['layer']: r for r in rows if r['reader'] == READER}
            self.assertEqual(found['application']['state'], state, (label, found))
            self.assertIn(words, found['application']['what'])
            if state == 'bad':
                self.assertIn('documents', found['application']['advice'])
                self.assertEqual({found[layer]['state'] for layer in ('pin', 'certificate', 'expiry')}, {'unknown'})
            world.send('resident', 'remove')
        world.insert('resident', 'staff-S0001')
        found = {r['layer']: r for r in doctor()[1] if r['reader'] == READER}
        self.assertIn('It is a staff card.', found['application']['what'])

    def test_card_without_pins(self):
        code, rows, _ = self.with_card('faceauth')
        found = {r['layer']: r for r in rows if r['reader'] == READER}
        self.assertEqual((code, self.blamed(rows), found['pin']['state']), (0, [], 'ok'), found)

    def test_pins_without_a_count(self):
        world.insert('resident', 'tanaka')
        world.send('resident', 'fault sw 6300 ins 20 every')
        code, rows, _ = doctor()
        found = {r['layer']: r for r in rows if r['reader'] == READER}
        self.assertEqual((code, self.blamed(rows), found['pin']['state']), (0, [], 'warning'), found)

    def found(self):
        """What is said of the card on the reader, by layer; its answers are spoiled no more."""
        code, rows, _ = doctor()
        self.blamed(rows)
        world.send('resident', 'clear-faults')
        return {r['layer']: r for r in rows if r['reader'] == READER}

    def test_locked_by_name(self):
        for card, locked, free in (('locked', ['user certificate'], ['signature', 'personal']),
                                   ('textlocked', ['personal'], ['user certificate', 'signature']),
                                   ('signlocked', ['signature'], ['user certificate', 'personal']),
                                   ('childlocked', ['user certificate', 'personal'], ['signature']),
                                   ('lasttry', ['user certificate', 'personal'], ['signature'])):
            said = self.with_card(card) and self.found()['pin']['what']
            for name, wanted in [(name, True) for name in locked] + [(name, False) for name in free]:
                self.assertEqual(name in said, wanted, (card, said))
            world.send('resident', 'remove')
        world.insert('resident', 'staff-S0001')
        world.send('resident', 'fault sw 6983 ins 20 every')
        self.assertIn('staff card', self.found()['pin']['what'])

    def test_printed_digits(self):
        """照合番号A and B have tries of their own, and a card without PINs has nothing else."""
        for card, state, named, released in (('printlocked', 'bad', True, True), ('alllocked', 'bad', True, False),
                                             ('printlast', 'warning', True, False), ('faceauth', 'ok', False, False)):
            code, rows, _ = self.with_card(card)
            row = {r['layer']: r for r in rows if r['reader'] == READER}['pin']
            self.assertEqual((code, self.blamed(rows)), (1, ['pin']) if state == 'bad' else (0, []), (card, rows))
            self.assertEqual((row['state'], row['what'].count('照合番号A'), row['what'].count('照合番号B')),
                             (state, int(named), int(named)), (card, row))
            self.assertEqual('released at the My Number card counter' in row['advice'], released, row)
            world.send('resident', 'remove')

    def test_signature_certificate(self):
        """As far as it can be told without its password: by the card's own record, and by whether its file is there."""
        for card, words in (('tanaka', 'there is a signature certificate'), ('child', 'there is no signature certificate')):
            self.with_card(card)
            self.assertIn(words, self.found()['certificate']['what'])
            world.send('resident', 'remove')

    def test_garbage_is_not_an_empty_card(self):
        """An answer that makes no sense is asked for again; what it cannot be is a card without a certificate."""
        world.insert('resident', 'tanaka')
        world.send('resident', 'fault garbage ins B0 at 4')
        once = self.found()
        self.assertEqual((once['contact']['state'], once['certificate']['state']), ('warning', 'ok'), once)
        world.send('resident', 'fault garbage ins B0 every')
        always = self.found()
        self.assertEqual(always['certificate']['state'], 'bad', always)
        for row in always.values():
            self.assertNotIn('no certificate', row['what'])
            self.assertNotIn('issued', row['advice'])
        self.assertNotIn('It is a My Number card.', always['application']['what'])

    def test_certificate_that_is_not_shown(self):
        """Kept behind a PIN, or in a way that this reader cannot read: neither is a card without a certificate."""
        for sw, state in (('6982', 'warning'), ('6D00', 'bad')):
            world.insert('resident', 'tanaka')
            for at in (4, 5):  # behind token, record and the signature's certificate
                world.send('resident', f'fault sw {sw} ins B0 at {at}')
            found = self.found()
            self.assertEqual(found['certificate']['state'], state, (sw, found))
            self.assertNotIn('no certificate', found['certificate']['what'])
            world.send('resident', 'remove')

    def wait_empty(self):
        worlds.wait_until(lambda: {r['layer']: r['state'] for r in doctor()[1] if r['reader'] == READER}['contact'] == 'unknown',
                          'the empty reader')

    def test_no_card(self):
        self.wait_empty()
        self.assertEqual(doctor()[0], 0)

    def test_contact(self):
        for at in (1, 3, 9, 14):
            world.insert('resident', 'tanaka')
            world.send('resident', f'fault remove at {at}')
            code, rows, _ = doctor()
            self.assertEqual(self.blamed(rows), ['contact'], at)
            self.assertEqual(code, 1)
            self.assertEqual([r['layer'] for r in rows if r['reader'] == READER], LAYERS[LAYERS.index('other-program'):])

    def test_a_card_that_never_answers(self):
        for at in (1, 5, 12):
            world.insert('resident', 'tanaka')
            world.send('resident', f'fault mute at {at}')
            code, rows, _ = doctor()
            self.assertEqual((code, self.blamed(rows)), (1, ['contact']), at)
            world.send('resident', 'remove')
            self.wait_empty()  # a card that is swapped before pcscd has looked is not powered anew

    def test_a_card_the_wrong_way_round(self):
        """It lies there, and the reader itself hears nothing of it."""
        self.wait_empty()
        world.order('resident', 'mute')
        try:
            world.send('resident', 'insert ' + world.at('cards', 'tanaka'))
            worlds.wait_until(lambda: self.blamed(doctor()[1]) == ['contact'], 'the card that says nothing')
            code, rows, said = doctor()
            self.assertEqual((code, self.blamed(rows)), (1, ['contact']))
            self.assertIn('right way round', said)
            world.send('resident', 'remove')
            self.wait_empty()
        finally:
            world.order('resident', 'mute off')
        self.assertEqual(self.blamed(self.with_card('tanaka')[1]), [])

    def test_a_service_that_never_answers(self):
        pcscd = world.processes['pcscd']
        pcscd.send_signal(signal.SIGSTOP)
        try:
            code, rows, said = doctor()
        finally:
            pcscd.send_signal(signal.SIGCONT)
        self.assertEqual((code, self.blamed(rows)), (1, ['pcscd']))
        self.assertIn('systemctl restart pcscd', said)

    def test_other_program(self):
        world.insert('resident', 'tanaka')
        with subprocess.Popen(['python3', '-c', HOLDER], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as holder:
            self.assertEqual(holder.stdout.readline(), 'held\n')
            code, rows, said = doctor()
            holder.stdin.close()
        self.assertEqual((code, self.blamed(rows)), (1, ['other-program']))
        self.assertIn('python3', said)

    def test_other_users_program(self):
        world.insert('resident', 'tanaka')
        with subprocess.Popen(['python3', '-c', HOLDER], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as holder:
            self.assertEqual(holder.stdout.readline(), 'held\n')
            code, rows, said = self.doctor_without_rights()
            holder.stdin.close()
        self.assertEqual((code, self.blamed(rows)), (1, ['other-program']))
        self.assertNotIn('python3', said)
        self.assertIn('another user', said)

    def test_reader_unplugged(self):
        world.order('resident', 'unplug')
        try:
            worlds.wait_until(lambda: self.blamed(doctor()[1]) == ['usb'], 'the reader that is not there')
        finally:
            world.order('resident', 'plug')
        worlds.wait_until(lambda: self.blamed(doctor()[1]) == [], 'the reader that is back')

    def test_card_service(self):
        world.stop('pcscd')
        try:
            report = world.at('run', 'commands.txt')
            code, rows, said = doctor('--report', report)
            self.assertEqual((code, self.blamed(rows)), (1, ['pcscd']))
            with open(report, encoding='utf-8') as f:
                self.assertIn('systemctl start pcscd', f.read(), "the window's clerk reads another sentence: frozen.py")
            self.assertIn('systemctl start pcscd', said)
        finally:
            pcscd_with(world.at('run/readers'))

    def test_usb_and_driver(self):
        empty = world.at('run', 'no-readers')
        os.makedirs(empty, exist_ok=True)
        pcscd_with(empty)
        try:
            for name, devices, layer, word in (
                    ('none', [], 'usb', ''),
                    ('mouse', [{'bInterfaceClass': '03'}], 'usb', ''),
                    ('reader', [{'bInterfaceClass': '0b'}], 'driver', 'libccid'),
                    ('pasori', [{'idVendor': '054c', 'idProduct': '06c3', 'bInterfaceClass': 'ff'}], 'driver', 'RC-S380')):
                code, rows, said = doctor('--usb-folder', usb_folder(name, *devices))
                self.assertEqual((code, self.blamed(rows)), (1, [layer]), name)
                self.assertIn(word, said)
        finally:
            pcscd_with(world.at('run/readers'))

    def test_usb_reader_beside_a_virtual_one(self):
        reader = {'bInterfaceClass': '0b'}
        for name, devices, driver, layers in (('untaken', [reader], None, ['driver']), ('taken', [reader], 'usbfs', []),
                                              ('kernel', [reader], 'cdc_acm', ['driver'])):
            folder = usb_folder('beside-' + name, *devices)
            if driver:
                os.symlink('../../drivers/' + driver, os.path.join(folder, '1-0', 'driver'))
            code, rows, _ = doctor('--usb-folder', folder)
            self.assertEqual((code, self.blamed(rows)), (1 if layers else 0, layers), name)

    def doctor_without_rights(self):
        """As somebody who may not do more than anybody: a namespace may hold no second user, but here nobody is above the
        mode of a file any more, nor may look into the processes of those who still are."""
        with tempfile.TemporaryDirectory() as folder:  # the build may lie where nobody else may look
            program = shutil.copy(command()[0], folder)
            result = subprocess.run(['setpriv', '--bounding-set=-all', '--inh-caps=-all', program, *command()[1:]], cwd='/',
                                    capture_output=True, text=True, timeout=120)
        self.assertIn(result.returncode, (0, 1), result.stderr)
        return result.returncode, json.loads(result.stdout), result.stdout

    def test_permission(self):
        """pcscd of Debian 12 is built without polkit, so the socket's mode is the one door that can be shut here."""
        os.chmod('/run/pcscd/pcscd.comm', 0)
        try:
            code, rows, said = self.doctor_without_rights()
        finally:
            os.chmod('/run/pcscd/pcscd.comm', 0o666)
        self.assertEqual((code, self.blamed(rows)), (1, ['permission']))
        self.assertIn('/run/pcscd/pcscd.comm', said)
        self.assertNotIn('polkit', said, 'which cannot open the door')

    def test_permission_for_a_card(self):
        """polkit's access_card, by a front that answers for pcscd: the readers may be looked at, and no card be touched."""
        info = [world.program('src/ctl/madoguchictl'), '--json', 'card', 'info']
        for rv, language, words in ((0x8010006A, 'en', 'This user may not use'), (0x80100027, 'ja', 'カード')):
            world.insert('resident', 'tanaka')
            with Front(world.at('run', 'front.comm'), rv) as path:
                env = dict(os.environ, PCSCLITE_CSOCK_NAME=path, LC_ALL='C.UTF-8', LANGUAGE=language)
                code, rows, said = doctor(env=env)
                cards = json.loads(subprocess.run(info, capture_output=True, text=True, timeout=120, env=env).stdout)
            self.assertEqual((code, self.blamed(rows)), (1, ['permission']), rows)
            self.assertIn('org.debian.pcsc-lite.access_card', said)
            self.assertIn(words, [r['what'] for r in rows if r['state'] == 'bad'][0])
            self.assertIn(words, [r['trouble'] for r in cards if r['reader'] == READER][0])

    def test_in_words(self):
        world.insert('resident', 'locked')
        result = subprocess.run([c for c in command() if c != '--json'], capture_output=True, text=True, timeout=120)
        self.assertEqual(result.returncode, 1)
        self.assertIn('BAD      PIN: ', result.stdout)
        self.assertIn(READER, result.stdout)


def main():
    global world
    with worlds.World() as world:
        world.start_pads()
        world.start_vcards()
        return 0 if unittest.main(exit=False).result.wasSuccessful() else 1


if __name__ == '__main__':
    worlds.main_guard(main)
