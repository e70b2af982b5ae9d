// SPDX-License-Identifier: Apache-2.0
#include "config.h"

#include "admission.h"

#include <md-base.h>
#include <md-seal.h>
#include <string.h>

#define URN_OFFICE "urn:madoguchi:office:"
#define URN_TERMINAL ":terminal:"

/* --- Who speaks --- */

/* Names as settings and policies have them; nothing else goes into logs or the audit chain. */
static gboolean
is_name (const char *text)
{
  if (*text == '\0')
    return FALSE;
  for (; *text != '\0'; text++)
    if (!g_ascii_isalnum (*text) && *text != '-' && *text != '_')
      return FALSE;
  return TRUE;
}

gboolean
peer_from_certificate (const MdCertificate *certificate, Peer *out_peer)
{
  const char *const *uris = md_certificate_get_san_uris (certificate);
  Peer peer = { "", "", "" };
  g_autofree char *key = NULL;
  const char *office = NULL;
  const char *split = NULL;

  *out_peer = peer;
  if (uris[0] == NULL || uris[1] != NULL || !g_str_has_prefix (uris[0], URN_OFFICE))
    return FALSE;
  office = uris[0] + strlen (URN_OFFICE);
  split = strstr (office, URN_TERMINAL);
  if (split == NULL || (gsize)(split - office) >= sizeof peer.office)
    return FALSE;
  memcpy (peer.office, office, (gsize)(split - office));
  if (g_strlcpy (peer.terminal, split + strlen (URN_TERMINAL), sizeof peer.terminal)
          >= sizeof peer.terminal
      || !is_name (peer.office) || !is_name (peer.terminal))
    return FALSE;
  key = g_compute_checksum_for_bytes (G_CHECKSUM_SHA256, md_certificate_get_spki (certificate));
  (void)g_strlcpy (peer.key, key, sizeof peer.key);
  *out_peer = peer;
  return TRUE;
}

MdProblem *
admit_peer (const Office *office, const Peer *peer)
{
  const MdPolicyTerminal *terminal = md_policy_get_terminal (office->policy, peer->terminal);

  if (peer->terminal[0] == '\0' || strcmp (peer->office, md_policy_get_office (office->policy)) != 0
      || terminal == NULL)
    return md_problem_new (
        MD_PROBLEM_TERMINAL_UNREGISTERED,
        "The client certificate is of no terminal that the policy in force lists.");
  if (!g_strv_contains (terminal->keys, peer->key))
    return md_problem_new (MD_PROBLEM_TERMINAL_KEY,
                           "The policy in force does not list the key of this client certificate.");
  return NULL;
}

/* --- What is common to both --- */

/* The wire's word for what seal found wrong. @malformed is the code for bytes that are not of the
 * shape at all. */
static MdProblem *
problem_from_seal (const GError *error, MdProblemCode malformed)
{
  if (g_error_matches (error, MD_SEAL_ERROR, MD_SEAL_ERROR_MALFORMED)
      || g_error_matches (error, MD_SEAL_ERROR, MD_SEAL_ERROR_LIMIT))
    return md_problem_new (malformed, error->message);
  if (g_error_matches (error, MD_SEAL_ERROR, MD_SEAL_ERROR_SAME_PERSON))
    return md_problem_new (MD_PROBLEM_SAME_OFFICER, error->message);
  if (g_error_matches (error, MD_SEAL_ERROR, MD_SEAL_ERROR_MISMATCH))
    return md_problem_new (MD_PROBLEM_BINDING, error->message);
  if (g_error_matches (error, MD_SEAL_ERROR, MD_SEAL_ERROR_FAILED))
    return md_problem_new (MD_PROBLEM_INTERNAL, NULL);
  return md_problem_new (MD_PROBLEM_SIGNATURE_INVALID, error->message);
}

