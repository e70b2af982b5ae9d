// SPDX-License-Identifier: Apache-2.0
#pragma once

#if !defined(MD_PKI_INSIDE) && !defined(MD_PKI_COMPILATION)
#error "Include <md-pki.h>"
#endif

#include <md-base.h>
#include "md-pki-types.h"

G_BEGIN_DECLS

#define MD_TYPE_KEY (md_key_get_type ())

/**
 * MdKeyOps: a private key that is somewhere else, for instance on a PIV card.
 * @sign_digest: ECDSA over the 32-byte @digest; returns the DER ECDSA-Sig-Value. (transfer full)
 * @ecdh: multiplies with the peer's uncompressed P-256 @point (65 bytes) and writes the 32-byte X
 *   coordinate to @out_shared, which the caller wipes.
 *
 * Called on the thread that called md_cms_sign_detached(), md_cms_open() and so on. Either may be
 * NULL. A failing callback sets its own error (card removed, wrong PIN, ...), and the md_cms
 * function hands exactly this error on, domain and code unchanged.
 */
typedef struct
{
  GBytes *(*sign_digest) (gpointer user_data, const guint8 *digest, GError **error);
  gboolean (*ecdh) (gpointer user_data, const guint8 *point, guint8 *out_shared, GError **error);
} MdKeyOps;

GType md_key_get_type (void);

/**
 * Reads a private key from a PEM file; @passphrase is NULL for a file that is not encrypted, and is
 * not kept. MD_PKI_ERROR_IO, _MALFORMED, _PASSPHRASE. (transfer full)
 */
MdKey *md_key_new_from_file (const char *path, const char *passphrase,
                             GError **error) G_GNUC_WARN_UNUSED_RESULT;

/**
 * A P-256 key that acts through callbacks; @certificate carries its public half. @ops is copied,
 * @user_data freed with @destroy. MD_PKI_ERROR_UNSUPPORTED when the certificate is not P-256.
 * (transfer full)
 */
MdKey *md_key_new_external (const MdCertificate *certificate, const MdKeyOps *ops,
                            gpointer user_data, GDestroyNotify destroy,
                            GError **error) G_GNUC_WARN_UNUSED_RESULT;

/** A new P-256 key, in locked pages. MD_PKI_ERROR_FAILED. (transfer full) */
MdKey *md_key_generate (GError **error) G_GNUC_WARN_UNUSED_RESULT;

/** A key of this process as PEM, not encrypted; not one that acts through callbacks.
 * MD_PKI_ERROR_FAILED. (transfer full) */
MdSecret *md_key_dup_pem (const MdKey *self, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/** SubjectPublicKeyInfo in DER. (transfer none) */
GBytes *md_key_get_spki (const MdKey *self);

MdKey *md_key_ref (MdKey *self) G_GNUC_WARN_UNUSED_RESULT;
void md_key_unref (MdKey *self);

/** TRUE when the certificate's public key belongs to this key. */
gboolean md_key_matches (const MdKey *self, const MdCertificate *certificate);

/** Signs a 32-byte SHA-256 digest: ECDSA in DER, or RSA PKCS#1 v1.5. (transfer full) */
GBytes *md_key_sign_digest (MdKey *self, const guint8 *digest,
                            GError **error) G_GNUC_WARN_UNUSED_RESULT;

G_DEFINE_AUTOPTR_CLEANUP_FUNC (MdKey, md_key_unref)

G_END_DECLS
