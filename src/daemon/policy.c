// SPDX-License-Identifier: Apache-2.0
#include <glib/gi18n.h>

#include "notices.h"
#include "policies.h"
#include "policy.h"
#include "retain.h"
#include "revocation.h"

/* The highest version accepted so far and its bundle; 0 and NULL at first. */
static gboolean
read_copy (Service *self, guint *out_floor, GBytes **out_bundle, GError **error)
{
  g_autoptr (MdDbStatement) statement
      = md_db_prepare (self->db, "SELECT number, bytes FROM setting WHERE name = 'policy'", error);
  MdDbStep step;

  *out_floor = 0;
  *out_bundle = NULL;
  if (statement == NULL)
    return FALSE;
  step = md_db_step (statement, error);
  if (step == MD_DB_STEP_ROW)
    {
      *out_floor = (guint)md_db_column_int (statement, 0);
      *out_bundle = md_db_column_bytes (statement, 1);
    }
  return step != MD_DB_STEP_ERROR;
}

static gboolean
write_copy (Service *self, MdPolicy *policy, GBytes *bundle, GError **error)
{
  const guint version = md_policy_get_version (policy);
  g_autoptr (MdDbTransaction) transaction = md_db_begin (self->db, error);
  g_autoptr (MdDbStatement) statement = NULL;
  g_autofree char *digest = g_compute_checksum_for_bytes (G_CHECKSUM_SHA256, bundle);
  g_autofree char *number = md_audit_detail_number (version);
  g_autofree char *detail = g_strconcat ("version=", number, NULL);
  MdAuditEntry entry
      = { .event = "policy", .outcome = MD_AUDIT_DONE, .digest = digest, .detail = detail };

  if (transaction == NULL)
    return FALSE;
  statement = md_db_prepare (self->db,
                             "INSERT INTO setting (name, number, bytes) VALUES ('policy', ?1, ?2)"
                             " ON CONFLICT (name) DO UPDATE SET number = excluded.number,"
                             " bytes = excluded.bytes",
                             error);
  if (statement == NULL)
    return FALSE;
  md_db_bind_int (statement, 1, version);
  md_db_bind_bytes (statement, 2, bundle);
  return md_db_run (statement, error) && policies_keep (self, policy, bundle, error)
         && md_audit_append (self->audit, &entry, error)
         && md_db_commit (g_steal_pointer (&transaction), error);
}

/* NOW 0: whether or not its time is over. */
static MdPolicy *
verify (Service *self, GBytes *bundle, guint floor, gint64 now, GError **error)
{
  MdPolicyExpect expect = { .environment = self->settings->environment,
                            .office = self->settings->office,
                            .floor = floor,
                            .now = now };
  g_autofree char *anchor = NULL;
  g_autoptr (GBytes) anchor_bytes = NULL;
  gsize size;

  if (!g_file_get_contents (self->settings->policy_anchor, &anchor, &size, error))
    return NULL;
  anchor_bytes = g_bytes_new_take (g_steal_pointer (&anchor), size);
  return md_policy_new_from_bundle (bundle, anchor_bytes, &expect, error);
}

static MdTrust *
make_trust (Service *self, MdPolicy *policy)
{
  GPtrArray *anchors = md_policy_get_anchors (policy, MD_ANCHORS_STAFF);
  MdTrust *trust = md_trust_new (MD_TRUST_PROFILE_STAFF_SIGN);

  md_trust_set_allow_test (trust, settings_is_test (self->settings));
  for (guint i = 0; i < anchors->len; i++)
    {
      g_autoptr (MdCertificate) anchor
          = md_certificate_new_from_der (g_ptr_array_index (anchors, i), NULL);

      if (anchor != NULL)
        md_trust_add_anchor (trust, anchor);
    }
  return trust;
}

