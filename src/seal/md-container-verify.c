// SPDX-License-Identifier: Apache-2.0
#include "config.h"

#include <md-base.h>
#include <string.h>
#include "md-asic-private.h"
#include "md-container-private.h"

#define MD_SEAL_RSA_ALGORITHM "sha256WithRSAEncryption"

char *
md_seal_sha256 (GBytes *bytes)
{
  return g_compute_checksum_for_bytes (G_CHECKSUM_SHA256, bytes);
}

static void
add_kind (GPtrArray *to, const GPtrArray *from, MdSealName wanted)
{
  guint number = 0;

  for (guint i = 0; i < from->len; i++)
    {
      const MdZipEntry *entry = g_ptr_array_index (from, i);

      if (md_seal_name_read (entry->name, &number) == wanted)
        md_zip_entries_add (to, entry->name, entry->bytes);
    }
}

GPtrArray *
md_container_entries_of_clerk (const GPtrArray *entries)
{
  GPtrArray *covered = md_zip_entries_new ();

  add_kind (covered, entries, MD_SEAL_NAME_MANIFEST);
  add_kind (covered, entries, MD_SEAL_NAME_PART);
  return covered;
}

GPtrArray *
md_container_entries_of_decision (const MdContainer *self, guint n, GBytes *decision)
{
  GPtrArray *covered = md_zip_entries_new ();
  g_autofree char *decision_name = md_seal_name_make (MD_SEAL_NAME_DECISION, n);
  g_autofree char *signature_name = md_seal_name_make (MD_SEAL_NAME_SIGNATURE, 1);

  md_zip_entries_add (covered, decision_name, decision);
  md_zip_entries_add (covered, MD_SEAL_ENTRY_MANIFEST,
                      md_container_get_entry (self, MD_SEAL_ENTRY_MANIFEST));
  md_zip_entries_add (covered, signature_name, md_container_get_entry (self, signature_name));
  return covered;
}

gboolean
md_seal_check_trust (const MdTrust *trust, const MdCmsSigner *signer, gint64 time, const char *of,
                     GError **error)
{
  g_autoptr (MdVerdict) verdict = NULL;

  if (trust == NULL)
    return TRUE;
  verdict = md_trust_check (trust, md_cms_signer_get_certificate (signer),
                            md_cms_signer_get_chain (signer), time);
  if (md_verdict_get_status (verdict) == MD_VERDICT_VALID)
    return TRUE;
  g_set_error (error, MD_SEAL_ERROR, MD_SEAL_ERROR_UNTRUSTED,
               "the certificate of %s is not accepted: %s (%s)", of,
               md_verdict_status_to_string (md_verdict_get_status (verdict)),
               md_verdict_get_detail (verdict));
  return FALSE;
}

MdCmsSigner *
md_seal_verify_signature (GBytes *signature, GBytes *content, const char *of, gboolean *out_taken,
                          GError **error)
{
  g_autoptr (GError) cause = NULL;
  MdCmsSigner *signer = md_cms_verify_detached_any (signature, content, out_taken, &cause);

  if (signer == NULL)
    g_set_error (error, MD_SEAL_ERROR,
                 g_error_matches (cause, MD_PKI_ERROR, MD_PKI_ERROR_FAILED) ? MD_SEAL_ERROR_FAILED
                 : g_error_matches (cause, MD_PKI_ERROR, MD_PKI_ERROR_TOO_LARGE)
                     ? MD_SEAL_ERROR_LIMIT
                     : MD_SEAL_ERROR_SIGNATURE,
                 "%s: %s", of, cause->message);
  return signer;
}

gboolean
md_seal_is_taken (gboolean taken, const char *of, GError **error)
{
  if (!taken)
    g_set_error (error, MD_SEAL_ERROR, MD_SEAL_ERROR_UNSUPPORTED,
                 "%s fits, but is not with SHA-256 and a key of ours", of);
  return taken;
}

