// SPDX-License-Identifier: Apache-2.0
#include "config.h"

#include <md-base.h>
#include <string.h>
#include "md-asic-private.h"
#include "md-container-private.h"
#include "md-decision-private.h"
#include "md-standing.h"

static gboolean
fail (GError **error, MdSealError code, const char *message)
{
  g_set_error_literal (error, MD_SEAL_ERROR, (int)code, message);
  return FALSE;
}

gboolean
md_seal_check_two_persons (const MdCertificate *before, const MdCertificate *officer,
                           GError **error)
{
  const char *before_id = md_certificate_get_subject_cn (before);
  const char *officer_id = md_certificate_get_subject_cn (officer);
  const char *before_number = md_certificate_get_subject_serial_number (before);
  const char *officer_number = md_certificate_get_subject_serial_number (officer);

  if (before_id == NULL || officer_id == NULL || before_number == NULL || officer_number == NULL)
    return fail (error, MD_SEAL_ERROR_SAME_PERSON,
                 "a certificate without a staff id cannot prove that two persons acted");
  if (g_ascii_strcasecmp (before_id, officer_id) == 0
      || g_ascii_strcasecmp (before_number, officer_number) == 0)
    return fail (error, MD_SEAL_ERROR_SAME_PERSON,
                 "the officer is the one who took the application in or checked it");
  if (strcmp (md_certificate_get_subject (before), md_certificate_get_subject (officer)) == 0
      || md_certificate_equal (before, officer))
    return fail (error, MD_SEAL_ERROR_SAME_PERSON, "two who acted upon it show one certificate");
  if (md_certificate_same_key (before, officer))
    return fail (error, MD_SEAL_ERROR_SAME_PERSON, "two who acted upon it share one key");
  return TRUE;
}

/* The clerk's certificate, from a signature that fits. */
static MdCertificate *
dup_clerk (const MdContainer *container, GError **error)
{
  g_autoptr (MdCmsSigner) clerk = NULL;

  if (!md_container_verify_signature (container, &clerk, error))
    return NULL;
  return md_certificate_ref (md_cms_signer_get_certificate (clerk));
}

static char *
dup_previous_sha256 (const MdContainer *container, guint n)
{
  GBytes *previous = md_container_get_numbered (container, MD_SEAL_NAME_SIGNATURE, n - 1);

  return previous != NULL ? md_seal_sha256 (previous) : NULL;
}

/* How the intake stood before its decision @n. FALSE when nothing of that place can be read. */
static gboolean
find_standing (const MdContainer *container, guint n, MdStanding *out)
{
  GBytes *before = md_container_get_numbered (container, MD_SEAL_NAME_DECISION, n - 1);
  g_autoptr (MdDecision) last = before != NULL ? md_decision_parse (before, NULL) : NULL;

  if (n == 2)
    *out = MD_STANDING_RECEIVED;
  else if (last != NULL && last->n == n - 1)
    *out = md_standing_after (last->kind);
  else
    return FALSE;
  return TRUE;
}

gboolean
md_decision_withdraws_returned (const MdContainer *container, const MdDecision *decision)
{
  MdStanding standing = MD_STANDING_RECEIVED;

  return decision->kind == MD_DECISION_WITHDRAW && find_standing (container, decision->n, &standing)
         && standing == MD_STANDING_RETURNED;
}

static gboolean
check_order (const MdContainer *container, const MdDecision *decision, GError **error)
{
  MdStanding standing = MD_STANDING_RECEIVED;

  if (find_standing (container, decision->n, &standing)
      && md_standing_decide (standing, decision->kind, NULL))
    return TRUE;
  return fail (error, MD_SEAL_ERROR_ORDER,
               "the decision may not follow upon what was decided before");
}

MdDecision *
md_decision_find_check (const MdContainer *container, guint n)
{
  GBytes *before = md_container_get_numbered (container, MD_SEAL_NAME_DECISION, n - 1);
  g_autoptr (MdDecision) last = before != NULL ? md_decision_parse (before, NULL) : NULL;

  return last != NULL && last->n == n - 1 && last->kind == MD_DECISION_CHECK
             ? g_steal_pointer (&last)
             : NULL;
}

