// SPDX-License-Identifier: Apache-2.0
/* 受付票 as it is drawn: what has to stand there does and nothing else, on the page, nothing over
 * anything, on each size; its code says the receipt number and no more.
 * --pictures FOLDER: leaves the pages. */
#include "config.h"

#include <gtk/gtk.h>
#include <glib/gi18n.h>
#include <md-process.h>
#include <string.h>

#include "paper-check.h"
#include "slip-paper.h"

static char *pictures;

static const struct
{
  const char *name;
  PaperSheet sheet;
} sizes[] = {
  { "a5", { 148, 210, 12 } },
  { "a6", { 105, 148, 8 } },
};

/* --- what is given --- */

static CounterSlip *
make_slip (guint n_missing)
{
  CounterSlip *slip = g_new0 (CounterSlip, 1);
  g_autoptr (GStrvBuilder) missing = g_strv_builder_new ();

  for (guint i = 0; i < n_missing; i++)
    {
      g_autofree char *label = g_strdup_printf ("所得証明書（令和%u年分）", i + 1);

      g_strv_builder_add (missing, label);
    }
  slip->office = g_strdup ("あおぞら区");
  slip->counter = g_strdup ("1番窓口");
  slip->clerk = g_strdup ("受付 花子");
  slip->time = g_strdup ("令和8年11月22日 16:55");
  slip->receipt = g_strdup ("001-000017-4");
  slip->procedure = g_strdup ("国民年金保険料免除・納付猶予申請");
  slip->name = g_strdup ("田中　恵");
  slip->explained = g_strdup (
      "国民年金の保険料の免除または納付猶予を審査し、承認または却下を決めるために利用します。");
  slip->handed_in = g_strsplit ("基礎年金番号通知書または年金手帳\n離職票の写し", "\n", -1);
  slip->missing = g_strv_builder_end (missing);
  return slip;
}

static CounterPaper *
lay_out (const CounterSlip *slip, guint size)
{
  return counter_slip_paper_new (slip, paper_sheet_width (&sizes[size].sheet),
                                 paper_sheet_height (&sizes[size].sheet));
}

static void
look_at (const CounterPaper *paper, guint size, const char *name)
{
  g_autofree char *file = g_strdup_printf ("slip-%s-%s", name, sizes[size].name);

  paper_check_places (paper);
  paper_leave_pictures (paper, &sizes[size].sheet, pictures, file);
}

static char *
all_text (const CounterPaper *paper)
{
  g_autoptr (GArray) marks = counter_paper_list_marks (paper);
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < marks->len; i++)
    if (g_array_index (marks, CounterMark, i).text != NULL)
      g_string_append_printf (text, "%s\n", g_array_index (marks, CounterMark, i).text);
  return g_string_free (text, FALSE);
}

/* --- the tests --- */

/* All that a resident takes home is there, once, on one page of either size. */
static void
test_says_all (void)
{
  for (guint size = 0; size < G_N_ELEMENTS (sizes); size++)
    {
      g_autoptr (CounterSlip) slip = make_slip (1);
      g_autoptr (CounterPaper) paper = NULL;
      g_autofree char *text = NULL;
      const char *const words[]
          = { slip->office,       slip->counter,      slip->clerk,      slip->time,
              slip->receipt,      slip->procedure,    slip->name,       slip->explained,
              slip->handed_in[0], slip->handed_in[1], slip->missing[0], _ ("Due by") };

      slip->deferred = TRUE;
      paper = lay_out (slip, size);
      text = all_text (paper);
      for (guint i = 0; i < G_N_ELEMENTS (words); i++)
        if (strstr (text, words[i]) == NULL)
          g_error ("\"%s\" is not on the slip:\n%s", words[i], text);
      g_assert_nonnull (
          strstr (text, _ ("The office will finish the check of your certificate later. "
                           "There is nothing you have to do.")));
      look_at (paper, size, "deferred");
      g_assert_cmpuint (counter_paper_get_n_pages (paper), ==, 1);
    }
}

/* What does not hold is not said; a name that may not be printed leaves no trace. */
static void
test_says_no_more (void)
{
  g_autoptr (CounterSlip) slip = make_slip (0);
  g_autoptr (CounterPaper) paper = NULL;
  g_autofree char *text = NULL;

  g_clear_pointer (&slip->name, g_free);
  paper = lay_out (slip, 0);
  text = all_text (paper);
  g_assert_null (strstr (text, _ ("Due by")));
  g_assert_null (strstr (text, _ ("Name")));
  g_assert_null (strstr (text, "田中"));
  g_assert_null (strstr (text, "certificate"));
  g_assert_nonnull (strstr (text, _ ("None")));
  look_at (paper, 0, "plain");
}

/* Of many papers none is lost, and each further page says whose it is. */
static void
test_goes_on (void)
{
  g_autoptr (CounterSlip) slip = make_slip (40);
  g_autoptr (CounterPaper) paper = lay_out (slip, 1);
  g_autoptr (GArray) marks = counter_paper_list_marks (paper);
  g_autofree char *text = all_text (paper);
  guint numbers = 0;

  for (guint i = 0; i < 40; i++)
    g_assert_nonnull (strstr (text, slip->missing[i]));
  g_assert_false (g_regex_match_simple ("\\d{4}[ -]?\\d{4}[ -]?\\d{4}", text, 0, 0)); /* R-PRN-02 */
  for (guint i = 0; i < marks->len; i++)
    numbers += g_strcmp0 (g_array_index (marks, CounterMark, i).text, slip->receipt) == 0;
  g_assert_cmpuint (counter_paper_get_n_pages (paper), >, 1);
  g_assert_cmpuint (numbers, ==, counter_paper_get_n_pages (paper));
  look_at (paper, 1, "many");
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
  g_test_add_func ("/counter/slip-paper/says-all", test_says_all);
  g_test_add_func ("/counter/slip-paper/says-no-more", test_says_no_more);
  g_test_add_func ("/counter/slip-paper/goes-on", test_goes_on);
  return g_test_run ();
}
