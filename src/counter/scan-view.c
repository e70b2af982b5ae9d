// SPDX-License-Identifier: Apache-2.0
#include "config.h"

#include "scan-view.h"

#include "dialog.h"

#include <glib/gi18n.h>
#include <string.h>

#define VIEW_WIDTH 820
#define VIEW_HEIGHT 640
#define PIXELS_SHOWN_MAX (16u * 1000u * 1000u) /* each takes four bytes while it is shown */

typedef struct
{
  CounterWindow *window;
  MdDesk *desk;
  MdFormData *form;
  MdAttachment *paper;
  guint number;
} Showing;

static void
showing_free (Showing *self)
{
  g_object_unref (self->window);
  g_object_unref (self->desk);
  g_object_unref (self->form);
  g_object_unref (self->paper);
  g_free (self);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Showing, showing_free)

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

/* --- the picture --- */

/* JPEG and PNG, whose frame was looked at when they came in; decoded from the secret's own pages.
 * NULL: it is another, or cannot be decoded. */
static GdkTexture *
decode (MdScanDocument *document)
{
  const MdScanFacts *facts = md_scan_document_get_facts (document);
  MdSecret *bytes = md_scan_document_get_bytes (document);
  g_autoptr (GBytes) borrowed = NULL;

  if (bytes == NULL || (facts->kind != MD_SCAN_JPEG && facts->kind != MD_SCAN_PNG)
      || (guint64)facts->width * facts->height > PIXELS_SHOWN_MAX)
    return NULL;
  borrowed = g_bytes_new_with_free_func (md_secret_get_data (bytes), md_secret_get_size (bytes),
                                         (GDestroyNotify)md_secret_unref, md_secret_ref (bytes));
  return gdk_texture_new_from_bytes (borrowed, NULL);
}

static GtkWidget *
make_words (MdScanDocument *document)
{
  const MdScanKind kind = md_scan_document_get_facts (document)->kind;
  g_autofree char *what = md_scan_document_describe (document);
  g_autofree char *text = g_strdup_printf (
      "%s\n\n%s", what,
      kind == MD_SCAN_PDF ? _ ("A PDF is not shown here. Its pages were counted, and it was looked "
                               "through for what a scan does not have.")
                          : _ ("This page cannot be shown. What was attached is kept as it is."));
  GtkWidget *label = gtk_label_new (text);

  gtk_label_set_wrap (GTK_LABEL (label), TRUE);
  gtk_widget_add_css_class (label, "para");
  return label;
}

static GtkWidget *
make_picture (GdkTexture *texture, const char *label)
{
  GtkWidget *picture = gtk_picture_new_for_paintable (GDK_PAINTABLE (texture));
  GtkWidget *scroller = gtk_scrolled_window_new ();
  const int width = gdk_texture_get_width (texture), height = gdk_texture_get_height (texture);
  const int shown = VIEW_WIDTH - 40;
  g_autofree char *name = g_strdup_printf (_ ("Page of %s"), label);

  gtk_widget_set_size_request (picture, shown, (int)((gint64)height * shown / width));
  gtk_accessible_update_property (GTK_ACCESSIBLE (picture), GTK_ACCESSIBLE_PROPERTY_LABEL, name,
                                  -1);
  gtk_widget_set_valign (picture, GTK_ALIGN_START);
  gtk_scrolled_window_set_child (GTK_SCROLLED_WINDOW (scroller), picture);
  gtk_widget_set_vexpand (scroller, TRUE);
  return scroller;
}

static gboolean
close_cb (gpointer data)
{
  gtk_window_close (GTK_WINDOW (data));
  return G_SOURCE_REMOVE;
}

static void
weak_ref_free (gpointer data)
{
  g_weak_ref_clear (data);
  g_free (data);
}

static gboolean
time_over_cb (gpointer data)
{
  g_autoptr (GtkWindow) view = g_weak_ref_get (data);

  if (view != NULL)
    gtk_window_close (view);
  return G_SOURCE_REMOVE;
}

/* The timer does not keep the view, whose pixels go when it is closed before. */
static void
close_after (GtkWindow *view, guint seconds)
{
  GWeakRef *ref = g_new0 (GWeakRef, 1);

  g_weak_ref_init (ref, view);
  g_timeout_add_seconds_full (G_PRIORITY_DEFAULT, seconds, time_over_cb, ref, weak_ref_free);
}

/* The person goes, the screen is covered, the card is lifted: the view goes before them. */
static void
changed_cb (GtkWindow *view, MdFormData *form)
{
  MdAttachment *paper = g_object_get_data (G_OBJECT (view), "paper");
  MdScanDocument *document = g_object_get_data (G_OBJECT (view), "document");

  if (md_scan_document_get_bytes (document) == NULL
      || md_form_data_view_documents (form, paper, TRUE) < MD_VIEW_READABLE)
    gtk_window_close (view);
}