gboolean
md_decision_find_latest (const MdContainer *container, guint *out_version, gint64 *out_made)
{
  *out_version = container->manifest->policy_version;
  if (!md_time_parse_rfc3339 (container->manifest->wall, out_made, NULL))
    return FALSE;
  for (guint n = 2; n <= container->last_signature; n++)
    {
      GBytes *json = md_container_get_numbered (container, MD_SEAL_NAME_DECISION, n);
      g_autoptr (MdDecision) decision = json != NULL ? md_decision_parse (json, NULL) : NULL;
      gint64 made = 0;

      if (decision == NULL || !md_time_parse_rfc3339 (decision->time, &made, NULL))
        return FALSE;
      *out_version = MAX (*out_version, decision->policy_version);
      *out_made = MAX (*out_made, made);
    }
  return TRUE;
}

/* Whoever checked it does not approve it; what else they decide leaves it without approval. */
static gboolean
check_second (const MdContainer *container, const MdDecision *decision,
              const MdCertificate *officer, GError **error)
{
  g_autoptr (MdDecision) check = md_decision_find_check (container, decision->n);
  g_autoptr (MdCmsSigner) checker = NULL;
  GBytes *signature
      = md_container_get_numbered (container, MD_SEAL_NAME_SIGNATURE, decision->n - 1);
  GBytes *asic = md_container_get_numbered (container, MD_SEAL_NAME_ASIC_MANIFEST, decision->n - 1);

  if (check == NULL || decision->kind != MD_DECISION_APPROVE)
    return TRUE;
  if (signature == NULL || asic == NULL)
    return fail (error, MD_SEAL_ERROR_SIGNATURE, "the check before it is not signed");
  checker = md_cms_verify_detached (signature, asic, error);
  if (checker == NULL)
    return FALSE;
  return md_seal_check_two_persons (md_cms_signer_get_certificate (checker), officer, error);
}

static gboolean
check_persons (const MdContainer *container, const MdDecision *decision, const MdCertificate *clerk,
               const MdCertificate *officer, GError **error)
{
  return md_decision_withdraws_returned (container, decision)
         || (md_seal_check_two_persons (clerk, officer, error)
             && check_second (container, decision, officer, error));
}

/* The decision as it will be signed: its place taken from the container, the rest from the caller.
 */
static MdDecision *
place (const MdContainer *container, const MdDecision *given)
{
  MdDecision *decision = md_decision_copy (given);

  decision->n = md_container_get_last_signature (container) + 1;
  g_free (decision->intake);
  decision->intake = g_strdup (container->manifest->intake);
  g_free (decision->manifest_sha256);
  decision->manifest_sha256
      = md_seal_sha256 (md_container_get_entry (container, MD_SEAL_ENTRY_MANIFEST));
  g_free (decision->previous_signature_sha256);
  decision->previous_signature_sha256 = dup_previous_sha256 (container, decision->n);
  if (decision->reason_code == NULL)
    decision->reason_code = g_strdup ("");
  return decision;
}

/* It tells of each attachment, or (by an older release) of none. */
static gboolean
counts_scans (const MdContainer *container, const MdDecision *decision)
{
  const guint said = md_decision_count_scans (decision);

  return said == 0 || said == md_manifest_count_attachments (container->manifest, NULL, NULL);
}

MdDecisionFiles *
md_decision_make (const MdContainer *container, const MdDecision *decision, MdKey *key,
                  const MdCertificate *certificate, gint64 signing_time, GError **error)
{
  g_autoptr (MdCertificate) clerk = dup_clerk (container, error);
  g_autoptr (MdDecision) placed = NULL;
  g_autoptr (GBytes) json = NULL;
  g_autoptr (GPtrArray) covered = NULL;
  g_autoptr (GBytes) asic = NULL;
  g_autoptr (GBytes) signature = NULL;

  if (clerk == NULL)
    return NULL;
  placed = place (container, decision);
  if (!check_order (container, placed, error)
      || !check_persons (container, placed, clerk, certificate, error))
    return NULL;
  if (!counts_scans (container, placed))
    {
      fail (error, MD_SEAL_ERROR_MISMATCH, "the decision is about other attachments");
      return NULL;
    }
  if (g_strcmp0 (placed->officer, md_certificate_get_subject_cn (certificate)) != 0)
    {
      fail (error, MD_SEAL_ERROR_MISMATCH, "the certificate is not that of the officer named");
      return NULL;
    }
  json = md_decision_encode (placed, error);
  if (json == NULL)
    return NULL;
  covered = md_container_entries_of_decision (container, placed->n, json);
  asic = md_asic_write (placed->n, covered, error);
  if (asic == NULL)
    return NULL;
  signature = md_cms_sign_detached (asic, key, certificate, NULL, signing_time, error);
  return signature != NULL ? md_decision_files_new (placed->n, json, asic, signature) : NULL;
}

