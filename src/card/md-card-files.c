// SPDX-License-Identifier: Apache-2.0
#include "md-card-files.h"

#include "md-card-digest.h"

#include <md-apdu.h>
#include <openssl/sha.h>
#include <string.h>

// Where the outer FF20 may begin at most: cards with two bytes in front of it have been seen.
#define ATTRIBUTES_LEAD_MAX 16

struct _MdCardAttributes
{
  gatomicrefcount count;
  MdSecret *name;
  MdSecret *address;
  MdSecret *birth;
  MdSecret *sex;
  guint8 digest[32];       // over DF22..DF25
  guint8 whole_digest[32]; // over the FF20 that holds them
};

G_DEFINE_BOXED_TYPE (MdCardAttributes, md_card_attributes, md_card_attributes_ref,
                     md_card_attributes_unref)

MdCardAttributes *
md_card_attributes_ref (MdCardAttributes *self)
{
  g_atomic_ref_count_inc (&self->count);
  return self;
}

void
md_card_attributes_unref (MdCardAttributes *self)
{
  if (self == NULL || !g_atomic_ref_count_dec (&self->count))
    return;
  md_secret_unref (self->name);
  md_secret_unref (self->address);
  md_secret_unref (self->birth);
  md_secret_unref (self->sex);
  md_wipe (self, sizeof *self);
  g_free (self);
}

const char *
md_card_attributes_get_name (const MdCardAttributes *self)
{
  return md_secret_get_text (self->name);
}

const char *
md_card_attributes_get_address (const MdCardAttributes *self)
{
  return md_secret_get_text (self->address);
}

const char *
md_card_attributes_get_birth (const MdCardAttributes *self)
{
  return md_secret_get_text (self->birth);
}

const char *
md_card_attributes_get_sex_code (const MdCardAttributes *self)
{
  return md_secret_get_text (self->sex);
}

MdCardSex
md_card_sex_from_code (char code)
{
  static const struct
  {
    char code;
    MdCardSex sex;
  } codes[] = {
    { '1', MD_CARD_SEX_MALE },
    { '2', MD_CARD_SEX_FEMALE },
    { '3', MD_CARD_SEX_OTHER },
    { '9', MD_CARD_SEX_NOT_APPLICABLE },
  };
  for (gsize i = 0; i < G_N_ELEMENTS (codes); i++)
    if (code == codes[i].code)
      return codes[i].sex;
  return MD_CARD_SEX_UNKNOWN;
}

MdCardSex
md_card_attributes_get_sex (const MdCardAttributes *self)
{
  const char *code = md_secret_get_text (self->sex);
  return code[0] != '\0' && code[1] == '\0' ? md_card_sex_from_code (code[0]) : MD_CARD_SEX_UNKNOWN;
}

const guint8 *
md_card_attributes_get_digest (const MdCardAttributes *self)
{
  return self->digest;
}

gboolean
md_card_attributes_has_digest (const MdCardAttributes *self, const guint8 *digest)
{
  return memcmp (self->digest, digest, sizeof self->digest) == 0
         || memcmp (self->whole_digest, digest, sizeof self->whole_digest) == 0;
}

static gboolean
refuse (GError **error, const char *what)
{
  md_card_error_set_detail (error, MD_CARD_ERROR_PROTOCOL, "%s", what);
  return FALSE;
}

static gboolean
is_digits (const guint8 *data, gsize length)
{
  for (gsize i = 0; i < length; i++)
    if (!g_ascii_isdigit (data[i]))
      return FALSE;
  return length > 0;
}

MdSecret *
md_card_parse_number (const guint8 *file, gsize length, GError **error)
{
  MdTlv tlv;
  if (!md_tlv_find (file, length, 0xff10, &tlv, NULL) || tlv.size != 12
      || !is_digits (tlv.value, tlv.size))
    {
      refuse (error, "EF 0001 of the text application is not twelve digits");
      return NULL;
    }
  return md_secret_new_from_data (tlv.value, tlv.size);
}

// Text that may be shown: UTF-8 without control characters (C0, DEL, and C1, which begins with C2).
static gboolean
is_showable (const guint8 *data, gsize length)
{
  if (length == 0 || !g_utf8_validate_len ((const char *)data, length, NULL))
    return FALSE;
  for (gsize i = 0; i < length; i++)
    if (data[i] < 0x20 || data[i] == 0x7f || (data[i] == 0xc2 && data[i + 1] < 0xa0))
      return FALSE;
  return TRUE;
}

