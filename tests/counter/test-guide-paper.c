// SPDX-License-Identifier: Apache-2.0
/* 手続きのご案内 as it is drawn: everything that is due stands there with where, when and what to
 * bring, on the page, nothing over anything; further pages say what they belong to.
 * --pictures FOLDER: leaves the pages. */
#include "config.h"

#include <gtk/gtk.h>
#include <glib/gi18n.h>
#include <md-process.h>
#include <string.h>

#include "guide-paper.h"

#define MM (72 / 25.4)
#define WIDTH ((210 - 30) * MM)
#define HEIGHT ((297 - 30) * MM)
#define HAIR 0.01

static char *pictures;

static CounterGuideSheet *
make_sheet (guint n)
{
  CounterGuideSheet *sheet = counter_guide_sheet_new ();

  sheet->office = g_strdup ("あおぞら区");
  sheet->counter = g_strdup ("1番窓口");
  sheet->time = g_strdup ("令和8年11月22日");
  sheet->event = g_strdup ("転入");
  for (guint i = 0; i < n; i++)
    {
      CounterGuideLine *line = counter_guide_sheet_add (sheet);

      line->title = g_strdup_printf ("介護保険資格取得・異動・喪失届 その%u", i + 1);
      line->place = g_strdup (i % 2 == 0 ? "1番窓口" : "住民記録の窓口");
      line->reason = g_strdup ("65歳以上の方は、この区の介護保険に入るため");
      line->deadline = i % 3 == 2 ? NULL : g_strdup ("異動のあった日から14日以内");
      line->bring = g_strdup ("顔写真付きの本人確認書類\n転出証明書またはマイナンバーカード");
      line->bring_if = i % 2 == 0 ? g_strdup ("前の市区町村の受給資格証明書") : NULL;
      line->certain = i % 2 == 0;
      line->done = i == 0 ? g_strdup ("ご説明し、案内・用紙をお渡ししました") : NULL;
    }
  return sheet;
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

static gboolean
overlap (const CounterPlace *one, const CounterPlace *other)
{
  return one->x + HAIR < other->x + other->width && other->x + HAIR < one->x + one->width
         && one->y + HAIR < other->y + other->height && other->y + HAIR < one->y + one->height;
}

static void
check_places (const CounterPaper *paper)
{
  g_autoptr (GArray) marks = counter_paper_list_marks (paper);

  for (guint i = 0; i < marks->len; i++)
    {
      const CounterMark *mark = &g_array_index (marks, CounterMark, i);

      g_assert_cmpfloat (mark->place.x, >=, -HAIR);
      g_assert_cmpfloat (mark->place.y, >=, -HAIR);
      g_assert_cmpfloat (mark->place.x + mark->place.width, <=, WIDTH + HAIR);
      g_assert_cmpfloat (mark->place.y + mark->place.height, <=, HEIGHT + HAIR);
      for (guint k = 0; mark->text != NULL && k < i; k++)
        {
          const CounterMark *other = &g_array_index (marks, CounterMark, k);

          g_assert_false (other->text != NULL && other->page == mark->page
                          && overlap (&mark->place, &other->place));
        }
    }
}

static void
leave_picture (const CounterPaper *paper, const char *name)
{
  const double scale = 1.6;

  for (guint page = 0; pictures != NULL && page < counter_paper_get_n_pages (paper); page++)
    {
      g_autofree char *file = g_strdup_printf ("%s/guide-%s-%u.png", pictures, name, page + 1);
      cairo_surface_t *surface = cairo_image_surface_create (
          CAIRO_FORMAT_RGB24, (int)(210 * MM * scale), (int)(297 * MM * scale));
      cairo_t *cr = cairo_create (surface);

      cairo_set_source_rgb (cr, 1, 1, 1);
      cairo_paint (cr);
      cairo_scale (cr, scale, scale);
      cairo_translate (cr, 15 * MM, 15 * MM);
      counter_paper_draw (paper, page, cr);
      cairo_destroy (cr);
      g_assert_cmpint (cairo_surface_write_to_png (surface, file), ==, CAIRO_STATUS_SUCCESS);
      cairo_surface_destroy (surface);
    }
}

static void
test_whole (void)
{
  g_autoptr (CounterGuideSheet) sheet = make_sheet (3);
  g_autoptr (CounterPaper) paper = counter_guide_paper_new (sheet, WIDTH, HEIGHT);
  g_autofree char *text = all_text (paper);
  static const char *const wanted[]
      = { "あおぞら区",
          "1番窓口",
          "令和8年11月22日",
          "転入",
          "その3",
          "住民記録の窓口",
          "14日以内",
          "顔写真付きの本人確認書類\n転出証明書またはマイナンバーカード",
          "ご説明し、案内・用紙をお渡ししました",
          "□ " };

  g_assert_cmpuint (counter_paper_get_n_pages (paper), ==, 1);
  for (guint i = 0; i < G_N_ELEMENTS (wanted); i++)
    if (strstr (text, wanted[i]) == NULL)
      g_error ("\"%s\" is missing in:\n%s", wanted[i], text);
  check_places (paper);
  leave_picture (paper, "short");
}

static void
test_pages (void)
{
  g_autoptr (CounterGuideSheet) sheet = make_sheet (14);
  g_autoptr (CounterPaper) paper = counter_guide_paper_new (sheet, WIDTH, HEIGHT);
  g_autofree char *text = all_text (paper);

  g_assert_cmpuint (counter_paper_get_n_pages (paper), >, 1);
  for (guint i = 0; i < 14; i++)
    {
      g_autofree char *title = g_strdup_printf ("その%u", i + 1);

      g_assert_nonnull (strstr (text, title));
    }
  check_places (paper);
  leave_picture (paper, "long");
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
  g_test_add_func ("/counter/guide-paper/whole", test_whole);
  g_test_add_func ("/counter/guide-paper/pages", test_pages);
  return g_test_run ();
}
