# SPDX-License-Identifier: Apache-2.0
"""Debian's OpenSC as the witnesses use it: its programs, and its PKCS#11 module called as any program would call it."""

import contextlib
import ctypes
import glob
import re
import subprocess

CKR_OK, CKR_GENERAL_ERROR, CKR_PIN_INCORRECT, CKR_PIN_LOCKED = 0, 0x5, 0xA0, 0xA4
CKF_SERIAL_SESSION, CKU_USER = 4, 1
PIN_FLAGS = {0x10000: 'count-low', 0x20000: 'final-try', 0x40000: 'locked'}
WORDS = {CKR_OK: 'ok', CKR_GENERAL_ERROR: 'general-error', CKR_PIN_INCORRECT: 'incorrect', CKR_PIN_LOCKED: 'locked'}


def run(*args, stdin=None):
    """(exit status, standard output, everything that was said)."""
    done = subprocess.run(args, input=stdin, stdout=subprocess.PIPE, stderr=subprocess.PIPE, timeout=60)
    return done.returncode, done.stdout, (done.stdout + done.stderr).decode(errors='replace')


def module():
    return glob.glob('/usr/lib/*/opensc-pkcs11.so')[0]


def pkcs15(reader, *words):
    return run('pkcs15-tool', '--reader', reader, *words)


def pins(reader):
    """What OpenSC lists of the card's PINs: {label: tries left, None where it does not say}."""
    code, _, text = pkcs15(reader, '--list-pins')
    if code != 0:
        raise AssertionError(text)
    found = {}
    for part in text.split('PIN [')[1:]:
        tries = re.search(r'Tries left\s*: (\d+)', part)
        found[part.split(']')[0]] = int(tries.group(1)) if tries else None
    return found


def words(text):
    """The status words that opensc-tool -s has shown, in halves."""
    return re.findall(r'Received \(SW1=0x(..), SW2=0x(..)\)', text)


class _TokenInfo(ctypes.Structure):
    _fields_ = ([('label', ctypes.c_char * 32), ('manufacturer', ctypes.c_char * 32), ('model', ctypes.c_char * 16),
                 ('serial', ctypes.c_char * 16), ('flags', ctypes.c_ulong)]
                + [(f'count{i}', ctypes.c_ulong) for i in range(10)]
                + [('hardware', ctypes.c_ubyte * 2), ('firmware', ctypes.c_ubyte * 2), ('time', ctypes.c_char * 16)])


class Pkcs11:
    """The module, initialised: with Pkcs11() as p11."""

    def __init__(self):
        self.pkcs11 = ctypes.CDLL(module())

    def __enter__(self):
        self._call('C_Initialize', None)
        return self

    def __exit__(self, *_):
        self._call('C_Finalize', None)

    def _call(self, name, *args):
        result = getattr(self.pkcs11, name)(*args)
        if result != CKR_OK:
            raise AssertionError(f'{name}: {result:#x}')

    def tokens(self):
        """{label: slot}."""
        count = ctypes.c_ulong()
        self._call('C_GetSlotList', 1, None, ctypes.byref(count))
        slots = (ctypes.c_ulong * count.value)()
        self._call('C_GetSlotList', 1, slots, ctypes.byref(count))
        return {self._info(slot).label.decode().rstrip(): slot for slot in slots[:count.value]}

    def _info(self, slot):
        info = _TokenInfo()
        self._call('C_GetTokenInfo', ctypes.c_ulong(slot), ctypes.byref(info))
        return info

    def flags(self, label):
        """What CK_TOKEN_INFO says of the user PIN."""
        flags = self._info(self.tokens()[label]).flags
        return {name for bit, name in PIN_FLAGS.items() if flags & bit}

    @contextlib.contextmanager
    def session(self, label):
        session = ctypes.c_ulong()
        self._call('C_OpenSession', ctypes.c_ulong(self.tokens()[label]), ctypes.c_ulong(CKF_SERIAL_SESSION), None, None,
                   ctypes.byref(session))
        yield session
        self._call('C_CloseSession', session)

    def login(self, label, pin):
        """What C_Login answers, and what the token says of its PIN right after."""
        with self.session(label) as session:
            result = self.pkcs11.C_Login(session, ctypes.c_ulong(CKU_USER), pin.encode(), ctypes.c_ulong(len(pin)))
            flags = self.flags(label)
            if result == CKR_OK:
                self._call('C_Logout', session)
        return WORDS.get(result, hex(result)), flags