/* @bundle is what rules from now on: the gateway hears so. */
static void
tell_delivery (Service *self, GBytes *bundle)
{
  GPtrArray *anchors;
  g_autofree GBytes **list = NULL;
  g_autofree char *digest = g_compute_checksum_for_bytes (G_CHECKSUM_SHA256, bundle);
  g_autofree char *etag = g_strdup_printf ("\"%s\"", digest);

  if (self->delivery == NULL || self->policy == NULL)
    return;
  anchors = md_policy_get_anchors (self->policy, MD_ANCHORS_RECEIPT);
  list = g_new0 (GBytes *, anchors->len + 1);
  for (guint i = 0; i < anchors->len; i++)
    list[i] = g_ptr_array_index (anchors, i);
  md_delivery_set_receipt_anchors (self->delivery, list, anchors->len);
  md_delivery_set_policy_etag (self->delivery, etag);
}

MdPolicy *
policy_in_force (Service *self)
{
  gint64 now = md_clock_get_wall_us (self->clock);

  return self->policy != NULL && now <= md_policy_get_not_after (self->policy) ? self->policy
                                                                               : NULL;
}

/* Puts POLICY, which came in BUNDLE, to work. */
static gboolean
adopt (Service *self, MdPolicy *policy, GBytes *bundle, GError **error)
{
  const MdPolicyTerminal *terminal = md_policy_get_terminal (policy, self->settings->terminal);

  if (terminal == NULL)
    {
      g_set_error (
          error, MD_POLICY_ERROR, MD_POLICY_ERROR_FOREIGN,
          _ ("The policy does not name this terminal (%s). Have it added to the policy, or correct "
             "id= in the settings."),
          self->settings->terminal);
      return FALSE;
    }
  if (!md_outbox_set_pool (self->outbox, terminal->serial, terminal->pool_from, terminal->pool_to,
                           error)
      || !retain_adopt (self, policy, error))
    return FALSE;
  g_set_object (&self->policy, policy);
  g_clear_pointer (&self->staff_trust, md_trust_unref);
  self->staff_trust = make_trust (self, policy);
  self->policy_ended = FALSE;
  md_staff_desk_set_policy (self->desk, policy_in_force (self), settings_is_test (self->settings));
  tell_delivery (self, bundle);
  notices_adopt (self);
  revocation_adopt (self->revocation);
  return TRUE;
}

static void
record (Service *self, const GError *failure, const char *more)
{
  g_autofree char *detail
      = g_strdup_printf ("cause=%s%s", md_policy_error_get_word (failure), more);
  MdAuditEntry entry = { .event = "policy", .outcome = MD_AUDIT_REFUSED, .detail = detail };
  g_autoptr (GError) error = NULL;

  if (!md_audit_record_now (self->audit, &entry, &error))
    g_message ("%s", error->message);
}

static void
set_trouble (Service *self, const GError *error)
{
  g_message ("%s", error->message);
  if (g_strcmp0 (self->policy_trouble, error->message) == 0)
    return; /* the same as before: recorded already */
  g_free (self->policy_trouble);
  self->policy_trouble = g_strdup (error->message);
  record (self, error, "");
}

/* A version that was in force must come back with the same content or not at all. */
static gboolean
check_same (Service *self, MdPolicy *policy, guint floor, GBytes *copy, GError **error)
{
  g_autoptr (MdPolicy) known = NULL;

  if (md_policy_get_version (policy) != floor || copy == NULL)
    return TRUE;
  known = verify (self, copy, 0, 0, NULL);
  if (known == NULL || g_str_equal (md_policy_get_digest (known), md_policy_get_digest (policy)))
    return TRUE;
  g_set_error (error, MD_POLICY_ERROR, MD_POLICY_ERROR_CHANGED,
               _ ("The policy has version %u, but another policy of that version was in force "
                  "already. Give the new policy a higher version."),
               floor);
  return FALSE;
}

/* One that came into force before the service kept them all. It rules, kept or not. */
static void
keep_known (Service *self, MdPolicy *policy, GBytes *bundle)
{
  g_autoptr (GError) error = NULL;

  if (!policies_keep (self, policy, bundle, &error))
    g_message ("%s", error->message);
}