// The outer FF20, wherever it begins.
static gboolean
find_attributes (const guint8 *file, gsize length, MdTlv *out_tlv)
{
  for (gsize lead = 0; lead < ATTRIBUTES_LEAD_MAX && lead + 2 <= length; lead++)
    {
      gsize header = 0;
      gsize size = 0;
      if (file[lead] != 0xff || file[lead + 1] != 0x20)
        continue;
      if (!md_tlv_parse_header (file + lead, length - lead, &header, &size, NULL)
          || size > length - lead - header)
        continue;
      *out_tlv = (MdTlv){
        .tag = 0xff20, .value = file + lead + header, .size = size, .total = header + size
      };
      return TRUE;
    }
  return FALSE;
}

// SHA-256 over the value of FF20 without its offset table DF21.
static void
digest_attributes (const MdTlv *outer, const MdTlv *table, guint8 *out_digest)
{
  MdCardPiece pieces[2] = { { outer->value, 0 }, { outer->value, outer->size } };
  if (table->value != NULL)
    {
      const guint8 *end = table->value + table->size;
      pieces[0].size = (gsize)(end - outer->value) - table->total;
      pieces[1].data = end;
      pieces[1].size = outer->size - pieces[0].size - table->total;
    }
  md_card_digest (pieces, G_N_ELEMENTS (pieces), out_digest);
}

// Splits the value of FF20 into the table DF21 (fields[0]) and DF22..DF25.
static gboolean
split_attributes (const MdTlv *outer, MdTlv *fields, GError **error)
{
  MdTlvReader reader;
  MdTlv tlv;
  md_tlv_reader_init (&reader, outer->value, outer->size);
  while (md_tlv_reader_next (&reader, &tlv))
    {
      if (tlv.tag < 0xdf21 || tlv.tag > 0xdf25)
        continue;
      MdTlv *field = &fields[tlv.tag - 0xdf21];
      if (field->value != NULL)
        return refuse (error, "EF 0002 of the text application has an item twice");
      *field = tlv;
    }
  if (md_tlv_reader_failed (&reader))
    return refuse (error, "EF 0002 of the text application is not BER-TLV");
  return TRUE;
}

static gboolean
check_attributes (const MdTlv *fields, GError **error)
{
  const MdTlv *name = &fields[1];
  const MdTlv *address = &fields[2];
  const MdTlv *birth = &fields[3];
  const MdTlv *sex = &fields[4];
  if (name->value == NULL || !is_showable (name->value, name->size))
    return refuse (error, "EF 0002 of the text application: no name");
  if (address->value == NULL || !is_showable (address->value, address->size))
    return refuse (error, "EF 0002 of the text application: no address");
  if (birth->value == NULL || birth->size != 8 || !is_digits (birth->value, birth->size))
    return refuse (error, "EF 0002 of the text application: no birth date");
  if (sex->value == NULL || sex->size != 1 || !g_ascii_isgraph (sex->value[0]))
    return refuse (error, "EF 0002 of the text application: no sex code");
  return TRUE;
}

MdCardAttributes *
md_card_parse_attributes (const guint8 *file, gsize length, GError **error)
{
  MdTlv outer;
  MdTlv fields[5] = { 0 };
  if (!find_attributes (file, length, &outer))
    {
      refuse (error, "EF 0002 of the text application has no FF20");
      return NULL;
    }
  if (!split_attributes (&outer, fields, error) || !check_attributes (fields, error))
    return NULL;

  MdCardAttributes *self = g_new0 (MdCardAttributes, 1);
  g_atomic_ref_count_init (&self->count);
  self->name = md_secret_new_from_data (fields[1].value, fields[1].size);
  self->address = md_secret_new_from_data (fields[2].value, fields[2].size);
  self->birth = md_secret_new_from_data (fields[3].value, fields[3].size);
  self->sex = md_secret_new_from_data (fields[4].value, fields[4].size);
  digest_attributes (&outer, &fields[0], self->digest);
  SHA256 (outer.value + outer.size - outer.total, outer.total, self->whole_digest);
  return self;
}

MdCardAttributes *
md_card_attributes_new (const char *name, const char *address, const char *birth, const char *sex)
{
  g_return_val_if_fail (name != NULL && address != NULL && birth != NULL && sex != NULL, NULL);
  MdCardAttributes *self = g_new0 (MdCardAttributes, 1);
  g_atomic_ref_count_init (&self->count);
  self->name = md_secret_new_from_text (name);
  self->address = md_secret_new_from_text (address);
  self->birth = md_secret_new_from_text (birth);
  self->sex = md_secret_new_from_text (sex);
  return self;
}

