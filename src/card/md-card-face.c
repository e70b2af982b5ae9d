// SPDX-License-Identifier: Apache-2.0
#include "md-card-face.h"

#include "md-card-digest.h"

#include <md-apdu.h>
#include <string.h>

#define TAG_FACE 0xff20u
#define TAG_TABLE 0xdf21u
#define TABLE_SIZE 18 // nine offsets: DF22 to DF2A

// Fields by tag, from DF21.
enum
{
  FIELD_TABLE,
  FIELD_BIRTH,
  FIELD_SEX,
  FIELD_KEY,
  FIELD_NAME,
  FIELD_ADDRESS,
  FIELD_PHOTO,
  FIELD_SIGNATURE,
  FIELD_EXPIRY,
  FIELD_CODE,
  N_FIELDS,
};

struct _MdCardFace
{
  gatomicrefcount count;
  MdSecret *birth;
  char sex;
  char expiry[9];
  MdSecret *images[3];
  guint8 part_digests[MD_CARD_FACE_PARTS_SIZE];
  guint8 whole_digest[32];
  guint8 signature[256];
};

G_DEFINE_BOXED_TYPE (MdCardFace, md_card_face, md_card_face_ref, md_card_face_unref)

MdCardFace *
md_card_face_ref (MdCardFace *self)
{
  g_atomic_ref_count_inc (&self->count);
  return self;
}

void
md_card_face_unref (MdCardFace *self)
{
  if (self == NULL || !g_atomic_ref_count_dec (&self->count))
    return;
  md_secret_unref (self->birth);
  for (gsize i = 0; i < G_N_ELEMENTS (self->images); i++)
    md_secret_unref (self->images[i]);
  md_wipe (self, sizeof *self);
  g_free (self);
}

const char *
md_card_face_get_birth (const MdCardFace *self)
{
  return md_secret_get_text (self->birth);
}

const char *
md_card_face_get_expiry (const MdCardFace *self)
{
  return self->expiry;
}

MdCardSex
md_card_face_get_sex (const MdCardFace *self)
{
  return md_card_sex_from_code (self->sex);
}

MdSecret *
md_card_face_get_image (const MdCardFace *self, MdCardImage which)
{
  g_return_val_if_fail (which < G_N_ELEMENTS (self->images), NULL);
  return self->images[which];
}

const guint8 *
md_card_face_get_part_digests (const MdCardFace *self)
{
  return self->part_digests;
}

const guint8 *
md_card_face_get_whole_digest (const MdCardFace *self)
{
  return self->whole_digest;
}

const guint8 *
md_card_face_get_signature (const MdCardFace *self)
{
  return self->signature;
}

static gboolean
refuse (GError **error, const char *what)
{
  md_card_error_set_detail (error, MD_CARD_ERROR_PROTOCOL, "EF 0002 of the visual application: %s",
                            what);
  return FALSE;
}

gboolean
md_card_measure_face (const guint8 *head, gsize length, gsize *out_total)
{
  gsize header = 0;
  gsize size = 0;
  MdReader reader;
  guint16 offset = 0;
  if (!md_card_measure_file (head, length, out_total)
      || !md_tlv_parse_header (head, length, &header, &size, NULL))
    return FALSE;
  md_reader_init (&reader, head + header, length - header);
  if (md_reader_u16be (&reader) != TAG_TABLE || md_reader_u8 (&reader) != TABLE_SIZE)
    return TRUE;
  for (guint i = 0; i < TABLE_SIZE / 2; i++)
    {
      guint16 next = md_reader_u16be (&reader);
      if (md_reader_failed (&reader) || next <= offset || next >= *out_total)
        return TRUE;
      offset = next;
    }
  *out_total = offset;
  return TRUE;
}

