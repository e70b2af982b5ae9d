// SPDX-License-Identifier: Apache-2.0
/* The command "reply": takes in what was answered to inquiries, each to the intake it is about. */
#include "config.h"

#include "addition.h"
#include "command.h"
#include "notice.h"
#include "paper.h"
#include "reply.h"

#include <glib/gi18n.h>
#include <string.h>

/* One reply on its way. */
typedef struct
{
  const Reply *reply;
  guint number;   /* in the file, from 1 */
  char *intake;   /* whose it is; NULL: not found yet */
  guint found;    /* how many intakes its numbers fit */
  gboolean other; /* they fit somebody of another name or birth */
} Work;

static void
work_free (Work *work)
{
  g_free (work->intake);
  g_free (work);
}

/* --- Which intake --- */

/* A number alone finds nobody: name and day of birth have to be those of the application. */
static void
look (Work *work, const Desk *desk, const Case *subject)
{
  ReplyMatch match = { 0 };

  if (work->intake != NULL && work->found == 0)
    return;
  reply_match (subject, desk, work->reply->content, &match);
  if (reply_is_of_other (&match) || !reply_has_number (&match))
    return;
  if (!reply_names_person (&match))
    {
      work->other = TRUE;
      return;
    }
  work->found++;
  g_free (work->intake);
  work->intake = g_strdup (subject->entry->intake);
}

/* The record of each intake that is opened to see whether it is answered: before it is. */
static gboolean
record_search (const Desk *desk, const Options *options, const Case *subject, GError **error)
{
  const MdAuditEntry entry = {
    .event = "search",
    .outcome = MD_AUDIT_DONE,
    .staff = options->officer,
    .reason = options->reason,
    .object = subject->entry->intake,
    .digest = subject->entry->digest,
    .detail = "for=reply",
  };

  return md_ledger_note (desk->ledger, &entry, error);
}

typedef struct
{
  const GPtrArray *works;
  gboolean failed; /* what cannot be recorded is not opened, nor is any after it */
} Search;

/* One that cannot be opened, or is not approved, is nobody's answer. The individual number says
 * nothing here and stays in the vault. */
static int
look_at (Desk *desk, const Options *options, const MdLedgerEntry *entry, gpointer user_data)
{
  Search *search = user_data;
  g_autoptr (Case) subject = search->failed ? NULL : case_examine_entry (desk, entry, NULL, NULL);
  g_autoptr (GError) error = NULL;

  if (subject == NULL || !g_str_equal (case_state (subject), "approved")
      || !case_is_agreed (subject, NULL))
    return STATUS_FINE;
  search->failed = !record_search (desk, options, subject, &error);
  if (search->failed)
    return command_complain (error);
  if (!case_open (subject, desk, NULL) || !additions_read (subject, desk, NULL))
    return STATUS_FINE;
  for (guint i = 0; i < search->works->len; i++)
    look (g_ptr_array_index (search->works, i), desk, subject);
  return STATUS_FINE;
}

static gboolean
unfit (const Work *work, const char *what, GError **error)
{
  g_set_error (error, CASE_ERROR, CASE_ERROR_UNFIT, _ ("Reply %u (inquiry %s): %s"), work->number,
               work->reply->inquiry, what);
  return FALSE;
}

static gboolean
is_found (const Work *work, GError **error)
{
  if (work->intake != NULL && work->found < 2)
    return TRUE;
  if (work->found > 1)
    return unfit (work,
                  _ ("Several intakes are of this person. Name the one that is answered by its "
                     "receipt number. Nothing was kept."),
                  error);
  return unfit (work,
                work->other ? _ ("By a number alone nobody is found: name and day of birth have "
                                 "to be those of the application. Look up whose reply it is, "
                                 "and name the intake by its receipt number. Nothing was kept.")
                            : _ ("No approved intake is of a person with this number. Nothing "
                                 "was kept."),
                error);
}

/* --- Taking it in --- */

static gboolean
is_of_person (const Work *work, const ReplyMatch *match, GError **error)
{
  if (reply_is_of_other (match))
    return unfit (work,
                  _ ("It is about another person: a number in it is not the one of the intake. "
                     "Nothing was kept; give it back to who answered."),
                  error);
  if (work->reply->result && !reply_has_number (match))
    return unfit (work,
                  _ ("Neither the application nor the held data have the number by which it "
                     "could be known whose result it is. Nothing was kept."),
                  error);
  if (!work->reply->result && match->items[PERSON_NAME] == MD_MATCH_MISSING)
    return unfit (work, _ ("The application has no name to compare it with. Nothing was kept."),
                  error);
  return TRUE;
}

