# SPDX-License-Identifier: Apache-2.0
"""What pcscd tells every program of a reader: the resource manager itself is asked."""

import ctypes

SCOPE_SYSTEM, STATE_PRESENT = 2, 0x20


class _ReaderState(ctypes.Structure):
    _fields_ = [('reader', ctypes.c_char_p), ('data', ctypes.c_void_p), ('known', ctypes.c_ulong),
                ('found', ctypes.c_ulong), ('atr_size', ctypes.c_ulong), ('atr', ctypes.c_ubyte * 33)]


def has_card(name):
    """Whether a program that connected to this reader now would find a card in it."""
    library = ctypes.CDLL('libpcsclite.so.1')
    context = ctypes.c_long()
    if library.SCardEstablishContext(ctypes.c_ulong(SCOPE_SYSTEM), None, None, ctypes.byref(context)) != 0:
        return False
    try:
        state = _ReaderState(reader=name.encode())
        code = library.SCardGetStatusChange(context, ctypes.c_ulong(0), ctypes.byref(state), ctypes.c_ulong(1))
        return code == 0 and bool(state.found & STATE_PRESENT)
    finally:
        library.SCardReleaseContext(context)
