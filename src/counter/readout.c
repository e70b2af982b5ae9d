// SPDX-License-Identifier: Apache-2.0
#include "config.h"

#include "readout.h"

#include "external-mark.h"

#include <glib/gi18n.h>
#include <md-base.h>

struct _CounterReadout
{
  CounterItemBox parent_instance;
};

G_DEFINE_FINAL_TYPE (CounterReadout, counter_readout, COUNTER_TYPE_ITEM_BOX)

static GtkWidget *
make_reveal (CounterModel *item)
{
  GtkWidget *button = gtk_button_new_with_label (_ ("Show…"));
  g_autofree char *name = g_strdup_printf (_ ("Show: %s"), counter_model_text (item, "label"));

  gtk_actionable_set_action_target (GTK_ACTIONABLE (button), "s", counter_model_text (item, "id"));
  gtk_actionable_set_action_name (GTK_ACTIONABLE (button), counter_model_text (item, "reveal"));
  gtk_accessible_update_property (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_PROPERTY_LABEL, name, -1);
  gtk_widget_add_css_class (button, "plain");
  gtk_widget_set_valign (button, GTK_ALIGN_CENTER);
  return button;
}

/* 外字: marked under the value. */
static GtkWidget *
make_mark (CounterModel *item, GtkWidget *value)
{
  md_autowipe char *mark = counter_external_mark (value, counter_model_text (item, "external"),
                                                  counter_model_text (item, "right"));
  GtkWidget *label;

  if (*mark == '\0')
    return NULL;
  label = gtk_label_new (mark);
  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_label_set_wrap (GTK_LABEL (label), TRUE);
  gtk_label_set_wrap_mode (GTK_LABEL (label), PANGO_WRAP_WORD_CHAR);
  gtk_widget_add_css_class (label, "caution");
  gtk_widget_add_css_class (label, "small");
  return label;
}

static GtkWidget *
counter_readout_make_row (CounterItemBox *box, gpointer item)
{
  GtkWidget *row = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);
  GtkWidget *line = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 16);
  GtkWidget *label = counter_item_label (item, "label", "quiet");
  GtkWidget *value = counter_item_label (item, "right", "spoken");
  GtkWidget *mark = make_mark (item, value);

  gtk_label_set_width_chars (GTK_LABEL (label), 20);
  gtk_label_set_max_width_chars (GTK_LABEL (label), 20);
  gtk_widget_set_valign (label, GTK_ALIGN_START);
  gtk_widget_set_hexpand (value, TRUE);
  gtk_widget_add_css_class (line, "readline");
  gtk_box_append (GTK_BOX (line), label);
  gtk_box_append (GTK_BOX (line), value);
  if (*counter_model_text (item, "reveal") != '\0')
    {
      gtk_widget_set_valign (label, GTK_ALIGN_CENTER);
      gtk_box_append (GTK_BOX (line), make_reveal (item));
    }
  gtk_box_append (GTK_BOX (line), counter_item_chip (item));
  gtk_box_append (GTK_BOX (row), counter_item_label (item, "heading", "readhead"));
  gtk_box_append (GTK_BOX (row), line);
  if (mark != NULL)
    gtk_box_append (GTK_BOX (row), mark);
  return row;
}

static void
counter_readout_class_init (CounterReadoutClass *klass)
{
  COUNTER_ITEM_BOX_CLASS (klass)->make_row = counter_readout_make_row;
}

static void
counter_readout_init (CounterReadout *self)
{
}
