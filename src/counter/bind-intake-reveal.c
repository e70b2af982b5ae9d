// SPDX-License-Identifier: Apache-2.0
#include "config.h"

#include "bind-intake.h"
#include "dialog.h"
#include "rows.h"

#include <glib/gi18n.h>

#define NUMBER "p.mynum"

static MdEntry *
number_entry (IntakeBinding *self)
{
  MdFormData *data = self->intake != NULL ? md_intake_get_data (self->intake) : NULL;

  return data != NULL ? md_form_data_get_entry (data, NUMBER) : NULL;
}

/* The number on the panel while it is shown in full, and masked again. */
static void
display_cb (MdEntry *entry, GParamSpec *pspec, CounterModel *model)
{
  const char *display = md_entry_get_display (entry);

  g_object_set (model, "number", display != NULL ? display : "", NULL);
}

static void
revealed_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (CounterWindow) window = data;
  g_autoptr (GError) error = NULL;

  if (!md_desk_reveal_finish (MD_DESK (source), result, &error))
    counter_window_tell (window, error->message);
}

static void
answered_cb (AdwMessageDialog *dialog, const char *answer, IntakeBinding *self)
{
  MdEntry *entry = number_entry (self);

  if (entry == NULL || g_strcmp0 (answer, "cancel") == 0)
    return;
  g_signal_handlers_disconnect_by_func (entry, display_cb, self->model);
  g_signal_connect_object (entry, "notify::display", G_CALLBACK (display_cb), self->model, 0);
  md_desk_reveal_async (self->desk, entry, answer, NULL, revealed_cb, g_object_ref (self->window));
}

void
counter_intake_ask_reveal (IntakeBinding *self)
{
  GListModel *reasons = md_desk_get_reveal_reasons (self->desk);
  guint seconds = md_policy_get_limits (md_desk_get_policy (self->desk))->reveal_s;
  g_autofree char *body = g_strdup_printf (
      g_dngettext (GETTEXT_PACKAGE,
                   "Who looked and why is recorded. It is hidden again after %u second.",
                   "Who looked and why is recorded. It is hidden again after %u seconds.", seconds),
      seconds);
  GtkWidget *dialog;

  if (number_entry (self) == NULL)
    return;
  dialog = adw_message_dialog_new (GTK_WINDOW (self->window),
                                   _ ("Why do you need the whole individual number?"), body);
  for (guint i = 0; i < g_list_model_get_n_items (reasons); i++)
    {
      g_autoptr (MdReason) reason = g_list_model_get_item (reasons, i);

      adw_message_dialog_add_response (ADW_MESSAGE_DIALOG (dialog), md_reason_get_code (reason),
                                       md_reason_get_label (reason));
    }
  /* The last one stands on top and has the focus: Enter alone shows nothing. */
  adw_message_dialog_add_response (ADW_MESSAGE_DIALOG (dialog), "cancel", _ ("Leave it hidden"));
  adw_message_dialog_set_default_response (ADW_MESSAGE_DIALOG (dialog), "cancel");
  adw_message_dialog_set_close_response (ADW_MESSAGE_DIALOG (dialog), "cancel");
  g_signal_connect (dialog, "response", G_CALLBACK (answered_cb), self);
  counter_dialog_show (GTK_WINDOW (self->window), dialog);
}

void
counter_intake_show_reveal (IntakeBinding *self)
{
  MdEntry *entry = number_entry (self);
  gboolean may = FALSE;

  if (entry != NULL)
    g_object_get (entry, "may-reveal", &may, NULL);
  g_object_set (self->model, "can-reveal", may, NULL);
}
