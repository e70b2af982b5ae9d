// SPDX-License-Identifier: Apache-2.0
#pragma once

#if !defined(MD_SEAL_INSIDE) && !defined(MD_SEAL_COMPILATION)
#error "Include <md-seal.h>"
#endif

#include "md-seal-types.h"
#include <md-pki.h>

G_BEGIN_DECLS

#define MD_TYPE_RELEASE (md_release_get_type ())
#define MD_TYPE_RELEASE_FILES (md_release_files_get_type ())
#define MD_RELEASE_SCHEMA "madoguchi-release/1"

/**
 * MdRelease: a supervisor lets an intake go on that something had stopped. A plain record; strings
 * are owned. Why it was stopped and why it may go on are not in it: whoever reads a manifest must
 * not learn who is protected. @raised and @reason are what the terminal bound itself to with salt
 * that only the sealed evidence has (lower-case hexadecimal, SHA-256). @hold is 1 for the first
 * hold of an intake.
 */
struct _MdRelease
{
  char *intake;
  guint hold;
  char *raised;
  char *reason;
  char *officer;
  char *role;
  char *office;
  char *terminal;
  guint policy_version;
  char *policy_digest;
  char *time;
};

/** MdReleaseFiles: release.json and its detached signature (CAdES-B), as the manifest carries them.
 */
struct _MdReleaseFiles
{
  GBytes *release;
  GBytes *signature;
};

GType md_release_get_type (void);
MdRelease *md_release_new (void) G_GNUC_WARN_UNUSED_RESULT;
MdRelease *md_release_copy (const MdRelease *self) G_GNUC_WARN_UNUSED_RESULT;
void md_release_free (MdRelease *self);

GType md_release_files_get_type (void);

/** Takes references. (transfer full) */
MdReleaseFiles *md_release_files_new (GBytes *release, GBytes *signature) G_GNUC_WARN_UNUSED_RESULT;
MdReleaseFiles *md_release_files_copy (const MdReleaseFiles *self) G_GNUC_WARN_UNUSED_RESULT;
void md_release_files_free (MdReleaseFiles *self);

/** Strict parse of release.json, without any signature. MALFORMED, LIMIT. (transfer full) */
MdRelease *md_release_parse (GBytes *json, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/**
 * Signs @release. Refuses at once what could not be verified: an officer whom @certificate does not
 * name (MISMATCH), and one who shares person, certificate or key with the intake's @clerk
 * (SAME_PERSON). @key may be a card. (transfer full)
 */
MdReleaseFiles *md_release_sign (const MdRelease *release, const MdCertificate *clerk, MdKey *key,
                                 const MdCertificate *certificate, gint64 signing_time,
                                 GError **error) G_GNUC_WARN_UNUSED_RESULT;

/**
 * Verifies a release: its form, the signature with a path to @staff_trust (nullable: not judged) at
 * @time, signer = officer, and that the signer is not @clerk. That it is about this intake, and
 * whether the officer's role and certificate are the policy's, is the caller's to judge. The signer
 * goes to @out_signer (nullable; transfer full). MALFORMED, SIGNATURE, UNTRUSTED, MISMATCH,
 * SAME_PERSON. (transfer full)
 */
MdRelease *md_release_verify (const MdReleaseFiles *files, const MdCertificate *clerk,
                              const MdTrust *staff_trust, gint64 time, MdCmsSigner **out_signer,
                              GError **error) G_GNUC_WARN_UNUSED_RESULT;

G_DEFINE_AUTOPTR_CLEANUP_FUNC (MdRelease, md_release_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (MdReleaseFiles, md_release_files_free)

G_END_DECLS