static MdProblem *
problem_from_may (MdMay may)
{
  switch (may)
    {
    case MD_MAY_YES:
      return NULL;
    case MD_MAY_NOT_STAFF:
      return md_problem_new (MD_PROBLEM_STAFF_UNKNOWN, NULL);
    case MD_MAY_NOT_SAME:
      return md_problem_new (MD_PROBLEM_SAME_OFFICER, NULL);
    case MD_MAY_NOT_PROCEDURE:
    case MD_MAY_NOT_ROLE:
    default:
      return md_problem_new (MD_PROBLEM_ROLE_MISSING, NULL);
    }
}

/* Office, terminal and policy version as an item names them, against who speaks and what is in
 * force. */
static MdProblem *
check_origin (const Office *office, const Peer *peer, const char *item_office,
              const char *item_terminal, guint policy_version)
{
  if (g_strcmp0 (item_office, peer->office) != 0)
    return md_problem_new (MD_PROBLEM_OFFICE_MISMATCH, NULL);
  if (g_strcmp0 (item_terminal, peer->terminal) != 0)
    return md_problem_new (MD_PROBLEM_TERMINAL_MISMATCH, NULL);
  if (policy_version == 0 || policy_version > md_policy_get_version (office->policy))
    return md_problem_new (MD_PROBLEM_POLICY_UNKNOWN,
                           "The gateway does not have the policy version that this item names.");
  return NULL;
}

/* The certificate that signed must be the one that the policy lists for the person named. */
static MdProblem *
check_signer (const Office *office, const char *staff_id, const MdCmsSigner *signer)
{
  const MdPolicyStaff *staff = md_policy_get_staff (office->policy, staff_id);
  MdCertificate *certificate = md_cms_signer_get_certificate (signer);

  if (staff == NULL)
    return md_problem_new (MD_PROBLEM_STAFF_UNKNOWN, NULL);
  if (!g_bytes_equal (staff->sign, md_certificate_get_der (certificate)))
    return md_problem_new (
        MD_PROBLEM_SIGNATURE_INVALID,
        "The signature is not by the certificate that the policy lists for this person.");
  return NULL;
}

static gint64
now_s (void)
{
  return md_clock_get_wall_us (md_clock_get_system ()) / G_TIME_SPAN_SECOND;
}

static char *
now_text (void)
{
  return md_time_format_rfc3339 (md_clock_get_wall_us (md_clock_get_system ()));
}

/* --- What is stored already --- */

static MdProblem *
problem_from_ledger (const GError *error, MdProblemCode missing)
{
  if (g_error_matches (error, MD_LEDGER_ERROR, MD_LEDGER_ERROR_MISSING))
    return md_problem_new (missing, NULL);
  g_message ("the store failed: %s", error->message);
  return md_problem_new (MD_PROBLEM_STORE_FAILED, NULL);
}

MdProblem *
admit_known (const Office *office, const Peer *peer, const MdTarget *target, GBytes *body,
             MdLedgerEntry **out_entry)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (MdLedgerEntry) known
      = md_ledger_look_up (office->ledger, target->intake, target->n, &error);

  *out_entry = NULL;
  if (known == NULL)
    return g_error_matches (error, MD_LEDGER_ERROR, MD_LEDGER_ERROR_MISSING)
               ? NULL
               : problem_from_ledger (error, MD_PROBLEM_STORE_FAILED);
  if (strcmp (known->terminal, peer->terminal) != 0)
    return md_problem_new (MD_PROBLEM_TERMINAL_MISMATCH, NULL);
  g_free (known->digest);
  known->digest = md_wire_digest_hex (body);
  *out_entry = g_steal_pointer (&known);
  return NULL;
}

/* --- An intake --- */

static MdProblem *
check_container (const Office *office, const MdContainer *container)
{
  const MdManifest *manifest = md_container_get_manifest (container);
  g_autoptr (MdCmsSigner) clerk = NULL;
  g_autoptr (GError) error = NULL;

  if (md_container_get_last_signature (container) != 1)
    return md_problem_new (MD_PROBLEM_MALFORMED_CONTAINER,
                           "A container comes with the clerk's signature alone.");
  if (!md_container_verify (container, office->staff_trust, now_s (), &error)
      || !md_container_verify_signature (container, &clerk, &error))
    return problem_from_seal (error, MD_PROBLEM_MALFORMED_CONTAINER);
  return check_signer (office, manifest->clerk, clerk);
}

