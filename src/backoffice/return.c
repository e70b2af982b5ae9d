// SPDX-License-Identifier: Apache-2.0
/* The command "return": what a second person did not let stand, or one officer approved alone where
 * two have to, goes back to the counter where it was taken in, by a notice in writing. */
#include "config.h"

#include "command.h"
#include "confirmation.h"
#include "notice.h"
#include "show.h"

#include <glib/gi18n.h>

static int
tell_usage (void)
{
  g_autofree char *codes = md_return_reason_dup_codes ();

  g_printerr (_ ("madoguchi-backoffice: who returns an intake gives a --reason, one of: %s\n"),
              codes);
  return STATUS_USAGE;
}

static int
tell_unset (const Options *options)
{
  g_printerr (_ ("madoguchi-backoffice: %s: [notice] certificate and key are missing. Without them "
                 "no terminal believes what this desk tells it.\n"),
              options->config);
  return STATUS_SETTINGS;
}

static gboolean
tell_json (const MdLedgerNotice *notice, const Case *subject, gboolean new)
{
  g_autoptr (MdRecord) root = md_record_new_object ();
  g_autoptr (MdSecret) text = NULL;

  md_record_set_text (root, "intake", notice->intake);
  md_record_set_text (root, "receipt_number", subject->entry->receipt_number);
  md_record_set_text (root, "terminal", notice->terminal);
  md_record_set_int (root, "notice", notice->number);
  md_record_set_bool (root, "new", new);
  md_record_set_text (root, "officer", notice->officer);
  md_record_set_text (root, "reason", notice->reason);
  md_record_set_text (root, "time", notice->time);
  md_record_set_text (root, "fetched", notice->fetched);
  text = md_record_write (root, FALSE);
  return text != NULL && show_print (text);
}

static gboolean
tell (const Options *options, const MdLedgerNotice *notice, const Case *subject, gboolean new)
{
  const char *number = subject->entry->receipt_number;

  if (options->json)
    return tell_json (notice, subject, new);
  if (new)
    g_print (_ ("%s: returned to terminal %s by notice %u\n"), number, notice->terminal,
             notice->number);
  else if (notice->fetched == NULL)
    g_print (_ ("%s: returned to terminal %s by notice %u before; the terminal has not fetched it "
                "yet\n"),
             number, notice->terminal, notice->number);
  else
    g_print (_ ("%s: returned to terminal %s by notice %u before; the terminal has had it since "
                "%s\n"),
             number, notice->terminal, notice->number, notice->fetched);
  return TRUE;
}

static gboolean
give_back (Desk *desk, const Options *options, Case *subject, GError **error)
{
  g_autoptr (GPtrArray) lines = NULL;
  g_autoptr (MdLedgerNotice) notice = NULL;
  Options approved = *options; /* what nobody has approved is returned at the terminal */
  const NoticeBy by = { options->officer, options->reason };
  gboolean new = FALSE;

  approved.pending
      = strcmp (case_state (subject), "approved") == 0 && !case_is_agreed (subject, NULL);
  if (!command_open (subject, desk, &approved, error)
      || !confirmation_is_second (subject, options->officer, error)
      || (lines = confirmation_list (subject, desk, options->officer, error)) == NULL
      || (notice = notice_make (subject, desk, lines, &by, &new, error)) == NULL)
    return FALSE;
  if (options->print != NULL && !notice_print (notice, subject, desk, options->print, error))
    return FALSE;
  return tell (options, notice, subject, new);
}

int
command_return (Desk *desk, const Options *options, int argc, char **argv)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (Case) subject = NULL;

  if (options->reason == NULL || md_return_reason_get_label (options->reason) == NULL)
    return tell_usage ();
  if (desk->notice_key == NULL)
    return tell_unset (options);
  subject = case_examine (desk, argv[0], &error);
  if (subject != NULL && give_back (desk, options, subject, &error))
    return STATUS_FINE;
  command_record_refusal (desk, options, "return",
                          subject != NULL ? subject->entry->intake : argv[0], error);
  return command_complain (error);
}
