// SPDX-License-Identifier: Apache-2.0
#include "config.h"

#include "left.h"

#include "brought-step.h"
#include "field-row.h"
#include "login-page.h"
#include "papers-step.h"
#include "pin-pad.h"
#include "procedure-step.h"

#include <glib/gi18n.h>

/* A list that is chosen from has a line within that nobody sees, and that keeps its history on. */
static guint
ask_text (GtkWidget *text)
{
  GtkEditable *line = GTK_EDITABLE (text);
  const gboolean history
      = GTK_IS_ENTRY (gtk_widget_get_parent (text)) && gtk_editable_get_enable_undo (line);

  return (*gtk_editable_get_text (line) != '\0' ? COUNTER_LEFT_TEXT : 0)
         | (history ? COUNTER_LEFT_HISTORY : 0);
}

static guint
ask_lines (GtkWidget *view)
{
  GtkTextBuffer *buffer = gtk_text_view_get_buffer (GTK_TEXT_VIEW (view));
  const gboolean history
      = gtk_text_buffer_get_can_undo (buffer) || gtk_text_buffer_get_can_redo (buffer);

  return (gtk_text_buffer_get_char_count (buffer) > 0 ? COUNTER_LEFT_TEXT : 0)
         | (history ? COUNTER_LEFT_HISTORY : 0);
}

/* What may stand there while the person's card is away, or the screen is locked. */
static gboolean
may_stay (GtkWidget *widget)
{
  if (COUNTER_IS_FIELD_ROW (widget))
    return md_entry_get_text (counter_field_row_get_entry (COUNTER_FIELD_ROW (widget))) != NULL;
  return COUNTER_IS_PROCEDURE_STEP (widget) || COUNTER_IS_PAPERS_STEP (widget)
         || COUNTER_IS_BROUGHT_STEP (widget)
         || g_str_equal (gtk_widget_get_name (widget), "inquiry");
}

static guint
ask (GtkWidget *widget, gboolean covered)
{
  guint left = COUNTER_LEFT_NOTHING;

  if (COUNTER_IS_LOGIN_PAGE (widget) || (covered && may_stay (widget)))
    return left;
  if (GTK_IS_TEXT (widget))
    return ask_text (widget);
  if (GTK_IS_TEXT_VIEW (widget))
    return ask_lines (widget);
  if (COUNTER_IS_PIN_PAD (widget) && !counter_pin_pad_is_empty (COUNTER_PIN_PAD (widget)))
    left |= COUNTER_LEFT_PIN;
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    left |= ask (child, covered);
  return left;
}

/* The window, and what it asks or shows before itself; not what the toolkit asks (which file, which
 * printer): its lines are never of a form, and are emptied by it alone. */
static gboolean
is_ours (GtkWindow *window, GtkWindow *top)
{
  return window == top
         || (gtk_window_get_transient_for (window) == top
             && gtk_widget_has_css_class (GTK_WIDGET (window), "counter"));
}

/* Only what was put there from here: what another program has is not ours to know. */
static guint
ask_clipboards (GtkWidget *top)
{
  GdkClipboard *const both[]
      = { gtk_widget_get_clipboard (top), gtk_widget_get_primary_clipboard (top) };
  guint left = COUNTER_LEFT_NOTHING;

  for (guint i = 0; i < G_N_ELEMENTS (both); i++)
    if (gdk_clipboard_is_local (both[i]) && gdk_clipboard_get_content (both[i]) != NULL)
      left |= COUNTER_LEFT_CLIPBOARD;
  return left;
}

guint
counter_left_find (GtkWindow *top, gboolean covered)
{
  GListModel *windows = gtk_window_get_toplevels ();
  guint left = ask_clipboards (GTK_WIDGET (top));

  for (guint i = 0; i < g_list_model_get_n_items (windows); i++)
    {
      g_autoptr (GtkWindow) window = g_list_model_get_item (windows, i);

      if (is_ours (window, top))
        left |= ask (GTK_WIDGET (window), covered);
    }
  return left;
}

static const struct
{
  CounterLeft left;
  const char *cause, *words;
} table[] = {
  { COUNTER_LEFT_TEXT, "left-text", N_ ("what was typed") },
  { COUNTER_LEFT_HISTORY, "left-history", N_ ("what was typed before it was changed") },
  { COUNTER_LEFT_CLIPBOARD, "left-copy", N_ ("what was copied") },
  { COUNTER_LEFT_PIN, "left-pin", N_ ("a PIN") },
  { COUNTER_LEFT_INTAKE, "left-intake", N_ ("the intake") },
};

const char *
counter_left_get_cause (guint left, guint i)
{
  for (guint at = 0; at < G_N_ELEMENTS (table); at++)
    if (left & table[at].left && i-- == 0)
      return table[at].cause;
  return NULL;
}

char *
counter_left_dup_words (guint left)
{
  g_autoptr (GString) list = g_string_new (NULL);

  for (guint i = 0; i < G_N_ELEMENTS (table); i++)
    if (left & table[i].left)
      g_string_append_printf (list, "%s%s",
                              list->len == 0            ? ""
                              : md_forms_in_japanese () ? "、"
                                                        : ", ",
                              _ (table[i].words));
  if (list->len == 0)
    return NULL;
  return g_strdup_printf (
      _ ("Something of the last person may still be in this window: %s. Close the program and "
         "start it again before you go on, and tell the system administrator."),
      list->str);
}