static MdLedgerEntry *
entry_for (const MdTarget *target, const Peer *peer, const MdManifest *manifest, GBytes *body)
{
  MdLedgerEntry *entry = md_ledger_entry_new ();

  entry->intake = g_strdup (target->intake);
  entry->n = target->n;
  entry->digest = md_wire_digest_hex (body);
  entry->received = now_text ();
  entry->office = g_strdup (peer->office);
  entry->terminal = g_strdup (peer->terminal);
  entry->receipt_number = g_strdup (manifest->receipt_number);
  entry->procedure = g_strdup (manifest->procedure);
  entry->officer = g_strdup (manifest->clerk);
  entry->policy_version = manifest->policy_version;
  entry->replaces = target->n == 1 ? g_strdup (manifest->replaces) : NULL;
  return entry;
}

/* What is taken up again must have been returned, by the same office for the same procedure. It may
 * still be on its way: items of different intakes do not wait for each other. */
static MdProblem *
check_replaced (const Office *office, const MdManifest *manifest)
{
  g_autoptr (MdLedgerEntry) before = NULL;
  g_autoptr (MdLedgerEntry) decision = NULL;

  if (manifest->replaces == NULL)
    return NULL;
  before = md_ledger_look_up (office->ledger, manifest->replaces, 1, NULL);
  decision = md_ledger_look_up (office->ledger, manifest->replaces, MD_WIRE_FIRST_DECISION, NULL);
  if (before != NULL
      && (strcmp (before->office, manifest->office) != 0
          || strcmp (before->procedure, manifest->procedure) != 0))
    return md_problem_new (MD_PROBLEM_BINDING,
                           "The intake that this one replaces is of another office or procedure.");
  if (decision != NULL && g_strcmp0 (decision->decision, "return") != 0)
    return md_problem_new (MD_PROBLEM_BINDING,
                           "The intake that this one replaces was not returned.");
  return NULL;
}

MdProblem *
admit_intake (const Office *office, const Peer *peer, const MdTarget *target, GBytes *body,
              MdLedgerEntry **out_entry)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (MdContainer) container = md_container_parse (body, &error);
  const MdManifest *manifest = NULL;
  MdProblem *problem = NULL;

  if (container == NULL)
    return problem_from_seal (error, MD_PROBLEM_MALFORMED_CONTAINER);
  manifest = md_container_get_manifest (container);
  if (strcmp (manifest->intake, target->intake) != 0)
    return md_problem_new (MD_PROBLEM_ID_MISMATCH, NULL);
  if ((problem = check_origin (office, peer, manifest->office, manifest->terminal,
                               manifest->policy_version))
          != NULL
      || (problem = check_container (office, container)) != NULL
      || (problem = problem_from_may (
              md_policy_may_take_in (office->policy, manifest->clerk, manifest->procedure)))
             != NULL
      || (problem = check_replaced (office, manifest)) != NULL)
    return problem;
  *out_entry = entry_for (target, peer, manifest, body);
  return NULL;
}

/* --- A decision --- */

/* The container as stored, with every decision stored before number @n appended. */
static MdContainer *
rebuild (const Office *office, const char *intake, guint n, GError **error)
{
  g_autoptr (GBytes) bytes = NULL;
  g_autoptr (MdContainer) container = NULL;

  if (!md_ledger_fetch (office->ledger, intake, 1, &bytes, NULL, error))
    return NULL;
  container = md_container_parse (bytes, error);
  for (guint i = MD_WIRE_FIRST_DECISION; container != NULL && i < n; i++)
    {
      g_autoptr (GBytes) body = NULL;
      g_autoptr (MdDecisionMessage) message = NULL;
      g_autoptr (MdDecisionFiles) files = NULL;
      g_autoptr (GBytes) longer = NULL;

      if (!md_ledger_fetch (office->ledger, intake, i, &body, NULL, error)
          || (message = md_decision_message_decode (body, error)) == NULL)
        return NULL;
      files = md_decision_files_new (i, message->decision, message->manifest, message->signature);
      longer = md_container_append_decision (container, files, error);
      g_clear_pointer (&container, md_container_unref);
      if (longer != NULL)
        container = md_container_parse (longer, error);
    }
  return g_steal_pointer (&container);
}

