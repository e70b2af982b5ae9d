// SPDX-License-Identifier: Apache-2.0
/* The confirmation list on paper: every line is on a page, and no more pages than that. */
#include <gtk/gtk.h>
#include <glib/gstdio.h>

#include "confirmation-print.h"

#define MANY 60

static GArray *
lines_of (guint n)
{
  GArray *lines = g_array_new (FALSE, FALSE, sizeof (CounterConfirmationLine));

  for (guint i = 0; i < n; i++)
    g_array_append_val (lines,
                        ((CounterConfirmationLine){
                            .number = "001-000123-4",
                            .time = "16:55",
                            .procedure = "国民年金保険料免除・納付猶予申請",
                            .clerk = "受付 花子",
                            .rules = "個人番号が空欄です\n申請書の記載がカードと違う項目：2件",
                            .confirmed = i % 2 == 0 ? "" : "承認: 確認 誠",
                        }));
  return lines;
}

/* Of a list of N lines. */
static int
count_pages (guint n)
{
  g_autoptr (GArray) lines = lines_of (n);
  g_autoptr (GtkPrintOperation) operation
      = counter_confirmation_print_new ("あおぞら区 1番窓口", lines);
  g_autoptr (GError) error = NULL;
  g_autofree char *folder = g_dir_make_tmp ("madoguchi-print-XXXXXX", &error);
  g_autofree char *file = g_build_filename (folder, "list.pdf", NULL);
  g_autofree char *made = NULL;
  gsize size = 0;

  g_assert_no_error (error);
  gtk_print_operation_set_export_filename (operation, file);
  g_assert_cmpint (
      gtk_print_operation_run (operation, GTK_PRINT_OPERATION_ACTION_EXPORT, NULL, &error), ==,
      GTK_PRINT_OPERATION_RESULT_APPLY);
  g_assert_no_error (error);
  g_assert_true (g_file_get_contents (file, &made, &size, &error));
  g_assert_true (g_str_has_prefix (made, "%PDF"));
  g_remove (file);
  g_rmdir (folder);
  return gtk_print_operation_get_n_pages_to_print (operation);
}

static void
test_pages (void)
{
  const int many = count_pages (MANY);

  g_assert_cmpint (count_pages (0), ==, 1); /* that there is nothing can be shown, too */
  g_assert_cmpint (count_pages (1), ==, 1);
  g_assert_cmpint (many, >, 2);
  g_assert_cmpint (many, <, MANY);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/counter/confirmation-print/pages", test_pages);
  return g_test_run ();
}
