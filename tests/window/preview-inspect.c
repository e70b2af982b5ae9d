// SPDX-License-Identifier: Apache-2.0
/* What a person at the window would stumble over, found by measuring: text that is cut, widgets
   beyond the edge, scrolling sideways, text too pale on its ground, the other language, lines
   broken inside a word. */
#include "config.h"

#include "phrases.h"
#include "preview.h"

#include <math.h>
#include <md-forms.h>
#include <string.h>

#define LEAST_CONTRAST 7.0
#define LEFT_BY_SMOOTHING 0.7 /* of a thin stroke's contrast */
#define LEAST_DIFFERENCE 40   /* pixels by which the focus shows */
#define LEAST_OF_PRINT 1.25   /* pixels of the screen for each of a picture with letters */

typedef struct
{
  GtkWidget *window;
  GdkTexture *texture;
  guchar *pixels; /* BGRA, four bytes each */
  int width, height;
  guint complaints;
} Look;

G_GNUC_PRINTF (2, 3)
static void
complain (Look *look, const char *format, ...)
{
  g_autofree char *text = NULL;
  va_list arguments;

  va_start (arguments, format);
  text = g_strdup_vprintf (format, arguments);
  va_end (arguments);
  g_print ("! %s\n", text);
  look->complaints++;
}

/* --- drawing --- */

static void
painted_cb (GdkFrameClock *clock, gboolean *painted)
{
  *painted = TRUE;
}

void
preview_settle (CounterWindow *window)
{
  GdkFrameClock *clock = gtk_widget_get_frame_clock (GTK_WIDGET (window));

  for (guint i = 0; i < 3; i++)
    {
      gboolean painted = FALSE;
      gulong id;

      while (clock == NULL)
        {
          g_main_context_iteration (NULL, TRUE);
          clock = gtk_widget_get_frame_clock (GTK_WIDGET (window));
        }
      id = g_signal_connect (clock, "after-paint", G_CALLBACK (painted_cb), &painted);
      gtk_widget_queue_draw (GTK_WIDGET (window));
      while (!painted || g_main_context_pending (NULL))
        g_main_context_iteration (NULL, TRUE);
      g_signal_handler_disconnect (clock, id);
    }
}

static void
take_picture (Look *look)
{
  g_autoptr (GdkPaintable) paintable = gtk_widget_paintable_new (look->window);
  g_autoptr (GtkSnapshot) snapshot = gtk_snapshot_new ();
  GskRenderer *renderer = gtk_native_get_renderer (GTK_NATIVE (look->window));

  look->width = gtk_widget_get_width (look->window);
  look->height = gtk_widget_get_height (look->window);
  gdk_paintable_snapshot (paintable, GDK_SNAPSHOT (snapshot), look->width, look->height);
  g_autoptr (GskRenderNode) node = gtk_snapshot_to_node (snapshot);
  look->texture = gsk_renderer_render_texture (
      renderer, node, &GRAPHENE_RECT_INIT (0, 0, (float)look->width, (float)look->height));
  look->pixels = g_malloc ((gsize)look->width * (gsize)look->height * 4);
  gdk_texture_download (look->texture, look->pixels, (gsize)look->width * 4);
}

static void
look_clear (Look *look)
{
  g_clear_object (&look->texture);
  g_clear_pointer (&look->pixels, g_free);
}

/* --- places --- */

static gboolean
place_of (Look *look, GtkWidget *widget, graphene_rect_t *out_place)
{
  return gtk_widget_compute_bounds (widget, look->window, out_place);
}

/* The part of @widget that its scrolled ancestors let see. */
static gboolean
seen_part (Look *look, GtkWidget *widget, graphene_rect_t *out_place)
{
  if (!place_of (look, widget, out_place))
    return FALSE;
  for (GtkWidget *up = gtk_widget_get_parent (widget); up != NULL; up = gtk_widget_get_parent (up))
    {
      graphene_rect_t frame;

      if (GTK_IS_VIEWPORT (up) || GTK_IS_SCROLLED_WINDOW (up) || GTK_IS_LIST_BASE (up))
        if (!place_of (look, up, &frame)
            || !graphene_rect_intersection (out_place, &frame, out_place))
          return FALSE;
    }
  return out_place->size.width >= 1 && out_place->size.height >= 1;
}

