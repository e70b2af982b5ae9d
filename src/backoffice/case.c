// SPDX-License-Identifier: Apache-2.0
#include "config.h"

#include "case-private.h"

#include <glib/gi18n.h>
#include <md-protocol.h>
#include <string.h>

G_DEFINE_QUARK (case_error_quark, case_error)

#define PAGE 500u

void
case_free (Case *self)
{
  if (self == NULL)
    return;
  g_clear_pointer (&self->entry, md_ledger_entry_free);
  g_clear_pointer (&self->container, md_container_unref);
  g_clear_pointer (&self->decision, md_decision_free);
  g_clear_pointer (&self->deciders, g_ptr_array_unref);
  g_clear_object (&self->policy);
  g_clear_pointer (&self->releases, g_ptr_array_unref);
  g_clear_pointer (&self->letter, md_delegation_free);
  g_free (self->letter_returned);
  g_clear_pointer (&self->proof, md_identity_proof_unref);
  g_clear_pointer (&self->holds, g_ptr_array_unref);
  g_free (self->named_salt);
  md_visit_record_free (self->visit);
  g_clear_pointer (&self->completed, md_ledger_completion_free);
  g_clear_pointer (&self->application, md_secret_unref);
  g_clear_pointer (&self->values, md_record_unref);
  g_clear_pointer (&self->papers, md_record_unref);
  g_clear_pointer (&self->declarations, md_record_unref);
  g_clear_pointer (&self->number, md_number_unref);
  g_clear_pointer (&self->additions, g_ptr_array_unref);
  g_free (self);
}

const char *
case_state (const Case *self)
{
  static const char *const states[]
      = { "approved", "returned", "rejected", "withdrawn", "received", "checked" };

  G_STATIC_ASSERT (G_N_ELEMENTS (states) == MD_N_DECISIONS);

  return self->decision != NULL ? states[self->decision->kind] : "received";
}

gboolean
case_waits (const Case *self)
{
  return self->decision == NULL || self->decision->kind == MD_DECISION_RESTORE
         || self->decision->kind == MD_DECISION_CHECK;
}

gboolean
case_is_agreed (const Case *self, GError **error)
{
  const char *number = self->entry->receipt_number;

  if (self->one_alone)
    g_set_error (error, CASE_ERROR, CASE_ERROR_SECOND,
                 _ ("Intake %s was approved by one officer, and its form asks for two. Do not work "
                    "on it; give it back to the counter with \"return %s --reason %s\". --pending "
                    "opens it all the same."),
                 number, number, MD_RETURN_REASON_SECOND);
  else if (self->letter_alone)
    g_set_error (error, CASE_ERROR, CASE_ERROR_SECOND,
                 _ ("Intake %s is filed by a letter of delegation that was accepted or changed by "
                    "one officer, and the form of that asks for two. Do not work on it; give it "
                    "and the letter back to the counter with \"return %s --reason %s\". --pending "
                    "opens it all the same."),
                 number, number, MD_RETURN_REASON_SECOND);
  return !self->one_alone && !self->letter_alone;
}

char *
case_dup_day (const Case *self)
{
  gint64 time = 0;
  MdDate date;

  /* No manifest is taken whose time cannot be read. */
  if (!md_time_parse_rfc3339 (md_container_get_manifest (self->container)->wall, &time, NULL))
    g_assert_not_reached ();
  md_date_from_wall_us (time, &date);
  return md_date_format_iso (&date);
}

gboolean
_case_forged (GError **error, const char *intake, const char *what)
{
  g_set_error (error, CASE_ERROR, CASE_ERROR_FORGED,
               _ ("Intake %s is not to be trusted: %s. Do not work on it; tell the person "
                  "responsible for the system."),
               intake, what);
  return FALSE;
}

gboolean
_case_store_failed (GError **error, const GError *cause)
{
  g_set_error (error, CASE_ERROR,
               g_error_matches (cause, MD_LEDGER_ERROR, MD_LEDGER_ERROR_MISSING)
                   ? CASE_ERROR_MISSING
                   : CASE_ERROR_STORE,
               "%s", cause->message);
  return FALSE;
}

/* --- What the gateway says of each item --- */

