// SPDX-License-Identifier: Apache-2.0
/* The confirmation list on paper: every line is there once, in its order, with all that it says and
 * nothing else, within the page, and with room for a seal where nobody has confirmed it. */
#include <gtk/gtk.h>
#include <glib/gstdio.h>
#include <string.h>

#include "confirmation-print.h"

#define HEADING "あおぞら区 1番窓口"
#define MANY 60
#define SEAL_HEIGHT 34 /* points: a stamp of 12 mm */
#define HAIR 0.01      /* cairo rounds places */

enum
{
  CELL_CONFIRMED = 5,
  N_CELLS
};

static const char *const columns[N_CELLS] = { "Receipt number",
                                              "Time",
                                              "Procedure",
                                              "Clerk",
                                              "What is to be confirmed",
                                              "Second person, day and seal" };

/* --- What is drawn --- */

typedef struct
{
  guint page; /* from 0 */
  double x, y, width, height;
  char *text;
} Drawn;

typedef struct
{
  guint page;
  GArray *drawn; /* Drawn, in their order */
  gboolean within;
} Paper;

/* The paper under the pen. */
static Paper *paper;

/* The program is linked so that whoever draws text comes here. */
void __real_pango_cairo_show_layout (cairo_t *cr, PangoLayout *layout);
void __wrap_pango_cairo_show_layout (cairo_t *cr, PangoLayout *layout);

void
__wrap_pango_cairo_show_layout (cairo_t *cr, PangoLayout *layout)
{
  Drawn drawn = { .page = paper->page, .text = g_strdup (pango_layout_get_text (layout)) };
  int width, height;

  cairo_get_current_point (cr, &drawn.x, &drawn.y);
  pango_layout_get_size (layout, &width, &height);
  drawn.width = (double)width / PANGO_SCALE;
  drawn.height = (double)height / PANGO_SCALE;
  g_array_append_val (paper->drawn, drawn);
  __real_pango_cairo_show_layout (cr, layout);
}

static void
drawn_clear (gpointer data)
{
  g_free (((Drawn *)data)->text);
}

static void
paper_free (Paper *self)
{
  g_array_unref (self->drawn);
  g_free (self);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Paper, paper_free)

static const Drawn *
get_drawn (const Paper *self, guint i)
{
  g_assert_cmpuint (i, <, self->drawn->len);
  return &g_array_index (self->drawn, Drawn, i);
}

/* After a page was drawn. */
static void
drawn_cb (GtkPrintOperation *operation, GtkPrintContext *context, int page, Paper *self)
{
  for (guint i = 0; i < self->drawn->len; i++)
    {
      const Drawn *drawn = get_drawn (self, i);

      self->within = self->within && drawn->x >= -HAIR && drawn->y >= -HAIR
                     && drawn->x + drawn->width <= gtk_print_context_get_width (context)
                     && drawn->y + drawn->height <= gtk_print_context_get_height (context);
    }
  self->page++;
}

static Paper *
print (const GArray *lines)
{
  g_autoptr (GtkPrintOperation) operation = counter_confirmation_print_new (HEADING, lines);
  g_autoptr (GError) error = NULL;
  g_autofree char *folder = g_dir_make_tmp ("madoguchi-print-XXXXXX", &error);
  g_autofree char *file = g_build_filename (folder, "list.pdf", NULL);
  g_autofree char *made = NULL;
  Paper *self = g_new0 (Paper, 1);

  g_assert_no_error (error);
  self->drawn = g_array_new (FALSE, FALSE, sizeof (Drawn));
  self->within = TRUE;
  g_array_set_clear_func (self->drawn, drawn_clear);
  paper = self;
  g_signal_connect (operation, "draw-page", G_CALLBACK (drawn_cb), self);
  gtk_print_operation_set_export_filename (operation, file);
  g_assert_cmpint (
      gtk_print_operation_run (operation, GTK_PRINT_OPERATION_ACTION_EXPORT, NULL, &error), ==,
      GTK_PRINT_OPERATION_RESULT_APPLY);
  g_assert_no_error (error);
  g_assert_true (g_file_get_contents (file, &made, NULL, &error));
  g_assert_true (g_str_has_prefix (made, "%PDF"));
  g_assert_cmpint (gtk_print_operation_get_n_pages_to_print (operation), ==, (int)self->page);
  g_remove (file);
  g_rmdir (folder);
  paper = NULL;
  return self;
}

/* --- The list --- */

static const char *
get_cell (const CounterConfirmationLine *line, guint cell)
{
  const char *const cells[N_CELLS]
      = { line->number, line->time, line->procedure, line->clerk, line->rules, line->confirmed };

  return cells[cell];
}

