// SPDX-License-Identifier: Apache-2.0
#include <string.h>
#include <glib/gi18n.h>

#include "md-staff-account-private.h"
#include "md-staff-desk-private.h"

#define LOGIN_LIFE_NS (120 * G_GINT64_CONSTANT (1000000000))
#define DEFAULT_IDLE_S 600u
#define DEFAULT_MAX_HOURS 12u
#define NS_PER_S G_GINT64_CONSTANT (1000000000)

GQuark
md_staff_error_quark (void)
{
  return g_quark_from_static_string ("md-staff-error-quark");
}

void
_md_staff_pending_free (Pending *pending)
{
  g_free (pending->owner);
  g_free (pending->staff);
  md_certificate_unref (pending->certificate);
  md_wipe (pending->challenge, sizeof pending->challenge);
  g_free (pending);
}

static void
session_free (Session *session)
{
  if (session == NULL)
    return;
  g_free (session->id);
  g_free (session->staff);
  g_free (session->owner);
  g_free (session);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Session, session_free)

MdStaffDesk *
md_staff_desk_new (MdDb *db, MdAudit *audit, MdClock *clock)
{
  MdStaffDesk *self = g_new0 (MdStaffDesk, 1);

  self->db = db;
  self->audit = audit;
  self->clock = g_object_ref (clock);
  self->pending = g_hash_table_new_full (g_str_hash, g_str_equal, g_free,
                                         (GDestroyNotify)_md_staff_pending_free);
  self->present = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  return self;
}

void
md_staff_desk_free (MdStaffDesk *self)
{
  if (self == NULL)
    return;
  g_hash_table_unref (self->pending);
  g_hash_table_unref (self->present);
  session_free (self->session);
  g_clear_object (&self->policy);
  g_clear_pointer (&self->trust, md_trust_unref);
  g_object_unref (self->clock);
  g_free (self->last_login);
  g_free (self);
}

void
md_staff_desk_set_ended (MdStaffDesk *self, MdStaffEnded ended, gpointer user_data)
{
  self->ended = ended;
  self->ended_data = user_data;
}

void
md_staff_desk_set_gate (MdStaffDesk *self, MdAuditGate *gate)
{
  self->gate = gate;
}

/* --- Audit --- */

/* One record in the caller's transaction. */
gboolean
_md_staff_note (MdStaffDesk *self, const char *event, const char *staff, MdAuditOutcome outcome,
                const char *detail, GError **error)
{
  const MdPolicyStaff *officer
      = self->policy != NULL && staff != NULL ? md_policy_get_staff (self->policy, staff) : NULL;
  MdAuditEntry entry = { .event = event, .outcome = outcome, .staff = staff, .detail = detail };

  if (officer != NULL)
    {
      entry.staff_name = officer->name_ja;
      entry.department = officer->department_ja;
    }
  return md_audit_append (self->audit, &entry, error);
}

gboolean
_md_staff_note_now (MdStaffDesk *self, const char *event, const char *staff, MdAuditOutcome outcome,
                    const char *detail, GError **error)
{
  g_autoptr (MdDbTransaction) transaction = md_db_begin (self->db, error);

  return transaction != NULL && _md_staff_note (self, event, staff, outcome, detail, error)
         && md_db_commit (g_steal_pointer (&transaction), error);
}

static gboolean
note_refusal (MdStaffDesk *self, const char *staff, const char *detail, GError **error)
{
  const MdAuditEntry entry = { .event = "login", .outcome = MD_AUDIT_REFUSED, .staff = staff };
  const char *cause = strchr (detail, '=');

  if (self->gate != NULL
      && !md_audit_gate_admit (self->gate, self->caller, &entry,
                               cause != NULL ? cause + 1 : detail))
    return TRUE;
  return _md_staff_note_now (self, "login", staff, MD_AUDIT_REFUSED, detail, error);
}

gboolean
_md_staff_refuse (MdStaffDesk *self, const char *staff, const char *detail, MdStaffError code,
                  GError **error, const char *format, ...)
{
  va_list args;
  g_autofree char *message = NULL;

  va_start (args, format);
  message = g_strdup_vprintf (format, args);
  va_end (args);
  if (note_refusal (self, staff, detail, error))
    g_set_error_literal (error, MD_STAFF_ERROR, (gint)code, message);
  return FALSE;
}

