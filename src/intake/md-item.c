// SPDX-License-Identifier: Apache-2.0
#include "config.h"

#include <md-base.h>

#include "md-item-private.h"

static GParamSpec *
make_spec (const MdItemField *field)
{
  GParamFlags flags = G_PARAM_READABLE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS;

  switch (field->kind)
    {
    case MD_ITEM_FLAG:
      return g_param_spec_boolean (field->name, NULL, NULL, FALSE, flags);
    case MD_ITEM_INT:
      return g_param_spec_int (field->name, NULL, NULL, G_MININT, G_MAXINT, 0, flags);
    case MD_ITEM_UINT:
      return g_param_spec_uint (field->name, NULL, NULL, 0, G_MAXUINT, 0, flags);
    case MD_ITEM_TEXT:
    default:
      return g_param_spec_string (field->name, NULL, NULL, NULL, flags);
    }
}

void
_md_item_install (GObjectClass *klass, const MdItemField *fields, guint n)
{
  g_assert (n <= MD_ITEM_MAX);
  for (guint i = 0; i < n; i++)
    g_object_class_install_property (klass, i + 1, make_spec (&fields[i]));
}

void
_md_item_get (const MdItemValues *values, guint id, GValue *value)
{
  const MdItemSlot *slot = &values->slots[id - 1];

  if (G_VALUE_HOLDS_STRING (value))
    g_value_set_string (value, slot->text);
  else if (G_VALUE_HOLDS_BOOLEAN (value))
    g_value_set_boolean (value, slot->number != 0);
  else if (G_VALUE_HOLDS_INT (value))
    g_value_set_int (value, (int)slot->number);
  else
    g_value_set_uint (value, (guint)slot->number);
}

void
_md_item_clear (MdItemValues *values)
{
  for (guint i = 0; i < MD_ITEM_MAX; i++)
    {
      g_clear_pointer (&values->slots[i].text, md_wipe_free_text);
      values->slots[i].number = 0;
    }
}

void
_md_item_set_text (gpointer object, MdItemValues *values, const MdItemField *fields, guint index,
                   const char *text)
{
  MdItemSlot *slot = &values->slots[index];

  if (g_strcmp0 (slot->text, text) == 0)
    return;
  md_wipe_free_text (slot->text);
  slot->text = g_strdup (text);
  g_object_notify (object, fields[index].name);
}

void
_md_item_set_number (gpointer object, MdItemValues *values, const MdItemField *fields, guint index,
                     gint64 number)
{
  if (values->slots[index].number == number)
    return;
  values->slots[index].number = number;
  g_object_notify (object, fields[index].name);
}

void
_md_item_copy (gpointer object, MdItemValues *values, const MdItemField *fields, guint n,
               const MdItemValues *from)
{
  g_object_freeze_notify (object);
  for (guint i = 0; i < n; i++)
    if (fields[i].kind == MD_ITEM_TEXT)
      _md_item_set_text (object, values, fields, i, from->slots[i].text);
    else
      _md_item_set_number (object, values, fields, i, from->slots[i].number);
  g_object_thaw_notify (object);
}
