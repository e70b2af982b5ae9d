// SPDX-License-Identifier: Apache-2.0
/* 受付票 as it is drawn: what has to stand there does and nothing else, on the page, nothing over
 * anything, on each size; its code says the receipt number and no more.
 * --pictures FOLDER: leaves the pages. */
#include "config.h"

#include <gtk/gtk.h>
#include <glib/gi18n.h>
#include <glib/gstdio.h>
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
  slip->guided = g_strdup ("ご説明し、案内・用紙をお渡ししました");
  slip->told_alone = g_strsplit ("転入届（ご説明しました）", "\n", -1);
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

/* All that a resident takes home is there, once, on one page of either size; the guide goes onto
 * a second one of the smaller. */
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
              slip->handed_in[0], slip->handed_in[1], slip->missing[0], _ ("Due by"),
              slip->guided,       slip->told_alone[0] };

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
      g_assert_cmpuint (counter_paper_get_n_pages (paper), ==, 1 + size);
      g_clear_pointer (&slip->told_alone, g_strfreev);
      g_clear_pointer (&slip->guided, g_free);
      g_clear_pointer (&paper, counter_paper_free);
      paper = lay_out (slip, size);
      look_at (paper, size, "alone");
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
  g_clear_pointer (&slip->guided, g_free);
  g_clear_pointer (&slip->told_alone, g_strfreev);
  paper = lay_out (slip, 0);
  text = all_text (paper);
  g_assert_null (strstr (text, _ ("Due by")));
  g_assert_null (strstr (text, _ ("Name")));
  g_assert_null (strstr (text, "田中"));
  g_assert_null (strstr (text, "certificate"));
  g_assert_null (strstr (text, _ ("Guidance")));
  g_assert_null (strstr (text, _ ("Guidance only")));
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

/* --- one for a whole visit --- */

static GPtrArray *
make_visit (void)
{
  GPtrArray *slips = g_ptr_array_new_with_free_func ((GDestroyNotify)counter_slip_free);
  static const char *const more[][2] = { { "001-000018-2", "介護保険資格取得・異動・喪失届" },
                                         { "001-000019-0", "検診無料クーポン利用・再交付" } };

  g_ptr_array_add (slips, make_slip (2));
  for (guint i = 0; i < G_N_ELEMENTS (more); i++)
    {
      CounterSlip *slip = make_slip (i == 0 ? 1 : 0);

      g_free (slip->receipt);
      g_free (slip->procedure);
      slip->receipt = g_strdup (more[i][0]);
      slip->procedure = g_strdup (more[i][1]);
      g_ptr_array_add (slips, slip);
    }
  return slips;
}

/* What an independent reader finds on the picture of a page, a line each. */
static char *
read_codes (const CounterPaper *paper, guint page)
{
  const double zoom = 3;
  const int width = (int)(counter_paper_get_width (paper) * zoom) + 80;
  const int height = (int)(counter_paper_get_height (paper) * zoom) + 80;
  cairo_surface_t *surface = cairo_image_surface_create (CAIRO_FORMAT_RGB24, width, height);
  g_autofree char *path = g_build_filename (g_get_tmp_dir (), "slip-XXXXXX.png", NULL);
  const int fd = g_mkstemp (path);
  cairo_t *cr = cairo_create (surface);
  const char *argv[]
      = { "zbarimg", "--quiet", "--raw", "-Sdisable", "-Sqrcode.enable", path, NULL };
  g_autoptr (GError) error = NULL;
  char *found = NULL;

  cairo_set_source_rgb (cr, 1, 1, 1);
  cairo_paint (cr);
  cairo_translate (cr, 40, 40);
  cairo_scale (cr, zoom, zoom);
  counter_paper_draw (paper, page, cr);
  cairo_destroy (cr);
  g_assert_cmpint (cairo_surface_write_to_png (surface, path), ==, CAIRO_STATUS_SUCCESS);
  cairo_surface_destroy (surface);
  g_assert_true (g_spawn_sync (NULL, (char **)(gpointer)argv, NULL,
                               G_SPAWN_SEARCH_PATH | G_SPAWN_STDERR_TO_DEV_NULL, NULL, NULL, &found,
                               NULL, NULL, &error));
  g_assert_no_error (error);
  g_close (fd, NULL);
  g_unlink (path);
  return found;
}

static int
compare_lines (gconstpointer one, gconstpointer other)
{
  return g_strcmp0 (*(const char *const *)one, *(const char *const *)other);
}

/* All codes of all pages, in the order of the alphabet. */
static char *
read_all_codes (const CounterPaper *paper)
{
  g_autoptr (GPtrArray) lines = g_ptr_array_new_with_free_func (g_free);

  for (guint page = 0; page < counter_paper_get_n_pages (paper); page++)
    {
      g_autofree char *found = read_codes (paper, page);
      g_auto (GStrv) read = g_strsplit (found, "\n", -1);

      for (guint i = 0; read[i] != NULL; i++)
        if (*read[i] != '\0')
          g_ptr_array_add (lines, g_strdup (read[i]));
    }
  g_ptr_array_sort (lines, compare_lines);
  g_ptr_array_add (lines, NULL);
  return g_strjoinv (" ", (char **)lines->pdata);
}

/* Whoever points a telephone at it reads the number, and nothing else is in it. */
static void
test_code (void)
{
  for (guint size = 0; size < G_N_ELEMENTS (sizes); size++)
    {
      g_autoptr (CounterSlip) slip = make_slip (1);
      g_autoptr (CounterPaper) paper = lay_out (slip, size);
      g_autofree char *read = read_all_codes (paper);

      g_assert_cmpstr (read, ==, slip->receipt);
    }
}

/* Each number with its code, whatever page it is on; who it is once, and what is missing of each.
 */
static void
test_joint (void)
{
  for (guint size = 0; size < G_N_ELEMENTS (sizes); size++)
    {
      g_autoptr (GPtrArray) slips = make_visit ();
      g_autoptr (CounterPaper) paper = counter_slip_paper_new_joint (
          slips, paper_sheet_width (&sizes[size].sheet), paper_sheet_height (&sizes[size].sheet));
      g_autofree char *text = all_text (paper);
      g_autofree char *read = read_all_codes (paper);
      const CounterSlip *first = g_ptr_array_index (slips, 0);
      const char *name = strstr (text, first->name);
      const char *told = strstr (text, first->told_alone[0]);

      look_at (paper, size, "joint");
      g_assert_cmpstr (read, ==, "001-000017-4 001-000018-2 001-000019-0");
      for (guint i = 0; i < slips->len; i++)
        {
          const CounterSlip *slip = g_ptr_array_index (slips, i);

          g_assert_nonnull (strstr (text, slip->receipt));
          g_assert_nonnull (strstr (text, slip->procedure));
          g_assert_nonnull (strstr (text, slip->explained));
          g_assert_nonnull (strstr (text, slip->guided));
        }
      g_assert_nonnull (strstr (text, first->missing[1]));
      g_assert_nonnull (told);
      g_assert_null (strstr (told + 1, first->told_alone[0])); /* of the visit, once */
      g_assert_nonnull (name);
      g_assert_null (strstr (name + 1, first->name));
    }
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
  g_test_add_func ("/counter/slip-paper/code", test_code);
  g_test_add_func ("/counter/slip-paper/joint", test_joint);
  return g_test_run ();
}
