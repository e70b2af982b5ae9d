// SPDX-License-Identifier: Apache-2.0
/* What was learnt of an intake, on its confirmation list and in its export. */
#include "config.h"

#include <glib/gi18n.h>
#include <string.h>

#include "addition.h"
#include "reply.h"

/* --- On the confirmation list --- */

/* Two corrections to and fro are still two: the number stands in the key. */
MdConfirmation *
addition_make_line (const Addition *self, const Case *subject, const Desk *desk)
{
  const char *before = md_record_get_text (self->content, "before");
  const char *after = md_record_get_text (self->content, "after");
  const char *field = md_record_get_text (self->content, "field");
  MdConfirmation *line
      = md_confirmation_new (MD_CONFIRMATION_CORRECTION, field != NULL ? field : "");
  md_autowipe char *first
      = g_strdup_printf ("%s\n%s", self->row->name, before != NULL ? before : "");

  line->with = MD_MATCH_FROM_TYPED;
  line->ours = g_strdup (before != NULL ? before : "");
  line->theirs = g_strdup (after != NULL ? after : "");
  line->other = g_strdup (self->row->name);
  line->author = g_strdup (self->row->officer);
  md_confirmation_set_keys (line, desk->confirmation_key, subject->entry->intake, first,
                            line->theirs);
  return line;
}

static void
add_item (const Addition *self, const Case *subject, const Desk *desk, PersonItemId item,
          GPtrArray *lines)
{
  const MdMatchSide side
      = { .source = MD_MATCH_FROM_REPLY, .text = reply_get_item (self->content, item) };
  MdConfirmation *line
      = md_confirmation_compare (person_items[item].field, person_items[item].item, &side,
                                 person_value (subject, person_items[item].field));
  md_autowipe char *second = NULL;

  if (line == NULL)
    return;
  line->rule = MD_CONFIRMATION_REPLY_DIFFERS;
  line->other = g_strdup (self->row->name);
  line->author = g_strdup (self->row->officer);
  second = g_strdup_printf ("%s\n%s", self->row->name, line->theirs);
  md_confirmation_set_keys (line, desk->confirmation_key, subject->entry->intake, line->ours,
                            second);
  g_ptr_array_add (lines, line);
}

char *
addition_dup_why (const Eyes *eyes, const Addition *self)
{
  /* What staff write to staff may tell anything, and goes into no file. */
  return eyes->step != MD_STEP_EXPORT ? eyes_render_words (
             eyes, eyes_look (eyes, self->line->field), md_record_get_text (self->content, "why"))
                                      : NULL;
}

char *
addition_find_why (const Eyes *eyes, const MdConfirmation *line)
{
  const Addition *addition = line->rule == MD_CONFIRMATION_CORRECTION
                                 ? addition_find (eyes->subject, TRUE, line->other)
                                 : NULL;

  return addition != NULL ? addition_dup_why (eyes, addition) : NULL;
}

void
additions_add_lines (const Case *self, const Desk *desk, GPtrArray *lines)
{
  for (guint i = 0; self->additions != NULL && i < self->additions->len; i++)
    {
      const Addition *addition = g_ptr_array_index (self->additions, i);

      if (addition_is_correction (addition))
        g_ptr_array_add (lines, addition_make_line (addition, self, desk));
      for (guint k = 0; !addition_is_correction (addition) && k < N_PERSON_ITEMS; k++)
        add_item (addition, self, desk, (PersonItemId)k, lines);
    }
}

/* --- In the export --- */

static void
set_who (MdRecord *object, const Addition *self)
{
  md_record_set_text (object, "officer", self->row->officer);
  md_record_set_text (object, "reason", *self->row->reason != '\0' ? self->row->reason : NULL);
  md_record_set_text (object, "time", self->row->time);
}

/* How a verdict upon a field may be told: as the field itself, or where the form does not have it
 * as its class. */
