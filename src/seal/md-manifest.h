// SPDX-License-Identifier: Apache-2.0
#pragma once

#if !defined(MD_SEAL_INSIDE) && !defined(MD_SEAL_COMPILATION)
#error "Include <md-seal.h>"
#endif

#include "md-seal-types.h"

G_BEGIN_DECLS

#define MD_TYPE_MANIFEST (md_manifest_get_type ())
#define MD_MANIFEST_SCHEMA "madoguchi-intake/1"
#define MD_MANIFEST_N_NAMED 4u

/** MdManifestPart: one sealed part as the manifest names it; @sha256 is lower-case hexadecimal.
 * @content_type: of an attachment, what kind of document is sealed in it ("application/pdf",
 * "image/jpeg", "image/png", "image/tiff"); NULL where it is not said, and of every other part.
 * @readers: of an attachment, to whom it is sealed: MD_SEAL_READERS_NUMBER or
 * MD_SEAL_READERS_CLASS; NULL from a terminal of before, which sealed it to the application's
 * recipients. Which class is not said: it would tell what kind of paper there is of the person. */
typedef struct
{
  char *name;
  char *sha256;
  guint64 size;
  char *media_type;
  char *content_type;
  char *readers;
} MdManifestPart;

/**
 * MdManifest: a plain record; fields are owned strings (g_free) and may be set directly until it is
 * handed to a builder, which copies it. Strings are at most MD_SEAL_MAX_TEXT bytes of UTF-8, and
 * none holds personal data.
 * @intake: UUIDv7, lower case
 * @replaces: the returned intake that this one takes up again, or NULL; never @intake itself
 * @wall: RFC 3339 in UTC with milliseconds, "2026-11-21T05:30:00.123Z"
 * @received: the day on which it came by post, "2026-11-20", or NULL where it was handed over (or
 * came from a terminal of before this was said)
 * @policy_digest: SHA-256 of the policy of @policy_version as it was signed; lower-case hexadecimal
 * @nonce_state: what the terminal says of @nonce: "fresh", "stale", "absent"; @nonce: the one in
 * the card's challenge, lower-case hexadecimal, "" when absent. It holds nothing personal and lets
 * the gateway check what the sealed evidence binds.
 * @identification_method: "jpki-auth", "jpki-sign", "photo-document"..., as the policy's procedure
 * lists it;
 * @identification_verdict: what came of it, a word of md_policy_look_up_verdict();
 * @identification_revocation: "ocsp", "crl" or "none";
 * @identification_assurance: md_assurance_to_id() of the method, or NULL from a terminal of before
 * there was one
 * @signature_algorithm, @key_agreement, @key_wrap, @content_cipher: names, never assumed; the first
 * is set by the builder, the others are ours from the start
 * @named: what the terminal's service was told of whom the intake is: "who", "number", "shown" and
 * "address", each a digest bound with salt that only the sealed evidence has (lower-case
 * hexadecimal); or all NULL, from a terminal of before it was asked for
 * @differences: how many items of the application are not as they were read, 0 without any: for the
 * day's confirmation list, which cannot open it. Which items is sealed.
 * @number_missing: the form asks for the person's individual number, and it is not there: for the
 * same list
 * @parts: (element-type MdManifestPart); filled in by the builder
 * @delegation_intake, @delegation_number, @delegation_decision: by which accepted letter of
 * delegation it is filed: the letter's intake, its receipt number, and the SHA-256 (lower-case
 * hexadecimal) of the decisionNNN.json that approved it, or its last change; all NULL where it is
 * filed by none, or by a paper
 * @releases: (element-type MdReleaseFiles), in the order of their holds; empty when nothing stopped
 * the intake. Why it was stopped is sealed (md-release.h).
 */
struct _MdManifest
{
  char *intake;
  char *receipt_number;
  char *procedure;
  char *procedure_version;
  char *office;
  char *terminal;
  char *clerk;
  char *replaces;
  char *policy_digest;
  guint policy_version;
  char *wall;
  gint64 monotonic_ns;
  char *boot_id;
  char *nonce_state;
  char *nonce;
  char *identification_method;
  char *identification_verdict;
  char *identification_revocation;
  char *identification_assurance;
  char *named[MD_MANIFEST_N_NAMED];
  char *signature_algorithm;
  char *key_agreement;
  char *key_wrap;
  char *content_cipher;
  guint differences;
  gboolean number_missing;
  GPtrArray *parts;
  GPtrArray *releases;
  char *delegation_intake;
  char *delegation_number;
  char *delegation_decision;
  char *received;
};

GType md_manifest_get_type (void);

/** All fields empty. (transfer full) */
MdManifest *md_manifest_new (void) G_GNUC_WARN_UNUSED_RESULT;
MdManifest *md_manifest_copy (const MdManifest *self) G_GNUC_WARN_UNUSED_RESULT;
void md_manifest_free (MdManifest *self);

/** How many of the parts are attachments, the largest of them, and all of them together, in sealed
 * bytes as the manifest says them. Each may be NULL. */
guint md_manifest_count_attachments (const MdManifest *self, guint64 *out_largest,
                                     guint64 *out_total);

/** The part of this name, or NULL. (transfer none) */
const MdManifestPart *md_manifest_find_part (const MdManifest *self, const char *name);

/** The day in Japan on which the application counts as filed, YYYY-MM-DD: that of its receipt by
 * post, else that on which the intake was begun. NULL when the latter cannot be read. (transfer
 * full) */
char *md_manifest_dup_day (const MdManifest *self) G_GNUC_WARN_UNUSED_RESULT;

/** manifest.json, deterministic. MD_SEAL_ERROR_MALFORMED when a field is missing or impossible.
 * (transfer full) */
GBytes *md_manifest_encode (const MdManifest *self, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/** Strict: unknown or missing members, wrong types, bad ids, bad names are errors. MALFORMED,
 * LIMIT. (transfer full) */
MdManifest *md_manifest_parse (GBytes *json, GError **error) G_GNUC_WARN_UNUSED_RESULT;

G_DEFINE_AUTOPTR_CLEANUP_FUNC (MdManifest, md_manifest_free)

G_END_DECLS
