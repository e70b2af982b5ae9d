// SPDX-License-Identifier: Apache-2.0
#include <glib/gi18n.h>

#include "aside.h"
#include "attention.h"
#include "own-certificate.h"
#include "policy.h"
#include "revocation.h"
#include "room.h"

#define NAMED 3u

const char *
attention_policy_state (Service *self)
{
  gint64 left;

  if (self->policy == NULL)
    return "none";
  if (policy_in_force (self) == NULL)
    return "expired";
  left = md_policy_get_not_after (self->policy) - md_clock_get_wall_us (self->clock);
  return left < ATTENTION_EXPIRING_S * G_USEC_PER_SEC ? "expiring" : "ok";
}

guint
attention_unsent_limit (Service *self)
{
  return self->policy != NULL ? md_policy_get_limits (self->policy)->unsent : 0;
}

guint
attention_receipts_low (Service *self)
{
  return self->policy != NULL ? md_policy_get_limits (self->policy)->receipts_low : 0;
}

static void
add_line (GString *text, char *line)
{
  if (text->len > 0)
    g_string_append_c (text, '\n');
  g_string_append (text, line);
  g_free (line);
}

/* What could not be put to work, while what was there before goes on. */
static void
add_troubles (Service *self, GString *text)
{
  if (policy_in_force (self) != NULL && self->policy_trouble != NULL)
    add_line (text, g_strdup (_ ("A new policy could not be put to work, and the one before stays "
                                 "in force. Ask the administrator to look at it today.")));
  if (self->notice_refused != NULL)
    add_line (text, g_strdup (_ ("A notice came that is not of the back office, or not for this "
                                 "terminal, and was not taken. Ask the administrator to look at "
                                 "the log today.")));
  if (self->forms_trouble != NULL)
    add_line (text, g_strdup (_ ("The forms on this terminal are damaged, and what is taken in may "
                                 "be refused. Call the administrator to install them again.")));
}

/* For a day: long enough that everybody at the counter has seen it. */
static void
add_restored (Service *self, GString *text)
{
  gint64 when = 0;
  gboolean doubts = FALSE;

  if (md_outbox_doubts_numbers (self->db, &doubts, NULL) && doubts)
    {
      add_line (text, g_strdup (_ ("This terminal was put back to an older state, and has not "
                                   "reached the back office since: until it does it gives no "
                                   "receipt numbers, because they may be given already. Take "
                                   "people in at another counter, and tell the administrator.")));
      return;
    }
  if (!md_outbox_when_restored (self->outbox, &when, NULL) || when == 0
      || md_clock_get_wall_us (self->clock) / 1000 - when > G_TIME_SPAN_DAY / 1000)
    return;
  add_line (text, g_strdup (_ ("This terminal was put back to an older state. What waits here is "
                               "sent again, nothing arrives twice, and new receipt numbers are "
                               "used. What was taken in later is with the back office, not in the "
                               "lists here; tell the administrator.")));
}

static char **
list_disagreements (Service *self)
{
  return self->policy != NULL && self->catalogue != NULL
             ? md_catalogue_list_disagreements (self->catalogue, self->policy)
             : g_new0 (char *, 1);
}

char *
attention_dup_officers (Service *self)
{
  g_auto (GStrv) ids = list_disagreements (self);
  g_autoptr (GString) text = g_string_new (NULL);

  for (guint i = 0; ids[i] != NULL; i++)
    add_line (text, md_catalogue_dup_disagreement (self->catalogue, self->policy, ids[i]));
  return g_string_free (g_steal_pointer (&text), FALSE);
}

/* The window names a few; the doctor all. Caller owns. */
static char *
join_few (char **ids, guint n)
{
  for (guint i = NAMED; i < n; i++)
    g_clear_pointer (&ids[i], g_free);
  return g_strjoinv (", ", ids);
}

