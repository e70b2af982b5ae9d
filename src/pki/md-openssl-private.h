// SPDX-License-Identifier: Apache-2.0
#pragma once

#ifndef MD_PKI_COMPILATION
#error "Private to src/pki"
#endif

#include <glib.h>
#include <openssl/asn1.h>
#include <openssl/bio.h>
#include <openssl/bn.h>
#include <openssl/cms.h>
#include <openssl/evp.h>
#include <openssl/ocsp.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>
#include "md-pki-types.h"

/* libcrypto's handles as automatic variables, and what the files of this folder share about them.
 */

static inline void
md_x509_stack_free (STACK_OF (X509) * stack)
{
  sk_X509_pop_free (stack, X509_free);
}

typedef STACK_OF (X509) MdX509Stack;

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ASN1_OBJECT, ASN1_OBJECT_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (ASN1_TIME, ASN1_TIME_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (BIGNUM, BN_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (BIO, BIO_free_all)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (CMS_ContentInfo, CMS_ContentInfo_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (EVP_PKEY, EVP_PKEY_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (EVP_PKEY_CTX, EVP_PKEY_CTX_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (GENERAL_NAMES, GENERAL_NAMES_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (MdX509Stack, md_x509_stack_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (OCSP_BASICRESP, OCSP_BASICRESP_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (OCSP_CERTID, OCSP_CERTID_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (OCSP_REQUEST, OCSP_REQUEST_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (OCSP_RESPONSE, OCSP_RESPONSE_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (X509, X509_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (X509_CRL, X509_CRL_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (X509_STORE, X509_STORE_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (X509_STORE_CTX, X509_STORE_CTX_free)

/** libcrypto takes many things without const that it does not change. */
static inline gpointer
md_unconst (gconstpointer pointer)
{
  union
  {
    gconstpointer given;
    gpointer wanted;
  } cast = { .given = pointer };
  return cast.wanted;
}

/** The X509 inside. (transfer none) */
X509 *md_certificate_get_x509 (const MdCertificate *self);

/** Wraps an X509 (a new reference is taken). NULL with an error when it cannot be encoded or is too
 * large. */
MdCertificate *md_certificate_new_from_x509 (X509 *x509, GError **error);

/** Empties libcrypto's error queue, and puts its last reason behind @message. */
void md_pki_set_error (GError **error, MdPkiError code, const char *message);

/** What md_pki_set_error() would append, or NULL; empties the queue. (transfer full) */
char *md_pki_take_reason (void);

/** Bytes between @start and @start + @size as a BIO to read from. */
BIO *md_bio_new_bytes (GBytes *bytes);

/** Seconds since 1970; FALSE when the ASN.1 time is not valid. */
gboolean md_asn1_time_to_unix (const ASN1_TIME *time, gint64 *out_unix);

/** Subject or issuer as RFC 2253 text in UTF-8. (transfer full) */
char *md_x509_name_to_text (const X509_NAME *name);

/** The one value of this attribute: NULL when there is none, more than one, or a zero byte inside.
 * (transfer full) */
char *md_x509_name_dup_only (const X509_NAME *name, int nid);

/** An INTEGER in lower-case hexadecimal without leading zeros. (transfer full) */
char *md_asn1_integer_to_hex (const ASN1_INTEGER *integer);

/** One CRL in DER or PEM with nothing behind it; NULL when it is not that, or too large. */
X509_CRL *md_x509_crl_read (GBytes *bytes);
