// SPDX-License-Identifier: Apache-2.0
// SELECT and READ as the applications of the resident's card need them.
#include "md-mynumber-private.h"

#include "md-card-status.h"

// What is read first of a file whose length is not known.
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

static gboolean
append_pieces (MdMyNumberCard *self, MdSecret *file, gsize total, MdCardPin pin,
               GCancellable *cancellable, GError **error)
{
  gboolean fits = TRUE;
  for (guint reads = 0; fits && md_secret_get_size (file) < total; reads++)
    {
      if (reads >= MAX_READS)
        {
          md_card_error_set_detail (error, MD_CARD_ERROR_PROTOCOL, "a file in too many pieces");
          return FALSE;
        }
      gsize offset = md_secret_get_size (file);
      gsize wanted = total - offset;
      gsize length = 0;
      g_autoptr (GBytes) piece = _md_mynumber_read (self, offset, wanted, pin, cancellable, error);
      if (piece == NULL)
        return FALSE;
      const guint8 *data = g_bytes_get_data (piece, &length);
      fits = length > 0 && length <= wanted && md_secret_append (file, data, length);
    }
  if (!fits)
    md_card_error_set_detail (error, MD_CARD_ERROR_PROTOCOL, "a file shorter than it says");
  return fits;
}

GBytes *
_md_mynumber_read_measured (MdMyNumberCard *self, MdMyNumberMeasure measure, MdCardPin pin,
                            GCancellable *cancellable, GError **error)
{
  g_autoptr (GBytes) head = _md_mynumber_read (self, 0, HEAD_SIZE, pin, cancellable, error);
  if (head == NULL)
    return NULL;
  gsize length = 0;
  const guint8 *data = g_bytes_get_data (head, &length);
  gsize total = 0;
  if (length < HEAD_SIZE || !measure (data, length, &total) || total <= length)
    return g_steal_pointer (&head);

  g_autoptr (MdSecret) file = md_secret_new (total);
  if (!md_secret_append (file, data, length)
      || !append_pieces (self, file, total, pin, cancellable, error))
    return NULL;
  return md_bytes_new_secret (md_secret_get_data (file), md_secret_get_size (file));
}

GBytes *
_md_mynumber_read_file (MdMyNumberCard *self, const MdMyNumberFile *file, GCancellable *cancellable,
                        GError **error)
{
  if (!_md_mynumber_select_file (self, file->application, file->ef, cancellable, error))
    return NULL;
  return _md_mynumber_read_measured (self, file->measure, file->pin, cancellable, error);
}

gboolean
_md_mynumber_read_issuer (MdMyNumberCard *self, MdMyNumberApplication application,
                          MdCardIssuer *out_issuer, GCancellable *cancellable, GError **error)
{
  const MdMyNumberFile issuer = { application, EF_ISSUER, MD_CARD_PIN_NONE, md_card_measure_file };
  gsize length = 0;
  g_autoptr (GBytes) file = _md_mynumber_read_file (self, &issuer, cancellable, error);
  if (file == NULL)
    return FALSE;
  const guint8 *data = g_bytes_get_data (file, &length);
  return md_card_parse_issuer (data, length, out_issuer, error);
}

GBytes *
_md_mynumber_read_record (MdMyNumberCard *self, GCancellable *cancellable, GError **error)
{
  MdCommand read = { .ins = 0xb2, .p1 = 0x01, .p2 = 0x04, .expected = 256 };
  return md_card_send_reading (self->connection, &read, MD_CARD_PIN_NONE, cancellable, error);
}
