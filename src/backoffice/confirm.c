// SPDX-License-Identifier: Apache-2.0
/* The command "confirm": what a second person has to look at, on screen and on paper, and what that
 * person says of it. */
#include "config.h"

#include "addition.h"
#include "command.h"
#include "confirm-page.h"
#include "confirmation.h"
#include "plain.h"
#include "show.h"

#include <glib/gi18n.h>
#include <string.h>

/* --- The list --- */

typedef struct
{
  ConfirmPage *page; /* NULL: on the screen alone */
  char *day;         /* ISO, or NULL */
  char **branch;     /* terminals, or NULL */
  gboolean single;   /* one intake, asked for by its name: with its values */
  guint intakes, open;
} Listing;

static void
listing_clear (Listing *listing)
{
  g_clear_pointer (&listing->page, confirm_page_free);
  g_free (listing->day);
  g_strfreev (listing->branch);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Listing, listing_clear)

static gboolean
is_of_day (const Case *subject, const char *day)
{
  g_autofree char *own = case_dup_day (subject);

  return day == NULL || strcmp (own, day) == 0;
}

/* What was returned, rejected or withdrawn is not worked on: nobody need confirm anything. */
static gboolean
is_wanted (const Case *subject, const Options *options)
{
  const char *state = case_state (subject);

  return strcmp (state, "approved") == 0 || (options->pending && case_waits (subject));
}

static void
put (MdWriter *out, const char *text)
{
  md_writer_bytes (out, text, strlen (text));
}

static void
put_side (MdWriter *out, const char *label, const char *value)
{
  if (value == NULL)
    return;
  put (out, "      ");
  put (out, label);
  put (out, ": ");
  plain_put (out, value, "          ");
  put (out, "\n");
}

static void
put_line (MdWriter *out, const Eyes *eyes, const MdConfirmation *line)
{
  const char *label = confirm_page_field_label (eyes, line);
  g_autofree char *words = confirm_page_words (eyes, line);
  g_autofree char *settled = confirm_page_settled (line);
  md_autowipe char *ours = confirm_page_render (eyes, line, line->ours);
  md_autowipe char *theirs = confirm_page_render (eyes, line, line->theirs);
  md_autowipe char *why = eyes->step == MD_STEP_DESK ? addition_find_why (eyes, line) : NULL;
  g_autofree char *plain = plain_dup (label);
  g_autofree char *head
      = g_strdup_printf ("  %-8s  %-9s  %s%s%s\n", line->mark != NULL ? line->mark : "-",
                         md_confirmation_state_to_string (line->state), plain,
                         *plain != '\0' ? ": " : "", g_strdelimit (words, "\n", ' '));

  put (out, head);
  put_side (out, confirm_page_source_label (MD_MATCH_FROM_TYPED), ours);
  put_side (out, confirm_page_other_label (line), theirs);
  put_side (out, _ ("Why"), why);
  if (*settled != '\0')
    put_side (out, md_confirmation_rule_to_string (line->rule), settled);
}

static MdSecret *
write_text (const Eyes *eyes, const GPtrArray *lines)
{
  const Case *subject = eyes->subject;
  g_autoptr (MdWriter) out = md_writer_new (MD_LIMIT_WIRE_JSON);
  g_autoptr (GBytes) text = NULL;
  gsize size = 0;
  const guint8 *data = NULL;

  put (out, subject->entry->receipt_number);
  put (out, "  ");
  put (out, subject->entry->procedure);
  put (out, "  ");
  put (out, subject->entry->terminal);
  put (out, "  ");
  put (out, subject->entry->officer);
  put (out, "\n");
  for (guint i = 0; i < lines->len; i++)
    put_line (out, eyes, g_ptr_array_index (lines, i));
  text = md_writer_finish (out, NULL);
  if (text == NULL)
    return NULL;
  data = g_bytes_get_data (text, &size);
  return md_secret_new_from_data (data, size);
}

static MdSecret *
write_json (const Eyes *eyes, const GPtrArray *lines)
{
  const Case *subject = eyes->subject;
  g_autoptr (MdRecord) root = md_record_new_object ();

  md_record_set_text (root, "intake", subject->entry->intake);
  md_record_set_text (root, "receipt_number", subject->entry->receipt_number);
  md_record_set_text (root, "terminal", subject->entry->terminal);
  md_record_set_text (root, "clerk", subject->entry->officer);
  md_record_take (root, "lines", confirm_page_record (eyes, lines));
  return md_record_write (root, FALSE);
}

