// SPDX-License-Identifier: Apache-2.0
/* history: what became of an intake, in the order in which it happened. Nothing is opened. */
#include "config.h"

#include "command.h"
#include "show.h"

#include <md-record.h>
#include <string.h>

typedef struct
{
  gint64 when; /* microseconds */
  char *time;  /* RFC 3339 */
  char *event;
  char *officer;
  char *detail; /* a code, or "" */
} Step;

static void
step_free (gpointer data)
{
  Step *step = data;

  g_free (step->time);
  g_free (step->event);
  g_free (step->officer);
  g_free (step->detail);
  g_free (step);
}

static void
add (GPtrArray *steps, const char *time, const char *event, const char *officer, const char *detail)
{
  Step *step = g_new0 (Step, 1);

  if (!md_time_parse_rfc3339 (time, &step->when, NULL))
    step->when = G_MAXINT64; /* of nobody knows when: last */
  step->time = g_strdup (time);
  step->event = g_strdup (event);
  step->officer = g_strdup (officer != NULL ? officer : "");
  step->detail = g_strdup (detail != NULL ? detail : "");
  g_ptr_array_add (steps, step);
}

/* The intake and every decision upon it, as they arrived. */
static gboolean
add_items (GPtrArray *steps, Desk *desk, const char *intake, GError **error)
{
  for (guint n = 1;; n++)
    {
      g_autoptr (GError) cause = NULL;
      g_autoptr (MdLedgerEntry) entry = md_ledger_look_up (desk->ledger, intake, n, &cause);

      if (entry == NULL && n > 1
          && g_error_matches (cause, MD_LEDGER_ERROR, MD_LEDGER_ERROR_MISSING))
        return TRUE;
      if (entry == NULL)
        {
          g_propagate_error (error, g_steal_pointer (&cause));
          return FALSE;
        }
      add (steps, entry->received, n == 1 ? "received" : entry->decision, entry->officer,
           n == 1 ? entry->replaces : NULL);
    }
}

/* NULL without an error that matters: there is none. */
static gboolean
is_none (GError *cause, GError **error)
{
  if (cause == NULL || g_error_matches (cause, MD_LEDGER_ERROR, MD_LEDGER_ERROR_MISSING))
    {
      g_clear_error (&cause);
      return TRUE;
    }
  g_propagate_error (error, cause);
  return FALSE;
}

static gboolean
add_single (GPtrArray *steps, Desk *desk, const char *intake, GError **error)
{
  GError *cause = NULL;
  g_autoptr (MdLedgerCompletion) completion
      = md_ledger_look_up_completion (desk->ledger, intake, &cause);
  g_autoptr (MdLedgerNotice) notice = NULL;

  if (completion != NULL)
    add (steps, completion->time, "completed", completion->officer, completion->verdict);
  else if (!is_none (cause, error))
    return FALSE;
  cause = NULL;
  notice = md_ledger_look_up_notice (desk->ledger, intake, &cause);
  if (notice == NULL)
    return is_none (cause, error);
  add (steps, notice->time, "given-back", notice->officer, notice->reason);
  if (notice->fetched != NULL)
    add (steps, notice->fetched, "told", NULL, notice->terminal);
  return TRUE;
}

static gboolean
add_lists (GPtrArray *steps, Desk *desk, const char *intake, GError **error)
{
  g_autoptr (GPtrArray) confirmations = md_ledger_list_confirmations (desk->ledger, intake, error);
  g_autoptr (GPtrArray) additions = NULL;

  if (confirmations == NULL)
    return FALSE;
  for (guint i = 0; i < confirmations->len; i++)
    {
      const MdLedgerConfirmation *one = g_ptr_array_index (confirmations, i);

      add (steps, one->time, one->state, one->officer, one->rule);
    }
  additions = md_ledger_list_additions (desk->ledger, intake, error);
  if (additions == NULL)
    return FALSE;
  for (guint i = 0; i < additions->len; i++)
    {
      const MdLedgerAddition *one = g_ptr_array_index (additions, i);

      add (steps, one->time, one->kind, one->officer, one->reason);
    }
  return TRUE;
}

static gint
compare (gconstpointer a, gconstpointer b)
{
  const Step *one = *(const Step *const *)a, *other = *(const Step *const *)b;

  return (one->when > other->when) - (one->when < other->when);
}

static gboolean
print_json (const MdLedgerEntry *entry, GPtrArray *steps)
{
  g_autoptr (MdRecord) root = md_record_new_object ();
  MdRecord *list = md_record_new_list ();

  md_record_set_text (root, "intake", entry->intake);
  md_record_set_text (root, "receipt_number", entry->receipt_number);
  md_record_set_text (root, "procedure", entry->procedure);
  for (guint i = 0; i < steps->len; i++)
    {
      const Step *step = g_ptr_array_index (steps, i);
      MdRecord *object = md_record_new_object ();

      md_record_set_text (object, "time", step->time);
      md_record_set_text (object, "event", step->event);
      md_record_set_text (object, "officer", step->officer);
      md_record_set_text (object, "detail", step->detail);
      md_record_append_take (list, object);
    }
  md_record_take (root, "history", list);

  g_autoptr (MdSecret) text = md_record_write (root, TRUE);

  return text != NULL && show_print (text);
}

int
command_history (Desk *desk, const Options *options, int argc, char **argv)
{
  g_autoptr (GPtrArray) steps = g_ptr_array_new_with_free_func (step_free);
  g_autoptr (GError) error = NULL;
  g_autoptr (MdLedgerEntry) entry = case_find (desk, argv[0], &error);

  if (entry == NULL || !add_items (steps, desk, entry->intake, &error)
      || !add_single (steps, desk, entry->intake, &error)
      || !add_lists (steps, desk, entry->intake, &error))
    return command_complain (error);
  g_ptr_array_sort (steps, compare); /* what happened at once stays in the order above */
  if (options->json)
    return print_json (entry, steps) ? STATUS_FINE : STATUS_FAILED;
  for (guint i = 0; i < steps->len; i++)
    {
      const Step *step = g_ptr_array_index (steps, i);

      g_print ("%s  %s  %-12s  %-10s  %s\n", entry->receipt_number, step->time, step->event,
               step->officer, step->detail);
    }
  return STATUS_FINE;
}