static const char *
name_of (GtkWidget *widget)
{
  if (GTK_IS_LABEL (widget))
    return gtk_label_get_text (GTK_LABEL (widget));
  return G_OBJECT_TYPE_NAME (widget);
}

static gboolean
in_scrolled (GtkWidget *widget)
{
  return gtk_widget_get_ancestor (widget, GTK_TYPE_SCROLLED_WINDOW) != NULL;
}

static void
check_place (Look *look, GtkWidget *widget)
{
  graphene_rect_t place;
  float right, bottom;

  if (gtk_widget_get_width (widget) == 0 || !place_of (look, widget, &place))
    return;
  right = place.origin.x + place.size.width;
  bottom = place.origin.y + place.size.height;
  if (place.origin.x < -1 || right > (float)look->width + 1)
    complain (look, "beyond the side: %s (%.0f to %.0f)", name_of (widget), place.origin.x, right);
  if (!in_scrolled (widget) && (place.origin.y < -1 || bottom > (float)look->height + 1))
    complain (look, "beyond the edge: %s (%.0f to %.0f)", name_of (widget), place.origin.y, bottom);
}

/* A picture of letters alone may, since it cannot be broken into lines: see check_print(). */
static void
check_scrolling (Look *look, GtkScrolledWindow *scrolled)
{
  GtkAdjustment *sideways = gtk_scrolled_window_get_hadjustment (scrolled);

  if (gtk_widget_has_css_class (GTK_WIDGET (scrolled), "cardprint"))
    return;
  if (gtk_adjustment_get_upper (sideways) > gtk_adjustment_get_page_size (sideways) + 1)
    complain (look, "scrolls sideways: %.0f in %.0f", gtk_adjustment_get_upper (sideways),
              gtk_adjustment_get_page_size (sideways));
}

/* --- text --- */

static gboolean
is_japanese (gunichar letter)
{
  return (letter >= 0x3041 && letter <= 0x30ff) || (letter >= 0x4e00 && letter <= 0x9fff);
}

/* What is the same in both languages: keys, numbers, names of readers, what is on a card. */
static gboolean
is_neutral (const char *word)
{
  static const char *const names[]
      = { "Ctrl",      "Enter",     "Esc",     "Tab",       "Shift",    "Space",
          "PCD",       "Virtual",   "OCSP",    "revoked",   "PIN",      "Alt",
          "Home",      "End",       "org",     "madoguchi", "Terminal", "ServiceUnknown",
          "Failed",    "to",        "connect", "port",      "USB",      "IC",
          "Madoguchi", "BackSpace", "AM",      "PM",        "ID",       "CCID",
          "home",      "readers",   "txt",     NULL };

  /* Letters of a code such as U+20BB7 are none of a word. */
  return g_strv_contains (names, word) || strlen (word) == 1
         || strspn (word, "ABCDEF") == strlen (word);
}

static void
check_language (Look *look, const char *text)
{
  static const char *const people[] = { "田中", "タナカ", "東京都", "\xf0\xa0\xae\xb7", NULL };
  gboolean japanese = FALSE;

  for (const char *p = text; *p != '\0'; p = g_utf8_find_next_char (p, NULL))
    japanese = japanese || is_japanese (g_utf8_get_char (p));
  if (md_forms_in_japanese ())
    {
      g_auto (GStrv) words = g_strsplit_set (text, " \n.,:;()/+-_0123456789?？（）：、。　・", -1);

      for (guint i = 0; words[i] != NULL; i++)
        if (g_ascii_isalpha (*words[i]) && g_str_is_ascii (words[i]) && !is_neutral (words[i]))
          complain (look, "English among Japanese: %s", text);
    }
  else if (japanese)
    {
      for (guint i = 0; people[i] != NULL; i++)
        if (g_str_has_prefix (text, people[i]))
          return;
      complain (look, "Japanese among English: %s", text);
    }
}

static void
check_cut (Look *look, GtkLabel *label, const char *text)
{
  PangoLayout *layout = gtk_label_get_layout (label);
  int width, height;

  pango_layout_get_pixel_size (layout, &width, &height);
  if (pango_layout_is_ellipsized (layout))
    complain (look, "cut short: %s", text);
  else if (width > gtk_widget_get_width (GTK_WIDGET (label)) + 1
           || height > gtk_widget_get_height (GTK_WIDGET (label)) + 1)
    complain (look, "too large for its place (%dx%d in %dx%d): %s", width, height,
              gtk_widget_get_width (GTK_WIDGET (label)), gtk_widget_get_height (GTK_WIDGET (label)),
              text);
}