static MdView
look_at_verdict (const Eyes *eyes, const char *field, MdSensitivity class)
{
  MdForm *form = desk_find_form (eyes->desk, md_container_get_manifest (eyes->subject->container));

  return field != NULL && form != NULL && md_form_get_field (form, field) != NULL
             ? eyes_look (eyes, field)
             : eyes_look_at_class (eyes, class);
}

/* Those verdicts upon items that may be told; the least of the views of the others, which have
 * one. */
static MdRecord *
take_items (const Eyes *eyes, const MdRecord *content, const ReplyMatch *match, MdView *out_least)
{
  MdRecord *items = md_record_new_object ();

  for (guint i = 0; i < N_PERSON_ITEMS; i++)
    {
      const MdView view = look_at_verdict (eyes, person_items[i].field, MD_CLASS_BASIC);

      if (*reply_get_item (content, (PersonItemId)i) == '\0')
        continue;
      *out_least = MIN (*out_least, view);
      if (view >= MD_VIEW_READABLE)
        md_record_set_text (items, person_items[i].name, md_match_to_string (match->items[i]));
    }
  return items;
}

static MdRecord *
take_numbers (const Eyes *eyes, const ReplyMatch *match, MdView *out_least)
{
  MdRecord *by = md_record_new_list ();

  for (guint i = 0; i < N_PERSON_NUMBERS; i++)
    {
      const char *word = reply_number_to_string ((PersonNumber)i);
      const char *field = person_number_field (eyes->subject, (PersonNumber)i);
      const MdView view = look_at_verdict (eyes, field, MD_CLASS_OTHER);

      if (!match->given[i] || match->numbers[i] != PERSON_SAME)
        continue;
      *out_least = MIN (*out_least, view);
      if (view >= MD_VIEW_READABLE)
        md_record_append_text (by, word, strlen (word));
    }
  return by;
}

/* Which items were compared and how they stand, and by which numbers it was found to be of this
 * person: as far as the items and the numbers themselves may be read. Of which of them there is
 * more is not told: that there is, stands among what is withheld. */
static void
set_matched (MdRecord *object, const Addition *self, const Eyes *eyes, MdRecord *withheld)
{
  ReplyMatch match = { 0 };
  MdView items = MD_VIEW_READABLE, numbers = MD_VIEW_READABLE;

  reply_match (eyes->subject, eyes->desk, self->content, &match);
  md_record_take (object, "matched", take_items (eyes, self->content, &match, &items));
  md_record_take (object, "matched_by", take_numbers (eyes, &match, &numbers));
  if (items < MD_VIEW_READABLE)
    md_record_append_text (withheld, "matched", strlen ("matched"));
  if (numbers < MD_VIEW_READABLE)
    md_record_append_text (withheld, "matched_by", strlen ("matched_by"));
}

/* Where it may be read; else its name among what is withheld. */
static void
copy_member (const MdRecord *from, const char *member, gboolean open, MdRecord *to,
             MdRecord *withheld)
{
  MdRecord *value = md_record_get (from, member);
  const gboolean given = md_record_as_text (value) != NULL || md_record_is_object (value);

  if (given && open)
    md_record_take (to, member, md_record_ref (value));
  else if (given)
    md_record_append_text (withheld, member, strlen (member));
}

gboolean
additions_have_number (const Case *self)
{
  static const char *const words[] = { "responder", "answer", "person", "why" };

  for (guint i = 0; self->additions != NULL && i < self->additions->len; i++)
    for (guint k = 0; k < G_N_ELEMENTS (words); k++)
      if (eyes_has_number (md_record_get (
              ((const Addition *)g_ptr_array_index (self->additions, i))->content, words[k])))
        return TRUE;
  return FALSE;
}