static gboolean
is_same_content (const MdRecord *one, const MdRecord *other)
{
  g_autoptr (MdSecret) first = md_record_write (one, FALSE);
  g_autoptr (MdSecret) second = md_record_write (other, FALSE);

  return md_secret_equal (first, second);
}

static gboolean
keep (const Desk *desk, const Options *options, const Case *subject, const Work *work,
      guint different, GError **error)
{
  g_autofree char *note = g_strdup_printf ("differ=%u", different);
  const AdditionNew what = { .kind = work->reply->result ? ADDITION_RESULT : ADDITION_REPLY,
                             .name = work->reply->inquiry,
                             .officer = options->officer,
                             .reason = options->reason != NULL ? options->reason : "",
                             .note = note,
                             .content = work->reply->content };

  return addition_keep (subject, desk, &what, error);
}

static gboolean
take_in (const Desk *desk, const Options *options, const Work *work, const Case *subject,
         guint *out_different, GError **error)
{
  const Addition *before = addition_find (subject, FALSE, work->reply->inquiry);
  ReplyMatch match = { 0 };

  if (before != NULL && !is_same_content (before->content, work->reply->content))
    return unfit (work,
                  _ ("The inquiry was answered already, and otherwise. What was kept stays; have "
                     "a new answer made under a new inquiry."),
                  error);
  reply_match (subject, desk, work->reply->content, &match);
  if (!is_of_person (work, &match, error))
    return FALSE;
  *out_different = reply_count_different (&match);
  if (before == NULL && !keep (desk, options, subject, work, *out_different, error))
    return FALSE;
  if (before != NULL)
    *out_different = 0; /* it was told then */
  if (before != NULL)
    g_print (_ ("%s: inquiry %s was answered in the same words before; nothing changed\n"),
             subject->entry->receipt_number, work->reply->inquiry);
  else
    g_print (_ ("%s: reply to inquiry %s kept, %u items differ\n"), subject->entry->receipt_number,
             work->reply->inquiry, *out_different);
  return TRUE;
}

static int
take_one (const Desk *desk, const Options *options, const Work *work)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (Case) subject = NULL;
  guint different = 0;

  if (is_found (work, &error))
    subject = case_examine (desk, work->intake, &error);
  if (subject != NULL && command_open (subject, desk, options, &error)
      && notice_is_none (subject, desk, &error)
      && take_in (desk, options, work, subject, &different, &error))
    {
      if (different == 0)
        return STATUS_FINE;
      g_print (_ ("%s: confirm with the responder. A second person looks at it with \"confirm "
                  "%s\".\n"),
               subject->entry->receipt_number, subject->entry->receipt_number);
      return STATUS_UNCONFIRMED;
    }
  command_record_refusal (desk, options, "reply",
                          subject != NULL ? subject->entry->intake : work->intake, error);
  return command_complain (error);
}

static int
take_all (Desk *desk, const Options *options, const GPtrArray *replies)
{
  g_autoptr (GPtrArray) works = g_ptr_array_new_with_free_func ((GDestroyNotify)work_free);
  Search search = { .works = works };
  gboolean nameless = FALSE;
  int status = STATUS_FINE;

  for (guint i = 0; i < replies->len; i++)
    {
      Work *work = g_new0 (Work, 1);

      work->reply = g_ptr_array_index (replies, i);
      work->number = i + 1;
      work->intake = g_strdup (work->reply->intake);
      nameless = nameless || work->intake == NULL;
      g_ptr_array_add (works, work);
    }
  if (nameless)
    status = command_each (desk, options, look_at, &search);
  if (search.failed)
    return status;
  for (guint i = 0; i < works->len; i++)
    status = command_worse (status, take_one (desk, options, g_ptr_array_index (works, i)));
  return status;
}

int
command_reply (Desk *desk, const Options *options, int argc, char **argv)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (MdSecret) text = paper_read (argv[0], REPLY_FILE_MAX, &error);
  g_autoptr (GPtrArray) replies = NULL;

  if (text != NULL)
    replies = reply_parse (md_secret_get_data (text), md_secret_get_size (text), &error);
  if (replies != NULL)
    return take_all (desk, options, replies);
  command_record_refusal (desk, options, "reply", NULL, error);
  return command_complain (error);
}
