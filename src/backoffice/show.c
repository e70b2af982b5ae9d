// SPDX-License-Identifier: Apache-2.0
#include "config.h"

#include "show.h"

#include <glib/gi18n.h>
#include <md-forms.h>
#include <stdio.h>

#define PAGE 500u
#define SCHEMA "madoguchi-export/1"

/* The number as it may be shown; the one privacy filter decides how. */
static char *
render_number (const Case *self, gboolean reveal)
{
  if (self->number == NULL)
    return NULL;
  return md_filter_render (reveal ? MD_VIEW_READABLE : MD_VIEW_MASKED, MD_CLASS_MY_NUMBER,
                           md_secret_get_text (md_individual_number_get_digits (self->number)));
}

static void
add_string (JsonBuilder *builder, const char *name, const char *value)
{
  json_builder_set_member_name (builder, name);
  if (value != NULL)
    json_builder_add_string_value (builder, value);
  else
    json_builder_add_null_value (builder);
}

static void
add_outside (JsonBuilder *builder, const Case *self)
{
  const MdManifest *manifest = md_container_get_manifest (self->container);

  add_string (builder, "schema", SCHEMA);
  add_string (builder, "intake", self->entry->intake);
  add_string (builder, "receipt_number", self->entry->receipt_number);
  add_string (builder, "state", case_state (self));
  add_string (builder, "replaces", self->entry->replaces);
  add_string (builder, "procedure", self->entry->procedure);
  add_string (builder, "procedure_version", manifest->procedure_version);
  add_string (builder, "office", self->entry->office);
  add_string (builder, "terminal", self->entry->terminal);
  add_string (builder, "taken_in", manifest->wall);
  add_string (builder, "received", self->entry->received);
  json_builder_set_member_name (builder, "sequence");
  json_builder_add_int_value (builder, (gint64)self->entry->sequence);
  add_string (builder, "clerk", self->entry->officer);
  add_string (builder, "officer", self->decision != NULL ? self->decision->officer : NULL);
  add_string (builder, "decided", self->decision != NULL ? self->decision->time : NULL);
  add_string (builder, "identification", manifest->identification_method);
  add_string (builder, "presence",
              self->proof != NULL ? md_identity_verdict_to_string (self->presence) : NULL);
}

MdSecret *
show_case_json (const Case *self, gboolean reveal)
{
  g_autoptr (JsonBuilder) builder = json_builder_new ();
  g_autoptr (JsonGenerator) generator = json_generator_new ();
  g_autoptr (JsonNode) root = NULL;
  char *number = render_number (self, reveal);

  json_builder_begin_object (builder);
  add_outside (builder, self);
  json_builder_set_member_name (builder, "values");
  if (self->values != NULL)
    {
      g_autoptr (JsonNode) values = json_node_new (JSON_NODE_OBJECT);
      json_node_set_object (values, self->values);
      json_builder_add_value (builder, g_steal_pointer (&values));
    }
  else
    json_builder_add_null_value (builder);
  add_string (builder, "number", number);
  json_builder_end_object (builder);
  md_filter_wipe (number);

  root = json_builder_get_root (builder);
  json_generator_set_root (generator, root);
  json_generator_set_pretty (generator, TRUE);
  return md_secret_new_take_text (json_generator_to_data (generator, NULL));
}

/* --- For people --- */

static void
print_line (const char *label, const char *value)
{
  if (value != NULL && *value != '\0')
    g_print ("%s: %s\n", label, value);
}

void
show_case_outside (const Case *self)
{
  const MdManifest *manifest = md_container_get_manifest (self->container);
  g_autofree char *receipts = g_strdup_printf (
      ngettext ("%u receipt verified", "%u receipts verified", self->n_receipts), self->n_receipts);

  print_line (_ ("Receipt number"), self->entry->receipt_number);
  print_line (_ ("State"), case_state (self));
  print_line (_ ("Takes up again"), self->entry->replaces);
  print_line (_ ("Procedure"), self->entry->procedure);
  print_line (_ ("Taken in"), manifest->wall);
  print_line (_ ("Received"), self->entry->received);
  print_line (_ ("Clerk"), self->entry->officer);
  if (self->decision != NULL)
    print_line (_ ("Decided by"), self->decision->officer);
  print_line (_ ("Gateway"), receipts);
}

static char *
value_text (JsonNode *node)
{
  if (JSON_NODE_HOLDS_VALUE (node) && json_node_get_value_type (node) == G_TYPE_STRING)
    return g_strdup (json_node_get_string (node));
  return json_to_string (node, FALSE);
}

static MdForm *
find_form (const Desk *desk, const char *procedure, MdCatalogue **out_catalogue)
{
  const char *folder = desk->forms_dir != NULL ? desk->forms_dir : MD_FORMSDIR;

  *out_catalogue = md_catalogue_load (folder, NULL);
  return *out_catalogue != NULL ? md_catalogue_get_form (*out_catalogue, procedure) : NULL;
}

