// SPDX-License-Identifier: Apache-2.0
#pragma once

#if !defined(MD_PKI_INSIDE) && !defined(MD_PKI_COMPILATION)
#error "Include <md-pki.h>"
#endif

#include "md-pki-types.h"

G_BEGIN_DECLS

#define MD_TYPE_CMS_SIGNER (md_cms_signer_get_type ())

/* What we write; readers of the manifest find the same words there. */
#define MD_CMS_SIGNATURE_ALGORITHM "ecdsa-with-SHA256"
#define MD_CMS_KEY_AGREEMENT "dhSinglePass-stdDH-sha256kdf-scheme"
#define MD_CMS_KEY_WRAP "id-aes256-wrap"
#define MD_CMS_CONTENT_CIPHER "id-aes256-GCM"

/**
 * Seals @size bytes to every certificate of @recipients (element-type MdCertificate): CMS
 * AuthEnvelopedData in DER, AES-256-GCM; ECDH with the X9.63 KDF over SHA-256 and AES-256 key wrap
 * for EC, OAEP over SHA-256 for RSA. Recipients are named by issuer and serial number and are not
 * judged here. (transfer full)
 */
GBytes *md_cms_seal (const guint8 *data, gsize size, const GPtrArray *recipients,
                     GError **error) G_GNUC_WARN_UNUSED_RESULT;

/**
 * Opens what md_cms_seal() made. Only AES-256-GCM with a 16-byte tag is accepted; nothing comes out
 * unless the tag fits. The bytes returned are wiped when their last reference goes.
 * MD_PKI_ERROR_NOT_RECIPIENT, _DAMAGED, _MALFORMED, _UNSUPPORTED, _TOO_LARGE, or an external key's
 * own error. (transfer full)
 */
GBytes *md_cms_open (GBytes *sealed, MdKey *key, const MdCertificate *certificate,
                     GError **error) G_GNUC_WARN_UNUSED_RESULT;

/** TRUE when @certificate is one of the recipients; FALSE also for bytes that are not sealed at
 * all. */
gboolean md_cms_is_recipient (GBytes *sealed, const MdCertificate *certificate);

/** TRUE when the part is sealed to each of @certificates (MdCertificate, at least one) and to
 * nobody else, as far as it names who can open it: one wrapped key for each, and no other kind of
 * recipient.
 */
gboolean md_cms_is_sealed_to (GBytes *sealed,
                              const GPtrArray *certificates) G_GNUC_WARN_UNUSED_RESULT;

/** Checks form and algorithms of a sealed part without any key; the number of recipients goes to
 * @out_recipients. */
gboolean md_cms_check_sealed (GBytes *sealed, guint *out_recipients,
                              GError **error) G_GNUC_WARN_UNUSED_RESULT;

/**
 * Signs @content, which is not put inside: CAdES-B (content type, message digest, signing time, ESS
 * signing-certificate-v2), SHA-256, with the certificate and @chain (nullable) inside.
 * @signing_time in seconds. MD_PKI_ERROR_KEY_MISMATCH, or an external key's own error. (transfer
 * full)
 */
GBytes *md_cms_sign_detached (GBytes *content, MdKey *key, const MdCertificate *certificate,
                              const GPtrArray *chain, gint64 signing_time,
                              GError **error) G_GNUC_WARN_UNUSED_RESULT;

/** The same with @content inside. (transfer full) */
GBytes *md_cms_sign_attached (GBytes *content, MdKey *key, const MdCertificate *certificate,
                              const GPtrArray *chain, gint64 signing_time,
                              GError **error) G_GNUC_WARN_UNUSED_RESULT;

/**
 * Checks that exactly one signer signed exactly @content, with the certificate named in the signed
 * attributes. Says nothing about whether that certificate is trusted: ask an MdTrust about
 * md_cms_signer_get_certificate(). MD_PKI_ERROR_UNSUPPORTED only for a signature that fits, made
 * with a stronger digest or another key than we take; what cannot be verified does not fit
 * (MD_PKI_ERROR_BAD_SIGNATURE), whatever it says that it is. (transfer full)
 */
MdCmsSigner *md_cms_verify_detached (GBytes *signature, GBytes *content,
                                     GError **error) G_GNUC_WARN_UNUSED_RESULT;

/**
 * The same for who has to know whose signature it is that we do not take: *@out_taken is FALSE
 * where the other would say MD_PKI_ERROR_UNSUPPORTED. Nothing may be accepted by such a one.
 * (transfer full)
 */
MdCmsSigner *md_cms_verify_detached_any (GBytes *signature, GBytes *content, gboolean *out_taken,
                                         GError **error) G_GNUC_WARN_UNUSED_RESULT;

/** The same for a signature with its content inside, which goes to @out_content. (transfer full) */
MdCmsSigner *md_cms_verify_attached (GBytes *signed_data, GBytes **out_content,
                                     GError **error) G_GNUC_WARN_UNUSED_RESULT;

/** At most so many sign one thing. */
#define MD_CMS_MAX_SIGNERS 8

/**
 * The same where several may have signed, each of them all of it: one signer at least, and every
 * one verified (RFC 5652, 5.1: signerInfos). Whether they are different people is for the caller to
 * see. (transfer full) (element-type MdCmsSigner)
 */
GPtrArray *md_cms_verify_attached_by_each (GBytes *signed_data, GBytes **out_content,
                                           GError **error) G_GNUC_WARN_UNUSED_RESULT;

GType md_cms_signer_get_type (void);
MdCmsSigner *md_cms_signer_ref (MdCmsSigner *self) G_GNUC_WARN_UNUSED_RESULT;
void md_cms_signer_unref (MdCmsSigner *self);

/** Who signed, when by its own word, and the other certificates found inside. (transfer none) */
MdCertificate *md_cms_signer_get_certificate (const MdCmsSigner *self);
gint64 md_cms_signer_get_time (const MdCmsSigner *self);
const GPtrArray *md_cms_signer_get_chain (const MdCmsSigner *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (MdCmsSigner, md_cms_signer_unref)

G_END_DECLS