MdCmsSigner *
md_seal_check_signature (const MdSealCheck *check, GError **error)
{
  g_autofree char *of = g_strdup_printf ("signature %03u", check->number);
  g_autoptr (MdCmsSigner) signer = NULL;
  gboolean taken = FALSE;

  if (!md_asic_check (check->asic, check->number, check->covered, error))
    return NULL;
  signer = md_seal_verify_signature (check->signature, check->asic, of, &taken, error);
  if (signer == NULL || !md_seal_check_trust (check->trust, signer, check->time, of, error))
    return NULL;
  if (!check->anybody
      && g_strcmp0 (md_certificate_get_subject_cn (md_cms_signer_get_certificate (signer)),
                    check->staff)
             != 0)
    {
      g_set_error (error, MD_SEAL_ERROR, MD_SEAL_ERROR_MISMATCH,
                   "%s is not by the staff member it names", of);
      return NULL;
    }
  return md_seal_is_taken (taken, of, error) ? g_steal_pointer (&signer) : NULL;
}

const char *
md_seal_signature_algorithm (const MdCertificate *certificate)
{
  return md_certificate_get_key_type (certificate) == MD_KEY_TYPE_RSA ? MD_SEAL_RSA_ALGORITHM
                                                                      : MD_CMS_SIGNATURE_ALGORITHM;
}

static gboolean
check_parts (const MdContainer *self, GError **error)
{
  for (guint i = 0; i < self->manifest->parts->len; i++)
    {
      const MdManifestPart *part = g_ptr_array_index (self->manifest->parts, i);
      GBytes *bytes = md_container_get_entry (self, part->name);
      g_autofree char *sha256 = md_seal_sha256 (bytes);

      if (strcmp (sha256, part->sha256) != 0)
        {
          g_set_error (error, MD_SEAL_ERROR, MD_SEAL_ERROR_DIGEST,
                       "%s is not the part that the manifest names", part->name);
          return FALSE;
        }
      if (!md_cms_check_sealed (bytes, NULL, error))
        return FALSE;
    }
  return TRUE;
}

/* The manifest, which is signed, names what made the signature. A name that no key makes here is a
 * later release's. */
static gboolean
check_algorithm (const MdContainer *self, const MdCertificate *clerk, GError **error)
{
  const char *named = self->manifest->signature_algorithm;
  const gboolean known = strcmp (named, MD_SEAL_RSA_ALGORITHM) == 0
                         || strcmp (named, MD_CMS_SIGNATURE_ALGORITHM) == 0;

  if (strcmp (md_seal_signature_algorithm (clerk), named) == 0)
    return TRUE;
  g_set_error_literal (error, MD_SEAL_ERROR,
                       known ? MD_SEAL_ERROR_MISMATCH : MD_SEAL_ERROR_UNSUPPORTED,
                       "the manifest names another signature algorithm");
  return FALSE;
}

static MdCmsSigner *
check_clerk (const MdContainer *self, const MdTrust *trust, gint64 time, GError **error)
{
  g_autoptr (GPtrArray) covered = md_container_entries_of_clerk (self->entries);
  const MdSealCheck check = {
    .number = 1,
    .asic = md_container_get_numbered (self, MD_SEAL_NAME_ASIC_MANIFEST, 1),
    .signature = md_container_get_numbered (self, MD_SEAL_NAME_SIGNATURE, 1),
    .covered = covered,
    .staff = self->manifest->clerk,
    .trust = trust,
    .time = time,
  };

  g_autoptr (MdCmsSigner) signer = NULL;

  if (!check_parts (self, error))
    return NULL;
  signer = md_seal_check_signature (&check, error);
  return signer != NULL && check_algorithm (self, md_cms_signer_get_certificate (signer), error)
             ? g_steal_pointer (&signer)
             : NULL;
}

gboolean
md_container_verify_signature (const MdContainer *self, MdCmsSigner **out_clerk, GError **error)
{
  MdCmsSigner *signer = check_clerk (self, NULL, 0, error);

  if (signer == NULL)
    return FALSE;
  if (out_clerk != NULL)
    *out_clerk = signer;
  else
    md_cms_signer_unref (signer);
  return TRUE;
}

