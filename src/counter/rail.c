// SPDX-License-Identifier: Apache-2.0
#include "config.h"

#include "rail.h"

#include <glib/gi18n.h>

static const struct
{
  const char *page;
  const char *word;
  const char *icon;
  const char *key;
  const char *count; /* property of the desk model */
} places[] = {
  { "home", N_ ("Intake"), "md-counter-symbolic", "F2", NULL },
  { "approvals", N_ ("Approvals"), "md-hanko-symbolic", "F3", "waiting" },
  { "confirmations", N_ ("To confirm"), "object-select-symbolic", NULL, "confirmation-open" },
  { "returned", N_ ("Returned"), "edit-undo-symbolic", NULL, "returned" },
  { "queue", N_ ("Sending"), "document-send-symbolic", "F4", "unsent" },
  { "log", N_ ("Log"), "view-list-symbolic", NULL, NULL },
  { "settings", N_ ("Settings"), "emblem-system-symbolic", NULL, NULL },
};

struct _CounterRail
{
  CounterPage parent_instance;

  GtkBox *buttons;
  GtkWidget *places[G_N_ELEMENTS (places)];
  GtkLabel *badges[G_N_ELEMENTS (places)];
};

G_DEFINE_FINAL_TYPE (CounterRail, counter_rail, COUNTER_TYPE_PAGE)

static void
show_place (CounterRail *self, CounterModel *model, guint i)
{
  guint count = places[i].count != NULL ? counter_model_count (model, places[i].count) : 0;
  g_autofree char *figure = g_strdup_printf ("%u", count);
  g_autofree char *name = NULL;

  gtk_label_set_text (self->badges[i], figure);
  gtk_widget_set_visible (GTK_WIDGET (self->badges[i]), count > 0);
  /* Translators: a place of the window and how many items wait there, e.g. "Approvals, 3" */
  name = count > 0 ? g_strdup_printf (_ ("%s, %u"), _ (places[i].word), count)
                   : g_strdup (_ (places[i].word));
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->places[i]), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  name, -1);
}

static void
show (CounterRail *self)
{
  CounterModel *model = counter_page_get_model (COUNTER_PAGE (self));
  g_auto (GStrv) pages = NULL;

  if (model == NULL)
    return;
  g_object_get (model, "pages", &pages, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (places); i++)
    {
      gtk_widget_set_visible (self->places[i],
                              pages != NULL
                                  && g_strv_contains ((const char *const *)pages, places[i].page));
      show_place (self, model, i);
    }
}

static GtkWidget *
make_place (CounterRail *self, guint i)
{
  GtkWidget *button = gtk_toggle_button_new ();
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 12);
  GtkWidget *word = gtk_label_new (_ (places[i].word));

  self->badges[i] = GTK_LABEL (gtk_label_new (NULL));
  gtk_widget_add_css_class (GTK_WIDGET (self->badges[i]), "badge");
  gtk_widget_add_css_class (GTK_WIDGET (self->badges[i]), "figures");
  gtk_widget_set_valign (GTK_WIDGET (self->badges[i]), GTK_ALIGN_CENTER);
  gtk_widget_set_hexpand (word, TRUE);
  gtk_label_set_xalign (GTK_LABEL (word), 0);
  gtk_box_append (GTK_BOX (box), gtk_image_new_from_icon_name (places[i].icon));
  gtk_box_append (GTK_BOX (box), word);
  gtk_box_append (GTK_BOX (box), GTK_WIDGET (self->badges[i]));
  gtk_button_set_child (GTK_BUTTON (button), box);
  gtk_widget_add_css_class (button, "flat");
  gtk_widget_set_tooltip_text (button, places[i].key);
  gtk_actionable_set_action_target (GTK_ACTIONABLE (button), "s", places[i].page);
  gtk_actionable_set_action_name (GTK_ACTIONABLE (button), "win.show-page");
  return button;
}

static void
counter_rail_model_set (CounterPage *page)
{
  CounterRail *self = COUNTER_RAIL (page);

  g_signal_connect_object (counter_page_get_model (page), "notify", G_CALLBACK (show), self,
                           G_CONNECT_SWAPPED);
  show (self);
}

static void
counter_rail_class_init (CounterRailClass *klass)
{
  COUNTER_PAGE_CLASS (klass)->model_set = counter_rail_model_set;
  counter_page_class_use (GTK_WIDGET_CLASS (klass), "rail");
  gtk_widget_class_bind_template_child (GTK_WIDGET_CLASS (klass), CounterRail, buttons);
}

static void
counter_rail_init (CounterRail *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  for (guint i = 0; i < G_N_ELEMENTS (places); i++)
    {
      self->places[i] = make_place (self, i);
      gtk_box_append (self->buttons, self->places[i]);
    }
}
