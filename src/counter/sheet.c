// SPDX-License-Identifier: Apache-2.0
#include "config.h"

#include "sheet.h"

#include "dialog.h"

#include <adwaita.h>
#include <glib/gi18n.h>

void
counter_sheet_show (GtkWindow *parent, const char *title, GtkWidget *content)
{
  GtkWidget *dialog = adw_message_dialog_new (parent, title, NULL);

  adw_message_dialog_set_extra_child (ADW_MESSAGE_DIALOG (dialog), content);
  adw_message_dialog_add_response (ADW_MESSAGE_DIALOG (dialog), "close", _ ("Close"));
  adw_message_dialog_set_default_response (ADW_MESSAGE_DIALOG (dialog), "close");
  adw_message_dialog_set_close_response (ADW_MESSAGE_DIALOG (dialog), "close");
  counter_dialog_show (parent, dialog);
}