static MdProblem *
check_decision (const Office *office, const Peer *peer, const MdContainer *container,
                const MdDecision *decision, const MdDecisionFiles *files)
{
  const MdManifest *manifest = md_container_get_manifest (container);
  g_autoptr (MdCmsSigner) signer = NULL;
  g_autoptr (GError) error = NULL;
  const MdPolicyStaff *staff = md_policy_get_staff (office->policy, decision->officer);
  MdProblem *problem = NULL;
  MdRole role = MD_N_ROLES;

  problem
      = check_origin (office, peer, decision->office, decision->terminal, decision->policy_version);
  if (problem != NULL)
    return problem;
  signer = md_cms_verify_detached (files->signature, files->manifest, &error);
  if (signer == NULL)
    return md_problem_new (MD_PROBLEM_SIGNATURE_INVALID, error->message);
  problem = check_signer (office, decision->officer, signer);
  if (problem != NULL)
    return problem;
  if (!md_role_from_id (decision->role, &role) || staff == NULL
      || (staff->roles & MD_ROLES (role)) == 0)
    return md_problem_new (MD_PROBLEM_ROLE_MISSING, NULL);
  if (md_decision_withdraws_returned (container, decision))
    return problem_from_may (
        md_policy_may_take_in (office->policy, decision->officer, manifest->procedure));
  return problem_from_may (md_policy_may_decide (office->policy, decision->officer,
                                                 manifest->procedure, manifest->clerk));
}

MdProblem *
admit_decision (const Office *office, const Peer *peer, const MdTarget *target, GBytes *body,
                MdLedgerEntry **out_entry)
{
  g_autoptr (MdDecisionMessage) message = NULL;
  g_autoptr (MdDecisionFiles) files = NULL;
  g_autoptr (MdContainer) container = NULL;
  g_autoptr (MdDecision) decision = NULL;
  g_autoptr (MdLedgerEntry) intake = NULL;
  g_autoptr (GError) error = NULL;
  MdProblem *problem = NULL;

  message = md_decision_message_decode (body, &error);
  if (message == NULL)
    return md_problem_new (MD_PROBLEM_MALFORMED_DECISION, error->message);
  intake = md_ledger_look_up (office->ledger, target->intake, 1, &error);
  if (intake == NULL)
    return problem_from_ledger (error, MD_PROBLEM_INTAKE_UNKNOWN);
  if (strcmp (intake->terminal, peer->terminal) != 0)
    return md_problem_new (MD_PROBLEM_TERMINAL_MISMATCH, NULL);
  container = rebuild (office, target->intake, target->n, &error);
  if (container == NULL)
    return problem_from_ledger (error, MD_PROBLEM_OUT_OF_ORDER);

  files
      = md_decision_files_new (target->n, message->decision, message->manifest, message->signature);
  decision = md_decision_verify (container, files, office->staff_trust, now_s (), &error);
  if (decision == NULL)
    return problem_from_seal (error, MD_PROBLEM_MALFORMED_DECISION);
  problem = check_decision (office, peer, container, decision, files);
  if (problem != NULL)
    return problem;
  *out_entry = entry_for (target, peer, md_container_get_manifest (container), body);
  g_free ((*out_entry)->officer);
  (*out_entry)->officer = g_strdup (decision->officer);
  (*out_entry)->decision = g_strdup (md_decision_kind_to_string (decision->kind));
  (*out_entry)->policy_version = decision->policy_version;
  return NULL;
}
