// SPDX-License-Identifier: Apache-2.0
/* The command "verify": everything that can be checked of an intake, checked again, a line for each
 * thing; nothing of what was applied for is shown. */
#include "config.h"

#include "addition.h"
#include "command.h"
#include "plain.h"
#include "show.h"

#include <glib/gi18n.h>

/* Names of what is checked, for people. */
static const struct
{
  const char *what;
  const char *label;
} labels[] = {
  { "receipt", N_ ("Gateway's receipt") },
  { "manifest", N_ ("Manifest") },
  { "nonce", N_ ("Nonce") },
  { "policy", N_ ("Policy of that day") },
  { "clerk", N_ ("Clerk's signature") },
  { "decision", N_ ("Decision") },
  { "application", N_ ("Application") },
  { "form", N_ ("Form") },
  { "release", N_ ("Supervisor's release") },
  { "attachments", N_ ("Scanned documents") },
  { "evidence", N_ ("Evidence") },
  { "hold", N_ ("What stopped it") },
  { "list", N_ ("The office's own list") },
  { "binding", N_ ("What it proves") },
  { "identification", N_ ("Way of identification") },
  { "presence", N_ ("Card at the counter") },
  { "signer", N_ ("Who signed") },
  { "filer", N_ ("Who files") },
  { "brought", N_ ("Who brought it") },
  { "channel", N_ ("How it came") },
  { "named", N_ ("Who was named") },
  { "delegation", N_ ("Letter of delegation") },
  { "certificate", N_ ("Card's certificate") },
  { "revocation", N_ ("Check of revocation") },
  { "completion", N_ ("Completion of it") },
  { "addition", N_ ("Replies and corrections") },
  { "number", N_ ("Individual number") },
};

static const struct
{
  const char *word;
  const char *label;
} states[] = {
  [CASE_CHECK_PASSED] = { "passed", N_ ("passed") },
  [CASE_CHECK_OPEN] = { "deferred", N_ ("deferred") },
  [CASE_CHECK_FAILED] = { "failed", N_ ("FAILED") },
};

static const char *
label_of (const char *what)
{
  for (gsize i = 0; i < G_N_ELEMENTS (labels); i++)
    if (g_str_equal (labels[i].what, what))
      return gettext (labels[i].label);
  return what;
}

/* Everything of the intake that this desk has the keys for. */
static gboolean
check_all (Desk *desk, const MdLedgerEntry *entry, CaseTrail *trail, GError **error)
{
  g_autoptr (Case) subject = case_examine_entry (desk, entry, trail, error);

  return subject != NULL && case_open (subject, desk, error)
         && (desk->confirmation_key == NULL || additions_read (subject, desk, error))
         && (desk->vault_key == NULL || case_open_number (subject, desk, error))
         && case_is_complete (subject, error) && case_is_released (subject, error)
         && case_is_agreed (subject, error);
}

/* What goes wrong beside the checks (a store that fails, a part that this desk cannot open) is told
 * in their place; that something is deferred, or held, stands there already. */
static void
add_failure (CaseTrail *trail, const GError *error)
{
  if (error != NULL && !g_error_matches (error, CASE_ERROR, CASE_ERROR_DEFERRED)
      && !g_error_matches (error, CASE_ERROR, CASE_ERROR_HELD)
      && !g_error_matches (error, CASE_ERROR, CASE_ERROR_SECOND))
    case_trail_add (trail, CASE_CHECK_FAILED, error->message);
}

static const char *
outcome_of (const GError *error)
{
  if (error == NULL)
    return "verified";
  if (g_error_matches (error, CASE_ERROR, CASE_ERROR_HELD))
    return "held";
  return g_error_matches (error, CASE_ERROR, CASE_ERROR_DEFERRED)
                 || g_error_matches (error, CASE_ERROR, CASE_ERROR_SECOND)
             ? "deferred"
             : "failed";
}

static void
print_text (const MdLedgerEntry *entry, const CaseTrail *trail, const char *outcome)
{
  g_print ("%s  %s  %s\n", entry->receipt_number, entry->intake, outcome);
  for (guint i = 0; i < trail->checks->len; i++)
    {
      const CaseCheck *check = trail->checks->pdata[i];

      g_autofree char *detail = plain_dup (check->detail);

      g_print ("  %s  %s: %s\n", gettext (states[check->state].label), label_of (check->what),
               detail);
    }
}

static gboolean
print_json (const MdLedgerEntry *entry, const CaseTrail *trail, const char *outcome)
{
  g_autoptr (MdRecord) root = md_record_new_object ();
  MdRecord *checks = md_record_new_list ();
  g_autoptr (MdSecret) text = NULL;

  md_record_set_text (root, "intake", entry->intake);
  md_record_set_text (root, "receipt_number", entry->receipt_number);
  md_record_set_text (root, "outcome", outcome);
  for (guint i = 0; i < trail->checks->len; i++)
    {
      const CaseCheck *check = trail->checks->pdata[i];
      MdRecord *row = md_record_new_object ();

      md_record_set_text (row, "check", check->what);
      md_record_set_text (row, "state", states[check->state].word);
      md_record_set_text (row, "detail", check->detail);
      md_record_append_take (checks, row);
    }
  md_record_take (root, "checks", checks);
  text = md_record_write (root, FALSE);
  return text != NULL && show_print (text);
}

static gboolean
record (const Desk *desk, const Options *options, const MdLedgerEntry *entry, const char *outcome,
        GError **error)
{
  g_autofree char *detail = g_strdup_printf ("verdict=%s", outcome);
  const MdAuditEntry row
      = { .event = "verify",
          .outcome = g_str_equal (outcome, "failed") ? MD_AUDIT_REFUSED : MD_AUDIT_DONE,
          .staff = options->officer,
          .reason = options->reason,
          .object = entry->intake,
          .digest = entry->digest,
          .detail = detail };

  return md_ledger_note (desk->ledger, &row, error);
}

static int
verify_entry (Desk *desk, const Options *options, const MdLedgerEntry *entry, gpointer user_data)
{
  g_autoptr (CaseTrail) trail = case_trail_new ();
  g_autoptr (GError) error = NULL;
  g_autoptr (GError) local = NULL;
  const char *outcome = NULL;

  (void)check_all (desk, entry, trail, &error);
  outcome = outcome_of (error);
  add_failure (trail, error);
  if (!record (desk, options, entry, outcome, &local))
    return command_complain (local);
  if (!options->json)
    print_text (entry, trail, outcome);
  else if (!print_json (entry, trail, outcome))
    return STATUS_FAILED;
  return error != NULL ? command_complain (error) : STATUS_FINE;
}

int
command_verify (Desk *desk, const Options *options, int argc, char **argv)
{
  return command_each_named (desk, options, argc, argv, "verify", verify_entry, NULL);
}