static void
print_values (const Case *self, const Desk *desk)
{
  g_autoptr (MdCatalogue) catalogue = NULL;
  MdForm *form = find_form (desk, self->entry->procedure, &catalogue);
  g_autoptr (GList) names = json_object_get_members (self->values);

  for (GList *l = names; l != NULL; l = l->next)
    {
      MdField *field = form != NULL ? md_form_get_field (form, l->data) : NULL;
      char *text = value_text (json_object_get_member (self->values, l->data));
      g_print ("  %s: %s\n", field != NULL ? md_field_get_label (field) : (const char *)l->data,
               text);
      md_wipe_free_text (text);
    }
}

void
show_case (const Case *self, const Desk *desk, gboolean reveal)
{
  char *number = render_number (self, reveal);

  show_case_outside (self);
  print_line (_ ("Proof of presence"), md_identity_verdict_to_string (self->presence));
  print_line (_ ("Individual number"), number);
  print_values (self, desk);
  md_filter_wipe (number);
}

/* --- The list --- */

static const char *
state_of (const char *decision)
{
  MdDecisionKind kind = MD_DECISION_APPROVE;
  Case probe = { 0 };
  MdDecision last = { 0 };

  if (decision == NULL || !md_decision_kind_from_string (decision, &kind))
    return case_state (&probe);
  last.kind = kind;
  probe.decision = &last;
  return case_state (&probe);
}

/* The intakes in the ledger's order, and for each the last decision: two passes over the pages. */
static gboolean
read_ledger (const Desk *desk, GPtrArray *intakes, GHashTable *decisions, GError **error)
{
  guint64 after = 0;

  while (TRUE)
    {
      GPtrArray *page = md_ledger_list (desk->ledger, after, PAGE, error);
      if (page == NULL)
        return FALSE;
      if (page->len == 0)
        {
          g_ptr_array_unref (page);
          return TRUE;
        }
      for (guint i = 0; i < page->len; i++)
        {
          MdLedgerEntry *entry = page->pdata[i];
          after = entry->sequence;
          if (entry->n > 1)
            g_hash_table_replace (decisions, g_strdup (entry->intake), g_strdup (entry->decision));
        }
      g_ptr_array_extend_and_steal (intakes, page);
    }
}

/* For each intake that was taken up again, the one that did. (transfer full) */
static GHashTable *
find_replaced (GPtrArray *entries)
{
  GHashTable *replaced = g_hash_table_new (g_str_hash, g_str_equal);

  for (guint i = 0; i < entries->len; i++)
    {
      const MdLedgerEntry *entry = entries->pdata[i];

      if (entry->replaces != NULL)
        g_hash_table_replace (replaced, entry->replaces, entry->intake);
    }
  return replaced;
}

static void
print_json_list (GPtrArray *entries, GHashTable *decisions)
{
  g_autoptr (GHashTable) replaced = find_replaced (entries);
  g_autoptr (JsonBuilder) builder = json_builder_new ();
  g_autoptr (JsonNode) root = NULL;
  g_autofree char *text = NULL;

  json_builder_begin_array (builder);
  for (guint i = 0; i < entries->len; i++)
    {
      const MdLedgerEntry *entry = entries->pdata[i];
      if (entry->n > 1)
        continue;
      json_builder_begin_object (builder);
      add_string (builder, "intake", entry->intake);
      add_string (builder, "receipt_number", entry->receipt_number);
      add_string (builder, "procedure", entry->procedure);
      add_string (builder, "state", state_of (g_hash_table_lookup (decisions, entry->intake)));
      add_string (builder, "replaces", entry->replaces);
      add_string (builder, "replaced_by", g_hash_table_lookup (replaced, entry->intake));
      add_string (builder, "received", entry->received);
      add_string (builder, "terminal", entry->terminal);
      json_builder_set_member_name (builder, "sequence");
      json_builder_add_int_value (builder, (gint64)entry->sequence);
      json_builder_end_object (builder);
    }
  json_builder_end_array (builder);
  root = json_builder_get_root (builder);
  text = json_to_string (root, TRUE);
  g_print ("%s\n", text);
}

gboolean
show_list (const Desk *desk, gboolean json, GError **error)
{
  g_autoptr (GPtrArray) entries
      = g_ptr_array_new_with_free_func ((GDestroyNotify)md_ledger_entry_free);
  g_autoptr (GHashTable) decisions
      = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);

  if (!read_ledger (desk, entries, decisions, error))
    return FALSE;
  if (json)
    {
      print_json_list (entries, decisions);
      return TRUE;
    }
  for (guint i = 0; i < entries->len; i++)
    {
      const MdLedgerEntry *entry = entries->pdata[i];
      if (entry->n == 1)
        g_print ("%s  %-9s  %-20s  %s%s%s\n", entry->receipt_number,
                 state_of (g_hash_table_lookup (decisions, entry->intake)), entry->procedure,
                 entry->received, entry->replaces != NULL ? _ ("  takes up again ") : "",
                 entry->replaces != NULL ? entry->replaces : "");
    }
  return TRUE;
}