/* Who could sign receipts when this one was made. */
static MdTrust *
receipt_trust_at (const Desk *desk, gint64 received, GError **error)
{
  MdPolicy *policy = md_policy_history_get_at (desk->history, received);

  return md_policy_create_trust (policy != NULL ? policy : desk->policy, MD_TRUST_PROFILE_SIGNER,
                                 error);
}

/* Fetches item @n, whose receipt must be the gateway's for these very bytes. */
static GBytes *
fetch_item (Case *self, const Desk *desk, const MdLedgerEntry *entry, GError **error)
{
  g_autoptr (MdReceipt) expected = md_receipt_new ();
  g_autoptr (MdReceipt) receipt = NULL;
  g_autoptr (MdTrust) trust = NULL;
  g_autoptr (GBytes) body = NULL;
  g_autoptr (GBytes) cms = NULL;
  g_autoptr (GError) local = NULL;
  gint64 received = 0;

  _case_begin (self, "receipt");
  if (!md_ledger_fetch (desk->ledger, entry->intake, entry->n, &body, &cms, &local))
    {
      (void)_case_store_failed (error, local);
      return NULL;
    }
  expected->id = g_strdup (entry->intake);
  expected->item = md_item_format (entry->n);
  expected->sha256 = md_wire_digest_hex (body);
  expected->terminal = g_strdup (entry->terminal);
  expected->office = g_strdup (entry->office);
  expected->nonce = g_strdup (entry->nonce);
  if (!md_time_parse_rfc3339 (entry->received, &received, &local)
      || (trust = receipt_trust_at (desk, received, &local)) == NULL
      || (receipt = md_receipt_verify (cms, expected, trust, received / G_TIME_SPAN_SECOND, &local))
             == NULL)
    {
      (void)_case_forged (error, entry->intake, local->message);
      return NULL;
    }
  if (receipt->sequence != entry->sequence || strcmp (receipt->time, entry->received) != 0)
    {
      (void)_case_forged (error, entry->intake, "the store contradicts the receipt");
      return NULL;
    }
  self->n_receipts++;
  _case_passed (self, "%s, sequence %" G_GUINT64_FORMAT ", signed %s", expected->item,
                entry->sequence, entry->received);
  return g_steal_pointer (&body);
}

/* --- Under which policy --- */

/* The policy that an item names, if it was in force when the item was made. NULL with @error. */
static MdPolicy *
find_policy (const Case *self, const Desk *desk, const MdPolicyNamed *named, GError **error)
{
  MdPolicy *policy = NULL;
  const MdPolicyThen then = md_policy_history_judge (desk->history, named, &policy);
  g_autofree char *what = NULL;

  if (then == MD_POLICY_THEN_GOOD)
    return policy;
  what = g_strdup_printf ("it names policy version %u, and %s", named->version,
                          md_policy_then_get_text (then));
  (void)_case_forged (error, self->entry->intake, what);
  return NULL;
}

/* The manifest's nonce and the gateway's word about it must fit. */
static gboolean
check_nonce (Case *self, gint64 begun, GError **error)
{
  const MdManifest *manifest = md_container_get_manifest (self->container);
  g_autoptr (GBytes) nonce = md_hex_decode (manifest->nonce, NULL);
  const gboolean fresh = strcmp (manifest->nonce_state, "fresh") == 0;
  const gboolean absent = strcmp (manifest->nonce_state, "absent") == 0;

  if (!md_nonce_verdict_parse (self->entry->nonce, &self->nonce)
      || fresh != (self->nonce == MD_NONCE_VERDICT_FRESH)
      || absent != (self->nonce == MD_NONCE_VERDICT_ABSENT))
    return _case_forged (error, self->entry->intake,
                         "the gateway found another nonce than it names");
  if (self->nonce != MD_NONCE_VERDICT_FRESH && self->nonce != MD_NONCE_VERDICT_STALE)
    return TRUE;
  if (nonce == NULL || !md_nonce_get_time (nonce, &self->nonce_made)
      || (fresh && !md_nonce_may_be_fresh (self->nonce_made, begun, MD_NONCE_CLOCK_S)))
    return _case_forged (error, self->entry->intake, "its nonce is not of that time");
  return TRUE;
}

