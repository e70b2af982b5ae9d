// SPDX-License-Identifier: Apache-2.0
#include "config.h"

#include "declaration-box.h"

#include <glib/gi18n.h>

typedef struct
{
  MdEntry *entry; /* owned */
  GtkLabel *text; /* both are children of the box */
  GtkButton *other;
  gboolean japanese;
} Declaration;

static void
declaration_free (gpointer data)
{
  Declaration *self = data;

  g_object_unref (self->entry);
  g_free (self);
}

static void
show_text (Declaration *self)
{
  gtk_label_set_text (self->text, md_entry_get_declaration_in (self->entry, self->japanese));
  gtk_button_set_label (self->other, self->japanese ? _ ("In English") : _ ("In Japanese"));
  if (gtk_widget_get_mapped (GTK_WIDGET (self->text)))
    md_entry_show_declaration (self->entry, self->japanese);
}

static void
mapped_cb (Declaration *self)
{
  md_entry_show_declaration (self->entry, self->japanese);
}

static void
other_cb (Declaration *self)
{
  self->japanese = !self->japanese;
  show_text (self);
}

GtkWidget *
counter_declaration_box_new (MdEntry *entry, GtkWidget *answers)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 8);
  GtkWidget *line = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 8);
  Declaration *self = g_new0 (Declaration, 1);

  self->entry = g_object_ref (entry);
  self->japanese = md_entry_declares_in_japanese (entry);
  self->text = GTK_LABEL (gtk_label_new (NULL));
  self->other = GTK_BUTTON (gtk_button_new ());
  gtk_label_set_wrap (self->text, TRUE);
  gtk_label_set_wrap_mode (self->text, PANGO_WRAP_WORD_CHAR);
  gtk_label_set_xalign (self->text, 0);
  gtk_widget_add_css_class (GTK_WIDGET (self->text), "declaration");
  gtk_widget_add_css_class (GTK_WIDGET (self->other), "plain");
  gtk_widget_set_valign (GTK_WIDGET (self->other), GTK_ALIGN_START);
  gtk_widget_set_hexpand (answers, TRUE);
  gtk_accessible_update_relation (GTK_ACCESSIBLE (answers), GTK_ACCESSIBLE_RELATION_DESCRIBED_BY,
                                  self->text, NULL, -1);
  gtk_box_append (GTK_BOX (line), answers);
  gtk_box_append (GTK_BOX (line), GTK_WIDGET (self->other));
  gtk_box_append (GTK_BOX (box), GTK_WIDGET (self->text));
  gtk_box_append (GTK_BOX (box), line);
  g_object_set_data_full (G_OBJECT (box), "declaration", self, declaration_free);
  g_signal_connect_swapped (self->text, "map", G_CALLBACK (mapped_cb), self);
  g_signal_connect_swapped (self->other, "clicked", G_CALLBACK (other_cb), self);
  show_text (self);
  return box;
}
