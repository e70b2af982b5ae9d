# SPDX-License-Identifier: Apache-2.0
"""The images of a card's face. Names, addresses and the portraits are committed files (draw-faces makes them); digits
are drawn here."""

import os
import struct
import zlib

FOLDER = os.path.join(os.path.dirname(os.path.realpath(__file__)), 'faces')

# Five by seven, a row per word.
DIGITS = {
    '0': '01110 10001 10011 10101 11001 10001 01110', '1': '00100 01100 00100 00100 00100 00100 01110',
    '2': '01110 10001 00001 00110 01000 10000 11111', '3': '11110 00001 00001 01110 00001 00001 11110',
    '4': '00010 00110 01010 10010 11111 00010 00010', '5': '11111 10000 11110 00001 00001 10001 01110',
    '6': '00110 01000 10000 11110 10001 10001 01110', '7': '11111 00001 00010 00100 01000 01000 01000',
    '8': '01110 10001 10001 01110 10001 10001 01110', '9': '01110 10001 10001 01111 00001 00010 01100'}
CELL, HEIGHT, TOP = 6, 12, 2


def png(width, height, rows):
    """A 1-bit greyscale PNG; rows are packed bytes, 1 is white."""
    def chunk(kind, data):
        return struct.pack('>I', len(data)) + kind + data + struct.pack('>I', zlib.crc32(kind + data))

    raw = b''.join(b'\x00' + row for row in rows)
    return (b'\x89PNG\r\n\x1a\n' + chunk(b'IHDR', struct.pack('>IIBBBBB', width, height, 1, 0, 0, 0, 0))
            + chunk(b'IDAT', zlib.compress(raw, 9)) + chunk(b'IEND', b''))


def digits_png(text):
    """Twelve digits make the 72x12 picture of the number, four the 24x12 one of the security code."""
    width = CELL * len(text)
    glyphs = [DIGITS[c].split() for c in text]
    rows = []
    for y in range(HEIGHT):
        inked = TOP <= y < TOP + 7
        bits = ''.join('0' + g[y - TOP] if inked else '0' * CELL for g in glyphs).ljust((width + 7) // 8 * 8, '0')
        rows.append(bytes(0xFF ^ int(bits[i:i + 8], 2) for i in range(0, len(bits), 8)))
    return png(width, HEIGHT, rows)


def read(name):
    with open(os.path.join(FOLDER, name), 'rb') as f:
        return f.read()


def drawn(person, what):
    """'name' or 'address' of a person."""
    return read(f'{person.id}-{what}.png')


PORTRAITS = 8


def portrait(serial):
    """The photograph: one of the drawn faces, as JPEG 2000."""
    return read(f'portrait-{serial % PORTRAITS}.jp2')