/* Words where they may be read, and no number is in them that may not. */
static void
copy_words (const Eyes *eyes, const Addition *self, const char *member, MdView view, MdRecord *to,
            MdRecord *withheld)
{
  const gboolean kept = eyes_has_number (md_record_get (self->content, member))
                        && eyes_look_at_class (eyes, MD_CLASS_MY_NUMBER) < MD_VIEW_READABLE;

  copy_member (self->content, member, view >= MD_VIEW_READABLE && !kept, to, withheld);
}

char *
addition_dup_text (const Eyes *eyes, const Addition *self, const char *member)
{
  const MdView view = eyes_look_at_words (eyes);
  const char *text = md_record_get_text (self->content, member);

  if (view == MD_VIEW_HIDDEN && text != NULL)
    return g_strdup (_ ("the policy keeps it from this desk"));
  return eyes_render_words (eyes, view, text);
}

/* As it was taken in, without what these eyes may not read. */
static MdRecord *
take_content (const Eyes *eyes, const Addition *self, MdRecord *withheld)
{
  static const char *const plain[] = { "kind", "inquiry", "answered" };
  static const char *const written[] = { "responder", "answer" };
  const gboolean numbers = eyes_look_at_class (eyes, MD_CLASS_OTHER) >= MD_VIEW_READABLE;
  MdRecord *content = md_record_new_object ();

  for (guint i = 0; i < G_N_ELEMENTS (plain); i++)
    copy_member (self->content, plain[i], TRUE, content, withheld);
  for (guint i = 0; i < G_N_ELEMENTS (written); i++)
    copy_words (eyes, self, written[i], eyes_look_at_words (eyes), content, withheld);
  for (guint i = 0; i < N_PERSON_NUMBERS; i++)
    copy_member (self->content, reply_number_to_string ((PersonNumber)i), numbers, content,
                 withheld);
  copy_words (eyes, self, "person", eyes_look_at_class (eyes, MD_CLASS_BASIC), content, withheld);
  return content;
}

static MdRecord *
reply_record (const Addition *self, const Eyes *eyes)
{
  MdRecord *object = md_record_new_object (), *withheld = md_record_new_list ();

  md_record_set_text (object, "kind", self->row->kind);
  md_record_set_text (object, "inquiry", self->row->name);
  set_who (object, self);
  set_matched (object, self, eyes, withheld);
  md_record_take (object, "content", take_content (eyes, self, withheld));
  md_record_take (object, "withheld", withheld);
  return object;
}

static MdRecord *
correction_record (const Addition *self, const Eyes *eyes)
{
  const MdConfirmation *line = self->line;
  MdRecord *object = md_record_new_object (), *withheld = md_record_new_list ();
  md_autowipe char *why = addition_dup_why (eyes, self);

  md_record_set_text (object, "number", self->row->name);
  md_record_set_text (object, "field", line->field);
  eyes_put_value (eyes, line->field, line->ours, object, "before", withheld);
  eyes_put_value (eyes, line->field, line->theirs, object, "after", withheld);
  md_record_take (object, "withheld", withheld);
  set_who (object, self);
  md_record_set_text (object, "why", why);
  md_record_set_text (object, "state", md_confirmation_state_to_string (line->state));
  md_record_set_text (object, "confirmed_by", line->officer);
  md_record_set_text (object, "confirmed_for", line->reason);
  md_record_set_text (object, "confirmed_at", line->time);
  return object;
}

void
additions_export (const Eyes *eyes, MdRecord *root)
{
  const GPtrArray *additions = eyes->subject->additions;
  MdRecord *replies = md_record_new_list ();
  MdRecord *corrections = md_record_new_list ();

  for (guint i = 0; additions != NULL && i < additions->len; i++)
    {
      const Addition *addition = g_ptr_array_index (additions, i);

      if (!addition_is_correction (addition))
        md_record_append_take (replies, reply_record (addition, eyes));
      else if (eyes_look (eyes, addition->line->field) > MD_VIEW_HIDDEN)
        md_record_append_take (corrections, correction_record (addition, eyes));
    }
  md_record_take (root, "replies", replies);
  md_record_take (root, "corrections", corrections);
}