static GtkWidget *
make_view (Showing *self, MdScanDocument *document, const char *label)
{
  g_autoptr (GdkTexture) texture = decode (document);
  GtkWidget *view = gtk_window_new ();
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 10);
  GtkWidget *title = gtk_label_new (label);
  GtkWidget *close = gtk_button_new_with_label (_ ("Hide"));

  gtk_label_set_wrap (GTK_LABEL (title), TRUE);
  gtk_widget_add_css_class (title, "heading-2");
  gtk_box_append (GTK_BOX (box), title);
  gtk_box_append (GTK_BOX (box),
                  texture != NULL ? make_picture (texture, label) : make_words (document));
  gtk_widget_add_css_class (close, "plain");
  gtk_widget_set_halign (close, GTK_ALIGN_END);
  gtk_box_append (GTK_BOX (box), close);
  gtk_widget_set_margin_start (box, 16);
  gtk_widget_set_margin_end (box, 16);
  gtk_widget_set_margin_top (box, 12);
  gtk_widget_set_margin_bottom (box, 12);
  gtk_window_set_child (GTK_WINDOW (view), box);
  gtk_window_set_title (GTK_WINDOW (view), _ ("Scanned documents"));
  gtk_window_set_modal (GTK_WINDOW (view), TRUE);
  gtk_window_set_transient_for (GTK_WINDOW (view), GTK_WINDOW (self->window));
  gtk_window_set_default_size (GTK_WINDOW (view), VIEW_WIDTH, texture != NULL ? VIEW_HEIGHT : -1);
  gtk_window_set_focus (GTK_WINDOW (view), close);
  g_signal_connect_swapped (close, "clicked", G_CALLBACK (gtk_window_close), view);
  return view;
}

static void
show (Showing *self, gboolean for_a_while)
{
  g_autoptr (MdScanDocument) document
      = g_list_model_get_item (md_attachment_get_documents (self->paper), self->number);
  g_autofree char *label = NULL;
  GtkWidget *view;

  if (document == NULL)
    return;
  g_object_get (self->paper, "label", &label, NULL);
  view = make_view (self, document, label);
  g_object_set_data_full (G_OBJECT (view), "paper", g_object_ref (self->paper), g_object_unref);
  g_object_set_data_full (G_OBJECT (view), "document", g_steal_pointer (&document), g_object_unref);
  g_signal_connect_object (self->form, "changed", G_CALLBACK (changed_cb), view,
                           G_CONNECT_SWAPPED | G_CONNECT_AFTER);
  g_signal_connect_object (self->paper, "changed", G_CALLBACK (close_cb), view, G_CONNECT_SWAPPED);
  if (for_a_while)
    close_after (GTK_WINDOW (view),
                 md_policy_get_limits (md_desk_get_policy (self->desk))->reveal_s);
  counter_dialog_show (GTK_WINDOW (self->window), view);
}

/* --- whether, and why --- */

static void
permitted_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (Showing) self = data;
  g_autoptr (GError) error = NULL;

  if (!md_desk_show_scans_finish (MD_DESK (source), result, &error))
    counter_window_tell (self->window, error->message);
  else if (md_form_data_view_documents (self->form, self->paper, TRUE) >= MD_VIEW_READABLE)
    show (self, md_form_data_view_documents (self->form, self->paper, FALSE) < MD_VIEW_READABLE);
}

static void
answered_cb (AdwMessageDialog *dialog, const char *answer, gpointer data)
{
  Showing *self = g_object_steal_data (G_OBJECT (dialog), "showing");

  if (self == NULL)
    return;
  if (g_strcmp0 (answer, "cancel") == 0)
    showing_free (self);
  else
    md_desk_show_scans_async (self->desk, self->form, self->paper, answer, NULL, permitted_cb,
                              self);
}

static void
ask_why (Showing *self)
{
  GListModel *reasons = md_desk_get_reveal_reasons (self->desk);
  const guint seconds = md_policy_get_limits (md_desk_get_policy (self->desk))->reveal_s;
  g_autofree char *body = g_strdup_printf (
      g_dngettext (GETTEXT_PACKAGE,
                   "Who looked and why is recorded. It is hidden again after %u second.",
                   "Who looked and why is recorded. It is hidden again after %u seconds.", seconds),
      seconds);
  GtkWidget *dialog = adw_message_dialog_new (GTK_WINDOW (self->window),
                                              _ ("Why do you need to see this document?"), body);

  for (guint i = 0; i < g_list_model_get_n_items (reasons); i++)
    {
      g_autoptr (MdReason) reason = g_list_model_get_item (reasons, i);

      adw_message_dialog_add_response (ADW_MESSAGE_DIALOG (dialog), md_reason_get_code (reason),
                                       md_reason_get_label (reason));
    }
  adw_message_dialog_add_response (ADW_MESSAGE_DIALOG (dialog), "cancel", _ ("Leave it hidden"));
  adw_message_dialog_set_default_response (ADW_MESSAGE_DIALOG (dialog), "cancel");
  adw_message_dialog_set_close_response (ADW_MESSAGE_DIALOG (dialog), "cancel");
  g_object_set_data_full (G_OBJECT (dialog), "showing", self, (GDestroyNotify)showing_free);
  g_signal_connect (dialog, "response", G_CALLBACK (answered_cb), NULL);
  counter_dialog_show (GTK_WINDOW (self->window), dialog);
}

void
counter_scan_show (CounterWindow *window, MdDesk *desk, MdFormData *form, const char *which)
{
  g_auto (GStrv) parts = g_strsplit (which, "/", 2);
  MdAttachment *paper = form != NULL && g_strv_length (parts) == 2
                            ? counter_scan_find_paper (form, parts[0])
                            : NULL;
  Showing *self;

  if (paper == NULL)
    return;
  self = g_new0 (Showing, 1);
  self->window = g_object_ref (window);
  self->desk = g_object_ref (desk);
  self->form = g_object_ref (form);
  self->paper = g_object_ref (paper);
  self->number = (guint)g_ascii_strtoull (parts[1], NULL, 10);
  if (md_form_data_view_documents (form, paper, FALSE) < MD_VIEW_READABLE
      && md_form_data_view_documents (form, paper, TRUE) >= MD_VIEW_READABLE)
    ask_why (self);
  else
    md_desk_show_scans_async (desk, form, paper, NULL, NULL, permitted_cb, self);
}