/* Verifies, stores when it is new, adopts. @copy: what is stored, of the version @floor. */
static gboolean
take (Service *self, GBytes *bundle, guint floor, GBytes *copy, GError **error)
{
  g_autoptr (MdPolicy) policy
      = verify (self, bundle, floor, md_clock_get_wall_us (self->clock), error);

  if (policy == NULL || !check_same (self, policy, floor, copy, error))
    return FALSE;
  if (md_policy_get_version (policy) == floor)
    keep_known (self, policy, bundle);
  else if (!md_policy_judge_new (policy, error) || !write_copy (self, policy, bundle, error))
    return FALSE;
  return adopt (self, policy, bundle, error);
}

/* The copy when its own time is over: for delivery alone. */
static void
take_ended (Service *self, GBytes *copy, guint floor)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (MdPolicy) policy = verify (self, copy, floor, 0, &error);

  if (policy == NULL || !adopt (self, policy, copy, &error))
    g_message ("%s", error->message);
}

static void
take_copy (Service *self, GBytes *copy, guint floor)
{
  g_autoptr (GError) error = NULL;

  if (take (self, copy, floor, NULL, &error))
    return;
  g_message ("%s", error->message);
  record (self, error, " of=copy");
  if (g_error_matches (error, MD_POLICY_ERROR, MD_POLICY_ERROR_EXPIRED))
    take_ended (self, copy, floor);
}

void
policy_watch (Service *self)
{
  gboolean ended = self->policy != NULL && policy_in_force (self) == NULL;
  MdAuditEntry entry = { .event = "policy", .outcome = MD_AUDIT_DONE, .detail = "cause=valid" };
  g_autofree char *until = NULL;
  g_autoptr (GError) error = NULL;

  if (self->policy == NULL || ended == self->policy_ended)
    return;
  self->policy_ended = ended;
  md_staff_desk_set_policy (self->desk, policy_in_force (self), settings_is_test (self->settings));
  if (!ended)
    {
      g_clear_pointer (&self->policy_trouble, g_free);
      if (!md_audit_record_now (self->audit, &entry, &error))
        g_message ("%s", error->message);
      return;
    }
  until = md_time_format_tokyo (md_policy_get_not_after (self->policy), MD_TIME_STYLE_ISO);
  g_set_error (&error, MD_POLICY_ERROR, MD_POLICY_ERROR_EXPIRED,
               _ ("The policy was valid until %s, so nobody can log in until the administrator "
                  "installs the newest one. What was taken in is kept and is still being sent."),
               until);
  set_trouble (self, error);
}

void
policy_load (Service *self)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) copy = NULL;
  g_autoptr (GBytes) bundle = NULL;
  g_autofree char *contents = NULL;
  gsize size;
  guint floor;

  if (self->database_trouble != NULL)
    return;
  if (!read_copy (self, &floor, &copy, &error))
    {
      set_trouble (self, error);
      return;
    }
  if (g_file_get_contents (self->settings->policy_bundle, &contents, &size, &error))
    {
      bundle = g_bytes_new_take (g_steal_pointer (&contents), size);
      if (take (self, bundle, floor, copy, &error))
        {
          g_clear_pointer (&self->policy_trouble, g_free);
          return;
        }
    }
  set_trouble (self, error);
  if (self->policy == NULL && copy != NULL)
    take_copy (self, copy, floor);
}

void
policy_receive (Service *self, GBytes *bundle, const char *etag)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) copy = NULL;
  guint floor;

  if (self->database_trouble != NULL)
    return;
  if (!read_copy (self, &floor, &copy, &error) || !take (self, bundle, floor, copy, &error))
    {
      set_trouble (self, error);
      if (etag != NULL)
        md_delivery_set_policy_refused (self->delivery, etag, md_policy_error_get_word (error));
      return;
    }
  g_clear_pointer (&self->policy_trouble, g_free);
  if (etag != NULL)
    md_delivery_set_policy_etag (self->delivery, etag);
}
