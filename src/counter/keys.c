// SPDX-License-Identifier: Apache-2.0
#include "config.h"

#include "keys.h"

#include "sheet.h"

#include <glib/gi18n.h>

static const struct
{
  const char *trigger;
  const char *action;
  const char *target; /* of win.show-page */
  const char *shown;
  const char *word;
  gboolean always; /* from a question that stands over the window, too */
} keys[] = {
  { "F2", "win.new-intake", NULL, "F2", N_ ("New intake") },
  { "F3", "win.show-page", "approvals", "F3", N_ ("Approvals") },
  { "F4", "win.show-page", "queue", "F4", N_ ("Sending") },
  { "F5", "page.findings", NULL, "F5", N_ ("Back to the list of what has to be put right") },
  { "F6", "win.next-region", NULL, "F6", N_ ("Between places and content") },
  { "F7", "intake.show-resident", NULL, "F7", N_ ("Show the application to the resident") },
  { "F8", "intake.suspend", NULL, "F8", N_ ("Suspend the intake, and go on with it later") },
  { "F9", "win.hide-screen", NULL, "F9", N_ ("Hide the screen, and show it again"), TRUE },
  { "<Control>Return|<Control>KP_Enter", "win.primary", NULL, "Ctrl+Enter",
    N_ ("The act at the bottom right") },
  { "Escape", "win.step-back", NULL, "Esc", N_ ("One step back; nothing is lost") },
  { "<Control>p", "intake.print", NULL, "Ctrl+P", N_ ("Print the paper that belongs here") },
  { "<Control><Shift>p", "intake.print-joint", NULL, "Ctrl+Shift+P",
    N_ ("Print one slip for the whole visit") },
  { "<Control>l", "win.lock", NULL, "Ctrl+L", N_ ("Lock the screen"), TRUE },
  { "<Control>Page_Down", "page.next-section", NULL, "Ctrl+PageDown",
    N_ ("Next part of the form") },
  { "<Control>Page_Up", "page.previous-section", NULL, "Ctrl+PageUp",
    N_ ("Previous part of the form") },
  { "F1", "win.help", NULL, "F1", N_ ("Help for this screen") },
  { "question", "win.keys", NULL, "?", N_ ("This list") },
};

static void
add_key (GtkShortcutController *controller, guint i)
{
  GtkShortcut *shortcut = gtk_shortcut_new (gtk_shortcut_trigger_parse_string (keys[i].trigger),
                                            gtk_named_action_new (keys[i].action));

  if (keys[i].target != NULL)
    gtk_shortcut_set_arguments (shortcut, g_variant_new_string (keys[i].target));
  gtk_shortcut_controller_add_shortcut (controller, shortcut);
}

GtkEventController *
counter_keys_controller (gboolean in_dialog)
{
  GtkEventController *controller = gtk_shortcut_controller_new ();

  gtk_event_controller_set_propagation_phase (controller, GTK_PHASE_BUBBLE);
  for (guint i = 0; i < G_N_ELEMENTS (keys); i++)
    if (!g_str_has_prefix (keys[i].action, "page.") && (!in_dialog || keys[i].always))
      add_key (GTK_SHORTCUT_CONTROLLER (controller), i);
  return controller;
}

void
counter_keys_show (GtkWindow *parent)
{
  GtkWidget *grid = gtk_grid_new ();

  gtk_grid_set_column_spacing (GTK_GRID (grid), 24);
  gtk_grid_set_row_spacing (GTK_GRID (grid), 10);
  for (guint i = 0; i < G_N_ELEMENTS (keys); i++)
    {
      GtkWidget *cap = gtk_label_new (keys[i].shown);
      GtkWidget *word = gtk_label_new (_ (keys[i].word));

      gtk_widget_add_css_class (cap, "keycap");
      gtk_widget_set_halign (cap, GTK_ALIGN_START);
      gtk_label_set_xalign (GTK_LABEL (word), 0);
      gtk_grid_attach (GTK_GRID (grid), cap, 0, (int)i, 1, 1);
      gtk_grid_attach (GTK_GRID (grid), word, 1, (int)i, 1, 1);
    }
  counter_sheet_show (parent, _ ("Keys"), grid);
}
