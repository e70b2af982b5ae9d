// SPDX-License-Identifier: Apache-2.0
#include "config.h"

#include <openssl/err.h>
#include <string.h>
#include <md-base.h>
#include "md-holder.h"
#include "md-openssl-private.h"

#define ARC "1.2.392.200149.8.5.5."
#define TEXT_MAX 200

/* By the last arc of their object identifiers, which begin with 1. */
typedef enum
{
  ATTRIBUTE_NAME,
  ATTRIBUTE_NAME_MARKS,
  ATTRIBUTE_SEX,
  ATTRIBUTE_BIRTH,
  ATTRIBUTE_ADDRESS,
  ATTRIBUTE_ADDRESS_MARKS,
  N_ATTRIBUTES
} Attribute;

struct _MdHolder
{
  gatomicrefcount count;
  MdSecret *values[N_ATTRIBUTES];
};

G_DEFINE_BOXED_TYPE (MdHolder, md_holder, md_holder_ref, md_holder_unref)

MdHolder *
md_holder_ref (MdHolder *self)
{
  g_atomic_ref_count_inc (&self->count);
  return self;
}

void
md_holder_unref (MdHolder *self)
{
  if (self == NULL || !g_atomic_ref_count_dec (&self->count))
    return;
  for (gsize i = 0; i < N_ATTRIBUTES; i++)
    g_clear_pointer (&self->values[i], md_secret_unref);
  g_free (self);
}

static const char *
get (const MdHolder *self, Attribute attribute)
{
  return md_secret_get_text (self->values[attribute]);
}

static gboolean
refuse (GError **error, MdPkiError code, const char *message)
{
  g_set_error_literal (error, MD_PKI_ERROR, (int)code, message);
  return FALSE;
}

/* Which attribute a general name is, or N_ATTRIBUTES for one of another kind. */
static Attribute
attribute_of (const GENERAL_NAME *name)
{
  char oid[64] = "";
  const gsize arc = strlen (ARC);
  int size;

  if (name->type != GEN_OTHERNAME)
    return N_ATTRIBUTES;
  size = OBJ_obj2txt (oid, sizeof oid, name->d.otherName->type_id, 1);
  if (size != (int)arc + 1 || strncmp (oid, ARC, arc) != 0 || oid[arc] < '1'
      || oid[arc] > '0' + N_ATTRIBUTES)
    return N_ATTRIBUTES;
  return (Attribute)(oid[arc] - '1');
}

static gboolean
is_text (const char *data, gsize size)
{
  gsize n = 0;

  if (size == 0 || !g_utf8_validate_len (data, size, NULL))
    return FALSE;
  for (gsize at = 0; at < size; at += (gsize)g_unichar_to_utf8 (g_utf8_get_char (data + at), NULL))
    {
      n++;
      if (g_unichar_iscntrl (g_utf8_get_char (data + at)))
        return FALSE;
    }
  return n <= TEXT_MAX;
}

static gboolean
take_value (MdHolder *self, Attribute attribute, const ASN1_TYPE *value, GError **error)
{
  const char *data;
  gsize size;

  if (self->values[attribute] != NULL)
    return refuse (error, MD_PKI_ERROR_MALFORMED, "an attribute of the holder is there twice");
  if (value == NULL || value->type != V_ASN1_UTF8STRING)
    return refuse (error, MD_PKI_ERROR_MALFORMED, "an attribute of the holder is no text");
  data = (const char *)ASN1_STRING_get0_data (value->value.utf8string);
  size = (gsize)ASN1_STRING_length (value->value.utf8string);
  if (!is_text (data, size))
    return refuse (error, MD_PKI_ERROR_MALFORMED, "an attribute of the holder is no proper text");
  self->values[attribute] = md_secret_new_from_data (data, size);
  return TRUE;
}

/* One mark for each character. */
static gboolean
fit (const char *text, const char *marks)
{
  return strspn (marks, "01") == strlen (marks)
         && strlen (marks) == (gsize)g_utf8_strlen (text, -1);
}

/* Month and day may be 00; else it is a day that there was. */
static gboolean
is_birth (const char *text)
{
  const char *month_and_day = text + 5;
  MdDate date;

  if (!md_digits_is (text, 9) || text[0] > '5')
    return FALSE;
  if (!g_str_has_prefix (month_and_day, "00") && !g_str_has_suffix (text, "00"))
    return md_date_parse_compact (text + 1, &date, NULL);
  return strncmp (month_and_day, "12", 2) <= 0 && strcmp (month_and_day + 2, "31") <= 0;
}

