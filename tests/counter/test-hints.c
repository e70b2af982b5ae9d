// SPDX-License-Identifier: Apache-2.0
/* What a form says about a field before anything is typed stands on the screen, whatever the field
 * is answered by: for a memo it is the only warning that no number belongs there. */
#include <gtk/gtk.h>

#include "field-row.h"
#include "page.h"

#include "../bench/bench-form.h"

static gboolean
says (GtkWidget *widget, const char *hint)
{
  gboolean said = FALSE;

  if (!gtk_widget_get_visible (widget))
    return FALSE;
  if (GTK_IS_LABEL (widget))
    return g_strcmp0 (gtk_label_get_text (GTK_LABEL (widget)), hint) == 0;
  if (GTK_IS_ENTRY (widget))
    return g_strcmp0 (gtk_entry_get_placeholder_text (GTK_ENTRY (widget)), hint) == 0;
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL && !said;
       child = gtk_widget_get_next_sibling (child))
    said = says (child, hint);
  return said;
}

static GtkWidget *
row_of (MdFormData *data, const char *id)
{
  MdEntry *entry = md_form_data_get_entry (data, id);

  g_assert_nonnull (entry);
  return g_object_ref_sink (counter_field_row_new (entry));
}

/* Every hint of every form; a number's place says in words of its own how long it is. */
static void
test_every_hint (void)
{
  g_autofree char *folder = bench_forms_folder ();
  g_autoptr (MdCatalogue) catalogue = bench_load (folder);
  const MdViewer viewer = bench_viewer ();
  guint n = 0;

  for (guint i = 0; i < g_list_model_get_n_items (G_LIST_MODEL (catalogue)); i++)
    {
      g_autoptr (MdForm) form = g_list_model_get_item (G_LIST_MODEL (catalogue), i);
      g_autoptr (MdFormData) data = md_form_data_new (form, &viewer, MD_STEP_ENTRY, BENCH_DAY);
      g_autofree const char **ids = md_form_list_fields (form);

      for (gsize k = 0; ids[k] != NULL; k++)
        {
          MdField *field = md_form_get_field (form, ids[k]);
          const char *hint = md_field_get_hint (field);
          MdEntry *entry = md_form_data_get_entry (data, ids[k]);
          g_autoptr (GtkWidget) row = NULL;

          if (hint == NULL || entry == NULL || md_entry_get_view (entry) != MD_VIEW_EDITABLE
              || md_field_get_field_type (field) == MD_FIELD_MYNUM)
            continue;
          row = row_of (data, ids[k]);
          gtk_widget_set_visible (row, TRUE); /* whatever the form makes depend on an answer */
          g_test_message ("%s %s", md_form_get_id (form), ids[k]);
          g_assert_true (says (row, hint));
          n++;
        }
    }
  g_assert_cmpuint (n, >, 100);
}

/* It stays while something is typed, where a placeholder would go. */
static void
test_stays (void)
{
  g_autofree char *folder = bench_forms_folder ();
  g_autoptr (MdCatalogue) catalogue = bench_load (folder);
  const MdViewer viewer = bench_viewer ();
  MdForm *form = md_catalogue_get_form (catalogue, "care.delivery");
  g_autoptr (MdFormData) data = md_form_data_new (form, &viewer, MD_STEP_ENTRY, BENCH_DAY);
  g_autoptr (GtkWidget) row = row_of (data, "m.memo");

  md_entry_set_text (md_form_data_get_entry (data, "m.memo"), "窓口で確認");
  g_assert_true (says (row, md_field_get_hint (md_form_get_field (form, "m.memo"))));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  gtk_init ();
  counter_types_ensure ();
  g_test_add_func ("/counter/hints/every-hint", test_every_hint);
  g_test_add_func ("/counter/hints/stays", test_stays);
  return g_test_run ();
}