gboolean
md_card_parse_integrity (const guint8 *file, gsize length, MdCardIntegrity *out_integrity,
                         GError **error)
{
  static const guint32 number_path[] = { 0xff30, 0xdf31, 0 };
  static const guint32 attributes_path[] = { 0xff30, 0xdf32, 0 };
  static const guint32 signature_path[] = { 0xff30, 0xdf33, 0 };
  MdTlv number;
  MdTlv attributes;
  MdTlv signature;
  if (!md_tlv_find_path (file, length, number_path, &number, NULL)
      || !md_tlv_find_path (file, length, attributes_path, &attributes, NULL)
      || !md_tlv_find_path (file, length, signature_path, &signature, NULL) || number.size != 32
      || attributes.size != 32 || signature.size != 256
      || attributes.value != number.value + number.size + 3)
    return refuse (error, "EF 0003 of the text application is not two digests and a signature");

  memcpy (out_integrity->number_digest, number.value, 32);
  memcpy (out_integrity->attributes_digest, attributes.value, 32);
  memcpy (out_integrity->signed_part, number.value - 3, sizeof out_integrity->signed_part);
  memcpy (out_integrity->signature, signature.value, 256);
  return TRUE;
}

// The 297 bytes that a card-verifiable certificate signs: identifiers, exponent, modulus.
static gboolean
read_issuer_body (const MdTlv *body, MdCardIssuer *issuer)
{
  MdReader reader;
  MdTlv exponent;
  MdTlv modulus;
  if (body->size != sizeof issuer->signed_part)
    return FALSE;
  md_reader_init (&reader, body->value, body->size);
  memcpy (issuer->signed_part, body->value, body->size);
  memcpy (issuer->authority, md_reader_bytes (&reader, 16), 16);
  memcpy (issuer->holder, md_reader_bytes (&reader, 16), 16);
  gsize key_size = md_reader_remaining (&reader);
  const guint8 *key = md_reader_bytes (&reader, key_size);
  if (!md_tlv_find (key, key_size, 0x90, &exponent, NULL)
      || !md_tlv_find (key, key_size, 0x91, &modulus, NULL)
      || exponent.size != sizeof issuer->exponent || modulus.size != sizeof issuer->modulus)
    return FALSE;
  memcpy (issuer->exponent, exponent.value, exponent.size);
  memcpy (issuer->modulus, modulus.value, modulus.size);
  return TRUE;
}

gboolean
md_card_parse_issuer (const guint8 *file, gsize length, MdCardIssuer *out_issuer, GError **error)
{
  MdTlv outer;
  MdTlv body;
  MdTlv signature;
  MdCardIssuer issuer;
  if (md_tlv_find (file, length, 0x7f21, &outer, NULL))
    {
      file = outer.value;
      length = outer.size;
    }
  if (!md_tlv_find (file, length, 0x5f4e, &body, NULL)
      || !md_tlv_find (file, length, 0x5f37, &signature, NULL)
      || signature.size != sizeof issuer.signature || !read_issuer_body (&body, &issuer))
    return refuse (error, "not a card-verifiable certificate");
  memcpy (issuer.signature, signature.value, signature.size);
  *out_issuer = issuer;
  return TRUE;
}

gboolean
md_card_measure_file (const guint8 *head, gsize length, gsize *out_total)
{
  gsize header = 0;
  gsize size = 0;
  if (!md_tlv_parse_header (head, length, &header, &size, NULL))
    return FALSE;
  if (size > MD_CARD_FILE_MAX - header)
    return FALSE;
  *out_total = header + size;
  return TRUE;
}

gboolean
md_card_measure_attributes (const guint8 *head, gsize length, gsize *out_total)
{
  for (gsize lead = 0; lead < ATTRIBUTES_LEAD_MAX && lead + 2 <= length; lead++)
    if (head[lead] == 0xff && head[lead + 1] == 0x20
        && md_card_measure_file (head + lead, length - lead, out_total))
      {
        *out_total += lead;
        return *out_total <= MD_CARD_FILE_MAX;
      }
  return FALSE;
}

// Whether these are the three parts of a certificate, whose lengths add up. What is in them is
// src/pki's business.
static gboolean
is_certificate (const guint8 *data, gsize length)
{
  static const guint32 parts[] = { 0x30, 0x30, 0x03 };
  MdTlvReader reader;
  MdTlv tlv;
  gsize total = 0; // without what the reader takes for filler, which DER does not know
  md_tlv_reader_init (&reader, data, length);
  for (gsize i = 0; i < G_N_ELEMENTS (parts); i++)
    {
      if (!md_tlv_reader_next (&reader, &tlv) || tlv.tag != parts[i])
        return FALSE;
      total += tlv.total;
    }
  return total == length;
}

