// SPDX-License-Identifier: Apache-2.0
#include "config.h"

#include "paper-box.h"

#include "typing.h"

#include <glib/gi18n.h>

typedef struct
{
  MdFormData *form;
  MdAttachment *paper;
  GtkWidget *check, *how, *inquiry, *inquiry_box, *inquiry_note, *scans, *acts;
  gboolean scanner, updating;
} Box;

static void
box_free (gpointer data)
{
  Box *self = data;

  g_signal_handlers_disconnect_by_data (self->paper, self);
  g_object_unref (self->form);
  g_object_unref (self->paper);
  g_free (self);
}

static char *
label_of (MdAttachment *paper)
{
  char *label = NULL;

  g_object_get (paper, "label", &label, NULL);
  return label;
}

static GtkWidget *
make_label (const char *text, const char *class)
{
  GtkWidget *label = gtk_label_new (text);

  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_label_set_wrap (GTK_LABEL (label), TRUE);
  gtk_label_set_wrap_mode (GTK_LABEL (label), PANGO_WRAP_WORD_CHAR);
  if (class != NULL)
    gtk_widget_add_css_class (label, class);
  return label;
}

static void
set_name (GtkWidget *widget, const char *name)
{
  gtk_accessible_update_property (GTK_ACCESSIBLE (widget), GTK_ACCESSIBLE_PROPERTY_LABEL, name, -1);
}

/* A check button's own label does not wrap, and a long one would make the window wider than its
 * screen. */
static void
let_wrap (GtkWidget *check)
{
  GtkWidget *label = gtk_widget_get_last_child (check);

  if (!GTK_IS_LABEL (label))
    return;
  gtk_label_set_wrap (GTK_LABEL (label), TRUE);
  gtk_label_set_wrap_mode (GTK_LABEL (label), PANGO_WRAP_WORD_CHAR);
}

/* --- one scan --- */

/* "1. JPEG, 1 page, 300 KB, about 19 seconds on the line", and who looked for viruses in it. */
static char *
describe (MdScanDocument *document, guint n)
{
  g_autofree char *what = md_scan_document_describe (document);
  const char *scanner = md_scan_document_get_scanner (document);
  g_autofree char *checked = scanner != NULL
                                 ? g_strdup_printf (_ ("checked for viruses by %s"), scanner)
                                 : g_strdup (_ ("not checked for viruses"));

  return g_strdup_printf ("%u.  %s\n%s", n + 1, what, checked);
}

static GtkWidget *
make_show (MdAttachment *paper, guint n)
{
  GtkWidget *button = gtk_button_new_with_label (_ ("Show"));
  g_autofree char *label = label_of (paper);
  g_autofree char *name = g_strdup_printf (_ ("Show scan %u of %s"), n + 1, label);
  g_autofree char *target = g_strdup_printf ("%s/%u", md_attachment_get_id (paper), n);

  gtk_widget_add_css_class (button, "plain");
  gtk_actionable_set_action_name (GTK_ACTIONABLE (button), "intake.show-scan");
  gtk_actionable_set_action_target (GTK_ACTIONABLE (button), "s", target);
  gtk_widget_set_valign (button, GTK_ALIGN_CENTER);
  set_name (button, name);
  return button;
}

static guint
number_of (GtkButton *button)
{
  gpointer number = g_object_get_data (G_OBJECT (button), "number");

  return GPOINTER_TO_UINT (number);
}

static void
remove_cb (GtkButton *button, MdAttachment *paper)
{
  md_attachment_remove_document (paper, number_of (button));
}

static void
move_cb (GtkButton *button, MdAttachment *paper)
{
  md_attachment_move_document (paper, number_of (button));
}

/* NAME is translated, with a place for the number and one for the paper. */
static GtkWidget *
make_act (MdAttachment *paper, guint n, const char *label, char *name, GCallback clicked)
{
  GtkWidget *button = gtk_button_new_with_label (label);
  g_autofree char *owned = name;

  gtk_widget_add_css_class (button, "plain");
  g_object_set_data (G_OBJECT (button), "number", GUINT_TO_POINTER (n));
  g_signal_connect_object (button, "clicked", clicked, paper, 0);
  gtk_widget_set_valign (button, GTK_ALIGN_CENTER);
  set_name (button, owned);
  return button;
}