/* Whether nothing before byte @here of the line that begins at @start could have ended it. */
static gboolean
is_all_one (const char *text, const char *start, const char *here)
{
  for (const char *p = g_utf8_find_next_char (start, NULL); p < here;
       p = g_utf8_find_next_char (p, NULL))
    if (counter_phrases_may_break (text, (gsize)(p - text)))
      return FALSE;
  return TRUE;
}

/* A Japanese line ends with a phrase, unless it holds but a part of one, which is wider than the
   line; one in another script ends with a word. */
static void
check_breaks (Look *look, GtkLabel *label, const char *text)
{
  PangoLayout *layout = gtk_label_get_layout (label);
  g_autoptr (PangoAttrList) phrases = counter_phrases_attributes (text);

  for (int i = 0; i + 1 < pango_layout_get_line_count (layout); i++)
    {
      PangoLayoutLine *line = pango_layout_get_line_readonly (layout, i);
      const char *start = text + line->start_index, *end = start + line->length;

      if (phrases != NULL && !counter_phrases_may_break (text, (gsize)(end - text))
          && !is_all_one (text, start, end))
        complain (look, "a line breaks inside a phrase, after \"%.*s\"", line->length, start);
      if (phrases == NULL && end > start && strchr (" \n-/", end[-1]) == NULL
          && strchr (" \n", end[0]) == NULL)
        complain (look, "a line breaks inside a word, after \"%.*s\"", line->length, start);
    }
}

/* --- contrast --- */

static double
luminance (guint32 colour)
{
  double sum = 0;
  const double weights[] = { 0.0722, 0.7152, 0.2126 };

  for (guint i = 0; i < 3; i++)
    {
      double part = ((colour >> (8 * i)) & 0xff) / 255.0;

      sum += weights[i] * (part <= 0.03928 ? part / 12.92 : pow ((part + 0.055) / 1.055, 2.4));
    }
  return sum;
}

static guint32
pixel (Look *look, int x, int y)
{
  guint32 colour;

  memcpy (&colour, look->pixels + 4 * ((gsize)y * (gsize)look->width + (gsize)x), sizeof colour);
  return colour & 0xffffff;
}

static double
ratio (guint32 a, guint32 b)
{
  double one = luminance (a) + 0.05, other = luminance (b) + 0.05;

  return MAX (one, other) / MIN (one, other);
}

/* Most of a place is its ground. COUNTS: its colours. */
static guint32
ground_of (Look *look, const graphene_rect_t *place, GHashTable *counts)
{
  int left = MAX (0, (int)place->origin.x), top = MAX (0, (int)place->origin.y);
  int right = MIN (look->width, (int)(place->origin.x + place->size.width));
  int bottom = MIN (look->height, (int)(place->origin.y + place->size.height));
  guint32 ground = 0;
  guint most = 0;

  for (int y = top; y < bottom; y++)
    for (int x = left, next; x < right; x = next)
      {
        gpointer colour = GUINT_TO_POINTER (pixel (look, x, y));
        gpointer before = g_hash_table_lookup (counts, colour);
        guint count = GPOINTER_TO_UINT (before);

        for (next = x; next < right && pixel (look, next, y) == GPOINTER_TO_UINT (colour); next++)
          count++;
        g_hash_table_insert (counts, colour, GUINT_TO_POINTER (count));
        if (count > most)
          {
            most = count;
            ground = GPOINTER_TO_UINT (colour);
          }
      }
  return ground;
}

/* The colour farthest from the ground is the text's. */
static double
contrast (Look *look, const graphene_rect_t *place)
{
  g_autoptr (GHashTable) counts = g_hash_table_new (NULL, NULL);
  guint32 ground = ground_of (look, place, counts);
  double best = 1;
  GHashTableIter iter;
  gpointer key;

  g_hash_table_iter_init (&iter, counts);
  while (g_hash_table_iter_next (&iter, &key, NULL))
    best = MAX (best, ratio (GPOINTER_TO_UINT (key), ground));
  return best;
}