/* How many lines are open, whoever settles them. */
static guint
count_open (const GPtrArray *lines)
{
  guint n = 0;

  for (guint i = 0; i < lines->len; i++)
    n += ((const MdConfirmation *)g_ptr_array_index (lines, i))->state == MD_CONFIRMATION_OPEN;
  return n;
}

static int
tell (const Desk *desk, const Options *options, Listing *listing, const Case *subject,
      const GPtrArray *lines)
{
  const guint open = count_open (lines);
  Eyes eyes = eyes_new (desk, subject,
                        !listing->single ? MD_STEP_LIST
                        : options->json  ? MD_STEP_EXPORT
                                         : MD_STEP_DESK,
                        FALSE);
  g_autoptr (MdSecret) text = NULL;

  if (lines->len == 0 && !listing->single)
    return STATUS_FINE;
  listing->intakes++;
  listing->open += open;
  if (listing->page != NULL)
    confirm_page_add (listing->page, subject, lines);
  if (!listing->single)
    eyes.most = MD_VIEW_MASKED;
  text = options->json ? write_json (&eyes, lines) : write_text (&eyes, lines);
  if (text == NULL || !show_print (text))
    return STATUS_FAILED;
  return open > 0 ? STATUS_UNCONFIRMED : STATUS_FINE;
}

static int
list_case (const Desk *desk, const Options *options, Listing *listing, Case *subject)
{
  const char *event = listing->single ? "confirmation" : "confirmation-list";
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) lines = NULL;

  if ((!listing->single || command_may_look (desk, options, &error))
      && command_open (subject, desk, options, &error)
      && (lines = confirmation_list (subject, desk, options->officer, &error)) != NULL
      && command_record (desk, options, event, subject, &error))
    return tell (desk, options, listing, subject, lines);
  command_record_refusal (desk, options, event, subject->entry->intake, error);
  return command_complain (error);
}

static int
list_each (Desk *desk, const Options *options, const MdLedgerEntry *entry, gpointer user_data)
{
  Listing *listing = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (Case) subject = NULL;

  if (listing->branch != NULL
      && !g_strv_contains ((const char *const *)listing->branch, entry->terminal))
    return STATUS_FINE;
  subject = case_examine_entry (desk, entry, NULL, &error);
  if (subject == NULL)
    {
      command_record_refusal (desk, options, "confirmation-list", entry->intake, error);
      return command_complain (error);
    }
  if (!listing->single && (!is_of_day (subject, listing->day) || !is_wanted (subject, options)))
    return STATUS_FINE;
  return list_case (desk, options, listing, subject);
}

static int
list_them (Desk *desk, const Options *options, int argc, char **argv)
{
  g_auto (Listing) listing = { .single = argc > 0 };
  g_autoptr (GError) error = NULL;
  int status = STATUS_FINE;
  MdDate day;

  if (options->day != NULL && md_date_parse (options->day, &day, NULL))
    listing.day = md_date_format_iso (&day);
  if (options->branch != NULL)
    listing.branch = g_strsplit (options->branch, ",", -1);
  if (options->print != NULL)
    listing.page = confirm_page_new (desk, listing.day, options->branch);
  status = argc > 0 ? command_each_named (desk, options, argc, argv, "confirmation-list", list_each,
                                          &listing)
                    : command_each (desk, options, list_each, &listing);
  if (!options->json)
    g_print (_ ("%u intakes on the list, %u lines to be confirmed by a second person.\n"),
             listing.intakes, listing.open);
  if (listing.page == NULL || confirm_page_write (listing.page, options->print, &error))
    return status;
  return command_complain (error);
}

/* --- What the second person says --- */

static MdConfirmation *
find_line (const GPtrArray *lines, const char *mark)
{
  for (guint i = 0; i < lines->len; i++)
    {
      MdConfirmation *line = g_ptr_array_index (lines, i);

      if (g_strcmp0 (line->mark, mark) == 0)
        return line;
    }
  return NULL;
}

