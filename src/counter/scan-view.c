// SPDX-License-Identifier: Apache-2.0
#include "config.h"

#include "scan-view.h"

#include "dialog.h"
#include "reveal.h"
#include "scroll.h"

#include <glib/gi18n.h>

#define VIEW_WIDTH 820
#define VIEW_HEIGHT 640
#define DRAWN_WIDTH 1240u /* A4 at 150 dots per inch */

/* One scan on the screen. It goes with its window. */
typedef struct
{
  CounterWindow *window;
  MdDesk *desk;
  MdFormData *form;
  MdAttachment *paper;
  MdScanDocument *document;
  GtkWindow *view;       /* owns this */
  GtkWidget *place;      /* for the page, or for words in its stead */
  CounterReveal *reveal; /* NULL: this role sees it without */
  guint turn; /* how often something else was to be seen: what was asked for before is late */
  guint page; /* from 0 on */
  guint pages;
  GtkWidget *earlier, *later, *which;
  GCancellable *drawing;
} View;

typedef struct
{
  GtkWindow *view;
  guint turn;
} Asked;

static Asked *
asked_new (View *self)
{
  Asked *asked = g_new0 (Asked, 1);

  asked->view = g_object_ref (self->view);
  asked->turn = self->turn;
  return asked;
}

static void
stop_drawing (View *self)
{
  if (self->drawing != NULL)
    g_cancellable_cancel (self->drawing);
  g_clear_object (&self->drawing);
}

static void
view_free (gpointer data)
{
  View *self = data;

  g_object_unref (self->window);
  g_object_unref (self->desk);
  g_object_unref (self->form);
  g_object_unref (self->paper);
  g_object_unref (self->document);
  g_free (self);
}

static View *
view_of (gpointer window)
{
  return g_object_get_data (G_OBJECT (window), "scan-view");
}

MdAttachment *
counter_scan_find_paper (MdFormData *form, const char *id)
{
  GListModel *papers = md_form_data_get_attachments (form);

  for (guint i = 0; i < g_list_model_get_n_items (papers); i++)
    {
      g_autoptr (MdAttachment) paper = g_list_model_get_item (papers, i);

      if (g_strcmp0 (md_attachment_get_id (paper), id) == 0)
        return paper; /* the form keeps it */
    }
  return NULL;
}

/* --- the page --- */

static void
put (View *self, GtkWidget *widget)
{
  GtkWidget *before;

  counter_scroll_here (GTK_WIDGET (self->view), NULL);
  while ((before = gtk_widget_get_first_child (self->place)) != NULL)
    gtk_box_remove (GTK_BOX (self->place), before);
  gtk_box_append (GTK_BOX (self->place), widget);
}

static void
put_words (View *self, const char *text)
{
  GtkWidget *label = gtk_label_new (text);

  gtk_label_set_wrap (GTK_LABEL (label), TRUE);
  gtk_widget_add_css_class (label, "para");
  gtk_widget_set_vexpand (label, TRUE);
  put (self, label);
}

/* Under the page. */
static void
put_note (View *self, const char *text)
{
  GtkWidget *label = gtk_label_new (text);

  gtk_label_set_wrap (GTK_LABEL (label), TRUE);
  gtk_widget_add_css_class (label, "para");
  gtk_box_append (GTK_BOX (self->place), label);
}

static void
put_picture (View *self, GdkTexture *texture)
{
  GtkWidget *picture = gtk_picture_new_for_paintable (GDK_PAINTABLE (texture));
  GtkWidget *scroller = gtk_scrolled_window_new ();
  const int width = gdk_texture_get_width (texture), height = gdk_texture_get_height (texture);
  const int shown = VIEW_WIDTH - 40;
  g_autofree char *label = NULL, *name = NULL;

  g_object_get (self->paper, "label", &label, NULL);
  name = g_strdup_printf (_ ("Page of %s"), label);
  gtk_widget_set_size_request (picture, shown, (int)((gint64)height * shown / width));
  gtk_accessible_update_property (GTK_ACCESSIBLE (picture), GTK_ACCESSIBLE_PROPERTY_LABEL, name,
                                  -1);
  gtk_widget_set_valign (picture, GTK_ALIGN_START);
  gtk_scrolled_window_set_child (GTK_SCROLLED_WINDOW (scroller), picture);
  gtk_widget_set_vexpand (scroller, TRUE);
  put (self, scroller);
  counter_scroll_here (GTK_WIDGET (self->view), scroller);
}

static void
show_which (View *self)
{
  g_autofree char *text = g_strdup_printf (_ ("Page %u of %u"), self->page + 1, self->pages);

  gtk_label_set_text (GTK_LABEL (self->which), text);
  gtk_widget_set_sensitive (self->earlier, self->page > 0);
  gtk_widget_set_sensitive (self->later, self->page + 1 < self->pages);
  gtk_widget_set_visible (self->earlier, self->pages > 1);
  gtk_widget_set_visible (self->which, self->pages > 1);
  gtk_widget_set_visible (self->later, self->pages > 1);
}

