// SPDX-License-Identifier: Apache-2.0
// The clear text of application.cms and number.cms: written straight into secrets, read back
// strictly.
#include "config.h"

#include <glib/gi18n.h>
#include <json-glib/json-glib.h>
#include <string.h>

#include "md-form-data-private.h"
#include "md-value.h"

#define APPLICATION_SCHEMA "madoguchi-application/1"
#define NUMBER_SCHEMA "madoguchi-number/1"
#define SPARE 4096u

/* --- writing --- */

static void
put (MdSecret *out, const char *text)
{
  if (!md_secret_append (out, text, strlen (text)))
    g_assert_not_reached (); /* capacity is computed beforehand */
}

static void
put_string (MdSecret *out, const char *text)
{
  put (out, "\"");
  for (const char *p = text; *p; p++)
    {
      char escaped[8];

      if (*p == '"' || *p == '\\')
        g_snprintf (escaped, sizeof escaped, "\\%c", *p);
      else if ((guchar)*p < 0x20 || *p == 0x7f)
        g_snprintf (escaped, sizeof escaped, "\\u%04x", (guint)(guchar)*p);
      else
        g_snprintf (escaped, sizeof escaped, "%c", *p);
      put (out, escaped);
    }
  put (out, "\"");
}

static void
put_member (MdSecret *out, const char *name, gboolean first)
{
  if (!first)
    put (out, ",");
  put_string (out, name);
  put (out, ":");
}

static void
put_list (MdSecret *out, const char *value)
{
  g_auto (GStrv) lines = g_strsplit (value, "\n", -1);

  put (out, "[");
  for (guint i = 0; lines[i]; i++)
    {
      if (i > 0)
        put (out, ",");
      put_string (out, lines[i]);
      md_wipe (lines[i], strlen (lines[i]));
    }
  put (out, "]");
}

static void
put_value (MdSecret *out, MdField *field, const char *value)
{
  if (field->type == MD_FIELD_INT || field->type == MD_FIELD_YEN || field->type == MD_FIELD_BOOL)
    put (out, value);
  else if (field->type == MD_FIELD_LIST)
    put_list (out, value);
  else
    put_string (out, value);
}

/* What belongs to the application: what its conditions ask for, and the system's fields. */
static gboolean
entry_is_stored (MdEntry *entry)
{
  return entry->value
         && (entry->applies || entry->item->section == MD_NO_SECTION || entry->item->derive);
}

static char *
join_papers (MdFormData *self)
{
  g_autoptr (GPtrArray) ids = g_ptr_array_new_with_free_func (g_free);
  guint n = g_list_model_get_n_items (G_LIST_MODEL (self->attachments));

  for (guint i = 0; i < n; i++)
    {
      g_autoptr (MdAttachment) attachment
          = g_list_model_get_item (G_LIST_MODEL (self->attachments), i);

      if (md_attachment_get_handed_in (attachment))
        g_ptr_array_add (ids, g_strdup (md_attachment_get_id (attachment)));
    }
  g_ptr_array_add (ids, NULL);
  return ids->len > 1 ? g_strjoinv ("\n", (char **)ids->pdata) : NULL;
}

static gsize
measure (MdFormData *self)
{
  gsize size = SPARE;

  for (guint i = 0; i < self->entries->len; i++)
    {
      MdEntry *entry = g_ptr_array_index (self->entries, i);

      size += 64
              + 6
                    * ((entry->value ? strlen (entry->value) : 0)
                       + (entry->reason ? strlen (entry->reason) : 0)
                       + strlen (md_entry_get_id (entry)));
    }
  return size;
}

static void
put_head (MdSecret *out, const char *schema, const char *intake)
{
  put (out, "{");
  put_member (out, "schema", TRUE);
  put_string (out, schema);
  put_member (out, "intake", FALSE);
  put_string (out, intake);
}

static void
put_values (MdSecret *out, MdFormData *self)
{
  gboolean first = TRUE;

  put_member (out, "values", FALSE);
  put (out, "{");
  for (guint i = 0; i < self->entries->len; i++)
    {
      MdEntry *entry = g_ptr_array_index (self->entries, i);

      if (!entry_is_stored (entry))
        continue;
      put_member (out, md_entry_get_id (entry), first);
      put_value (out, entry->item->field, entry->value);
      first = FALSE;
    }
  put (out, "}");
}

