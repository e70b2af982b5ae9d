// SPDX-License-Identifier: Apache-2.0
// How a desk asks whether certificates are revoked: through the service, or by the lists on the
// disk.
#include "config.h"

#include <glib/gi18n.h>

#include "md-desk-private.h"

/* Lists come at most a few times a day; this is for a folder that somebody else fills. */
#define LOOK_S 600
/* Beside the responder's own time: the way over the bus and back. */
#define BUS_S 2

struct _MdOcspLine
{
  gatomicrefcount count;
  GDBusConnection *connection;
  char *bus_name;
  GMutex mutex;
  char *session; /* guarded by it */
};

MdOcspLine *
_md_ocsp_line_new (GDBusConnection *connection, const char *bus_name)
{
  MdOcspLine *self = g_new0 (MdOcspLine, 1);

  g_atomic_ref_count_init (&self->count);
  self->connection = g_object_ref (connection);
  self->bus_name = g_strdup (bus_name);
  g_mutex_init (&self->mutex);
  return self;
}

MdOcspLine *
_md_ocsp_line_ref (MdOcspLine *self)
{
  g_atomic_ref_count_inc (&self->count);
  return self;
}

void
_md_ocsp_line_unref (gpointer data)
{
  MdOcspLine *self = data;

  if (!g_atomic_ref_count_dec (&self->count))
    return;
  g_object_unref (self->connection);
  g_mutex_clear (&self->mutex);
  g_free (self->bus_name);
  g_free (self->session);
  g_free (self);
}

void
_md_ocsp_line_set_session (MdOcspLine *self, const char *session)
{
  g_mutex_lock (&self->mutex);
  g_free (self->session);
  self->session = g_strdup (session);
  g_mutex_unlock (&self->mutex);
}

static char *
dup_session (MdOcspLine *self)
{
  char *session;

  g_mutex_lock (&self->mutex);
  session = g_strdup (self->session ? self->session : "");
  g_mutex_unlock (&self->mutex);
  return session;
}

/* @arguments: with the session first. */
static GBytes *
call (MdOcspLine *self, const char *method, GVariant *arguments, guint timeout_s,
      char **out_problem)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GVariant) response = NULL;
  g_autoptr (GVariant) reply = g_dbus_connection_call_sync (
      self->connection, self->bus_name, MD_BUS_PATH, MD_BUS_NAME, method, arguments,
      G_VARIANT_TYPE ("(ay)"), G_DBUS_CALL_FLAGS_NO_AUTO_START, (gint)(timeout_s + BUS_S) * 1000,
      NULL, &error);

  if (!reply)
    {
      g_dbus_error_strip_remote_error (error);
      *out_problem = g_strdup_printf ("no answer by the service (%s)", error->message);
      return NULL;
    }
  response = g_variant_get_child_value (reply, 0);
  return g_variant_get_data_as_bytes (response);
}

static GVariant *
bytes_value (GBytes *bytes)
{
  return g_variant_new_from_bytes (G_VARIANT_TYPE_BYTESTRING, bytes, TRUE);
}

static GBytes *
ask_by_policy (const char *url, GBytes *request, guint timeout_s, char **out_problem, gpointer data)
{
  g_autofree char *session = dup_session (data);

  return call (data, "AskOcsp", g_variant_new ("(s@ay)", session, bytes_value (request)), timeout_s,
               out_problem);
}

static GBytes *
ask_by_certificate (const char *url, GBytes *request, guint timeout_s, char **out_problem,
                    gpointer data)
{
  g_autofree char *session = dup_session (data);

  return call (data, "AskOcspAt", g_variant_new ("(ss@ay)", session, url, bytes_value (request)),
               timeout_s, out_problem);
}

/* The usual folder comes with the service's first list; one that was named should be there. */
static gboolean
is_missing (const char *folder)
{
  return !g_file_test (folder, G_FILE_TEST_IS_DIR) && !g_str_equal (folder, MD_CRLDIR);
}

/* What of the lists cannot be read is told and recorded once: nobody else would notice before the
 * responder is away, too. */
static void
load_lists (MdDesk *self, MdRevocation *revocation)
{
  const char *trouble = NULL;
  guint skipped = 0;

  if (!self->crl_dir)
    return;
  (void)md_revocation_load_crl_dir (revocation, self->crl_dir, &skipped);
  if (is_missing (self->crl_dir))
    trouble = "missing";
  else if (skipped > 0)
    trouble = "unreadable";
  if (g_strcmp0 (trouble, self->crl_trouble) == 0)
    return;
  self->crl_trouble = trouble;
  if (trouble)
    _md_desk_record_mishap (self, "crl", trouble);
  g_object_notify (G_OBJECT (self), "attention");
}

static gboolean
look_cb (gpointer data)
{
  _md_desk_renew_revocation (data);
  return G_SOURCE_CONTINUE;
}

MdRevocation *
_md_desk_make_revocation (MdDesk *self)
{
  const MdPolicyJpki *rules = md_policy_get_jpki (self->policy);
  MdRevocation *revocation = md_revocation_new ();

  md_revocation_set_ocsp_url (revocation, rules->ocsp_url);
  md_revocation_set_ocsp_timeout (revocation, rules->ocsp_timeout_s);
  md_revocation_set_ocsp_max_age (revocation, (gint64)rules->ocsp_max_age_hours * 3600);
  md_revocation_set_crl_max_age (revocation, (gint64)rules->crl_max_age_hours * 3600);
  md_revocation_set_transport (revocation, rules->ocsp_url ? ask_by_policy : ask_by_certificate,
                               _md_ocsp_line_ref (self->ocsp_line), _md_ocsp_line_unref);
  load_lists (self, revocation);
  if (self->crl_look == 0)
    self->crl_look = g_timeout_add_seconds (LOOK_S, look_cb, self);
  return revocation;
}

void
_md_desk_renew_revocation (MdDesk *self)
{
  g_autoptr (MdRevocation) revocation = NULL;

  if (!self->identifier)
    return;
  revocation = _md_desk_make_revocation (self);
  md_identifier_set_revocation (self->identifier, revocation);
}

void
_md_desk_end_revocation (MdDesk *self)
{
  g_clear_handle_id (&self->crl_look, g_source_remove);
  g_clear_pointer (&self->ocsp_line, _md_ocsp_line_unref);
}
