// SPDX-License-Identifier: Apache-2.0
/* The command "correct": what staff found wrong in an approved intake, corrected ex officio. */
#include "config.h"

#include "addition.h"
#include "command.h"
#include "correction.h"
#include "paper.h"

#include <glib/gi18n.h>

static MdRecord *
content_of (const Correction *correction, const CorrectionChange *change)
{
  MdRecord *content = md_record_new_object ();

  md_record_set_text (content, "field", correction->field);
  md_record_set_text (content, "before", change->before);
  md_record_set_text (content, "after", change->after);
  md_record_set_text (content, "why", correction->why);
  return content;
}

static gboolean
keep (const Desk *desk, const Options *options, const Case *subject, const Correction *correction,
      const CorrectionChange *change, GError **error)
{
  g_autofree char *name = g_strdup_printf ("%u", additions_count_corrections (subject) + 1);
  g_autofree char *note = g_strdup_printf ("field=%s correction=%s", correction->field, name);
  g_autoptr (MdRecord) content = content_of (correction, change);
  const AdditionNew what = { .kind = ADDITION_CORRECTION,
                             .name = name,
                             .officer = options->officer,
                             .reason = options->reason,
                             .note = note,
                             .content = content };

  return addition_keep (subject, desk, &what, error);
}

/* All of them are judged before one is kept: each by itself, for each has its own confirmation. */
static gboolean
correct_each (const Desk *desk, const Options *options, Case *subject, const GPtrArray *list,
              GError **error)
{
  for (guint i = 0; i < list->len; i++)
    {
      g_auto (CorrectionChange) probe = { 0 };

      if (!correction_judge (subject, desk, g_ptr_array_index (list, i), &probe, error))
        return FALSE;
    }
  for (guint i = 0; i < list->len; i++)
    {
      g_auto (CorrectionChange) change = { 0 };

      if (!correction_judge (subject, desk, g_ptr_array_index (list, i), &change, error)
          || !keep (desk, options, subject, g_ptr_array_index (list, i), &change, error)
          || !additions_read (subject, desk, error))
        return FALSE;
    }
  return TRUE;
}

static gboolean
correct_case (const Desk *desk, const Options *options, Case *subject, const char *path,
              GError **error)
{
  Options approved = *options; /* what is not approved is corrected at the counter */
  g_autoptr (MdSecret) text = NULL;
  g_autoptr (GPtrArray) list = NULL;

  approved.pending = FALSE;
  if (!command_open (subject, desk, &approved, error)
      || (text = paper_read (path, CORRECTION_FILE_MAX, error)) == NULL
      || (list = correction_parse (md_secret_get_data (text), md_secret_get_size (text), error))
             == NULL
      || !correct_each (desk, options, subject, list, error))
    return FALSE;
  g_print (_ ("%s: %u corrections kept. A second person looks at them with \"confirm %s\".\n"),
           subject->entry->receipt_number, list->len, subject->entry->receipt_number);
  return TRUE;
}

int
command_correct (Desk *desk, const Options *options, int argc, char **argv)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (Case) subject = NULL;

  if (options->reason == NULL)
    {
      g_printerr (_ ("madoguchi-backoffice: who corrects gives a --reason CODE, which is "
                     "recorded\n"));
      return STATUS_USAGE;
    }
  subject = case_examine (desk, argv[0], &error);
  if (subject != NULL && correct_case (desk, options, subject, argv[1], &error))
    return STATUS_FINE;
  command_record_refusal (desk, options, "correct",
                          subject != NULL ? subject->entry->intake : argv[0], error);
  return command_complain (error);
}