GBytes *
md_card_parse_certificate (const guint8 *file, gsize length, GError **error)
{
  gsize header = 0;
  gsize size = 0;
  if (length == 0 || file[0] == 0xff || file[0] == 0x00)
    {
      md_card_error_set (error, MD_CARD_ERROR_NO_DATA);
      return NULL;
    }
  if (file[0] != 0x30 || !md_tlv_parse_header (file, length, &header, &size, NULL)
      || size > length - header || header + size > MD_LIMIT_CARD_CERTIFICATE
      || !is_certificate (file + header, size))
    {
      refuse (error, "a certificate file that does not begin with a whole DER certificate");
      return NULL;
    }
  return md_bytes_new_secret (file, header + size); // it may name a person
}

MdTokenKind
md_card_parse_token_label (const guint8 *file, gsize length, char **out_label)
{
  static const struct
  {
    const char *label;
    MdTokenKind kind;
  } labels[] = {
    { "JPKIAPICCTOKEN2", MD_TOKEN_CARD },
    { "JPKIAPICCTOKEN", MD_TOKEN_OLD_CARD },
    { "JPKIAPGPSETOKEN", MD_TOKEN_ANDROID },
    { "JPKIAPIOSTOKEN", MD_TOKEN_IPHONE },
  };
  char label[33] = { 0 };
  for (gsize i = 0; i < MIN (length, 32) && g_ascii_isprint (file[i]); i++)
    label[i] = (char)file[i];
  g_strchomp (label);
  if (out_label != NULL)
    *out_label = g_strdup (label);
  for (gsize i = 0; i < G_N_ELEMENTS (labels); i++)
    if (g_str_equal (label, labels[i].label))
      return labels[i].kind;
  return MD_TOKEN_UNKNOWN;
}

gboolean
md_card_parse_certificate_flags (const guint8 *file, gsize length, gboolean *out_sign_present,
                                 gboolean *out_auth_present)
{
  if (length < 2)
    return FALSE;
  *out_sign_present = file[0] == 0x8f;
  *out_auth_present = file[1] == 0x8f;
  return TRUE;
}

gboolean
md_card_parse_common (const guint8 *record, gsize length, MdCardCommon *out_common, GError **error)
{
  MdReader reader;
  md_reader_init (&reader, record, length);
  guint8 tag = md_reader_u8 (&reader);
  guint8 size = md_reader_u8 (&reader);
  const guint8 *digits = md_reader_bytes (&reader, 28);
  if (digits == NULL || tag != 0x01 || size != 28 || !is_digits (digits, 28))
    return refuse (error, "EF 0001 of the common application is not 28 digits");
  *out_common = (MdCardCommon){ 0 };
  memcpy (out_common->serial, digits, 15);
  memcpy (out_common->municipality, digits + 15, 5);
  memcpy (out_common->expiry, digits + 20, 8);
  return TRUE;
}

GBytes *
md_card_parse_piv_certificate (const guint8 *object, gsize length, GError **error)
{
  MdTlv outer;
  MdTlv certificate = { 0 };
  if (!md_tlv_find (object, length, 0x53, &outer, NULL))
    {
      refuse (error, "a PIV object without 53");
      return NULL;
    }
  if (outer.size == 0)
    {
      md_card_error_set (error, MD_CARD_ERROR_NO_DATA);
      return NULL;
    }
  MdTlvReader reader;
  md_tlv_reader_init (&reader, outer.value, outer.size);
  gboolean compressed = FALSE;
  MdTlv tlv;
  while (md_tlv_reader_next (&reader, &tlv))
    {
      if (tlv.tag == 0x70 && certificate.value == NULL)
        certificate = tlv;
      if (tlv.tag == 0x71 && tlv.size > 0)
        compressed = (tlv.value[0] & 0x01) != 0;
    }
  if (certificate.value == NULL || md_tlv_reader_failed (&reader))
    {
      refuse (error, "a PIV object without a certificate");
      return NULL;
    }
  if (compressed)
    {
      md_card_error_set_detail (error, MD_CARD_ERROR_UNSUPPORTED, "compressed PIV certificate");
      return NULL;
    }
  return md_card_parse_certificate (certificate.value, certificate.size, error);
}

GBytes *
md_card_parse_piv_response (const guint8 *template, gsize length, GError **error)
{
  static const guint32 path[] = { 0x7c, 0x82, 0 };
  MdTlv value;
  if (!md_tlv_find_path (template, length, path, &value, NULL) || value.size == 0)
    {
      refuse (error, "a PIV answer without 7C 82");
      return NULL;
    }
  return md_bytes_new_wiped (value.value, value.size);
}
