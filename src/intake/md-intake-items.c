// SPDX-License-Identifier: Apache-2.0
#include "config.h"

#include <glib/gi18n.h>

#include <md-bus.h>
#include <md-seal.h>

#include "md-intake-items-private.h"
#include "md-item-private.h"

G_DEFINE_QUARK (md - intake - error - quark, md_intake_error)

/* --- trouble --- */

enum
{
  TROUBLE_TITLE,
  TROUBLE_MEANING,
  TROUBLE_ACTION,
  TROUBLE_DETAIL,
  TROUBLE_OTHER_WAY
};

static const MdItemField trouble_fields[] = {
  [TROUBLE_TITLE] = { "title", MD_ITEM_TEXT },
  [TROUBLE_MEANING] = { "meaning", MD_ITEM_TEXT },
  [TROUBLE_ACTION] = { "action", MD_ITEM_TEXT },
  [TROUBLE_DETAIL] = { "detail", MD_ITEM_TEXT },
  [TROUBLE_OTHER_WAY] = { "other-way", MD_ITEM_FLAG },
};

MD_DEFINE_ITEM (MdTrouble, md_trouble, trouble_fields)

MdTrouble *
_md_trouble_new (const char *title, const char *meaning, const char *action, const char *detail)
{
  MdTrouble *self = g_object_new (MD_TYPE_TROUBLE, NULL);

  _md_item_set_text (self, &self->values, trouble_fields, TROUBLE_TITLE, title);
  _md_item_set_text (self, &self->values, trouble_fields, TROUBLE_MEANING, meaning);
  _md_item_set_text (self, &self->values, trouble_fields, TROUBLE_ACTION, action);
  _md_item_set_text (self, &self->values, trouble_fields, TROUBLE_DETAIL, detail);
  return self;
}

MdTrouble *
_md_trouble_new_from_text (const MdCardText *text, const char *detail)
{
  MdTrouble *self = _md_trouble_new (text->title, text->meaning, text->action, detail);

  _md_item_set_number (self, &self->values, trouble_fields, TROUBLE_OTHER_WAY, text->other_way);
  return self;
}

void
_md_trouble_name_other_way (MdTrouble *self)
{
  _md_item_set_number (self, &self->values, trouble_fields, TROUBLE_OTHER_WAY, TRUE);
}

/* The service's message says what happened and what to do; what it means here depends on the cause.
 */
static const char *
service_meaning (const GError *error)
{
  if (md_bus_error_is_absent (error))
    return _ (
        "What has been typed stays on this screen. Nothing that has a receipt number is lost.");
  if (g_error_matches (error, MD_BUS_ERROR, MD_BUS_ERROR_DISK_FULL))
    return _ ("Nothing was stored. What has been typed stays on this screen.");
  if (g_error_matches (error, MD_BUS_ERROR, MD_BUS_ERROR_POLICY_CHANGED))
    return _ ("The rules were renewed in the meantime. The application has to be sealed again "
              "under the new ones.");
  if (g_error_matches (error, MD_BUS_ERROR, MD_BUS_ERROR_SESSION_LOCKED)
      || g_error_matches (error, MD_BUS_ERROR, MD_BUS_ERROR_NOT_LOGGED_IN))
    return _ ("The work in hand is kept until its officer logs in again.");
  return NULL;
}

static MdTrouble *
trouble_from_service (const GError *error)
{
  g_autoptr (GError) plain = g_error_copy (error);

  g_dbus_error_strip_remote_error (plain);
  if (md_bus_error_is_absent (error))
    return _md_trouble_new (_ ("The terminal's service does not answer."), service_meaning (error),
                            _ ("Wait a moment; it is started again by itself. If it stays like "
                               "this, call the administrator."),
                            plain->message);
  return _md_trouble_new (plain->message, service_meaning (error), NULL, NULL);
}

