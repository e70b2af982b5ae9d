// SPDX-License-Identifier: Apache-2.0
/* What a form says about a field before anything is typed stands on the screen, whatever the field
 * is answered by: for a memo it is the only warning that no number belongs there. What was changed
 * stands beside it. And what is typed goes with the person, of which the window itself is asked. */
#include <gtk/gtk.h>

#include "field-row.h"
#include "left.h"
#include "page.h"
#include "window.h"

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

/* --- what is typed goes --- */

/* Below WIDGET, hidden or not: the first that CHECK takes. */
static GtkWidget *
find_below (GtkWidget *widget, gboolean (*check) (GtkWidget *widget, const char *data),
            const char *data)
{
  GtkWidget *found = check (widget, data) ? widget : NULL;

  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL && found == NULL;
       child = gtk_widget_get_next_sibling (child))
    found = find_below (child, check, data);
  return found;
}

static gboolean
is_entry (GtkWidget *widget, const char *data)
{
  return GTK_IS_ENTRY (widget);
}

static gboolean
has_id (GtkWidget *widget, const char *data)
{
  return g_strcmp0 (gtk_buildable_get_buildable_id (GTK_BUILDABLE (widget)), data) == 0;
}

static gboolean
begins (GtkWidget *widget, const char *data)
{
  return GTK_IS_LABEL (widget) && g_str_has_prefix (gtk_label_get_text (GTK_LABEL (widget)), data);
}

static MdFormData *
open_form (const char *id)
{
  g_autofree char *folder = bench_forms_folder ();
  g_autoptr (MdCatalogue) catalogue = bench_load (folder);
  const MdViewer viewer = bench_viewer ();

  return md_form_data_new (md_catalogue_get_form (catalogue, id), &viewer, MD_STEP_ENTRY,
                           BENCH_DAY);
}

static const char *
text_of (GtkWidget *line)
{
  return gtk_editable_get_text (GTK_EDITABLE (line));
}

static void
test_reason (void)
{
  g_autoptr (MdFormData) data = open_form ("lem.certificate");
  const MdCardValues card = { .name = "田中 太郎", .address = "青空1", .birth = "1950-03-07" };
  MdEntry *entry = md_form_data_get_entry (data, "p.name");
  g_autoptr (GtkWidget) row = row_of (data, "p.name");
  GtkWidget *reason = find_below (row, has_id, "reason"), *box, *window = gtk_window_new ();

  gtk_window_set_child (GTK_WINDOW (window), row);
  g_assert_nonnull (reason);
  g_assert_true (GTK_IS_PASSWORD_ENTRY_BUFFER (gtk_entry_get_buffer (GTK_ENTRY (reason))));
  g_assert_false (gtk_editable_get_enable_undo (GTK_EDITABLE (reason)));
  box = gtk_widget_get_parent (gtk_widget_get_parent (reason));
  md_form_data_prefill_card (data, &card);
  gtk_widget_set_visible (box, TRUE); /* as by the button */
  gtk_editable_set_text (GTK_EDITABLE (reason), "旧字のため");
  md_form_data_set_covered (data, TRUE);
  g_assert_cmpstr (text_of (reason), ==, "");
  g_assert_true (md_form_data_park (data));
  md_form_data_unpark (data);
  g_assert_cmpstr (text_of (reason), ==, "");
  md_form_data_set_covered (data, FALSE);
  g_assert_cmpstr (text_of (reason), ==, "旧字のため");
  g_signal_emit_by_name (reason, "activate");
  g_assert_true (md_entry_has_reason (entry));
  g_assert_false (gtk_widget_get_visible (box));
  g_assert_cmpstr (text_of (reason), ==, "");
  /* Covered, and never uncovered. */
  md_form_data_prefill_card (data, &card);
  gtk_widget_set_visible (box, TRUE);
  gtk_editable_set_text (GTK_EDITABLE (reason), "旧字のため");
  md_form_data_set_covered (data, TRUE);
  md_form_data_wipe (data);
  md_form_data_set_covered (data, FALSE);
  g_assert_cmpstr (text_of (reason), ==, "");
  gtk_window_destroy (GTK_WINDOW (window));
}

static void
test_half_a_number (void)
{
  g_autoptr (MdFormData) data = open_form ("pension.exemption");
  g_autoptr (GtkWidget) row = row_of (data, "p.mynum");
  GtkWidget *line = find_below (row, is_entry, NULL);

  gtk_editable_set_text (GTK_EDITABLE (line), "12345678901");
  g_assert_cmpstr (text_of (line), ==, "12345678901");
  md_form_data_set_covered (data, TRUE);
  g_assert_cmpstr (text_of (line), ==, "");
  md_form_data_set_covered (data, FALSE);
  gtk_editable_set_text (GTK_EDITABLE (line), "123456789018");
  g_assert_true (md_entry_get_filled (md_form_data_get_entry (data, "p.mynum")));
  g_assert_cmpstr (text_of (line), ==, "");
}

static gboolean
is_choice (GtkWidget *widget, const char *data)
{
  return GTK_IS_TOGGLE_BUTTON (widget);
}

static gboolean
is_pressed (GtkWidget *choice)
{
  return gtk_toggle_button_get_active (GTK_TOGGLE_BUTTON (choice));
}

