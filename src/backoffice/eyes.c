// SPDX-License-Identifier: Apache-2.0
#include "config.h"

#include "addition.h"
#include "eyes.h"

#include <glib/gi18n.h>
#include <string.h>

Eyes
eyes_new (const Desk *desk, const Case *subject, MdFilterStep step, gboolean reveal)
{
  return (Eyes){ desk, subject, step, reveal, MD_VIEW_READABLE };
}

static MdForm *
form_of (const Eyes *self)
{
  return desk_find_form (self->desk, md_container_get_manifest (self->subject->container));
}

static MdSituation
situation_of (const Eyes *self)
{
  guint situation = MD_SITUATION_NONE;

  if (g_strcmp0 (self->subject->entry->office, md_policy_get_office (self->desk->policy)) == 0)
    situation |= MD_SITUATION_OFFICE;
  if (self->desk->vault_key != NULL)
    situation |= MD_SITUATION_NUMBER;
  if (case_waits (self->subject))
    situation |= MD_SITUATION_OPEN;
  return (MdSituation)situation;
}

/* Nobody comes here without a reason that was recorded; the number wants to be asked for, too. */
static MdFormEyes
look_of (const Eyes *self, MdSensitivity class)
{
  return (MdFormEyes){ .viewer = { .table = md_policy_get_visibility (self->desk->policy),
                                   .roles = md_policy_get_desk_roles (self->desk->policy),
                                   .situation = situation_of (self) },
                       .step = self->step,
                       .revealed = class != MD_CLASS_MY_NUMBER || self->reveal };
}

MdView
eyes_look (const Eyes *self, const char *field)
{
  MdForm *form = form_of (self);
  MdField *known = form != NULL ? md_form_get_field (form, field) : NULL;
  MdFormEyes eyes;

  if (known == NULL)
    return MD_VIEW_HIDDEN;
  eyes = look_of (self, md_field_get_sensitivity (known));
  return MIN (md_form_look_at (form, &eyes, field), self->most);
}

MdView
eyes_look_at_class (const Eyes *self, MdSensitivity class)
{
  MdForm *form = form_of (self);
  const MdFormEyes eyes = look_of (self, class);

  return form != NULL ? MIN (md_form_look_at_class (form, &eyes, class), self->most)
                      : MD_VIEW_HIDDEN;
}

/* Whether the table gives what is of this class to anybody, wherever they are. */
static gboolean
is_for_anybody (MdForm *form, const Eyes *self, MdSensitivity class)
{
  const guint everywhere = (guint)MD_SITUATION_OFFICE | (guint)MD_SITUATION_NUMBER
                           | (guint)MD_SITUATION_OWN | (guint)MD_SITUATION_OPEN;
  const MdFormEyes eyes = { .viewer = { .table = md_policy_get_visibility (self->desk->policy),
                                        .roles = MD_ROLES_ALL,
                                        .situation = (MdSituation)everywhere },
                            .step = MD_STEP_DESK,
                            .revealed = TRUE };

  return md_form_look_at_class (form, &eyes, class) > MD_VIEW_HIDDEN;
}

MdView
eyes_look_at_words (const Eyes *self)
{
  MdForm *form = form_of (self);
  MdView view = form != NULL ? self->most : MD_VIEW_HIDDEN;

  for (guint i = 0; form != NULL && i < MD_N_CLASSES; i++)
    if (i != MD_CLASS_MY_NUMBER && is_for_anybody (form, self, (MdSensitivity)i))
      view = MIN (view, eyes_look_at_class (self, (MdSensitivity)i));
  return view;
}

gboolean
eyes_may_name (const Eyes *self, const char *field)
{
  MdForm *form = form_of (self);
  MdField *known = form != NULL ? md_form_get_field (form, field) : NULL;

  return known != NULL
         && (md_field_get_sensitivity (known) == MD_CLASS_MY_NUMBER
             || eyes_look (self, field) > MD_VIEW_HIDDEN);
}

const char *
eyes_get_name (const Eyes *self, const char *field)
{
  MdForm *form = form_of (self);
  MdField *known = form != NULL ? md_form_get_field (form, field) : NULL;

  if (known == NULL)
    return field;
  return eyes_may_name (self, field) ? md_field_get_label (known)
                                     : _ ("An item that the policy does not let be named here");
}

gboolean
eyes_may_name_paper (const Eyes *self, const char *paper)
{
  MdForm *form = form_of (self);
  const MdSensitivity class = form != NULL ? md_form_get_paper_class (form, paper)
                                           : MD_CLASS_MY_NUMBER;

  return eyes_look_at_class (self, class == MD_CLASS_MY_NUMBER ? MD_CLASS_OTHER : class)
         > MD_VIEW_HIDDEN;
}

