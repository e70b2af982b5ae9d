// SPDX-License-Identifier: Apache-2.0
#include <string.h>
#include <glib/gi18n.h>

#include "md-staff-account-private.h"
#include "md-staff-desk.h"

#define LOGIN_LIFE_NS (120 * G_GINT64_CONSTANT (1000000000))
#define MAX_PENDING 16u
#define SESSION_ID_SIZE 16
#define DEFAULT_IDLE_S 600u
#define DEFAULT_MAX_HOURS 12u
#define NS_PER_S G_GINT64_CONSTANT (1000000000)

typedef struct
{
  char *owner;
  char *staff;
  MdCertificate *certificate;
  guint8 challenge[MD_STAFF_CHALLENGE_SIZE];
  gint64 begun_ns;
} Pending;

typedef struct
{
  MdStaffSession public;
  char *id;
  char *staff;
  char *owner;
  gint64 begun_ns;
  gint64 used_ns;
} Session;

struct _MdStaffDesk
{
  MdDb *db;
  MdAudit *audit;
  MdClock *clock;
  MdPolicy *policy;
  MdTrust *trust;
  GHashTable *pending; /* login id -> Pending */
  Session *session;    /* the one, or NULL */
  char *last_login;
  guint failed_since;
  MdStaffEnded ended;
  gpointer ended_data;
};

G_DEFINE_QUARK (md - staff - error - quark, md_staff_error)

static void
pending_free (Pending *pending)
{
  g_free (pending->owner);
  g_free (pending->staff);
  md_certificate_unref (pending->certificate);
  md_wipe (pending->challenge, sizeof pending->challenge);
  g_free (pending);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Pending, pending_free)

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
  self->pending
      = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, (GDestroyNotify)pending_free);
  return self;
}