// The elements of FF20 that have been read; the last of them must be whole, but need not be there.
static gboolean
split (const guint8 *file, gsize length, MdTlv *fields, GError **error)
{
  gsize header = 0;
  gsize size = 0;
  MdTlvReader reader;
  MdTlv tlv;
  if (length < 2 || file[0] != TAG_FACE >> 8 || file[1] != (TAG_FACE & 0xff)
      || !md_tlv_parse_header (file, length, &header, &size, NULL))
    return refuse (error, "no FF20");
  md_tlv_reader_init (&reader, file + header, MIN (size, length - header));
  while (md_tlv_reader_next (&reader, &tlv))
    {
      if (tlv.tag < TAG_TABLE || tlv.tag >= TAG_TABLE + N_FIELDS)
        continue;
      MdTlv *field = &fields[tlv.tag - TAG_TABLE];
      if (field->value != NULL)
        return refuse (error, "an item twice");
      *field = tlv;
    }
  if (md_tlv_reader_failed (&reader))
    return refuse (error, "not BER-TLV");
  return TRUE;
}

static gboolean
is_date (const MdTlv *field)
{
  gboolean good = field->value != NULL && field->size == 8;
  for (gsize i = 0; good && i < field->size; i++)
    good = g_ascii_isdigit (field->value[i]);
  return good;
}

static gboolean
check (const MdTlv *fields, GError **error)
{
  if (!is_date (&fields[FIELD_BIRTH]))
    return refuse (error, "no birth date");
  if (fields[FIELD_EXPIRY].value != NULL && !is_date (&fields[FIELD_EXPIRY]))
    return refuse (error, "an expiry that is no date");
  if (fields[FIELD_SEX].value == NULL || fields[FIELD_SEX].size != 1)
    return refuse (error, "no sex code");
  if (fields[FIELD_KEY].value == NULL)
    return refuse (error, "no key");
  for (guint i = FIELD_NAME; i <= FIELD_PHOTO; i++)
    if (fields[i].value == NULL || fields[i].size == 0 || fields[i].size > MD_CARD_IMAGE_MAX)
      return refuse (error, "a picture is missing or too large");
  if (fields[FIELD_SIGNATURE].value == NULL || fields[FIELD_SIGNATURE].size != 256)
    return refuse (error, "no signature");
  return TRUE;
}

static void
digest_fields (const MdTlv *fields, guint first, guint last, guint8 *out_digest)
{
  MdCardPiece pieces[N_FIELDS] = { 0 };
  for (guint i = first; i <= last; i++)
    pieces[i - first]
        = (MdCardPiece){ fields[i].value + fields[i].size - fields[i].total, fields[i].total };
  md_card_digest (pieces, last - first + 1, out_digest);
}

MdCardFace *
md_card_parse_face (const guint8 *file, gsize length, GError **error)
{
  MdTlv fields[N_FIELDS] = { 0 };
  if (!split (file, length, fields, error) || !check (fields, error))
    return NULL;
  MdCardFace *self = g_new0 (MdCardFace, 1);
  g_atomic_ref_count_init (&self->count);
  self->birth = md_secret_new_from_data (fields[FIELD_BIRTH].value, fields[FIELD_BIRTH].size);
  self->sex = (char)fields[FIELD_SEX].value[0];
  if (fields[FIELD_EXPIRY].value != NULL)
    memcpy (self->expiry, fields[FIELD_EXPIRY].value, fields[FIELD_EXPIRY].size);
  for (guint i = 0; i < G_N_ELEMENTS (self->images); i++)
    self->images[i]
        = md_secret_new_from_data (fields[FIELD_NAME + i].value, fields[FIELD_NAME + i].size);
  digest_fields (fields, FIELD_BIRTH, FIELD_KEY, self->part_digests);
  digest_fields (fields, FIELD_NAME, FIELD_ADDRESS, self->part_digests + 32);
  digest_fields (fields, FIELD_PHOTO, FIELD_PHOTO, self->part_digests + 64);
  digest_fields (fields, FIELD_BIRTH, FIELD_PHOTO, self->whole_digest);
  memcpy (self->signature, fields[FIELD_SIGNATURE].value, sizeof self->signature);
  return self;
}