static void
put_drawn (View *self, const MdScanPage *page)
{
  const gsize stride = (gsize)page->width * 4;
  MdApproval *approval = md_desk_get_approval (self->desk);
  g_autoptr (GBytes) pixels = g_bytes_new_with_free_func (
      md_secret_get_data (page->pixels), md_secret_get_size (page->pixels),
      (GDestroyNotify)md_secret_unref, md_secret_ref (page->pixels));
  g_autoptr (GdkTexture) texture = gdk_memory_texture_new (
      (int)page->width, (int)page->height, GDK_MEMORY_B8G8R8A8_PREMULTIPLIED, pixels, stride);

  put_picture (self, texture);
  if (approval != NULL && md_approval_get_data (approval) == self->form)
    md_approval_note_page (approval, self->document, self->page, MAX (self->pages, page->pages));
  if (!page->whole)
    put_note (self, _ ("The file uses a font that is not in it: something may be missing here. "
                       "Compare it with the paper."));
  self->pages = page->pages;
  show_which (self);
}

static void
drawn_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autofree Asked *asked = data;
  g_autoptr (GtkWindow) view = asked->view;
  g_autoptr (GError) error = NULL;
  g_autoptr (MdScanPage) page = md_scan_draw_finish (result, &error);
  View *self = view_of (view);

  if (self->view == NULL || asked->turn != self->turn)
    return;
  if (page != NULL)
    put_drawn (self, page);
  else
    put_words (self, error->message);
}

/* No file of a scan is decoded in here: where it is drawn there are no PINs and no other person. */
static void
put_page (View *self)
{
  if (!md_scan_document_get_passed (self->document))
    {
      put_words (self,
                 _ ("This page cannot be shown here. What was attached is kept as it is: look "
                    "at the paper itself."));
      return;
    }
  stop_drawing (self);
  self->drawing = g_cancellable_new ();
  put_words (self, _ ("The page is being drawn."));
  md_scan_draw_async (self->document, self->page, DRAWN_WIDTH, self->drawing, drawn_cb,
                      asked_new (self));
}

/* --- held down --- */

static void
ask (gpointer data, const char *reason, GCancellable *cancellable, GAsyncReadyCallback callback,
     gpointer user_data)
{
  View *self = data;

  md_desk_show_scans_async (self->desk, self->form, self->paper, reason, cancellable, callback,
                            user_data);
}

static gboolean
answer (gpointer data, GAsyncResult *result, GError **error)
{
  View *self = data;

  return md_desk_show_scans_finish (self->desk, result, error)
         && md_form_data_view_documents (self->form, self->paper, TRUE) >= MD_VIEW_READABLE;
}

static void
show (gpointer data)
{
  put_page (data);
}

static void
cover (gpointer data, const char *words)
{
  View *self = data;

  self->turn++;
  stop_drawing (self);
  put_words (self, words);
}

static const CounterRevealActs acts_of_reveal = {
  .question = N_ ("Why do you need to see this document?"),
  .promise = N_ ("The page is shown while you hold the button down, or the space bar on it."),
  .ask = ask,
  .answer = answer,
  .show = show,
  .cover = cover,
};

/* What is held down is let go: each page is recorded by itself. */
static void
turn_to (View *self, guint page)
{
  self->page = page;
  show_which (self);
  if (self->reveal != NULL)
    counter_reveal_hide (self->reveal);
  else
    {
      self->turn++;
      put_page (self);
    }
}

static void
earlier_cb (View *self)
{
  if (self->page > 0)
    turn_to (self, self->page - 1);
}

static void
later_cb (View *self)
{
  if (self->page + 1 < self->pages)
    turn_to (self, self->page + 1);
}

/* --- the window of it --- */

static gboolean
close_cb (gpointer data)
{
  gtk_window_close (GTK_WINDOW (data));
  return G_SOURCE_REMOVE;
}

/* The person goes, the screen is covered, the card is lifted: the view goes before them. */
static void
changed_cb (GtkWindow *view)
{
  View *self = view_of (view);

  if (md_scan_document_get_bytes (self->document) == NULL
      || md_form_data_view_documents (self->form, self->paper, TRUE) < MD_VIEW_READABLE)
    gtk_window_close (view);
}

static void
destroyed_cb (View *self)
{
  stop_drawing (self);
  self->turn++;
  self->view = NULL;
}

static void
add_pages (View *self, GtkBox *acts)
{
  self->earlier = gtk_button_new_with_label (_ ("Previous page"));
  self->later = gtk_button_new_with_label (_ ("Next page"));
  self->which = gtk_label_new (NULL);
  gtk_widget_add_css_class (self->earlier, "plain");
  gtk_widget_add_css_class (self->later, "plain");
  g_signal_connect_swapped (self->earlier, "clicked", G_CALLBACK (earlier_cb), self);
  g_signal_connect_swapped (self->later, "clicked", G_CALLBACK (later_cb), self);
  gtk_box_append (acts, self->earlier);
  gtk_box_append (acts, self->which);
  gtk_box_append (acts, self->later);
  show_which (self);
}