static MdCmsSigner *
find_signer (GBytes *signature, GBytes *asic)
{
  gboolean taken = FALSE;

  return signature != NULL && asic != NULL
             ? md_cms_verify_detached_any (signature, asic, &taken, NULL)
             : NULL;
}

MdCmsSigner *
md_container_find_signer (const MdContainer *self)
{
  return find_signer (md_container_get_numbered (self, MD_SEAL_NAME_SIGNATURE, 1),
                      md_container_get_numbered (self, MD_SEAL_NAME_ASIC_MANIFEST, 1));
}

MdCmsSigner *
md_decision_find_signer (const MdDecisionFiles *files)
{
  return find_signer (files->signature, files->manifest);
}

/* The release is about this very intake, and was made while it was taken in. */
static gboolean
release_fits (const MdManifest *manifest, const MdRelease *release, GError **error)
{
  gint64 begun = 0, made = 0;

  if (strcmp (release->intake, manifest->intake) == 0
      && strcmp (release->office, manifest->office) == 0
      && strcmp (release->terminal, manifest->terminal) == 0
      && release->policy_version == manifest->policy_version
      && strcmp (release->policy_digest, manifest->policy_digest) == 0
      && md_time_parse_rfc3339 (manifest->wall, &begun, NULL)
      && md_time_parse_rfc3339 (release->time, &made, NULL) && made >= begun
      && made - begun <= G_TIME_SPAN_DAY)
    return TRUE;
  g_set_error (error, MD_SEAL_ERROR, MD_SEAL_ERROR_MISMATCH,
               "the release of hold %u is about another intake", release->hold);
  return FALSE;
}

MdRelease *
md_container_verify_release (const MdContainer *self, guint index, const MdTrust *staff_trust,
                             gint64 time, MdCmsSigner **out_officer, GError **error)
{
  const MdReleaseFiles *files = g_ptr_array_index (self->manifest->releases, index);
  g_autoptr (MdCmsSigner) clerk = NULL;
  g_autoptr (MdCmsSigner) officer = NULL;
  g_autoptr (MdRelease) release = NULL;

  if (!md_container_verify_signature (self, &clerk, error))
    return NULL;
  release = md_release_verify (files, md_cms_signer_get_certificate (clerk), staff_trust, time,
                               &officer, error);
  if (release == NULL || !release_fits (self->manifest, release, error))
    return NULL;
  if (out_officer != NULL)
    *out_officer = g_steal_pointer (&officer);
  return g_steal_pointer (&release);
}

/* A decision is of its own moment: a staff card that was not there yet at the first may sign it. */
static gint64
moment_of (const MdDecisionFiles *files, gint64 time)
{
  g_autoptr (MdDecision) decision = md_decision_peek (files->decision);
  gint64 decided = 0;

  return decision != NULL && md_time_parse_rfc3339 (decision->time, &decided, NULL)
             ? MAX (time, decided / G_USEC_PER_SEC)
             : time;
}

gboolean
md_container_verify (const MdContainer *self, const MdTrust *staff_trust, gint64 time,
                     GError **error)
{
  g_autoptr (MdCmsSigner) clerk = check_clerk (self, staff_trust, time, error);

  if (clerk == NULL)
    return FALSE;
  for (guint i = 0; i < self->manifest->releases->len; i++)
    {
      g_autoptr (MdRelease) release
          = md_container_verify_release (self, i, staff_trust, time, NULL, error);

      if (release == NULL)
        return FALSE;
    }
  for (guint n = 2; n <= self->last_signature; n++)
    {
      g_autoptr (MdDecisionFiles) files = md_container_dup_decision (self, n);
      g_autoptr (MdDecision) decision
          = md_decision_verify (self, files, staff_trust, moment_of (files, time), error);

      if (decision == NULL)
        return FALSE;
    }
  return TRUE;
}
