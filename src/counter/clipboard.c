// SPDX-License-Identifier: Apache-2.0
#include "config.h"

#include "clipboard.h"

void
counter_clipboard_empty (GtkWindow *window)
{
  GdkClipboard *const both[] = { gtk_widget_get_clipboard (GTK_WIDGET (window)),
                                 gtk_widget_get_primary_clipboard (GTK_WIDGET (window)) };

  for (guint i = 0; i < G_N_ELEMENTS (both); i++)
    if (gdk_clipboard_is_local (both[i]) && gdk_clipboard_get_content (both[i]) != NULL)
      gdk_clipboard_set_content (both[i], NULL);
}
