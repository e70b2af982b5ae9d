// SPDX-License-Identifier: Apache-2.0
#include "config.h"

#include "check-list.h"

struct _CounterCheckList
{
  CounterItemBox parent_instance;
};

G_DEFINE_FINAL_TYPE (CounterCheckList, counter_check_list, COUNTER_TYPE_ITEM_BOX)

static GtkWidget *
counter_check_list_make_row (CounterItemBox *box, gpointer item)
{
  GtkWidget *row = gtk_box_new (GTK_ORIENTATION_VERTICAL, 1);
  GtkWidget *line = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 10);
  GtkWidget *title = counter_item_label (item, "title", NULL);
  GtkWidget *detail = counter_item_label (item, "subtitle", "quiet");

  gtk_widget_set_hexpand (title, TRUE);
  gtk_widget_add_css_class (detail, "small");
  gtk_widget_add_css_class (row, "checkrow");
  gtk_box_append (GTK_BOX (line), title);
  gtk_box_append (GTK_BOX (line), counter_item_chip (item));
  gtk_box_append (GTK_BOX (row), line);
  gtk_box_append (GTK_BOX (row), detail);
  return row;
}

static void
counter_check_list_class_init (CounterCheckListClass *klass)
{
  COUNTER_ITEM_BOX_CLASS (klass)->make_row = counter_check_list_make_row;
}

static void
counter_check_list_init (CounterCheckList *self)
{
}