/* What @cause found wrong, under "clerk" or "decision". Where another release than this one may
 * have made it, nothing can be judged here but that somebody of the staff list signed it. */
static gboolean
tell_unfit (const Case *self, MdPolicy *policy, const MdCmsSigner *signer, const GError *cause,
            GError **error)
{
  const gboolean newer = g_error_matches (cause, MD_SEAL_ERROR, MD_SEAL_ERROR_NEWER);
  MdCertificate *certificate = signer != NULL ? md_cms_signer_get_certificate (signer) : NULL;
  const char *who = certificate != NULL ? md_certificate_get_subject_cn (certificate) : NULL;
  const MdPolicyStaff *staff = who != NULL ? md_policy_get_staff (policy, who) : NULL;

  if (!newer && !g_error_matches (cause, MD_SEAL_ERROR, MD_SEAL_ERROR_UNSUPPORTED))
    return _case_forged (error, self->entry->intake, cause->message);
  if (staff == NULL || !g_bytes_equal (staff->sign, md_certificate_get_der (certificate)))
    return _case_forged (error, self->entry->intake,
                         "the certificate of who signed it is not the policy's");
  g_set_error (error, CASE_ERROR, CASE_ERROR_UNOPENED,
               newer ? _ ("The decision on intake %s says something that this desk does not know "
                          "(%s): a newer release made it. Update the desk.")
                     : _ ("Intake %s is signed in a way that this desk does not take (%s): another "
                          "release made it. Do not work on it; update the desk."),
               self->entry->intake, cause->message);
  return FALSE;
}

/* Finds the policy of the intake, and verifies the container by it at the moment it was made. */
static gboolean
check_container (Case *self, const Desk *desk, GError **error)
{
  const MdManifest *manifest = md_container_get_manifest (self->container);
  MdPolicyNamed named = { .version = manifest->policy_version, .digest = manifest->policy_digest };
  g_autoptr (MdTrust) trust = NULL;
  g_autoptr (GError) local = NULL;

  _case_begin (self, "nonce");
  if (!md_time_parse_rfc3339 (manifest->wall, &named.made, &local))
    return _case_forged (error, self->entry->intake, local->message);
  if (!check_nonce (self, named.made, error))
    return FALSE;
  _case_passed (self, "%s", self->entry->nonce);
  named.line_at = self->nonce_made;
  _case_begin (self, "policy");
  self->policy = find_policy (self, desk, &named, error);
  if (self->policy == NULL)
    return FALSE;
  _case_passed (self, "version %u was in force at %s", named.version, manifest->wall);
  g_object_ref (self->policy);
  _case_begin (self, "clerk");
  trust = md_policy_create_trust (self->policy, MD_TRUST_PROFILE_STAFF_SIGN, &local);
  if (trust == NULL
      || !md_container_verify (self->container, trust, named.made / G_TIME_SPAN_SECOND, &local))
    {
      g_autoptr (MdCmsSigner) signer = md_container_find_signer (self->container);

      return tell_unfit (self, self->policy, signer, local, error);
    }
  return _case_check_releases (self, trust, named.made / G_TIME_SPAN_SECOND, error);
}

/* --- Who signed --- */

static gboolean
check_clerk (Case *self, GError **error)
{
  const MdManifest *manifest = md_container_get_manifest (self->container);
  const MdPolicyStaff *staff = md_policy_get_staff (self->policy, manifest->clerk);
  g_autoptr (MdCmsSigner) clerk = NULL;
  g_autoptr (GError) local = NULL;

  if (!md_container_verify_signature (self->container, &clerk, &local))
    return _case_forged (error, self->entry->intake, local->message);
  if (staff == NULL
      || !g_bytes_equal (staff->sign,
                         md_certificate_get_der (md_cms_signer_get_certificate (clerk))))
    return _case_forged (error, self->entry->intake, "the clerk's certificate is not the policy's");
  if (md_policy_may_take_in (self->policy, manifest->clerk, manifest->procedure) != MD_MAY_YES)
    return _case_forged (error, self->entry->intake, "the clerk may not take in this procedure");
  _case_passed (self, "%s signed it, and may take in %s", manifest->clerk, manifest->procedure);
  return TRUE;
}