/* --- Sessions --- */

void
_md_staff_end_session (MdStaffDesk *self, const char *reason)
{
  g_autoptr (Session) session = g_steal_pointer (&self->session);
  g_autoptr (GError) error = NULL;
  g_autofree char *detail = NULL;

  if (session == NULL)
    return;
  detail = g_strdup_printf ("cause=%s", reason);
  /* The session is over whether or not that can be written down. */
  if (!_md_staff_note_now (self, "logout", session->staff, MD_AUDIT_DONE, detail, &error))
    g_debug ("%s", error->message);
  if (self->ended != NULL)
    self->ended (&session->public, reason, self->ended_data);
}

void
_md_staff_touch (MdStaffDesk *self)
{
  self->session->used_ns = md_clock_get_monotonic_ns (self->clock);
}

void
_md_staff_new_session (MdStaffDesk *self, const char *owner, const char *staff)
{
  Session *session = g_new0 (Session, 1);
  guint8 id[SESSION_ID_SIZE];

  md_random_fill (id, sizeof id);
  session->id = md_hex_encode (id, sizeof id);
  session->staff = g_strdup (staff);
  session->owner = g_strdup (owner);
  session->begun_ns = md_clock_get_monotonic_ns (self->clock);
  session->public.id = session->id;
  session->public.staff = session->staff;
  session->public.owner = session->owner;
  self->session = session;
  _md_staff_touch (self);
}

static Session *
find_session (MdStaffDesk *self, const char *owner, const char *id, GError **error)
{
  Session *session = self->session;

  if (session != NULL && g_strcmp0 (session->id, id) == 0 && g_strcmp0 (session->owner, owner) == 0)
    return session;
  g_set_error_literal (error, MD_STAFF_ERROR, MD_STAFF_ERROR_NO_SESSION,
                       _ ("You are not logged in any more. Log in with your staff card."));
  return NULL;
}

const MdStaffSession *
md_staff_desk_get_session (MdStaffDesk *self)
{
  return self->session != NULL ? &self->session->public : NULL;
}

const MdStaffSession *
md_staff_desk_peek (MdStaffDesk *self, const char *owner)
{
  Session *session = self->session;

  return session != NULL && !session->public.locked && g_strcmp0 (session->owner, owner) == 0
             ? &session->public
             : NULL;
}

const MdStaffSession *
md_staff_desk_use (MdStaffDesk *self, const char *owner, const char *session, GError **error)
{
  Session *found = find_session (self, owner, session, error);

  if (found == NULL)
    return NULL;
  if (found->public.locked)
    {
      g_set_error_literal (
          error, MD_STAFF_ERROR, MD_STAFF_ERROR_SESSION_LOCKED,
          _ ("The screen is locked. Put your staff card back and type your password."));
      return NULL;
    }
  _md_staff_touch (self);
  return &found->public;
}

gboolean
md_staff_desk_lock (MdStaffDesk *self, const char *owner, const char *session, const char *reason,
                    GError **error)
{
  Session *found = find_session (self, owner, session, error);
  g_autofree char *detail = NULL;

  if (found == NULL)
    return FALSE;
  if (found->public.locked)
    return TRUE;
  found->public.locked = TRUE;
  _md_staff_touch (self);
  detail = g_strdup_printf ("cause=%s", md_audit_detail_is_clean (reason) ? reason : "other");
  return _md_staff_note_now (self, "lock", found->staff, MD_AUDIT_DONE, detail, error);
}

gboolean
md_staff_desk_logout (MdStaffDesk *self, const char *owner, const char *session, GError **error)
{
  if (find_session (self, owner, session, error) == NULL)
    return FALSE;
  _md_staff_end_session (self, "logout");
  return TRUE;
}

static gboolean
belongs_to (gpointer key, gpointer value, gpointer owner)
{
  const Pending *pending = value;

  return g_strcmp0 (pending->owner, owner) == 0;
}

void
_md_staff_drop_pending (MdStaffDesk *self, const char *owner)
{
  g_autofree char *name = g_strdup (owner);

  g_hash_table_foreach_remove (self->pending, belongs_to, name);
}