static GtkWidget *
make_scan (MdFormData *form, MdAttachment *paper, guint n)
{
  g_autoptr (MdScanDocument) document
      = g_list_model_get_item (md_attachment_get_documents (paper), n);
  GtkWidget *row = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 8);
  g_autofree char *text = describe (document, n);
  g_autofree char *label = label_of (paper);
  GtkWidget *words = make_label (text, "small");

  gtk_widget_set_hexpand (words, TRUE);
  gtk_box_append (GTK_BOX (row), words);
  /* Who may see it at all gets the button; whether now, and why, is asked by the act. */
  if (md_form_data_view_documents (form, paper, TRUE) >= MD_VIEW_READABLE)
    gtk_box_append (GTK_BOX (row), make_show (paper, n));
  if (n > 0)
    gtk_box_append (GTK_BOX (row),
                    make_act (paper, n, _ ("Move up"),
                              g_strdup_printf (_ ("Move scan %u of %s up"), n + 1, label),
                              G_CALLBACK (move_cb)));
  gtk_box_append (GTK_BOX (row),
                  make_act (paper, n, _ ("Remove"),
                            g_strdup_printf (_ ("Remove scan %u of %s"), n + 1, label),
                            G_CALLBACK (remove_cb)));
  return row;
}

static void
fill_scans (GtkWidget *box, MdFormData *form, MdAttachment *paper)
{
  GListModel *documents = md_attachment_get_documents (paper);
  GtkWidget *child;

  while ((child = gtk_widget_get_first_child (box)) != NULL)
    gtk_box_remove (GTK_BOX (box), child);
  for (guint i = 0; i < g_list_model_get_n_items (documents); i++)
    gtk_box_append (GTK_BOX (box), make_scan (form, paper, i));
  gtk_widget_set_visible (box, g_list_model_get_n_items (documents) > 0);
}

/* --- one paper --- */

static void
update (Box *self)
{
  const MdPaperHow how = md_attachment_get_how (self->paper);
  const char *inquiry = md_attachment_get_inquiry (self->paper);
  const gboolean waived = how == MD_PAPER_WAIVED;
  const gboolean good = md_attachment_takes_inquiry (self->paper, inquiry);
  g_autofree char *which = md_attachment_dup_inquiries (self->paper);
  g_autofree char *wrong = g_strdup_printf (
      _ ("This is no number of a result that can stand for this paper. Take it from the answer to "
         "the inquiry, such as TX-2026-000123-3; here it begins with %s."),
      which);

  self->updating = TRUE;
  gtk_check_button_set_active (GTK_CHECK_BUTTON (self->check),
                               md_attachment_get_handed_in (self->paper));
  gtk_drop_down_set_selected (GTK_DROP_DOWN (self->how), how);
  gtk_widget_set_visible (self->inquiry_box, waived);
  gtk_widget_set_visible (self->acts, !waived);
  if (waived
      && g_strcmp0 (gtk_editable_get_text (GTK_EDITABLE (self->inquiry)),
                    inquiry != NULL ? inquiry : "")
             != 0)
    gtk_editable_set_text (GTK_EDITABLE (self->inquiry), inquiry != NULL ? inquiry : "");
  gtk_label_set_text (GTK_LABEL (self->inquiry_note),
                      inquiry == NULL
                          ? _ ("Until the number of the result is here, the paper counts as "
                               "missing.")
                          : wrong);
  gtk_widget_set_visible (self->inquiry_note, !good);
  fill_scans (self->scans, self->form, self->paper);
  self->updating = FALSE;
}

static void
toggled_cb (Box *self)
{
  if (self->updating)
    return;
  md_attachment_set_handed_in (self->paper,
                               gtk_check_button_get_active (GTK_CHECK_BUTTON (self->check)));
  update (self);
}

static void
how_cb (Box *self)
{
  const guint how = gtk_drop_down_get_selected (GTK_DROP_DOWN (self->how));

  if (self->updating || how >= MD_N_PAPER_HOWS)
    return;
  md_attachment_set_how (self->paper, (MdPaperHow)how);
  update (self);
  if (md_attachment_get_how (self->paper) == MD_PAPER_WAIVED)
    gtk_widget_grab_focus (self->inquiry);
}

static void
inquiry_cb (Box *self)
{
  if (!self->updating)
    md_attachment_set_inquiry (self->paper, gtk_editable_get_text (GTK_EDITABLE (self->inquiry)));
}

/* Left out for an inquiry, the last of the ways, is offered where the form lets it be. */
static GtkWidget *
make_how (MdAttachment *paper, const char *label)
{
  GtkStringList *words = gtk_string_list_new (NULL);
  g_autofree char *name = g_strdup_printf (_ ("How %s is there"), label);
  GtkWidget *how;

  for (guint i = 0; i < MD_N_PAPER_HOWS; i++)
    if (i != MD_PAPER_WAIVED || md_attachment_may_be_waived (paper))
      gtk_string_list_append (words, md_paper_how_get_label ((MdPaperHow)i));
  how = gtk_drop_down_new (G_LIST_MODEL (words), NULL);
  /* Tab goes by the middle of what stands beside each other: never before the tick. */
  gtk_widget_set_valign (how, GTK_ALIGN_END);
  set_name (how, name);
  return how;
}