/* What the decision says about the container must be so. */
static gboolean
fits (const MdContainer *container, const MdDecision *decision, guint n, GError **error)
{
  g_autofree char *manifest
      = md_seal_sha256 (md_container_get_entry (container, MD_SEAL_ENTRY_MANIFEST));
  g_autofree char *previous = NULL;

  if (decision->n != n || n < 2 || n > md_container_get_last_signature (container) + 1)
    return fail (error, MD_SEAL_ERROR_MISMATCH, "the decision has another number");
  if (strcmp (decision->intake, container->manifest->intake) != 0)
    return fail (error, MD_SEAL_ERROR_MISMATCH, "the decision is about another intake");
  if (strcmp (decision->office, container->manifest->office) != 0)
    return fail (error, MD_SEAL_ERROR_MISMATCH, "the decision is by another office");
  if (strcmp (decision->manifest_sha256, manifest) != 0)
    return fail (error, MD_SEAL_ERROR_MISMATCH, "the decision is about another version");
  if (!counts_scans (container, decision))
    return fail (error, MD_SEAL_ERROR_MISMATCH, "the decision is about other attachments");
  previous = dup_previous_sha256 (container, n);
  if (g_strcmp0 (decision->previous_signature_sha256, previous) != 0)
    return fail (error, MD_SEAL_ERROR_MISMATCH, "the decision does not follow this history");
  return TRUE;
}

/* Whoever can change a byte can make it look like a newer release's: only what is signed is one. */
static void
tell_newer (const MdContainer *container, const MdDecisionFiles *files, const MdSealCheck *given,
            GError *newer, GError **error)
{
  g_autoptr (GPtrArray) covered
      = md_container_entries_of_decision (container, files->n, files->decision);
  g_autoptr (MdDecision) names = md_decision_peek (files->decision);
  g_autoptr (MdCmsSigner) signer = NULL;
  MdSealCheck check = *given;

  check.covered = covered;
  check.anybody = names == NULL;
  check.staff = names != NULL ? names->officer : NULL;
  signer = md_seal_check_signature (&check, error);
  if (signer != NULL)
    g_propagate_error (error, newer);
  else
    g_error_free (newer);
}

MdDecision *
md_decision_verify (const MdContainer *container, const MdDecisionFiles *files,
                    const MdTrust *staff_trust, gint64 time, GError **error)
{
  g_autoptr (GError) cause = NULL;
  g_autoptr (MdDecision) decision = md_decision_parse (files->decision, &cause);
  g_autoptr (MdCertificate) clerk = NULL;
  g_autoptr (GPtrArray) covered = NULL;
  g_autoptr (MdCmsSigner) officer = NULL;
  MdSealCheck check = {
    .number = files->n,
    .asic = files->manifest,
    .signature = files->signature,
    .trust = staff_trust,
    .time = time,
  };

  if (g_error_matches (cause, MD_SEAL_ERROR, MD_SEAL_ERROR_NEWER))
    tell_newer (container, files, &check, g_steal_pointer (&cause), error);
  else if (cause != NULL)
    g_propagate_error (error, g_steal_pointer (&cause));
  if (decision == NULL || !fits (container, decision, files->n, error)
      || !check_order (container, decision, error))
    return NULL;
  clerk = dup_clerk (container, error);
  if (clerk == NULL)
    return NULL;
  covered = md_container_entries_of_decision (container, files->n, files->decision);
  check.covered = covered;
  check.staff = decision->officer;
  officer = md_seal_check_signature (&check, error);
  if (officer == NULL
      || !check_persons (container, decision, clerk, md_cms_signer_get_certificate (officer),
                         error))
    return NULL;
  return g_steal_pointer (&decision);
}
