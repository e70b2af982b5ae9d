// SPDX-License-Identifier: Apache-2.0
/* The command "complete": what was deferred at the counter is asked now. */
#include "config.h"

#include "command.h"
#include "completion.h"
#include "confirmation.h"
#include "eyes.h"

#include <glib/gi18n.h>
#include <string.h>

/* What became of the intakes, for the last line; and which of them have gone out already (ids). */
typedef struct
{
  guint valid, revoked, deferred;
  GHashTable *exported;
} Tally;

/* One that was returned, rejected or withdrawn is not worked on: nobody need ask. */
static gboolean
is_alive (const Case *subject)
{
  return case_waits (subject) || g_str_equal (case_state (subject), "approved");
}

static void
tell (const Options *options, const MdLedgerEntry *entry, const char *verdict, const char *why)
{
  g_autoptr (MdRecord) line = NULL;
  g_autoptr (MdSecret) text = NULL;

  if (!options->json)
    {
      g_print ("%s  %s%s%s\n", entry->receipt_number, verdict, why != NULL ? ": " : "",
               why != NULL ? why : "");
      return;
    }
  line = md_record_new_object ();
  md_record_set_text (line, "intake", entry->intake);
  md_record_set_text (line, "receipt_number", entry->receipt_number);
  md_record_set_text (line, "verdict", verdict);
  md_record_set_text (line, "why", why);
  text = md_record_write (line, FALSE);
  if (text != NULL)
    g_print ("%s\n", md_secret_get_text (text));
}

/* Nobody could say: the attempt is recorded, and the intake stays as it is. */
static int
stay_deferred (const Desk *desk, const Options *options, const MdLedgerEntry *entry,
               const char *why, Tally *tally)
{
  const MdAuditEntry record = { .event = "complete",
                                .outcome = MD_AUDIT_FAILED,
                                .staff = options->officer,
                                .reason = options->reason,
                                .object = entry->intake,
                                .detail = "cause=no-answer" };
  g_autoptr (GError) error = NULL;

  tally->deferred++;
  tell (options, entry, "deferred", why);
  return md_ledger_note (desk->ledger, &record, &error) ? STATUS_DEFERRED
                                                        : command_complain (error);
}

static int
ask (const Desk *desk, const Options *options, const Case *subject, Tally *tally)
{
  g_autoptr (MdLedgerCompletion) kept = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *why = NULL;
  const Completion completion = completion_ask (subject, desk, options->officer, &kept, &why);

  if (completion == COMPLETION_NONE)
    return stay_deferred (desk, options, subject->entry, why, tally);
  /* Another desk was quicker: what it found holds. */
  if (!md_ledger_complete (desk->ledger, kept, &error)
      && !g_error_matches (error, MD_LEDGER_ERROR, MD_LEDGER_ERROR_COMPLETED))
    return command_complain (error);
  tell (options, subject->entry, kept->verdict, NULL);
  if (completion == COMPLETION_VALID)
    tally->valid++;
  else
    tally->revoked++;
  return completion == COMPLETION_VALID ? STATUS_FINE : STATUS_FORGED;
}

/* Those whose export is done, NULL where the ledger cannot say. */
static GHashTable *
list_exported (const Desk *desk, GError **error)
{
  g_autoptr (GPtrArray) done = md_ledger_list_done (desk->ledger, "export", error);
  GHashTable *exported
      = done != NULL ? g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL) : NULL;

  for (guint i = 0; done != NULL && i < done->len; i++)
    g_hash_table_add (exported, g_strdup (((const MdLedgerDone *)done->pdata[i])->object));
  return exported;
}

/* It is not complete before somebody here has said that each inquiry for which a paper was left out
 * answers what the paper would have shown. What went out before that was asked for waits for
 * nothing any more: who asks for all of them is told of what is still to be done. */
static int
wait_for_inquiries (const Desk *desk, const Options *options, const Case *subject,
                    const Tally *tally)
{
  const Eyes eyes = eyes_new (desk, subject, MD_STEP_LIST, FALSE);
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) lines = NULL;
  int status = STATUS_FINE;

  if (options->all && g_hash_table_contains (tally->exported, subject->entry->intake))
    return STATUS_FINE;
  lines = confirmation_list_waived (subject, desk, &error);
  if (lines == NULL)
    return command_complain (error);
  for (guint i = 0; is_alive (subject) && i < lines->len; i++)
    {
      const MdConfirmation *line = g_ptr_array_index (lines, i);
      const gboolean open = line->state == MD_CONFIRMATION_OPEN;
      g_autofree char *paper = eyes_dup_paper_name (&eyes, line->field);
      g_autofree char *why = NULL;

      if (line->state == MD_CONFIRMATION_CONFIRMED)
        continue;
      why = g_strdup_printf (_ ("%s was left out for inquiry %s; see \"confirm %s\""), paper,
                             line->other, subject->entry->receipt_number);
      tell (options, subject->entry, open ? "unconfirmed" : "denied", why);
      status = command_worse (status, open ? STATUS_UNCONFIRMED : STATUS_DENIED);
    }
  return status;
}

static int
complete_entry (Desk *desk, const Options *options, const MdLedgerEntry *entry, gpointer user_data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (Case) subject = case_examine_entry (desk, entry, NULL, &error);
  int waits;

  if (subject == NULL || (!options->pending && !case_is_agreed (subject, &error))
      || !case_open (subject, desk, &error))
    {
      command_record_refusal (desk, options, "complete", entry->intake, error);
      return command_complain (error);
    }
  waits = wait_for_inquiries (desk, options, subject, user_data);
  if (subject->completion == CASE_DEFERRED && is_alive (subject))
    return command_worse (ask (desk, options, subject, user_data), waits);
  if (!options->all && waits == STATUS_FINE)
    tell (options, entry, subject->completed != NULL ? subject->completed->verdict : "complete",
          NULL);
  return subject->completion == CASE_COMPLETED_REVOKED && !options->all ? STATUS_FORGED : waits;
}

int
command_complete (Desk *desk, const Options *options, int argc, char **argv)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GHashTable) exported = list_exported (desk, &error);
  Tally tally = { .exported = exported };
  int status = STATUS_FINE;

  if (exported == NULL)
    return command_complain (error);
  status = command_each_named (desk, options, argc, argv, "complete", complete_entry, &tally);
  if (!options->json && options->all)
    g_print (_ ("%u completed as valid, %u as revoked; %u stay deferred\n"), tally.valid,
             tally.revoked, tally.deferred);
  return status;
}
