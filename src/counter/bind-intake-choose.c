// SPDX-License-Identifier: Apache-2.0
// A procedure is chosen: asked first where another one has no place for what was scanned.
#include "config.h"

#include "bind-intake.h"
#include "dialog.h"

#include <glib/gi18n.h>

static void
chosen_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GError) error = NULL;

  if (!md_intake_choose_finish (MD_INTAKE (source), result, &error))
    g_debug ("intake: %s", error->message); /* the trouble says it */
}

static void
answered_cb (AdwMessageDialog *dialog, const char *answer, IntakeBinding *self)
{
  MdForm *form = g_object_get_data (G_OBJECT (dialog), "form");

  if (g_strcmp0 (answer, "erase") != 0 || self->intake == NULL
      || self->intake != g_object_get_data (G_OBJECT (dialog), "intake"))
    return;
  md_intake_let_scans_go (self->intake);
  md_intake_choose_async (self->intake, form, NULL, chosen_cb, NULL);
}

static void
ask (IntakeBinding *self, MdForm *form, const char *lost)
{
  g_autofree char *body
      = g_strdup_printf (_ ("\"%s\" does not have these papers. Their scans are erased:\n\n%s"),
                         md_form_get_title (form), lost);
  GtkWidget *dialog
      = adw_message_dialog_new (GTK_WINDOW (self->window), _ ("Erase the scans?"), body);

  adw_message_dialog_add_responses (ADW_MESSAGE_DIALOG (dialog), "stay",
                                    _ ("Stay with this procedure"), "erase",
                                    _ ("Erase, and change the procedure"), NULL);
  adw_message_dialog_set_response_appearance (ADW_MESSAGE_DIALOG (dialog), "erase",
                                              ADW_RESPONSE_DESTRUCTIVE);
  adw_message_dialog_set_default_response (ADW_MESSAGE_DIALOG (dialog), "stay");
  adw_message_dialog_set_close_response (ADW_MESSAGE_DIALOG (dialog), "stay");
  g_object_set_data_full (G_OBJECT (dialog), "form", g_object_ref (form), g_object_unref);
  g_object_set_data_full (G_OBJECT (dialog), "intake", g_object_ref (self->intake), g_object_unref);
  g_signal_connect (dialog, "response", G_CALLBACK (answered_cb), self);
  counter_dialog_show (GTK_WINDOW (self->window), dialog);
}

void
counter_intake_choose (IntakeBinding *self, MdForm *form)
{
  g_autofree char *lost = md_intake_describe_lost_scans (self->intake, form);

  if (lost != NULL)
    ask (self, form, lost);
  else
    md_intake_choose_async (self->intake, form, NULL, chosen_cb, NULL);
}
