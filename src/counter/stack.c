// SPDX-License-Identifier: Apache-2.0
#include "config.h"

#include "stack.h"

void
counter_stack_show (GtkStack *stack, const char *name)
{
  GtkWidget *shown = gtk_stack_get_child_by_name (stack, name);
  GtkRoot *root = gtk_widget_get_root (GTK_WIDGET (stack));
  GtkWidget *focus = root != NULL ? gtk_root_get_focus (root) : NULL;

  g_return_if_fail (shown != NULL);
  /* A text that is hidden with the focus in it would go on blinking. */
  if (focus != NULL && gtk_widget_is_ancestor (focus, GTK_WIDGET (stack))
      && !gtk_widget_is_ancestor (focus, shown))
    gtk_root_set_focus (root, NULL);
  gtk_widget_set_visible (shown, TRUE);
  gtk_stack_set_visible_child (stack, shown);
  for (GtkWidget *page = gtk_widget_get_first_child (GTK_WIDGET (stack)); page != NULL;
       page = gtk_widget_get_next_sibling (page))
    gtk_widget_set_visible (page, page == shown);
}