/* The chosen one of several answers stands out among the others, in light and dark. */
static void
check_chosen (Look *look, GtkToggleButton *chosen)
{
  for (GtkWidget *other = gtk_widget_get_first_child (gtk_widget_get_parent (GTK_WIDGET (chosen)));
       other != NULL; other = gtk_widget_get_next_sibling (other))
    {
      g_autoptr (GHashTable) here = g_hash_table_new (NULL, NULL);
      g_autoptr (GHashTable) there = g_hash_table_new (NULL, NULL);
      graphene_rect_t a, b;

      if (!GTK_IS_TOGGLE_BUTTON (other) || !gtk_widget_get_mapped (other)
          || gtk_toggle_button_get_active (GTK_TOGGLE_BUTTON (other))
          || !seen_part (look, GTK_WIDGET (chosen), &a) || !seen_part (look, other, &b))
        continue;
      if (ratio (ground_of (look, &a, here), ground_of (look, &b, there)) < 3)
        complain (look, "hardly seen that it is chosen: %s",
                  gtk_button_get_label (GTK_BUTTON (chosen)));
    }
}

static void
check_contrast (Look *look, GtkWidget *label, const char *text)
{
  graphene_rect_t place;
  double found;

  if (!gtk_widget_is_sensitive (label) || !seen_part (look, label, &place)
      || place.size.height < 12)
    return;
  found = contrast (look, &place);
  if (found < LEAST_CONTRAST * LEFT_BY_SMOOTHING)
    complain (look, "contrast %.1f:1 only: %s", found, text);
}

static void
check_label (Look *look, GtkLabel *label)
{
  const char *text = gtk_label_get_text (label);

  if (*text == '\0')
    return;
  check_cut (look, label, text);
  check_language (look, text);
  check_breaks (look, label, text);
  check_contrast (look, GTK_WIDGET (label), text);
}

/* --- pictures of letters --- */

static void
check_print (Look *look, GtkPicture *picture)
{
  GdkPaintable *paintable = gtk_picture_get_paintable (picture);
  GtkWidget *place = gtk_widget_get_ancestor (GTK_WIDGET (picture), GTK_TYPE_SCROLLED_WINDOW);
  double scale = LEAST_OF_PRINT;

  if (paintable != NULL)
    {
      scale = gtk_widget_get_width (GTK_WIDGET (picture));
      scale /= gdk_paintable_get_intrinsic_width (paintable);
    }
  if (place != NULL && gtk_widget_has_css_class (place, "cardprint") && scale < LEAST_OF_PRINT)
    complain (look, "too small to read: %s, %.2f of its size",
              gtk_picture_get_alternative_text (picture), scale);
}

/* --- everything --- */

static void
check_tree (Look *look, GtkWidget *widget)
{
  if (!gtk_widget_get_mapped (widget))
    return;
  if (GTK_IS_LABEL (widget))
    check_label (look, GTK_LABEL (widget));
  if (GTK_IS_PICTURE (widget))
    check_print (look, GTK_PICTURE (widget));
  if (gtk_widget_has_css_class (widget, "answer")
      && gtk_toggle_button_get_active (GTK_TOGGLE_BUTTON (widget)))
    check_chosen (look, GTK_TOGGLE_BUTTON (widget));
  if (GTK_IS_SCROLLED_WINDOW (widget))
    check_scrolling (look, GTK_SCROLLED_WINDOW (widget));
  if (GTK_IS_LABEL (widget) || GTK_IS_BUTTON (widget) || GTK_IS_EDITABLE (widget))
    check_place (look, widget);
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    check_tree (look, child);
}

guint
preview_inspect (CounterWindow *window, const char *size, const char *picture)
{
  Look look = { .window = GTK_WIDGET (window) };
  g_autofree char *found = NULL;

  take_picture (&look);
  found = g_strdup_printf ("%dx%d", look.width, look.height);
  if (g_strcmp0 (found, size) != 0)
    complain (&look, "is %s large", found);
  check_tree (&look, GTK_WIDGET (window));
  if (picture != NULL && !gdk_texture_save_to_png (look.texture, picture))
    complain (&look, "cannot write %s", picture);
  look_clear (&look);
  return look.complaints;
}