static void
add_officers (Service *self, GString *text)
{
  g_auto (GStrv) ids = list_disagreements (self);
  const guint n = g_strv_length (ids);
  g_autofree char *named = NULL;

  if (n == 0)
    return;
  named = join_few (ids, n);
  add_line (text,
            g_strdup_printf (ngettext ("Form and policy differ in how many officers have to agree "
                                       "(%u procedure: %s). Two have to. Ask the administrator to "
                                       "have both say the same.",
                                       "Form and policy differ in how many officers have to agree "
                                       "(%u procedures: %s). Two have to. Ask the administrator to "
                                       "have both say the same.",
                                       n),
                             n, named));
}

char *
attention_dup_versions (Service *self)
{
  g_auto (GStrv) sentences = self->policy != NULL && self->catalogue != NULL
                                 ? md_catalogue_tell_untaken (self->catalogue, self->policy,
                                                              md_clock_get_wall_us (self->clock))
                                 : g_new0 (char *, 1);

  return g_strjoinv ("\n", sentences);
}

/* What is refused today; the doctor also knows what will be. */
static void
add_versions (Service *self, GString *text)
{
  g_auto (GStrv) ids = self->policy != NULL && self->catalogue != NULL ? md_catalogue_list_untaken (
                           self->catalogue, self->policy, md_clock_get_wall_us (self->clock))
                                                                       : g_new0 (char *, 1);
  const guint n = g_strv_length (ids);
  g_autofree char *named = NULL;

  if (n == 0)
    return;
  named = join_few (ids, n);
  add_line (text,
            g_strdup_printf (ngettext ("%u procedure cannot be taken in (%s): the policy does "
                                       "not take the version of its form that is here. Tell "
                                       "the administrator.",
                                       "%u procedures cannot be taken in (%s): the policy "
                                       "does not take the versions of their forms that are "
                                       "here. Tell the administrator.",
                                       n),
                             n, named));
}

/* That no more will come is told as soon as it is known: there are up to a block's numbers left
 * then, and a policy takes its time. */
static void
add_numbers (Service *self, GString *text)
{
  guint numbers = 0;
  gboolean last = FALSE;

  if (self->policy == NULL || !md_outbox_numbers_left (self->outbox, &numbers, NULL)
      || !md_outbox_are_last_numbers (self->outbox, &last, NULL))
    return;
  if (last)
    add_line (text,
              g_strdup_printf (_ ("%u receipt numbers are left on this terminal, and they are the "
                                  "last: the policy's range is used up, and none come over the "
                                  "line. Ask the administrator for a policy with a larger range "
                                  "now. Without a number nothing can be taken in."),
                               numbers));
  else if (numbers < attention_receipts_low (self))
    add_line (text,
              g_strdup_printf (_ ("%u receipt numbers are left on this terminal. New ones come "
                                  "over the line; ask the administrator to look at line and "
                                  "policy soon. Without a number nothing can be taken in."),
                               numbers));
}

char *
attention_dup (Service *self, guint unsent)
{
  GString *text = g_string_new (NULL);
  char *lists = revocation_dup_attention (self->revocation);
  char *room = room_dup_attention (self);
  char *aside = aside_dup_attention (self);
  char *own = own_certificate_dup_attention (self);

  if (room != NULL)
    add_line (text, room);
  add_troubles (self, text);
  add_restored (self, text);
  if (aside != NULL)
    add_line (text, aside);
  add_officers (self, text);
  add_versions (self, text);
  if (own != NULL)
    add_line (text, own);
  if (g_str_equal (attention_policy_state (self), "expiring"))
    {
      g_autofree char *until
          = md_time_format_tokyo (md_policy_get_not_after (self->policy), MD_TIME_STYLE_ISO);

      add_line (text,
                g_strdup_printf (_ ("The policy is valid until %s only. Ask the administrator "
                                    "to install the next one before then; after it nobody "
                                    "can log in."),
                                 until));
    }
  add_numbers (self, text);
  if (lists != NULL)
    add_line (text, lists);
  if (self->policy != NULL && unsent > attention_unsent_limit (self))
    add_line (text,
              g_strdup_printf (_ ("%u items wait to be sent, more than the office allows for. "
                                  "Intake goes on; ask the administrator to look at the "
                                  "line soon."),
                               unsent));
  return g_string_free (text, FALSE);
}
