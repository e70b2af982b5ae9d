// SPDX-License-Identifier: Apache-2.0
/* Calls that no handler of ours sees: the bus library answers them with an error of its own. The
 * answer on its way out tells of them. */
#include <string.h>

#include "call.h"
#include "unserved.h"

/* "org.freedesktop.DBus.Error." is before each. Other errors of the library are no caller's doing.
 */
static const struct
{
  const char *error;
  const char *cause;
} causes[] = {
  { "UnknownMethod", "unknown-method" },     { "UnknownInterface", "unknown-interface" },
  { "UnknownObject", "unknown-object" },     { "UnknownProperty", "unknown-property" },
  { "PropertyReadOnly", "read-only" },       { "InvalidArgs", "wrong-arguments" },
  { "InvalidSignature", "wrong-arguments" }, { "AccessDenied", "denied" },
};

#define PREFIX "org.freedesktop.DBus.Error."

struct _Unserved
{
  Service *service; /* NULL once ended */
  GDBusConnection *connection;
  guint filter;
};

typedef struct
{
  Unserved *unserved;
  char *peer;
  const char *cause;
} Notice;

static void
notice_free (gpointer data)
{
  Notice *notice = data;

  g_atomic_rc_box_release (notice->unserved);
  g_free (notice->peer);
  g_free (notice);
}

static const char *
find_cause (const char *error)
{
  if (error == NULL || !g_str_has_prefix (error, PREFIX))
    return NULL;
  for (gsize i = 0; i < G_N_ELEMENTS (causes); i++)
    if (g_str_equal (error + strlen (PREFIX), causes[i].error))
      return causes[i].cause;
  return NULL;
}

static gboolean
record_cb (gpointer data)
{
  const Notice *notice = data;
  Service *service = notice->unserved->service;
  MdAuditEntry entry = { .event = "call", .outcome = MD_AUDIT_REFUSED };
  g_autoptr (GError) error = NULL;

  if (service != NULL && service->database_trouble == NULL
      && !call_record_stranger (service, notice->peer, &entry, notice->cause, NULL, &error))
    g_message ("%s", error->message);
  return G_SOURCE_REMOVE;
}

/* In the connection's thread: only looks, and lets the main loop write. */
static GDBusMessage *
filter_cb (GDBusConnection *connection, GDBusMessage *message, gboolean incoming, gpointer data)
{
  const char *peer = g_dbus_message_get_destination (message);
  const char *cause = NULL;
  Notice *notice;

  if (!incoming && peer != NULL
      && g_dbus_message_get_message_type (message) == G_DBUS_MESSAGE_TYPE_ERROR)
    cause = find_cause (g_dbus_message_get_error_name (message));
  if (cause == NULL)
    return message;
  notice = g_new0 (Notice, 1);
  notice->unserved = g_atomic_rc_box_acquire (data);
  notice->peer = g_strdup (peer);
  notice->cause = cause;
  g_idle_add_full (G_PRIORITY_DEFAULT, record_cb, notice, notice_free);
  return message;
}

static void
release_cb (gpointer data)
{
  g_atomic_rc_box_release (data);
}

Unserved *
unserved_watch (Service *service, GDBusConnection *connection)
{
  Unserved *self = g_atomic_rc_box_new0 (Unserved);

  self->service = service;
  self->connection = connection;
  self->filter = g_dbus_connection_add_filter (connection, filter_cb,
                                               g_atomic_rc_box_acquire (self), release_cb);
  return self;
}

void
unserved_end (Unserved *self)
{
  if (self == NULL)
    return;
  g_dbus_connection_remove_filter (self->connection, self->filter);
  self->service = NULL;
  g_atomic_rc_box_release (self);
}
