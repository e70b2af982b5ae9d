// SPDX-License-Identifier: Apache-2.0
#include "config.h"

#include "confirmation-print.h"

#include <glib/gi18n.h>

#define MARGIN_MM 12
#define PAD 3.0
#define SEAL_HEIGHT 34.0 /* of a line where a seal has to find room, in points */
#define TITLE_POINTS 14
#define TEXT_POINTS 9

enum
{
  NUMBER,
  TIME,
  PROCEDURE,
  CLERK,
  RULES,
  CONFIRMED,
  N_COLUMNS
};

/* Widths in parts of the page's. */
static const struct
{
  const char *head;
  double width;
} columns[N_COLUMNS] = {
  [NUMBER] = { N_ ("Receipt number"), 0.13 },
  [TIME] = { N_ ("Time"), 0.07 },
  [PROCEDURE] = { N_ ("Procedure"), 0.22 },
  [CLERK] = { N_ ("Clerk"), 0.12 },
  [RULES] = { N_ ("What is to be confirmed"), 0.26 },
  [CONFIRMED] = { N_ ("Second person, day and seal"), 0.20 },
};

typedef struct
{
  char *heading;
  GPtrArray *lines; /* GStrv of N_COLUMNS */
  GArray *starts;   /* guint: the first line of each page */
} Sheet;

static void
sheet_free (gpointer data, GClosure *closure)
{
  Sheet *self = data;

  g_free (self->heading);
  g_ptr_array_unref (self->lines);
  g_array_unref (self->starts);
  g_free (self);
}

static PangoLayout *
layout_of (GtkPrintContext *context, const char *text, int points, double width)
{
  PangoLayout *layout = gtk_print_context_create_pango_layout (context);
  g_autoptr (PangoFontDescription) font = pango_font_description_new ();

  pango_font_description_set_family (font, "BIZ UDGothic, Noto Sans CJK JP, sans-serif");
  pango_font_description_set_size (font, points * PANGO_SCALE);
  pango_layout_set_font_description (layout, font);
  pango_layout_set_width (layout, (int)(width * PANGO_SCALE));
  pango_layout_set_wrap (layout, PANGO_WRAP_WORD_CHAR);
  pango_layout_set_text (layout, text, -1);
  return layout;
}

static double
height_of (PangoLayout *layout)
{
  int height = 0;

  pango_layout_get_size (layout, NULL, &height);
  return (double)height / PANGO_SCALE;
}

/* Draws a line's cells at @y where @cr is there, and measures it in any case. */
static double
put_cells (GtkPrintContext *context, cairo_t *cr, const char *const *cells, double y)
{
  const double whole = gtk_print_context_get_width (context);
  const gboolean open = *cells[CONFIRMED] == '\0';
  double height = open ? SEAL_HEIGHT : 0, x = 0;

  for (guint i = 0; i < N_COLUMNS; i++)
    {
      const double width = columns[i].width * whole;
      g_autoptr (PangoLayout) layout = layout_of (context, cells[i], TEXT_POINTS, width - 2 * PAD);

      height = MAX (height, height_of (layout) + 2 * PAD);
      if (cr != NULL)
        {
          cairo_move_to (cr, x + PAD, y + PAD);
          pango_cairo_show_layout (cr, layout);
        }
      x += width;
    }
  return height;
}

static void
draw_frame (GtkPrintContext *context, cairo_t *cr, double y, double height)
{
  const double whole = gtk_print_context_get_width (context);
  double x = 0;

  cairo_set_line_width (cr, 0.6);
  for (guint i = 0; i < N_COLUMNS; i++)
    {
      cairo_rectangle (cr, x, y, columns[i].width * whole, height);
      x += columns[i].width * whole;
    }
  cairo_stroke (cr);
}

static double
put_line (GtkPrintContext *context, cairo_t *cr, const char *const *cells, double y)
{
  const double height = put_cells (context, cr, cells, y);

  if (cr != NULL)
    draw_frame (context, cr, y, height);
  return height;
}

