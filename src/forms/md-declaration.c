// SPDX-License-Identifier: Apache-2.0
// What a person agrees to, swears or declares: the text that was shown goes with the answer.
#include "config.h"

#include <glib/gi18n.h>
#include <json-glib/json-glib.h>
#include <string.h>

#include "md-declaration.h"
#include "md-form-data-private.h"

static const struct
{
  const char *id;
  const char *yes, *no;
} kinds[] = {
  { "consent", N_ ("Agrees"), N_ ("Does not agree") },
  { "oath", N_ ("Swears"), N_ ("Does not swear") },
  { "statement", N_ ("Declares"), N_ ("Does not declare") },
  { "understanding", N_ ("Has understood"), N_ ("Has not understood") },
};

static const struct
{
  const char *id;
  MdTongue tongue;
} tongues[] = { { "ja", MD_TONGUE_JAPANESE }, { "en", MD_TONGUE_ENGLISH } };

/* --- reading the definition --- */

void
_md_field_read_declaration (MdField *self, MdJson *json, JsonObject *object)
{
  const char *kind = md_json_string (json, object, "kind");
  const int row = MD_TABLE_ROW (kinds, kind);

  if (kind && row < 0)
    md_json_fail (json, "kind",
                  _ ("There is no kind of declaration \"%s\". Use consent, oath, statement or "
                     "understanding."),
                  kind);
  self->declaration = (guint)MAX (row, 0);
}

static void
check_text (MdJson *json, const char *member, const char *text)
{
  const char *p = text ? text : "";

  if (g_utf8_strlen (p, -1) > MD_LIMIT_DECLARATION)
    md_json_fail (json, member, _ ("A declaration has %u characters at most. Shorten it."),
                  MD_LIMIT_DECLARATION);
  for (; *p; p = g_utf8_find_next_char (p, NULL))
    if (g_unichar_iscntrl (g_utf8_get_char (p)) && *p != '\n')
      md_json_fail (json, member,
                    _ ("Only \\n may stand between the lines of a declaration. Take the other "
                       "control characters out."));
}

void
_md_form_item_read_declaration (MdFormItem *item, MdJson *json, JsonObject *object)
{
  const gboolean declares = item->field->type == MD_FIELD_DECLARATION;

  if (!declares && md_json_has (json, object, "declaration"))
    md_json_fail (json, "declaration",
                  _ ("Only a field of type \"declaration\" has a text to be shown."));
  if (!declares && md_json_has (json, object, "decline"))
    md_json_fail (json, "decline", _ ("Only a field of type \"declaration\" can be declined."));
  if (!declares)
    return;
  item->decline = md_json_boolean_or (json, object, "decline", FALSE);
  _md_text_read (&item->declaration, json, object, "declaration");
  md_json_enter (json, "declaration");
  check_text (json, "ja", item->declaration.ja);
  check_text (json, "en", item->declaration.en);
  md_json_leave (json);
}

const char *
md_field_get_answer (MdField *self, gboolean yes)
{
  return gettext (yes ? kinds[self->declaration].yes : kinds[self->declaration].no);
}

/* --- the entry --- */

static gboolean
is_declaration (const MdEntry *self)
{
  return self->item->field->type == MD_FIELD_DECLARATION;
}

static const char *
text_in (const MdFormItem *item, MdTongue tongue)
{
  return tongue == MD_TONGUE_JAPANESE ? item->declaration.ja : item->declaration.en;
}

gboolean
md_entry_declares_in_japanese (MdEntry *self)
{
  /* Which one it was is part of the answer. */
  return self->shown != MD_TONGUE_NONE && self->view >= MD_VIEW_READABLE
             ? self->shown == MD_TONGUE_JAPANESE
             : md_forms_in_japanese ();
}

const char *
md_entry_get_declaration_in (MdEntry *self, gboolean japanese)
{
  g_return_val_if_fail (MD_IS_ENTRY (self), NULL);

  if (!is_declaration (self))
    return NULL;
  return text_in (self->item, japanese ? MD_TONGUE_JAPANESE : MD_TONGUE_ENGLISH);
}

const char *
md_entry_get_declaration (MdEntry *self)
{
  return md_entry_get_declaration_in (self, md_entry_declares_in_japanese (self));
}

gboolean
md_entry_may_decline (MdEntry *self)
{
  return self->item->decline;
}

void
md_entry_show_declaration (MdEntry *self, gboolean japanese)
{
  const MdTongue tongue = japanese ? MD_TONGUE_JAPANESE : MD_TONGUE_ENGLISH;

  g_return_if_fail (MD_IS_ENTRY (self));

  if (!self->data || !is_declaration (self) || self->view != MD_VIEW_EDITABLE
      || self->shown == tongue)
    return;
  md_entry_set_text (self, NULL);
  self->shown = tongue;
}

const char *
_md_entry_refuses_answer (MdEntry *self, const char *value)
{
  if (!is_declaration (self))
    return NULL;
  if (self->shown == MD_TONGUE_NONE)
    return _ ("Show the whole text first; only then can it be answered.");
  if (!self->item->decline && !g_str_equal (value, "true"))
    return _ ("Without this the application cannot be taken in.");
  return NULL;
}

/* To a changed text, and in another procedure, the person is asked again. */
gboolean
_md_entry_carry_declaration (MdEntry *self, const MdEntry *old)
{
  const MdTongue tongue = old->shown;

  if (!is_declaration (self))
    return TRUE;
  if (!is_declaration (old) || tongue == MD_TONGUE_NONE
      || !g_str_equal (self->data->form->id, old->data->form->id)
      || !g_str_equal (text_in (self->item, tongue), text_in (old->item, tongue)))
    return FALSE;
  self->shown = tongue;
  return TRUE;
}

/* --- in the sealed application --- */

MdRecord *
_md_entry_declaration_to_record (const MdEntry *self)
{
  const char *text;
  g_autofree char *digest = NULL;
  MdRecord *record;

  if (!is_declaration (self) || !self->value || !_md_entry_counts (self)
      || self->shown == MD_TONGUE_NONE)
    return NULL;
  text = text_in (self->item, self->shown);
  digest = g_compute_checksum_for_string (G_CHECKSUM_SHA256, text, -1);
  record = md_record_new_object ();
  md_record_set_text (record, "field", self->item->field->id);
  for (guint i = 0; i < G_N_ELEMENTS (tongues); i++)
    if (tongues[i].tongue == self->shown)
      md_record_set_text (record, "language", tongues[i].id);
  md_record_set_text (record, "text", text);
  md_record_set_text (record, "sha256", digest);
  return record;
}

gboolean
_md_entry_load_declaration (MdEntry *self, const MdRecord *record)
{
  static const char *const members[] = { "field", "language", "text", "sha256", NULL };
  const char *text = md_record_get_text (record, "text");
  const char *language = md_record_get_text (record, "language");
  const int row = MD_TABLE_ROW (tongues, language);
  g_autofree char *digest = NULL;

  if (!is_declaration (self) || !self->value || self->shown != MD_TONGUE_NONE || row < 0
      || !md_record_has_only (record, members)
      || (!self->item->decline && !g_str_equal (self->value, "true")))
    return FALSE;
  self->shown = tongues[row].tongue;
  digest = g_compute_checksum_for_string (G_CHECKSUM_SHA256, text_in (self->item, self->shown), -1);
  return g_strcmp0 (text, text_in (self->item, self->shown)) == 0
         && g_strcmp0 (md_record_get_text (record, "sha256"), digest) == 0;
}
