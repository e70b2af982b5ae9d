// SPDX-License-Identifier: Apache-2.0
#include "config.h"

#include <openssl/err.h>
#include <openssl/pem.h>
#include <time.h>
#include <md-base.h>
#include "md-openssl-private.h"

G_DEFINE_QUARK (md_pki_error, md_pki_error)

char *
md_pki_take_reason (void)
{
  unsigned long code = ERR_peek_last_error ();
  const char *reason = code != 0 ? ERR_reason_error_string (code) : NULL;
  char *text = g_strdup (reason);
  ERR_clear_error ();
  return text;
}

void
md_pki_set_error (GError **error, MdPkiError code, const char *message)
{
  g_autofree char *reason = md_pki_take_reason ();

  if (reason != NULL)
    g_set_error (error, MD_PKI_ERROR, (int)code, "%s (%s)", message, reason);
  else
    g_set_error_literal (error, MD_PKI_ERROR, (int)code, message);
}

BIO *
md_bio_new_bytes (GBytes *bytes)
{
  gsize size = 0;
  gconstpointer data = g_bytes_get_data (bytes, &size);

  if (size > G_MAXINT)
    return NULL;
  return BIO_new_mem_buf (size > 0 ? data : "", (int)size);
}

gboolean
md_asn1_time_to_unix (const ASN1_TIME *time, gint64 *out_unix)
{
  struct tm tm = { 0 };

  if (time == NULL || ASN1_TIME_to_tm (time, &tm) != 1)
    return FALSE;
  *out_unix = (gint64)timegm (&tm);
  return TRUE;
}

char *
md_x509_name_to_text (const X509_NAME *name)
{
  g_autoptr (BIO) bio = BIO_new (BIO_s_mem ());
  const unsigned long flags = XN_FLAG_RFC2253 & ~(unsigned long)ASN1_STRFLGS_ESC_MSB;
  char *data = NULL;
  long size;

  if (bio == NULL || X509_NAME_print_ex (bio, name, 0, flags) < 0)
    {
      ERR_clear_error ();
      return g_strdup ("");
    }
  size = BIO_get_mem_data (bio, &data);
  return size > 0 ? g_utf8_make_valid (data, size) : g_strdup ("");
}

char *
md_x509_name_dup_only (const X509_NAME *name, int nid)
{
  const int at = X509_NAME_get_index_by_NID (name, nid, -1);
  unsigned char *utf8 = NULL;
  char *text = NULL;
  int size;

  if (at < 0 || X509_NAME_get_index_by_NID (name, nid, at) >= 0)
    return NULL;
  size = ASN1_STRING_to_UTF8 (&utf8, X509_NAME_ENTRY_get_data (X509_NAME_get_entry (name, at)));
  if (size >= 0 && g_utf8_validate_len ((const char *)utf8, (gsize)size, NULL))
    text = g_strndup ((const char *)utf8, (gsize)size);
  OPENSSL_free (utf8);
  ERR_clear_error ();
  return text;
}

char *
md_asn1_integer_to_hex (const ASN1_INTEGER *integer)
{
  g_autoptr (BIGNUM) number = ASN1_INTEGER_to_BN (integer, NULL);
  char *upper = number != NULL ? BN_bn2hex (number) : NULL;
  const char *digits = upper;
  char *text;

  if (upper == NULL)
    {
      ERR_clear_error ();
      return g_strdup ("");
    }
  while (digits[0] == '0' && digits[1] != '\0')
    digits++;
  text = g_ascii_strdown (digits, -1);
  OPENSSL_free (upper);
  return text;
}

X509_CRL *
md_x509_crl_read (GBytes *bytes)
{
  gsize size = 0;
  const guint8 *data = g_bytes_get_data (bytes, &size);
  const unsigned char *at = data;
  X509_CRL *crl;

  if (size == 0 || size > MD_LIMIT_CRL)
    return NULL;
  if (data[0] != 0x30)
    {
      g_autoptr (BIO) bio = BIO_new_mem_buf (data, (int)size);
      return PEM_read_bio_X509_CRL (bio, NULL, NULL, NULL);
    }
  crl = d2i_X509_CRL (NULL, &at, (long)size);
  if (crl != NULL && at != data + size)
    g_clear_pointer (&crl, X509_CRL_free);
  return crl;
}
