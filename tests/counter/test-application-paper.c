// SPDX-License-Identifier: Apache-2.0
/* The filled application as it is drawn for the resident: a long one over several pages, every line
 * of it once and in its order, on the page, nothing over anything, and one place to sign.
 * --pictures FOLDER: leaves the pages. */
#include "config.h"

#include <gtk/gtk.h>
#include <glib/gi18n.h>
#include <md-process.h>
#include <string.h>

#include "application-paper.h"
#include "paper-check.h"

#define MANY 150
#define PER_SECTION 7

static char *pictures;
static const PaperSheet sheet = { 210, 297, 15 };

static CounterApplication *
make_application (guint n_lines)
{
  static const char *const values[]
      = { "田中　恵", "昭和55年4月12日", "東京都あおぞら区若葉三丁目4番5号　若葉ハイツ201",
          "葛󠄀城市", "全額免除" };
  CounterApplication *application = g_new0 (CounterApplication, 1);

  application->office = g_strdup ("あおぞら区");
  application->counter = g_strdup ("1番窓口");
  application->time = g_strdup ("令和8年11月22日 16:55");
  application->procedure = g_strdup ("国民年金保険料免除・納付猶予申請");
  application->lines = g_ptr_array_new_with_free_func ((GDestroyNotify)md_form_line_free);
  for (guint i = 0; i < n_lines; i++)
    {
      MdFormLine *line = g_new0 (MdFormLine, 1);

      line->heading = g_strdup_printf ("まとまり%u", i / PER_SECTION + 1);
      line->label = g_strdup_printf ("項目%03u", i);
      line->value = g_strdup_printf ("%s %03u", values[i % G_N_ELEMENTS (values)], i);
      g_ptr_array_add (application->lines, line);
    }
  application->handed_in = g_strsplit ("基礎年金番号通知書または年金手帳", "\n", -1);
  application->missing = g_strsplit ("所得証明書", "\n", -1);
  return application;
}

static CounterPaper *
lay_out (const CounterApplication *application)
{
  return counter_application_paper_new (application, paper_sheet_width (&sheet),
                                        paper_sheet_height (&sheet));
}

static void
look_at (const CounterPaper *paper, const char *name)
{
  g_autofree char *file = g_strconcat ("application-", name, NULL);

  paper_check_places (paper);
  paper_leave_pictures (paper, &sheet, pictures, file);
}

/* Where this text stands, NULL: nowhere; fails when it stands there twice. */
static const CounterMark *
find (const GArray *marks, const char *text)
{
  const CounterMark *found = NULL;

  for (guint i = 0; i < marks->len; i++)
    {
      const CounterMark *mark = &g_array_index (marks, CounterMark, i);

      if (g_strcmp0 (mark->text, text) != 0)
        continue;
      g_assert_null (found);
      found = mark;
    }
  return found;
}

/* A hundred and fifty fields: none lost, none twice, one after the other; a heading never ends a
 * page, and every page says which it is. */
static void
test_long (void)
{
  g_autoptr (CounterApplication) application = make_application (MANY);
  g_autoptr (CounterPaper) paper = lay_out (application);
  g_autoptr (GArray) marks = counter_paper_list_marks (paper);
  const guint n_pages = counter_paper_get_n_pages (paper);
  const CounterMark *before = NULL, *sign = find (marks, _ ("Signature (applicant or filer)"));

  for (guint i = 0; i < MANY; i++)
    {
      const MdFormLine *line = g_ptr_array_index (application->lines, i);
      const CounterMark *label = find (marks, line->label), *value = find (marks, line->value);
      const CounterMark *heading = find (marks, line->heading);

      g_assert_true (label != NULL && value != NULL && heading != NULL);
      g_assert_cmpuint (label->page, ==, value->page);
      g_assert_true (before == NULL || before->page < label->page
                     || (before->page == label->page && before->place.y < label->place.y));
      if (i % PER_SECTION == 0)
        g_assert_cmpuint (heading->page, ==, label->page);
      before = label;
    }
  for (guint page = 0; page < n_pages; page++)
    {
      g_autofree char *number = g_strdup_printf (_ ("Page %u of %u"), page + 1, n_pages);
      const CounterMark *mark = find (marks, number);

      g_assert_true (mark != NULL && mark->page == page);
    }
  g_assert_cmpuint (n_pages, >, 3);
  g_assert_cmpuint (n_pages, <, 8);
  g_assert_true (sign != NULL && sign->page == n_pages - 1);
  look_at (paper, "long");
}

/* A short one is one page; it says what it is, and which papers are there. */
static void
test_short (void)
{
  g_autoptr (CounterApplication) application = make_application (12);
  g_autoptr (CounterPaper) paper = lay_out (application);
  g_autoptr (GArray) marks = counter_paper_list_marks (paper);

  g_assert_cmpuint (counter_paper_get_n_pages (paper), ==, 1);
  g_assert_nonnull (find (marks, _ ("Application to be checked")));
  g_assert_nonnull (find (marks, application->handed_in[0]));
  g_assert_nonnull (find (marks, application->missing[0]));
  g_assert_nonnull (find (marks, _ ("Not received")));
  look_at (paper, "short");
}

/* A text that is longer than a page goes on on the next, and nothing of it is lost. */
static void
test_long_text (void)
{
  g_autoptr (CounterApplication) application = make_application (1);
  MdFormLine *line = g_ptr_array_index (application->lines, 0);
  g_autoptr (CounterPaper) paper = NULL;
  g_autoptr (GArray) marks = NULL;
  g_autoptr (GString) wanted = g_string_new (NULL);
  g_autoptr (GString) got = g_string_new (NULL);

  for (guint i = 0; i < 2500; i++)
    g_string_append_unichar (wanted, 0x4e00 + i);
  g_free (line->value);
  line->value = g_strdup (wanted->str);
  paper = lay_out (application);
  marks = counter_paper_list_marks (paper);
  for (guint i = 0; i < marks->len; i++)
    {
      const char *text = g_array_index (marks, CounterMark, i).text;

      if (text != NULL && strstr (wanted->str, text) != NULL)
        g_string_append (got, text);
    }
  g_assert_cmpstr (got->str, ==, wanted->str);
  g_assert_cmpuint (counter_paper_get_n_pages (paper), >, 1);
  look_at (paper, "long-text");
}

int
main (int argc, char **argv)
{
  const GOptionEntry entries[]
      = { { "pictures", 0, 0, G_OPTION_ARG_FILENAME, &pictures, "Leave the pages here", "FOLDER" },
          { NULL } };
  g_autoptr (GOptionContext) context = g_option_context_new (NULL);

  md_process_speak (g_getenv ("MADOGUCHI_LANG"));
  g_option_context_add_main_entries (context, entries, NULL);
  g_option_context_set_ignore_unknown_options (context, TRUE);
  (void)g_option_context_parse (context, &argc, &argv, NULL);
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/counter/application-paper/long", test_long);
  g_test_add_func ("/counter/application-paper/short", test_short);
  g_test_add_func ("/counter/application-paper/long-text", test_long_text);
  return g_test_run ();
}
