// SPDX-License-Identifier: Apache-2.0
// SELECT and READ as the applications of the resident's card need them.
#include "md-mynumber-private.h"

#include "md-card-status.h"

// What is asked for first of a file whose length is not known.
#define HEAD_SIZE 256

// The largest file in pieces of half of what is asked for at a time.
#define MAX_READS 256

// In each application that has a signed file.
#define EF_ISSUER 0x0004

gboolean
_md_mynumber_select (MdMyNumberCard *self, MdMyNumberApplication application,
                     GCancellable *cancellable, GError **error)
{
  static const struct
  {
    const guint8 *aid;
    gsize size;
  } applications[] = {
    [MD_MYNUMBER_JPKI] = { md_card_aid_jpki, sizeof md_card_aid_jpki },
    [MD_MYNUMBER_TEXT] = { md_card_aid_text, sizeof md_card_aid_text },
    [MD_MYNUMBER_VISUAL] = { md_card_aid_visual, sizeof md_card_aid_visual },
    [MD_MYNUMBER_COMMON] = { md_card_aid_common, sizeof md_card_aid_common },
    [MD_MYNUMBER_MANAGER] = { md_card_aid_manager, sizeof md_card_aid_manager },
  };
  if (self->application == application)
    return TRUE;
  guint16 sw = 0;
  self->application = MD_MYNUMBER_NONE;
  if (!md_card_select_application (self->connection, applications[application].aid,
                                   applications[application].size, &sw, cancellable, error))
    return FALSE;
  if (sw != MD_SW_OK)
    {
      md_card_error_from_sw (error, sw, MD_CARD_PIN_NONE);
      return FALSE;
    }
  self->application = application;
  return TRUE;
}

gboolean
_md_mynumber_select_file (MdMyNumberCard *self, MdMyNumberApplication application, guint16 ef,
                          GCancellable *cancellable, GError **error)
{
  if (!_md_mynumber_select (self, application, cancellable, error))
    return FALSE;
  guint8 id[2] = { (guint8)(ef >> 8), (guint8)(ef & 0xff) };
  MdCommand select = { .ins = 0xa4, .p1 = 0x02, .p2 = 0x0c, .data = id, .data_size = sizeof id };
  g_autoptr (GBytes) answer
      = md_card_send_expecting_ok (self->connection, &select, MD_CARD_PIN_NONE, cancellable, error);
  return answer != NULL;
}

GBytes *
_md_mynumber_read (MdMyNumberCard *self, gsize offset, gsize wanted, MdCardPin pin,
                   GCancellable *cancellable, GError **error)
{
  MdCommand read = {
    .ins = 0xb0, .p1 = (guint8)(offset >> 8), .p2 = (guint8)(offset & 0xff), .expected = wanted
  };
  if (wanted > 256) // who asks for less needs not know
    read.expected = MIN (wanted, md_card_connection_get_longest (self->connection, cancellable));
  return md_card_send_reading (self->connection, &read, pin, cancellable, error);
}

// Until TOTAL bytes of FILE are in WHOLE, which has room for those that are asked for.
static gboolean
append_pieces (MdMyNumberCard *self, const MdMyNumberFile *file, MdSecret *whole, gsize total,
               GCancellable *cancellable, GError **error)
{
  const gsize end = MAX (total, file->size);
  gboolean fits = TRUE;
  for (guint reads = 0; fits && md_secret_get_size (whole) < total; reads++)
    {
      if (reads >= MAX_READS)
        {
          md_card_error_set_detail (error, MD_CARD_ERROR_PROTOCOL, "a file in too many pieces");
          return FALSE;
        }
      gsize offset = md_secret_get_size (whole);
      gsize wanted = end - offset;
      gsize length = 0;
      g_autoptr (GBytes) piece
          = _md_mynumber_read (self, offset, wanted, file->pin, cancellable, error);
      if (piece == NULL)
        return FALSE;
      const guint8 *data = g_bytes_get_data (piece, &length);
      fits = length > 0 && length <= wanted && md_secret_append (whole, data, length);
    }
  if (!fits)
    md_card_error_set_detail (error, MD_CARD_ERROR_PROTOCOL, "a file shorter than it says");
  return fits;
}

// What is still wanted of FILE behind HEAD. A short answer is not the end of a file: the file
// itself says where that is, and where it says nothing, HEAD is all there is.
static GBytes *
read_rest (MdMyNumberCard *self, const MdMyNumberFile *file, GBytes *head,
           GCancellable *cancellable, GError **error)
{
  gsize length = 0;
  const guint8 *data = g_bytes_get_data (head, &length);
  gsize total = 0;
  if (length == 0 || !file->measure (data, length, &total) || total <= length)
    return g_bytes_ref (head);

  g_autoptr (MdSecret) whole = md_secret_new (MAX (total, file->size));
  if (!md_secret_append (whole, data, length)
      || !append_pieces (self, file, whole, total, cancellable, error))
    return NULL;
  return md_bytes_new_secret (md_secret_get_data (whole), md_secret_get_size (whole));
}

GBytes *
_md_mynumber_read_on (MdMyNumberCard *self, const MdMyNumberFile *file, GBytes *beginning,
                      GCancellable *cancellable, GError **error)
{
  if (!_md_mynumber_select_file (self, file->application, file->ef, cancellable, error))
    return NULL;
  if (beginning != NULL)
    return read_rest (self, file, beginning, cancellable, error);
  const gsize first = file->size > 0 ? file->size : HEAD_SIZE;
  g_autoptr (GBytes) head = _md_mynumber_read (self, 0, first, file->pin, cancellable, error);
  return head != NULL ? read_rest (self, file, head, cancellable, error) : NULL;
}

GBytes *
_md_mynumber_read_file (MdMyNumberCard *self, const MdMyNumberFile *file, GCancellable *cancellable,
                        GError **error)
{
  return _md_mynumber_read_on (self, file, NULL, cancellable, error);
}

gboolean
_md_mynumber_read_issuer (MdMyNumberCard *self, MdMyNumberApplication application,
                          MdCardIssuer *out_issuer, GCancellable *cancellable, GError **error)
{
  const MdMyNumberFile issuer
      = { application, EF_ISSUER, MD_CARD_PIN_NONE, md_card_measure_file, 0 };
  gsize length = 0;
  g_autoptr (GBytes) file = _md_mynumber_read_file (self, &issuer, cancellable, error);
  if (file == NULL)
    return FALSE;
  const guint8 *data = g_bytes_get_data (file, &length);
  return md_card_parse_issuer (data, length, out_issuer, error);
}

gboolean
_md_mynumber_is_blank (const guint8 *data, gsize length)
{
  for (gsize i = 1; i < length; i++)
    if (data[i] != data[0])
      return FALSE;
  return TRUE;
}

GBytes *
_md_mynumber_read_record (MdMyNumberCard *self, GCancellable *cancellable, GError **error)
{
  MdCommand read = { .ins = 0xb2, .p1 = 0x01, .p2 = 0x04, .expected = 256 };
  return md_card_send_reading (self->connection, &read, MD_CARD_PIN_NONE, cancellable, error);
}
