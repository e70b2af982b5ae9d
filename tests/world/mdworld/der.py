# SPDX-License-Identifier: Apache-2.0
"""Just enough DER to write the certificate extensions that openssl's configuration language cannot say
(Japanese text inside a directoryName), and to read RSA key files and certificates."""


def tlv(tag, *values):
    body = b''.join(values)
    return bytes([tag]) + length(len(body)) + body


def length(n):
    if n < 0x80:
        return bytes([n])
    octets = n.to_bytes((n.bit_length() + 7) // 8, 'big')
    return bytes([0x80 | len(octets)]) + octets


def oid(dotted):
    arcs = [int(a) for a in dotted.split('.')]
    out = b''
    for arc in [arcs[0] * 40 + arcs[1]] + arcs[2:]:
        chunk = [arc & 0x7F]
        while arc > 0x7F:
            arc >>= 7
            chunk.insert(0, (arc & 0x7F) | 0x80)
        out += bytes(chunk)
    return tlv(0x06, out)


def seq(*values):
    return tlv(0x30, *values)


def utf8(text):
    return tlv(0x0C, text.encode())


def printable(text):
    return tlv(0x13, text.encode('ascii'))


_NAME_OIDS = {'C': '2.5.4.6', 'O': '2.5.4.10', 'OU': '2.5.4.11', 'L': '2.5.4.7', 'CN': '2.5.4.3'}


def name(rdns):
    """rdns: [('C', 'JP'), ('O', ...)]; PrintableString for ASCII, UTF8String for the rest."""
    return seq(*[tlv(0x31, seq(oid(_NAME_OIDS[k]), printable(v) if v.isascii() else utf8(v))) for k, v in rdns])


def directory_name(rdns):
    """GeneralName [4] directoryName (explicit, because Name is a CHOICE)."""
    return tlv(0xA4, name(rdns))


def other_name(type_id, text):
    """GeneralName [0] otherName { type-id, [0] EXPLICIT UTF8String }."""
    return tlv(0xA0, oid(type_id), tlv(0xA0, utf8(text)))


def distribution_point(rdns):
    """One DistributionPoint with only distributionPoint.fullName.directoryName."""
    return seq(tlv(0xA0, tlv(0xA0, directory_name(rdns))))


def for_config(der):
    """The value as openssl's configuration takes it."""
    return 'DER:' + ':'.join(f'{b:02x}' for b in der)


def read_tlv(data, at=0):
    """(tag, value, offset behind it); one-byte tags only."""
    tag, n, at = data[at], data[at + 1], at + 2
    if n & 0x80:
        count = n & 0x7F
        n = int.from_bytes(data[at:at + count], 'big')
        at += count
    return tag, data[at:at + n], at + n


def children(data):
    at, out = 0, []
    while at < len(data):
        tag, value, at = read_tlv(data, at)
        out.append((tag, value))
    return out