/* field id -> why the clerk corrected what the card says */
static void
put_corrections (MdSecret *out, MdFormData *self)
{
  gboolean first = TRUE;

  for (guint i = 0; i < self->entries->len; i++)
    {
      MdEntry *entry = g_ptr_array_index (self->entries, i);

      if (!entry->corrected || !entry->reason)
        continue;
      if (first)
        {
          put_member (out, "corrections", FALSE);
          put (out, "{");
        }
      put_member (out, md_entry_get_id (entry), first);
      put_string (out, entry->reason);
      first = FALSE;
    }
  if (!first)
    put (out, "}");
}

MdSecret *
md_form_data_to_application (MdFormData *self, const char *intake, GError **error)
{
  g_autofree char *version = NULL;
  g_autofree char *papers = NULL;
  MdSecret *out;

  g_return_val_if_fail (MD_IS_FORM_DATA (self) && intake, NULL);

  if (!md_form_data_validate (self))
    {
      g_set_error_literal (
          error, MD_FORMS_ERROR, MD_FORMS_ERROR_INCOMPLETE,
          _ ("Something in the application is missing or wrong. Correct it first."));
      return NULL;
    }
  papers = join_papers (self);
  if (md_form_has_field (self->form, "m.attach")
      && !md_form_data_set_system (self, "m.attach", papers, error))
    return NULL;
  version = g_strdup_printf ("%u", self->form->version);
  out = md_secret_new (measure (self));
  put_head (out, APPLICATION_SCHEMA, intake);
  put_member (out, "procedure", FALSE);
  put_string (out, self->form->id);
  put_member (out, "procedure_version", FALSE);
  put_string (out, version);
  put_values (out, self);
  put_corrections (out, self);
  put (out, "}");
  return out;
}

MdSecret *
md_form_data_to_number (MdFormData *self, const char *intake, GError **error)
{
  gboolean first = TRUE;
  MdSecret *out;

  g_return_val_if_fail (MD_IS_FORM_DATA (self) && intake, NULL);

  out = md_secret_new (SPARE);
  put_head (out, NUMBER_SCHEMA, intake);
  put_member (out, "values", FALSE);
  put (out, "{");
  for (guint i = 0; i < self->entries->len; i++)
    {
      MdEntry *entry = g_ptr_array_index (self->entries, i);

      if (!entry->secret || !entry->applies)
        continue;
      put_member (out, md_entry_get_id (entry), first);
      put_string (out, md_secret_get_text (entry->secret));
      first = FALSE;
    }
  put (out, "}}");
  if (!first)
    return out;
  md_secret_unref (out);
  return NULL;
}

/* --- reading --- */

static char *
list_from_json (JsonArray *array)
{
  g_autoptr (GPtrArray) lines = g_ptr_array_new_with_free_func ((GDestroyNotify)md_wipe_free_text);

  for (guint i = 0; i < json_array_get_length (array); i++)
    {
      JsonNode *node = json_array_get_element (array, i);

      if (json_node_get_value_type (node) != G_TYPE_STRING)
        return NULL;
      g_ptr_array_add (lines, g_strdup (json_node_get_string (node)));
    }
  g_ptr_array_add (lines, NULL);
  return g_strjoinv ("\n", (char **)lines->pdata);
}

static char *
text_from_json (MdField *field, JsonNode *node)
{
  GType type = JSON_NODE_HOLDS_VALUE (node) ? json_node_get_value_type (node) : G_TYPE_NONE;

  if (field->type == MD_FIELD_INT || field->type == MD_FIELD_YEN)
    return type == G_TYPE_INT64 ? g_strdup_printf ("%" G_GINT64_FORMAT, json_node_get_int (node))
                                : NULL;
  if (field->type == MD_FIELD_BOOL)
    return type == G_TYPE_BOOLEAN ? g_strdup (json_node_get_boolean (node) ? "true" : "false")
                                  : NULL;
  if (field->type == MD_FIELD_LIST)
    return JSON_NODE_HOLDS_ARRAY (node) ? list_from_json (json_node_get_array (node)) : NULL;
  return type == G_TYPE_STRING ? g_strdup (json_node_get_string (node)) : NULL;
}

