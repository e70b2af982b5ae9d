// SPDX-License-Identifier: Apache-2.0
#include "config.h"

#include "dialog.h"

#include "keys.h"

void
counter_dialog_show (GtkWindow *parent, GtkWidget *dialog)
{
  GtkEventController *controller = counter_keys_controller (TRUE);

  gtk_widget_insert_action_group (dialog, "win", G_ACTION_GROUP (parent));
  gtk_widget_add_controller (dialog, controller);
  gtk_widget_add_css_class (dialog, "counter");
  gtk_window_present (GTK_WINDOW (dialog));
}

void
counter_dialog_close_all (GtkWindow *parent)
{
  g_autoptr (GList) windows = gtk_window_list_toplevels ();

  for (GList *at = windows; at != NULL; at = at->next)
    if (gtk_window_get_transient_for (at->data) == parent)
      gtk_window_close (at->data);
}
