// SPDX-License-Identifier: Apache-2.0
#include <string.h>
#include <openssl/core_names.h>
#include <openssl/evp.h>
#include <openssl/kdf.h>
#include <openssl/params.h>
#include <glib/gi18n.h>

#include "md-staff-desk.h"
#include "md-staff-password.h"

/* 32 MiB and some tens of milliseconds: enough to make guessing slow, little enough for a counter
 * PC. */
#define COST_N 32768u
#define COST_R 8u
#define COST_P 1u
#define MAX_MEMORY (256u * 1024u * 1024u)
#define SALT_SIZE 16
#define OUTPUT_SIZE 32
#define MIN_CHARACTERS 8

struct _MdPasswordVerifier
{
  guint n;
  guint r;
  guint p;
  guint8 salt[SALT_SIZE];
  guint8 output[OUTPUT_SIZE];
};

static gboolean
derive (const MdPasswordVerifier *self, const MdSecret *password, guint8 output[OUTPUT_SIZE])
{
  guint64 n = self->n, memory = MAX_MEMORY;
  guint32 r = self->r, p = self->p;
  EVP_KDF *kdf = EVP_KDF_fetch (NULL, "SCRYPT", NULL);
  EVP_KDF_CTX *context = EVP_KDF_CTX_new (kdf);
  /* OpenSSL takes the pointers without const but does not write through them. */
  g_autoptr (MdSecret) copy
      = md_secret_new_from_data (md_secret_get_data (password), md_secret_get_size (password));
  gsize size = md_secret_get_size (copy);
  guint8 salt[SALT_SIZE];
  OSSL_PARAM params[] = {
    OSSL_PARAM_construct_octet_string (OSSL_KDF_PARAM_PASSWORD, md_secret_resize (copy, size),
                                       size),
    OSSL_PARAM_construct_octet_string (OSSL_KDF_PARAM_SALT, salt, sizeof salt),
    OSSL_PARAM_construct_uint64 (OSSL_KDF_PARAM_SCRYPT_N, &n),
    OSSL_PARAM_construct_uint32 (OSSL_KDF_PARAM_SCRYPT_R, &r),
    OSSL_PARAM_construct_uint32 (OSSL_KDF_PARAM_SCRYPT_P, &p),
    OSSL_PARAM_construct_uint64 (OSSL_KDF_PARAM_SCRYPT_MAXMEM, &memory),
    OSSL_PARAM_construct_end (),
  };
  gboolean derived;

  memcpy (salt, self->salt, sizeof salt);
  derived = context != NULL && EVP_KDF_derive (context, output, OUTPUT_SIZE, params) == 1;
  EVP_KDF_CTX_free (context);
  EVP_KDF_free (kdf);
  return derived;
}

static gboolean
fail (GError **error)
{
  g_set_error_literal (
      error, MD_STAFF_ERROR, MD_STAFF_ERROR_FAILED,
      _ ("The password could not be checked. Restart the terminal; if it happens again, "
         "call the administrator."));
  return FALSE;
}

MdPasswordVerifier *
md_password_verifier_new (const MdSecret *password, GError **error)
{
  g_autoptr (MdPasswordVerifier) self = g_atomic_rc_box_new0 (MdPasswordVerifier);

  self->n = COST_N;
  self->r = COST_R;
  self->p = COST_P;
  md_random_fill (self->salt, sizeof self->salt);
  if (!derive (self, password, self->output))
    {
      fail (error);
      return NULL;
    }
  return g_steal_pointer (&self);
}

char *
md_password_verifier_to_string (const MdPasswordVerifier *self)
{
  g_autofree char *salt = md_hex_encode (self->salt, sizeof self->salt);
  g_autofree char *output = md_hex_encode (self->output, sizeof self->output);

  return g_strdup_printf ("scrypt$%u$%u$%u$%s$%s", self->n, self->r, self->p, salt, output);
}