void
md_staff_desk_free (MdStaffDesk *self)
{
  if (self == NULL)
    return;
  g_hash_table_unref (self->pending);
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

/* --- Audit --- */

/* One record in the caller's transaction. */
static gboolean
note (MdStaffDesk *self, const char *event, const char *staff, MdAuditOutcome outcome,
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

static gboolean
note_now (MdStaffDesk *self, const char *event, const char *staff, MdAuditOutcome outcome,
          const char *detail, GError **error)
{
  g_autoptr (MdDbTransaction) transaction = md_db_begin (self->db, error);

  return transaction != NULL && note (self, event, staff, outcome, detail, error)
         && md_db_commit (g_steal_pointer (&transaction), error);
}

/* A refusal: its record first; when that cannot be written, its error is what the caller gets.
 * Always FALSE. */
static gboolean G_GNUC_PRINTF (6, 7)
    refuse (MdStaffDesk *self, const char *staff, const char *detail, MdStaffError code,
            GError **error, const char *format, ...)
{
  va_list args;
  g_autofree char *message = NULL;

  va_start (args, format);
  message = g_strdup_vprintf (format, args);
  va_end (args);
  if (note_now (self, "login", staff, MD_AUDIT_REFUSED, detail, error))
    g_set_error_literal (error, MD_STAFF_ERROR, (gint)code, message);
  return FALSE;
}

/* --- Sessions --- */

static void
end_session (MdStaffDesk *self, const char *reason)
{
  g_autoptr (Session) session = g_steal_pointer (&self->session);
  g_autoptr (GError) error = NULL;
  g_autofree char *detail = NULL;

  if (session == NULL)
    return;
  detail = g_strdup_printf ("cause=%s", reason);
  /* The session is over whether or not that can be written down. */
  if (!note_now (self, "logout", session->staff, MD_AUDIT_DONE, detail, &error))
    g_debug ("%s", error->message);
  if (self->ended != NULL)
    self->ended (session->id, reason, self->ended_data);
}

static void
touch (MdStaffDesk *self)
{
  self->session->used_ns = md_clock_get_monotonic_ns (self->clock);
}

static void
new_session (MdStaffDesk *self, const char *owner, const char *staff)
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
  touch (self);
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
  touch (self);
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
  touch (self);
  detail = g_strdup_printf ("cause=%s", md_audit_detail_is_clean (reason) ? reason : "other");
  return note_now (self, "lock", found->staff, MD_AUDIT_DONE, detail, error);
}

gboolean
md_staff_desk_logout (MdStaffDesk *self, const char *owner, const char *session, GError **error)
{
  if (find_session (self, owner, session, error) == NULL)
    return FALSE;
  end_session (self, "logout");
  return TRUE;
}

static gboolean
belongs_to (gpointer key, gpointer value, gpointer owner)
{
  const Pending *pending = value;

  return g_strcmp0 (pending->owner, owner) == 0;
}

static void
drop_pending (MdStaffDesk *self, const char *owner)
{
  g_autofree char *name = g_strdup (owner);

  g_hash_table_foreach_remove (self->pending, belongs_to, name);
}

void
md_staff_desk_owner_vanished (MdStaffDesk *self, const char *owner)
{
  drop_pending (self, owner);
  if (self->session != NULL && g_strcmp0 (self->session->owner, owner) == 0)
    end_session (self, "vanished");
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
    end_session (self, "expired");
  else if (now - self->session->used_ns > 2 * idle_s * NS_PER_S)
    end_session (self, "idle");
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
    end_session (self, "policy");
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
         && note (self, "password", staff, MD_AUDIT_DONE, detail, error)
         && md_db_commit (g_steal_pointer (&transaction), error);
}

/* --- Login --- */

static gboolean
refuse_busy (MdStaffDesk *self, const char *staff, GError **error)
{
  return refuse (
      self, staff, "cause=busy", MD_STAFF_ERROR_BUSY, error, "%s",
      _ ("Another officer is working at this terminal. Wait until that officer has logged "
         "out."));
}

/* Whether a login from OWNER would push somebody else's live session away. */
static gboolean
is_taken (MdStaffDesk *self, const char *owner)
{
  return self->session != NULL && !self->session->public.locked
         && g_strcmp0 (self->session->owner, owner) != 0;
}

static const MdPolicyStaff *
judge_card (MdStaffDesk *self, MdCertificate *certificate, GError **error)
{
  GBytes *der = md_certificate_get_der (certificate);
  const MdPolicyStaff *officer = md_policy_get_staff_by_certificate (self->policy, der);
  g_autoptr (MdVerdict) verdict = NULL;
  g_autofree char *detail = NULL;

  if (officer == NULL || officer->auth == NULL || !g_bytes_equal (officer->auth, der))
    {
      refuse (self, NULL, "cause=unknown-card", MD_STAFF_ERROR_CARD_UNKNOWN, error, "%s",
              _ ("This staff card is not registered for this office. Use your own staff card, or "
                 "ask the "
                 "administrator to register it."));
      return NULL;
    }
  verdict = md_trust_check (self->trust, certificate, NULL,
                            md_clock_get_wall_us (self->clock) / G_USEC_PER_SEC);
  if (md_verdict_get_status (verdict) == MD_VERDICT_VALID)
    return officer;
  detail = g_strdup_printf ("cause=card-%s",
                            md_verdict_status_to_string (md_verdict_get_status (verdict)));
  {
    g_autofree char *message = md_verdict_dup_message (verdict);

    refuse (self, officer->id, detail, MD_STAFF_ERROR_CARD_UNKNOWN, error,
            _ ("This staff card cannot be used: %s Ask the administrator for a new card."),
            message);
  }
  return NULL;
}

gboolean
md_staff_desk_begin (MdStaffDesk *self, const char *owner, GBytes *certificate, char **out_login,
                     GBytes **out_challenge, GError **error)
{
  g_autoptr (MdCertificate) parsed = NULL;
  const MdPolicyStaff *officer;
  Pending *pending;
  guint8 id[SESSION_ID_SIZE];
  char *login;

  if (self->policy == NULL)
    {
      g_set_error_literal (error, MD_STAFF_ERROR, MD_STAFF_ERROR_NO_POLICY,
                           _ ("This terminal has no valid policy, so nobody can log in. Call the "
                              "administrator."));
      return FALSE;
    }
  parsed = md_certificate_new_from_der (certificate, NULL);
  if (parsed == NULL)
    return refuse (self, NULL, "cause=unreadable-card", MD_STAFF_ERROR_CARD_UNKNOWN, error, "%s",
                   _ ("The certificate on this card cannot be read. Use your own staff card."));
  officer = judge_card (self, parsed, error);
  if (officer == NULL)
    return FALSE;
  if (is_taken (self, owner))
    return refuse_busy (self, officer->id, error);

  drop_pending (self, owner);
  if (g_hash_table_size (self->pending) >= MAX_PENDING)
    g_hash_table_remove_all (self->pending);
  md_random_fill (id, sizeof id);
  login = md_hex_encode (id, sizeof id);
  pending = g_new0 (Pending, 1);
  pending->owner = g_strdup (owner);
  pending->staff = g_strdup (officer->id);
  pending->certificate = md_certificate_ref (parsed);
  pending->begun_ns = md_clock_get_monotonic_ns (self->clock);
  md_random_fill (pending->challenge, sizeof pending->challenge);
  g_hash_table_insert (self->pending, g_strdup (login), pending);
  *out_challenge = g_bytes_new (pending->challenge, sizeof pending->challenge);
  *out_login = login;
  return TRUE;
}

/* Seconds that the account stays locked; never more than a whole lock-out, whatever happened to the
 * clock. */
static gint64
locked_for_s (MdStaffDesk *self, const MdStaffAccount *account)
{
  gint64 left_ms = account->locked_until_ms - md_clock_get_wall_us (self->clock) / 1000;

  return CLAMP ((left_ms + 999) / 1000, 0, MD_STAFF_LOCKOUT_S);
}

static gboolean
refuse_locked (MdStaffDesk *self, const char *staff, gint64 seconds, GError **error)
{
  return refuse (
      self, staff, "cause=locked-out", MD_STAFF_ERROR_LOCKED_OUT, error,
      _ ("Too many wrong passwords. Try again in %d minutes, or ask the administrator to set a "
         "new password."),
      (int)((seconds + 59) / 60));
}

static gboolean
answer_fits (const Pending *pending, GBytes *signature)
{
  g_autoptr (GChecksum) checksum = g_checksum_new (G_CHECKSUM_SHA256);
  guint8 digest[32];
  gsize size = sizeof digest;

  g_checksum_update (checksum, pending->challenge, sizeof pending->challenge);
  g_checksum_get_digest (checksum, digest, &size);
  return md_certificate_verify_digest (pending->certificate, digest, signature, NULL);
}

gboolean
md_staff_desk_check_card (MdStaffDesk *self, const char *owner, const char *login,
                          GBytes *signature, MdPasswordVerifier **out_verifier, char **out_staff,
                          GError **error)
{
  g_autoptr (Pending) pending = NULL;
  g_autoptr (MdStaffAccount) account = NULL;
  g_autofree char *key = NULL;
  gint64 locked;

  md_staff_desk_expire (self);
  g_hash_table_steal_extended (self->pending, login, (gpointer *)&key, (gpointer *)&pending);
  if (pending == NULL || g_strcmp0 (pending->owner, owner) != 0)
    {
      g_set_error_literal (error, MD_STAFF_ERROR, MD_STAFF_ERROR_LOGIN_UNKNOWN,
                           _ ("The login took too long. Put the staff card on the reader again."));
      return FALSE;
    }
  if (!answer_fits (pending, signature))
    return refuse (
        self, pending->staff, "cause=card-answer", MD_STAFF_ERROR_CARD_MISMATCH, error, "%s",
        _ ("The card's answer does not belong to the staff card that was shown. Use your own "
           "staff card; if it was yours, the card may be damaged."));
  account = _md_staff_account_read (self->db, pending->staff, error);
  if (account == NULL)
    return FALSE;
  if (account->verifier == NULL)
    return refuse (
        self, pending->staff, "cause=no-password", MD_STAFF_ERROR_PASSWORD_UNSET, error, "%s",
        _ ("No password has been set for you on this terminal. Ask the administrator to set "
           "one."));
  locked = locked_for_s (self, account);
  if (locked > 0)
    return refuse_locked (self, pending->staff, locked, error);
  *out_verifier = md_password_verifier_ref (account->verifier);
  *out_staff = g_strdup (pending->staff);
  return TRUE;
}

static gboolean
count_failure (MdStaffDesk *self, const char *staff, const MdStaffAccount *account, GError **error)
{
  guint failed = account->failed + 1;
  gboolean lock = failed >= MD_STAFF_MAX_FAILURES;
  gint64 until = lock ? md_clock_get_wall_us (self->clock) / 1000 + MD_STAFF_LOCKOUT_S * 1000 : 0;
  g_autofree char *detail = g_strdup_printf ("cause=password try=%u", failed);
  g_autoptr (MdDbTransaction) transaction = md_db_begin (self->db, error);

  if (transaction == NULL
      || !_md_staff_account_write_failure (self->db, staff, lock ? 0 : failed, until, error)
      || !note (self, "login", staff, MD_AUDIT_REFUSED, detail, error)
      || !md_db_commit (g_steal_pointer (&transaction), error))
    return FALSE;
  if (lock)
    g_set_error (
        error, MD_STAFF_ERROR, MD_STAFF_ERROR_LOCKED_OUT,
        _ ("Too many wrong passwords. Try again in %d minutes, or ask the administrator to set a "
           "new password."),
        MD_STAFF_LOCKOUT_S / 60);
  else
    g_set_error (
        error, MD_STAFF_ERROR, MD_STAFF_ERROR_PASSWORD_WRONG,
        _ ("The password is wrong. %u more tries before the account is locked for a while."),
        MD_STAFF_MAX_FAILURES - failed);
  return FALSE;
}

static gboolean
record_login (MdStaffDesk *self, const char *staff, const char *detail, GError **error)
{
  g_autofree char *now = md_time_format_rfc3339 (md_clock_get_wall_us (self->clock));
  g_autoptr (MdDbTransaction) transaction = md_db_begin (self->db, error);

  return transaction != NULL && _md_staff_account_write_login (self->db, staff, now, error)
         && note (self, "login", staff, MD_AUDIT_DONE, detail, error)
         && md_db_commit (g_steal_pointer (&transaction), error);
}

const MdStaffSession *
md_staff_desk_conclude (MdStaffDesk *self, const char *owner, const char *staff,
                        gboolean password_matches, GError **error)
{
  g_autoptr (MdStaffAccount) account = _md_staff_account_read (self->db, staff, error);
  gboolean resume;
  gint64 locked;

  if (account == NULL)
    return NULL;
  locked = locked_for_s (self, account);
  if (locked > 0) /* tries that ran at the same time used up the rest */
    {
      refuse_locked (self, staff, locked, error);
      return NULL;
    }
  if (!password_matches)
    {
      count_failure (self, staff, account, error);
      return NULL;
    }
  if (is_taken (self, owner))
    {
      refuse_busy (self, staff, error);
      return NULL;
    }
  resume = self->session != NULL && self->session->public.locked
           && g_strcmp0 (self->session->owner, owner) == 0
           && g_strcmp0 (self->session->staff, staff) == 0;
  if (!record_login (self, staff, resume ? "kind=unlock" : "kind=login", error))
    return NULL;
  if (!resume)
    {
      end_session (self, "replaced");
      new_session (self, owner, staff);
    }
  self->session->public.locked = FALSE;
  touch (self);
  g_free (self->last_login);
  self->last_login = g_strdup (account->last_login);
  self->failed_since = account->failed;
  return &self->session->public;
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