char *
eyes_dup_paper_name (const Eyes *self, const char *paper)
{
  MdForm *form = form_of (self);
  g_autofree char *label = form != NULL ? md_form_dup_paper_label (form, paper) : NULL;

  if (!eyes_may_name_paper (self, paper))
    return g_strdup (_ ("A paper that the policy does not let be named here"));
  return label != NULL ? g_steal_pointer (&label) : g_strdup (paper);
}

/* --- Words --- */

gboolean
eyes_keep_words (const Eyes *self, const char *text)
{
  return md_text_contains_individual_number (text)
         && eyes_look_at_class (self, MD_CLASS_MY_NUMBER) < MD_VIEW_READABLE;
}

/* What has a form of its own, and may be twelve digits by that, is not looked at; everything else
 * may be words, a choice that the form does not offer, too. */
static gboolean
is_of_words (const Eyes *self, const char *field)
{
  MdForm *form = form_of (self);
  MdField *known = form != NULL ? md_form_get_field (form, field) : NULL;
  const guint types = 1u << MD_FIELD_CODE | 1u << MD_FIELD_NUMBER | 1u << MD_FIELD_MYNUM
                      | 1u << MD_FIELD_TEL | 1u << MD_FIELD_INT | 1u << MD_FIELD_YEN
                      | 1u << MD_FIELD_BLOB | 1u << MD_FIELD_ROWS;

  return known == NULL || (types >> md_field_get_field_type (known) & 1u) == 0;
}

static char *
cover (const Eyes *self, const char *text)
{
  return eyes_keep_words (self, text) ? md_text_cover_individual_numbers (text) : g_strdup (text);
}

char *
eyes_render_words (const Eyes *self, MdView view, const char *text)
{
  md_autowipe char *covered = view >= MD_VIEW_READABLE ? cover (self, text) : g_strdup (text);

  return md_filter_render (view, MD_CLASS_OTHER, covered);
}

/* The text of what is none by itself: its JSON. */
static MdSecret *
dup_json (const MdRecord *value)
{
  return value != NULL && md_record_as_text (value) == NULL ? md_record_write (value, FALSE) : NULL;
}

gboolean
eyes_has_number (const MdRecord *value)
{
  g_autoptr (MdSecret) json = dup_json (value);

  return md_text_contains_individual_number (json != NULL ? md_secret_get_text (json)
                                                          : md_record_as_text (value));
}

/* Whether a value of the form is kept for a number in it. */
static gboolean
is_kept_back (const Eyes *self, const char *field, const MdRecord *value)
{
  return is_of_words (self, field) && eyes_has_number (value)
         && eyes_look_at_class (self, MD_CLASS_MY_NUMBER) < MD_VIEW_READABLE;
}

static gboolean
find_in_rows (const Eyes *self, const MdRecord *rows, const char *const *columns)
{
  for (gsize i = 0; i < md_record_get_size (rows); i++)
    for (gsize k = 0; columns[k] != NULL; k++)
      if (is_of_words (self, columns[k])
          && eyes_has_number (md_record_get (md_record_get_entry (rows, i), columns[k])))
        return TRUE;
  return FALSE;
}

gboolean
eyes_find_number (const Eyes *self)
{
  MdForm *form = form_of (self);
  g_autofree const char **names = form != NULL ? md_form_list_fields (form) : NULL;

  for (gsize i = 0; names != NULL && names[i] != NULL; i++)
    {
      MdRecord *value = md_record_get (self->subject->values, names[i]);
      g_autofree const char **columns = md_form_list_columns (form, names[i]);

      if (columns[0] != NULL && md_record_is_list (value)
              ? find_in_rows (self, value, columns)
              : is_of_words (self, names[i]) && eyes_has_number (value))
        return TRUE;
    }
  return additions_have_number (self->subject);
}

char *
eyes_render (const Eyes *self, const char *field, const char *text)
{
  const MdView view = eyes_look (self, field);

  if (view > MD_VIEW_HIDDEN && is_of_words (self, field))
    return eyes_render_words (self, view, text);
  return view > MD_VIEW_HIDDEN ? md_filter_render (
             view, md_field_get_sensitivity (md_form_get_field (form_of (self), field)), text)
                               : NULL;
}

MdRecord *
eyes_get (const Eyes *self, const MdRecord *values, const char *field)
{
  MdRecord *value
      = eyes_look (self, field) >= MD_VIEW_READABLE ? md_record_get (values, field) : NULL;

  return value != NULL && !is_kept_back (self, field, value) ? value : NULL;
}

char *
eyes_dup (const Eyes *self, const MdRecord *values, const char *field)
{
  const MdRecord *value = md_record_get (values, field);
  g_autoptr (MdSecret) json = dup_json (value);

  return eyes_render (self, field,
                      json != NULL ? md_secret_get_text (json) : md_record_as_text (value));
}