/* As many different officers as the policy asks for, in the order it asks for. */
static gboolean
check_agreement (Case *self, MdPolicy *policy, GError **error)
{
  const MdManifest *manifest = md_container_get_manifest (self->container);
  g_autoptr (MdDecision) before = md_decision_find_check (self->container, self->decision->n);
  const MdPolicyAgreement agreement = { .officer = self->decision->officer,
                                        .role = self->decision->role,
                                        .procedure = manifest->procedure,
                                        .clerk = manifest->clerk,
                                        .checked_by = before != NULL ? before->officer : NULL,
                                        .check = self->decision->kind == MD_DECISION_CHECK };
  MdMay may = MD_MAY_YES;

  if (agreement.check || self->decision->kind == MD_DECISION_APPROVE)
    may = md_policy_may_agree (policy, &agreement);
  if (may == MD_MAY_YES)
    return TRUE;
  return _case_forged (error, self->entry->intake,
                       may == MD_MAY_NOT_CHECKED   ? "two officers must agree, and one did"
                       : may == MD_MAY_NOT_CHECKER ? "who checked it approved it, too"
                                                   : "the officer may not do this half of it");
}

static gboolean
check_officer (Case *self, MdPolicy *policy, const MdDecisionFiles *files, GError **error)
{
  const MdManifest *manifest = md_container_get_manifest (self->container);
  const MdPolicyStaff *staff = md_policy_get_staff (policy, self->decision->officer);
  g_autoptr (MdCmsSigner) officer = NULL;
  g_autoptr (GError) local = NULL;
  MdMay may;

  officer = md_cms_verify_detached (files->signature, files->manifest, &local);
  if (officer == NULL)
    return _case_forged (error, self->entry->intake, local->message);
  if (staff == NULL
      || !g_bytes_equal (staff->sign,
                         md_certificate_get_der (md_cms_signer_get_certificate (officer))))
    return _case_forged (error, self->entry->intake,
                         "the officer's certificate is not the policy's");
  may = md_decision_withdraws_returned (self->container, self->decision)
            ? md_policy_may_take_in (policy, self->decision->officer, manifest->procedure)
            : md_policy_may_decide (policy, self->decision->officer, manifest->procedure,
                                    manifest->clerk);
  if (may != MD_MAY_YES)
    return _case_forged (error, self->entry->intake, "the officer may not decide upon it");
  if (!check_agreement (self, policy, error))
    return FALSE;
  _case_passed (self, "%s by %s at %s", md_decision_kind_to_string (self->decision->kind),
                self->decision->officer, self->decision->time);
  return TRUE;
}

/* The policy that a decision names, and when it was made: only believed to verify it by. One of a
 * newer release may name neither; when it came is known. NULL with @error. */
static MdPolicy *
find_decision_policy (const Case *self, const Desk *desk, const MdLedgerEntry *entry,
                      GBytes *decision, gint64 *out_made, GError **error)
{
  g_autoptr (GError) local = NULL;
  g_autoptr (MdDecision) named_by = md_decision_parse (decision, &local);
  const gboolean newer = g_error_matches (local, MD_SEAL_ERROR, MD_SEAL_ERROR_NEWER);
  MdPolicyNamed named = { 0 };
  MdPolicy *policy = NULL;

  if (newer)
    named_by = md_decision_peek (decision);
  if (newer && named_by == NULL && md_time_parse_rfc3339 (entry->received, out_made, NULL))
    {
      policy = md_policy_history_get_at (desk->history, *out_made);
      return policy != NULL ? policy : desk->policy;
    }
  if (named_by == NULL || !md_time_parse_rfc3339 (named_by->time, &named.made, &local))
    {
      (void)_case_forged (error, self->entry->intake, local->message);
      return NULL;
    }
  named.version = named_by->policy_version;
  named.digest = named_by->policy_digest;
  *out_made = named.made;
  if (!md_decision_find_latest (self->container, &named.least, &named.after))
    {
      (void)_case_forged (error, self->entry->intake, "what it follows upon cannot be read");
      return NULL;
    }
  return find_policy (self, desk, &named, error);
}

