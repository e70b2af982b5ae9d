// SPDX-License-Identifier: Apache-2.0
#pragma once

#if !defined(MD_PKI_INSIDE) && !defined(MD_PKI_COMPILATION)
#error "Include <md-pki.h>"
#endif

#include "md-pki-types.h"

G_BEGIN_DECLS

/**
 * MdRsaKey: a bare RSA public key, for signatures that no certificate of X.509 stands behind: those
 * of the My Number card's own records. Immutable, reference counted, any thread.
 */
typedef struct _MdRsaKey MdRsaKey;

/** From modulus and exponent, most significant byte first. MD_PKI_ERROR_UNSUPPORTED under 2048 or
 * over 4096 bits, and for an exponent that is even or 1. (transfer full) */
MdRsaKey *md_rsa_key_new (GBytes *modulus, GBytes *exponent,
                          GError **error) G_GNUC_WARN_UNUSED_RESULT;

/** From a SubjectPublicKeyInfo in DER. MD_PKI_ERROR_MALFORMED, _UNSUPPORTED. (transfer full) */
MdRsaKey *md_rsa_key_new_from_spki (GBytes *spki, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/** Adds a reference. (transfer full) */
MdRsaKey *md_rsa_key_ref (MdRsaKey *self) G_GNUC_WARN_UNUSED_RESULT;
void md_rsa_key_unref (MdRsaKey *self);

/**
 * Whether @signature is PKCS#1 v1.5 (block type 1) around exactly @payload: the whole block is
 * compared, nothing in it is skipped. A usual SHA-256 signature has the 51-byte DigestInfo as its
 * payload (md_rsa_key_signs_digest()); the card's face has one of 115 bytes.
 * MD_PKI_ERROR_BAD_SIGNATURE.
 */
gboolean md_rsa_key_signs (const MdRsaKey *self, const guint8 *payload, gsize size,
                           GBytes *signature, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/** The same for a DigestInfo of SHA-256 around @digest: 32 bytes, or more where a signer puts
 * several digests side by side (a multiple of 32, at most 96). */
gboolean md_rsa_key_signs_digest (const MdRsaKey *self, const guint8 *digest, gsize size,
                                  GBytes *signature, GError **error) G_GNUC_WARN_UNUSED_RESULT;

G_DEFINE_AUTOPTR_CLEANUP_FUNC (MdRsaKey, md_rsa_key_unref)

G_END_DECLS
