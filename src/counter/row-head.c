// SPDX-License-Identifier: Apache-2.0
#include "config.h"

#include "row-head.h"

#include <glib/gi18n.h>

/* The button goes with the row; the focus goes to where another one can be added. */
static void
remove_cb (GtkButton *button, MdEntry *entry)
{
  MdEntry *group = md_entry_get_group (entry);

  md_entry_remove_row (entry);
  if (group != NULL)
    gtk_widget_activate_action (GTK_WIDGET (button), "page.jump", "s", md_entry_get_id (group));
}

GtkWidget *
counter_row_head_new (MdEntry *entry)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 10);
  g_autofree char *name = md_entry_dup_row_label (entry);
  g_autofree char *spoken = g_strdup_printf (_ ("Remove: %s"), name);
  GtkWidget *label = gtk_label_new (name);
  GtkWidget *remove = gtk_button_new_with_label (_ ("Remove"));

  gtk_widget_add_css_class (box, "rowhead");
  /* While the form does not ask for the group, its rows are out of sight as its fields are. */
  g_object_bind_property (md_entry_get_group (entry), "visible", box, "visible",
                          G_BINDING_SYNC_CREATE);
  gtk_widget_set_hexpand (label, TRUE);
  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_widget_add_css_class (remove, "plain");
  gtk_widget_set_visible (remove, md_entry_may_remove_row (entry));
  gtk_accessible_update_property (GTK_ACCESSIBLE (remove), GTK_ACCESSIBLE_PROPERTY_LABEL, spoken,
                                  -1);
  g_signal_connect_object (remove, "clicked", G_CALLBACK (remove_cb), entry, 0);
  gtk_box_append (GTK_BOX (box), label);
  gtk_box_append (GTK_BOX (box), remove);
  return box;
}