static GtkWidget *
make_inquiry (Box *self)
{
  GtkWidget *line = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 10);

  self->inquiry = counter_typing_new_line ();
  gtk_widget_set_name (self->inquiry, "inquiry");
  gtk_entry_set_max_length (GTK_ENTRY (self->inquiry), 32);
  set_name (self->inquiry, _ ("Number of the inquiry result"));
  self->inquiry_note = make_label ("", "small");
  gtk_widget_add_css_class (self->inquiry_note, "caution");
  gtk_box_append (GTK_BOX (line), make_label (_ ("Number of the inquiry result"), NULL));
  gtk_box_append (GTK_BOX (line), self->inquiry);
  self->inquiry_box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 4);
  gtk_box_append (GTK_BOX (self->inquiry_box), line);
  gtk_box_append (GTK_BOX (self->inquiry_box), self->inquiry_note);
  return self->inquiry_box;
}

static GtkWidget *
make_button (MdAttachment *paper, const char *label, char *name, const char *action)
{
  GtkWidget *button = gtk_button_new_with_label (label);
  g_autofree char *owned = name;

  gtk_widget_add_css_class (button, "plain");
  gtk_actionable_set_action_name (GTK_ACTIONABLE (button), action);
  gtk_actionable_set_action_target (GTK_ACTIONABLE (button), "s", md_attachment_get_id (paper));
  set_name (button, owned);
  return button;
}

static GtkWidget *
make_acts (Box *self, const char *label)
{
  self->acts = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 8);
  if (self->scanner)
    gtk_box_append (GTK_BOX (self->acts),
                    make_button (self->paper, _ ("Take from scanner…"),
                                 g_strdup_printf (_ ("Take %s from the scanner"), label),
                                 "intake.attach-scan"));
  gtk_box_append (GTK_BOX (self->acts),
                  make_button (self->paper, _ ("Attach a file…"),
                               g_strdup_printf (_ ("Attach a file to %s"), label),
                               "intake.attach-file"));
  return self->acts;
}

static GtkWidget *
make_head (Box *self, const char *label)
{
  GtkWidget *head = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 10);
  g_autofree char *shown = NULL;
  gboolean required = FALSE;

  g_object_get (self->paper, "required", &required, NULL);
  shown = required ? g_strdup_printf (_ ("%s (required)"), label) : g_strdup (label);
  self->check = gtk_check_button_new_with_label (shown);
  let_wrap (self->check);
  gtk_widget_set_hexpand (self->check, TRUE);
  gtk_widget_add_css_class (self->check, "paper");
  self->how = make_how (self->paper, label);
  gtk_widget_add_css_class (head, "paperhead");
  gtk_box_append (GTK_BOX (head), self->check);
  gtk_box_append (GTK_BOX (head), self->how);
  return head;
}

GtkWidget *
counter_paper_box_new (MdFormData *form, MdAttachment *paper, gboolean scanner)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 6);
  GtkWidget *below = gtk_box_new (GTK_ORIENTATION_VERTICAL, 6);
  Box *self = g_new0 (Box, 1);
  g_autofree char *label = label_of (paper);

  self->form = g_object_ref (form);
  self->paper = g_object_ref (paper);
  self->scanner = scanner;
  self->scans = gtk_box_new (GTK_ORIENTATION_VERTICAL, 6);
  gtk_box_append (GTK_BOX (box), make_head (self, label));
  gtk_widget_add_css_class (below, "below-paper");
  gtk_box_append (GTK_BOX (below), make_inquiry (self));
  gtk_box_append (GTK_BOX (below), self->scans);
  gtk_box_append (GTK_BOX (below), make_acts (self, label));
  gtk_box_append (GTK_BOX (box), below);
  g_object_set_data_full (G_OBJECT (box), "paper-box", self, box_free);
  update (self);
  g_signal_connect_swapped (self->check, "toggled", G_CALLBACK (toggled_cb), self);
  g_signal_connect_swapped (self->how, "notify::selected", G_CALLBACK (how_cb), self);
  g_signal_connect_swapped (self->inquiry, "changed", G_CALLBACK (inquiry_cb), self);
  g_signal_connect_data (paper, "changed", G_CALLBACK (update), self, NULL, G_CONNECT_SWAPPED);
  g_object_bind_property (paper, "due", box, "visible", G_BINDING_SYNC_CREATE);
  return box;
}
