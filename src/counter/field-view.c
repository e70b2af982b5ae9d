// SPDX-License-Identifier: Apache-2.0
#include "config.h"

#include "field-view.h"

#include "dialog.h"
#include "reveal.h"
#include "scroll.h"

#include <glib/gi18n.h>

#define VIEW_WIDTH 560
#define VIEW_HEIGHT 420

/* One field on the screen. It goes with its window. */
typedef struct
{
  GtkWindow *view; /* owns this */
  MdDesk *desk;
  MdFormData *form; /* keeps the entry */
  MdEntry *entry;
  GtkLabel *place; /* for the value, or for words in its stead */
  const char *css; /* of the value */
  gboolean shown;
} View;

static void
view_free (gpointer data)
{
  View *self = data;

  g_object_unref (self->desk);
  g_object_unref (self->entry);
  g_object_unref (self->form);
  g_free (self);
}

static View *
view_of (gpointer window)
{
  return g_object_get_data (G_OBJECT (window), "field-view");
}

/* In a row of several, too. */
static MdEntry *
find_entry (MdFormData *form, const char *id)
{
  GListModel *sections = md_form_data_get_sections (form);
  MdEntry *single = md_form_data_get_entry (form, id);

  if (single != NULL)
    return g_object_ref (single);
  for (guint s = 0; s < g_list_model_get_n_items (sections); s++)
    {
      g_autoptr (GListModel) section = g_list_model_get_item (sections, s);

      for (guint i = 0; i < g_list_model_get_n_items (section); i++)
        {
          g_autoptr (MdEntry) entry = g_list_model_get_item (section, i);

          if (g_strcmp0 (md_entry_get_id (entry), id) == 0)
            return g_steal_pointer (&entry);
        }
    }
  return NULL;
}

/* --- held down --- */

static void
ask (gpointer data, const char *reason, GCancellable *cancellable, GAsyncReadyCallback callback,
     gpointer user_data)
{
  View *self = data;

  md_desk_reveal_async (self->desk, self->entry, reason, cancellable, callback, user_data);
}

static gboolean
answer (gpointer data, GAsyncResult *result, GError **error)
{
  View *self = data;

  return md_desk_reveal_finish (self->desk, result, error);
}

static void
put (View *self, const char *text, gboolean value)
{
  self->shown = value;
  gtk_label_set_text (self->place, text);
  if (value)
    gtk_widget_add_css_class (GTK_WIDGET (self->place), self->css);
  else
    gtk_widget_remove_css_class (GTK_WIDGET (self->place), self->css);
}

static void
show (gpointer data)
{
  View *self = data;
  const char *display = md_entry_get_display (self->entry);

  put (self, display != NULL ? display : "―", TRUE);
}

static void
cover (gpointer data, const char *words)
{
  View *self = data;

  put (self, words, FALSE);
  md_entry_set_revealed (self->entry, FALSE);
}

static const CounterRevealActs of_number = {
  .question = N_ ("Why do you need the whole individual number?"),
  .promise = N_ ("The number is shown while you hold the button down, or the space bar on it."),
  .ask = ask,
  .answer = answer,
  .show = show,
  .cover = cover,
};

static const CounterRevealActs of_field = {
  .question = N_ ("Why do you need to see this entry?"),
  .promise = N_ ("The entry is shown while you hold the button down, or the space bar on it."),
  .ask = ask,
  .answer = answer,
  .show = show,
  .cover = cover,
};

/* --- the window of it --- */

/* Hidden elsewhere, it is hidden here. */
static void
display_cb (GtkWidget *view)
{
  View *self = view_of (view);

  if (self->shown)
    show (self);
}

/* The person goes, the screen is covered, the card is lifted: the view goes with them. */
static void
may_reveal_cb (GtkWidget *view)
{
  View *self = view_of (view);
  gboolean may;

  g_object_get (self->entry, "may-reveal", &may, NULL);
  if (!may && self->view != NULL)
    gtk_window_close (self->view);
}

static void
destroyed_cb (View *self)
{
  md_entry_set_revealed (self->entry, FALSE);
  self->view = NULL;
}

