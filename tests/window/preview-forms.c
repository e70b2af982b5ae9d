// SPDX-License-Identifier: Apache-2.0
/* The forms of all procedures by keyboard: every section with everything that it can ask for. */
#include "config.h"

#include "preview-scenes.h"

#include "field-row.h"

#define STOPS 400 /* more than any section has */

/* The last choice of each: who files for another, what is of another kind, what is not so. */
static void
choose_last (MdEntry *entry)
{
  const char *const *labels = NULL;
  const char *const *codes = md_entry_get_choices (entry, &labels);
  guint n = 0;
  const MdFieldType type = md_field_get_field_type (md_entry_get_field (entry));

  while (codes != NULL && codes[n] != NULL)
    n++;
  if (n > 0)
    md_entry_set_text (entry, codes[n - 1]);
  else if (type == MD_FIELD_BOOL)
    md_entry_set_text (entry, "false");
  else if (type == MD_FIELD_ROWS && md_entry_may_add_row (entry))
    (void)md_entry_add_row (entry);
}

/* Answers open further fields: those of a section come behind what opens them. */
static void
open_all (MdFormData *form)
{
  GListModel *sections = md_form_data_get_sections (form);

  for (guint i = 0; i < g_list_model_get_n_items (sections); i++)
    {
      g_autoptr (GListModel) section = g_list_model_get_item (sections, i);
      const guint n = g_list_model_get_n_items (section);

      for (guint k = 0; k < n; k++)
        {
          g_autoptr (MdEntry) entry = g_list_model_get_item (section, k);

          if (md_entry_get_visible (entry) && !md_entry_get_locked (entry))
            choose_last (entry);
        }
    }
}

/* Rows that are as many as the form says have nothing to press. */
static gboolean
is_open (MdEntry *entry)
{
  return md_entry_get_visible (entry) && !md_entry_get_locked (entry)
         && md_entry_get_view (entry) == MD_VIEW_EDITABLE
         && (md_field_get_field_type (md_entry_get_field (entry)) != MD_FIELD_ROWS
             || md_entry_may_add_row (entry));
}

/* What can be typed now, in the order of the form: MdEntry. */
static GPtrArray *
list_open (GListModel *section)
{
  GPtrArray *entries = g_ptr_array_new_with_free_func (g_object_unref);

  for (guint i = 0; i < g_list_model_get_n_items (section); i++)
    {
      g_autoptr (MdEntry) entry = g_list_model_get_item (section, i);

      if (is_open (entry))
        g_ptr_array_add (entries, g_steal_pointer (&entry));
    }
  return entries;
}

static guint
complain (const char *procedure, const char *what, const char *where)
{
  g_print ("! %s: %s: %s\n", procedure, what, where);
  return 1;
}

/* The focus is on NOW: a field passes from those that are OPEN, the first of them. */
static guint
pass (const char *procedure, GPtrArray *open, GtkWidget *now)
{
  GtkWidget *row = gtk_widget_get_ancestor (now, COUNTER_TYPE_FIELD_ROW);
  MdEntry *entry = row != NULL ? counter_field_row_get_entry (COUNTER_FIELD_ROW (row)) : NULL;
  guint at = 0;

  if (entry == NULL || !g_ptr_array_find (open, entry, &at))
    return 0;
  g_ptr_array_remove_index (open, at);
  return at > 0 ? complain (procedure, "comes too early", md_entry_get_label (entry)) : 0;
}

static guint
walk_section (CounterWindow *window, const char *procedure, GListModel *section)
{
  g_autoptr (GPtrArray) open = list_open (section);
  GtkWidget *first = NULL, *last = NULL;
  guint complaints = 0;

  gtk_window_set_focus (GTK_WINDOW (window), NULL);
  for (guint i = 0; i < STOPS; i++)
    {
      GtkWidget *now;

      g_signal_emit_by_name (window, "move-focus", GTK_DIR_TAB_FORWARD);
      now = gtk_window_get_focus (GTK_WINDOW (window));
      if (now == NULL || now == first || now == last)
        break;
      first = first != NULL ? first : now;
      /* What stands further down comes into sight with the next frame. */
      if (last != NULL && !preview_follows (window, last, now))
        preview_settle (window);
      if (last != NULL && !preview_follows (window, last, now))
        {
          g_autofree char *name = preview_describe (now);

          complaints += complain (procedure, "Tab goes back to", name);
        }
      complaints += pass (procedure, open, now);
      last = now;
    }
  for (guint i = 0; i < open->len; i++)
    complaints += complain (procedure, "Tab does not come to",
                            md_entry_get_label (g_ptr_array_index (open, i)));
  return complaints;
}

guint
preview_walk_form (CounterWindow *window, const char *procedure)
{
  const CounterModels *models = counter_window_get_models (window);
  GListModel *sections;
  MdFormData *form;
  guint complaints = 0, fields = 0;

  preview_form (window, models, procedure);
  form = counter_model_object (models->intake, "form");
  open_all (form);
  sections = md_form_data_get_sections (form);
  for (guint i = 0; i < g_list_model_get_n_items (sections); i++)
    {
      g_autoptr (GListModel) section = g_list_model_get_item (sections, i);
      g_autoptr (GPtrArray) open = list_open (section);

      if (open->len == 0)
        continue;
      g_object_set (models->intake, "jump", md_entry_get_id (g_ptr_array_index (open, 0)), NULL);
      preview_settle (window);
      complaints += walk_section (window, procedure, section);
      fields += open->len;
    }
  g_print ("fields %u\n", fields);
  return complaints;
}
