// SPDX-License-Identifier: Apache-2.0
#include "md-card-profile.h"

#include <md-apdu.h>
#include <md-base.h>
#include <string.h>

#define DER_SEQUENCE 0x30
#define DER_INTEGER 0x02

// DigestInfo of PKCS#1 up to the digest.
static const guint8 sha256_prefix[] = { 0x30, 0x31, 0x30, 0x0d, 0x06, 0x09, 0x60, 0x86, 0x48, 0x01,
                                        0x65, 0x03, 0x04, 0x02, 0x01, 0x05, 0x00, 0x04, 0x20 };

// The command is the one form that every known client of today's card uses. The card of the next
// generation is announced with ECDSA over P-384; its command is not published, and is taken to be
// the same with the bare digest.
static const MdCardProfile profiles[] = {
  { .name = "rsa-2048",
    .hash = G_CHECKSUM_SHA256,
    .digest_size = 32,
    .prefix = sha256_prefix,
    .prefix_size = sizeof sha256_prefix,
    .cla = 0x80,
    .ins = 0x2a,
    .p1 = 0x00,
    .p2 = 0x80,
    .expected = 256,
    .signature_size = 256 },
  { .name = "ecdsa-p384",
    .hash = G_CHECKSUM_SHA384,
    .digest_size = 48,
    .cla = 0x80,
    .ins = 0x2a,
    .p1 = 0x00,
    .p2 = 0x80,
    .expected = 256,
    .component_size = 48 },
};

const MdCardProfile *
md_card_profile_get (guint index)
{
  return index < G_N_ELEMENTS (profiles) ? &profiles[index] : NULL;
}

const MdCardProfile *
md_card_profile_find (const char *name)
{
  for (gsize i = 0; i < G_N_ELEMENTS (profiles); i++)
    if (g_strcmp0 (name, profiles[i].name) == 0)
      return &profiles[i];
  return NULL;
}

// One INTEGER of a signature: positive, shortest form, no longer than the curve's order, and
// nothing in front of it.
static gboolean
read_integer (MdTlvReader *reader, gsize component_size)
{
  MdTlv tlv;
  gsize start = reader->cursor.position;
  if (!md_tlv_reader_next (reader, &tlv) || tlv.tag != DER_INTEGER || tlv.size == 0
      || (tlv.value[0] & 0x80) != 0 || reader->cursor.position - start != tlv.size + 2)
    return FALSE;
  if (tlv.value[0] != 0)
    return tlv.size <= component_size;
  return tlv.size >= 2 && (tlv.value[1] & 0x80) != 0 && tlv.size <= component_size + 1;
}

static gboolean
is_ecdsa_value (const guint8 *data, gsize size, gsize component_size)
{
  gsize header = 0;
  gsize length = 0;
  MdTlvReader inner;
  if (size == 0 || data[0] != DER_SEQUENCE
      || !md_tlv_parse_header (data, size, &header, &length, NULL) || header + length != size
      || header != (length > 127 ? 3 : 2))
    return FALSE;
  md_tlv_reader_init (&inner, data + header, length);
  return read_integer (&inner, component_size) && read_integer (&inner, component_size)
         && md_reader_remaining (&inner.cursor) == 0;
}

static void
write_integer (MdWriter *writer, const guint8 *data, gsize size)
{
  guint8 padded[1 + 66] = { 0 };
  while (size > 1 && data[0] == 0)
    {
      data++;
      size--;
    }
  gsize lead = (data[0] & 0x80) != 0 ? 1 : 0;
  memcpy (padded + lead, data, size);
  md_tlv_write (writer, DER_INTEGER, padded, lead + size);
}

static GBytes *
join_components (const guint8 *data, gsize component_size)
{
  g_autoptr (MdWriter) body = md_writer_new (256);
  g_autoptr (MdWriter) whole = md_writer_new (256);
  write_integer (body, data, component_size);
  write_integer (body, data + component_size, component_size);
  g_autoptr (GBytes) value = md_writer_finish (body, NULL);
  md_tlv_write_bytes (whole, DER_SEQUENCE, value);
  return md_writer_finish (whole, NULL);
}

GBytes *
md_card_profile_read_signature (const MdCardProfile *self, GBytes *answer, GError **error)
{
  gsize size = 0;
  const guint8 *data = g_bytes_get_data (answer, &size);
  if (self->component_size == 0 && size == self->signature_size)
    return g_bytes_ref (answer);
  if (self->component_size > 0 && is_ecdsa_value (data, size, self->component_size))
    return g_bytes_ref (answer);
  if (self->component_size > 0 && size == 2 * self->component_size)
    {
      g_autoptr (GBytes) joined = join_components (data, self->component_size);
      gsize length = 0;
      const guint8 *value = g_bytes_get_data (joined, &length);
      if (is_ecdsa_value (value, length, self->component_size)) // else one of them is zero
        return g_steal_pointer (&joined);
    }
  md_card_error_set_detail (error, MD_CARD_ERROR_PROTOCOL,
                            "%s: a signature of %" G_GSIZE_FORMAT " bytes", self->name, size);
  return NULL;
}
