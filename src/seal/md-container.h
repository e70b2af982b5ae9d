// SPDX-License-Identifier: Apache-2.0
#pragma once

#if !defined(MD_SEAL_INSIDE) && !defined(MD_SEAL_COMPILATION)
#error "Include <md-seal.h>"
#endif

#include "md-seal-types.h"
#include <md-pki.h>

G_BEGIN_DECLS

#define MD_TYPE_CONTAINER (md_container_get_type ())

GType md_container_get_type (void);

/**
 * Reads a container, trusting nothing: mimetype first, known entry names only, each once, stored,
 * within the limits, manifest and signatures complete. No digest or signature is checked yet.
 * MALFORMED, LIMIT. (transfer full)
 */
MdContainer *md_container_parse (GBytes *bytes, GError **error) G_GNUC_WARN_UNUSED_RESULT;
MdContainer *md_container_ref (MdContainer *self) G_GNUC_WARN_UNUSED_RESULT;
void md_container_unref (MdContainer *self);

/** The container as it was read, and its SHA-256 in lower-case hexadecimal. (transfer none) */
GBytes *md_container_get_bytes (const MdContainer *self);
const char *md_container_get_sha256 (const MdContainer *self);

const MdManifest *md_container_get_manifest (const MdContainer *self);

/** One entry as stored, or NULL. (transfer none) */
GBytes *md_container_get_entry (const MdContainer *self, const char *name);

/**
 * Verifies everything that can be verified without an opening key: digests, parts against the
 * manifest, the clerk's signature with a path to @staff_trust at @time (the moment it is verified,
 * not the claimed signing time), the signer named in the manifest, each release in the manifest,
 * and each decision inside with the two-person rule. DIGEST, SIGNATURE, UNTRUSTED, MISMATCH,
 * SAME_PERSON, UNSUPPORTED.
 */
gboolean md_container_verify (const MdContainer *self, const MdTrust *staff_trust, gint64 time,
                              GError **error) G_GNUC_WARN_UNUSED_RESULT;

/**
 * The signature only over what is inside: no trust in the certificate, for those who compare it
 * with a certificate they know. The signer of signature 001 goes to @out_clerk (transfer full).
 * DIGEST, SIGNATURE, MISMATCH, UNSUPPORTED.
 */
gboolean md_container_verify_signature (const MdContainer *self, MdCmsSigner **out_clerk,
                                        GError **error) G_GNUC_WARN_UNUSED_RESULT;

/**
 * Whose signature 001 is, also where this release does not take how it is made (UNSUPPORTED of the
 * others): for the words about it; nothing may be accepted by it. NULL when it does not fit.
 * (transfer full)
 */
MdCmsSigner *md_container_find_signer (const MdContainer *self) G_GNUC_WARN_UNUSED_RESULT;

/**
 * Verifies the release @index (from 0) of the manifest, and that it is about this intake: office,
 * terminal, policy and time fit. Role and certificate of the officer are the caller's to hold
 * against the policy; the signer goes to @out_officer (nullable; transfer full). As
 * md_release_verify(). (transfer full)
 */
MdRelease *md_container_verify_release (const MdContainer *self, guint index,
                                        const MdTrust *staff_trust, gint64 time,
                                        MdCmsSigner **out_officer,
                                        GError **error) G_GNUC_WARN_UNUSED_RESULT;

/** Opens one part; the result is wiped when its last reference goes. NO_PART, MD_PKI_ERROR_*.
 * (transfer full) */
GBytes *md_container_open_part (const MdContainer *self, const char *name, MdKey *key,
                                const MdCertificate *certificate,
                                GError **error) G_GNUC_WARN_UNUSED_RESULT;

/** Decisions inside: the highest number (1 when there is none, for the clerk's signature is 001).
 */
guint md_container_get_last_signature (const MdContainer *self);

/** The files of decision @n (2 ...), or NULL. (transfer full) */
MdDecisionFiles *md_container_dup_decision (const MdContainer *self,
                                            guint n) G_GNUC_WARN_UNUSED_RESULT;

/** A new container with the decision appended; its number must be the next. MALFORMED, LIMIT.
 * (transfer full) */
GBytes *md_container_append_decision (const MdContainer *self, const MdDecisionFiles *files,
                                      GError **error) G_GNUC_WARN_UNUSED_RESULT;

G_DEFINE_AUTOPTR_CLEANUP_FUNC (MdContainer, md_container_unref)

G_END_DECLS
