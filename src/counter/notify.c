// SPDX-License-Identifier: Apache-2.0
#include "config.h"

#include "notify.h"

#include <libnotify/notify.h>

static GHashTable *shown; /* id -> NotifyNotification */

void
counter_notify (CounterWindow *window, const char *id, const char *title, const char *body)
{
  g_autoptr (GError) error = NULL;
  NotifyNotification *notification;

  if (gtk_window_is_active (GTK_WINDOW (window)) || !gtk_widget_get_mapped (GTK_WIDGET (window)))
    return;
  if (!notify_is_initted () && !notify_init ("Madoguchi"))
    return;
  if (shown == NULL)
    shown = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_object_unref);
  notification = g_hash_table_lookup (shown, id);
  if (notification == NULL)
    {
      notification = notify_notification_new (title, body, MD_APP_ID);
      g_hash_table_insert (shown, g_strdup (id), notification);
    }
  else
    notify_notification_update (notification, title, body, MD_APP_ID);
  /* Without a notification service the counts on the rail say the same. */
  if (!notify_notification_show (notification, &error))
    g_debug ("notification: %s", error->message);
}

void
counter_notify_end (void)
{
  GHashTableIter iter;
  gpointer notification;

  if (shown == NULL)
    return;
  g_hash_table_iter_init (&iter, shown);
  while (g_hash_table_iter_next (&iter, NULL, &notification))
    notify_notification_close (notification, NULL);
  g_clear_pointer (&shown, g_hash_table_unref);
  notify_uninit ();
}