static gboolean
parse_hex (const char *text, guint8 *out, gsize size)
{
  g_autoptr (GBytes) bytes = md_hex_decode (text, NULL);

  if (bytes == NULL || g_bytes_get_size (bytes) != size)
    return FALSE;
  memcpy (out, g_bytes_get_data (bytes, NULL), size);
  return TRUE;
}

static gboolean
parse_number (const char *text, guint min, guint max, guint *out)
{
  guint64 value;

  if (!g_ascii_string_to_unsigned (text, 10, min, max, &value, NULL))
    return FALSE;
  *out = (guint)value;
  return TRUE;
}

MdPasswordVerifier *
md_password_verifier_parse (const char *text, GError **error)
{
  g_autoptr (MdPasswordVerifier) self = g_atomic_rc_box_new0 (MdPasswordVerifier);
  g_auto (GStrv) words = g_strsplit (text != NULL ? text : "", "$", 7);

  /* The bounds keep a damaged row from costing gigabytes. */
  if (g_strv_length (words) == 6 && g_str_equal (words[0], "scrypt")
      && parse_number (words[1], 1024, 1u << 17, &self->n) && (self->n & (self->n - 1)) == 0
      && parse_number (words[2], 1, 8, &self->r) && parse_number (words[3], 1, 4, &self->p)
      && parse_hex (words[4], self->salt, sizeof self->salt)
      && parse_hex (words[5], self->output, sizeof self->output))
    return g_steal_pointer (&self);
  g_set_error_literal (
      error, MD_STAFF_ERROR, MD_STAFF_ERROR_FAILED,
      _ ("The stored password of this officer is damaged. The administrator has to set "
         "a new one."));
  return NULL;
}

gboolean
md_password_verifier_matches (const MdPasswordVerifier *self, const MdSecret *password)
{
  guint8 output[OUTPUT_SIZE];
  guint8 difference = 0;

  if (!derive (self, password, output))
    return FALSE;
  for (gsize i = 0; i < OUTPUT_SIZE; i++)
    difference = (guint8)(difference | (output[i] ^ self->output[i]));
  md_wipe (output, sizeof output);
  return difference == 0;
}

static void
wipe (gpointer data)
{
  md_wipe (data, sizeof (MdPasswordVerifier));
}

MdPasswordVerifier *
md_password_verifier_ref (MdPasswordVerifier *self)
{
  return g_atomic_rc_box_acquire (self);
}

void
md_password_verifier_unref (MdPasswordVerifier *self)
{
  if (self != NULL)
    g_atomic_rc_box_release_full (self, wipe);
}

/* "aaaa...", "1234...", "hgfe...": each character follows the one before by the same step of -1, 0
 * or 1. */
static gboolean
is_plain_row (const char *text)
{
  gunichar before = g_utf8_get_char (text);
  gint64 step = 2;

  for (const char *p = g_utf8_find_next_char (text, NULL); *p != '\0';
       p = g_utf8_find_next_char (p, NULL))
    {
      gunichar now = g_utf8_get_char (p);
      gint64 this_step = (gint64)now - (gint64)before;

      if (this_step < -1 || this_step > 1 || (step != 2 && this_step != step))
        return FALSE;
      step = this_step;
      before = now;
    }
  return TRUE;
}

gboolean
md_password_is_acceptable (const MdSecret *password, const char *staff, GError **error)
{
  const char *text = md_secret_get_text (password);
  const char *why = NULL;

  if (!g_utf8_validate_len (text, md_secret_get_size (password), NULL))
    why = _ ("The password has characters that cannot be read. Choose another one.");
  else if (g_utf8_strlen (text, -1) < MIN_CHARACTERS)
    why = _ ("The password is too short. Choose one of at least 8 characters.");
  else if (is_plain_row (text))
    why = _ (
        "The password is too easy to guess. Do not use one character over and over, or a row such "
        "as 12345678.");
  else if (g_ascii_strcasecmp (text, staff) == 0)
    why = _ ("The password is the staff number. Choose another one.");
  if (why == NULL)
    return TRUE;
  g_set_error_literal (error, MD_STAFF_ERROR, MD_STAFF_ERROR_WEAK, why);
  return FALSE;
}
