# SPDX-License-Identifier: Apache-2.0
"""What pcscd tells every program of a reader: the resource manager itself is asked."""

import ctypes

SCOPE_SYSTEM, STATE_PRESENT = 2, 0x20


class _ReaderState(ctypes.Structure):
    _fields_ = [('reader', ctypes.c_char_p), ('data', ctypes.c_void_p), ('known', ctypes.c_ulong),
                ('found', ctypes.c_ulong), ('atr_size', ctypes.c_ulong), ('atr', ctypes.c_ubyte * 33)]


def _state(name):
    """The state of this reader, or None where pcscd knows of none."""
    library = ctypes.CDLL('libpcsclite.so.1')
    context = ctypes.c_long()
    if library.SCardEstablishContext(ctypes.c_ulong(SCOPE_SYSTEM), None, None, ctypes.byref(context)) != 0:
        return None
    try:
        state = _ReaderState(reader=name.encode())
        code = library.SCardGetStatusChange(context, ctypes.c_ulong(0), ctypes.byref(state), ctypes.c_ulong(1))
        return state.found if code == 0 else None
    finally:
        library.SCardReleaseContext(context)


def is_known(name):
    """Whether a program that asked for its readers now would be told of this one."""
    return _state(name) is not None


def has_card(name):
    """Whether a program that connected to this reader now would find a card in it."""
    return bool((_state(name) or 0) & STATE_PRESENT)