/* Heading, page and the names of the columns. */
static double
put_head (GtkPrintContext *context, cairo_t *cr, const Sheet *self, guint page)
{
  const double whole = gtk_print_context_get_width (context);
  g_autofree char *title = g_strdup_printf (_ ("Confirmation list (page %u of %u)"), page + 1,
                                            MAX (self->starts->len, 1));
  g_autoptr (PangoLayout) head = layout_of (context, title, TITLE_POINTS, whole);
  g_autoptr (PangoLayout) below = layout_of (context, self->heading, TEXT_POINTS, whole);
  const char *names[N_COLUMNS];
  double y = height_of (head) + PAD;

  for (guint i = 0; i < N_COLUMNS; i++)
    names[i] = _ (columns[i].head);
  if (cr != NULL)
    {
      cairo_move_to (cr, 0, 0);
      pango_cairo_show_layout (cr, head);
      cairo_move_to (cr, 0, y);
      pango_cairo_show_layout (cr, below);
    }
  y += height_of (below) + 2 * PAD;
  return y + put_line (context, cr, names, y);
}

static void
begin_cb (GtkPrintOperation *operation, GtkPrintContext *context, Sheet *self)
{
  const double bottom = gtk_print_context_get_height (context);
  const double head = put_head (context, NULL, self, 0);
  double y = head;

  g_array_set_size (self->starts, 0);
  for (guint i = 0; i < self->lines->len; i++)
    {
      const double height = put_line (context, NULL, g_ptr_array_index (self->lines, i), 0);

      if (i == 0 || y + height > bottom)
        {
          g_array_append_val (self->starts, i);
          y = head;
        }
      y += height;
    }
  gtk_print_operation_set_n_pages (operation, MAX ((int)self->starts->len, 1));
}

static void
draw_cb (GtkPrintOperation *operation, GtkPrintContext *context, int page, Sheet *self)
{
  cairo_t *cr = gtk_print_context_get_cairo_context (context);
  const guint n = (guint)page;
  const guint first = n < self->starts->len ? g_array_index (self->starts, guint, n) : 0;
  const guint last
      = n + 1 < self->starts->len ? g_array_index (self->starts, guint, n + 1) : self->lines->len;
  double y = put_head (context, cr, self, n);

  for (guint i = first; i < last; i++)
    y += put_line (context, cr, g_ptr_array_index (self->lines, i), y);
}

static void
set_up_page (GtkPrintOperation *operation)
{
  g_autoptr (GtkPageSetup) setup = gtk_page_setup_new ();
  g_autoptr (GtkPaperSize) paper = gtk_paper_size_new (GTK_PAPER_NAME_A4);

  gtk_page_setup_set_paper_size (setup, paper);
  gtk_page_setup_set_orientation (setup, GTK_PAGE_ORIENTATION_LANDSCAPE);
  gtk_page_setup_set_top_margin (setup, MARGIN_MM, GTK_UNIT_MM);
  gtk_page_setup_set_bottom_margin (setup, MARGIN_MM, GTK_UNIT_MM);
  gtk_page_setup_set_left_margin (setup, MARGIN_MM, GTK_UNIT_MM);
  gtk_page_setup_set_right_margin (setup, MARGIN_MM, GTK_UNIT_MM);
  gtk_print_operation_set_default_page_setup (operation, setup);
  gtk_print_operation_set_unit (operation, GTK_UNIT_POINTS);
}

GtkPrintOperation *
counter_confirmation_print_new (const char *heading, const GArray *lines)
{
  GtkPrintOperation *operation = gtk_print_operation_new ();
  Sheet *self = g_new0 (Sheet, 1);

  self->heading = g_strdup (heading);
  self->lines = g_ptr_array_new_with_free_func ((GDestroyNotify)g_strfreev);
  self->starts = g_array_new (FALSE, FALSE, sizeof (guint));
  for (guint i = 0; i < lines->len; i++)
    {
      const CounterConfirmationLine *line = &g_array_index (lines, CounterConfirmationLine, i);
      const char *const cells[N_COLUMNS] = { line->number, line->time,  line->procedure,
                                             line->clerk,  line->rules, line->confirmed };
      GStrv copy = g_new0 (char *, N_COLUMNS + 1);

      for (guint column = 0; column < N_COLUMNS; column++)
        copy[column] = g_strdup (cells[column]);
      g_ptr_array_add (self->lines, copy);
    }
  set_up_page (operation);
  gtk_print_operation_set_job_name (operation, _ ("Confirmation list"));
  g_signal_connect_data (operation, "begin-print", G_CALLBACK (begin_cb), self, sheet_free, 0);
  g_signal_connect (operation, "draw-page", G_CALLBACK (draw_cb), self);
  return operation;
}
