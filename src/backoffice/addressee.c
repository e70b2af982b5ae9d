// SPDX-License-Identifier: Apache-2.0
#include "config.h"

#include "addressee.h"

#include <glib/gi18n.h>

#include "person.h"

#define ADDRESSEE "p.atena"

static gboolean
is_the_same (const Eyes *eyes, guint row, PersonItemId item)
{
  const MdMatchSide side = { .source = MD_MATCH_FROM_HELD,
                             .text = held_get (eyes->desk->held, row, person_items[item].held) };
  const MdMatch match = person_match (eyes->subject, item, &side);

  return match == MD_MATCH_SAME || match == MD_MATCH_SAME_FORM;
}

/* A number that was typed wrong finds somebody else. */
static gboolean
find (const Eyes *eyes, guint *out_row)
{
  return person_find_held (eyes->subject, eyes->desk, out_row) == HELD_FOUND
         && is_the_same (eyes, *out_row, PERSON_NAME) && is_the_same (eyes, *out_row, PERSON_BIRTH);
}

/* "" without. Borrowed. */
static const char *
held_text (const Eyes *eyes, HeldColumn column)
{
  guint row = 0;

  return find (eyes, &row) ? held_get (eyes->desk->held, row, column) : "";
}

MdRecord *
addressee_record (const Eyes *eyes)
{
  const MdView view = eyes_look_at_class (eyes, MD_CLASS_OTHER);
  const char *said = person_value (eyes->subject, ADDRESSEE);
  const char *held = held_text (eyes, HELD_ADDRESSEE);
  const char *from = said != NULL ? "application" : *held != '\0' ? "held" : NULL;
  MdRecord *object = md_record_new_object (), *withheld = md_record_new_list ();

  eyes_put_text (view, said != NULL ? said : held, object, "number", withheld);
  md_record_set_text (object, "from", view > MD_VIEW_HIDDEN ? from : NULL);
  eyes_put_text (view, held_text (eyes, HELD_HOUSEHOLD), object, "household", withheld);
  eyes_put_text (view, held_text (eyes, HELD_RELATIONSHIP), object, "relationship", withheld);
  md_record_take (object, "withheld", withheld);
  return object;
}

/* The balance is of the class of the field that it is for; the rest is the office's own numbering.
 * NULL without. (transfer full; md_wipe_free_text()) */
static char *
dup_held (const Eyes *eyes, HeldColumn column)
{
  const char *text = held_text (eyes, column);

  if (*text == '\0')
    return NULL;
  return column == HELD_RENOVATION
             ? eyes_render (eyes, RENOVATION_BALANCE, text)
             : md_filter_render (eyes_look_at_class (eyes, MD_CLASS_OTHER), MD_CLASS_OTHER, text);
}

void
addressee_put_held (const Eyes *eyes, AddresseePut put, MdWriter *out)
{
  const struct
  {
    HeldColumn column;
    const char *label;
  } lines[] = { { HELD_ADDRESSEE, _ ("Held: addressee number") },
                { HELD_HOUSEHOLD, _ ("Held: household number") },
                { HELD_RELATIONSHIP, _ ("Held: relationship to the head") },
                { HELD_RENOVATION, _ ("Held: left of the limit of renovations, in yen") } };

  for (guint i = 0; i < G_N_ELEMENTS (lines); i++)
    {
      md_autowipe char *text = dup_held (eyes, lines[i].column);

      put (out, "", lines[i].label, text);
    }
}