static void
withhold (MdRecord *withheld, const char *field)
{
  for (gsize i = 0; i < md_record_get_size (withheld); i++)
    if (g_strcmp0 (md_record_as_text (md_record_get_entry (withheld, i)), field) == 0)
      return;
  md_record_append_text (withheld, field, strlen (field));
}

/* The member of @from into @to, or its name into @withheld, or neither. */
static void
take (const Eyes *self, const MdRecord *from, const char *field, MdRecord *to, MdRecord *withheld)
{
  const MdView view = eyes_look (self, field);
  MdRecord *value = md_record_get (from, field);

  if (value == NULL)
    return;
  if (view >= MD_VIEW_READABLE && !is_kept_back (self, field, value))
    md_record_take (to, field, md_record_ref (value));
  else if (view > MD_VIEW_HIDDEN)
    withhold (withheld, field);
}

static MdRecord *
take_rows (const Eyes *self, const MdRecord *rows, const char *const *columns, MdRecord *withheld)
{
  MdRecord *list = md_record_new_list ();

  for (gsize i = 0; i < md_record_get_size (rows); i++)
    {
      MdRecord *row = md_record_new_object ();

      for (gsize k = 0; columns[k] != NULL; k++)
        take (self, md_record_get_entry (rows, i), columns[k], row, withheld);
      md_record_append_take (list, row);
    }
  return list;
}

MdRecord *
eyes_take_values (const Eyes *self, const MdRecord *values, MdRecord *withheld)
{
  MdForm *form = form_of (self);
  g_autofree const char **names = form != NULL ? md_form_list_fields (form) : NULL;
  MdRecord *seen = md_record_new_object ();

  for (gsize i = 0; names != NULL && names[i] != NULL; i++)
    {
      MdRecord *value = md_record_get (values, names[i]);
      g_autofree const char **columns = md_form_list_columns (form, names[i]);

      if (columns[0] != NULL && md_record_is_list (value)
          && eyes_look (self, names[i]) >= MD_VIEW_READABLE)
        md_record_take (seen, names[i], take_rows (self, value, columns, withheld));
      else
        take (self, values, names[i], seen, withheld);
    }
  return seen;
}

void
eyes_put_text (MdView view, const char *text, MdRecord *to, const char *member, MdRecord *withheld)
{
  const gboolean filled = text != NULL && *text != '\0';

  md_record_set_text (to, member, filled && view >= MD_VIEW_READABLE ? text : NULL);
  if (filled && view > MD_VIEW_HIDDEN && view < MD_VIEW_READABLE)
    withhold (withheld, member);
}

void
eyes_put_value (const Eyes *self, const char *field, const char *text, MdRecord *to,
                const char *member, MdRecord *withheld)
{
  /* What is of no field of the form is looked at as a number would be. */
  MdForm *form = form_of (self);
  const MdView view = form != NULL && md_form_get_field (form, field) != NULL
                          ? eyes_look (self, field)
                          : eyes_look_at_class (self, MD_CLASS_MY_NUMBER);
  const gboolean kept = is_of_words (self, field) && eyes_keep_words (self, text);

  eyes_put_text (kept ? MIN (view, MD_VIEW_MASKED) : view, text, to, member, withheld);
}

static gboolean
is_kept (const Eyes *self, MdForm *form, const char *name)
{
  return md_field_get_sensitivity (md_form_get_field (form, name)) != MD_CLASS_MY_NUMBER
         && eyes_look (self, name) == MD_VIEW_HIDDEN;
}

/* As at the desk's screen: what goes into no file whatever the policy says does not count. */
gboolean
eyes_miss_some (const Eyes *self)
{
  const Eyes eyes = eyes_new (self->desk, self->subject, MD_STEP_DESK, TRUE);
  MdForm *form = form_of (self);
  g_autofree const char **names = form != NULL ? md_form_list_fields (form) : NULL;

  for (gsize i = 0; names != NULL && names[i] != NULL; i++)
    {
      g_autofree const char **columns = md_form_list_columns (form, names[i]);

      if (is_kept (&eyes, form, names[i]))
        return TRUE;
      for (gsize k = 0; columns[k] != NULL; k++)
        if (is_kept (&eyes, form, columns[k]))
          return TRUE;
    }
  return FALSE;
}

MdRecord *
eyes_take_declarations (const Eyes *self, const MdRecord *declarations)
{
  MdRecord *seen = md_record_new_list ();

  for (gsize i = 0; i < md_record_get_size (declarations); i++)
    {
      MdRecord *shown = md_record_get_entry (declarations, i);
      const char *field = md_record_get_text (shown, "field");

      if (field != NULL && eyes_look (self, field) >= MD_VIEW_READABLE)
        md_record_append_take (seen, md_record_ref (shown));
    }
  return seen;
}
