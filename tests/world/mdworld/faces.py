# SPDX-License-Identifier: Apache-2.0
"""The images of a card's face."""

import os
import struct
import zlib


def png(width, height, rows):
    """A 1-bit greyscale PNG; rows are packed bytes, 1 is white."""
    def chunk(kind, data):
        return struct.pack('>I', len(data)) + kind + data + struct.pack('>I', zlib.crc32(kind + data))

    raw = b''.join(b'\x00' + row for row in rows)
    return (b'\x89PNG\r\n\x1a\n' + chunk(b'IHDR', struct.pack('>IIBBBBB', width, height, 1, 0, 0, 0, 0))
            + chunk(b'IDAT', zlib.compress(raw, 9)) + chunk(b'IEND', b''))


def text_png(text, size=None):
    """Stands for the picture of a line of text: black bars from the text's bytes. No letters are drawn."""
    data = text.encode()
    width, height = size or (8 * len(data), 24)
    row = (data * (width // 8 + 1))[:(width + 7) // 8]
    blank = b'\xff' * len(row)
    return png(width, height, [blank if y in (0, height - 1) else row for y in range(height)])


def portrait():
    """The photograph: a grey silhouette as JPEG 2000."""
    with open(os.path.join(os.path.dirname(__file__), 'portrait.jp2'), 'rb') as f:
        return f.read()