void
md_staff_desk_owner_vanished (MdStaffDesk *self, const char *owner)
{
  _md_staff_drop_pending (self, owner);
  g_hash_table_remove (self->present, owner);
  if (self->session != NULL && g_strcmp0 (self->session->owner, owner) == 0)
    _md_staff_end_session (self, "vanished");
}

static gboolean
is_stale (gpointer key, gpointer value, gpointer now)
{
  const Pending *pending = value;
  const gint64 *now_ns = now;

  return *now_ns - pending->begun_ns > LOGIN_LIFE_NS;
}

void
md_staff_desk_expire (MdStaffDesk *self)
{
  const MdPolicyLimits *limits = self->policy != NULL ? md_policy_get_limits (self->policy) : NULL;
  gint64 now = md_clock_get_monotonic_ns (self->clock);
  gint64 idle_s = limits != NULL && limits->idle_lock_s > 0 ? limits->idle_lock_s : DEFAULT_IDLE_S;
  gint64 hours = limits != NULL && limits->max_hours > 0 ? limits->max_hours : DEFAULT_MAX_HOURS;

  g_hash_table_foreach_remove (self->pending, is_stale, &now);
  if (self->session == NULL)
    return;
  /* The window locks at idle_lock_s; twice that without a sign of life is somebody who went away.
   */
  if (now - self->session->begun_ns > hours * 3600 * NS_PER_S)
    _md_staff_end_session (self, "expired");
  else if (now - self->session->used_ns > 2 * idle_s * NS_PER_S)
    _md_staff_end_session (self, "idle");
}

void
md_staff_desk_set_policy (MdStaffDesk *self, MdPolicy *policy, gboolean allow_test)
{
  g_set_object (&self->policy, policy);
  g_clear_pointer (&self->trust, md_trust_unref);
  if (policy != NULL)
    {
      GPtrArray *anchors = md_policy_get_anchors (policy, MD_ANCHORS_STAFF);

      self->trust = md_trust_new (MD_TRUST_PROFILE_STAFF_AUTH);
      md_trust_set_allow_test (self->trust, allow_test);
      for (guint i = 0; i < anchors->len; i++)
        {
          g_autoptr (MdCertificate) anchor
              = md_certificate_new_from_der (g_ptr_array_index (anchors, i), NULL);

          if (anchor != NULL)
            md_trust_add_anchor (self->trust, anchor);
        }
    }
  if (self->session != NULL
      && (policy == NULL || md_policy_get_staff (policy, self->session->staff) == NULL))
    _md_staff_end_session (self, "policy");
}

/* --- Passwords --- */

gboolean
md_staff_desk_set_password (MdStaffDesk *self, const char *staff, const MdSecret *password,
                            const char *by, GError **error)
{
  g_autoptr (MdPasswordVerifier) verifier = NULL;
  g_autoptr (MdDbTransaction) transaction = NULL;
  g_autofree char *detail = g_strdup_printf ("by=%s", md_audit_detail_is_clean (by) ? by : "other");

  if (self->policy == NULL || md_policy_get_staff (self->policy, staff) == NULL)
    {
      g_set_error (
          error, MD_STAFF_ERROR, MD_STAFF_ERROR_CARD_UNKNOWN,
          _ ("The policy names no officer %s. Check the staff number, or have the officer added "
             "to the policy."),
          staff);
      return FALSE;
    }
  if (!md_password_is_acceptable (password, staff, error))
    return FALSE;
  verifier = md_password_verifier_new (password, error);
  if (verifier == NULL)
    return FALSE;
  transaction = md_db_begin (self->db, error);
  return transaction != NULL && _md_staff_account_write_password (self->db, staff, verifier, error)
         && _md_staff_note (self, "password", staff, MD_AUDIT_DONE, detail, error)
         && md_db_commit (g_steal_pointer (&transaction), error);
}

const char *
md_staff_desk_get_last_login (MdStaffDesk *self)
{
  return self->last_login;
}

guint
md_staff_desk_get_failed_since (MdStaffDesk *self)
{
  return self->failed_since;
}