/* --- by keyboard --- */

/* @next stands before @last in reading order: higher up and not in a column to the right, or left
 * in the same line. */
static gboolean
goes_back (const graphene_rect_t *last, const graphene_rect_t *next)
{
  float last_right = last->origin.x + last->size.width,
        next_right = next->origin.x + next->size.width;
  float last_bottom = last->origin.y + last->size.height;
  float next_bottom = next->origin.y + next->size.height;
  gboolean above = next_bottom <= last->origin.y + 1;
  gboolean below = next->origin.y >= last_bottom - 1;

  if (above)
    return next->origin.x < last_right - 1;
  return !below && next_right <= last->origin.x + 1;
}

/* Whether so many pixels around the widget as an eye needs differ between two pictures. */
static gboolean
is_different (Look *before, Look *after, const graphene_rect_t *place)
{
  guint count = 0;
  int right = MIN (before->width, (int)(place->origin.x + place->size.width) + 5);
  int bottom = MIN (before->height, (int)(place->origin.y + place->size.height) + 5);

  for (int y = MAX (0, (int)place->origin.y - 5); y < bottom; y++)
    for (int x = MAX (0, (int)place->origin.x - 5); x < right; x++)
      {
        const guint32 was = pixel (before, x, y), is = pixel (after, x, y);

        if (was != is && ratio (was, is) >= 3 && ++count == LEAST_DIFFERENCE)
          return TRUE;
      }
  return FALSE;
}

gboolean
preview_follows (CounterWindow *window, GtkWidget *last, GtkWidget *now)
{
  Look look = { .window = GTK_WIDGET (window) };
  graphene_rect_t there, place;

  return !place_of (&look, last, &there) || !place_of (&look, now, &place)
         || !goes_back (&there, &place);
}

char *
preview_describe (GtkWidget *widget)
{
  g_autofree char *text = NULL;

  if (GTK_IS_BUTTON (widget) && gtk_button_get_label (GTK_BUTTON (widget)) != NULL)
    text = g_strdup (gtk_button_get_label (GTK_BUTTON (widget)));
  else if (g_object_class_find_property (G_OBJECT_GET_CLASS (widget), "text") != NULL)
    g_object_get (widget, "text", &text, NULL);
  return g_strdup_printf ("%s \"%s\"", G_OBJECT_TYPE_NAME (widget), text != NULL ? text : "");
}

static void
check_focus (Look *look, GtkWidget *last, GtkWidget *now, Look *before)
{
  graphene_rect_t there, place;
  g_autofree char *name = preview_describe (now);

  if (!seen_part (look, now, &place))
    {
      complain (look, "the focus is where nobody sees it: %s", name);
      return;
    }
  if (last != NULL && gtk_widget_get_mapped (last) && place_of (look, last, &there)
      && goes_back (&there, &place))
    {
      g_autofree char *from = preview_describe (last);

      complain (look, "Tab goes back from %s to %s", from, name);
    }
  if (before->pixels != NULL && !is_different (before, look, &place))
    complain (look, "the focus is hardly seen on %s", name);
}

guint
preview_walk (CounterWindow *window)
{
  GtkWidget *last = NULL, *first = NULL;
  Look before = { .window = GTK_WIDGET (window) };
  guint complaints = 0, count = 0;

  gtk_window_set_focus (GTK_WINDOW (window), NULL);
  gtk_window_set_focus_visible (GTK_WINDOW (window), TRUE);
  preview_settle (window);
  take_picture (&before);
  for (guint i = 0; i < 80; i++)
    {
      Look look = { .window = GTK_WIDGET (window) };
      GtkWidget *now;

      g_signal_emit_by_name (window, "move-focus", GTK_DIR_TAB_FORWARD);
      gtk_window_set_focus_visible (GTK_WINDOW (window), TRUE);
      now = gtk_window_get_focus (GTK_WINDOW (window));
      if (now == NULL || now == first || now == last)
        break;
      first = first != NULL ? first : now;
      preview_settle (window);
      take_picture (&look);
      check_focus (&look, last, now, &before);
      complaints += look.complaints;
      look_clear (&before);
      before = look;
      last = now;
      count++;
    }
  look_clear (&before);
  g_print ("tab %u\n", count);
  return complaints;
}