/* Verifies a decision against the container by the policy it names. */
static gboolean
check_decision (Case *self, const Desk *desk, const MdLedgerEntry *entry,
                const MdDecisionFiles *files, GError **error)
{
  gint64 made = 0;
  MdPolicy *policy = find_decision_policy (self, desk, entry, files->decision, &made, error);
  g_autoptr (MdTrust) trust = NULL;
  g_autoptr (GError) local = NULL;

  if (policy == NULL)
    return FALSE;
  trust = md_policy_create_trust (policy, MD_TRUST_PROFILE_STAFF_SIGN, &local);
  g_clear_pointer (&self->decision, md_decision_free);
  if (trust != NULL)
    self->decision
        = md_decision_verify (self->container, files, trust, made / G_TIME_SPAN_SECOND, &local);
  if (self->decision == NULL)
    {
      g_autoptr (MdCmsSigner) signer = md_decision_find_signer (files);

      return tell_unfit (self, policy, signer, local, error);
    }
  return check_officer (self, policy, files, error);
}

/* Appends the stored decision @entry to the container, after verifying it against it. */
static gboolean
take_decision (Case *self, const Desk *desk, const MdLedgerEntry *entry, GError **error)
{
  g_autoptr (GBytes) body = fetch_item (self, desk, entry, error);
  g_autoptr (MdDecisionMessage) message = NULL;
  g_autoptr (MdDecisionFiles) files = NULL;
  g_autoptr (MdContainer) longer = NULL;
  g_autoptr (GBytes) bytes = NULL;
  g_autoptr (GError) local = NULL;

  if (body == NULL)
    return FALSE;
  _case_begin (self, "decision");
  message = md_decision_message_decode (body, &local);
  if (message == NULL)
    return _case_forged (error, entry->intake, local->message);
  files
      = md_decision_files_new (entry->n, message->decision, message->manifest, message->signature);
  if (!check_decision (self, desk, entry, files, error))
    return FALSE;
  g_ptr_array_add (self->deciders, g_strdup (self->decision->officer));
  bytes = md_container_append_decision (self->container, files, &local);
  longer = bytes != NULL ? md_container_parse (bytes, &local) : NULL;
  if (longer == NULL)
    return _case_forged (error, entry->intake, local->message);
  md_container_unref (self->container);
  self->container = g_steal_pointer (&longer);
  return TRUE;
}

static gboolean
take_decisions (Case *self, const Desk *desk, GError **error)
{
  for (guint n = MD_WIRE_FIRST_DECISION; n <= MD_WIRE_MAX_DECISIONS; n++)
    {
      g_autoptr (GError) local = NULL;
      g_autoptr (MdLedgerEntry) entry
          = md_ledger_look_up (desk->ledger, self->entry->intake, n, &local);

      if (g_error_matches (local, MD_LEDGER_ERROR, MD_LEDGER_ERROR_MISSING))
        return TRUE;
      if (entry == NULL)
        return _case_store_failed (error, local);
      if (!take_decision (self, desk, entry, error))
        return FALSE;
    }
  return TRUE;
}

/* The gateway has no forms, and a window that was changed asks none. */
static void
count_officers (Case *self, const Desk *desk)
{
  MdForm *form = desk_find_form (desk, md_container_get_manifest (self->container));
  g_autoptr (MdDecision) check = NULL;

  if (self->decision == NULL || self->decision->kind != MD_DECISION_APPROVE || form == NULL
      || md_form_get_officers (form) < 2)
    return;
  check = md_decision_find_check (self->container, self->decision->n);
  self->one_alone = check == NULL;
  if (self->one_alone && self->trail != NULL)
    case_trail_add (self->trail, CASE_CHECK_OPEN, "one officer approved it, its form asks for two");
}

/* The manifest must say what the ledger says. */
static gboolean
check_manifest (Case *self, const Desk *desk, GError **error)
{
  const MdManifest *manifest = md_container_get_manifest (self->container);
  const MdLedgerEntry *entry = self->entry;

  if (strcmp (manifest->intake, entry->intake) != 0
      || strcmp (manifest->terminal, entry->terminal) != 0
      || strcmp (manifest->office, entry->office) != 0
      || strcmp (manifest->receipt_number, entry->receipt_number) != 0
      || strcmp (manifest->procedure, entry->procedure) != 0
      || strcmp (manifest->clerk, entry->officer) != 0
      || g_strcmp0 (manifest->replaces, entry->replaces) != 0
      || manifest->policy_version != entry->policy_version
      || strcmp (manifest->policy_digest, entry->policy_digest) != 0)
    return _case_forged (error, entry->intake, "the manifest contradicts the store");
  if (strcmp (manifest->office, md_policy_get_office (desk->policy)) != 0)
    return _case_forged (error, entry->intake, "it is of another office");
  _case_passed (self, "the manifest says what the store says");
  return TRUE;
}