static gboolean
check (const MdHolder *self, GError **error)
{
  for (gsize i = 0; i < N_ATTRIBUTES; i++)
    if (self->values[i] == NULL)
      return refuse (error, MD_PKI_ERROR_MALFORMED, "an attribute of the holder is missing");
  if (!is_birth (get (self, ATTRIBUTE_BIRTH)))
    return refuse (error, MD_PKI_ERROR_MALFORMED, "the holder's birth date has another form");
  if (strlen (get (self, ATTRIBUTE_SEX)) != 1 || strchr ("123", *get (self, ATTRIBUTE_SEX)) == NULL)
    return refuse (error, MD_PKI_ERROR_MALFORMED, "the holder's sex is none of the codes");
  if (!fit (get (self, ATTRIBUTE_NAME), get (self, ATTRIBUTE_NAME_MARKS))
      || !fit (get (self, ATTRIBUTE_ADDRESS), get (self, ATTRIBUTE_ADDRESS_MARKS)))
    return refuse (error, MD_PKI_ERROR_MALFORMED,
                   "the marks of substitute characters do not fit the text");
  return TRUE;
}

/* libcrypto's copies of the texts are wiped with the list. */
static void
wipe_names (GENERAL_NAMES *names)
{
  for (int i = 0; i < sk_GENERAL_NAME_num (names); i++)
    {
      GENERAL_NAME *name = sk_GENERAL_NAME_value (names, i);

      if (name->type == GEN_OTHERNAME && name->d.otherName->value != NULL
          && name->d.otherName->value->type == V_ASN1_UTF8STRING)
        OPENSSL_cleanse (name->d.otherName->value->value.utf8string->data,
                         (gsize)name->d.otherName->value->value.utf8string->length);
    }
  GENERAL_NAMES_free (names);
}

static gboolean
read_names (MdHolder *self, const GENERAL_NAMES *names, GError **error)
{
  gboolean any = FALSE;

  for (int i = 0; i < sk_GENERAL_NAME_num (names); i++)
    {
      const GENERAL_NAME *name = sk_GENERAL_NAME_value (names, i);
      const Attribute attribute = attribute_of (name);

      if (attribute == N_ATTRIBUTES)
        continue;
      any = TRUE;
      if (!take_value (self, attribute, name->d.otherName->value, error))
        return FALSE;
    }
  if (!any)
    return refuse (error, MD_PKI_ERROR_UNSUPPORTED,
                   "the certificate says nothing of its holder: it is not one for signatures");
  return check (self, error);
}

MdHolder *
md_holder_new_from_certificate (const MdCertificate *certificate, GError **error)
{
  g_autoptr (MdHolder) self = g_new0 (MdHolder, 1);
  GENERAL_NAMES *names
      = X509_get_ext_d2i (md_certificate_get_x509 (certificate), NID_subject_alt_name, NULL, NULL);
  gboolean good;

  g_atomic_ref_count_init (&self->count);
  good = read_names (self, names, error);
  wipe_names (names);
  ERR_clear_error ();
  return good ? g_steal_pointer (&self) : NULL;
}

const char *
md_holder_get_name (const MdHolder *self)
{
  return get (self, ATTRIBUTE_NAME);
}

const char *
md_holder_get_address (const MdHolder *self)
{
  return get (self, ATTRIBUTE_ADDRESS);
}

const char *
md_holder_get_birth (const MdHolder *self)
{
  return get (self, ATTRIBUTE_BIRTH) + 1;
}

guint
md_holder_get_birth_era (const MdHolder *self)
{
  return (guint)(get (self, ATTRIBUTE_BIRTH)[0] - '0');
}

MdHolderSex
md_holder_get_sex (const MdHolder *self)
{
  return (MdHolderSex)(get (self, ATTRIBUTE_SEX)[0] - '0');
}

const char *
md_holder_get_name_marks (const MdHolder *self)
{
  return get (self, ATTRIBUTE_NAME_MARKS);
}

const char *
md_holder_get_address_marks (const MdHolder *self)
{
  return get (self, ATTRIBUTE_ADDRESS_MARKS);
}

gboolean
md_holder_has_substitutes (const MdHolder *self)
{
  return strchr (md_holder_get_name_marks (self), '1') != NULL
         || strchr (md_holder_get_address_marks (self), '1') != NULL;
}