static GtkWidget *
make_acts (View *self, CounterReveal *reveal)
{
  GtkWidget *acts = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 10);
  GtkWidget *close = gtk_button_new_with_label (_ ("Close"));

  gtk_widget_set_halign (acts, GTK_ALIGN_END);
  gtk_widget_add_css_class (close, "plain");
  g_signal_connect_swapped (close, "clicked", G_CALLBACK (gtk_window_close), self->view);
  gtk_box_append (GTK_BOX (acts), counter_reveal_make_button (reveal));
  gtk_box_append (GTK_BOX (acts), close);
  return acts;
}

/* A long text is moved within it. */
static GtkWidget *
make_place (View *self)
{
  GtkWidget *label = gtk_label_new (NULL), *scroller = gtk_scrolled_window_new ();

  self->place = GTK_LABEL (label);
  gtk_label_set_wrap (self->place, TRUE);
  gtk_label_set_wrap_mode (self->place, PANGO_WRAP_WORD_CHAR);
  gtk_widget_add_css_class (label, "para");
  gtk_scrolled_window_set_policy (GTK_SCROLLED_WINDOW (scroller), GTK_POLICY_NEVER,
                                  GTK_POLICY_AUTOMATIC);
  gtk_scrolled_window_set_child (GTK_SCROLLED_WINDOW (scroller), label);
  gtk_widget_set_vexpand (scroller, TRUE);
  counter_scroll_here (GTK_WIDGET (self->view), scroller);
  return scroller;
}

static void
fill (View *self, CounterReveal *reveal)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 10);
  GtkWidget *title = gtk_label_new (md_entry_get_label (self->entry));

  gtk_label_set_wrap (GTK_LABEL (title), TRUE);
  gtk_widget_add_css_class (title, "heading-2");
  gtk_box_append (GTK_BOX (box), title);
  gtk_box_append (GTK_BOX (box), counter_reveal_make_reasons (reveal));
  gtk_box_append (GTK_BOX (box), make_place (self));
  gtk_box_append (GTK_BOX (box), make_acts (self, reveal));
  gtk_widget_set_margin_start (box, 16);
  gtk_widget_set_margin_end (box, 16);
  gtk_widget_set_margin_top (box, 12);
  gtk_widget_set_margin_bottom (box, 12);
  gtk_window_set_child (self->view, box);
}

void
counter_field_show (CounterWindow *window, MdDesk *desk, MdFormData *form, const char *id)
{
  g_autoptr (MdEntry) entry = find_entry (form, id);
  GtkWidget *view;
  CounterReveal *reveal;
  View *self;
  gboolean number;

  if (entry == NULL)
    return;
  number = md_field_get_field_type (md_entry_get_field (entry)) == MD_FIELD_MYNUM;
  view = gtk_window_new ();
  self = g_new0 (View, 1);
  self->view = GTK_WINDOW (view);
  self->desk = g_object_ref (desk);
  self->form = g_object_ref (form);
  self->entry = g_steal_pointer (&entry);
  self->css = number ? "name" : "spoken";
  g_object_set_data_full (G_OBJECT (view), "field-view", self, view_free);
  counter_scroll_add (view);
  reveal = counter_reveal_new (self->view, desk, number ? &of_number : &of_field, self);
  fill (self, reveal);
  gtk_window_set_title (self->view, _ ("Hidden entry"));
  gtk_window_set_modal (self->view, TRUE);
  gtk_window_set_transient_for (self->view, GTK_WINDOW (window));
  gtk_window_set_default_size (self->view, VIEW_WIDTH, VIEW_HEIGHT);
  g_signal_connect_swapped (view, "destroy", G_CALLBACK (destroyed_cb), self);
  g_signal_connect_object (self->entry, "notify::display", G_CALLBACK (display_cb), view,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->entry, "notify::may-reveal", G_CALLBACK (may_reveal_cb), view,
                           G_CONNECT_SWAPPED);
  counter_reveal_hide (reveal);
  counter_dialog_show (GTK_WINDOW (window), view);
}