Case *
case_examine_entry (const Desk *desk, const MdLedgerEntry *entry, CaseTrail *trail, GError **error)
{
  g_autoptr (Case) self = g_new0 (Case, 1);
  g_autoptr (GBytes) body = NULL;
  g_autoptr (GError) local = NULL;

  self->entry = md_ledger_entry_copy (entry);
  self->deciders = g_ptr_array_new_with_free_func (g_free);
  self->trail = trail;
  body = fetch_item (self, desk, self->entry, error);
  if (body == NULL)
    return NULL;
  _case_begin (self, "manifest");
  self->container = md_container_parse (body, &local);
  if (self->container == NULL)
    {
      (void)_case_forged (error, entry->intake, local->message);
      return NULL;
    }
  /* Everything is judged by what was in force when it was made, so that it can be checked years
   * later. */
  if (!check_manifest (self, desk, error) || !check_container (self, desk, error)
      || !check_clerk (self, error) || !take_decisions (self, desk, error)
      || !_case_check_letter (self, desk, error))
    return NULL;
  count_officers (self, desk);
  return g_steal_pointer (&self);
}

gboolean
case_is_name (const char *text)
{
  return md_wire_is_intake_id (text) || md_receipt_number_parse (text, NULL, NULL, NULL);
}

/* The entry whose intake has the receipt number @number. Of two neither is taken: which of them is
 * meant, nobody here can know. */
static MdLedgerEntry *
find_number (const Desk *desk, const char *number, GError **error)
{
  g_autoptr (MdLedgerEntry) found = NULL;
  guint64 after = 0;

  while (TRUE)
    {
      g_autoptr (GPtrArray) page = md_ledger_list (desk->ledger, after, PAGE, error);
      if (page == NULL)
        return NULL;
      if (page->len == 0)
        return g_steal_pointer (&found);
      for (guint i = 0; i < page->len; i++)
        {
          const MdLedgerEntry *entry = page->pdata[i];
          after = entry->sequence;
          if (entry->n > 1 || strcmp (entry->receipt_number, number) != 0)
            continue;
          if (found != NULL)
            {
              g_set_error (error, CASE_ERROR, CASE_ERROR_MISSING,
                           _ ("Two intakes have the receipt number %s. Open them by their ids, %s "
                              "and %s, and tell the person responsible for the system."),
                           number, found->intake, entry->intake);
              return NULL;
            }
          found = md_ledger_entry_copy (entry);
        }
    }
}

MdLedgerEntry *
case_find (const Desk *desk, const char *name, GError **error)
{
  g_autoptr (MdLedgerEntry) entry = NULL;
  g_autoptr (GError) local = NULL;

  entry = md_wire_is_intake_id (name) ? md_ledger_look_up (desk->ledger, name, 1, &local)
                                      : find_number (desk, name, &local);
  if (entry != NULL)
    return g_steal_pointer (&entry);
  if (local != NULL && local->domain == CASE_ERROR)
    g_propagate_error (error, g_steal_pointer (&local));
  else if (local != NULL && !g_error_matches (local, MD_LEDGER_ERROR, MD_LEDGER_ERROR_MISSING))
    (void)_case_store_failed (error, local);
  else
    g_set_error (error, CASE_ERROR, CASE_ERROR_MISSING,
                 _ ("There is no intake %s here. Check the receipt number; it may not have "
                    "arrived yet."),
                 name);
  return NULL;
}

Case *
case_examine (const Desk *desk, const char *name, GError **error)
{
  g_autoptr (MdLedgerEntry) entry = case_find (desk, name, error);

  return entry != NULL ? case_examine_entry (desk, entry, NULL, error) : NULL;
}
