// SPDX-License-Identifier: Apache-2.0
#include "config.h"

#include "paper.h"
#include "reply.h"

#include <glib/gi18n.h>
#include <string.h>

#define SCHEMA "madoguchi-reply/1"
#define NUMBER_MAX 20u
#define NUMBER PAPER_DIGITS PAPER_LETTERS "- "

static const PaperText inquiry
    = { "inquiry", TRUE, 32, PAPER_DIGITS PAPER_LETTERS "-_.", NULL, TRUE };
static const PaperText intake = { "intake", FALSE, 36, PAPER_DIGITS PAPER_LETTERS "-", NULL };
static const PaperText kind = { "kind", TRUE, 8, PAPER_LETTERS, NULL };

/* In the order in which they are kept. */
static const PaperText about[] = {
  { "responder", TRUE, 400, NULL, NULL, TRUE },
  { "answered", TRUE, 10, PAPER_DIGITS "-", NULL },
  { "answer", FALSE, MD_LIMIT_FIELD_TEXT, NULL, "\n", TRUE },
};
static const PaperText numbers[] = {
  { "addressee", FALSE, 15, PAPER_DIGITS, NULL },
  { "insured", FALSE, NUMBER_MAX, PAPER_DIGITS "- ", NULL },
  { "branch", FALSE, NUMBER_MAX, NUMBER, NULL },
};
static const PaperText items[] = {
  { "name", FALSE, 400, NULL, NULL, TRUE },
  { "address", FALSE, 1200, NULL, NULL, TRUE },
  { "birth", FALSE, 40, NULL, NULL, TRUE },
  { "sex", FALSE, 6, NULL, NULL },
};

void
reply_free (Reply *self)
{
  if (self == NULL)
    return;
  g_free (self->inquiry);
  g_free (self->intake);
  g_clear_pointer (&self->content, md_record_unref);
  g_free (self);
}

/* Takes over @n members of @from as they are described. */
static gboolean
take_texts (const PaperPlace *at, const MdRecord *from, const PaperText *rules, gsize n,
            MdRecord *to, GError **error)
{
  for (gsize i = 0; i < n; i++)
    {
      const char *text = NULL;

      if (!paper_get_text (at, from, &rules[i], &text, error))
        return FALSE;
      md_record_set_text (to, rules[i].member, text);
    }
  return TRUE;
}

/* As they are compared: without what they may be written with. */
static gboolean
take_numbers (const PaperPlace *at, const MdRecord *from, MdRecord *to, GError **error)
{
  for (gsize i = 0; i < G_N_ELEMENTS (numbers); i++)
    {
      md_autowipe char *number = NULL;
      const char *text = NULL;

      if (!paper_get_text (at, from, &numbers[i], &text, error))
        return FALSE;
      number = g_strdup (text);
      if (number != NULL)
        held_squeeze (number);
      if (number != NULL && *number == '\0')
        return paper_complain (at, numbers[i].member, error);
      md_record_set_text (to, numbers[i].member, number);
    }
  return TRUE;
}

static gboolean
is_sex (const char *text)
{
  static const char *const codes[] = { "male", "female", "1", "2", "9", NULL };

  return g_strv_contains (codes, text);
}

/* Of a written reply all four items, or else nobody could say that none of them differs. */
static gboolean
take_person (const PaperPlace *at, const MdRecord *from, gboolean whole, MdRecord *to,
             GError **error)
{
  static const char *const members[] = { "name", "address", "birth", "sex", NULL };
  const MdRecord *person = md_record_get (from, "person");
  MdRecord *kept = md_record_new_object ();
  const char *birth = NULL, *sex = NULL;
  MdDate day;

  md_record_take (to, "person", kept);
  if (person != NULL && !md_record_is_null (person)
      && (!md_record_is_object (person) || !md_record_has_only (person, members)))
    return paper_complain (at, "person", error);
  if (!take_texts (at, person, items, G_N_ELEMENTS (items), kept, error))
    return FALSE;
  for (guint i = 0; i < G_N_ELEMENTS (items); i++)
    if (whole && md_record_get_text (kept, items[i].member) == NULL)
      return paper_complain (at, items[i].member, error);
  birth = md_record_get_text (kept, "birth");
  sex = md_record_get_text (kept, "sex");
  if (birth != NULL && !md_date_parse (birth, &day, NULL))
    return paper_complain (at, "birth", error);
  return sex == NULL || is_sex (sex) || paper_complain (at, "sex", error);
}

static gboolean
take_kind (const PaperPlace *at, const MdRecord *from, Reply *to, GError **error)
{
  const char *text = NULL;

  if (!paper_get_text (at, from, &kind, &text, error))
    return FALSE;
  to->result = strcmp (text, "result") == 0;
  md_record_set_text (to->content, "kind", text);
  return to->result || strcmp (text, "written") == 0 || paper_complain (at, "kind", error);
}

static gboolean
take_names (const PaperPlace *at, const MdRecord *from, Reply *to, GError **error)
{
  const char *asked = NULL, *named = NULL;

  if (!paper_get_text (at, from, &inquiry, &asked, error)
      || !paper_get_text (at, from, &intake, &named, error))
    return FALSE;
  if (named != NULL && !case_is_name (named))
    return paper_complain (at, "intake", error);
  to->inquiry = g_strdup (asked);
  to->intake = g_strdup (named);
  md_record_set_text (to->content, "inquiry", asked);
  return TRUE;
}

static gboolean
has_number (const Reply *reply)
{
  for (guint i = 0; i < N_PERSON_NUMBERS; i++)
    if (*reply_get_number (reply->content, (PersonNumber)i) != '\0')
      return TRUE;
  return FALSE;
}

static gboolean
take_day (const PaperPlace *at, const Reply *reply, GError **error)
{
  MdDate day;

  return md_date_parse (md_record_get_text (reply->content, "answered"), &day, NULL)
         || paper_complain (at, "answered", error);
}

/* A result is known by a number; a written reply by the intake it names, or a number. */
static gboolean
take_reply (const PaperPlace *at, const MdRecord *from, Reply *to, GError **error)
{
  static const char *const members[]
      = { "kind",    "inquiry", "responder", "answered", "intake", "addressee",
          "insured", "branch",  "person",    "answer",   NULL };

  if (!md_record_is_object (from) || !md_record_has_only (from, members))
    return paper_complain (at, at->list, error);
  to->content = md_record_new_object ();
  return take_kind (at, from, to, error) && take_names (at, from, to, error)
         && take_texts (at, from, about, G_N_ELEMENTS (about), to->content, error)
         && take_day (at, to, error) && take_numbers (at, from, to->content, error)
         && take_person (at, from, !to->result, to->content, error)
         && (has_number (to) || (!to->result && to->intake != NULL)
             || paper_complain (at, "insured, addressee, branch", error));
}

GPtrArray *
reply_parse (const void *data, gsize size, GError **error)
{
  g_autoptr (MdRecord) root = paper_parse (data, size, SCHEMA, "replies", REPLY_MAX, error);
  g_autoptr (GPtrArray) replies = g_ptr_array_new_with_free_func ((GDestroyNotify)reply_free);
  const MdRecord *list = md_record_get (root, "replies");

  if (root == NULL)
    return NULL;
  for (gsize i = 0; i < md_record_get_size (list); i++)
    {
      const PaperPlace at = { "replies", (guint)i + 1 };
      Reply *reply = g_new0 (Reply, 1);

      g_ptr_array_add (replies, reply);
      if (!take_reply (&at, md_record_get_entry (list, i), reply, error))
        return NULL;
    }
  return g_steal_pointer (&replies);
}