/* What says nothing of the person is not covered; it is parked with the rest. */
static void
test_parked (void)
{
  g_autoptr (MdFormData) data = open_form ("lem.certificate");
  g_autoptr (GtkWidget) row = row_of (data, "e.num_missing");
  GtkWidget *choice = find_below (row, is_choice, NULL);

  gtk_toggle_button_set_active (GTK_TOGGLE_BUTTON (choice), TRUE);
  md_form_data_set_covered (data, TRUE);
  g_assert_true (is_pressed (choice));
  g_assert_true (md_form_data_park (data));
  g_assert_false (is_pressed (choice));
  md_form_data_unpark (data);
  g_assert_true (is_pressed (choice));
  g_assert_nonnull (md_form_data_get_value (data, "e.num_missing"));
}

/* What the person said for the application before stands beside what it was changed to. */
static void
test_earlier (void)
{
  const char *nothing[MD_N_DRAFT_FACTS] = { 0 };
  g_autoptr (MdFormData) before = open_form ("lem.certificate"), data = open_form ("care.delivery");
  g_autoptr (GtkWidget) row = row_of (data, "p.tel");
  g_autoptr (MdSecret) text = NULL;
  g_autoptr (GError) error = NULL;
  MdFormDraft *draft;

  md_entry_set_text (md_form_data_get_entry (before, "p.tel"), "090-1234-5678");
  text = md_form_data_to_draft (before, nothing, &error);
  g_assert_no_error (error);
  draft = md_form_draft_parse (md_secret_get_data (text), md_secret_get_size (text), &error);
  g_assert_no_error (error);
  md_form_data_take_earlier (data, draft);
  md_form_draft_free (draft);
  g_assert_nonnull (find_below (row, begins, "From the application before"));
  g_assert_null (find_below (row, begins, "Changed."));
  md_entry_set_text (md_form_data_get_entry (data, "p.tel"), "03-9999-9999");
  g_assert_nonnull (find_below (row, begins, "Changed. The application before said: 09012345678"));
  g_assert_null (find_below (row, begins, "From the application before"));
}

/* --- and if it does not, somebody is told --- */

static void
test_left (void)
{
  CounterWindow *window = counter_window_new (NULL);
  GtkWindow *top = GTK_WINDOW (window);
  GtkWidget *line = find_below (GTK_WIDGET (window), has_id, "organisation");
  GtkWidget *password = find_below (GTK_WIDGET (window), has_id, "password");
  GdkClipboard *clipboard = gtk_widget_get_clipboard (GTK_WIDGET (window));
  g_autofree char *words = NULL;

  g_assert_true (line != NULL && password != NULL);
  g_assert_cmpuint (counter_left_find (top, FALSE), ==, COUNTER_LEFT_NOTHING);
  g_assert_cmpuint (counter_left_find (top, TRUE), ==, COUNTER_LEFT_NOTHING);
  g_assert_null (counter_left_dup_words (COUNTER_LEFT_NOTHING));
  gtk_editable_set_text (GTK_EDITABLE (password), "staff");
  g_assert_cmpuint (counter_left_find (top, FALSE), ==, COUNTER_LEFT_NOTHING);
  gtk_editable_set_text (GTK_EDITABLE (line), "青空病院");
  g_assert_cmpuint (counter_left_find (top, FALSE), ==, COUNTER_LEFT_TEXT);
  g_assert_cmpuint (counter_left_find (top, TRUE), ==, COUNTER_LEFT_NOTHING); /* said, not read */
  gtk_editable_set_text (GTK_EDITABLE (line), "");
  gtk_editable_set_enable_undo (GTK_EDITABLE (line), TRUE);
  g_assert_cmpuint (counter_left_find (top, FALSE), ==, COUNTER_LEFT_HISTORY);
  gtk_editable_set_enable_undo (GTK_EDITABLE (line), FALSE);
  gdk_clipboard_set_text (clipboard, "090-1234-5678");
  g_assert_cmpuint (counter_left_find (top, TRUE), ==, COUNTER_LEFT_CLIPBOARD);
  gdk_clipboard_set_content (clipboard, NULL);
  g_assert_cmpuint (counter_left_find (top, FALSE), ==, COUNTER_LEFT_NOTHING);
  words = counter_left_dup_words (COUNTER_LEFT_TEXT | COUNTER_LEFT_PIN);
  g_assert_nonnull (strstr (words, "what was typed, a PIN"));
  g_assert_cmpstr (counter_left_get_cause (COUNTER_LEFT_TEXT | COUNTER_LEFT_PIN, 0), ==,
                   "left-text");
  g_assert_cmpstr (counter_left_get_cause (COUNTER_LEFT_TEXT | COUNTER_LEFT_PIN, 1), ==,
                   "left-pin");
  g_assert_null (counter_left_get_cause (COUNTER_LEFT_TEXT | COUNTER_LEFT_PIN, 2));
  g_assert_null (find_below (GTK_WIDGET (window), begins, words));
  counter_window_warn (window, words);
  g_assert_nonnull (find_below (GTK_WIDGET (window), begins, words));
  gtk_window_destroy (top);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  gtk_init ();
  counter_types_ensure ();
  g_test_add_func ("/counter/hints/every-hint", test_every_hint);
  g_test_add_func ("/counter/hints/stays", test_stays);
  g_test_add_func ("/counter/hints/reason", test_reason);
  g_test_add_func ("/counter/hints/half-a-number", test_half_a_number);
  g_test_add_func ("/counter/hints/parked", test_parked);
  g_test_add_func ("/counter/hints/earlier", test_earlier);
  g_test_add_func ("/counter/hints/left", test_left);
  return g_test_run ();
}