static GtkWidget *
make_acts (View *self)
{
  GtkWidget *acts = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 10);
  GtkWidget *close = gtk_button_new_with_label (self->reveal != NULL ? _ ("Close") : _ ("Hide"));

  gtk_widget_set_halign (acts, GTK_ALIGN_END);
  add_pages (self, GTK_BOX (acts));
  if (self->reveal != NULL)
    gtk_box_append (GTK_BOX (acts), counter_reveal_make_button (self->reveal));
  gtk_widget_add_css_class (close, "plain");
  g_signal_connect_swapped (close, "clicked", G_CALLBACK (gtk_window_close), self->view);
  gtk_box_append (GTK_BOX (acts), close);
  if (self->reveal == NULL)
    gtk_window_set_focus (self->view, close);
  return acts;
}

static void
fill (View *self)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 10);
  g_autofree char *label = NULL, *what = md_scan_document_describe (self->document);
  GtkWidget *title, *words = gtk_label_new (what);

  g_object_get (self->paper, "label", &label, NULL);
  title = gtk_label_new (label);
  gtk_label_set_wrap (GTK_LABEL (title), TRUE);
  gtk_widget_add_css_class (title, "heading-2");
  gtk_widget_add_css_class (words, "small");
  gtk_box_append (GTK_BOX (box), title);
  gtk_box_append (GTK_BOX (box), words);
  if (self->reveal != NULL)
    gtk_box_append (GTK_BOX (box), counter_reveal_make_reasons (self->reveal));
  self->place = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);
  gtk_widget_set_vexpand (self->place, TRUE);
  gtk_box_append (GTK_BOX (box), self->place);
  gtk_box_append (GTK_BOX (box), make_acts (self));
  gtk_widget_set_margin_start (box, 16);
  gtk_widget_set_margin_end (box, 16);
  gtk_widget_set_margin_top (box, 12);
  gtk_widget_set_margin_bottom (box, 12);
  gtk_window_set_child (self->view, box);
}

/* ASKS: held down, with a reason. */
static void
open_view (View *self, gboolean asks)
{
  GtkWidget *view = gtk_window_new ();

  self->view = GTK_WINDOW (view);
  g_object_set_data_full (G_OBJECT (view), "scan-view", self, view_free);
  counter_scroll_add (view);
  if (asks)
    self->reveal = counter_reveal_new (self->view, self->desk, &acts_of_reveal, self);
  fill (self);
  gtk_window_set_title (self->view, _ ("Scanned documents"));
  gtk_window_set_modal (self->view, TRUE);
  gtk_window_set_transient_for (self->view, GTK_WINDOW (self->window));
  gtk_window_set_default_size (self->view, VIEW_WIDTH, VIEW_HEIGHT);
  g_signal_connect_swapped (view, "destroy", G_CALLBACK (destroyed_cb), self);
  g_signal_connect_object (self->form, "changed", G_CALLBACK (changed_cb), view,
                           G_CONNECT_SWAPPED | G_CONNECT_AFTER);
  g_signal_connect_object (self->paper, "changed", G_CALLBACK (close_cb), view, G_CONNECT_SWAPPED);
  if (asks)
    counter_reveal_hide (self->reveal);
  else
    put_page (self);
  counter_dialog_show (GTK_WINDOW (self->window), view);
}

static void
permitted_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  View *self = data;
  g_autoptr (GError) error = NULL;

  if (md_desk_show_scans_finish (MD_DESK (source), result, &error)
      && md_form_data_view_documents (self->form, self->paper, FALSE) >= MD_VIEW_READABLE)
    {
      open_view (self, FALSE);
      return;
    }
  if (error != NULL)
    counter_window_tell (self->window, error->message);
  view_free (self);
}

void
counter_scan_show (CounterWindow *window, MdDesk *desk, MdFormData *form, const char *which)
{
  g_auto (GStrv) parts = g_strsplit (which, "/", 2);
  MdAttachment *paper = form != NULL && g_strv_length (parts) == 2
                            ? counter_scan_find_paper (form, parts[0])
                            : NULL;
  g_autoptr (MdScanDocument) document
      = paper != NULL ? g_list_model_get_item (md_attachment_get_documents (paper),
                                               (guint)g_ascii_strtoull (parts[1], NULL, 10))
                      : NULL;
  View *self;

  if (document == NULL)
    return;
  self = g_new0 (View, 1);
  self->window = g_object_ref (window);
  self->desk = g_object_ref (desk);
  self->form = g_object_ref (form);
  self->paper = g_object_ref (paper);
  self->pages = md_scan_document_get_facts (document)->pages;
  self->document = g_steal_pointer (&document);
  if (md_form_data_view_documents (form, paper, FALSE) < MD_VIEW_READABLE
      && md_form_data_view_documents (form, paper, TRUE) >= MD_VIEW_READABLE)
    open_view (self, TRUE);
  else
    md_desk_show_scans_async (desk, form, paper, NULL, NULL, permitted_cb, self);
}