MdTrouble *
_md_trouble_new_from_error (const GError *error)
{
  g_autoptr (MdCardText) text = NULL;

  if (error->domain == MD_CARD_ERROR || error->domain == MD_IDENTITY_ERROR
      || g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    {
      text = md_identity_text_for_error (error);
      return _md_trouble_new_from_text (
          text, error->domain == MD_CARD_ERROR ? md_card_error_get_detail (error) : NULL);
    }
  if (error->domain == MD_BUS_ERROR || md_bus_error_is_absent (error)
      || error->domain == G_DBUS_ERROR)
    return trouble_from_service (error);
  if (g_error_matches (error, MD_SEAL_ERROR, MD_SEAL_ERROR_ORDER))
    return _md_trouble_new (_ ("This application has been decided meanwhile."),
                            _ ("No second decision is made. What was decided stands."),
                            _ ("Go back to the list, and open it again if it is still there."),
                            NULL);
  if (g_error_matches (error, MD_SEAL_ERROR, MD_SEAL_ERROR_NEWER)
      || g_error_matches (error, MD_SEAL_ERROR, MD_SEAL_ERROR_UNSUPPORTED))
    return _md_trouble_new (
        _ ("This terminal does not know how the application was made."),
        _ ("It may be good: another release than this one made it. Nothing of it is used here."),
        _ ("Leave it, or decide upon it at a terminal that has been updated. Tell the "
           "administrator."),
        error->message);
  if (error->domain == MD_SEAL_ERROR)
    return _md_trouble_new (_ ("The application cannot be verified."),
                            _ ("It is damaged, or not as it was sealed. Nothing of it is used."),
                            _ ("Do not decide upon it. Call the administrator."), error->message);
  if (g_error_matches (error, MD_INTAKE_ERROR, MD_INTAKE_ERROR_FOREIGN_CARD))
    return _md_trouble_new (error->message,
                            _ ("What is at work here counts only with the officer's own card. "
                               "Nothing was opened or signed."),
                            _ ("Use the card you logged in with. If it is that card, call the "
                               "administrator."),
                            NULL);
  return _md_trouble_new (error->message, NULL, NULL, NULL);
}

const char *
md_trouble_get_title (MdTrouble *self)
{
  return self->values.slots[TROUBLE_TITLE].text;
}

const char *
md_trouble_get_meaning (MdTrouble *self)
{
  return self->values.slots[TROUBLE_MEANING].text;
}

const char *
md_trouble_get_action (MdTrouble *self)
{
  return self->values.slots[TROUBLE_ACTION].text;
}

gboolean
md_trouble_get_other_way (MdTrouble *self)
{
  return self->values.slots[TROUBLE_OTHER_WAY].number != 0;
}

const char *
md_trouble_get_detail (MdTrouble *self)
{
  return self->values.slots[TROUBLE_DETAIL].text;
}

/* --- checks --- */

enum
{
  CHECK_ID,
  CHECK_TITLE,
  CHECK_STATE,
  CHECK_VERDICT,
  CHECK_DETAIL
};

static const MdItemField check_fields[] = {
  [CHECK_ID] = { "id", MD_ITEM_TEXT },         [CHECK_TITLE] = { "title", MD_ITEM_TEXT },
  [CHECK_STATE] = { "state", MD_ITEM_INT },    [CHECK_VERDICT] = { "verdict", MD_ITEM_TEXT },
  [CHECK_DETAIL] = { "detail", MD_ITEM_TEXT },
};

MD_DEFINE_ITEM (MdCheck, md_check, check_fields)

static const char *
state_word (MdCheckState state)
{
  switch (state)
    {
    case MD_CHECK_RUNNING:
      return _ ("Checking");
    case MD_CHECK_PASSED:
      return _ ("Valid");
    case MD_CHECK_DEFERRED:
      return _ ("To be confirmed later");
    case MD_CHECK_REFUSED:
      return _ ("Not valid");
    case MD_CHECK_SKIPPED:
      return _ ("Does not apply");
    case MD_CHECK_WAITING:
    default:
      return _ ("Not yet");
    }
}

MdCheck *
_md_check_new (const char *id, const char *title)
{
  MdCheck *self = g_object_new (MD_TYPE_CHECK, NULL);

  _md_item_set_text (self, &self->values, check_fields, CHECK_ID, id);
  _md_item_set_text (self, &self->values, check_fields, CHECK_TITLE, title);
  _md_check_set (self, MD_CHECK_WAITING, NULL, NULL);
  return self;
}

void
_md_check_set (MdCheck *self, MdCheckState state, const char *verdict, const char *detail)
{
  _md_item_set_number (self, &self->values, check_fields, CHECK_STATE, state);
  _md_item_set_text (self, &self->values, check_fields, CHECK_VERDICT,
                     verdict ? verdict : state_word (state));
  _md_item_set_text (self, &self->values, check_fields, CHECK_DETAIL, detail);
}

const char *
md_check_get_id (MdCheck *self)
{
  return self->values.slots[CHECK_ID].text;
}

const char *
md_check_get_title (MdCheck *self)
{
  return self->values.slots[CHECK_TITLE].text;
}

MdCheckState
md_check_get_state (MdCheck *self)
{
  return (MdCheckState)self->values.slots[CHECK_STATE].number;
}

const char *
md_check_get_verdict (MdCheck *self)
{
  return self->values.slots[CHECK_VERDICT].text;
}

/* --- the person panel --- */

enum
{
  PERSON_NAME,
  PERSON_KANA,
  PERSON_BIRTH,
  PERSON_AGE,
  PERSON_SEX,
  PERSON_ADDRESS,
  PERSON_NUMBER,
  PERSON_IDENTIFIED,
  PERSON_DEFERRED,
  PERSON_PRESENT
};

static const MdItemField person_fields[] = {
  [PERSON_NAME] = { "name", MD_ITEM_TEXT },
  [PERSON_KANA] = { "kana", MD_ITEM_TEXT },
  [PERSON_BIRTH] = { "birth", MD_ITEM_TEXT },
  [PERSON_AGE] = { "age", MD_ITEM_TEXT },
  [PERSON_SEX] = { "sex", MD_ITEM_TEXT },
  [PERSON_ADDRESS] = { "address", MD_ITEM_TEXT },
  [PERSON_NUMBER] = { "number", MD_ITEM_TEXT },
  [PERSON_IDENTIFIED] = { "identified", MD_ITEM_TEXT },
  [PERSON_DEFERRED] = { "deferred", MD_ITEM_FLAG },
  [PERSON_PRESENT] = { "present", MD_ITEM_FLAG },
};

MD_DEFINE_ITEM (MdPerson, md_person, person_fields)

MdPerson *
_md_person_new (void)
{
  return g_object_new (MD_TYPE_PERSON, NULL);
}

static void
person_set (MdPerson *self, guint index, MdFormData *data, const char *field)
{
  MdEntry *entry = md_form_data_get_entry (data, field);

  _md_item_set_text (self, &self->values, person_fields, index,
                     entry ? md_entry_get_display (entry) : NULL);
}

/* What is held in full sight for a moment does not stay on the panel after it. */
static void
person_set_number (MdPerson *self, MdFormData *data)
{
  MdEntry *entry = md_form_data_get_entry (data, "p.mynum");

  if (!entry || md_entry_get_view (entry) != MD_VIEW_READABLE)
    person_set (self, PERSON_NUMBER, data, "p.mynum");
}

static void
person_set_age (MdPerson *self, MdFormData *data)
{
  MdEntry *entry = md_form_data_get_entry (data, "p.birth");
  const char *birth = md_form_data_get_value (data, "p.birth");
  g_autofree char *text = NULL;
  int age = -1;

  if (entry && birth && md_entry_get_view (entry) >= MD_VIEW_READABLE)
    age = md_value_age (birth, md_form_data_get_today (data), FALSE);
  if (age >= 0)
    text = g_strdup_printf (g_dngettext (NULL, "%d year old", "%d years old", (gulong)age), age);
  _md_item_set_text (self, &self->values, person_fields, PERSON_AGE, text);
}

void
_md_person_fill (MdPerson *self, MdFormData *data, const char *identified, gboolean deferred)
{
  person_set (self, PERSON_NAME, data, "p.name");
  person_set (self, PERSON_KANA, data, "p.kana");
  person_set (self, PERSON_BIRTH, data, "p.birth");
  person_set (self, PERSON_SEX, data, "p.sex");
  person_set (self, PERSON_ADDRESS, data, "p.addr");
  person_set_number (self, data);
  person_set_age (self, data);
  _md_item_set_text (self, &self->values, person_fields, PERSON_IDENTIFIED, identified);
  _md_item_set_number (self, &self->values, person_fields, PERSON_DEFERRED, deferred);
  _md_item_set_number (self, &self->values, person_fields, PERSON_PRESENT,
                       identified != NULL || self->values.slots[PERSON_NAME].text != NULL);
}

void
_md_person_wipe (MdPerson *self)
{
  for (guint i = 0; i < G_N_ELEMENTS (person_fields); i++)
    if (person_fields[i].kind == MD_ITEM_TEXT)
      _md_item_set_text (self, &self->values, person_fields, i, NULL);
    else
      _md_item_set_number (self, &self->values, person_fields, i, 0);
}

gboolean
_md_person_is_empty (MdPerson *self)
{
  for (guint i = 0; i < G_N_ELEMENTS (person_fields); i++)
    if (self->values.slots[i].text || self->values.slots[i].number)
      return FALSE;
  return TRUE;
}

/* --- comparison --- */

enum
{
  COMPARISON_LABEL,
  COMPARISON_CARD,
  COMPARISON_APPLICATION,
  COMPARISON_MATCH,
  COMPARISON_DIFFERENT,
  COMPARISON_WORD,
  COMPARISON_REASON,
  COMPARISON_WHY,
  COMPARISON_FIELD,
  COMPARISON_SEEN
};

static const MdItemField comparison_fields[] = {
  [COMPARISON_LABEL] = { "label", MD_ITEM_TEXT },
  [COMPARISON_CARD] = { "card", MD_ITEM_TEXT },
  [COMPARISON_APPLICATION] = { "application", MD_ITEM_TEXT },
  [COMPARISON_MATCH] = { "match", MD_ITEM_INT },
  [COMPARISON_DIFFERENT] = { "different", MD_ITEM_FLAG },
  [COMPARISON_WORD] = { "word", MD_ITEM_TEXT },
  [COMPARISON_REASON] = { "reason", MD_ITEM_TEXT },
  [COMPARISON_WHY] = { "why", MD_ITEM_TEXT },
  [COMPARISON_FIELD] = { "field", MD_ITEM_TEXT },
  [COMPARISON_SEEN] = { "seen", MD_ITEM_FLAG },
};

MD_DEFINE_ITEM (MdComparison, md_comparison, comparison_fields)

static const char *
match_word (MdMatch match)
{
  switch (match)
    {
    case MD_MATCH_SAME:
      return _ ("Same");
    case MD_MATCH_SAME_FORM:
      return _ ("Written differently");
    case MD_MATCH_DIFFERENT:
      return _ ("Different");
    case MD_MATCH_MISSING:
    default:
      return _ ("Not compared");
    }
}

MdComparison *
_md_comparison_new (const MdComparisonParts *parts)
{
  MdComparison *self = g_object_new (MD_TYPE_COMPARISON, NULL);
  MdItemValues *values = &self->values;

  _md_item_set_text (self, values, comparison_fields, COMPARISON_FIELD, parts->field);
  _md_item_set_text (self, values, comparison_fields, COMPARISON_LABEL, parts->label);
  _md_item_set_text (self, values, comparison_fields, COMPARISON_CARD, parts->card);
  _md_item_set_text (self, values, comparison_fields, COMPARISON_APPLICATION, parts->application);
  _md_item_set_text (self, values, comparison_fields, COMPARISON_REASON, parts->reason);
  _md_item_set_text (self, values, comparison_fields, COMPARISON_WHY, parts->why);
  _md_item_set_text (self, values, comparison_fields, COMPARISON_WORD, match_word (parts->match));
  _md_item_set_number (self, values, comparison_fields, COMPARISON_MATCH, parts->match);
  _md_item_set_number (self, values, comparison_fields, COMPARISON_DIFFERENT,
                       parts->match == MD_MATCH_DIFFERENT);
  return self;
}

const char *
md_comparison_get_label (MdComparison *self)
{
  return self->values.slots[COMPARISON_LABEL].text;
}

MdMatch
md_comparison_get_match (MdComparison *self)
{
  return (MdMatch)self->values.slots[COMPARISON_MATCH].number;
}

const char *
md_comparison_get_field (MdComparison *self)
{
  return self->values.slots[COMPARISON_FIELD].text;
}

gboolean
md_comparison_get_seen (MdComparison *self)
{
  return self->values.slots[COMPARISON_SEEN].number != 0;
}

void
_md_comparison_set_seen (MdComparison *self, gboolean seen)
{
  _md_item_set_number (self, &self->values, comparison_fields, COMPARISON_SEEN, seen);
}
