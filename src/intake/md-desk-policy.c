// SPDX-License-Identifier: Apache-2.0
// The policy under which an intake was taken in, which may not be the one in force any more.
#include "config.h"

#include <glib/gi18n.h>

#include <md-base.h>

#include "md-desk-private.h"

typedef struct
{
  MdPolicyNamed named;
  char *digest;
} Wanted;

static void
wanted_free (gpointer data)
{
  Wanted *wanted = data;

  g_free (wanted->digest);
  g_free (wanted);
}

static GBytes *
read_anchor (MdDesk *self, GError **error)
{
  g_autofree char *contents = NULL;
  gsize size = 0;

  if (self->policy_anchor && g_file_get_contents (self->policy_anchor, &contents, &size, NULL))
    return g_bytes_new_take (g_steal_pointer (&contents), size);
  g_set_error_literal (
      error, MD_INTAKE_ERROR, MD_INTAKE_ERROR_UNAVAILABLE,
      _ ("This was taken in under an earlier policy, and this window cannot read the policy "
         "anchor to verify it. Call the administrator."));
  return NULL;
}

/* The service's word does not count for whose rules these are. */
static MdPolicy *
verify (MdDesk *self, const Wanted *wanted, GBytes *bundle, GError **error)
{
  const MdPolicyExpect expect = { .environment = md_policy_get_environment (self->policy),
                                  .office = md_policy_get_office (self->policy) };
  g_autoptr (MdPolicyHistory) history = md_policy_history_new ();
  g_autoptr (GBytes) anchor = read_anchor (self, error);
  g_autoptr (MdPolicy) policy = NULL;
  g_autoptr (GError) cause = NULL;
  MdPolicyThen then = MD_POLICY_THEN_UNKNOWN;
  MdPolicy *found = NULL;

  if (!anchor)
    return NULL;
  policy = md_policy_new_from_bundle (bundle, anchor, &expect, &cause);
  if (policy && md_policy_history_add (history, policy, md_policy_get_issued (policy), &cause))
    then = md_policy_history_judge (history, &wanted->named, &found);
  if (then == MD_POLICY_THEN_GOOD)
    return g_object_ref (found);
  g_message ("an earlier policy: %s", cause ? cause->message : md_policy_then_get_text (then));
  g_set_error_literal (
      error, MD_INTAKE_ERROR, MD_INTAKE_ERROR_DAMAGED,
      _ ("The policy under which this was taken in cannot be verified. Do not decide on it; call "
         "the administrator."));
  return NULL;
}

static void
bundle_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GTask) task = data;
  MdDesk *self = g_task_get_source_object (task);
  g_autoptr (GUnixFDList) fds = NULL;
  g_autoptr (GVariant) handle = NULL;
  g_autoptr (GBytes) bundle = NULL;
  MdPolicy *policy = NULL;
  GError *error = NULL;
  guint version = 0;

  if (md_bus_terminal1_call_get_signed_policy_finish (MD_BUS_TERMINAL1 (source), &handle, &version,
                                                      &fds, result, &error))
    bundle = md_bus_payload_get (fds, handle, MD_LIMIT_POLICY, &error);
  if (bundle)
    policy = verify (self, g_task_get_task_data (task), bundle, &error);
  if (policy)
    g_task_return_pointer (task, policy, g_object_unref);
  else
    g_task_return_error (task, error);
}

void
_md_desk_find_policy_async (MdDesk *self, const MdManifest *manifest, GCancellable *cancellable,
                            GAsyncReadyCallback callback, gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (self, cancellable, callback, user_data);
  Wanted *wanted = g_new0 (Wanted, 1);
  GError *error = NULL;

  g_task_set_source_tag (task, _md_desk_find_policy_async);
  g_task_set_task_data (task, wanted, wanted_free);
  wanted->digest = g_strdup (manifest->policy_digest);
  wanted->named.version = manifest->policy_version;
  wanted->named.digest = wanted->digest;
  if (!md_time_parse_rfc3339 (manifest->wall, &wanted->named.made, &error))
    g_task_return_error (task, error);
  else if (g_strcmp0 (wanted->digest, md_policy_get_digest (self->policy)) == 0)
    g_task_return_pointer (task, g_object_ref (self->policy), g_object_unref);
  else
    md_bus_terminal1_call_get_signed_policy (self->proxy, wanted->digest, NULL, cancellable,
                                             bundle_cb, g_steal_pointer (&task));
}

MdPolicy *
_md_desk_find_policy_finish (MdDesk *self, GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}