/* no field outside the form's definition, and nothing that does not fit its field. */
static void
load_value (MdFormData *self, MdJson *json, const char *id, JsonNode *node)
{
  MdEntry *entry = _md_form_data_lookup (self, id);
  g_autofree char *text = NULL;
  g_autofree char *value = NULL;

  if (!entry || entry->item->field->type == MD_FIELD_MYNUM)
    {
      md_json_fail (
          json, NULL,
          _ ("It holds a field that this procedure does not have. Return the application."));
      return;
    }
  text = text_from_json (entry->item->field, node);
  value = text ? md_value_parse (entry->item->field, text, self->today, NULL) : NULL;
  /* A text stays as it was sealed, character by character: it is compared with the card. */
  if (value)
    _md_entry_put (entry, entry->item->field->type == MD_FIELD_TEXT ? text : value, MD_SOURCE_TYPED,
                   TRUE);
  else
    md_json_fail (json, NULL,
                  _ ("It holds a value that does not fit its field. Return the application."));
  if (text)
    md_wipe (text, strlen (text));
  if (value)
    md_wipe (value, strlen (value));
}

static JsonObject *
open_part (MdJson *json, MdSecret *part, const char *schema, const char *intake)
{
  g_autoptr (GBytes) bytes
      = g_bytes_new_static (md_secret_get_data (part), md_secret_get_size (part));
  JsonObject *root = md_json_parse (json, bytes, MD_LIMIT_FORM_FILE);

  if (root && g_strcmp0 (md_json_string (json, root, "schema"), schema) != 0)
    md_json_fail (json, NULL,
                  _ ("It is of another kind than it should be. Return the application."));
  if (root && g_strcmp0 (md_json_string (json, root, "intake"), intake) != 0)
    md_json_fail (
        json, NULL,
        _ ("It belongs to another application. Do not use it, and tell the administrator."));
  return root;
}

static void
load_application (MdFormData *self, MdJson *json, MdSecret *part, const char *intake)
{
  static const char *const members[]
      = { "schema", "intake", "procedure", "procedure_version", "values", "corrections", NULL };
  JsonObject *root = open_part (json, part, APPLICATION_SCHEMA, intake);
  JsonObject *values = md_json_object (json, root, "values");
  g_autoptr (GList) ids = values ? json_object_get_members (values) : NULL;

  md_json_only (json, root, members);
  if (root && g_strcmp0 (md_json_string (json, root, "procedure"), self->form->id) != 0)
    md_json_fail (json, NULL, _ ("It belongs to another procedure. Return the application."));
  for (GList *l = ids; l && !md_json_failed (json); l = l->next)
    load_value (self, json, l->data, json_object_get_member (values, l->data));
  if (md_json_has (json, root, "corrections"))
    {
      JsonObject *corrections = md_json_object (json, root, "corrections");
      g_autoptr (GList) corrected = corrections ? json_object_get_members (corrections) : NULL;

      for (GList *l = corrected; l && !md_json_failed (json); l = l->next)
        {
          MdEntry *entry = _md_form_data_lookup (self, l->data);
          const char *reason = md_json_string (json, corrections, l->data);

          if (entry && reason)
            {
              md_wipe_free_text (entry->reason);
              entry->reason = g_strdup (reason);
            }
        }
    }
}

static void
load_number (MdFormData *self, MdJson *json, MdSecret *part, const char *intake)
{
  static const char *const members[] = { "schema", "intake", "values", NULL };
  JsonObject *root = open_part (json, part, NUMBER_SCHEMA, intake);
  JsonObject *values = md_json_object (json, root, "values");
  g_autoptr (GList) ids = values ? json_object_get_members (values) : NULL;

  md_json_only (json, root, members);
  for (GList *l = ids; l && !md_json_failed (json); l = l->next)
    {
      MdEntry *entry = _md_form_data_lookup (self, l->data);
      const char *digits = md_json_string (json, values, l->data);
      g_autoptr (MdSecret) secret = NULL;

      if (!entry || entry->item->field->type != MD_FIELD_MYNUM || !digits
          || !md_individual_number_is_valid (digits))
        {
          md_json_fail (json, NULL,
                        _ ("It holds a number that does not fit. Return the application."));
          return;
        }
      secret = md_secret_new_from_text (digits);
      _md_entry_put_secret (entry, secret, MD_SOURCE_TYPED, TRUE);
    }
}

gboolean
md_form_data_load (MdFormData *self, MdSecret *application, MdSecret *number, const char *intake,
                   GError **error)
{
  g_autoptr (MdJson) json
      = md_json_new (_ ("The application"), MD_FORMS_ERROR, MD_FORMS_ERROR_DATA);

  g_return_val_if_fail (MD_IS_FORM_DATA (self) && application && intake, FALSE);

  load_application (self, json, application, intake);
  if (number && !md_json_failed (json))
    load_number (self, json, number, intake);
  if (!md_json_finish (json, error))
    {
      md_form_data_wipe (self);
      return FALSE;
    }
  _md_form_data_update (self, NULL);
  return TRUE;
}
