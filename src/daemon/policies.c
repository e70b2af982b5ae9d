// SPDX-License-Identifier: Apache-2.0
#include <glib/gi18n.h>

#include "call.h"
#include "policies.h"

/* One a week makes five years; nothing waits here for that long. */
#define KEPT 260

static gboolean
run (MdDbStatement *statement, GError **error)
{
  return statement != NULL && md_db_run (statement, error);
}

static gboolean
forget_oldest (Service *self, GError **error)
{
  g_autoptr (MdDbStatement) statement
      = md_db_prepare (self->db,
                       "DELETE FROM policy WHERE version <="
                       " (SELECT version FROM policy ORDER BY version DESC LIMIT 1 OFFSET ?1)",
                       error);

  if (statement != NULL)
    md_db_bind_int (statement, 1, KEPT);
  return run (statement, error);
}

gboolean
policies_keep (Service *self, MdPolicy *policy, GBytes *bundle, GError **error)
{
  g_autoptr (MdDbStatement) statement
      = md_db_prepare (self->db,
                       "INSERT INTO policy (version, digest, bundle) VALUES (?1, ?2, ?3)"
                       " ON CONFLICT DO NOTHING",
                       error);

  if (statement == NULL)
    return FALSE;
  md_db_bind_int (statement, 1, md_policy_get_version (policy));
  md_db_bind_text (statement, 2, md_policy_get_digest (policy));
  md_db_bind_bytes (statement, 3, bundle);
  return run (statement, error) && forget_oldest (self, error);
}

/* NULL without an error: no policy of that digest is kept. */
static GBytes *
find (Service *self, const char *digest, guint *out_version, GError **error)
{
  g_autoptr (MdDbStatement) statement = md_db_prepare_for (
      self->db, "SELECT version, bundle FROM policy WHERE digest = ?1", digest, error);

  if (statement == NULL)
    return NULL;
  if (md_db_step (statement, error) != MD_DB_STEP_ROW)
    return NULL;
  *out_version = (guint)md_db_column_int (statement, 0);
  return md_db_column_bytes (statement, 1);
}

static gboolean
signed_policy_cb (MdBusTerminal1 *object, GDBusMethodInvocation *invocation, GUnixFDList *in_fds,
                  const char *digest, gpointer user_data)
{
  Service *self = user_data;
  g_autoptr (GUnixFDList) fds = g_unix_fd_list_new ();
  g_autoptr (GBytes) bundle = NULL;
  GError *error = NULL;
  GVariant *handle = NULL;
  guint version = 0;

  if (!call_has_database (self, invocation))
    return TRUE;
  bundle = find (self, digest, &version, &error);
  if (bundle != NULL)
    handle = md_bus_payload_append (fds, bundle, &error);
  if (handle != NULL)
    md_bus_terminal1_complete_get_signed_policy (object, invocation, fds, handle, version);
  else if (error != NULL)
    call_fail (invocation, error);
  else
    call_reject_literal (self, invocation, "unknown-policy", MD_BUS_ERROR_NO_POLICY,
                         _ ("The policy under which this was made was never in force at this "
                            "terminal. Call the administrator."));
  return TRUE;
}

void
policies_connect (Service *self)
{
  g_signal_connect (self->skeleton, "handle-get-signed-policy", G_CALLBACK (signed_policy_cb),
                    self);
}