/* Who took a reply in, or corrected something, is not the second person for it. */
static gboolean
is_by_another (const Case *subject, const MdConfirmation *line, const char *officer, GError **error)
{
  if (line->author == NULL || g_ascii_strcasecmp (line->author, officer) != 0)
    return TRUE;
  g_set_error (error, CASE_ERROR, CASE_ERROR_SAME_PERSON,
               _ ("Line %s of intake %s comes from %s. Somebody else has to confirm it."),
               line->mark, subject->entry->receipt_number, officer);
  return FALSE;
}

/* All of them stand on the list as it is now, and nobody has settled one. */
static gboolean
check_marks (const Case *subject, const GPtrArray *lines, char **marks, const char *officer,
             GError **error)
{
  for (guint i = 0; marks[i] != NULL; i++)
    {
      const MdConfirmation *line = find_line (lines, marks[i]);

      if (line != NULL && line->state == MD_CONFIRMATION_OPEN)
        {
          if (!is_by_another (subject, line, officer, error))
            return FALSE;
          continue;
        }
      g_set_error (error, CASE_ERROR, CASE_ERROR_MISSING,
                   _ ("There is no open line %s on the list of intake %s. Something changed since, "
                      "or it has been confirmed: look at the list again with \"confirm %s\"."),
                   marks[i], subject->entry->receipt_number, subject->entry->receipt_number);
      return FALSE;
    }
  return TRUE;
}

static gboolean
say (const Desk *desk, const Options *options, const Case *subject, MdConfirmation *line,
     GError **error)
{
  const MdConfirmationState state
      = options->refuse ? MD_CONFIRMATION_REFUSED : MD_CONFIRMATION_CONFIRMED;
  g_autoptr (MdLedgerConfirmation) said = g_new0 (MdLedgerConfirmation, 1);

  said->intake = g_strdup (subject->entry->intake);
  said->rule = g_strdup (md_confirmation_rule_to_string (line->rule));
  said->field = g_strdup (line->field);
  said->key_a = g_bytes_new (line->key_a, sizeof line->key_a);
  said->key_b = g_bytes_new (line->key_b, sizeof line->key_b);
  said->state = g_strdup (md_confirmation_state_to_string (state));
  said->officer = g_strdup (options->officer);
  said->reason = g_strdup (options->reason);
  said->time = md_time_format_rfc3339 (md_clock_get_wall_us (md_clock_get_system ()));
  if (!md_ledger_confirm (desk->ledger, said, error))
    return FALSE;
  md_confirmation_settle (line, state, options->officer, options->reason, said->time);
  return TRUE;
}

static gboolean
confirm_lines (const Desk *desk, const Options *options, Case *subject, char **marks,
               GError **error)
{
  g_autoptr (GPtrArray) lines = NULL;
  Options approved = *options; /* nothing is confirmed of what nobody has approved */
  guint open = 0;

  approved.pending = FALSE;
  if (!command_open (subject, desk, &approved, error)
      || !confirmation_is_second (subject, options->officer, error)
      || (lines = confirmation_list (subject, desk, options->officer, error)) == NULL
      || !check_marks (subject, lines, marks, options->officer, error))
    return FALSE;
  for (guint i = 0; marks[i] != NULL; i++)
    if (!say (desk, options, subject, find_line (lines, marks[i]), error))
      return FALSE;
  open = count_open (lines);
  g_print (_ ("%s: %u lines settled, %u still open\n"), subject->entry->receipt_number,
           g_strv_length (marks), open);
  return TRUE;
}

static int
confirm_case (Desk *desk, const Options *options, const char *name, char **marks)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (Case) subject = case_examine (desk, name, &error);

  if (subject != NULL && confirm_lines (desk, options, subject, marks, &error))
    return STATUS_FINE;
  command_record_refusal (desk, options, "confirm", subject != NULL ? subject->entry->intake : name,
                          error);
  return command_complain (error);
}

int
command_confirm (Desk *desk, const Options *options, int argc, char **argv)
{
  g_auto (GStrv) marks = NULL;

  if (argc < 2)
    return list_them (desk, options, argc, argv);
  if (options->reason == NULL)
    {
      g_printerr (_ ("madoguchi-backoffice: who confirms gives a --reason CODE, which is "
                     "recorded\n"));
      return STATUS_USAGE;
    }
  marks = g_new0 (char *, (gsize)argc);
  for (int i = 1; i < argc; i++)
    marks[i - 1] = g_strdup (argv[i]);
  return confirm_case (desk, options, argv[0], marks);
}