static char *
keep (GPtrArray *kept, char *text)
{
  g_ptr_array_add (kept, text);
  return text;
}

/* N lines, no two alike, every second one confirmed; their texts live in KEPT. */
static GArray *
lines_of (guint n, GPtrArray *kept)
{
  GArray *lines = g_array_new (FALSE, FALSE, sizeof (CounterConfirmationLine));

  for (guint i = 0; i < n; i++)
    {
      const CounterConfirmationLine line = {
        .number = keep (kept, g_strdup_printf ("001-%06u-0", i)),
        .time = keep (kept, g_strdup_printf ("%02u:%02u", 8 + i / 60, i % 60)),
        .procedure = "国民年金保険料免除・納付猶予申請",
        .clerk = keep (kept, g_strdup_printf ("受付 %u", i)),
        .rules = keep (
            kept, g_strdup_printf ("個人番号が空欄です\n申請書の記載がカードと違う項目：%u件", i)),
        .confirmed = i % 2 == 0 ? "" : keep (kept, g_strdup_printf ("承認: 確認 %u", i)),
      };

      g_array_append_val (lines, line);
    }
  return lines;
}

/* The head of a page, from AT on; what follows it. */
static guint
check_head (const Paper *self, guint at, guint page)
{
  g_autofree char *title
      = g_strdup_printf ("Confirmation list (page %u of %u)", page + 1, self->page);

  g_assert_cmpstr (get_drawn (self, at)->text, ==, title);
  g_assert_cmpstr (get_drawn (self, at + 1)->text, ==, HEADING);
  for (guint cell = 0; cell < N_CELLS; cell++)
    g_assert_cmpstr (get_drawn (self, at + 2 + cell)->text, ==, columns[cell]);
  return at + 2 + N_CELLS;
}

/* Its cells stand beside each other, and none reaches into the next. */
static void
check_line (const Paper *self, guint at, const CounterConfirmationLine *line)
{
  const Drawn *first = get_drawn (self, at);

  for (guint cell = 0; cell < N_CELLS; cell++)
    {
      const Drawn *drawn = get_drawn (self, at + cell);

      g_assert_cmpstr (drawn->text, ==, get_cell (line, cell));
      g_assert_cmpuint (drawn->page, ==, first->page);
      g_assert_cmpfloat_with_epsilon (drawn->y, first->y, HAIR);
      if (cell > 0)
        g_assert_cmpfloat (drawn[-1].x + drawn[-1].width, <=, drawn->x);
    }
}

static double
height_of (const Paper *self, guint at)
{
  double height = 0;

  for (guint cell = 0; cell < N_CELLS; cell++)
    height = MAX (height, get_drawn (self, at + cell)->height);
  return height;
}

/* From the first page to the last there is this, and nothing more. */
static void
check_paper (const Paper *self, const GArray *lines)
{
  guint at = check_head (self, 0, 0), page = 0, before = 0;

  for (guint i = 0; i < lines->len; i++)
    {
      const CounterConfirmationLine *line = &g_array_index (lines, CounterConfirmationLine, i);

      if (get_drawn (self, at)->page != page)
        at = check_head (self, at, ++page);
      else if (before > 0)
        {
          const gboolean open = *get_cell (&line[-1], CELL_CONFIRMED) == '\0';
          const double room = get_drawn (self, at)->y - get_drawn (self, before)->y;

          g_assert_cmpfloat (room, >=, height_of (self, before));
          g_assert_cmpfloat (room + HAIR, >=, open ? SEAL_HEIGHT : 0);
        }
      check_line (self, at, line);
      before = at;
      at += N_CELLS;
    }
  g_assert_cmpuint (at, ==, self->drawn->len);
  g_assert_cmpuint (page + 1, ==, self->page);
  g_assert_true (self->within);
}

static void
test_every_line (void)
{
  static const guint sizes[] = { 0, 1, 2, MANY }; /* that there is nothing can be shown, too */

  for (guint i = 0; i < G_N_ELEMENTS (sizes); i++)
    {
      g_autoptr (GPtrArray) kept = g_ptr_array_new_with_free_func (g_free);
      g_autoptr (GArray) lines = lines_of (sizes[i], kept);
      g_autoptr (Paper) made = print (lines);

      g_test_message ("%u lines, %u pages", sizes[i], made->page);
      check_paper (made, lines);
      if (sizes[i] < MANY)
        g_assert_cmpuint (made->page, ==, 1);
      else
        g_assert_cmpuint (made->page, <, MANY / 4); /* they share pages */
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/counter/confirmation-print/every-line", test_every_line);
  return g_test_run ();
}
