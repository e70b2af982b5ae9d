// SPDX-License-Identifier: Apache-2.0
#pragma once

#ifndef MD_SEAL_COMPILATION
#error "Private to src/seal"
#endif

#include "md-container.h"
#include "md-decision.h"
#include "md-manifest.h"
#include "md-names-private.h"
#include "md-release.h"
#include "md-zip-private.h"

struct _MdContainer
{
  GBytes *bytes;
  char *sha256;
  GPtrArray *entries; /* MdZipEntry */
  MdManifest *manifest;
  guint last_signature;
};

/** SHA-256 in lower-case hexadecimal. (transfer full) */
char *md_seal_sha256 (GBytes *bytes);

/** What signature 001 covers: the manifest and the parts; elements share the bytes. (transfer full)
 */
GPtrArray *md_container_entries_of_clerk (const GPtrArray *entries);

/** What the signature of decision @n covers: the decision, the manifest and the clerk's signature.
 * NULL when one of the last two is missing. (transfer full) */
GPtrArray *md_container_entries_of_decision (const MdContainer *self, guint n, GBytes *decision);

/** A numbered entry, or NULL. (transfer none) */
GBytes *md_container_get_numbered (const MdContainer *self, MdSealName kind, guint number);

/** Name of the signature algorithm that this certificate's key makes. */
const char *md_seal_signature_algorithm (const MdCertificate *certificate);

/** Signature over @asic with the digests of @covered, by a certificate whose common name is @staff
 * (@anybody: whatever it is); the signer is not judged when @trust is NULL. (transfer full) */
typedef struct
{
  guint number;
  GBytes *asic;
  GBytes *signature;
  const GPtrArray *covered;
  const char *staff;
  gboolean anybody;
  const MdTrust *trust;
  gint64 time;
} MdSealCheck;

/** Whether @trust (NULL: not judged) accepts the signer's certificate at @time; @of: whose it is.
 * UNTRUSTED. */
gboolean md_seal_check_trust (const MdTrust *trust, const MdCmsSigner *signer, gint64 time,
                              const char *of, GError **error);

/** Whose signature @signature over @content is, also where we do not take how it is made
 * (*@out_taken FALSE): the certificate is judged first. SIGNATURE, LIMIT, FAILED. (transfer full)
 */
MdCmsSigner *md_seal_verify_signature (GBytes *signature, GBytes *content, const char *of,
                                       gboolean *out_taken, GError **error);

/** UNSUPPORTED unless @taken: the last that is asked of a signature. */
gboolean md_seal_is_taken (gboolean taken, const char *of, GError **error);

MdCmsSigner *md_seal_check_signature (const MdSealCheck *check, GError **error);
