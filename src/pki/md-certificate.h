// SPDX-License-Identifier: Apache-2.0
#pragma once

#if !defined(MD_PKI_INSIDE) && !defined(MD_PKI_COMPILATION)
#error "Include <md-pki.h>"
#endif

#include "md-pki-types.h"

G_BEGIN_DECLS

#define MD_TYPE_CERTIFICATE (md_certificate_get_type ())

/** MdKeyType: what kind of public key a certificate carries. */
typedef enum
{
  MD_KEY_TYPE_OTHER,
  MD_KEY_TYPE_RSA,
  MD_KEY_TYPE_EC_P256,
  MD_KEY_TYPE_EC_P384,
} MdKeyType;

/** MdKeyUsage: the bits of the key usage extension that we ask for. */
typedef enum
{
  MD_KEY_USAGE_DIGITAL_SIGNATURE = 1 << 0,
  MD_KEY_USAGE_NON_REPUDIATION = 1 << 1,
  MD_KEY_USAGE_KEY_ENCIPHERMENT = 1 << 2,
  MD_KEY_USAGE_KEY_AGREEMENT = 1 << 3,
  MD_KEY_USAGE_CERT_SIGN = 1 << 4,
  MD_KEY_USAGE_CRL_SIGN = 1 << 5,
} MdKeyUsage;

GType md_certificate_get_type (void);

/** Parses one DER certificate, no trailing bytes. MD_PKI_ERROR_MALFORMED, _TOO_LARGE. (transfer
 * full) */
MdCertificate *md_certificate_new_from_der (GBytes *der, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/** Parses the first certificate of a PEM text. (transfer full) */
MdCertificate *md_certificate_new_from_pem (const char *pem,
                                            GError **error) G_GNUC_WARN_UNUSED_RESULT;

/** Reads one certificate from a file, PEM or DER. Adds MD_PKI_ERROR_IO. (transfer full) */
MdCertificate *md_certificate_new_from_file (const char *path,
                                             GError **error) G_GNUC_WARN_UNUSED_RESULT;

/** Reads every certificate of a PEM (or one DER) file; at least one, else an error.
 *  (transfer container) (element-type MdCertificate), with unref as free function. */
GPtrArray *md_certificate_list_from_file (const char *path,
                                          GError **error) G_GNUC_WARN_UNUSED_RESULT;

/** Adds a reference. Any thread. (transfer full) */
MdCertificate *md_certificate_ref (const MdCertificate *self) G_GNUC_WARN_UNUSED_RESULT;
void md_certificate_unref (MdCertificate *self);

/** The whole certificate in DER. (transfer none) */
GBytes *md_certificate_get_der (const MdCertificate *self);

/** The certificate as a PEM text. (transfer full) */
char *md_certificate_dup_pem (const MdCertificate *self) G_GNUC_WARN_UNUSED_RESULT;

/** Subject and issuer, RFC 2253 text in UTF-8. Never for decisions, only to show. (transfer none)
 */
const char *md_certificate_get_subject (const MdCertificate *self);
const char *md_certificate_get_issuer (const MdCertificate *self);

/** Common name of the subject, or NULL. (transfer none) */
const char *md_certificate_get_subject_cn (const MdCertificate *self);

/** The serialNumber attribute of the subject (our staff id), or NULL. (transfer none) */
const char *md_certificate_get_subject_serial_number (const MdCertificate *self);

/** Serial number of the certificate, lower-case hexadecimal without leading zeros. (transfer none)
 */
const char *md_certificate_get_serial (const MdCertificate *self);

/** First and last second of validity. */
gint64 md_certificate_get_not_before (const MdCertificate *self);
gint64 md_certificate_get_not_after (const MdCertificate *self);

/** SHA-256 over the DER, lower-case hexadecimal. (transfer none) */
const char *md_certificate_get_fingerprint (const MdCertificate *self);

/** SubjectPublicKeyInfo in DER. (transfer none) */
GBytes *md_certificate_get_spki (const MdCertificate *self);

MdKeyType md_certificate_get_key_type (const MdCertificate *self);

/** Public key as an uncompressed point (65 or 97 bytes); NULL when it is not an EC key. (transfer
 * full) */
GBytes *md_certificate_dup_ec_point (const MdCertificate *self) G_GNUC_WARN_UNUSED_RESULT;

/** URIs and DNS names of the subject alternative name, NULL terminated, never NULL. (transfer none)
 */
const char *const *md_certificate_get_san_uris (const MdCertificate *self);
const char *const *md_certificate_get_san_dns (const MdCertificate *self);

/** Dotted OIDs of the certificate policies, NULL terminated, never NULL. (transfer none) */
const char *const *md_certificate_get_policy_oids (const MdCertificate *self);

/** First OCSP URL of the authority information access, or NULL. (transfer none) */
const char *md_certificate_get_ocsp_url (const MdCertificate *self);

/** TRUE when the certificate has a key usage extension with all of the MdKeyUsage bits in @bits. */
gboolean md_certificate_has_key_usage (const MdCertificate *self, guint bits);

/** TRUE when it may issue certificates (basic constraints CA). */
gboolean md_certificate_is_ca (const MdCertificate *self);

/** Same bytes / same public key (two certificates may share one key: that is one person's key). */
gboolean md_certificate_equal (const MdCertificate *a, const MdCertificate *b);
gboolean md_certificate_same_key (const MdCertificate *a, const MdCertificate *b);

/** Same subject name, by the comparison of RFC 5280, 7.1: case and spaces make no other. */
gboolean md_certificate_same_subject (const MdCertificate *a, const MdCertificate *b);

/**
 * Checks a signature over a 32-byte SHA-256 @digest with the certificate's key: RSA PKCS#1 v1.5
 * (what the My Number card makes) or ECDSA in DER (what a PIV card makes). Says nothing about the
 * certificate. MD_PKI_ERROR_BAD_SIGNATURE, _UNSUPPORTED (other key, or RSA under 2048 bits).
 */
gboolean md_certificate_verify_digest (const MdCertificate *self, const guint8 *digest,
                                       GBytes *signature, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/**
 * The same over a digest of @size bytes: 32 (SHA-256), 48 (SHA-384) or 64 (SHA-512), which also
 * says which hash it is.
 */
gboolean md_certificate_verify_hash (const MdCertificate *self, const guint8 *digest, gsize size,
                                     GBytes *signature, GError **error) G_GNUC_WARN_UNUSED_RESULT;

G_DEFINE_AUTOPTR_CLEANUP_FUNC (MdCertificate, md_certificate_unref)

G_END_DECLS
